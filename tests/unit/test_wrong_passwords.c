/* SPDX-License-Identifier: Apache-2.0 */
/* An old password that a device goes on trying, and guessing: told apart, in fixed memory. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

#include "state/wrong_passwords.h"

static struct wrong_passwords *passwords;
static int64_t now_us;

static int begin(void **state)
{
	passwords = wrong_passwords_new();
	now_us = 1795000000 * SECOND_US;
	return 0;
}

static int end(void **state)
{
	wrong_passwords_free(passwords);
	return 0;
}

static enum event_repeat tries(uint32_t account, const char *ip, const char *pwhash)
{
	struct event event = { .t_us = now_us, .kind = EVENT_AUTH, .account = account, .count = 1 };

	assert_true(ip_parse(text_of(ip), &event.ip));
	now_us += MINUTE_US;
	return wrong_passwords_hear(passwords, &event, text_of(pwhash));
}

static void the_same_again(void **state)
{
	assert_int_equal(tries(1, "203.0.113.7", "0a1b"), REPEAT_NOT);
	assert_int_equal(tries(1, "203.0.113.7", "0a1b"), REPEAT_HERE);
	assert_int_equal(tries(1, "203.0.113.200", "0a1b"), REPEAT_HERE); /* the same /24 */
	assert_int_equal(tries(1, "198.51.100.4", "0a1b"), REPEAT_ELSEWHERE);
	assert_int_equal(tries(1, "198.51.100.4", "0a1b"), REPEAT_HERE);
	assert_int_equal(tries(1, "203.0.113.7", "0a1b"), REPEAT_HERE);
	assert_int_equal(tries(1, "2001:db8:1::5", "0a1b"), REPEAT_ELSEWHERE);
	assert_int_equal(tries(1, "2001:db8:1:77::9", "0a1b"), REPEAT_HERE); /* the same /48 */
}

static void other_passwords_and_accounts(void **state)
{
	assert_int_equal(tries(1, "203.0.113.7", "0a1b"), REPEAT_NOT);
	assert_int_equal(tries(1, "203.0.113.7", "0a1c"), REPEAT_NOT);
	assert_int_equal(tries(2, "203.0.113.7", "0a1b"), REPEAT_NOT);
	assert_int_equal(tries(1, "203.0.113.7", ""), REPEAT_NOT);
	assert_int_equal(tries(1, "203.0.113.7", ""), REPEAT_NOT); /* nobody knows what it was */
	assert_int_equal(tries(ACCOUNT_NONE, "203.0.113.7", "0a1b"), REPEAT_NOT);
	assert_int_equal(tries(ACCOUNT_NONE, "203.0.113.7", "0a1b"), REPEAT_NOT);
}

static void a_guesser_does_not_push_it_out(void **state)
{
	char pwhash[16];

	assert_int_equal(tries(1, "203.0.113.7", "01d0"), REPEAT_NOT);
	assert_int_equal(tries(1, "203.0.113.7", "01d0"), REPEAT_HERE);
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(pwhash, sizeof pwhash, "%08x", i);
		assert_int_equal(tries(1, "192.0.2.66", pwhash), REPEAT_NOT);
	}
	assert_int_equal(tries(1, "203.0.113.7", "01d0"), REPEAT_HERE);
}

static void what_is_not_tried_any_more_is_forgotten(void **state)
{
	assert_int_equal(tries(1, "203.0.113.7", "0a1b"), REPEAT_NOT);
	now_us += WRONG_PASSWORDS_US - HOUR_US;
	assert_int_equal(tries(1, "203.0.113.7", "0a1b"), REPEAT_HERE);
	now_us += WRONG_PASSWORDS_US + HOUR_US;
	assert_int_equal(tries(1, "203.0.113.7", "0a1b"), REPEAT_NOT);
}

static void devices_are_told(void **state)
{
	struct wrong_passwords_device devices[WRONG_PASSWORDS_EACH];
	struct ip ip;

	tries(7, "203.0.113.7", "0a1b");
	tries(7, "203.0.113.7", "0a1b");
	assert_int_equal(wrong_passwords_devices(passwords, 7, devices), 0); /* twice is mistyping */
	tries(7, "203.0.113.9", "0a1b");
	for (unsigned i = 0; i < 5; i++)
		tries(7, "198.51.100.1", "ffff");
	tries(7, "198.51.100.1", "eeee");
	assert_int_equal(wrong_passwords_devices(passwords, 7, devices), 2);
	assert_int_equal(devices[0].times, 5);
	assert_int_equal(devices[1].times, 3);
	assert_int_equal(devices[1].last_us - devices[1].first_us, 2 * MINUTE_US);
	assert_true(ip_parse(TEXT("203.0.113.9"), &ip) && ip_equal(&ip, &devices[1].ip));
	assert_int_equal(wrong_passwords_devices(passwords, 8, devices), 0);
}

/* other kinds of events are none of its business */
static void only_failures(void **state)
{
	struct event event = { .t_us = now_us, .kind = EVENT_AUTH, .ok = true, .account = 1, .count = 1 };

	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(wrong_passwords_hear(passwords, &event, TEXT("0a1b")), REPEAT_NOT);
	event.ok = false;
	event.kind = EVENT_SUBMIT;
	assert_int_equal(wrong_passwords_hear(passwords, &event, TEXT("0a1b")), REPEAT_NOT);
	event.kind = EVENT_AUTH;
	assert_int_equal(wrong_passwords_hear(passwords, &event, TEXT("0a1b")), REPEAT_NOT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_same_again, begin, end),
		cmocka_unit_test_setup_teardown(other_passwords_and_accounts, begin, end),
		cmocka_unit_test_setup_teardown(a_guesser_does_not_push_it_out, begin, end),
		cmocka_unit_test_setup_teardown(what_is_not_tried_any_more_is_forgotten, begin, end),
		cmocka_unit_test_setup_teardown(devices_are_told, begin, end),
		cmocka_unit_test_setup_teardown(only_failures, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
