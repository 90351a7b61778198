/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/hindsight.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/table.h"
#include "engine/harm.h"
#include "engine/places.h"

#define BURST_GAP_US HOUR_US
enum {
	BURST_BOUNCES_LEAST = 5,   /* of one burst from the owner's own place, to be called the attacker's */
	GUESSES_LEAST = 3,
	GUESSES_SPREAD_LEAST = 10, /* wrong passwords from many places, in the two days before */
};

struct look {
	struct spool_record record;
	uint64_t number;
	uint32_t next; /* of the same account, + 1 */
};

struct chain {
	uint32_t first, last; /* + 1 */
};

struct hindsight {
	struct engine *engine;
	const struct accounts *accounts;
	struct geo *geo;
	int64_t log_first_us;
	struct look *looks;
	size_t look_count, look_room;
	struct table suspect_of;   /* account -> chain */
	struct chain *chains;
	struct incident *incidents;
	size_t incident_count, incident_room;
	struct table incident_of;  /* account -> incident */
	struct table attackers;    /* message -> recipients not announced */
	bool partial;
};

static uint64_t account_key(uint32_t account) { return account * 0x9e3779b97f4a7c15ull; }
static uint64_t message_key(uint32_t message) { return message * 0xd6e8feb86659fd93ull; }

/* ---- gather */

static void gather(void *context, uint64_t number, const struct spool_record *record)
{
	struct hindsight *hindsight = context;
	uint32_t *at = table_find(&hindsight->suspect_of, account_key(record->account));
	struct chain *chain;

	if (!at)
		return;
	if (hindsight->look_count >= HINDSIGHT_RECORDS_MAX) {
		hindsight->partial = true;
		return;
	}
	MEMORY_ROOM(hindsight->looks, hindsight->look_count, hindsight->look_room);
	hindsight->looks[hindsight->look_count++] = (struct look){ *record, number, 0 };
	chain = &hindsight->chains[*at];
	if (chain->last)
		hindsight->looks[chain->last - 1].next = (uint32_t)hindsight->look_count;
	else
		chain->first = (uint32_t)hindsight->look_count;
	chain->last = (uint32_t)hindsight->look_count;
}

#define EACH_LOOK(look, hindsight, chain)                                                              \
	for (const struct look *look = (chain)->first ? &(hindsight)->looks[(chain)->first - 1] : NULL; look; \
	     look = look->next ? &(hindsight)->looks[look->next - 1] : NULL)

static void divide(struct hindsight *hindsight, const struct chain *chain, const struct suspect *suspect,
		   struct places *places)
{
	EACH_LOOK(look, hindsight, chain)
		if (ip_known(&look->record.ip) && look->record.kind != EVENT_BOUNCE)
			places_count(places, &look->record, suspect->suspected_us);
	for (size_t i = 0; hindsight->geo && i < places->count; i++)
		geo_place(hindsight->geo, &places->items[i].ip, &places->items[i].where);
	places_divide(places, suspect->suspected_us);
}

/* ---- whose is each message */

static bool by_place(const struct places *places, const struct spool_record *record)
{
	const struct place *place = places_find(places, &record->ip);

	return place && place->attacker;
}

/* From the owner's own place nothing but the burst itself tells: messages less than an hour apart, many of which
 * bounced. Finds the bursts of all places that are not the attacker's and takes those over. */
static size_t mark_bursts(struct hindsight *hindsight, const struct chain *chain)
{
	struct burst { int64_t last_us; uint32_t messages, bounced, finished; } *bursts = NULL;
	size_t count = 0, room = 0, marked = 0;
	struct table burst_of = { 0 };

	EACH_LOOK(look, hindsight, chain) {
		const struct spool_record *record = &look->record;
		uint32_t *at;

		if (record->kind == EVENT_SUBMIT) {
			if (!count || record->t_us - bursts[count - 1].last_us > BURST_GAP_US) {
				MEMORY_ROOM(bursts, count, room);
				bursts[count++] = (struct burst){ 0 };
			}
			bursts[count - 1].last_us = record->t_us;
			bursts[count - 1].messages++;
			table_put(&burst_of, message_key(record->message), (uint32_t)count - 1, NULL);
		} else if (record->kind == EVENT_OUTCOME && record->result != RESULT_DEFERRED &&
			   (at = table_find(&burst_of, message_key(record->message)))) {
			bursts[*at].finished += record->count;
			bursts[*at].bounced += record->result == RESULT_BOUNCED ? record->count : 0;
		}
	}
	EACH_LOOK(look, hindsight, chain) {
		uint32_t *at = look->record.kind == EVENT_SUBMIT
				       ? table_find(&burst_of, message_key(look->record.message))
				       : NULL;

		if (!at || bursts[*at].bounced < BURST_BOUNCES_LEAST || bursts[*at].bounced * 8 < bursts[*at].finished)
			continue;
		table_put(&hindsight->attackers, message_key(look->record.message), look->record.count == 0, NULL);
		marked++;
	}
	table_done(&burst_of);
	free(bursts);
	return marked;
}

