/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a recipe forbids is thrown away and drawn anew: so all that is left is equally likely. How many are left is counted
 * beforehand, which gives the strength, and says whether anything is likely to be left at all. */
#include "password/generate.h"

#include <math.h>
#include <sodium.h>

#include "base/i18n.h"
#include "password/words.h"

enum { CLASSES = 4, LENGTH_MOST = PASSWORD_MAX };

/* at least one draw in so many has to be allowed */
#define DRAWS_MAX 100000.0

static const char likened[] = "0Oo1lI|";

/* ---- characters */

struct alphabet {
	char all[128];
	size_t n;
	size_t sizes[CLASSES]; /* of each class that has to occur; 0: need not */
};

static unsigned class_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return PASSWORD_LOWER;
	if (c >= 'A' && c <= 'Z')
		return PASSWORD_UPPER;
	return c >= '0' && c <= '9' ? PASSWORD_DIGITS : PASSWORD_SYMBOLS;
}

/* the place of a class among four */
static size_t place_of(unsigned class) { return (size_t)__builtin_ctz(class); }

static bool is_printable(char c) { return c > ' ' && c < 0x7f; }

static void add(struct alphabet *alphabet, const char *characters, unsigned class, bool plain)
{
	for (const char *c = characters; *c; c++) {
		if ((plain && strchr(likened, *c)) || memchr(alphabet->all, *c, alphabet->n))
			continue;
		alphabet->all[alphabet->n++] = *c;
		alphabet->sizes[place_of(class)]++;
	}
}

static bool check_symbols(const struct password_recipe *recipe, struct error *error)
{
	for (const char *c = recipe->symbols ? recipe->symbols : ""; *c; c++)
		if (!is_printable(*c) || class_of(*c) != PASSWORD_SYMBOLS)
			return error_set(error, _("symbols are printable, and neither letters nor digits"));
	return true;
}

static bool make_alphabet(const struct password_recipe *recipe, struct alphabet *alphabet, struct error *error)
{
	static const char *const names[CLASSES] = { N_("small letters"), N_("capitals"), N_("digits"), N_("symbols") };
	const char *const characters[CLASSES] = { "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789",
						  recipe->symbols ? recipe->symbols : "" };

	*alphabet = (struct alphabet){ 0 };
	if (!check_symbols(recipe, error))
		return false;
	for (size_t i = 0; i < CLASSES; i++) {
		if (!(recipe->classes & 1u << i))
			continue;
		add(alphabet, characters[i], 1u << i, recipe->plain);
		if (!alphabet->sizes[i])
			return error_set(error, _("there are no %s to choose from"), _(names[i]));
	}
	return alphabet->n || error_set(error, _("there are no characters to choose from"));
}

/* The share of all strings of that length in which each class occurs: by inclusion and exclusion over the classes that
 * are missing. */
static double share_with_all(const struct alphabet *alphabet, unsigned length)
{
	double share = 0;

	for (unsigned missing = 0; missing < 1u << CLASSES; missing++) {
		size_t left = alphabet->n;

		for (size_t i = 0; i < CLASSES; i++)
			if (missing & 1u << i)
				left -= alphabet->sizes[i];
		if (missing & (unsigned)((!alphabet->sizes[0]) | (!alphabet->sizes[1]) << 1 | (!alphabet->sizes[2]) << 2 |
					 (!alphabet->sizes[3]) << 3))
			continue;
		share += (__builtin_popcount(missing) & 1 ? -1 : 1) * pow((double)left / (double)alphabet->n, length);
	}
	return share;
}

/* 0 where no string of that length has all classes */
static double bits_of_characters(const struct alphabet *alphabet, unsigned length)
{
	double share = share_with_all(alphabet, length);

	return share * DRAWS_MAX < 1 ? 0 : length * log2((double)alphabet->n) + log2(share);
}

static bool has_all(const struct alphabet *alphabet, const char *text)
{
	unsigned seen = 0;

	for (const char *c = text; *c; c++)
		seen |= class_of(*c);
	for (size_t i = 0; i < CLASSES; i++)
		if (alphabet->sizes[i] && !(seen & 1u << i))
			return false;
	return true;
}

static void draw_characters(const struct alphabet *alphabet, unsigned length, char text[PASSWORD_MAX + 1])
{
	do {
		for (unsigned i = 0; i < length; i++)
			text[i] = alphabet->all[randombytes_uniform((uint32_t)alphabet->n)];
		text[length] = '\0';
	} while (!has_all(alphabet, text));
}

static double down(double bits) { return floor(bits * 10 + 1e-9) / 10; }

static bool strong_enough(const struct password_recipe *recipe, double bits) { return bits >= recipe->bits && bits > 0; }

static bool generate_characters(const struct password_recipe *recipe, struct password_made *made, struct error *error)
{
	struct alphabet alphabet;
	unsigned length = recipe->length ? recipe->length : 1;
	double bits;

	if (!make_alphabet(recipe, &alphabet, error))
		return false;
	if (length > LENGTH_MOST)
		return error_set(error, _("a password has at most %d characters"), LENGTH_MOST);
	bits = bits_of_characters(&alphabet, length);
	while (!recipe->length && !strong_enough(recipe, bits) && length < LENGTH_MOST)
		bits = bits_of_characters(&alphabet, ++length);
	if (bits == 0)
		return error_set(error, _("%u characters are too few for one of each kind"), length);
	if (!strong_enough(recipe, bits))
		return error_set(error, _("%u characters of %zu are %.1f bits, less than %g"), length, alphabet.n, down(bits), recipe->bits);
	draw_characters(&alphabet, length, made->text);
	made->bits = down(bits);
	return true;
}

