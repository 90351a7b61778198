/* SPDX-License-Identifier: Apache-2.0 */
#include "detector_world.h"

#include "base/hash.h"

enum {
	CONTACTS = 2 * WORLD_WARM_DAYS,
	LAG = 2000,           /* messages until the outcome of one is known */
	MESSAGES_A_DAY = 4,   /* of each account */
	HIJACKED_ONE_IN = 5000,
	GUESSERS = 2000,      /* networks that guess passwords */
	NETWORKS = 40,        /* of a country */
	CLIENTS = 12,         /* programs of owners */
	TELEPHONE_FROM = 780, /* in a thousand */
	CAFE_FROM = 957,
	ABROAD_FROM = 997,
};
#define FIRST_DAY_US (1775347200 * SECOND_US)

static const char owners[] = "JPJPJPJPJPJPJPUSDEFRGBKRTW"; /* half of them in one */
static const char abroad[] = "VNBRINIDRUNGUATRARMXEGPK";
static const char *const nets[] = { "unknown", "isp", "mobile", "office", "hosting" };
static const char *const results[] = { "sent", "bounced", "deferred" };

static uint64_t dice(uint64_t number, uint64_t what)
{
	return hash_pair(number * 0x9e3779b97f4a7c15ull, what * 0xd6e8feb86659fd93ull + 1);
}

/* once in `n`, or `of` times */
static bool is(uint64_t number, uint64_t what, unsigned of, unsigned n) { return dice(number, what) % n < of; }

/* what is drawn for a message or an account */
enum { WHO, LOGIN, LOGIN_FAILS, WHERE, HOW_MANY, STRANGER, DEAD, SUBJECT, LINK, FROM, SPAM, OTHER, THIEF, HOME, CLIENT };

void world_init(struct world *world, uint32_t accounts) { *world = (struct world){ .accounts = accounts }; }

static uint64_t warm_rounds(const struct world *world) { return (uint64_t)world->accounts * WORLD_WARM_DAYS; }

bool world_is_warm(const struct world *world) { return world->round >= warm_rounds(world) + LAG; }

static int64_t time_of(const struct world *world, uint64_t round)
{
	double day = (double)DAY_US / world->accounts, warm = (double)warm_rounds(world), after = (double)round - warm;

	return FIRST_DAY_US + (int64_t)(after < 0 ? (double)round * day : (warm + after / MESSAGES_A_DAY) * day);
}

/* ---- a message */

struct letter {
	uint64_t round;
	uint32_t account, count;
	bool thief, warm;
};

static struct letter letter_of(const struct world *world, uint64_t round)
{
	unsigned many = dice(round, HOW_MANY) % 1000;
	struct letter letter = { .round = round, .warm = round < warm_rounds(world) };

	if (letter.warm) {
		letter.account = (uint32_t)(round % world->accounts) + 1;
		letter.count = 2;
		return letter;
	}
	letter.thief = is(round, THIEF, 1, 500);
	letter.account = (uint32_t)((__uint128_t)dice(round, WHO) * world->accounts >> 64) + 1;
	if (letter.thief)
		letter.account = letter.account / HIJACKED_ONE_IN * HIJACKED_ONE_IN + 1;
	letter.count = letter.thief ? 10 : many < 910 ? 1 : many < 990 ? 2 + many % 5 : WORLD_RCPTS_MAX;
	return letter;
}

static bool is_to_stranger(const struct letter *letter, uint32_t i)
{
	return !letter->warm && is(letter->round, STRANGER + 100 * (i + 1), letter->thief ? 90 : 12, 100);
}

static uint64_t rcpt_of(const struct world *world, const struct letter *letter, uint32_t i)
{
	uint64_t known = letter->warm   ? letter->round / world->accounts * 2 + i
			 : i < CONTACTS ? (dice(letter->round, WHO) + i) % CONTACTS
					: i; /* a list of its own */

	return (is_to_stranger(letter, i) ? dice(letter->round, 1000 + i) : dice(letter->account, 2000 + known)) | 1;
}

/* ---- a source */

static const char *country_of(const char *list, size_t bytes, uint64_t number)
{
	return list + dice(number, HOME) % (bytes / 2) * 2;
}

/* `network` says which block it is */
static void put_source(struct event *event, uint64_t network, const char *country, enum event_net net, uint64_t client)
{
	struct event_detail *detail = (struct event_detail *)event->detail;
	uint32_t host = __builtin_bswap32((uint32_t)network | 0x0b000000);

	event->ip.bytes[10] = event->ip.bytes[11] = 0xff;
	memcpy(event->ip.bytes + 12, &host, sizeof host);
	memcpy(event->place.country, country, 2);
	event->place.asn = (unsigned)(country[0] << 16 | country[1] << 8) + net * NETWORKS + (uint32_t)(network >> 32) % NETWORKS;
	detail->net = (uint8_t)net;
	detail->client = (uint32_t)dice(client, CLIENT) | 1;
}

