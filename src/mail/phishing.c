/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/phishing.h"

#include <ctype.h>
#include <pthread.h>

#include "mail/address.h"
#include "mail/signs.h"

/* ---- rules that are built in */

static struct phishing_rules *built_in;

static void make_built_in(void) { built_in = phishing_rules_new(NULL, NULL); }

static const struct phishing_rules *usual_rules(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_built_in);
	return built_in;
}

/* ---- gathering: who it says it is from */

/* what stands before the address, without quotes */
static struct text display_name(struct text from)
{
	const char *open = from.n ? memrchr(from.p, '<', from.n) : NULL;
	struct text name = text_trim(open ? text_head(from, (size_t)(open - from.p)) : TEXT_NONE);

	if (name.n >= 2 && name.p[0] == '"' && name.p[name.n - 1] == '"')
		name = (struct text){ name.p + 1, name.n - 2 };
	return name;
}

/* the address that counts stands behind the name, which may hold another */
static struct text address_of(struct phishing_view *view, struct text value)
{
	const char *open = value.n ? memrchr(value.p, '<', value.n) : NULL;
	struct text address, last = open ? text_between(open, value.p + value.n) : value;

	if (!address_in(view->arena, last, &address))
		address_in(view->arena, value, &address);
	return address;
}

static struct host *host_of(struct phishing_view *view, struct text address)
{
	const char *at = address.n ? memrchr(address.p, '@', address.n) : NULL;
	struct text host;

	if (!at || !url_host(view->arena, text_between(at + 1, address.p + address.n), &host))
		return NULL;
	return links_host(&view->links, host);
}

static bool same_site(const struct host *host, struct text domain)
{
	return host && (text_is(host->site, domain) || (text_ends(domain, host->site) && domain.p[domain.n - host->site.n - 1] == '.'));
}

static bool is_proven(const struct phishing_view *view)
{
	const struct authres *authres = &view->authres;

	if (!view->from_host)
		return false;
	if (authres->dmarc == AUTHRES_PASS && (!authres->dmarc_domain.n || same_site(view->from_host, authres->dmarc_domain)))
		return true;
	for (size_t i = 0; i < authres->signed_count; i++)
		if (same_site(view->from_host, authres->signed_by[i]))
			return true;
	return authres->spf == AUTHRES_PASS && authres->dmarc != AUTHRES_FAIL && authres->spf_domain.n &&
	       same_site(view->from_host, authres->spf_domain);
}

static bool is_list(const struct fields *fields)
{
	struct text value;

	return fields_find(fields, "List-Unsubscribe", &value) || fields_find(fields, "List-Id", &value) || fields_find(fields, "List-Post", &value) ||
	       text_same_word(fields_value(fields, "Precedence"), "list");
}

static void gather_sender(struct phishing_view *view)
{
	struct text from = fields_value(view->fields, "From"), reply = fields_value(view->fields, "Reply-To"), to;

	view->from_name = display_name(from);
	view->from_address = address_of(view, from);
	view->subject = fields_value(view->fields, "Subject");
	view->from_host = links_judged(&view->links, host_of(view, view->from_address));
	view->reply_host = reply.n ? links_judged(&view->links, host_of(view, address_of(view, reply))) : NULL;
	to = address_of(view, fields_value(view->fields, "To"));
	view->to_host = host_of(view, to);
	view->to_self = to.n && address_same(to, view->from_address);
	if (view->from_host && view->from_host->domain && view->from_host->domain->role == DOMAIN_OWN)
		view->from_brand = view->from_host->domain->brand;
	view->list = is_list(view->fields);
	view->answer = fields_value(view->fields, "In-Reply-To").n > 0;
	view->authres = (struct authres){ .spf_domain = TEXT_NONE, .dmarc_domain = TEXT_NONE };
	if (view->part == 0) /* what stands in a mail within was written by others' servers */
		authres_read(view->fields, view->rules->authserv_id, &view->authres);
	view->proven = is_proven(view);
}

/* ---- gathering: parts */

