/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake/frame.h"

#define COUNT(table) (sizeof table / sizeof *table)
#define CET "CET-1CEST,M3.5.0,M10.5.0/3" /* zones are written out, so that no zone database is needed */

enum { TOLD_MAX = 4096 };

/* lines in, envelopes out: time in UTC, program, pid, text; "foreign" for a line that has none */
struct scene {
	const char *name, *zone;
	int year;
	const char *reference; /* NULL: 2026-11-22T12:00:00Z */
	const char *lines, *wanted;
};

static void in_zone(const char *zone)
{
	assert_int_equal(setenv("TZ", zone ? zone : "UTC0", 1), 0);
	tzset();
}

static int64_t time_of(const char *text)
{
	int64_t t_us;
	size_t used;

	assert_true(when_parse_rfc3339(text_of(text ? text : "2026-11-22T12:00:00Z"), 0, &t_us, &used));
	return t_us;
}

static size_t tell(char *to, size_t size, const struct line *line)
{
	struct civil civil;
	int n, us;

	when_to_civil(line->t_us, &civil);
	us = (int)(line->t_us - when_from_civil(&civil));
	n = snprintf(to, size, "%04d-%02d-%02d %02d:%02d:%02d.%06d %.*s[%u] %.*s\n", civil.year, civil.month, civil.day,
		     civil.hour, civil.minute, civil.second, us, TEXT_ARG(line->program), line->pid, TEXT_ARG(line->text));
	assert_true(n > 0 && (size_t)n < size);
	return (size_t)n;
}

static void play(const struct scene *scene)
{
	struct frame *frame;
	struct text rest = text_of(scene->lines), one;
	char told[TOLD_MAX] = "";
	size_t n = 0;
	struct line line;

	in_zone(scene->zone);
	frame = frame_new(scene->year);
	frame_begin(frame, time_of(scene->reference));
	while (text_cut(&rest, '\n', &one)) {
		if (frame_take(frame, one, &line))
			n += tell(told + n, sizeof told - n, &line);
		else
			n += (size_t)snprintf(told + n, sizeof told - n, "foreign\n");
		assert_true(n < sizeof told);
	}
	assert_int_equal(rest.n, 0); /* every line of a scene ends */
	frame_free(frame);
	if (strcmp(told, scene->wanted) != 0)
		print_error("%s:\nwanted:\n%s\ncame:\n%s\n", scene->name, scene->wanted, told);
	assert_string_equal(told, scene->wanted);
}

static void play_all(const struct scene *scenes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		play(&scenes[i]);
}

#define P " mx postfix/smtpd[7]: x\n"
#define T " postfix/smtpd[7] x\n"

