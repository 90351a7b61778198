/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of notices share, and nobody else sees.
 *
 * What waits is here and on the desk alike. It is handed to the child as a JSON line on its standard input, NOTICES_AT_ONCE at a time:
 *   {"id":7,"incident":3,"account":"…","kind":"locked","to":"owner","made":1795176000000000,"ways":[…],"members":[{…}]}
 * and each is answered by one on its standard output:
 *   {"id":7,"state":"sent"|"later"|"failed","language":"ja","ways":[…],"says":"…"}
 * What the child had begun when it died, it knows itself the next time (cli/notice_logbook.h). A code goes with "id":0, once. */
#ifndef SEKISHO_GATE_NOTICES_INSIDE_H
#define SEKISHO_GATE_NOTICES_INSIDE_H
#include <jansson.h>

#include "base/table.h"
#include "gate/notices.h"
#include "gate/turns.h"
#include "notice/quiet.h"

enum {
	NOTICES_AT_ONCE = 32,       /* that the child has */
	NOTICES_MAX = 200000,       /* that wait; more are not told, and that is said */
	NOTICES_LINE_MAX = 128 * 1024,
	NOTICES_MEMBERS_TOLD = 50,  /* in a summary; the rest is counted */
	CODES_MAX = 10000,          /* that are good at one time */
	CODE_SENDS_OF_ACCOUNT = 5, CODE_SENDS_OF_ADDRESS = 20, CODE_SENDS = 1000,  /* an hour */
	CODE_TRIES_OF_ACCOUNT = 20, CODE_TRIES_OF_ADDRESS = 60,                    /* an hour */
	CODE_TRIES_GIVEN = 10000,   /* of one that support gave: one in a hundred million that they open */
	VERIFIES_OF_ASKER = 120,                                                   /* an hour */
	CODE_LEAST_MS = 400,        /* until the answer to who asks for a code */
};
#define NOTICES_PATIENCE_US (5 * MINUTE_US) /* without a word of the child */

struct waiting {
	uint64_t id, incident, summary;
	char *account, *ways, *language, *says;
	enum notice_kind kind;
	bool to_operator;
	bool stored;    /* the desk has it */
	bool dirty;     /* the desk is to be told of it, or told anew */
	bool handed;    /* the child has it */
	uint8_t state;  /* enum desk_notice_state */
	uint32_t tries;
	int64_t made_us, next_us, sent_us;
	const struct desk_batch *batch; /* in which it is just being written */
};

struct code {
	char *account;
	char hash[NOTICE_HASH_MAX];
	int64_t made_us, expires_us;
	uint32_t tries_left;
	bool used;
};

struct notices {
	uv_loop_t *loop;
	const struct config *config;
	struct desk *desk;
	const char *program, *config_file;
	struct notice_keys keys;
	struct quiet quiet;
	bool any, mails;       /* is there a way out; one for mail? */
	/* what waits, in the order in which it was put */
	struct waiting **items;
	size_t count, room;
	size_t in_batches, handed;
	uint64_t last_id;
	struct table told;     /* hashes of incident, kind and to whom */
	int64_t operator_us, operator_first_us; /* when what operators are to be told came last, and first; WHEN_NONE: nothing waits for more */
	bool full_said;
	/* the child */
	struct notices_child *child; /* NULL: none */
	struct notices_child *resting; /* that have all they get, and end by themselves */
	int64_t child_next_us;       /* it is not started before */
	/* codes */
	struct code *codes;
	size_t code_count, code_room;
	struct table code_of;        /* hash of the account -> place */
	struct turns turns;
	struct code_promise *promises; /* answers that wait for their time */
	uv_timer_t own;              /* never started: while it is open the desk may still tell of batches */
	unsigned handles;            /* open; freed with the last one */
	bool closing;
};

/* ---- notices.c */
void notices_heard(struct notices *notices, const json_t *answer, int64_t now_us);
/* the child is gone: what it had is tried again */
void notices_child_gone(struct notices *notices, int64_t now_us);
/* gives it more, as long as it has room */
void notices_feed(struct notices *notices, int64_t now_us);
void notices_free_if_done(struct notices *notices);

/* ---- notices_child.c */
/* starts one where there is none; false where that failed lately */
bool notices_child_ready(struct notices *notices, int64_t now_us) __attribute__((warn_unused_result));
/* takes the line; wiped when it was written */
void notices_child_say(struct notices *notices, json_t *line);
/* nothing more comes: it ends */
void notices_child_rest(struct notices *notices);
void notices_child_look(struct notices *notices, int64_t now_us);
void notices_child_end(struct notices *notices);

/* ---- notices_codes.c */
void notices_codes_look(struct notices *notices, int64_t now_us);
bool notices_codes_restore(struct notices *notices, struct desk_reader *reader, struct error *error) __attribute__((warn_unused_result));
void notices_codes_close(struct notices *notices);
void notices_codes_done(struct notices *notices);
#endif
