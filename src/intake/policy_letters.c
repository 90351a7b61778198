/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/policy.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/table.h"

enum { LOOKED_THROUGH = 32 }; /* so many recipients are compared one by one; for more there is a table */
#define NOBODY UINT32_MAX

/* one message: its recipients' texts one behind the other */
struct letter {
	uint64_t key; /* of its instance */
	int64_t last_us;
	uint32_t before, after; /* the one that was silent a little longer, and a little less long */
	uint32_t count, room;
	uint32_t texts_bytes, texts_room;
	uint32_t *ends; /* of each text, `room` of them; the hashes have as many */
	uint64_t *hashes;
	char *texts;
	struct table seen;
};

struct policy_letters {
	uint64_t seed;
	int64_t now_us;
	struct letter *items;
	uint32_t count, room, free; /* `free` begins a list by `after` */
	uint32_t first, last;       /* the longest silent one, and who spoke last */
	size_t alive, bytes;        /* letters, and what they hold */
	struct table by_instance;
	struct letter taken;        /* what the caller may still look at */
	struct text *rcpts;
	size_t rcpts_room;
	uint64_t named;             /* hash of the recipient that END-OF-MESSAGE named */
	struct table sessions, sessions_before;
	int64_t sessions_us;        /* since when the younger ones are gathered */
};

struct policy_letters *policy_letters_new(void)
{
	struct policy_letters *letters = memory_zero(1, sizeof *letters);

	letters->seed = hash_seed();
	letters->now_us = letters->sessions_us = WHEN_NONE;
	letters->free = letters->first = letters->last = NOBODY;
	return letters;
}

static void letter_done(struct letter *letter)
{
	free(letter->ends);
	free(letter->hashes);
	free(letter->texts);
	table_done(&letter->seen);
	*letter = (struct letter){ 0 };
}

void policy_letters_free(struct policy_letters *letters)
{
	if (!letters)
		return;
	for (uint32_t i = 0; i < letters->count; i++)
		letter_done(&letters->items[i]);
	letter_done(&letters->taken);
	table_done(&letters->by_instance);
	table_done(&letters->sessions);
	table_done(&letters->sessions_before);
	free(letters->items);
	free(letters->rcpts);
	free(letters);
}

static size_t letter_bytes(const struct letter *letter)
{
	return letter->room * (sizeof *letter->ends + sizeof *letter->hashes) + letter->texts_room + table_bytes(&letter->seen);
}

size_t policy_letters_bytes(const struct policy_letters *letters)
{
	return sizeof *letters + letters->room * sizeof *letters->items + letters->bytes + letter_bytes(&letters->taken) +
	       letters->rcpts_room * sizeof *letters->rcpts + table_bytes(&letters->by_instance) +
	       table_bytes(&letters->sessions) + table_bytes(&letters->sessions_before);
}

/* ---- who spoke when */

static void line_leave(struct policy_letters *letters, uint32_t at)
{
	const struct letter *letter = &letters->items[at];

	*(letter->before == NOBODY ? &letters->first : &letters->items[letter->before].after) = letter->after;
	*(letter->after == NOBODY ? &letters->last : &letters->items[letter->after].before) = letter->before;
}

static void line_join(struct policy_letters *letters, uint32_t at)
{
	struct letter *letter = &letters->items[at];

	letter->before = letters->last;
	letter->after = NOBODY;
	*(letters->last == NOBODY ? &letters->first : &letters->items[letters->last].after) = at;
	letters->last = at;
}

/* its memory is the caller's from now on */
static struct letter letter_out(struct policy_letters *letters, uint32_t at)
{
	struct letter letter = letters->items[at];

	line_leave(letters, at);
	table_drop(&letters->by_instance, letter.key);
	letters->items[at] = (struct letter){ .after = letters->free };
	letters->free = at;
	letters->alive--;
	letters->bytes -= letter_bytes(&letter);
	return letter;
}

static void forget_first(struct policy_letters *letters)
{
	struct letter letter = letter_out(letters, letters->first);

	letter_done(&letter);
}

static uint32_t letter_in(struct policy_letters *letters, uint64_t key)
{
	uint32_t at;

	if (letters->alive == POLICY_LETTERS_MAX)
		forget_first(letters);
	at = letters->free;
	if (at == NOBODY) {
		MEMORY_ROOM(letters->items, letters->count, letters->room);
		at = letters->count++;
	} else {
		letters->free = letters->items[at].after;
	}
	letters->items[at] = (struct letter){ .key = key };
	letters->alive++;
	table_put(&letters->by_instance, key, at, NULL);
	return at;
}

static uint64_t instance_key(const struct policy_letters *letters, const struct policy_request *request)
{
	return hash_text(letters->seed, request->instance) | 1;
}

/* the letter of that instance, now the one who spoke last */
static struct letter *letter_of(struct policy_letters *letters, const struct policy_request *request)
{
	uint64_t key = instance_key(letters, request);
	const uint32_t *known = table_find(&letters->by_instance, key);
	uint32_t at = known ? *known : letter_in(letters, key);

	if (known)
		line_leave(letters, at);
	line_join(letters, at);
	letters->items[at].last_us = letters->now_us;
	return &letters->items[at];
}

/* ---- recipients */

static bool has_rcpt(const struct letter *letter, uint64_t hash)
{
	if (letter->seen.count)
		return table_find(&letter->seen, hash) != NULL;
	for (uint32_t i = 0; i < letter->count; i++)
		if (letter->hashes[i] == hash)
			return true;
	return false;
}