static void reads_bsd_stamps(void **state)
{
	static const struct scene scenes[] = {
		{ "the usual line", .lines = "Nov 22 08:45:06 mx postfix/submission/smtpd[11056]: connect from unknown[203.0.113.41]\n",
		  .wanted = "2026-11-22 08:45:06.000000 postfix/submission/smtpd[11056] connect from unknown[203.0.113.41]\n" },
		{ "a day of one digit", .lines = "Nov  2 08:45:06" P "Nov 02 08:45:07" P,
		  .wanted = "2026-11-02 08:45:06.000000" T "2026-11-02 08:45:07.000000" T },
		{ "the same hour, another minute", .lines = "Nov 22 08:45:06" P "Nov 22 08:46:00" P "Nov 22 08:59:60" P,
		  .wanted = "2026-11-22 08:45:06.000000" T "2026-11-22 08:46:00.000000" T "2026-11-22 09:00:00.000000" T },
		{ "in the zone of the process", "JST-9", .lines = "Nov 22 08:45:06" P, .wanted = "2026-11-21 23:45:06.000000" T },
		{ "in summer time", CET, .lines = "Jul  1 12:00:00" P "Nov 22 08:45:06" P,
		  .wanted = "2026-07-01 10:00:00.000000" T "2026-11-22 07:45:06.000000" T },
		{ "the night in which summer time begins", CET, .lines = "Mar 29 01:59:59" P "Mar 29 03:00:00" P,
		  .wanted = "2026-03-29 00:59:59.000000" T "2026-03-29 01:00:00.000000" T },
		{ "the night in which it ends", CET, .lines = "Oct 25 01:59:59" P "Oct 25 03:00:00" P,
		  .wanted = "2026-10-24 23:59:59.000000" T "2026-10-25 02:00:00.000000" T },
		{ "with a fraction of the second", .lines = "Nov 22 08:45:06.25" P "Nov 22 08:45:06.1234567" P "Nov 22 08:45:06.x" P,
		  .wanted = "2026-11-22 08:45:06.250000" T "2026-11-22 08:45:06.123456" T "foreign\n" },
		{ "with a year", .lines = "2025 Nov  2 08:45:06" P "Nov 12 2024 08:45:06" P "<22>Nov 12 2024 08:45:06.5" P "Nov 22 08:45:06" P,
		  .wanted = "2025-11-02 08:45:06.000000" T "2024-11-12 08:45:06.000000" T "2024-11-12 08:45:06.500000" T "2026-11-22 08:45:06.000000" T },
		{ "with a year, in the zone of the process", "JST-9", .lines = "2026 Nov 22 08:45:06" P, .wanted = "2026-11-21 23:45:06.000000" T },
		{ "with what is no year", .lines = " 026 Nov  2 08:45:06" P "2025 Nix  2 08:45:06" P "2025 Nov 32 08:45:06" P "Nov  2 20x5 08:45:06" P
		  "Nov  2 2025 24:45:06" P "1500 Nov  2 08:45:06" P "2025 Nov  2 08:45:0\n" "2025 Nov  2 08:45:06\n",
		  .wanted = "foreign\nforeign\nforeign\nforeign\nforeign\nforeign\nforeign\nforeign\n" },
		{ "the clock was set back", .lines = "Nov 22 08:45:06" P "Nov 22 08:44:59" P "Nov 21 23:59:59" P "Nov 22 08:45:07" P,
		  .wanted = "2026-11-22 08:45:06.000000" T "2026-11-22 08:44:59.000000" T "2026-11-21 23:59:59.000000" T
			    "2026-11-22 08:45:07.000000" T },
	};

	play_all(scenes, COUNT(scenes));
}

static void finds_the_year(void **state)
{
	static const struct scene scenes[] = {
		{ "over New Year", .reference = "2026-01-05T00:00:00Z", .lines = "Dec 31 23:59:59" P "Jan  1 00:00:00" P,
		  .wanted = "2025-12-31 23:59:59.000000" T "2026-01-01 00:00:00.000000" T },
		{ "over New Year and back: two hosts in one file", .reference = "2026-01-05T00:00:00Z",
		  .lines = "Jan  1 00:00:01" P "Dec 31 23:59:58" P "Jan  1 00:00:02" P,
		  .wanted = "2026-01-01 00:00:01.000000" T "2025-12-31 23:59:58.000000" T "2026-01-01 00:00:02.000000" T },
		{ "New Year comes earlier in Tokyo", "JST-9", .reference = "2025-12-31T15:00:05Z",
		  .lines = "Dec 31 23:59:59" P "Jan  1 00:00:00" P,
		  .wanted = "2025-12-31 14:59:59.000000" T "2025-12-31 15:00:00.000000" T },
		{ "a log of last year", .reference = "2026-03-01T00:00:00Z", .lines = "Nov 22 08:45:06" P,
		  .wanted = "2025-11-22 08:45:06.000000" T },
		{ "the file is hardly younger than its line", .reference = "2026-11-22T08:45:06Z",
		  .lines = "Nov 22 08:45:06" P, .wanted = "2026-11-22 08:45:06.000000" T },
		{ "a clock a few hours ahead of the file", .reference = "2026-11-22T08:00:00Z", .lines = "Nov 22 20:00:00" P,
		  .wanted = "2026-11-22 20:00:00.000000" T },
		{ "two days ahead is last year", .reference = "2026-11-22T08:00:00Z", .lines = "Nov 24 20:00:00" P,
		  .wanted = "2025-11-24 20:00:00.000000" T },
		{ "a year of rotated logs in one file", .reference = "2026-11-22T12:00:00Z",
		  .lines = "Dec 20 00:00:00" P "Mar  1 00:00:00" P "Jul 31 00:00:00" P "Nov 22 00:00:00" P,
		  .wanted = "2025-12-20 00:00:00.000000" T "2026-03-01 00:00:00.000000" T "2026-07-31 00:00:00.000000" T
			    "2026-11-22 00:00:00.000000" T },
		{ "the year was given", .year = 2019, .lines = "Dec 31 23:59:59" P "Jan  1 00:00:00" P,
		  .wanted = "2019-12-31 23:59:59.000000" T "2020-01-01 00:00:00.000000" T },
		{ "the leap day", .reference = "2024-03-05T00:00:00Z",
		  .lines = "Feb 28 23:59:59" P "Feb 29 00:00:00" P "Mar  1 00:00:00" P,
		  .wanted = "2024-02-28 23:59:59.000000" T "2024-02-29 00:00:00.000000" T "2024-03-01 00:00:00.000000" T },
		{ "the leap day first", .reference = "2024-03-05T00:00:00Z", .lines = "Feb 29 10:00:00" P,
		  .wanted = "2024-02-29 10:00:00.000000" T },
		{ "the leap day in a copy made years later", .reference = "2026-11-22T12:00:00Z", .lines = "Feb 29 10:00:00" P,
		  .wanted = "2024-02-29 10:00:00.000000" T },
		{ "stamps with a year in between change nothing", .reference = "2026-01-05T00:00:00Z",
		  .lines = "Dec 31 23:59:59" P "2019-07-01T00:00:00Z" P "Jan  1 00:00:00" P,
		  .wanted = "2025-12-31 23:59:59.000000" T "2019-07-01 00:00:00.000000" T "2026-01-01 00:00:00.000000" T },
	};

	play_all(scenes, COUNT(scenes));
}

