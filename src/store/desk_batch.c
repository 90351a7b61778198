/* SPDX-License-Identifier: Apache-2.0 */
#include "store/desk_batch.h"

#include <stdlib.h>

#include "base/memory.h"

const char *const desk_mode_names[DESK_MODES] = { "learn", "observe", "enforce" };
const char *const desk_held_names[HELD_STATES] = { "waiting", "releasing", "released", "condemned", "deleted", "gone" };
const char *const desk_reach_names[DESK_REACHES] = { "unfamiliar", "sending", "account" };
const char *const desk_step_names[STEP_STATES] = { "waiting", "done", "failed", "cannot", "not_set_up", "undone" };
const char *const desk_notice_names[DESK_NOTICE_STATES] = { "waiting", "sent", "failed" };
const char *const desk_care_names[CARE_STATES] = { "open", "done", "not_applicable" };
const char *const desk_incident_names[DESK_INCIDENT_STATES] = { "open", "contained", "released", "closed" };

enum statement {
	PUT_LETTER, SET_LETTER, PUT_INCIDENT, PUT_NUMBER, PUT_BULK, PUT_NOTE, PUT_SEEN, PUT_AFTERMATH, PUT_COMPLAINT, PUT_LOCK, DROP_LOCK,
	PUT_STEP, PUT_FLOOD, END_FLOOD, PUT_NOTICE, PUT_NOTICE_NUMBER, SET_NOTICE, PUT_CODE, DROP_CODES, PUT_CARE, PUT_GUESSABLE,
	DROP_GUESSABLE, SET_MODE, PUT_AUDIT, FORGET_CARE, FORGET_NOTICES, EXPIRE_CARE, EXPIRE_NOTICES, FORGET_LETTERS, FORGET_NOTES,
	FORGET_STEPS, FORGET_SEEN, FORGET_AFTERMATH, FORGET_COMPLAINTS, FORGET_FLOODS, FORGET_INCIDENTS, EXPIRE_LETTERS, EXPIRE_NOTES,
	EXPIRE_STEPS, EXPIRE_SEEN, EXPIRE_AFTERMATH, EXPIRE_COMPLAINTS, EXPIRE_FLOODS, EXPIRE_INCIDENTS,
	EXPIRE_AUDIT,
};

_Static_assert((int)EXPIRE_AUDIT + 1 == DESK_STATEMENTS, "each has a place among the prepared ones");
_Static_assert(HELD_RELEASED == 2 && HELD_DELETED == 4 && HELD_GONE == 5, "the statements name them");

#define OVER " state IN (2, 4, 5) " /* released, deleted, gone */
#define CLOSED " closed_us IS NOT NULL "

