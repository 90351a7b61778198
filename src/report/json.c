/* SPDX-License-Identifier: Apache-2.0 */
/* The report as "sekisho.scan/1" of contracts.md. Fields may be added, never renamed. */
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>

#include "report/tally.h"
#include "report/value.h"
#include "report/words.h"

static json_t *address(const struct ip *ip, bool block)
{
	char text[IP_TEXT_MAX];

	if (!ip_known(ip))
		return json_null();
	return json_string(block ? ip_format_block(ip, text) : ip_format(ip, text));
}

static void put_place(json_t *object, const struct event_place *place, const char *network)
{
	json_object_set_new(object, "country", value_country(place));
	json_object_set_new(object, "asn", place->asn ? value_count(place->asn) : json_null());
	json_object_set_new(object, "network", value_text_or_null(network));
}

static json_t *names(const char *const *items, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, value_text(items[i]));
	return array;
}

static json_t *list(const void *items, size_t count, size_t bytes, json_t *(*of)(const void *item))
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, of((const char *)items + i * bytes));
	return array;
}

/* ---- the input */

static json_t *file_of(const void *item)
{
	const struct report_file *file = item;
	json_t *object = json_object();

	json_object_set_new(object, "path", value_text(file->path));
	json_object_set_new(object, "lines", value_count(file->lines));
	json_object_set_new(object, "bytes", value_count(file->bytes));
	json_object_set_new(object, "unparsed", value_count(file->unparsed));
	json_object_set_new(object, "foreign", value_count(file->foreign));
	json_object_set_new(object, "repeated", value_count(file->repeated));
	json_object_set_new(object, "error", value_text_or_null(file->error));
	return object;
}

static json_t *input_of(const struct report *report)
{
	json_t *object = json_object();

	json_object_set_new(object, "files", list(report->files, report->file_count, sizeof *report->files, file_of));
	json_object_set_new(object, "lines", value_count(report->lines));
	json_object_set_new(object, "bytes", value_count(report->bytes));
	json_object_set_new(object, "unparsed", value_count(report->unparsed));
	json_object_set_new(object, "foreign", value_count(report->foreign));
	json_object_set_new(object, "events", value_count(report->events));
	json_object_set_new(object, "first", value_time(report->first_us));
	json_object_set_new(object, "last", value_time(report->last_us));
	json_object_set_new(object, "since", value_time(report->since_us));
	json_object_set_new(object, "seconds", value_rounded(report->seconds, 1000));
	return object;
}

static json_t *geo_of(const struct report *report)
{
	char *note = words_geo(report);
	json_t *object = json_object();

	json_object_set_new(object, "file", value_text_or_null(report->geo.file));
	json_object_set_new(object, "made", report->geo.file ? value_time(report->geo.made_us) : json_null());
	json_object_set_new(object, "note", value_text_or_null(note));
	free(note);
	return object;
}

/* ---- incidents */

static json_t *source_of(const struct incident_source *source)
{
	json_t *object = json_object();

	json_object_set_new(object, "ip", address(&source->ip, false));
	put_place(object, &source->place, source->network);
	json_object_set_new(object, "logins", value_count(source->logins));
	json_object_set_new(object, "failures", value_count(source->failures));
	json_object_set_new(object, "messages", value_count(source->messages));
	json_object_set_new(object, "recipients", value_count(source->recipients));
	json_object_set_new(object, "bounced", value_count(source->bounced));
	json_object_set_new(object, "first", value_time(source->first_us));
	json_object_set_new(object, "last", value_time(source->last_us));
	json_object_set_new(object, "familiar", json_boolean(source->familiar));
	json_object_set_new(object, "whose", value_whose(source));
	return object;
}

static json_t *sources_of(const struct incident *incident)
{
	const struct incident_source **sources = tally_sources(incident);
	json_t *array = json_array();

	for (size_t i = 0; i < incident->source_count; i++)
		json_array_append_new(array, source_of(sources[i]));
	free(sources);
	return array;
}

static json_t *evidence_of(const void *item)
{
	const struct incident_evidence *evidence = item;
	json_t *object = json_object();

	json_object_set_new(object, "signal", value_text(evidence->signal));
	json_object_set_new(object, "bits", value_rounded(evidence->bits, 10));
	json_object_set_new(object, "at", value_time(evidence->at_us));
	json_object_set_new(object, "text", value_text(evidence->text));
	return object;
}

static json_t *advice_of(const struct report *report, const struct incident *incident)
{
	char *texts[ADVICE_MAX];
	size_t count = advice_for(report, incident, texts);
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++) {
		json_array_append_new(array, value_text(texts[i]));
		free(texts[i]);
	}
	return array;
}

static void put_counts(json_t *object, const struct incident *incident)
{
	json_object_set_new(object, "messages", value_count(incident->messages));
	json_object_set_new(object, "recipients", value_count(incident->recipients));
	json_object_set_new(object, "sent", value_count(incident->sent));
	json_object_set_new(object, "bounced", value_count(incident->bounced));
	json_object_set_new(object, "deferred", value_count(incident->deferred));
	json_object_set_new(object, "unfinished", value_count(incident->unfinished));
	json_object_set_new(object, "owner_messages", value_count(incident->owner_messages));
	json_object_set_new(object, "returned", value_count(incident->returned));
	json_object_set_new(object, "leaked_before_detection", value_count(incident->leaked_before_detection));
}

