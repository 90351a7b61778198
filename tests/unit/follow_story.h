/* SPDX-License-Identifier: Apache-2.0 */
/* Stories of a log that is followed: real files in a folder of their own, on a real loop. Each line is a login of an account
 * with a number, so that it can be said of each line how often it came out, and in which order.
 *
 *   w3  three lines are written          h, r  half a line, and its rest
 *   m   renamed to .1, as logrotate      d     renamed to -20261122, …        n  the writer goes on in a new file
 *   c   copied and cut off               z, x, s  the newest rotated one is packed: gzip, xz, zstd
 *   D   deleted                          T     cut off, and no copy       R  replaced by a copy of itself
 *   .   until all that was written came out
 *   S   the follower ends, and its place is kept      G  the next one begins there       K  S and G */
#ifndef SEKISHO_UNIT_FOLLOW_STORY_H
#define SEKISHO_UNIT_FOLLOW_STORY_H
#include "test_input_help.h"

#include "base/clock.h"
#include "intake/follow.h"

#define COUNT(table) (sizeof table / sizeof *table)

enum { LINES_MAX = 200 * 1000, ROTATED_MAX = 16, STORY_WAIT_MS = 20000, STORY_TEXT_MAX = 8192 };

struct tale {
	uv_loop_t loop;
	uv_timer_t alarm;
	bool late;
	struct accounts *accounts;
	struct follow *follow;
	struct follow_options options;
	const char *path;        /* of the log */
	const char *add;         /* what is followed, where it is not the log */
	char place[FOLLOW_PLACE_MAX];
	int writer;              /* -1: none */
	int64_t t_us;            /* of the next line */
	uint32_t written, half;  /* lines; bytes of the next one that were written already */
	uint32_t dated;          /* files with a date so far */
	uint32_t came;           /* lines that came out for the first time */
	uint32_t swapped;        /* that came before an older one */
	uint8_t *times, *again;  /* how often each came out */
	char told[STORY_TEXT_MAX]; /* events but logins, one a line */
	char names[STORY_TEXT_MAX];
	char trouble[STORY_TEXT_MAX];
	uint32_t turns;
	uint64_t most_bytes, bytes_before; /* in one turn of the loop */
};

