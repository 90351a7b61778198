/* SPDX-License-Identifier: Apache-2.0 */
/* The life of the deputy, and its requests. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "engine/keeper.h"
#include "gate/deputy_inside.h"
#include "gate/doors_open.h"

struct deputy_job {
	struct control_job job; /* first: the gate's ticket is it */
	struct deputy *deputy;
	void *ticket;
	struct deputy_job *next; /* of those that are answered */
	bool late;               /* the answer comes from `done` */
};

/* ---- life */

static void told(void *context, const struct error *error) {} /* the closure says it */

/* once everything is shut, or open, of an account */
static void settled(void *context, uint32_t account, uint64_t incident, bool shut)
{
	struct deputy *deputy = context;
	struct desk_batch *batch = desk_batch_new(NULL, NULL);

	desk_note(batch, incident, clock_now(), text_of(deputy->peer.who),
		  shut ? TEXT(N_("closed, and the closure was proved as far as it can be"))
		       : TEXT(N_("everything that was closed is open again")));
	desk_write(deputy->desk, batch);
}

static void desk_ready(uv_poll_t *poll, int status, int events)
{
	struct deputy *deputy = poll->data;

	desk_collect(deputy->desk);
}

static void on_second(uv_timer_t *timer)
{
	struct deputy *deputy = timer->data;

	held_look(deputy->held, clock_now());
	cases_look(deputy->cases);
}

static bool open_stores(struct deputy *deputy, struct error *error)
{
	const struct config *config = deputy->config;
	enum desk_mode usual;

	if (!modes_parse(text_of(config->mode), &usual))
		return error_set(error, _("mode: '%s' is none of learn, observe, enforce"), config->mode);
	deputy->modes = modes_new(usual);
	deputy->accounts = accounts_new(config->default_domain);
	deputy->desk = desk_open(config->state_folder, error);
	if (!deputy->desk)
		return false;
	deputy->reader = desk_reader_open(config->state_folder, error);
	return deputy->reader != NULL;
}

static bool come_up(struct deputy *deputy, struct error *error)
{
	const struct config *config = deputy->config;
	const struct doors_told lists = { told, told, deputy };

	if (!open_stores(deputy, error) || !doors_open(&deputy->doors, &deputy->loop, config, deputy->accounts, &lists, error))
		return false;
	deputy->doors.gate = (struct doors_gate){ .context = deputy, .found = deputy_found, .commit = deputy_commit };
	deputy->held = held_new(deputy->desk, deputy->doors.queue, deputy->accounts);
	deputy->closures = closures_new(&(struct closures_options){
		.loop = &deputy->loop, .doors = &deputy->doors, .desk = deputy->desk, .settled = settled, .context = deputy });
	if (!deputy_restore(deputy, error))
		return false;
	deputy->control =
		(struct control_options){ .config = config, .accounts = deputy->accounts, .desk = deputy->desk, .gate = deputy_gate(deputy) };
	deputy->stores.folder = config->state_folder;
	uv_poll_init(&deputy->loop, &deputy->desk_ready, desk_descriptor(deputy->desk));
	deputy->desk_ready.data = deputy;
	uv_poll_start(&deputy->desk_ready, UV_READABLE, desk_ready);
	uv_timer_start(&deputy->second, on_second, 1000, 1000);
	return true;
}

enum deputy_result deputy_open(const struct config *config, struct deputy **to, struct error *error)
{
	struct deputy *deputy = memory_zero(1, sizeof *deputy);
	bool busy = false;

	deputy->config = config;
	deputy->folder = -1;
	deputy->answered_end = &deputy->answered;
	deputy->peer.uid = getuid();
	control_peer_know(&deputy->peer, &config->operators, &config->support);
	uv_loop_init(&deputy->loop);
	uv_timer_init(&deputy->loop, &deputy->second);
	uv_timer_init(&deputy->loop, &deputy->patience);
	deputy->second.data = deputy->patience.data = deputy;
	if (deputy_become(&deputy->user, config->state_folder, error))
		deputy->folder = keeper_take_folder(config->state_folder, &busy, error);
	if (deputy->folder >= 0 && come_up(deputy, error)) {
		*to = deputy;
		return DEPUTY_READY;
	}
	deputy_close(deputy);
	return busy ? DEPUTY_BUSY : DEPUTY_CANNOT;
}

