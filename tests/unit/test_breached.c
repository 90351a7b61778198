/* SPDX-License-Identifier: Apache-2.0 */
/* Breached passwords: the filter, the lists it is built of, and files that lie. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <nettle/sha1.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "password/breached.h"
#include "password/breached_build.h"
#include "password/breached_file.h"
#include "password/breached_list.h"

static char folder[64], path[96], other[96];

static int make_folder(void **state)
{
	snprintf(folder, sizeof folder, "/tmp/sekisho-breached-XXXXXX");
	if (sodium_init() < 0 || !mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/file", folder);
	snprintf(other, sizeof other, "%s/other", folder);
	return 0;
}

static int drop_folder(void **state)
{
	unlink(path);
	unlink(other);
	return rmdir(folder);
}

/* ---- the filter alone */

static void all_are_found_and_few_others(void **state)
{
	static const uint32_t counts[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 20, 50, 100, 1000, 4095, 40000, 300000 };
	struct fuse_room *room = fuse_room_new();

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		uint32_t count = counts[i], wrong = 0;
		struct fuse fuse = fuse_shape(count);
		uint8_t *prints = memory_zero(fuse_bytes(&fuse) + 1, 1);
		uint64_t *keys = memory_new((count + 1) * sizeof *keys);

		for (uint32_t k = 0; k < count; k++)
			keys[k] = 3 * (uint64_t)k; /* as little by chance as can be */
		assert_true(fuse_fill(&fuse, prints, keys, count, room));
		assert_true(fuse_is_sound(&fuse));
		for (uint32_t k = 0; k < count; k++)
			assert_true(fuse_has(&fuse, prints, keys[k]));
		for (uint64_t k = 0; k < 100000; k++)
			wrong += fuse_has(&fuse, prints, 3 * k + 1);
		assert_true(count ? wrong > 250 && wrong < 550 : !wrong); /* one in 256 is 391 */
		if (count >= 300000)
			assert_true(fuse_bytes(&fuse) * 8 < count * 9.6);
		free(keys);
		free(prints);
	}
	fuse_room_free(room);
}

static void doubles_are_no_set(void **state)
{
	const uint64_t keys[] = { 7, 8, 7 };
	struct fuse_room *room = fuse_room_new();
	struct fuse fuse = fuse_shape(3);
	uint8_t prints[256] = { 0 };

	assert_true(fuse_bytes(&fuse) <= sizeof prints);
	assert_false(fuse_fill(&fuse, prints, keys, 3, room));
	fuse_room_free(room);
	fuse_room_free(NULL);
}

