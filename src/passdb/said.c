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

static bool is_blank(uint32_t code) { return code <= ' ' || (code >= 0x7f && code < 0xa0); }

void said(char line[SAID_MAX], const char *message, const char *secret)
{
	struct text rest = text_of(message);
	size_t used = 0, n;

	if (secret && quotes(rest, text_of(secret)))
		rest = UNSAID;
	for (; rest.n; rest = text_after(rest, n)) {
		uint32_t code;
		bool sound = (n = text_character(rest, &code)) > 0;

		n = sound ? n : 1;
		if (used + n >= SAID_MAX)
			break;
		if (sound && !is_blank(code)) {
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