static bool ends_in(struct text name, const char *const *endings)
{
	for (; *endings; endings++) {
		size_t n = strlen(*endings);

		if (name.n > n && text_same_word(text_after(name, name.n - n), *endings))
			return true;
	}
	return false;
}

static void look_at_attachment(struct phishing_view *view, int number)
{
	static const char *const pages[] = { ".html", ".htm", ".shtml", ".xhtml", ".svg", ".mht", NULL };
	static const char *const archives[] = { ".zip", ".rar", ".7z", ".iso", ".img", ".exe", ".scr", ".js", ".vbs", ".lnk", ".hta", ".one", ".cab", ".ace", NULL };
	const struct part *part = message_part(view->message, number);
	struct text text;

	view->has_archive |= ends_in(part->filename, archives);
	if (!ends_in(part->filename, pages))
		return;
	text = message_text(view->message, number);
	text = text_head(text, text.n < LINKS_TEXT_MAX ? text.n : LINKS_TEXT_MAX);
	view->page_name = part->filename;
	view->page_asks_password |= text_seek(text, "<input") && text_seek(text, "password");
	view->page_asks |= text_seek(text, "<form") || text_seek(text, "<script") || text_seek(text, "password") || text_seek(text, "http-equiv");
}

enum { WORDS_TEXT_MAX = 16 << 10 }; /* bytes of a part in which phrases are sought: what makes people hurry stands at the beginning */

struct body {
	struct text text[8]; /* what a reader sees, part by part */
	size_t count;
};

/* what somebody else wrote, and this mail answers to */
static struct text without_quotes(struct arena *arena, struct text text)
{
	struct text rest = text, line;
	char *to;
	size_t n = 0;

	if (!memchr(text.p, '>', text.n))
		return text;
	to = arena_take(arena, text.n + 1);
	while (text_line(&rest, &line))
		if (!text_starts(line, TEXT(">"))) {
			memcpy(to + n, line.p, line.n);
			n += line.n;
			to[n++] = '\n';
		}
	return (struct text){ to, n };
}

static void look_at_leaf(struct phishing_view *view, int number, struct body *body)
{
	const struct part *part = message_part(view->message, number);
	bool html = text_is(part->type, TEXT("text/html")), plain = text_is(part->type, TEXT("text/plain"));
	struct text seen;

	if (part->filename.n)
		look_at_attachment(view, number);
	if ((!html && !plain) || text_is(part->disposition, TEXT("attachment")) || body->count == sizeof body->text / sizeof *body->text)
		return;
	seen = message_text(view->message, number);
	if (html)
		links_read_html(&view->links, seen, &seen);
	else
		links_read_text(&view->links, seen);
	seen = text_head(seen, seen.n < WORDS_TEXT_MAX ? seen.n : WORDS_TEXT_MAX);
	body->text[body->count++] = html ? seen : without_quotes(view->arena, seen);
}

static void gather_parts(struct phishing_view *view, struct body *body)
{
	int end = message_part(view->message, view->part)->end;

	for (int i = view->part; i < end; i++) {
		const struct part *part = message_part(view->message, i);

		if (part->kind == PART_LEAF)
			look_at_leaf(view, i, body);
		else if (part->kind == PART_MESSAGE && i != view->part)
			i = part->end - 1; /* a mail within is judged by itself */
	}
}

/* ---- gathering: words */

static bool is_senders(const struct phishing_view *view, int brand)
{
	return view->from_brand == brand || (view->from_host && rules_owns(view->rules, brand, view->from_host->name));
}

struct naming {
	struct phishing_view *view;
	size_t brand, role; /* bytes of its longest name and role */
};

static void on_name(void *context, const struct catchword *phrase)
{
	struct naming *naming = context;
	struct phishing_view *view = naming->view;

	if (phrase->kind == PHRASE_BRAND && !is_senders(view, phrase->value)) {
		if (view->name_brand == BRAND_NONE)
			view->name_brand = phrase->value;
		if (phrase->text.n > naming->brand)
			naming->brand = phrase->text.n;
	} else if (phrase->kind == PHRASE_ROLE && phrase->text.n > naming->role) {
		naming->role = phrase->text.n;
		view->role = phrase->value;
	}
}