static size_t mark_places(struct hindsight *hindsight, const struct chain *chain, const struct places *places)
{
	size_t marked = 0;

	EACH_LOOK(look, hindsight, chain) {
		if (look->record.kind != EVENT_SUBMIT || !by_place(places, &look->record))
			continue;
		table_put(&hindsight->attackers, message_key(look->record.message), look->record.count == 0, NULL);
		marked++;
	}
	return marked;
}

/* ---- count */

static void count_submit(struct incident *incident, const struct suspect *suspect, const struct look *look)
{
	/* clocks are set back: the first is the earliest, not the one that was logged first */
	if (incident->first_abuse_us == WHEN_NONE || look->record.t_us < incident->first_abuse_us)
		incident->first_abuse_us = look->record.t_us;
	if (look->record.t_us > incident->last_abuse_us)
		incident->last_abuse_us = look->record.t_us;
	incident->messages++;
	incident->recipients += look->record.count;
	if (look->record.passed && (suspect->locked_us == WHEN_NONE || look->number < suspect->locked_record))
		incident->leaked_before_detection++;
}

static void count_outcome(struct incident *incident, const struct spool_record *record, bool not_announced)
{
	if (not_announced && !record->again)
		incident->recipients += record->count;
	if (record->result == RESULT_DEFERRED) {
		incident->deferred += !record->again;
		return;
	}
	if (record->again)
		incident->deferred -= incident->deferred < record->count ? incident->deferred : record->count;
	if (record->result == RESULT_SENT)
		incident->sent += record->count;
	else
		incident->bounced += record->count;
}

static void count(struct hindsight *hindsight, const struct chain *chain, const struct suspect *suspect,
		  struct incident *incident)
{
	uint32_t finals;

	EACH_LOOK(look, hindsight, chain) {
		uint32_t *attackers = look->record.message
					      ? table_find(&hindsight->attackers, message_key(look->record.message))
					      : NULL;

		if (look->record.kind == EVENT_SUBMIT && attackers)
			count_submit(incident, suspect, look);
		else if (look->record.kind == EVENT_OUTCOME && attackers)
			count_outcome(incident, &look->record, *attackers);
		else if (look->record.kind == EVENT_SUBMIT && incident->began_us != WHEN_NONE &&
			 look->record.t_us >= incident->began_us)
			incident->owner_messages++;
		else if (look->record.kind == EVENT_BOUNCE && incident->began_us != WHEN_NONE &&
			 look->record.t_us >= incident->began_us)
			incident->returned += look->record.count;
	}
	finals = incident->sent + incident->bounced;
	incident->unfinished = incident->recipients > finals ? incident->recipients - finals : 0;
}

/* ---- when and how it began */

static const struct place *first_of_attacker(const struct places *places)
{
	const struct place *first = NULL;

	for (size_t i = 0; i < places->count; i++)
		if (places->items[i].attacker && (!first || places->items[i].first_us < first->first_us))
			first = &places->items[i];
	return first;
}

static uint32_t failures_before(const struct hindsight *hindsight, const struct chain *chain,
				const struct places *places, int64_t t_us)
{
	uint32_t failures = 0;

	EACH_LOOK(look, hindsight, chain) {
		const struct spool_record *record = &look->record;
		const struct place *place;

		if (record->kind != EVENT_AUTH || record->ok || record->t_us > t_us || record->t_us < t_us - 2 * DAY_US)
			continue;
		place = places_find(places, &record->ip);
		if (place && (place->attacker || place->first_us == WHEN_NONE))
			failures += record->count;
	}
	return failures;
}

