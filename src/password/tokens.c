/* SPDX-License-Identifier: Apache-2.0 */
#include "password/tokens.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static char small(char c) { return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

static bool is_alike(struct text a, struct text b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (small(a.p[i]) != small(b.p[i]))
			return false;
	return true;
}

bool token_is_common(const struct token *token)
{
	static const struct text common[] = {
		{ "inc", 3 },  { "ltd", 3 },	  { "llc", 3 },	     { "gmbh", 4 },    { "corp", 4 },  { "company", 7 }, { "corporation", 11 }, { "limited", 7 },
		{ "group", 5 }, { "holdings", 8 }, { "com", 3 },      { "net", 3 },     { "org", 3 },   { "info", 4 },	  { "mail", 4 },	 { "webmail", 7 },
		{ "smtp", 4 }, { "imap", 4 },	  { "pop3", 4 },     { "server", 6 },  { "email", 5 },
	};

	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		if (is_alike(token->text, common[i]))
			return true;
	return token->common;
}

/* TOKEN_CHARACTERS: neither letter nor digit */
static size_t character_of(char c)
{
	if (is_letter(c))
		return (size_t)(small(c) - 'a');
	return is_digit(c) ? (size_t)(c - '0' + 'z' - 'a' + 1) : TOKEN_CHARACTERS;
}

uint64_t tokens_at(const struct tokens *tokens, char c, struct letter letter)
{
	size_t character = character_of(c);
	uint64_t some = character < TOKEN_CHARACTERS ? tokens->ends[character] : 0;

	if (letter.one != LETTER_NONE)
		some |= tokens->ends[letter.one];
	if (letter.other != LETTER_NONE)
		some |= tokens->ends[letter.other];
	return some;
}

static void add(struct tokens *tokens, struct text text, struct token kind)
{
	if (text.n < TOKEN_LEAST || text.n > TOKEN_MOST || tokens->count == TOKENS_MAX)
		return;
	for (size_t i = 0; i < tokens->count; i++)
		if (is_alike(tokens->items[i].text, text))
			return;
	kind.text = text;
	tokens->ends[character_of(text.p[0])] |= UINT64_C(1) << tokens->count;
	tokens->ends[character_of(text.p[text.n - 1])] |= UINT64_C(1) << tokens->count;
	tokens->items[tokens->count++] = kind;
}

/* the letters of taro85, and its digits */
static void add_parts(struct tokens *tokens, struct text word, struct token kind)
{
	size_t from = 0;

	for (size_t i = 1; i < word.n; i++)
		if (is_digit(word.p[i]) != is_digit(word.p[i - 1])) {
			add(tokens, (struct text){ word.p + from, i - from }, kind);
			from = i;
		}
	if (from)
		add(tokens, text_after(word, from), kind);
}

static void add_words(struct tokens *tokens, struct text text, struct token kind)
{
	for (size_t i = 0, n; i < text.n; i += n) {
		for (n = 0; i + n < text.n && (is_letter(text.p[i + n]) || is_digit(text.p[i + n]));)
			n++;
		if (n) {
			add(tokens, (struct text){ text.p + i, n }, kind);
			add_parts(tokens, (struct text){ text.p + i, n }, kind);
		}
		n += !n;
	}
}

void tokens_of_address(struct tokens *tokens, struct text address)
{
	struct text domain = address, local = TEXT_NONE, label;

	if (!text_cut(&domain, '@', &local)) {
		local = domain;
		domain = TEXT_NONE;
	}
	add_words(tokens, local, (struct token){ .of_name = false });
	while (text_cut(&domain, '.', &label))
		add_words(tokens, label, (struct token){ .of_name = false });
	add_words(tokens, domain, (struct token){ .common = local.n > 0 });
}

void tokens_of_names(struct tokens *tokens, const char *const *names)
{
	for (; names && *names; names++)
		add_words(tokens, text_of(*names), (struct token){ .of_name = true });
}

static bool is_same(char wanted, char c, struct letter letter, bool disguised)
{
	wanted = small(wanted);
	if (!is_letter(wanted))
		return wanted == c;
	/* only a letter stands for no other one */
	return letter.one == wanted - 'a' ? disguised || is_letter(c) : disguised && letter.other == wanted - 'a';
}

bool token_begins(const struct token *token, struct text text, const struct letter *letters, bool disguised)
{
	if (text.n < token->text.n)
		return false;
	for (size_t i = 0; i < token->text.n; i++)
		if (!is_same(token->text.p[i], text.p[i], letters[i], disguised))
			return false;
	return true;
}

bool token_begins_backwards(const struct token *token, struct text text, const struct letter *letters, bool disguised)
{
	size_t n = token->text.n;

	if (text.n < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!is_same(token->text.p[n - 1 - i], text.p[i], letters[i], disguised))
			return false;
	return true;
}
