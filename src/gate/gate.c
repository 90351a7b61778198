/* SPDX-License-Identifier: Apache-2.0 */
/* The life of the gate: what comes up, in order, and the same in reverse at the end. */
#include "gate/gate.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "gate/gate_inside.h"

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
		closures_unsaved(gate->closures);
	}
}

static void desk_ready(uv_poll_t *poll, int status, int events)
{
	struct gate *gate = poll->data;

	desk_collect(gate->desk);
	heed_desk(gate);
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

static bool open_doors(struct gate *gate, struct error *error)
{
	return gate_read_seal(gate, error) && gate_listen_policy(gate, error) && gate_listen_auth(gate, error) && gate_listen_control(gate, error) &&
	       gate_listen_mail(gate, error);
}

static void start_watching(struct gate *gate)
{
	uv_poll_init(&gate->loop, &gate->desk_ready, desk_descriptor(gate->desk));
	uv_poll_start(&gate->desk_ready, UV_READABLE, desk_ready);
	uv_timer_start(&gate->second, gate_second, 1000, 1000);
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

static bool check_locks(const struct config *config, struct error *error)
{
	if (strcmp(config->lock_reach, desk_reach_names[REACH_PLACES]) != 0 && strcmp(config->lock_reach, desk_reach_names[REACH_ACCOUNT]) != 0)
		return error_set(error, _("lock_reach: '%s' is none of unfamiliar, account"), config->lock_reach);
	if (*config->deny_file && config->deny_file[0] != '/')
		return error_set(error, _("deny_file: '%s' is no absolute path"), config->deny_file);
	if (*config->doveadm_url && !*config->doveadm_key_file)
		return error_set(error, _("doveadm_url is set, and doveadm_key_file is not"));
	for (size_t i = 0; i < config->lock_actions.count; i++)
		if (action_find(text_of(config->lock_actions.items[i])) == action_count)
			return error_set(error, _("lock_actions: there is no action '%s'"), config->lock_actions.items[i]);
	return true;
}

static bool come_up(struct gate *gate, struct error *error)
{
	enum desk_mode usual;
	bool first;

	if (!modes_parse(text_of(gate->config->mode), &usual))
		return error_set(error, _("mode: '%s' is none of learn, observe, enforce"), gate->config->mode);
	gate->modes = modes_new(usual);
	if (!check_locks(gate->config, error) || !open_stores(gate, &first, error))
		return false;
	gate->seen = seen_new(gate->desk);
	gate->aftermath = aftermath_new(gate->desk);
	if (!gate_open_doors(gate, error))
		return false;
	gate->floods = floods_new(&gate->loop, "/proc/self/exe", gate->config->file);
	gate->notices = notices_new(&gate->loop, gate->config, gate->desk, "/proc/self/exe", gate->config->file, error);
	if (!gate->notices)
		return false;
	gate->held = held_new(gate->desk, gate->queue, gate->accounts);
	if (!gate_watch_passwords(gate, error) || !gate_restore(gate, error) || !gate_follow_logs(gate, error) ||
	    (first && !learn_past(gate, error)) || !open_doors(gate, error))
		return false;
	follow_start(gate->follow);
	start_watching(gate);
	gate_start_children(gate);
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
	gate->wrong = wrong_passwords_new();
	gate->returns = returns_new();
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
	gate_end_children(gate);
	inlet_close(gate->milter);
	inlet_close(gate->inlet);
	mail_readers_close(gate->readers);
	control_close(gate->control);
	auth_server_close(gate->auth);
	guessable_close(gate->guessable);
	policy_server_close(gate->policy);
	follow_close(gate->follow);
	gate_close_doors(gate);
	floods_close(gate->floods);
	notices_close(gate->notices);
	keeper_close(gate->keeper);
	if (gate->cases)
		cases_look(gate->cases);
	while (gate->seen && seen_look(gate->seen))
		;
	if (gate->desk)
		desk_finish(gate->desk); /* what is told now is only set free */
	desk_close(gate->desk);
	uv_walk(&gate->loop, close_handle, NULL);
	uv_run(&gate->loop, UV_RUN_DEFAULT);
	uv_loop_close(&gate->loop);
	ledger_close(gate->ledger); /* whoever looked something up may have waited for it until now */
	held_free(gate->held);
	cases_free(gate->cases);
	modes_free(gate->modes);
	seen_free(gate->seen);
	aftermath_free(gate->aftermath);
	witnesses_free(gate->witnesses);
	wrong_passwords_free(gate->wrong);
	free(gate->names);
	returns_free(gate->returns);
	explicit_bzero(gate->seal_key, sizeof gate->seal_key);
	free(gate->own_program);
	free(gate->own_config);
	answers_free(gate->answers);
	policy_letters_free(gate->letters);
	guard_free(gate->guard);
	engine_free(gate->engine);
	accounts_free(gate->accounts);
	free(gate);
}
