/* SPDX-License-Identifier: Apache-2.0 */
/* One incident, whole: its mail and its sources are counted from the ledger's rows since it began, what became of held mail
 * is told by the desk. Counts are the attacker's alone, as far as sources tell: what came from one that is more familiar
 * than the lock reaches is the owner's. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/table.h"
#include "gate/control_inside.h"
#include "gate/control_tally.h"
#include "gate/seen.h"
#include "report/value.h"

/* what is complained of may be older than the first sign that we saw */
#define COMPLAINTS_BEFORE_US DAY_US

struct count {
	uint64_t messages, recipients;
};

struct source {
	struct ip ip;
	char country[2];
	struct count mail;
	uint32_t logins;
	int64_t first_us, last_us;
	bool familiar, attacker;
};

struct case_file {
	json_t *head, *notes, *complaints;
	json_t *flood; /* NULL: nothing was moved */
	uint64_t number;
	struct text account; /* a copy of our own */
	int64_t began_us, opened_us, closed_us;
	uint8_t scope;       /* what is no more familiar is the attacker's */
	uint8_t reach;       /* of the lock: enum desk_reach */
	bool locked;
	bool by_hand;        /* a person locked it, be it open again by now */
	struct count handed_in[LEDGER_REFUSED + 1], held[HELD_STATES];
	uint64_t owner, before; /* messages: of the owner's; of the attacker's that passed before it was detected */
	uint64_t rows, omitted; /* omitted: sources */
	int64_t first_us, last_us;
	struct table places; /* -> source */
	struct source *sources;
	size_t source_count, source_room;
	struct control_tally tally;
	struct seen_tally seen;
	bool seen_told; /* since the incident began: the daemon of then kept it */
};

/* ---- what is in the databases */

static void take_incident(void *context, const struct desk_incident *incident)
{
	struct case_file *file = context;

	if (file->head)
		return;
	file->head = control_incident_head(incident);
	file->account = (struct text){ memory_copy(incident->account.p, incident->account.n), incident->account.n };
	file->began_us = incident->began_us != WHEN_NONE ? incident->began_us : incident->opened_us;
	file->opened_us = incident->opened_us;
	file->closed_us = incident->closed_us == WHEN_NONE ? INT64_MAX : incident->closed_us;
}

static void take_lock(void *context, const struct desk_lock *lock)
{
	struct case_file *file = context;

	if (!text_is(lock->account, file->account))
		return;
	file->locked = true;
	file->by_hand |= lock->by_hand;
	file->scope = lock->scope;
	file->reach = lock->reach;
}

static void take_letter(void *context, const struct desk_letter *letter)
{
	struct case_file *file = context;
	struct count *held = &file->held[letter->state];

	if (letter->t_us < file->began_us || letter->t_us > file->closed_us)
		return;
	held->messages++;
	held->recipients += letter->recipients;
}

static void take_note(void *context, int64_t t_us, struct text who, struct text what)
{
	struct case_file *file = context;

	file->by_hand |= text_starts(what, TEXT("locked by hand"));
	json_array_append_new(file->notes, json_pack("{s:o, s:o, s:o}", "at", value_time(t_us), "who", control_text(who), "text",
						     control_text(what)));
}

/* of mail of its time, and as many as a page has room for */
static void take_complaint(void *context, const struct desk_complaint *complaint)
{
	struct case_file *file = context;

	if (complaint->sent_us <= file->closed_us && json_array_size(file->complaints) < CONTROL_COMPLAINTS_MAX)
		json_array_append_new(file->complaints, json_pack("{s:o, s:o, s:o, s:o, s:o}", "at", value_time(complaint->t_us), "sent",
			value_time(complaint->sent_us), "queue_id", control_text(complaint->queue_id), "reporter",
			control_text(complaint->reporter), "about", control_text(complaint->about)));
}

static void take_flood(void *context, const struct desk_flood *flood)
{
	struct case_file *file = context;

	if (flood->incident == file->number)
		file->flood = control_flood(flood);
}

static void take_seen(void *context, uint64_t incident, struct text account, struct text told)
{
	struct case_file *file = context;

	file->seen_told = seen_read(told, &file->seen);
}

/* NULL where there are too many already */
static struct source *source_of(struct case_file *file, const struct ip *ip, const char country[2], int64_t t_us)
{
	bool made = false;
	uint32_t *at;

	if (file->source_count >= CONTROL_SOURCES_MAX) {
		at = table_find(&file->places, ip_host_key(ip));
		return at ? &file->sources[*at] : NULL;
	}
	at = table_put(&file->places, ip_host_key(ip), (uint32_t)file->source_count, &made);
	if (made) {
		MEMORY_ROOM(file->sources, file->source_count, file->source_room);
		file->sources[file->source_count++] = (struct source){
			.ip = *ip, .country = { country[0], country[1] }, .first_us = t_us, .last_us = t_us,
		};
	}
	return &file->sources[*at];
}

