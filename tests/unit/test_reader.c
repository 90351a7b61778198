/* SPDX-License-Identifier: Apache-2.0 */
/* From files to events: what several logs say together, and what is counted on the way. */
#include "test_input_help.h"

#include "intake/reader.h"

#define COUNT(table) (sizeof table / sizeof *table)
#define POSTFIX " mx postfix/"
#define SMTPD "submission/smtpd[77]: "
#define SASL ", sasl_method=PLAIN, sasl_username=alice"
#define FAILED "warning: unknown[203.0.113.41]: SASL LOGIN authentication failed: authentication failure"

/* what came out, as far as the tests ask */
struct seen {
	struct accounts *accounts;
	struct event events[4];
	struct event_sink sink;
	struct reader *reader;
	uint64_t logins, failures, submits, sent, bounced, deferred;
	uint64_t backwards;         /* events that are older than the one before */
	int64_t first_us, last_us;
};

static void count_event(struct seen *seen, const struct event *event)
{
	if (seen->first_us == WHEN_NONE)
		seen->first_us = event->t_us;
	seen->backwards += seen->last_us != WHEN_NONE && event->t_us < seen->last_us;
	seen->last_us = event->t_us;
	seen->logins += event->kind == EVENT_AUTH && event->ok ? event->count : 0;
	seen->failures += event->kind == EVENT_AUTH && !event->ok ? event->count : 0;
	seen->submits += event->kind == EVENT_SUBMIT;
	seen->sent += event->kind == EVENT_OUTCOME && event->result == RESULT_SENT;
	seen->bounced += event->kind == EVENT_OUTCOME && event->result == RESULT_BOUNCED;
	seen->deferred += event->kind == EVENT_OUTCOME && event->result == RESULT_DEFERRED;
}

static void count_events(struct event_sink *sink)
{
	for (size_t i = 0; i < sink->count; i++)
		count_event(sink->context, &sink->items[i]);
	sink->count = 0;
}

static void begin(struct seen *seen, const struct reader_options *options)
{
	*seen = (struct seen){ .accounts = accounts_new("example.org"), .first_us = WHEN_NONE, .last_us = WHEN_NONE };
	seen->sink = (struct event_sink){
		.items = seen->events,
		.room = COUNT(seen->events),
		.full = count_events,
		.context = seen,
	};
	seen->reader = reader_new(seen->accounts, &seen->sink, options);
}

static void end(struct seen *seen)
{
	reader_free(seen->reader);
	accounts_free(seen->accounts);
}

static struct reader_options any_time(void)
{
	return (struct reader_options){
		.since_us = WHEN_NONE,
		.until_us = WHEN_NONE,
		.now_us = 1795348800 * SECOND_US,
	};
}

static int64_t time_of(const char *text)
{
	int64_t t_us;
	size_t used;

	assert_true(when_parse_rfc3339(text_of(text), 0, &t_us, &used));
	return t_us;
}

/* a file of these lines, last written to at that time; its first time is looked up as the command does */
static struct reader_source file_of(const char *name, struct text lines, const char *written)
{
	const char *path = help_path(name);
	struct timespec time = { .tv_sec = time_of(written) / SECOND_US }, times[2] = { time, time };

	help_file(path, lines);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	return (struct reader_source){ .path = path, .first_us = reader_first_time(path, 0, WHEN_NONE), .bytes = lines.n };
}

static void read_all(struct seen *seen, struct reader_source *sources, size_t count)
{
	reader_read(seen->reader, sources, count);
	count_events(&seen->sink);
}

/* reads one file of these lines; whatever the caller wants to know stands in *seen and *source; then end() */
static void read_one(struct seen *seen, struct reader_source *source, struct text lines)
{
	struct reader_options options = any_time();

	begin(seen, &options);
	*source = file_of("mail.log", lines, "2026-11-22T12:00:00Z");
	read_all(seen, source, 1);
	assert_false(source->failed);
}

