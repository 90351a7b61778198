/* SPDX-License-Identifier: Apache-2.0 */
/* What the deputy does in the gate's place: incidents, locks, held mail and closures, without anybody who judges. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "gate/case_lock.h"
#include "gate/deputy_inside.h"
#include "gate/doors_open.h"
#include "gate/floods.h"

/* the answer waits for the disk */
static struct desk_batch *batch_for(control_done *done, void *ticket) { return desk_batch_new(control_kept, control_promise(done, ticket)); }

/* ---- who */

static enum desk_mode mode_of(void *context, struct text domain)
{
	const struct deputy *deputy = context;

	return modes_of(deputy->modes, domain);
}

static bool enforces(const struct deputy *deputy, const struct incident_case *one)
{
	return one->locked && (one->by_hand || modes_of(deputy->modes, accounts_name(deputy->accounts, one->account)) == DESK_ENFORCE);
}

static struct incident_case *case_of(const struct deputy *deputy, struct text name)
{
	uint64_t key;

	return cases_find(deputy->cases, accounts_find(deputy->accounts, name, &key));
}

static uint64_t incident_of(void *context, struct text name)
{
	const struct incident_case *one = case_of(context, name);

	return one ? one->id : 0;
}

/* ---- closures */

struct loading {
	struct deputy *deputy;
	struct incident_case *one;
};

static void load_step(void *context, const struct desk_step *step)
{
	const struct loading *loading = context;

	case_lock_restore_step(loading->one, step->action);
	closures_restore_step(loading->deputy->closures, loading->one->account, step);
}

/* Whose mail in the queue was the thief's only the gate can tell, where not all of it was: then the queue is left to it. */
static bool queue_is_gates(const struct incident_case *one) { return one->reach == REACH_PLACES || one->owner_apart; }

/* How far it had come before, if anybody had begun. */
static void load(struct deputy *deputy, struct incident_case *one)
{
	struct closure_order order = case_lock_order(one);
	struct loading loading = { deputy, one };
	struct closure_state state;
	struct error error;

	if (queue_is_gates(one))
		deputy->doors.gate.found = NULL;
	closures_state(deputy->closures, one->account, &state);
	if (state.known || !enforces(deputy, one))
		return;
	closures_restore(deputy->closures, &order);
	(void)!desk_each_step(deputy->reader, one->id, load_step, &loading, &error); /* what is not known is done once more */
	closures_resume(deputy->closures);
}

static void closure(void *context, struct text name, struct control_closure *out)
{
	struct deputy *deputy = context;
	struct incident_case *one = case_of(deputy, name);
	struct closure_state state;
	uint64_t key;

	if (one)
		load(deputy, one);
	closures_state(deputy->closures, accounts_find(deputy->accounts, name, &key), &state);
	*out = (struct control_closure){ state.known, state.shut, state.settled, state.lacking, state.impossible };
}

/* ---- lock */

static struct incident_case *case_for(struct deputy *deputy, struct text name)
{
	uint64_t key;
	uint32_t account = accounts_add(deputy->accounts, name, &key);
	struct incident_case *one = account ? cases_find(deputy->cases, account) : NULL;

	if (one || !account)
		return one;
	one = cases_open(deputy->cases, account);
	one->opened_us = one->began_us = clock_now();
	one->mode = (uint8_t)modes_of(deputy->modes, name);
	return one;
}

static void note(struct desk_batch *batch, const struct incident_case *one, const struct control_lock *lock, struct text who)
{
	desk_note(batch, one->id, clock_now(), who, case_lock_said(lock->reach));
	desk_note(batch, one->id, clock_now(), who, TEXT(N_("the daemon was away")));
	if (lock->why.n)
		desk_note(batch, one->id, clock_now(), who, lock->why);
}

static uint64_t lock_account(void *context, const struct control_lock *lock, struct text who, control_done *done, void *ticket)
{
	struct deputy *deputy = context;
	struct incident_case *one = case_for(deputy, lock->account);
	struct desk_batch *batch;
	struct closure_order order;

	if (!one)
		return 0;
	if (one->locked)
		load(deputy, one);
	case_lock_widen(one, lock);
	load(deputy, one); /* it may reach further now */
	order = case_lock_order(one);
	batch = batch_for(done, ticket);
	cases_save(deputy->cases, one, batch);
	closures_begin(deputy->closures, &order, batch);
	note(batch, one, lock, who);
	desk_write(deputy->desk, batch);
	return one->id;
}

