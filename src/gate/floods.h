/* SPDX-License-Identifier: Apache-2.0 */
/* The floods that still come: accounts whose INBOX is looked through again each minute, so that what comes back of an attack goes
 * where the rest of it went. Mail of strangers is not read here: that does `sekisho flood move --again`, a child of its own, one at a
 * time, which asks this daemon whose each mail is. One that fails is tried again in a minute; one that is not done after
 * FLOODS_PATIENCE_US is ended.
 *
 * What is watched stands on the desk (desk_flood); this is what the loop remembers of it. One thread. */
#ifndef SEKISHO_GATE_FLOODS_H
#define SEKISHO_GATE_FLOODS_H
#include <uv.h>

#include "base/text.h"
#include "base/when.h"

enum { FLOODS_MAX = 10000 };
#define FLOODS_EVERY_US MINUTE_US
#define FLOODS_PATIENCE_US (10 * MINUTE_US)
/* after a release: mail that cannot be delivered is given back after two days by many, after five by most */
#define FLOODS_EBB_US (2 * DAY_US)

struct floods;

/* `program`: sekisho itself; both outlive it. `config_file` NULL: the usual one. */
struct floods *floods_new(uv_loop_t *loop, const char *program, const char *config_file) __attribute__((warn_unused_result));
/* from now on, the first time in a minute; or until then instead. False where there are FLOODS_MAX. */
bool floods_watch(struct floods *floods, struct text account, int64_t until_us, int64_t now_us) __attribute__((warn_unused_result));
/* no more; a child that is at work for it is ended */
void floods_leave(struct floods *floods, struct text account);
/* not longer than until then */
void floods_shorten(struct floods *floods, struct text account, int64_t until_us);
/* WHEN_NONE: it is not watched */
int64_t floods_until(const struct floods *floods, struct text account);
size_t floods_count(const struct floods *floods);
/* to be called each second */
void floods_look(struct floods *floods, int64_t now_us);
/* The child is ended. Frees itself once the loop has run. NULL is fine. */
void floods_close(struct floods *floods);
#endif
