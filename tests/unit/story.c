/* SPDX-License-Identifier: Apache-2.0 */
#include "story.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"

enum { COUNTRIES = 15, ABROAD = 12, FIRST_NETWORK = 64512 };

struct story_waiting {
	uint32_t account, message;
	uint64_t rcpt;
	struct ip ip;
	bool silent, thief;
};

/* ---- places */

static const char *country_code(unsigned number)
{
	return &"JP\0VN\0BR\0RU\0US\0NG\0DE\0TH\0SG\0FR\0IN\0TR\0EG\0UA\0ID"[3 * number];
}

static unsigned country_number(const char *code)
{
	for (unsigned i = 0; i < COUNTRIES; i++)
		if (!code || strcmp(country_code(i), code) == 0)
			return i;
	fail_msg("no country %s in stories", code);
	return 0;
}

struct ip story_address(struct story_place place, unsigned number)
{
	unsigned country = country_number(place.country), network = place.network, wide = 0, block = place.block;
	unsigned host = 5;

	if (place.roams != STAYS) {
		number = place.many ? number % place.many : number;
		block = number % 200;
		wide = number / 200 % 16;
		host = 7 + number % 100;
	}
	if (place.roams == NEW_NETWORK)
		network = number % 16;
	if (place.roams == EVERYWHERE) {
		country = 1 + number % ABROAD;
		network = number / ABROAD % 16;
	}
	return (struct ip){
		{ [10] = 0xff, 0xff, (uint8_t)(240 + country), (uint8_t)(network << 4 | wide), (uint8_t)block, (uint8_t)host },
	};
}

struct event_place story_where(const struct ip *ip)
{
	unsigned country = ip->bytes[12] - 240u, network = ip->bytes[13] >> 4;
	struct event_place place = { .asn = FIRST_NETWORK + country * 16 + network };

	if (!ip_is_v4(ip) || ip->bytes[12] < 240 || country >= COUNTRIES)
		return (struct event_place){ 0 };
	memcpy(place.country, country_code(country), 2);
	return place;
}

/* ---- a database of these places, in MaxMind's format */

enum { NETWORKS = 16, DEPTH = 96 + 12, NODES_MAX = 512, DATA_MAX = 1 << 16 };

struct database {
	uint32_t child[NODES_MAX][2], nodes; /* 0: nothing; data as 1 << 20 | offset */
	uint8_t bytes[DATA_MAX];
	size_t n;
};

static void put_number(struct database *to, uint64_t number, size_t bytes)
{
	assert_true(to->n + bytes <= DATA_MAX);
	while (bytes--)
		to->bytes[to->n++] = (uint8_t)(number >> 8 * bytes);
}

static void put_bytes(struct database *to, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_number(to, (uint8_t)bytes[i], 1);
}

static void put_map(struct database *to, unsigned pairs) { put_number(to, 7 << 5 | pairs, 1); }

static void put_text(struct database *to, const char *text)
{
	size_t n = strlen(text);

	if (n < 29)
		put_number(to, 2 << 5 | n, 1);
	else
		put_number(to, (2 << 5 | 29) << 8 | (n - 29), 2);
	put_bytes(to, text, n);
}

static void put_u16(struct database *to, const char *name, uint16_t number)
{
	put_text(to, name);
	put_number(to, 5 << 5 | 2, 1);
	put_number(to, number, 2);
}

static void put_u32(struct database *to, const char *name, uint32_t number)
{
	put_text(to, name);
	put_number(to, 6 << 5 | 4, 1);
	put_number(to, number, 4);
}

/* one of 16 x 16 networks of twelve bits: 1111, country, provider */
static void add_network(struct database *to, unsigned country, unsigned network, uint32_t offset)
{
	uint32_t path = 15u << 8 | country << 4 | network, node = 0;

	for (unsigned i = 0; i < DEPTH; i++) {
		uint32_t *next = &to->child[node][i < 96 ? 0 : path >> (DEPTH - 1 - i) & 1];

		if (i == DEPTH - 1)
			*next = 1 << 20 | offset;
		else if (!*next)
			*next = ++to->nodes;
		node = *next;
	}
}

