/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/links.h"

#include <ctype.h>

#include "mail/fields.h"
#include "mail/html_tags.h"

void links_init(struct links *links, const struct phishing_rules *rules, struct arena *arena)
{
	links->rules = rules;
	links->arena = arena;
	links->count = links->host_count = links->bytes = 0;
	links->base = TEXT_NONE;
	links->asks_password = links->asks_anything = links->has_form = links->form_to_own = false;
}

/* ---- hosts */

struct host *links_host(struct links *links, struct text name)
{
	struct host *host;

	for (size_t i = 0; i < links->host_count; i++)
		if (text_is(links->host[i].name, name))
			return &links->host[i];
	if (links->host_count == HOSTS_MAX)
		return NULL;
	host = &links->host[links->host_count++];
	*host = (struct host){ .name = name, .address = url_host_is_address(name) };
	host->site = rules_site(links->rules, name);
	host->domain = rules_domain(links->rules, name);
	return host;
}

struct host *links_judged(struct links *links, struct host *host)
{
	if (!host || host->judged)
		return host;
	host->judged = true;
	if (host->domain && host->domain->role != DOMAIN_FREE && host->domain->role != DOMAIN_SHORTENER) {
		host->lookalike = (struct lookalike){ .brand = BRAND_NONE };
		return host;
	}
	lookalike_judge(links->rules, links->arena, host->name, host->site, &host->lookalike);
	if (host->lookalike.kind && rules_owns(links->rules, host->lookalike.brand, host->name))
		host->lookalike = (struct lookalike){ .brand = BRAND_NONE };
	return host;
}

/* ---- links */

static bool is_known(const struct links *links, const struct url *url, enum link_kind kind, struct text shown)
{
	for (size_t i = 0; i < links->count; i++)
		if (links->link[i].url.whole.n == url->whole.n && text_is(links->link[i].url.whole, url->whole) &&
		    (links->link[i].kind == kind || kind == LINK_TEXT) && (!shown.n || text_is(links->link[i].shown, shown)))
			return true;
	return false;
}

static void add(struct links *links, const struct url *url, enum link_kind kind, struct text shown)
{
	struct host *host;

	if (links->count == LINKS_MAX || is_known(links, url, kind, shown) || !(host = links_host(links, url->host)))
		return;
	links->link[links->count++] = (struct link){ *url, host, kind, shown };
}

static int hex(char c) { return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? (c | 32) - 'a' + 10 : -1; }

/* "?url=https%3A%2F%2Fevil.example%2F": what a well-known host would send on to */
static void add_target(struct links *links, const struct url *url)
{
	const char *at = url->path.n ? memmem(url->path.p + 1, url->path.n - 1, "http", 4) : NULL, *end = url->path.p + url->path.n;
	struct url target;
	char *to;
	size_t n = 0;

	if (!at || end - at < 12)
		return;
	to = arena_take(links->arena, (size_t)(end - at) + 1);
	for (; at < end && *at != '&'; at++)
		if (*at == '%' && end - at > 2 && hex(at[1]) >= 0 && hex(at[2]) >= 0) {
			to[n++] = (char)(hex(at[1]) << 4 | hex(at[2]));
			at += 2;
		} else {
			to[n++] = *at;
		}
	if (memmem(to, n, "://", 3) && url_read(links->arena, (struct text){ to, n }, &target))
		add(links, &target, LINK_WITHIN, TEXT_NONE);
}

static void add_url(struct links *links, struct text text, enum link_kind kind, struct text shown)
{
	struct url url;
	size_t before = links->count;

	if (!url_read(links->arena, text, &url))
		return;
	if (url.user.n == 0 && !memchr(url.host.p, '.', url.host.n) && !url_host_is_address(url.host))
		return; /* a name of this network alone */
	add(links, &url, kind, shown);
	if (links->count > before && links->link[before].host->domain)
		add_target(links, &url);
}

/* ---- plain text */

static bool ends_url(unsigned char c) { return c <= ' ' || c == '<' || c == '>' || c == '"' || c == '`' || c == '{' || c == '}' || c == '|' || c == 0x7f; }

/* An address ends at a blank, and behind its host at the first character beyond ASCII. Within the host letters beyond ASCII may stand, but "example.jpを" ends
 * before the を: nobody puts a blank there. */
static const char *url_end(const char *p, const char *end, bool host)
{
	bool ascii_before = false;

	for (; p < end && !ends_url((unsigned char)*p); p++) {
		unsigned char c = (unsigned char)*p;

		if (strchr("/\\?#", c))
			host = false;
		if (c >= 0x80 && (!host || (ascii_before && c >= 0xe2 && c <= 0xef)))
			break;
		if (c < 0x80)
			ascii_before = isalnum(c);
	}
	return p;
}

