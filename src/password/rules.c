/* SPDX-License-Identifier: Apache-2.0 */
#include "password/rules.h"

#include "password/keyboards.h"

enum {
	/* half bits: three words with a year and what is between them are refused, four words are left to zxcvbn */
	MIXTURE_MOST = 86,
	MIXTURE_MOST_OF_FEW = 92,
	WORDS_FEW = 3,
	TRIMMED_MOST = 88,   /* half bits: a word or a row and so many digits that these are enough; hexadecimal numbers are that */
	DISTINCT_LEAST = 4,  /* so many different characters are no repetition any more, */
	DISTINCT_SHARE = 3,  /* nor one in so many */
	INNER_LEAST = 5,     /* letters that digits stand between */
	BARE_LEAST = 6,      /* letters and digits that symbols stand between; so few of them only between many of these */
	BARE_LONG = 8,
	SYMBOLS_MANY = 3,
	COST_SYMBOLS_BETWEEN = 4,
	NUMBER_LEAST = 9,    /* digits of a telephone number */
};

static unsigned class_of(char c)
{
	/* without branches, for of a random password nobody foretells the next class */
	unsigned lower = (unsigned)(c >= 'a' && c <= 'z'), upper = (unsigned)(c >= 'A' && c <= 'Z'), digit = (unsigned)(c >= '0' && c <= '9');

	return lower * PASSWORD_LOWER | upper * PASSWORD_UPPER | digit * PASSWORD_DIGITS | !(lower | upper | digit) * PASSWORD_SYMBOLS;
}

static bool is_letter(char c) { return class_of(c) <= PASSWORD_UPPER; }

static bool is_allowed(const struct password_policy *policy, char c, unsigned class)
{
	if (c < ' ' || c > '~')
		return false;
	return class != PASSWORD_SYMBOLS || !policy->symbols || strchr(policy->symbols, c);
}

/* `count` letters in so many groups */
static void read_inner(struct reading *reading, size_t count, size_t groups)
{
	reading->inner.n = 0;
	if (groups < 2 || count < INNER_LEAST || 2 * count < reading->text.n)
		return;
	for (size_t i = 0; i < reading->text.n; i++) {
		reading->inner.letters[reading->inner.n] = reading->letters[i];
		reading->inner.text[reading->inner.n] = reading->text.p[i];
		reading->inner.n += is_letter(reading->text.p[i]);
	}
}

/* is it a third of the whole, or does it begin or end where letters do? */
static bool stands_out(struct text text, size_t at, size_t n)
{
	return 3 * n > text.n || at == 0 || at + n == text.n || !is_letter(text.p[at - 1]) || !is_letter(text.p[at + n]);
}

/* four characters come up by chance: in four words as the end of one and the beginning of the next; disguised ones more often still */
static bool stands_at(struct text text, const struct letter *letters, const struct token *token, size_t at)
{
	struct text rest = text_after(text, at);
	bool disguised = token->text.n > TOKEN_HELD_LEAST;

	if (!token_begins(token, rest, letters + at, disguised) && !token_begins_backwards(token, rest, letters + at, disguised))
		return false;
	return disguised || stands_out(text, at, token->text.n);
}

static void read_bare(struct reading *reading, size_t symbols)
{
	reading->bare.n = 0;
	size_t n = reading->text.n - symbols;

	if (!symbols || symbols > n || n < BARE_LEAST || (n < BARE_LONG && symbols < SYMBOLS_MANY))
		return;
	for (size_t i = 0; i < reading->text.n; i++) {
		reading->bare.letters[reading->bare.n] = reading->letters[i];
		reading->bare.text[reading->bare.n] = reading->text.p[i];
		reading->bare.n += class_of(reading->text.p[i]) != PASSWORD_SYMBOLS;
	}
}

/* symbols between characters cost a guesser one choice, for they are the same ones */
static void lay_out(struct reading *reading)
{
	struct cover bare;

	reading->cover = cover_of(reading->text, reading->letters, &reading->tokens);
	if (!reading->bare.n)
		return;
	bare = cover_of((struct text){ reading->bare.text, reading->bare.n }, reading->bare.letters, &reading->tokens);
	bare.cost += COST_SYMBOLS_BETWEEN;
	bare.kinds |= COVER_SEPARATOR;
	if (bare.whole && (!reading->cover.whole || bare.cost < reading->cover.cost))
		reading->cover = bare;
}