static int year_in(struct frame *frame, const char *text)
{
	struct line line;
	struct civil civil;

	if (!frame_take(frame, text_of(text), &line))
		fail_msg("not taken: '%s'", text);
	when_to_civil(line.t_us, &civil);
	return civil.year;
}

static void files_side_by_side_have_their_own_years(void **state)
{
	struct frame *first = frame_new(0), *old = frame_beside(first, WHEN_NONE);

	in_zone(NULL);
	frame_begin(first, time_of("2026-01-05T00:00:00Z"));
	frame_begin(old, time_of("2024-01-05T00:00:00Z"));
	assert_int_equal(year_in(first, "Nov 22 08:45:06 mx a[1]: x"), 2025);
	assert_int_equal(year_in(old, "Nov 22 08:45:06 mx a[1]: x"), 2023);
	assert_int_equal(year_in(first, "Jan  1 08:45:06 mx a[1]: x"), 2026);
	assert_int_equal(year_in(old, "Jan  1 08:45:06 mx a[1]: x"), 2024);
	frame_free(old);
	frame_free(first);
}

static void a_file_may_follow_on_from_another(void **state)
{
	struct frame *first = frame_new(2019), *next;

	in_zone(NULL);
	frame_begin(first, time_of("2026-11-22T00:00:00Z"));
	assert_int_equal(year_in(first, "Dec 31 23:00:00 mx a[1]: x"), 2019);
	next = frame_beside(first, time_of("2019-12-31T23:00:00Z"));
	frame_begin(next, time_of("2026-11-22T00:00:00Z"));
	assert_int_equal(year_in(next, "Jan  1 01:00:00 mx a[1]: x"), 2020);
	assert_int_equal(year_in(next, "Dec 31 23:59:00 mx a[1]: x"), 2019);
	frame_free(next);
	frame_free(first);
}

/* nobody said how old the file is: no year can be right, but the second line must follow the first */
static void a_file_of_unknown_age(void **state)
{
	struct frame *frame = frame_new(0);
	struct line first, second;

	in_zone(NULL);
	if (frame_take(frame, TEXT("Nov 22 08:45:06 mx a[1]: x"), &first)) {
		assert_true(frame_take(frame, TEXT("Nov 22 09:45:06 mx a[1]: x"), &second));
		assert_int_equal(second.t_us - first.t_us, HOUR_US);
	}
	frame_free(frame);
}