/* ---- words */

/* what is around the words, in characters */
static unsigned trimmings(const struct password_recipe *recipe)
{
	unsigned separators = recipe->words * (unsigned)(recipe->separator ? strlen(recipe->separator) : 0);

	return separators - separators / recipe->words + !!(recipe->classes & PASSWORD_DIGITS);
}

/* the share of all sequences of so many words that have at most `most` letters: how likely each sum is, a word at a time */
static double share_of_short(unsigned words, unsigned most)
{
	double now[PASSWORD_WORDS_MAX * PASSWORD_WORD_MAX + 1] = { 1 }, lengths[PASSWORD_WORD_MAX + 1] = { 0 }, share = 0;

	for (size_t i = 0; i < password_word_count; i++)
		lengths[strlen(password_words[i])] += 1.0 / (double)password_word_count;
	for (unsigned word = 0; word < words; word++)
		for (size_t sum = PASSWORD_WORDS_MAX * PASSWORD_WORD_MAX + 1; sum-- > 0;) { /* from the end: what is read is of the word before */
			double next = 0;

			for (size_t n = 1; n <= PASSWORD_WORD_MAX && n <= sum; n++)
				next += now[sum - n] * lengths[n];
			now[sum] = next;
		}
	for (unsigned sum = 0; sum <= most && sum <= PASSWORD_WORDS_MAX * PASSWORD_WORD_MAX; sum++)
		share += now[sum];
	return share;
}

static bool check_words(const struct password_recipe *recipe, struct error *error)
{
	const char *separator = recipe->separator ? recipe->separator : "";
	bool symbol = false;

	for (const char *c = separator; *c; c++) {
		symbol |= class_of(*c) == PASSWORD_SYMBOLS;
		if (!is_printable(*c) || class_of(*c) == PASSWORD_LOWER || class_of(*c) == PASSWORD_UPPER)
			return error_set(error, _("what stands between words is printable, and no letter"));
	}
	if (recipe->words > PASSWORD_WORDS_MAX || strlen(separator) > PASSWORD_SEPARATOR_MAX)
		return error_set(error, _("at most %d words, and %d characters between them"), PASSWORD_WORDS_MAX, PASSWORD_SEPARATOR_MAX);
	if (!*separator && recipe->words > 1 && !(recipe->classes & PASSWORD_UPPER))
		return error_set(error, _("words with nothing between them have to begin with capitals"));
	if (recipe->classes & PASSWORD_SYMBOLS && (!symbol || recipe->words < 2))
		return error_set(error, _("a symbol has to stand between words"));
	return true;
}

static const char *digits_of(const struct password_recipe *recipe) { return recipe->plain ? "23456789" : "0123456789"; }

static void draw_words(const struct password_recipe *recipe, char text[PASSWORD_MAX + 1])
{
	char digit[2] = "";
	size_t n = 0;

	if (recipe->classes & PASSWORD_DIGITS)
		digit[0] = digits_of(recipe)[randombytes_uniform((uint32_t)strlen(digits_of(recipe)))];
	for (unsigned i = 0; i < recipe->words; i++) {
		const char *word = password_words[randombytes_uniform((uint32_t)password_word_count)];
		char first = recipe->classes & PASSWORD_UPPER ? (char)(word[0] - 'a' + 'A') : word[0];

		n += (size_t)snprintf(text + n, PASSWORD_MAX + 1 - n, "%s%c%s%s", i && recipe->separator ? recipe->separator : "", first,
				      word + 1, i + 1 == recipe->words ? digit : "");
	}
}

/* words have l and o where they have to: `plain` is about the digit alone */
static bool generate_words(const struct password_recipe *recipe, struct password_made *made, struct error *error)
{
	unsigned most = recipe->length ? recipe->length : LENGTH_MOST;
	double share, bits;

	if (!check_words(recipe, error))
		return false;
	most = most < LENGTH_MOST ? most : LENGTH_MOST;
	share = most < trimmings(recipe) ? 0 : share_of_short(recipe->words, most - trimmings(recipe));
	if (share * DRAWS_MAX < 1)
		return error_set(error, _("%u words hardly ever fit into %u characters"), recipe->words, most);
	bits = recipe->words * log2((double)password_word_count) + log2(share) +
	       (recipe->classes & PASSWORD_DIGITS ? log2((double)strlen(digits_of(recipe))) : 0);
	if (bits < recipe->bits)
		return error_set(error, _("%u words of %zu are %.1f bits, less than %g"), recipe->words, password_word_count, down(bits),
				 recipe->bits);
	do
		draw_words(recipe, made->text);
	while (strlen(made->text) > most);
	made->bits = down(bits);
	return true;
}

bool password_generate(const struct password_recipe *recipe, struct password_made *made, struct error *error)
{
	*made = (struct password_made){ 0 };
	return recipe->words ? generate_words(recipe, made, error) : generate_characters(recipe, made, error);
}
