/* SPDX-License-Identifier: Apache-2.0 */
/* The passwords that a guesser tries first for one account: what the policy refuses, turned round. Most likely first, each once:
 * the account's name and its domain with digits and years behind, backwards, with 0 for o; the operator's and the company's names with the
 * year; rows of keyboards; the most used passwords, Japanese ones among them; then their mixtures. The same account gives the same list
 * in the same order, so that whoever was stopped goes on at a number. */
#ifndef SEKISHO_PASSWORD_LIKELY_H
#define SEKISHO_PASSWORD_LIKELY_H
#include "password/policy.h"

enum { LIKELY_MAX = 4096 };

struct likely; /* wiped when it is freed */

/* `year`: the present one. NULL only where memory is short. */
struct likely *likely_new(struct text account, const char *const *names, unsigned year) __attribute__((warn_unused_result));
void likely_free(struct likely *likely);
size_t likely_count(const struct likely *likely);
struct text likely_word(const struct likely *likely, size_t i);
/* by what it would be refused */
enum password_fault likely_fault(const struct likely *likely, size_t i);
#endif