static void shapes_from_outside(void **state)
{
	static const struct {
		struct fuse fuse;
		bool sound;
	} table[] = {
		{ { 1, 4, 0 }, true },		{ { 1, 4, 1 }, true },
		{ { 1, 0, 1 }, false },		{ { 1, 3, 1 }, false },
		{ { 1, 2, 1 }, false },		{ { 1, FUSE_SEGMENT_MAX, 100 }, true },
		{ { 1, 2 * FUSE_SEGMENT_MAX, 1 }, false }, { { 1, FUSE_SEGMENT_MAX, UINT32_MAX }, false },
		{ { 1, FUSE_SEGMENT_MAX, UINT32_MAX / FUSE_SEGMENT_MAX }, false }, { { 1, 1u << 31, 1 }, false },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		assert_int_equal(fuse_is_sound(&table[i].fuse), table[i].sound);
}

/* ---- lines */

#define SHA "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8" /* "password" */
#define REST "1E4C9B93F3F0682250B6CF8331B7EE68FD8"

static const unsigned char PASSWORD_SHA1[20] = { 0x5b, 0xaa, 0x61, 0xe4, 0xc9, 0xb9, 0x3f, 0x3f, 0x06, 0x82,
						 0x25, 0x0b, 0x6c, 0xf8, 0x33, 0x1b, 0x7e, 0xe6, 0x8f, 0xd8 };

static void lines_of_lists(void **state)
{
	static const struct {
		const char *file, *line;
		uint64_t at_least;
		bool plain;
		enum breached_line wanted;
	} table[] = {
		{ "pwned.txt", SHA, 1, false, BREACHED_TAKEN },
		{ "pwned.txt", SHA ":52579", 1, false, BREACHED_TAKEN },
		{ "pwned.txt", SHA ":52579\r", 1, false, BREACHED_TAKEN },
		{ "pwned.txt", "  " SHA ": 52579 ", 1, false, BREACHED_TAKEN },
		{ "pwned.txt", "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8:1", 1, false, BREACHED_TAKEN },
		{ "pwned.txt", SHA ":9", 10, false, BREACHED_LEFT_OUT },
		{ "pwned.txt", SHA ":10", 10, false, BREACHED_TAKEN },
		{ "pwned.txt", SHA, 2, false, BREACHED_LEFT_OUT },
		{ "pwned.txt", SHA ":0", 1, false, BREACHED_LEFT_OUT },
		{ "pwned.txt", "", 1, false, BREACHED_LEFT_OUT },
		{ "pwned.txt", "\r", 1, false, BREACHED_LEFT_OUT },
		{ "pwned.txt", SHA ":", 1, false, BREACHED_NO_COUNT },
		{ "pwned.txt", SHA ":many", 1, false, BREACHED_NO_COUNT },
		{ "pwned.txt", SHA ":-1", 1, false, BREACHED_NO_COUNT },
		{ "pwned.txt", SHA ":99999999999999999999999", 1, false, BREACHED_NO_COUNT },
		{ "pwned.txt", SHA " 5", 1, false, BREACHED_NO_HASH },
		{ "pwned.txt", SHA "0", 1, false, BREACHED_NO_HASH },
		{ "pwned.txt", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD", 1, false, BREACHED_NO_HASH },
		{ "pwned.txt", "8846F7EAEE8FB117AD06BDD830B7586C:5", 1, false, BREACHED_NO_HASH }, /* NTLM */
		{ "pwned.txt", "password", 1, false, BREACHED_NO_HASH },
		{ "pwned.txt", REST ":7", 1, false, BREACHED_NO_PREFIX },
		{ "5BAA6", REST ":7", 1, false, BREACHED_TAKEN },
		{ "/lists/5baa6.txt", REST ":7", 1, false, BREACHED_TAKEN },
		{ "./5BAA6.gz", REST, 1, false, BREACHED_TAKEN },
		{ "5BAA6.txt", REST ":0", 1, false, BREACHED_LEFT_OUT }, /* padding */
		{ "5BAA6.txt", SHA ":7", 1, false, BREACHED_TAKEN },
		{ "5BAA", REST ":7", 1, false, BREACHED_NO_PREFIX },
		{ "5BAA61", REST ":7", 1, false, BREACHED_NO_PREFIX },
		{ "5BAA6-old", REST ":7", 1, false, BREACHED_NO_PREFIX },
		{ "5BAAG", REST ":7", 1, false, BREACHED_NO_PREFIX },
		{ "words", "password", 1, true, BREACHED_TAKEN },
		{ "words", "password\r", 1, true, BREACHED_TAKEN },
		{ "words", "", 1, true, BREACHED_LEFT_OUT },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct breached_list list = { .plain = table[i].plain, .at_least = table[i].at_least };
		unsigned char digest[20] = { 0 };

		breached_list_file(&list, table[i].file);
		if (breached_list_line(&list, text_of(table[i].line), digest) != table[i].wanted)
			fail_msg("%s: %s", table[i].file, table[i].line);
		if (table[i].wanted == BREACHED_TAKEN)
			assert_memory_equal(digest, PASSWORD_SHA1, sizeof digest);
		else
			assert_true((*breached_line_fault(table[i].wanted) != '\0') == (table[i].wanted != BREACHED_LEFT_OUT));
	}
}

static void words_are_bytes(void **state)
{
	struct breached_list list = { .plain = true, .at_least = 1 };
	unsigned char digest[20], blank[20];
	char longest[257];

	memset(longest, 'x', sizeof longest);
	assert_int_equal(breached_list_line(&list, (struct text){ longest, 256 }, digest), BREACHED_TAKEN);
	assert_int_equal(breached_list_line(&list, (struct text){ longest, 257 }, digest), BREACHED_LEFT_OUT);
	assert_int_equal(breached_list_line(&list, TEXT("a b\t"), digest), BREACHED_TAKEN); /* what is around it belongs to it */
	assert_int_equal(breached_list_line(&list, TEXT("a b"), blank), BREACHED_TAKEN);
	assert_memory_not_equal(digest, blank, sizeof digest);
}

/* ---- files */

static void digest_of(uint64_t i, unsigned char digest[20])
{
	struct sha1_ctx sha1;

	sha1_init(&sha1);
	sha1_update(&sha1, sizeof i, (const uint8_t *)&i);
	sha1_digest(&sha1, 20, digest);
}

static void add(struct breached_build *build, uint64_t i)
{
	unsigned char digest[20];
	struct error error;

	digest_of(i, digest);
	if (!breached_build_add(build, digest, &error))
		fail_msg("%s", error.text);
}

static void write_file(struct breached_build *build, const char *to)
{
	struct error error;

	if (!breached_build_write(build, to, 1, &error))
		fail_msg("%s", error.text);
	breached_build_free(build);
}

static void build_of(const char *to, uint64_t begin, uint64_t end)
{
	struct breached_build *build = breached_build_new();

	for (uint64_t i = begin; i < end; i++)
		add(build, i);
	write_file(build, to);
}

static struct text whole(const char *from)
{
	FILE *file = fopen(from, "r");
	struct stat status;
	char *bytes;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	bytes = memory_new((size_t)status.st_size + 1);
	assert_int_equal(fread(bytes, 1, (size_t)status.st_size, file), status.st_size);
	fclose(file);
	return (struct text){ bytes, (size_t)status.st_size };
}

static struct breached *opened(const char *from)
{
	struct error error;
	struct breached *breached = breached_open(from, &error);

	if (!breached || !breached_verify(breached, &error))
		fail_msg("%s", error.text);
	return breached;
}

static size_t found(const struct breached *breached, uint64_t begin, uint64_t end)
{
	unsigned char digest[20];
	size_t count = 0;

	for (uint64_t i = begin; i < end; i++) {
		digest_of(i, digest);
		count += breached_has_digest(breached, digest);
	}
	return count;
}

static void asked_by_the_password(void **state)
{
	struct breached_build *build = breached_build_new();
	struct breached_about about;
	struct breached *breached;
	struct error error;

	assert_true(breached_build_add(build, PASSWORD_SHA1, &error));
	write_file(build, path);
	breached = opened(path);
	assert_true(breached_has(breached, TEXT("password")));
	assert_false(breached_has(breached, TEXT("Password")));
	assert_false(breached_has(breached, TEXT("passwor")));
	assert_false(breached_has(breached, TEXT("")));
	breached_about(breached, &about);
	assert_true(about.count == 1 && about.at_least == 1 && about.parts == 1 && breached_count(breached) == 1);
	breached_close(breached);
	breached_close(NULL);
}

static void no_order_and_no_doubles(void **state)
{
	struct breached_build *build = breached_build_new();
	struct text one, two;

	build_of(path, 0, 30000);
	for (int round = 0; round < 2; round++)
		for (uint64_t i = 30000; i-- > 0;)
			add(build, i);
	assert_true(breached_build_added(build) == 60000);
	write_file(build, other);
	one = whole(path);
	two = whole(other);
	assert_true(text_is(one, two));
	free((void *)(uintptr_t)one.p);
	free((void *)(uintptr_t)two.p);
}

static void many_in_parts(void **state)
{
	const uint64_t count = BREACHED_PART_KEYS + 100000;
	struct breached_about about;
	struct breached *breached;
	size_t others;

	build_of(path, 0, count);
	breached = opened(path);
	breached_about(breached, &about);
	assert_true(about.parts == 2 && about.count == count && about.bytes * 8 < count * 9.3);
	assert_int_equal(found(breached, 0, count), count);
	others = found(breached, count, count + 100000);
	assert_true(others > 250 && others < 550);
	breached_close(breached);
}

static void replaced_while_it_is_open(void **state)
{
	struct breached *old, *new;
	struct stat status;

	build_of(path, 0, 1000);
	old = opened(path);
	build_of(path, 1000, 3000);
	new = opened(path);
	assert_true(breached_count(old) == 1000 && breached_count(new) == 2000);
	assert_int_equal(found(old, 0, 1000), 1000);
	assert_int_equal(found(new, 1000, 3000), 2000);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0600, 0600);
	breached_close(old);
	breached_close(new);
}

/* ---- trouble */

static void rewrite(const char *to, struct text bytes)
{
	FILE *file = fopen(to, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, file), bytes.n);
	assert_int_equal(fclose(file), 0);
}

