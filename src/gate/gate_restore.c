/* SPDX-License-Identifier: Apache-2.0 */
/* What the desk knows, after a restart. It has the last word: what it does not know was never answered with. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "gate/case_lock.h"
#include "gate/gate_inside.h"

static void restore_mode(void *context, struct text domain, enum desk_mode mode)
{
	struct gate *gate = context;

	if (!modes_set(gate->modes, domain, mode))
		log_say(LOG_ERROR, _("the mode of '%.*s' cannot be kept"), TEXT_ARG(domain));
}

static void restore_incident(void *context, const struct desk_incident *incident)
{
	struct gate *gate = context;
	uint64_t key;
	uint32_t account = accounts_add(gate->accounts, incident->account, &key);

	if (account && incident->closed_us == WHEN_NONE)
		cases_restore(gate->cases, incident, account);
}

static void restore_seen(void *context, uint64_t incident, struct text name, struct text told)
{
	struct gate *gate = context;
	uint64_t key;
	uint32_t account = accounts_add(gate->accounts, name, &key);

	if (account)
		seen_restore(gate->seen, incident, account, told);
}

static void restore_lock(void *context, const struct desk_lock *lock)
{
	struct gate *gate = context;
	uint64_t key;
	uint32_t account = accounts_add(gate->accounts, lock->account, &key);

	if (!account)
		return;
	guard_restore_lock(gate->guard, account, lock->scope);
	case_lock_restore(gate->cases, lock, account);
}

/* a lock that the desk has lost, while it has the incident: how far such a lock reached is known to the guard, or nobody */
static void restore_lost_locks(struct gate *gate)
{
	for (struct incident_case *one = NULL; (one = (struct incident_case *)cases_next(gate->cases, one));) {
		if (!one->locked || !one->changed)
			continue;
		guard_restore_lock(gate->guard, one->account, FAMILIAR_SOMEWHAT);
		guard_locked(gate->guard, one->account, &one->scope);
	}
}

static void restore_letter(void *context, const struct desk_letter *letter)
{
	struct gate *gate = context;
	uint64_t key;
	struct event submit = {
		.t_us = letter->t_us, .kind = EVENT_SUBMIT, .protocol = PROTOCOL_SMTP, .count = letter->recipients, .ip = letter->ip,
	};

	submit.account = accounts_add(gate->accounts, letter->account, &key);
	if (!submit.account)
		return;
	held_restore(gate->held, letter, submit.account);
	if (letter->state == HELD_WAITING)
		guard_restore_held(gate->guard, &submit, letter->queue_id, letter->familiar, clock_now());
}

struct unknown {
	struct gate *gate;
	uint32_t *items;
	size_t count, room;
};

static void note_unknown(void *context, uint32_t account)
{
	struct unknown *unknown = context;
	const struct incident_case *one = cases_find(unknown->gate->cases, account);

	if (one && (one->locked || one->mode != DESK_ENFORCE))
		return;
	MEMORY_ROOM(unknown->items, unknown->count, unknown->room);
	unknown->items[unknown->count++] = account;
}

static void note_released(void *context, const struct desk_incident *incident)
{
	*(bool *)context = incident->closed_us != WHEN_NONE && incident->state == DESK_RELEASED;
}

/* somebody opened it again while nobody was here (gate/deputy.h), or a moment before a crash: it was the owner, or is again */
static bool was_released(struct gate *gate, struct desk_reader *reader, uint32_t account)
{
	bool released = false;
	struct error error;

	return desk_each_incident(reader, 0, accounts_name(gate->accounts, account), false, 1, note_released, &released, &error) &&
	       released;
}

/* a lock that never reached the desk was never answered with, either */
static void lift_unknown(struct gate *gate, struct desk_reader *reader)
{
	struct unknown unknown = { .gate = gate };
	struct guard_answer answer;

	guard_each_locked(gate->guard, note_unknown, &unknown);
	for (size_t i = 0; i < unknown.count; i++) {
		uint32_t account = unknown.items[i];

		if (!was_released(gate, reader, account)) {
			gate_lift(gate, account);
			continue;
		}
		gate_tell(gate, &(struct event){ .t_us = clock_now(), .kind = EVENT_VERIFIED, .account = account }, TEXT_NONE, &answer);
		engine_clear_suspect(gate->engine, account);
	}
	free(unknown.items);
}

/* locked while nobody was here (gate/deputy.h): their owners were not told yet. What is older was told, or is of before there were notices. */
static void tell_owners(struct gate *gate)
{
	int64_t now_us = clock_now();

	for (const struct incident_case *one = NULL; (one = cases_next(gate->cases, one));)
		if (one->locked && now_us - one->opened_us < NOTICES_TRY_US)
			notices_put(gate->notices, gate_batch(gate), NOTICE_LOCKED, accounts_name(gate->accounts, one->account), one->id, now_us);
	gate_commit(gate, NULL, NULL);
}