/* Each may be done twice. A lock that is there stays, and becomes wider where the new one is. */
const char *const desk_statements[DESK_STATEMENTS] = {
	[PUT_LETTER] = "REPLACE INTO letters (queue_id, t_us, account, ip, familiar, state, recipients, bits, changed_us)"
		       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[SET_LETTER] = "UPDATE letters SET state = ?3, changed_us = ?4 WHERE queue_id = ?1 AND t_us = ?2",
	[PUT_INCIDENT] = "REPLACE INTO incidents (id, account, state, mode, braked, bulk, began_us, opened_us, closed_us, bits,"
			 " evidence, refused, last_refused_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[PUT_NUMBER] = "INSERT INTO numbers (name, last) VALUES ('incident', ?)"
		       " ON CONFLICT (name) DO UPDATE SET last = max(last, excluded.last)",
	[PUT_BULK] = "INSERT INTO numbers (name, last) VALUES ('bulk', ?)"
		     " ON CONFLICT (name) DO UPDATE SET last = max(last, excluded.last)",
	[PUT_NOTE] = "INSERT OR IGNORE INTO notes (incident, t_us, who, what) VALUES (?, ?, ?, ?)",
	[PUT_SEEN] = "REPLACE INTO seen (incident, told) VALUES (?, ?)",
	[PUT_AFTERMATH] = "REPLACE INTO aftermath (incident, told) VALUES (?, ?)",
	[PUT_COMPLAINT] = "INSERT OR IGNORE INTO complaints (account, sent_us, queue_id, reporter, about, t_us) VALUES (?, ?, ?, ?, ?, ?)",
	[PUT_LOCK] = "INSERT INTO locks (account, t_us, incident, scope, reach, by_hand, apart) VALUES (?, ?, ?, ?, ?, ?, ?)"
		     " ON CONFLICT (account) DO UPDATE SET scope = max(scope, excluded.scope), reach = max(reach, excluded.reach),"
		     " by_hand = max(by_hand, excluded.by_hand), apart = excluded.apart",
	[DROP_LOCK] = "DELETE FROM locks WHERE account = ?",
	[PUT_STEP] = "INSERT INTO steps (incident, action, account, wanted, state, tries, at_us, done_us, says, count, proved_us, proof,"
		     " proof_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (incident, action) DO UPDATE SET wanted = excluded.wanted,"
		     " state = excluded.state, tries = excluded.tries, at_us = excluded.at_us, done_us = excluded.done_us, says = excluded.says, count = excluded.count,"
		     " proved_us = excluded.proved_us, proof = excluded.proof, proof_count = excluded.proof_count",
	[PUT_FLOOD] = "REPLACE INTO floods (account, folder, incident, since_us, until_us, moved_us, spoofed, validity, next_uid, seen_uid,"
		      " moved, brought_back) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[END_FLOOD] = "UPDATE floods SET until_us = min(until_us, ?2) WHERE account = ?1", /* NULL is less than any */
	[PUT_NOTICE] = "INSERT OR IGNORE INTO notices (id, incident, account, kind, to_operator, summary, code_hash, language, state, ways,"
		       " tries, made_us, next_us, sent_us, says) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[PUT_NOTICE_NUMBER] = "INSERT INTO numbers (name, last) VALUES ('notice', ?)"
			      " ON CONFLICT (name) DO UPDATE SET last = max(last, excluded.last)",
	[SET_NOTICE] = "UPDATE notices SET summary = ?2, language = ?3, state = ?4, ways = ?5, tries = ?6, next_us = ?7, sent_us = ?8,"
		       " says = ?9 WHERE id = ?1",
	[PUT_CODE] = "REPLACE INTO codes (account, hash, made_us, expires_us, tries_left, used) VALUES (?, ?, ?, ?, ?, ?)",
	[DROP_CODES] = "DELETE FROM codes WHERE expires_us < ?",
	[PUT_CARE] = "REPLACE INTO care (incident, item, state, who, at_us, reminded_us) VALUES (?, ?, ?, ?, ?, ?)",
	[PUT_GUESSABLE] = "REPLACE INTO guessable (account, fault, found_us) VALUES (?, ?, ?)",
	[DROP_GUESSABLE] = "DELETE FROM guessable WHERE account = ?",
	[FORGET_CARE] = "DELETE FROM care WHERE incident IN (SELECT id FROM incidents WHERE account = ? AND" CLOSED ")",
	[FORGET_NOTICES] = "DELETE FROM notices WHERE account = ? AND state != 0",
	[EXPIRE_CARE] = "DELETE FROM care WHERE incident IN (SELECT id FROM incidents WHERE closed_us < ?)",
	[EXPIRE_NOTICES] = "DELETE FROM notices WHERE made_us < ? AND state != 0",
	[SET_MODE] = "REPLACE INTO modes (domain, mode) VALUES (?, ?)",
	[PUT_AUDIT] = "INSERT OR IGNORE INTO audit (t_us, who, verb, about) VALUES (?, ?, ?, ?)",
	[FORGET_LETTERS] = "DELETE FROM letters WHERE account = ? AND" OVER,
	[FORGET_NOTES] = "DELETE FROM notes WHERE incident IN (SELECT id FROM incidents WHERE account = ? AND" CLOSED ")",
	[FORGET_STEPS] = "DELETE FROM steps WHERE incident IN (SELECT id FROM incidents WHERE account = ? AND" CLOSED ")",
	[FORGET_SEEN] = "DELETE FROM seen WHERE incident IN (SELECT id FROM incidents WHERE account = ? AND" CLOSED ")",
	[FORGET_AFTERMATH] = "DELETE FROM aftermath WHERE incident IN (SELECT id FROM incidents WHERE account = ? AND" CLOSED ")",
	[FORGET_COMPLAINTS] = "DELETE FROM complaints WHERE account = ?",
	[FORGET_FLOODS] = "DELETE FROM floods WHERE account = ?",
	[FORGET_INCIDENTS] = "DELETE FROM incidents WHERE account = ? AND" CLOSED,
	[EXPIRE_LETTERS] = "DELETE FROM letters WHERE changed_us < ? AND" OVER,
	[EXPIRE_NOTES] = "DELETE FROM notes WHERE incident IN (SELECT id FROM incidents WHERE closed_us < ?)",
	[EXPIRE_STEPS] = "DELETE FROM steps WHERE incident IN (SELECT id FROM incidents WHERE closed_us < ?)",
	[EXPIRE_SEEN] = "DELETE FROM seen WHERE incident IN (SELECT id FROM incidents WHERE closed_us < ?)",
	[EXPIRE_AFTERMATH] = "DELETE FROM aftermath WHERE incident IN (SELECT id FROM incidents WHERE closed_us < ?)",
	[EXPIRE_COMPLAINTS] = "DELETE FROM complaints WHERE t_us < ?",
	[EXPIRE_FLOODS] = "DELETE FROM floods WHERE since_us < ?1 AND ifnull(until_us, since_us) < ?1",
	[EXPIRE_INCIDENTS] = "DELETE FROM incidents WHERE closed_us < ?",
	[EXPIRE_AUDIT] = "DELETE FROM audit WHERE t_us < ?",
};