static void reads_rfc3339_stamps(void **state)
{
	static const struct scene scenes[] = {
		{ "in UTC", CET, .lines = "2026-11-22T08:45:06Z" P, .wanted = "2026-11-22 08:45:06.000000" T },
		{ "an offset and a fraction: rsyslog's own", CET, .lines = "2026-11-22T08:45:06.123456+09:00" P,
		  .wanted = "2026-11-21 23:45:06.123456" T },
		{ "west of Greenwich", .lines = "2026-11-22T08:45:06-03:30" P, .wanted = "2026-11-22 12:15:06.000000" T },
		{ "one line after another in the same hour",
		  .lines = "2026-11-22T08:45:06.5+09:00" P "2026-11-22T08:45:07.25+09:00" P "2026-11-22T08:59:60+09:00" P
			   "2026-11-22T08:00:00.000001+09:00" P,
		  .wanted = "2026-11-21 23:45:06.500000" T "2026-11-21 23:45:07.250000" T "2026-11-22 00:00:00.000000" T
			    "2026-11-21 23:00:00.000001" T },
		{ "two zones in the same hour: two hosts in one file",
		  .lines = "2026-11-22T08:45:06+09:00" P "2026-11-22T08:45:07+01:00" P "2026-11-22T08:45:08Z" P "2026-11-22T08:45:09+09:00" P,
		  .wanted = "2026-11-21 23:45:06.000000" T "2026-11-22 07:45:07.000000" T "2026-11-22 08:45:08.000000" T
			    "2026-11-21 23:45:09.000000" T },
		{ "without a zone it is local", "JST-9", .lines = "2026-11-22T08:45:06" P "2026-11-22T08:45:07.5" P,
		  .wanted = "2026-11-21 23:45:06.000000" T "2026-11-21 23:45:07.500000" T },
		{ "with and without a zone in one file", "JST-9", .lines = "2026-11-22T08:45:06Z" P "2026-11-22T08:45:06" P "2026-11-22T08:45:06Z" P,
		  .wanted = "2026-11-22 08:45:06.000000" T "2026-11-21 23:45:06.000000" T "2026-11-22 08:45:06.000000" T },
		{ "a comma before the fraction", "JST-9", .lines = "2026-11-22 08:45:06,250" P "2026-11-22T08:45:06,250+00:00" P,
		  .wanted = "2026-11-21 23:45:06.250000" T "2026-11-22 08:45:06.250000" T },
		{ "an offset without colon", .lines = "2026-11-22T08:45:06+0900" P "2026-11-22T08:46:06+0900" P,
		  .wanted = "2026-11-21 23:45:06.000000" T "2026-11-21 23:46:06.000000" T },
		{ "nanoseconds", .lines = "2026-11-22T08:45:06.123456789Z" P "2026-11-22T08:45:07.123456789Z" P,
		  .wanted = "2026-11-22 08:45:06.123456" T "2026-11-22 08:45:07.123456" T },
		{ "what is no stamp is none behind a good one either",
		  .lines = "2026-11-22T08:45:06+09:00" P "2026-11-22T08: 5:06+09:00" P "2026-11-22T08:45: 7+09:00" P "2026-11-22T08:45:07.+09:00" P,
		  .wanted = "2026-11-21 23:45:06.000000" T "foreign\nforeign\nforeign\n" },
		{ "a blank for the T", .lines = "2026-11-22 08:45:06" P "2026-11-22 08:45:07+01:00" P,
		  .wanted = "2026-11-22 08:45:06.000000" T "2026-11-22 07:45:07.000000" T },
	};

	play_all(scenes, COUNT(scenes));
}