/* ---- several files */

static void a_message_runs_over_rotated_logs_in_two_formats(void **state)
{
	static const char old[] = "Nov 21 23:59:57" POSTFIX SMTPD "connect from mail.example.net[203.0.113.7]\n"
				  "Nov 21 23:59:58" POSTFIX SMTPD "A1B2C3D4E5: client=mail.example.net[203.0.113.7]" SASL "\n"
				  "Nov 21 23:59:58 mx sshd[9]: Accepted publickey for root\n"
				  "Nov 21 23:59:59" POSTFIX "qmgr[1]: A1B2C3D4E5: from=<alice@example.org>, size=1, nrcpt=2 (queue active)\n";
	static const char new[] = "2026-11-22T00:00:00.5+00:00" POSTFIX "smtp[3]: A1B2C3D4E5: to=<c@d>, relay=mx.d[198.51.100.5]:25, delay=1, dsn=2.0.0, status=sent (250 OK)\n"
				  "2026-11-22T00:00:01+00:00" POSTFIX "smtp[3]: A1B2C3D4E5: to=<e@f>, relay=mx.f[198.51.100.6]:25, delay=1, dsn=5.1.1, status=bounced (550 no)\n"
				  "2026-11-22T00:00:02+00:00" POSTFIX "qmgr[1]: A1B2C3D4E5: removed\n"
				  "2026-11-22T00:00:03+00:00" POSTFIX "qmgr[1]: what is this\n"
				  "no stamp at all\n"
				  "2026-11-22T00:00:04+00:00 mx dovecot: imap-login: Logged in: user=<alice>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.1\n";
	struct reader_options options = any_time();
	struct reader_source sources[2];
	struct seen seen;

	begin(&seen, &options);
	help_pack(help_path("mail.log.1.gz"), ARCHIVE_FILTER_GZIP, text_of(old));
	sources[0] = (struct reader_source){ .path = help_path("mail.log.1.gz"), .first_us = reader_first_time(help_path("mail.log.1.gz"), 2026, WHEN_NONE) };
	sources[1] = file_of("mail.log", text_of(new), "2026-11-22T12:00:00Z");
	assert_int_equal(sources[1].first_us, time_of("2026-11-22T00:00:00.5Z"));
	read_all(&seen, sources, 2);
	assert_true(!sources[0].failed && !sources[1].failed);
	assert_int_equal(seen.logins, 2);
	assert_int_equal(seen.submits, 1);
	assert_int_equal(seen.sent, 1);
	assert_int_equal(seen.bounced, 1);
	assert_int_equal(sources[0].tally.lines, 4);
	assert_int_equal(sources[0].tally.foreign, 1);
	assert_int_equal(sources[0].tally.unparsed, 0);
	assert_int_equal(sources[0].tally.by_format[0], 3);
	assert_int_equal(sources[0].tally.bytes, sizeof old - 1);
	assert_int_equal(sources[1].tally.lines, 6);
	assert_int_equal(sources[1].tally.foreign, 1);
	assert_int_equal(sources[1].tally.unparsed, 1);
	assert_int_equal(sources[1].tally.by_format[0], 3);
	assert_int_equal(sources[1].tally.by_format[1], 1);
	assert_int_equal(sources[1].tally.first_us, time_of("2026-11-22T00:00:00.5Z"));
	assert_int_equal(sources[1].tally.last_us, time_of("2026-11-22T00:00:04Z"));
	end(&seen);
}

