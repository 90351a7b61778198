/* SPDX-License-Identifier: Apache-2.0 */
/* The same second and the same host stand in thousands of lines one after another, so each part is first
 * compared with that of the line before, and parsed only where it differs. */
#include "intake/frame.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/table.h"

enum { STAMP_BSD = 15, STAMP_BSD_YEAR = 20, HOUR_BSD = 9, HOUR_ISO = 13, HOST_MAX = 255, PROGRAM_MAX = 128, ZONE_MAX = 8 };

struct frame {
	/* BSD stamps */
	char bsd[HOUR_BSD];     /* month, day and hour of the line before */
	int64_t bsd_hour_us;    /* the start of its hour */
	int64_t reference_us, last_us;
	int first_year;
	/* RFC 3339 stamps */
	char iso[HOUR_ISO];     /* date and hour of the line before */
	char zone[ZONE_MAX];
	size_t zone_bytes;
	int64_t iso_hour_us;
	struct table own_hosts;
	struct table *hosts;    /* its own, or those of the frame it stands beside */
	char host_name[HOST_MAX];
	struct text host;       /* of the line before */
	uint32_t host_number;
};

struct frame *frame_new(int year)
{
	struct frame *frame = memory_zero(1, sizeof *frame);

	frame->first_year = year;
	frame->hosts = &frame->own_hosts;
	frame->last_us = frame->reference_us = WHEN_NONE;
	return frame;
}

struct frame *frame_beside(struct frame *first, int64_t near_us)
{
	struct frame *frame = frame_new(0);

	frame->hosts = first->hosts;
	frame->last_us = near_us;
	return frame;
}

void frame_free(struct frame *frame)
{
	if (!frame)
		return;
	table_done(&frame->own_hosts);
	free(frame);
}

void frame_begin(struct frame *frame, int64_t reference_us)
{
	memset(frame->bsd, 0, sizeof frame->bsd);
	memset(frame->iso, 0, sizeof frame->iso);
	frame->reference_us = reference_us;
}

/* ---- RFC 3164: "Nov 22 08:45:06" */

static int month_of(const char *p)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (memcmp(p, names + i * 3, 3) == 0)
			return i + 1;
	return 0;
}

/* two digits, the first of which may be a blank; -1 for anything else */
static inline int two(const char *p)
{
	unsigned tens = p[0] == ' ' ? 0 : (unsigned)(unsigned char)p[0] - '0';
	unsigned ones = (unsigned)(unsigned char)p[1] - '0';

	return tens > 9 || ones > 9 ? -1 : (int)(tens * 10 + ones);
}

static int64_t as_local(struct civil *civil)
{
	int64_t t = when_from_civil(civil);

	return t - when_local_offset(t - when_local_offset(t) * SECOND_US) * SECOND_US;
}

static int64_t distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

/* the year nearest to the line before; for a first line the last one that is not after the reference */
static int64_t with_year(struct frame *frame, struct civil *civil)
{
	struct civil around;
	int64_t best = WHEN_NONE;

	if (frame->last_us == WHEN_NONE && frame->first_year) {
		civil->year = frame->first_year;
		return as_local(civil);
	}
	when_to_civil(frame->last_us != WHEN_NONE        ? frame->last_us
		      : frame->reference_us != WHEN_NONE ? frame->reference_us
							 : 0,
		      &around);
	for (int year = around.year - 8; year <= around.year + 1; year++) {
		civil->year = year;
		int64_t t = as_local(civil);

		if (civil->day == 29 && civil->month == 2 && (year % 4 || (year % 100 == 0 && year % 400)))
			continue;
		if (frame->last_us == WHEN_NONE
			    ? t <= frame->reference_us + DAY_US || best == WHEN_NONE
			    : best == WHEN_NONE || distance(t, frame->last_us) < distance(best, frame->last_us))
			best = t;
	}
	return best;
}

static bool parse_bsd(struct frame *frame, struct text t, int64_t *t_us)
{
	int minute, second, hour, day, month;
	struct civil civil;

	if (t.n <= STAMP_BSD || t.p[3] != ' ' || t.p[6] != ' ' || t.p[9] != ':' || t.p[12] != ':')
		return false;
	minute = two(t.p + 10);
	second = two(t.p + 13);
	if (minute < 0 || minute > 59 || second < 0 || second > 60)
		return false;
	if (memcmp(t.p, frame->bsd, HOUR_BSD) != 0) {
		month = month_of(t.p);
		day = two(t.p + 4);
		hour = two(t.p + 7);
		if (!month || day < 1 || day > 31 || hour < 0 || hour > 23)
			return false;
		civil = (struct civil){ 0, month, day, hour, 0, 0 };
		frame->bsd_hour_us = with_year(frame, &civil);
		frame->last_us = frame->bsd_hour_us;
		memcpy(frame->bsd, t.p, HOUR_BSD);
	}
	*t_us = frame->bsd_hour_us + minute * MINUTE_US + second * SECOND_US;
	return true;
}

