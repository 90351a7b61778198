/* SPDX-License-Identifier: Apache-2.0 */
/* What the daemon knows of accounts at risk: nobody uses them, or their password can be guessed. */
#include <ctype.h>

#include "base/clock.h"
#include "gate/control_inside.h"
#include "report/value.h"

enum { DAYS_MAX = 36500 };

/* ---- nobody uses them */

static void list_unused(void *to, struct text name, int64_t last_us)
{
	json_t *answer = to, *list = json_object_get(answer, "accounts"), *unused = json_object_get(answer, "unused");

	json_integer_set(unused, json_integer_value(unused) + 1);
	if (json_array_size(list) < CONTROL_ACCOUNTS_MAX)
		json_array_append_new(list, json_pack("{s:o, s:o}", "account", control_text(name), "last_seen", value_time(last_us)));
}

static enum control_step begin_unused(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	struct control_unused told = { .since_us = WHEN_NONE };
	char domain[CONTROL_NAME_MAX + 1] = "";

	if (!job->request.days || job->request.days > DAYS_MAX)
		return control_fail(job, CONTROL_FAULTY, "'days' is no number from 1 to %d", DAYS_MAX);
	for (size_t i = 0; i < sizeof domain - 1 && job->request.domain[i]; i++)
		domain[i] = (char)tolower((unsigned char)job->request.domain[i]);
	json_object_set_new(job->answer, "accounts", json_array());
	json_object_set_new(job->answer, "unused", json_integer(0));
	json_object_set_new(job->answer, "days", value_count(job->request.days));
	gate->each_unused(gate->context, text_of(domain), clock_now() - (int64_t)job->request.days * DAY_US, &told, list_unused, job->answer,
			  job->done, job);
	json_object_set_new(job->answer, "since", value_time(told.since_us)); /* it is not answered before this returns */
	json_object_set_new(job->answer, "listed", json_boolean(told.listed));
	return CONTROL_LATER;
}

/* ---- their password can be guessed, as was seen at login */

static void list_guessable(void *context, struct text account, struct text fault, int64_t found_us)
{
	if (json_array_size(context) < CONTROL_ACCOUNTS_MAX)
		json_array_append_new(context, json_pack("{s:o, s:o, s:o}", "account", control_text(account), "fault", control_text(fault), "found",
							 value_time(found_us)));
}

static enum control_step begin_guessable(struct control_job *job) { return CONTROL_SEARCH; }

static void look_guessable(struct control_job *job)
{
	json_t *list = json_array();

	json_object_set_new(job->answer, "accounts", list);
	if (control_open_desk(job) && !desk_each_guessable(job->stores->desk, list_guessable, list, &job->error))
		job->fault = CONTROL_FAILED;
}

const struct control_verb control_risk_verbs[] = {
	{ "account stale", CONTROL_LOOK, begin_unused, NULL },
	{ "account guessable", CONTROL_LOOK, begin_guessable, look_guessable },
};

const size_t control_risk_verb_count = sizeof control_risk_verbs / sizeof *control_risk_verbs;