static void the_logs_of_postfix_and_dovecot_are_read_side_by_side(void **state)
{
	static const char postfix[] = "Nov 22 08:45:02" POSTFIX SMTPD FAILED "\n"
				      "Nov 22 08:46:02" POSTFIX SMTPD FAILED "\n";
	static const char dovecot[] = "Nov 22 08:45:01 auth: Info: sql(alice,203.0.113.41): Password mismatch\n"
				      "Nov 22 08:45:30 imap-login: Info: Login: user=<bob>, method=PLAIN, rip=192.0.2.9, lip=192.0.2.1\n"
				      "Nov 22 08:46:01 auth: Info: sql(alice,203.0.113.41): Password mismatch\n";
	struct reader_options options = any_time();
	struct reader_source sources[2];
	struct seen seen;

	begin(&seen, &options);
	sources[0] = file_of("dovecot.log", text_of(dovecot), "2026-11-22T12:00:00Z");
	sources[1] = file_of("mail.log", text_of(postfix), "2026-11-22T12:00:00Z");
	read_all(&seen, sources, 2);
	assert_int_equal(seen.failures, 2);
	assert_int_equal(seen.logins, 1);
	assert_int_equal(seen.backwards, 0);
	end(&seen);
}

/* syslog beside mail.log, one of them begun later, with lines of others, and one line that was truly said twice */
static void a_line_that_stands_in_two_files_counts_once(void **state)
{
#define AT(second, failures) "Nov 22 08:45:" #second POSTFIX SMTPD failures "\n"
	static const char mail[] = AT(01, FAILED " 1") AT(01, FAILED " 1") AT(02, FAILED " 1") AT(02, FAILED " 2") AT(03, FAILED " 1");
	static const char syslog[] = AT(02, FAILED " 1") "Nov 22 08:45:02 mx CRON[1]: x\n" AT(02, FAILED " 2") AT(03, FAILED " 1")
		AT(03, FAILED " 3") AT(04, FAILED " 1");
#undef AT
	struct reader_options options = any_time();
	struct reader_source sources[4];
	struct seen seen;

	begin(&seen, &options);
	sources[0] = file_of("mail.log", text_of(mail), "2026-11-22T12:00:00Z");
	sources[1] = file_of("mail.log.1", text_of(mail), "2026-11-22T12:00:00Z");
	sources[2] = file_of("mail.info", text_of(mail), "2026-11-22T12:00:00Z");
	sources[3] = file_of("syslog", text_of(syslog), "2026-11-22T12:00:00Z");
	read_all(&seen, sources, COUNT(sources));
	assert_int_equal(seen.failures, 7);
	assert_int_equal(sources[0].tally.repeated, 0);
	assert_int_equal(sources[1].tally.repeated, 5);
	assert_int_equal(sources[2].tally.repeated, 5);
	assert_int_equal(sources[3].tally.repeated, 3);
	assert_int_equal(sources[3].tally.lines, 6);
	assert_int_equal(sources[3].tally.foreign, 1);
	end(&seen);
}

/* the journal stamps a line some hundred microseconds before syslog does, old stamps are of whole seconds: also the last line, and
 * what was truly said twice in a second */
static void a_line_that_two_clocks_stamped_counts_once(void **state)
{
#define AT(time, failures) "2026-11-22T08:45:" time "+00:00" POSTFIX SMTPD failures "\n"
	static const char *const logs[][2] = {
		{ AT("01.100000", FAILED) AT("01.900000", FAILED) AT("02.700000", FAILED) AT("09.999900", FAILED),
		  AT("01.100300", FAILED) AT("01.900300", FAILED) AT("02.700300", FAILED) AT("10.000200", FAILED) },
		{ AT("01.100000", FAILED) AT("01.900000", FAILED) AT("02.700000", FAILED) AT("09.999900", FAILED),
		  "Nov 22 08:45:01" POSTFIX SMTPD FAILED "\nNov 22 08:45:01" POSTFIX SMTPD FAILED "\nNov 22 08:45:02" POSTFIX SMTPD FAILED
		  "\nNov 22 08:45:09" POSTFIX SMTPD FAILED "\n" },
		{ AT("01.100000", FAILED) AT("01.900000", FAILED) AT("02.700000", FAILED) AT("09.999900", FAILED), AT("02.700300", FAILED) }, /* begun later */
	};
#undef AT

	for (size_t i = 0; i < COUNT(logs); i++) {
		struct reader_options options = any_time();
		struct reader_source sources[2];
		struct seen seen;

		begin(&seen, &options);
		sources[0] = file_of("mail.log", text_of(logs[i][0]), "2026-11-22T12:00:00Z");
		sources[1] = file_of("syslog", text_of(logs[i][1]), "2026-11-22T12:00:00Z");
		if (sources[1].first_us < sources[0].first_us)
			sources[1] = file_of("mail.log", text_of(logs[i][0]), "2026-11-22T12:00:00Z"), sources[0] = file_of("syslog", text_of(logs[i][1]), "2026-11-22T12:00:00Z");
		read_all(&seen, sources, 2);
		assert_int_equal(seen.failures, 4);
		end(&seen);
	}
}

