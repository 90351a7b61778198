/* SPDX-License-Identifier: Apache-2.0 */
/* What owners and operators are told of: a kind is a row of notice_kinds. */
#ifndef SEKISHO_NOTICE_KINDS_H
#define SEKISHO_NOTICE_KINDS_H
#include "base/text.h"

enum notice_kind {
	NOTICE_LOCKED,   /* an incident was opened and something was done */
	NOTICE_OBSERVED, /* an incident was opened, and nothing was done: for the operator alone */
	NOTICE_BRAKED,   /* the brakes hold, or a flood came back, and a person has to decide: for the operator alone */
	NOTICE_RELEASED,
	NOTICE_AGAIN,    /* bounces of new mail go on after a new password */
	NOTICE_CARE,     /* what is open in the after-care, once */
	NOTICE_WEAK,     /* the password can be guessed (`account audit`): asks for a change */
	NOTICE_CODE,     /* a one-time code that somebody asked for; not stored with its code */
	NOTICE_CHANGED,  /* the password was changed; to every contact address, so that a thief's change is seen */
	NOTICE_KINDS
};

struct notice_kind_row {
	const char *name;        /* as it stands on the desk and in JSON: "locked" */
	bool to_owner, to_operator;
	bool can_wait;           /* for the end of the quiet hours */
	bool reaches_all;        /* every address of the owner's, and not only until one took it */
};
extern const struct notice_kind_row notice_kinds[NOTICE_KINDS];
extern const char *const notice_kind_names[NOTICE_KINDS]; /* "locked", … */

/* NOTICE_KINDS where there is none of that name */
enum notice_kind notice_kind_find(struct text name);
#endif
