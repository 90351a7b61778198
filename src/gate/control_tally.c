/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/control_tally.h"

#include <stdlib.h>

#include "base/memory.h"
#include "incident/incident.h"
#include "report/value.h"

/* signal_guessed says 7 where many accounts were tried from there, and less for this account's own failures */
#define SPRAYED_BITS 5.5

static void count_reached(struct control_tally *tally, const struct ledger_found *found)
{
	tally->left_out |= found->rcpt_hash_count < found->row.rcpt_count;
	for (uint32_t i = 0; i < found->rcpt_hash_count; i++) {
		uint64_t key = found->rcpt_hashes[i] ? found->rcpt_hashes[i] : 1;

		if (tally->reached.count < CONTROL_REACHED_MAX)
			table_put(&tally->reached, key, 0, NULL);
		else
			tally->left_out |= !table_find(&tally->reached, key);
	}
}

void control_tally_add(struct control_tally *tally, const struct ledger_found *found, bool attacker)
{
	MEMORY_ROOM(tally->marks, tally->count, tally->room);
	tally->marks[tally->count++] = (struct control_mark){ found->row.t_us, attacker };
	if (attacker && found->row.action == LEDGER_PASSED)
		count_reached(tally, found);
}

void control_tally_done(struct control_tally *tally)
{
	table_done(&tally->reached);
	free(tally->marks);
	*tally = (struct control_tally){ 0 };
}

/* ---- over time */

static int64_t step_of(int64_t span_us)
{
	static const int64_t steps[] = { MINUTE_US, 10 * MINUTE_US, HOUR_US, 3 * HOUR_US, 6 * HOUR_US, DAY_US, 7 * DAY_US };
	size_t i = 0;

	while (i + 1 < sizeof steps / sizeof *steps && span_us / steps[i] >= INCIDENT_SERIES_MAX - 1)
		i++;
	return steps[i];
}

static void fill(const struct control_tally *tally, struct incident_series *series)
{
	int64_t first_us = INT64_MAX, last_us = INT64_MIN;

	for (size_t i = 0; i < tally->count; i++) {
		first_us = tally->marks[i].t_us < first_us ? tally->marks[i].t_us : first_us;
		last_us = tally->marks[i].t_us > last_us ? tally->marks[i].t_us : last_us;
	}
	series->step_us = step_of(last_us - first_us);
	series->start_us = first_us - first_us % series->step_us;
	for (size_t i = 0; i < tally->count; i++) {
		size_t at = (size_t)((tally->marks[i].t_us - series->start_us) / series->step_us);

		if (at >= INCIDENT_SERIES_MAX)
			continue;
		++*(tally->marks[i].attacker ? &series->attacker[at] : &series->owner[at]);
		series->count = at >= series->count ? at + 1 : series->count;
	}
}

static json_t *series_of(const struct control_tally *tally)
{
	struct incident_series series = { 0 };
	json_t *attacker, *owner;

	if (!tally->count)
		return json_null();
	fill(tally, &series);
	attacker = json_array();
	owner = json_array();
	for (size_t i = 0; i < series.count; i++) {
		json_array_append_new(attacker, value_count(series.attacker[i]));
		json_array_append_new(owner, value_count(series.owner[i]));
	}
	return json_pack("{s:o, s:I, s:o, s:o}", "start", value_time(series.start_us), "step",
			 (json_int_t)(series.step_us / SECOND_US), "attacker", attacker, "owner", owner);
}

/* ---- how, and from where */

static const char *opening_of(const json_t *incident)
{
	const json_t *evidence = json_object_get(incident, "evidence"), *one;
	size_t i;

	if (!json_array_size(evidence))
		return "unknown"; /* what was known of it is lost */
	json_array_foreach(evidence, i, one) {
		const char *signal = json_string_value(json_object_get(one, "signal"));

		if (signal && strcmp(signal, "guessed") == 0)
			return json_number_value(json_object_get(one, "bits")) >= SPRAYED_BITS ? "sprayed" : "guessed";
	}
	return "out_of_the_blue";
}

/* did most of it come from where the owner is at home? */
static bool is_same_source(const json_t *incident)
{
	const json_t *sources = json_object_get(incident, "sources"), *one;
	json_int_t home = 0, all = 0;
	size_t i;

	json_array_foreach(sources, i, one) {
		json_int_t messages = json_integer_value(json_object_get(one, "messages"));

		if (!json_is_true(json_object_get(one, "attacker")))
			continue;
		all += messages;
		home += json_is_true(json_object_get(one, "familiar")) ? messages : 0;
	}
	return all && 2 * home > all;
}

static json_t *reached_of(const struct control_tally *tally, const json_t *incident)
{
	json_t *reached = json_deep_copy(json_object_get(incident, "passed"));

	json_object_set_new(reached, "distinct", value_count(tally->reached.count));
	json_object_set_new(reached, "complete", json_boolean(!tally->left_out));
	return reached;
}

void control_tally_tell(const struct control_tally *tally, json_t *incident)
{
	json_object_set_new(incident, "opening", json_string(opening_of(incident)));
	json_object_set_new(incident, "same_source", json_boolean(is_same_source(incident)));
	json_object_set_new(incident, "series", series_of(tally));
	json_object_set_new(incident, "reached", reached_of(tally, incident));
}
