/* SPDX-License-Identifier: Apache-2.0 */
/* The life of the gate: what comes up, in order, what is looked after each second, and the same in reverse at the end. */
#include "gate/gate.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "gate/gate_inside.h"

#define POSTMAP "/usr/sbin/postmap"
#define RECONCILE_US (5 * MINUTE_US)
#define EXPIRE_US HOUR_US
#define INCIDENTS_KEPT_US (365 * DAY_US)
#define AUDIT_KEPT_US (365 * DAY_US)

/* ---- each second */

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

static void watch_desk(struct gate *gate)
{
	struct error why;
	bool failing = desk_is_failing(gate->desk, &why);

	if (failing && !gate->desk_failing)
		log_say(LOG_ERROR, _("incidents cannot be written: %s"), why.text);
	else if (!failing && gate->desk_failing)
		log_say(LOG_NOTE, _("incidents are written again"));
	gate->desk_failing = failing;
}

static void expire(struct gate *gate, int64_t now_us)
{
	struct desk_batch *batch = desk_batch_new(NULL, NULL);

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

static void second(uv_timer_t *timer)
{
	struct gate *gate = timer->data;
	int64_t now_us = clock_now();

	keep_memory(gate, now_us);
	if (now_us - gate->minute_us >= MINUTE_US || now_us < gate->minute_us) {
		gate->minute_us = now_us;
		tell_left_out(gate);
		guard_mend_waits(gate->guard, now_us);
		gate_set_due(gate);
	}
	watch_desk(gate);
	watch_ledger(gate);
	cases_look(gate->cases);
	held_look(gate->held, now_us);
	if (now_us - gate->reconciled_us >= RECONCILE_US || now_us < gate->reconciled_us) {
		gate->reconciled_us = now_us;
		held_reconcile(gate->held, now_us);
	}
	if (now_us - gate->expired_us >= EXPIRE_US || now_us < gate->expired_us) {
		gate->expired_us = now_us;
		expire(gate, now_us);
	}
	sd_notify(0, "WATCHDOG=1");
}

/* its file was damaged, and what could be saved is in a new one: we know locks, incidents and letters by heart */
static void heed_desk(struct gate *gate)
{
	struct error warning;

	if (!desk_warning(gate->desk, &warning))
		return;
	log_say(LOG_ERROR, "%s", warning.text);
	if (gate->cases) {
		cases_unsaved(gate->cases);
		held_unsaved(gate->held);
	}
}

static void desk_ready(uv_poll_t *poll, int status, int events)
{
	struct gate *gate = poll->data;

	desk_collect(gate->desk);
	heed_desk(gate);
}

/* ---- what the desk knows */

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

static void restore_lock(void *context, const struct desk_lock *lock)
{
	struct gate *gate = context;
	uint64_t key;
	uint32_t account = accounts_add(gate->accounts, lock->account, &key);
	struct incident_case *one = account ? cases_find(gate->cases, account) : NULL;

	if (!account)
		return;
	guard_restore_lock(gate->guard, account, lock->scope);
	if (!one) /* its incident was in a part of the file that is damaged */
		one = cases_restore(gate->cases, &(struct desk_incident){
			.id = lock->incident, .account = lock->account, .state = DESK_CONTAINED, .mode = DESK_ENFORCE, .evidence = TEXT("[]"),
			.began_us = lock->t_us, .opened_us = lock->t_us, .closed_us = WHEN_NONE, .last_refused_us = WHEN_NONE }, account);
	one->changed = !one->locked;
	one->locked = true;
	one->scope = lock->scope;
}

/* the same the other way round: how far such a lock reached is known to the guard, or nobody */
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

/* a lock that never reached the desk was never answered with, either */
static void lift_unknown(struct gate *gate)
{
	struct unknown unknown = { .gate = gate };

	guard_each_locked(gate->guard, note_unknown, &unknown);
	for (size_t i = 0; i < unknown.count; i++)
		gate_lift(gate, unknown.items[i]);
	free(unknown.items);
}

/* also where nobody is locked: the table has to be there */
static void put_away(struct gate *gate)
{
	size_t locked, count = 0, left_out;
	struct text *logins;
	struct error error;

	cases_count(gate->cases, &locked);
	logins = memory_zero(locked + 1, sizeof *logins);
	for (const struct incident_case *one = NULL; (one = cases_next(gate->cases, one));)
		if (one->locked && gate_mode(gate, one->account) == DESK_ENFORCE)
			logins[count++] = accounts_name(gate->accounts, one->account);
	left_out = away_set(gate->away, logins, count, &error);
	if (left_out)
		log_say(LOG_ERROR, _("%zu locks do not hold while the daemon is away: %s"), left_out, error.text);
	free(logins);
}

static bool restore(struct gate *gate, struct error *error)
{
	struct desk_reader *reader = desk_reader_open(gate->config->state_folder, error);
	uint64_t last = 0;
	bool ok = reader && desk_last_incident(reader, &last, error);

	gate->cases = cases_new(gate->desk, gate->accounts, last);
	ok = ok && desk_each_mode(reader, restore_mode, gate, error) &&
	     desk_each_incident(reader, 0, TEXT_NONE, true, UINT32_MAX, restore_incident, gate, error) &&
	     desk_each_lock(reader, restore_lock, gate, error);
	if (ok)
		restore_lost_locks(gate);
	ok = ok && desk_each_letter(reader, TEXT_NONE, true, restore_letter, gate, error);
	desk_reader_close(reader);
	if (!ok)
		return false;
	lift_unknown(gate);
	put_away(gate);
	return true;
}

/* ---- up */

static void stop(uv_signal_t *signal, int number)
{
	struct gate *gate = signal->data;

	sd_notify(0, "STOPPING=1");
	uv_stop(&gate->loop);
}

/* ten thousand clients of Postfix and Dovecot each have a descriptor */
static void raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static bool open_stores(struct gate *gate, bool *first, struct error *error)
{
	const struct config *config = gate->config;

	gate->keeper = keeper_open(config->state_folder, gate->accounts, gate->engine, gate->guard, first, error);
	if (!gate->keeper)
		return false;
	if (keeper_lost(gate->keeper))
		log_say(LOG_ERROR, "%s", keeper_lost(gate->keeper));
	gate->desk = desk_open(config->state_folder, error);
	if (!gate->desk)
		return false;
	heed_desk(gate);
	gate->ledger = ledger_open(config->state_folder, &(struct ledger_retention){
		(int)config->ledger_days, (int)config->ledger_address_days, (int)config->ledger_recipient_days }, error);
	return gate->ledger != NULL;
}

static void told_away(void *context, const struct error *error)
{
	struct gate *gate = context;

	if (error && !gate->away_failing)
		log_say(LOG_ERROR, _("the locks that hold while the daemon is away cannot be written: %s"), error->text);
	gate->away_failing = error != NULL;
}

static struct away *new_away(struct gate *gate)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof folder, "%s/away", gate->config->state_folder);
	return away_new(&gate->loop, &(struct away_options){
		folder, POSTMAP, *gate->config->default_domain ? gate->config->default_domain : NULL, told_away, gate });
}