/* whose name it is, and whether there is more to it; one sign may stand beside them: "IT-Helpdesk:" */
static void gather_name(struct phishing_view *view)
{
	struct naming naming = { .view = view };
	struct text name = catchwords_fold(view->arena, view->from_name);

	catchwords_find(view->rules->phrases, name, on_name, &naming);
	if (naming.role + 1 < name.n)
		view->role = ROLE_NONE;
	view->name_alone = naming.brand && naming.brand + naming.role + 2 >= name.n;
}

static void on_lure(struct phishing_view *view, int row)
{
	float *bits = &view->lure_bits[lure_rows[row].matter];

	if (lure_rows[row].bits > *bits)
		*bits = lure_rows[row].bits;
}

/* "【Name】 …": as those who bear the name begin theirs */
static bool begins_with_name(struct text subject)
{
	static const struct text brackets[] = { { "【", 3 }, { "[", 1 }, { "［", 3 }, { "〔", 3 }, { "《", 3 }, { "", 0 } };

	return text_starts_any(subject, brackets);
}

static void on_subject(void *context, const struct catchword *phrase)
{
	struct phishing_view *view = context;

	if (phrase->kind == PHRASE_BRAND && view->subject_brand == BRAND_NONE && !is_senders(view, phrase->value)) {
		view->subject_brand = phrase->value;
		view->subject_signed = begins_with_name(view->subject);
	} else if (phrase->kind == PHRASE_LURE)
		on_lure(view, phrase->value);
	else if (phrase->kind == PHRASE_NOTICE)
		view->notice |= 1u << phrase->value;
}

static void on_body(void *context, const struct catchword *phrase)
{
	struct phishing_view *view = context;

	if (phrase->kind == PHRASE_BRAND && view->text_brand == BRAND_NONE && !is_senders(view, phrase->value))
		view->text_brand = phrase->value;
	else if (phrase->kind == PHRASE_LURE)
		on_lure(view, phrase->value);
	else if (phrase->kind == PHRASE_NOTICE)
		view->notice |= 1u << phrase->value;
}

static void gather_words(struct phishing_view *view, const struct body *body)
{
	const struct catchwords *phrases = view->rules->phrases;

	gather_name(view);
	catchwords_find(phrases, catchwords_fold(view->arena, view->subject), on_subject, view);
	if (!view->away && !sign_poses(view))
		return; /* no sign would ask for what the body says */
	for (size_t i = 0; i < body->count; i++)
		catchwords_find(phrases, catchwords_fold(view->arena, body->text[i]), on_body, view);
}

static void gather_targets(struct phishing_view *view)
{
	for (size_t i = 0; i < view->links.count; i++) {
		const struct link *link = &view->links.link[i];

		links_judged(&view->links, link->host);
		view->home_link |= view->proven && text_is(link->host->site, view->from_host->site);
		if (sign_at_home(view, link->host))
			continue;
		if (!view->away_link)
			view->away_link = link;
		view->away = true;
	}
	view->away |= view->page_asks;
}

/* ---- judging */

/* the heaviest first */
static void add_sign(struct phishing_view *view, struct phishing *phishing, struct phishing_sign *list, const struct sign *sign,
		     const struct sign_found *found)
{
	size_t at = phishing->sign_count++;

	for (; at > 0 && list[at - 1].bits < found->bits; at--)
		list[at] = list[at - 1];
	list[at] = (struct phishing_sign){ sign->name, found->bits, { arena_text(view->arena, text_of(found->text)), strlen(found->text) } };
}

