/* SPDX-License-Identifier: Apache-2.0 */
/* The audit of stored passwords: the likely passwords of each account (password/likely.h) are tried at what is stored for it. The story:
 *
 *   read every account and its hash ─▶ take over what earlier audits know (audit_results.h) ─▶ round by round, the first ten words of all
 *   accounts, then more (audit_lanes.h) ─▶ what came of it, written down once a second
 *
 * What comes of it is one of enum audit_state for each account, and by which class of fault a password can be guessed; which password it
 * is stands nowhere, nor how many were tried until it was found, for the lists are known. So the words of a round are tried in random
 * order, and the depth that is asked for is rounded up to a round's. Threads share the work; the store is read by one, before. */
#ifndef SEKISHO_PASSDB_AUDIT_H
#define SEKISHO_PASSDB_AUDIT_H
#include <stdatomic.h>

#include "passdb/audit_results.h"
#include "passdb/passdb.h"

enum { AUDIT_ACCOUNTS_MAX = 1000000, AUDIT_CORES_MAX = 64, AUDIT_HOURS_MAX = 720, AUDIT_FAILURES_MAX = 20 };

struct audit_order {
	unsigned cores;    /* at least 1 */
	unsigned tries;    /* for each account; 0: the whole list */
	int64_t time_us;   /* reading included */
	const char *domain, *account; /* NULL: all */
	const char *const *names;     /* of the operator; NULL: none */
	unsigned year;
};

enum audit_phase { AUDIT_READING, AUDIT_TRYING, AUDIT_FINISHED, AUDIT_TIME_OVER, AUDIT_STOPPED, AUDIT_BROKEN, AUDIT_PHASES };
extern const char *const audit_phase_names[AUDIT_PHASES]; /* "reading", … */

/* how far it came; may lie in memory that another process looks into. Zeroed before. */
struct audit_progress {
	atomic_uint phase;
	atomic_ullong accounts;  /* that are looked at */
	atomic_ullong guessable; /* by now, those of earlier audits with them */
	atomic_ullong settled;   /* of which nothing more is wanted */
	atomic_ullong depth;     /* so many likely passwords were tried at every account that can be read */
	atomic_ullong tries;     /* in this audit */
	atomic_llong began_us, worked_us; /* clock_now; how long it has been at work */
	char error[512];         /* of AUDIT_BROKEN, written before the phase */
};

/* `path`: of the file of results. Ends when all is done, the time is over, or `stop` becomes true; false only where it broke. No other
 * audit may be running on the same file, which is looked after. */
bool audit_run(struct passdb *passdb, const char *path, const struct audit_order *order, struct audit_progress *progress,
	       const atomic_bool *stop, struct error *error) __attribute__((warn_unused_result));
/* the depth that is meant by so many tries: a whole round, at most the longest list */
unsigned audit_depth(unsigned tries);
#endif
