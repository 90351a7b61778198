/* SPDX-License-Identifier: Apache-2.0 */
/* What a deny list has beside the table of Postfix (test_away.c): whole seconds, its group, and those who wait for it to be written.
 * Dovecot's side of it is in tests/rig/doors_check.py. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "containment/deny.h"

enum { PATIENCE_MS = 60000 };

struct story {
	char root[64], file[96];
	uv_loop_t loop;
	uv_timer_t patience;
	struct roster *roster;
	size_t told, faults, written, refused, wanted;
	char order[32]; /* of those who waited */
	struct error error;
};

static void too_long(uv_timer_t *timer) { fail_msg("nobody told"); }

static void on_told(void *context, const struct error *error)
{
	struct story *story = context;

	story->told++;
	story->faults += error != NULL;
	if (error)
		story->error = *error;
}

static void on_written(void *context, const struct error *error)
{
	struct story *story = context;

	if (error) {
		story->refused++;
		return;
	}
	story->order[story->written++] = 'w';
	if (story->written == story->wanted)
		uv_stop(&story->loop);
}

static int begin(void **state)
{
	struct story *story = memory_zero(1, sizeof *story);

	text_copy(story->root, sizeof story->root, TEXT("/tmp/sekisho-roster-XXXXXX"));
	assert_non_null(mkdtemp(story->root));
	snprintf(story->file, sizeof story->file, "%s/deny/logins", story->root);
	uv_loop_init(&story->loop);
	uv_timer_init(&story->loop, &story->patience);
	uv_timer_start(&story->patience, too_long, PATIENCE_MS, 0);
	story->roster = deny_new(&story->loop, &(struct deny_options){ story->file, "provider.test", on_told, story });
	*state = story;
	return 0;
}

static int end(void **state)
{
	static const char *const names[] = { "deny/logins", "deny", "" };
	struct story *story = *state;
	char path[256];

	roster_close(story->roster);
	uv_close((uv_handle_t *)&story->patience, NULL);
	uv_run(&story->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&story->loop), 0);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", story->root, names[i]);
		remove(path);
	}
	assert_int_not_equal(access(story->root, F_OK), 0); /* so nothing was left beside it */
	free(story);
	return 0;
}

static void wait_written(struct story *story)
{
	story->wanted = story->written + 1;
	roster_when_written(story->roster, on_written, story);
	assert_int_equal(story->written, story->wanted - 1); /* never from within */
	uv_run(&story->loop, UV_RUN_DEFAULT);
	assert_int_equal(story->written, story->wanted);
}

static void put(struct story *story, const char *login)
{
	struct error error;

	if (!roster_put(story->roster, text_of(login), &error))
		fail_msg("%s", error.text);
}

static struct stat look(const struct story *story)
{
	struct stat st;

	assert_int_equal(stat(story->file, &st), 0);
	return st;
}

/* what follows the remark */
static void expect(const struct story *story, const char *wanted)
{
	char bytes[4096] = "";
	int fd = open(story->file, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0 && read(fd, bytes, sizeof bytes - 1) > 0);
	close(fd);
	assert_true(*bytes == '#');
	assert_string_equal(strchr(bytes, '\n') + 1, wanted);
}

static void an_empty_list_is_made(void **state)
{
	struct story *story = *state;

	roster_set(story->roster, NULL, 0, NULL);
	wait_written(story);
	expect(story, "");
	assert_int_equal(look(story).st_mode & 0777, 0640);
}

static void each_list_is_a_second_later(void **state)
{
	static const char *const logins[] = { "a@x.test", "b@x.test", "c@x.test", "d@x.test" };
	struct story *story = *state;
	struct stat before, now;

	roster_set(story->roster, NULL, 0, NULL);
	put(story, "0@x.test");
	wait_written(story);
	before = look(story);
	for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
		const struct text one = text_of(logins[i]);

		roster_set(story->roster, &one, 1, NULL);
		wait_written(story);
		now = look(story);
		assert_int_equal(now.st_size, before.st_size);
		assert_true(now.st_mtim.tv_sec > before.st_mtim.tv_sec);
		before = now;
	}
	expect(story, "d@x.test:::::::nodelay=y\n");
}

static void a_list_from_the_future_is_followed_by_a_later_one(void **state)
{
	const struct timespec future[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = 4102444800 } };
	struct story *story = *state;

	roster_set(story->roster, NULL, 0, NULL);
	wait_written(story);
	assert_int_equal(utimensat(AT_FDCWD, story->file, future, 0), 0);
	put(story, "a@x.test");
	wait_written(story);
	assert_int_equal(look(story).st_mtim.tv_sec, 4102444801);
}

static void it_keeps_the_group_of_the_one_before(void **state)
{
	struct story *story = *state;

	if (geteuid() != 0)
		skip();
	roster_set(story->roster, NULL, 0, NULL);
	wait_written(story);
	assert_int_equal(chown(story->file, (uid_t)-1, 65534), 0);
	put(story, "a@x.test");
	wait_written(story);
	assert_int_equal(look(story).st_gid, 65534);
	assert_int_equal(look(story).st_mode & 0777, 0640);
}