static void reads_rfc5424(void **state)
{
	static const struct scene scenes[] = {
		{ "as a relay writes it", .lines = "<22>1 2026-11-22T08:45:06.123456+09:00 mx postfix/smtpd 7 - - x\n",
		  .wanted = "2026-11-21 23:45:06.123456" T },
		{ "without a pid", .lines = "<22>1 2026-11-22T08:45:06Z mx dovecot - - - imap-login: Login: user=<a>\n",
		  .wanted = "2026-11-22 08:45:06.000000 dovecot[0] imap-login: Login: user=<a>\n" },
		{ "with structured data", .lines = "<22>1 2026-11-22T08:45:06Z mx postfix/smtpd 7 ID1 [a@1 k=\"v\"][b@1 k=\"]\" l=\"\\\"]\"] x\n",
		  .wanted = "2026-11-22 08:45:06.000000" T },
		{ "with a byte order mark", .lines = "<22>1 2026-11-22T08:45:06Z mx postfix/smtpd 7 - [a@1] \xef\xbb\xbfx\n",
		  .wanted = "2026-11-22 08:45:06.000000" T },
		{ "the text begins with a bracket", .lines = "<22>1 2026-11-22T08:45:06Z mx postfix/smtpd 7 - [a@1] [x] y\n",
		  .wanted = "2026-11-22 08:45:06.000000 postfix/smtpd[7] [x] y\n" },
		{ "cut off in the structured data", .lines = "<22>1 2026-11-22T08:45:06Z mx postfix/smtpd 7 - [a@1 k=\"v\n",
		  .wanted = "2026-11-22 08:45:06.000000 postfix/smtpd[7] \n" },
		{ "no text", .lines = "<22>1 2026-11-22T08:45:06Z mx postfix/smtpd 7 - -\n",
		  .wanted = "2026-11-22 08:45:06.000000 postfix/smtpd[7] \n" },
		{ "no time", .lines = "<22>1 - mx postfix/smtpd 7 - - x\n", .wanted = "foreign\n" },
		{ "an empty host", .lines = "<22>1 2026-11-22T08:45:06Z  postfix/smtpd 7 - - x\n", .wanted = "foreign\n" },
		{ "no program", .lines = "<22>1 2026-11-22T08:45:06Z mx  7 - - x\n", .wanted = "foreign\n" },
		{ "a host that looks like a program does not mislead the next line",
		  .lines = "<22>1 2026-11-22T08:45:06Z a: b - - - x\n2026-11-22T08:45:06Z a: b: y\n",
		  .wanted = "2026-11-22 08:45:06.000000 b[0] x\n2026-11-22 08:45:06.000000 a[0] b: y\n" },
		{ "cut off", .lines = "<22>1 2026-11-22T08:45:06Z mx postfix/smtpd 7\n<22>1 \n<22>1\n", .wanted = "foreign\nforeign\nforeign\n" },
	};

	play_all(scenes, COUNT(scenes));
}

static void takes_off_priorities(void **state)
{
	static const struct scene scenes[] = {
		{ "BSD", .lines = "<22>Nov 22 08:45:06" P, .wanted = "2026-11-22 08:45:06.000000" T },
		{ "of one digit and of three", .lines = "<0>Nov 22 08:45:06" P "<191>Nov 22 08:45:06" P,
		  .wanted = "2026-11-22 08:45:06.000000" T "2026-11-22 08:45:06.000000" T },
		{ "RFC 3339", .lines = "<22>2026-11-22T08:45:06Z" P, .wanted = "2026-11-22 08:45:06.000000" T },
		{ "none can be that long", .lines = "<1234>Nov 22 08:45:06" P, .wanted = "foreign\n" },
		{ "nothing behind", .lines = "<22>\n<22>x\n<22\n<\n", .wanted = "foreign\nforeign\nforeign\nforeign\n" },
	};

	play_all(scenes, COUNT(scenes));
}

static void reads_tai64n(void **state)
{
	static const struct scene scenes[] = {
		{ "with a host", .lines = "@400000006b02d94a075bca00" P, .wanted = "2026-11-22 12:00:00.123456" T },
		{ "without one: multilog", .lines = "@400000006b02d94a00000000 postfix/smtpd[7]: x\n", .wanted = "2026-11-22 12:00:00.000000" T },
		{ "too many nanoseconds", .lines = "@400000006b02d94a3b9aca00" P, .wanted = "foreign\n" },
		{ "before 1970", .lines = "@3fffffffffffffff00000000" P, .wanted = "foreign\n" },
		{ "in a far future", .lines = "@7fffffffffffffff00000000" P, .wanted = "foreign\n" },
		{ "no number", .lines = "@400000006b02d94g00000000" P, .wanted = "foreign\n" },
		{ "cut off", .lines = "@400000006b02d94a0000000\n@\n", .wanted = "foreign\nforeign\n" },
	};

	play_all(scenes, COUNT(scenes));
}