static void refused(const char *from, const char *why)
{
	struct error error = { "" };
	struct breached *breached = breached_open(from, &error);

	if (breached)
		fail_msg("taken, though %s", why);
	assert_non_null(strstr(error.text, from));
}

static void opened_but_not_verified(const char *from)
{
	struct error error = { "" };
	struct breached *breached = breached_open(from, &error);

	assert_non_null(breached);
	assert_false(breached_verify(breached, &error));
	assert_non_null(strstr(error.text, "is damaged"));
	breached_close(breached);
}

static void no_byte_may_differ(void **state)
{
	const size_t head = sizeof(struct breached_head) + sizeof(struct breached_row);
	struct text bytes;
	char *wrong;

	build_of(path, 0, 500);
	bytes = whole(path);
	wrong = memory_copy(bytes.p, bytes.n);
	for (size_t i = 0; i < bytes.n; i++) {
		wrong[i] ^= 0x40;
		rewrite(other, (struct text){ wrong, bytes.n });
		if (i < head)
			refused(other, "its head is another");
		else
			opened_but_not_verified(other);
		wrong[i] ^= 0x40;
	}
	for (size_t n = 0; n < bytes.n; n += n < 200 ? 1 : 37) {
		rewrite(other, (struct text){ wrong, n });
		refused(other, "it is cut off");
	}
	free(wrong);
	free((void *)(uintptr_t)bytes.p);
}

