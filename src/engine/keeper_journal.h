/* SPDX-License-Identifier: Apache-2.0 */
/* The records of the journal: what the guard was told, in order. A record lies whole in one block (store/blocks.h), and is a
 * head, parts that may grow at their ends in later versions (sizes stand before them), recipients, and a text.
 *
 * Of a message's recipients the first KEEPER_RCPTS_MAX are kept, as many as Postfix takes by default; of one with more, the
 * rest count as before but are strangers to nobody when it is judged again. */
#ifndef SEKISHO_ENGINE_KEEPER_JOURNAL_H
#define SEKISHO_ENGINE_KEEPER_JOURNAL_H
#include "event/event.h"
#include "store/blocks.h"

enum { KEEPER_RCPTS_MAX = 1000 };

enum journal_kind { JOURNAL_NAME, JOURNAL_EVENT, JOURNAL_MARK, JOURNAL_LIFT, JOURNAL_KINDS };

/* as it was put; views of the block */
struct journal_record {
	enum journal_kind kind;
	uint32_t account;           /* NAME, LIFT */
	struct event event;         /* EVENT; its detail is here */
	struct event_detail detail;
	struct text text;           /* NAME; EVENT: the id; MARK: its value */
	struct text name;           /* MARK */
};

/* false where there is no room */
bool journal_put_name(struct blocks_out *out, uint32_t account, struct text name);
bool journal_put_event(struct blocks_out *out, const struct event *event, struct text id);
bool journal_put_mark(struct blocks_out *out, struct text name, struct text value);
bool journal_put_lift(struct blocks_out *out, uint32_t account);

/* the next of a block's records; false where it is none. `block` begins at a multiple of 8. */
bool journal_next(struct text *block, struct journal_record *record);
#endif
