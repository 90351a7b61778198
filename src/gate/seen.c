/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/table.h"

/* one login, or what became of one recipient */
struct sight {
	int64_t t_us;
	struct ip ip;
	uint32_t account;
	uint8_t kind, familiar;
	uint8_t result; /* OUTCOME; AUTH: did it work? */
	uint8_t again;  /* OUTCOME: it had been deferred before */
};

struct seen_case {
	uint64_t incident;
	uint32_t account;
	bool changed;
	struct seen_tally tally;
};

struct seen {
	struct desk *desk;
	struct sight *recent; /* a ring */
	size_t next, count;
	struct seen_case **cases;
	size_t case_count, case_room;
	size_t looked; /* where the last look ended, so that all have their turn */
	struct table of_account;
};

struct seen *seen_new(struct desk *desk)
{
	struct seen *seen = memory_zero(1, sizeof *seen);

	seen->desk = desk;
	seen->recent = memory_zero(SEEN_RECENT_MAX, sizeof *seen->recent);
	return seen;
}

void seen_free(struct seen *seen)
{
	if (!seen)
		return;
	for (size_t i = 0; i < seen->case_count; i++)
		free(seen->cases[i]);
	table_done(&seen->of_account);
	free(seen->cases);
	free(seen->recent);
	free(seen);
}

static struct seen_case *find(const struct seen *seen, uint32_t account)
{
	uint32_t *at = table_find(&seen->of_account, table_key(account));

	return at ? seen->cases[*at] : NULL;
}

/* ---- counting */

static struct seen_source *source_of(struct seen_tally *tally, const struct sight *sight)
{
	for (size_t i = 0; i < tally->source_count; i++)
		if (ip_equal(&tally->sources[i].ip, &sight->ip))
			return &tally->sources[i];
	if (tally->source_count == SEEN_SOURCES_MAX) {
		tally->left_out = true;
		return NULL;
	}
	tally->sources[tally->source_count] = (struct seen_source){ .ip = sight->ip, .first_us = sight->t_us, .last_us = sight->t_us };
	return &tally->sources[tally->source_count++];
}

static void count_login(struct seen_tally *tally, const struct sight *sight)
{
	struct seen_source *source = source_of(tally, sight);

	if (!source)
		return;
	source->familiar = sight->familiar > source->familiar ? sight->familiar : source->familiar;
	source->logins += sight->result;
	source->failures += !sight->result;
	source->first_us = sight->t_us < source->first_us ? sight->t_us : source->first_us;
	source->last_us = sight->t_us > source->last_us ? sight->t_us : source->last_us;
}

static void count(struct seen_tally *tally, const struct sight *sight)
{
	uint8_t level = sight->familiar;

	if (sight->kind == EVENT_AUTH) {
		count_login(tally, sight);
		return;
	}
	tally->sent[level] += sight->result == RESULT_SENT;
	tally->bounced[level] += sight->result == RESULT_BOUNCED;
	if (sight->result == RESULT_DEFERRED)
		tally->deferred[level] += !sight->again;
	else if (sight->again && tally->deferred[level])
		tally->deferred[level]--;
}

static void remember(struct seen *seen, const struct sight *sight)
{
	seen->recent[seen->next] = *sight;
	seen->next = (seen->next + 1) % SEEN_RECENT_MAX;
	seen->count += seen->count < SEEN_RECENT_MAX;
}

void seen_event(struct seen *seen, const struct event *event, enum profile_familiar familiar)
{
	bool login = event->kind == EVENT_AUTH;
	struct sight sight = {
		.t_us = event->t_us, .ip = event->ip, .account = event->account, .kind = event->kind, .familiar = (uint8_t)familiar,
		.result = login ? event->ok : event->result, .again = event->again,
	};
	struct seen_case *one;

	if (!event->account || (!login && event->kind != EVENT_OUTCOME) || familiar >= FAMILIAR_WELL || event->repeat != REPEAT_NOT)
		return;
	one = find(seen, event->account);
	if (!one) {
		remember(seen, &sight);
		return;
	}
	count(&one->tally, &sight);
	one->changed = true;
}

/* ---- incidents */

static struct seen_case *open_case(struct seen *seen, uint64_t incident, uint32_t account)
{
	struct seen_case *one = memory_zero(1, sizeof *one);

	one->incident = incident;
	one->account = account;
	MEMORY_ROOM(seen->cases, seen->case_count, seen->case_room);
	*table_put(&seen->of_account, table_key(account), 0, NULL) = (uint32_t)seen->case_count;
	seen->cases[seen->case_count++] = one;
	return one;
}

void seen_begin(struct seen *seen, uint64_t incident, uint32_t account, int64_t since_us)
{
	struct seen_case *one;

	if (find(seen, account))
		return;
	one = open_case(seen, incident, account);
	one->changed = true;
	for (size_t i = 0; i < seen->count; i++) {
		const struct sight *sight = &seen->recent[i];
		int64_t from_us = sight->kind == EVENT_AUTH ? since_us - SEEN_BEFORE_US : since_us;

		if (sight->account == account && sight->t_us >= from_us)
			count(&one->tally, sight);
	}
}