/* whoever writes such a file can make the sum right, too */
static void nothing_leads_out_of_it(void **state)
{
	static const struct {
		const char *what;
		uint32_t count, segment, segments;
	} table[] = {
		{ "segments of nothing", 500, 0, 1 },
		{ "no power of two", 500, 6, 1 },
		{ "more than there is", 500, 64, 1000 },
		{ "less than there is", 500, 64, 1 },
		{ "far more", 500, FUSE_SEGMENT_MAX, UINT32_MAX },
		{ "a sum that runs over", 500, 4, UINT32_MAX },
		{ "another count", 501, 64, 7 },
	};
	struct text bytes;

	build_of(path, 0, 500);
	bytes = whole(path);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct breached_head *head = (struct breached_head *)(uintptr_t)bytes.p;
		struct breached_row *row = (struct breached_row *)(head + 1);

		*row = (struct breached_row){ row->seed, htole32(table[i].count), htole32(table[i].segment), htole32(table[i].segments), 0 };
		breached_sum_head(head, row, 1, head->head_sum);
		rewrite(other, bytes);
		refused(other, table[i].what);
	}
	free((void *)(uintptr_t)bytes.p);
}

static void what_is_none(void **state)
{
	struct error error = { "" };

	refused("/nowhere/file", "it is not there");
	refused(folder, "it is a folder");
	refused("/dev/null", "it is a device");
	rewrite(other, TEXT("password\n"));
	assert_null(breached_open(other, &error));
	assert_non_null(strstr(error.text, "is no file of breached passwords"));
}

static void cannot_be_written(void **state)
{
	struct breached_build *build = breached_build_new();
	struct error error = { "" };

	add(build, 1);
	assert_false(breached_build_write(build, "/nowhere/file", 1, &error));
	assert_non_null(strstr(error.text, "'/nowhere/file'"));
	assert_false(breached_build_write(build, folder, 1, &error));
	assert_false(breached_build_write(build, "/dev/null", 1, &error));
	breached_build_free(build);
	breached_build_free(NULL);
}

static size_t names_in_folder(void)
{
	DIR *names = opendir(folder);
	size_t count = 0;

	while (readdir(names))
		count++;
	closedir(names);
	return count - 2;
}

/* a limit on files is a disk that is full */
static void a_full_disk_leaves_the_old_one(void **state)
{
	const struct rlimit little = { 4096, RLIM_INFINITY };
	struct breached_build *build = breached_build_new();
	struct error error = { "" };
	struct breached *breached;
	struct rlimit usual;

	unlink(other);
	build_of(path, 0, 100);
	for (uint64_t i = 0; i < 50000; i++)
		add(build, i);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &usual);
	setrlimit(RLIMIT_FSIZE, &little);
	assert_false(breached_build_write(build, path, 1, &error));
	setrlimit(RLIMIT_FSIZE, &usual);
	breached_build_free(build);
	breached = opened(path);
	assert_true(breached_count(breached) == 100);
	breached_close(breached);
	assert_int_equal(names_in_folder(), 1);
}

/* whenever it comes, what lies there is whole */
static void killed_at_any_time(void **state)
{
	struct breached *breached;
	uint64_t count;

	build_of(path, 0, 20000);
	for (unsigned round = 0; round < 40; round++) {
		pid_t child = fork();

		if (child == 0) {
			for (;;)
				build_of(path, 0, 20000 + round);
		}
		usleep(1000 + 2500 * round);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		breached = opened(path);
		count = breached_count(breached);
		assert_true(count >= 20000 && count <= 20000 + round);
		breached_close(breached);
		assert_true(names_in_folder() <= 2); /* between two steps it has two names */
	}
	snprintf(other, sizeof other, "%s/file.new", folder);
	unlink(other);
	assert_int_equal(names_in_folder(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_found_and_few_others), cmocka_unit_test(doubles_are_no_set),
		cmocka_unit_test(shapes_from_outside),		cmocka_unit_test(lines_of_lists),
		cmocka_unit_test(words_are_bytes),		cmocka_unit_test(asked_by_the_password),
		cmocka_unit_test(no_order_and_no_doubles),	cmocka_unit_test(many_in_parts),
		cmocka_unit_test(replaced_while_it_is_open),	cmocka_unit_test(no_byte_may_differ),
		cmocka_unit_test(nothing_leads_out_of_it),	cmocka_unit_test(what_is_none),
		cmocka_unit_test(cannot_be_written),		cmocka_unit_test(a_full_disk_leaves_the_old_one),
		cmocka_unit_test(killed_at_any_time),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
