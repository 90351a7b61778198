/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the control socket share, and nobody else sees. A job is one request on its way to its answer. */
#ifndef SEKISHO_GATE_CONTROL_INSIDE_H
#define SEKISHO_GATE_CONTROL_INSIDE_H
#include "gate/control.h"
#include "gate/control_peer.h"
#include "gate/control_request.h"
#include "geo/geo.h"
#include "notice/mark.h"
#include "store/ledger.h"

/* why there is no answer; the names stand in the protocol */
enum control_fault { CONTROL_FAULTY, CONTROL_REFUSED, CONTROL_ABSENT, CONTROL_NO, CONTROL_FAILED, CONTROL_FORMER, CONTROL_FAULTS };
extern const char *const control_fault_names[CONTROL_FAULTS];

/* The databases, opened when they are first asked. Only one job at a time has them, on whatever thread. */
struct control_stores {
	const char *folder, *geo_file;
	struct desk_reader *desk;
	struct ledger_reader *ledger;
	struct geo *geo;
};

struct control_job {
	const struct control_options *options;
	struct control_stores *stores;   /* while it looks */
	struct control_request request;
	const struct control_verb *verb; /* NULL: it was not understood, or nobody may */
	struct control_peer peer;
	char account[ACCOUNT_NAME_MAX];  /* in its normal form; "" for none */
	struct control_account known;
	char notice_hash[NOTICE_HASH_MAX]; /* of a code that is asked about */
	struct control_back *back;       /* of a mail that came back (control_back.c); NULL */
	json_t *answer;                  /* an object, to be filled in */
	enum control_fault fault;
	struct error error;              /* "": none so far */
	control_done *done;              /* for the gate, with the job as ticket */
};

enum control_step {
	CONTROL_READY,  /* the answer is there, or the error */
	CONTROL_SEARCH, /* the databases are to be asked: `look`, on a thread that may wait */
	CONTROL_LATER,  /* the gate will call `done` */
};

struct control_verb {
	const char *name;
	enum control_right right;
	enum control_step (*begin)(struct control_job *job); /* on the loop */
	void (*look)(struct control_job *job);
	enum control_step (*settle)(struct control_job *job); /* on the loop again, where `look` did not fail; NULL: it is answered */
};

extern const struct control_verb control_verbs[];
extern const size_t control_verb_count;
extern const struct control_verb control_lock_verbs[]; /* control_locks.c */
extern const size_t control_lock_verb_count;
extern const struct control_verb control_risk_verbs[]; /* control_risks.c */
extern const size_t control_risk_verb_count;
extern const struct control_verb control_flood_verbs[]; /* control_flood.c */
extern const size_t control_flood_verb_count;
extern const struct control_verb control_care_verbs[]; /* control_care.c */
extern const size_t control_care_verb_count;
extern const struct control_verb control_owner_verbs[]; /* control_owner.c */
extern const size_t control_owner_verb_count;
extern const struct control_verb control_notice_verbs[]; /* control_notice.c */
extern const size_t control_notice_verb_count;

/* Reads the line, and begins what it asks for, if this peer may: `options`, `peer` and `done` are filled in. */
enum control_step control_job_begin(struct control_job *job, struct text line);
void control_job_done(struct control_job *job);
/* the gate could not, or will not, as control_say_no and control_say_former have said before */
void control_job_refused(struct control_job *job, const struct error *error);
/* always CONTROL_READY */
enum control_step control_fail(struct control_job *job, enum control_fault fault, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* it asks for an incident, of which the databases know */
enum control_step control_begin_incident(struct control_job *job);
/* opens what is not open yet; false: the job has failed */
bool control_open_desk(struct control_job *job) __attribute__((warn_unused_result));
bool control_open_ledger(struct control_job *job) __attribute__((warn_unused_result));
/* something was not found: it may just have been sent. True: look again */
bool control_hurry_ledger(struct control_job *job) __attribute__((warn_unused_result));
void control_stores_done(struct control_stores *stores);

/* ---- what comes after an incident: "care" and "guide" of what is told of it, empty and null where it was one in vain */
void control_care_put(struct control_job *job, json_t *incident);
/* CARE_STATES where it is no state's name */
enum desk_care_state control_care_state(const struct control_job *job);

/* ---- mails that came back */
enum control_step control_back_begin(struct control_job *job);
void control_back_look(struct control_job *job);
enum control_step control_back_settle(struct control_job *job);
void control_back_free(struct control_back *back);

/* ---- values of answers */
json_t *control_text(struct text text);
json_t *control_row(const struct ledger_found *found);
/* in one line; the brief form has no evidence */
json_t *control_incident_head(const struct desk_incident *incident);
/* whose the mail is; false: the job has failed */
bool control_back_whose(struct control_job *job, const struct attribution_question *question, struct attribution *whose)
	__attribute__((warn_unused_result));
/* what was moved of what came back */
json_t *control_flood(const struct desk_flood *flood);
/* what somebody was told */
json_t *control_notice(const struct desk_notice *notice);
/* how it was shut and proved, null where nothing was; `scope` NULL: it is not locked any more */
json_t *control_closure(struct control_job *job, uint64_t incident, const char *scope);
/* the whole of one, which is fetched here: mail, sources, story; false: there is none, or the job has failed */
bool control_incident_fill(struct control_job *job, json_t *into);
#endif
