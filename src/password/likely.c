/* SPDX-License-Identifier: Apache-2.0 */
/* The order stands in one table: each row takes some bases (the account's name, a list of words), spells them, and puts some of the tails
 * behind each. What two rows would give stands where the first has it. */
#include "password/likely.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "password/keyboards.h"
#include "password/likely_bases.h"
#include "password/likely_tails.h"
#include "password/most_used.h"
#include "password/words.h"
#include "password/words_japanese.h"

enum { SLOTS = 2 * LIKELY_MAX /* a power of two */, SHORT_BASE = 3, SHORT_WORD = 8, ALL = 10000 };

struct entry {
	uint32_t at;
	uint8_t n, fault;
};

struct likely {
	size_t count, used;
	struct entry entries[LIKELY_MAX];
	uint16_t slots[SLOTS]; /* 0: free; else the number of an entry and one */
	char bytes[LIKELY_MAX * (LIKELY_WORD_MAX + 1)];
};

/* ---- the table */

enum source { OF_LOCAL, OF_DOMAIN, OF_NAMES, LOCAL_AND_DOMAIN, MOST_USED, KEYBOARDS, GIVEN_NAMES, SURNAMES, WORDS, PLACES, ENGLISH };
enum spelling { PLAIN, CAPITAL, UPPER, ZERO, LEET, BACKWARDS, TWICE };

struct row {
	enum source source;
	unsigned from, to; /* which bases */
	enum spelling spelling;
	unsigned tail_from, tail_to;
};

static const struct row rows[] = {
	/* the first ten or so of an attack */
	{ OF_LOCAL, 0, 1, PLAIN, 0, 3 },
	{ MOST_USED, 0, 2, PLAIN, 0, 1 },
	{ OF_NAMES, 0, 1, PLAIN, 3, 4 },
	{ KEYBOARDS, 0, 2, PLAIN, 0, 1 },
	{ OF_DOMAIN, 0, 1, PLAIN, 0, 4 },
	{ MOST_USED, 0, 12, PLAIN, 0, 1 },
	/* the first hundred */
	{ OF_NAMES, 0, 3, PLAIN, 0, 4 },
	{ OF_LOCAL, 0, 1, PLAIN, 3, 10 },
	{ OF_LOCAL, 1, 5, PLAIN, 0, 4 },
	{ OF_LOCAL, 0, 1, CAPITAL, 0, 5 },
	{ OF_DOMAIN, 0, 1, CAPITAL, 0, 4 },
	{ OF_NAMES, 0, 3, CAPITAL, 0, 4 },
	{ OF_LOCAL, 0, 1, BACKWARDS, 0, 2 },
	{ OF_LOCAL, 0, 1, TWICE, 0, 1 },
	{ OF_LOCAL, 0, 1, ZERO, 0, 3 },
	{ MOST_USED, 12, 36, PLAIN, 0, 1 },
	{ KEYBOARDS, 2, 12, PLAIN, 0, 1 },
	{ OF_DOMAIN, 0, 3, PLAIN, 0, 10 },
	{ OF_NAMES, 0, 3, PLAIN, 4, 10 },
	/* the first five hundred */
	{ OF_LOCAL, 0, 1, PLAIN, 10, 36 },
	{ LOCAL_AND_DOMAIN, 0, 4, PLAIN, 0, 1 },
	{ OF_DOMAIN, 0, 2, ZERO, 0, 4 },
	{ OF_DOMAIN, 0, 2, BACKWARDS, 0, 3 },
	{ OF_NAMES, 0, 3, ZERO, 0, 4 },
	{ OF_NAMES, 0, 3, BACKWARDS, 0, 3 },
	{ MOST_USED, 36, 120, PLAIN, 0, 1 },
	{ KEYBOARDS, 12, 60, PLAIN, 0, 1 },
	{ OF_LOCAL, 1, 5, PLAIN, 4, 16 },
	{ OF_LOCAL, 1, 5, CAPITAL, 0, 5 },
	{ OF_LOCAL, 0, 1, LEET, 0, 3 },
	{ OF_DOMAIN, 0, 1, PLAIN, 10, 30 },
	{ OF_DOMAIN, 0, 2, CAPITAL, 4, 12 },
	{ OF_NAMES, 0, 3, CAPITAL, 4, 12 },
	{ OF_NAMES, 0, 2, PLAIN, 10, 30 },
	{ MOST_USED, 120, 300, PLAIN, 0, 1 },
	/* the rest */
	{ OF_LOCAL, 0, 1, PLAIN, 36, ALL },
	{ OF_LOCAL, 0, 1, CAPITAL, 5, 30 },
	{ OF_LOCAL, 0, 1, UPPER, 0, 10 },
	{ OF_LOCAL, 0, 5, BACKWARDS, 0, 10 },
	{ OF_LOCAL, 1, 5, ZERO, 0, 8 },
	{ OF_LOCAL, 1, 5, TWICE, 0, 1 },
	{ LOCAL_AND_DOMAIN, 0, 8, PLAIN, 0, 5 },
	{ OF_DOMAIN, 1, 5, PLAIN, 0, 30 },
	{ OF_DOMAIN, 0, 2, UPPER, 0, 8 },
	{ OF_DOMAIN, 0, 2, LEET, 0, 6 },
	{ OF_DOMAIN, 0, 2, TWICE, 0, 1 },
	{ OF_NAMES, 0, 6, PLAIN, 0, 30 },
	{ OF_NAMES, 0, 4, UPPER, 0, 8 },
	{ OF_NAMES, 0, 4, LEET, 0, 6 },
	{ OF_NAMES, 0, 4, TWICE, 0, 1 },
	{ KEYBOARDS, 60, ALL, PLAIN, 0, 1 },
	{ MOST_USED, 300, 600, PLAIN, 0, 1 },
	{ GIVEN_NAMES, 0, 100, PLAIN, 0, 3 },
	{ WORDS, 0, 100, PLAIN, 0, 3 },
	{ SURNAMES, 0, 60, PLAIN, 0, 3 },
	{ MOST_USED, 600, ALL, PLAIN, 0, 1 },
	{ OF_LOCAL, 1, 5, PLAIN, 16, 60 },
	{ OF_DOMAIN, 0, 2, PLAIN, 30, 70 },
	{ OF_NAMES, 0, 4, PLAIN, 30, 70 },
	{ MOST_USED, 0, 60, CAPITAL, 0, 1 },
	{ KEYBOARDS, 0, 20, CAPITAL, 0, 1 },
	{ PLACES, 0, 60, PLAIN, 0, 3 },
	{ GIVEN_NAMES, 0, 100, PLAIN, 3, 6 },
	{ WORDS, 0, 100, PLAIN, 3, 6 },
	{ GIVEN_NAMES, 100, 500, PLAIN, 0, 2 },
	{ ENGLISH, 0, 400, PLAIN, 1, 2 },
};