static void restore_aftermath(void *context, uint64_t incident, struct text name, struct text told)
{
	struct gate *gate = context;
	uint64_t key;
	uint32_t account = accounts_add(gate->accounts, name, &key);

	if (account)
		aftermath_restore(gate->aftermath, incident, account, told);
}

/* ---- released while nobody was here (gate/deputy.h), or a moment before a crash: what follows from it follows now */

struct missed {
	uint64_t incident;
	uint32_t account;
	int64_t released_us;
	bool was_locked, in_vain;
};

struct missing {
	struct gate *gate;
	struct missed *items;
	size_t count, room;
};

static void note_missed(void *context, const struct desk_incident *incident)
{
	struct missing *missing = context;
	struct gate *gate = missing->gate;
	uint64_t key;
	uint32_t account;

	if (incident->state != DESK_RELEASED || incident->closed_us < clock_now() - AFTERMATH_US)
		return;
	account = accounts_add(gate->accounts, incident->account, &key);
	if (!account || aftermath_has(gate->aftermath, incident->id, account))
		return;
	MEMORY_ROOM(missing->items, missing->count, missing->room);
	missing->items[missing->count++] = (struct missed){ .incident = incident->id, .account = account, .released_us = incident->closed_us,
							    .was_locked = incident->mode == DESK_ENFORCE && !incident->braked };
}

static void note_in_vain(void *context, int64_t t_us, struct text who, struct text what)
{
	struct missed *missed = context;

	missed->in_vain = missed->in_vain || text_is(what, TEXT("released: a false alarm"));
}

static void catch_up(struct gate *gate, const struct missed *missed)
{
	if (!missed->in_vain && !aftermath_has(gate->aftermath, missed->incident, missed->account))
		aftermath_begin(gate->aftermath, missed->incident, missed->account, missed->released_us);
	if (missed->was_locked && clock_now() - missed->released_us < NOTICES_TRY_US)
		notices_put(gate->notices, gate_batch(gate), NOTICE_RELEASED, accounts_name(gate->accounts, missed->account), missed->incident,
			    clock_now());
}

static bool catch_up_all(struct gate *gate, struct desk_reader *reader, struct error *error)
{
	struct missing missing = { .gate = gate };
	bool ok = desk_each_incident(reader, 0, TEXT_NONE, false, AFTERMATH_MAX, note_missed, &missing, error);

	for (size_t i = 0; ok && i < missing.count; i++) {
		ok = desk_each_note(reader, missing.items[i].incident, note_in_vain, &missing.items[i], error);
		if (ok)
			catch_up(gate, &missing.items[i]);
	}
	free(missing.items);
	return ok;
}

static void restore_guessable(void *context, struct text account, struct text fault, int64_t found_us)
{
	struct gate *gate = context;
	uint64_t key;
	uint32_t number = accounts_find(gate->accounts, account, &key);

	for (unsigned i = 0; number && gate->guessable && i < PASSWORD_FAULTS; i++)
		if (text_is(fault, text_of(password_fault_names[i])))
			guessable_note(gate->guessable, number, (enum password_fault)i);
}

bool gate_restore(struct gate *gate, struct error *error)
{
	struct desk_reader *reader = desk_reader_open(gate->config->state_folder, error);
	uint64_t last = 0, bulk = 0;
	bool ok = reader && desk_last_incident(reader, &last, error) && desk_last_bulk(reader, &bulk, error);

	gate->last_bulk = (uint32_t)bulk;
	gate->cases = cases_new(gate->desk, gate->accounts, last);
	ok = ok && desk_each_mode(reader, restore_mode, gate, error) &&
	     desk_each_incident(reader, 0, TEXT_NONE, true, UINT32_MAX, restore_incident, gate, error) &&
	     desk_each_lock(reader, restore_lock, gate, error) && desk_each_seen(reader, 0, restore_seen, gate, error);
	if (ok)
		restore_lost_locks(gate);
	ok = ok && desk_each_letter(reader, TEXT_NONE, true, restore_letter, gate, error);
	if (ok)
		lift_unknown(gate, reader);
	ok = ok && gate_restore_closures(gate, reader, error) && gate_restore_floods(gate, reader, error) &&
	     notices_restore(gate->notices, reader, error) && desk_each_guessable(reader, restore_guessable, gate, error);
	ok = ok && desk_each_aftermath(reader, 0, clock_now() - AFTERMATH_US, restore_aftermath, gate, error);
	ok = ok && catch_up_all(gate, reader, error);
	if (ok)
		tell_owners(gate);
	desk_reader_close(reader);
	return ok;
}