/* ---- values */

enum kind { NOTHING, NUMBER, REAL, TEXT_VALUE };

struct value {
	enum kind kind;
	union {
		int64_t number;
		double real;
		struct text text;
	};
};

struct desk_change {
	struct desk_change *next;
	enum statement statement;
	size_t count;
	struct value values[];
};

static struct value number(uint64_t n) { return (struct value){ NUMBER, .number = (int64_t)n }; }
static struct value real(float f) { return (struct value){ REAL, .real = (double)f }; }
static struct value words(struct text text) { return (struct value){ TEXT_VALUE, .text = text }; }
static struct value moment(int64_t t_us) { return (struct value){ t_us == WHEN_NONE ? NOTHING : NUMBER, .number = t_us }; }

static void add(struct desk_batch *batch, enum statement statement, const struct value *values, size_t count)
{
	struct desk_change *change = arena_take(&batch->arena, sizeof *change + count * sizeof *values);

	*change = (struct desk_change){ .statement = statement, .count = count };
	for (size_t i = 0; i < count; i++) {
		change->values[i] = values[i];
		if (values[i].kind == TEXT_VALUE)
			change->values[i].text.p = arena_text(&batch->arena, values[i].text);
	}
	*batch->end = change;
	batch->end = &change->next;
	batch->count++;
}

#define ADD(batch, statement, ...) \
	add(batch, statement, (struct value[]){ __VA_ARGS__ }, sizeof((struct value[]){ __VA_ARGS__ }) / sizeof(struct value))

static int bind(sqlite3_stmt *statement, int at, const struct value *value)
{
	switch (value->kind) {
	case NUMBER: return sqlite3_bind_int64(statement, at, value->number);
	case REAL: return sqlite3_bind_double(statement, at, value->real);
	case TEXT_VALUE: return sqlite3_bind_text64(statement, at, value->text.p, value->text.n, SQLITE_STATIC, SQLITE_UTF8);
	default: return sqlite3_bind_null(statement, at);
	}
}

static bool write_change(const struct desk_change *change, sqlite3 *db, sqlite3_stmt **prepared)
{
	bool good = *prepared || sqlite3_prepare_v3(db, desk_statements[change->statement], -1, SQLITE_PREPARE_PERSISTENT,
						    prepared, NULL) == SQLITE_OK;

	for (size_t i = 0; good && i < change->count; i++)
		good = bind(*prepared, (int)i + 1, &change->values[i]) == SQLITE_OK;
	good = good && sqlite3_step(*prepared) == SQLITE_DONE;
	if (good) /* a failure's reason would be lost */
		sqlite3_reset(*prepared);
	return good;
}

bool desk_batch_write(const struct desk_batch *batch, sqlite3 *db, sqlite3_stmt *prepared[DESK_STATEMENTS])
{
	for (const struct desk_change *change = batch->first; change; change = change->next)
		if (!write_change(change, db, &prepared[change->statement]))
			return false;
	return true;
}