static void put_records(struct database *data)
{
	char name[32];

	for (unsigned country = 0; country < COUNTRIES; country++) {
		for (unsigned network = 0; network < NETWORKS; network++) {
			add_network(data, country, network, (uint32_t)data->n);
			put_map(data, 3);
			put_text(data, "country");
			put_map(data, 1);
			put_text(data, "iso_code");
			put_text(data, country_code(country));
			put_u32(data, "autonomous_system_number", FIRST_NETWORK + country * 16 + network);
			put_text(data, "autonomous_system_organization");
			snprintf(name, sizeof name, "Network %u of %s", network, country_code(country));
			put_text(data, name);
		}
	}
}

static void put_tree(struct database *to, const struct database *data)
{
	uint32_t nodes = data->nodes + 1;

	for (uint32_t i = 0; i < nodes; i++) {
		for (unsigned side = 0; side < 2; side++) {
			uint32_t child = data->child[i][side];

			put_number(to, !child ? nodes : child >> 20 ? nodes + 16 + (child & 0xfffff) : child, 3);
		}
	}
	put_number(to, 0, 8);
	put_number(to, 0, 8);
}

static void put_metadata(struct database *to, uint32_t nodes)
{
	put_bytes(to, "\xab\xcd\xefMaxMind.com", 14);
	put_map(to, 9);
	put_u32(to, "node_count", nodes);
	put_u16(to, "record_size", 24);
	put_u16(to, "ip_version", 6);
	put_text(to, "database_type");
	put_text(to, "Story");
	put_text(to, "languages");
	put_number(to, 0x0004, 2); /* an empty array */
	put_text(to, "description");
	put_map(to, 0);
	put_u16(to, "binary_format_major_version", 2);
	put_u16(to, "binary_format_minor_version", 0);
	put_text(to, "build_epoch");
	put_number(to, 0x0802, 2); /* eight bytes */
	put_number(to, 1700000000, 8);
}

struct geo *story_geo(void)
{
	struct database *data = memory_zero(1, sizeof *data), *file = memory_zero(1, sizeof *file);
	int fd = memfd_create("story", MFD_CLOEXEC);
	struct error error = { "" };
	struct geo *geo;
	char name[32];

	put_records(data);
	put_tree(file, data);
	put_bytes(file, (const char *)data->bytes, data->n);
	put_metadata(file, data->nodes + 1);
	assert_true(fd >= 0 && write(fd, file->bytes, file->n) == (ssize_t)file->n);
	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	geo = geo_new(name, &error);
	if (!geo)
		fail_msg("%s", error.text);
	close(fd);
	free(data);
	free(file);
	return geo;
}

/* ---- life */

void story_begin_with(struct story *story, const struct engine_options *options)
{
	*story = (struct story){ .pace_s = 20, .width = 1, .accounts = accounts_new("example.jp") };
	story->engine = options ? engine_new(options) : NULL;
	story_at(story, 1, "00:00");
}

void story_begin(struct story *story)
{
	story_begin_with(story, &(struct engine_options){ .limits = { 14, 11, 22 }, .spool_bytes = 1 << 28 });
}

void story_listen(struct story *story, void (*listener)(void *context, const struct event *event), void *context)
{
	story->listener = listener;
	story->listener_context = context;
}

void story_end(struct story *story)
{
	engine_free(story->engine);
	accounts_free(story->accounts);
	free(story->said);
	free(story->last_us);
	free(story->waiting);
	free(story->rcpts);
}

/* ---- the clock */

int64_t story_time(unsigned day, const char *time)
{
	struct civil civil = { .year = 2026, .month = 3, .day = 1 };
	char *end;

	civil.hour = (int)strtol(time, &end, 10);
	civil.minute = *end ? (int)strtol(end + 1, &end, 10) : 0;
	civil.second = *end ? (int)strtol(end + 1, &end, 10) : 0;
	return when_from_civil(&civil) + day * DAY_US;
}

void story_at(struct story *story, unsigned day, const char *time) { story->now_us = story_time(day, time); }
void story_later(struct story *story, int64_t span_us) { story->now_us += span_us; }

/* ---- events */