/* home or the telephone; now and then a café, and abroad with a new program */
static void put_owner(struct event *event, uint64_t round, bool warm)
{
	unsigned where = (unsigned)(dice(round, WHERE + 100 * event->kind) % 1000);
	uint32_t account = event->account;
	const char *home = country_of(owners, sizeof owners, account);
	uint64_t client = dice(account, CLIENT) % CLIENTS;

	if (warm)
		where = event->kind == EVENT_AUTH ? TELEPHONE_FROM : 0;
	if (where < TELEPHONE_FROM)
		put_source(event, dice(account, NET_ISP), home, NET_ISP, client);
	else if (where < CAFE_FROM)
		put_source(event, dice(account, NET_MOBILE), home, NET_MOBILE, client);
	else if (where < ABROAD_FROM)
		put_source(event, dice(round, WHERE), home, NET_ISP, client);
	else
		put_source(event, dice(round, WHERE), country_of(abroad, sizeof abroad, round), NET_MOBILE, round % CLIENTS);
}

static void put_thief(struct event *event, uint64_t round)
{
	put_source(event, dice(round, WHERE), country_of(abroad, sizeof abroad, round), NET_ISP, CLIENTS);
}

static void put_guesser(struct event *event, uint64_t round)
{
	put_source(event, dice(dice(round, WHERE) % GUESSERS, LOGIN_FAILS), "CN", NET_HOSTING, CLIENTS);
}

/* ---- events */

/* `detail` of the kinds that have one is to be filled in, zeroed */
static struct event *next(struct world_batch *batch, enum event_kind kind, int64_t t_us, const struct letter *letter)
{
	struct event *event = &batch->events[batch->count];
	struct event_detail *detail = &batch->details[batch->count];

	*event = (struct event){ .kind = (uint8_t)kind, .t_us = t_us, .account = letter->account, .count = 1 };
	event->account_key = dice(letter->account, 0);
	*detail = (struct event_detail){ 0 };
	event->detail = kind == EVENT_AUTH || kind == EVENT_SUBMIT ? detail : NULL;
	snprintf(batch->ids[batch->count++], WORLD_ID, "m%llu", (unsigned long long)letter->round);
	return event;
}

static void put_login(struct world_batch *batch, const struct letter *letter, int64_t t_us)
{
	struct event *event = next(batch, EVENT_AUTH, t_us, letter);

	event->ok = letter->warm || !is(letter->round, LOGIN_FAILS, 8, 100);
	event->protocol = PROTOCOL_IMAP;
	if (!event->ok)
		put_guesser(event, letter->round);
	else if (letter->thief)
		put_thief(event, letter->round);
	else
		put_owner(event, letter->round, letter->warm);
}

static void put_submit(const struct world *world, struct world_batch *batch, const struct letter *letter, int64_t t_us)
{
	struct event *event = next(batch, EVENT_SUBMIT, t_us, letter);
	struct event_detail *detail = &batch->details[batch->count - 1];
	uint64_t round = letter->round;

	if (letter->thief)
		put_thief(event, round);
	else
		put_owner(event, round, letter->warm);
	event->protocol = PROTOCOL_SMTP;
	event->count = detail->rcpt_count = letter->count;
	detail->rcpts = batch->rcpts + batch->rcpt_count;
	for (uint32_t i = 0; i < letter->count; i++)
		batch->rcpts[batch->rcpt_count++] = rcpt_of(world, letter, i);
	detail->filtered = true;
	detail->foreign_from = is(round, FROM, letter->thief ? 30 : 5, 100);
	detail->subject = dice(letter->thief ? letter->account : round, SUBJECT) | 1;
	detail->link = is(round, LINK, 20, 100) ? dice(letter->thief ? 0 : round, LINK) | 1 : 0;
	event->from = dice(detail->foreign_from ? round : letter->account, FROM) | 1;
	event->spam = is(round, SPAM, letter->thief ? 60 : 4, 100);
}

static void put_outcomes(const struct world *world, struct world_batch *batch, const struct letter *letter, int64_t t_us)
{
	for (uint32_t i = 0; i < letter->count; i++) {
		struct event *event = next(batch, EVENT_OUTCOME, t_us, letter);

		event->rcpt = rcpt_of(world, letter, i);
		if (!is_to_stranger(letter, i) || !is(letter->round, DEAD + 100 * i, letter->thief ? 30 : 2, 100))
			continue;
		event->result = RESULT_BOUNCED;
		event->reason = REASON_UNKNOWN_USER;
	}
}

