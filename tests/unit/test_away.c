/* SPDX-License-Identifier: Apache-2.0 */
/* The table of locks for when the daemon is away, with a postmap that only copies. The real one, and what Postfix makes of
 * the table, are in tests/rig/queue_check.py. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/clock.h"
#include "base/when.h"
#include "containment/away.h"

#define LINE " 421 4.7.0 This account is locked. Please call your mail administrator.\n"

enum { PATIENCE_MS = 60000 };

struct story {
	char root[64], folder[96], postmap[96];
	uv_loop_t loop;
	uv_timer_t patience;
	struct roster *away;
	size_t told, faults, wanted;
	struct error error;
};

static void too_long(uv_timer_t *timer) { fail_msg("nobody told"); }

static void on_told(void *context, const struct error *error)
{
	struct story *story = context;

	story->told++;
	if (error) {
		story->faults++;
		story->error = *error;
	}
	if (story->told >= story->wanted)
		uv_stop(&story->loop);
}

static void write_postmap(const struct story *story, const char *text)
{
	int fd = open(story->postmap, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	fchmod(fd, 0755);
	close(fd);
}

static const char good[] = "#!/bin/sh\nf=${1#hash:}; cp $f $f.db; echo x >> ${0%/*}/calls\n";

static int begin(void **state)
{
	struct story *story = memory_zero(1, sizeof *story);

	text_copy(story->root, sizeof story->root, TEXT("/tmp/sekisho-away-XXXXXX"));
	assert_non_null(mkdtemp(story->root));
	snprintf(story->folder, sizeof story->folder, "%s/away", story->root);
	snprintf(story->postmap, sizeof story->postmap, "%s/postmap", story->root);
	write_postmap(story, good);
	uv_loop_init(&story->loop);
	uv_timer_init(&story->loop, &story->patience);
	uv_timer_start(&story->patience, too_long, PATIENCE_MS, 0);
	story->away = away_new(&story->loop, &(struct away_options){ .folder = story->folder,
								     .postmap = story->postmap,
								     .default_domain = "provider.test",
								     .told = on_told,
								     .context = story });
	*state = story;
	return 0;
}

static int end(void **state)
{
	static const char *const names[] = { "/away/locked", "/away/locked.db", "/away",
					     "/postmap", "/calls", "" };
	struct story *story = *state;
	char path[256];
	int64_t began = clock_steady();

	roster_close(story->away);
	uv_close((uv_handle_t *)&story->patience, NULL);
	uv_run(&story->loop, UV_RUN_DEFAULT);
	assert_true(clock_steady() - began < 30 * SECOND_US); /* nobody waits for a postmap */
	assert_int_equal(uv_loop_close(&story->loop), 0);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s%s", story->root, names[i]);
		remove(path);
	}
	assert_int_not_equal(access(story->root, F_OK), 0);
	free(story);
	return 0;
}

static void run_until_told(struct story *story)
{
	story->wanted = story->told + 1;
	uv_run(&story->loop, UV_RUN_DEFAULT);
}

/* what follows the remark */
static void expect(const struct story *story, const char *name, const char *wanted)
{
	char path[256], bytes[4096] = "";
	const char *body;
	int fd;

	snprintf(path, sizeof path, "%s/%s", story->root, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0 && read(fd, bytes, sizeof bytes - 1) >= 0);
	close(fd);
	body = *bytes == '#' ? strchr(bytes, '\n') + 1 : bytes;
	assert_string_equal(body, wanted);
}

static void put(struct story *story, const char *login)
{
	struct error error;

	if (!roster_put(story->away, text_of(login), &error))
		fail_msg("%s", error.text);
}

