/* SPDX-License-Identifier: Apache-2.0 */
#include "report/tally.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/table.h"

bool tally_counts(const struct incident_source *source)
{
	return source->attacker || !source->familiar;
}

static int descending(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b);
}

static int by_weight(const void *left, const void *right)
{
	const struct incident_source *a = *(const struct incident_source *const *)left;
	const struct incident_source *b = *(const struct incident_source *const *)right;
	int order = descending(tally_counts(a), tally_counts(b));

	order = order ? order : descending(a->messages, b->messages);
	order = order ? order : descending(a->logins, b->logins);
	order = order ? order : (a->first_us > b->first_us) - (a->first_us < b->first_us);
	return order ? order : memcmp(a->ip.bytes, b->ip.bytes, sizeof a->ip.bytes);
}

const struct incident_source **tally_sources(const struct incident *incident)
{
	const struct incident_source **sources = memory_zero(incident->source_count, sizeof *sources);

	for (size_t i = 0; i < incident->source_count; i++)
		sources[i] = &incident->sources[i];
	qsort(sources, incident->source_count, sizeof *sources, by_weight);
	return sources;
}

static struct text key_of(const struct incident_source *source, enum tally_by by)
{
	if (by == TALLY_COUNTRY)
		return (struct text){ source->place.country, source->place.country[0] ? 2 : 0 };
	if (source->place.asn)
		return (struct text){ (const char *)&source->place.asn, sizeof source->place.asn };
	return text_of(source->network);
}

static bool known(const struct tally_row *row)
{
	return row->first->place.country[0] != '\0';
}

static bool known_network(const struct tally_row *row)
{
	return row->first->place.asn || row->first->network[0];
}

static int rows_order(const struct tally_row *a, const struct tally_row *b, bool a_known, bool b_known)
{
	int order = descending(a_known, b_known);

	order = order ? order : descending(a->messages, b->messages);
	order = order ? order : descending(a->addresses, b->addresses);
	return order ? order : (a->first > b->first) - (a->first < b->first);
}

static int by_messages(const void *left, const void *right)
{
	return rows_order(left, right, known(left), known(right));
}

static int by_messages_of_network(const void *left, const void *right)
{
	return rows_order(left, right, known_network(left), known_network(right));
}

static void add(struct tally *tally, struct table *places, const struct incident_source *source, enum tally_by by)
{
	uint64_t key = hash_text(hash_seed(), key_of(source, by)) | 1;
	bool made;
	uint32_t at = *table_put(places, key, (uint32_t)tally->count, &made);
	struct tally_row *row = &tally->rows[at];

	if (made) {
		row->first = source;
		tally->count++;
	}
	row->addresses++;
	row->logins += source->logins;
	row->messages += source->messages;
	tally->addresses++;
}

void tally_make(const struct incident *incident, enum tally_by by, struct tally *tally)
{
	struct table places = { 0 };

	*tally = (struct tally){ .rows = memory_zero(incident->source_count, sizeof *tally->rows) };
	for (size_t i = 0; i < incident->source_count; i++)
		if (tally_counts(&incident->sources[i]))
			add(tally, &places, &incident->sources[i], by);
	table_done(&places);
	qsort(tally->rows, tally->count, sizeof *tally->rows,
	      by == TALLY_COUNTRY ? by_messages : by_messages_of_network);
	for (size_t i = 0; i < tally->count; i++)
		tally->known += by == TALLY_COUNTRY ? known(&tally->rows[i]) : known_network(&tally->rows[i]);
}

void tally_done(struct tally *tally)
{
	free(tally->rows);
	*tally = (struct tally){ 0 };
}
