/* SPDX-License-Identifier: Apache-2.0 */
/* Locks by hand, how far a closure has come, and new passwords: verbs of the control socket. */
#include <ctype.h>
#include <string.h>

#include "containment/action.h"
#include "gate/control_inside.h"
#include "report/value.h"

/* ---- closures */

static json_t *sentence(struct text says, uint32_t count)
{
	return json_pack("{s:o, s:I}", "form", control_text(says), "count", (json_int_t)count);
}

/* a sentence with its number, in English, as those who have no table of translations want it */
static json_t *plain(struct text says, uint32_t count)
{
	char text[DOVECOT_SAYS_MAX * 2], number[16];
	size_t n = 0, digits = (size_t)snprintf(number, sizeof number, "%u", count);

	for (size_t i = 0; i < says.n && n + digits < sizeof text; i++)
		if (says.p[i] == '%' && i + 1 < says.n && says.p[i + 1] == 'u') {
			memcpy(text + n, number, digits);
			n += digits;
			i++;
		} else {
			text[n++] = says.p[i];
		}
	return control_text((struct text){ text, n });
}

struct telling {
	json_t *steps;
	bool closed, proved; /* all of them, as far as they are set up */
	int64_t began_us, closed_us, proved_us;
};

static void raise_to(int64_t *t_us, int64_t other_us)
{
	if (other_us != WHEN_NONE && other_us > *t_us)
		*t_us = other_us;
}

/* what was done counts, be it undone by now */
static void note_times(struct telling *telling, const struct desk_step *step)
{
	if (step->state == STEP_NOT_SET_UP)
		return;
	if (step->done_us != WHEN_NONE && (telling->began_us == WHEN_NONE || step->done_us < telling->began_us))
		telling->began_us = step->done_us;
	telling->closed &= step->done_us != WHEN_NONE && step->state != STEP_CANNOT;
	telling->proved &= telling->closed && step->proved_us != WHEN_NONE;
	raise_to(&telling->closed_us, step->done_us);
	raise_to(&telling->proved_us, step->proved_us);
}

static void put_step(void *context, const struct desk_step *step)
{
	struct telling *telling = context;
	size_t place = action_find(step->action);
	bool proved = step->proved_us != WHEN_NONE;
	json_t *put = json_pack("{s:o, s:s, s:s, s:b, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"action", control_text(step->action),
		"title", place < action_count ? actions[place].title : "",
		"state", desk_step_names[step->state],
		"wanted", step->wanted,
		"tries", (json_int_t)step->tries,
		"at", value_time(step->at_us),
		"done_at", value_time(step->done_us),
		"says", plain(step->says, step->count),
		"said", sentence(step->says, step->count),
		"proof", proved ? plain(step->proof, step->proof_count) : json_null(),
		"proved", proved ? sentence(step->proof, step->proof_count) : json_null(),
		"proved_at", value_time(step->proved_us));

	json_array_append_new(telling->steps, put);
	note_times(telling, step);
}

json_t *control_closure(struct control_job *job, uint64_t incident, const char *scope)
{
	struct telling telling = { json_array(), true, true, WHEN_NONE, INT64_MIN, INT64_MIN };
	bool read = desk_each_step(job->stores->desk, incident, put_step, &telling, &job->error);

	if (!read)
		job->fault = CONTROL_FAILED;
	if (!read || !json_array_size(telling.steps)) {
		json_decref(telling.steps);
		return json_null();
	}
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "scope", scope ? json_string(scope) : json_null(), "began",
			 value_time(telling.began_us), "closed",
			 value_time(telling.closed ? telling.closed_us : WHEN_NONE), "proved",
			 value_time(telling.proved ? telling.proved_us : WHEN_NONE), "steps", telling.steps);
}

