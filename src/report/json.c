/* SPDX-License-Identifier: Apache-2.0 */
/* The report as "sekisho.scan/1" of contracts.md. Fields may be added, never renamed. */
#include "report/report.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/tally.h"
#include "report/utf8.h"
#include "report/words.h"

/* JSON is UTF-8 and nothing else: bytes that are not become \xNN */
static json_t *string(const char *text)
{
	json_t *clean = text ? json_string(text) : json_null();
	struct utf8_step step;
	size_t n = 0;
	char *copy;

	if (clean)
		return clean;
	copy = memory_new(4 * strlen(text) + 1);
	for (utf8_step(text, &step); step.used; utf8_step(text += step.used, &step)) {
		const char *from = step.valid ? text : step.shown;
		size_t bytes = step.valid ? step.used : strlen(step.shown);

		memcpy(copy + n, from, bytes);
		n += bytes;
	}
	clean = json_stringn(copy, n);
	free(copy);
	return clean ? clean : json_null();
}

static json_t *string_or_null(const char *text)
{
	return text && *text ? string(text) : json_null();
}

static json_t *when(int64_t t_us)
{
	char text[WHEN_TEXT_MAX];

	return t_us == WHEN_NONE ? json_null() : json_string(when_format(t_us, text));
}

static json_t *rounded(double value, double scale)
{
	return isfinite(value) ? json_real(round(value * scale) / scale) : json_null();
}

static json_t *number(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *address(const struct ip *ip, bool block)
{
	char text[IP_TEXT_MAX];

	if (!ip_known(ip))
		return json_null();
	return json_string(block ? ip_format_block(ip, text) : ip_format(ip, text));
}

static json_t *country(const struct event_place *place)
{
	char text[3] = { place->country[0], place->country[1], '\0' };

	return string_or_null(text);
}

static void put_place(json_t *object, const struct event_place *place, const char *network)
{
	json_object_set_new(object, "country", country(place));
	json_object_set_new(object, "asn", place->asn ? number(place->asn) : json_null());
	json_object_set_new(object, "network", string_or_null(network));
}

static json_t *names(const char *const *items, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, string(items[i]));
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

	json_object_set_new(object, "path", string(file->path));
	json_object_set_new(object, "lines", number(file->lines));
	json_object_set_new(object, "bytes", number(file->bytes));
	json_object_set_new(object, "unparsed", number(file->unparsed));
	json_object_set_new(object, "foreign", number(file->foreign));
	json_object_set_new(object, "repeated", number(file->repeated));
	json_object_set_new(object, "error", string_or_null(file->error));
	return object;
}

static json_t *input_of(const struct report *report)
{
	json_t *object = json_object();

	json_object_set_new(object, "files", list(report->files, report->file_count, sizeof *report->files, file_of));
	json_object_set_new(object, "lines", number(report->lines));
	json_object_set_new(object, "bytes", number(report->bytes));
	json_object_set_new(object, "unparsed", number(report->unparsed));
	json_object_set_new(object, "foreign", number(report->foreign));
	json_object_set_new(object, "events", number(report->events));
	json_object_set_new(object, "first", when(report->first_us));
	json_object_set_new(object, "last", when(report->last_us));
	json_object_set_new(object, "since", when(report->since_us));
	json_object_set_new(object, "seconds", rounded(report->seconds, 1000));
	return object;
}

static json_t *geo_of(const struct report *report)
{
	char *note = words_geo(report);
	json_t *object = json_object();

	json_object_set_new(object, "file", string_or_null(report->geo.file));
	json_object_set_new(object, "made", report->geo.file ? when(report->geo.made_us) : json_null());
	json_object_set_new(object, "note", string_or_null(note));
	free(note);
	return object;
}

/* ---- incidents */

static const char *opening_of(enum incident_opening opening)
{
	static const char *const words[] = {
		[OPENING_UNKNOWN] = "unknown",
		[OPENING_BLUE] = "out_of_the_blue",
		[OPENING_GUESSED] = "guessed",
		[OPENING_SPRAYED] = "sprayed",
	};

	return words[opening];
}

static const char *whose(const struct incident_source *source)
{
	if (source->attacker)
		return source->familiar ? "both" : "attacker";
	return source->familiar ? "owner" : "unclear";
}

static json_t *source_of(const struct incident_source *source)
{
	json_t *object = json_object();

	json_object_set_new(object, "ip", address(&source->ip, false));
	put_place(object, &source->place, source->network);
	json_object_set_new(object, "logins", number(source->logins));
	json_object_set_new(object, "failures", number(source->failures));
	json_object_set_new(object, "messages", number(source->messages));
	json_object_set_new(object, "recipients", number(source->recipients));
	json_object_set_new(object, "bounced", number(source->bounced));
	json_object_set_new(object, "first", when(source->first_us));
	json_object_set_new(object, "last", when(source->last_us));
	json_object_set_new(object, "familiar", json_boolean(source->familiar));
	json_object_set_new(object, "whose", json_string(whose(source)));
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

	json_object_set_new(object, "signal", string(evidence->signal));
	json_object_set_new(object, "bits", rounded(evidence->bits, 10));
	json_object_set_new(object, "at", when(evidence->at_us));
	json_object_set_new(object, "text", string(evidence->text));
	return object;
}

static json_t *advice_of(const struct report *report, const struct incident *incident)
{
	char *texts[ADVICE_MAX];
	size_t count = advice_for(report, incident, texts);
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++) {
		json_array_append_new(array, string(texts[i]));
		free(texts[i]);
	}
	return array;
}

