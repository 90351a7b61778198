/* SPDX-License-Identifier: Apache-2.0 */
/* A sorted set of logins, kept in a file that other programs read: one line each, in small letters, with what is said behind each,
 * below a remark. Two such: the table of Postfix (containment/away.h) and the deny list of Dovecot (containment/deny.h).
 *
 * A change is written a moment later, with all that came meanwhile, on a thread of libuv's pool: beside the old file, synced,
 * and renamed over it. What cannot be written is tried again, with pauses of a second to a minute. Nothing is written before
 * roster_set was told who is in it; that makes the file also where nobody is.
 *
 * Where a login may come without its domain, `default_domain` is left away in a second line. */
#ifndef SEKISHO_CONTAINMENT_ROSTER_H
#define SEKISHO_CONTAINMENT_ROSTER_H
#include <sys/types.h>
#include <uv.h>

#include "base/error.h"
#include "base/text.h"

enum { ROSTER_LOGINS_MAX = 20000, ROSTER_LOGIN_MAX = 512 };

struct roster;

/* all texts are copied, but for `what`, `remark` and `ending` */
struct roster_options {
	const char *file;           /* its absolute path; its folder is made where it is missing, mode 0750 */
	const char *what;           /* for faults: "a table of Postfix" */
	const char *remark;         /* the first line, beginning with # */
	const char *ending;         /* behind each login */
	const char *forbidden;      /* bytes that no login may have, beside those that none has */
	const char *default_domain; /* NULL or "": none */
	const char *postmap;        /* its absolute path, to make FILE.db of it; NULL: the file itself is read */
	mode_t mode;                /* of the file */
	bool by_seconds;            /* who reads it sees a change by mtime in whole seconds: each is later than the one before */
	bool by_group;              /* it gets the group of the file before, else of its folder, or is not written */
	unsigned moment_ms;         /* in which changes gather */
	/* it is as it was told (NULL), or could not be written; called from the loop */
	void (*told)(void *context, const struct error *error);
	void *context;
};

struct roster *roster_new(uv_loop_t *loop, const struct roster_options *options);
/* false for a login that the file cannot hold: longer than ROSTER_LOGIN_MAX, not UTF-8, with blanks, control characters, quotes
 * or backslashes, or beginning with #; or one too many */
bool roster_put(struct roster *roster, struct text login, struct error *error) __attribute__((warn_unused_result));
void roster_drop(struct roster *roster, struct text login);
/* these and no others; how many the file cannot hold, and, where there are some, why the first */
size_t roster_set(struct roster *roster, const struct text *logins, size_t count, struct error *error);
/* Was its file taken away? Then it is written again; to be asked now and then. */
void roster_mend(struct roster *roster);
size_t roster_count(const struct roster *roster);
/* once all that was put, dropped and set before is on the disk; called from the loop, never from within this call, in the order
 * of asking. `error` NULL; else the last try failed, and the next is made without anybody having to ask. */
void roster_when_written(struct roster *roster, void (*done)(void *context, const struct error *error), void *context);
/* Does the file on the disk have this login? Read on a thread of the pool, told from the loop; `error` NULL: it could be read. */
void roster_look(struct roster *roster, struct text login, void (*done)(void *context, bool there, const struct error *error),
		 void *context);
/* nobody is told any more; what was not written is left as it is. Frees itself once the loop has run. NULL is fine. */
void roster_close(struct roster *roster);
#endif