/* backscatter mostly */
static void put_other(struct world_batch *batch, const struct letter *letter, int64_t t_us)
{
	unsigned which = dice(letter->round, OTHER) % 1000;

	if (letter->warm || which >= 104)
		return;
	next(batch, which < 92 ? EVENT_BOUNCE : which < 102 ? EVENT_AUTO_REPLY : EVENT_COMPLAINT, t_us, letter);
	batch->events[batch->count - 1].reason = which < 92 ? REASON_UNKNOWN_USER : REASON_NONE;
	if (which < 92)
		*batch->ids[batch->count - 1] = '\0';
}

void world_fill(struct world *world, struct world_batch *batch)
{
	batch->count = batch->rcpt_count = 0;
	while (batch->count + WORLD_ROUND_MAX <= WORLD_BATCH) {
		uint64_t round = world->round++;
		int64_t t_us = time_of(world, round);
		struct letter letter = letter_of(world, round), earlier;

		if (letter.warm || is(round, LOGIN, 48, 100))
			put_login(batch, &letter, t_us);
		put_submit(world, batch, &letter, t_us);
		if (round < LAG)
			continue;
		earlier = letter_of(world, round - LAG);
		put_outcomes(world, batch, &earlier, t_us);
		put_other(batch, &earlier, t_us);
	}
}

/* ---- as JSON Lines */

struct text world_account(uint32_t account, char to[64])
{
	return (struct text){ to, (size_t)snprintf(to, 64, "u%u@firm%u.example", account, account * 7 % 12) };
}

static void write_source(const struct event *event, FILE *to)
{
	char ip[IP_TEXT_MAX];

	fprintf(to, ",\"ip\":\"%s\",\"asn\":%u,\"country\":\"%.2s\",\"net\":\"%s\",\"client\":\"client%x\"",
		ip_format(&event->ip, ip), event->place.asn, event->place.country, nets[event->detail->net], event->detail->client);
}

static void write_rcpt(uint64_t rcpt, FILE *to)
{
	fprintf(to, "\"p%llx@d%llu.example.net\"", (unsigned long long)rcpt >> 16, (unsigned long long)rcpt % 1987);
}

static void write_submit(const struct event *event, const char *account, const char *id, FILE *to)
{
	const struct event_detail *detail = event->detail;

	fprintf(to, "{\"ev\":\"submit\",\"id\":\"%s\",\"account\":\"%s\",\"from\":\"%s\",\"rcpt\":[", id, account,
		detail->foreign_from ? "office7@other.example.org" : account);
	for (uint32_t i = 0; i < detail->rcpt_count; i++) {
		fputs(i ? "," : "", to);
		write_rcpt(detail->rcpts[i], to);
	}
	fprintf(to, "],\"size\":6362,\"subject\":\"%08x\",\"via\":\"smtp\",\"spam\":%s", (unsigned)detail->subject,
		event->spam ? "true" : "false");
	if (detail->link)
		fprintf(to, ",\"urls\":[\"https://l%u.example.com/a\"]", (unsigned)detail->link);
	write_source(event, to);
}

static void write_outcome(const struct event *event, const char *account, const char *id, FILE *to)
{
	fprintf(to, "{\"ev\":\"outcome\",\"account\":\"%s\",\"id\":\"%s\",\"rcpt\":", account, id);
	write_rcpt(event->rcpt, to);
	fprintf(to, ",\"result\":\"%s\",\"dsn\":\"%s\"", results[event->result],
		event->result == RESULT_SENT ? "2.0.0" : "5.1.1");
}

static void write_event(const struct event *event, const char *id, FILE *to)
{
	char account[64];

	world_account(event->account, account);
	if (event->kind == EVENT_SUBMIT)
		write_submit(event, account, id, to);
	else if (event->kind == EVENT_OUTCOME)
		write_outcome(event, account, id, to);
	else if (event->kind == EVENT_BOUNCE)
		fprintf(to, "{\"ev\":\"bounce\",\"account\":\"%s\",\"rcpt\":\"x@d7.example.net\",\"dsn\":\"5.1.1\"", account);
	else if (event->kind == EVENT_AUTH)
		fprintf(to, "{\"ev\":\"auth\",\"account\":\"%s\",\"ok\":%s,\"protocol\":\"imap\"", account,
			event->ok ? "true" : "false");
	else
		fprintf(to, "{\"ev\":\"%s\",\"account\":\"%s\",\"id\":\"%s\"",
			event->kind == EVENT_COMPLAINT ? "complaint" : "auto_reply", account, id);
	if (event->kind == EVENT_AUTH)
		write_source(event, to);
	fprintf(to, ",\"t\":%lld.%03d}\n", (long long)(event->t_us / SECOND_US), (int)(event->t_us % SECOND_US / 1000));
}

void world_write(const struct world_batch *batch, FILE *to)
{
	for (size_t i = 0; i < batch->count; i++)
		write_event(&batch->events[i], batch->ids[i], to);
}