static void an_empty_table_is_made(void **state)
{
	struct story *story = *state;
	struct stat st;
	char path[256];

	roster_set(story->away, NULL, 0, NULL);
	run_until_told(story);
	expect(story, "away/locked", "");
	expect(story, "away/locked.db", "");
	snprintf(path, sizeof path, "%s/locked", story->folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void changes_of_a_moment_are_written_once(void **state)
{
	struct story *story = *state;
	const struct text logins[] = { TEXT("mika@other.test"), TEXT("Taro@Provider.test") };

	assert_int_equal(roster_set(story->away, logins, 2, NULL), 0);
	put(story, "ren@other.test");
	put(story, "ren@other.test");
	put(story, "REN@other.test");
	put(story, "sora");
	roster_drop(story->away, TEXT("sora"));
	roster_drop(story->away, TEXT("nobody@other.test"));
	run_until_told(story);
	expect(story, "away/locked.db", "mika@other.test" LINE "ren@other.test" LINE "taro" LINE "taro@provider.test" LINE);
	expect(story, "calls", "x\n");
	roster_drop(story->away, TEXT("TARO@provider.test"));
	run_until_told(story);
	expect(story, "away/locked.db", "mika@other.test" LINE "ren@other.test" LINE);
	assert_int_equal(story->faults, 0);
}

static void nothing_is_written_before_all_is_known(void **state)
{
	struct story *story = *state;

	put(story, "ren@other.test");
	for (int i = 0; i < 100; i++)
		uv_run(&story->loop, UV_RUN_NOWAIT);
	assert_int_equal(story->told, 0);
	assert_int_not_equal(access(story->folder, F_OK), 0);
}

static void what_postfix_would_not_match_is_refused(void **state)
{
	static const struct text bad[] = {
		TEXT(""),	    TEXT("a b"),      TEXT("a\tb"),	    TEXT("a\n*@* OK"), TEXT("a\0b"),	TEXT("#a"),
		TEXT("a\"b"),	    TEXT("a\\b"),     TEXT("a\x7f"),    TEXT("\xff"),	TEXT("a\xc3"), TEXT("\xe3\x81" "a"),
		TEXT("\xc0\x80"),
	};
	static const char *const sound[] = { "a", "a+b@c", "a'b", "a%b!c/d", "\xe5\xa4\xaa\xe9\x83\x8e@provider.test", "-r", "a#b" };
	struct story *story = *state;
	char *endless = calloc(1, AWAY_LOGIN_MAX + 1);
	struct error error;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(roster_put(story->away, bad[i], &error));
	memset(endless, 'a', AWAY_LOGIN_MAX + 1);
	assert_true(roster_put(story->away, (struct text){ endless, AWAY_LOGIN_MAX }, &error));
	assert_false(roster_put(story->away, (struct text){ endless, AWAY_LOGIN_MAX + 1 }, &error));
	assert_non_null(strstr(error.text, "cannot be in a table of Postfix"));
	for (size_t i = 0; i < sizeof sound / sizeof *sound; i++)
		put(story, sound[i]);
	assert_int_equal(roster_set(story->away, bad, sizeof bad / sizeof *bad, &error), sizeof bad / sizeof *bad);
	assert_int_equal(roster_count(story->away), 0);
	free(endless);
}

static void there_are_not_more_than_may_be(void **state)
{
	struct story *story = *state;
	struct error error;
	char login[32];

	for (unsigned i = 0; i < AWAY_LOGINS_MAX; i++) {
		snprintf(login, sizeof login, "%06u", i);
		(void)!roster_put(story->away, text_of(login), &error);
	}
	assert_false(roster_put(story->away, TEXT("one more"), &error));
	assert_in_range(roster_count(story->away), AWAY_LOGINS_MAX - 1, AWAY_LOGINS_MAX);
}

static void a_failure_is_told_and_tried_again(void **state)
{
	struct story *story = *state;

	roster_set(story->away, NULL, 0, NULL);
	run_until_told(story);
	write_postmap(story, "#!/bin/sh\nexit 1\n");
	put(story, "ren@other.test");
	run_until_told(story);
	assert_int_equal(story->faults, 1);
	assert_non_null(strstr(story->error.text, "ended with status 1"));
	expect(story, "away/locked", ""); /* the old table stands */
	expect(story, "away/locked.db", "");
	write_postmap(story, good);
	run_until_told(story);
	assert_int_equal(story->faults, 1);
	expect(story, "away/locked.db", "ren@other.test" LINE);
}

static void a_postmap_that_makes_nothing_is_no_success(void **state)
{
	struct story *story = *state;

	write_postmap(story, "#!/bin/sh\nexit 0\n");
	roster_set(story->away, NULL, 0, NULL);
	run_until_told(story);
	assert_non_null(strstr(story->error.text, "cannot be put in place"));
}

static void it_may_be_closed_while_it_writes(void **state)
{
	struct story *story = *state;

	write_postmap(story, "#!/bin/sh\nexec sleep 60\n");
	roster_set(story->away, NULL, 0, NULL);
	story->wanted = 1;
	for (int64_t began = uv_now(&story->loop); (int64_t)uv_now(&story->loop) - began < AWAY_MOMENT_MS + 50;)
		uv_run(&story->loop, UV_RUN_NOWAIT);
	assert_int_equal(story->told, 0);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(an_empty_table_is_made),
		STORY(changes_of_a_moment_are_written_once),
		STORY(nothing_is_written_before_all_is_known),
		STORY(what_postfix_would_not_match_is_refused),
		STORY(there_are_not_more_than_may_be),
		STORY(a_failure_is_told_and_tried_again),
		STORY(a_postmap_that_makes_nothing_is_no_success),
		STORY(it_may_be_closed_while_it_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