static const char *without_stops(const char *begin, const char *end)
{
	while (end > begin && strchr(".,;:!?'*_)]", end[-1]) && !(end[-1] == ')' && memchr(begin, '(', (size_t)(end - begin))))
		end--;
	return end;
}

static bool is_quoted(const char *begin, const char *at)
{
	const char *line = at > begin ? memrchr(begin, '\n', (size_t)(at - begin)) : NULL;

	line = line ? line + 1 : begin;
	while (line < at && *line == ' ')
		line++;
	return *line == '>' || (at - line > 4 && memcmp(line, "&gt;", 4) == 0);
}

/* the scheme that ends before "://", or NULL */
static const char *scheme_begin(const char *text, const char *at)
{
	static const struct text schemes[] = { { "https", 5 }, { "http", 4 }, { "ftp", 3 } };

	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		const char *begin = at - schemes[i].n;

		if (at - text >= (ptrdiff_t)schemes[i].n && text_same_word((struct text){ begin, schemes[i].n }, schemes[i].p))
			return begin;
	}
	return NULL;
}

static void read_schemes(struct links *links, struct text text)
{
	const char *p = text.p, *end = p + text.n, *at, *begin, *stop;

	while (links->count < LINKS_MAX && (at = memchr(p, ':', (size_t)(end - p)))) {
		p = at + 1;
		begin = end - at > 3 && at[1] == '/' && at[2] == '/' ? scheme_begin(text.p, at) : NULL;
		if (!begin)
			continue;
		p = at + 3;
		stop = url_end(p, end, true);
		p = stop;
		if (!is_quoted(text.p, begin))
			add_url(links, text_between(begin, without_stops(begin, stop)), LINK_TEXT, TEXT_NONE);
	}
}

/* "www.example.com", which readers of mail make a link as well */
static void read_bare(struct links *links, struct text text)
{
	const char *p = text.p, *end = p + text.n, *at;

	while (links->count < LINKS_MAX && (at = memchr(p, '.', (size_t)(end - p)))) {
		const char *stop;
		char *url;

		p = at + 1;
		if (at - text.p < 3 || (at[-1] | 32) != 'w' || (at[-2] | 32) != 'w' || (at[-3] | 32) != 'w')
			continue;
		at -= 3;
		stop = without_stops(at, url_end(at, end, true));
		if ((at > text.p && (isalnum((unsigned char)at[-1]) || strchr("/.@-_", at[-1]))) || stop - at < 7 || is_quoted(text.p, at))
			continue;
		p = stop;
		url = arena_take(links->arena, (size_t)(stop - at) + 7);
		memcpy(url, "http://", 7);
		memcpy(url + 7, at, (size_t)(stop - at));
		add_url(links, (struct text){ url, (size_t)(stop - at) + 7 }, LINK_TEXT, TEXT_NONE);
	}
}

static struct text within_limits(struct links *links, struct text text)
{
	size_t left = LINKS_TEXTS_MAX - links->bytes, most = left < LINKS_TEXT_MAX ? left : LINKS_TEXT_MAX;

	if (text.n > most)
		text.n = most;
	links->bytes += text.n;
	return text;
}

void links_read_text(struct links *links, struct text text)
{
	text = within_limits(links, text);
	read_schemes(links, text);
	read_bare(links, text);
}

/* ---- HTML */

struct page {
	struct links *links;
	char *to;            /* what a reader sees */
	size_t n, anchor;    /* where the text of the link begins */
	struct text target;  /* of the link that is open; empty for none */
	int depth_of_form;
};

static void put_text(struct page *page, struct text text)
{
	size_t from = page->n, n = html_decode(text, page->to + from);

	for (size_t i = 0; i < n; i++) {
		char c = page->to[from + i];

		if (c == '\n' || c == '\t' || c == '\r')
			c = ' ';
		if (c == ' ' && (page->n == 0 || page->to[page->n - 1] <= ' '))
			continue;
		page->to[page->n++] = c;
	}
}

static void put_break(struct page *page)
{
	if (page->n && page->to[page->n - 1] != '\n')
		page->to[page->n++] = '\n';
}

static bool is_inline(struct text name)
{
	static const char *const names[] = { "a", "span", "b", "i", "u", "em", "strong", "font", "wbr", "small", "big", "sup", "sub", "img", "label", "code", "mark", "s" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_same_word(name, names[i]))
			return true;
	return false;
}

static void close_anchor(struct page *page)
{
	struct text shown;

	if (!page->target.n)
		return;
	shown = text_trim((struct text){ page->to + page->anchor, page->n - page->anchor });
	add_url(page->links, page->target, LINK_ANCHOR, text_head(shown, shown.n < LINK_SHOWN_MAX ? shown.n : LINK_SHOWN_MAX));
	page->target = TEXT_NONE;
}