static bool open_doors(struct gate *gate, struct error *error)
{
	return gate_listen_policy(gate, error) && gate_listen_auth(gate, error) && gate_listen_control(gate, error);
}

static void start_watching(struct gate *gate)
{
	uv_poll_init(&gate->loop, &gate->desk_ready, desk_descriptor(gate->desk));
	uv_poll_start(&gate->desk_ready, UV_READABLE, desk_ready);
	uv_timer_start(&gate->second, second, 1000, 1000);
	uv_signal_start(&gate->term, stop, SIGTERM);
	uv_signal_start(&gate->interrupt, stop, SIGINT);
	gate->desk_ready.data = gate->second.data = gate->due.data = gate->term.data = gate->interrupt.data = gate;
	gate_set_due(gate);
}

static bool learn_past(struct gate *gate, struct error *error)
{
	sd_notify(0, "EXTEND_TIMEOUT_USEC=3600000000\nSTATUS=learning from the logs");
	gate_import(gate);
	return keeper_begin_picture(gate->keeper, clock_now(), error);
}

static bool come_up(struct gate *gate, struct error *error)
{
	enum desk_mode usual;
	bool first;

	if (!modes_parse(text_of(gate->config->mode), &usual))
		return error_set(error, _("mode: '%s' is none of learn, observe, enforce"), gate->config->mode);
	gate->modes = modes_new(usual);
	if (!open_stores(gate, &first, error))
		return false;
	gate->queue = queue_new(&gate->loop, gate->config->queue_socket);
	gate->away = new_away(gate);
	gate->held = held_new(gate->desk, gate->queue, gate->accounts);
	if (!restore(gate, error) || !gate_follow_logs(gate, error) || (first && !learn_past(gate, error)) || !open_doors(gate, error))
		return false;
	follow_start(gate->follow);
	start_watching(gate);
	return true;
}

