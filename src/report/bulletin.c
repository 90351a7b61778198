/* SPDX-License-Identifier: Apache-2.0 */
#include "report/bulletin.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "mail/address.h"
#include "mail/blackout.h"
#include "mail/html_text.h"
#include "mail/phishing.h"
#include "mail/rules.h"
#include "mail/trail.h"
#include "mail/url.h"

enum { TEXT_BYTES_MAX = 300, OPEN_MAX = 64 };

#define LIKE_FROM 0.5            /* share of the text that two mails of one kind have */
#define SEEN_BEFORE_US (366 * DAY_US) /* a date of longer ago is not believed */

/* one mail, while it is looked at */
struct found {
	struct bulletin *bulletin;
	struct message *message;
	struct arena *arena;
	int part;
	const struct fields *fields;
	struct phishing phishing;
	struct blackout blackout;
	struct text name, address, subject;   /* as they are */
	struct likeness likeness;
};

void bulletin_init(struct bulletin *bulletin, const struct config *config, const struct phishing_rules *rules, int64_t day_us)
{
	*bulletin = (struct bulletin){ .config = config, .rules = rules, .day_us = day_us };
}

static void list_done(struct bulletin_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].text);
}

void bulletin_done(struct bulletin *bulletin)
{
	for (size_t i = 0; i < bulletin->count; i++) {
		struct bulletin_fake *fake = &bulletin->fakes[i];

		list_done(&fake->subjects);
		list_done(&fake->names);
		list_done(&fake->addresses);
		list_done(&fake->hosts);
		list_done(&fake->covers);
		list_done(&fake->signs);
	}
	free(bulletin->fakes);
	*bulletin = (struct bulletin){ 0 };
}

/* ---- lists */

/* no part of a character at its end, nor a link that a cut has mended */
static struct text cut(struct text text)
{
	size_t n = text.n < TEXT_BYTES_MAX ? text.n : TEXT_BYTES_MAX;

	while (n < text.n && n && ((unsigned char)text.p[n] & 0xc0) == 0x80)
		n--;
	return text_head(text, n);
}

static void list_add(struct bulletin_list *list, uint64_t key, struct text text, float weight)
{
	struct bulletin_item *item = list->items;

	text = cut(text_trim(text));
	if (!text.n)
		return;
	for (; item < list->items + list->count; item++)
		if (item->key == key) {
			item->count++;
			item->weight = weight > item->weight ? weight : item->weight;
			return;
		}
	if (list->count == BULLETIN_LISTED) {
		list->others++;
		return;
	}
	list->count++;
	*item = (struct bulletin_item){ memory_copy(text.p, text.n), key, 1, weight };
}

static uint64_t key_of(struct text text) { return hash_text(HASH_FIXED, text); }

static bool list_has(const struct bulletin_list *list, uint64_t key)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].key == key)
			return true;
	return false;
}

static int by_count(const void *one, const void *two)
{
	const struct bulletin_item *a = one, *b = two;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return (a->weight < b->weight) - (a->weight > b->weight);
}

static void list_sort(struct bulletin_list *list)
{
	if (list->count)
		qsort(list->items, list->count, sizeof *list->items, by_count);
}

static int by_mails(const void *one, const void *two)
{
	const struct bulletin_fake *a = one, *b = two;

	return (a->mails < b->mails) - (a->mails > b->mails);
}

void bulletin_sort(struct bulletin *bulletin)
{
	for (size_t i = 0; i < bulletin->count; i++) {
		struct bulletin_fake *fake = &bulletin->fakes[i];

		list_sort(&fake->subjects);
		list_sort(&fake->names);
		list_sort(&fake->addresses);
		list_sort(&fake->hosts);
		list_sort(&fake->covers);
		list_sort(&fake->signs);
	}
	if (bulletin->count)
		qsort(bulletin->fakes, bulletin->count, sizeof *bulletin->fakes, by_mails);
}

/* ---- the fake within a mail */

/* the mail itself, else the first within it: what a person forwards hangs on as a mail */
static bool find_fake(struct found *found, const struct inspection *inspection, bool any)
{
	found->phishing = inspection->phishing;
	if (inspection->phishing.bits >= PHISHING_BITS)
		return true;
	for (int i = 1; i < message_parts(found->message); i++) {
		if (message_part(found->message, i)->kind != PART_MESSAGE)
			continue;
		phishing_read(found->message, i, found->bulletin->rules, &found->phishing);
		found->part = i;
		if (found->phishing.bits >= PHISHING_BITS)
			return true;
	}
	found->part = 0;
	found->phishing = inspection->phishing;
	return any;
}

