/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/likeness.h"

#include "base/hash.h"

static bool counts(uint32_t code) { return code > ' ' && !(code >= '0' && code <= '9') && code != 0x3000 && code != 0xa0; }
static uint32_t small(uint32_t code) { return code >= 'A' && code <= 'Z' ? code | 0x20 : code; }

static void add(struct likeness *likeness, const uint32_t piece[LIKENESS_PIECE])
{
	uint64_t hash = hash_text(HASH_FIXED, (struct text){ (const char *)piece, LIKENESS_PIECE * sizeof *piece });

	for (uint64_t i = 0; i < LIKENESS_LEAST; i++) {
		uint64_t other = hash_mix(hash ^ (i * 0x9e3779b97f4a7c15ull), hash ^ 0xe7037ed1a0b428dbull);

		if (other < likeness->least[i])
			likeness->least[i] = other;
	}
	likeness->any = true;
}

void likeness_of(struct text text, struct likeness *likeness)
{
	uint32_t piece[LIKENESS_PIECE] = { 0 };
	size_t letters = 0, used;

	likeness->any = false;
	for (size_t i = 0; i < LIKENESS_LEAST; i++)
		likeness->least[i] = UINT64_MAX;
	for (text.n = text.n < LIKENESS_BYTES_MAX ? text.n : LIKENESS_BYTES_MAX; text.n; text = text_after(text, used)) {
		uint32_t code = (unsigned char)*text.p;

		used = text_character(text, &code);
		used = used ? used : 1;
		if (!counts(code))
			continue;
		memmove(piece, piece + 1, sizeof piece - sizeof *piece);
		piece[LIKENESS_PIECE - 1] = small(code);
		if (++letters >= LIKENESS_PIECE)
			add(likeness, piece);
	}
}

double likeness_share(const struct likeness *a, const struct likeness *b)
{
	int same = 0;

	if (!a->any || !b->any)
		return 0;
	for (size_t i = 0; i < LIKENESS_LEAST; i++)
		same += a->least[i] == b->least[i];
	return (double)same / LIKENESS_LEAST;
}
