/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/lmtp.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/memory.h"

enum stage { COMMANDS, MAIL, ASKED, OVER };

/* where in a mail's line we are: what the end looks like so far */
enum place { IN_LINE, BEHIND_CR, FRESH, BEHIND_DOT, BEHIND_DOT_CR };

struct lmtp {
	struct lmtp_handler handler;
	enum stage stage;
	enum place place;
	char line[LMTP_LINE_MAX];
	size_t line_bytes;
	bool too_long, greeted, sender;
	unsigned recipients, faults;
	struct bytes mail;
};

static void say(struct lmtp *lmtp, const char *lines) { lmtp->handler.say(lmtp->handler.context, text_of(lines)); }

struct lmtp *lmtp_new(const struct lmtp_handler *handler)
{
	struct lmtp *lmtp = memory_zero(1, sizeof *lmtp);

	lmtp->handler = *handler;
	say(lmtp, "220 sekisho LMTP\r\n");
	return lmtp;
}

void lmtp_free(struct lmtp *lmtp)
{
	if (!lmtp)
		return;
	free(lmtp->mail.p);
	free(lmtp);
}

bool lmtp_waits(const struct lmtp *lmtp) { return lmtp->stage == ASKED; }
bool lmtp_is_over(const struct lmtp *lmtp) { return lmtp->stage == OVER; }

/* ---- commands */

static void forget_mail(struct lmtp *lmtp)
{
	free(lmtp->mail.p);
	lmtp->mail = (struct bytes){ 0 };
	lmtp->sender = false;
	lmtp->recipients = 0;
}

static void hello(struct lmtp *lmtp)
{
	forget_mail(lmtp);
	lmtp->greeted = true;
	say(lmtp, "250-sekisho\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n");
}

static void take_sender(struct lmtp *lmtp)
{
	if (!lmtp->greeted || lmtp->sender) {
		say(lmtp, "503 5.5.1 LHLO first, and one sender\r\n");
		return;
	}
	lmtp->sender = true;
	say(lmtp, "250 2.1.0 fine\r\n");
}

static void take_recipient(struct lmtp *lmtp)
{
	if (!lmtp->sender) {
		say(lmtp, "503 5.5.1 MAIL first\r\n");
	} else if (lmtp->recipients == LMTP_RECIPIENTS_MAX) {
		say(lmtp, "452 4.5.3 too many recipients\r\n");
	} else {
		lmtp->recipients++;
		say(lmtp, "250 2.1.5 fine\r\n");
	}
}

static void begin_mail(struct lmtp *lmtp)
{
	if (!lmtp->recipients) {
		say(lmtp, "503 5.5.1 no recipient\r\n");
		return;
	}
	lmtp->stage = MAIL;
	lmtp->place = FRESH;
	say(lmtp, "354 go on\r\n");
}

static void reset(struct lmtp *lmtp)
{
	forget_mail(lmtp);
	say(lmtp, "250 2.0.0 fine\r\n");
}

static void nothing(struct lmtp *lmtp) { say(lmtp, "250 2.0.0 fine\r\n"); }
static void verify(struct lmtp *lmtp) { say(lmtp, "252 2.0.0 try it\r\n"); }

static void quit(struct lmtp *lmtp)
{
	say(lmtp, "221 2.0.0 bye\r\n");
	lmtp->stage = OVER;
}

static void fault(struct lmtp *lmtp)
{
	if (++lmtp->faults < LMTP_FAULTS_MAX) {
		say(lmtp, "500 5.5.2 not understood\r\n");
		return;
	}
	say(lmtp, "421 4.7.0 too many faults\r\n");
	lmtp->stage = OVER;
}

static const struct {
	const char *name;
	void (*take)(struct lmtp *lmtp);
} commands[] = {
	{ "LHLO", hello }, { "MAIL FROM:", take_sender }, { "RCPT TO:", take_recipient }, { "DATA", begin_mail }, { "RSET", reset },
	{ "NOOP", nothing }, { "VRFY", verify }, { "QUIT", quit },
};

