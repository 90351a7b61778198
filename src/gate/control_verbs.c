/* SPDX-License-Identifier: Apache-2.0 */
/* What can be asked: a verb is a row. */
#include <string.h>

#include "gate/control_inside.h"
#include "report/value.h"

static const char *const scopes[FAMILIAR_LEVELS] = { "unfamiliar", "first", "somewhat", "all" };

static void failed(struct control_job *job) { job->fault = CONTROL_FAILED; } /* the reader has said why */

/* ---- incidents */

static enum control_step begin_search(struct control_job *job) { return CONTROL_SEARCH; }

enum control_step control_begin_incident(struct control_job *job)
{
	return job->request.incident ? CONTROL_SEARCH : control_fail(job, CONTROL_FAULTY, "'incident' is missing");
}

static void list_incident(void *context, const struct desk_incident *incident)
{
	json_t *head = control_incident_head(incident);

	json_object_del(head, "evidence");
	json_array_append_new(context, head);
}

static void look_incidents(struct control_job *job)
{
	json_t *list = json_array();

	json_object_set_new(job->answer, "incidents", list);
	if (control_open_desk(job) && !desk_each_incident(job->stores->desk, 0, text_of(job->account), !job->request.all,
							  CONTROL_LISTED_MAX, list_incident, list, &job->error))
		failed(job);
}

static void look_incident(struct control_job *job)
{
	json_t *incident = json_object();

	json_object_set_new(job->answer, "incident", incident);
	if (!control_incident_fill(job, incident) && !*job->error.text)
		control_fail(job, CONTROL_ABSENT, "there is no incident %llu", (unsigned long long)job->request.incident);
}

static enum control_step begin_release(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;

	if (!job->request.incident)
		return control_fail(job, CONTROL_FAULTY, "'incident' is missing");
	json_object_set_new(job->answer, "incident", value_count(job->request.incident));
	gate->release(gate->context, job->request.incident, job->request.false_alarm, text_of(job->peer.who), job->done, job);
	return CONTROL_LATER;
}

/* ---- accounts */

/* behind the last '@'; without one the default */
static struct text domain_behind(const char *account)
{
	const char *at = strrchr(account, '@');

	return at ? text_of(at + 1) : TEXT_NONE;
}

static enum control_step begin_account(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;

	if (!*job->account)
		return control_fail(job, CONTROL_FAULTY, "'account' is missing");
	gate->account(gate->context, text_of(job->account), &job->known);
	json_object_set_new(job->answer, "mode",
			    json_string(desk_mode_names[gate->mode_of(gate->context, domain_behind(job->account))]));
	return CONTROL_SEARCH;
}

static json_t *devices_of(const struct control_account *known)
{
	json_t *devices = json_array();

	for (size_t i = 0; i < known->device_count; i++) {
		const struct wrong_passwords_device *device = &known->devices[i];
		char ip[IP_TEXT_MAX];

		json_array_append_new(devices, json_pack("{s:s, s:o, s:o, s:o}", "ip", ip_format(&device->ip, ip), "times",
							 value_count(device->times), "first", value_time(device->first_us), "last",
							 value_time(device->last_us)));
	}
	return devices;
}

static void tell_known(const struct control_account *known, json_t *into)
{
	json_t *why = json_array();

	for (size_t i = 0; i < known->why_count; i++)
		json_array_append_new(why, value_text(known->why[i]));
	json_object_set_new(into, "bits", value_rounded((double)known->bits, 10));
	json_object_set_new(into, "held", value_count(known->held));
	json_object_set_new(into, "locked", json_boolean(known->locked));
	json_object_set_new(into, "by_hand", json_boolean(known->by_hand));
	json_object_set_new(into, "scope", known->locked && known->scope < FAMILIAR_LEVELS ? json_string(scopes[known->scope])
											   : json_null());
	json_object_set_new(into, "last_seen", value_time(known->last_us));
	json_object_set_new(into, "guessable", known->guessable ? json_string(known->guessable) : json_null());
	json_object_set_new(into, "old_passwords", devices_of(known));
	json_object_set_new(into, "why", why);
}

