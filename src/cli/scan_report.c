/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/scan_report.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/table.h"
#include "store/spool.h"

void scan_report_init(struct scan_report *scan)
{
	*scan = (struct scan_report){ .report = { .first_us = WHEN_NONE, .last_us = WHEN_NONE, .since_us = WHEN_NONE } };
}

void scan_report_done(struct scan_report *scan)
{
	for (size_t i = 0; i < scan->report.guess_count; i++)
		free(scan->report.guessing[i].opened);
	free(scan->report.files);
	free(scan->report.guessing);
	free(scan->report.spoofed);
	free(scan->report.local_senders);
	free(scan->report.top_senders);
	hindsight_free(scan->hindsight);
}

struct report_file *scan_report_file(struct scan_report *scan, const char *path)
{
	struct report_file *file;

	MEMORY_ROOM(scan->report.files, scan->report.file_count, scan->file_room);
	file = &scan->report.files[scan->report.file_count++];
	*file = (struct report_file){ .path = path };
	return file;
}

void scan_report_count(struct scan_report *scan, struct report_file *file, const struct reader_tally *tally)
{
	struct report *report = &scan->report;

	file->lines = tally->lines;
	file->bytes = tally->bytes;
	file->unparsed = tally->unparsed;
	file->foreign = tally->foreign;
	file->repeated = tally->repeated;
	report->lines += tally->lines;
	report->bytes += tally->bytes;
	report->unparsed += tally->unparsed;
	report->foreign += tally->foreign;
	if (tally->first_us != WHEN_NONE && (report->first_us == WHEN_NONE || tally->first_us < report->first_us))
		report->first_us = tally->first_us;
	if (tally->last_us > report->last_us)
		report->last_us = tally->last_us;
	for (size_t i = 0; i < 8; i++)
		scan->by_format[i] += tally->by_format[i];
}

/* ---- what is still in the queue */

static void note_left(void *context, const struct life_left *left)
{
	struct incident *incident = hindsight_incident_of(context, left->account, left->number);

	if (!incident)
		return;
	incident->queued += left->unfinished;
	if (incident->queue_id_count >= INCIDENT_QUEUE_IDS_MAX) {
		incident->queue_ids_omitted++;
		return;
	}
	if (incident->queue_id_count % 64 == 0)
		incident->queue_ids =
			memory_resize(incident->queue_ids, incident->queue_id_count + 64, sizeof *incident->queue_ids);
	incident->queue_ids[incident->queue_id_count++] = memory_copy(left->id, strlen(left->id));
}

/* ---- guessing */

static int more_tried(const void *a, const void *b)
{
	const struct report_guess *x = a, *y = b;

	if ((x->opened_count > 0) != (y->opened_count > 0))
		return x->opened_count ? -1 : 1;
	if (x->accounts_tried != y->accounts_tried)
		return x->accounts_tried > y->accounts_tried ? -1 : 1;
	return x->attempts > y->attempts ? -1 : x->attempts < y->attempts;
}

static void fill_guessing(struct report *report, const struct population *population, const struct accounts *accounts,
			  struct geo *geo)
{
	const struct population_guesser *guessers;
	size_t count = population_guessers(population, &guessers), room = 0;

	for (size_t i = 0; i < count; i++) {
		const struct population_guesser *guesser = &guessers[i];
		struct report_guess *made;

		if (guesser->accounts_tried < SCAN_GUESSED_ACCOUNTS_LEAST &&
		    guesser->attempts < SCAN_GUESSED_ATTEMPTS_LEAST && !guesser->opened_count)
			continue;
		if (guesser->last_us < report->since_us)
			continue;
		MEMORY_ROOM(report->guessing, report->guess_count, room);
		made = &report->guessing[report->guess_count++];
		*made = (struct report_guess){
			.ip = guesser->ip,
			.block = guesser->block,
			.accounts_tried = guesser->accounts_tried,
			.attempts = guesser->attempts,
			.first_us = guesser->first_us,
			.last_us = guesser->last_us,
			.opened =
				guesser->opened_count ? memory_zero(guesser->opened_count, sizeof *made->opened) : NULL,
			.opened_count = guesser->opened_count,
		};
		for (size_t k = 0; k < guesser->opened_count; k++)
			made->opened[k] = accounts_name(accounts, guesser->opened[k]).p;
	}
	if (report->guess_count)
		qsort(report->guessing, report->guess_count, sizeof *report->guessing, more_tried);
	for (size_t i = SCAN_GUESSING_MAX; i < report->guess_count; i++)
		free(report->guessing[i].opened);
	if (report->guess_count > SCAN_GUESSING_MAX)
		report->guess_count = SCAN_GUESSING_MAX;
	for (size_t i = 0; geo && i < report->guess_count; i++) {
		geo_place(geo, &report->guessing[i].ip, &report->guessing[i].place);
		geo_network_name(geo, &report->guessing[i].ip, report->guessing[i].place.asn,
				 report->guessing[i].network);
	}
}

