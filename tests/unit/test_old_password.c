/* SPDX-License-Identifier: Apache-2.0 */
/* Devices that go on trying an old password, beside people who guess, told as a trace, judged as everywhere: what it makes of each. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

#include "engine/engine.h"
#include "evidence/evidence.h"
#include "intake/trace.h"

#define HOME "203.0.113.7"
#define ABROAD "198.51.100.20"
enum { BEGAN_S = 1795000000, DAY_S = 86400, HALF_HOUR_S = 1800 };

static struct accounts *accounts;
static struct trace *trace;
static struct engine *engine;
static struct verdict verdict;
static int64_t now_s;

static int begin(void **state)
{
	accounts = accounts_new("example.jp");
	trace = trace_new(accounts);
	engine = engine_new(&(struct engine_options){ .limits = { .suspect_bits = 5, .hold_bits = 11, .lock_bits = 22 }, .live = true });
	now_s = BEGAN_S;
	return 0;
}

static int end(void **state)
{
	engine_free(engine);
	trace_free(trace);
	accounts_free(accounts);
	return 0;
}

/* `password` NULL: whoever tells does not know */
static void login(const char *name, const char *ip, const char *country, bool ok, const char *password)
{
	struct trace_event told;
	struct error error;
	char line[512], pwhash[80] = "";

	if (password)
		snprintf(pwhash, sizeof pwhash, ", \"pwhash\": \"%s\"", password);
	snprintf(line, sizeof line, "{\"t\": %lld, \"ev\": \"auth\", \"account\": \"%s\", \"ip\": \"%s\", \"country\": \"%s\", \"asn\": %u, \"ok\": %s%s}",
		 (long long)now_s, name, ip, country, country[0] == 'J' ? 2516u : 64500u, ok ? "true" : "false", pwhash);
	assert_true(trace_line(trace, text_of(line), &told, &error));
	engine_event(engine, &told.event, &verdict);
	now_s += HALF_HOUR_S;
}

static void lives(const char *name)
{
	now_s = BEGAN_S;
	for (unsigned day = 0; day < 20; day++) {
		now_s = BEGAN_S + day * DAY_S;
		login(name, HOME, "JP", true, "00aa");
	}
}

static float guessed(const char *name)
{
	uint64_t key;
	const struct profile *profile = profiles_peek(engine_profiles(engine), accounts_find(accounts, text_of(name), &key));

	assert_non_null(profile);
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		if (strcmp(signals[i]->name, "guessed") == 0)
			return profile_bits(profile, i);
	fail_msg("there is no such signal");
	return 0;
}

/* three days, each half hour; then with the right one, from the same place */
static float after_three_days(const char *const *passwords, size_t count)
{
	lives("alice@example.jp");
	for (unsigned i = 0; i < 144; i++)
		login("alice@example.jp", ABROAD, "TH", false, passwords ? passwords[i % count] : NULL);
	login("alice@example.jp", ABROAD, "TH", true, "00bb");
	return guessed("alice@example.jp");
}

static void a_telephone_with_the_old_password(void **state)
{
	static const char *const old[] = { "0f0f" };

	assert_float_equal(after_three_days(old, 1), 0, 0.01);
}

static void two_devices_on_the_journey(void **state)
{
	static const char *const old[] = { "0f0f", "0e0e" };

	assert_float_equal(after_three_days(old, 2), 0, 0.01);
}

static void a_guesser(void **state)
{
	static char words[144][8];
	static const char *passwords[144];

	for (unsigned i = 0; i < 144; i++) {
		snprintf(words[i], sizeof words[i], "%04x", i * 28 + 1);
		passwords[i] = words[i];
	}
	assert_true(after_three_days(passwords, 144) >= 5);
}

static void who_does_not_say_what_was_tried(void **state)
{
	assert_true(after_three_days(NULL, 0) >= 5);
}

/* a botnet with one list: what one network tried, another tries again. Each of them is known for it. */
static void the_same_list_from_elsewhere(void **state)
{
	static const char *const places[] = { "192.0.2.1", "198.18.5.1", "198.51.100.20" };
	char name[40], word[8];

	for (unsigned i = 0; i < 6; i++) {
		snprintf(name, sizeof name, "user%u@example.jp", i);
		lives(name);
	}
	for (unsigned place = 0; place < 3; place++)
		for (unsigned i = 0; i < 30; i++) {
			snprintf(name, sizeof name, "user%u@example.jp", i % 6);
			snprintf(word, sizeof word, "%04x", i + 1);
			login(name, places[place], "TH", false, word);
		}
	login("user3@example.jp", ABROAD, "TH", true, "00bb");
	assert_true(guessed("user3@example.jp") >= 7);
}

/* Six devices with old passwords in one house, whose people log in with the right ones too, but more seldom: nobody sprays there, whoever
 * comes to it. Returns what stands against a guest. */
static float house(bool told)
{
	char name[40], old[8];

	for (unsigned i = 0; i < 6; i++) {
		snprintf(name, sizeof name, "user%u@example.jp", i);
		lives(name);
	}
	lives("guest@example.jp");
	for (unsigned i = 0; i < 300; i++) {
		snprintf(name, sizeof name, "user%u@example.jp", i % 6);
		snprintf(old, sizeof old, "0f0%u", i % 6);
		now_s -= HALF_HOUR_S - 60;
		login(name, ABROAD, "JP", false, told ? old : NULL);
		now_s -= HALF_HOUR_S - 60;
		if (i < 12 || i % 12 < 2)
			login(name, ABROAD, "JP", true, "00aa");
	}
	login("guest@example.jp", ABROAD, "JP", true, "00aa");
	return guessed("guest@example.jp");
}

static void a_house_of_old_passwords(void **state) { assert_float_equal(house(true), 0, 0.01); }
static void a_house_that_nobody_knows_of(void **state) { assert_true(house(false) >= 7); }

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_telephone_with_the_old_password, begin, end),
		cmocka_unit_test_setup_teardown(two_devices_on_the_journey, begin, end),
		cmocka_unit_test_setup_teardown(a_guesser, begin, end),
		cmocka_unit_test_setup_teardown(who_does_not_say_what_was_tried, begin, end),
		cmocka_unit_test_setup_teardown(the_same_list_from_elsewhere, begin, end),
		cmocka_unit_test_setup_teardown(a_house_of_old_passwords, begin, end),
		cmocka_unit_test_setup_teardown(a_house_that_nobody_knows_of, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