static void begin(struct hindsight *hindsight, const struct chain *chain, const struct places *places,
		  struct incident *incident)
{
	const struct place *first = first_of_attacker(places);
	const struct population_guesser *guesser;

	if (!first)
		return;
	incident->began_us = first->first_us;
	guesser = population_guesser(engine_population(hindsight->engine), &first->ip);
	if (first->failures >= GUESSES_LEAST && first->first_failure_us != WHEN_NONE &&
	    first->first_us - first->first_failure_us < 2 * DAY_US) {
		incident->began_us = first->first_failure_us;
		incident->opening = guesser && guesser->sprays ? OPENING_SPRAYED : OPENING_GUESSED;
	} else if (guesser && guesser->sprays && guesser->first_us < first->first_us) {
		incident->opening = OPENING_SPRAYED;
	} else if (failures_before(hindsight, chain, places, first->first_us) >= GUESSES_SPREAD_LEAST) {
		incident->opening = OPENING_GUESSED;
	} else if (first->first_us - hindsight->log_first_us < HOUR_US) {
		incident->opening = OPENING_UNKNOWN;
	} else {
		incident->opening = OPENING_BLUE;
	}
}

/* ---- for people */

static void fill_series(struct hindsight *hindsight, const struct chain *chain, struct incident *incident)
{
	static const int64_t steps[] = { MINUTE_US,   10 * MINUTE_US, HOUR_US,   3 * HOUR_US,
					 6 * HOUR_US, DAY_US,         7 * DAY_US };
	struct incident_series *series = &incident->series;
	int64_t last_us = hindsight->looks[chain->last - 1].record.t_us,
		first_us = hindsight->looks[chain->first - 1].record.t_us;
	int64_t lead_us = incident->last_abuse_us != WHEN_NONE && incident->last_abuse_us - incident->began_us < HOUR_US
				  ? 6 * HOUR_US
				  : 2 * DAY_US;
	size_t step = 0;

	if (first_us < incident->began_us - lead_us)
		first_us = incident->began_us - lead_us;
	if (incident->last_abuse_us != WHEN_NONE && last_us > incident->last_abuse_us + lead_us)
		last_us = incident->last_abuse_us + lead_us;
	while (step + 1 < sizeof steps / sizeof *steps && (last_us - first_us) / steps[step] >= INCIDENT_SERIES_MAX)
		step++;
	series->step_us = steps[step];
	series->start_us = first_us - first_us % steps[step];
	EACH_LOOK(look, hindsight, chain) {
		int64_t at = (look->record.t_us - series->start_us) / series->step_us;

		if (look->record.kind != EVENT_SUBMIT || look->record.t_us < series->start_us ||
		    at >= INCIDENT_SERIES_MAX)
			continue;
		if (table_find(&hindsight->attackers, message_key(look->record.message)))
			series->attacker[at]++;
		else
			series->owner[at]++;
		if ((size_t)at >= series->count)
			series->count = (size_t)at + 1;
	}
}

static struct incident_source *source_of(struct incident *incident, struct table *index, size_t *room,
					 const struct ip *ip)
{
	bool made;
	uint32_t *at;

	if (incident->source_count >= INCIDENT_SOURCES_MAX && !table_find(index, ip_host_key(ip))) {
		incident->sources_omitted++;
		return NULL;
	}
	at = table_put(index, ip_host_key(ip), (uint32_t)incident->source_count, &made);
	if (made) {
		MEMORY_ROOM(incident->sources, incident->source_count, *room);
		incident->sources[incident->source_count++] =
			(struct incident_source){ .ip = *ip, .first_us = WHEN_NONE, .last_us = WHEN_NONE };
	}
	return &incident->sources[*at];
}

static void count_source(struct incident_source *source, const struct spool_record *record)
{
	bool use = (record->kind == EVENT_AUTH && record->ok) || record->kind == EVENT_SUBMIT;

	if (use && (source->first_us == WHEN_NONE || record->t_us < source->first_us))
		source->first_us = record->t_us;
	if (use && record->t_us > source->last_us)
		source->last_us = record->t_us;
	if (record->kind == EVENT_AUTH && record->ok)
		source->logins++;
	else if (record->kind == EVENT_AUTH)
		source->failures += record->count;
	else if (record->kind == EVENT_SUBMIT)
		source->messages++, source->recipients += record->count;
	else if (record->kind == EVENT_OUTCOME && record->result == RESULT_BOUNCED)
		source->bounced += record->count;
}

