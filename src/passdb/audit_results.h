/* SPDX-License-Identifier: Apache-2.0 */
/* What audits found, a line an account, in a file of root's: a new line is put behind when something became known, the last one of an
 * account counts, and each audit begins with a file that has one of each, written beside and renamed. A line that a crash cut off is
 * passed over. No password, no hash, and nothing by which one could be told stands there: the fingerprint is keyed (passdb/former.h), and
 * how far an account was tried is said only where nothing was found.
 *
 *   ACCOUNT STATE FAULT FLAGS TRIED PRINT VERSION */
#ifndef SEKISHO_PASSDB_AUDIT_RESULTS_H
#define SEKISHO_PASSDB_AUDIT_RESULTS_H
#include <stdio.h>

#include "passdb/passdb.h"
#include "password/policy.h"

enum audit_state {
	AUDIT_OPEN,       /* nothing was found in as many as were tried */
	AUDIT_GUESSABLE,
	AUDIT_UNKNOWN,    /* what is stored is of no scheme that is known here */
	AUDIT_UNREAD,     /* the back end could not say what is stored */
	AUDIT_DAMAGED,    /* what is stored is no hash of its scheme: no password opens it */
	AUDIT_TOO_SLOW,   /* a try costs more than is spent on one (password/cost.h) */
	AUDIT_STATES
};
extern const char *const audit_state_names[AUDIT_STATES]; /* "open", "guessable", "unknown_scheme", … */

enum audit_flag { AUDIT_SHARED = 1, AUDIT_CLEAR = 2, AUDIT_OLD_SCHEME = 4 };

struct audit_result {
	enum audit_state state;
	enum password_fault fault;    /* of a guessable one */
	unsigned flags;               /* enum audit_flag */
	uint32_t tried;               /* of an open one */
	char print[PASSDB_PRINT_MAX]; /* of what was stored then */
	uint64_t version;             /* of the list (likely_version) */
};

struct audit_known {
	char *account;
	size_t line; /* in which it stood */
	struct audit_result result;
};

struct audit_results {
	struct audit_known *items; /* sorted by account, none twice */
	size_t count, room;
};

/* a file that is not there is empty; false where it cannot be read. What is no such line is passed over. */
bool audit_results_read(struct audit_results *results, const char *path, struct error *error) __attribute__((warn_unused_result));
void audit_results_done(struct audit_results *results);
/* NULL: nothing is known */
const struct audit_result *audit_results_find(const struct audit_results *results, const char *account);

enum { AUDIT_LINE_MAX = 1400 };
/* with its end; returns its bytes */
size_t audit_result_line(const char *account, const struct audit_result *result, char line[AUDIT_LINE_MAX]);
/* `line` without its end; `account` has room for PASSDB_ACCOUNT_MAX bytes and one */
bool audit_result_parse(struct text line, char *account, struct audit_result *result) __attribute__((warn_unused_result));

/* "PATH", "PATH.new", "PATH.lock" */
void audit_results_path(const char *path, const char *suffix, char to[4096]);
#endif