static void more_logs_than_may_be_open_at_once(void **state)
{
	struct reader_options options = any_time();
	struct reader_source sources[READER_OPEN_MAX + 8];
	char paths[COUNT(sources)][HELP_PATH_MAX], lines[512];
	struct seen seen;

	begin(&seen, &options);
	for (size_t i = 0; i < COUNT(sources); i++) {
		snprintf(paths[i], sizeof paths[i], "%s", help_path("many"));
		snprintf(paths[i] + strlen(paths[i]), 16, "%zu", i);
		snprintf(lines, sizeof lines,
			 "2026-11-22T08:00:%02zuZ h%zu dovecot: imap-login: Login: user=<alice>, method=PLAIN, rip=192.0.2.9, lip=192.0.2.1\n"
			 "2026-11-22T09:00:%02zuZ h%zu dovecot: imap-login: Login: user=<alice>, method=PLAIN, rip=192.0.2.9, lip=192.0.2.1\n", i, i, i, i);
		help_file(paths[i], text_of(lines));
		sources[i] = (struct reader_source){ .path = paths[i], .first_us = reader_first_time(paths[i], 0, WHEN_NONE) };
	}
	read_all(&seen, sources, COUNT(sources));
	assert_int_equal(seen.logins, 2 * COUNT(sources));
	end(&seen);
}

static void what_cannot_be_read_does_not_stop_the_rest(void **state)
{
	static const char good[] = "Nov 22 08:45:06" POSTFIX SMTPD FAILED "\n";
	struct reader_options options = any_time();
	struct reader_source sources[3];
	struct text packed;
	struct seen seen;

	begin(&seen, &options);
	help_pack(help_path("whole.gz"), ARCHIVE_FILTER_GZIP, text_of(good));
	packed = help_slurp(help_path("whole.gz"));
	help_file(help_path("cut.gz"), text_head(packed, packed.n / 2));
	free((char *)packed.p);
	sources[0] = (struct reader_source){ .path = help_path("nothing-here"), .first_us = WHEN_NONE };
	sources[1] = (struct reader_source){ .path = help_path("cut.gz"), .first_us = WHEN_NONE };
	sources[2] = file_of("mail.log", text_of(good), "2026-11-22T12:00:00Z");
	read_all(&seen, sources, 3);
	assert_true(sources[0].failed && strstr(sources[0].why.text, "nothing-here"));
	assert_true(sources[1].failed && sources[1].why.text[0]);
	assert_false(sources[2].failed);
	assert_int_equal(seen.failures, 1);
	assert_int_equal(sources[0].tally.first_us, WHEN_NONE);
	end(&seen);
}

static void nothing_to_read(void **state)
{
	struct reader_source source;
	struct seen seen;

	read_one(&seen, &source, TEXT_NONE);
	assert_int_equal(source.tally.lines, 0);
	assert_int_equal(source.tally.first_us, WHEN_NONE);
	reader_read(seen.reader, NULL, 0);
	end(&seen);
}

/* ---- times */