static void widen(struct source *source, int64_t first_us, int64_t last_us)
{
	source->first_us = first_us < source->first_us ? first_us : source->first_us;
	source->last_us = last_us > source->last_us ? last_us : source->last_us;
}

static void count_source(struct case_file *file, const struct ledger_row *row, bool attacker)
{
	struct source *source = source_of(file, &row->ip, row->country, row->t_us);

	if (!source) {
		file->omitted++;
		return;
	}
	source->mail.messages++;
	source->mail.recipients += row->rcpt_count;
	widen(source, row->t_us, row->t_us);
	source->familiar |= !attacker || row->familiar >= FAMILIAR_WELL;
	source->attacker |= attacker;
}

static void count_mail(struct case_file *file, const struct ledger_row *row)
{
	struct count *handed_in = &file->handed_in[row->action <= LEDGER_REFUSED ? row->action : LEDGER_PASSED];

	handed_in->messages++;
	handed_in->recipients += row->rcpt_count;
	file->before += row->action == LEDGER_PASSED && row->t_us < file->opened_us;
	file->first_us = row->t_us < file->first_us ? row->t_us : file->first_us;
	file->last_us = row->t_us > file->last_us ? row->t_us : file->last_us;
}

static void take_row(void *context, const struct ledger_found *found)
{
	struct case_file *file = context;
	bool attacker = found->row.familiar <= file->scope;

	file->rows++;
	if (found->row.t_us > file->closed_us)
		return;
	if (attacker)
		count_mail(file, &found->row);
	else
		file->owner++;
	count_source(file, &found->row, attacker);
	control_tally_add(&file->tally, found, attacker);
}

/* who logged in, some of them without ever sending */
static void count_logins(struct case_file *file)
{
	for (size_t i = 0; i < file->seen.source_count; i++) {
		const struct seen_source *seen = &file->seen.sources[i];
		struct source *source;

		if (!seen->logins)
			continue; /* a guess that failed is no source of the attacker's */
		source = source_of(file, &seen->ip, "\0", seen->first_us);
		if (!source)
			continue;
		source->logins += seen->logins;
		widen(source, seen->first_us, seen->last_us);
		source->attacker |= seen->familiar <= file->scope;
	}
	file->omitted += file->seen.left_out;
}

static bool fetch(struct control_job *job, struct case_file *file)
{
	struct control_stores *stores = job->stores;

	return desk_each_incident(stores->desk, job->request.incident, TEXT_NONE, false, 1, take_incident, file, &job->error) &&
	       (!file->head ||
		(desk_each_lock(stores->desk, take_lock, file, &job->error) &&
		 desk_each_letter(stores->desk, file->account, false, take_letter, file, &job->error) &&
		 desk_each_flood(stores->desk, file->account, false, take_flood, file, &job->error) &&
		 desk_each_note(stores->desk, job->request.incident, take_note, file, &job->error) &&
		 desk_each_complaint(stores->desk, file->account, file->began_us - COMPLAINTS_BEFORE_US, take_complaint, file, &job->error) &&
		 desk_each_seen(stores->desk, job->request.incident, take_seen, file, &job->error) &&
		 ledger_each(stores->ledger, file->account, file->began_us, CONTROL_ROWS_MAX, take_row, file, &job->error)));
}

/* ---- what is told of it */

static json_t *count_of(const struct count *count)
{
	return json_pack("{s:I, s:I}", "messages", (json_int_t)count->messages, "recipients", (json_int_t)count->recipients);
}

static json_t *held_of(const struct case_file *file)
{
	json_t *held = json_object();

	for (int i = 0; i < HELD_STATES; i++)
		if (file->held[i].messages)
			json_object_set_new(held, desk_held_names[i], count_of(&file->held[i]));
	return held;
}

/* the attacker's first, most messages first */
static int by_weight(const void *one, const void *two)
{
	const struct source *a = one, *b = two;

	if (a->attacker != b->attacker)
		return a->attacker ? -1 : 1;
	return (a->mail.messages < b->mail.messages) - (a->mail.messages > b->mail.messages);
}

static json_t *source_json(struct geo *geo, const struct source *source, bool logins_told)
{
	struct event_place place = { 0 };
	char name[GEO_NAME_MAX] = "", ip[IP_TEXT_MAX], country[3] = { source->country[0], source->country[1], '\0' };

	if (geo) {
		geo_place(geo, &source->ip, &place);
		geo_network_name(geo, &source->ip, place.asn, name);
	}
	if (!*country)
		memcpy(country, place.country, sizeof place.country);
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o, s:b, s:b}",
		"ip", ip_known(&source->ip) ? json_string(ip_format(&source->ip, ip)) : json_null(),
		"country", value_text_or_null(country),
		"asn", place.asn ? value_count(place.asn) : json_null(),
		"network", value_text_or_null(name),
		"logins", logins_told && !source->familiar ? value_count(source->logins) : json_null(),
		"messages", (json_int_t)source->mail.messages,
		"recipients", (json_int_t)source->mail.recipients,
		"first", value_time(source->first_us),
		"last", value_time(source->last_us),
		"familiar", source->familiar,
		"attacker", source->attacker);
}

