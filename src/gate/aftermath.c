/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/aftermath.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/table.h"
#include "recovery/care.h"

/* a message of after the release */
struct sent {
	uint64_t id; /* hash of its queue id; 0: none */
	bool home;
};

struct after {
	uint64_t incident;
	uint32_t account;
	bool changed, alarmed, reminded;
	uint32_t settled; /* a bit for each item of the after-care that is not open */
	struct guide_figures figures;
	struct sent *sent; /* a ring, made with the first */
	size_t next;
};

struct aftermath {
	struct desk *desk;
	struct after **cases;
	size_t count, room;
	struct table of_account; /* key → place */
	size_t looked;
	uint64_t seed;
};

struct aftermath *aftermath_new(struct desk *desk)
{
	struct aftermath *aftermath = memory_zero(1, sizeof *aftermath);

	aftermath->desk = desk;
	aftermath->seed = hash_seed();
	return aftermath;
}

static void free_one(struct after *one)
{
	free(one->sent);
	free(one);
}

void aftermath_free(struct aftermath *aftermath)
{
	if (!aftermath)
		return;
	for (size_t i = 0; i < aftermath->count; i++)
		free_one(aftermath->cases[i]);
	table_done(&aftermath->of_account);
	free(aftermath->cases);
	free(aftermath);
}

static struct after *find(const struct aftermath *aftermath, uint32_t account)
{
	uint32_t *at = table_find(&aftermath->of_account, table_key(account));

	return at ? aftermath->cases[*at] : NULL;
}

static void drop(struct aftermath *aftermath, size_t place)
{
	struct after *last = aftermath->cases[aftermath->count - 1];

	table_drop(&aftermath->of_account, table_key(aftermath->cases[place]->account));
	free_one(aftermath->cases[place]);
	aftermath->cases[place] = last;
	aftermath->count--;
	if (place < aftermath->count)
		*table_find(&aftermath->of_account, table_key(last->account)) = (uint32_t)place;
}

static void drop_oldest(struct aftermath *aftermath)
{
	size_t oldest = 0;

	for (size_t i = 1; i < aftermath->count; i++)
		if (aftermath->cases[i]->figures.released_us < aftermath->cases[oldest]->figures.released_us)
			oldest = i;
	drop(aftermath, oldest);
}

/* a newer incident of the account takes the older one's place */
static struct after *add(struct aftermath *aftermath, uint64_t incident, uint32_t account)
{
	struct after *one = find(aftermath, account);

	if (one) {
		free(one->sent);
	} else {
		if (aftermath->count == AFTERMATH_MAX)
			drop_oldest(aftermath);
		one = memory_zero(1, sizeof *one);
		MEMORY_ROOM(aftermath->cases, aftermath->count, aftermath->room);
		*table_put(&aftermath->of_account, table_key(account), 0, NULL) = (uint32_t)aftermath->count;
		aftermath->cases[aftermath->count++] = one;
	}
	*one = (struct after){ .incident = incident, .account = account };
	return one;
}

void aftermath_begin(struct aftermath *aftermath, uint64_t incident, uint32_t account, int64_t now_us)
{
	struct after *one = add(aftermath, incident, account);

	one->figures = (struct guide_figures){ .released_us = now_us, .strange_first_us = WHEN_NONE, .last_us = WHEN_NONE };
	one->changed = true;
}

bool aftermath_has(const struct aftermath *aftermath, uint64_t incident, uint32_t account)
{
	const struct after *one = find(aftermath, account);

	return one && one->incident >= incident;
}

/* ---- counting */

static void increase(uint32_t *count) { *count += *count < UINT32_MAX; }

static void note_bounce(struct after *one, uint32_t *count, int64_t t_us)
{
	increase(count);
	one->figures.last_us = t_us;
	one->changed = true;
}

static const struct sent *find_sent(const struct after *one, uint64_t id)
{
	for (size_t i = 0; one->sent && i < AFTERMATH_IDS_MAX; i++)
		if (one->sent[i].id == id)
			return &one->sent[i];
	return NULL;
}

static void note_sent(struct after *one, uint64_t id, bool home, int64_t t_us)
{
	if (find_sent(one, id)) /* two witnesses */
		return;
	if (!one->sent)
		one->sent = memory_zero(AFTERMATH_IDS_MAX, sizeof *one->sent);
	one->sent[one->next] = (struct sent){ id, home };
	one->next = (one->next + 1) % AFTERMATH_IDS_MAX;
	increase(home ? &one->figures.home_sent : &one->figures.strange_sent);
	if (!home && one->figures.strange_first_us == WHEN_NONE)
		one->figures.strange_first_us = t_us;
	one->changed = true;
}

/* of a message of after the release, or NULL for one of before */
static uint32_t *bounces_of(struct after *one, const struct sent *sent)
{
	if (!sent)
		return &one->figures.old_bounces;
	return sent->home ? &one->figures.home_bounces : &one->figures.strange_bounces;
}

static uint64_t id_of(const struct aftermath *aftermath, struct text id) { return hash_text(aftermath->seed, id) | 1; }

