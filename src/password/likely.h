/* SPDX-License-Identifier: Apache-2.0 */
/* The passwords that a guesser tries first for one account: what the policy refuses, turned round. Most likely first, each once:
 * the account's name and its domain with digits and years behind, backwards, with 0 for o; the operator's and the company's names with the
 * year; rows of keyboards; the most used passwords, Japanese ones among them; then their mixtures. The same account gives the same list
 * in the same order, so that whoever was stopped goes on at a number. Several threads may make lists at once. */
#ifndef SEKISHO_PASSWORD_LIKELY_H
#define SEKISHO_PASSWORD_LIKELY_H
#include "password/policy.h"

/* LIKELY_LEAST: shorter ones nobody gives out any more */
enum { LIKELY_MAX = 4096, LIKELY_LEAST = 4, LIKELY_WORD_MAX = 48 };

struct likely; /* wiped when it is freed */

/* `names` ends with NULL; NULL: none. `year`: the present one. Never NULL. */
struct likely *likely_new(struct text account, const char *const *names, unsigned year)
	__attribute__((malloc, returns_nonnull, warn_unused_result));
void likely_free(struct likely *likely);
size_t likely_count(const struct likely *likely);
/* ends with a NUL that is not counted; lives as long as the list */
struct text likely_word(const struct likely *likely, size_t i);
/* by what it would be refused */
enum password_fault likely_fault(const struct likely *likely, size_t i);

/* differs where lists differ that are made of these names in this year: a number in an older list says nothing of this one */
uint64_t likely_version(const char *const *names, unsigned year);
#endif
