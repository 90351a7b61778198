/* SPDX-License-Identifier: Apache-2.0 */
#include "report/paper.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "report/field.h"
#include "recovery/care.h"
#include "report/show.h"

/* ---- fields */

static uint32_t small_in(const json_t *object, const char *field)
{
	uint64_t number = field_count(object, field);

	return number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

static struct paper_count count_in(const json_t *object, const char *field)
{
	const json_t *count = json_object_get(object, field);

	return (struct paper_count){ field_count(count, "messages"), field_count(count, "recipients") };
}

/* the place of the word among the names, or `otherwise` */
static int word_in(const json_t *object, const char *field, const char *const *names, int count, int otherwise)
{
	const char *word = field_text(object, field);

	for (int i = 0; i < count; i++)
		if (strcmp(word, names[i]) == 0)
			return i;
	return otherwise;
}

/* as much of it as there is room for, but no part of a character */
static void cut(char *to, size_t size, const char *text)
{
	size_t n = strlen(text);

	if (n >= size)
		for (n = size - 1; n && ((unsigned char)text[n] & 0xc0) == 0x80;)
			n--;
	memcpy(to, text, n);
	to[n] = '\0';
}

static void copy(char to[PAPER_TEXT_MAX], const char *text) { cut(to, PAPER_TEXT_MAX, text); }

/* ---- other people's data */

#define LEFT_OUT "[…]"

/* what mail and IP addresses are made of; in UTF-8 a name may be any letter */
static bool is_of_address(unsigned char c) { return isalnum(c) || c >= 0x80 || (c && strchr(".:@_+-=%/~!#$&'\"*?^`{|}", c)); }

static bool is_owners_place(const json_t *incident, struct text word)
{
	const json_t *one;
	struct ip ip, place;
	size_t i;

	if (!ip_parse(word, &ip) || !ip_known(&ip))
		return false;
	json_array_foreach(json_object_get(incident, "sources"), i, one)
		if (field_flag(one, "familiar") && ip_parse(text_of(field_text(one, "ip")), &place) && ip_equal(&ip, &place))
			return true;
	return false;
}

/* the address in "rip=192.0.2.1" and "192.0.2.1/24" */
static struct text bare(struct text word)
{
	while (text_find(word, '=') < word.n)
		word = text_after(word, text_find(word, '=') + 1);
	return text_head(word, text_find(word, '/'));
}

static struct text unquoted(struct text word)
{
	while (word.n && strchr("\"'", word.p[0]))
		word = text_after(word, 1);
	while (word.n && strchr("\"'", word.p[word.n - 1]))
		word.n--;
	return word;
}

static bool is_private(const json_t *incident, struct text word)
{
	const char *account = field_text(incident, "account");

	word = unquoted(word);
	if (word.n && text_find(word, '@') < word.n)
		return word.n != strlen(account) || strncasecmp(word.p, account, word.n) != 0;
	return is_owners_place(incident, bare(word));
}

/* a word ends before what is punctuation to a reader */
static struct text without_stops(struct text word)
{
	while (word.n && strchr(".:?!'", word.p[word.n - 1]))
		word.n--;
	return word;
}

static void copy_public(char to[PAPER_TEXT_MAX], const char *text, const json_t *incident, bool full)
{
	char *whole = NULL;
	size_t size = 0;
	FILE *into = full ? NULL : open_memstream(&whole, &size);

	if (!into) {
		copy(to, text);
		return;
	}
	while (*text) {
		struct text word = { text, 0 };

		while (is_of_address((unsigned char)word.p[word.n]))
			word.n++;
		word = without_stops(word);
		if (!word.n)
			word.n = 1;
		if (is_private(incident, word))
			fputs(LEFT_OUT, into);
		else
			fwrite(word.p, 1, word.n, into);
		text += word.n;
	}
	fclose(into);
	copy(to, whole);
	free(whole);
}

/* ---- sources */

static void take_place(const json_t *object, struct incident_source *source)
{
	const char *country = field_text(object, "country");

	if (!ip_parse(text_of(field_text(object, "ip")), &source->ip))
		source->ip = (struct ip){ { 0 } };
	if (isupper((unsigned char)country[0]) && isupper((unsigned char)country[1]) && !country[2])
		memcpy(source->place.country, country, 2);
	source->place.asn = small_in(object, "asn");
	cut(source->network, sizeof source->network, field_text(object, "network"));
}

static struct incident_source source_of(const json_t *object)
{
	struct incident_source source = {
		.logins = small_in(object, "logins"),
		.messages = small_in(object, "messages"),
		.recipients = small_in(object, "recipients"),
		.first_us = field_time(object, "first"),
		.last_us = field_time(object, "last"),
		.familiar = field_flag(object, "familiar"),
		.attacker = field_flag(object, "attacker"),
	};

	take_place(object, &source);
	return source;
}

static uint32_t sum(uint32_t a, uint32_t b) { return a + b < a ? UINT32_MAX : a + b; }

static void join(struct incident_source *into, const struct incident_source *one)
{
	into->logins = sum(into->logins, one->logins);
	into->messages = sum(into->messages, one->messages);
	into->recipients = sum(into->recipients, one->recipients);
	if (into->first_us == WHEN_NONE || (one->first_us != WHEN_NONE && one->first_us < into->first_us))
		into->first_us = one->first_us;
	if (one->last_us != WHEN_NONE && one->last_us > into->last_us)
		into->last_us = one->last_us;
}

/* the owner's places become one, of which nothing is told but how much came from there: one that the attacker used as well, or
 * the other ones */
static void hide_place(struct incident *incident, struct incident_source *one)
{
	memset(&one->ip, 0, sizeof one->ip);
	memset(&one->place, 0, sizeof one->place);
	*one->network = '\0';
	for (size_t i = 0; i < incident->source_count; i++)
		if (incident->sources[i].familiar && incident->sources[i].attacker == one->attacker) {
			join(&incident->sources[i], one);
			return;
		}
	incident->sources[incident->source_count++] = *one;
}

static void read_sources(const json_t *object, struct paper *paper)
{
	const json_t *sources = json_object_get(object, "sources"), *one;
	struct incident *incident = &paper->incident;
	size_t i;

	incident->sources = memory_zero(json_array_size(sources) + 1, sizeof *incident->sources);
	json_array_foreach(sources, i, one) {
		struct incident_source source = source_of(one);

		paper->logins_told |= json_is_integer(json_object_get(one, "logins"));
		if (incident->source_count >= INCIDENT_SOURCES_MAX)
			paper->sources_left_out = true;
		else if (paper_hides(paper, &source))
			hide_place(incident, &source);
		else
			incident->sources[incident->source_count++] = source;
	}
	paper->sources_left_out |= field_flag(object, "sources_omitted");
}

/* ---- evidence, time, story */

static void read_evidence(const json_t *object, struct paper *paper)
{
	const json_t *evidence = json_object_get(object, "evidence"), *one;
	struct incident *incident = &paper->incident;
	char text[PAPER_TEXT_MAX];
	size_t i;

	incident->evidence = memory_zero(PAPER_EVIDENCE_MAX, sizeof *incident->evidence);
	json_array_foreach(evidence, i, one) {
		struct incident_evidence *into = &incident->evidence[incident->evidence_count];

		if (incident->evidence_count == PAPER_EVIDENCE_MAX)
			break;
		incident->evidence_count++;
		copy_public(text, field_text(one, "text"), object, paper->full);
		into->signal = field_text(one, "signal"); /* becomes a copy of our own in own_signals */
		into->bits = field_bits(one, "bits");
		into->at_us = field_time(one, "at");
		cut(into->text, sizeof into->text, text);
	}
}

static size_t read_counts(const json_t *list, uint32_t counts[INCIDENT_SERIES_MAX])
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		json_int_t count = json_integer_value(one);

		if (i == INCIDENT_SERIES_MAX)
			break;
		counts[i] = count < 0 ? 0 : count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
	}
	return i;
}

