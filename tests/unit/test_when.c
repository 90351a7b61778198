/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/when.h"

#define COUNT(table) (sizeof table / sizeof *table)
#define NOON (1795348800 * SECOND_US) /* 2026-11-22T12:00:00Z */

/* zones are written out, so that no zone database is needed */
static void in_zone(const char *zone)
{
	assert_int_equal(setenv("TZ", zone, 1), 0);
	tzset();
}

static void knows_the_calendar(void **state)
{
	static const struct { const char *name; int64_t t_us; struct civil civil; } cases[] = {
		{ "the beginning", 0, { 1970, 1, 1, 0, 0, 0 } },
		{ "a microsecond before", -1, { 1969, 12, 31, 23, 59, 59 } },
		{ "a leap day of a century", 951782400 * SECOND_US, { 2000, 2, 29, 0, 0, 0 } },
		{ "a century without one", 4107542400 * SECOND_US, { 2100, 3, 1, 0, 0, 0 } },
		{ "the last second of a year", 1798761599 * SECOND_US + 999999, { 2026, 12, 31, 23, 59, 59 } },
		{ "the year 9999", 253402300799 * SECOND_US, { 9999, 12, 31, 23, 59, 59 } },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct civil civil;

		when_to_civil(cases[i].t_us, &civil);
		if (memcmp(&civil, &cases[i].civil, sizeof civil) != 0)
			print_error("%s\n", cases[i].name);
		assert_memory_equal(&civil, &cases[i].civil, sizeof civil);
		assert_true(cases[i].t_us - when_from_civil(&civil) < SECOND_US);
	}
}

static void every_day_comes_back(void **state)
{
	struct civil civil, before = { 1900, 1, 1, 0, 0, 0 };

	for (int64_t t = -700 * 366 * DAY_US / 10; t < 90000 * DAY_US; t += DAY_US) {
		when_to_civil(t, &civil);
		assert_int_equal(when_from_civil(&civil), t);
		assert_true(civil.year > before.year || civil.month > before.month || civil.day == before.day + 1);
		assert_true(civil.month >= 1 && civil.month <= 12 && civil.day >= 1 && civil.day <= 31);
		before = civil;
	}
}

static void reads_rfc3339(void **state)
{
	static const struct { const char *name, *text; int offset_s; int64_t wanted; size_t used; } cases[] = {
		{ "in UTC", "2026-11-22T12:00:00Z", 3600, NOON, 20 },
		{ "small letters", "2026-11-22t12:00:00z", 3600, NOON, 20 },
		{ "an offset", "2026-11-22T21:00:00+09:00 mx", 0, NOON, 25 },
		{ "an offset without colon", "2026-11-22T08:30:00-0330", 0, NOON, 24 },
		{ "a fraction", "2026-11-22T12:00:00.25Z", 0, NOON + 250000, 23 },
		{ "a comma before the fraction", "2026-11-22 12:00:00,123456 x", 0, NOON + 123456, 26 },
		{ "nanoseconds are cut", "2026-11-22T12:00:00.123456789Z", 0, NOON + 123456, 30 },
		{ "a blank for the T, no offset", "2026-11-22 21:00:00", 32400, NOON, 19 },
		{ "no digit behind the point", "2026-11-22T12:00:00.Z", 0, NOON, 19 },
		{ "half an offset", "2026-11-22T12:00:00+09", 0, NOON, 19 },
		{ "a leap second", "2026-11-22T11:59:60Z", 0, NOON, 20 },
		{ "a leap day", "2024-02-29T00:00:00Z", 0, 1709164800 * SECOND_US, 20 },
	};
	static const struct { const char *name, *text; } wrong[] = {
		{ "cut off", "2026-11-22T12:00:0" },    { "month 13", "2026-13-22T12:00:00Z" },
		{ "day 0", "2026-11-00T12:00:00Z" },    { "hour 24", "2026-11-22T24:00:00Z" },
		{ "minute 60", "2026-11-22T12:60:00Z" }, { "before 1970", "1969-11-22T12:00:00Z" },
		{ "letters", "2O26-11-22T12:00:00Z" },  { "other marks", "2026/11/22T12:00:00Z" },
		{ "nothing", "" },                      { "blanks for zeros", "2026-11- 2T12:00:00Z" },
	};
	int64_t t_us;
	size_t used;

	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(when_parse_rfc3339(text_of(cases[i].text), cases[i].offset_s, &t_us, &used));
		if (t_us != cases[i].wanted || used != cases[i].used)
			print_error("%s: came %lld, used %zu\n", cases[i].name, (long long)t_us, used);
		assert_int_equal(t_us, cases[i].wanted);
		assert_int_equal(used, cases[i].used);
	}
	for (size_t i = 0; i < COUNT(wrong); i++) {
		t_us = 4711;
		if (when_parse_rfc3339(text_of(wrong[i].text), 0, &t_us, &used))
			fail_msg("%s: was taken", wrong[i].name);
		assert_int_equal(t_us, 4711);
	}
}

