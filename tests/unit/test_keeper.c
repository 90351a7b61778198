/* SPDX-License-Identifier: Apache-2.0 */
/* What is known, over restarts, upgrades, damage and full disks. */
#include "keeper_folder.h"

#include <limits.h>
#include <signal.h>
#include <sys/resource.h>

#include "store/blocks.h"

static int begin(void **state)
{
	make_folder();
	return 0;
}

static int end(void **state)
{
	remove_folder();
	return 0;
}

/* the names of the folder's files that begin so, in order, each behind a blank; how many they are */
static unsigned files_of(const char *beginning, char names[1024])
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort);
	unsigned found = 0;

	*names = '\0';
	for (int i = 0; i < count; i++) {
		size_t n = strlen(names);

		if (entries[i]->d_name[0] != '.' && strncmp(entries[i]->d_name, beginning, strlen(beginning)) == 0) {
			snprintf(names + n, 1024 - n, " %s", entries[i]->d_name);
			found++;
		}
		free(entries[i]);
	}
	free(entries);
	return found;
}

/* the newest of the files that begin so */
static void path_of(const char *beginning, char path[PATH_MAX])
{
	char names[1024];

	assert_true(files_of(beginning, names) > 0);
	snprintf(path, PATH_MAX, "%s/%s", folder, strrchr(names, ' ') + 1);
}

static void flush(struct world *world)
{
	struct error error = { "" };

	if (!keeper_flush(world->keeper, &error))
		fail_msg("%s", error.text);
}

static void make_picture(struct world *world, int64_t now_us)
{
	struct error error = { "" };

	if (!keeper_begin_picture(world->keeper, now_us, &error))
		fail_msg("%s", error.text);
	while (keeper_picture_runs(world->keeper, &error))
		usleep(1000);
	if (error.text[0])
		fail_msg("%s", error.text);
}

static void copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	char bytes[65536];
	ssize_t n;

	assert_true(in >= 0 && out >= 0);
	while ((n = read(in, bytes, sizeof bytes)) > 0)
		assert_int_equal(write(out, bytes, (size_t)n), n);
	close(in);
	close(out);
}

/* dead at once: what is in the folder by now is all that is left */
static void world_dies(struct world *world)
{
	char dead[sizeof folder], names[1024], from[PATH_MAX], to[PATH_MAX], *rest = names, *name;

	flush(world);
	files_of("", names);
	memcpy(dead, folder, sizeof dead);
	make_folder();
	while ((name = strsep(&rest, " "))) {
		snprintf(from, sizeof from, "%s/%s", dead, name);
		snprintf(to, sizeof to, "%s/%s", folder, name);
		if (*name)
			copy_file(from, to);
	}
	memcpy(from, folder, sizeof folder);
	memcpy(folder, dead, sizeof folder);
	world_end(world);
	remove_folder();
	memcpy(folder, from, sizeof folder);
}

/* wakes, and is as a world that heard so many */
static void wakes_with(size_t count, bool wanted_lost)
{
	struct world world, twin;
	bool first;

	world_begin(&twin);
	world_hear_until(&twin, count);
	assert_true(world_wake(&world, &first));
	assert_int_equal(first, count == 0);
	assert_int_equal(keeper_lost(world.keeper) != NULL, wanted_lost);
	assert_true(worlds_are_alike(&world, &twin));
	world_end(&world);
	world_end(&twin);
}

/* ---- restarts */

static void what_was_known_is_known_after_a_restart(void **state)
{
	struct world world, twin;
	char names[1024];
	bool first;

	world_begin(&twin);
	assert_true(world_wake(&world, &first) && first);
	world_hear_until(&world, told_count / 2);
	world_end(&world);
	world_hear_until(&twin, told_count / 2);
	assert_int_equal(files_of("memory", names) + files_of("journal", names), 1);
	assert_true(world_wake(&world, &first) && !first);
	world.heard = told_count / 2;
	assert_true(worlds_are_alike(&world, &twin));
	world_hear_until(&world, told_count);
	world_hear_until(&twin, told_count);
	assert_true(worlds_are_alike(&world, &twin));
	world_end(&world);
	world_end(&twin);
}

static void what_was_handed_over_is_known_after_a_death(void **state)
{
	struct world world;
	bool first;

	assert_true(world_wake(&world, &first));
	world_hear_until(&world, 500);
	make_picture(&world, DAY_US);
	world_hear_until(&world, 1500);
	world_dies(&world);
	wakes_with(1500, false);
}