static void put_counts(json_t *object, const struct incident *incident)
{
	json_object_set_new(object, "messages", number(incident->messages));
	json_object_set_new(object, "recipients", number(incident->recipients));
	json_object_set_new(object, "sent", number(incident->sent));
	json_object_set_new(object, "bounced", number(incident->bounced));
	json_object_set_new(object, "deferred", number(incident->deferred));
	json_object_set_new(object, "unfinished", number(incident->unfinished));
	json_object_set_new(object, "owner_messages", number(incident->owner_messages));
	json_object_set_new(object, "returned", number(incident->returned));
	json_object_set_new(object, "leaked_before_detection", number(incident->leaked_before_detection));
}

static json_t *incident_of(const struct report *report, const struct incident *incident)
{
	json_t *object = json_object();

	json_object_set_new(object, "account", string(incident->name));
	json_object_set_new(object, "verdict",
			    json_string(incident->verdict == INCIDENT_HIJACKED ? "hijacked" : "suspected"));
	json_object_set_new(object, "bits", rounded(incident->bits, 10));
	json_object_set_new(object, "opening", json_string(opening_of(incident->opening)));
	json_object_set_new(object, "began", when(incident->began_us));
	json_object_set_new(object, "first_abuse", when(incident->first_abuse_us));
	json_object_set_new(object, "last_abuse", when(incident->last_abuse_us));
	json_object_set_new(object, "detected_at", when(incident->detected_us));
	put_counts(object, incident);
	json_object_set_new(object, "same_source", json_boolean(incident->same_source));
	json_object_set_new(object, "hindsight", json_string(incident->partial ? "partial" : "complete"));
	json_object_set_new(object, "evidence",
			    list(incident->evidence, incident->evidence_count, sizeof *incident->evidence,
				 evidence_of));
	json_object_set_new(object, "advice", advice_of(report, incident));
	json_object_set_new(object, "sources", sources_of(incident));
	json_object_set_new(object, "sources_omitted", number(incident->sources_omitted));
	json_object_set_new(object, "queue_ids",
			    names((const char *const *)incident->queue_ids, incident->queue_id_count));
	json_object_set_new(object, "queue_ids_omitted", number(incident->queue_ids_omitted));
	return object;
}

/* ---- what else was seen */

static json_t *guess_of(const void *item)
{
	const struct report_guess *guess = item;
	json_t *object = json_object();

	json_object_set_new(object, "ip", address(&guess->ip, guess->block));
	put_place(object, &guess->place, guess->network);
	json_object_set_new(object, "accounts_tried", number(guess->accounts_tried));
	json_object_set_new(object, "attempts", number(guess->attempts));
	json_object_set_new(object, "first", when(guess->first_us));
	json_object_set_new(object, "last", when(guess->last_us));
	json_object_set_new(object, "opened", names(guess->opened, guess->opened_count));
	return object;
}

static json_t *spoofed_of(const void *item)
{
	const struct report_spoofed *spoofed = item;
	json_t *object = json_object();

	json_object_set_new(object, "account", string(spoofed->account));
	json_object_set_new(object, "bounces", number(spoofed->bounces));
	json_object_set_new(object, "first", when(spoofed->first_us));
	json_object_set_new(object, "last", when(spoofed->last_us));
	return object;
}

static json_t *local_sender_of(const void *item)
{
	const struct report_local_sender *sender = item;
	json_t *object = json_object();
	uint64_t uid;

	if (sender->is_uid && text_number(text_of(sender->user), UINT32_MAX, &uid))
		json_object_set_new(object, "uid", number(uid));
	else
		json_object_set_new(object, "user", string(sender->user));
	json_object_set_new(object, "messages", number(sender->messages));
	json_object_set_new(object, "recipients", number(sender->recipients));
	json_object_set_new(object, "bounced", number(sender->bounced));
	json_object_set_new(object, "verdict", json_string(sender->suspected ? "suspected" : "usual"));
	return object;
}

static json_t *top_sender_of(const void *item)
{
	const struct report_top_sender *sender = item;
	json_t *object = json_object();

	json_object_set_new(object, "account", string(sender->account));
	json_object_set_new(object, "messages", number(sender->messages));
	json_object_set_new(object, "recipients", number(sender->recipients));
	json_object_set_new(object, "bounced", number(sender->bounced));
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
	json_object_set_new(root, "accounts", number(report->accounts));
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

static void put_escaped(uint32_t code, FILE *to)
{
	if (code > 0xffff)
		fprintf(to, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
	else
		fprintf(to, "\\u%04x", code);
}

/* Names come from logs, and JSON is looked at on terminals, too: controls, line separators and what turns the direction
 * of writing are written as \u escapes, which say the same. The library does so for the ASCII ones alone. */
static void put_disarmed(const char *text, FILE *to)
{
	const char *plain = text; /* up to `text`, nothing to be escaped */
	struct utf8_step step;

	for (utf8_step(text, &step); step.used; utf8_step(text += step.used, &step)) {
		if (step.plain || !step.valid || step.code < 0x7f)
			continue;
		fwrite(plain, 1, (size_t)(text - plain), to);
		put_escaped(step.code, to);
		plain = text + step.used;
	}
	fwrite(plain, 1, (size_t)(text - plain), to);
}

bool report_json(const struct report *report, FILE *to, struct error *error)
{
	json_t *root = report_of(report);
	char *text;
	bool failed;

	errno = 0;
	text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
	json_decref(root);
	failed = !text;
	if (text)
		put_disarmed(text, to);
	free(text);
	fputc('\n', to);
	if (fflush(to) != 0 || ferror(to) || failed)
		return error_set(error, "the report could not be written: %s", strerror(errno ? errno : EIO));
	return true;
}