static void reads_what_people_write(void **state)
{
	static const struct { const char *text; bool ok; int64_t wanted; } cases[] = {
		{ "2026-11-22T21:00:00+09:00", true, NOON },
		{ "2026-11-22 21:00:00", true, NOON },
		{ " 2026-11-22 ", true, NOON - 21 * HOUR_US },
		{ "3d", true, NOON - 3 * DAY_US },
		{ "2 hours ago", true, NOON - 2 * HOUR_US },
		{ "1 week ago", true, NOON - 7 * DAY_US },
		{ "90min", true, NOON - 90 * MINUTE_US },
		{ "0 s", true, NOON },
		{ "1000000 weeks", true, NOON - 7000000 * DAY_US },
		{ "1000001 weeks", false, 0 },
		{ "2026-11-22x", false, 0 },
		{ "2026-11-22T21:00:00+09:00x", false, 0 },
		{ "2026-13-01", false, 0 },
		{ "-3d", false, 0 },
		{ "3", false, 0 },
		{ "ago", false, 0 },
		{ "3 fortnights", false, 0 },
		{ "", false, 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t t_us = 4711;
		bool ok = when_parse_people(text_of(cases[i].text), NOON, 32400, &t_us);

		if (ok != cases[i].ok || t_us != (ok ? cases[i].wanted : 4711))
			print_error("'%s': came %d, %lld\n", cases[i].text, ok, (long long)t_us);
		assert_int_equal(ok, cases[i].ok);
		assert_int_equal(t_us, ok ? cases[i].wanted : 4711);
	}
}

static void writes_in_the_zone_of_the_process(void **state)
{
	static const struct { const char *zone; int64_t t_us; const char *wanted; } cases[] = {
		{ "UTC0", NOON + 999999, "2026-11-22T12:00:00+00:00" },
		{ "JST-9", NOON, "2026-11-22T21:00:00+09:00" },
		{ "NST3:30", NOON, "2026-11-22T08:30:00-03:30" },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", NOON, "2026-11-22T13:00:00+01:00" },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", NOON - 150 * DAY_US, "2026-06-25T14:00:00+02:00" },
		{ "UTC0", -1, "1969-12-31T23:59:59+00:00" },
		{ "UTC0", WHEN_NONE, "-" },
	};
	char to[WHEN_TEXT_MAX];

	for (size_t i = 0; i < COUNT(cases); i++) {
		in_zone(cases[i].zone);
		assert_string_equal(when_format(cases[i].t_us, to), cases[i].wanted);
	}
}

static void tells_the_zone_of_a_time(void **state)
{
	in_zone("CET-1CEST,M3.5.0,M10.5.0/3");
	assert_int_equal(when_local_offset(NOON), 3600);
	assert_int_equal(when_local_offset(NOON - 150 * DAY_US), 7200);
	in_zone("NST3:30");
	assert_int_equal(when_local_offset(NOON), -12600);
}

static void writes_spans(void **state)
{
	static const struct { int64_t span_us; const char *wanted; } cases[] = {
		{ 0, "0 s" },
		{ 119 * SECOND_US, "119 s" },
		{ 2 * MINUTE_US, "2 min" },
		{ 119 * MINUTE_US + 59 * SECOND_US, "119 min" },
		{ 2 * HOUR_US + 5 * MINUTE_US, "2 h 05 min" },
		{ 83 * HOUR_US, "3 d 11 h" },
		{ 92 * DAY_US, "92 d 0 h" },
	};
	char to[WHEN_TEXT_MAX];

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(when_format_span(cases[i].span_us, to), cases[i].wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_calendar),
		cmocka_unit_test(every_day_comes_back),
		cmocka_unit_test(reads_rfc3339),
		cmocka_unit_test(reads_what_people_write),
		cmocka_unit_test(writes_in_the_zone_of_the_process),
		cmocka_unit_test(tells_the_zone_of_a_time),
		cmocka_unit_test(writes_spans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