static int more_messages(const void *a, const void *b)
{
	const struct incident_source *x = a, *y = b;

	if (x->attacker != y->attacker)
		return x->attacker ? -1 : 1;
	if (x->messages != y->messages)
		return x->messages > y->messages ? -1 : 1;
	if (x->logins != y->logins)
		return x->logins > y->logins ? -1 : 1;
	return x->first_us < y->first_us ? -1 : x->first_us > y->first_us;
}

static void fill_sources(struct hindsight *hindsight, const struct chain *chain, const struct places *places,
			 struct incident *incident)
{
	struct table index = { 0 };
	size_t room = 0;

	EACH_LOOK(look, hindsight, chain) {
		const struct place *place = ip_known(&look->record.ip) ? places_find(places, &look->record.ip) : NULL;
		struct incident_source *source;

		if (!place || place->first_us == WHEN_NONE || look->record.kind == EVENT_BOUNCE)
			continue; /* never got in */
		source = source_of(incident, &index, &room, &look->record.ip);
		if (!source)
			continue;
		source->attacker |=
			place->attacker ||
			(incident->same_source && table_find(&hindsight->attackers, message_key(look->record.message)));
		source->familiar = !place->attacker;
		source->place = place->where;
		count_source(source, &look->record);
	}
	table_done(&index);
	if (incident->source_count)
		qsort(incident->sources, incident->source_count, sizeof *incident->sources, more_messages);
	for (size_t i = 0; hindsight->geo && i < incident->source_count && i < 1000; i++)
		geo_network_name(hindsight->geo, &incident->sources[i].ip, incident->sources[i].place.asn,
				 incident->sources[i].network);
}

static int more_bits(const void *a, const void *b)
{
	const struct incident_evidence *x = a, *y = b;

	return x->bits > y->bits ? -1 : x->bits < y->bits;
}

/* groups are capped, so single signals are scaled down to what they added to the sum */
static void fill_evidence(const struct suspect *suspect, struct incident *incident)
{
	float sum = 0, scale;

	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		sum += suspect->signal_bits[i] > 0 ? suspect->signal_bits[i] : 0;
	scale = sum > suspect->bits ? suspect->bits / sum : 1;
	incident->evidence = memory_zero(PROFILE_SIGNALS, sizeof *incident->evidence);
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++) {
		struct incident_evidence *evidence = &incident->evidence[incident->evidence_count];

		if (suspect->signal_bits[i] < 0.05f)
			continue;
		incident->evidence_count++;
		evidence->signal = signals[i]->name;
		evidence->bits = (double)(suspect->signal_bits[i] * scale);
		evidence->at_us = suspect->signal_us[i];
		signals[i]->say(&suspect->then, evidence->text, sizeof evidence->text);
	}
	qsort(incident->evidence, incident->evidence_count, sizeof *incident->evidence, more_bits);
}

/* ---- one suspect */

static struct incident *add_incident(struct hindsight *hindsight, const struct suspect *suspect)
{
	struct incident *incident;

	MEMORY_ROOM(hindsight->incidents, hindsight->incident_count, hindsight->incident_room);
	incident = &hindsight->incidents[hindsight->incident_count++];
	*incident = (struct incident){
		.account = suspect->account,
		.name = accounts_name(hindsight->accounts, suspect->account).p,
		.verdict = suspect->locked_us != WHEN_NONE ? INCIDENT_HIJACKED : INCIDENT_SUSPECTED,
		.bits = (double)suspect->bits,
		.began_us = WHEN_NONE,
		.first_abuse_us = WHEN_NONE,
		.last_abuse_us = WHEN_NONE,
		.detected_us = suspect->locked_us,
		.partial = hindsight->partial,
	};
	return incident;
}

/* What looked strange at the time may have been the owner's own after all: on a journey, moved, with a new provider.
 * False where that is so. */
