/* SPDX-License-Identifier: Apache-2.0 */
/* The desk: what must not be forgotten, whatever happens. Incidents, locks, mail that is held, the modes of domains, and
 * who looked at what. One SQLite file (WAL, synchronous=FULL), `desk.db` in the folder.
 *
 * Changes are gathered in a batch and handed over; a thread of the desk's own writes every batch that waits in one
 * transaction, and syncs it. Then the desk's descriptor becomes readable, and desk_collect calls each batch's `done` on
 * the caller's thread, in the order in which they were handed over. So a loop never waits for a disk. A change that is
 * written twice is written once: a lock that is there stays (and its scope is never narrowed), an incident keeps its number.
 *
 * A disk that is full or a file that is locked fails the batch, and those that were to be written with it, with a sentence;
 * the next one is tried anew, on a connection opened anew. What a failed batch held is not kept here: the caller hands it
 * over again if it still matters.
 *
 * A damaged file does not keep the daemon from its work, for a gate that nobody guards stands open: at the start, or when
 * the damage shows, it is set aside as `desk.db.damaged-20261122T101500Z`, a new one is begun, and every row that can still
 * be read is taken over, locks first. The same where the file was taken away. desk_warning says so; whoever knows locks,
 * letters and incidents by heart hands them over again then. Readers follow to the new file.
 *
 * Texts are UTF-8 as far as the senders of mail were; control characters are the reader's affair. A file of a newer
 * version is refused with a sentence; an older one is brought up to date. */
#ifndef SEKISHO_STORE_DESK_H
#define SEKISHO_STORE_DESK_H
#include "base/error.h"
#include "base/ip.h"
#include "base/when.h"

enum { DESK_WAITING_MAX = 100000 }; /* changes that wait for the disk; more are failed at once, before those that wait */

struct desk;
struct desk_batch;

/* makes the folder's file, or brings it up to date; desk_warning may have something to say at once */
struct desk *desk_open(const char *folder, struct error *error) __attribute__((warn_unused_result));
/* writes what waits, tells nobody */
void desk_close(struct desk *desk);

/* readable when desk_collect has something to tell */
int desk_descriptor(const struct desk *desk);
void desk_collect(struct desk *desk);
/* waits until everything that was handed over is written, or was tried, and collects it */
void desk_finish(struct desk *desk);
/* Could the last transaction not be written? *why is written only then. */
bool desk_is_failing(struct desk *desk, struct error *why) __attribute__((warn_unused_result));
/* Was a file set aside or begun anew since this was asked last? To be asked after desk_open and desk_collect, and said
 * loudly. *warning is written only then. */
bool desk_warning(struct desk *desk, struct error *warning) __attribute__((warn_unused_result));

/* ---- changes */

enum desk_mode { DESK_LEARN, DESK_OBSERVE, DESK_ENFORCE, DESK_MODES };
extern const char *const desk_mode_names[DESK_MODES]; /* "learn", … */

enum desk_held {
	HELD_WAITING,   /* in the hold queue, nothing decided */
	HELD_RELEASING, /* is to go out; the queue has not said yes */
	HELD_RELEASED,
	HELD_CONDEMNED, /* the thief's: stays in the hold queue for seven days, then is deleted */
	HELD_DELETED,
	HELD_GONE,      /* somebody else released or deleted it, or it was never queued */
	HELD_STATES,
};
extern const char *const desk_held_names[HELD_STATES];

enum desk_incident_state { DESK_OPEN, DESK_CONTAINED, DESK_RELEASED, DESK_CLOSED, DESK_INCIDENT_STATES };
extern const char *const desk_incident_names[DESK_INCIDENT_STATES]; /* "open", … */

/* one message that is held. A queue id is used again in time: (id, t_us) names it. */
struct desk_letter {
	struct text queue_id, account;
	int64_t t_us;
	struct ip ip;
	uint8_t familiar; /* enum profile_familiar of its source */
	uint8_t state;    /* enum desk_held */
	uint32_t recipients;
	float bits;
};

/* what a lock shuts */
enum desk_reach {
	REACH_PLACES,  /* sources that are not plainly the owner's, for mail and logins */
	REACH_SENDING, /* all sending, from everywhere; reading goes on */
	REACH_ACCOUNT, /* all sending and every login */
	DESK_REACHES,
};
extern const char *const desk_reach_names[DESK_REACHES]; /* "unfamiliar", "sending", "account" */