/* journal after journal, and no picture that would end it */
static void deaths_may_follow_each_other(void **state)
{
	struct world world;
	bool first;

	for (size_t heard = 0; heard < 1000; heard += 100) {
		assert_true(world_wake(&world, &first));
		world.heard = heard;
		world_hear_until(&world, heard + 100);
		world_dies(&world);
	}
	wakes_with(1000, false);
}

static void lifted_lock_stays_lifted(void **state)
{
	struct world world;
	struct guard_answer answer;
	uint32_t locked = 0;
	uint64_t key;
	bool first;

	assert_true(world_wake(&world, &first));
	while (!world.answer.lock)
		world_hear_until(&world, world.heard + 1);
	locked = world.answer.account;
	assert_true(guard_locked(world.guard, locked, NULL));
	accounts_add(world.accounts, TEXT("somebody-new"), &key);
	keeper_lift(world.keeper, locked);
	guard_lift(world.guard, locked, &answer);
	world_dies(&world);
	assert_true(world_wake(&world, &first));
	assert_false(guard_locked(world.guard, locked, NULL));
	assert_int_not_equal(accounts_find(world.accounts, TEXT("somebody-new"), &key), 0);
	world_end(&world);
}

static void marks_belong_to_what_was_told(void **state)
{
	struct world world;
	char name[KEEPER_MARK_MAX + 2], value[16];
	bool first;

	memset(name, 'x', sizeof name);
	assert_true(world_wake(&world, &first));
	assert_int_equal(keeper_marked(world.keeper, TEXT("log")).n, 0);
	keeper_mark(world.keeper, TEXT("log"), TEXT("17"));
	keeper_mark(world.keeper, TEXT("log"), TEXT("18"));
	keeper_mark(world.keeper, (struct text){ name, KEEPER_MARK_MAX }, TEXT("long"));
	keeper_mark(world.keeper, (struct text){ name, KEEPER_MARK_MAX + 1 }, TEXT("longer"));
	keeper_mark(world.keeper, TEXT("log"), (struct text){ name, KEEPER_MARK_MAX + 1 });
	world_dies(&world);
	assert_true(world_wake(&world, &first));
	assert_true(text_is(keeper_marked(world.keeper, TEXT("log")), TEXT("18")));
	assert_true(text_is(keeper_marked(world.keeper, (struct text){ name, KEEPER_MARK_MAX }), TEXT("long")));
	world_end(&world);
	assert_true(world_wake(&world, &first));
	assert_true(text_is(keeper_marked(world.keeper, TEXT("log")), TEXT("18")));
	for (unsigned i = 0; i < 2 * KEEPER_MARKS; i++) {
		snprintf(value, sizeof value, "%u", i);
		keeper_mark(world.keeper, text_of(value), text_of(value));
		assert_true(text_is(keeper_marked(world.keeper, text_of(value)), text_of(value)));
	}
	assert_int_equal(keeper_marked(world.keeper, TEXT("log")).n, 0);
	world_end(&world);
}

static void picture_is_due_in_time(void **state)
{
	struct world world;
	uint64_t rcpts[1000] = { 0 };
	struct event_detail detail = { .rcpts = rcpts, .rcpt_count = 1000 };
	struct event event = { .kind = EVENT_SUBMIT, .detail = &detail };
	int64_t now_us = 20000 * DAY_US;
	bool first;

	assert_true(world_wake(&world, &first));
	assert_true(keeper_is_due(world.keeper, now_us)); /* what was judged again need not be so once more */
	make_picture(&world, now_us);
	assert_false(keeper_is_due(world.keeper, now_us + KEEPER_PICTURE_US - 1));
	assert_true(keeper_is_due(world.keeper, now_us + KEEPER_PICTURE_US));
	assert_true(keeper_is_due(world.keeper, now_us - 1)); /* the clock was set back */
	for (unsigned i = 0; i < KEEPER_JOURNAL_BYTES / 8300; i++)
		keeper_event(world.keeper, &event, TEXT_NONE);
	assert_false(keeper_is_due(world.keeper, now_us + 9 * MINUTE_US));
	for (unsigned i = 0; i < 500; i++)
		keeper_event(world.keeper, &event, TEXT_NONE);
	assert_true(keeper_is_due(world.keeper, now_us + 9 * MINUTE_US));
	assert_false(keeper_is_due(world.keeper, now_us + SECOND_US));
	world_end(&world);
}

/* ---- whose it is */