void aftermath_event(struct aftermath *aftermath, const struct event *event, struct text id, enum profile_familiar familiar)
{
	struct after *one = event->account ? find(aftermath, event->account) : NULL;
	const struct sent *sent;

	if (!one || event->t_us < one->figures.released_us)
		return;
	if (event->kind == EVENT_SUBMIT) {
		note_sent(one, id_of(aftermath, id), familiar >= FAMILIAR_SOMEWHAT, event->t_us);
	} else if (event->kind == EVENT_OUTCOME && event->result == RESULT_BOUNCED) {
		sent = find_sent(one, id_of(aftermath, id));
		note_bounce(one, bounces_of(one, sent), event->t_us);
	}
}

void aftermath_returned(struct aftermath *aftermath, uint32_t account, struct text id, int64_t sent_us, uint8_t familiar)
{
	struct after *one = find(aftermath, account);
	const struct sent *sent = one ? find_sent(one, id_of(aftermath, id)) : NULL;
	bool home = sent ? sent->home : familiar >= FAMILIAR_SOMEWHAT;

	if (!one)
		return;
	if (sent || (sent_us != WHEN_NONE && sent_us > one->figures.released_us))
		note_bounce(one, home ? &one->figures.home_bounces : &one->figures.strange_bounces, sent_us);
	else
		note_bounce(one, &one->figures.old_bounces, one->figures.last_us);
}

void aftermath_stray(struct aftermath *aftermath, uint32_t account, bool local, int64_t now_us)
{
	struct after *one = find(aftermath, account);

	if (one)
		note_bounce(one, local ? &one->figures.script_bounces : &one->figures.spoofed_bounces, now_us);
}

void aftermath_care(struct aftermath *aftermath, const struct desk_care *care)
{
	const struct care_item *item = care_find(care->item);
	uint32_t bit = item ? 1u << (item - care_items) : 0;

	for (size_t i = 0; bit && i < aftermath->count; i++) {
		struct after *one = aftermath->cases[i];

		if (one->incident != care->incident)
			continue;
		one->settled = care->state == CARE_OPEN ? one->settled & ~bit : one->settled | bit;
		one->changed = true;
	}
}

/* ---- the desk */

static void write_one(struct after *one, struct desk_batch *batch)
{
	json_t *told = guide_json(&one->figures);
	char *text;

	json_object_set_new(told, "alarmed", json_boolean(one->alarmed));
	json_object_set_new(told, "reminded", json_boolean(one->reminded));
	json_object_set_new(told, "settled", json_integer(one->settled));
	text = json_dumps(told, JSON_COMPACT);
	desk_put_aftermath(batch, one->incident, text_of(text));
	free(text);
	json_decref(told);
	one->changed = false;
}

bool aftermath_read(struct text told, struct guide_figures *figures)
{
	json_t *object = json_loadb(told.p, told.n, 0, NULL);
	bool good = json_is_object(object);

	guide_from_json(object, figures);
	json_decref(object);
	return good && figures->released_us != WHEN_NONE;
}

void aftermath_restore(struct aftermath *aftermath, uint64_t incident, uint32_t account, struct text told)
{
	json_t *object = json_loadb(told.p, told.n, 0, NULL);
	struct guide_figures figures;
	struct after *one;

	if (aftermath_read(told, &figures)) {
		one = add(aftermath, incident, account);
		one->figures = figures;
		one->alarmed = json_is_true(json_object_get(object, "alarmed"));
		one->reminded = json_is_true(json_object_get(object, "reminded"));
		one->settled = (uint32_t)json_integer_value(json_object_get(object, "settled"));
	}
	json_decref(object);
}

/* which were in it is not known any more: all are written again, a few at a time */
static void written(void *context, const struct error *error)
{
	struct aftermath *aftermath = context;

	for (size_t i = 0; error && i < aftermath->count; i++)
		aftermath->cases[i]->changed = true;
}

static void write_some(struct aftermath *aftermath)
{
	struct desk_batch *batch = NULL;
	size_t left = AFTERMATH_WRITES_MAX;

	for (size_t i = 0; left && i < aftermath->count; i++) {
		struct after *one = aftermath->cases[aftermath->looked++ % aftermath->count];

		if (!one->changed)
			continue;
		if (!batch)
			batch = desk_batch_new(written, aftermath);
		write_one(one, batch);
		left--;
	}
	if (batch)
		desk_write(aftermath->desk, batch);
}

/* ---- what is told */

static bool is_settled(const struct after *one)
{
	for (size_t i = 0; i < care_item_count; i++)
		if (care_items[i].when == CARE_ALWAYS && !(one->settled & 1u << i))
			return false;
	return true;
}

void aftermath_look(struct aftermath *aftermath, int64_t now_us,
		    void (*tell)(void *context, uint32_t account, uint64_t incident, bool again), void *context)
{
	for (size_t i = aftermath->count; i-- > 0;) {
		struct after *one = aftermath->cases[i];
		int64_t since_us = now_us - one->figures.released_us;

		if (!one->alarmed && guide_alarms(guide_cause_of(&one->figures))) {
			one->alarmed = one->changed = true;
			tell(context, one->account, one->incident, true);
		}
		if (!one->reminded && since_us >= AFTERMATH_REMIND_US) {
			one->reminded = one->changed = true;
			if (!is_settled(one))
				tell(context, one->account, one->incident, false);
		}
		if (since_us > AFTERMATH_US && !one->changed)
			drop(aftermath, i);
	}
	write_some(aftermath);
}
