/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/milter.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/memory.h"

/* what libmilter's mfdef.h calls them */
enum { VERSION_LEAST = 2, VERSION_MOST = 6 };
enum {
	ADD_HEADERS = 0x01, /* what a milter may do */
	NO_CONNECT = 0x01,  /* what it need not be told, or need not answer */
	NO_HELLO = 0x02,
	QUIET_HEADER = 0x80,
	NO_UNKNOWN = 0x100,
	NO_DATA = 0x200,
	MAY_SKIP = 0x400,
	QUIET_SENDER = 0x4000,
	QUIET_RECIPIENT = 0x8000,
	LEADING_SPACE = 0x100000,
};
enum { GO_ON = 'c', ACCEPT = 'a', SKIP = 's', INSERT_HEADER = 'i', NEGOTIATE = 'O' };

enum { LENGTH_BYTES = 4, NEGOTIATION_BYTES = 12, SAYS_MAX = 2 * MILTER_TRACE_MAX, ON_TOP = 0 };

struct milter {
	struct milter_handler handler;
	uint32_t version, actions, steps;
	struct bytes packet; /* what is there of one that is not whole */
	/* the mail that is under way */
	char login[MILTER_TEXT_MAX], queue_id[MILTER_TEXT_MAX];
	bool wanted, asked_for, over; /* asked_for: wanted, and by name of login and queue id, which are not changed any more */
	struct bytes mail;
};

struct milter *milter_new(const struct milter_handler *handler)
{
	struct milter *milter = memory_zero(1, sizeof *milter);

	milter->handler = *handler;
	return milter;
}

static void forget_mail(struct milter *milter)
{
	free(milter->mail.p);
	milter->mail = (struct bytes){ 0 };
	milter->wanted = milter->asked_for = false;
	*milter->login = *milter->queue_id = '\0';
}

void milter_free(struct milter *milter)
{
	if (!milter)
		return;
	forget_mail(milter);
	free(milter->packet.p);
	free(milter);
}

bool milter_is_over(const struct milter *milter) { return milter->over; }

/* ---- numbers and packets */