static void folder_is_one_keepers(void **state)
{
	struct world world, other;
	struct error error = { "" };
	struct stat file;
	char path[PATH_MAX];
	bool first, busy;
	int taken;

	assert_true(world_wake(&world, &first));
	world_begin(&other);
	assert_null(keeper_open(folder, other.accounts, other.engine, other.guard, &first, &error));
	assert_non_null(strstr(error.text, "another sekisho"));
	assert_int_equal(keeper_take_folder(folder, &busy, &error), -1);
	assert_true(busy);
	for (const char *kind = "memory"; kind; kind = *kind == 'm' ? "journal" : *kind == 'j' ? "lock" : NULL) {
		path_of(kind, path);
		assert_int_equal(stat(path, &file), 0);
		assert_int_equal(file.st_mode & 0777, 0600);
	}
	world_end(&world);
	taken = keeper_take_folder(folder, &busy, &error); /* as somebody does who acts in its stead */
	assert_true(taken >= 0);
	close(taken);
	other.keeper = keeper_open(folder, other.accounts, other.engine, other.guard, &first, &error);
	assert_non_null(other.keeper);
	world_end(&other);
}

static void folder_that_cannot_be_is_told(void **state)
{
	struct world world;
	struct error error = { "" };
	bool first;

	world_begin(&world);
	assert_null(keeper_open("/nowhere/at/all", world.accounts, world.engine, world.guard, &first, &error));
	assert_non_null(strstr(error.text, "/nowhere/at/all"));
	assert_null(keeper_open("/dev/null", world.accounts, world.engine, world.guard, &first, &error));
	world_end(&world);
}

/* ---- damage */

static void change(const char *path, off_t at, int add)
{
	int fd = open(path, O_RDWR);
	unsigned char byte;

	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte = (unsigned char)(byte + add);
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	close(fd);
}

static off_t size_of(const char *path)
{
	struct stat file;

	assert_int_equal(stat(path, &file), 0);
	return file.st_size;
}

/* a picture, the journal that follows it, and the picture after that */
static void leave_two_pictures(char older[PATH_MAX], char newer[PATH_MAX])
{
	struct world world;
	char journal[PATH_MAX], aside[PATH_MAX], also[PATH_MAX];
	bool first;

	assert_true(world_wake(&world, &first));
	world_hear_until(&world, 300);
	make_picture(&world, DAY_US);
	world_hear_until(&world, 600);
	flush(&world);
	path_of("memory", older);
	path_of("journal", journal);
	snprintf(aside, sizeof aside, "%s/aside", folder);
	snprintf(also, sizeof also, "%s/also", folder);
	copy_file(older, aside);
	copy_file(journal, also);
	make_picture(&world, 2 * DAY_US);
	world_hear_until(&world, 900);
	world_dies(&world);
	memcpy(older, folder, strlen(folder)); /* it is another one by now */
	memcpy(journal, folder, strlen(folder));
	memcpy(aside, folder, strlen(folder));
	memcpy(also, folder, strlen(folder));
	path_of("memory", newer);
	assert_int_equal(rename(aside, older) | rename(also, journal), 0);
}

static void damaged_picture_is_not_used_and_the_one_before_is(void **state)
{
	char older[PATH_MAX], newer[PATH_MAX];

	leave_two_pictures(older, newer);
	change(newer, size_of(newer) / 2, 1);
	wakes_with(900, true);
}

static void picture_that_is_cut_off_is_not_used(void **state)
{
	char older[PATH_MAX], newer[PATH_MAX];

	leave_two_pictures(older, newer);
	assert_int_equal(truncate(newer, size_of(newer) - 1), 0);
	wakes_with(900, true);
}

static void without_any_picture_it_begins_anew_and_says_so(void **state)
{
	char older[PATH_MAX], newer[PATH_MAX];
	struct world world;
	bool first;

	leave_two_pictures(older, newer);
	change(newer, 40, 1);
	assert_int_equal(truncate(older, 100), 0);
	wakes_with(0, true);
	assert_true(world_wake(&world, &first) && !first && !keeper_lost(world.keeper));
	world_end(&world);
}

static void torn_end_of_a_journal_is_left_out(void **state)
{
	struct world world;
	char path[PATH_MAX];
	size_t handed_over;
	bool first;

	assert_true(world_wake(&world, &first));
	world_hear_until(&world, 400);
	flush(&world);
	handed_over = world.heard;
	world_hear_until(&world, 500);
	world_dies(&world);
	path_of("journal", path);
	assert_int_equal(truncate(path, size_of(path) - 3), 0);
	wakes_with(handed_over, false);
}

