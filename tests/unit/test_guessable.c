/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords that work, tried as a guesser would: what is told of them, how often, and what is not concluded. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "gate/guessable.h"

static uv_loop_t loop;
static struct guessable *guessable;
static const char *const names[] = { "Sakuraya", NULL };

static struct {
	uint32_t account;
	enum password_fault fault;
	unsigned times;
} told;

static void found(void *context, uint32_t account, enum password_fault fault)
{
	told.account = account;
	told.fault = fault;
	told.times++;
}

static int begin(void **state)
{
	uv_loop_init(&loop);
	told.times = 0;
	guessable = guessable_new(&loop, "of-the-test", names, found, NULL);
	return 0;
}

static int end(void **state)
{
	guessable_close(guessable);
	uv_run(&loop, UV_RUN_DEFAULT);
	return uv_loop_close(&loop);
}

/* as Dovecot does it */
static void hash(const char *login, const char *password, char hex[GUESSABLE_HASH_DIGITS + 1])
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const unsigned char *)"of-the-test", 11);
	crypto_hash_sha256_update(&state, (const unsigned char *)login, strlen(login) + 1);
	crypto_hash_sha256_update(&state, (const unsigned char *)password, strlen(password));
	crypto_hash_sha256_final(&state, digest);
	sodium_bin2hex(hex, GUESSABLE_HASH_DIGITS + 1, digest, sizeof digest);
}

static bool logs_in(uint32_t account, const char *login, const char *password)
{
	char hex[GUESSABLE_HASH_DIGITS + 1];

	hash(login, password, hex);
	return guessable_login(guessable, account, text_of(login), text_of(login), text_of(hex));
}

static enum password_fault fault_of(const char *password)
{
	static uint32_t account;

	assert_true(logs_in(++account, "yamada@sakuraya.example", password));
	uv_run(&loop, UV_RUN_DEFAULT);
	return guessable_fault(guessable, account);
}

static void by_the_rule_that_refuses_it(void **state)
{
	assert_int_equal(fault_of("1234qwer"), PASSWORD_ROW);
	assert_int_equal(fault_of("yamada123"), PASSWORD_OF_ADDRESS);
	assert_int_equal(fault_of("password"), PASSWORD_WORD);
	assert_int_equal(fault_of("kQ7-vmp2.xw9"), PASSWORD_FAULTS);
	assert_int_equal(fault_of("correct horse battery staple"), PASSWORD_FAULTS);
	assert_int_equal(fault_of(""), PASSWORD_FAULTS);
}

static void told_once_and_taken_back(void **state)
{
	for (unsigned i = 0; i < 5; i++) {
		assert_true(logs_in(3, "yamada@sakuraya.example", "yamada123"));
		uv_run(&loop, UV_RUN_DEFAULT);
	}
	assert_int_equal(told.times, 1);
	assert_int_equal(told.account, 3);
	assert_int_equal(told.fault, PASSWORD_OF_ADDRESS);
	assert_true(logs_in(3, "yamada@sakuraya.example", "kQ7-vmp2.xw9"));
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(told.times, 2);
	assert_int_equal(told.fault, PASSWORD_FAULTS);
	assert_int_equal(guessable_fault(guessable, 3), PASSWORD_FAULTS);
	assert_int_equal(guessable_fault(guessable, 100000), PASSWORD_FAULTS);
}

/* what was known before a restart is no news, and goes when the password does */
static void as_before_a_restart(void **state)
{
	guessable_note(guessable, 5000, PASSWORD_ROW);
	assert_int_equal(guessable_fault(guessable, 5000), PASSWORD_ROW);
	assert_true(logs_in(5000, "yamada@sakuraya.example", "1234qwer"));
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(told.times, 0);
	guessable_note(guessable, 5000, PASSWORD_FAULTS);
	assert_int_equal(guessable_fault(guessable, 5000), PASSWORD_FAULTS);
}

/* 4,096 values: of as many words one fits anybody's password */
static void of_a_part_nothing_is_concluded(void **state)
{
	static const char *const parts[] = { "", "0a1b", "034a", "92aac230d63b4fbdb2ee269be2adadbc78f5767bc0e9c79e24597cb45798804",
					     "92aac230d63b4fbdb2ee269be2adadbc78f5767bc0e9c79e24597cb4579880421",
					     "92aac230d63b4fbdb2ee269be2adadbc78f5767bc0e9c79e24597cb45798804g",
					     "92aac230d63b4fbdb2ee269be2adadbc78f5767bc0e9c79e24597cb45798804\xff" };

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		assert_false(guessable_login(guessable, 1, TEXT("a@b.example"), TEXT("a@b.example"), text_of(parts[i])));
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(told.times, 0);
}

/* more than may wait are left for their next login */
static void a_crowd(void **state)
{
	unsigned weak = 0;

	for (unsigned round = 0; round < 3; round++) {
		for (uint32_t account = 1; account <= 2 * GUESSABLE_WAITING_MAX / 10 * 10; account++)
			assert_true(logs_in(account, "yamada@sakuraya.example", account % 100 ? "kQ7-vmp2.xw9" : "1234qwer"));
		uv_run(&loop, UV_RUN_DEFAULT);
	}
	for (uint32_t account = 1; account <= 2 * GUESSABLE_WAITING_MAX; account++)
		weak += guessable_fault(guessable, account) == PASSWORD_ROW;
	assert_int_equal(weak, 2 * GUESSABLE_WAITING_MAX / 100);
}

static void closed_while_it_tries(void **state)
{
	for (uint32_t account = 1; account <= 50; account++)
		assert_true(logs_in(account, "yamada@sakuraya.example", "1234qwer"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(by_the_rule_that_refuses_it, begin, end),
		cmocka_unit_test_setup_teardown(told_once_and_taken_back, begin, end),
		cmocka_unit_test_setup_teardown(as_before_a_restart, begin, end),
		cmocka_unit_test_setup_teardown(of_a_part_nothing_is_concluded, begin, end),
		cmocka_unit_test_setup_teardown(a_crowd, begin, end),
		cmocka_unit_test_setup_teardown(closed_while_it_tries, begin, end),
	};

	return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