static const struct list {
	const char *const *words;
	const size_t *count;
} lists[] = {
	[MOST_USED] = { password_most_used, &password_most_used_count },
	[KEYBOARDS] = { keyboard_passwords, &keyboard_password_count },
	[GIVEN_NAMES] = { password_japanese_given_names, &password_japanese_given_name_count },
	[SURNAMES] = { password_japanese_surnames, &password_japanese_surname_count },
	[WORDS] = { password_japanese_words, &password_japanese_word_count },
	[PLACES] = { password_japanese_places, &password_japanese_place_count },
	[ENGLISH] = { password_words, &password_word_count },
};

struct making {
	struct likely *likely;
	struct bases bases[LOCAL_AND_DOMAIN + 1]; /* by source */
	unsigned year;
};

/* ---- by what a word would be refused */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool is_repeated(struct text word)
{
	for (size_t period = 1; period <= word.n / 2; period++)
		if (memcmp(word.p, word.p + period, word.n - period) == 0)
			return true;
	return false;
}

/* of one run or several, none shorter than three */
static bool is_run(struct text word)
{
	size_t at = 0, n = 1;

	while (at < word.n && (n = keyboard_run(word, at)) >= 3)
		at += n;
	return at >= word.n;
}

static enum password_fault fault_of_word(struct text word)
{
	size_t digits = 0, letters = 0;

	for (size_t i = 0; i < word.n; i++) {
		digits += is_digit(word.p[i]);
		letters += is_letter(word.p[i]);
	}
	if (digits && !letters)
		return PASSWORD_ONLY_DIGITS;
	if (is_repeated(word))
		return PASSWORD_REPEATS;
	if (is_run(word))
		return PASSWORD_ROW;
	return letters == word.n ? PASSWORD_WORD : PASSWORD_WORD_DIGITS;
}

static enum password_fault fault_of(enum source source, struct text word)
{
	switch (source) {
	case OF_LOCAL:
	case OF_DOMAIN:
	case LOCAL_AND_DOMAIN: return PASSWORD_OF_ADDRESS;
	case OF_NAMES: return PASSWORD_OF_NAMES;
	default: return fault_of_word(word);
	}
}

/* ---- one word */

/* false where it is there already */
static bool take_slot(struct likely *likely, struct text word)
{
	size_t slot = hash_text(HASH_FIXED, word) & (SLOTS - 1);

	for (; likely->slots[slot]; slot = (slot + 1) & (SLOTS - 1))
		if (text_is(likely_word(likely, likely->slots[slot] - 1u), word))
			return false;
	likely->slots[slot] = (uint16_t)(likely->count + 1);
	return true;
}

static void add(struct likely *likely, enum source source, struct text word)
{
	if (likely->count == LIKELY_MAX || word.n < LIKELY_LEAST || word.n > LIKELY_WORD_MAX || !take_slot(likely, word))
		return;
	likely->entries[likely->count++] =
		(struct entry){ .at = (uint32_t)likely->used, .n = (uint8_t)word.n, .fault = (uint8_t)fault_of(source, word) };
	memcpy(likely->bytes + likely->used, word.p, word.n);
	likely->used += word.n + 1; /* the last one is NUL already */
}

