/* SPDX-License-Identifier: Apache-2.0 */
/* The header that mail is sent with: what comes back is known again, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>

#include "attribution/seal.h"
#include "base/when.h"

static const unsigned char key[SEAL_KEY_BYTES] = { 1, 2, 3 }, other_key[SEAL_KEY_BYTES] = { 1, 2, 4 };
#define SENT (1795348800 * SECOND_US)

static void is_known_again(void **state)
{
	char value[SEAL_VALUE_MAX], folded[2 * SEAL_VALUE_MAX];
	struct seal seal;
	size_t n = 0;

	assert_true(seal_make(key, TEXT("hanako@example.jp"), TEXT("4ZAB12cdEFz1"), SENT + 7, value));
	assert_true(seal_open(key, text_of(value), &seal));
	assert_string_equal(seal.account, "hanako@example.jp");
	assert_string_equal(seal.queue_id, "4ZAB12cdEFz1");
	assert_true(seal.t_us == SENT);
	for (size_t i = 0; value[i]; i++) { /* as servers fold it */
		folded[n++] = value[i];
		if (i > 2 && i % 20 == 0) {
			memcpy(folded + n, "\r\n\t", 3);
			n += 3;
		}
	}
	assert_true(seal_open(key, (struct text){ folded, n }, &seal));
	assert_string_equal(seal.account, "hanako@example.jp");
	assert_false(text_holds(text_of(value), TEXT("hanako")));
}

static void nothing_else_is(void **state)
{
	char value[SEAL_VALUE_MAX], changed[SEAL_VALUE_MAX];
	struct seal seal = { .account = "as before" };

	assert_true(seal_make(key, TEXT("hanako@example.jp"), TEXT("4ZAB12cdEFz1"), SENT, value));
	assert_false(seal_open(other_key, text_of(value), &seal));
	for (size_t i = 0; value[i]; i++) {
		memcpy(changed, value, sizeof changed);
		changed[i] = changed[i] == 'A' ? 'Q' : 'A';
		assert_false(seal_open(key, text_of(changed), &seal));
		assert_false(seal_open(key, (struct text){ value, i }, &seal));
	}
	assert_false(seal_open(key, TEXT_NONE, &seal));
	assert_string_equal(seal.account, "as before");
}

static void has_room_for_the_longest(void **state)
{
	char account[SEAL_ACCOUNT_MAX + 1], queue_id[SEAL_QUEUE_ID_MAX + 1], value[SEAL_VALUE_MAX];
	struct seal seal;

	memset(account, 'a', sizeof account);
	memset(queue_id, 'Z', sizeof queue_id);
	assert_true(seal_make(key, (struct text){ account, SEAL_ACCOUNT_MAX - 1 }, (struct text){ queue_id, SEAL_QUEUE_ID_MAX - 1 }, SENT, value));
	assert_true(seal_open(key, text_of(value), &seal));
	assert_int_equal(strlen(seal.account), SEAL_ACCOUNT_MAX - 1);
	assert_false(seal_make(key, (struct text){ account, SEAL_ACCOUNT_MAX }, TEXT("1"), SENT, value));
	assert_false(seal_make(key, TEXT("a"), (struct text){ queue_id, SEAL_QUEUE_ID_MAX }, SENT, value));
	assert_false(seal_make(key, TEXT_NONE, TEXT("1"), SENT, value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_known_again),
		cmocka_unit_test(nothing_else_is),
		cmocka_unit_test(has_room_for_the_longest),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