static enum control_step begin_closure_of(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	struct control_closure closure = { 0 };

	if (!*job->account)
		return control_fail(job, CONTROL_FAULTY, "'account' is missing");
	gate->closure(gate->context, text_of(job->account), &closure);
	json_object_set_new(job->answer, "account", control_text(text_of(job->account)));
	json_object_set_new(job->answer, "known", json_boolean(closure.known));
	json_object_set_new(job->answer, "shut", json_boolean(closure.shut));
	json_object_set_new(job->answer, "settled", json_boolean(closure.settled));
	json_object_set_new(job->answer, "lacking", value_count(closure.lacking));
	json_object_set_new(job->answer, "impossible", value_count(closure.impossible));
	return CONTROL_READY;
}

/* ---- locks */

static bool take_reach(struct control_job *job, struct control_lock *lock)
{
	const char *name = *job->request.scope ? job->request.scope : desk_reach_names[REACH_ACCOUNT];

	while (lock->reach < DESK_REACHES && strcmp(name, desk_reach_names[lock->reach]) != 0)
		lock->reach++;
	return lock->reach < DESK_REACHES;
}

static bool take_actions(struct control_job *job, struct control_lock *lock)
{
	for (size_t i = 0; i < job->request.action_count; i++) {
		size_t place = action_find(text_of(job->request.actions[i]));

		if (place == action_count)
			return false;
		lock->actions |= 1u << place;
	}
	return true;
}

static enum control_step begin_lock(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	struct control_lock lock = { .account = text_of(job->account),
				     .bulk = (uint32_t)job->request.bulk,
				     .why = text_of(job->request.why) };
	uint64_t incident;

	if (!*job->account)
		return control_fail(job, CONTROL_FAULTY, "'account' is missing");
	if (!take_reach(job, &lock))
		return control_fail(job, CONTROL_FAULTY, "'scope' is none of unfamiliar, sending, account");
	if (!take_actions(job, &lock))
		return control_fail(job, CONTROL_FAULTY, "'actions' names one that is not known");
	json_object_set_new(job->answer, "account", control_text(lock.account));
	json_object_set_new(job->answer, "scope", json_string(desk_reach_names[lock.reach]));
	if (gate->account) { /* who stands in for the daemon knows no profiles */
		gate->account(gate->context, lock.account, &job->known);
		json_object_set_new(job->answer, "known", json_boolean(job->known.known));
	}
	incident = gate->lock(gate->context, &lock, text_of(job->peer.who), job->done, job);
	if (!incident)
		return control_fail(job, CONTROL_FAULTY, "that is no account's name");
	json_object_set_new(job->answer, "incident", value_count(incident));
	return CONTROL_LATER;
}

/* whose incident it is stands on the desk: fetched first */
static void note_account(void *context, const struct desk_incident *incident)
{
	struct control_job *job = context;

	if (incident->closed_us == WHEN_NONE)
		text_copy(job->account, sizeof job->account, incident->account);
}

static void look_account_of(struct control_job *job)
{
	if (!control_open_desk(job))
		return;
	if (!desk_each_incident(job->stores->desk, job->request.incident, TEXT_NONE, false, 1, note_account, job,
				&job->error))
		job->fault = CONTROL_FAILED;
	else if (!*job->account)
		control_fail(job, CONTROL_NO, "no incident %llu is open", (unsigned long long)job->request.incident);
	else
		json_object_set_new(job->answer, "account", control_text(text_of(job->account)));
}

static enum control_step begin_unlock(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	uint64_t incident = *job->account ? gate->incident_of(gate->context, text_of(job->account)) : 0;

	if (!*job->account)
		return control_fail(job, CONTROL_FAULTY, "'account' is missing");
	if (!incident)
		return control_fail(job, CONTROL_NO, "no incident of %s is open", job->account);
	json_object_set_new(job->answer, "account", control_text(text_of(job->account)));
	json_object_set_new(job->answer, "incident", value_count(incident));
	gate->release(gate->context, incident, job->request.false_alarm, text_of(job->peer.who), job->done, job);
	return CONTROL_LATER;
}

static enum control_step reset(struct control_job *job, bool forced)
{
	const struct control_gate *gate = &job->options->gate;

