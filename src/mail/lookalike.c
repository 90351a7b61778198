/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/lookalike.h"

#include <ctype.h>

#include "mail/rules.h"
#include "mail/url.h"

enum { TOKENS_MAX = 24, NEAR_LEAST = 6, INSIDE_LEAST = 6 };

/* ---- what looks the same */

struct text lookalike_fold(struct arena *arena, struct text text)
{
	static const char digits[] = "olzeasgtbg"; /* 0 to 9 */
	char *to = arena_take(arena, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = (char)tolower((unsigned char)text.p[i]), next = i + 1 < text.n ? (char)tolower((unsigned char)text.p[i + 1]) : '\0';

		if ((c == 'r' && next == 'n') || (c == 'v' && next == 'v')) {
			to[n++] = c == 'r' ? 'm' : 'w';
			i++;
		} else {
			to[n++] = isdigit((unsigned char)c) ? digits[c - '0'] : c == 'i' ? 'l' : c;
		}
	}
	return (struct text){ to, n };
}

uint32_t lookalike_letters(struct text text)
{
	uint32_t letters = 0;

	for (size_t i = 0; i < text.n; i++)
		letters |= 1u << ((unsigned char)text.p[i] & 31);
	return letters;
}

/* UTS 39's skeleton, of which the ASCII part is folded as ours is */
static struct text skeleton(const struct phishing_rules *rules, struct arena *arena, struct text text)
{
	UErrorCode status = U_ZERO_ERROR;
	char *to = arena_take(arena, text.n * 4 + 16);
	int32_t n = uspoof_getSkeletonUTF8(rules->spoof, 0, text.p, (int32_t)text.n, to, (int32_t)(text.n * 4 + 15), &status);

	return U_FAILURE(status) ? text : lookalike_fold(arena, (struct text){ to, (size_t)n });
}

static bool mixed_scripts(const struct phishing_rules *rules, struct text label)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t faults = uspoof_check2UTF8(rules->spoof, label.p, (int32_t)label.n, NULL, &status);

	return U_SUCCESS(status) && (faults & USPOOF_RESTRICTION_LEVEL);
}

bool lookalike_word(const struct phishing_rules *rules, struct arena *arena, struct text word, struct text *looks)
{
	if (!text_beyond_ascii(word) || !mixed_scripts(rules, word))
		return false;
	*looks = skeleton(rules, arena, word);
	return !text_beyond_ascii(*looks);
}

/* one letter more, less or other, or two changed places */
static bool one_off(struct text a, struct text b)
{
	size_t head = 0, tail = 0, least = a.n < b.n ? a.n : b.n, most = a.n < b.n ? b.n : a.n;

	if (most - least > 1)
		return false;
	while (head < least && a.p[head] == b.p[head])
		head++;
	while (tail < least - head && a.p[a.n - 1 - tail] == b.p[b.n - 1 - tail])
		tail++;
	if (head + tail + 1 >= most)
		return true;
	return a.n == b.n && head + tail + 2 == a.n && a.p[head] == b.p[head + 1] && a.p[head + 1] == b.p[head];
}

/* words of their own that are one letter off some label */
static bool is_ordinary_word(struct text text)
{
	static const char *const words[] = { "finance", "lollipop", "trevor", "monaco", "goggle", "paypal", "paypay", "outlooks", "persona", "reson" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_same_word(text, words[i]))
			return true;
	return false;
}

/* ---- one token of a host */

struct token {
	struct text text;
	bool registered; /* stands in what somebody registered, not below it */
	bool alone;      /* is that whole label */
};

/* what phishing puts beside a name: words of logging in, which nobody else has in a host, and others that shops have, too */
enum beside { BESIDE_NOTHING, BESIDE_ORDINARY, BESIDE_LOGIN };

static enum beside beside(struct text text)
{
	static const char *const words[] = { "login",   "signin", "logon",    "secure", "security", "account", "accounts", "verify", "verification", "support", "update",
					     "confirm", "auth",   "billing",  "alert",  "alerts",   "unlock",  "refund",   "webmail", "customer",    "redelivery", NULL,
					     "payment", "pay",    "service",  "help",   "card",     "bank",    "member",   "members", "my",          "id",     "web",
					     "online",  "mail",   "info",     "center", "co",       "jp",      "ne",       "com",    "net",          "vpsonc", "vps",
					     "server",  "panel",  "tracking", "track",  "delivery", "parcel",  "post" };
	enum beside found = BESIDE_LOGIN;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!words[i])
			found = BESIDE_ORDINARY;
		else if (text_same_word(text, words[i]))
			return found;
	return BESIDE_NOTHING;
}

static void better(struct lookalike *lookalike, enum lookalike_kind kind, float bits, const struct label *label)
{
	if (bits > lookalike->bits) {
		lookalike->kind = kind;
		lookalike->bits = bits;
		lookalike->brand = label->brand;
		lookalike->label = label->text;
	}
}

/* a label of a brand that stands there letter by letter */
static void judge_exact(const struct phishing_rules *rules, const struct token *token, enum beside with, const struct label *label,
			bool risky, struct lookalike *lookalike)
{
	float more = (with ? 2.0f : 0) + (risky ? 1.0f : 0) + (label->brand == BRAND_OFFICIAL ? 1.0f : 0);

	if (label->common && with != BESIDE_LOGIN)
		return;
	if (token->alone && !rules->everywhere[label->brand] && !label->common)
		better(lookalike, LOOKALIKE_ENDING, 3.5f + more, label);
	else if (token->alone)
		better(lookalike, LOOKALIKE_ENDING, label->common ? 0 : risky ? 4.5f : 2, label);
	else if (token->registered)
		better(lookalike, LOOKALIKE_PART, (label->common ? 2.0f : 5.0f) + more, label);
	else
		better(lookalike, LOOKALIKE_BELOW, (label->common ? 1.5f : 3.5f) + more, label);
}