/* ".123" behind the seconds */
static void take_fraction(struct text *t, int64_t *t_us)
{
	int64_t scale = 100000;
	size_t n = 1;

	if (t->n < 2 || t->p[0] != '.' || (unsigned)(t->p[1] - '0') > 9)
		return;
	for (; n < t->n && (unsigned)(t->p[n] - '0') <= 9; n++, scale /= 10)
		*t_us += (t->p[n] - '0') * scale;
	*t = text_after(*t, n);
}

/* ---- with a year before or behind the day: "2026 Nov 22 08:45:06" (rsyslog, Cisco), "Nov 22 2026 08:45:06" */

static bool parse_bsd_year(struct text t, int64_t *t_us)
{
	bool before = t.n > STAMP_BSD_YEAR && t.p[4] == ' ';
	const char *day = before ? t.p + 5 : t.p, *year = before ? t.p : t.p + 7;
	struct civil civil;

	if (t.n <= STAMP_BSD_YEAR || day[3] != ' ' || t.p[11] != ' ' || t.p[14] != ':' || t.p[17] != ':' ||
	    (!before && t.p[6] != ' ') || year[0] == ' ' || year[2] == ' ')
		return false;
	civil = (struct civil){
		two(year) * 100 + two(year + 2), month_of(day), two(day + 4), two(t.p + 12), two(t.p + 15), two(t.p + 18),
	};
	if (two(year) < 19 || two(year + 2) < 0 || !civil.month || civil.day < 1 || civil.day > 31 || civil.hour < 0 ||
	    civil.hour > 23 || civil.minute < 0 || civil.minute > 59 || civil.second < 0 || civil.second > 60)
		return false;
	*t_us = as_local(&civil);
	return true;
}

/* ---- RFC 3339: "2026-11-22T08:45:06.123456+09:00" */

/* where the zone begins: behind the seconds and their fraction */
static size_t zone_at(struct text t)
{
	size_t at = 19;

	if (at + 1 < t.n && (t.p[at] == '.' || t.p[at] == ',') && (unsigned)(t.p[at + 1] - '0') <= 9)
		for (at++; at < t.n && (unsigned)(t.p[at] - '0') <= 9; at++)
			;
	return at;
}

/* the hour and the zone of the line before: only minutes, seconds and fraction are read */
static bool parse_iso_again(const struct frame *frame, struct text t, int64_t *t_us, size_t *used)
{
	int minute = t.p[14] == ' ' ? -1 : two(t.p + 14), second = t.p[17] == ' ' ? -1 : two(t.p + 17);
	size_t at = zone_at(t);
	int64_t us = 0, scale = 100000;

	if (memcmp(t.p, frame->iso, HOUR_ISO) != 0 || minute < 0 || minute > 59 || second < 0 || second > 60)
		return false;
	if (t.n <= at + frame->zone_bytes || memcmp(t.p + at, frame->zone, frame->zone_bytes) != 0 ||
	    t.p[at + frame->zone_bytes] != ' ')
		return false;
	for (size_t i = 20; i < at; i++, scale /= 10)
		us += (t.p[i] - '0') * scale;
	*used = at + frame->zone_bytes;
	*t_us = frame->iso_hour_us + minute * MINUTE_US + second * SECOND_US + us;
	return true;
}

static bool parse_iso(struct frame *frame, struct text t, int64_t *t_us, size_t *used)
{
	int64_t an_hour_east_us;
	size_t zone;

	if (t.n < 20 || t.p[4] != '-' || t.p[13] != ':' || t.p[16] != ':')
		return false;
	if (parse_iso_again(frame, t, t_us, used))
		return true;
	if (!when_parse_rfc3339(t, 0, t_us, used) || !when_parse_rfc3339(t, 3600, &an_hour_east_us, used))
		return false;
	if (*t_us != an_hour_east_us) { /* no zone was given: it is local time */
		*t_us -= when_local_offset(*t_us - when_local_offset(*t_us) * SECOND_US) * SECOND_US;
		return true;
	}
	zone = zone_at(t);
	if (*used - zone > 0 && *used - zone <= ZONE_MAX) {
		memcpy(frame->iso, t.p, HOUR_ISO);
		frame->zone_bytes = *used - zone;
		memcpy(frame->zone, t.p + zone, frame->zone_bytes);
		frame->iso_hour_us = *t_us - (*t_us % SECOND_US + SECOND_US) % SECOND_US - two(t.p + 17) * SECOND_US -
				     two(t.p + 14) * MINUTE_US;
	}
	return true;
}