struct sent {
	json_t *recent; /* the newest */
	uint64_t messages, recipients;
};

static void add_sent(void *context, const struct ledger_found *found)
{
	struct sent *sent = context;

	if (json_array_size(sent->recent) < CONTROL_RECENT)
		json_array_append_new(sent->recent, control_row(found));
	if (found->row.action == LEDGER_REFUSED)
		return;
	sent->messages++;
	sent->recipients += found->row.rcpt_count;
}

static void look_account(struct control_job *job)
{
	json_t *incidents = json_array();
	struct sent sent = { .recent = json_array() };
	struct text account = text_of(job->account);

	json_object_set_new(job->answer, "account", control_text(account));
	json_object_set_new(job->answer, "known", json_boolean(job->known.known));
	tell_known(&job->known, job->answer);
	json_object_set_new(job->answer, "incidents", incidents);
	json_object_set_new(job->answer, "recent", sent.recent);
	if (!control_open_desk(job) || !control_open_ledger(job))
		return;
	if (!desk_each_incident(job->stores->desk, 0, account, false, CONTROL_RECENT, list_incident, incidents, &job->error) ||
	    !ledger_each(job->stores->ledger, account, INT64_MIN, CONTROL_ROWS_MAX, add_sent, &sent, &job->error))
		failed(job);
	else if (!job->known.known && !json_array_size(incidents) && !json_array_size(sent.recent))
		control_fail(job, CONTROL_ABSENT, "nothing is known of %s", job->account);
	json_object_set_new(job->answer, "messages", value_count(sent.messages));
	json_object_set_new(job->answer, "recipients", value_count(sent.recipients));
}

static enum control_step begin_forget(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;

	if (!*job->account)
		return control_fail(job, CONTROL_FAULTY, "'account' is missing");
	json_object_set_new(job->answer, "account", control_text(text_of(job->account)));
	gate->forget(gate->context, text_of(job->account), text_of(job->peer.who), job->done, job);
	return CONTROL_LATER;
}

/* ---- modes */

static void list_mode(void *context, struct text domain, enum desk_mode mode)
{
	json_array_append_new(context, json_pack("{s:o, s:s}", "domain", control_text(domain), "mode", desk_mode_names[mode]));
}

static enum control_step begin_modes(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;

	json_object_set_new(job->answer, "default", json_string(desk_mode_names[gate->mode_of(gate->context, TEXT_NONE)]));
	return CONTROL_SEARCH;
}

static void look_modes(struct control_job *job)
{
	json_t *list = json_array();

	json_object_set_new(job->answer, "modes", list);
	if (control_open_desk(job) && !desk_each_mode(job->stores->desk, list_mode, list, &job->error))
		failed(job);
}

/* in lower case, as domains of accounts are */
static struct text domain_of(const struct control_job *job, char to[CONTROL_NAME_MAX + 1])
{
	size_t n = strlen(job->request.domain);

