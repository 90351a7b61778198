/* SPDX-License-Identifier: Apache-2.0 */
/* The list of logins that Dovecot lets nobody use, with no password: `passdb { driver = passwd-file; deny = yes; args = FILE }`
 * (share/dovecot). A roster (containment/roster.h), which Dovecot looks at itself, once a second at most, also while the daemon is
 * away. A list that is missing lets everybody in, so it is made at the start even where nobody is locked.
 *
 * Dovecot sees a change by the file's size and its mtime in whole seconds, hence each is a second later than the one before, be
 * that in the future. Mode 0640, in the group of the file before, else of its folder: a list that is there and that Dovecot may
 * not read refuses everybody, so one that cannot be given to that group is not put in place.
 *
 * Each line carries `nodelay`, so that who is denied is told at once, and a trial (containment/dovecot.h) does not take two
 * seconds; Dovecot's penalty for the address that tries stays. Dovecot compares in the form that its auth_username_format makes,
 * usually small letters. */
#ifndef SEKISHO_CONTAINMENT_DENY_H
#define SEKISHO_CONTAINMENT_DENY_H
#include "containment/roster.h"

enum { DENY_MOMENT_MS = 10, DENY_SEEN_MS = 1100 /* after which Dovecot has looked */ };

struct deny_options {
	const char *file;           /* its absolute path */
	const char *default_domain; /* NULL or "": none; both copied */
	/* the list is as it was told (NULL), or could not be written; called from the loop */
	void (*told)(void *context, const struct error *error);
	void *context;
};

struct roster *deny_new(uv_loop_t *loop, const struct deny_options *options);
#endif