static void keep_order(struct story *story, const struct event *event)
{
	struct civil at;

	if (event->account >= story->last_room) {
		uint32_t room = event->account + 64;

		story->last_us = memory_resize(story->last_us, room, sizeof *story->last_us);
		while (story->last_room < room)
			story->last_us[story->last_room++] = INT64_MIN;
	}
	if (event->account && event->t_us < story->last_us[event->account]) {
		when_to_civil(event->t_us, &at);
		fail_msg("the story goes back to %02d-%02d %02d:%02d", at.month, at.day, at.hour, at.minute);
	}
	story->last_us[event->account] = event->t_us;
}

void story_event(struct story *story, struct event event)
{
	event.t_us = event.t_us ? event.t_us : story->now_us;
	if (!event.place.asn && event.account && event.kind != EVENT_BOUNCE)
		event.place = story_where(&event.ip);
	keep_order(story, &event);
	if (story->listener)
		story->listener(story->listener_context, &event);
	if (!story->engine)
		return;
	engine_event(story->engine, &event, &story->verdict);
	MEMORY_ROOM(story->said, story->said_count, story->said_room);
	story->said[story->said_count++] = (struct story_said){ event.t_us, event.account, event.kind, story->verdict };
}

static uint32_t account_of(struct story *story, const char *who, uint64_t *key)
{
	return accounts_add(story->accounts, text_of(who), key);
}

uint32_t story_account(struct story *story, const char *who)
{
	uint64_t key;

	return account_of(story, who, &key);
}

struct event story_event_from(struct story *story, enum event_kind kind, const char *who, struct story_place from)
{
	struct event event = { .t_us = story->now_us, .kind = (uint8_t)kind, .place_silent = from.silent, .count = 1 };

	event.account = account_of(story, who, &event.account_key);
	event.ip = story_address(from, story->roamed);
	event.place = story_where(&event.ip);
	return event;
}

static uint64_t hash_of(const char *name) { return name ? hash_text(HASH_FIXED, text_of(name)) | 1 : 0; }

/* NULL for a log, which does not know such things */
static const struct event_detail *detail_of(struct story *story)
{
	const struct story_letter *letter = &story->letter;

	story->detail = (struct event_detail){
		.client = (uint32_t)hash_of(letter->client),
		.net = (uint8_t)letter->net,
		.subject = hash_of(letter->subject),
		.link = hash_of(letter->link),
		.foreign_from = letter->from != NULL,
		.filtered = letter->filter != NO_FILTER,
	};
	return story->live ? &story->detail : NULL;
}

static void log_in(struct story *story, const char *who, struct story_place from, enum event_protocol protocol, bool ok)
{
	struct event event = story_event_from(story, EVENT_AUTH, who, from);

	event.ok = ok;
	event.protocol = (uint8_t)protocol;
	event.detail = detail_of(story);
	story_event(story, event);
}

void story_login(struct story *story, const char *who, struct story_place from)
{
	story->roamed++;
	log_in(story, who, from, PROTOCOL_IMAP, true);
}

void story_mistypes(struct story *story, const char *who, struct story_place from, unsigned times)
{
	story->roamed++;
	while (times--) {
		log_in(story, who, from, PROTOCOL_IMAP, false);
		story_later(story, 2 * SECOND_US);
	}
}

static struct story_truth *truth_of(struct story *story, bool thief) { return thief ? &story->thief : &story->owner; }

static void count_submit(struct story_truth *truth, const struct event *event)
{
	truth->first_us = truth->messages ? truth->first_us : event->t_us;
	truth->last_us = event->t_us;
	truth->messages++;
	truth->recipients += event->count;
}

static void wait_for(struct story *story, const struct event *event, bool thief)
{
	MEMORY_ROOM(story->waiting, story->waiting_count, story->waiting_room);
	story->waiting[story->waiting_count++] = (struct story_waiting){
		event->account, event->message, event->rcpt, event->ip, event->place_silent, thief,
	};
	truth_of(story, thief)->deferred++;
}

static uint64_t rcpt_of(const struct story_people *to, unsigned number)
{
	return hash_pair(hash_text(HASH_FIXED, text_of(to->name)), to->count ? number % to->count : number) | 1;
}

