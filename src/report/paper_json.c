/* SPDX-License-Identifier: Apache-2.0 */
/* The paper on an incident as "sekisho.incident/1"; its fields stand in man/sekisho-incident.1, those of a scan's incident
 * have the same names. Fields may be added, never renamed. */
#include <stdlib.h>

#include "report/page.h"
#include "report/paper_words.h"
#include "report/tally.h"
#include "report/value.h"

#define PUT(object, name, value) json_object_set_new(object, name, value)

static json_t *count_of(const struct paper_count *count)
{
	return json_pack("{s:o, s:o}", "messages", value_count(count->messages), "recipients", value_count(count->recipients));
}

static json_t *lines_of(struct paper_lines *lines)
{
	json_t *array = json_array();

	for (size_t i = 0; i < lines->count; i++)
		json_array_append_new(array, value_text(lines->items[i]));
	paper_lines_done(lines);
	return array;
}

/* ---- how many */

static void put_counts(json_t *root, const struct paper *paper)
{
	static const char *const fates[PAPER_HELD] = { "waiting", "releasing", "released", "condemned", "deleted", "gone" };
	const struct incident *incident = &paper->incident;
	json_t *held = json_object();

	for (int i = 0; i < PAPER_HELD; i++)
		if (paper->held[i].messages)
			PUT(held, fates[i], count_of(&paper->held[i]));
	PUT(root, "messages", value_count(incident->messages));
	PUT(root, "recipients", value_count(incident->recipients));
	PUT(root, "passed", count_of(&paper->passed));
	PUT(root, "leaked_before_detection", value_count(incident->leaked_before_detection));
	PUT(root, "held", held);
	PUT(root, "refused", count_of(&paper->refused));
	PUT(root, "turned_away", value_count(paper->turned_away));
	PUT(root, "last_turned_away", value_time(paper->last_turned_away_us));
	PUT(root, "sent", paper->outcomes_told ? value_count(incident->sent) : json_null());
	PUT(root, "bounced", paper->outcomes_told ? value_count(incident->bounced) : json_null());
	PUT(root, "deferred", paper->outcomes_told ? value_count(incident->deferred) : json_null());
	PUT(root, "owner_messages", value_count(incident->owner_messages));
	PUT(root, "returned_moved", value_count(paper->returned_moved));
	PUT(root, "complaints", value_count(paper->complaints));
	PUT(root, "first_complaint", value_time(paper->first_complaint_us));
	PUT(root, "partial", json_boolean(paper->part_counted));
}

static json_t *reached_of(const struct paper *paper)
{
	json_t *reached = count_of(&paper->passed);

	PUT(reached, "distinct", paper->reached_told ? value_count(paper->reached) : json_null());
	PUT(reached, "complete", json_boolean(paper->reached_complete));
	return reached;
}

/* ---- from where */

static json_t *source_of(const struct paper *paper, const struct incident_source *source)
{
	json_t *object = json_object();
	char ip[IP_TEXT_MAX];

	PUT(object, "ip", ip_known(&source->ip) ? json_string(ip_format(&source->ip, ip)) : json_null());
	PUT(object, "country", value_country(&source->place));
	PUT(object, "asn", source->place.asn ? value_count(source->place.asn) : json_null());
	PUT(object, "network", value_text_or_null(source->network));
	PUT(object, "logins", paper->logins_told && !source->familiar ? value_count(source->logins) : json_null());
	PUT(object, "messages", value_count(source->messages));
	PUT(object, "recipients", value_count(source->recipients));
	PUT(object, "first", value_time(source->first_us));
	PUT(object, "last", value_time(source->last_us));
	PUT(object, "familiar", json_boolean(source->familiar));
	PUT(object, "whose", value_whose(source));
	return object;
}

static json_t *sources_of(const struct paper *paper)
{
	const struct incident_source **sources = tally_sources(&paper->incident);
	json_t *array = json_array();

	for (size_t i = 0; i < paper->incident.source_count; i++)
		json_array_append_new(array, source_of(paper, sources[i]));
	free(sources);
	return array;
}

static json_t *countries_of(const struct paper *paper)
{
	json_t *array = json_array();
	struct tally tally;

	tally_make(&paper->incident, TALLY_COUNTRY, &tally);
	for (size_t i = 0; i < tally.count; i++) {
		json_t *row = json_object();

		PUT(row, "country", value_country(&tally.rows[i].first->place));
		PUT(row, "name", value_text(show_country(SHOWN, &tally.rows[i].first->place)));
		PUT(row, "addresses", value_count(tally.rows[i].addresses));
		PUT(row, "messages", value_count(tally.rows[i].messages));
		json_array_append_new(array, row);
	}
	tally_done(&tally);
	return array;
}

/* ---- why, when */