/* ---- a batch */

struct desk_batch *desk_batch_new(void (*done)(void *context, const struct error *error), void *context)
{
	struct desk_batch *batch = memory_zero(1, sizeof *batch);

	batch->done = done;
	batch->context = context;
	batch->end = &batch->first;
	return batch;
}

void desk_batch_clear(struct desk_batch *batch)
{
	arena_done(&batch->arena);
	batch->first = NULL;
	batch->end = &batch->first;
	batch->count = 0;
}

void desk_batch_free(struct desk_batch *batch)
{
	desk_batch_clear(batch);
	free(batch->why);
	free(batch);
}

/* ---- changes */

void desk_put_letter(struct desk_batch *batch, const struct desk_letter *letter)
{
	char ip[IP_TEXT_MAX] = "";

	if (ip_known(&letter->ip))
		ip_format(&letter->ip, ip);
	ADD(batch, PUT_LETTER, words(letter->queue_id), number((uint64_t)letter->t_us), words(letter->account), words(text_of(ip)),
	    number(letter->familiar), number(letter->state), number(letter->recipients), real(letter->bits),
	    number((uint64_t)letter->t_us));
}

void desk_set_letter(struct desk_batch *batch, struct text queue_id, int64_t letter_us, enum desk_held state, int64_t now_us)
{
	ADD(batch, SET_LETTER, words(queue_id), number((uint64_t)letter_us), number(state), number((uint64_t)now_us));
}

void desk_put_incident(struct desk_batch *batch, const struct desk_incident *incident)
{
	ADD(batch, PUT_INCIDENT, number(incident->id), words(incident->account), number(incident->state), number(incident->mode),
	    number(incident->braked), number(incident->bulk), moment(incident->began_us), moment(incident->opened_us), moment(incident->closed_us),
	    real(incident->bits), words(incident->evidence), number(incident->refused), moment(incident->last_refused_us));
	ADD(batch, PUT_NUMBER, number(incident->id));
	if (incident->bulk)
		ADD(batch, PUT_BULK, number(incident->bulk));
}

void desk_note(struct desk_batch *batch, uint64_t incident, int64_t t_us, struct text who, struct text what)
{
	ADD(batch, PUT_NOTE, number(incident), number((uint64_t)t_us), words(who), words(what));
}

void desk_put_seen(struct desk_batch *batch, uint64_t incident, struct text told)
{
	ADD(batch, PUT_SEEN, number(incident), words(told));
}

void desk_put_aftermath(struct desk_batch *batch, uint64_t incident, struct text told)
{
	ADD(batch, PUT_AFTERMATH, number(incident), words(told));
}

void desk_put_complaint(struct desk_batch *batch, const struct desk_complaint *complaint)
{
	ADD(batch, PUT_COMPLAINT, words(complaint->account), number((uint64_t)complaint->sent_us), words(complaint->queue_id),
	    words(complaint->reporter), words(complaint->about), number((uint64_t)complaint->t_us));
}

void desk_put_lock(struct desk_batch *batch, const struct desk_lock *lock)
{
	ADD(batch, PUT_LOCK, words(lock->account), number((uint64_t)lock->t_us), number(lock->incident), number(lock->scope),
	    number(lock->reach), number(lock->by_hand), number(lock->apart));
}

void desk_drop_lock(struct desk_batch *batch, struct text account) { ADD(batch, DROP_LOCK, words(account)); }

void desk_put_step(struct desk_batch *batch, const struct desk_step *step)
{
	ADD(batch, PUT_STEP, number(step->incident), words(step->action), words(step->account), number(step->wanted), number(step->state),
	    number(step->tries), moment(step->at_us), moment(step->done_us), words(step->says), number(step->count),
	    moment(step->proved_us), words(step->proof), number(step->proof_count));
}

void desk_put_flood(struct desk_batch *batch, const struct desk_flood *flood)
{
	ADD(batch, PUT_FLOOD, words(flood->account), words(flood->folder), number(flood->incident), moment(flood->since_us),
	    moment(flood->until_us), moment(flood->moved_us), number(flood->spoofed), number(flood->validity), number(flood->next_uid),
	    number(flood->seen_uid), number(flood->moved), number(flood->brought_back));
}

