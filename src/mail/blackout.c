/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/blackout.h"

#include <ctype.h>
#include <strings.h>

#include "mail/address.h"

enum { WORD_LEAST = 3, WIDE_WORD_LEAST = 6 /* bytes: two characters beyond ASCII */ };

void blackout_init(struct blackout *blackout, struct arena *arena, const struct text *open, size_t open_count)
{
	*blackout = (struct blackout){ .arena = arena, .open = open, .open_count = open_count };
}

/* ---- who got it */

static bool is_one_of(struct text word, const char *const *words)
{
	for (; *words; words++)
		if (text_same_word(word, *words))
			return true;
	return false;
}

/* what stands for no person */
static bool is_role(struct text word)
{
	static const char *const roles[] = { "info", "admin", "administrator", "support", "contact", "sales", "office", "shop", "mail", "webmaster", "postmaster",
					     "test", "user", "account", "accounts", "customer", "service", "help", "web", "com", "net", "org", "www", "undisclosed",
					     "recipients", "undisclosed-recipients", "the", "and", "noreply", "no-reply", "security", "abuse", "www", "your", "you", "all",
					     "members", "member", NULL };

	return is_one_of(word, roles);
}

/* where everybody may have a mailbox */
static bool is_everybodys(struct text domain)
{
	static const char *const domains[] = { "gmail.com", "yahoo.co.jp", "yahoo.com", "outlook.com", "outlook.jp", "hotmail.com", "hotmail.co.jp", "live.jp",
					       "icloud.com", "me.com", "docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp", "nifty.com",
					       "ocn.ne.jp", "biglobe.ne.jp", "aol.com", "gmx.net", "gmx.de", "web.de", "proton.me", NULL };

	return is_one_of(domain, domains);
}

static bool is_open(const struct blackout *blackout, struct text domain)
{
	for (size_t i = 0; i < blackout->open_count; i++) {
		struct text open = blackout->open[i];

		if (domain.n >= open.n && strncasecmp(domain.p + domain.n - open.n, open.p, open.n) == 0 &&
		    (domain.n == open.n || domain.p[domain.n - open.n - 1] == '.'))
			return true;
	}
	return is_everybodys(domain);
}

static bool is_letter(char c) { return isalnum((unsigned char)c) || (unsigned char)c >= 0x80; }

static bool is_wide(struct text word)
{
	for (size_t i = 0; i < word.n; i++)
		if ((unsigned char)word.p[i] >= 0x80)
			return true;
	return false;
}

static void add_word(struct blackout *blackout, struct text word)
{
	while (word.n && !is_letter(*word.p))
		word = text_after(word, 1);
	while (word.n && !is_letter(word.p[word.n - 1]))
		word.n--;
	if (word.n < (is_wide(word) ? WIDE_WORD_LEAST : WORD_LEAST) || word.n > ADDRESS_MAX || is_role(word) ||
	    blackout->count == BLACKOUT_WORDS_MAX)
		return;
	for (size_t i = 0; i < blackout->count; i++)
		if (blackout->words[i].n == word.n && strncasecmp(blackout->words[i].p, word.p, word.n) == 0)
			return;
	blackout->words[blackout->count++] = (struct text){ arena_text(blackout->arena, word), word.n };
}

static void add_pieces(struct blackout *blackout, struct text text)
{
	size_t from = 0;

	add_word(blackout, text);
	for (size_t i = 0; i <= text.n; i++) {
		if (i < text.n && is_letter(text.p[i]))
			continue;
		add_word(blackout, text_between(text.p + from, text.p + i));
		from = i + 1;
	}
}

static void add_address(struct blackout *blackout, struct text address)
{
	const char *at = address.n ? memrchr(address.p, '@', address.n) : NULL;
	struct text domain;

	if (!at)
		return;
	domain = text_between(at + 1, address.p + address.n);
	add_pieces(blackout, text_between(address.p, at));
	if (is_open(blackout, domain))
		return;
	add_word(blackout, domain);
	add_word(blackout, text_head(domain, text_find(domain, '.'))); /* the company's name */
}

/* "Taro Yamada" <taro@example.jp>, Hanako <hanako@example.jp> */
static void add_people(struct blackout *blackout, struct text value)
{
	struct text rest = value, address;
	const char *from = value.p;

	while (address_next(blackout->arena, &rest, &address)) {
		struct text before = text_between(from, rest.p);
		const char *open = memrchr(before.p, '<', before.n);

		if (open)
			add_pieces(blackout, text_between(before.p, open));
		add_address(blackout, address);
		from = rest.p;
	}
}

