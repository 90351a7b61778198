/* SPDX-License-Identifier: Apache-2.0 */
/* What comes after an incident: the after-care that is open or was done, and what the guide says to mail that still comes back. */
#include <string.h>

#include "base/clock.h"
#include "gate/aftermath.h"
#include "gate/control_inside.h"
#include "recovery/care.h"
#include "report/value.h"

/* ---- what is told */

static void take_said(void *context, const struct desk_care *care)
{
	char item[64];

	text_copy(item, sizeof item, care->item);
	json_object_set_new(context, item, json_pack("{s:s, s:o, s:o}", "state", desk_care_names[care->state], "at", value_time(care->at_us), "who",
						     control_text(care->who)));
}

static uint64_t got_out(const json_t *incident)
{
	json_int_t messages = json_integer_value(json_object_get(json_object_get(incident, "passed"), "messages"));

	return messages > 0 ? (uint64_t)messages : 0;
}

/* in the order of the list; where nobody said anything it is open, if it applies */
static json_t *care_of(const json_t *said, uint64_t messages)
{
	json_t *list = json_array();

	for (size_t i = 0; i < care_item_count; i++) {
		const struct care_item *item = &care_items[i];
		json_t *one = json_object_get(said, item->id);
		enum desk_care_state state = care_applies(item, messages) ? CARE_OPEN : CARE_NOT_APPLICABLE;
		json_t *put = one ? json_copy(one) : json_pack("{s:s, s:n, s:s}", "state", desk_care_names[state], "at", "who", "");

		json_object_set_new(put, "item", json_string(item->id));
		json_object_set_new(put, "text", json_string(item->sentence));
		json_object_set_new(put, "why", json_string(item->why));
		json_array_append_new(list, put);
	}
	return list;
}

static void take_guide(void *context, uint64_t incident, struct text account, struct text told)
{
	struct guide_figures figures;

	if (aftermath_read(told, &figures))
		json_object_set_new(context, "guide", guide_json(&figures));
}

/* as the story says it (gate_judge.c) */
static bool was_in_vain(const json_t *incident)
{
	const json_t *note;
	size_t i;

	json_array_foreach(json_object_get(incident, "notes"), i, note) {
		const char *text = json_string_value(json_object_get(note, "text"));

		if (text && strcmp(text, "released: a false alarm") == 0)
			return true;
	}
	return false;
}

void control_care_put(struct control_job *job, json_t *incident)
{
	json_t *said = json_object();
	bool vain = was_in_vain(incident);

	json_object_set_new(incident, "guide", json_null());
	if (!vain && (!desk_each_care(job->stores->desk, job->request.incident, take_said, said, &job->error) ||
		      !desk_each_aftermath(job->stores->desk, job->request.incident, 0, take_guide, incident, &job->error)))
		job->fault = CONTROL_FAILED;
	json_object_set_new(incident, "care", vain ? json_array() : care_of(said, got_out(incident)));
	json_decref(said);
}

/* ---- asked for */

enum desk_care_state control_care_state(const struct control_job *job)
{
	unsigned state = 0;

	while (state < CARE_STATES && strcmp(job->request.state, desk_care_names[state]) != 0)
		state++;
	return (enum desk_care_state)state;
}

static void look_list(struct control_job *job)
{
	json_t *incident = json_object();

	if (control_incident_fill(job, incident))
		json_object_set(job->answer, "care", json_object_get(incident, "care"));
	else if (!*job->error.text)
		control_fail(job, CONTROL_ABSENT, "there is no incident %llu", (unsigned long long)job->request.incident);
	json_decref(incident);
}

static enum control_step begin_tick(struct control_job *job)
{
	if (!job->options->gate.care)
		return control_fail(job, CONTROL_NO, "nobody is here who could do that");
	if (!care_find(text_of(job->request.item)))
		return control_fail(job, CONTROL_FAULTY, "'%s' is no item of the after-care", job->request.item);
	if (control_care_state(job) == CARE_STATES)
		return control_fail(job, CONTROL_FAULTY, "'state' is none of open, done, not_applicable");
	return control_begin_incident(job);
}

static void note_found(void *context, const struct desk_incident *incident) { ((struct control_job *)context)->known.known = true; }

static void look_tick(struct control_job *job)
{
	if (!control_open_desk(job))
		return;
	if (!desk_each_incident(job->stores->desk, job->request.incident, TEXT_NONE, false, 1, note_found, job, &job->error))
		job->fault = CONTROL_FAILED;
	else if (!job->known.known)
		control_fail(job, CONTROL_ABSENT, "there is no incident %llu", (unsigned long long)job->request.incident);
}

static enum control_step settle_tick(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	struct desk_care care = { .incident = job->request.incident, .item = text_of(job->request.item), .state = (uint8_t)control_care_state(job),
				  .who = text_of(job->peer.who), .at_us = clock_now(), .reminded_us = WHEN_NONE };

	gate->care(gate->context, &care, job->done, job);
	return CONTROL_LATER;
}

const struct control_verb control_care_verbs[] = {
	{ "care list", CONTROL_LOOK, control_begin_incident, look_list },
	{ "care tick", CONTROL_CHANGE, begin_tick, look_tick, settle_tick },
};

const size_t control_care_verb_count = sizeof control_care_verbs / sizeof *control_care_verbs;