/* ---- TAI64N: "@40000000612f3a1b0a2b3c4d" (D. J. Bernstein), in which 10 s lie between TAI and UTC at 1970 */

static bool parse_tai64n(struct text t, int64_t *t_us)
{
	uint64_t seconds = 0, nano = 0;

	if (t.n < 26 || t.p[25] != ' ')
		return false;
	for (size_t i = 1; i < 25; i++) {
		char c = t.p[i];
		unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
				 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
							: 16;

		if (digit > 15)
			return false;
		if (i <= 16)
			seconds = seconds << 4 | digit;
		else
			nano = nano << 4 | digit;
	}
	seconds -= (1ull << 62) + 10;
	if (seconds > 253402300799ull || nano > 999999999)
		return false;
	*t_us = (int64_t)seconds * SECOND_US + (int64_t)nano / 1000;
	return true;
}

/* ---- host and program */

static void take_host(struct frame *frame, struct text host, struct line *line)
{
	if (!text_is(host, frame->host)) {
		uint64_t key = hash_text(hash_seed(), host) | 1;
		bool full = frame->hosts->count >= FRAME_HOSTS_MAX && !table_find(frame->hosts, key);

		frame->host_number =
			full ? FRAME_HOSTS_MAX : *table_put(frame->hosts, key, (uint32_t)frame->hosts->count + 1, NULL);
		text_copy(frame->host_name, sizeof frame->host_name, host);
		frame->host = (struct text){ frame->host_name, host.n < sizeof frame->host_name ? host.n : 0 };
	}
	line->host = frame->host_number;
}

/* "program[pid]: text" or "program: text"; false where it is something else */
static bool take_program(struct text t, struct line *line)
{
	size_t n = text_span(t, CHAR_PROGRAM);
	uint32_t pid = 0;

	if (n == 0 || n == t.n || n > PROGRAM_MAX)
		return false;
	line->program = text_head(t, n);
	if (t.p[n] == '[') {
		for (n++; n < t.n && (unsigned)(t.p[n] - '0') < 10; n++)
			pid = pid * 10 + (uint32_t)(t.p[n] - '0');
		if (n == t.n || t.p[n] != ']')
			return false;
		n++;
	}
	if (n == t.n || t.p[n] != ':')
		return false;
	n++;
	n += n < t.n && t.p[n] == ' ';
	line->pid = pid;
	line->text = text_after(t, n);
	return true;
}

/* Dovecot's own log file has neither host nor program: "auth: Info: …", "lmtp(user)<1><x>: Info: …" */
static bool dovecot_service(struct text t)
{
	static const char *const services[] = { "auth",         "auth-worker",
						"imap",         "imap-login",
						"pop3",         "pop3-login",
						"lmtp",         "lda",
						"managesieve",  "managesieve-login",
						"submission",   "submission-login",
						"master",       "anvil",
						"stats",        "config",
						"doveadm",      "log",
						"indexer",      "indexer-worker",
						"dict",         "ssl-params",
						"replicator",   "quota-status",
						"imap-urlauth", "script-login" };
	size_t n = text_span(t, CHAR_PROGRAM);

	if (n == t.n || (t.p[n] != ':' && t.p[n] != '('))
		return false;
	for (size_t i = 0; i < sizeof services / sizeof *services; i++)
		if (text_is(text_head(t, n), text_of(services[i])))
			return true;
	return false;
}

static bool take_without_host(struct frame *frame, struct text t, struct line *line)
{
	take_host(frame, TEXT("-"), line);
	if (dovecot_service(t)) {
		line->program = TEXT("dovecot");
		line->pid = 0;
		line->text = t;
		return true;
	}
	return take_program(t, line);
}

/* " host program[pid]: text" */
static bool take_rest(struct frame *frame, struct text t, struct line *line)
{
	struct text host;
	size_t n;

	while (t.n && t.p[0] == ' ')
		t = text_after(t, 1);
	n = frame->host.n;
	if (n && frame->host.p[n - 1] != ':' && t.n > n && t.p[n] == ' ' && memcmp(t.p, frame->host.p, n) == 0) {
		line->host = frame->host_number;
		if (take_program(text_after(t, n + 1), line))
			return true;
	}
	if (dovecot_service(t))
		return take_without_host(frame, t, line);
	if (!text_cut(&t, ' ', &host) || host.n == 0)
		return false;
	if (host.p[host.n - 1] == ':') /* no host: this was the program */
		return take_without_host(frame, text_between(host.p, t.p + t.n), line);
	if (!take_program(t, line))
		return false;
	take_host(frame, host, line);
	return true;
}

