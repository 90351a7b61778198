/* SPDX-License-Identifier: Apache-2.0 */
/* Each question is a statement, its values, and a function that makes a row into what the caller knows. */
#include <stdlib.h>

#include "base/memory.h"
#include "store/desk.h"
#include "store/desk_file.h"

struct desk_reader {
	struct desk_file file;
};

struct desk_reader *desk_reader_open(const char *folder, struct error *error)
{
	struct desk_reader *reader = memory_zero(1, sizeof *reader);

	desk_file_init(&reader->file, folder);
	if (desk_file_read(&reader->file, error))
		return reader;
	free(reader);
	return NULL;
}

void desk_reader_close(struct desk_reader *reader)
{
	if (!reader)
		return;
	desk_file_close(&reader->file);
	free(reader);
}

/* ---- rows */

/* what the caller wants to be called with, whichever it is */
struct wish {
	void *context;
	union {
		void (*letter)(void *context, const struct desk_letter *letter);
		void (*lock)(void *context, const struct desk_lock *lock);
		void (*step)(void *context, const struct desk_step *step);
		void (*incident)(void *context, const struct desk_incident *incident);
		void (*flood)(void *context, const struct desk_flood *flood);
		void (*seen)(void *context, uint64_t incident, struct text account, struct text told);
		void (*note)(void *context, int64_t t_us, struct text who, struct text what);
		void (*mode)(void *context, struct text domain, enum desk_mode mode);
		void (*audit)(void *context, int64_t t_us, struct text who, struct text verb, struct text about);
		void (*guessable)(void *context, struct text account, struct text fault, int64_t found_us);
		void (*notice)(void *context, const struct desk_notice *notice);
		void (*code)(void *context, const struct desk_code *code);
		void (*care)(void *context, const struct desk_care *care);
		void (*complaint)(void *context, const struct desk_complaint *complaint);
		uint64_t *number;
	};
};

typedef void take_row(sqlite3_stmt *row, const struct wish *wish);

static struct text words(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return text ? (struct text){ text, (size_t)sqlite3_column_bytes(row, column) } : TEXT_NONE;
}

static int64_t moment(sqlite3_stmt *row, int column)
{
	return sqlite3_column_type(row, column) == SQLITE_NULL ? WHEN_NONE : sqlite3_column_int64(row, column);
}

/* a number of a set of `count`; whatever else the file holds becomes `otherwise` */
static uint8_t one_of(sqlite3_stmt *row, int column, unsigned count, unsigned otherwise)
{
	int64_t number = sqlite3_column_int64(row, column);

	return (uint8_t)(number >= 0 && number < (int64_t)count ? number : (int64_t)otherwise);
}

/* what a statement may name; what it does not name is passed over */
struct question {
	struct text about;
	int64_t number;
	bool only;
	uint32_t most;
};

static void bind(sqlite3_stmt *row, const struct question *question)
{
	struct text about = question->about.n ? question->about : TEXT_NONE;

	sqlite3_bind_text64(row, sqlite3_bind_parameter_index(row, ":about"), about.p, about.n, SQLITE_STATIC, SQLITE_UTF8);
	sqlite3_bind_int64(row, sqlite3_bind_parameter_index(row, ":number"), question->number);
	sqlite3_bind_int(row, sqlite3_bind_parameter_index(row, ":only"), question->only);
	sqlite3_bind_int64(row, sqlite3_bind_parameter_index(row, ":most"), question->most);
}

static bool ask(struct desk_reader *reader, const char *sql, const struct question *question, take_row *take,
		const struct wish *wish, struct error *error)
{
	sqlite3_stmt *row = NULL;
	int code;

	if (!desk_file_read(&reader->file, error))
		return false;
	if (sqlite3_prepare_v2(reader->file.db, sql, -1, &row, NULL) != SQLITE_OK)
		return desk_file_give_up(&reader->file, error);
	bind(row, question);
	while ((code = sqlite3_step(row)) == SQLITE_ROW)
		take(row, wish);
	if (code != SQLITE_DONE)
		return desk_file_give_up(&reader->file, error);
	sqlite3_finalize(row);
	return true;
}

/* ---- questions */