#define E "1oAbCd-000Xyz-1A"
static void reads_exims_own(void **state)
{
	static const struct scene scenes[] = {
		{ "a message", .lines = "2026-11-22 08:45:06 " E " <= alice@example.org H=h [192.0.2.9] P=esmtp S=1\n",
		  .wanted = "2026-11-22 08:45:06.000000 exim[0] " E " <= alice@example.org H=h [192.0.2.9] P=esmtp S=1\n" },
		{ "with its pid", .lines = "2026-11-22 08:45:06 [77] " E " Completed\n", .wanted = "2026-11-22 08:45:06.000000 exim[77] " E " Completed\n" },
		{ "with milliseconds", "JST-9", .lines = "2026-11-22 08:45:06.250 " E " Completed\n",
		  .wanted = "2026-11-21 23:45:06.250000 exim[0] " E " Completed\n" },
		{ "with its zone (log_timezone)", CET, .lines = "2026-11-22 08:45:06 +0900 " E " Completed\n2026-11-22 08:45:06.250 +0900 [77] " E " Completed\n",
		  .wanted = "2026-11-21 23:45:06.000000 exim[0] " E " Completed\n2026-11-21 23:45:06.250000 exim[77] " E " Completed\n" },
		{ "no message", .lines = "2026-11-22 08:45:06 Start queue run: pid=77\n2026-11-22 08:45:06 exim 4.96 daemon started: pid=1\n",
		  .wanted = "2026-11-22 08:45:06.000000 exim[0] Start queue run: pid=77\n"
			    "2026-11-22 08:45:06.000000 exim[0] exim 4.96 daemon started: pid=1\n" },
		{ "an address in brackets is no pid", .lines = "2026-11-22 08:45:06 [192.0.2.9] x\n",
		  .wanted = "2026-11-22 08:45:06.000000 exim[0] [192.0.2.9] x\n" },
		{ "other programs with such a stamp", .lines = "2026-11-22 08:45:06 mx dovecot: imap-login: x\n2026-11-22 08:45:06 mx sm-mta[7]: x\n",
		  .wanted = "2026-11-22 08:45:06.000000 dovecot[0] imap-login: x\n2026-11-22 08:45:06.000000 sm-mta[7] x\n" },
	};

	play_all(scenes, COUNT(scenes));
}

static void reads_dovecots_own(void **state)
{
	static const struct scene scenes[] = {
		{ "a login", .lines = "Nov 22 08:45:06 imap-login: Info: Login: user=<a>\n",
		  .wanted = "2026-11-22 08:45:06.000000 dovecot[0] imap-login: Info: Login: user=<a>\n" },
		{ "a session", .lines = "Nov 22 08:45:06 lmtp(alice)<11067><GB74MJmr>: Info: saved mail to INBOX\n",
		  .wanted = "2026-11-22 08:45:06.000000 dovecot[0] lmtp(alice)<11067><GB74MJmr>: Info: saved mail to INBOX\n" },
		{ "2.4 names the user in front", .lines = "Nov 22 08:45:06 auth(alice,192.0.2.9,sasl:plain)<Cd5N>: sql: Password mismatch\n",
		  .wanted = "2026-11-22 08:45:06.000000 dovecot[0] auth(alice,192.0.2.9,sasl:plain)<Cd5N>: sql: Password mismatch\n" },
		{ "a full date", .lines = "2026-11-22 08:45:06 auth: Info: x\n", .wanted = "2026-11-22 08:45:06.000000 dovecot[0] auth: Info: x\n" },
		{ "in between lines of syslog", .lines = "Nov 22 08:45:06" P "Nov 22 08:45:06 auth: Info: x\nNov 22 08:45:06" P,
		  .wanted = "2026-11-22 08:45:06.000000" T "2026-11-22 08:45:06.000000 dovecot[0] auth: Info: x\n2026-11-22 08:45:06.000000" T },
		{ "a host of that name", .lines = "Nov 22 08:45:06 imap dovecot: auth: x\nNov 22 08:45:06 auth dovecot: auth: x\n",
		  .wanted = "2026-11-22 08:45:06.000000 dovecot[0] auth: x\n2026-11-22 08:45:06.000000 dovecot[0] auth: x\n" },
	};

	play_all(scenes, COUNT(scenes));
}

