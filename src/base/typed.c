/* SPDX-License-Identifier: Apache-2.0 */
#include "base/typed.h"

/* of three bytes of UTF-8, the one that is meant; 0: none */
static char meant(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	unsigned character = (unsigned)(u[0] & 0x0f) << 12 | (unsigned)(u[1] & 0x3f) << 6 | (unsigned)(u[2] & 0x3f);

	if ((u[0] & 0xf0) != 0xe0 || (u[1] & 0xc0) != 0x80 || (u[2] & 0xc0) != 0x80)
		return 0;
	if (character >= 0xff01 && character <= 0xff5e)
		return (char)(character - 0xff01 + '!');
	if ((character >= 0x2010 && character <= 0x2015) || character == 0x2212 || character == 0x30fc || character == 0xff70)
		return '-'; /* dashes, the sign of minus, and the long vowel, which stands on the same key */
	if (character == 0x3002 || character == 0xff61)
		return '.';
	return character == 0x3000 ? ' ' : 0;
}

static bool is_plain(struct text text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] >= 0x80)
			return false;
	return true;
}

/* `to` has room for all that was typed */
static struct text fold(struct text typed, char *to)
{
	size_t n = 0;

	for (size_t i = 0; i < typed.n;) {
		char c = typed.n - i >= 3 ? meant(typed.p + i) : 0;

		to[n++] = c ? c : typed.p[i];
		i += c ? 3 : 1;
	}
	return (struct text){ to, n };
}

bool typed_plain(struct text typed, char *to, size_t room)
{
	char folded[1024];
	struct text plain = TEXT_NONE;

	typed = text_trim(typed);
	*to = '\0';
	if (typed.n > sizeof folded)
		return false;
	plain = text_trim(fold(typed, folded));
	if (!is_plain(plain))
		plain = typed;
	if (plain.n >= room)
		return false;
	text_copy(to, room, plain);
	return true;
}