static void take_letter(sqlite3_stmt *row, const struct wish *wish)
{
	struct desk_letter letter = {
		.queue_id = words(row, 0),
		.t_us = sqlite3_column_int64(row, 1),
		.account = words(row, 2),
		.familiar = (uint8_t)sqlite3_column_int(row, 4),
		.state = one_of(row, 5, HELD_STATES, HELD_WAITING),
		.recipients = (uint32_t)sqlite3_column_int64(row, 6),
		.bits = (float)sqlite3_column_double(row, 7),
	};

	if (!ip_parse(words(row, 3), &letter.ip))
		letter.ip = (struct ip){ { 0 } };
	wish->letter(wish->context, &letter);
}

bool desk_each_letter(struct desk_reader *reader, struct text account, bool unsettled_only,
		      void (*each)(void *context, const struct desk_letter *letter), void *context, struct error *error)
{
	return ask(reader,
		   "SELECT queue_id, t_us, account, ip, familiar, state, recipients, bits FROM letters"
		   " WHERE (:about = '' OR account = :about) AND (NOT :only OR state NOT IN (2, 4, 5)) ORDER BY t_us, queue_id",
		   &(struct question){ .about = account, .only = unsettled_only }, take_letter, &(struct wish){ context, .letter = each }, error);
}

static void take_lock(sqlite3_stmt *row, const struct wish *wish)
{
	struct desk_lock lock = {
		.account = words(row, 0),
		.t_us = sqlite3_column_int64(row, 1),
		.incident = (uint64_t)sqlite3_column_int64(row, 2),
		.scope = (uint8_t)sqlite3_column_int(row, 3),
		.reach = one_of(row, 4, DESK_REACHES, REACH_PLACES),
		.by_hand = sqlite3_column_int(row, 5) != 0,
		.apart = sqlite3_column_int(row, 6) != 0,
	};

	wish->lock(wish->context, &lock);
}

bool desk_each_lock(struct desk_reader *reader, void (*each)(void *context, const struct desk_lock *lock), void *context,
		    struct error *error)
{
	return ask(reader, "SELECT account, t_us, incident, scope, reach, by_hand, apart FROM locks ORDER BY t_us, account", &(struct question){ 0 }, take_lock,
		   &(struct wish){ context, .lock = each }, error);
}

static void take_incident(sqlite3_stmt *row, const struct wish *wish)
{
	struct desk_incident incident = {
		.id = (uint64_t)sqlite3_column_int64(row, 0),
		.account = words(row, 1),
		.state = one_of(row, 2, DESK_INCIDENT_STATES, DESK_OPEN),
		.mode = one_of(row, 3, DESK_MODES, DESK_OBSERVE),
		.braked = sqlite3_column_int(row, 4) != 0,
		.began_us = moment(row, 5),
		.opened_us = moment(row, 6),
		.closed_us = moment(row, 7),
		.bits = (float)sqlite3_column_double(row, 8),
		.evidence = words(row, 9),
		.refused = (uint32_t)sqlite3_column_int64(row, 10),
		.last_refused_us = moment(row, 11),
		.bulk = (uint32_t)sqlite3_column_int64(row, 12),
	};

	wish->incident(wish->context, &incident);
}

bool desk_each_incident(struct desk_reader *reader, uint64_t id, struct text account, bool open_only, uint32_t most,
			void (*each)(void *context, const struct desk_incident *incident), void *context, struct error *error)
{
	return ask(reader,
		   "SELECT id, account, state, mode, braked, began_us, opened_us, closed_us, bits, evidence, refused,"
		   " last_refused_us, bulk FROM incidents WHERE (:number = 0 OR id = :number) AND (:about = '' OR account = :about)"
		   " AND (NOT :only OR closed_us IS NULL) ORDER BY id DESC LIMIT :most",
		   &(struct question){ .about = account, .number = (int64_t)id, .only = open_only, .most = most }, take_incident,
		   &(struct wish){ context, .incident = each }, error);
}

static void take_note(sqlite3_stmt *row, const struct wish *wish)
{
	wish->note(wish->context, sqlite3_column_int64(row, 0), words(row, 1), words(row, 2));
}