static uint32_t number_at(const char *p)
{
	const unsigned char *byte = (const unsigned char *)p;

	return (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
}

static void put_number(char *p, uint32_t number)
{
	for (int i = 0; i < LENGTH_BYTES; i++)
		p[i] = (char)(number >> (24 - 8 * i));
}

static void say(struct milter *milter, char what, struct text more)
{
	char packet[SAYS_MAX];

	if (LENGTH_BYTES + 1 + more.n > sizeof packet)
		return;
	put_number(packet, (uint32_t)(1 + more.n));
	packet[LENGTH_BYTES] = what;
	if (more.n)
		memcpy(packet + LENGTH_BYTES + 1, more.p, more.n);
	milter->handler.say(milter->handler.context, (struct text){ packet, LENGTH_BYTES + 1 + more.n });
}

/* unless the server was told that nothing will be said to this */
static void go_on(struct milter *milter, uint32_t quiet)
{
	if (!(milter->steps & quiet))
		say(milter, GO_ON, TEXT_NONE);
}

/* ---- what both can do */

static void negotiate(struct milter *milter, struct text offer)
{
	const uint32_t wishes = NO_CONNECT | NO_HELLO | NO_UNKNOWN | NO_DATA | MAY_SKIP | QUIET_HEADER | QUIET_SENDER | QUIET_RECIPIENT |
				LEADING_SPACE;
	char answer[NEGOTIATION_BYTES];

	if (offer.n < NEGOTIATION_BYTES || number_at(offer.p) < VERSION_LEAST) {
		milter->over = true;
		return;
	}
	milter->version = number_at(offer.p) < VERSION_MOST ? number_at(offer.p) : VERSION_MOST;
	milter->actions = number_at(offer.p + 4) & (milter->handler.trace ? ADD_HEADERS : 0);
	milter->steps = number_at(offer.p + 8) & wishes;
	put_number(answer, milter->version);
	put_number(answer + 4, milter->actions);
	put_number(answer + 8, milter->steps);
	say(milter, NEGOTIATE, (struct text){ answer, sizeof answer });
}

/* ---- a mail */

static void append(struct milter *milter, struct text bytes) { bytes_fill(&milter->mail, bytes, MILTER_MAIL_MAX); }

/* up to the NUL byte at its end; all of it where there is none */
static struct text take_string(struct text *rest) { return text_word(rest, '\0'); }

static struct text without_brackets(struct text address)
{
	if (address.n >= 2 && address.p[0] == '<' && address.p[address.n - 1] == '>')
		return (struct text){ address.p + 1, address.n - 2 };
	return address;
}

static bool is_like(struct text t, const char *word) { return t.n == strlen(word) && strncasecmp(t.p, word, t.n) == 0; }

/* of the command that follows */
static void take_macros(struct milter *milter, struct text rest)
{
	if (rest.n && rest.p[0] == 'M') /* a new mail's */
		forget_mail(milter);
	rest = rest.n ? text_after(rest, 1) : rest;
	while (rest.n) {
		struct text name = take_string(&rest), value = take_string(&rest);

		if (milter->asked_for)
			continue;
		if (text_is(name, TEXT("{auth_authen}")))
			text_copy(milter->login, sizeof milter->login, value);
		else if (text_is(name, TEXT("i")) || text_is(name, TEXT("{i}")))
			text_copy(milter->queue_id, sizeof milter->queue_id, value);
	}
}

/* the login of this mail is known by now: its macros came before */
static void take_sender(struct milter *milter, struct text rest)
{
	struct text sender = without_brackets(take_string(&rest));

	free(milter->mail.p);
	milter->mail = (struct bytes){ 0 };
	milter->wanted = !*milter->login && !sender.n;
	milter->asked_for = false;
	append(milter, TEXT("Return-Path: <"));
	append(milter, sender);
	append(milter, TEXT(">\r\n"));
	go_on(milter, QUIET_SENDER);
}

static void take_recipient(struct milter *milter, struct text rest)
{
	struct text address = without_brackets(take_string(&rest)), local = text_head(address, text_find(address, '@'));

	milter->wanted |= !*milter->login && (is_like(local, "abuse") || is_like(local, "postmaster"));
	go_on(milter, QUIET_RECIPIENT);
}

static bool has_word(struct text value, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= value.n; i++)
		if (strncasecmp(value.p + i, word, n) == 0)
			return true;
	return false;
}

/* the fields by which machines own to be machines (RFC 3834, 6522, and what stood for them before) */
static bool tells_of_machine(struct text name, struct text value)
{
	value = text_trim(value);
	if (is_like(name, "Auto-Submitted"))
		return strncasecmp(value.p, "no", value.n < 2 ? value.n : 2) != 0;
	if (is_like(name, "Precedence"))
		return is_like(value, "auto_reply") || is_like(value, "auto-reply");
	if (is_like(name, "Content-Type"))
		return has_word(value, "multipart/report");
	return is_like(name, "X-Autoreply") || is_like(name, "X-Autorespond") || is_like(name, "X-Auto-Response-Suppress") ||
	       is_like(name, "X-Failed-Recipients");
}

static void take_field(struct milter *milter, struct text rest)
{
	struct text name = take_string(&rest), value = take_string(&rest);

	milter->wanted |= !*milter->login && tells_of_machine(name, value);
	if (!*milter->login || milter->handler.wants) {
		append(milter, name);
		append(milter, milter->steps & LEADING_SPACE ? TEXT(":") : TEXT(": "));
		append(milter, value);
		append(milter, TEXT("\r\n"));
	}
	go_on(milter, QUIET_HEADER);
}

static bool gets_trace(const struct milter *milter) { return *milter->login && milter->actions & ADD_HEADERS; }

static bool is_asked_for(const struct milter *milter)
{
	const struct milter_handler *handler = &milter->handler;

	return *milter->login && *milter->queue_id && handler->wants &&
	       handler->wants(handler->context, text_of(milter->login), text_of(milter->queue_id));
}

/* of what tells nothing no more is wanted */
static void end_header(struct milter *milter, struct text rest)
{
	append(milter, TEXT("\r\n"));
	milter->asked_for = is_asked_for(milter);
	milter->wanted |= milter->asked_for;
	if (milter->wanted || gets_trace(milter)) {
		say(milter, GO_ON, TEXT_NONE);
		return;
	}
	forget_mail(milter);
	say(milter, ACCEPT, TEXT_NONE);
}

