/* SPDX-License-Identifier: Apache-2.0 */
/* The gate: the engine beside a live Postfix and Dovecot. One thread, one loop, which owns engine, guard and profiles.
 *
 *   Postfix asks (policy) ──┐
 *   Dovecot asks (auth)  ───┼─▶ once? ─▶ keeper ─▶ guard ─▶ desk (hold, lock, incident: synced) ─▶ the answer
 *   the log tells        ───┘                        │
 *                                                    ├─▶ held mail ─▶ the queue's helper
 *                                                    └─▶ ledger (batches of a second)
 *
 * An answer that says hold, or that locks an account, leaves only when it is on the disk; where it cannot be written,
 * the message is put off (451) instead of passed or lost. All else is answered at once. Where a domain is only
 * observed, everything goes the same way, but the answer is always DUNNO, nothing is held and nobody turned away.
 *
 * What comes up again after a restart: locks and held mail from the desk, profiles from the keeper, what the log said meanwhile from
 * the log. Then it listens. */
#ifndef SEKISHO_GATE_GATE_H
#define SEKISHO_GATE_GATE_H
#include "config/config.h"
#include "engine/engine.h"

struct gate;

struct gate_options {
	const struct config *config; /* outlives the gate */
	struct verdict_limits limits;
	const struct evidence_weights *weights;
	struct geo *geo;             /* the caller's, and the gate's alone while it lives */
};

/* opens everything and listens; imports the logs at the first start */
struct gate *gate_new(const struct gate_options *options, struct error *error) __attribute__((warn_unused_result));
/* until SIGTERM or SIGINT */
void gate_run(struct gate *gate);
void gate_free(struct gate *gate);
#endif