bool desk_each_note(struct desk_reader *reader, uint64_t incident,
		    void (*each)(void *context, int64_t t_us, struct text who, struct text what), void *context, struct error *error)
{
	return ask(reader, "SELECT t_us, who, what FROM notes WHERE incident = :number ORDER BY t_us, rowid",
		   &(struct question){ .number = (int64_t)incident }, take_note, &(struct wish){ context, .note = each }, error);
}

static void take_step(sqlite3_stmt *row, const struct wish *wish)
{
	struct desk_step step = {
		.incident = (uint64_t)sqlite3_column_int64(row, 0),
		.action = words(row, 1),
		.account = words(row, 2),
		.wanted = sqlite3_column_int(row, 3) != 0,
		.state = one_of(row, 4, STEP_STATES, STEP_WAITING),
		.tries = (uint32_t)sqlite3_column_int64(row, 5),
		.at_us = moment(row, 6),
		.says = words(row, 7),
		.count = (uint32_t)sqlite3_column_int64(row, 8),
		.proved_us = moment(row, 9),
		.proof = words(row, 10),
		.proof_count = (uint32_t)sqlite3_column_int64(row, 11),
		.done_us = moment(row, 12),
	};

	wish->step(wish->context, &step);
}

bool desk_each_step(struct desk_reader *reader, uint64_t incident, void (*each)(void *context, const struct desk_step *step),
		    void *context, struct error *error)
{
	return ask(reader,
		   "SELECT incident, action, account, wanted, state, tries, at_us, says, count, proved_us, proof, proof_count, done_us"
		   " FROM steps"
		   " WHERE incident = :number OR (:number = 0 AND ((NOT wanted AND state NOT IN (4, 5))"
		   " OR incident IN (SELECT incident FROM locks))) ORDER BY incident, rowid",
		   &(struct question){ .number = (int64_t)incident }, take_step, &(struct wish){ context, .step = each }, error);
}

static void take_seen(sqlite3_stmt *row, const struct wish *wish)
{
	wish->seen(wish->context, (uint64_t)sqlite3_column_int64(row, 0), words(row, 1), words(row, 2));
}

bool desk_each_seen(struct desk_reader *reader, uint64_t incident,
		    void (*each)(void *context, uint64_t incident, struct text account, struct text told), void *context,
		    struct error *error)
{
	return ask(reader,
		   "SELECT seen.incident, account, told FROM seen JOIN incidents ON incidents.id = seen.incident"
		   " WHERE seen.incident = :number OR (:number = 0 AND closed_us IS NULL) ORDER BY seen.incident",
		   &(struct question){ .number = (int64_t)incident }, take_seen, &(struct wish){ context, .seen = each }, error);
}

bool desk_each_aftermath(struct desk_reader *reader, uint64_t incident, int64_t since_us,
			 void (*each)(void *context, uint64_t incident, struct text account, struct text told), void *context,
			 struct error *error)
{
	return ask(reader,
		   "SELECT aftermath.incident, account, told FROM aftermath JOIN incidents ON incidents.id = aftermath.incident"
		   " WHERE aftermath.incident = :number OR (:number < 0 AND closed_us >= -:number) ORDER BY aftermath.incident",
		   &(struct question){ .number = incident ? (int64_t)incident : -since_us }, take_seen,
		   &(struct wish){ context, .seen = each }, error);
}

static void take_flood(sqlite3_stmt *row, const struct wish *wish)
{
	struct desk_flood flood = {
		.account = words(row, 0),
		.folder = words(row, 1),
		.incident = (uint64_t)sqlite3_column_int64(row, 2),
		.since_us = moment(row, 3),
		.until_us = moment(row, 4),
		.moved_us = moment(row, 5),
		.spoofed = sqlite3_column_int(row, 6) != 0,
		.validity = (uint32_t)sqlite3_column_int64(row, 7),
		.next_uid = (uint32_t)sqlite3_column_int64(row, 8),
		.seen_uid = (uint32_t)sqlite3_column_int64(row, 9),
		.moved = (uint32_t)sqlite3_column_int64(row, 10),
		.brought_back = (uint32_t)sqlite3_column_int64(row, 11),
	};

	wish->flood(wish->context, &flood);
}

