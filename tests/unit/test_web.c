/* SPDX-License-Identifier: Apache-2.0 */
/* What the owner's pages are made of: forms and cookies, sessions, limits, the panel's word, languages, and who is believed about addresses. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "web/crowd.h"
#include "web/form.h"
#include "web/http_peer.h"
#include "web/language.h"
#include "web/limits.h"
#include "web/panel.h"
#include "web/sessions.h"

#define NOON (1795176000 * SECOND_US)

/* ---- forms */

static void forms_are_read_or_refused(void **state)
{
	static const struct {
		const char *body, *name, *value; /* value NULL: refused */
	} rows[] = {
		{ "", "a", "" },
		{ "a=b", "a", "b" },
		{ "a=b&c=d", "c", "d" },
		{ "a=b&a=c", "a", "b" },
		{ "&&a=b&", "a", "b" },
		{ "a", "a", "" },
		{ "a=", "a", "" },
		{ "a=b=c", "a", "b=c" },
		{ "a=b+c%2B", "a", "b c+" },
		{ "%61=%E6%97%A5", "a", "日" },
		{ "a=%0d%0aX", "a", "\r\nX" },
		{ "a=%4", "a", NULL },
		{ "a=%", "a", NULL },
		{ "a=%zz", "a", NULL },
		{ "a=%00", "a", NULL },
		{ "abcdefghijabcdefghijabcdefghijabc=1", "a", NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = strlen(rows[i].body);
		char *body = memory_copy(rows[i].body, n); /* of its own size, so that one byte too many is seen */
		struct form form;

		assert_int_equal(form_read(body, n, &form), rows[i].value != NULL);
		if (rows[i].value)
			assert_true(text_is(form_value(&form, rows[i].name), text_of(rows[i].value)));
		free(body);
	}
}

static void a_form_has_so_many_fields(void **state)
{
	char body[FORM_FIELDS_MAX * 2 + 2];
	struct form form;

	for (unsigned more = 0; more < 2; more++) {
		for (unsigned i = 0; i < FORM_FIELDS_MAX + more; i++)
			memcpy(body + 2 * i, "a&", 2);
		assert_int_equal(form_read(body, 2 * (FORM_FIELDS_MAX + more), &form), !more);
	}
}

static void cookies_are_found_by_their_whole_name(void **state)
{
	static const struct {
		const char *field, *value;
	} rows[] = {
		{ "", "" },	       { "n=1", "1" },	       { "x=2; n=1", "1" }, { "xn=2;n=1", "1" }, { "n=1; n=2", "1" },
		{ "nn=1; n", "" },     { "n = 1", "" },	       { "x=n=1", "" },	    { ";;;n=1", "1" },	 { "n=", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_true(text_is(cookie_value(text_of(rows[i].field), TEXT("n")), text_of(rows[i].value)));
}

/* ---- who is connected */

static struct guest *comes(struct crowd *crowd, struct guest *guest, const char *ip, uint64_t at_ms)
{
	*guest = (struct guest){ .since_ms = at_ms };
	if (*ip)
		assert_true(ip_parse(text_of(ip), &guest->ip));
	if (!crowd_may_enter(crowd, &guest->ip))
		return NULL;
	crowd_enter(crowd, guest);
	return guest;
}

static void a_network_has_a_share_of_the_house(void **state)
{
	static struct guest guests[CROWD_OF_BLOCK + CROWD_MAX], more;
	struct crowd crowd = { NULL, 0 };
	char ip[IP_TEXT_MAX];

	for (int i = 0; i < CROWD_OF_ADDRESS; i++)
		assert_non_null(comes(&crowd, &guests[i], i % 2 ? "2001:db8::1" : "2001:db8::2", 0));
	assert_null(comes(&crowd, &more, "2001:db8::3", 0)); /* of one /64 */
	assert_non_null(comes(&crowd, &guests[CROWD_OF_ADDRESS], "2001:db8:0:1::1", 0));
	crowd_leave(&crowd, &guests[3]);
	assert_non_null(comes(&crowd, &guests[3], "2001:db8::3", 0));
	crowd = (struct crowd){ NULL, 0 };
	for (int i = 0; i < CROWD_OF_BLOCK; i++) {
		snprintf(ip, sizeof ip, "192.0.2.%d", i);
		assert_non_null(comes(&crowd, &guests[i], ip, 0));
	}
	assert_null(comes(&crowd, &more, "192.0.2.200", 0));
	assert_non_null(comes(&crowd, &guests[CROWD_OF_BLOCK], "192.0.3.1", 0));
	for (int i = CROWD_OF_BLOCK + 1; i < CROWD_MAX; i++)
		assert_non_null(comes(&crowd, &guests[i], "", 0)); /* a proxy speaks for many */
	assert_int_equal(crowd.count, CROWD_MAX);
}

static void the_one_that_never_spoke_makes_room(void **state)
{
	struct guest asked, silent, later, new, answered;
	struct crowd crowd = { NULL, 0 };

	comes(&crowd, &asked, "192.0.2.1", 0)->asked = true;
	comes(&crowd, &answered, "192.0.2.2", 0)->ours = true;
	comes(&crowd, &silent, "192.0.2.3", 1000);
	comes(&crowd, &later, "192.0.2.4", 2000);
	comes(&crowd, &new, "192.0.2.5", 9000);
	assert_ptr_equal(crowd_idlest(&crowd, 9500), &silent);
	crowd_goes(&crowd, &silent);
	assert_ptr_equal(crowd_idlest(&crowd, 9500), &later);
	crowd_leave(&crowd, &silent);
	crowd_leave(&crowd, &later);
	assert_ptr_equal(crowd_idlest(&crowd, 9500), &asked); /* the new one is still shaking hands */
	crowd_leave(&crowd, &asked);
	crowd_leave(&crowd, &new);
	assert_null(crowd_idlest(&crowd, 9500));
	assert_int_equal(crowd.count, 1);
}

/* ---- sessions */

static void a_session_lasts_half_an_hour(void **state)
{
	struct sessions *sessions = sessions_new();
	char id[SESSION_ID_MAX];

	session_begin(sessions, TEXT("alice@example.org"), NOON, id);
	assert_int_equal(strlen(id), 2 * SESSION_NUMBER_BYTES);
	assert_string_equal(session_find(sessions, text_of(id), NOON)->account, "alice@example.org");
	assert_non_null(session_find(sessions, text_of(id), NOON + SESSION_US - 1));
	assert_null(session_find(sessions, text_of(id), NOON + SESSION_US));
	assert_null(session_find(sessions, TEXT_NONE, NOON));
	id[5] = id[5] == 'a' ? 'b' : 'a';
	assert_null(session_find(sessions, text_of(id), NOON));
	sessions_free(sessions);
}

static void an_account_has_few_sessions_and_all_end_at_once(void **state)
{
	struct sessions *sessions = sessions_new();
	char ids[SESSIONS_OF_ACCOUNT + 1][SESSION_ID_MAX], other[SESSION_ID_MAX];

	session_begin(sessions, TEXT("bob@example.org"), NOON, other);
	for (int i = 0; i <= SESSIONS_OF_ACCOUNT; i++)
		session_begin(sessions, TEXT("alice@example.org"), NOON + i, ids[i]);
	assert_null(session_find(sessions, text_of(ids[0]), NOON + 10));
	for (int i = 1; i <= SESSIONS_OF_ACCOUNT; i++)
		assert_non_null(session_find(sessions, text_of(ids[i]), NOON + 10));
	session_end(session_find(sessions, text_of(ids[1]), NOON + 10));
	assert_null(session_find(sessions, text_of(ids[1]), NOON + 10));
	sessions_end_of(sessions, TEXT("alice@example.org"));
	for (int i = 0; i <= SESSIONS_OF_ACCOUNT; i++)
		assert_null(session_find(sessions, text_of(ids[i]), NOON + 10));
	assert_non_null(session_find(sessions, text_of(other), NOON + 10));
	sessions_free(sessions);
}

static void memory_of_sessions_does_not_grow(void **state)
{
	struct sessions *sessions = sessions_new();
	char first[SESSION_ID_MAX], last[SESSION_ID_MAX], name[64];

	session_begin(sessions, TEXT("first@example.org"), NOON, first);
	for (int i = 0; i < SESSIONS_MAX; i++) {
		snprintf(name, sizeof name, "a%d@example.org", i);
		session_begin(sessions, text_of(name), NOON + 1 + i, last);
	}
	assert_null(session_find(sessions, text_of(first), NOON + SESSIONS_MAX));
	assert_non_null(session_find(sessions, text_of(last), NOON + SESSIONS_MAX));
	sessions_free(sessions);
}

static void a_token_is_of_its_number_alone(void **state)
{
	struct sessions *sessions = sessions_new(), *others = sessions_new();
	char one[SESSION_ID_MAX], two[SESSION_ID_MAX], token[SESSION_ID_MAX];

	session_number(one);
	session_number(two);
	assert_string_not_equal(one, two);
	session_token(sessions, text_of(one), token);
	assert_true(session_token_fits(sessions, text_of(one), text_of(token)));
	assert_false(session_token_fits(sessions, text_of(two), text_of(token)));
	assert_false(session_token_fits(others, text_of(one), text_of(token))); /* of an earlier life */
	assert_false(session_token_fits(sessions, text_of(one), text_of(one)));
	assert_false(session_token_fits(sessions, text_of(one), TEXT_NONE));
	assert_false(session_token_fits(sessions, TEXT_NONE, text_of(token)));
	sessions_free(sessions);
	sessions_free(others);
}

/* ---- limits */

static struct ip ip_of(const char *text)
{
	struct ip ip;

	assert_true(ip_parse(text_of(text), &ip));
	return ip;
}

static void an_address_asks_so_often_and_then_waits(void **state)
{
	struct limits *limits = limits_new();
	struct ip one = ip_of("203.0.113.7"), other = ip_of("203.0.113.8");
	unsigned taken = 0;

	for (int i = 0; i < 100; i++)
		taken += limits_allow(limits, LIMIT_CODE, &one, NOON);
	assert_int_equal(taken, 8);
	assert_true(limits_allow(limits, LIMIT_CODE, &other, NOON));
	assert_true(limits_allow(limits, LIMIT_TRY, &one, NOON)); /* each kind by itself */
	assert_false(limits_allow(limits, LIMIT_CODE, &one, NOON + MINUTE_US));
	assert_true(limits_allow(limits, LIMIT_CODE, &one, NOON + 2 * MINUTE_US));
	assert_false(limits_allow(limits, LIMIT_CODE, &one, NOON + 2 * MINUTE_US));
	limits_free(limits);
}

static void a_network_of_ipv6_counts_as_one(void **state)
{
	struct limits *limits = limits_new();
	unsigned taken = 0;

	for (int i = 0; i < 100; i++) {
		char text[64];
		struct ip ip;

		snprintf(text, sizeof text, "2001:db8:1:2::%x", i + 1);
		ip = ip_of(text);
		taken += limits_allow(limits, LIMIT_CODE, &ip, NOON);
	}
	assert_int_equal(taken, 8);
	limits_free(limits);
}

/* a crowd of addresses at once does not take their turns from others */
static void strangers_are_not_held_against_each_other(void **state)
{
	struct limits *limits = limits_new();
	unsigned refused = 0;

	for (uint32_t i = 0; i < 20000; i++) {
		struct ip ip = { { [10] = 0xff, 0xff, 10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i } };

		refused += !limits_allow(limits, LIMIT_CODE, &ip, NOON);
	}
	assert_in_range(refused, 0, 20);
	limits_free(limits);
}

/* ---- the panel's word */

#define KEY "0123456789abcdef0123456789abcdef"

static void sign(const char *said, char token[PANEL_TOKEN_MAX])
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	char hex[2 * sizeof mac + 1];
	crypto_auth_hmacsha256_state hmac;

	crypto_auth_hmacsha256_init(&hmac, (const unsigned char *)KEY, strlen(KEY));
	crypto_auth_hmacsha256_update(&hmac, (const unsigned char *)said, strlen(said));
	crypto_auth_hmacsha256_final(&hmac, mac);
	sodium_bin2hex(hex, sizeof hex, mac, sizeof mac);
	snprintf(token, PANEL_TOKEN_MAX, "%s.%s", said, hex);
}

static struct panel *panel_of(const char *key, struct error *error)
{
	char path[] = "/tmp/sekisho-panel-XXXXXX";
	int fd = mkstemp(path);
	struct panel *panel;

	assert_true(fd >= 0 && write(fd, key, strlen(key)) == (ssize_t)strlen(key));
	close(fd);
	panel = panel_new(&(struct config){ .panel_key_file = path }, NOON, error);
	unlink(path);
	return panel;
}

static void a_key_has_to_be_long(void **state)
{
	char nowhere[] = "/nowhere/panel.key";
	struct error error = { "" };

	assert_null(panel_of("short\n", &error));
	assert_non_null(strstr(error.text, "5"));
	assert_null(panel_of("", &error));
	assert_null(panel_new(&(struct config){ .panel_key_file = nowhere }, NOON, &error));
	assert_non_null(strstr(error.text, "panel_key_file: "));
	assert_non_null(strstr(error.text, "/nowhere/panel.key"));
	assert_null(strstr(error.text, KEY));
}

static void a_word_is_good_once_and_for_a_minute(void **state)
{
	static const struct {
		const char *nonce;
		int64_t begun_s, expires_s; /* from noon */
		bool good;
	} rows[] = {
		{ "aaaaaaaaaaaaaaaa", 100, 160, true },   { "aaaaaaaaaaaaaaaa", 100, 160, false }, /* again */
		{ "bbbbbbbbbbbbbbbb", 100, 100, false },  { "cccccccccccccccc", 100, 101, true },
		{ "dddddddddddddddd", 100, 162, true },   { "eeeeeeeeeeeeeeee", 100, 163, false },
		{ "ffffffffffffffff", 1, 61, false }, /* it may have been used before the process began */
		{ "gggggggggggggggg", 3, 63, true },	  { "hhhhhhhhhhhhhhh", 100, 160, false },
		{ "iiiiiiiiiiiii/ii", 100, 160, false },  { "aaaaaaaaaaaaaaaa", 161, 221, true }, /* forgotten by then */
	};
	struct error error;
	struct panel *panel = panel_of(KEY "\n", &error);
	char account[ACCOUNT_NAME_MAX], token[PANEL_TOKEN_MAX], said[200];

	assert_non_null(panel);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(said, sizeof said, "YWxpY2VAZXhhbXBsZS5vcmc.%lld.%s", (long long)(NOON / SECOND_US + rows[i].expires_s), rows[i].nonce);
		sign(said, token);
		if (panel_take(panel, text_of(token), NOON + rows[i].begun_s * SECOND_US, account) != rows[i].good)
			fail_msg("row %zu", i);
		if (rows[i].good)
			assert_string_equal(account, "alice@example.org");
	}
	panel_free(panel);
}

static void a_word_that_was_changed_is_none(void **state)
{
	struct error error;
	struct panel *panel = panel_of(KEY, &error);
	char account[ACCOUNT_NAME_MAX], token[PANEL_TOKEN_MAX], said[200];
	size_t n;

	snprintf(said, sizeof said, "YWxpY2VAZXhhbXBsZS5vcmc.%lld.aaaaaaaaaaaaaaaa", (long long)(NOON / SECOND_US + 160));
	sign(said, token);
	n = strlen(token);
	for (size_t i = 0; i < n; i++) {
		char kept = token[i];

		token[i] = kept == 'a' ? 'b' : 'a';
		assert_false(panel_take(panel, text_of(token), NOON + 100 * SECOND_US, account));
		token[i] = kept;
		assert_false(panel_take(panel, (struct text){ token, i }, NOON + 100 * SECOND_US, account));
	}
	assert_true(panel_take(panel, text_of(token), NOON + 100 * SECOND_US, account));
	panel_free(panel);
}

/* ---- languages */

static void the_browser_says_which_language(void **state)
{
	static const struct {
		const char *field;
		enum language language;
	} rows[] = {
		{ "", LANGUAGE_ENGLISH },
		{ "ja", LANGUAGE_JAPANESE },
		{ "ja-JP", LANGUAGE_JAPANESE },
		{ "JA-jp;q=0.9", LANGUAGE_JAPANESE },
		{ "en-US,en;q=0.9,ja;q=0.8", LANGUAGE_ENGLISH },
		{ "de,ja;q=0.3,en;q=0.2", LANGUAGE_JAPANESE },
		{ "ja;q=0.2,en;q=0.3", LANGUAGE_ENGLISH },
		{ "ja;q=0", LANGUAGE_ENGLISH },
		{ "jav", LANGUAGE_ENGLISH },
		{ "de,fr", LANGUAGE_ENGLISH },
		{ ",,;q=;;,ja;q=x,", LANGUAGE_ENGLISH },
		{ "*", LANGUAGE_ENGLISH },
		{ "ja;q=0.0001,en;q=0", LANGUAGE_ENGLISH },
		{ "ja;q=1.0,en;q=0.999", LANGUAGE_JAPANESE },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (language_accepted(text_of(rows[i].field), LANGUAGE_ENGLISH) != rows[i].language)
			fail_msg("'%s'", rows[i].field);
	assert_int_equal(language_find(TEXT("ja")), LANGUAGE_JAPANESE);
	assert_int_equal(language_find(TEXT("../ja")), LANGUAGES);
}

/* ---- who is believed about addresses */

static void only_proxies_are_believed(void **state)
{
	static const struct {
		const char *peer, *forwarded, *seen; /* peer NULL: over a unix socket */
	} rows[] = {
		{ "198.51.100.1", "", "198.51.100.1" },
		{ "198.51.100.1", "203.0.113.9", "198.51.100.1" }, /* anybody can write that */
		{ "10.0.0.1", "203.0.113.9", "203.0.113.9" },
		{ "10.0.0.1", "192.0.2.1, 203.0.113.9", "203.0.113.9" },
		{ "10.0.0.1", "192.0.2.1, 203.0.113.9, 10.0.0.2", "203.0.113.9" },
		{ "10.0.0.1", "192.0.2.1, rubbish", "10.0.0.1" },
		{ "10.0.0.1", "10.0.0.2", "10.0.0.2" },
		{ "10.0.0.1", "", "10.0.0.1" },
		{ "10.0.0.1", ",,,", "10.0.0.1" },
		{ "10.0.0.1", "2001:db8::7", "2001:db8::7" },
		{ NULL, "203.0.113.9", "203.0.113.9" },
		{ NULL, "", NULL },
	};
	struct ip items[] = { ip_of("10.0.0.1"), ip_of("10.0.0.2") };
	struct config_addresses proxies = { items, 2, 2 };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sockaddr_in address = { .sin_family = AF_INET };
		struct ip seen, wanted = { { 0 } };

		if (rows[i].peer)
			inet_pton(AF_INET, rows[i].peer, &address.sin_addr);
		if (rows[i].seen)
			wanted = ip_of(rows[i].seen);
		http_peer(&proxies, rows[i].peer ? (const struct sockaddr *)&address : NULL, !rows[i].peer, text_of(rows[i].forwarded), &seen);
		if (!ip_equal(&seen, &wanted))
			fail_msg("row %zu", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_are_read_or_refused),
		cmocka_unit_test(a_form_has_so_many_fields),
		cmocka_unit_test(cookies_are_found_by_their_whole_name),
		cmocka_unit_test(a_network_has_a_share_of_the_house),
		cmocka_unit_test(the_one_that_never_spoke_makes_room),
		cmocka_unit_test(a_session_lasts_half_an_hour),
		cmocka_unit_test(an_account_has_few_sessions_and_all_end_at_once),
		cmocka_unit_test(memory_of_sessions_does_not_grow),
		cmocka_unit_test(a_token_is_of_its_number_alone),
		cmocka_unit_test(an_address_asks_so_often_and_then_waits),
		cmocka_unit_test(a_network_of_ipv6_counts_as_one),
		cmocka_unit_test(strangers_are_not_held_against_each_other),
		cmocka_unit_test(a_key_has_to_be_long),
		cmocka_unit_test(a_word_is_good_once_and_for_a_minute),
		cmocka_unit_test(a_word_that_was_changed_is_none),
		cmocka_unit_test(the_browser_says_which_language),
		cmocka_unit_test(only_proxies_are_believed),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