void desk_end_flood(struct desk_batch *batch, struct text account, int64_t until_us)
{
	ADD(batch, END_FLOOD, words(account), moment(until_us));
}

void desk_put_notice(struct desk_batch *batch, const struct desk_notice *notice)
{
	ADD(batch, PUT_NOTICE, number(notice->id), number(notice->incident), words(notice->account), words(notice->kind),
	    number(notice->to_operator), number(notice->summary), words(notice->code_hash), words(notice->language), number(notice->state),
	    words(notice->ways), number(notice->tries), moment(notice->made_us), moment(notice->next_us), moment(notice->sent_us),
	    words(notice->says));
	ADD(batch, PUT_NOTICE_NUMBER, number(notice->id));
}

void desk_set_notice(struct desk_batch *batch, const struct desk_notice *notice)
{
	ADD(batch, SET_NOTICE, number(notice->id), number(notice->summary), words(notice->language), number(notice->state),
	    words(notice->ways), number(notice->tries), moment(notice->next_us), moment(notice->sent_us), words(notice->says));
}

void desk_put_code(struct desk_batch *batch, const struct desk_code *code)
{
	ADD(batch, PUT_CODE, words(code->account), words(code->hash), moment(code->made_us), moment(code->expires_us),
	    number(code->tries_left), number(code->used));
}

void desk_drop_codes(struct desk_batch *batch, int64_t expired_us) { ADD(batch, DROP_CODES, moment(expired_us)); }

void desk_put_care(struct desk_batch *batch, const struct desk_care *care)
{
	ADD(batch, PUT_CARE, number(care->incident), words(care->item), number(care->state), words(care->who), moment(care->at_us),
	    moment(care->reminded_us));
}

void desk_set_mode(struct desk_batch *batch, struct text domain, enum desk_mode mode)
{
	ADD(batch, SET_MODE, words(domain), number(mode));
}

void desk_audit(struct desk_batch *batch, int64_t t_us, struct text who, struct text verb, struct text about)
{
	ADD(batch, PUT_AUDIT, number((uint64_t)t_us), words(who), words(verb), words(about));
}

void desk_put_guessable(struct desk_batch *batch, struct text account, struct text fault, int64_t found_us)
{
	ADD(batch, PUT_GUESSABLE, words(account), words(fault), moment(found_us));
}

void desk_drop_guessable(struct desk_batch *batch, struct text account) { ADD(batch, DROP_GUESSABLE, words(account)); }

void desk_forget(struct desk_batch *batch, struct text account)
{
	ADD(batch, FORGET_LETTERS, words(account));
	ADD(batch, FORGET_NOTES, words(account));
	ADD(batch, FORGET_STEPS, words(account));
	ADD(batch, FORGET_SEEN, words(account));
	ADD(batch, FORGET_AFTERMATH, words(account));
	ADD(batch, FORGET_CARE, words(account));
	ADD(batch, FORGET_NOTICES, words(account));
	ADD(batch, FORGET_COMPLAINTS, words(account));
	ADD(batch, FORGET_FLOODS, words(account));
	ADD(batch, DROP_GUESSABLE, words(account));
	ADD(batch, FORGET_INCIDENTS, words(account));
}

void desk_expire(struct desk_batch *batch, int64_t letters_us, int64_t incidents_us, int64_t audit_us)
{
	ADD(batch, EXPIRE_LETTERS, number((uint64_t)letters_us));
	ADD(batch, EXPIRE_NOTES, number((uint64_t)incidents_us));
	ADD(batch, EXPIRE_STEPS, number((uint64_t)incidents_us));
	ADD(batch, EXPIRE_SEEN, number((uint64_t)incidents_us));
	ADD(batch, EXPIRE_AFTERMATH, number((uint64_t)incidents_us));
	ADD(batch, EXPIRE_CARE, number((uint64_t)incidents_us));
	ADD(batch, EXPIRE_NOTICES, number((uint64_t)incidents_us));
	ADD(batch, EXPIRE_COMPLAINTS, number((uint64_t)incidents_us));
	ADD(batch, EXPIRE_FLOODS, number((uint64_t)incidents_us));
	ADD(batch, EXPIRE_INCIDENTS, number((uint64_t)incidents_us));
	ADD(batch, EXPIRE_AUDIT, number((uint64_t)audit_us));
}
