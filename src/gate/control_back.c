/* SPDX-License-Identifier: Apache-2.0 */
/* Mails that came back: whose they are ("mail whose"), and what they say for the detector ("mail tell"). Facts come from a process
 * that read the mail; the ledger is asked on the thread that may wait; what is certain goes to the gate on its loop. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "gate/control_inside.h"

struct control_back {
	struct came_back mail;
	struct attribution whose;
	bool fits[CAME_BACK_RECIPIENTS_MAX];
	uint32_t told;
};

void control_back_free(struct control_back *back) { free(back); }

enum control_step control_back_begin(struct control_job *job)
{
	struct error error;

	job->back = memory_zero(1, sizeof *job->back);
	if (!came_back_read(json_object_get(job->request.root, "mail"), &job->back->mail, &error))
		return control_fail(job, CONTROL_FAULTY, "%s", error.text);
	job->back->mail.question.fits = job->back->fits;
	return CONTROL_SEARCH;
}

/* ---- whose */

struct covering {
	const struct ledger_row *row;
	uint64_t id;
	uint8_t scope;
	bool locked;
};

static void note_incident(void *context, const struct desk_incident *incident)
{
	struct covering *covering = context;
	int64_t t_us = covering->row->t_us, began_us = incident->began_us != WHEN_NONE ? incident->began_us : incident->opened_us;

	if (began_us <= t_us && (incident->closed_us == WHEN_NONE || t_us <= incident->closed_us))
		covering->id = incident->id;
}

static void note_lock(void *context, const struct desk_lock *lock)
{
	struct covering *covering = context;

	if (!text_is(lock->account, covering->row->account))
		return;
	covering->locked = true;
	covering->scope = lock->scope;
}

/* As the report on an incident counts: what came from a source more familiar than the lock reaches is the owner's, also while the
 * thief was there. */
static uint64_t incident_of(void *context, const struct ledger_row *row)
{
	struct control_job *job = context;
	struct covering covering = { .row = row, .scope = FAMILIAR_SOMEWHAT };
	struct error error;

	if (!desk_each_incident(job->stores->desk, 0, row->account, false, CONTROL_LISTED_MAX, note_incident, &covering, &error) ||
	    !desk_each_lock(job->stores->desk, note_lock, &covering, &error))
		return 0;
	return row->familiar <= covering.scope ? covering.id : 0;
}

static bool verify(void *context, struct text trace, struct seal *seal)
{
	const struct control_job *job = context;

	return job->options->seal_key && seal_open(job->options->seal_key, trace, seal);
}

static bool is_of_here(const struct attribution *whose) { return whose->verdict != OWNER_UNKNOWN && whose->verdict != OWNER_SPOOFED; }

bool control_back_whose(struct control_job *job, const struct attribution_question *question, struct attribution *whose)
{
	const struct config *config = job->options->config;
	struct attribution_ground ground = { .hosts = config->own_hosts.items, .host_count = config->own_hosts.count, .now_us = clock_now(),
					     .incident_of = incident_of, .verify = verify, .context = job };
	bool answered;

	if (!control_open_desk(job) || !control_open_ledger(job))
		return false;
	ground.ledger = job->stores->ledger;
	answered = attribute(&ground, question, whose, &job->error);
	if (answered && !is_of_here(whose) && control_hurry_ledger(job)) /* it comes back as soon as it was sent */
		answered = attribute(&ground, question, whose, &job->error);
	if (!answered)
		job->fault = CONTROL_FAILED;
	return !*job->error.text;
}

void control_back_look(struct control_job *job)
{
	struct control_back *back = job->back;
	json_t *found;

	if (!control_back_whose(job, &back->mail.question, &back->whose))
		return;
	found = attribution_json(&back->whose);
	json_object_update(job->answer, found);
	json_decref(found);
}

/* ---- told */

static enum event_kind kind_of(const struct came_back *mail)
{
	return mail->kind == CAME_BACK_BOUNCE ? EVENT_BOUNCE : mail->kind == CAME_BACK_COMPLAINT ? EVENT_COMPLAINT : EVENT_AUTO_REPLY;
}

/* Only what the ledger says that an account of ours sent is evidence: never backscatter, and never what may be forged. */
static bool is_evidence(const struct control_back *back)
{
	return back->whose.certain && *back->whose.account && *back->whose.queue_id && back->mail.kind != CAME_BACK_OTHER &&
	       (back->whose.verdict == OWNER_HIJACKED || back->whose.verdict == OWNER_OWN);
}

/* no evidence against an account, but what the guide on its aftermath asks for (recovery/guide.h) */
static bool is_stray(const struct control_back *back)
{
	return back->mail.kind == CAME_BACK_BOUNCE && (back->whose.verdict == OWNER_SPOOFED || back->whose.verdict == OWNER_WEB_SCRIPT);
}

static struct text stray_account(const struct control_back *back)
{
	return *back->whose.account ? text_of(back->whose.account) : back->mail.question.from;
}

static size_t list_recipients(const struct control_back *back, struct control_return *to)
{
	const struct attribution_question *question = &back->mail.question;
	size_t count = 0;

	for (size_t i = 0; i < question->to_count; i++)
		if (back->fits[i] && (back->mail.kind != CAME_BACK_BOUNCE || back->mail.whys[i] != REASON_NONE))
			to[count++] = (struct control_return){ question->to[i], back->mail.whys[i] };
	return count;
}

enum control_step control_back_settle(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	struct control_back *back = job->back;
	struct control_return recipients[CAME_BACK_RECIPIENTS_MAX];

	json_object_set_new(job->answer, "told", json_boolean(is_evidence(back)));
	if (is_stray(back) && gate->strayed)
		gate->strayed(gate->context, stray_account(back), back->whose.verdict == OWNER_WEB_SCRIPT);
	if (!is_evidence(back) || !gate->came_back)
		return CONTROL_READY;
	gate->came_back(gate->context, &(struct control_returned){
		.kind = kind_of(&back->mail),
		.account = text_of(back->whose.account),
		.queue_id = text_of(back->whose.queue_id),
		.sent_us = back->whose.sent_us,
		.familiar = back->whose.familiar,
		.of = back->whose.recipients,
		.recipients = recipients,
		.count = list_recipients(back, recipients),
		.about = back->mail.about,
		.reporter = back->mail.reporter,
		.phishing = back->mail.phishing,
	}, job->done, job);
	return CONTROL_LATER;
}