/* ---- spoofed, not hijacked */

static bool has_incident(const struct report *report, uint32_t account)
{
	for (size_t i = 0; i < report->incident_count; i++)
		if (report->incidents[i].account == account)
			return true;
	return false;
}

static uint64_t account_key(uint32_t account) { return hash_mix(account, 0x9e3779b97f4a7c15ull) | 1; }

static int more_bounces(const void *a, const void *b)
{
	const struct report_spoofed *x = a, *y = b;

	return x->bounces > y->bounces ? -1 : x->bounces < y->bounces;
}

/* what an account that bounces came in for had delivered in those days */
struct delivered {
	struct table of; /* account -> index of `returned` */
	const struct engine_returned *returned;
	uint32_t *recipients;
};

static void count_delivered(void *context, uint64_t number, const struct spool_record *record)
{
	struct delivered *delivered = context;
	uint32_t *at = record->kind == EVENT_OUTCOME && record->result == RESULT_SENT
			       ? table_find(&delivered->of, account_key(record->account))
			       : NULL;

	if (at && record->t_us >= delivered->returned[*at].first_us - SCAN_RETURNED_AFTER_US &&
	    record->t_us <= delivered->returned[*at].last_us + DAY_US)
		delivered->recipients[*at] += record->count;
}

static void look_up_delivered(struct delivered *delivered, struct engine *engine, size_t count)
{
	struct spool *spool = engine_spool(engine);

	for (size_t i = 0; i < count; i++) {
		const struct profiles_tally *tally =
			profiles_peek_tally(engine_profiles(engine), delivered->returned[i].account);

		delivered->recipients[i] = spool && !spool_partial(spool) ? 0 : tally ? tally->recipients : 0;
		if (delivered->returned[i].bounces >= SCAN_SPOOFED_LEAST && tally && tally->recipients)
			table_put(&delivered->of, account_key(delivered->returned[i].account), (uint32_t)i, NULL);
	}
	if (delivered->of.count && spool && !spool_partial(spool))
		spool_each(spool, count_delivered, delivered);
}

/* The log of a server that only takes mail in holds bounces, and not the mail that they are for. */
static bool anybody_sends(struct engine *engine, const struct accounts *accounts)
{
	for (uint32_t i = 1; i <= accounts_count(accounts); i++) {
		const struct profiles_tally *tally = profiles_peek_tally(engine_profiles(engine), i);

		if (tally && tally->messages)
			return true;
	}
	return false;
}

/* Only where the bounces cannot be for mail that passed here: more than could have come back of it. For the others the
 * detector weighs them, and nobody is told that there is nothing to do. */
static void fill_spoofed(struct report *report, struct engine *engine, const struct accounts *accounts)
{
	struct delivered delivered = { .returned = NULL };
	size_t count = engine_returned(engine, &delivered.returned), room = 0;
	bool blind = !anybody_sends(engine, accounts);

	delivered.recipients = memory_zero(count + 1, sizeof *delivered.recipients);
	look_up_delivered(&delivered, engine, count);
	for (size_t i = 0; i < count && report->spoofed_count < SCAN_SPOOFED_MAX; i++) {
		const struct engine_returned *returned = &delivered.returned[i];

		if (returned->bounces < SCAN_SPOOFED_LEAST || returned->last_us < report->since_us ||
		    (uint64_t)returned->bounces * 100 <=
			    (uint64_t)delivered.recipients[i] * SCAN_SPOOFED_RETURNED_PERCENT)
			continue;
		if (blind) {
			report->undecided_count++;
			continue;
		}
		MEMORY_ROOM(report->spoofed, report->spoofed_count, room);
		report->spoofed[report->spoofed_count++] = (struct report_spoofed){
			.account = accounts_name(accounts, returned->account).p,
			.bounces = returned->bounces,
			.first_us = returned->first_us,
			.last_us = returned->last_us,
		};
	}
	table_done(&delivered.of);
	free(delivered.recipients);
	if (report->spoofed_count)
		qsort(report->spoofed, report->spoofed_count, sizeof *report->spoofed, more_bounces);
}

