/* SPDX-License-Identifier: Apache-2.0 */
#include "password/likely_bases.h"

enum { PIECE_LEAST = 3, PIECES_MAX = 4 };

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_of_word(char c) { return is_letter(c) || is_digit(c); }
static char small(char c) { return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

static void add(struct bases *bases, struct text text)
{
	char *base = bases->items[bases->count < BASES_MAX ? bases->count : 0];

	if (bases->count == BASES_MAX || text.n < BASE_LEAST || text.n > BASE_MAX)
		return;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] <= ' ' || text.p[i] > '~')
			return;
	for (size_t i = 0; i < text.n; i++)
		base[i] = small(text.p[i]);
	base[text.n] = '\0';
	for (size_t i = 0; i < bases->count; i++)
		if (strcmp(bases->items[i], base) == 0)
			return;
	bases->count++;
}

/* ---- pieces */

struct pieces {
	struct text items[PIECES_MAX];
	size_t count;
};

/* what is between other characters than letters and digits */
static struct pieces pieces_of(struct text text)
{
	struct pieces pieces = { .count = 0 };

	for (size_t i = 0, n; i < text.n && pieces.count < PIECES_MAX; i += n + !n) {
		for (n = 0; i + n < text.n && is_of_word(text.p[i + n]);)
			n++;
		if (n)
			pieces.items[pieces.count++] = (struct text){ text.p + i, n };
	}
	return pieces;
}

static void add_joined(struct bases *bases, const struct pieces *pieces, bool backwards)
{
	char joined[PIECES_MAX * (BASE_MAX + 1)];
	size_t n = 0;

	for (size_t i = 0; i < pieces->count; i++) {
		struct text piece = pieces->items[backwards ? pieces->count - 1 - i : i];

		if (piece.n > BASE_MAX)
			return;
		memcpy(joined + n, piece.p, piece.n);
		n += piece.n;
	}
	add(bases, (struct text){ joined, n });
}

/* taro of taro85 */
static struct text letters_of(struct text piece)
{
	while (piece.n && is_digit(piece.p[piece.n - 1]))
		piece.n--;
	return piece;
}

static void add_letters(struct bases *bases, const struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++) {
		struct text letters = letters_of(pieces->items[i]);

		if (letters.n >= PIECE_LEAST)
			add(bases, letters);
	}
}

static void add_pieces(struct bases *bases, const struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++)
		if (pieces->items[i].n >= PIECE_LEAST)
			add(bases, pieces->items[i]);
}

/* ---- whose */

void bases_of_local(struct bases *bases, struct text account)
{
	struct text local = text_head(account, text_find(account, '@'));
	struct pieces pieces = pieces_of(local);

	bases->count = 0;
	add(bases, local);
	add_letters(bases, &pieces);
	add_joined(bases, &pieces, false);
	add_pieces(bases, &pieces);
	add_joined(bases, &pieces, true);
}

/* the second label of co.jp, com.au */
static bool is_of_registry(struct text label)
{
	static const char *const labels[] = { "co", "ne", "or", "ac", "go", "gr", "ed", "lg", "ad", "com", "net", "org", "edu", "gov", "gob" };

	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (text_is(label, text_of(labels[i])))
			return true;
	return false;
}

static bool take_last(struct text *labels, struct text *label)
{
	const char *dot = labels->n ? memrchr(labels->p, '.', labels->n) : NULL;

	*label = dot ? text_between(dot + 1, labels->p + labels->n) : *labels;
	labels->n = dot ? (size_t)(dot - labels->p) : 0;
	return label->n > 0;
}

/* acme of mail.acme.co.jp */
static struct text own_name(struct text domain)
{
	struct text label = TEXT_NONE, next = domain;

	if (!take_last(&next, &label) || !next.n)
		return label;
	do {
		take_last(&next, &label);
	} while (next.n && is_of_registry(label));
	return label;
}

void bases_of_domain(struct bases *bases, struct text account)
{
	struct text domain = text_after(account, text_find(account, '@')), own;
	struct pieces pieces;

	bases->count = 0;
	if (!domain.n)
		return;
	domain = text_after(domain, 1);
	own = own_name(domain);
	pieces = pieces_of(own);
	add(bases, own);
	add_joined(bases, &pieces, false);
	add_letters(bases, &pieces);
	add_pieces(bases, &pieces);
	if (own.n >= PIECE_LEAST)
		add(bases, domain);
}

void bases_of_names(struct bases *bases, const char *const *names)
{
	bases->count = 0;
	for (const char *const *name = names; name && *name; name++) {
		struct pieces pieces = pieces_of(text_of(*name));

		add_joined(bases, &pieces, false);
	}
	for (const char *const *name = names; name && *name; name++) {
		struct pieces pieces = pieces_of(text_of(*name));

		add_letters(bases, &pieces);
		add_pieces(bases, &pieces);
	}
}