/* ---- release */

static void note_account(void *context, const struct desk_incident *incident)
{
	text_copy(context, ACCOUNT_NAME_MAX, incident->account);
}

/* of an incident that is closed: it was released before somebody saw that it had been the owner */
static bool release_condemned(struct deputy *deputy, uint64_t incident)
{
	char name[ACCOUNT_NAME_MAX] = "";
	struct held_tally tally = { 0 };
	struct error error;
	uint32_t account;
	uint64_t key;

	if (!desk_each_incident(deputy->reader, incident, TEXT_NONE, false, 1, note_account, name, &error))
		return false;
	account = accounts_find(deputy->accounts, text_of(name), &key);
	if (account)
		held_tally(deputy->held, account, &tally);
	if (tally.condemned)
		held_release_all(deputy->held, account, true, clock_now());
	return tally.condemned > 0;
}

static void release(void *context, uint64_t incident, bool false_alarm, struct text who, control_done *done, void *ticket)
{
	struct deputy *deputy = context;
	struct incident_case *one = NULL;
	struct desk_batch *batch;
	int64_t now_us = clock_now();

	while ((one = (struct incident_case *)cases_next(deputy->cases, one)) && one->id != incident)
		;
	if (!one) {
		if (false_alarm && release_condemned(deputy, incident))
			done(ticket, NULL);
		else
			control_refuse(done, ticket, _("no incident of this number is open"));
		return;
	}
	load(deputy, one);
	batch = batch_for(done, ticket);
	held_release_all(deputy->held, one->account, false_alarm, now_us);
	closures_undo(deputy->closures, one->account, false_alarm, batch);
	desk_note(batch, one->id, now_us, who, false_alarm ? TEXT(N_("released: a false alarm")) : TEXT(N_("released")));
	desk_note(batch, one->id, now_us, who, TEXT(N_("the daemon was away")));
	desk_end_flood(batch, accounts_name(deputy->accounts, one->account), false_alarm ? WHEN_NONE : now_us + FLOODS_EBB_US);
	cases_close(deputy->cases, one, DESK_RELEASED, now_us, batch);
	desk_write(deputy->desk, batch);
}

/* ---- a new password */

struct reset {
	struct deputy *deputy;
	control_done *done;
	void *ticket;
	char name[ACCOUNT_NAME_MAX];
};

static void changed(void *context, enum keys_result result, const char *says)
{
	struct reset reset = *(struct reset *)context;
	struct error error;

	free(context);
	if (result != KEYS_DONE) {
		error_set(&error, "%s", says);
		if (result == KEYS_FORMER)
			control_say_former(reset.ticket);
		else if (result != KEYS_FAILED)
			control_say_no(reset.ticket);
		reset.done(reset.ticket, &error);
		return;
	}
	doors_end_old(&reset.deputy->doors, text_of(reset.name));
	reset.done(reset.ticket, NULL);
}

static void set_password(void *context, struct text account, struct text password, bool forced, struct text who, control_done *done, void *ticket)
{
	struct deputy *deputy = context;
	struct reset *reset;

	if (!deputy->doors.keys) {
		control_refuse(done, ticket, _("nobody is set up who could change passwords: see passdb_socket, and sekisho-passdb(8)"));
		return;
	}
	reset = memory_zero(1, sizeof *reset);
	*reset = (struct reset){ .deputy = deputy, .done = done, .ticket = ticket };
	text_copy(reset->name, sizeof reset->name, account);
	keys_ask(deputy->doors.keys, forced ? KEYS_CHANGE : KEYS_RENEW, account, password, changed, reset);
}

static uint32_t next_bulk(void *context)
{
	struct deputy *deputy = context;

	return ++deputy->last_bulk;
}

struct control_gate deputy_gate(struct deputy *deputy)
{
	return (struct control_gate){
		.context = deputy,
		.mode_of = mode_of,
		.release = release,
		.lock = lock_account,
		.incident_of = incident_of,
		.reset = set_password,
		.closure = closure,
		.next_bulk = next_bulk,
	};
}