/* accounts that nobody names: what follows cannot be told whose it is */
static void what_follows_a_hole_is_left_out(void **state)
{
	struct world world;
	char path[PATH_MAX], next[PATH_MAX];
	bool first;

	assert_true(world_wake(&world, &first));
	world_hear_until(&world, 200);
	world_dies(&world);
	path_of("journal", path);
	assert_true(world_wake(&world, &first));
	world.heard = 200;
	world_hear_until(&world, 1000);
	world_dies(&world);
	snprintf(next, sizeof next, "%s%s", folder, strrchr(path, '/'));
	assert_int_equal(truncate(next, 100), 0);
	assert_true(world_wake(&world, &first) && !first && keeper_lost(world.keeper));
	assert_int_equal(accounts_count(world.accounts), 0);
	world_hear_until(&world, 200);
	world_dies(&world);
	wakes_with(200, false);
}

/* ---- versions */

static void rewrite_head(const char *path, uint32_t version)
{
	int fd = open(path, O_RDWR);

	assert_int_equal(pwrite(fd, &version, sizeof version, 8), sizeof version);
	close(fd);
}

static void is_refused(const char *why)
{
	struct world world;
	struct error error = { "" };
	bool first;

	world_begin(&world);
	world.keeper = keeper_open(folder, world.accounts, world.engine, world.guard, &first, &error);
	assert_null(world.keeper);
	if (!strstr(error.text, why))
		fail_msg("'%s' does not say '%s'", error.text, why);
	assert_int_equal(accounts_count(world.accounts), 0);
	world_end(&world);
}

static void newer_files_are_refused(void **state)
{
	struct world world;
	char path[PATH_MAX];
	bool first;

	assert_true(world_wake(&world, &first));
	world_hear_until(&world, 100);
	world_dies(&world);
	path_of("journal", path);
	rewrite_head(path, 2);
	is_refused("another version");
	rewrite_head(path, 1);
	path_of("memory", path);
	rewrite_head(path, 2);
	is_refused("another version");
	rewrite_head(path, 1);
	wakes_with(100, false);
}

static void write_picture_of(const struct image_section *section)
{
	static struct blocks_out blocks;
	struct image_out out = { .put = blocks_put, .context = &blocks };
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof path, "%s/memory.7", folder);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	blocks.used = 0;
	assert_true(blocks_begin(&blocks, fd, "sekishoM"));
	if (section)
		image_put(&out, section, sizeof *section);
	assert_true(image_finish(&out) && blocks_flush(&blocks, true));
	close(fd);
}

static void sections_of_a_newer_version_are_refused(void **state)
{
	write_picture_of(&(struct image_section){ "accounts", 2, 24, 0 });
	is_refused("newer");
	write_picture_of(&(struct image_section){ "profiles", 1, 260, 0 });
	is_refused("newer");
	write_picture_of(&(struct image_section){ "feelings", 1, 8, 0 });
	is_refused("'feelings' was written by a newer");
}

static void picture_without_sections_is_an_empty_one(void **state)
{
	struct world world;
	bool first;

	write_picture_of(NULL);
	assert_true(world_wake(&world, &first) && !first && !keeper_lost(world.keeper));
	assert_int_equal(accounts_count(world.accounts), 0);
	world_end(&world);
}

/* ---- a full disk: no file may grow beyond so much */

static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void full_disk_loses_nothing_that_still_fits_into_the_buffer(void **state)
{
	struct world world;
	struct error error = { "" };
	bool first;

	assert_true(world_wake(&world, &first));
	world_hear_until(&world, 100);
	flush(&world);
	limit_files(4096);
	world_hear_until(&world, 600);
	for (unsigned i = 0; i < 3; i++)
		assert_false(keeper_flush(world.keeper, &error));
	assert_non_null(strstr(error.text, folder));
	limit_files(RLIM_INFINITY);
	world_hear_until(&world, 700);
	world_dies(&world);
	wakes_with(700, false);
}

