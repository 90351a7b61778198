/* SPDX-License-Identifier: Apache-2.0 */
/* What a lock does beyond the gate's own memory: its closure, and what the closure's actions ask the gate. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "gate/case_lock.h"
#include "gate/doors_open.h"
#include "gate/gate_inside.h"

#define ARRIVES_US (2 * SECOND_US) /* a message is in the queue before the gate knows of it, or a moment later */

bool gate_enforces(const struct gate *gate, uint32_t account)
{
	const struct incident_case *one = cases_find(gate->cases, account);

	return (one && one->locked && one->by_hand) || gate_mode(gate, account) == DESK_ENFORCE;
}

bool gate_shuts_logins(const struct gate *gate, uint32_t account, enum event_protocol protocol)
{
	const struct incident_case *one = cases_find(gate->cases, account);

	return !one || one->reach != REACH_SENDING || protocol == PROTOCOL_SMTP;
}

/* ---- what actions ask */

static bool refuses_mail(void *context, const struct target *target)
{
	const struct gate *gate = context;

	return guard_locked(gate->guard, target->account, NULL) && gate_enforces(gate, target->account);
}

static bool is_thiefs(const struct gate *gate, const struct target *target, const struct queue_message *message)
{
	uint8_t familiar, scope = FAMILIAR_WELL;

	guard_locked(gate->guard, target->account, &scope);
	if (target->reach == REACH_PLACES &&
	    guard_letter_familiar(gate->guard, target->account, message->queue_id, &familiar))
		return familiar <= scope;
	return target->began_us == WHEN_NONE || message->arrival_us >= target->began_us - ARRIVES_US;
}

/* Written at the owner's own place, while the abuse came from elsewhere: it waits until the owner has proved who they are. Where a
 * person alone locked the account nobody said that it did. */
static bool is_owners(const struct gate *gate, const struct target *target, const struct queue_message *message)
{
	const struct incident_case *one = cases_find(gate->cases, target->account);
	uint8_t familiar;

	return one && one->owner_apart &&
	       guard_letter_familiar(gate->guard, target->account, message->queue_id, &familiar) && familiar >= FAMILIAR_WELL;
}

static enum doors_mail found(void *context, const struct target *target, const struct queue_message *message)
{
	struct gate *gate = context;
	struct desk_letter letter = {
		.queue_id = message->queue_id,
		.account = target->name,
		.t_us = message->arrival_us,
		.state = HELD_CONDEMNED,
		.recipients = message->recipients,
	};

	if (!refuses_mail(gate, target)) /* released while the queue was looked through */
		return MAIL_LEFT;
	if (!is_thiefs(gate, target, message) || message->queue_id.n >= QUEUE_ID_MAX)
		return MAIL_LEFT;
	if (is_owners(gate, target, message)) {
		letter.state = HELD_WAITING;
		letter.familiar = FAMILIAR_WELL;
	}
	return held_catch(gate->held, gate_batch(gate), &letter, target->account) ? MAIL_CAUGHT : MAIL_LEFT;
}

static void caught(void *context, const struct error *error)
{
	struct gate *gate = context;

	if (error)
		held_unsaved(gate->held);
	held_look(gate->held, clock_now());
}

static void commit(void *context) { gate_commit(context, caught, context); }

/* ---- how it went */

static void settled(void *context, uint32_t account, uint64_t incident, bool shut)
{
	struct gate *gate = context;
	const char *what = shut ? N_("closed, and the closure was proved as far as it can be")
				: N_("everything that was closed is open again");

	log_say(LOG_NOTE, _("incident %llu: %.*s: %s"), (unsigned long long)incident,
		TEXT_ARG(accounts_name(gate->accounts, account)), _(what));
	desk_note(gate_batch(gate), incident, clock_now(), TEXT("sekisho"), text_of(what));
	gate_commit(gate, NULL, NULL);
}

/* ---- up */

