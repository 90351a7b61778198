/* SPDX-License-Identifier: Apache-2.0 */
/* The names of accounts, each kept once in its normal form (lower case, local@domain) and numbered from 1, so
 * that everything behind works with numbers. Owns the texts; a number never changes its name. Not more than
 * ACCOUNTS_MAX names, and 4 GiB of them. One thread adds; others may read the names of numbers handed to them. */
#ifndef SEKISHO_EVENT_ACCOUNTS_H
#define SEKISHO_EVENT_ACCOUNTS_H
#include "base/image.h"
#include "base/text.h"

enum { ACCOUNTS_MAX = 50 * 1000 * 1000, ACCOUNT_NAME_MAX = 320 };

struct accounts;

/* `default_domain` completes logins without one; NULL or "" keeps them as they are */
struct accounts *accounts_new(const char *default_domain);
void accounts_free(struct accounts *accounts);

/* the normal form; `to` holds ACCOUNT_NAME_MAX bytes. Control characters become '?', so that no name a server let in is
 * lost. Empty for no name, or one that is too long: never an account. */
struct text accounts_normal(const struct accounts *accounts, struct text name, char *to);
/* number of the account, 0 where it is none (yet); *key is the hash of its normal form, 0 for no name at all */
uint32_t accounts_find(const struct accounts *accounts, struct text name, uint64_t *key);
/* the same, and made where it was none */
uint32_t accounts_add(struct accounts *accounts, struct text name, uint64_t *key);
struct text accounts_name(const struct accounts *accounts, uint32_t account);
uint32_t accounts_count(const struct accounts *accounts);
size_t accounts_bytes(const struct accounts *accounts);

/* names, numbers, and what keys are made with */
void accounts_save(const struct accounts *accounts, struct image_out *out);
/* into new ones; left as new on failure */
bool accounts_load(struct accounts *accounts, struct image_in *in, struct error *error) __attribute__((warn_unused_result));
/* this name had this number before a restart: numbers come in order. false where it cannot be. */
bool accounts_restore(struct accounts *accounts, uint32_t account, struct text name) __attribute__((warn_unused_result));
/* as new, with the same default domain */
void accounts_clear(struct accounts *accounts);
#endif