static void take_body(struct milter *milter, struct text piece)
{
	bool enough;

	if (milter->wanted)
		append(milter, piece);
	enough = !milter->wanted || milter->mail.n == MILTER_MAIL_MAX;
	say(milter, enough && milter->steps & MAY_SKIP ? SKIP : GO_ON, TEXT_NONE);
}

static void add_trace(struct milter *milter)
{
	char value[MILTER_TRACE_MAX], packet[SAYS_MAX];
	const struct milter_handler *handler = &milter->handler;
	int n;

	if (!gets_trace(milter) || !handler->trace(handler->context, text_of(milter->login), text_of(milter->queue_id), value))
		return;
	put_number(packet, ON_TOP);
	n = snprintf(packet + LENGTH_BYTES, sizeof packet - LENGTH_BYTES - 1, "%s%c%s%s", handler->trace_field, '\0',
		     milter->steps & LEADING_SPACE ? " " : "", value);
	if (n > 0 && (size_t)n < sizeof packet - LENGTH_BYTES - 1)
		say(milter, INSERT_HEADER, (struct text){ packet, LENGTH_BYTES + (size_t)n + 1 });
}

static void end_mail(struct milter *milter, struct text piece)
{
	const struct milter_handler *handler = &milter->handler;

	if (milter->wanted) {
		append(milter, piece);
		if (milter->asked_for)
			handler->sent(handler->context, text_of(milter->login), text_of(milter->queue_id), bytes_text(&milter->mail));
		else
			handler->mail(handler->context, bytes_text(&milter->mail));
	}
	add_trace(milter);
	say(milter, ACCEPT, TEXT_NONE);
	forget_mail(milter);
}

static void abort_mail(struct milter *milter, struct text rest) { forget_mail(milter); }
static void quit(struct milter *milter, struct text rest) { milter->over = true; }
static void nothing(struct milter *milter, struct text rest) { say(milter, GO_ON, TEXT_NONE); }

static const struct {
	char command;
	void (*take)(struct milter *milter, struct text rest);
} commands[] = {
	{ 'O', negotiate }, { 'D', take_macros }, { 'C', nothing }, { 'H', nothing }, { 'M', take_sender }, { 'R', take_recipient },
	{ 'T', nothing }, { 'L', take_field }, { 'N', end_header }, { 'B', take_body }, { 'E', end_mail }, { 'A', abort_mail },
	{ 'U', nothing }, { 'K', abort_mail }, { 'Q', quit },
};

static void take_packet(struct milter *milter, struct text packet)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (commands[i].command == packet.p[0]) {
			milter->over |= packet.p[0] != NEGOTIATE && !milter->version;
			if (!milter->over)
				commands[i].take(milter, text_after(packet, 1));
			return;
		}
	milter->over = true;
}

/* ---- bytes */

/* of how many bytes the packet is of which these are known, with its length in front; 0: that is not known yet */
static size_t packet_length(struct milter *milter, struct text known)
{
	uint32_t n = known.n >= LENGTH_BYTES ? number_at(known.p) : 1;

	milter->over |= !n || n > MILTER_PACKET_MAX;
	return known.n < LENGTH_BYTES || milter->over ? 0 : LENGTH_BYTES + (size_t)n;
}

/* so many bytes more of the packet that is not whole */
static struct text keep(struct milter *milter, struct text bytes, size_t n)
{
	bytes_add(&milter->packet, text_head(bytes, n));
	return text_after(bytes, n);
}

void milter_take(struct milter *milter, struct text bytes)
{
	while (bytes.n && !milter->over) {
		struct text known = bytes_text(&milter->packet);
		size_t whole = packet_length(milter, known), lacks = (whole ? whole : LENGTH_BYTES) - known.n;

		if (milter->over)
			return;
		bytes = keep(milter, bytes, bytes.n < lacks ? bytes.n : lacks);
		whole = packet_length(milter, bytes_text(&milter->packet));
		if (!whole || milter->packet.n < whole)
			continue;
		milter->packet.n = 0;
		take_packet(milter, (struct text){ milter->packet.p + LENGTH_BYTES, whole - LENGTH_BYTES });
	}
}