bool desk_each_flood(struct desk_reader *reader, struct text account, bool coming_only,
		     void (*each)(void *context, const struct desk_flood *flood), void *context, struct error *error)
{
	return ask(reader,
		   "SELECT account, folder, incident, since_us, until_us, moved_us, spoofed, validity, next_uid, seen_uid, moved, brought_back"
		   " FROM floods WHERE (:about = '' OR account = :about) AND (NOT :only OR until_us IS NOT NULL) ORDER BY account",
		   &(struct question){ .about = account, .only = coming_only }, take_flood, &(struct wish){ context, .flood = each }, error);
}

static void take_complaint(sqlite3_stmt *row, const struct wish *wish)
{
	wish->complaint(wish->context, &(struct desk_complaint){ .account = words(row, 0), .sent_us = sqlite3_column_int64(row, 1),
								  .queue_id = words(row, 2), .reporter = words(row, 3), .about = words(row, 4),
								  .t_us = sqlite3_column_int64(row, 5) });
}

bool desk_each_complaint(struct desk_reader *reader, struct text account, int64_t since_us,
			 void (*each)(void *context, const struct desk_complaint *complaint), void *context, struct error *error)
{
	return ask(reader,
		   "SELECT account, sent_us, queue_id, reporter, about, t_us FROM complaints WHERE account = :about AND sent_us >= :number"
		   " ORDER BY sent_us, queue_id",
		   &(struct question){ .about = account, .number = since_us }, take_complaint, &(struct wish){ context, .complaint = each },
		   error);
}

static void take_notice(sqlite3_stmt *row, const struct wish *wish)
{
	struct desk_notice notice = {
		.id = (uint64_t)sqlite3_column_int64(row, 0),
		.incident = (uint64_t)sqlite3_column_int64(row, 1),
		.account = words(row, 2),
		.kind = words(row, 3),
		.to_operator = sqlite3_column_int(row, 4) != 0,
		.summary = (uint64_t)sqlite3_column_int64(row, 5),
		.code_hash = words(row, 6),
		.language = words(row, 7),
		.state = one_of(row, 8, DESK_NOTICE_STATES, DESK_NOTICE_FAILED),
		.ways = words(row, 9),
		.tries = (uint32_t)sqlite3_column_int64(row, 10),
		.made_us = moment(row, 11),
		.next_us = moment(row, 12),
		.sent_us = moment(row, 13),
		.says = words(row, 14),
	};

	wish->notice(wish->context, &notice);
}

#define NOTICES "SELECT id, incident, account, kind, to_operator, summary, code_hash, language, state, ways, tries, made_us, next_us," \
		" sent_us, says FROM notices "

bool desk_each_notice(struct desk_reader *reader, uint64_t id, struct text account, bool waiting_only, uint32_t most,
		      void (*each)(void *context, const struct desk_notice *notice), void *context, struct error *error)
{
	struct question question = { .about = account, .number = (int64_t)id, .most = most };
	const char *sql = id ? NOTICES "WHERE id = :number"
			  : waiting_only ? NOTICES "WHERE state = 0 AND (:about = '' OR account = :about) ORDER BY id LIMIT :most"
					 : NOTICES "WHERE :about = '' OR account = :about ORDER BY id DESC LIMIT :most";

	return ask(reader, sql, &question, take_notice, &(struct wish){ context, .notice = each }, error);
}

bool desk_each_notice_of(struct desk_reader *reader, uint64_t incident, void (*each)(void *context, const struct desk_notice *notice),
			 void *context, struct error *error)
{
	return ask(reader, NOTICES "WHERE incident = :number AND incident != 0 ORDER BY id", &(struct question){ .number = (int64_t)incident },
		   take_notice, &(struct wish){ context, .notice = each }, error);
}

bool desk_each_notice_by(struct desk_reader *reader, struct text code_hash, void (*each)(void *context, const struct desk_notice *notice),
			 void *context, struct error *error)
{
	return ask(reader, NOTICES "WHERE code_hash = :about ORDER BY id", &(struct question){ .about = code_hash }, take_notice,
		   &(struct wish){ context, .notice = each }, error);
}

static void take_code(sqlite3_stmt *row, const struct wish *wish)
{
	wish->code(wish->context, &(struct desk_code){ .account = words(row, 0), .hash = words(row, 1), .made_us = moment(row, 2),
						       .expires_us = moment(row, 3), .tries_left = (uint32_t)sqlite3_column_int64(row, 4),
						       .used = sqlite3_column_int(row, 5) != 0 });
}