static void only_what_was_logged_then(void **state)
{
	static const char lines[] = "Nov 21 23:59:59" POSTFIX SMTPD FAILED "\nNov 22 00:00:00" POSTFIX SMTPD FAILED "\n"
				    "Nov 22 12:00:00" POSTFIX SMTPD FAILED "\nNov 22 12:00:01" POSTFIX SMTPD FAILED "\n";
	struct reader_options options = any_time();
	struct reader_source source;
	struct seen seen;

	options.since_us = time_of("2026-11-22T00:00:00Z");
	options.until_us = time_of("2026-11-22T12:00:00Z");
	begin(&seen, &options);
	source = file_of("mail.log", text_of(lines), "2026-11-22T12:00:01Z");
	read_all(&seen, &source, 1);
	assert_int_equal(seen.failures, 2);
	assert_int_equal(source.tally.lines, 4);
	assert_int_equal(source.tally.foreign + source.tally.unparsed, 0);
	assert_int_equal(source.tally.first_us, options.since_us);
	assert_int_equal(source.tally.last_us, options.until_us);
	end(&seen);
}

static void each_file_has_the_year_of_its_age(void **state)
{
	struct reader_options options = any_time();
	struct reader_source sources[2];
	struct seen seen;

	begin(&seen, &options);
	sources[0] = file_of("mail.log.1", TEXT("Jan  4 08:00:00" POSTFIX SMTPD FAILED "\n"), "2024-01-05T00:00:00Z");
	sources[1] = file_of("mail.log", TEXT("Nov 22 08:00:00" POSTFIX SMTPD FAILED "\n"), "2026-11-22T12:00:00Z");
	read_all(&seen, sources, 2);
	assert_int_equal(seen.first_us, time_of("2024-01-04T08:00:00Z"));
	assert_int_equal(seen.last_us, time_of("2026-11-22T08:00:00Z"));
	end(&seen);
}

static void an_old_file_that_is_passed_over_lends_no_year(void **state)
{
	struct reader_options options = any_time();
	struct reader_source sources[2];
	struct seen seen;

	options.since_us = time_of("2026-01-01T00:00:00Z");
	begin(&seen, &options);
	sources[0] = file_of("mail.log.1", TEXT("Jan  4 08:00:00" POSTFIX SMTPD FAILED "\n"), "2024-01-05T00:00:00Z");
	sources[1] = file_of("mail.log", TEXT("Nov 22 08:00:00" POSTFIX SMTPD FAILED "\n"), "2026-11-22T12:00:00Z");
	read_all(&seen, sources, 2);
	assert_int_equal(seen.failures, 1);
	assert_int_equal(seen.first_us, time_of("2026-11-22T08:00:00Z"));
	end(&seen);
}

static void a_given_year_is_the_first_files(void **state)
{
	struct reader_options options = any_time();
	struct reader_source sources[2];
	struct seen seen;

	options.year = 2019;
	begin(&seen, &options);
	sources[0] = file_of("mail.log.1", TEXT("Dec 31 23:00:00" POSTFIX SMTPD FAILED "\n"), "2026-11-22T12:00:00Z");
	sources[1] = file_of("mail.log", TEXT("Jan  1 01:00:00" POSTFIX SMTPD FAILED "\n"), "2026-11-22T12:00:00Z");
	sources[0].first_us = reader_first_time(sources[0].path, 2019, WHEN_NONE);
	sources[1].first_us = WHEN_NONE;
	read_all(&seen, sources, 2);
	assert_int_equal(seen.first_us, time_of("2019-12-31T23:00:00Z"));
	assert_int_equal(seen.last_us, time_of("2020-01-01T01:00:00Z"));
	end(&seen);
}