#define LONG_NAME "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
static void reads_programs(void **state)
{
	static const struct scene scenes[] = {
		{ "no pid", .lines = "Nov 22 08:45:06 mx dovecot: x\n", .wanted = "2026-11-22 08:45:06.000000 dovecot[0] x\n" },
		{ "no blank behind the colon", .lines = "Nov 22 08:45:06 mx a[1]:x\n", .wanted = "2026-11-22 08:45:06.000000 a[1] x\n" },
		{ "two blanks: one is the text's", .lines = "Nov 22 08:45:06 mx a[1]:  x\n", .wanted = "2026-11-22 08:45:06.000000 a[1]  x\n" },
		{ "nothing said", .lines = "Nov 22 08:45:06 mx a[1]:\nNov 22 08:45:06 mx a[1]: \n",
		  .wanted = "2026-11-22 08:45:06.000000 a[1] \n2026-11-22 08:45:06.000000 a[1] \n" },
		{ "no host", .lines = "Nov 22 08:45:06 postfix/smtpd[7]: x\n", .wanted = "2026-11-22 08:45:06.000000" T },
		{ "a host that is an address", .lines = "Nov 22 08:45:06 2001:db8::1 a[1]: x\n", .wanted = "2026-11-22 08:45:06.000000 a[1] x\n" },
		{ "CRLF", .lines = "Nov 22 08:45:06 mx a[1]: x\r\n2026-11-22T08:45:06Z mx a[1]: y\r\n",
		  .wanted = "2026-11-22 08:45:06.000000 a[1] x\n2026-11-22 08:45:06.000000 a[1] y\n" },
		{ "repeated by syslogd, which names no program", .lines = "Nov 22 08:45:06 mx last message repeated 3 times\n", .wanted = "foreign\n" },
		{ "a pid that is none", .lines = "Nov 22 08:45:06 mx a[1x]: y\nNov 22 08:45:06 mx a[1: y\nNov 22 08:45:06 mx a[\n",
		  .wanted = "foreign\nforeign\nforeign\n" },
		{ "no colon", .lines = "Nov 22 08:45:06 mx a[1] y\nNov 22 08:45:06 mx a\n", .wanted = "foreign\nforeign\n" },
		{ "too long for a name", .lines = "Nov 22 08:45:06 mx " LONG_NAME LONG_NAME ": y\n", .wanted = "foreign\n" },
		{ "not a name", .lines = "Nov 22 08:45:06 mx <b>: y\nNov 22 08:45:06 mx : y\n", .wanted = "foreign\nforeign\n" },
	};

	play_all(scenes, COUNT(scenes));
}

