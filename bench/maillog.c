/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a mail log of Postfix and Dovecot that never happened, to measure readers with: the same options give
 * the same log. A day has its rhythm; owners come from their own networks, a few of them travel, a club sends its
 * newsletter; the outside world guesses passwords and probes; some accounts are hijacked.
 *
 *   maillog [-m megabytes] [-s seed] [-a accounts] [-d days] [-j hijacked] [-t bsd|iso] [-T truth-file] > mail.log
 *
 * The truth file has one JSON object a line for each hijacked account. It counts the lines that were written, so it
 * holds also where the log ends in the middle of an attack.
 *
 * Everything is a session with a time at which it goes on; a heap gives the next one. A session of the plain kind
 * says the lines of its script one after the other; the others are functions. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "maillog_world.h"

#define FIRST_DAY (1759708800 * SECOND) /* Monday, 2025-10-06, 00:00 UTC */
#define DONE ((int64_t)-1)

enum { SESSIONS_MAX = 1 << 16, ATTACKS_MAX = 4096, QUEUE_ID = 16, SESSION_BYTES = 740 /* of log, on average */ };

struct attack {
	uint32_t account, planned, sources_max, recipients_max, opened;
	unsigned bounce, spam, defer; /* in a thousand recipients */
	uint64_t seed;
	int64_t start_us, pace_us;
	/* the truth */
	int64_t onset_us;
	uint32_t messages, recipients, sent, bounced, deferred;
};

struct session {
	int64_t t_us; /* when it goes on */
	uint64_t dice;
	struct attack *attack; /* NULL: the owner, or nobody */
	const struct network *network;
	uint32_t account, ip, pid, step;
	uint32_t messages, recipients, rcpt, try; /* to come; of this message; the one in hand; delivery attempts made */
	uint8_t kind;
	bool named, bounced, waiting;
	char id[QUEUE_ID + 1], parent[QUEUE_ID + 1];
};

/* ---- state of the run */
static struct {
	uint64_t limit, written, dice;
	uint32_t accounts, attacks;
	int days;
	bool iso;
	uint64_t ids; /* queue ids given out */
} run = { .limit = 300ull << 20, .dice = 1, .accounts = 20000, .days = 7, .attacks = 20, .iso = true };
static struct attack attacks[ATTACKS_MAX];
static struct session sessions[SESSIONS_MAX];
static uint32_t heap[SESSIONS_MAX], live; /* heap[live…] are the free ones */

