/* SPDX-License-Identifier: Apache-2.0 */
/* What was told to whom, and whether a notice that somebody got is ours. */
#include <string.h>

#include "base/clock.h"
#include "gate/control_inside.h"
#include "gate/notices.h"
#include "report/value.h"

static uint64_t number_in(const json_t *object, const char *field)
{
	json_int_t number = json_integer_value(json_object_get(object, field));

	return number > 0 ? (uint64_t)number : 0;
}

/* "alice@example.org": whoever may look sees whom a notice reached */
json_t *control_notice(const struct desk_notice *notice)
{
	json_t *ways = notice->ways.n ? json_loadb(notice->ways.p, notice->ways.n, 0, NULL) : NULL;

	return json_pack("{s:I, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o}",
		"id", (json_int_t)notice->id,
		"incident", notice->incident ? value_count(notice->incident) : json_null(),
		"account", control_text(notice->account),
		"kind", control_text(notice->kind),
		"to", notice->to_operator ? "operator" : "owner",
		"state", desk_notice_names[notice->state],
		"language", notice->language.n ? control_text(notice->language) : json_null(),
		"summary", notice->summary ? value_count(notice->summary) : json_null(),
		"tries", (json_int_t)notice->tries,
		"made", value_time(notice->made_us),
		"next", value_time(notice->state == DESK_NOTICE_WAITING ? notice->next_us : WHEN_NONE),
		"sent", value_time(notice->sent_us),
		"says", control_text(notice->says),
		"ways", json_is_array(ways) ? ways : json_array());
}

static void list_notice(void *context, const struct desk_notice *notice) { json_array_append_new(context, control_notice(notice)); }

/* ---- list, show */

static enum control_step begin_list(struct control_job *job) { return CONTROL_SEARCH; }

static void list_open(void *context, const struct desk_notice *notice)
{
	if (notice->state != DESK_NOTICE_SENT)
		list_notice(context, notice);
}

static void look_list(struct control_job *job)
{
	json_t *list = json_array();

	json_object_set_new(job->answer, "notices", list);
	if (control_open_desk(job) && !desk_each_notice(job->stores->desk, 0, text_of(job->account), false, CONTROL_LISTED_MAX,
							job->request.all ? list_notice : list_open, list, &job->error))
		job->fault = CONTROL_FAILED;
}

static enum control_step begin_show(struct control_job *job)
{
	return number_in(job->request.root, "notice") ? CONTROL_SEARCH : control_fail(job, CONTROL_FAULTY, "'notice' is missing");
}

static void take_notice(void *context, const struct desk_notice *notice) { json_object_set_new(context, "notice", control_notice(notice)); }

static void look_show(struct control_job *job)
{
	uint64_t id = number_in(job->request.root, "notice");

	if (!control_open_desk(job))
		return;
	if (!desk_each_notice(job->stores->desk, id, TEXT_NONE, false, 1, take_notice, job->answer, &job->error))
		job->fault = CONTROL_FAILED;
	else if (!json_object_get(job->answer, "notice"))
		control_fail(job, CONTROL_ABSENT, "there is no notice %llu", (unsigned long long)id);
}

/* ---- is it ours? */

/* the web process asks for many: each visitor has their own tries; operators have as many as they need */
static const char *asker_of(const struct control_job *job)
{
	if (job->peer.right != CONTROL_LOOK && !*job->request.ip)
		return "";
	return job->peer.right == CONTROL_OWN && *job->request.ip ? job->request.ip : job->peer.who;
}

static enum control_step begin_verify(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	const char *code = json_string_value(json_object_get(job->request.root, "code"));
	struct error error;

	if (!code || strlen(code) > CONTROL_VERB_MAX || !*job->account)
		return control_fail(job, CONTROL_FAULTY, "'code' or 'account' is missing or wrong");
	if (!gate->ask_notice || !gate->ask_notice(gate->context, text_of(code), text_of(asker_of(job)), job->notice_hash, &error))
		return control_fail(job, CONTROL_NO, "%s", gate->ask_notice ? error.text : "nobody knows of notices");
	return CONTROL_SEARCH;
}

/* was it sent to this address, or is it about this account? */
static bool belongs(const struct desk_notice *notice, const char *address)
{
	json_t *ways = notice->ways.n ? json_loadb(notice->ways.p, notice->ways.n, 0, NULL) : NULL;
	const json_t *way;
	bool found = notice->account.n == strlen(address) && strncasecmp(notice->account.p, address, notice->account.n) == 0;
	size_t i;

	json_array_foreach(ways, i, way) {
		const char *kind = json_string_value(json_object_get(way, "way")), *to = json_string_value(json_object_get(way, "to"));

		found |= kind && to && strcmp(kind, "mail") == 0 && strcasecmp(to, address) == 0;
	}
	json_decref(ways);
	return found;
}

static void match(void *context, const struct desk_notice *notice)
{
	struct control_job *job = context;

	if (!belongs(notice, job->account))
		return;
	json_object_set_new(job->answer, "ours", json_true());
	json_object_set_new(job->answer, "notice", json_pack("{s:o, s:o, s:s, s:o}", "account", control_text(notice->account), "kind",
							     control_text(notice->kind), "to", notice->to_operator ? "operator" : "owner",
							     "made", value_time(notice->made_us)));
}

static void look_verify(struct control_job *job)
{
	json_object_set_new(job->answer, "ours", json_false());
	json_object_set_new(job->answer, "notice", json_null());
	if (control_open_desk(job) && !desk_each_notice_by(job->stores->desk, text_of(job->notice_hash), match, job, &job->error))
		job->fault = CONTROL_FAILED;
}

/* ---- an owner whose password can be guessed is told so, unless that was done of late */

enum { LATEST = 50 };

static enum control_step begin_warn(struct control_job *job)
{
	if (!*job->account)
		return control_fail(job, CONTROL_FAULTY, "'account' is missing or wrong");
	if (!job->options->gate.warn)
		return control_fail(job, CONTROL_NO, "nobody knows of notices");
	json_object_set_new(job->answer, "account", control_text(text_of(job->account)));
	json_object_set_new(job->answer, "before", json_null());
	return CONTROL_SEARCH;
}

static void note_warned(void *context, const struct desk_notice *notice)
{
	struct control_job *job = context;

	if (text_is(notice->kind, text_of(notice_kind_names[NOTICE_WEAK])) && notice->made_us > clock_now() - NOTICES_WEAK_US)
		json_object_set_new(job->answer, "before", value_time(notice->made_us));
}

static void look_warn(struct control_job *job)
{
	if (control_open_desk(job) && !desk_each_notice(job->stores->desk, 0, text_of(job->account), false, LATEST, note_warned, job, &job->error))
		job->fault = CONTROL_FAILED;
}

static enum control_step settle_warn(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;

	if (!json_is_null(json_object_get(job->answer, "before")))
		return CONTROL_READY;
	gate->warn(gate->context, text_of(job->account), text_of(job->peer.who), job->done, job);
	return CONTROL_LATER;
}

const struct control_verb control_notice_verbs[] = {
	{ "notice list", CONTROL_LOOK, begin_list, look_list },
	{ "notice show", CONTROL_LOOK, begin_show, look_show },
	{ "notice verify", CONTROL_LOOK, begin_verify, look_verify },
	{ "account warn", CONTROL_CHANGE, begin_warn, look_warn, settle_warn },
};

const size_t control_notice_verb_count = sizeof control_notice_verbs / sizeof *control_notice_verbs;
