/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mail/lookalike.h"
#include "mail/rules.h"
#include "mail/url.h"

static struct phishing_rules *rules;

static int make_rules(void **state)
{
	static const struct text official[] = { { "mihonhost.example.jp", 20 }, { "xserver.ne.jp", 13 } };
	struct phishing_settings settings = { .official = official, .official_count = 2, .authserv_id = TEXT_NONE };

	rules = phishing_rules_new(&settings, NULL);
	return rules ? 0 : -1;
}

static int drop_rules(void **state)
{
	phishing_rules_free(rules);
	return 0;
}

static void tells_what_imitates(void **state)
{
	static const struct { const char *host; enum lookalike_kind kind; bool mixed; float least; } cases[] = {
		{ "www.xserver-vpsonc.com", LOOKALIKE_PART, false, 6 },
		{ "amazon-login.example", LOOKALIKE_PART, false, 6 },
		{ "xserver.ne.jp.evil.example", LOOKALIKE_WHOLE, false, 9 },
		{ "www.paypal.com.evil.example", LOOKALIKE_WHOLE, false, 9 },
		{ "amaz0n.example", LOOKALIKE_CONFUSABLE, false, 8 },
		{ "rnicrosoft.example", LOOKALIKE_CONFUSABLE, false, 8 },
		{ "paypai.example", LOOKALIKE_CONFUSABLE, false, 8 },
		{ "аmazon.example", LOOKALIKE_CONFUSABLE, true, 8 },
		{ "аррӏе.example", LOOKALIKE_CONFUSABLE, false, 8 },      /* Cyrillic alone: not mixed, and still */
		{ "xsеrver-support.example", LOOKALIKE_CONFUSABLE, true, 8 },
		{ "microsft.example", LOOKALIKE_NEAR, false, 6 },
		{ "mihonhosd.example", LOOKALIKE_NEAR, false, 6 },
		{ "rakuten.example", LOOKALIKE_NONE, false, 0 },          /* a shop of that name may be under any country's ending */
		{ "kuroneko.example", LOOKALIKE_ENDING, false, 3 },
		{ "account.paypal.evil.example", LOOKALIKE_BELOW, false, 5 },
		{ "mihonhost.evil.example", LOOKALIKE_BELOW, false, 4 },
		{ "sakura-login.example", LOOKALIKE_PART, false, 3 },
		/* honest ones */
		{ "sakura-hoikuen.example", LOOKALIKE_NONE, false, 0 },
		{ "apple-tree.example", LOOKALIKE_NONE, false, 0 },
		{ "post-card-shop.example", LOOKALIKE_NONE, false, 0 },
		{ "www.e-taxi.example", LOOKALIKE_NONE, false, 0 },
		{ "finance.example", LOOKALIKE_NONE, false, 0 },
		{ "日本語.example", LOOKALIKE_NONE, false, 0 },
		{ "カフェ東京.example", LOOKALIKE_NONE, false, 0 },
		{ "bücher.example", LOOKALIKE_NONE, false, 0 },
		{ "пример.example", LOOKALIKE_NONE, false, 0 },
		{ "192.0.2.1", LOOKALIKE_NONE, false, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = { 0 };
		struct lookalike found;
		struct text host;

		assert_true(url_host(&arena, text_of(cases[i].host), &host));
		lookalike_judge(rules, &arena, host, rules_site(rules, host), &found);
		if ((cases[i].kind != LOOKALIKE_NONE && found.kind != cases[i].kind) || found.mixed != cases[i].mixed ||
		    found.bits < cases[i].least || (cases[i].kind == LOOKALIKE_NONE && found.bits > 2))
			fail_msg("%s: kind %d, mixed %d, %.1f bits, %.*s", cases[i].host, found.kind, found.mixed, (double)found.bits, TEXT_ARG(found.label));
		arena_done(&arena);
	}
}

static void knows_whose_a_host_is(void **state)
{
	assert_int_equal(rules_domain(rules, TEXT("secure.xserver.ne.jp"))->brand, BRAND_OFFICIAL);
	assert_int_equal(rules_domain(rules, TEXT("www.amazon.co.jp"))->role, DOMAIN_OWN);
	assert_int_equal(rules_domain(rules, TEXT("evil.web.app"))->role, DOMAIN_FREE);
	assert_int_equal(rules_domain(rules, TEXT("docs.google.com"))->role, DOMAIN_FREE);
	assert_int_equal(rules_domain(rules, TEXT("bit.ly"))->role, DOMAIN_SHORTENER);
	assert_null(rules_domain(rules, TEXT("amazon.co.jp.evil.example")));
	assert_null(rules_domain(rules, TEXT("evilamazon.co.jp")));
	assert_true(text_is(rules_site(rules, TEXT("a.b.shop.co.jp")), TEXT("shop.co.jp")));
	assert_true(text_is(rules_site(rules, TEXT("a.b.example")), TEXT("b.example")));
	assert_true(text_is(rules_site(rules, TEXT("me.github.io")), TEXT("me.github.io")));
}

static void refuses_what_is_no_domain(void **state)
{
	static const struct text official[] = { { "not a domain", 12 } };
	struct phishing_settings settings = { .official = official, .official_count = 1, .authserv_id = TEXT_NONE };
	struct error error;

	assert_null(phishing_rules_new(&settings, &error));
	assert_non_null(strstr(error.text, "'not a domain'"));
}

static void sees_through_letters(void **state)
{
	struct arena arena = { 0 };
	struct text looks;

	assert_true(lookalike_word(rules, &arena, TEXT("Аmazon"), &looks));
	assert_false(lookalike_word(rules, &arena, TEXT("Amazon"), &looks));
	assert_false(lookalike_word(rules, &arena, TEXT("アマゾンjp"), &looks));
	assert_false(lookalike_word(rules, &arena, TEXT("Москва"), &looks));
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_imitates), cmocka_unit_test(knows_whose_a_host_is), cmocka_unit_test(refuses_what_is_no_domain),
		cmocka_unit_test(sees_through_letters),
	};

	return cmocka_run_group_tests(tests, make_rules, drop_rules);
}
