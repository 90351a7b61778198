/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/account.h"

#include "passdb/passdb.h"

static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
}

/* spaces of Unicode (Zs), and what joins or turns text without being seen */
static bool is_blank(uint32_t code)
{
	return code == ' ' || code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200f) ||
	       (code >= 0x202a && code <= 0x202f) || (code >= 0x205f && code <= 0x206f) || code == 0x3000 || code == 0xfeff;
}

static bool each_is(struct text text, bool (*sound)(uint32_t code))
{
	uint32_t code;
	size_t n;

	for (; text.n; text = text_after(text, n)) {
		n = text_character(text, &code);
		if (!n || is_control(code) || !sound(code))
			return false;
	}
	return true;
}

/* ---- accounts */

static bool may_be_in_account(uint32_t code) { return !is_blank(code) && !(code < 0x80 && strchr("\"'`:/\\%", (int)code)); }

static bool is_part(struct text part) { return part.n && !strchr("-.#", part.p[0]); }

bool account_is_sound(struct text account)
{
	struct text domain = account, local = account;

	if (!account.n || account.n > PASSDB_ACCOUNT_MAX || !each_is(account, may_be_in_account))
		return false;
	if (!text_cut(&domain, '@', &local))
		return is_part(account);
	return is_part(local) && is_part(domain) && text_find(domain, '@') == domain.n;
}

static bool may_be_in_password(uint32_t code) { return true; }

bool account_password_is_sound(struct text password)
{
	return password.n && password.n <= PASSWORD_MAX && each_is(password, may_be_in_password);
}

/* ---- patterns */

static bool part_of(char letter, struct text account, struct text *part)
{
	size_t at = text_find(account, '@');

	switch (letter) {
	case 'u': *part = account; return true;
	case 'n': *part = text_head(account, at); return true;
	case 'd': *part = text_after(account, at + (at < account.n)); return at < account.n;
	case '%': *part = TEXT("%"); return true;
	default: return false;
	}
}

bool account_expand(const char *pattern, struct text account, char *to, size_t size)
{
	size_t n = 0;

	for (const char *c = pattern; *c; c++) {
		struct text part = { c, 1 };

		if (*c == '%' && !part_of(*++c, account, &part))
			return false;
		if (n + part.n >= size)
			return false;
		memcpy(to + n, part.p, part.n);
		n += part.n;
	}
	to[n] = '\0';
	return true;
}