/* the n-th of them: 37 goes round all hundredths, so that percentages are exact over each hundred */
static void fate(const struct story_people *to, unsigned number, struct event *event)
{
	unsigned percent = (to->count ? number % to->count : number) * 37 % 100;

	event->rcpt = rcpt_of(to, number);
	if (percent < to->dead) {
		event->result = RESULT_BOUNCED;
		event->reason = REASON_UNKNOWN_USER;
	} else if (percent < to->dead + to->refusing) {
		event->result = RESULT_BOUNCED;
		event->reason = REASON_SPAM;
	} else if (percent < to->dead + to->refusing + to->greylisting) {
		event->result = RESULT_DEFERRED;
		event->reason = REASON_OTHER;
	}
}

static void tell_outcome(struct story *story, const struct event *submit, struct story_people to, bool thief)
{
	struct event event = *submit;
	unsigned number = story->people++;

	event.t_us = story->now_us + SECOND_US;
	event.kind = EVENT_OUTCOME;
	event.spam = false; /* which is the filter's word on a message */
	event.count = 1;
	fate(&to, number, &event);
	event.listed = story->live;
	story->detail.dead_before = story->dead;
	story->dead += event.result == RESULT_BOUNCED;
	if (event.result == RESULT_DEFERRED)
		wait_for(story, &event, thief);
	truth_of(story, thief)->sent += event.result == RESULT_SENT;
	truth_of(story, thief)->bounced += event.result == RESULT_BOUNCED;
	story_event(story, event);
}

static void name_recipients(struct story *story, const struct story_people *to)
{
	story->rcpts = memory_resize(story->rcpts, story->width, sizeof *story->rcpts);
	for (unsigned i = 0; i < story->width; i++)
		story->rcpts[i] = rcpt_of(to, story->people + i);
	story->detail.rcpts = story->rcpts;
	story->detail.rcpt_count = story->width;
}

static void send_one(struct story *story, const char *who, struct story_place from, struct story_people to)
{
	struct event event = story_event_from(story, EVENT_SUBMIT, who, from);

	event.protocol = PROTOCOL_SMTP;
	event.message = ++story->messages;
	event.count = story->width;
	event.detail = detail_of(story);
	event.spam = story->letter.filter == FILTER_SPAM;
	name_recipients(story, &to);
	story->sends_thief = from.thief;
	count_submit(truth_of(story, from.thief), &event);
	story_event(story, event);
	story->dead = 0;
	for (unsigned i = 0; i < story->width; i++)
		tell_outcome(story, &event, to, from.thief);
}

void story_sends(struct story *story, const char *who, struct story_place from, unsigned messages,
		 struct story_people to)
{
	for (unsigned i = 0; i < messages; i++) {
		if (i == 0 || from.roams == EVERYWHERE) {
			story->roamed++;
			log_in(story, who, from, PROTOCOL_SMTP, true);
		}
		send_one(story, who, from, to);
		story_later(story, story->pace_s * SECOND_US);
	}
}

static struct event waited(struct story *story, const struct story_waiting *waiting)
{
	truth_of(story, waiting->thief)->deferred--;
	return (struct event){
		.kind = EVENT_OUTCOME, .account = waiting->account, .message = waiting->message, .rcpt = waiting->rcpt,
		.ip = waiting->ip, .place_silent = waiting->silent, .again = true, .count = 1,
	};
}

void story_retries(struct story *story)
{
	for (size_t i = 0; i < story->waiting_count; i++) {
		story_event(story, waited(story, &story->waiting[i]));
		truth_of(story, story->waiting[i].thief)->sent++;
	}
	story->waiting_count = 0;
}

/* as Postfix logs it: a line a message, which names no recipient */
void story_expires(struct story *story)
{
	for (size_t i = 0; i < story->waiting_count;) {
		const struct story_waiting *first = &story->waiting[i];
		struct event event = waited(story, first);

		event.rcpt = 0;
		event.result = RESULT_BOUNCED;
		event.reason = REASON_OTHER;
		while (++i < story->waiting_count && story->waiting[i].message == first->message) {
			truth_of(story, first->thief)->deferred--;
			event.count++;
		}
		truth_of(story, first->thief)->bounced += event.count;
		story_event(story, event);
	}
	story->waiting_count = 0;
}

void story_bounces(struct story *story, const char *who, unsigned count)
{
	while (count--) {
		struct event event = story_event_from(story, EVENT_BOUNCE, who, PLACE("US", 3, 99));

		event.place = (struct event_place){ 0 };
		event.rcpt = hash_pair(HASH_FIXED, story->people++) | 1;
		story_event(story, event);
		story_later(story, 2 * SECOND_US);
	}
}