static void read_series(const json_t *object, struct incident_series *series)
{
	const json_t *from = json_object_get(object, "series");
	uint64_t step_s = field_count(from, "step");
	size_t attacker, owner;

	series->start_us = field_time(from, "start");
	if (!step_s || step_s > 366 * 86400 || series->start_us == WHEN_NONE)
		return;
	series->step_us = (int64_t)step_s * SECOND_US;
	attacker = read_counts(json_object_get(from, "attacker"), series->attacker);
	owner = read_counts(json_object_get(from, "owner"), series->owner);
	series->count = attacker > owner ? attacker : owner;
}

static void read_notes(const json_t *object, struct paper *paper)
{
	const json_t *notes = json_object_get(object, "notes"), *one;
	size_t i;

	paper->notes = memory_zero(PAPER_NOTES_MAX, sizeof *paper->notes);
	json_array_foreach(notes, i, one) {
		struct paper_note *note = &paper->notes[paper->note_count];

		if (paper->note_count == PAPER_NOTES_MAX)
			break;
		paper->note_count++;
		note->at_us = field_time(one, "at");
		note->who = strcmp(field_text(one, "who"), "sekisho") == 0 ? PAPER_SEKISHO : PAPER_PERSON;
		copy(note->name, paper->full ? field_text(one, "who") : "");
		copy_public(note->text, field_text(one, "text"), object, paper->full);
		if (note->who == PAPER_PERSON && strstr(field_text(one, "text"), "a false alarm"))
			paper->false_alarm = true;
	}
}

