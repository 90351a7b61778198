/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the gate share, and nobody else sees. */
#ifndef SEKISHO_GATE_GATE_INSIDE_H
#define SEKISHO_GATE_GATE_INSIDE_H
#include <uv.h>

#include "attribution/seal.h"
#include "containment/away.h"
#include "containment/closure.h"
#include "engine/keeper.h"
#include "gate/aftermath.h"
#include "gate/answers.h"
#include "gate/cases.h"
#include "gate/child.h"
#include "gate/control.h"
#include "gate/floods.h"
#include "gate/gate.h"
#include "gate/guessable.h"
#include "gate/held.h"
#include "gate/inlet.h"
#include "gate/modes.h"
#include "gate/notices.h"
#include "gate/returns.h"
#include "gate/seen.h"
#include "gate/witness.h"
#include "intake/auth_server.h"
#include "intake/follow.h"
#include "intake/policy_server.h"
#include "state/wrong_passwords.h"
#include "store/ledger.h"

enum { GATE_ACTION_MAX = ANSWER_MAX, GATE_WHY_MAX = 400, GATE_CHILDREN_MAX = 4, GATE_FAULTS_MAX = 10 /* said a minute */ };

/* so many of an account's mails were looked at in that hour */
enum { GATE_SENT_TURNS = 4096 };
struct sent_turns {
	uint32_t account, hour, mails;
};

struct gate_tally {
	uint64_t submissions, passed, held, refused, put_off, logins, logins_refused, turned_away;
};

struct gate {
	const struct config *config;
	struct geo *geo;
	uv_loop_t loop;
	struct accounts *accounts;
	struct engine *engine;
	struct guard *guard;
	struct keeper *keeper;
	struct desk *desk;
	struct ledger *ledger;
	struct queue *queue;
	struct roster *away; /* as doors.away */
	struct doors doors;
	struct closures *closures;
	struct held *held;
	struct cases *cases;
	struct modes *modes;
	struct seen *seen;
	struct aftermath *aftermath;
	struct floods *floods;
	struct notices *notices;
	struct witnesses *witnesses;
	struct wrong_passwords *wrong;
	struct guessable *guessable; /* NULL: nobody tells what passwords are */
	struct returns *returns;
	struct policy_letters *letters;
	struct answers *answers; /* of END-OF-MESSAGE */
	struct policy_server *policy;
	struct auth_server *auth;
	struct follow *follow;
	struct control *control;
	struct mail_readers *readers; /* NULL: no mail is taken */
	struct inlet *inlet, *milter; /* the readers' */
	struct sent_turns sent_turns[GATE_SENT_TURNS];
	unsigned char seal_key[SEAL_KEY_BYTES]; /* of mail that is sent */
	struct child *children[GATE_CHILDREN_MAX]; /* NULL where one is not wanted */
	const char **names; /* the operator's, of which passwords are made; borrowed, ends with NULL */
	char *own_program, *own_config; /* its readers' */
	struct desk_batch *batch; /* of what is being answered; NULL: nothing has to be durable */
	struct gate_waiting *waiting; /* its */
	struct gate_tally tally;
	uv_poll_t desk_ready;
	uv_timer_t second, due;
	uv_signal_t term, interrupt;
	uint32_t last_bulk;
	int64_t started_us, minute_us, reconciled_us, expired_us;
	char ledger_why[GATE_WHY_MAX]; /* said already */
	uint32_t faults_said, faults_left_out; /* of this minute */
	bool picture_wanted; /* somebody was forgotten, who stands in the old one */
	bool hash_is_short; /* and that was said */
	bool keeper_failing, desk_failing, ledger_failing, away_failing, denied_failing;
	unsigned desk_calm_s; /* for so long each batch could be written */
};

/* ---- the sentence (gate_judge.c) */

/* what became of an event, and must be durable before it is answered, stands in gate->batch */
void gate_tell(struct gate *gate, const struct event *event, struct text id, struct guard_answer *answer);
/* hands gate->batch over; `done` is called at once where there is none */
void gate_commit(struct gate *gate, void (*done)(void *context, const struct error *error), void *context);
struct desk_batch *gate_batch(struct gate *gate);
/* the message is held from now on, as soon as gate->batch is written; `asks`: Postfix was not told, so its helper is */
void gate_hold(struct gate *gate, const struct event *event, const struct verdict *verdict, struct text queue_id, bool asks);
/* what speaks against the account now, as JSON; the caller frees it */
char *gate_evidence(const struct gate *gate, uint32_t account, int64_t t_us);
/* wakes the guard when it wants to be */
void gate_set_due(struct gate *gate);
enum desk_mode gate_mode(const struct gate *gate, uint32_t account);
/* does the address say nothing about where the client is? */
bool gate_is_silent(const struct gate *gate, const struct ip *ip);
/* the guard locks the account no longer, and what it holds goes out; what speaks against it stays */
void gate_lift(struct gate *gate, uint32_t account);
/* one more was turned away: counted in its incident, whose number is returned, 0 for none */
uint64_t gate_note_refused(struct gate *gate, uint32_t account, int64_t now_us);
/* a person says that it was the owner, or is again: everything undone, nothing speaks against the account any more. It has
 * an open incident. What is condemned goes out only where it was a false alarm. */
