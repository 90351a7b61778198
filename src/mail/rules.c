/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/rules.h"

#include <unicode/uset.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "config/config.h"
#include "mail/brands.h"
#include "mail/lookalike.h"
#include "mail/lures.h"
#include "mail/url.h"

static uint64_t key_of(struct text name) { return hash_text(HASH_FIXED, name) | 1; }

/* "a|b|c" */
static bool next_word(struct text *rest, struct text *word)
{
	size_t at = text_find(*rest, '|');

	if (!rest->n)
		return false;
	*word = text_head(*rest, at);
	*rest = text_after(*rest, at < rest->n ? at + 1 : at);
	return true;
}

/* ---- building */

struct builder {
	struct phishing_rules *rules;
	struct catchword *phrase;
	size_t count, room;
};

static void add_phrase(struct builder *builder, struct text text, uint16_t kind, int value)
{
	text = catchwords_fold(&builder->rules->arena, text);
	if (!text.n)
		return;
	MEMORY_ROOM(builder->phrase, builder->count, builder->room);
	builder->phrase[builder->count++] = (struct catchword){ text, kind, (uint16_t)value };
}

static void add_phrases(struct builder *builder, const char *words, uint16_t kind, int value)
{
	struct text rest = text_of(words), word;

	while (next_word(&rest, &word))
		add_phrase(builder, word, kind, value);
}

/* of one domain with two roles the one that was named first counts in the table, and the others follow it in the array */
static void add_domain(struct phishing_rules *rules, struct text name, enum domain_role role, int brand)
{
	MEMORY_ROOM(rules->domains, rules->domain_count, rules->domain_room);
	rules->domains[rules->domain_count] = (struct domain){ name, role, brand };
	table_put(&rules->by_domain, key_of(name), (uint32_t)rules->domain_count++, NULL);
}

static void add_domains(struct phishing_rules *rules, const char *words, enum domain_role role, int brand)
{
	struct text rest = text_of(words), word;

	while (next_word(&rest, &word))
		add_domain(rules, word, role, brand);
}

static void add_label(struct phishing_rules *rules, struct text text, int brand, bool common)
{
	if (text.n < LABEL_LEAST)
		return;
	MEMORY_ROOM(rules->labels, rules->label_count, rules->label_room);
	rules->labels[rules->label_count++] = (struct label){ text, lookalike_fold(&rules->arena, text), lookalike_letters(text), brand, common };
}

static void add_labels(struct phishing_rules *rules, const char *words, int brand, bool common)
{
	struct text rest = text_of(words), word;

	while (next_word(&rest, &word))
		add_label(rules, word, brand, common);
}

static struct text label_of(struct text site) { return text_head(site, text_find(site, '.')); }

static bool is_plain_word(struct text text)
{
	static const char *const words[] = { "mail", "webmail", "example", "server", "host", "hosting", "internet", "online", "web", "net", "test", "info" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_same_word(text, words[i]))
			return true;
	return false;
}

static bool has_label(const struct phishing_rules *rules, struct text text)
{
	for (size_t i = 0; i < rules->label_count; i++)
		if (text_is(rules->labels[i].text, text))
			return true;
	return false;
}

static bool add_official(struct builder *builder, const struct phishing_settings *settings, struct error *error)
{
	struct phishing_rules *rules = builder->rules;
	struct text host, label;

	for (size_t i = 0; settings && i < settings->official_count; i++) {
		if (!url_host(&rules->arena, settings->official[i], &host))
			return error_set(error, _("'%.*s' is no domain"), TEXT_ARG(settings->official[i]));
		add_domain(rules, host, DOMAIN_OWN, BRAND_OFFICIAL);
		label = label_of(rules_site(rules, host));
		if (is_plain_word(label)) /* a domain below one that others have, too */
			label = label_of(host);
		if (!has_label(rules, label))
			add_label(rules, label, BRAND_OFFICIAL, label.n < 5 || is_plain_word(label));
		add_phrase(builder, host, PHRASE_BRAND, BRAND_OFFICIAL);
		if (label.n >= 6 && !is_plain_word(label))
			add_phrase(builder, label, PHRASE_BRAND, BRAND_OFFICIAL);
	}
	for (size_t i = 0; settings && i < settings->name_count; i++)
		add_phrase(builder, settings->names[i], PHRASE_BRAND, BRAND_OFFICIAL);
	rules->titles[BRAND_OFFICIAL] = "";
	if (settings && settings->name_count)
		rules->titles[BRAND_OFFICIAL] = arena_text(&rules->arena, settings->names[0]);
	else if (settings && settings->official_count)
		rules->titles[BRAND_OFFICIAL] = arena_text(&rules->arena, settings->official[0]);
	return true;
}

