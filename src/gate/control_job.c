/* SPDX-License-Identifier: Apache-2.0 */
/* A request, from its line to the verb that answers it: understood, allowed, put down. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "gate/control_inside.h"

const char *const control_fault_names[CONTROL_FAULTS] = { "faulty", "refused", "absent", "no", "failed", "former" };

enum control_step control_fail(struct control_job *job, enum control_fault fault, const char *format, ...)
{
	va_list args;

	job->fault = fault;
	va_start(args, format);
	vsnprintf(job->error.text, sizeof job->error.text, format, args);
	va_end(args);
	return CONTROL_READY;
}

void control_job_refused(struct control_job *job, const struct error *error)
{
	bool said = job->fault == CONTROL_NO || job->fault == CONTROL_FORMER;

	control_fail(job, said ? job->fault : CONTROL_FAILED, "%s", error->text);
}

static void put_down(const struct control_job *job)
{
	const struct control_request *request = &job->request;
	const char *about = *job->account ? job->account : request->id_count ? request->ids[0].text : request->domain;
	struct desk_batch *batch = desk_batch_new(NULL, NULL);
	char number[24];

	if (request->incident) {
		snprintf(number, sizeof number, "%llu", (unsigned long long)request->incident);
		about = number;
	}
	desk_audit(batch, clock_now(), text_of(job->peer.who), text_of(job->verb->name), text_of(about));
	desk_write(job->options->desk, batch);
}

static bool take_account(struct control_job *job)
{
	char room[ACCOUNT_NAME_MAX];

	text_copy(job->account, sizeof job->account,
		  accounts_normal(job->options->accounts, text_of(job->request.account), room));
	return *job->account || !*job->request.account;
}

static const struct control_verb *find_verb(const char *name)
{
	const struct {
		const struct control_verb *verbs;
		size_t count;
	} lists[] = {
		{ control_verbs, control_verb_count },	           { control_lock_verbs, control_lock_verb_count },
		{ control_flood_verbs, control_flood_verb_count }, { control_notice_verbs, control_notice_verb_count },
		{ control_owner_verbs, control_owner_verb_count }, { control_care_verbs, control_care_verb_count },
		{ control_risk_verbs, control_risk_verb_count },
	};

	for (size_t list = 0; list < sizeof lists / sizeof *lists; list++)
		for (size_t i = 0; i < lists[list].count; i++)
			if (strcmp(lists[list].verbs[i].name, name) == 0)
				return &lists[list].verbs[i];
	return NULL;
}

static enum control_step refuse(struct control_job *job)
{
	if (job->peer.right == CONTROL_NOTHING)
		return control_fail(job, CONTROL_REFUSED,
				    "%s may not look: that is for root, and for members of the groups in the settings operators and support",
				    job->peer.who);
	if (job->peer.right == CONTROL_CHANGE)
		return control_fail(job, CONTROL_REFUSED, "%s may not ask in an owner's name: that is for the daemon's own processes", job->peer.who);
	return control_fail(job, CONTROL_REFUSED,
			    "%s may look, but change nothing: that is for root, and for members of the groups in the setting operators",
			    job->peer.who);
}

enum control_step control_job_begin(struct control_job *job, struct text line)
{
	struct error error;

	if (job->peer.right == CONTROL_NOTHING)
		return refuse(job);
	if (!control_request_read(line, &job->request, &error))
		return control_fail(job, CONTROL_FAULTY, "%s", error.text);
	job->verb = find_verb(job->request.verb);
	if (!job->verb)
		return control_fail(job, CONTROL_FAULTY, "there is no verb '%s'", job->request.verb);
	if (job->peer.right < job->verb->right)
		return refuse(job);
	if (!take_account(job))
		return control_fail(job, CONTROL_FAULTY, "'account' is no name");
	put_down(job);
	job->answer = json_object();
	return job->verb->begin(job);
}

void control_job_done(struct control_job *job)
{
	control_request_done(&job->request);
	control_back_free(job->back);
	json_decref(job->answer);
	*job = (struct control_job){ 0 };
}