static bool is_near(const struct token *token, const struct label *label)
{
	if (!token->registered || label->text.n < NEAR_LEAST || (label->common && label->brand != BRAND_OFFICIAL))
		return false;
	return (label->text.n > NEAR_LEAST || token->text.n == label->text.n) && one_off(token->text, label->text) && !is_ordinary_word(token->text);
}

static void judge_token(const struct phishing_rules *rules, struct arena *arena, const struct token *token, enum beside with,
			bool risky, struct lookalike *lookalike)
{
	bool foreign = text_beyond_ascii(token->text), exact = false;
	struct text folded = foreign ? skeleton(rules, arena, token->text) : lookalike_fold(arena, token->text);
	uint32_t letters = lookalike_letters(token->text);

	for (size_t i = 0; i < rules->label_count; i++) {
		const struct label *label = &rules->labels[i];

		if (label->folded.n > folded.n + 1)
			continue;
		if (!foreign && text_is(token->text, label->text)) {
			judge_exact(rules, token, with, label, risky, lookalike);
			exact = true;
		} else if (text_is(folded, label->folded) && (foreign || label->text.n >= 5)) {
			better(lookalike, LOOKALIKE_CONFUSABLE, foreign ? 11 : 9, label);
		} else if (foreign && label->text.n >= INSIDE_LEAST && !label->common && text_holds(folded, label->folded)) {
			better(lookalike, LOOKALIKE_CONFUSABLE, 9, label);
		} else if (!foreign && label->text.n >= INSIDE_LEAST && !label->common && !(label->letters & ~letters) &&
			   text_holds(token->text, label->text)) {
			better(lookalike, LOOKALIKE_PART, (token->registered ? 4.0f : 2.5f) + (with || risky ? 2.0f : 0), label);
		} else if (!foreign && !exact && is_near(token, label)) {
			better(lookalike, LOOKALIKE_NEAR, token->alone ? 6.5f : 6, label);
		}
	}
}

/* ---- the host */

/* an official or well-known domain, dots and all, in front of another's: xserver.ne.jp.evil.example, also with hyphens for dots */
static void judge_whole(const struct phishing_rules *rules, struct text front, struct lookalike *lookalike)
{
	for (struct text name = front; name.n;) {
		size_t dot = text_find(name, '.');

		for (struct text head = name; head.n;) {
			const char *last = memrchr(head.p, '.', head.n);
			const struct domain *domain = last ? rules_domain(rules, head) : NULL;

			if (domain && domain->role == DOMAIN_OWN && text_is(domain->name, head)) {
				struct label label = { .text = domain->name, .brand = domain->brand };

				better(lookalike, LOOKALIKE_WHOLE, 10, &label);
				return;
			}
			head.n = last ? (size_t)(last - head.p) : 0;
		}
		name = text_after(name, dot < name.n ? dot + 1 : dot);
	}
}

static size_t split(struct text shown, struct text site, struct token token[TOKENS_MAX])
{
	const char *end = shown.p + shown.n, *registered = site.n <= shown.n ? end - site.n : shown.p;
	const char *suffix = memchr(registered, '.', (size_t)(end - registered));
	size_t count = 0;

	for (const char *p = shown.p; p < (suffix ? suffix : end) && count < TOKENS_MAX;) {
		const char *stop = p;

		while (stop < (suffix ? suffix : end) && *stop != '.' && *stop != '-' && *stop != '_')
			stop++;
		if (stop > p)
			token[count++] = (struct token){ text_between(p, stop), p >= registered, p == registered && stop == suffix };
		p = stop + 1;
	}
	return count;
}

static bool stands_in(struct text host, struct text label)
{
	const char *at = memmem(host.p, host.n, label.p, label.n), *end = at ? at + label.n : NULL;

	return at && (at == host.p || !isalnum((unsigned char)at[-1])) && (end == host.p + host.n || !isalnum((unsigned char)*end));
}

/* labels with a hyphen of their own, "eki-net" */
static void judge_hyphened(const struct phishing_rules *rules, struct text shown, bool risky, struct lookalike *lookalike)
{
	for (size_t i = 0; i < rules->label_count; i++) {
		const struct label *label = &rules->labels[i];

		if (memchr(label->text.p, '-', label->text.n) && stands_in(shown, label->text))
			better(lookalike, LOOKALIKE_PART, risky ? 6 : 5, label);
	}
}

void lookalike_judge(const struct phishing_rules *rules, struct arena *arena, struct text host, struct text site, struct lookalike *lookalike)
{
	struct text shown = url_host_shown(arena, host), shown_site = url_host_shown(arena, site);
	struct token token[TOKENS_MAX];
	size_t count = split(shown, shown_site, token);
	bool risky = rules_risky_ending(rules, host);
	enum beside with = BESIDE_NOTHING;

	*lookalike = (struct lookalike){ .brand = BRAND_NONE, .label = TEXT_NONE };
	if (url_host_is_address(host))
		return;
	for (size_t i = 0; i < count; i++) {
		enum beside word = beside(token[i].text);

		with = word > with ? word : with;
	}
	for (size_t i = 0; i < count; i++) {
		judge_token(rules, arena, &token[i], with, risky, lookalike);
		lookalike->mixed |= text_beyond_ascii(token[i].text) && mixed_scripts(rules, token[i].text);
	}
	if (memchr(host.p, '-', host.n))
		judge_hyphened(rules, shown, risky, lookalike);
	if (site.n < host.n)
		judge_whole(rules, text_head(host, host.n - site.n - 1), lookalike);
}