static bool confirm(struct hindsight *hindsight, const struct chain *chain, const struct places *places,
		    size_t messages, struct incident *incident)
{
	struct harm harm = { 0 };
	double bits;

	if (messages < HARM_MESSAGES_LEAST && incident->same_source)
		incident->verdict = INCIDENT_SUSPECTED;
	if (incident->same_source || incident->partial || !places->count)
		return true;
	if (!first_of_attacker(places))
		return false;
	EACH_LOOK(look, hindsight, chain)
		if (look->record.kind == EVENT_SUBMIT)
			harm_count(&harm, &look->record, by_place(places, &look->record));
	bits = harm_bits(&harm, places);
	if (bits < HARM_PLAIN_BITS || (messages && messages < HARM_MESSAGES_LEAST))
		incident->verdict = INCIDENT_SUSPECTED;
	return bits >= HARM_LEAST_BITS;
}

static void look_at(struct hindsight *hindsight, const struct chain *chain, const struct suspect *suspect)
{
	struct incident *incident = add_incident(hindsight, suspect);
	struct places places = { 0 };
	size_t messages;

	divide(hindsight, chain, suspect, &places);
	begin(hindsight, chain, &places, incident);
	messages = mark_places(hindsight, chain, &places);
	if (!messages) {
		messages = mark_bursts(hindsight, chain);
		incident->same_source = messages > 0;
	}
	if (!confirm(hindsight, chain, &places, messages, incident)) {
		hindsight->incident_count--;
		places_done(&places);
		return;
	}
	count(hindsight, chain, suspect, incident);
	if (incident->began_us == WHEN_NONE)
		incident->began_us =
			incident->first_abuse_us != WHEN_NONE ? incident->first_abuse_us : suspect->suspected_us;
	if (chain->first)
		fill_series(hindsight, chain, incident);
	fill_sources(hindsight, chain, &places, incident);
	fill_evidence(suspect, incident);
	places_done(&places);
}

static int worse(const void *a, const void *b)
{
	const struct incident *x = a, *y = b;

	if (x->verdict != y->verdict)
		return x->verdict > y->verdict ? -1 : 1;
	if (x->messages != y->messages)
		return x->messages > y->messages ? -1 : 1;
	return x->bits > y->bits ? -1 : x->bits < y->bits;
}

struct hindsight *hindsight_new(struct engine *engine, const struct accounts *accounts, struct geo *geo,
				int64_t first_us)
{
	struct hindsight *hindsight = memory_zero(1, sizeof *hindsight);
	const struct suspect *suspects;
	size_t count = engine_suspects(engine, &suspects);

	hindsight->engine = engine;
	hindsight->accounts = accounts;
	hindsight->geo = geo;
	hindsight->log_first_us = first_us;
	hindsight->chains = memory_zero(count, sizeof *hindsight->chains);
	for (size_t i = 0; i < count; i++)
		table_put(&hindsight->suspect_of, account_key(suspects[i].account), (uint32_t)i, NULL);
	if (count && engine_spool(engine))
		spool_each(engine_spool(engine), gather, hindsight);
	hindsight->partial |= !engine_spool(engine) || spool_partial(engine_spool(engine));
	for (size_t i = 0; i < count; i++)
		look_at(hindsight, &hindsight->chains[i], &suspects[i]);
	if (hindsight->incident_count)
		qsort(hindsight->incidents, hindsight->incident_count, sizeof *hindsight->incidents, worse);
	for (size_t i = 0; i < hindsight->incident_count; i++)
		table_put(&hindsight->incident_of, account_key(hindsight->incidents[i].account), (uint32_t)i, NULL);
	return hindsight;
}

void hindsight_free(struct hindsight *hindsight)
{
	if (!hindsight)
		return;
	for (size_t i = 0; i < hindsight->incident_count; i++)
		incident_done(&hindsight->incidents[i]);
	table_done(&hindsight->suspect_of);
	table_done(&hindsight->incident_of);
	table_done(&hindsight->attackers);
	free(hindsight->incidents);
	free(hindsight->chains);
	free(hindsight->looks);
	free(hindsight);
}

size_t hindsight_incidents(struct hindsight *hindsight, struct incident **incidents)
{
	*incidents = hindsight->incidents;
	return hindsight->incident_count;
}

struct incident *hindsight_incident_of(struct hindsight *hindsight, uint32_t account, uint32_t message)
{
	uint32_t *at = table_find(&hindsight->incident_of, account_key(account));

	return at && table_find(&hindsight->attackers, message_key(message)) ? &hindsight->incidents[*at] : NULL;
}

bool hindsight_partial(const struct hindsight *hindsight) { return hindsight->partial; }