static void append(char *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void append(char *to, const char *format, ...)
{
	size_t n = strlen(to);
	va_list list;

	va_start(list, format);
	vsnprintf(to + n, STORY_TEXT_MAX - n, format, list);
	va_end(list);
}

/* ---- what comes out */

static void count_login(struct tale *tale, const struct follow_event *out)
{
	struct text name = accounts_name(tale->accounts, out->event.account);
	uint64_t number;

	assert_true(text_number(text_head(text_after(name, 1), 8), LINES_MAX, &number));
	if (out->again) {
		tale->again[number]++;
		return;
	}
	tale->swapped += number + 1 < tale->written && tale->times[number + 1];
	tale->came += tale->times[number]++ == 0;
}

static void on_event(void *context, const struct follow_event *out)
{
	static const char *const results[] = { "sent", "bounced", "deferred" };
	struct tale *tale = context;
	const struct event *event = &out->event;
	char place[FOLLOW_PLACE_MAX];

	assert_true(follow_place(tale->follow, 0, place)[0]);
	switch (event->kind) {
	case EVENT_AUTH:
		assert_int_equal(out->queue_id.n, 0);
		if (text_starts(accounts_name(tale->accounts, event->account), TEXT("u0")))
			count_login(tale, out);
		return;
	case EVENT_SUBMIT: append(tale->told, "submit %u", event->message); break;
	case EVENT_OUTCOME: append(tale->told, "%s %u%s", results[event->result], event->message, event->again ? " again" : ""); break;
	case EVENT_BOUNCE: append(tale->told, "bounce"); break;
	default: fail();
	}
	append(tale->told, " %.*s %.*s%s\n", TEXT_ARG(out->queue_id), TEXT_ARG(accounts_name(tale->accounts, event->account)),
	       out->again ? " (again)" : "");
}

static void on_named(void *context, int64_t t_us, struct text queue_id, struct text message_id)
{
	struct tale *tale = context;

	append(tale->names, "%.*s %.*s\n", TEXT_ARG(queue_id), TEXT_ARG(message_id));
}

static void on_trouble(void *context, const char *path, const struct error *error)
{
	struct tale *tale = context;

	assert_non_null(path);
	append(tale->trouble, "%s\n", error->text);
}

/* ---- the loop */

static void on_alarm(uv_timer_t *alarm) { ((struct tale *)alarm->data)->late = true; }

static void turn_loop(struct tale *tale)
{
	struct follow_tally tally = { 0 };

	uv_run(&tale->loop, UV_RUN_ONCE);
	if (!tale->follow)
		return;
	follow_tally(tale->follow, &tally);
	if (tally.bytes - tale->bytes_before > tale->most_bytes)
		tale->most_bytes = tally.bytes - tale->bytes_before;
	tale->turns += tally.bytes > tale->bytes_before;
	tale->bytes_before = tally.bytes;
}

/* lets the loop run until `done`, or for so long; says whether it was done */
static bool run_until(struct tale *tale, bool (*done)(const struct tale *tale), unsigned ms)
{
	tale->late = false;
	uv_timer_start(&tale->alarm, on_alarm, ms, 0);
	while (!(done && done(tale)) && !tale->late)
		turn_loop(tale);
	uv_timer_stop(&tale->alarm);
	return done && done(tale);
}

static bool all_came(const struct tale *tale) { return tale->came >= tale->written; }

static void begin_following(struct tale *tale)
{
	const struct follow_handler handler = { on_event, on_named, on_trouble, tale };
	struct error error = { "" };

	tale->follow = follow_new(&tale->loop, tale->accounts, &tale->options, &handler);
	tale->bytes_before = 0;
	if (!follow_add(tale->follow, tale->add ? tale->add : tale->path, text_of(tale->place), &error))
		fail_msg("%s", error.text);
	follow_start(tale->follow);
}

static void end_following(struct tale *tale)
{
	struct follow *follow = tale->follow;

	follow_place(follow, 0, tale->place);
	tale->follow = NULL;
	follow_close(follow);
	while (uv_run(&tale->loop, UV_RUN_NOWAIT))
		;
}

/* ---- files */

static void set_age(int fd, int64_t age_us)
{
	int64_t t_us = clock_now() - age_us;
	struct timespec times[2] = { { t_us / SECOND_US, 0 }, { t_us / SECOND_US, 0 } };

	assert_int_equal(futimens(fd, times), 0);
}

static void open_writer(struct tale *tale)
{
	tale->writer = open(tale->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	assert_true(tale->writer >= 0);
}

static void close_writer(struct tale *tale)
{
	if (tale->writer < 0)
		return;
	set_age(tale->writer, MINUTE_US); /* so that nobody has to wait for five seconds */
	close(tale->writer);
	tale->writer = -1;
}

static size_t make_line(const struct tale *tale, char line[256])
{
	char stamp[WHEN_TEXT_MAX];

	return (size_t)snprintf(line, 256, "%s mx dovecot: imap-login: Login: user=<u%08u>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.1, mpid=7, session=<a>\n",
				when_format(tale->t_us, stamp), tale->written);
}

/* the rest of the next line, or only so many bytes of it */
static void write_line(struct tale *tale, size_t most)
{
	char line[256];
	size_t n = make_line(tale, line) - tale->half;

	if (tale->writer < 0)
		open_writer(tale);
	assert_true(tale->written < LINES_MAX);
	help_write_all(tale->writer, (struct text){ line + tale->half, n < most ? n : most });
	tale->half = n <= most ? 0 : tale->half + (uint32_t)most;
	if (tale->half)
		return;
	tale->written++;
	tale->t_us += SECOND_US;
}

static char *name_of(const struct tale *tale, unsigned number, const char *ending, char to[HELP_PATH_MAX])
{
	snprintf(to, HELP_PATH_MAX, "%s.%u%s", tale->path, number, ending);
	return to;
}

static const char *const packings[] = { "", ".gz", ".xz", ".zst" };

static void shift_rotated(const struct tale *tale)
{
	char from[HELP_PATH_MAX], to[HELP_PATH_MAX];

	for (unsigned i = ROTATED_MAX; i > 0; i--)
		for (size_t k = 0; k < COUNT(packings); k++)
			(void)rename(name_of(tale, i, packings[k], from), name_of(tale, i + 1, packings[k], to));
}

static void rotate_number(struct tale *tale)
{
	char to[HELP_PATH_MAX];

	shift_rotated(tale);
	assert_int_equal(rename(tale->path, name_of(tale, 1, "", to)), 0);
}

static void rotate_date(struct tale *tale)
{
	char to[HELP_PATH_MAX];

	snprintf(to, sizeof to, "%s-202611%02u", tale->path, ++tale->dated);
	assert_int_equal(rename(tale->path, to), 0);
}

static void cut_off(struct tale *tale, bool copied)
{
	char to[HELP_PATH_MAX];
	struct text bytes;
	int fd;

	if (copied) {
		bytes = help_slurp(tale->path);
		shift_rotated(tale);
		help_file(name_of(tale, 1, "", to), bytes);
		free((char *)bytes.p);
		fd = open(to, O_WRONLY | O_CLOEXEC);
		set_age(fd, MINUTE_US);
		close(fd);
	}
	assert_int_equal(truncate(tale->path, 0), 0);
}

static void replace(const struct tale *tale)
{
	struct text bytes = help_slurp(tale->path);
	char copy[HELP_PATH_MAX];

	snprintf(copy, sizeof copy, "%s.new", tale->path);
	help_file(copy, bytes);
	assert_int_equal(rename(copy, tale->path), 0);
	free((char *)bytes.p);
}

static void pack_newest(struct tale *tale, int filter, const char *ending)
{
	char from[HELP_PATH_MAX], to[HELP_PATH_MAX + 8];
	struct text bytes;

	if (tale->dated)
		snprintf(from, sizeof from, "%s-202611%02u", tale->path, tale->dated);
	else
		name_of(tale, 1, "", from);
	if (access(from, R_OK) != 0)
		return; /* packed already */
	snprintf(to, sizeof to, "%s%s", from, ending);
	bytes = help_slurp(from);
	help_pack(to, filter, bytes);
	free((char *)bytes.p);
	assert_int_equal(unlink(from), 0);
}

/* ---- one story */

static void begin_tale(struct tale *tale, const char *path)
{
	*tale = (struct tale){ .path = path, .writer = -1, .t_us = clock_now() / SECOND_US * SECOND_US };
	uv_loop_init(&tale->loop);
	uv_timer_init(&tale->loop, &tale->alarm);
	tale->alarm.data = tale;
	tale->accounts = accounts_new("example.org");
	tale->times = memory_zero(LINES_MAX, 1);
	tale->again = memory_zero(LINES_MAX, 1);
}

static void end_tale(struct tale *tale)
{
	if (tale->follow)
		end_following(tale);
	uv_close((uv_handle_t *)&tale->alarm, NULL);
	uv_run(&tale->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&tale->loop), 0);
	close_writer(tale);
	accounts_free(tale->accounts);
	free(tale->times);
	free(tale->again);
}

static unsigned number_at(const char **at)
{
	unsigned number = 0;

	for (; (unsigned)(**at - '0') < 10; (*at)++)
		number = number * 10 + (unsigned)(**at - '0');
	return number;
}

static void play_one(struct tale *tale, const char **at)
{
	switch (*(*at)++) {
	case ' ': break;
	case 'w':
		for (unsigned n = number_at(at); n > 0; n--)
			write_line(tale, SIZE_MAX);
		break;
	case 'h': write_line(tale, 70); break;
	case 'r': write_line(tale, SIZE_MAX); break;
	case 'm': rotate_number(tale); break;
	case 'd': rotate_date(tale); break;
	case 'n': close_writer(tale), open_writer(tale); break;
	case 'c': cut_off(tale, true); break;
	case 'T': cut_off(tale, false); break;
	case 'z': pack_newest(tale, ARCHIVE_FILTER_GZIP, ".gz"); break;
	case 'x': pack_newest(tale, ARCHIVE_FILTER_XZ, ".xz"); break;
	case 's': pack_newest(tale, ARCHIVE_FILTER_ZSTD, ".zst"); break;
	case 'R': replace(tale); break;
	case 'D': assert_int_equal(unlink(tale->path), 0); break;
	case '.': (void)run_until(tale, all_came, STORY_WAIT_MS); break;
	case 'S': end_following(tale); break;
	case 'G': begin_following(tale); break;
	case 'K': end_following(tale), begin_following(tale); break;
	default: fail_msg("what is '%c'?", (*at)[-1]);
	}
}

static void play(struct tale *tale, const char *verbs)
{
	while (*verbs)
		play_one(tale, &verbs);
}

/* each line came out once, in order */
static bool each_once(const struct tale *tale)
{
	uint32_t lost = 0, twice = 0;

	for (uint32_t i = 0; i < tale->written; i++) {
		lost += tale->times[i] == 0;
		twice += tale->times[i] > 1;
	}
	if (lost || twice || tale->swapped)
		print_error("of %u lines %u were lost, %u came twice, %u too early\n%s", tale->written, lost, twice, tale->swapped, tale->trouble);
	return !lost && !twice && !tale->swapped;
}
#endif