/* splitmix64 (S. Vigna) */
static uint64_t mixed(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static uint64_t roll(uint64_t *dice) { return mixed(*dice += 0x9e3779b97f4a7c15ull); }
static uint64_t hashed(uint64_t a, uint64_t b) { return mixed(mixed(a + 0x9e3779b97f4a7c15ull) ^ b); }
static uint64_t below(uint64_t *dice, uint64_t n) { return (uint64_t)((__uint128_t)roll(dice) * n >> 64); }

/* ---- output: a buffer that always has room for one more line */
enum { LINE_MAX_BYTES = 8192 };
static char buffer[1 << 20];
static char *end = buffer;

static void flush(void)
{
	if (fwrite(buffer, 1, (size_t)(end - buffer), stdout) != (size_t)(end - buffer)) {
		fprintf(stderr, "maillog: cannot write: %s\n", strerror(errno));
		exit(1);
	}
	end = buffer;
}

static void put(const char *p, size_t n)
{
	memcpy(end, p, n);
	end += n;
}

static void put_string(const char *s) { put(s, strlen(s)); }

static void put_number(uint64_t number)
{
	char digits[20], *p = digits + sizeof digits;

	do
		*--p = (char)('0' + number % 10);
	while (number /= 10);
	put(p, (size_t)(digits + sizeof digits - p));
}

/* exactly so many digits */
static void put_digits(uint64_t number, int width)
{
	for (int i = width - 1; i >= 0; i--, number /= 10)
		end[i] = (char)('0' + number % 10);
	end += width;
}

static void put_ip(uint32_t ip, char dot)
{
	for (int shift = 24; shift >= 0; shift -= 8) {
		put_number(ip >> shift & 255);
		if (shift)
			*end++ = dot;
	}
}

static char *base52(char *to, uint64_t number, int width)
{
	static const char digits[] = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";

	for (int i = width - 1; i >= 0; i--, number /= 52)
		to[i] = digits[number % 52];
	return to + width;
}

static void put_stamp(int64_t t_us)
{
	static char head[32];
	static size_t head_bytes;
	static int64_t head_s = -1;
	int64_t t_s = t_us / SECOND;

	if (t_s != head_s) {
		time_t t = (time_t)t_s;
		struct tm tm;

		gmtime_r(&t, &tm);
		head_bytes = strftime(head, sizeof head, run.iso ? "%Y-%m-%dT%H:%M:%S." : "%b %e %H:%M:%S", &tm);
		head_s = t_s;
	}
	put(head, head_bytes);
	if (run.iso) {
		put_digits((uint64_t)(t_us % SECOND), 6);
		put_string("+00:00");
	}
	put_string(" mx1 ");
}

static void put_account(uint32_t account)
{
	put_string(given[account % LENGTH(given)]);
	put_number(account / LENGTH(given));
	*end++ = '@';
	put_string(ours[account % LENGTH(ours)]);
}

/* ---- the other side of a message: an owner writes to some thirty people, an attacker to a list */
static uint64_t recipient_of(const struct session *s)
{
	if (s->attack || s->kind == INBOUND || s->kind == REJECT || s->kind == POSTSCREEN)
		return hashed(s->dice, s->rcpt);
	return hashed(s->account, (s->recipients > 30 ? 0 : s->dice) % 30 + s->rcpt);
}

static const char *recipient_domain(const struct session *s) { return theirs[recipient_of(s) % LENGTH(theirs)]; }

static void put_recipient(const struct session *s)
{
	uint64_t who = recipient_of(s);

	put_string(given[who / 64 % LENGTH(given)]);
	put_number(who >> 44);
	*end++ = '@';
	put_string(recipient_domain(s));
}

static void put_host(const struct session *s)
{
	if (!s->named) {
		put_string("unknown");
		return;
	}
	*end++ = 'p';
	put_ip(s->ip, '-');
	*end++ = '.';
	put_string(s->network->name);
	put_string(".example.net");
}

static void put_session_id(const struct session *s)
{
	end = base52(end, s->dice >> 16, 8);
	end = base52(end, hashed(s->dice, s->recipients), 8);
}

static void put_field(struct session *s, char field)
{
	static const uint64_t powers[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000 };

	switch (field) {
	case 'a': put_account(s->account); break;
	case 'o': put_account((uint32_t)(recipient_of(s) % run.accounts)); break; /* another account of ours */
	case 't': put_recipient(s); break;
	case 'm': put_string("mx."); put_string(recipient_domain(s)); break;
	case 'n': put_number(recipient_of(s) % LENGTH(theirs) + 10); break;
	case 'i': put_ip(s->ip, '.'); break;
	case 'h': put_host(s); break;
	case 'q': put(s->id, QUEUE_ID); break;
	case 'Q': put(s->parent, QUEUE_ID); break;
	case 's': put_session_id(s); break;
	case 'p': put_number(s->pid); break;
	case 'c': put_number(100000 + (s->dice & 31)); break; /* one of a few processes that serve everybody */
	case 'r': put_number(s->recipients); break;
	case 'R': put_number(s->recipients + 7); break;
	case '2': put_digits(below(&run.dice, 100), 2); break;
	default: put_number(below(&run.dice, powers[field - '0'])); break;
	}
}

static void say(struct session *s, const char *template)
{
	char *start = end;
	const char *mark;

	put_stamp(s->t_us);
	for (; (mark = strchr(template, '%')); template = mark + 2) {
		put(template, (size_t)(mark - template));
		put_field(s, mark[1]);
	}
	put_string(template);
	*end++ = '\n';
	run.written += (uint64_t)(end - start);
	if (end > buffer + sizeof buffer - LINE_MAX_BYTES)
		flush();
}

/* ---- the heap of sessions */
static void sift(uint32_t at)
{
	for (uint32_t child; (child = 2 * at + 1) < live; at = child) {
		uint32_t slot = heap[at];

		if (child + 1 < live && sessions[heap[child + 1]].t_us < sessions[heap[child]].t_us)
			child++;
		if (sessions[slot].t_us <= sessions[heap[child]].t_us)
			return;
		heap[at] = heap[child];
		heap[child] = slot;
	}
}

/* a new session that goes on at t_us; NULL where too many are under way. pid is its own as long as it lives */
static struct session *session_open(enum kind kind, int64_t t_us, uint32_t account)
{
	uint32_t at = live, slot;
	struct session *s;

	if (live == SESSIONS_MAX)
		return NULL;
	slot = heap[live++];
	s = &sessions[slot];
	*s = (struct session){ .kind = (uint8_t)kind, .t_us = t_us, .account = account, .pid = 2000 + slot };
	s->dice = roll(&run.dice);
	for (; at && sessions[heap[(at - 1) / 2]].t_us > t_us; at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = slot;
	return s;
}

static void session_close(void)
{
	uint32_t slot = heap[0];

	heap[0] = heap[--live];
	heap[live] = slot;
	sift(0);
}

/* Postfix's long form: time and a number that differs */
static void new_id(struct session *s)
{
	char *p = base52(s->id, (uint64_t)(s->t_us / SECOND), 6);

	p = base52(p, (uint64_t)(s->t_us % SECOND), 4);
	*p++ = 'z';
	base52(p, run.ids++, 5);
}

/* ---- where people are */
static void place(struct session *s, const struct network *network, uint64_t host)
{
	s->network = network;
	s->ip = (uint32_t)network->high << 16 | (uint32_t)(host % 0xfffd + 1);
	s->named = host >> 20 & 1;
}

/* anybody in the world */
static void place_stranger(struct session *s)
{
	place(s, &botnet[roll(&run.dice) % LENGTH(botnet)], roll(&run.dice));
}

/* home with an address that changes every five days, a telephone, and two days abroad for one in five hundred */
static void place_owner(struct session *s)
{
	uint64_t person = hashed(s->account, 77);
	uint64_t day = (uint64_t)((s->t_us - FIRST_DAY) / DAY), row = person % LENGTH(homes);

	if (person % 500 == 7 && day % 14 / 2 == 1)
		place(s, &abroad[person % LENGTH(abroad)], hashed(person, 3));
	else if (person >> 9 & 1 && below(&run.dice, 4) == 0)
		place(s, &mobiles[row], (person & 0xf800) | (hashed(person, day) & 0x7ff));
	else
		place(s, &homes[row], (person & 0xff00) | (hashed(person, day / 5) & 0xff) | (person & 1 << 20));
}

/* ---- owners' and attackers' messages */
enum fate { SENT, STORED, UNKNOWN, SPAM, LATER, LATER_UNKNOWN, STUCK };

/* what becomes of the recipient in hand: settled from the start, so that nothing need be remembered of it */
static enum fate fate_of(const struct session *s)
{
	unsigned bounce = s->attack ? s->attack->bounce : 8, spam = s->attack ? s->attack->spam : 1;
	unsigned defer = s->attack ? s->attack->defer : 20, chance = hashed(s->dice, 1000 + s->rcpt) % 1000;

	if (!s->attack && s->recipients == 1 && s->dice % 5 == 0)
		return STORED;
	if (chance < bounce)
		return UNKNOWN;
	if (chance < bounce + spam)
		return SPAM;
	if (chance < bounce + spam + defer)
		return chance % 4 == 0 ? STUCK : chance % 4 == 1 ? LATER_UNKNOWN : LATER;
	return SENT;
}

static void count_final(struct session *s, bool bounced)
{
	s->bounced |= bounced;
	if (!s->attack)
		return;
	*(bounced ? &s->attack->bounced : &s->attack->sent) += 1;
	if (s->try)
		s->attack->deferred--;
}

static void say_outcome(struct session *s, enum fate fate)
{
	if (fate == STUCK || (fate >= LATER && s->try == 0)) {
		say(s, say_deferred[hashed(s->dice, s->rcpt) % LENGTH(say_deferred)]);
		s->waiting = true;
		if (s->attack && s->try == 0)
			s->attack->deferred++;
		return;
	}
	if (fate == UNKNOWN || fate == LATER_UNKNOWN)
		say(s, say_unknown[hashed(s->dice, s->rcpt) % LENGTH(say_unknown)]);
	else
		say(s, fate == SPAM ? say_spam : fate == STORED ? say_stored : say_sent);
	count_final(s, fate == UNKNOWN || fate == LATER_UNKNOWN || fate == SPAM);
}

/* one in three attackers writes under another name, that of whom he writes to */
static bool forges(const struct attack *attack) { return attack && attack->seed % 3 == 0; }

/* the mail server has tried every recipient once more: a bounce for those that failed, and another try later */
static int64_t attempt_ends(struct session *s)
{
	enum kind kind = forges(s->attack) ? RETURN_AWAY : RETURN;
	struct session *child = s->bounced ? session_open(kind, s->t_us + SECOND / 100, s->account) : NULL;

	if (child) {
		child->attack = s->attack;
		child->dice = s->dice;
		memcpy(child->parent, s->id, sizeof child->parent);
		new_id(child);
	}
	if (!s->waiting) {
		s->step = 1;
		return child ? 2 * SECOND : SECOND / 50;
	}
	s->rcpt = 0;
	s->bounced = s->waiting = false;
	return s->try++ == 2 ? DONE : (5 + (int64_t)(s->dice % 35)) * MINUTE; /* after that the log does not show it again */
}

static int64_t go_on_delivering(struct session *s)
{
	if (s->step == 1) {
		say(s, "postfix/qmgr[1177]: %q: removed");
		return DONE;
	}
	while (s->rcpt < s->recipients && fate_of(s) < (s->try == 2 ? STUCK : s->try == 1 ? LATER : SENT))
		s->rcpt++;
	if (s->rcpt == s->recipients)
		return attempt_ends(s);
	say_outcome(s, fate_of(s));
	s->rcpt++;
	return SECOND / 10 + (int64_t)(s->dice % (SECOND / 4));
}

/* the message stands in the queue: from here on it counts */
static void hand_over(struct session *s)
{
	struct session *d = session_open(DELIVER, s->t_us + SECOND / 5, s->account);

	if (s->attack) {
		s->attack->messages++;
		s->attack->recipients += s->recipients;
	}
	if (!d)
		return;
	memcpy(d->id, s->id, sizeof d->id);
	d->recipients = s->recipients;
	d->attack = s->attack;
	d->dice = s->dice;
}

static int64_t next_message(struct session *s)
{
	s->dice = roll(&run.dice);
	s->recipients = 1;
	if (s->attack)
		s->recipients += (uint32_t)(s->dice % s->attack->recipients_max);
	else if (s->dice % 2000 == 1)
		s->recipients = 60 + (uint32_t)(s->dice >> 20) % 120; /* the newsletter */
	else if (s->dice % 8 == 1)
		s->recipients += (uint32_t)(s->dice >> 20) % 6;
	s->step = 2;
	return SECOND / 2;
}

static int64_t go_on_submitting(struct session *s)
{
	switch (s->step++) {
	case 0:
		say(s, "postfix/submission/smtpd[%p]: connect from %h[%i]");
		return next_message(s);
	case 2:
		new_id(s);
		say(s, "postfix/submission/smtpd[%p]: %q: client=%h[%i], sasl_method=PLAIN, sasl_username=%a");
		if (s->attack && !s->attack->onset_us)
			s->attack->onset_us = s->t_us;
		return SECOND / 5;
	case 3:
		say(s, "postfix/cleanup[%c]: %q: message-id=<%s.%q@kumo.example.jp>");
		return SECOND / 20;
	case 4:
		say(s, "opendkim[801]: %q: DKIM-Signature field added (s=mail, d=kumo.example.jp)");
		return SECOND / 50;
	case 5:
		say(s, forges(s->attack) ? "postfix/qmgr[1177]: %q: from=<%t>, size=%4, nrcpt=%r (queue active)"
					 : "postfix/qmgr[1177]: %q: from=<%a>, size=%5, nrcpt=%r (queue active)");
		hand_over(s);
		return s->messages-- > 1 ? next_message(s) : SECOND / 5;
	default:
		say(s, "postfix/submission/smtpd[%p]: disconnect from %h[%i] ehlo=2 starttls=1 auth=1 mail=1 rcpt=%r data=1 quit=1 "
		       "commands=%R");
		return DONE;
	}
}

/* ---- attacks: one message as a probe, hours later the flood, the probe's address among many */
static int64_t go_on_attacking(struct session *s)
{
	struct attack *attack = s->attack;
	struct session *login;
	uint64_t source = attack->opened < 2 ? 0 : below(&run.dice, attack->sources_max);

	if (attack->opened == 0)
		attack->planned--;
	login = session_open(SUBMIT, s->t_us, attack->account);
	if (!login)
		return MINUTE;
	login->attack = attack;
	login->messages = 1;
	if (attack->opened > 0) {
		login->messages += (uint32_t)below(&run.dice, attack->planned < 10 ? attack->planned : 10);
		attack->planned -= login->messages;
	}
	place(login, &botnet[hashed(attack->seed, source) % LENGTH(botnet)], hashed(attack->seed, source + 9999));
	attack->opened++;
	if (attack->planned == 0)
		return DONE;
	if (attack->opened == 1)
		return attack->pace_us * attack->planned / 2;
	return attack->pace_us * login->messages / 2 + (int64_t)below(&run.dice, (uint64_t)attack->pace_us * login->messages);
}

/* four kinds: a botnet with an old list; few hosts, many recipients each; slow; a clean list */
static void attack_plan(struct attack *attack, uint32_t number)
{
	static const struct attack kinds[] = {
		{ .sources_max = 120, .recipients_max = 1, .bounce = 280, .spam = 60, .defer = 90, .pace_us = 4 * SECOND },
		{ .sources_max = 6, .recipients_max = 50, .bounce = 120, .spam = 150, .defer = 150, .pace_us = 20 * SECOND },
		{ .sources_max = 30, .recipients_max = 3, .bounce = 90, .spam = 20, .defer = 40, .pace_us = 90 * SECOND },
		{ .sources_max = 12, .recipients_max = 2, .bounce = 8, .spam = 4, .defer = 20, .pace_us = 15 * SECOND },
	};
	static const uint32_t most[] = { 3000, 400, 900, 1500 };
	uint32_t kind = number % (uint32_t)LENGTH(kinds);
	uint64_t bytes = 900 + 400ull * (kinds[kind].recipients_max + 1) / 2;
	uint64_t room = run.limit / 6 / run.attacks / bytes; /* all attacks together: a sixth of the log */
	int64_t span = run.days * DAY;

	*attack = kinds[kind];
	attack->seed = roll(&run.dice);
	attack->planned = room > most[kind] ? most[kind] : room < 40 ? 40 : (uint32_t)room;
	if (attack->pace_us > span / 5 / attack->planned)
		attack->pace_us = span / 5 / attack->planned;
	attack->start_us = FIRST_DAY + span / 3 + (int64_t)below(&run.dice, (uint64_t)span / 4);
}

/* some accounts are used much, most of them little */
static uint32_t draw_account(void)
{
	double u = (double)(roll(&run.dice) >> 11) * 0x1p-53;

	return (uint32_t)(u * u * u * run.accounts);
}

static bool is_attacked(uint32_t account, uint32_t known)
{
	for (uint32_t i = 0; i < known; i++)
		if (attacks[i].account == account)
			return true;
	return false;
}

static void attacks_begin(void)
{
	for (uint32_t i = 0; i < run.attacks; i++) {
		uint32_t account = draw_account();

		while (is_attacked(account, i))
			account = draw_account();
		attack_plan(&attacks[i], i);
		attacks[i].account = account;
		session_open(ATTACK, attacks[i].start_us, account)->attack = &attacks[i];
	}
}

/* ---- life goes on */
static enum kind draw_kind(void)
{
	int64_t chance = (int64_t)below(&run.dice, 1000);
	enum kind kind = IMAP;

	while ((chance -= plain[kind].share) >= 0)
		kind++;
	return kind;
}

static void arrive(int64_t t_us)
{
	struct session *s = session_open(draw_kind(), t_us, draw_account());

	if (!s)
		return;
	if (s->kind <= POP3 || s->kind == SUBMIT || (s->kind == WRONG && s->dice % 8 == 0))
		place_owner(s);
	else
		place_stranger(s);
	if (s->kind == GUESS) /* a few hosts try account after account */
		place(s, &botnet[s->dice % 5], hashed(s->dice % 40, (uint64_t)(t_us / DAY)));
	s->messages = 1 + (s->dice % 16 == 0);
	if (s->kind != SUBMIT)
		new_id(s);
}

/* the wait until the next arrival, so that time and size run out together */
static int64_t go_on_arriving(struct session *s)
{
	int64_t left_us = FIRST_DAY + run.days * DAY - s->t_us;
	uint64_t left = (run.limit - run.written) / SESSION_BYTES + 1;
	uint64_t rate = rhythm[s->t_us / HOUR % 24];

	arrive(s->t_us);
	if (left_us < SECOND)
		left_us = SECOND;
	return 1 + (int64_t)below(&run.dice, 2 * (uint64_t)left_us / left * 10 / rate + 1);
}

static int64_t go_on_speaking(struct session *s)
{
	const char *line = plain[s->kind].script[s->step++];

	if (line && line[0] == '?')
		line = s->dice >> 40 & 3 ? line + 1 : plain[s->kind].script[s->step++];
	if (!line)
		return DONE;
	say(s, line);
	return plain[s->kind].script[s->step] ? 1000 + (int64_t)(hashed(s->dice, s->step) % (uint64_t)plain[s->kind].gap_us) : DONE;
}

static int64_t go_on(struct session *s)
{
	switch (s->kind) {
	case SUBMIT: return go_on_submitting(s);
	case DELIVER: return go_on_delivering(s);
	case ATTACK: return go_on_attacking(s);
	case ARRIVAL: return go_on_arriving(s);
	default: return go_on_speaking(s);
	}
}

static void live_through(void)
{
	while (run.written < run.limit) {
		uint32_t slot = heap[0];
		int64_t wait = go_on(&sessions[slot]);

		if (wait == DONE) {
			session_close();
		} else {
			sessions[slot].t_us += wait;
			sift(0);
		}
	}
	flush();
}

static void write_truth(FILE *to)
{
	for (uint32_t i = 0; i < run.attacks; i++) {
		const struct attack *a = &attacks[i];

		if (a->messages == 0)
			continue;
		end = buffer;
		put_account(a->account);
		fprintf(to, "{\"account\":\"%.*s\",", (int)(end - buffer), buffer);
		fprintf(to, "\"onset\":%.6f,\"messages\":%u,\"recipients\":%u,", (double)a->onset_us / 1e6, a->messages, a->recipients);
		fprintf(to, "\"sent\":%u,\"bounced\":%u,\"deferred\":%u,\"unfinished\":%u}\n", a->sent, a->bounced, a->deferred,
			a->recipients - a->sent - a->bounced);
	}
}

static uint64_t number_option(const char *text, uint64_t most)
{
	char *rest;
	uint64_t number = strtoull(text, &rest, 10);

	if (*rest || number == 0 || number > most) {
		fprintf(stderr, "maillog: '%s' is no number from 1 to %llu\n", text, (unsigned long long)most);
		exit(2);
	}
	return number;
}

static const char *options(int count, char **words)
{
	const char *truth = NULL;

	for (int option; (option = getopt(count, words, "m:s:a:d:j:t:T:")) != -1;) {
		switch (option) {
		case 'm': run.limit = number_option(optarg, 1 << 20) << 20; break;
		case 's': run.dice = number_option(optarg, UINT64_MAX); break;
		case 'a': run.accounts = (uint32_t)number_option(optarg, 10 * 1000 * 1000); break;
		case 'd': run.days = (int)number_option(optarg, 365); break;
		case 'j': run.attacks = strcmp(optarg, "0") ? (uint32_t)number_option(optarg, ATTACKS_MAX) : 0; break;
		case 't': run.iso = strcmp(optarg, "bsd") != 0; break;
		case 'T': truth = optarg; break;
		default:
			fputs("usage: maillog [-m megabytes] [-s seed] [-a accounts] [-d days] [-j hijacked] [-t bsd|iso] "
			      "[-T truth-file]\n", stderr);
			exit(2);
		}
	}
	if (run.attacks > run.accounts / 4)
		run.attacks = run.accounts / 4;
	return truth;
}

int main(int count, char **words)
{
	const char *truth = options(count, words);
	FILE *to = truth ? fopen(truth, "w") : NULL;

	if (truth && !to) {
		fprintf(stderr, "maillog: cannot write '%s': %s\n", truth, strerror(errno));
		return 1;
	}
	for (uint32_t i = 0; i < SESSIONS_MAX; i++)
		heap[i] = i;
	session_open(ARRIVAL, FIRST_DAY, 0);
	attacks_begin();
	live_through();
	if (to) {
		write_truth(to);
		return fclose(to) == 0 ? 0 : 1;
	}
	return 0;
}