	for (size_t i = 0; i <= n; i++) {
		char c = job->request.domain[i];

		to[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	return (struct text){ to, n };
}

/* letters of any alphabet, digits, hyphens, dots; an empty one is the default */
static bool is_domain(struct text domain)
{
	for (size_t i = 0; i < domain.n; i++) {
		unsigned char c = (unsigned char)domain.p[i];

		if (!(c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_'))
			return false;
	}
	return true;
}

static enum control_step begin_mode(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	char room[CONTROL_NAME_MAX + 1];
	struct text domain = domain_of(job, room);

	json_object_set_new(job->answer, "domain", control_text(domain));
	json_object_set_new(job->answer, "mode", json_string(desk_mode_names[gate->mode_of(gate->context, domain)]));
	return CONTROL_READY;
}

static enum control_step begin_set_mode(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	char room[CONTROL_NAME_MAX + 1];
	struct text domain = domain_of(job, room);

	if (!is_domain(domain))
		return control_fail(job, CONTROL_FAULTY, "'%s' is no domain", job->request.domain);
	for (unsigned i = 0; i < DESK_MODES; i++) {
		if (strcmp(job->request.mode, desk_mode_names[i]) != 0)
			continue;
		json_object_set_new(job->answer, "domain", control_text(domain));
		json_object_set_new(job->answer, "mode", json_string(desk_mode_names[i]));
		gate->set_mode(gate->context, domain, (enum desk_mode)i, text_of(job->peer.who), job->done, job);
		return CONTROL_LATER;
	}
	return control_fail(job, CONTROL_FAULTY, "'mode' is none of learn, observe, enforce");
}

/* ---- whose mail */

struct covering {
	int64_t t_us;
	uint64_t id;
};

static void note_covering(void *context, const struct desk_incident *incident)
{
	struct covering *covering = context;
	int64_t began_us = incident->began_us != WHEN_NONE ? incident->began_us : incident->opened_us;

	if (began_us <= covering->t_us && (incident->closed_us == WHEN_NONE || covering->t_us <= incident->closed_us))
		covering->id = incident->id;
}

/* the incident of that account, if it was sent in one */
static bool put_incident(struct control_job *job, const struct ledger_row *row, json_t *into)
{
	struct covering covering = { .t_us = row->t_us };

	if (!control_open_desk(job) || !desk_each_incident(job->stores->desk, 0, row->account, false, CONTROL_LISTED_MAX,
							   note_covering, &covering, &job->error))
		return false;
	json_object_set_new(into, "incident", covering.id ? value_count(covering.id) : json_null());
	return true;
}

static enum control_step begin_whose(struct control_job *job)
{
	return job->request.id_count ? CONTROL_SEARCH : control_fail(job, CONTROL_FAULTY, "'ids' is missing");
}

/* the first that is ours; NULL: none is, or the job has failed */
static const struct control_id *first_of_ours(struct control_job *job, struct ledger_found *found)
{
	for (size_t i = 0; i < job->request.id_count; i++) {
		const struct control_id *id = &job->request.ids[i];
		bool ours;

		if (!ledger_whose(job->stores->ledger, text_of(id->text), id->near_us, &ours, found, &job->error)) {
			failed(job);
			return NULL;
		}
		if (ours)
			return id;
	}
	return NULL;
}

static void look_whose(struct control_job *job)
{
	struct ledger_found found;
	const struct control_id *id;

	if (!control_open_ledger(job))
		return;
	id = first_of_ours(job, &found);
	if (!id && !*job->error.text && control_hurry_ledger(job))
		id = first_of_ours(job, &found);
	if (!id) {
		if (!*job->error.text)
			control_fail(job, CONTROL_ABSENT, "no message of that id passed here, as far as the ledger goes back");
		return;
	}
	json_object_set_new(job->answer, "asked", json_string(id->text));
	json_object_set_new(job->answer, "message", control_row(&found));
	if (!put_incident(job, &found.row, json_object_get(job->answer, "message")))
		failed(job);
}

/* ---- all in all */

static enum control_step begin_status(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;

	gate->status(gate->context, job->answer);
	return CONTROL_READY;
}

const struct control_verb control_verbs[] = {
	{ "incident list", CONTROL_LOOK, begin_search, look_incidents },
	{ "incident show", CONTROL_LOOK, control_begin_incident, look_incident },
	{ "incident release", CONTROL_CHANGE, begin_release, NULL },
	{ "account show", CONTROL_LOOK, begin_account, look_account },
	{ "account forget", CONTROL_CHANGE, begin_forget, NULL },
	{ "mode list", CONTROL_LOOK, begin_modes, look_modes },
	{ "mode show", CONTROL_LOOK, begin_mode, NULL },
	{ "mode set", CONTROL_CHANGE, begin_set_mode, NULL },
	{ "whose", CONTROL_LOOK, begin_whose, look_whose },
	{ "mail whose", CONTROL_LOOK, control_back_begin, control_back_look },
	{ "mail tell", CONTROL_CHANGE, control_back_begin, control_back_look, control_back_settle },
	{ "status", CONTROL_LOOK, begin_status, NULL },
};

const size_t control_verb_count = sizeof control_verbs / sizeof *control_verbs;