static void a_given_year_outlives_a_first_file_that_says_nothing(void **state)
{
	for (int away = 0; away < 2; away++) { /* it is passed over, or cannot be read */
		struct reader_options options = any_time();
		struct reader_source sources[2];
		struct seen seen;

		options.year = away ? 2020 : 2019;
		options.since_us = time_of("2020-01-01T00:00:00Z");
		begin(&seen, &options);
		sources[0] = file_of("mail.log.1", TEXT("Dec 31 23:00:00" POSTFIX SMTPD FAILED "\n"), "2026-11-22T12:00:00Z");
		sources[1] = file_of("mail.log", TEXT("Jan  1 01:00:00" POSTFIX SMTPD FAILED "\n"), "2026-11-22T12:00:00Z");
		sources[0].path = away ? help_path("nothing-here") : sources[0].path;
		sources[0].first_us = sources[1].first_us = WHEN_NONE;
		read_all(&seen, sources, 2);
		assert_int_equal(seen.first_us, time_of("2020-01-01T01:00:00Z"));
		end(&seen);
	}
}

static void tells_the_first_time_of_a_file(void **state)
{
	struct reader_source source;

	source = file_of("garbage first", TEXT("x\n\nNov\nNov 22 08:00:00 mx a[1]: x\nNov 23 08:00:00 mx a[1]: x\n"), "2026-11-24T12:00:00Z");
	assert_int_equal(source.first_us, time_of("2026-11-22T08:00:00Z"));
	assert_int_equal(reader_first_time(source.path, 2019, WHEN_NONE), time_of("2019-11-22T08:00:00Z"));
	/* a year that was given is the oldest file's; the younger ones of the log follow on */
	assert_int_equal(reader_first_time(source.path, 2019, time_of("2019-10-20T08:00:00Z")), time_of("2019-11-22T08:00:00Z"));
	assert_int_equal(reader_first_time(source.path, 2018, time_of("2019-01-20T08:00:00Z")), time_of("2018-11-22T08:00:00Z"));
	assert_int_equal(reader_first_time(source.path, 2018, time_of("2019-10-20T08:00:00Z")), time_of("2019-11-22T08:00:00Z"));
	assert_int_equal(reader_first_time(source.path, 0, time_of("2019-10-20T08:00:00Z")), time_of("2026-11-22T08:00:00Z"));
	assert_int_equal(file_of("no time", TEXT("x\ny\n"), "2026-11-24T12:00:00Z").first_us, WHEN_NONE);
	assert_int_equal(file_of("empty", TEXT_NONE, "2026-11-24T12:00:00Z").first_us, WHEN_NONE);
	assert_int_equal(reader_first_time(help_path("nothing-here"), 0, WHEN_NONE), WHEN_NONE);
}

/* no clock is that wrong; a file system or an archive may be */
static void a_file_from_the_end_of_time(void **state)
{
	struct timespec times[2] = { { .tv_sec = INT64_MAX / 2 }, { .tv_sec = INT64_MAX / 2 } };
	struct reader_options options = any_time();
	struct reader_source source;
	struct seen seen;

	begin(&seen, &options);
	source = file_of("mail.log", TEXT("Nov 22 08:00:00" POSTFIX SMTPD FAILED "\n"), "2026-11-22T12:00:00Z");
	utimensat(AT_FDCWD, source.path, times, 0); /* many file systems refuse, or take less */
	source.first_us = reader_first_time(source.path, 0, WHEN_NONE);
	read_all(&seen, &source, 1);
	assert_int_equal(seen.failures, 1);
	end(&seen);
}

static void counts_lines_that_run_backwards(void **state)
{
	struct reader_source source;
	struct seen seen;

	read_one(&seen, &source, TEXT("Nov 22 08:00:01 mx a[1]: x\nNov 22 08:00:03 mx a[1]: x\nNov 22 08:00:02 mx a[1]: x\n"
				      "Nov 22 08:00:02 mx a[1]: x\nNov 22 08:00:04 mx a[1]: x\n"));
	assert_int_equal(source.tally.backward, 1);
	assert_in_range(source.tally.forward, 2, 3); /* the first line may count */
	end(&seen);
}

/* ---- lines */

