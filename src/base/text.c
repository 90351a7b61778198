/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#define BOTH CHAR_ALNUM | CHAR_PROGRAM
#define EIGHT_OF_BOTH BOTH, BOTH, BOTH, BOTH, BOTH, BOTH, BOTH, BOTH
#define LETTERS_OF_BOTH EIGHT_OF_BOTH, EIGHT_OF_BOTH, EIGHT_OF_BOTH, BOTH, BOTH

const uint8_t text_classes[256] = {
	['-'] = CHAR_PROGRAM, CHAR_PROGRAM, CHAR_PROGRAM, /* - . / */
	['0'] = EIGHT_OF_BOTH, BOTH, BOTH,
	['A'] = LETTERS_OF_BOTH,
	['_'] = CHAR_PROGRAM,
	['a'] = LETTERS_OF_BOTH,
};

bool text_starts_any(struct text t, const struct text *heads)
{
	for (; heads->n; heads++)
		if (t.n && t.p[0] == heads->p[0] && text_starts(t, *heads))
			return true;
	return false;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct text text_trim(struct text t)
{
	while (t.n && blank(t.p[0]))
		t = text_after(t, 1);
	while (t.n && blank(t.p[t.n - 1]))
		t.n--;
	return t;
}

bool text_beyond_ascii(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if ((unsigned char)t.p[i] >= 0x80)
			return true;
	return false;
}

bool text_number(struct text t, uint64_t most, uint64_t *number)
{
	uint64_t value = 0;

	if (t.n == 0 || t.n > 19)
		return false;
	for (size_t i = 0; i < t.n; i++) {
		unsigned digit = (unsigned)(unsigned char)t.p[i] - '0';

		if (digit > 9)
			return false;
		value = value * 10 + digit;
	}
	if (value > most)
		return false;
	*number = value;
	return true;
}

size_t text_character(struct text t, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = t.n ? (unsigned char)t.p[0] : 0x80;
	size_t n = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 0;
	uint32_t value = n <= 1 ? first : first & (0x7fu >> n);

	if (n == 0 || n > t.n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)t.p[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | ((unsigned char)t.p[i] & 0x3f);
	}
	if (value < least[n] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*code = value;
	return n;
}

void text_copy(char *to, size_t size, struct text t)
{
	size_t n = t.n < size ? t.n : size - 1;

	memcpy(to, t.p, n);
	to[n] = '\0';
}
