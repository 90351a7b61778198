/* SPDX-License-Identifier: Apache-2.0 */
/* What `sekisho flood` asks (cli/flood.h): how far it has come with an account, whose the mails are that came back, and that it be
 * remembered. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gate/control_inside.h"
#include "report/value.h"

enum { FOLDER_MAX = 255 };

/* ---- fields; of another kind they are as good as missing */

static const char *text_in(const json_t *object, const char *field, size_t most)
{
	const json_t *value = json_object_get(object, field);

	return json_is_string(value) && json_string_length(value) <= most ? json_string_value(value) : "";
}

static uint32_t number_in(const json_t *object, const char *field)
{
	json_int_t number = json_integer_value(json_object_get(object, field));

	return number > 0 && number <= UINT32_MAX ? (uint32_t)number : 0;
}

static int64_t time_in(const json_t *object, const char *field)
{
	const json_t *value = json_object_get(object, field);
	double seconds = json_number_value(value);

	return json_is_number(value) && seconds >= 0 && seconds < 253402300800.0 ? (int64_t)(seconds * 1e6) : WHEN_NONE;
}

/* ---- how far it has come */

static enum control_step begin_show(struct control_job *job)
{
	return *job->account ? CONTROL_SEARCH : control_fail(job, CONTROL_FAULTY, "'account' is missing");
}

json_t *control_flood(const struct desk_flood *flood)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:I, s:I, s:I, s:I, s:I}",
		"folder", control_text(flood->folder),
		"incident", flood->incident ? value_count(flood->incident) : json_null(),
		"since", value_time(flood->since_us),
		"until", value_time(flood->until_us),
		"last", value_time(flood->moved_us),
		"spoofed", flood->spoofed,
		"validity", (json_int_t)flood->validity,
		"next_uid", (json_int_t)flood->next_uid,
		"seen_uid", (json_int_t)flood->seen_uid,
		"moved", (json_int_t)flood->moved,
		"brought_back", (json_int_t)flood->brought_back);
}

static void take_flood(void *context, const struct desk_flood *flood)
{
	json_object_set_new(context, "flood", control_flood(flood));
}

static void take_newest(void *context, const struct desk_incident *incident)
{
	json_t *answer = context;

	json_object_set_new(answer, "incident", value_count(incident->id));
	json_object_set_new(answer, "began", value_time(incident->began_us != WHEN_NONE ? incident->began_us : incident->opened_us));
}

static void look_show(struct control_job *job)
{
	struct text account = text_of(job->account);

	json_object_set_new(job->answer, "account", control_text(account));
	json_object_set_new(job->answer, "flood", json_null());
	json_object_set_new(job->answer, "incident", json_null());
	json_object_set_new(job->answer, "began", json_null());
	if (control_open_desk(job) &&
	    (!desk_each_flood(job->stores->desk, account, false, take_flood, job->answer, &job->error) ||
	     !desk_each_incident(job->stores->desk, 0, account, false, 1, take_newest, job->answer, &job->error)))
		job->fault = CONTROL_FAILED;
}

/* ---- what is to be remembered */

static enum control_step begin_keep(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	static const char *const steps[FLOOD_STEPS] = { "begun", "done", "again" };
	const json_t *root = job->request.root;
	unsigned step = 0;
	struct desk_flood flood = {
		.account = text_of(job->account),
		.folder = text_of(text_in(root, "folder", FOLDER_MAX)),
		.incident = job->request.incident,
		.since_us = time_in(root, "since"),
		.until_us = time_in(root, "until"),
		.moved_us = time_in(root, "last"),
		.spoofed = json_is_true(json_object_get(root, "spoofed")),
		.validity = number_in(root, "validity"),
		.next_uid = number_in(root, "next_uid"),
		.seen_uid = number_in(root, "seen_uid"),
		.moved = number_in(root, "moved"),
		.brought_back = number_in(root, "brought_back"),
	};

	while (step < FLOOD_STEPS && strcmp(text_in(root, "step", 8), steps[step]) != 0)
		step++;
	if (step == FLOOD_STEPS || !flood.account.n || !flood.folder.n || flood.since_us == WHEN_NONE)
		return control_fail(job, CONTROL_FAULTY, "'step', 'account', 'folder' or 'since' is missing or wrong");
	json_object_set_new(job->answer, "flood", control_flood(&flood));
	gate->flood(gate->context, &flood, (enum control_flood_step)step, text_of(job->peer.who), job->done, job);
	return CONTROL_LATER;
}

/* ---- whose they are */

static enum control_step begin_whose(struct control_job *job)
{
	const json_t *mails = json_object_get(job->request.root, "mails");

	if (!*job->account || !json_is_array(mails) || json_array_size(mails) > CONTROL_MAILS_MAX)
		return control_fail(job, CONTROL_FAULTY, "'account' or 'mails' is missing or wrong");
	return CONTROL_SEARCH;
}

/* what cannot be understood is nobody's */
static bool tell_whose(struct control_job *job, const json_t *mail, struct came_back *back, json_t *answers)
{
	struct attribution whose = { .sent_us = WHEN_NONE, .ledger_us = WHEN_NONE };
	struct error error;

	if (came_back_read(mail, back, &error) && !control_back_whose(job, &back->question, &whose))
		return false;
	json_array_append_new(answers, attribution_json(&whose));
	return true;
}

static void look_whose(struct control_job *job)
{
	const json_t *mails = json_object_get(job->request.root, "mails"), *mail;
	struct came_back *back = memory_new(sizeof *back);
	json_t *answers = json_array();
	size_t i;

	json_object_set_new(job->answer, "answers", answers);
	json_array_foreach((json_t *)mails, i, mail) {
		if (!tell_whose(job, mail, back, answers))
			break;
	}
	free(back);
}

const struct control_verb control_flood_verbs[] = {
	{ "flood show", CONTROL_LOOK, begin_show, look_show },
	{ "flood whose", CONTROL_LOOK, begin_whose, look_whose },
	{ "flood keep", CONTROL_CHANGE, begin_keep, NULL },
};

const size_t control_flood_verb_count = sizeof control_flood_verbs / sizeof *control_flood_verbs;