static void syslog_repeats_itself(void **state)
{
	static const char lines[] = "Nov 22 08:45:06" POSTFIX SMTPD FAILED "\n"
				    "Nov 22 08:45:09" POSTFIX SMTPD "message repeated 2 times: [ " FAILED "]\n";
	struct reader_source source;
	struct seen seen;

	read_one(&seen, &source, text_of(lines));
	assert_int_equal(source.tally.unparsed, 0);
	assert_int_equal(seen.failures, 3);
	end(&seen);
}

static void count_left(void *context, const struct life_left *left)
{
	++*(int *)context;
}

/* postsuper -r: the message goes on under a new queue id */
static void a_message_is_requeued_by_hand(void **state)
{
	static const char lines[] = "Nov 22 08:45:01" POSTFIX SMTPD "A1B2C3D4E5: client=h[203.0.113.7]" SASL "\n"
				    "Nov 22 08:45:01" POSTFIX "cleanup[2]: A1B2C3D4E5: message-id=<m1@x>\n"
				    "Nov 22 08:45:01" POSTFIX "qmgr[1]: A1B2C3D4E5: from=<a@b>, size=1, nrcpt=1 (queue active)\n"
				    "Nov 22 08:45:02" POSTFIX "smtp[3]: A1B2C3D4E5: to=<c@d>, relay=none, delay=1, dsn=4.4.1, status=deferred (timed out)\n"
				    "Nov 22 08:46:00" POSTFIX "postsuper[9]: A1B2C3D4E5: requeued\n"
				    "Nov 22 08:46:01" POSTFIX "pickup[4]: F6A7B8C9D0: uid=107 from=<a@b> orig_id=A1B2C3D4E5\n"
				    "Nov 22 08:46:01" POSTFIX "cleanup[2]: F6A7B8C9D0: message-id=<m1@x>\n"
				    "Nov 22 08:46:01" POSTFIX "qmgr[1]: F6A7B8C9D0: from=<a@b>, size=1, nrcpt=1 (queue active)\n"
				    "Nov 22 08:46:02" POSTFIX "smtp[3]: F6A7B8C9D0: to=<c@d>, relay=mx.d[198.51.100.5]:25, delay=1, dsn=2.0.0, status=sent (250 OK)\n"
				    "Nov 22 08:46:02" POSTFIX "qmgr[1]: F6A7B8C9D0: removed\n";
	struct reader_source source;
	struct seen seen;
	int left = 0;

	read_one(&seen, &source, text_of(lines));
	assert_int_equal(seen.submits, 1);
	assert_int_equal(seen.deferred, 1);
	assert_int_equal(seen.sent, 1);
	life_each_left(reader_life(seen.reader), count_left, &left);
	assert_int_equal(left, 0);
	end(&seen);
}

static void hostile_lines(void **state)
{
	enum { LONG = 10 * 1000 * 1000 };
	static const struct text heads[] = {
		TEXT("<13>1 2026-11-22T10:00:00Z mx  77 - - no program\n"),
		TEXT("<13>1 2026-11-22T10:00:00Z  postfix/smtpd 77 - - no host\n"),
		TEXT("Nov 22 08:45:06 mx a_program_of_a_very_long_name_that_no_cache_of_ours_has_any_place_for/smtpd[1]: warning: x\n"),
		TEXT("Nov 22 08:45:06 mx a_program_of_a_very_long_name_that_no_cache_of_ours_has_any_place_for/smtpd[1]: warning: x\n"),
		TEXT("Nov 22 08:45:06" POSTFIX SMTPD "\0\0\0\n"),
		TEXT("Nov 22 08:45:06" POSTFIX "smtpd[99999999999999999999]: warning: x\n"),
		TEXT("\0\0\0\n\r\n\n"),
		TEXT("Nov 22 08:45:06" POSTFIX SMTPD "A1B2C3D4E5: client=h[203.0.113.7], sasl_username="),
	};
	char *bytes = memory_new(LONG);
	size_t n = 0;
	struct reader_source source;
	struct seen seen;

	for (size_t i = 0; i < COUNT(heads); i++) {
		memcpy(bytes + n, heads[i].p, heads[i].n);
		n += heads[i].n;
	}
	memset(bytes + n, 'a', LONG - n); /* the last line never ends */
	read_one(&seen, &source, (struct text){ bytes, LONG });
	assert_int_equal(source.tally.overlong, 1);
	assert_int_equal(seen.logins + seen.submits, 0);
	assert_int_equal(accounts_count(seen.accounts), 0);
	free(bytes);
	end(&seen);
}