static void add_brand(struct builder *builder, const struct brand_row *row, int brand)
{
	struct phishing_rules *rules = builder->rules;

	rules->titles[brand] = row->title;
	rules->everywhere[brand] = row->everywhere;
	add_phrases(builder, row->names, PHRASE_BRAND, brand);
	add_domains(rules, row->domains, DOMAIN_OWN, brand);
	add_labels(rules, row->labels, brand, false);
	add_labels(rules, row->common, brand, true);
}

static void add_lures(struct builder *builder)
{
	for (size_t i = 0; i < lure_rows_count; i++)
		add_phrases(builder, lure_rows[i].phrases, PHRASE_LURE, (int)i);
	for (size_t i = 0; i < notice_phrases_count; i++)
		add_phrase(builder, text_of(notice_phrases[i]), PHRASE_NOTICE, (int)i);
	for (int role = ROLE_NONE + 1; role < ROLES; role++)
		add_phrases(builder, role_names[role], PHRASE_ROLE, role);
}

static USpoofChecker *open_spoof(void)
{
	UErrorCode status = U_ZERO_ERROR;
	USpoofChecker *spoof = uspoof_open(&status);

	uspoof_setChecks(spoof, USPOOF_RESTRICTION_LEVEL, &status);
	uspoof_setRestrictionLevel(spoof, USPOOF_HIGHLY_RESTRICTIVE);
	if (U_FAILURE(status)) {
		uspoof_close(spoof);
		return NULL;
	}
	return spoof;
}

static bool open_lists(struct phishing_rules *rules, struct error *error)
{
	rules->suffixes = psl_latest(NULL);
	if (!rules->suffixes)
		return error_set(error, _("the public suffix list cannot be loaded (Debian: publicsuffix)"));
	rules->spoof = open_spoof();
	return rules->spoof || error_set(error, _("ICU has no table of look-alike characters"));
}

static void add_all(struct builder *builder)
{
	struct phishing_rules *rules = builder->rules;
	struct text rest = text_of(risky_endings), word;

	/* before the brands that some of them belong to */
	add_domains(rules, free_domains, DOMAIN_FREE, BRAND_NONE);
	add_domains(rules, shortener_domains, DOMAIN_SHORTENER, BRAND_NONE);
	for (size_t i = 0; i < brand_rows_count; i++)
		add_brand(builder, &brand_rows[i], (int)i + 1);
	add_lures(builder);
	add_domains(rules, carrier_domains, DOMAIN_CARRIER, BRAND_NONE);
	add_domains(rules, ordinary_domains, DOMAIN_ORDINARY, BRAND_NONE);
	while (next_word(&rest, &word))
		table_put(&rules->risky, key_of(word), 1, NULL);
}

struct phishing_rules *phishing_rules_new(const struct phishing_settings *settings, struct error *error)
{
	struct phishing_rules *rules = memory_zero(1, sizeof *rules);
	struct builder builder = { rules, NULL, 0, 0 };

