/* SPDX-License-Identifier: Apache-2.0 */
/* The log tells: what became of the mail, which Message-ID it has, bounces; and whatever nobody asked us about. */
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "gate/gate_inside.h"

#define USUAL_LOG "/var/log/mail.log"
#define AGAIN_US (10 * SECOND_US) /* what a crash may have taken from the ledger */

const char *gate_log(const struct gate *gate, size_t n)
{
	const struct config_texts *logs = &gate->config->logs;

	if (logs->count)
		return n < logs->count ? logs->items[n] : NULL;
	return n ? NULL : access(USUAL_LOG, R_OK) == 0 ? USUAL_LOG : "journal";
}

/* the log told of a message that nobody asked us about: the daemon was away, or nothing else is plugged in */
static void enter(struct gate *gate, const struct follow_event *told, const struct verdict *verdict, enum ledger_action done)
{
	const struct event *event = &told->event;

	ledger_add(gate->ledger, &(struct ledger_row){
		.t_us = event->t_us,
		.account = accounts_name(gate->accounts, event->account),
		.queue_id = told->queue_id,
		.ip = event->ip,
		.rcpt_count = event->count,
		.action = (uint8_t)done,
		.familiar = (uint8_t)verdict->familiar,
		.from_log = true,
		.bits = verdict->bits,
	});
}

/* it is on its way already: what can still be held is */
static void hold_late(struct gate *gate, const struct follow_event *told, const struct guard_answer *said)
{
	const struct event *event = &told->event;

	if (said->action != GUARD_HOLD || !gate_enforces(gate, event->account) || told->queue_id.n >= QUEUE_ID_MAX)
		return;
	gate_hold(gate, event, &said->verdict, told->queue_id, true);
}

static void told_submit(struct gate *gate, const struct follow_event *told)
{
	struct guard_answer said;

	if (witnesses_was_asked(gate->witnesses, told->queue_id) || guard_knows(gate->guard, told->queue_id))
		return;
	gate->tally.submissions++;
	gate_tell(gate, &told->event, told->queue_id, &said);
	enter(gate, told, &said.verdict, LEDGER_PASSED);
	hold_late(gate, told, &said);
}

static void told_login(struct gate *gate, const struct follow_event *told)
{
	struct event event = told->event;
	struct guard_answer said;

	if (!event.ok && event.account && guard_locked(gate->guard, event.account, NULL) && gate_enforces(gate, event.account))
		return; /* a deny list of ours turned it away */
	event.count = witnesses_hear(gate->witnesses, WITNESS_LOG, &event);
	if (event.count) {
		gate->tally.logins++;
		gate_tell(gate, &event, TEXT_NONE, &said);
	}
}

static void tell_fate(struct gate *gate, const struct follow_event *told)
{
	struct guard_answer said;

	gate_note_outcome(gate, &told->event, told->queue_id);
	gate_tell(gate, &told->event, told->queue_id, &said);
}

/* nobody waits for an answer: what is held stays so, and is written when it can be */
static void written(void *context, const struct error *error)
{
	struct gate *gate = context;

	if (error)
		held_unsaved(gate->held);
}

static void told(void *context, const struct follow_event *told)
{
	struct gate *gate = context;

	if (told->again) { /* judged before the restart */
		if (told->event.kind == EVENT_SUBMIT && told->event.account)
			enter(gate, told, &(struct verdict){ 0 }, LEDGER_PASSED);
		return;
	}
	if (told->event.kind == EVENT_SUBMIT && told->event.account)
		told_submit(gate, told);
	else if (told->event.kind == EVENT_AUTH)
		told_login(gate, told);
	else
		tell_fate(gate, told);
	gate_commit(gate, written, gate);
}

static void named(void *context, int64_t t_us, struct text queue_id, struct text message_id)
{
	struct gate *gate = context;

	ledger_name(gate->ledger, t_us, queue_id, message_id);
}

static void trouble(void *context, const char *path, const struct error *error)
{
	log_say(LOG_WARN, "%s: %s", path, error->text);
}

bool gate_follow_logs(struct gate *gate, struct error *error)
{
	const char *path;

	gate->follow = follow_new(&gate->loop, gate->accounts, &(struct follow_options){
		.life = { .webmail_hosts = gate->config->webmail_hosts.items, .webmail_host_count = gate->config->webmail_hosts.count },
		.again_us = AGAIN_US,
	}, &(struct follow_handler){ told, named, trouble, gate });
	for (size_t n = 0; (path = gate_log(gate, n)); n++)
		if (!follow_add(gate->follow, path, keeper_marked(gate->keeper, text_of(path)), error))
			return false;
	return true;
}

void gate_mark_logs(struct gate *gate)
{
	char place[FOLLOW_PLACE_MAX];
	const char *path;

	for (size_t n = 0; (path = gate_log(gate, n)); n++)
		keeper_mark(gate->keeper, text_of(path), text_of(follow_place(gate->follow, n, place)));
}