static struct text body_of(struct found *found)
{
	int end = message_part(found->message, found->part)->end, html = -1;

	for (int i = found->part; i < end; i++) {
		const struct part *part = message_part(found->message, i);

		if (part->kind != PART_LEAF || text_is(part->disposition, TEXT("attachment")))
			continue;
		if (text_is(part->type, TEXT("text/plain")))
			return message_text(found->message, i);
		if (html < 0 && text_is(part->type, TEXT("text/html")))
			html = i;
	}
	return html < 0 ? TEXT_NONE : html_text(found->arena, message_text(found->message, html));
}

/* what stands before the address, without quotes */
static struct text name_in(struct text from)
{
	const char *open = from.n ? memrchr(from.p, '<', from.n) : NULL;
	struct text name = text_trim(open ? text_between(from.p, open) : TEXT_NONE);

	if (name.n >= 2 && name.p[0] == '"' && name.p[name.n - 1] == '"')
		name = (struct text){ name.p + 1, name.n - 2 };
	return name;
}

static void read_sender(struct found *found)
{
	struct text from = fields_value(found->fields, "From");
	const char *open = from.n ? memrchr(from.p, '<', from.n) : NULL;

	found->name = name_in(from);
	if (!address_in(found->arena, open ? text_between(open, from.p + from.n) : from, &found->address))
		address_in(found->arena, from, &found->address);
	found->subject = fields_value(found->fields, "Subject");
}

/* everybody who got it, and whoever handed it on */
static void learn_people(struct found *found, struct text open[OPEN_MAX])
{
	const struct config_texts *domains = &found->bulletin->config->official_domains;
	size_t count = domains->count < OPEN_MAX ? domains->count : OPEN_MAX;

	for (size_t i = 0; i < count; i++)
		open[i] = text_of(domains->items[i]);
	blackout_init(&found->blackout, found->arena, open, count);
	blackout_learn(&found->blackout, found->fields);
	if (found->part > 0)
		blackout_learn(&found->blackout, &message_part(found->message, 0)->fields);
}

/* ---- what is the same */

static bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }

/* small letters, no digits, no blanks, no bars */
static uint64_t subject_key(struct arena *arena, struct text shown)
{
	char *to = arena_take(arena, shown.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < shown.n;) {
		if (text_starts(text_after(shown, i), TEXT(BLACKOUT_BAR))) {
			i += strlen(BLACKOUT_BAR);
			continue;
		}
		if (!is_ascii_digit(shown.p[i]) && (unsigned char)shown.p[i] > ' ')
			to[n++] = (char)(shown.p[i] >= 'A' && shown.p[i] <= 'Z' ? shown.p[i] | 0x20 : shown.p[i]);
		i++;
	}
	return n ? key_of((struct text){ to, n }) : 0;
}

struct site {
	struct text host, site;
	bool honest; /* somebody well-known is at home there */
};

/* of "hxxps://user@a[.]example:8080/path" */
static bool site_of(struct found *found, struct text url, struct site *site)
{
	char *to = arena_take(found->arena, url.n + 1);
	struct text authority, host;
	const struct domain *domain;
	size_t n = 0;

	if (!text_behind(url, TEXT("://"), &authority))
		return false;
	for (size_t i = 0; i < authority.n && !strchr("/\\?#", authority.p[i]); i++) {
		if (text_starts(text_after(authority, i), TEXT("[.]"))) {
			to[n++] = '.';
			i += 2;
		} else {
			to[n++] = authority.p[i];
		}
		if (to[n - 1] == '@')
			n = 0; /* that was a user */
	}
	for (size_t i = n; i > 0 && (is_ascii_digit(to[i - 1]) || to[i - 1] == ':'); i--)
		if (to[i - 1] == ':')
			n = i - 1;
	if (!url_host(found->arena, (struct text){ to, n }, &host))
		return false;
	domain = rules_domain(found->bulletin->rules, host);
	*site = (struct site){ host, rules_site(found->bulletin->rules, host),
			       domain && domain->role != DOMAIN_FREE && domain->role != DOMAIN_SHORTENER };
	return true;
}

static bool leads_to(struct found *found, const struct bulletin_fake *fake)
{
	struct site site;

	for (size_t i = 0; i < found->phishing.url_count; i++)
		if (site_of(found, found->phishing.urls[i], &site) && !site.honest && list_has(&fake->hosts, key_of(site.host)))
			return true;
	return false;
}

