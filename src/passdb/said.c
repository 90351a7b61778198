/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/said.h"

#define UNSAID TEXT("(what it says is not shown: it quotes what is secret)")

static bool quotes(struct text message, struct text secret)
{
	size_t part = secret.n < SAID_SECRET_PART ? secret.n : SAID_SECRET_PART;

	for (size_t i = 0; part && i + part <= secret.n; i++)
		if (text_holds(message, text_head(text_after(secret, i), part)))
			return true;
	return false;
}

/* bytes of the character in front, 0 where there is no well-formed one (overlong ones apart, which no terminal shows) */
static size_t character(struct text rest)
{
	unsigned char first = (unsigned char)rest.p[0];
	size_t n = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;

	if (n > rest.n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if (((unsigned char)rest.p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

static bool is_blank(const char *p, size_t n)
{
	unsigned char first = (unsigned char)p[0];

	return n == 1 ? first <= ' ' || first == 0x7f : n == 2 && first == 0xc2 && (unsigned char)p[1] < 0xa0;
}

void said(char line[SAID_MAX], const char *message, const char *secret)
{
	struct text rest = text_of(message);
	size_t used = 0, n;

	if (secret && quotes(rest, text_of(secret)))
		rest = UNSAID;
	for (; rest.n; rest = text_after(rest, n)) {
		bool sound = (n = character(rest)) > 0;

		n = sound ? n : 1;
		if (used + n >= SAID_MAX)
			break;
		if (sound && !is_blank(rest.p, n)) {
			memcpy(line + used, rest.p, n);
			used += n;
		} else if (!sound) {
			line[used++] = '?';
		} else if (used && line[used - 1] != ' ') {
			line[used++] = ' ';
		}
	}
	while (used && line[used - 1] == ' ')
		used--;
	line[used] = '\0';
}
