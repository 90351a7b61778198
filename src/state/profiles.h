/* SPDX-License-Identifier: Apache-2.0 */
/* Where profiles live: in memory, found by the account's number, made on first use. A profile's place never
 * changes. One thread. */
#ifndef SEKISHO_STATE_PROFILES_H
#define SEKISHO_STATE_PROFILES_H
#include "base/image.h"
#include "profile/profile.h"

struct profiles;

/* what an account ever did, for people */
struct profiles_tally {
	uint32_t messages, recipients, bounced;
};

struct profiles *profiles_new(void);
void profiles_free(struct profiles *profiles);
struct profile *profiles_get(struct profiles *profiles, uint32_t account) __attribute__((returns_nonnull));
/* fetches it from memory, for a profiles_get a little later */
void profiles_expect(const struct profiles *profiles, uint32_t account);
/* made on first use: who never asks for one has none */
struct profiles_tally *profiles_tally(struct profiles *profiles, uint32_t account) __attribute__((returns_nonnull));
/* NULL where the account never did anything, or nobody counted */
const struct profile *profiles_peek(const struct profiles *profiles, uint32_t account);
const struct profiles_tally *profiles_peek_tally(const struct profiles *profiles, uint32_t account);
size_t profiles_bytes(const struct profiles *profiles);

/* without tallies */
void profiles_save(const struct profiles *profiles, struct image_out *out);
/* into new ones, of so many accounts */
bool profiles_load(struct profiles *profiles, struct image_in *in, uint32_t accounts, struct error *error)
	__attribute__((warn_unused_result));
#endif