static json_t *incident_of(const struct report *report, const struct incident *incident)
{
	json_t *object = json_object();

	json_object_set_new(object, "account", value_text(incident->name));
	json_object_set_new(object, "verdict",
			    json_string(incident->verdict == INCIDENT_HIJACKED ? "hijacked" : "suspected"));
	json_object_set_new(object, "bits", value_rounded(incident->bits, 10));
	json_object_set_new(object, "opening", value_opening(incident->opening));
	json_object_set_new(object, "began", value_time(incident->began_us));
	json_object_set_new(object, "first_abuse", value_time(incident->first_abuse_us));
	json_object_set_new(object, "last_abuse", value_time(incident->last_abuse_us));
	json_object_set_new(object, "detected_at", value_time(incident->detected_us));
	put_counts(object, incident);
	json_object_set_new(object, "same_source", json_boolean(incident->same_source));
	json_object_set_new(object, "hindsight", json_string(incident->partial ? "partial" : "complete"));
	json_object_set_new(object, "evidence",
			    list(incident->evidence, incident->evidence_count, sizeof *incident->evidence,
				 evidence_of));
	json_object_set_new(object, "advice", advice_of(report, incident));
	json_object_set_new(object, "sources", sources_of(incident));
	json_object_set_new(object, "sources_omitted", value_count(incident->sources_omitted));
	json_object_set_new(object, "queue_ids",
			    names((const char *const *)incident->queue_ids, incident->queue_id_count));
	json_object_set_new(object, "queue_ids_omitted", value_count(incident->queue_ids_omitted));
	return object;
}

/* ---- what else was seen */

static json_t *guess_of(const void *item)
{
	const struct report_guess *guess = item;
	json_t *object = json_object();

	json_object_set_new(object, "ip", address(&guess->ip, guess->block));
	put_place(object, &guess->place, guess->network);
	json_object_set_new(object, "accounts_tried", value_count(guess->accounts_tried));
	json_object_set_new(object, "attempts", value_count(guess->attempts));
	json_object_set_new(object, "first", value_time(guess->first_us));
	json_object_set_new(object, "last", value_time(guess->last_us));
	json_object_set_new(object, "opened", names(guess->opened, guess->opened_count));
	return object;
}

static json_t *spoofed_of(const void *item)
{
	const struct report_spoofed *spoofed = item;
	json_t *object = json_object();

	json_object_set_new(object, "account", value_text(spoofed->account));
	json_object_set_new(object, "bounces", value_count(spoofed->bounces));
	json_object_set_new(object, "first", value_time(spoofed->first_us));
	json_object_set_new(object, "last", value_time(spoofed->last_us));
	return object;
}

static json_t *local_sender_of(const void *item)
{
	const struct report_local_sender *sender = item;
	json_t *object = json_object();
	uint64_t uid;

	if (sender->is_uid && text_number(text_of(sender->user), UINT32_MAX, &uid))
		json_object_set_new(object, "uid", value_count(uid));
	else
		json_object_set_new(object, "user", value_text(sender->user));
	json_object_set_new(object, "messages", value_count(sender->messages));
	json_object_set_new(object, "recipients", value_count(sender->recipients));
	json_object_set_new(object, "bounced", value_count(sender->bounced));
	json_object_set_new(object, "verdict", json_string(sender->suspected ? "suspected" : "usual"));
	return object;
}

static json_t *top_sender_of(const void *item)
{
	const struct report_top_sender *sender = item;
	json_t *object = json_object();

	json_object_set_new(object, "account", value_text(sender->account));
	json_object_set_new(object, "messages", value_count(sender->messages));
	json_object_set_new(object, "recipients", value_count(sender->recipients));
	json_object_set_new(object, "bounced", value_count(sender->bounced));
	json_object_set_new(object, "incident", json_boolean(sender->incident));
	return object;
}

static json_t *report_of(const struct report *report)
{
	json_t *root = json_object(), *incidents = json_array();

	for (size_t i = 0; i < report->incident_count; i++)
		json_array_append_new(incidents, incident_of(report, &report->incidents[i]));
	json_object_set_new(root, "schema", json_string("sekisho.scan/1"));
	json_object_set_new(root, "input", input_of(report));
	json_object_set_new(root, "geo", geo_of(report));
	json_object_set_new(root, "hindsight", json_string(report->partial_hindsight ? "partial" : "complete"));
	json_object_set_new(root, "accounts", value_count(report->accounts));
	json_object_set_new(root, "incidents", incidents);
	json_object_set_new(root, "guessing",
			    list(report->guessing, report->guess_count, sizeof *report->guessing, guess_of));
	json_object_set_new(root, "spoofed",
			    list(report->spoofed, report->spoofed_count, sizeof *report->spoofed, spoofed_of));
	json_object_set_new(root, "local_senders",
			    list(report->local_senders, report->local_sender_count, sizeof *report->local_senders,
				 local_sender_of));
	json_object_set_new(root, "top_senders",
			    list(report->top_senders, report->top_sender_count, sizeof *report->top_senders,
				 top_sender_of));
	return root;
}

bool report_json(const struct report *report, FILE *to, struct error *error)
{
	json_t *root = report_of(report);

	return value_write(root, to, error);
}