	rules->brands = (int)brand_rows_count + 1;
	rules->titles = memory_zero((size_t)rules->brands, sizeof *rules->titles);
	rules->everywhere = memory_zero((size_t)rules->brands, sizeof *rules->everywhere);
	if (!open_lists(rules, error) || !add_official(&builder, settings, error)) {
		free(builder.phrase);
		phishing_rules_free(rules);
		return NULL;
	}
	if (settings) {
		rules->authserv_id = (struct text){ arena_text(&rules->arena, settings->authserv_id), settings->authserv_id.n };
		rules->is_ours = settings->is_ours;
		rules->context = settings->context;
	}
	add_all(&builder);
	rules->phrases = catchwords_new(builder.phrase, builder.count);
	free(builder.phrase);
	return rules;
}

static struct text *views(const struct config_texts *texts)
{
	struct text *list = memory_zero(texts->count + 1, sizeof *list);

	for (size_t i = 0; i < texts->count; i++)
		list[i] = text_of(texts->items[i]);
	return list;
}

struct phishing_rules *phishing_rules_of(const struct config *config, struct error *error)
{
	struct text *official = views(&config->official_domains), *names = views(&config->official_names);
	struct phishing_settings settings = { .official = official, .official_count = config->official_domains.count, .names = names,
					      .name_count = config->official_names.count, .authserv_id = text_of(config->authserv_id) };
	char place[CONFIG_PLACE_MAX];
	struct error why;
	struct phishing_rules *rules = phishing_rules_new(&settings, &why);

	if (!rules)
		error_set(error, "%s: %s", config_place(config, "official_domains", place), why.text);
	free(official);
	free(names);
	return rules;
}

void phishing_rules_trust(struct phishing_rules *rules, bool (*is_ours)(void *context, struct message *message, int part), void *context)
{
	rules->is_ours = is_ours;
	rules->context = context;
}

void phishing_rules_free(struct phishing_rules *rules)
{
	if (!rules)
		return;
	catchwords_free(rules->phrases);
	uspoof_close(rules->spoof);
	psl_free(rules->suffixes);
	table_done(&rules->by_domain);
	table_done(&rules->risky);
	free(rules->titles);
	free(rules->everywhere);
	free(rules->labels);
	free(rules->domains);
	arena_done(&rules->arena);
	free(rules);
}

/* ---- asking */

static const struct domain *exactly(const struct phishing_rules *rules, struct text name)
{
	const uint32_t *at = table_find(&rules->by_domain, key_of(name));

	return at && text_is(rules->domains[*at].name, name) ? &rules->domains[*at] : NULL;
}

const struct domain *rules_domain(const struct phishing_rules *rules, struct text host)
{
	const struct domain *found = NULL, *one;

	for (struct text name = host; name.n;) {
		size_t dot = text_find(name, '.');

		one = exactly(rules, name);
		if (one && (one->role == DOMAIN_FREE || (one->role == DOMAIN_OWN && one->brand == BRAND_OFFICIAL)))
			return one; /* the nearest of these two decides */
		found = found ? found : one;
		name = text_after(name, dot < name.n ? dot + 1 : dot);
	}
	return found;
}

bool rules_owns(const struct phishing_rules *rules, int brand, struct text host)
{
	for (size_t i = 0; i < rules->domain_count; i++) {
		const struct domain *one = &rules->domains[i];

		if (one->role == DOMAIN_OWN && one->brand == brand && text_ends(host, one->name) &&
		    (host.n == one->name.n || host.p[host.n - one->name.n - 1] == '.'))
			return true;
	}
	return false;
}

struct text rules_site(const struct phishing_rules *rules, struct text host)
{
	char name[HOST_BYTES_MAX + 1];
	const char *site;

	if (url_host_is_address(host) || host.n > HOST_BYTES_MAX)
		return host;
	text_copy(name, sizeof name, host);
	site = psl_registrable_domain(rules->suffixes, name);
	return site ? text_after(host, (size_t)(site - name)) : host;
}

bool rules_risky_ending(const struct phishing_rules *rules, struct text host)
{
	const char *dot = host.n ? memrchr(host.p, '.', host.n) : NULL;

	return dot && table_find(&rules->risky, key_of(text_between(dot + 1, host.p + host.n)));
}