static void passes_over_garbage(void **state)
{
	static const struct text garbage[] = {
		TEXT(""), TEXT(" "), TEXT("\r"), TEXT("x"), TEXT("Nov"), TEXT("Nov 22 08:45:06"), TEXT("Nov 22 08:45:06 "),
		TEXT("Nov 22 08:45:06 mx"), TEXT("Nov 22 08:45:06 mx "), TEXT("Foo 22 08:45:06 mx a[1]: x"), TEXT("Nov 32 08:45:06 mx a[1]: x"),
		TEXT("Nov  0 08:45:06 mx a[1]: x"), TEXT("Nov 22 24:45:06 mx a[1]: x"), TEXT("Nov 22 08:60:06 mx a[1]: x"),
		TEXT("Nov 22 08:45:61 mx a[1]: x"), TEXT("Nov 22 08:4x:06 mx a[1]: x"), TEXT("2026-11-22T08:45:06Z"), TEXT("2026-11-22T08:45:06Z "),
		TEXT("2026-13-22T08:45:06Z mx a[1]: x"), TEXT("2026-11-22T08:45:06"), TEXT("postfix/smtpd[1]: connect from unknown[192.0.2.9]"),
		TEXT("\xff\xfe\x00"), TEXT("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
		TEXT("Nov 22 08:45:06 mx a\0b[1]: x"),
	};
	struct frame *frame = frame_new(0);
	struct line line;

	in_zone(NULL);
	frame_begin(frame, time_of(NULL));
	for (size_t i = 0; i < COUNT(garbage); i++)
		if (frame_take(frame, garbage[i], &line))
			fail_msg("taken: '%.*s'", TEXT_ARG(garbage[i]));
	assert_true(frame_take(frame, TEXT("Nov 22 08:45:06 mx a[1]: a\0b"), &line));
	assert_memory_equal(line.text.p, "a\0b", 3);
	frame_free(frame);
}

/* ---- hosts */

static uint32_t host_in(struct frame *frame, const char *text)
{
	struct line line = { .host = 0 };

	if (!frame_take(frame, text_of(text), &line))
		fail_msg("not taken: '%s'", text);
	return line.host;
}

static void a_host_keeps_its_number(void **state)
{
	struct frame *frame = frame_new(0), *beside;
	uint32_t a, b, none;

	in_zone(NULL);
	frame_begin(frame, time_of(NULL));
	a = host_in(frame, "Nov 22 08:45:06 mx1 a[1]: x");
	b = host_in(frame, "Nov 22 08:45:06 mx2 a[1]: x");
	none = host_in(frame, "Nov 22 08:45:06 imap-login: Info: x");
	assert_true(a && b && none && a != b && a != none && b != none);
	assert_int_equal(host_in(frame, "2026-11-22T08:45:06Z mx1 b[1]: x"), a);
	assert_int_equal(host_in(frame, "<22>1 2026-11-22T08:45:06Z mx2 b - - - x"), b);
	assert_int_not_equal(host_in(frame, "Nov 22 08:45:06 mx10 a[1]: x"), a);
	beside = frame_beside(frame, WHEN_NONE);
	frame_begin(beside, time_of(NULL));
	assert_int_equal(host_in(beside, "Nov 22 08:45:06 mx1 a[1]: x"), a);
	assert_int_equal(host_in(beside, "Nov 22 08:45:06 mx3 a[1]: x"), host_in(frame, "Nov 22 08:45:06 mx3 a[1]: x"));
	frame_free(beside);
	frame_free(frame);
}

static void hosts_beyond_the_limit_share_a_number(void **state)
{
	struct frame *frame = frame_new(0);
	char text[64];
	uint32_t first, last = 0;

	in_zone(NULL);
	frame_begin(frame, time_of(NULL));
	first = host_in(frame, "Nov 22 08:45:06 host-0 a[1]: x");
	for (int i = 1; i < FRAME_HOSTS_MAX + 1000; i++) {
		snprintf(text, sizeof text, "Nov 22 08:45:06 host-%d a[1]: x", i);
		last = host_in(frame, text);
	}
	assert_int_equal(last, FRAME_HOSTS_MAX);
	assert_int_equal(host_in(frame, "Nov 22 08:45:06 one-more a[1]: x"), FRAME_HOSTS_MAX);
	assert_int_equal(host_in(frame, "Nov 22 08:45:06 host-0 a[1]: x"), first);
	frame_free(frame);
}

static void queue_ids_of_exim_are_no_hosts(void **state)
{
	struct frame *frame = frame_new(0);
	char text[80];

	in_zone(NULL);
	frame_begin(frame, time_of(NULL));
	for (int i = 0; i < FRAME_HOSTS_MAX + 1000; i++) {
		snprintf(text, sizeof text, "2026-11-22 08:45:06 1oAbCd-%06d-1A Completed", i);
		host_in(frame, text);
	}
	assert_int_not_equal(host_in(frame, "Nov 22 08:45:06 mx1 a[1]: x"), host_in(frame, "Nov 22 08:45:06 mx2 a[1]: x"));
	frame_free(frame);
}

static void a_host_too_long_to_remember_is_still_one(void **state)
{
	struct frame *frame = frame_new(0);
	uint32_t number;

	in_zone(NULL);
	frame_begin(frame, time_of(NULL));
#define LONG_HOST LONG_NAME LONG_NAME LONG_NAME LONG_NAME
	number = host_in(frame, "Nov 22 08:45:06 " LONG_HOST " a[1]: x");
	assert_int_equal(host_in(frame, "Nov 22 08:45:06 " LONG_HOST " a[1]: x"), number);
	assert_int_not_equal(host_in(frame, "Nov 22 08:45:06 mx a[1]: x"), number);
	frame_free(frame);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_bsd_stamps),
		cmocka_unit_test(finds_the_year),
		cmocka_unit_test(files_side_by_side_have_their_own_years),
		cmocka_unit_test(a_file_may_follow_on_from_another),
		cmocka_unit_test(reads_rfc3339_stamps),
		cmocka_unit_test(reads_rfc5424),
		cmocka_unit_test(takes_off_priorities),
		cmocka_unit_test(reads_tai64n),
		cmocka_unit_test(reads_exims_own),
		cmocka_unit_test(reads_dovecots_own),
		cmocka_unit_test(reads_programs),
		cmocka_unit_test(passes_over_garbage),
		cmocka_unit_test(a_host_keeps_its_number),
		cmocka_unit_test(hosts_beyond_the_limit_share_a_number),
		cmocka_unit_test(queue_ids_of_exim_are_no_hosts),
		cmocka_unit_test(a_host_too_long_to_remember_is_still_one),
		cmocka_unit_test(a_file_of_unknown_age),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