struct desk_lock {
	struct text account;
	int64_t t_us;
	uint64_t incident;
	uint8_t scope;   /* enum profile_familiar: what is no more familiar than this is refused */
	uint8_t reach;   /* enum desk_reach */
	bool by_hand;    /* a person locked it: it holds whatever the domain's mode is */
	bool apart;      /* the abuse came from elsewhere than the owner's own places, though these may be shut, too */
};

/* How far one action of an account's closure has come (containment/action.h). */
enum desk_step_state {
	STEP_WAITING,    /* to be done, or to be undone */
	STEP_DONE,
	STEP_FAILED,     /* tried, and will be tried again */
	STEP_CANNOT,     /* tried, and it makes no sense to try again */
	STEP_NOT_SET_UP, /* nobody told us how */
	STEP_UNDONE,
	STEP_STATES,
};
extern const char *const desk_step_names[STEP_STATES]; /* "waiting", … */

/* Sentences stand in English, with %u where the number belongs, so that each reader reads them in a language of their own. */
struct desk_step {
	uint64_t incident;
	struct text account, action;
	bool wanted;            /* false: it is to be undone */
	uint8_t state;          /* enum desk_step_state */
	uint32_t tries;
	int64_t at_us;          /* when it came to this state; WHEN_NONE: not tried yet */
	int64_t done_us;        /* when it was done, also where it is undone by now; WHEN_NONE: it was not */
	struct text says;
	uint32_t count;         /* of the sentence */
	int64_t proved_us;      /* WHEN_NONE: not proved; what was proved stays so when it is undone */
	struct text proof;
	uint32_t proof_count;
};

/* The mail that came back to an account, and was moved out of its INBOX (cli/flood.h). One row an account. */
struct desk_flood {
	struct text account, folder;
	uint64_t incident;     /* 0: none, a person said since when */
	int64_t since_us;      /* mail saved before was left alone */
	int64_t until_us;      /* until then what comes still goes there, too; WHEN_NONE: no more */
	int64_t moved_us;      /* when last; WHEN_NONE: never */
	bool spoofed;          /* what came back of mail that never passed here goes there, too */
	uint32_t validity;     /* of INBOX, while this stays the same: */
	uint32_t next_uid;     /* up to there all was looked at, */
	uint32_t seen_uid;     /* and up to there once, when some were not known yet */
	uint32_t moved;        /* mails, as many as were ever moved */
	uint32_t brought_back; /* by an undo */
};

struct desk_incident {
	uint64_t id;
	struct text account;
	uint8_t state, mode;         /* enum desk_mode: what was in force when it was opened; observed ones did nothing */
	bool braked;                 /* brakes kept it from a lock: a person has to decide */
	uint32_t bulk;               /* those that were locked together have the same number; 0: alone */
	int64_t began_us;            /* the first sign */
	int64_t opened_us, closed_us; /* WHEN_NONE: not closed */
	float bits;
	struct text evidence;        /* JSON: [{"signal","bits","at","text"}] largest first */
	uint32_t refused;            /* requests and logins turned away since */
	int64_t last_refused_us;
};

/* A third party complains of a mail that an account here sent. Each (mail, reporter) once. It is of the incident in whose time the mail was
 * sent, also where that is opened later. */
struct desk_complaint {
	struct text account, queue_id;
	struct text reporter, about; /* a domain; a word of contracts.md. May be empty */
	int64_t sent_us, t_us;       /* the mail; the complaint */
};

enum desk_notice_state { DESK_NOTICE_WAITING, DESK_NOTICE_SENT, DESK_NOTICE_FAILED, DESK_NOTICE_STATES };
extern const char *const desk_notice_names[DESK_NOTICE_STATES]; /* "waiting", … */

/* What somebody is to be told, or was. Owner and operator have a row each. The code that stands in the notice is not here, but only
 * its keyed hash. */
struct desk_notice {
	uint64_t id;               /* never 0 */
	uint64_t incident;         /* 0: none. Of one incident each kind is there once for the owner, and once for the operator. */
	struct text account, kind; /* a name of notice_kind_names */
	bool to_operator;          /* else to the owner */
	uint64_t summary;          /* told with others in the notice of that id; 0: alone */
	struct text code_hash;     /* hexadecimal */
	struct text language;      /* "ja", "en"; "": not chosen yet */
	uint8_t state;             /* enum desk_notice_state */
	struct text ways;          /* JSON: [{"way","to","state","says","at"}], what was tried; "" nothing yet */
	uint32_t tries;
	int64_t made_us, next_us, sent_us; /* next_us: not before, never WHEN_NONE; sent_us: WHEN_NONE: not sent */
	struct text says;          /* why it failed last */
};

