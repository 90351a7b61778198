/* SPDX-License-Identifier: Apache-2.0 */
/* What is looked after each second, each minute, each hour. */
#include <string.h>
#include <systemd/sd-daemon.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "gate/gate_inside.h"

enum { DESK_CALM_S = 5 };

#define RECONCILE_US (5 * MINUTE_US)
#define EXPIRE_US HOUR_US
#define INCIDENTS_KEPT_US (365 * DAY_US)
#define AUDIT_KEPT_US (365 * DAY_US)

static void keep_memory(struct gate *gate, int64_t now_us)
{
	struct error error = { "" };
	bool failing, runs;

	gate_mark_logs(gate);
	runs = keeper_picture_runs(gate->keeper, &error);
	failing = *error.text || !keeper_flush(gate->keeper, &error);
	if (!failing && !runs && (gate->picture_wanted || keeper_is_due(gate->keeper, now_us))) {
		failing = !keeper_begin_picture(gate->keeper, now_us, &error);
		gate->picture_wanted = failing;
	}
	if (failing && !gate->keeper_failing)
		log_say(LOG_ERROR, _("profiles cannot be written: %s"), error.text);
	else if (!failing && gate->keeper_failing)
		log_say(LOG_NOTE, _("profiles are written again"));
	gate->keeper_failing = failing;
}

static void watch_ledger(struct gate *gate)
{
	struct ledger_state state;

	ledger_state(gate->ledger, &state);
	if (state.failing && !gate->ledger_failing)
		log_say(LOG_ERROR, _("the ledger cannot be written: %s"), state.why);
	else if (!state.failing && gate->ledger_failing)
		log_say(LOG_NOTE, _("the ledger is written again; %llu rows were lost"), (unsigned long long)state.lost);
	gate->ledger_failing = state.failing;
	if (strcmp(state.why, gate->ledger_why) == 0)
		return;
	text_copy(gate->ledger_why, sizeof gate->ledger_why, text_of(state.why));
	if (!state.failing) /* a damaged file that it has set aside already */
		log_say(LOG_ERROR, _("the ledger: %s"), state.why);
}

/* on a full disk now and then a small one can be written: that is not yet the end of it */
static void watch_desk(struct gate *gate)
{
	struct error why;
	bool failing = desk_is_failing(gate->desk, &why);

	gate->desk_calm_s = failing ? 0 : gate->desk_calm_s + 1;
	if (failing && !gate->desk_failing)
		log_say(LOG_ERROR, _("incidents cannot be written: %s"), why.text);
	else if (gate->desk_failing && gate->desk_calm_s >= DESK_CALM_S)
		log_say(LOG_NOTE, _("incidents are written again"));
	gate->desk_failing = failing || (gate->desk_failing && gate->desk_calm_s < DESK_CALM_S);
}

static void expire(struct gate *gate)
{
	int64_t now_us = clock_patient();
	struct desk_batch *batch = desk_batch_new(NULL, NULL);

	held_expire(gate->held, now_us - HELD_KEPT_US);
	ledger_expire(gate->ledger, now_us);
	desk_expire(batch, now_us - HELD_KEPT_US, now_us - INCIDENTS_KEPT_US, now_us - AUDIT_KEPT_US);
	desk_write(gate->desk, batch);
}

bool gate_may_complain(struct gate *gate)
{
	bool may = gate->faults_said < GATE_FAULTS_MAX;

	gate->faults_said += may;
	gate->faults_left_out += !may;
	return may;
}

static void tell_left_out(struct gate *gate)
{
	if (gate->faults_left_out)
		log_say(LOG_WARN, _("%u more requests could not be read"), gate->faults_left_out);
	gate->faults_said = gate->faults_left_out = 0;
}

/* is it time again? A clock that was set back makes it so. */
static bool is_time(int64_t *last_us, int64_t every_us, int64_t now_us)
{
	if (now_us >= *last_us && now_us - *last_us < every_us)
		return false;
	*last_us = now_us;
	return true;
}

static void each_minute(struct gate *gate, int64_t now_us)
{
	tell_left_out(gate);
	guard_mend_waits(gate->guard, now_us);
	gate_set_due(gate);
	roster_mend(gate->doors.away);
	if (gate->doors.denied)
		roster_mend(gate->doors.denied);
}

static void remind(void *context, uint32_t account, uint64_t incident, bool again)
{
	struct gate *gate = context;
	int64_t now_us = clock_now();

	if (again)
		log_say(LOG_WARN, _("incident %llu: %.*s: mail that was sent after its release comes back"), (unsigned long long)incident,
			TEXT_ARG(accounts_name(gate->accounts, account)));
	if (again)
		desk_note(gate_batch(gate), incident, now_us, TEXT("sekisho"), TEXT(N_("mail that was sent after the release comes back")));
	notices_put(gate->notices, gate_batch(gate), again ? NOTICE_AGAIN : NOTICE_CARE, accounts_name(gate->accounts, account), incident, now_us);
}

static void gate_look_after(struct gate *gate, int64_t now_us)
{
	aftermath_look(gate->aftermath, now_us, remind, gate);
	gate_commit(gate, NULL, NULL);
}

void gate_second(uv_timer_t *timer)
{
	struct gate *gate = timer->data;
	int64_t now_us = clock_now();

	keep_memory(gate, now_us);
	watch_desk(gate);
	watch_ledger(gate);
	cases_look(gate->cases);
	seen_look(gate->seen);
	held_look(gate->held, now_us);
	floods_look(gate->floods, now_us);
	gate_look_after(gate, now_us);
	notices_look(gate->notices, now_us);
	if (is_time(&gate->minute_us, MINUTE_US, now_us))
		each_minute(gate, now_us);
	if (is_time(&gate->reconciled_us, RECONCILE_US, now_us))
		held_reconcile(gate->held, now_us);
	if (is_time(&gate->expired_us, EXPIRE_US, now_us))
		expire(gate);
	sd_notify(0, "WATCHDOG=1");
}