/* ---- what came after */

static void read_complaints(const json_t *object, struct paper *paper)
{
	const json_t *complaints = json_object_get(object, "complaints"), *one;
	size_t i;

	paper->complaints = json_array_size(complaints);
	paper->first_complaint_us = WHEN_NONE;
	json_array_foreach(complaints, i, one) {
		int64_t at_us = field_time(one, "at");

		if (at_us != WHEN_NONE && (paper->first_complaint_us == WHEN_NONE || at_us < paper->first_complaint_us))
			paper->first_complaint_us = at_us;
	}
}

static void read_care(const json_t *object, struct paper *paper)
{
	const json_t *one;
	size_t i;

	paper->care_told = json_array_size(json_object_get(object, "care")) > 0;
	json_array_foreach(json_object_get(object, "care"), i, one) {
		const struct care_item *item = care_find(text_of(field_text(one, "item")));

		if (item && strcmp(field_text(one, "state"), "open") != 0)
			paper->care_settled |= 1u << (item - care_items);
	}
	paper->guide_told = json_is_object(json_object_get(object, "guide"));
	guide_from_json(json_object_get(object, "guide"), &paper->guide);
}

/* ---- the closure */

/* {"form","count"} where the daemon tells it apart, to be said in the reader's language; else the plain text */
static void read_sentence(const json_t *from, const char *field, const char *plain, const json_t *incident, bool full,
			  struct paper_sentence *sentence)
{
	const json_t *apart = json_object_get(from, field);
	const char *form = field_text(apart, "form");

	copy_public(sentence->form, *form ? form : field_text(from, plain), incident, full);
	sentence->count = field_count(apart, "count");
}

static void read_step(const json_t *from, const json_t *incident, bool full, struct paper_step *step)
{
	static const char *const states[PAPER_STEP_STATES] = { "waiting", "done", "failed", "cannot", "not_set_up", "undone" };

	copy(step->action, field_text(from, "action"));
	copy(step->title, field_text(from, "title"));
	step->state = (enum paper_step_state)word_in(from, "state", states, PAPER_STEP_STATES, PAPER_STEP_WAITING);
	step->at_us = field_time(from, "at");
	step->done_us = field_time(from, "done_at");
	step->proved_us = field_time(from, "proved_at");
	step->tries = field_count(from, "tries");
	step->wanted = !json_is_false(json_object_get(from, "wanted"));
	read_sentence(from, "said", "says", incident, full, &step->says);
	read_sentence(from, "proved", "proof", incident, full, &step->proof);
}

static void read_closure(const json_t *object, struct paper *paper)
{
	const json_t *from = json_object_get(object, "closure"), *one;
	struct paper_closure *closure = &paper->closure;
	size_t i;

	closure->began_us = field_time(from, "began");
	closure->closed_us = field_time(from, "closed");
	closure->proved_us = field_time(from, "proved");
	closure->known = json_is_object(from);
	copy(closure->scope, field_text(from, "scope"));
	closure->steps = memory_zero(PAPER_STEPS_MAX, sizeof *closure->steps);
	json_array_foreach(json_object_get(from, "steps"), i, one)
		if (closure->count < PAPER_STEPS_MAX)
			read_step(one, object, paper->full, &closure->steps[closure->count++]);
}

/* ---- the whole */

static void read_held(const json_t *object, struct paper *paper)
{
	static const char *const fates[PAPER_HELD] = { "waiting", "releasing", "released", "condemned", "deleted", "gone" };
	const json_t *held = json_object_get(object, "held");

	for (int i = 0; i < PAPER_HELD; i++)
		paper->held[i] = count_in(held, fates[i]);
}

