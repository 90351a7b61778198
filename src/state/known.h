/* SPDX-License-Identifier: Apache-2.0 */
/* Which recipients an account has written to: one filter for all accounts, after B. Bloom (1970), each key within one
 * cache line. Two generations of KNOWN_BYTES / 2: when the younger has taken in KNOWN_KEYS_MAX keys, the older is
 * forgotten. Says "known" of a stranger with a probability of at most KNOWN_FALSE_PERCENT; never "stranger" of one of
 * the last KNOWN_KEYS_MAX. Fixed size; its pages cost memory only once they are used. */
#ifndef SEKISHO_STATE_KNOWN_H
#define SEKISHO_STATE_KNOWN_H
#include "base/image.h"

enum { KNOWN_BYTES = 64 * 1024 * 1024, KNOWN_KEYS_MAX = 24 * 1000 * 1000, KNOWN_FALSE_PERCENT = 2 };

struct known;

struct known *known_new(void);
void known_free(struct known *known);
bool known_has(const struct known *known, uint32_t account, uint64_t rcpt);
/* fetches what known_has will look into a little later */
void known_expect(const struct known *known, uint32_t account, uint64_t rcpt);
void known_add(struct known *known, uint32_t account, uint64_t rcpt);

/* only what is used of it */
void known_save(const struct known *known, struct image_out *out);
bool known_load(struct known *known, struct image_in *in, struct error *error) __attribute__((warn_unused_result));
#endif