static unsigned read_held(const struct reading *reading, struct text text, const struct letter *letters)
{
	uint64_t held = 0;
	unsigned holds = 0;

	for (size_t i = 0; i < reading->tokens.count; i++)
		held |= (uint64_t)(reading->tokens.items[i].text.n >= TOKEN_HELD_LEAST) << i;
	for (size_t at = 0; held && at + TOKEN_HELD_LEAST <= text.n; at++)
		for (uint64_t some = held & tokens_at(&reading->tokens, text.p[at], letters[at]); some; some &= some - 1) {
			const struct token *token = &reading->tokens.items[__builtin_ctzll(some)];

			if (stands_at(text, letters, token, at) && !token_is_common(token))
				holds |= token->of_name ? COVER_NAME : COVER_ADDRESS;
		}
	return holds;
}

void reading_init(struct reading *reading, const struct password_policy *policy, const struct password_owner *owner, struct text password)
{
	size_t letters = 0, groups = 0, symbols = 0;
	bool behind_letter = false;

	reading->policy = policy;
	reading->length = password.n;
	reading->text = text_head(password, password.n < PASSWORD_MAX ? password.n : PASSWORD_MAX);
	reading->classes = 0;
	reading->foreign = false;
	for (size_t i = 0; i < reading->text.n; i++) {
		char c = password.p[i];
		unsigned class = class_of(c);
		bool letter = class <= PASSWORD_UPPER;

		reading->classes |= class;
		reading->foreign = reading->foreign || !is_allowed(policy, c, class);
		letters += letter;
		symbols += class == PASSWORD_SYMBOLS;
		groups += letter && !behind_letter;
		behind_letter = letter;
		reading->small[i] = (char)(c + (class == PASSWORD_UPPER) * ('a' - 'A'));
	}
	letters_read(reading->text, reading->letters);
	read_inner(reading, letters, groups);
	read_bare(reading, symbols);
	reading->tokens.count = 0;
	memset(reading->tokens.ends, 0, sizeof reading->tokens.ends);
	if (owner) {
		tokens_of_address(&reading->tokens, owner->address);
		tokens_of_names(&reading->tokens, owner->names);
	}
	tokens_of_names(&reading->tokens, policy->names);
	lay_out(reading);
	reading->holds = read_held(reading, reading->text, reading->letters);
	if (reading->bare.n)
		reading->holds |= read_held(reading, (struct text){ reading->bare.text, reading->bare.n }, reading->bare.letters);
}

void reading_wipe(struct reading *reading)
{
	explicit_bzero(reading->letters, reading->text.n * sizeof *reading->letters);
	explicit_bzero(reading->small, reading->text.n);
	explicit_bzero(reading->inner.letters, reading->text.n * sizeof *reading->inner.letters);
	explicit_bzero(reading->inner.text, reading->text.n);
	explicit_bzero(reading->bare.letters, reading->text.n * sizeof *reading->bare.letters);
	explicit_bzero(reading->bare.text, reading->text.n);
}

/* ---- what can be counted */

static bool is_foreign(const struct reading *reading, unsigned *number) { return reading->foreign; }

static bool is_short(const struct reading *reading, unsigned *number)
{
	*number = reading->policy->least;
	return reading->length < reading->policy->least;
}

static bool is_long(const struct reading *reading, unsigned *number)
{
	unsigned most = reading->policy->most;

	*number = most && most < PASSWORD_MAX ? most : PASSWORD_MAX;
	return reading->length > *number;
}

static bool has_few_classes(const struct reading *reading, unsigned *number)
{
	*number = reading->policy->classes;
	return (unsigned)__builtin_popcount(reading->classes) < reading->policy->classes;
}

/* dates and telephone numbers too: what stands between digits is quickly guessed */
static bool is_only_digits(const struct reading *reading, unsigned *number)
{
	return reading->classes & PASSWORD_DIGITS && !(reading->classes & (PASSWORD_LOWER | PASSWORD_UPPER));
}

/* 090-1234-56a: a letter before or behind it makes a number no better. Hexadecimal ones have no symbols between them. */
static bool is_number_with_letter(const struct reading *reading, unsigned *number)
{
	struct text text = reading->text;
	size_t digits = 0, symbols = 0;

	for (size_t i = 0; i < text.n; i++) {
		digits += class_of(text.p[i]) == PASSWORD_DIGITS;
		symbols += class_of(text.p[i]) == PASSWORD_SYMBOLS;
	}
	return digits + symbols + 1 == text.n && (is_letter(text.p[0]) || is_letter(text.p[text.n - 1])) && digits >= NUMBER_LEAST - 1 &&
	       3 * symbols <= digits && (symbols || text.p[is_letter(text.p[0])] == '0');
}

/* ---- repetitions */

static bool has_period(const struct reading *reading, size_t period)
{
	return reading->small[0] == reading->small[period] && memcmp(reading->small, reading->small + period, reading->text.n - period) == 0;
}