void story_verified(struct story *story, const char *who)
{
	story_event(story, (struct event){ .kind = EVENT_VERIFIED, .account = story_account(story, who) });
}

void story_usual_days(struct story *story, const char *who, unsigned first, unsigned last, struct story_place from)
{
	static const struct { const char *time; unsigned letters; } usual[] = {
		{ "07:40", 0 }, { "08:10", 1 }, { "10:30", 1 }, { "12:20", 0 },
		{ "14:50", 1 }, { "20:15", 1 }, { "21:30", 0 },
	};

	for (unsigned day = first; day <= last; day++) {
		for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
			story_at(story, day, usual[i].time);
			if (usual[i].letters)
				story_sends(story, who, from, usual[i].letters, FRIENDS);
			else
				story_login(story, who, from);
		}
	}
}

void story_commuter_days(struct story *story, const char *who, unsigned first, unsigned last)
{
	for (unsigned day = first; day <= last; day++) {
		story_at(story, day, "07:20");
		story_login(story, who, PHONE);
		story_usual_days(story, who, day, day, HOME);
		story_at(story, day, "22:10");
		story_login(story, who, PHONE);
		story_later(story, 30 * MINUTE_US);
		story_login(story, who, PHONE);
	}
}

const struct profile *story_profile(struct story *story, const char *who)
{
	const struct profile *profile = profiles_peek(engine_profiles(story->engine), story_account(story, who));

	assert_non_null(profile);
	return profile;
}

/* ---- what was wanted */

void story_watch(struct story *story, const char *who)
{
	story->watched = story->said_count;
	story->watched_account = who ? story_account(story, who) : ACCOUNT_NONE;
}

static const struct story_said *first_said(const struct story *story, enum verdict_action action, uint32_t *message)
{
	*message = 0;
	for (size_t i = story->watched; i < story->said_count; i++) {
		const struct story_said *said = &story->said[i];

		if (story->watched_account && said->account != story->watched_account)
			continue;
		*message += said->kind == EVENT_SUBMIT;
		if (said->verdict.action >= action)
			return said;
	}
	return NULL;
}

uint32_t story_first(const struct story *story, enum verdict_action action)
{
	uint32_t message;

	return first_said(story, action, &message) ? message : UINT32_MAX;
}

static void refuse(const struct story *story, enum verdict_action action, uint32_t latest, const char *what)
{
	uint32_t message;
	const struct story_said *said = first_said(story, action, &message);
	const struct verdict *verdict = said ? &said->verdict : &story->verdict;
	struct civil at;
	const float *group = verdict->group_bits;

	when_to_civil(said ? said->t_us : story->now_us, &at);
	print_error("%s at message %u of %02d-%02d %02d:%02d:%02d with %.1f bits (places %.1f, guessing %.1f, behaviour %.1f, "
		    "outcomes %.1f)\n", said ? "said" : "still not said", message, at.month, at.day, at.hour, at.minute, at.second,
		    (double)verdict->bits, (double)group[GROUP_PLACE], (double)group[GROUP_GUESSING],
		    (double)group[GROUP_BEHAVIOUR] + (double)group[GROUP_PACE], (double)group[GROUP_OUTCOME]);
	fail_msg("wanted: %s (%u)", what, latest);
}

void story_wants_pass(const struct story *story)
{
	if (story_first(story, VERDICT_HOLD) != UINT32_MAX)
		refuse(story, VERDICT_HOLD, 0, "everything passes");
}

void story_wants_no_lock(const struct story *story)
{
	if (story_first(story, VERDICT_LOCK) != UINT32_MAX)
		refuse(story, VERDICT_LOCK, 0, "no lock");
}

void story_wants_held_by(const struct story *story, uint32_t message)
{
	if (story_first(story, VERDICT_HOLD) > message)
		refuse(story, VERDICT_HOLD, message, "held by that message");
}

void story_wants_locked_by(const struct story *story, uint32_t message)
{
	if (story_first(story, VERDICT_LOCK) > message)
		refuse(story, VERDICT_LOCK, message, "locked by that message");
}