/* programs that fall into the same place of the reader's memory are still told apart */
static void many_programs_in_turn(void **state)
{
	char *bytes = memory_new(1000 * 256);
	size_t n = 0;
	struct reader_source source;
	struct seen seen;

	for (int i = 0; i < 1000; i++)
		n += (size_t)snprintf(bytes + n, 256, "Nov 22 08:45:06 mx postfix-%c%c%c/smtpd[1]: " FAILED "\nNov 22 08:45:06 mx %c%c%c-postfix-smtpd[1]: x\n",
				      'a' + i % 10, 'a' + i / 10 % 10, 'a' + i / 100, 'a' + i % 10, 'a' + i / 10 % 10,
				      'a' + i / 100);
	read_one(&seen, &source, (struct text){ bytes, n });
	assert_int_equal(seen.failures, 1000);
	assert_int_equal(source.tally.foreign, 1000);
	assert_int_equal(source.tally.by_format[0], 1000);
	free(bytes);
	end(&seen);
}

static void note_progress(void *context, uint64_t done_bytes)
{
	uint64_t *last = context;

	assert_true(done_bytes >= *last);
	*last = done_bytes;
}

static void shows_how_far_it_is(void **state)
{
	struct text log = help_log(200000);
	struct reader_options options = any_time();
	struct reader_source sources[2];
	uint64_t done = 0;
	struct seen seen;

	options.progress = note_progress;
	options.context = &done;
	begin(&seen, &options);
	sources[0] = file_of("mail.log.1", log, "2026-11-22T12:00:00Z");
	sources[1] = file_of("mail.log", log, "2026-11-22T12:00:00Z");
	read_all(&seen, sources, 2);
	assert_in_range(done, log.n, 2 * log.n);
	assert_int_equal(sources[0].tally.lines + sources[1].tally.lines, 400000);
	free((char *)log.p);
	end(&seen);
}

static int setup(void **state)
{
	setenv("TZ", "UTC0", 1);
	tzset();
	return help_setup(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_runs_over_rotated_logs_in_two_formats),
		cmocka_unit_test(the_logs_of_postfix_and_dovecot_are_read_side_by_side),
		cmocka_unit_test(a_line_that_stands_in_two_files_counts_once),
		cmocka_unit_test(more_logs_than_may_be_open_at_once),
		cmocka_unit_test(what_cannot_be_read_does_not_stop_the_rest),
		cmocka_unit_test(nothing_to_read),
		cmocka_unit_test(only_what_was_logged_then),
		cmocka_unit_test(each_file_has_the_year_of_its_age),
		cmocka_unit_test(an_old_file_that_is_passed_over_lends_no_year),
		cmocka_unit_test(a_given_year_is_the_first_files),
		cmocka_unit_test(a_given_year_outlives_a_first_file_that_says_nothing),
		cmocka_unit_test(tells_the_first_time_of_a_file),
		cmocka_unit_test(a_file_from_the_end_of_time),
		cmocka_unit_test(counts_lines_that_run_backwards),
		cmocka_unit_test(a_line_that_two_clocks_stamped_counts_once), cmocka_unit_test(syslog_repeats_itself),
		cmocka_unit_test(a_message_is_requeued_by_hand),
		cmocka_unit_test(hostile_lines),
		cmocka_unit_test(many_programs_in_turn),
		cmocka_unit_test(shows_how_far_it_is),
	};

	return cmocka_run_group_tests(tests, setup, help_teardown);
}