static void judge(struct phishing_view *view, struct phishing *phishing)
{
	struct phishing_sign *list = arena_take(view->arena, SIGNS_MAX * sizeof *list);
	float group[SIGN_GROUPS] = { 0 };

	for (size_t i = 0; i < signs_count; i++) {
		struct sign_found found = { 0 };

		signs[i]->look(view, &found);
		if (found.bits <= 0)
			continue;
		group[signs[i]->group] += found.bits;
		add_sign(view, phishing, list, signs[i], &found);
	}
	for (int i = 0; i < SIGN_GROUPS; i++)
		phishing->bits += group[i] < sign_group_most(i) ? group[i] : sign_group_most(i);
	phishing->signs = list;
	if (phishing->bits < PHISHING_SHOWN_BITS) {
		phishing->bits = 0;
		phishing->sign_count = 0;
	}
}

/* all its links lead to where the official, proven sender is at home, or it bears our mark */
static bool is_genuine(const struct phishing_view *view)
{
	if (view->rules->is_ours && view->rules->is_ours(view->rules->context, view->message, view->part))
		return true;
	return view->from_brand != BRAND_NONE && view->proven && !view->away && !view->links.asks_password;
}

static void tell_urls(struct phishing_view *view, struct phishing *phishing)
{
	struct text *urls;

	if (!view->links.count)
		return;
	urls = arena_take(view->arena, PHISHING_URLS_MAX * sizeof *urls);
	for (size_t i = 0; i < view->links.count && phishing->url_count < PHISHING_URLS_MAX; i++) {
		struct text whole = view->links.link[i].url.whole;
		size_t j = 0;

		while (j < i && !text_is(view->links.link[j].url.whole, whole))
			j++;
		if (j == i)
			urls[phishing->url_count++] = defang(view->arena, whole);
	}
	phishing->urls = urls;
}

static void read_part(struct phishing_view *view, struct phishing *phishing)
{
	struct body body = { .count = 0 };

	gather_parts(view, &body);
	tell_urls(view, phishing);
	if (!view->links.count && !view->page_name.n && !view->has_archive && !view->links.has_form)
		return; /* nothing leads anywhere */
	gather_sender(view);
	gather_targets(view);
	if (is_genuine(view))
		return;
	gather_words(view, &body);
	judge(view, phishing);
}

static void read_message(struct message *message, int part, struct arena *arena, const struct phishing_rules *rules,
			 struct phishing *phishing)
{
	struct phishing_view view;

	memset(&view, 0, offsetof(struct phishing_view, links));
	memset((char *)&view + offsetof(struct phishing_view, away), 0, sizeof view - offsetof(struct phishing_view, away));
	view.rules = rules;
	view.message = message;
	view.arena = arena;
	view.part = part;
	view.fields = &message_part(message, part)->fields;
	view.page_name = TEXT_NONE;
	view.from_brand = view.name_brand = view.subject_brand = view.text_brand = BRAND_NONE;
	links_init(&view.links, rules, arena);
	read_part(&view, phishing);
}

void phishing_read_text(struct message *message, struct text text, const struct phishing_rules *rules, struct phishing *phishing)
{
	struct message *within = message_new();
	struct arena *arena = message_arena(message);
	struct text with_field;
	char *copy;

	*phishing = (struct phishing){ 0 };
	rules = rules ? rules : usual_rules();
	if (text.n > MESSAGE_TEXT_MAX)
		text.n = MESSAGE_TEXT_MAX;
	if (rules && message_read(within, text, NULL)) {
		read_message(within, 0, arena, rules, phishing);
	} else if (rules && text_trim(text).n) {
		copy = arena_take(arena, text.n + 16);
		memcpy(copy, "Subject:\n\n", 10);
		memcpy(copy + 10, text.p, text.n);
		with_field = (struct text){ copy, text.n + 10 };
		if (message_read(within, with_field, NULL))
			read_message(within, 0, arena, rules, phishing);
	}
	message_free(within);
}

void phishing_read(struct message *message, int part, const struct phishing_rules *rules, struct phishing *phishing)
{
	*phishing = (struct phishing){ 0 };
	rules = rules ? rules : usual_rules();
	if (!rules || part < 0 || part >= message_parts(message))
		return;
	if (part > 0 && message_part(message, part)->kind == PART_LEAF)
		phishing_read_text(message, message_text(message, part), rules, phishing);
	else
		read_message(message, part, message_arena(message), rules, phishing);
}