void gate_release(struct gate *gate, uint32_t account, bool false_alarm, struct text who);

/* ---- what a lock does beyond the gate's own memory (gate_shut.c) */

/* is anything done about this account: because of its domain's mode, or because a person said so? */
bool gate_enforces(const struct gate *gate, uint32_t account);
/* a lock may leave reading alone */
bool gate_shuts_logins(const struct gate *gate, uint32_t account, enum event_protocol protocol);
bool gate_open_doors(struct gate *gate, struct error *error) __attribute__((warn_unused_result));
void gate_close_doors(struct gate *gate);
/* the case is locked: its closure begins, or becomes wider, as soon as gate->batch is written */
void gate_shut(struct gate *gate, struct incident_case *one);
void gate_open_again(struct gate *gate, uint32_t account, bool false_alarm);
bool gate_restore_closures(struct gate *gate, struct desk_reader *reader, struct error *error) __attribute__((warn_unused_result));

/* ---- by hand (gate_hand.c) */

/* its incident's number; 0 where that is no account's name. In gate->batch. */
uint64_t gate_lock_by_hand(struct gate *gate, const struct control_lock *lock, struct text who);
void gate_reset(struct gate *gate, struct text account, struct text password, bool forced, struct text who, control_done *done, void *ticket);
/* the owner's own choice: what the hijack had shut is open again at once */
/* a person's lock of an account against which nothing spoke is no hijack's, and stays until a person opens it */
bool gate_is_persons_alone(const struct incident_case *one);
void gate_renew(struct gate *gate, struct text account, struct text password, const struct ip *ip, control_done *done, void *ticket);
/* the owner proved who they are */
void gate_owner_came(struct gate *gate, struct text account, const struct ip *ip);

/* ---- the floods that still come (gate_flood.c) */
void gate_keep_flood(struct gate *gate, const struct desk_flood *flood, enum control_flood_step step, struct text who, control_done *done,
		     void *ticket);
bool gate_restore_floods(struct gate *gate, struct desk_reader *reader, struct error *error) __attribute__((warn_unused_result));
/* the account is the owner's again: what still comes back comes for some days; none of it is a thief's where it was a false alarm */
void gate_ebb(struct gate *gate, uint32_t account, bool false_alarm);

/* ---- what comes back (gate_back.c) */

/* it is ours, says the ledger */
void gate_came_back(struct gate *gate, const struct control_returned *returned);
/* the log said what became of a recipient: a bounce of the same is no news */
void gate_note_outcome(struct gate *gate, const struct event *event, struct text queue_id);

/* ---- what is sent (gate_sent.c) */
/* what the milter is to copy of it */
void gate_read_sent(struct gate *gate, struct inlet_options *options);

/* ---- what runs beside it (gate_children.c) */
void gate_start_children(struct gate *gate);
void gate_end_children(struct gate *gate);

/* ---- its life */
/* locks, incidents, held mail and modes as they were before the restart */
bool gate_restore(struct gate *gate, struct error *error) __attribute__((warn_unused_result));
void gate_second(uv_timer_t *timer);

/* ---- witnesses */
/* may one more fault of a client be said? A client that says nothing else must not fill the log. */
bool gate_may_complain(struct gate *gate);
bool gate_listen_policy(struct gate *gate, struct error *error) __attribute__((warn_unused_result));
bool gate_watch_passwords(struct gate *gate, struct error *error) __attribute__((warn_unused_result));
/* a person gave it another one */
void gate_note_new_password(struct gate *gate, uint32_t account);
bool gate_listen_auth(struct gate *gate, struct error *error) __attribute__((warn_unused_result));
/* follow_start begins to read them */
bool gate_follow_logs(struct gate *gate, struct error *error) __attribute__((warn_unused_result));
void gate_mark_logs(struct gate *gate);
/* the logs that are followed; `n` from 0, NULL behind the last */
const char *gate_log(const struct gate *gate, size_t n);
/* profiles from what the logs say of the past, also rotated ones: before anybody listens */
void gate_import(struct gate *gate);

/* ---- who uses what (gate_unused.c) */
/* WHEN_NONE: never, as far as is known */
int64_t gate_last_use(const struct gate *gate, uint32_t account);
void gate_each_unused(struct gate *gate, struct text domain, int64_t before_us, struct control_unused *told,
		      void (*each)(void *to, struct text name, int64_t last_us), void *to, control_done *done, void *ticket);

/* ---- for people (gate_people.c) */
/* an empty domain has everybody */
bool gate_in_domain(struct text name, struct text domain);
bool gate_listen_control(struct gate *gate, struct error *error) __attribute__((warn_unused_result));
/* the key of the milter's header; before anybody asks whose mail it was */
bool gate_read_seal(struct gate *gate, struct error *error) __attribute__((warn_unused_result));
bool gate_listen_mail(struct gate *gate, struct error *error) __attribute__((warn_unused_result));
#endif