static bool is_of_kind(struct found *found, const struct bulletin_fake *fake, uint64_t subject, uint64_t name)
{
	if (subject && list_has(&fake->subjects, subject))
		return true;
	if (likeness_share(&found->likeness, &fake->likeness) >= LIKE_FROM)
		return true;
	return list_has(&fake->names, name) && leads_to(found, fake);
}

static struct bulletin_fake *kind_of(struct found *found, uint64_t subject, uint64_t name)
{
	struct bulletin *bulletin = found->bulletin;

	for (size_t i = 0; i < bulletin->count; i++)
		if (is_of_kind(found, &bulletin->fakes[i], subject, name))
			return &bulletin->fakes[i];
	if (bulletin->count == BULLETIN_FAKES_MAX)
		return NULL;
	MEMORY_ROOM(bulletin->fakes, bulletin->count, bulletin->room);
	bulletin->fakes[bulletin->count] = (struct bulletin_fake){ .likeness = found->likeness, .first_us = WHEN_NONE, .last_us = WHEN_NONE };
	return &bulletin->fakes[bulletin->count++];
}

/* ---- what is shown */

static struct text harmless(struct found *found, struct text text) { return defang(found->arena, blackout_text(&found->blackout, text)); }

static void put_sites(struct found *found, struct bulletin_fake *fake)
{
	struct text told[PHISHING_URLS_MAX];
	size_t count = 0, j;

	for (size_t i = 0; i < found->phishing.url_count; i++) {
		struct site site;
		struct text shown, look;

		if (!site_of(found, found->phishing.urls[i], &site))
			continue;
		for (j = 0; j < count && !text_is(told[j], site.host); j++)
			;
		if (j < count)
			continue;
		told[count++] = site.host;
		look = url_host_shown(found->arena, site.host);
		shown = defang(found->arena, blackout_host(&found->blackout, site.host, site.site));
		if (!text_is(look, site.host)) { /* as it looks, and as it is */
			char *both = arena_take(found->arena, look.n * 3 + shown.n + 8);

			snprintf(both, look.n * 3 + shown.n + 8, "%s (%s)", defang(found->arena, look).p, shown.p);
			shown = text_of(both);
		}
		list_add(site.honest ? &fake->covers : &fake->hosts, key_of(site.host), shown, 0);
	}
}

/* a sentence of the same sign stands for those of other mails */
static void put_signs(struct found *found, struct bulletin_fake *fake)
{
	for (size_t i = 0; i < found->phishing.sign_count; i++) {
		const struct phishing_sign *sign = &found->phishing.signs[i];

		list_add(&fake->signs, key_of(text_of(sign->name)), harmless(found, sign->text), sign->bits);
	}
}

/* the sender chose it, so only what can be is believed */
static void put_date(struct found *found, struct bulletin_fake *fake)
{
	int64_t t_us, day_us = found->bulletin->day_us;

	if (!trail_date(fields_value(found->fields, "Date"), &t_us) || t_us > day_us + DAY_US || t_us < day_us - SEEN_BEFORE_US)
		return;
	if (fake->first_us == WHEN_NONE || t_us < fake->first_us)
		fake->first_us = t_us;
	if (fake->last_us == WHEN_NONE || t_us > fake->last_us)
		fake->last_us = t_us;
}

static void put(struct found *found)
{
	struct text subject = harmless(found, found->subject), name = harmless(found, found->name);
	uint64_t subject_is = subject_key(found->arena, subject);
	struct bulletin_fake *fake = kind_of(found, subject_is, key_of(name));

	if (!fake) {
		found->bulletin->left_out++;
		return;
	}
	list_add(&fake->subjects, subject_is, subject, 0);
	list_add(&fake->names, key_of(name), name, 0);
	list_add(&fake->addresses, key_of(found->address), defang(found->arena, blackout_address(&found->blackout, found->address)), 0);
	put_sites(found, fake);
	put_signs(found, fake);
	put_date(found, fake);
	fake->mails++;
	found->bulletin->mails++;
}

void bulletin_add(struct bulletin *bulletin, struct message *message, const struct inspection *inspection, bool any)
{
	struct found found = { .bulletin = bulletin, .message = message, .arena = message_arena(message), .address = TEXT_NONE };
	struct text open[OPEN_MAX];

	if (!find_fake(&found, inspection, any)) {
		bulletin->passed_over++;
		return;
	}
	found.fields = &message_part(message, found.part)->fields;
	read_sender(&found);
	learn_people(&found, open);
	likeness_of(body_of(&found), &found.likeness);
	put(&found);
}