static void after_a_long_full_disk_a_picture_is_made(void **state)
{
	struct world world, twin;
	struct error error = { "" };
	int64_t now_us = 20000 * DAY_US;
	bool first;

	assert_true(world_wake(&world, &first));
	make_picture(&world, now_us);
	limit_files(4096);
	world_hear_until(&world, told_count);
	for (unsigned i = 0; i < 20000; i++)
		keeper_mark(world.keeper, TEXT("filler"), TEXT("................................................................"));
	assert_false(keeper_flush(world.keeper, &error));
	assert_true(keeper_is_due(world.keeper, now_us + MINUTE_US));
	assert_false(keeper_begin_picture(world.keeper, now_us + MINUTE_US, &error));
	assert_false(keeper_is_due(world.keeper, now_us + MINUTE_US + 30 * SECOND_US));
	limit_files(RLIM_INFINITY);
	assert_true(keeper_is_due(world.keeper, now_us + 2 * MINUTE_US));
	make_picture(&world, now_us + 2 * MINUTE_US);
	world_dies(&world);
	world_begin(&twin);
	world_hear_until(&twin, told_count);
	assert_true(world_wake(&world, &first) && worlds_are_alike(&world, &twin));
	world_end(&world);
	world_end(&twin);
}

/* the disk has room for the journal, and none for the picture */
static void picture_that_fails_is_told_and_tried_again(void **state)
{
	struct world world;
	struct error error = { "" };
	int64_t now_us = 20000 * DAY_US;
	char names[1024];
	bool first;

	assert_true(world_wake(&world, &first));
	world_hear_until(&world, told_count / 2);
	make_picture(&world, now_us);
	limit_files(4096);
	assert_true(keeper_begin_picture(world.keeper, now_us + HOUR_US, &error));
	while (keeper_picture_runs(world.keeper, &error))
		usleep(1000);
	assert_non_null(strstr(error.text, "picture"));
	limit_files(RLIM_INFINITY);
	assert_int_equal(files_of("memory", names), 1);
	assert_false(keeper_is_due(world.keeper, now_us + HOUR_US + SECOND_US));
	assert_true(keeper_is_due(world.keeper, now_us + HOUR_US + MINUTE_US));
	world_hear_until(&world, told_count / 2 + 100);
	world_dies(&world);
	wakes_with(told_count / 2 + 100, false);
}

static void picture_whose_maker_dies_is_told(void **state)
{
	struct world world;
	struct error error = { "" };
	char names[1024];
	bool first;

	assert_true(world_wake(&world, &first));
	world_hear_until(&world, 1000);
	flush(&world);
	limit_files(4096);
	signal(SIGXFSZ, SIG_DFL); /* kills it in the middle; the parent writes nothing meanwhile */
	assert_true(keeper_begin_picture(world.keeper, DAY_US, &error));
	while (keeper_picture_runs(world.keeper, &error))
		usleep(1000);
	limit_files(RLIM_INFINITY);
	assert_non_null(strstr(error.text, strsignal(SIGXFSZ)));
	assert_int_equal(files_of("memory", names), 1);
	world_end(&world);
}

/* … not even for the first: everything works, and is kept once there is room */
static void disk_that_is_full_from_the_beginning_may_have_room_later(void **state)
{
	struct world world;
	bool first;

	limit_files(0);
	assert_true(world_wake(&world, &first) && first);
	world_hear_until(&world, 100);
	assert_true(keeper_is_due(world.keeper, DAY_US));
	limit_files(RLIM_INFINITY);
	make_picture(&world, DAY_US);
	world_hear_until(&world, 200);
	world_dies(&world);
	wakes_with(200, false);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_known_is_known_after_a_restart),
		TEST(what_was_handed_over_is_known_after_a_death),
		TEST(deaths_may_follow_each_other),
		TEST(lifted_lock_stays_lifted),
		TEST(marks_belong_to_what_was_told),
		TEST(picture_is_due_in_time),
		TEST(folder_is_one_keepers),
		TEST(folder_that_cannot_be_is_told),
		TEST(damaged_picture_is_not_used_and_the_one_before_is),
		TEST(picture_that_is_cut_off_is_not_used),
		TEST(without_any_picture_it_begins_anew_and_says_so),
		TEST(torn_end_of_a_journal_is_left_out),
		TEST(what_follows_a_hole_is_left_out),
		TEST(newer_files_are_refused),
		TEST(sections_of_a_newer_version_are_refused),
		TEST(picture_without_sections_is_an_empty_one),
		TEST(full_disk_loses_nothing_that_still_fits_into_the_buffer),
		TEST(after_a_long_full_disk_a_picture_is_made),
		TEST(picture_that_fails_is_told_and_tried_again),
		TEST(picture_whose_maker_dies_is_told),
		TEST(disk_that_is_full_from_the_beginning_may_have_room_later),
	};

	return cmocka_run_group_tests(tests, live, die);
}
