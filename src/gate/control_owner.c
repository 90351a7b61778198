/* SPDX-License-Identifier: Apache-2.0 */
/* What owners ask of the daemon, through the web process alone: a code and whether it is right, what happened to their account, a new
 * password, what is still to be done. Who they are was proved before; here it is only held that an incident is the account's own. */
#include <string.h>

#include "base/clock.h"
#include "gate/control_inside.h"
#include "gate/notices.h"
#include "recovery/care.h"
#include "report/value.h"

enum { COUNTRIES_MAX = 12 };

/* an incident that is closed is told of for so long */
#define TOLD_US (30 * DAY_US)

static bool take_ip(struct control_job *job, struct ip *ip)
{
	*ip = (struct ip){ { 0 } };
	return !*job->request.ip || ip_parse(text_of(job->request.ip), ip);
}

/* false: the job has failed */
static bool begins(struct control_job *job, bool can, struct ip *ip)
{
	if (!*job->account || !take_ip(job, ip)) {
		control_fail(job, CONTROL_FAULTY, "'%s' is missing or wrong", *job->account ? "ip" : "account");
		return false;
	}
	if (!can)
		control_fail(job, CONTROL_NO, "nobody is here who could do that");
	json_object_set_new(job->answer, "account", control_text(text_of(job->account)));
	return can;
}

/* ---- who they are */

static enum control_step begin_code(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	struct ip ip;

	if (!begins(job, gate->code != NULL, &ip))
		return CONTROL_READY;
	gate->code(gate->context, text_of(job->account), &ip, job->done, job);
	return CONTROL_LATER;
}

static void tried(void *ticket, bool right, const struct error *error)
{
	struct control_job *job = ticket;
	struct ip ip;

	json_object_set_new(job->answer, "good", json_boolean(right && !error));
	if (right && !error && take_ip(job, &ip) && job->options->gate.came_in)
		job->options->gate.came_in(job->options->gate.context, text_of(job->account), &ip);
	job->done(job, error);
}

static enum control_step begin_open(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	struct ip ip;

	if (!begins(job, gate->try_code != NULL, &ip))
		return CONTROL_READY;
	gate->try_code(gate->context, text_of(job->account), text_of(job->request.code), &ip, tried, job);
	return CONTROL_LATER;
}

static void given(void *ticket, const char *code, const struct error *error)
{
	struct control_job *job = ticket;

	if (code)
		json_object_set_new(job->answer, "code", json_string(code));
	job->done(job, error);
}

/* what nobody can be called, but a slip of the hand or of the clipboard may be */
static bool is_no_name(const char *account)
{
	for (const unsigned char *p = (const unsigned char *)account; *p; p++)
		if (*p <= ' ' || *p == 0x7f)
			return true;
	return false;
}

/* for support: who the owner is they know themselves */
static enum control_step begin_give(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	struct ip ip;

	if (!begins(job, gate->give_code != NULL, &ip))
		return CONTROL_READY;
	if (is_no_name(job->request.account))
		return control_fail(job, CONTROL_FAULTY, "'account' has blanks or control characters in it");
	gate->account(gate->context, text_of(job->account), &job->known);
	json_object_set_new(job->answer, "known", json_boolean(job->known.known || job->known.locked));
	json_object_set_new(job->answer, "minutes", value_count(CODE_MINUTES));
	gate->give_code(gate->context, text_of(job->account), text_of(job->peer.who), given, job);
	return CONTROL_LATER;
}

/* by the panel's word, which the web process has checked */
static enum control_step begin_enter(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	struct ip ip;

	if (begins(job, gate->came_in != NULL, &ip))
		gate->came_in(gate->context, text_of(job->account), &ip);
	return CONTROL_READY;
}

/* ---- what happened */

static enum control_step begin_story(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	struct ip ip;

	if (!begins(job, gate->account != NULL, &ip))
		return CONTROL_READY;
	gate->account(gate->context, text_of(job->account), &job->known);
	return CONTROL_SEARCH;
}

static void note_newest(void *context, const struct desk_incident *incident)
{
	struct control_job *job = context;

	if (incident->closed_us == WHEN_NONE || incident->closed_us >= clock_now() - TOLD_US)
		job->request.incident = incident->id;
}

static bool is_in(const json_t *list, const char *text)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(json_string_value(json_array_get(list, i)), text) == 0)
			return true;
	return false;
}

/* of the attacker's sources, most mail first */
static json_t *countries_of(const json_t *sources)
{
	json_t *countries = json_array();

	for (size_t i = 0; i < json_array_size(sources) && json_array_size(countries) < COUNTRIES_MAX; i++) {
		const json_t *source = json_array_get(sources, i);
		const char *country = json_string_value(json_object_get(source, "country"));

		if (country && json_is_true(json_object_get(source, "attacker")) && !json_is_true(json_object_get(source, "familiar")) &&
		    !is_in(countries, country))
			json_array_append_new(countries, json_string(country));
	}
	return countries;
}

