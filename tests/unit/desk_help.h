/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the desk share: a folder that goes away, a desk in it, what is put in, and what is read as one text a
 * row. Every function fails the test where it cannot do its work. */
#ifndef SEKISHO_TESTS_DESK_HELP_H
#define SEKISHO_TESTS_DESK_HELP_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/desk.h"

#define NOON (1795176000 * SECOND_US) /* 2026-11-20 12:00 UTC */

extern char folder[64];
int make_folder(void **state);
int drop_folder(void **state);
/* how many files of the folder begin so; with `gone` they are deleted */
unsigned files(const char *head, bool gone);
const char *database(void);
struct desk *open_desk(void);
struct desk_reader *open_reader(void);

/* what was told of batches: their numbers in order, how many were written */
struct told {
	unsigned count, order[16];
	unsigned written, failed;
	char why[512];
};

struct mark {
	struct told *told;
	unsigned number;
};

/* for desk_batch_new, with a struct mark */
void tell(void *context, const struct error *error);
void wait_for(struct desk *desk, const struct told *told, unsigned count);
/* one batch with what `fill` puts in; was it written? */
bool write_one(struct desk *desk, void (*fill)(struct desk_batch *batch), struct told *told);

extern const struct desk_letter letter;
extern const struct desk_incident incident;
void put_everything(struct desk_batch *batch);
void put_a_lock(struct desk_batch *batch);

struct rows {
	char text[4096];
	size_t n;
	unsigned count;
};

void see_letter(void *context, const struct desk_letter *seen);
void see_lock(void *context, const struct desk_lock *seen);
void see_incident(void *context, const struct desk_incident *seen);
void see_note(void *context, int64_t t_us, struct text who, struct text what);
void see_mode(void *context, struct text domain, enum desk_mode mode);
void see_audit(void *context, int64_t t_us, struct text who, struct text verb, struct text about);
struct rows read_all(struct desk_reader *reader);
unsigned count_locks(void);

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
#endif
