/* SPDX-License-Identifier: Apache-2.0 */
/* What owners and operators are told, and the codes by which owners prove who they are: written to the desk first, sent then.
 *
 * A notice is a row of the desk (desk_notice) before anything leaves the house; what waits there is handed to `sekisho notice deliver`, a
 * child that writes the texts (notice/), sends them by mail, webhook or command, and tells what came of each; what failed is tried
 * again, ever more rarely, for NOTICES_TRY_US. One notice an incident, and one for what changes in it; owners are told of each account, the
 * operator of NOTICES_SUMMARY and more within a minute in one summary. At night (quiet hours) only what cannot wait goes out. One thread.
 *
 * Codes: CODE_CHARACTERS from an alphabet without what is easily mistaken, on the desk only as keyed hashes, good for CODE_MINUTES, once, and
 * for CODE_TRIES; compared in constant time. Whoever asks or tries too often, for an account or from an address, is turned away for a
 * while; nothing in an answer, nor how long it takes, tells whether an account exists. */
#ifndef SEKISHO_GATE_NOTICES_H
#define SEKISHO_GATE_NOTICES_H
#include <uv.h>

#include "config/config.h"
#include "store/desk.h"

enum { CODE_CHARACTERS = 8, CODE_MINUTES = 15, CODE_TRIES = 5, NOTICES_SUMMARY = 5 };
#define NOTICES_TRY_US (2 * DAY_US)

enum notice_kind {
	NOTICE_LOCKED,   /* an incident was opened and something was done */
	NOTICE_OBSERVED, /* an incident was opened, and nothing was done: for the operator alone */
	NOTICE_RELEASED,
	NOTICE_AGAIN,    /* bounces of new mail go on after a new password */
	NOTICE_CARE,     /* what is open in the after-care, once */
	NOTICE_WEAK,     /* the password can be guessed (`account audit`): asks for a change */
	NOTICE_CODE,     /* a one-time code that somebody asked for; not stored with its code */
	NOTICE_CHANGED,  /* the password was changed; to every contact address, so that a thief's change is seen */
	NOTICE_KINDS
};
extern const char *const notice_kind_names[NOTICE_KINDS]; /* "locked", … */

struct notices;

/* `program`: sekisho itself; `config_file` NULL: the usual one. All outlive it. */
struct notices *notices_new(uv_loop_t *loop, const struct config *config, struct desk *desk, const char *program, const char *config_file,
			    struct error *error) __attribute__((warn_unused_result));
/* Puts it into the batch that opened, shut or released the incident, so that neither is there without the other. It leaves once the batch
 * is written. `incident` 0: none. NOTICE_CODE is no notice of this kind. */
void notices_put(struct notices *notices, struct desk_batch *batch, enum notice_kind kind, struct text account, uint64_t incident,
		 int64_t now_us);
/* each second: what is due goes out */
void notices_look(struct notices *notices, int64_t now_us);

/* ---- codes; `ip`: who asks, as the web process saw it */

/* A code goes to the contact address, if there is one. `done` is called in the same time whether there is or not, and with an error only
 * where too much was asked (control_say_no before) or the desk cannot write. */
void notices_code_send(struct notices *notices, struct text account, const struct ip *ip, int64_t now_us,
		       void (*done)(void *ticket, const struct error *error), void *ticket);
/* uses one try up, on the desk, before it says anything; right once only */
void notices_code_try(struct notices *notices, struct text account, struct text code, const struct ip *ip, int64_t now_us,
		      void (*done)(void *ticket, bool right, const struct error *error), void *ticket);
/* Frees itself once the loop has run; the child is ended. NULL is fine. */
void notices_close(struct notices *notices);
#endif
