/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/cases.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/table.h"

enum { ENDED_LOOKS = 60 }; /* by then it is known whether a batch was written */

/* a case that is over, while its last state may not be with the desk */
struct ended {
	struct incident_case one;
	uint8_t state;
	int64_t closed_us;
	unsigned looks;
};

struct cases {
	struct desk *desk;
	const struct accounts *accounts;
	struct incident_case *items;
	size_t count, room;
	struct table of_account; /* -> index */
	uint64_t last;
	struct ended *ended;
	size_t ended_count, ended_room;
};

struct cases *cases_new(struct desk *desk, const struct accounts *accounts, uint64_t last)
{
	struct cases *cases = memory_zero(1, sizeof *cases);

	cases->desk = desk;
	cases->accounts = accounts;
	cases->last = last;
	return cases;
}

void cases_free(struct cases *cases)
{
	if (!cases)
		return;
	for (size_t i = 0; i < cases->count; i++)
		free(cases->items[i].evidence);
	for (size_t i = 0; i < cases->ended_count; i++)
		free(cases->ended[i].one.evidence);
	table_done(&cases->of_account);
	free(cases->ended);
	free(cases->items);
	free(cases);
}

struct incident_case *cases_find(const struct cases *cases, uint32_t account)
{
	uint32_t *at = table_find(&cases->of_account, table_key(account));

	return at ? &cases->items[*at] : NULL;
}

static struct incident_case *add(struct cases *cases, uint32_t account)
{
	MEMORY_ROOM(cases->items, cases->count, cases->room);
	*table_put(&cases->of_account, table_key(account), 0, NULL) = (uint32_t)cases->count;
	cases->items[cases->count] = (struct incident_case){ .account = account, .last_refused_us = WHEN_NONE };
	return &cases->items[cases->count++];
}

struct incident_case *cases_open(struct cases *cases, uint32_t account)
{
	struct incident_case *one = add(cases, account);

	one->id = ++cases->last;
	return one;
}

struct incident_case *cases_restore(struct cases *cases, const struct desk_incident *incident, uint32_t account)
{
	struct incident_case *one = cases_find(cases, account);

	if (cases->last < incident->id) /* no number is given twice, whatever became of the file */
		cases->last = incident->id;
	if (one)
		return one; /* an older one that was never closed */
	one = add(cases, account);
	one->id = incident->id;
	one->mode = incident->mode;
	one->locked = one->changed = incident->state == DESK_CONTAINED;
	one->braked = incident->braked;
	one->bulk = incident->bulk;
	one->began_us = incident->began_us;
	one->opened_us = incident->opened_us;
	one->bits = incident->bits;
	one->refused = incident->refused;
	one->last_refused_us = incident->last_refused_us;
	one->evidence = memory_copy(incident->evidence.p, incident->evidence.n);
	return one;
}

static struct desk_incident record_of(const struct cases *cases, const struct incident_case *one)
{
	return (struct desk_incident){
		.id = one->id,
		.account = accounts_name(cases->accounts, one->account),
		.state = one->locked ? DESK_CONTAINED : DESK_OPEN,
		.mode = one->mode,
		.braked = one->braked,
		.bulk = one->bulk,
		.began_us = one->began_us,
		.opened_us = one->opened_us,
		.closed_us = WHEN_NONE,
		.bits = one->bits,
		.evidence = text_of(one->evidence ? one->evidence : "[]"),
		.refused = one->refused,
		.last_refused_us = one->last_refused_us,
	};
}

void cases_save(struct cases *cases, struct incident_case *one, struct desk_batch *batch)
{
	struct desk_incident record = record_of(cases, one);

	desk_put_incident(batch, &record);
	if (one->locked)
		desk_put_lock(batch, &(struct desk_lock){ record.account, one->opened_us, one->id, one->scope, one->reach, one->by_hand,
								    one->owner_apart });
	one->changed = false;
}

void cases_unsaved(struct cases *cases)
{
	for (size_t i = 0; i < cases->count; i++)
		cases->items[i].changed = true;
	for (size_t i = 0; i < cases->ended_count; i++)
		cases->ended[i].one.changed = true;
}

static void written(void *context, const struct error *error)
{
	if (error)
		cases_unsaved(context);
}

static void put_ended(const struct cases *cases, const struct ended *ended, struct desk_batch *batch)
{
	struct desk_incident record = record_of(cases, &ended->one);
	struct incident_case *next = cases_find(cases, ended->one.account);

	record.state = ended->state;
	record.closed_us = ended->closed_us;
	desk_put_incident(batch, &record);
	desk_drop_lock(batch, record.account);
	if (next) /* its lock, if it has one, goes in again behind this */
		next->changed = true;
}

static struct desk_batch *needed(struct cases *cases, struct desk_batch *batch)
{
	return batch ? batch : desk_batch_new(written, cases);
}

static struct desk_batch *look_at_ended(struct cases *cases)
{
	struct desk_batch *batch = NULL;

	for (size_t i = cases->ended_count; i-- > 0;) {
		struct ended *ended = &cases->ended[i];

		if (ended->one.changed) {
			put_ended(cases, ended, batch = needed(cases, batch));
			ended->one.changed = false;
			ended->looks = 0;
		} else if (++ended->looks > ENDED_LOOKS) {
			free(ended->one.evidence);
			*ended = cases->ended[--cases->ended_count];
		}
	}
	return batch;
}

void cases_look(struct cases *cases)
{
	struct desk_batch *batch = look_at_ended(cases);

	for (size_t i = 0; i < cases->count; i++) {
		if (!cases->items[i].changed)
			continue;
		batch = needed(cases, batch);
		cases_save(cases, &cases->items[i], batch);
	}
	if (batch)
		desk_write(cases->desk, batch);
}

void cases_close(struct cases *cases, struct incident_case *one, enum desk_incident_state state, int64_t now_us,
		 struct desk_batch *batch)
{
	struct incident_case *last = &cases->items[cases->count - 1];
	struct ended *ended;

	MEMORY_ROOM(cases->ended, cases->ended_count, cases->ended_room);
	ended = &cases->ended[cases->ended_count++];
	*ended = (struct ended){ .one = *one, .state = (uint8_t)state, .closed_us = now_us };
	ended->one.changed = false;
	table_drop(&cases->of_account, table_key(one->account));
	put_ended(cases, ended, batch);
	cases->count--;
	if (one == last)
		return;
	*one = *last;
	*table_put(&cases->of_account, table_key(one->account), 0, NULL) = (uint32_t)(one - cases->items);
}

size_t cases_count(const struct cases *cases, size_t *locked)
{
	*locked = 0;
	for (size_t i = 0; i < cases->count; i++)
		*locked += cases->items[i].locked;
	return cases->count;
}

const struct incident_case *cases_next(const struct cases *cases, const struct incident_case *before)
{
	size_t at = before ? (size_t)(before - cases->items) + 1 : 0;

	return at < cases->count ? &cases->items[at] : NULL;
}
