/* SPDX-License-Identifier: Apache-2.0 */
/* What owners and operators are told, and the codes by which owners prove who they are: written to the desk first, sent then.
 *
 * A notice is a row of the desk (desk_notice) before anything leaves the house; what waits there is handed to `sekisho notice deliver`, a
 * child that writes the texts (notice/), sends them by mail, webhook or command, and tells what came of each; what failed is tried
 * again, ever more rarely, for NOTICES_TRY_US. One notice an incident, and one for what changes in it; owners are told of each account, the
 * operator of NOTICES_SUMMARY and more that come at once in one summary. At night (quiet hours) only what cannot wait goes out. One thread.
 *
 * Codes: CODE_CHARACTERS from an alphabet without what is easily mistaken, on the desk only as keyed hashes, good for CODE_MINUTES, once, and
 * for CODE_TRIES (one that support gave, for CODE_TRIES from each address); compared in constant time. Whoever asks or tries too often,
 * for an account or from an address, is turned away for a while; what support gave opens all the same. Nothing in an answer, nor how long it
 * takes, tells whether an account exists. */
#ifndef SEKISHO_GATE_NOTICES_H
#define SEKISHO_GATE_NOTICES_H
#include <uv.h>

#include "config/config.h"
#include "notice/kinds.h"
#include "notice/mark.h"
#include "store/desk.h"

enum { CODE_CHARACTERS = 8, CODE_MINUTES = 15, CODE_TRIES = 5, NOTICES_SUMMARY = 5 };
#define NOTICES_TRY_US (2 * DAY_US)
#define NOTICES_WEAK_US (30 * DAY_US) /* so long nobody is asked once more for another password */
#define NOTICES_GATHER_US (10 * SECOND_US)  /* what operators are told waits for more of the same: so long after the last one, */
#define NOTICES_GATHER_MOST_US (10 * MINUTE_US) /* and never longer than that */

struct notices;

/* `program`: sekisho itself; `config_file` NULL: the usual one. All outlive it. SIGPIPE is ignored by whoever runs the loop. */
struct notices *notices_new(uv_loop_t *loop, const struct config *config, struct desk *desk, const char *program, const char *config_file,
			    struct error *error) __attribute__((warn_unused_result));
/* Puts it into the batch that opened, shut or released the incident, so that neither is there without the other. It leaves once the batch
 * is written. `incident` 0: none. NOTICE_CODE is no notice of this kind. */
void notices_put(struct notices *notices, struct desk_batch *batch, enum notice_kind kind, struct text account, uint64_t incident,
		 int64_t now_us);
/* A batch with notices in it was written, or was not (gate_judge.c): they leave, or are put once more. */
void notices_written(struct notices *notices, const struct desk_batch *batch, bool written);
/* what waits on the desk since before the restart, and codes that are good still */
bool notices_restore(struct notices *notices, struct desk_reader *reader, struct error *error) __attribute__((warn_unused_result));
/* each second: what is due goes out */
void notices_look(struct notices *notices, int64_t now_us);

size_t notices_waiting(const struct notices *notices);
/* Somebody asks whether a notice with this code is ours (`notice verify`): its hash, by which the desk finds it. False with a sentence
 * where `who` asked too often; without a name it is an operator, who may ask as often as they like. */
bool notices_ask(struct notices *notices, struct text code, struct text who, int64_t now_us, char hash[NOTICE_HASH_MAX], struct error *error)
	__attribute__((warn_unused_result));

/* ---- codes; `ip`: who asks, as the web process saw it */

/* A code goes to the contact address, if there is one. `done` is called in the same time whether there is or not, and with an error only
 * where too much was asked (control_say_no before) or the desk cannot write. */
void notices_code_send(struct notices *notices, struct text account, const struct ip *ip, int64_t now_us,
		       void (*done)(void *ticket, const struct error *error), void *ticket);
/* A code to be told on the telephone by somebody who knows whom they speak to: `code` is good for the call of `done`, NULL with an error. */
void notices_code_give(struct notices *notices, struct text account, int64_t now_us,
		       void (*done)(void *ticket, const char *code, const struct error *error), void *ticket);
/* uses one try up, on the desk, before it says anything; right once only */
void notices_code_try(struct notices *notices, struct text account, struct text code, const struct ip *ip, int64_t now_us,
		      void (*done)(void *ticket, bool right, const struct error *error), void *ticket);
/* The child is ended. Frees itself once the loop has run, before which the desk is finished (desk_finish). NULL is fine. */
void notices_close(struct notices *notices);
#endif
