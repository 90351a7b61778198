/* SPDX-License-Identifier: Apache-2.0 */
/* What a guesser makes passwords of who knows the account: what is before its @, its domain's own name, and the operator's names, each
 * whole and in its pieces, in small letters. */
#ifndef SEKISHO_PASSWORD_LIKELY_BASES_H
#define SEKISHO_PASSWORD_LIKELY_BASES_H
#include "base/text.h"

enum { BASE_MAX = 32 /* bytes */, BASES_MAX = 12, BASE_LEAST = 2 };

/* the likelier ones first, none twice; what is too long, or no printable ASCII, is left out */
struct bases {
	char items[BASES_MAX][BASE_MAX + 1];
	size_t count;
};

/* taro.yamada85: itself, taro, yamada, taroyamada85, yamada85, yamada85taro */
void bases_of_local(struct bases *bases, struct text account);
/* mail.acme-trading.co.jp: acme-trading, acmetrading, acme, trading */
void bases_of_domain(struct bases *bases, struct text account);
/* "Acme Trading": acmetrading, acme, trading */
void bases_of_names(struct bases *bases, const char *const *names);
#endif
