/* SPDX-License-Identifier: Apache-2.0 */
/* The lock that belongs to a case, in the same words for the gate and for the deputy, who acts in its place. */
#ifndef SEKISHO_GATE_CASE_LOCK_H
#define SEKISHO_GATE_CASE_LOCK_H
#include "containment/closure.h"
#include "gate/cases.h"
#include "gate/control.h"

/* What its closure is told. By hand all mail in the queue is the thief's, unless places alone are shut, or it is known that the abuse came from
 * elsewhere than the owner (owner_apart). */
struct closure_order case_lock_order(const struct incident_case *one);
/* by hand, in every mode; what is locked already becomes wider, never narrower */
void case_lock_widen(struct incident_case *one, const struct control_lock *lock);
/* what was locked by hand, for the incident's story */
struct text case_lock_said(uint8_t reach);
/* As the desk knew it before the restart; where there is no case, because its incident was in a part of the file that is damaged, one
 * is made. A case that was not contained counts as changed. */
struct incident_case *case_lock_restore(struct cases *cases, const struct desk_lock *lock, uint32_t account);
/* a step of its closure was there before the restart: it is asked for again */
void case_lock_restore_step(struct incident_case *one, struct text action);

/* who is on a list that others read by themselves */
struct case_lock_list {
	struct roster *roster;  /* NULL: it is not set up */
	const char *what;       /* in the reader's language: "deny list" */
	enum desk_reach least;  /* locks of less are not on it */
	/* is anything done about it? */
	bool (*enforces)(const void *context, const struct incident_case *one);
	const void *context;
};

/* the locks of these cases and no others; of those that the list cannot hold the log says how many, and why the first */
void case_lock_fill(const struct case_lock_list *list, const struct cases *cases, const struct accounts *accounts);
#endif