/* ---- only what went on after a time */

static bool goes_on(const struct incident *incident, int64_t since_us)
{
	int64_t last_us = incident->last_abuse_us;

	for (size_t i = 0; i < incident->source_count; i++)
		if (incident->sources[i].attacker && incident->sources[i].last_us > last_us)
			last_us = incident->sources[i].last_us;
	return last_us >= since_us;
}

/* The others are put behind those that are reported, for the second look owns them all. */
static void leave_out_what_ended(struct report *report)
{
	size_t kept = 0;

	for (size_t i = 0; i < report->incident_count; i++) {
		struct incident incident = report->incidents[i];

		if (!goes_on(&incident, report->since_us))
			continue;
		report->incidents[i] = report->incidents[kept];
		report->incidents[kept++] = incident;
	}
	report->incident_count = kept;
}

/* ---- senders */

static int more_local(const void *a, const void *b)
{
	const struct report_local_sender *x = a, *y = b;

	if (x->suspected != y->suspected)
		return x->suspected ? -1 : 1;
	return x->recipients > y->recipients ? -1 : x->recipients < y->recipients;
}

static void fill_local_senders(struct report *report, const struct life *life)
{
	const struct life_sender *senders;
	size_t count = life_senders(life, &senders), room = 0;

	for (size_t i = 0; i < count; i++) {
		if (!senders[i].messages)
			continue;
		MEMORY_ROOM(report->local_senders, report->local_sender_count, room);
		report->local_senders[report->local_sender_count++] = (struct report_local_sender){
			.user = senders[i].user,
			.is_uid = senders[i].is_uid,
			.messages = senders[i].messages,
			.recipients = senders[i].recipients,
			.bounced = senders[i].bounced,
			.suspected = !senders[i].forwards && senders[i].bounced >= SCAN_SCRIPT_BOUNCES_LEAST &&
				     (uint64_t)senders[i].bounced * 100 >=
					     (uint64_t)senders[i].recipients * SCAN_SCRIPT_BOUNCED_PERCENT,
		};
	}
	if (report->local_sender_count)
		qsort(report->local_senders, report->local_sender_count, sizeof *report->local_senders, more_local);
}

static void fill_top_senders(struct report *report, const struct engine *engine, const struct accounts *accounts)
{
	report->top_senders = memory_zero(SCAN_TOP_SENDERS + 1, sizeof *report->top_senders);
	for (uint32_t i = 1; i <= accounts_count(accounts); i++) {
		const struct profiles_tally *tally = profiles_peek_tally(engine_profiles(engine), i);
		size_t at = report->top_sender_count;

		if (!tally || !tally->messages)
			continue;
		for (; at > 0 && report->top_senders[at - 1].recipients < tally->recipients; at--)
			report->top_senders[at] = report->top_senders[at - 1];
		report->top_senders[at] = (struct report_top_sender){
			accounts_name(accounts, i).p, tally->messages, tally->recipients, tally->bounced,
			has_incident(report, i),
		};
		report->top_sender_count += report->top_sender_count < SCAN_TOP_SENDERS;
	}
}

static void note_server(struct scan_report *scan)
{
	uint64_t most = 0;

	for (size_t i = 0; formats[i]; i++) {
		if (formats[i] == &format_dovecot) {
			scan->report.dovecot = scan->by_format[i] > 0;
		} else if (scan->by_format[i] > most) {
			most = scan->by_format[i];
			scan->report.mta = formats[i] == &format_exim       ? REPORT_EXIM
					   : formats[i] == &format_sendmail ? REPORT_SENDMAIL
									    : REPORT_POSTFIX;
		}
	}
}

void scan_report_fill(struct scan_report *scan, struct engine *engine, const struct accounts *accounts, struct geo *geo,
		      const struct life *life)
{
	struct report *report = &scan->report;

	scan->hindsight = hindsight_new(engine, accounts, geo, report->first_us);
	report->incident_count = hindsight_incidents(scan->hindsight, &report->incidents);
	life_each_left(life, note_left, scan->hindsight);
	report->partial_hindsight = hindsight_partial(scan->hindsight) && report->incident_count;
	report->accounts = accounts_count(accounts);
	fill_guessing(report, engine_population(engine), accounts, geo);
	fill_spoofed(report, engine, accounts);
	leave_out_what_ended(report);
	fill_local_senders(report, life);
	fill_top_senders(report, engine, accounts);
	geo_about(geo, &report->geo);
	note_server(scan);
}