static void read_state(const json_t *object, struct paper *paper)
{
	static const char *const states[PAPER_STATES] = { "open", "contained", "released", "closed" };
	static const char *const modes[PAPER_MODES] = { "learn", "observe", "enforce" };

	paper->number = field_count(object, "id");
	paper->state = (enum paper_state)word_in(object, "state", states, PAPER_STATES, PAPER_OPEN);
	paper->mode = (enum paper_mode)word_in(object, "mode", modes, PAPER_MODES, PAPER_ENFORCED);
	paper->braked = field_flag(object, "braked");
	paper->locked = field_flag(object, "locked");
	paper->part_counted = field_flag(object, "partial");
	paper->closed_us = field_time(object, "closed");
	paper->turned_away = field_count(object, "turned_away");
	paper->returned_moved = field_count(json_object_get(object, "flood"), "moved");
	paper->last_turned_away_us = field_time(object, "last_turned_away");
	paper->passed = count_in(object, "passed");
	paper->refused = count_in(object, "refused");
}

static void read_reached(const json_t *object, struct paper *paper)
{
	const json_t *reached = json_object_get(object, "reached");

	paper->reached_told = json_is_object(reached);
	paper->reached = field_count(reached, "distinct");
	paper->reached_complete = field_flag(reached, "complete");
}

static void read_incident(const json_t *object, struct paper *paper)
{
	static const char *const openings[] = {
		[OPENING_UNKNOWN] = "unknown", [OPENING_BLUE] = "out_of_the_blue", [OPENING_GUESSED] = "guessed", [OPENING_SPRAYED] = "sprayed"
	};
	struct incident *incident = &paper->incident;

	incident->name = paper->account;
	incident->verdict = strcmp(field_text(object, "verdict"), "suspected") == 0 ? INCIDENT_SUSPECTED : INCIDENT_HIJACKED;
	incident->opening = (enum incident_opening)word_in(object, "opening", openings, OPENING_SPRAYED + 1, OPENING_UNKNOWN);
	incident->bits = field_bits(object, "bits");
	incident->began_us = field_time(object, "began");
	incident->first_abuse_us = field_time(object, "first_abuse");
	incident->last_abuse_us = field_time(object, "last_abuse");
	incident->detected_us = field_time(object, "detected_at");
	incident->messages = small_in(object, "messages");
	incident->recipients = small_in(object, "recipients");
	incident->sent = small_in(object, "sent");
	incident->bounced = small_in(object, "bounced");
	incident->deferred = small_in(object, "deferred");
	incident->leaked_before_detection = small_in(object, "leaked_before_detection");
	incident->owner_messages = small_in(object, "owner_messages");
	incident->same_source = field_flag(object, "same_source");
	paper->outcomes_told = json_is_integer(json_object_get(object, "sent"));
}

/* signals have short names of their own; the borrowed ones end with the answer */
static void own_signals(struct incident *incident)
{
	for (size_t i = 0; i < incident->evidence_count; i++) {
		const char *name = incident->evidence[i].signal;

		incident->evidence[i].signal = memory_copy(name, strnlen(name, PAPER_TEXT_MAX));
	}
}

bool paper_read(const json_t *object, bool full, int64_t made_us, struct paper *paper, struct error *error)
{
	const char *account = field_text(object, "account");

	*paper = (struct paper){ 0 };
	if (!*account || !field_count(object, "id"))
		return error_set(error, "there is no incident in it: no account, or no number");
	*paper = (struct paper){ .full = full, .made_us = made_us, .account = memory_copy(account, strlen(account)) };
	read_state(object, paper);
	read_incident(object, paper);
	read_held(object, paper);
	read_sources(object, paper);
	read_evidence(object, paper);
	own_signals(&paper->incident);
	read_series(object, &paper->incident.series);
	read_reached(object, paper);
	read_notes(object, paper);
	read_complaints(object, paper);
	read_care(object, paper);
	read_closure(object, paper);
	return true;
}

void paper_done(struct paper *paper)
{
	for (size_t i = 0; i < paper->incident.evidence_count; i++)
		free((char *)paper->incident.evidence[i].signal);
	incident_done(&paper->incident);
	free(paper->closure.steps);
	free(paper->notes);
	free(paper->account);
	*paper = (struct paper){ 0 };
}
