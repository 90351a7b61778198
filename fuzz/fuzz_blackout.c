/* SPDX-License-Identifier: Apache-2.0 */
/* A header and, behind a NUL, a text: what is shown of the text is at most as long as the bars make it, ends with a NUL, keeps characters
 * whole, and neither a word of those who got the mail stands in it, nor an address, nor a long number. */
#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <strings.h>

#include "mail/blackout.h"
#include "mail/charset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* bars are like letters: of a longer word a part may be left */
static bool is_plain(struct text text, size_t at) { return at < text.n && (isalnum((unsigned char)text.p[at]) || (unsigned char)text.p[at] >= 0x80); }

static bool has_word(struct text text, struct text word)
{
	for (size_t at = 0; at + word.n <= text.n; at++)
		if (strncasecmp(text.p + at, word.p, word.n) == 0 && !is_plain(text, at - 1) && !is_plain(text, at + word.n))
			return true;
	return false;
}

static bool has_address(struct text text)
{
	for (size_t at = 1; at + 1 < text.n; at++)
		if (text.p[at] == '@' && isalnum((unsigned char)text.p[at - 1]) && isalnum((unsigned char)text.p[at + 1]))
			return true;
	return false;
}

static bool has_number(struct text text)
{
	size_t digits = 0;

	for (size_t i = 0; i < text.n && digits < BLACKOUT_DIGITS; i++)
		digits = isdigit((unsigned char)text.p[i]) ? digits + 1 : 0;
	return digits == BLACKOUT_DIGITS;
}

static void check(const struct blackout *blackout, struct text text, struct text shown)
{
	assert(shown.p[shown.n] == '\0' && shown.n <= BLACKOUT_TEXT_MAX * strlen(BLACKOUT_BAR));
	assert(!charset_is_utf8(text) || charset_is_utf8(shown));
	for (size_t i = 0; i < blackout->count; i++) /* a name may look like the bar */
		assert(memchr(blackout->words[i].p, *BLACKOUT_BAR, blackout->words[i].n) || !has_word(shown, blackout->words[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct text open[] = { { "provider.example", 16 } };
	char *copy = malloc(size + 1); /* so that reading beyond its end is seen */
	const char *end;
	struct text text, head, rest, shown;
	struct blackout blackout;
	struct fields fields;
	struct arena arena = { 0 };

	memcpy(copy, data, size);
	end = memchr(copy, '\0', size);
	head = (struct text){ copy, end ? (size_t)(end - copy) : size };
	text = end ? text_between(end + 1, copy + size) : head;
	fields_read(&arena, head, &fields, &rest);
	blackout_init(&blackout, &arena, open, 1);
	blackout_learn(&blackout, &fields);
	assert(blackout.count <= BLACKOUT_WORDS_MAX);
	check(&blackout, text, blackout_address(&blackout, text));
	shown = blackout_text(&blackout, text);
	check(&blackout, text, shown);
	assert(!has_address(shown) && !has_number(shown));
	arena_done(&arena);
	free(copy);
	return 0;
}
