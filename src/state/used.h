/* SPDX-License-Identifier: Apache-2.0 */
/* When each account was last used by somebody who has its password: a login that worked, a message. Failed logins, and what others send to
 * it, are none of its use. In seconds, 4 bytes an account; a place for each number up to the highest that was used. One thread. */
#ifndef SEKISHO_STATE_USED_H
#define SEKISHO_STATE_USED_H
#include "base/image.h"
#include "event/event.h"

struct used;

struct used *used_new(void);
void used_free(struct used *used);
void used_note(struct used *used, const struct event *event);
/* WHEN_NONE: never, as far as is known */
int64_t used_last(const struct used *used, uint32_t account);
/* since when anybody looks: the earliest use that was told of; WHEN_NONE: nobody looked yet */
int64_t used_since(const struct used *used);
void used_forget(struct used *used, uint32_t account);
size_t used_bytes(const struct used *used);

void used_save(const struct used *used, struct image_out *out);
/* into a new one, of so many accounts */
bool used_load(struct used *used, struct image_in *in, uint32_t accounts, struct error *error) __attribute__((warn_unused_result));
#endif
