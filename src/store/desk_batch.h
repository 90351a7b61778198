/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the desk: a batch is a list of changes, each a statement of the table in desk_batch.c with its values. */
#ifndef SEKISHO_STORE_DESK_BATCH_H
#define SEKISHO_STORE_DESK_BATCH_H
#include <sqlite3.h>

#include "base/arena.h"
#include "store/desk.h"

enum { DESK_STATEMENTS = 45 };
extern const char *const desk_statements[DESK_STATEMENTS];

struct desk_change;

struct desk_batch {
	struct desk_batch *next;
	void (*done)(void *context, const struct error *error);
	void *context;
	struct arena arena;
	struct desk_change *first, **end;
	size_t count;
	struct error *why; /* it failed; NULL: written, or not tried yet */
};

/* all its changes, with `prepared` filled in as statements are needed; false: the connection says why */
bool desk_batch_write(const struct desk_batch *batch, sqlite3 *db, sqlite3_stmt *prepared[DESK_STATEMENTS])
	__attribute__((warn_unused_result));
/* the changes are not needed any more */
void desk_batch_clear(struct desk_batch *batch);
void desk_batch_free(struct desk_batch *batch);
#endif