/* an address that stands for itself, or one that goes on from <base href> */
static struct text resolved(const struct page *page, struct text target)
{
	struct url url;
	struct text base = page->links->base;

	target = text_trim(target);
	if (!base.n || !target.n || target.p[0] == '#' || memchr(target.p, ':', target.n) || url_read(page->links->arena, target, &url))
		return target;
	return base;
}

static void on_form(struct page *page, const struct html_token *token)
{
	struct text action;

	page->links->has_form = true;
	if (html_find(page->links->arena, token, "action", &action) && text_trim(action).n)
		add_url(page->links, resolved(page, action), LINK_FORM, TEXT_NONE);
	else
		page->links->form_to_own = true;
}

static void on_input(struct page *page, const struct html_token *token)
{
	struct text type;
	bool typed = html_find(page->links->arena, token, "type", &type);

	if (typed && (text_same_word(type, "hidden") || text_same_word(type, "submit") || text_same_word(type, "button") || text_same_word(type, "image")))
		return;
	page->links->asks_anything = true;
	page->links->asks_password |= typed && text_same_word(type, "password");
}

/* <meta http-equiv=refresh content="0; url=…"> */
static void on_meta(struct page *page, const struct html_token *token)
{
	struct text word;
	const char *at;

	if (!html_find(page->links->arena, token, "http-equiv", &word) || !text_same_word(word, "refresh") ||
	    !html_find(page->links->arena, token, "content", &word) || !(at = text_seek(word, "url=")))
		return;
	add_url(page->links, resolved(page, text_between(at + 4, word.p + word.n)), LINK_ANCHOR, TEXT_NONE);
}

static void on_start(struct page *page, const struct html_token *token)
{
	struct text name = token->name, target;

	if (text_same_word(name, "a")) {
		close_anchor(page);
		page->anchor = page->n;
		if (html_find(page->links->arena, token, "href", &target))
			page->target = resolved(page, target);
	} else if (text_same_word(name, "area") && html_find(page->links->arena, token, "href", &target)) {
		add_url(page->links, resolved(page, target), LINK_ANCHOR, TEXT_NONE);
	} else if (text_same_word(name, "base") && !page->links->base.n && html_find(page->links->arena, token, "href", &target)) {
		page->links->base = target;
	} else if (text_same_word(name, "form")) {
		on_form(page, token);
	} else if (text_same_word(name, "input")) {
		on_input(page, token);
	} else if (text_same_word(name, "meta")) {
		on_meta(page, token);
	}
	if (!is_inline(name))
		put_break(page);
}

void links_read_html(struct links *links, struct text html, struct text *seen)
{
	struct text rest = within_limits(links, html);
	struct page page = { .links = links, .to = arena_take(links->arena, rest.n * 2 + 16), .target = TEXT_NONE };
	struct html_token token;

	links->base = TEXT_NONE;
	while (html_next(&rest, &token)) {
		if (token.kind == HTML_TEXT)
			put_text(&page, token.text);
		else if (token.kind == HTML_START)
			on_start(&page, &token);
		else if (text_same_word(token.name, "a"))
			close_anchor(&page);
		else if (!is_inline(token.name))
			put_break(&page);
	}
	close_anchor(&page);
	*seen = (struct text){ page.to, page.n };
}

/* ---- what a text shows */

bool links_shown_host(const struct phishing_rules *rules, struct arena *arena, struct text shown, struct text *host)
{
	struct text text = text_trim(shown), name;
	struct url url;
	const char *slash, *dot, *ending;

	while (text.n && strchr("<>[]()\"'", text.p[0]))
		text = text_after(text, 1);
	while (text.n && strchr("<>[]()\"'.,", text.p[text.n - 1]))
		text.n--;
	if (!text.n || text.n > LINK_SHOWN_MAX || memchr(text.p, ' ', text.n) || memchr(text.p, '\n', text.n))
		return false;
	if (url_read(arena, text, &url)) {
		*host = url.host;
		return memchr(url.host.p, '.', url.host.n) != NULL;
	}
	if (memchr(text.p, '@', text.n) || memchr(text.p, ':', text.n))
		return false;
	slash = memchr(text.p, '/', text.n);
	name = text_head(text, slash ? (size_t)(slash - text.p) : text.n);
	if (!url_host(arena, name, host) || !(dot = memrchr(host->p, '.', host->n)) || url_host_is_address(*host))
		return false;
	/* "Web2.0" and "node.js" are no hosts */
	if (text_starts(*host, TEXT("www.")) || text_ends(*host, TEXT(".example")) || text_ends(*host, TEXT(".test")) || rules_domain(rules, *host))
		return true;
	ending = arena_text(arena, text_between(dot + 1, host->p + host->n));
	return psl_is_public_suffix2(rules->suffixes, ending, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 1;
}