/* ---- mail in the queue */

static void caught(void *context, const struct error *error)
{
	struct deputy *deputy = context;

	if (error)
		held_unsaved(deputy->held);
	held_look(deputy->held, clock_now());
}

enum doors_mail deputy_found(void *context, const struct target *target, const struct queue_message *message)
{
	struct deputy *deputy = context;
	struct desk_letter letter = {
		.queue_id = message->queue_id,
		.account = target->name,
		.t_us = message->arrival_us,
		.state = HELD_CONDEMNED,
		.recipients = message->recipients,
	};

	if (target->reach == REACH_PLACES || message->queue_id.n >= QUEUE_ID_MAX ||
	    (target->began_us != WHEN_NONE && message->arrival_us < target->began_us))
		return MAIL_LEFT;
	if (!deputy->caught)
		deputy->caught = desk_batch_new(caught, deputy);
	return held_catch(deputy->held, deputy->caught, &letter, target->account) ? MAIL_CAUGHT : MAIL_LEFT;
}

void deputy_commit(void *context)
{
	struct deputy *deputy = context;

	if (deputy->caught)
		desk_write(deputy->desk, deputy->caught);
	deputy->caught = NULL;
}

/* ---- what the desk knows */

static void restore_mode(void *context, struct text domain, enum desk_mode mode)
{
	struct deputy *deputy = context;

	(void)!modes_set(deputy->modes, domain, mode);
}

static void restore_incident(void *context, const struct desk_incident *incident)
{
	struct deputy *deputy = context;
	uint64_t key;
	uint32_t account = accounts_add(deputy->accounts, incident->account, &key);

	if (account && incident->closed_us == WHEN_NONE)
		cases_restore(deputy->cases, incident, account);
}

static void restore_lock(void *context, const struct desk_lock *lock)
{
	struct deputy *deputy = context;
	uint64_t key;
	uint32_t account = accounts_add(deputy->accounts, lock->account, &key);

	if (account)
		case_lock_restore(deputy->cases, lock, account);
}

static void restore_letter(void *context, const struct desk_letter *letter)
{
	struct deputy *deputy = context;
	uint64_t key;
	uint32_t account = accounts_add(deputy->accounts, letter->account, &key);

	if (account)
		held_restore(deputy->held, letter, account);
}

static bool is_enforced(const void *deputy, const struct incident_case *one) { return enforces(deputy, one); }

/* as the gate would write them */
static void restore_lists(const struct deputy *deputy)
{
	const struct case_lock_list away = { deputy->doors.away, _("table for when the daemon is away"), REACH_PLACES, is_enforced, deputy };
	const struct case_lock_list denied = { deputy->doors.denied, _("deny list"), REACH_ACCOUNT, is_enforced, deputy };

	case_lock_fill(&away, deputy->cases, deputy->accounts);
	case_lock_fill(&denied, deputy->cases, deputy->accounts);
}

/* How far a lock reached that the desk has lost, while it has the incident, nobody here knows: as the gate takes it. */
static void restore_lost_locks(struct deputy *deputy)
{
	for (struct incident_case *one = NULL; (one = (struct incident_case *)cases_next(deputy->cases, one));)
		if (one->locked && one->changed)
			one->scope = FAMILIAR_SOMEWHAT;
}

bool deputy_restore(struct deputy *deputy, struct error *error)
{
	struct desk_reader *reader = deputy->reader;
	uint64_t last = 0, bulk = 0;

	if (!desk_last_incident(reader, &last, error) || !desk_last_bulk(reader, &bulk, error))
		return false;
	deputy->last_bulk = (uint32_t)bulk;
	deputy->cases = cases_new(deputy->desk, deputy->accounts, last);
	if (!desk_each_mode(reader, restore_mode, deputy, error) ||
	    !desk_each_incident(reader, 0, TEXT_NONE, true, UINT32_MAX, restore_incident, deputy, error) ||
	    !desk_each_lock(reader, restore_lock, deputy, error) ||
	    !desk_each_letter(reader, TEXT_NONE, true, restore_letter, deputy, error))
		return false;
	restore_lost_locks(deputy);
	restore_lists(deputy);
	return true;
}
