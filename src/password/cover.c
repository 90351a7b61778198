/* SPDX-License-Identifier: Apache-2.0 */
/* The cheapest way from the first character to behind the last one; each piece is a step. Places that no way leads to are not looked at,
 * which is why a random password takes no time here. */
#include "password/cover.h"

#include "password/keyboards.h"

/* half bits: one of some 2,000 words that come to people's minds, and how it is written; one of some 60 runs and where it ends, … */
enum {
	COST_WORD = 22,
	COST_SHORT_WORD = 20, /* of three letters there are fewer */
	COST_DISGUISE = 3,    /* each of its characters that is no letter: hexadecimal digits look like words often */
	COST_PARTICLE = 12,
	COST_ROW = 12,
	COST_LOOSE = 14, /* any character */
	COST_TOKEN = 8,
	COST_SHORT_TOKEN = 16,
	COST_REPEAT = 10,
	COST_DIGIT = 7,
	COST_YEAR = 10,
	COST_DATE = 30,
	COST_SEPARATOR = 4
};
enum { RUN_LEAST = 3, SHORT_WORD = 3, PARTICLE = 2, LONG_ROW = 6, LOOSE_MOST = 2, NOWHERE = UINT16_MAX };

struct place {
	uint16_t cost; /* NOWHERE: no way leads here */
	uint8_t kinds, words;
};

struct laying {
	struct text text;
	const struct letter *letters;
	const struct tokens *tokens;
	struct place places[PASSWORD_MAX + 1];
};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static void step(struct laying *laying, size_t from, size_t length, unsigned kind, unsigned cost)
{
	const struct place *start = &laying->places[from];
	struct place *end = &laying->places[from + length];

	if (start->cost + cost >= end->cost)
		return;
	end->cost = (uint16_t)(start->cost + cost);
	end->kinds = (uint8_t)(start->kinds | kind);
	end->words = (uint8_t)(start->words + (kind == COVER_WORD && start->words < UINT8_MAX));
}

/* 0: so much of it is disguised that it came up by chance */
static unsigned word_cost(struct text word)
{
	unsigned disguised = 0;

	for (size_t i = 0; i < word.n; i++)
		disguised += !is_letter(word.p[i]);
	if (word.n <= SHORT_WORD)
		return disguised ? 0 : COST_SHORT_WORD;
	return disguised * 2 > word.n || (disguised > 1 && word.n == SHORT_WORD + 1) ? 0 : COST_WORD + disguised * COST_DISGUISE;
}

/* inu-no-kimochi: what Japanese words hang together by, in front of something else */
static bool is_particle(struct text rest)
{
	static const struct text particles[] = { { "no", 2 }, { "wa", 2 }, { "ha", 2 }, { "ga", 2 }, { "wo", 2 },
						 { "ni", 2 }, { "to", 2 }, { "de", 2 }, { "mo", 2 } };

	for (size_t i = 0; rest.n > PARTICLE && i < sizeof particles / sizeof *particles; i++)
		if (text_is(text_head(rest, PARTICLE), particles[i]))
			return true;
	return false;
}

static void step_words(struct laying *laying, size_t at)
{
	struct dictionary_found found[DICTIONARY_FOUND_MAX];
	struct text rest = text_after(laying->text, at);
	size_t count = dictionary_find(laying->letters + at, rest.n, found);

	for (size_t i = 0; i < count; i++) {
		size_t length = found[i].length;
		unsigned cost = word_cost(text_head(rest, length));

		if (!cost)
			continue;
		step(laying, at, length, COVER_WORD, cost);
		if (is_particle(text_after(rest, length)))
			step(laying, at, length + PARTICLE, COVER_WORD, cost + COST_PARTICLE);
	}
}

static void step_tokens(struct laying *laying, size_t at)
{
	struct text rest = text_after(laying->text, at);

	for (uint64_t some = tokens_at(laying->tokens, rest.p[0], laying->letters[at]); some; some &= some - 1) {
		const struct token *token = &laying->tokens->items[__builtin_ctzll(some)];

		if (token_begins(token, rest, laying->letters + at, true) || token_begins_backwards(token, rest, laying->letters + at, true))
			step(laying, at, token->text.n, token->of_name ? COVER_NAME : COVER_ADDRESS,
			     token->text.n < TOKEN_HELD_LEAST ? COST_SHORT_TOKEN : COST_TOKEN);
	}
}

static void step_runs(struct laying *laying, size_t at)
{
	size_t row = keyboard_run(laying->text, at), same = 1, digits = 0;

	while (at + same < laying->text.n && laying->text.p[at + same] == laying->text.p[at])
		same++;
	while (at + digits < laying->text.n && is_digit(laying->text.p[at + digits]))
		digits++;
	for (size_t n = RUN_LEAST; n <= row; n++)
		step(laying, at, n, n <= digits ? COVER_DIGITS : COVER_ROW, COST_ROW);
	for (size_t n = RUN_LEAST; n <= same; n++)
		step(laying, at, n, n <= digits ? COVER_DIGITS : COVER_REPEAT, COST_REPEAT);
}

static unsigned number(const char *digits, unsigned n)
{
	unsigned value = 0;

	for (unsigned i = 0; i < n; i++)
		value = value * 10 + (unsigned)(digits[i] - '0');
	return value;
}

static bool is_year(unsigned year) { return year >= 1900 && year <= 2069; }
static bool is_day(unsigned month_day) { return month_day / 100 >= 1 && month_day / 100 <= 12 && month_day % 100 >= 1 && month_day % 100 <= 31; }

static bool is_date(const char *digits)
{
	unsigned head = number(digits, 4), tail = number(digits + 4, 4);

	return (is_year(head) && is_day(tail)) || (is_year(tail) && (is_day(head) || is_day(head % 100 * 100 + head / 100)));
}

static void step_digits(struct laying *laying, size_t at)
{
	const char *digits = laying->text.p + at;
	size_t n = 0;

	while (n < 8 && at + n < laying->text.n && is_digit(digits[n]))
		n++;
	if (n)
		step(laying, at, 1, COVER_DIGITS, COST_DIGIT);
	if (n >= 4 && is_year(number(digits, 4)))
		step(laying, at, 4, COVER_DIGITS, COST_YEAR);
	if (n == 8 && is_date(digits))
		step(laying, at, 8, COVER_DIGITS, COST_DATE);
}

/* uiop@[jk: a long row, and one or two characters more */
static void step_loose(struct laying *laying, size_t at)
{
	size_t rest = laying->text.n - at;

	if (at >= LONG_ROW && laying->places[at].kinds == COVER_ROW && rest <= LOOSE_MOST)
		step(laying, at, rest, COVER_ROW, (unsigned)rest * COST_LOOSE);
}

static void step_on(struct laying *laying, size_t at)
{
	char c = laying->text.p[at];

	step_words(laying, at);
	step_tokens(laying, at);
	step_runs(laying, at);
	step_digits(laying, at);
	step_loose(laying, at);
	if (!is_letter(c) && !is_digit(c))
		step(laying, at, 1, COVER_SEPARATOR, COST_SEPARATOR);
}

struct cover cover_of(struct text text, const struct letter *letters, const struct tokens *tokens)
{
	struct laying laying = { .text = text, .letters = letters, .tokens = tokens };
	const struct place *end = &laying.places[text.n];

	for (size_t i = 1; i <= text.n; i++)
		laying.places[i].cost = NOWHERE;
	for (size_t i = 0; i < text.n; i++)
		if (laying.places[i].cost != NOWHERE)
			step_on(&laying, i);
	return (struct cover){ text.n && end->cost != NOWHERE, end->kinds, end->words, end->cost };
}