/* what the owner is told of it: no evidence, no addresses, nothing of how it was found */
static json_t *told_of(const json_t *incident)
{
	static const char *const fields[] = { "id", "state", "mode", "braked", "began", "detected_at", "closed", "locked", "precaution", "first_abuse", "last_abuse",
					      "messages", "recipients", "passed", "held", "refused", "turned_away", "bounced", "flood" };
	json_t *told = json_object();

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		json_object_set(told, fields[i], json_object_get(incident, fields[i]));
	json_object_set_new(told, "countries", countries_of(json_object_get(incident, "sources")));
	return told;
}

static bool look_incident(struct control_job *job)
{
	json_t *incident = json_object();
	bool read = control_incident_fill(job, incident);

	if (read) {
		json_object_set_new(job->answer, "incident", told_of(incident));
		json_object_set(job->answer, "care", json_object_get(incident, "care"));
	} else if (*job->error.text) {
		job->fault = CONTROL_FAILED;
	}
	json_decref(incident);
	return read;
}

static void look_story(struct control_job *job)
{
	job->request.incident = 0;
	json_object_set_new(job->answer, "locked", json_boolean(job->known.locked));
	json_object_set_new(job->answer, "by_person", json_boolean(job->known.persons_alone));
	json_object_set_new(job->answer, "incident", json_null());
	json_object_set_new(job->answer, "care", json_array());
	if (!control_open_desk(job))
		return;
	if (!desk_each_incident(job->stores->desk, 0, text_of(job->account), false, 1, note_newest, job, &job->error))
		job->fault = CONTROL_FAILED;
	else if (job->request.incident)
		look_incident(job);
}

/* ---- a new password */

static void renewed(void *ticket, const struct error *error)
{
	struct control_job *job = ticket;
	const struct control_gate *gate = &job->options->gate;

	json_object_set_new(job->answer, "open", json_boolean(!error && !gate->incident_of(gate->context, text_of(job->account))));
	job->done(job, error);
}

static enum control_step begin_password(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	struct ip ip;

	if (!begins(job, gate->renew != NULL, &ip))
		return CONTROL_READY;
	if (!*job->request.password)
		return control_fail(job, CONTROL_FAULTY, "'password' is missing");
	gate->renew(gate->context, text_of(job->account), text_of(job->request.password), &ip, renewed, job);
	return CONTROL_LATER;
}

/* ---- what is still to be done */

static enum control_step begin_care(struct control_job *job)
{
	struct ip ip;

	if (!begins(job, job->options->gate.care != NULL, &ip))
		return CONTROL_READY;
	if (!job->request.incident || !care_find(text_of(job->request.item)))
		return control_fail(job, CONTROL_FAULTY, "'%s' is missing or wrong", job->request.incident ? "item" : "incident");
	return CONTROL_SEARCH;
}

static void note_own(void *context, const struct desk_incident *incident)
{
	struct control_job *job = context;

	if (text_is(incident->account, text_of(job->account)))
		job->known.known = true;
}

static void look_care(struct control_job *job)
{
	if (!control_open_desk(job))
		return;
	if (!desk_each_incident(job->stores->desk, job->request.incident, TEXT_NONE, false, 1, note_own, job, &job->error))
		job->fault = CONTROL_FAILED;
	else if (!job->known.known)
		control_fail(job, CONTROL_ABSENT, "that account has no incident %llu", (unsigned long long)job->request.incident);
}

static enum control_step settle_care(struct control_job *job)
{
	struct desk_care care = { .incident = job->request.incident, .item = text_of(job->request.item), .who = TEXT("owner"),
				  .at_us = clock_now(), .reminded_us = WHEN_NONE };
	const struct control_gate *gate = &job->options->gate;

	care.state = (uint8_t)control_care_state(job);
	if (care.state == CARE_STATES)
		return control_fail(job, CONTROL_FAULTY, "'state' is none of open, done, not_applicable");
	gate->care(gate->context, &care, job->done, job);
	return CONTROL_LATER;
}

const struct control_verb control_owner_verbs[] = {
	{ "owner code", CONTROL_OWN, begin_code, NULL },
	{ "owner open", CONTROL_OWN, begin_open, NULL },
	{ "account code", CONTROL_CHANGE, begin_give, NULL },
	{ "owner enter", CONTROL_OWN, begin_enter, NULL },
	{ "owner story", CONTROL_OWN, begin_story, look_story },
	{ "owner password", CONTROL_OWN, begin_password, NULL },
	{ "owner care", CONTROL_OWN, begin_care, look_care, settle_care },
};

const size_t control_owner_verb_count = sizeof control_owner_verbs / sizeof *control_owner_verbs;