static bool has_few_characters(const struct reading *reading)
{
	uint64_t seen[4] = { 0 };
	size_t distinct = 0;

	for (size_t i = 0; i < reading->text.n; i++) {
		unsigned char c = (unsigned char)reading->small[i];

		distinct += !(seen[c / 64] >> c % 64 & 1);
		seen[c / 64] |= UINT64_C(1) << c % 64;
	}
	return distinct < DISTINCT_LEAST && distinct * DISTINCT_SHARE <= reading->text.n;
}

static unsigned made_of(const struct reading *reading)
{
	return reading->cover.whole ? reading->cover.kinds & ~(unsigned)(COVER_DIGITS | COVER_SEPARATOR) : 0;
}

static bool has_trimmings(const struct reading *reading) { return reading->cover.kinds & (COVER_DIGITS | COVER_SEPARATOR); }

static bool is_repeated(const struct reading *reading, unsigned *number)
{
	for (size_t period = 1; period <= reading->text.n / 2; period++)
		if (has_period(reading, period))
			return true;
	return (made_of(reading) == COVER_REPEAT && reading->cover.cost <= TRIMMED_MOST) || has_few_characters(reading);
}

/* ---- keyboards and words */

static bool is_row(const struct reading *reading, unsigned *number)
{
	return (made_of(reading) == COVER_ROW || made_of(reading) == (COVER_ROW | COVER_REPEAT)) && reading->cover.cost <= TRIMMED_MOST;
}

static bool is_word(const struct reading *reading, unsigned *number)
{
	if (dictionary_most_used(reading->text))
		return true;
	return made_of(reading) == COVER_WORD && reading->cover.words == 1 && !has_trimmings(reading);
}

static bool is_inner_token(const struct reading *reading, bool of_name)
{
	struct text text = { reading->inner.text, reading->inner.n };

	for (size_t i = 0; text.n && i < reading->tokens.count; i++) {
		const struct token *token = &reading->tokens.items[i];

		if (token->of_name == of_name && token->text.n == text.n &&
		    (token_begins(token, text, reading->inner.letters, false) || token_begins_backwards(token, text, reading->inner.letters, false)))
			return true;
	}
	return false;
}

static bool is_word_with_digits(const struct reading *reading, unsigned *number)
{
	if (made_of(reading) == COVER_WORD && reading->cover.words == 1 && has_trimmings(reading) && reading->cover.cost <= TRIMMED_MOST)
		return true;
	return reading->inner.n && dictionary_has(reading->inner.letters, reading->inner.n);
}

/* ---- whose it is */

static bool is_of(const struct reading *reading, bool of_name)
{
	unsigned kind = of_name ? COVER_NAME : COVER_ADDRESS;

	return made_of(reading) == kind || reading->holds & kind || is_inner_token(reading, of_name);
}

static bool is_of_address(const struct reading *reading, unsigned *number) { return is_of(reading, false); }
static bool is_of_names(const struct reading *reading, unsigned *number) { return is_of(reading, true); }

/* of several kinds, or of several words */
static bool is_mixture(const struct reading *reading, unsigned *number)
{
	unsigned kinds = made_of(reading), words = reading->cover.words;

	return kinds && (__builtin_popcount(kinds) > 1 || words > 1) &&
	       reading->cover.cost <= (words <= WORDS_FEW ? MIXTURE_MOST_OF_FEW : MIXTURE_MOST);
}

const struct password_rule password_rules[] = {
	{ PASSWORD_BYTES, RULE_SHAPE, is_foreign },
	{ PASSWORD_SHORT, RULE_SHAPE, is_short },
	{ PASSWORD_LONG, RULE_SHAPE, is_long },
	{ PASSWORD_CLASSES, RULE_SHAPE, has_few_classes },
	{ PASSWORD_OF_ADDRESS, RULE_WHOSE, is_of_address },
	{ PASSWORD_OF_NAMES, RULE_WHOSE, is_of_names },
	{ PASSWORD_ONLY_DIGITS, RULE_KNOWN, is_only_digits },
	{ PASSWORD_REPEATS, RULE_KNOWN, is_repeated },
	{ PASSWORD_ROW, RULE_KNOWN, is_row },
	{ PASSWORD_WORD_DIGITS, RULE_KNOWN, is_word_with_digits },
	{ PASSWORD_WORD, RULE_KNOWN, is_word },
	{ PASSWORD_MIXTURE, RULE_KNOWN, is_mixture },
	{ PASSWORD_GUESSED, RULE_KNOWN, is_number_with_letter },
};

const size_t password_rule_count = sizeof password_rules / sizeof *password_rules;
