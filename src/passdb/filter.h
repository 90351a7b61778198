/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's LDAP filter (RFC 4515) for one account: %u is the account, %n what is before its @, %d its domain, %% a %.
 * Whatever is put in is escaped, so it is never more than a value. */
#ifndef SEKISHO_PASSDB_FILTER_H
#define SEKISHO_PASSDB_FILTER_H
#include "base/error.h"
#include "base/text.h"

enum { FILTER_MAX = 4096 };

/* a filter that names no single account (%u or %n), or that has a % of another kind; its parentheses are the library's to check */
bool filter_check(const char *pattern, struct error *error) __attribute__((warn_unused_result));
/* false where it does not fit */
bool filter_of(const char *pattern, struct text account, char to[FILTER_MAX]) __attribute__((warn_unused_result));
/* of all accounts: each of the letters is a * */
bool filter_of_all(const char *pattern, char to[FILTER_MAX]) __attribute__((warn_unused_result));
#endif