static void told_denied(void *context, const struct error *error)
{
	struct gate *gate = context;

	if (error && !gate->denied_failing)
		log_say(LOG_ERROR, _("Dovecot's deny list cannot be written: %s"), error->text);
	gate->denied_failing = error != NULL;
}

static void told_away(void *context, const struct error *error)
{
	struct gate *gate = context;

	if (error && !gate->away_failing)
		log_say(LOG_ERROR, _("the locks that hold while the daemon is away cannot be written: %s"), error->text);
	gate->away_failing = error != NULL;
}

bool gate_open_doors(struct gate *gate, struct error *error)
{
	const struct doors_told told = { told_away, told_denied, gate };
	struct doors *doors = &gate->doors;
	bool opened = doors_open(doors, &gate->loop, gate->config, gate->accounts, &told, error);

	doors->gate = (struct doors_gate){ gate, refuses_mail, *gate->config->auth_policy_key_file ? refuses_mail : NULL, found,
					   commit };
	gate->queue = doors->queue;
	gate->away = doors->away;
	gate->closures = closures_new(&(struct closures_options){
		.loop = &gate->loop, .doors = doors, .desk = gate->desk, .settled = settled, .context = gate });
	return opened;
}

/* nobody is told any more */
void gate_close_doors(struct gate *gate)
{
	closures_close(gate->closures);
	doors_close(&gate->doors);
}

/* ---- locks */

/* the actions that are asked for beside those that are always done */
static unsigned more_actions(const struct config_texts *names)
{
	unsigned more = 0;

	for (size_t i = 0; i < names->count; i++)
		more |= 1u << action_find(
				text_of(names->items[i])); /* what is none was refused when the settings were read */
	return more;
}

void gate_shut(struct gate *gate, struct incident_case *one)
{
	struct closure_order order;

	if (!one->by_hand)
		one->actions |= more_actions(&gate->config->lock_actions);
	order = case_lock_order(one);
	closures_begin(gate->closures, &order, gate_batch(gate));
}

void gate_open_again(struct gate *gate, uint32_t account, bool false_alarm)
{
	closures_undo(gate->closures, account, false_alarm, gate_batch(gate));
}

/* ---- after a restart */

static void restore_step(void *context, const struct desk_step *step)
{
	struct gate *gate = context;
	uint64_t key;
	uint32_t account = accounts_add(gate->accounts, step->account, &key);
	struct incident_case *one = account ? cases_find(gate->cases, account) : NULL;

	if (!account)
		return;
	if (one && one->id == step->incident)
		case_lock_restore_step(one, step->action);
	closures_restore_step(gate->closures, account, step);
}

static bool is_enforced(const void *gate, const struct incident_case *one) { return gate_enforces(gate, one->account); }

static void restore_lists(const struct gate *gate)
{
	const struct case_lock_list away = { gate->doors.away, _("table for when the daemon is away"), REACH_PLACES, is_enforced, gate };
	const struct case_lock_list denied = { gate->doors.denied, _("deny list"), REACH_ACCOUNT, is_enforced, gate };

	case_lock_fill(&away, gate->cases, gate->accounts);
	case_lock_fill(&denied, gate->cases, gate->accounts);
}

/* Locks whose steps were lost, or are of a version that had other actions, get theirs now. */
bool gate_restore_closures(struct gate *gate, struct desk_reader *reader, struct error *error)
{
	for (const struct incident_case *one = NULL; (one = cases_next(gate->cases, one));) {
		struct closure_order order = case_lock_order(one);

		if (one->locked && gate_enforces(gate, one->account))
			closures_restore(gate->closures, &order);
	}
	if (!desk_each_step(reader, 0, restore_step, gate, error))
		return false;
	restore_lists(gate);
	for (struct incident_case *one = NULL; (one = (struct incident_case *)cases_next(gate->cases, one));)
		if (one->locked && gate_enforces(gate, one->account))
			gate_shut(gate, one);
	gate_commit(gate, NULL, NULL);
	closures_resume(gate->closures);
	return true;
}