void blackout_learn(struct blackout *blackout, const struct fields *fields)
{
	static const char *const names[] = { "To", "Cc", "Bcc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-RCPT-TO",
					     "Apparently-To", "Resent-To", "X-Forwarded-To", NULL };
	struct text address;

	for (size_t i = 0; i < fields->count; i++) {
		const struct field *field = &fields->field[i];
		const char *whom = text_same_word(field->name, "Received") ? text_seek(field->value, " for <") : NULL;

		if (is_one_of(field->name, names))
			add_people(blackout, field->value);
		else if (whom && address_in(blackout->arena, text_between(whom + 5, field->value.p + field->value.n), &address))
			add_address(blackout, address);
	}
}

/* ---- what is blacked out: a mark for each byte */

struct marks {
	struct text text;
	bool *black;
};

static void mark(struct marks *marks, size_t from, size_t to)
{
	for (size_t i = from; i < to && i < marks->text.n; i++)
		marks->black[i] = true;
}

/* a word of ASCII stands by itself, so that "ann" is not found in "Bannisters"; other scripts have no blanks */
static bool stands_alone(struct text text, size_t from, size_t to)
{
	if (is_wide(text_between(text.p + from, text.p + to)))
		return true;
	return !(from > 0 && isalnum((unsigned char)text.p[from - 1])) && !(to < text.n && isalnum((unsigned char)text.p[to]));
}

static void mark_words(const struct blackout *blackout, struct marks *marks)
{
	for (size_t i = 0; i < blackout->count; i++) {
		struct text word = blackout->words[i];

		for (size_t at = 0; at + word.n <= marks->text.n; at++)
			if (strncasecmp(marks->text.p + at, word.p, word.n) == 0 && stands_alone(marks->text, at, at + word.n))
				mark(marks, at, at + word.n);
	}
}

static bool is_of_address(char c) { return is_letter(c) || (c && strchr(".!#$%&'*+/=?^_`{|}~-[]", c)); }

static void mark_addresses(struct marks *marks)
{
	struct text text = marks->text;

	for (size_t at = 0; at < text.n; at++) {
		size_t from = at, to = at + 1;

		if (text.p[at] != '@')
			continue;
		while (from > 0 && is_of_address(text.p[from - 1]) && (unsigned char)text.p[from - 1] < 0x80)
			from--;
		while (to < text.n && is_of_address(text.p[to]) && (unsigned char)text.p[to] < 0x80)
			to++;
		if (from < at && to > at + 1)
			mark(marks, from, to);
	}
}

static void mark_numbers(struct marks *marks)
{
	struct text text = marks->text;

	for (size_t at = 0; at < text.n;) {
		size_t end = at, digits = 0;

		while (end < text.n && (isdigit((unsigned char)text.p[end]) || (digits && text.p[end] == '-')))
			digits += text.p[end++] != '-';
		if (digits >= BLACKOUT_DIGITS)
			mark(marks, at, end);
		at = end > at ? end : at + 1;
	}
}

/* hex, base32, UUIDs: more than chance puts into a word */
static bool is_token(struct text word)
{
	size_t digits = 0;

	for (size_t i = 0; i < word.n; i++)
		digits += isdigit((unsigned char)word.p[i]) != 0;
	return !text_starts(word, TEXT("xn--")) && ((word.n >= 12 && digits >= 3) || (word.n >= 20 && digits >= 1) || digits >= BLACKOUT_DIGITS);
}

static void mark_tokens(struct marks *marks)
{
	struct text text = marks->text;

	for (size_t at = 0; at < text.n;) {
		size_t end = at;

		while (end < text.n && (isalnum((unsigned char)text.p[end]) || text.p[end] == '-'))
			end++;
		if (is_token(text_between(text.p + at, text.p + end)))
			mark(marks, at, end);
		at = end > at ? end : at + 1;
	}
}

/* ---- whoever is addressed by name */

static bool ends_in_any(struct text text, const char *const *endings)
{
	for (; *endings; endings++)
		if (text_ends(text, text_of(*endings)))
			return true;
	return false;
}

static bool starts_with_any(struct text text, const char *const *heads)
{
	for (; *heads; heads++)
		if (text_starts(text, text_of(*heads)))
			return true;
	return false;
}

/* at which of the marks of Japanese a name cannot go on */
static bool ends_name(struct text character)
{
	static const char *const marks[] = { "　", "、", "。", "・", "【", "】", "「", "」", "『", "』", "（", "）", "■", "□", "：", "！", "？", "《", "》", "／",
					     "は", "の", "を", "に", "へ", "が", "★", "●", "〔", "〕", "［", "］", "◆", "▼", "※", "～", NULL };

	return starts_with_any(character, marks) || !is_letter(character.p[0]);
}

/* where a name begins that ends at `end`; a blank may stand within and before the 様 */
static size_t name_begins(struct text text, size_t end)
{
	size_t from = end, blanks = 0;

	while (from > 0) {
		size_t before = from - 1;

		while (before > 0 && ((unsigned char)text.p[before] & 0xc0) == 0x80)
			before--;
		if (text.p[before] == ' ' && blanks < 2)
			blanks++;
		else if (ends_name(text_after(text, before)))
			break;
		from = before;
	}
	while (from < end && text.p[from] == ' ')
		from++;
	return from;
}