static void the_first_has_the_group_of_its_folder(void **state)
{
	struct story *story = *state;
	char folder[96];

	if (geteuid() != 0)
		skip();
	snprintf(folder, sizeof folder, "%s/deny", story->root);
	assert_int_equal(mkdir(folder, 0750), 0);
	assert_int_equal(chown(folder, (uid_t)-1, 65534), 0);
	roster_set(story->roster, NULL, 0, NULL);
	wait_written(story);
	assert_int_equal(look(story).st_gid, 65534);
}

static void what_is_there_already_is_not_written_again(void **state)
{
	struct story *story = *state;
	struct stat before, now;

	roster_set(story->roster, NULL, 0, NULL);
	put(story, "Taro@provider.test");
	wait_written(story);
	expect(story, "taro:::::::nodelay=y\ntaro@provider.test:::::::nodelay=y\n");
	before = look(story);
	put(story, "taro@provider.test");
	put(story, "taro");
	roster_drop(story->roster, TEXT("nobody@provider.test"));
	wait_written(story);
	now = look(story);
	assert_int_equal(now.st_ino, before.st_ino);
	assert_int_equal(story->told, 1);
}

static void colons_would_be_fields(void **state)
{
	struct story *story = *state;
	struct error error;

	assert_false(roster_put(story->roster, TEXT("a:b@x.test"), &error));
	assert_non_null(strstr(error.text, "cannot be in a deny list of Dovecot"));
	assert_false(roster_put(story->roster, TEXT("a\n*"), &error));
	assert_int_equal(roster_count(story->roster), 0);
}

static void who_waits_is_told_that_it_cannot_be_written(void **state)
{
	struct story *story = *state;
	char blocked[96];
	int fd;

	snprintf(blocked, sizeof blocked, "%s/deny", story->root);
	fd = open(blocked, O_WRONLY | O_CREAT | O_CLOEXEC, 0600); /* a file where the folder should be */
	close(fd);
	roster_set(story->roster, NULL, 0, NULL);
	roster_when_written(story->roster, on_written, story);
	while (!story->refused)
		uv_run(&story->loop, UV_RUN_ONCE);
	assert_int_equal(story->faults, 1);
	assert_int_equal(story->written, 0);
	assert_non_null(strstr(story->error.text, "deny/logins"));
	remove(blocked);
	roster_when_written(story->roster, on_written, story); /* it is tried again without being asked */
	while (!story->written)
		uv_run(&story->loop, UV_RUN_ONCE);
	assert_int_equal(story->faults, 1);
	expect(story, "");
}

static void on_first(void *context, const struct error *error)
{
	struct story *story = context;

	story->order[story->written++] = '1';
	roster_when_written(story->roster, on_written, story); /* and one may ask again */
}

static void on_second(void *context, const struct error *error)
{
	struct story *story = context;

	story->order[story->written++] = '2';
	expect(story, "a@x.test:::::::nodelay=y\nb@x.test:::::::nodelay=y\n");
}

static void all_are_told_in_order(void **state)
{
	struct story *story = *state;

	roster_when_written(story->roster, on_first, story); /* nothing is known yet: nobody is told */
	for (int i = 0; i < 50; i++)
		uv_run(&story->loop, UV_RUN_NOWAIT);
	assert_int_equal(story->written, 0);
	roster_set(story->roster, NULL, 0, NULL);
	put(story, "a@x.test");
	put(story, "b@x.test");
	roster_when_written(story->roster, on_second, story);
	story->wanted = 3;
	uv_run(&story->loop, UV_RUN_DEFAULT);
	assert_string_equal(story->order, "12w");
}

static void on_close(void *context, const struct error *error)
{
	struct story *story = context;

	story->written++;
	roster_close(story->roster);
	story->roster = NULL;
	uv_stop(&story->loop);
}

static void it_may_be_closed_by_who_is_told(void **state)
{
	struct story *story = *state;

	roster_set(story->roster, NULL, 0, NULL);
	roster_when_written(story->roster, on_close, story);
	roster_when_written(story->roster, on_close, story);
	uv_run(&story->loop, UV_RUN_DEFAULT);
	assert_int_equal(story->written, 1);
}

static void what_was_cut_off_is_removed(void **state)
{
	struct story *story = *state;
	char left[128], other[128];

	roster_set(story->roster, NULL, 0, NULL);
	wait_written(story);
	snprintf(left, sizeof left, "%s.new.1", story->file);
	snprintf(other, sizeof other, "%s/deny/other.new.1", story->root);
	close(open(left, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	close(open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	put(story, "a@x.test");
	wait_written(story);
	assert_int_not_equal(access(left, F_OK), 0);
	assert_int_equal(remove(other), 0);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(an_empty_list_is_made),
		STORY(each_list_is_a_second_later),
		STORY(a_list_from_the_future_is_followed_by_a_later_one),
		STORY(it_keeps_the_group_of_the_one_before),
		STORY(the_first_has_the_group_of_its_folder),
		STORY(what_is_there_already_is_not_written_again),
		STORY(colons_would_be_fields),
		STORY(who_waits_is_told_that_it_cannot_be_written),
		STORY(all_are_told_in_order),
		STORY(it_may_be_closed_by_who_is_told),
		STORY(what_was_cut_off_is_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