/* A code by which an owner proves who they are. One an account: the next one replaces it. */
struct desk_code {
	struct text account, hash; /* keyed, of account and code */
	int64_t made_us, expires_us;
	uint32_t tries_left;
	bool used;
};

enum desk_care_state { CARE_OPEN, CARE_DONE, CARE_NOT_APPLICABLE, CARE_STATES };
extern const char *const desk_care_names[CARE_STATES]; /* "open", "done", "not_applicable" */

/* One thing that is to be done after an incident, beside the new password. */
struct desk_care {
	uint64_t incident;
	struct text item;     /* its id, a word */
	uint8_t state;        /* enum desk_care_state */
	struct text who;      /* came to that state by whom; "" nobody yet */
	int64_t at_us;        /* when; WHEN_NONE: not yet */
	int64_t reminded_us;  /* WHEN_NONE: never */
};

/* `done` may be NULL; `error` is NULL where it was written */
struct desk_batch *desk_batch_new(void (*done)(void *context, const struct error *error), void *context);
void desk_put_letter(struct desk_batch *batch, const struct desk_letter *letter);      /* new, or replaces (id, t_us) */
void desk_set_letter(struct desk_batch *batch, struct text queue_id, int64_t letter_us, enum desk_held state, int64_t now_us);
void desk_put_incident(struct desk_batch *batch, const struct desk_incident *incident); /* new, or replaces its number */
/* a line of the incident's story, for people: "locked", "released by alice", … */
void desk_note(struct desk_batch *batch, uint64_t incident, int64_t t_us, struct text who, struct text what);
/* what was seen of it beside its mail (gate/seen.h), instead of what was put before */
void desk_put_seen(struct desk_batch *batch, uint64_t incident, struct text told);
/* what came after it (gate/aftermath.h), instead of what was put before */
void desk_put_aftermath(struct desk_batch *batch, uint64_t incident, struct text told);
void desk_put_complaint(struct desk_batch *batch, const struct desk_complaint *complaint);
void desk_put_lock(struct desk_batch *batch, const struct desk_lock *lock);
void desk_drop_lock(struct desk_batch *batch, struct text account);
void desk_put_step(struct desk_batch *batch, const struct desk_step *step); /* new, or replaces (incident, action) */
void desk_put_flood(struct desk_batch *batch, const struct desk_flood *flood); /* new, or replaces its account's */
/* its `until_us` becomes no later than this; WHEN_NONE: none */
void desk_end_flood(struct desk_batch *batch, struct text account, int64_t until_us);
/* new; one that is there (its id, or its incident's of that kind) stays as it is */
void desk_put_notice(struct desk_batch *batch, const struct desk_notice *notice);
/* summary, language, state, ways, tries, next_us, sent_us and says of its id */
void desk_set_notice(struct desk_batch *batch, const struct desk_notice *notice);
void desk_put_code(struct desk_batch *batch, const struct desk_code *code); /* new, or replaces its account's */
void desk_drop_codes(struct desk_batch *batch, int64_t expired_us);        /* those that were good until before then */
/* its password can be guessed, by that rule (password_fault_names): new, or replaces its account's; and it cannot any more */
void desk_put_guessable(struct desk_batch *batch, struct text account, struct text fault, int64_t found_us);
void desk_drop_guessable(struct desk_batch *batch, struct text account);
/* new, or replaces (incident, item) */
void desk_put_care(struct desk_batch *batch, const struct desk_care *care);
/* an empty domain is the default of all */
void desk_set_mode(struct desk_batch *batch, struct text domain, enum desk_mode mode);
/* who looked at what, or changed it */
void desk_audit(struct desk_batch *batch, int64_t t_us, struct text who, struct text verb, struct text about);
/* the law on personal data: letters that are over, closed incidents and their stories of this account */
void desk_forget(struct desk_batch *batch, struct text account);
/* letters that were over before `letters_us`, audit lines from before `audit_us`, and incidents closed before
 * `incidents_us`, with the floods of that time, are deleted */
void desk_expire(struct desk_batch *batch, int64_t letters_us, int64_t incidents_us, int64_t audit_us);
/* hands it over; the desk owns it from now on */
void desk_write(struct desk *desk, struct desk_batch *batch);

