/* SPDX-License-Identifier: Apache-2.0 */
#include "password/strength.h"

#include <math.h>
#include <zxcvbn.h>

enum { WORD_LETTERS_LEAST = 4, OURS_MAX = 64, OURS_LEAST = 4 };

/* of some 12,000 words in all their spellings: those that come to mind are a third */
#define WORD_BITS 12.0

/* the words of ours that stand in a password, as zxcvbn wants them */
struct ours {
	const char *list[OURS_MAX + 1];
	char texts[OURS_MAX][DICTIONARY_MOST + 1];
	size_t count, tokens; /* the first `tokens` of them are of the address and of names */
};

static char small(char c) { return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static void add(struct ours *ours, struct text word)
{
	char *to = ours->texts[ours->count];

	if (ours->count == OURS_MAX || word.n > DICTIONARY_MOST)
		return;
	for (size_t i = 0; i < word.n; i++)
		to[i] = small(word.p[i]);
	to[word.n] = '\0';
	ours->list[ours->count++] = to;
}

static void add_tokens(struct ours *ours, struct text text, const struct letter *letters, const struct tokens *tokens)
{
	for (size_t i = 0; i < tokens->count; i++)
		for (size_t at = 0; at + tokens->items[i].text.n <= text.n; at++)
			if (tokens->items[i].text.n > 2 && token_begins(&tokens->items[i], text_after(text, at), letters + at, true)) {
				add(ours, tokens->items[i].text);
				break;
			}
	ours->tokens = ours->count;
}

/* as it stands there: where it is disguised or backwards, this spelling of it is what costs a guesser little more */
static void add_words(struct ours *ours, struct text text, const struct letter *letters)
{
	struct dictionary_found found[DICTIONARY_FOUND_MAX];

	for (size_t at = 0; at < text.n; at++)
		for (size_t i = 0, count = dictionary_find(letters + at, text.n - at, found); i < count; i++)
			if (found[i].length >= OURS_LEAST)
				add(ours, (struct text){ text.p + at, found[i].length });
}

static bool is_part(const char *word, struct text text, const ZxcMatch_t *part)
{
	for (int i = 0; i < part->Length; i++)
		if (small(text.p[part->Begin + i]) != word[i])
			return false;
	return word[part->Length] == '\0';
}

/* the place of a part in the list; its length where it is none of it (read backwards, say) */
static size_t place_of(const struct ours *ours, struct text text, const ZxcMatch_t *part)
{
	size_t place = 0;

	while (place < ours->count && !is_part(ours->texts[place], text, part))
		place++;
	return place;
}

static bool is_of_list(const ZxcMatch_t *part)
{
	unsigned type = part->Type & ~(unsigned)MULTIPLE_MATCH;

	return type == USER_MATCH || type == USER_LEET_MATCH;
}

/* zxcvbn takes the place in the list for how soon a guesser comes to a word. What is the owner's is indeed tried first; of the rest only those
 * are in the list that stand in the password, and the guesser has to go through all. */
static double mend(const struct ours *ours, struct text text, const ZxcMatch_t *parts, double bits)
{
	for (; parts; parts = parts->Next) {
		size_t place = is_of_list(parts) ? place_of(ours, text, parts) : 0;

		if (is_of_list(parts) && place >= ours->tokens)
			bits += WORD_BITS - log2((double)(place < ours->count ? place : 0) + 1);
	}
	return bits;
}

static bool has_of_list(const ZxcMatch_t *parts)
{
	while (parts && !is_of_list(parts))
		parts = parts->Next;
	return parts;
}

/* numbers look like words in disguise often */
static bool is_mostly_letters(struct text text, const ZxcMatch_t *part)
{
	int letters = 0;

	for (int i = 0; i < part->Length; i++)
		letters += is_letter(text.p[part->Begin + i]);
	return 3 * letters >= 2 * part->Length;
}

/* one word, and what else there is are digits and symbols */
static bool is_one_word(struct text text, const ZxcMatch_t *parts)
{
	const ZxcMatch_t *word = NULL;

	for (; parts; parts = parts->Next) {
		unsigned type = parts->Type & ~(unsigned)MULTIPLE_MATCH;

		if (type >= DICTIONARY_MATCH && type <= USER_LEET_MATCH && !word && parts->Length >= WORD_LETTERS_LEAST &&
		    is_mostly_letters(text, parts)) {
			word = parts;
			continue;
		}
		for (int i = 0; i < parts->Length; i++)
			if (is_letter(text.p[parts->Begin + i]))
				return false;
	}
	return word;
}

/* *plainly: it would say the same without the list */
static struct strength ask(const char *password, struct text text, const struct ours *ours, bool *plainly)
{
	ZxcMatch_t *parts = NULL;
	struct strength strength = { .bits = ZxcvbnMatch(password, (const char **)(uintptr_t)ours->list, &parts) };

	*plainly = !has_of_list(parts);
	strength.word = is_one_word(text, parts);
	strength.bare = strength.word && parts && !parts->Next;
	strength.bits = mend(ours, text, parts, strength.bits);
	ZxcvbnFreeInfo(parts);
	return strength;
}

struct strength strength_of(struct text text, const struct letter *letters, const struct tokens *tokens)
{
	char password[STRENGTH_CHARACTERS_MAX + 1];
	static const struct ours none = { .count = 0 };
	struct ours ours;
	struct strength strength, with_ours;
	bool plainly;

	text.n = text.n < STRENGTH_CHARACTERS_MAX ? text.n : STRENGTH_CHARACTERS_MAX;
	memcpy(password, text.p, text.n);
	password[text.n] = '\0';
	ours.count = 0;
	add_tokens(&ours, text, letters, tokens);
	add_words(&ours, text, letters);
	ours.list[ours.count] = NULL;
	strength = with_ours = ask(password, text, &ours, &plainly);
	if (!plainly) {
		strength = ask(password, text, &none, &plainly);
		strength.bits = with_ours.bits < strength.bits ? with_ours.bits : strength.bits;
	}
	explicit_bzero(ours.texts, ours.count * sizeof *ours.texts);
	explicit_bzero(password, sizeof password);
	return strength;
}
