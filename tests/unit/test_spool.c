/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/resource.h>

#include "store/spool.h"

enum { BATCH = 8192, RECORD = sizeof(struct spool_record) }; /* the spool writes that many records at once */

/* every field differs from record to record */
static struct spool_record record_of(uint64_t number)
{
	struct spool_record record;

	memset(&record, 0, sizeof record);
	record.t_us = (int64_t)number * SECOND_US - 77;
	record.account = (uint32_t)number * 3 + 1;
	record.message = (uint32_t)number;
	record.kind = (uint8_t)(number % 7);
	record.again = number % 2;
	record.count = (uint32_t)number ^ 0x5555;
	record.ip.bytes[15] = (uint8_t)number;
	return record;
}

/* how many were taken */
static uint64_t fill(struct spool *spool, uint64_t count)
{
	uint64_t kept = 0;

	for (uint64_t i = 0; i < count; i++) {
		struct spool_record *record = spool_next(spool, false);

		if (record)
			*record = record_of(i);
		kept += record != NULL;
	}
	assert_int_equal(spool_count(spool), count);
	return kept;
}

static void compare(void *context, uint64_t number, const struct spool_record *record)
{
	struct spool_record wanted = record_of(number);
	uint64_t *next = context;

	assert_int_equal(number, *next);
	++*next;
	assert_memory_equal(record, &wanted, sizeof wanted);
}

/* reads all back, which must be the first records in their order; how many there are */
static uint64_t read_back(struct spool *spool)
{
	uint64_t next = 0;

	spool_each(spool, compare, &next);
	return next;
}

static void gives_back_what_it_took(void **state)
{
	static const struct { const char *name; uint64_t count; } cases[] = {
		{ "none", 0 },
		{ "one", 1 },
		{ "a batch", BATCH },
		{ "a batch and one", BATCH + 1 },
		{ "several batches", 5 * BATCH + 17 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct spool *spool = spool_new(UINT64_MAX);

		assert_int_equal(fill(spool, cases[i].count), cases[i].count);
		if (read_back(spool) != cases[i].count || read_back(spool) != cases[i].count)
			fail_msg("%s", cases[i].name);
		assert_false(spool_partial(spool));
		spool_free(spool);
	}
	spool_free(NULL);
}

static void goes_on_after_it_was_read(void **state)
{
	struct spool *spool = spool_new(UINT64_MAX);
	uint64_t next = 0;

	fill(spool, BATCH + 5);
	assert_int_equal(read_back(spool), BATCH + 5);
	for (uint64_t i = BATCH + 5; i < 3 * BATCH; i++)
		*spool_next(spool, false) = record_of(i);
	spool_each(spool, compare, &next);
	assert_int_equal(next, 3 * BATCH);
	spool_free(spool);
}

static void holds_at_most_its_limit(void **state)
{
	static const struct { const char *name; uint64_t records, limit, least; } cases[] = {
		{ "just what fits", 3 * BATCH, 3 * BATCH, 3 * BATCH },
		{ "twice as much", 4 * BATCH, 2 * BATCH, 2 * BATCH },
		{ "the limit is no whole number of batches", 4 * BATCH, 2 * BATCH + 100, 2 * BATCH },
		{ "the limit is less than a batch", 1000, 10, 0 },
		{ "nothing is allowed", 3 * BATCH, 0, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct spool *spool = spool_new(cases[i].limit * RECORD);
		uint64_t kept;

		fill(spool, cases[i].records);
		kept = read_back(spool);
		if (kept > cases[i].limit || kept < cases[i].least)
			print_error("%s: kept %llu\n", cases[i].name, (unsigned long long)kept);
		assert_in_range(kept, cases[i].least, cases[i].limit);
		assert_int_equal(spool_partial(spool), kept < cases[i].records);
		spool_free(spool);
	}
}

static void nothing_comes_after_what_was_lost(void **state)
{
	struct spool *spool = spool_new((uint64_t)BATCH * RECORD);

	fill(spool, 3 * BATCH);
	assert_true(spool_partial(spool));
	assert_null(spool_next(spool, false));
	assert_int_equal(spool_count(spool), 3 * BATCH + 1);
	assert_int_equal(read_back(spool), BATCH);
	spool_free(spool);
}

static void an_unwritable_folder_is_passed_over(void **state)
{
	struct spool *spool;

	setenv("TMPDIR", "/nonexistent/folder", 1);
	spool = spool_new(UINT64_MAX);
	assert_int_equal(fill(spool, 2 * BATCH + 3), 2 * BATCH + 3);
	assert_int_equal(read_back(spool), 2 * BATCH + 3);
	assert_false(spool_partial(spool));
	spool_free(spool);
	setenv("TMPDIR", "", 1);
	spool = spool_new(UINT64_MAX);
	assert_int_equal(fill(spool, 2 * BATCH), 2 * BATCH);
	assert_int_equal(read_back(spool), 2 * BATCH);
	spool_free(spool);
	unsetenv("TMPDIR");
}

struct kept {
	uint64_t next, important; /* the least number that may come next; how many were important */
};

static void count_kept(void *context, uint64_t number, const struct spool_record *record)
{
	struct spool_record wanted = record_of(number);
	struct kept *kept = context;

	assert_true(number >= kept->next);
	assert_memory_equal(record, &wanted, sizeof wanted);
	kept->next = number + 1;
	kept->important += number % 1000 == 0;
}

/* what is asked to be kept in any case is kept in any case, also where it waits to be written */
static void what_is_important_outlives_the_limit(void **state)
{
	struct spool *spool = spool_new((uint64_t)(BATCH + 100) * RECORD);
	struct kept kept = { .next = 0 };

	for (uint64_t i = 0; i < 5 * BATCH; i++) {
		struct spool_record *record = spool_next(spool, i % 1000 == 0);

		if (record)
			*record = record_of(i);
	}
	assert_true(spool_partial(spool));
	spool_each(spool, count_kept, &kept);
	assert_int_equal(kept.important, (5 * BATCH + 999) / 1000);
	spool_free(spool);
}

/* no file may grow beyond one batch and a half: a write fails half-way */
static void a_full_disk_loses_only_the_rest(void **state)
{
	struct rlimit before, small;
	struct spool *spool = spool_new(UINT64_MAX);
	uint64_t kept;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){ .rlim_cur = (rlim_t)BATCH * RECORD * 3 / 2, .rlim_max = before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	fill(spool, 4 * BATCH);
	kept = read_back(spool);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_true(spool_partial(spool));
	assert_in_range(kept, BATCH, 2 * BATCH); /* what could not be written is still in memory */
	spool_free(spool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_back_what_it_took),
		cmocka_unit_test(goes_on_after_it_was_read),
		cmocka_unit_test(holds_at_most_its_limit),
		cmocka_unit_test(nothing_comes_after_what_was_lost),
		cmocka_unit_test(an_unwritable_folder_is_passed_over),
		cmocka_unit_test(what_is_important_outlives_the_limit),
		cmocka_unit_test(a_full_disk_loses_only_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