	if (!*job->account || !*job->request.password)
		return control_fail(job, CONTROL_FAULTY, "'%s' is missing", *job->account ? "password" : "account");
	json_object_set_new(job->answer, "account", control_text(text_of(job->account)));
	gate->reset(gate->context, text_of(job->account), text_of(job->request.password), forced, text_of(job->peer.who), job->done, job);
	return CONTROL_LATER;
}

/* Who asks has looked whether the password is good, but for what only those know who keep the former ones. */
static enum control_step begin_reset(struct control_job *job) { return reset(job, false); }

/* a verb of its own, so that it stands in the audit */
static enum control_step begin_forced_reset(struct control_job *job)
{
	return job->peer.uid == 0 ? reset(job, true) : control_fail(job, CONTROL_REFUSED, "only root may give a password that the settings refuse");
}

/* ---- many at once */

static enum control_step begin_bulk(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;

	json_object_set_new(job->answer, "bulk", value_count(gate->next_bulk(gate->context)));
	return CONTROL_READY;
}

static void list_account(void *to, const struct control_account *account, struct text name)
{
	json_t *answer = to, *list = json_object_get(answer, "accounts");

	if (json_array_size(list) < CONTROL_ACCOUNTS_MAX)
		json_array_append_new(list, json_pack("{s:o, s:b, s:b, s:o}", "account", control_text(name), "locked", account->locked, "known",
						      account->known, "last_seen", value_time(account->last_us)));
	else
		json_object_set_new(answer, "whole", json_false());
}

static enum control_step begin_accounts(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	char domain[CONTROL_NAME_MAX + 1] = "";

	json_object_set_new(job->answer, "accounts", json_array());
	json_object_set_new(job->answer, "whole", json_true());
	if (!*job->request.domain)
		return control_fail(job, CONTROL_FAULTY, "'domain' is missing");
	for (size_t i = 0; i < sizeof domain - 1 && job->request.domain[i]; i++)
		domain[i] = (char)tolower((unsigned char)job->request.domain[i]);
	gate->each_account(gate->context, text_of(domain), list_account, job->answer, job->done, job);
	return CONTROL_LATER;
}

static void list_bulk(void *context, const struct desk_incident *incident)
{
	struct control_job *job = context;
	json_t *list = json_object_get(job->answer, "accounts");

	if (incident->bulk == job->request.bulk && incident->state == DESK_CONTAINED &&
	    json_array_size(list) < CONTROL_ACCOUNTS_MAX)
		json_array_append_new(list, json_pack("{s:o, s:I}", "account", control_text(incident->account),
						      "incident", (json_int_t)incident->id));
}

static enum control_step begin_bulk_of(struct control_job *job)
{
	return job->request.bulk ? CONTROL_SEARCH : control_fail(job, CONTROL_FAULTY, "'bulk' is missing");
}

static void look_bulk(struct control_job *job)
{
	json_object_set_new(job->answer, "accounts", json_array());
	if (control_open_desk(job) &&
	    !desk_each_incident(job->stores->desk, 0, TEXT_NONE, true, UINT32_MAX, list_bulk, job, &job->error))
		job->fault = CONTROL_FAILED;
}

const struct control_verb control_lock_verbs[] = {
	{ "account lock", CONTROL_CHANGE, begin_lock, NULL },
	{ "account unlock", CONTROL_CHANGE, begin_unlock, NULL },
	{ "account reset", CONTROL_CHANGE, begin_reset, NULL },
	{ "account reset --force", CONTROL_CHANGE, begin_forced_reset, NULL },
	{ "account list", CONTROL_LOOK, begin_accounts, NULL },
	{ "account closure", CONTROL_LOOK, begin_closure_of, NULL },
	{ "incident account", CONTROL_LOOK, control_begin_incident, look_account_of },
	{ "bulk begin", CONTROL_CHANGE, begin_bulk, NULL },
	{ "bulk list", CONTROL_LOOK, begin_bulk_of, look_bulk },
};

const size_t control_lock_verb_count = sizeof control_lock_verbs / sizeof *control_lock_verbs;
