/* SPDX-License-Identifier: Apache-2.0 */
/* What an asker may name: nothing that a file, a statement, a command or an LDAP filter could take for more than a name. */
#ifndef SEKISHO_PASSDB_ACCOUNT_H
#define SEKISHO_PASSDB_ACCOUNT_H
#include "base/text.h"

/* LOCAL@DOMAIN or LOCAL, at most PASSDB_ACCOUNT_MAX bytes of UTF-8 (RFC 3629): no blanks, control characters, quotes, colons, slashes,
 * backslashes, percent signs; one @ at most; neither part is empty or begins with a dash, a dot or a # */
bool account_is_sound(struct text account);
/* 1 to PASSWORD_MAX bytes of UTF-8 without control characters */
bool account_password_is_sound(struct text password);

/* `pattern` with %u for the account, %n for what is before its @, %d for its domain, %% for a %; false where it does not fit,
 * has a % of another kind, or %d where the account has no domain */
bool account_expand(const char *pattern, struct text account, char *to, size_t size) __attribute__((warn_unused_result));
#endif