static void close_handle(uv_handle_t *handle, void *context)
{
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void free_job(struct deputy_job *job)
{
	control_job_done(&job->job);
	free(job);
}

/* as the gate goes down: what was promised is written first */
void deputy_close(struct deputy *deputy)
{
	if (!deputy)
		return;
	if (deputy->desk)
		desk_finish(deputy->desk);
	closures_close(deputy->closures);
	doors_close(&deputy->doors);
	if (deputy->cases)
		cases_look(deputy->cases);
	if (deputy->desk)
		desk_finish(deputy->desk);
	desk_close(deputy->desk);
	desk_reader_close(deputy->reader);
	control_stores_done(&deputy->stores);
	uv_walk(&deputy->loop, close_handle, NULL);
	uv_run(&deputy->loop, UV_RUN_DEFAULT);
	uv_loop_close(&deputy->loop);
	while (deputy->answered) {
		struct deputy_job *job = deputy->answered;

		deputy->answered = job->next;
		free_job(job);
	}
	held_free(deputy->held);
	cases_free(deputy->cases);
	modes_free(deputy->modes);
	accounts_free(deputy->accounts);
	if (deputy->folder >= 0)
		close(deputy->folder);
	deputy_become_root(&deputy->user);
	free(deputy);
}

/* ---- requests */

size_t deputy_room(const struct deputy *deputy) { return DEPUTY_AT_ONCE - deputy->jobs; }

static void note_answered(struct deputy_job *job)
{
	job->next = NULL;
	*job->deputy->answered_end = job;
	job->deputy->answered_end = &job->next;
}

static void done(void *ticket, const struct error *error)
{
	struct deputy_job *job = ticket;

	if (error)
		control_job_refused(&job->job, error);
	if (job->late)
		note_answered(job);
	job->late = true; /* at once, from within begin: as if it had been there already */
}

static bool is_ours(const char *verb)
{
	static const char *const verbs[] = { "account lock",     "account unlock", "account reset", "account reset --force", "account closure",
					     "incident account", "incident show",  "incident release", "bulk begin", "bulk list" };

	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(verbs[i], verb) == 0)
			return true;
	return false;
}

static void begin(struct deputy_job *job, struct text line)
{
	enum control_step step = control_job_begin(&job->job, line);

	if (step == CONTROL_SEARCH) {
		job->job.stores = &job->deputy->stores;
		job->job.verb->look(&job->job);
	}
	if (step != CONTROL_LATER || job->late)
		note_answered(job);
	job->late = true;
}

void deputy_put(struct deputy *deputy, json_t *request, void *ticket)
{
	struct deputy_job *job = memory_zero(1, sizeof *job);
	const char *verb = json_string_value(json_object_get(request, "verb"));
	char *line = json_dumps(request, JSON_COMPACT);

	job->deputy = deputy;
	job->ticket = ticket;
	job->job = (struct control_job){ .options = &deputy->control, .peer = deputy->peer, .done = done };
	deputy->jobs++;
	if (verb && is_ours(verb)) {
		begin(job, text_of(line));
	} else {
		control_fail(&job->job, CONTROL_NO, "%s", _("the daemon is away, and nobody else knows that"));
		note_answered(job);
	}
	explicit_bzero(line, strlen(line)); /* there may be a password in it */
	free(line);
	json_decref(request);
}

static void answer(struct deputy *deputy, ask_heard *heard, void *context)
{
	static const enum ask_result results[CONTROL_FAULTS] = {
		[CONTROL_FAULTY] = ASK_FAULTY, [CONTROL_REFUSED] = ASK_REFUSED, [CONTROL_ABSENT] = ASK_ABSENT,
		[CONTROL_NO] = ASK_NO,	       [CONTROL_FAILED] = ASK_FAILED,	[CONTROL_FORMER] = ASK_FORMER,
	};
	struct deputy_job *job = deputy->answered;
	const struct control_job *said = &job->job;

	deputy->answered = job->next;
	if (!deputy->answered)
		deputy->answered_end = &deputy->answered;
	deputy->jobs--;
	if (*said->error.text)
		heard(context, job->ticket, results[said->fault], NULL, &said->error);
	else
		heard(context, job->ticket, ASK_ANSWERED, said->answer, NULL);
	free_job(job);
}

static void on_patience(uv_timer_t *timer)
{
	struct deputy *deputy = timer->data;

	deputy->over = true;
}

void deputy_hear(struct deputy *deputy, int wait_ms, ask_heard *heard, void *context)
{
	deputy->over = false;
	uv_update_time(&deputy->loop);
	uv_timer_start(&deputy->patience, on_patience, (uint64_t)wait_ms, 0);
	do
		uv_run(&deputy->loop, UV_RUN_ONCE);
	while (!deputy->over && !deputy->answered);
	uv_timer_stop(&deputy->patience);
	while (deputy->answered)
		answer(deputy, heard, context);
}