bool desk_each_code(struct desk_reader *reader, void (*each)(void *context, const struct desk_code *code), void *context, struct error *error)
{
	return ask(reader, "SELECT account, hash, made_us, expires_us, tries_left, used FROM codes ORDER BY made_us", &(struct question){ 0 },
		   take_code, &(struct wish){ context, .code = each }, error);
}

static void take_care(sqlite3_stmt *row, const struct wish *wish)
{
	wish->care(wish->context, &(struct desk_care){ .incident = (uint64_t)sqlite3_column_int64(row, 0), .item = words(row, 1),
						       .state = one_of(row, 2, CARE_STATES, CARE_OPEN), .who = words(row, 3),
						       .at_us = moment(row, 4), .reminded_us = moment(row, 5) });
}

bool desk_each_care(struct desk_reader *reader, uint64_t incident, void (*each)(void *context, const struct desk_care *care), void *context,
		    struct error *error)
{
	return ask(reader,
		   "SELECT incident, item, state, who, at_us, reminded_us FROM care WHERE incident = :number OR (:number = 0 AND state = 0)"
		   " ORDER BY incident, item",
		   &(struct question){ .number = (int64_t)incident }, take_care, &(struct wish){ context, .care = each }, error);
}

static void take_mode(sqlite3_stmt *row, const struct wish *wish)
{
	wish->mode(wish->context, words(row, 0), one_of(row, 1, DESK_MODES, DESK_OBSERVE));
}

bool desk_each_mode(struct desk_reader *reader, void (*each)(void *context, struct text domain, enum desk_mode mode),
		    void *context, struct error *error)
{
	return ask(reader, "SELECT domain, mode FROM modes ORDER BY domain", &(struct question){ 0 }, take_mode,
		   &(struct wish){ context, .mode = each }, error);
}

static void take_guessable(sqlite3_stmt *row, const struct wish *wish)
{
	wish->guessable(wish->context, words(row, 0), words(row, 1), sqlite3_column_int64(row, 2));
}

bool desk_each_guessable(struct desk_reader *reader, void (*each)(void *context, struct text account, struct text fault, int64_t found_us),
			 void *context, struct error *error)
{
	return ask(reader, "SELECT account, fault, found_us FROM guessable ORDER BY account", &(struct question){ 0 }, take_guessable,
		   &(struct wish){ context, .guessable = each }, error);
}

static void take_audit(sqlite3_stmt *row, const struct wish *wish)
{
	wish->audit(wish->context, sqlite3_column_int64(row, 0), words(row, 1), words(row, 2), words(row, 3));
}

bool desk_each_audit(struct desk_reader *reader, struct text about, uint32_t most,
		     void (*each)(void *context, int64_t t_us, struct text who, struct text verb, struct text about),
		     void *context, struct error *error)
{
	return ask(reader,
		   "SELECT t_us, who, verb, about FROM audit WHERE (:about = '' OR about = :about)"
		   " ORDER BY t_us DESC, rowid DESC LIMIT :most",
		   &(struct question){ .about = about, .most = most }, take_audit, &(struct wish){ context, .audit = each }, error);
}

static void take_number(sqlite3_stmt *row, const struct wish *wish) { *wish->number = (uint64_t)sqlite3_column_int64(row, 0); }

static bool last_number(struct desk_reader *reader, const char *question, uint64_t *number, struct error *error)
{
	uint64_t last = 0;

	if (!ask(reader, question, &(struct question){ 0 }, take_number, &(struct wish){ .number = &last }, error))
		return false;
	*number = last;
	return true;
}

bool desk_last_incident(struct desk_reader *reader, uint64_t *id, struct error *error)
{
	return last_number(reader, "SELECT last FROM numbers WHERE name = 'incident'", id, error);
}

bool desk_last_bulk(struct desk_reader *reader, uint64_t *bulk, struct error *error)
{
	return last_number(reader, "SELECT last FROM numbers WHERE name = 'bulk'", bulk, error);
}

bool desk_last_notice(struct desk_reader *reader, uint64_t *id, struct error *error)
{
	return last_number(reader, "SELECT last FROM numbers WHERE name = 'notice'", id, error);
}