/* Exim's main log: no host, no program; after the stamp perhaps "+0900" and "[pid]" */
static bool take_exim(struct frame *frame, struct text t, struct line *line)
{
	size_t close;

	while (t.n && t.p[0] == ' ')
		t = text_after(t, 1);
	take_host(frame, TEXT("-"), line);
	if (t.n > 6 && (t.p[0] == '+' || t.p[0] == '-') && t.p[5] == ' ' && two(t.p + 1) >= 0 && two(t.p + 3) >= 0) {
		int zone_s = (two(t.p + 1) * 60 + two(t.p + 3)) * 60 * (t.p[0] == '-' ? -1 : 1);

		line->t_us += (when_local_offset(line->t_us) - zone_s) * SECOND_US; /* it was taken as local */
		t = text_after(t, 6);
	}
	line->program = TEXT("exim");
	line->pid = 0;
	if (t.n > 2 && t.p[0] == '[' && (unsigned)(t.p[1] - '0') < 10) {
		uint64_t pid;

		close = text_find(t, ']');
		if (close + 1 < t.n && t.p[close + 1] == ' ' &&
		    text_number(text_between(t.p + 1, t.p + close), UINT32_MAX, &pid)) {
			line->pid = (uint32_t)pid;
			t = text_after(t, close + 2);
		}
	}
	line->text = t;
	return true;
}

/* RFC 5424 behind the priority: "1 STAMP HOST APP PROCID MSGID [SD] text" */
static bool take_5424(struct frame *frame, struct text t, struct line *line)
{
	struct text stamp, host, pid, id;
	size_t used;
	uint64_t number;

	if (!text_cut(&t, ' ', &stamp) || !text_cut(&t, ' ', &host) || !text_cut(&t, ' ', &line->program) ||
	    !text_cut(&t, ' ', &pid) || !text_cut(&t, ' ', &id))
		return false;
	if (!host.n || !line->program.n || !when_parse_rfc3339(stamp, 0, &line->t_us, &used))
		return false;
	take_host(frame, host, line);
	line->pid = text_number(pid, UINT32_MAX, &number) ? (uint32_t)number : 0;
	if (t.n && t.p[0] == '-') {
		t = text_after(t, 1);
	} else {
		size_t at = 0;
		bool quoted = false;

		for (; at < t.n; at++) {
			if (quoted && t.p[at] == '\\')
				at++;
			else if (t.p[at] == '"')
				quoted = !quoted;
			else if (!quoted && t.p[at] == ']' && (at + 1 == t.n || t.p[at + 1] != '['))
				break;
		}
		t = at < t.n ? text_after(t, at + 1) : text_after(t, t.n);
	}
	if (t.n && t.p[0] == ' ')
		t = text_after(t, 1);
	if (text_starts(t, TEXT("\xef\xbb\xbf")))
		t = text_after(t, 3);
	line->text = t;
	return true;
}

static bool mail_program(const struct line *line)
{
	return line->pid || text_holds(line->program, TEXT("postfix")) || text_is(line->program, TEXT("dovecot")) ||
	       text_starts(line->program, TEXT("exim")) || text_starts(line->program, TEXT("sendmail")) ||
	       text_starts(line->program, TEXT("sm-"));
}

bool frame_take(struct frame *frame, struct text t, struct line *line)
{
	size_t used;

	line->service = 0;
	if (t.n && t.p[t.n - 1] == '\r')
		t.n--;
	if (t.n > 4 && t.p[0] == '<') { /* priority */
		size_t close = text_find(t, '>');

		if (close > 4 || close + 2 >= t.n)
			return false;
		t = text_after(t, close + 1);
		if (t.p[0] == '1' && t.p[1] == ' ')
			return take_5424(frame, text_after(t, 2), line);
	}
	if (parse_bsd(frame, t, &line->t_us)) {
		t = text_after(t, STAMP_BSD);
		take_fraction(&t, &line->t_us);
		return take_rest(frame, t, line);
	}
	if (parse_iso(frame, t, &line->t_us, &used)) {
		bool exim = t.p[10] == ' ';

		t = text_after(t, used);
		if (exim)
			return (take_rest(frame, t, line) && mail_program(line)) || take_exim(frame, t, line);
		return take_rest(frame, t, line);
	}
	if (t.n && t.p[0] == '@' && parse_tai64n(t, &line->t_us))
		return take_rest(frame, text_after(t, 25), line);
	if (parse_bsd_year(t, &line->t_us)) {
		t = text_after(t, STAMP_BSD_YEAR);
		take_fraction(&t, &line->t_us);
		return take_rest(frame, t, line);
	}
	return false;
}