/* ---- reading: a connection of its own, for one thread at a time */

struct desk_reader;

struct desk_reader *desk_reader_open(const char *folder, struct error *error) __attribute__((warn_unused_result));
void desk_reader_close(struct desk_reader *reader);

/* Each calls `each` for every row; its texts are good for the call. false with a sentence where the file cannot be read. */
/* account empty: of all; unsettled: waiting, releasing, condemned */
bool desk_each_letter(struct desk_reader *reader, struct text account, bool unsettled_only,
		      void (*each)(void *context, const struct desk_letter *letter), void *context, struct error *error);
bool desk_each_lock(struct desk_reader *reader, void (*each)(void *context, const struct desk_lock *lock), void *context,
		    struct error *error);
/* in the order in which they were put first; incident 0: of all, those alone that are not over: a lock's, or to be undone */
bool desk_each_step(struct desk_reader *reader, uint64_t incident, void (*each)(void *context, const struct desk_step *step),
		    void *context, struct error *error);
/* newest first, at most `most`; account empty: of all; id not 0: that one alone; open_only: those without closed_us */
bool desk_each_incident(struct desk_reader *reader, uint64_t id, struct text account, bool open_only, uint32_t most,
			void (*each)(void *context, const struct desk_incident *incident), void *context, struct error *error);
bool desk_each_note(struct desk_reader *reader, uint64_t incident,
		    void (*each)(void *context, int64_t t_us, struct text who, struct text what), void *context, struct error *error);
/* of mail that was sent from `since_us` on, in that order */
bool desk_each_complaint(struct desk_reader *reader, struct text account, int64_t since_us,
			 void (*each)(void *context, const struct desk_complaint *complaint), void *context, struct error *error);
/* id 0: of all that are not closed */
bool desk_each_seen(struct desk_reader *reader, uint64_t incident,
		    void (*each)(void *context, uint64_t incident, struct text account, struct text told), void *context,
		    struct error *error);
bool desk_each_guessable(struct desk_reader *reader, void (*each)(void *context, struct text account, struct text fault, int64_t found_us),
			 void *context, struct error *error);
/* incident 0: of all that were closed since then */
bool desk_each_aftermath(struct desk_reader *reader, uint64_t incident, int64_t since_us,
			 void (*each)(void *context, uint64_t incident, struct text account, struct text told), void *context,
			 struct error *error);
/* account empty: of all; coming: those with until_us */
bool desk_each_flood(struct desk_reader *reader, struct text account, bool coming_only,
		     void (*each)(void *context, const struct desk_flood *flood), void *context, struct error *error);
/* newest first, at most `most`; id not 0: that one alone; account empty: of all; waiting_only: oldest first */
bool desk_each_notice(struct desk_reader *reader, uint64_t id, struct text account, bool waiting_only, uint32_t most,
		      void (*each)(void *context, const struct desk_notice *notice), void *context, struct error *error);
/* of an incident, in the order in which they were made */
bool desk_each_notice_of(struct desk_reader *reader, uint64_t incident, void (*each)(void *context, const struct desk_notice *notice),
			 void *context, struct error *error);
/* that carry the code of this hash: hardly ever more than one */
bool desk_each_notice_by(struct desk_reader *reader, struct text code_hash, void (*each)(void *context, const struct desk_notice *notice),
			 void *context, struct error *error);
bool desk_each_code(struct desk_reader *reader, void (*each)(void *context, const struct desk_code *code), void *context, struct error *error);
/* incident 0: of all whose item is open */
bool desk_each_care(struct desk_reader *reader, uint64_t incident, void (*each)(void *context, const struct desk_care *care), void *context,
		    struct error *error);
bool desk_each_mode(struct desk_reader *reader, void (*each)(void *context, struct text domain, enum desk_mode mode),
		    void *context, struct error *error);
bool desk_each_audit(struct desk_reader *reader, struct text about, uint32_t most,
		     void (*each)(void *context, int64_t t_us, struct text who, struct text verb, struct text about),
		     void *context, struct error *error);
/* the highest number given to an incident so far, and to a bulk */
bool desk_last_incident(struct desk_reader *reader, uint64_t *id, struct error *error);
bool desk_last_bulk(struct desk_reader *reader, uint64_t *bulk, struct error *error);
bool desk_last_notice(struct desk_reader *reader, uint64_t *id, struct error *error);
#endif