struct gate *gate_new(const struct gate_options *options, struct error *error)
{
	struct gate *gate = memory_zero(1, sizeof *gate);
	const struct config *config = options->config;

	raise_limits();
	gate->config = config;
	gate->geo = options->geo;
	gate->started_us = gate->expired_us = clock_now();
	uv_loop_init(&gate->loop);
	uv_timer_init(&gate->loop, &gate->second);
	uv_timer_init(&gate->loop, &gate->due);
	uv_signal_init(&gate->loop, &gate->term);
	uv_signal_init(&gate->loop, &gate->interrupt);
	gate->accounts = accounts_new(config->default_domain);
	gate->engine = engine_new(&(struct engine_options){
		.limits = options->limits, .geo = options->geo, .weights = options->weights, .live = true });
	gate->guard = guard_new(gate->engine, gate->accounts, &(struct brakes_limits){
		(float)config->locks_an_hour, (float)config->locks_an_hour_of_domain });
	gate->witnesses = witnesses_new();
	gate->due.data = gate;
	if (come_up(gate, error))
		return gate;
	gate_free(gate);
	return NULL;
}

void gate_run(struct gate *gate)
{
	size_t locked, open = cases_count(gate->cases, &locked);

	log_say(LOG_NOTE, _("at the gate: %u accounts known, %zu incidents open, %zu accounts locked"), accounts_count(gate->accounts), open,
		locked);
	sd_notify(0, "READY=1\nSTATUS=at the gate");
	uv_run(&gate->loop, UV_RUN_DEFAULT);
}

/* ---- down */

static void close_handle(uv_handle_t *handle, void *context)
{
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

/* whoever was to be answered once it is on the disk is answered */
static void keep_promises(struct gate *gate)
{
	if (!gate->policy || !gate->desk)
		return;
	desk_finish(gate->desk);
	uv_run(&gate->loop, UV_RUN_NOWAIT);
}

/* what was promised is written, then everything is closed in the reverse order */
void gate_free(struct gate *gate)
{
	if (!gate)
		return;
	keep_promises(gate);
	if (gate->follow && gate->keeper)
		gate_mark_logs(gate);
	control_close(gate->control);
	auth_server_close(gate->auth);
	policy_server_close(gate->policy);
	follow_close(gate->follow);
	away_close(gate->away);
	queue_close(gate->queue);
	keeper_close(gate->keeper);
	if (gate->cases)
		cases_look(gate->cases);
	if (gate->desk)
		desk_finish(gate->desk); /* what is told now is only set free */
	desk_close(gate->desk);
	ledger_close(gate->ledger);
	uv_walk(&gate->loop, close_handle, NULL);
	uv_run(&gate->loop, UV_RUN_DEFAULT);
	uv_loop_close(&gate->loop);
	held_free(gate->held);
	cases_free(gate->cases);
	modes_free(gate->modes);
	witnesses_free(gate->witnesses);
	answers_free(gate->answers);
	policy_letters_free(gate->letters);
	guard_free(gate->guard);
	engine_free(gate->engine);
	accounts_free(gate->accounts);
	free(gate);
}