void seen_restore(struct seen *seen, uint64_t incident, uint32_t account, struct text told)
{
	struct seen_case *one;

	if (find(seen, account))
		return;
	one = open_case(seen, incident, account);
	one->changed = !seen_read(told, &one->tally);
}

static json_t *levels(const uint32_t counts[FAMILIAR_LEVELS])
{
	json_t *list = json_array();

	for (int i = 0; i < FAMILIAR_LEVELS; i++)
		json_array_append_new(list, json_integer(counts[i]));
	return list;
}

static json_t *source_json(const struct seen_source *source)
{
	char ip[IP_TEXT_MAX];

	return json_pack("[s, i, I, I, I, I]", ip_format(&source->ip, ip), source->familiar, (json_int_t)source->logins,
			 (json_int_t)source->failures, (json_int_t)source->first_us, (json_int_t)source->last_us);
}

static void write_case(struct seen_case *one, struct desk_batch *batch)
{
	const struct seen_tally *tally = &one->tally;
	json_t *sources = json_array(), *told;
	char *text;

	for (size_t i = 0; i < tally->source_count; i++)
		json_array_append_new(sources, source_json(&tally->sources[i]));
	told = json_pack("{s:o, s:o, s:o, s:o, s:b}", "sent", levels(tally->sent), "bounced", levels(tally->bounced), "deferred",
			 levels(tally->deferred), "logins", sources, "left_out", tally->left_out);
	text = json_dumps(told, JSON_COMPACT);
	desk_put_seen(batch, one->incident, text_of(text));
	free(text);
	json_decref(told);
	one->changed = false;
}

/* which of them were in it is not known any more: all are written again, a few at a time */
static void written(void *context, const struct error *error)
{
	struct seen *seen = context;

	for (size_t i = 0; error && i < seen->case_count; i++)
		seen->cases[i]->changed = true;
}

bool seen_look(struct seen *seen)
{
	struct desk_batch *batch = NULL;
	size_t left = SEEN_WRITES_MAX;

	for (size_t i = 0; left && i < seen->case_count; i++) {
		struct seen_case *one = seen->cases[seen->looked++ % seen->case_count];

		if (!one->changed)
			continue;
		if (!batch)
			batch = desk_batch_new(written, seen);
		write_case(one, batch);
		left--;
	}
	if (batch)
		desk_write(seen->desk, batch);
	return !left;
}

void seen_end(struct seen *seen, uint32_t account)
{
	uint32_t *at = table_find(&seen->of_account, table_key(account)), place;
	struct seen_case *one = at ? seen->cases[*at] : NULL;
	struct desk_batch *batch;

	if (!one)
		return;
	batch = desk_batch_new(NULL, NULL);
	write_case(one, batch);
	desk_write(seen->desk, batch);
	place = *at;
	table_drop(&seen->of_account, table_key(account));
	seen->case_count--;
	if (place < seen->case_count) {
		seen->cases[place] = seen->cases[seen->case_count];
		*table_find(&seen->of_account, table_key(seen->cases[place]->account)) = place;
	}
	free(one);
}

/* ---- reading */

static void read_levels(const json_t *list, uint32_t counts[FAMILIAR_LEVELS])
{
	for (size_t i = 0; i < FAMILIAR_LEVELS; i++) {
		json_int_t number = json_integer_value(json_array_get(list, i));

		counts[i] = number < 0 ? 0 : number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
	}
}

static bool read_source(json_t *from, struct seen_source *source)
{
	const char *ip;
	json_int_t familiar, logins, failures, first_us, last_us;

	if (json_unpack(from, "[s, I, I, I, I, I]", &ip, &familiar, &logins, &failures, &first_us, &last_us) != 0 ||
	    !ip_parse(text_of(ip), &source->ip) || familiar < 0 || familiar >= FAMILIAR_LEVELS || logins < 0 || logins > UINT32_MAX ||
	    failures < 0 || failures > UINT32_MAX)
		return false;
	source->familiar = (uint8_t)familiar;
	source->logins = (uint32_t)logins;
	source->failures = (uint32_t)failures;
	source->first_us = first_us;
	source->last_us = last_us;
	return true;
}

bool seen_read(struct text told, struct seen_tally *tally)
{
	json_t *from = json_loadb(told.p, told.n, 0, NULL), *one;
	bool good = json_is_object(from);
	size_t i;

	*tally = (struct seen_tally){ .source_count = 0 };
	read_levels(json_object_get(from, "sent"), tally->sent);
	read_levels(json_object_get(from, "bounced"), tally->bounced);
	read_levels(json_object_get(from, "deferred"), tally->deferred);
	tally->left_out = json_is_true(json_object_get(from, "left_out"));
	json_array_foreach(json_object_get(from, "logins"), i, one)
		if (tally->source_count < SEEN_SOURCES_MAX && read_source(one, &tally->sources[tally->source_count]))
			tally->source_count++;
	json_decref(from);
	return good;
}