static void mark_honoured(struct marks *marks)
{
	/* before and behind, where it is another word */
	static const char *const nobody[] = { "お客", "会員", "皆", "みな", "ユーザー", "利用者", "契約者", "担当者", "各位", "加入者", "お取引先", "利用の", "オーナー", "管理者", "顧客",
					      "仕", "模", "同", "多", "一", "異", "有", "左", "今", NULL };
	static const char *const other[] = { "々", "子", "式", "相", "態", "変", NULL };
	static const struct text honours[] = { { "様", 3 }, { "さま", 6 }, { "殿", 3 }, { "御中", 6 } };
	struct text text = marks->text;

	for (size_t i = 0; i < sizeof honours / sizeof *honours; i++)
		for (size_t at = 0; at + honours[i].n <= text.n; at++) {
			size_t end = at;

			if (!text_starts(text_after(text, at), honours[i]) || starts_with_any(text_after(text, at + honours[i].n), other))
				continue;
			while (end > 0 && text.p[end - 1] == ' ')
				end--;
			if (!ends_in_any(text_head(text, end), nobody))
				mark(marks, name_begins(text, end), end);
		}
}

/* "Dear Taro Yamada," */
static void mark_greeted(struct marks *marks)
{
	static const char *const greetings[] = { "dear ", "hello ", "hi ", NULL };
	static const char *const nobody[] = { "customer", "customers", "user", "users", "member", "members", "client", "sir", "madam", "valued", "account",
					      "email", "e-mail", "mail", "all", "friend", "owner", "our", "webmail", "team", "there", NULL };
	struct text text = marks->text;

	for (const char *const *greeting = greetings; *greeting; greeting++) {
		size_t n = strlen(*greeting);

		for (size_t at = 0; at + n < text.n; at++) {
			struct text name = text_after(text, at + n);
			size_t end = 0, word = 0;

			if (strncasecmp(text.p + at, *greeting, n) != 0 || (at > 0 && is_letter(text.p[at - 1])))
				continue;
			while (word < name.n && (is_letter(name.p[word]) || name.p[word] == '-'))
				word++;
			while (end < name.n && (is_letter(name.p[end]) || strchr(" .'-", name.p[end])))
				end++;
			if (!is_one_of(text_head(name, word), nobody))
				mark(marks, at + n, at + n + end);
		}
	}
}

/* ---- written */

static struct text write_out(const struct blackout *blackout, const struct marks *marks)
{
	struct text text = marks->text;
	char *to = arena_take(blackout->arena, text.n + (text.n / 2 + 1) * strlen(BLACKOUT_BAR) + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (!marks->black[i]) {
			to[n++] = text.p[i];
		} else if (i == 0 || !marks->black[i - 1]) {
			memcpy(to + n, BLACKOUT_BAR, strlen(BLACKOUT_BAR));
			n += strlen(BLACKOUT_BAR);
		}
	}
	to[n] = '\0';
	return (struct text){ to, n };
}

static struct marks begin(const struct blackout *blackout, struct text text)
{
	struct marks marks = { text_head(text, text.n < BLACKOUT_TEXT_MAX ? text.n : BLACKOUT_TEXT_MAX), NULL };

	while (marks.text.n < text.n && marks.text.n && ((unsigned char)text.p[marks.text.n] & 0xc0) == 0x80) /* not within a character */
		marks.text.n--;
	marks.black = arena_take(blackout->arena, marks.text.n + 1);
	memset(marks.black, 0, marks.text.n + 1);
	return marks;
}

struct text blackout_text(const struct blackout *blackout, struct text text)
{
	struct marks marks = begin(blackout, text);

	mark_words(blackout, &marks);
	mark_addresses(&marks);
	mark_numbers(&marks);
	mark_tokens(&marks);
	mark_honoured(&marks);
	mark_greeted(&marks);
	return write_out(blackout, &marks);
}

struct text blackout_address(const struct blackout *blackout, struct text address)
{
	struct marks marks = begin(blackout, address);

	mark_words(blackout, &marks);
	return write_out(blackout, &marks);
}

struct text blackout_host(const struct blackout *blackout, struct text host, struct text site)
{
	struct marks marks = begin(blackout, host);
	size_t end = host.n > site.n && text_ends(host, site) ? host.n - site.n : 0, from = 0;

	mark_words(blackout, &marks);
	for (size_t i = 0; i < end; i++) {
		if (host.p[i] != '.')
			continue;
		if (is_token(text_between(host.p + from, host.p + i)))
			mark(&marks, from, i);
		from = i + 1;
	}
	return write_out(blackout, &marks);
}