static void take_command(struct lmtp *lmtp, struct text line)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		size_t n = strlen(commands[i].name);
		bool whole = line.n == n || commands[i].name[n - 1] == ':' || (line.n > n && line.p[n] == ' ');

		if (line.n >= n && strncasecmp(line.p, commands[i].name, n) == 0 && whole) {
			commands[i].take(lmtp);
			return;
		}
	}
	fault(lmtp);
}

/* up to the end of a line; how many bytes it took */
static size_t take_line(struct lmtp *lmtp, struct text bytes)
{
	size_t n = text_find(bytes, '\n'), room = sizeof lmtp->line - lmtp->line_bytes, kept = n < room ? n : room;
	struct text line;

	memcpy(lmtp->line + lmtp->line_bytes, bytes.p, kept);
	lmtp->line_bytes += kept;
	lmtp->too_long |= kept < n;
	if (n == bytes.n)
		return n;
	line = text_trim((struct text){ lmtp->line, lmtp->line_bytes });
	if (lmtp->too_long)
		fault(lmtp);
	else
		take_command(lmtp, line);
	lmtp->line_bytes = 0;
	lmtp->too_long = false;
	return n + 1;
}

/* ---- the mail itself */

static void keep(struct lmtp *lmtp, const char *bytes, size_t n) { bytes_fill(&lmtp->mail, (struct text){ bytes, n }, LMTP_MAIL_MAX); }

static enum place next_place(char c, enum place usual) { return c == '\r' ? BEHIND_CR : usual; }

/* one byte; a dot that begins a line is not the mail's. True at the end. */
static bool take_byte(struct lmtp *lmtp, char c)
{
	switch (lmtp->place) {
	case BEHIND_DOT_CR:
		if (c == '\n')
			return true;
		keep(lmtp, "\r", 1);
		lmtp->place = next_place(c, IN_LINE);
		break;
	case BEHIND_DOT:
		lmtp->place = c == '\r' ? BEHIND_DOT_CR : IN_LINE;
		if (c == '\r')
			return false;
		break;
	case FRESH:
		lmtp->place = c == '.' ? BEHIND_DOT : next_place(c, IN_LINE);
		if (c == '.')
			return false;
		break;
	case BEHIND_CR: lmtp->place = c == '\n' ? FRESH : next_place(c, IN_LINE); break;
	default: lmtp->place = next_place(c, IN_LINE); break;
	}
	keep(lmtp, &c, 1);
	return false;
}

static size_t take_mail(struct lmtp *lmtp, struct text bytes)
{
	size_t at = 0;

	while (at < bytes.n) {
		size_t plain = lmtp->place == IN_LINE ? text_find(text_after(bytes, at), '\r') : 0;

		keep(lmtp, bytes.p + at, plain);
		at += plain;
		if (at == bytes.n)
			break;
		if (take_byte(lmtp, bytes.p[at++])) {
			lmtp->stage = ASKED;
			lmtp->handler.mail(lmtp->handler.context, bytes_text(&lmtp->mail));
			break;
		}
	}
	return at;
}

/* ---- */

size_t lmtp_take(struct lmtp *lmtp, struct text bytes)
{
	size_t used = 0;

	while (used < bytes.n && (lmtp->stage == COMMANDS || lmtp->stage == MAIL))
		used += lmtp->stage == MAIL ? take_mail(lmtp, text_after(bytes, used)) : take_line(lmtp, text_after(bytes, used));
	return used;
}

void lmtp_answer(struct lmtp *lmtp, bool taken)
{
	unsigned recipients = lmtp->recipients;

	if (lmtp->stage != ASKED)
		return;
	forget_mail(lmtp);
	lmtp->stage = COMMANDS;
	while (recipients--)
		say(lmtp, taken ? "250 2.0.0 taken\r\n" : "451 4.3.0 not now, please try again\r\n");
}