static char disguised(char c)
{
	static const char plain[] = "oaies", other[] = "0@13$";
	const char *at = c ? strchr(plain, c) : NULL;

	return at ? other[at - plain] : c;
}

static size_t spell(enum spelling spelling, const char *base, char to[LIKELY_WORD_MAX + 1])
{
	size_t n = strnlen(base, BASE_MAX);

	for (size_t i = 0; i < n; i++) {
		char c = base[spelling == BACKWARDS ? n - 1 - i : i];
		bool capital = (spelling == UPPER || (spelling == CAPITAL && i == 0)) && c >= 'a' && c <= 'z';

		to[i] = capital ? (char)(c - 'a' + 'A') : spelling == LEET ? disguised(c) : spelling == ZERO && c == 'o' ? '0' : c;
	}
	if (spelling != TWICE || 2 * n > LIKELY_WORD_MAX)
		return n;
	memcpy(to + n, to, n);
	return 2 * n;
}

static size_t write_tail(const struct likely_tail *tail, unsigned year, char *to, size_t room)
{
	size_t n = 0;

	for (const char *p = tail->pattern; *p && n < room; p++)
		if (*p == 'Y')
			n += (size_t)snprintf(to + n, room - n, "%04u", (year - tail->back) % 10000);
		else if (*p == 'y')
			n += (size_t)snprintf(to + n, room - n, "%02u", (year - tail->back) % 100);
		else
			to[n++] = *p;
	return n;
}

/* ---- one row */

/* what the policy takes to be long enough must hold more than two characters of the account */
static bool is_too_little(size_t base, size_t word) { return base < SHORT_BASE && word >= SHORT_WORD; }

static void add_with_tails(const struct making *making, const struct row *row, const char *base)
{
	char word[LIKELY_WORD_MAX + 16];
	size_t spelled = spell(row->spelling, base, word);

	for (size_t tail = row->tail_from; tail < row->tail_to && tail < likely_tail_count; tail++) {
		size_t n = spelled + write_tail(&likely_tails[tail], making->year, word + spelled, sizeof word - spelled);

		if (row->source > LOCAL_AND_DOMAIN || !is_too_little(strnlen(base, BASE_MAX), n))
			add(making->likely, row->source, (struct text){ word, n });
	}
	explicit_bzero(word, sizeof word);
}

static void add_row(const struct making *making, const struct row *row)
{
	const struct bases *bases = row->source <= LOCAL_AND_DOMAIN ? &making->bases[row->source] : NULL;
	size_t count = bases ? bases->count : *lists[row->source].count;

	for (size_t i = row->from; i < row->to && i < count && making->likely->count < LIKELY_MAX; i++)
		add_with_tails(making, row, bases ? bases->items[i] : lists[row->source].words[i]);
}

/* ---- all of it */

/* taroacme, acmetaro, taro-acme, taro.acme … */
static void join(struct bases *both, const struct bases *local, const struct bases *domain)
{
	static const char *const between[] = { "", "-", ".", "_", "@" };

	both->count = 0;
	for (size_t i = 0; i < sizeof between / sizeof *between; i++)
		for (unsigned swapped = 0; swapped < 2 && both->count < BASES_MAX; swapped++) {
			const char *first = swapped ? domain->items[0] : local->items[0], *second = swapped ? local->items[0] : domain->items[0];
			int n = snprintf(both->items[both->count], BASE_MAX + 1, "%s%s%s", first, between[i], second);

			both->count += local->count && domain->count && n <= BASE_MAX && strlen(local->items[0]) >= SHORT_BASE;
		}
}

struct likely *likely_new(struct text account, const char *const *names, unsigned year)
{
	struct making making = { .likely = memory_zero(1, sizeof *making.likely), .year = year };

	bases_of_local(&making.bases[OF_LOCAL], account);
	bases_of_domain(&making.bases[OF_DOMAIN], account);
	bases_of_names(&making.bases[OF_NAMES], names);
	join(&making.bases[LOCAL_AND_DOMAIN], &making.bases[OF_LOCAL], &making.bases[OF_DOMAIN]);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		add_row(&making, &rows[i]);
	return making.likely;
}

void likely_free(struct likely *likely)
{
	if (!likely)
		return;
	explicit_bzero(likely->bytes, likely->used);
	free(likely);
}

size_t likely_count(const struct likely *likely) { return likely->count; }

struct text likely_word(const struct likely *likely, size_t i)
{
	return (struct text){ likely->bytes + likely->entries[i].at, likely->entries[i].n };
}

enum password_fault likely_fault(const struct likely *likely, size_t i) { return likely->entries[i].fault; }

uint64_t likely_version(const char *const *names, unsigned year)
{
	struct likely *likely = likely_new(TEXT("sample.name@example.co.jp"), names, year);
	uint64_t version = hash_text(HASH_FIXED, (struct text){ likely->bytes, likely->used });

	likely_free(likely);
	return version;
}
