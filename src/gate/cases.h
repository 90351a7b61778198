/* SPDX-License-Identifier: Apache-2.0 */
/* The incidents that are open, by account, and the locks that belong to them. The desk keeps them; here is what the gate needs to
 * answer at once. A case whose batch was not written is written again until it is, also one that is over. One thread; the desk outlives it. */
#ifndef SEKISHO_GATE_CASES_H
#define SEKISHO_GATE_CASES_H
#include "event/accounts.h"
#include "store/desk.h"

struct cases;

struct incident_case {
	uint64_t id;
	uint32_t account;
	uint8_t mode;    /* enum desk_mode, when it was opened */
	uint8_t scope;   /* of the lock */
	uint8_t reach;   /* enum desk_reach: of the lock */
	bool locked;     /* and not only observed, or braked */
	bool by_hand;    /* a person locked it: in every mode */
	bool owner_apart; /* the abuse that it is locked for came from elsewhere than the owner's own places; never of a person's lock alone */
	unsigned actions; /* bits by place: what is to be done beside what always is */
	bool braked;     /* a person has to decide: the brakes held, or a flood came back */
	bool changed;    /* since it was last given to the desk, or not written then */
	int64_t began_us, opened_us, last_refused_us;
	float bits;
	uint32_t refused, bulk;
	char *evidence;  /* JSON */
};

/* `last`: the highest number given before */
struct cases *cases_new(struct desk *desk, const struct accounts *accounts, uint64_t last);
void cases_free(struct cases *cases);

/* NULL where none is open; good until a case is opened or closed */
struct incident_case *cases_find(const struct cases *cases, uint32_t account);
/* a new one, with the next number; the rest is the caller's to fill in */
struct incident_case *cases_open(struct cases *cases, uint32_t account);
/* As the desk knew it before the restart. A lock counts as not with the desk until somebody saw it there. */
struct incident_case *cases_restore(struct cases *cases, const struct desk_incident *incident, uint32_t account);

/* puts case and lock into the batch */
void cases_save(struct cases *cases, struct incident_case *one, struct desk_batch *batch);
/* a batch was not written: all are, again */
void cases_unsaved(struct cases *cases);
/* what changed and is not with the desk yet; each second */
void cases_look(struct cases *cases);
/* it is over: the lock is taken away, the incident gets its last state */
void cases_close(struct cases *cases, struct incident_case *one, enum desk_incident_state state, int64_t now_us,
		 struct desk_batch *batch);
size_t cases_count(const struct cases *cases, size_t *locked);
/* one after the other, the first behind NULL; NULL behind the last. No case may be opened or closed between. */
const struct incident_case *cases_next(const struct cases *cases, const struct incident_case *before);
#endif