static json_t *sources_of(const struct case_file *file, struct geo *geo)
{
	json_t *sources = json_array();

	if (file->source_count)
		qsort(file->sources, file->source_count, sizeof *file->sources, by_weight);
	for (size_t i = 0; i < file->source_count; i++)
		json_array_append_new(sources, source_json(geo, &file->sources[i], file->seen_told));
	return sources;
}

/* of recipients; null where the daemon of then did not keep it */
static json_t *outcomes_of(const struct case_file *file, const uint32_t counts[FAMILIAR_LEVELS])
{
	uint64_t all = 0;

	for (int i = 0; i <= file->scope && i < FAMILIAR_LEVELS; i++)
		all += counts[i];
	return file->seen_told ? value_count(all) : json_null();
}

static void tell(const struct case_file *file, struct geo *geo, json_t *into)
{
	const struct count *passed = &file->handed_in[LEDGER_PASSED], *held = &file->handed_in[LEDGER_HELD];
	bool any = file->first_us != INT64_MAX;

	json_object_update(into, file->head);
	json_object_set_new(into, "locked", json_boolean(file->locked));
	json_object_set_new(into, "precaution", json_boolean(file->by_hand && !json_array_size(json_object_get(file->head, "evidence"))));
	json_object_set_new(into, "first_abuse", value_time(any ? file->first_us : WHEN_NONE));
	json_object_set_new(into, "last_abuse", value_time(any ? file->last_us : WHEN_NONE));
	json_object_set_new(into, "messages", value_count(passed->messages + held->messages));
	json_object_set_new(into, "recipients", value_count(passed->recipients + held->recipients));
	json_object_set_new(into, "passed", count_of(passed));
	json_object_set_new(into, "refused", count_of(&file->handed_in[LEDGER_REFUSED]));
	json_object_set_new(into, "held", held_of(file));
	json_object_set_new(into, "leaked_before_detection", value_count(file->before));
	json_object_set_new(into, "sent", outcomes_of(file, file->seen.sent));
	json_object_set_new(into, "bounced", outcomes_of(file, file->seen.bounced));
	json_object_set_new(into, "deferred", outcomes_of(file, file->seen.deferred));
	json_object_set_new(into, "owner_messages", value_count(file->owner));
	json_object_set_new(into, "sources", sources_of(file, geo));
	json_object_set_new(into, "sources_omitted", json_boolean(file->omitted != 0));
	json_object_set_new(into, "partial", json_boolean(file->rows >= CONTROL_ROWS_MAX));
	json_object_set(into, "notes", file->notes);
	json_object_set(into, "complaints", file->complaints);
	json_object_set_new(into, "flood", file->flood ? json_incref(file->flood) : json_null());
	control_tally_tell(&file->tally, into);
}

static void list_notice(void *context, const struct desk_notice *notice) { json_array_append_new(context, control_notice(notice)); }

/* who was told of it */
static bool put_notices(struct control_job *job, json_t *into)
{
	json_t *list = json_array();

	json_object_set_new(into, "notices", list);
	if (desk_each_notice_of(job->stores->desk, job->request.incident, list_notice, list, &job->error))
		return true;
	job->fault = CONTROL_FAILED;
	return false;
}

bool control_incident_fill(struct control_job *job, json_t *into)
{
	struct case_file file = { .notes = json_array(), .complaints = json_array(), .number = job->request.incident,
				  .scope = FAMILIAR_SOMEWHAT, .first_us = INT64_MAX, .last_us = INT64_MIN };
	bool fetched = control_open_desk(job) && control_open_ledger(job), found;

	if (fetched && !fetch(job, &file)) {
		job->fault = CONTROL_FAILED;
		fetched = false;
	}
	found = fetched && file.head;
	count_logins(&file);
	if (found) {
		tell(&file, job->stores->geo, into);
		control_care_put(job, into);
		json_object_set_new(into, "closure", control_closure(job, job->request.incident,
								    file.locked ? desk_reach_names[file.reach] : NULL));
	}
	if (found && !put_notices(job, into))
		found = false;
	json_decref(file.head);
	json_decref(file.notes);
	json_decref(file.complaints);
	json_decref(file.flood);
	free((char *)file.account.p);
	table_done(&file.places);
	control_tally_done(&file.tally);
	free(file.sources);
	return found;
}