static json_t *evidence_of(const struct incident *incident)
{
	json_t *array = json_array();

	for (size_t i = 0; i < incident->evidence_count; i++) {
		const struct incident_evidence *evidence = &incident->evidence[i];
		json_t *object = json_object();

		PUT(object, "signal", value_text(evidence->signal));
		PUT(object, "bits", value_rounded(evidence->bits, 10));
		PUT(object, "at", value_time(evidence->at_us));
		PUT(object, "text", value_text(evidence->text));
		PUT(object, "means", value_text(paper_signal(evidence)));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *series_of(const struct incident_series *series)
{
	json_t *attacker, *owner;

	if (!series->count)
		return json_null();
	attacker = json_array();
	owner = json_array();
	for (size_t i = 0; i < series->count; i++) {
		json_array_append_new(attacker, value_count(series->attacker[i]));
		json_array_append_new(owner, value_count(series->owner[i]));
	}
	return json_pack("{s:o, s:I, s:o, s:o}", "start", value_time(series->start_us), "step",
			 (json_int_t)(series->step_us / SECOND_US), "attacker", attacker, "owner", owner);
}

static json_t *story_of(const struct paper *paper)
{
	json_t *array = json_array();
	struct paper_event *events;
	size_t count = paper_story(paper, &events);

	for (size_t i = 0; i < count; i++) {
		json_t *object = json_object();

		PUT(object, "at", value_time(events[i].at_us));
		PUT(object, "what", value_text(events[i].what));
		PUT(object, "who", value_text_or_null(events[i].who));
		json_array_append_new(array, object);
	}
	paper_story_done(events, count);
	return array;
}

/* ---- what was done */

static json_t *step_of(const struct paper_step *step)
{
	static const char *const states[PAPER_STEP_STATES] = { "waiting", "done", "failed", "cannot", "not_set_up", "undone" };
	char *says = paper_sentence(&step->says), *proof = paper_sentence(&step->proof);
	json_t *object = json_object();

	PUT(object, "action", value_text(step->action));
	PUT(object, "state", json_string(states[step->state]));
	PUT(object, "at", value_time(step->at_us));
	PUT(object, "done_at", value_time(step->done_us));
	PUT(object, "tries", value_count(step->tries));
	PUT(object, "says", value_text_or_null(says));
	PUT(object, "proof", value_text_or_null(proof));
	PUT(object, "proved_at", value_time(step->proved_us));
	free(says);
	free(proof);
	return object;
}

static json_t *closure_of(const struct paper_closure *closure)
{
	json_t *object, *steps;

	if (!closure->known)
		return json_null();
	object = json_object();
	steps = json_array();
	for (size_t i = 0; i < closure->count; i++)
		json_array_append_new(steps, step_of(&closure->steps[i]));
	PUT(object, "scope", value_text_or_null(closure->scope));
	PUT(object, "began", value_time(closure->began_us));
	PUT(object, "closed", value_time(closure->closed_us));
	PUT(object, "proved", value_time(closure->proved_us));
	PUT(object, "steps", steps);
	return object;
}

static json_t *advice_of(const struct paper *paper)
{
	static const char *const parts[PAPER_PARTS] = { "server", "owner", "expect" };
	json_t *object = json_object();
	struct paper_lines lines;

	for (enum paper_part part = 0; part < PAPER_PARTS; part++) {
		paper_left(paper, part, &lines);
		PUT(object, parts[part], lines_of(&lines));
	}
	return object;
}

/* ---- the whole */

static void put_head(json_t *root, const struct paper *paper)
{
	static const char *const states[PAPER_STATES] = { "open", "contained", "released", "closed" };
	static const char *const modes[PAPER_MODES] = { "learn", "observe", "enforce" };
	const struct incident *incident = &paper->incident;
	char language[16];

	page_language(language);
	PUT(root, "schema", json_string("sekisho.incident/1"));
	PUT(root, "made", value_time(paper->made_us));
	PUT(root, "language", json_string(language));
	PUT(root, "full", json_boolean(paper->full));
	PUT(root, "id", value_count(paper->number));
	PUT(root, "account", value_text(paper->account));
	PUT(root, "verdict", json_string(incident->verdict == INCIDENT_HIJACKED ? "hijacked" : "suspected"));
	PUT(root, "false_alarm", json_boolean(paper->false_alarm));
	PUT(root, "state", json_string(states[paper->state]));
	PUT(root, "mode", json_string(modes[paper->mode]));
	PUT(root, "braked", json_boolean(paper->braked));
	PUT(root, "locked", json_boolean(paper->locked));
	PUT(root, "bits", value_rounded(incident->bits, 10));
}

static json_t *paper_of(const struct paper *paper)
{
	const struct incident *incident = &paper->incident;
	json_t *root = json_object();
	struct paper_lines lines;

	put_head(root, paper);
	PUT(root, "opening", value_opening(incident->opening));
	PUT(root, "same_source", json_boolean(incident->same_source));
	paper_cause(paper, &lines);
	PUT(root, "cause", lines_of(&lines));
	PUT(root, "began", value_time(incident->began_us));
	PUT(root, "first_abuse", value_time(incident->first_abuse_us));
	PUT(root, "last_abuse", value_time(incident->last_abuse_us));
	PUT(root, "detected_at", value_time(incident->detected_us));
	PUT(root, "closed", value_time(paper->closed_us));
	put_counts(root, paper);
	PUT(root, "reached", reached_of(paper));
	PUT(root, "sources", sources_of(paper));
	PUT(root, "sources_omitted", json_boolean(paper->sources_left_out));
	PUT(root, "countries", countries_of(paper));
	PUT(root, "series", series_of(&incident->series));
	PUT(root, "evidence", evidence_of(incident));
	PUT(root, "timeline", story_of(paper));
	PUT(root, "closure", closure_of(&paper->closure));
	PUT(root, "advice", advice_of(paper));
	return root;
}

bool paper_json(const struct paper *paper, FILE *to, struct error *error) { return value_write(paper_of(paper), to, error); }