static void remember(struct letter *letter, uint64_t hash)
{
	letter->hashes[letter->count] = hash;
	letter->ends[letter->count++] = letter->texts_bytes;
	if (letter->count == LOOKED_THROUGH)
		for (uint32_t i = 0; i < letter->count; i++)
			table_put(&letter->seen, letter->hashes[i], 0, NULL);
	else if (letter->count > LOOKED_THROUGH)
		table_put(&letter->seen, hash, 0, NULL);
}

static void letter_room(struct letter *letter, size_t text_bytes)
{
	if (letter->count == letter->room) {
		letter->room = letter->room ? letter->room * 2 : 4;
		letter->ends = memory_resize(letter->ends, letter->room, sizeof *letter->ends);
		letter->hashes = memory_resize(letter->hashes, letter->room, sizeof *letter->hashes);
	}
	if (letter->texts_bytes + text_bytes > letter->texts_room) {
		letter->texts_room = (uint32_t)(letter->texts_room * 2 + text_bytes + 64);
		letter->texts = memory_resize(letter->texts, letter->texts_room, 1);
	}
}

static void add_rcpt(struct letter *letter, struct text rcpt)
{
	uint64_t hash = hash_text(HASH_FIXED, rcpt) | 1;

	if (!rcpt.n || letter->count == POLICY_RCPTS_MAX || letter->texts_bytes + rcpt.n > POLICY_LETTER_BYTES ||
	    has_rcpt(letter, hash))
		return;
	letter_room(letter, rcpt.n);
	memcpy(letter->texts + letter->texts_bytes, rcpt.p, rcpt.n);
	letter->texts_bytes += (uint32_t)rcpt.n;
	remember(letter, hash);
}

/* true: it is the first of its message */
static bool gather(struct policy_letters *letters, const struct policy_request *request)
{
	struct letter *letter = letter_of(letters, request);
	bool first = letter->count == 0;

	letters->bytes -= letter_bytes(letter);
	add_rcpt(letter, request->recipient);
	letters->bytes += letter_bytes(letter);
	while (letters->bytes > POLICY_LETTERS_BYTES)
		forget_first(letters); /* never this one: it spoke last, and none alone is so large */
	return first;
}

/* ---- sessions: two generations, so that none is forgotten early and all are in the end */

static void sessions_turn(struct policy_letters *letters)
{
	struct table oldest = letters->sessions_before;

	if (letters->now_us - letters->sessions_us > 2 * POLICY_SESSION_US)
		table_clear(&letters->sessions);
	letters->sessions_before = letters->sessions;
	table_clear(&oldest);
	letters->sessions = oldest;
	letters->sessions_us = letters->now_us;
}

static bool session_begins(struct policy_letters *letters, const struct policy_request *request)
{
	uint64_t client = hash_text(letters->seed, request->client_address);
	uint64_t key = hash_pair(hash_text(client, request->client_port), hash_text(letters->seed, request->login)) | 1;
	bool fresh;

	if (letters->now_us - letters->sessions_us > POLICY_SESSION_US || letters->sessions.count == POLICY_SESSIONS_MAX)
		sessions_turn(letters);
	table_put(&letters->sessions, key, 0, &fresh);
	return fresh && !table_find(&letters->sessions_before, key);
}

/* ---- what is asked */

/* a clock that was set back stands still here */
static void time_passes(struct policy_letters *letters, int64_t now_us)
{
	if (letters->sessions_us == WHEN_NONE)
		letters->sessions_us = now_us;
	if (letters->now_us < now_us)
		letters->now_us = now_us;
	while (letters->first != NOBODY && letters->now_us - letters->items[letters->first].last_us > POLICY_LETTER_US)
		forget_first(letters);
}

bool policy_letters_rcpt(struct policy_letters *letters, const struct policy_request *request, int64_t now_us)
{
	time_passes(letters, now_us);
	if (request->instance.n && !gather(letters, request))
		return false;
	return session_begins(letters, request);
}

static struct policy_letter named_alone(struct policy_letters *letters, const struct policy_request *request)
{
	letters->named = hash_text(HASH_FIXED, request->recipient) | 1;
	return (struct policy_letter){ &request->recipient, &letters->named, request->recipient.n > 0, false };
}

static struct policy_letter gathered(struct policy_letters *letters)
{
	const struct letter *letter = &letters->taken;
	uint32_t from = 0;

	while (letters->rcpts_room < letter->count) {
		letters->rcpts_room = letters->rcpts_room ? letters->rcpts_room * 2 : 16;
		letters->rcpts = memory_resize(letters->rcpts, letters->rcpts_room, sizeof *letters->rcpts);
	}
	for (uint32_t i = 0; i < letter->count; from = letter->ends[i++])
		letters->rcpts[i] = (struct text){ letter->texts + from, letter->ends[i] - from };
	return (struct policy_letter){ letters->rcpts, letter->hashes, letter->count, false };
}

struct policy_letter policy_letters_take(struct policy_letters *letters, const struct policy_request *request)
{
	const uint32_t *at = request->instance.n ? table_find(&letters->by_instance, instance_key(letters, request)) : NULL;
	struct policy_letter letter;

	letter_done(&letters->taken);
	if (at)
		letters->taken = letter_out(letters, *at);
	if (letters->taken.count)
		return gathered(letters);
	letter = named_alone(letters, request);
	letter.session_begins = session_begins(letters, request);
	return letter;
}
