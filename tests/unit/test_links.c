/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mail/links.h"

static struct phishing_rules *rules;

static int make_rules(void **state)
{
	rules = phishing_rules_new(NULL, NULL);
	return rules ? 0 : -1;
}

static int drop_rules(void **state)
{
	phishing_rules_free(rules);
	return 0;
}

static void reads_addresses_as_browsers_do(void **state)
{
	static const struct { const char *text, *user, *host, *path; } cases[] = {
		{ "https://www.example.com/a?b#c", "", "www.example.com", "/a?b#c" },
		{ " HTTP://Example.COM.:8080 ", "", "example.com", "" },
		{ "https://good.example@evil.example/", "good.example", "evil.example", "/" },
		{ "https://a@b@evil.example", "a@b", "evil.example", "" },
		{ "https:\\\\evil.example\\x", "", "evil.example", "\\x" },
		{ "//evil.example/x", "", "evil.example", "/x" },
		{ "https:evil.example", "", "evil.example", "" },
		{ "ht\ntp://ev\til.example/", "", "evil.example", "/" },
		{ "http://ev%69l.example/", "", "evil.example", "/" },
		{ "http://例え.テスト/", "", "xn--r8jz45g.xn--zckzah", "/" },
		{ "http://[2001:DB8::1]:80/", "", "[2001:db8::1]", "/" },
		{ "javascript:alert(1)", NULL, NULL, NULL },
		{ "mailto:a@b.example", NULL, NULL, NULL },
		{ "/relative", NULL, NULL, NULL },
		{ "http://", NULL, NULL, NULL },
		{ "http://[site/", NULL, NULL, NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = { 0 };
		struct url url;
		bool good = url_read(&arena, text_of(cases[i].text), &url);

		if (good != (cases[i].host != NULL))
			fail_msg("%s: %d", cases[i].text, good);
		if (good && !(text_is(url.host, text_of(cases[i].host)) && text_is(url.user, text_of(cases[i].user)) &&
			      text_is(url.path, text_of(cases[i].path))))
			fail_msg("%s: %.*s, %.*s, %.*s", cases[i].text, TEXT_ARG(url.user), TEXT_ARG(url.host), TEXT_ARG(url.path));
		arena_done(&arena);
	}
}

static void knows_addresses_without_names(void **state)
{
	assert_true(url_host_is_address(TEXT("192.0.2.1")));
	assert_true(url_host_is_address(TEXT("3405803876")));
	assert_true(url_host_is_address(TEXT("0xcb007164")));
	assert_true(url_host_is_address(TEXT("[2001:db8::1]")));
	assert_false(url_host_is_address(TEXT("1.example")));
	assert_false(url_host_is_address(TEXT("example.3com")));
}

/* "host path shown; …" of all links */
static void tell(const struct links *links, char *to, size_t size)
{
	size_t n = 0;

	to[0] = '\0';
	for (size_t i = 0; i < links->count && n < size; i++)
		n += (size_t)snprintf(to + n, size - n, "%s%.*s [%.*s]", i ? "; " : "", TEXT_ARG(links->link[i].url.host), TEXT_ARG(links->link[i].shown));
}

static void finds_links(void **state)
{
	static const struct { const char *text; bool html; const char *wanted; } cases[] = {
		{ "see https://a.example/x, and (http://b.example).\n", false, "a.example []; b.example []" },
		{ "詳細はhttps://a.example/pageをご覧ください。https://b.exampleへ", false, "a.example []; b.example []" },
		{ "www.a.example and xwww.b.example, a@www.c.example", false, "www.a.example []" },
		{ "> http://quoted.example/\nhxxp://harmless[.]example/\nhttp://a.example/", false, "a.example []" },
		{ "http://аmazon.example/", false, "xn--mazon-3ve.example []" },
		{ "<a href=\"https://evil.example/\">https://good.example/</a>", true, "evil.example [https://good.example/]" },
		{ "<A HREF=https://evil.example/x?a=1&amp;b>go<b> there</b></A><a href='#x'>no</a>", true, "evil.example [go there]" },
		{ "<a href='http&#58;//evil&#46;example/'>x</a>", true, "evil.example [x]" },
		{ "<!-- <a href='http://no.example/'> --><script>'<a href=http://no.example>'</script><a title='>' href=//evil.example>y", true, "evil.example [y]" },
		{ "<base href='http://base.example/'><a href='login'>x</a>", true, "base.example [x]" },
		{ "<form action='http://evil.example/'><input type=password></form>", true, "evil.example []" },
		{ "<meta http-equiv=refresh content='0; url=http://evil.example/'>", true, "evil.example []" },
		{ "<a href='https://www.google.com/url?q=https%3A%2F%2Fevil.example%2Fx&sa=D'>x</a>", true, "www.google.com [x]; evil.example []" },
		{ "<a href='http://a.example'>one<a href='http://b.example'>two", true, "a.example [one]; b.example [two]" },
		{ "<a href", true, "" },
		{ "a < b and <", true, "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = { 0 };
		struct links links;
		struct text seen;
		char told[1000];

		links_init(&links, rules, &arena);
		if (cases[i].html)
			links_read_html(&links, text_of(cases[i].text), &seen);
		else
			links_read_text(&links, text_of(cases[i].text));
		tell(&links, told, sizeof told);
		if (strcmp(told, cases[i].wanted) != 0)
			fail_msg("%s: %s", cases[i].text, told);
		arena_done(&arena);
	}
}

static void sees_what_a_reader_sees(void **state)
{
	struct arena arena = { 0 };
	struct links links;
	struct text seen;

	links_init(&links, rules, &arena);
	links_read_html(&links, TEXT("<style>p{}</style><p>ama<span></span>zon &amp; &#x3042;</p><div>two\n  lines</div><br>end"), &seen);
	assert_true(text_is(seen, TEXT("amazon & あ\ntwo lines\nend")));
	links_read_html(&links, TEXT("<form><input type=password><input type=hidden></form>"), &seen);
	assert_true(links.has_form && links.form_to_own && links.asks_password);
	arena_done(&arena);
}

static void ends_at_its_limits(void **state)
{
	struct arena arena = { 0 };
	struct links links;
	char *text = arena_take(&arena, 200 * 400);
	size_t n = 0;

	for (int i = 0; i < 400; i++)
		n += (size_t)snprintf(text + n, 200 * 400 - n, "http://h%d.example/%d\n", i % 100, i);
	links_init(&links, rules, &arena);
	links_read_text(&links, (struct text){ text, n });
	assert_true(links.count <= LINKS_MAX && links.host_count == HOSTS_MAX);
	arena_done(&arena);
}

static void finds_the_host_that_is_shown(void **state)
{
	static const struct { const char *shown, *host; } cases[] = {
		{ "https://www.bank.example/login", "www.bank.example" }, { "www.bank.example", "www.bank.example" }, { " <xserver.ne.jp/x> ", "xserver.ne.jp" },
		{ "Click here", NULL }, { "node.js", NULL }, { "Version 2.0", NULL }, { "a@bank.example", NULL }, { "12.50", NULL }, { "", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = { 0 };
		struct text host = TEXT_NONE;
		bool found = links_shown_host(rules, &arena, text_of(cases[i].shown), &host);

		if (found != (cases[i].host != NULL) || (found && !text_is(host, text_of(cases[i].host))))
			fail_msg("'%s': %.*s", cases[i].shown, TEXT_ARG(host));
		arena_done(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_addresses_as_browsers_do), cmocka_unit_test(knows_addresses_without_names), cmocka_unit_test(finds_links),
		cmocka_unit_test(sees_what_a_reader_sees), cmocka_unit_test(ends_at_its_limits), cmocka_unit_test(finds_the_host_that_is_shown),
	};

	return cmocka_run_group_tests(tests, make_rules, drop_rules);
}
