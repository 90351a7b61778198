/* SPDX-License-Identifier: Apache-2.0 */
/* When accounts were last used, and by what. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/memory.h"
#include "base/when.h"
#include "state/used.h"

static struct used *used;

static int begin(void **state)
{
	used = used_new();
	return 0;
}

static int end(void **state)
{
	used_free(used);
	return 0;
}

static void note(uint32_t account, enum event_kind kind, bool ok, int64_t t_us)
{
	used_note(used, &(struct event){ .t_us = t_us, .kind = (uint8_t)kind, .ok = ok, .account = account, .count = 1 });
}

static void by_logins_that_work_and_mail(void **state)
{
	assert_true(used_since(used) == WHEN_NONE);
	note(1, EVENT_AUTH, false, 100 * SECOND_US);
	note(1, EVENT_BOUNCE, false, 110 * SECOND_US);
	note(1, EVENT_OUTCOME, false, 120 * SECOND_US);
	assert_true(used_last(used, 1) == WHEN_NONE);
	assert_true(used_since(used) == WHEN_NONE);
	note(1, EVENT_AUTH, true, 200 * SECOND_US + 7);
	assert_int_equal(used_last(used, 1), 200 * SECOND_US);
	note(1, EVENT_SUBMIT, false, 300 * SECOND_US);
	assert_int_equal(used_last(used, 1), 300 * SECOND_US);
	note(1, EVENT_AUTH, true, 150 * SECOND_US); /* told late */
	assert_int_equal(used_last(used, 1), 300 * SECOND_US);
	assert_int_equal(used_since(used), 150 * SECOND_US);
	note(ACCOUNT_NONE, EVENT_SUBMIT, false, 50 * SECOND_US);
	assert_int_equal(used_since(used), 150 * SECOND_US);
	note(5000, EVENT_AUTH, true, 400 * SECOND_US);
	assert_int_equal(used_last(used, 5000), 400 * SECOND_US);
	assert_true(used_last(used, 4999) == WHEN_NONE);
	assert_true(used_last(used, 5000000) == WHEN_NONE);
	used_forget(used, 5000);
	used_forget(used, 5000000);
	assert_true(used_last(used, 5000) == WHEN_NONE);
}

static void times_that_can_be_none(void **state)
{
	note(1, EVENT_AUTH, true, 0);
	note(1, EVENT_AUTH, true, -5 * SECOND_US);
	note(1, EVENT_AUTH, true, INT64_MAX);
	assert_true(used_last(used, 1) == WHEN_NONE);
}

/* ---- a picture in memory */

static struct {
	char bytes[1 << 16];
	size_t n, at;
} picture;

static bool put(void *context, const void *bytes, size_t n)
{
	assert_true(picture.n + n <= sizeof picture.bytes);
	memcpy(picture.bytes + picture.n, bytes, n);
	picture.n += n;
	return true;
}

static bool get(void *context, void *to, size_t n)
{
	if (picture.at + n > picture.n)
		return false;
	memcpy(to, picture.bytes + picture.at, n);
	picture.at += n;
	return true;
}

static bool comes_back(uint32_t accounts)
{
	struct image_out out = { .put = put };
	struct image_in in = { .get = get };
	struct error error = { "" };

	picture.n = picture.at = 0;
	used_save(used, &out);
	assert_true(image_finish(&out));
	used_free(used);
	used = used_new();
	return used_load(used, &in, accounts, &error);
}

static void over_a_restart(void **state)
{
	assert_true(comes_back(0));
	note(3, EVENT_AUTH, true, 300 * SECOND_US);
	note(2000, EVENT_AUTH, true, 400 * SECOND_US);
	assert_true(comes_back(2000));
	assert_int_equal(used_last(used, 3), 300 * SECOND_US);
	assert_int_equal(used_last(used, 2000), 400 * SECOND_US);
	assert_int_equal(used_since(used), 300 * SECOND_US);
	assert_false(comes_back(1999)); /* of accounts that are none */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(by_logins_that_work_and_mail, begin, end),
		cmocka_unit_test_setup_teardown(times_that_can_be_none, begin, end),
		cmocka_unit_test_setup_teardown(over_a_restart, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
