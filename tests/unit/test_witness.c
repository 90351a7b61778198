/* SPDX-License-Identifier: Apache-2.0 */
/* Several see the same login; it counts once. */
#include "gate/witness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "gate/modes.h"

#define T0 (1000 * SECOND_US)

/* one after the other, of one kind of login unless something else is said */
struct told {
	enum witness who;
	int64_t after_s;
	uint32_t count, news;
	unsigned kind; /* 1: another account, 2: another address, 4: it failed, 8: over IMAP */
};

static struct event login_of(const struct told *told)
{
	struct event event = {
		.t_us = T0 + told->after_s * SECOND_US,
		.kind = EVENT_AUTH,
		.account_key = told->kind & 1 ? 77 : 55,
		.ok = !(told->kind & 4),
		.protocol = told->kind & 8 ? PROTOCOL_IMAP : PROTOCOL_SMTP,
		.count = told->count,
	};

	assert_true(ip_parse(told->kind & 2 ? TEXT("192.0.2.9") : TEXT("192.0.2.1"), &event.ip));
	return event;
}

static void hear(const struct told *told, size_t count)
{
	struct witnesses *witnesses = witnesses_new();

	for (size_t i = 0; i < count; i++) {
		struct event event = login_of(&told[i]);

		assert_int_equal(witnesses_hear(witnesses, told[i].who, &event), told[i].news);
	}
	witnesses_free(witnesses);
}

#define HEAR(...) hear((const struct told[]){ __VA_ARGS__ }, sizeof((const struct told[]){ __VA_ARGS__ }) / sizeof(struct told))

static void three_see_one_login(void **state)
{
	HEAR({ WITNESS_AUTH, 0, 1, 1, 0 }, { WITNESS_POLICY, 0, 1, 0, 0 }, { WITNESS_LOG, 1, 1, 0, 0 });
}

static void the_log_is_first(void **state)
{
	HEAR({ WITNESS_LOG, 0, 1, 1, 0 }, { WITNESS_AUTH, 1, 1, 0, 0 });
}

static void two_logins_are_two(void **state)
{
	HEAR({ WITNESS_AUTH, 0, 1, 1, 0 }, { WITNESS_AUTH, 1, 1, 1, 0 }, { WITNESS_LOG, 2, 1, 0, 0 }, { WITNESS_LOG, 2, 1, 0, 0 },
	     { WITNESS_LOG, 3, 1, 1, 0 });
}

static void one_line_tells_of_three_failures(void **state)
{
	HEAR({ WITNESS_AUTH, 0, 1, 1, 4 }, { WITNESS_LOG, 5, 3, 2, 4 });
}

static void who_sees_only_some_adds_nothing(void **state)
{
	HEAR({ WITNESS_LOG, 0, 3, 3, 4 }, { WITNESS_AUTH, 0, 1, 0, 4 }, { WITNESS_AUTH, 0, 1, 0, 4 }, { WITNESS_AUTH, 1, 1, 0, 4 },
	     { WITNESS_AUTH, 2, 1, 1, 4 });
}

static void other_logins_are_others(void **state)
{
	HEAR({ WITNESS_AUTH, 0, 1, 1, 0 }, { WITNESS_LOG, 0, 1, 1, 1 }, { WITNESS_LOG, 0, 1, 1, 2 }, { WITNESS_LOG, 0, 1, 1, 4 },
	     { WITNESS_LOG, 0, 1, 1, 8 }, { WITNESS_LOG, 0, 1, 0, 0 });
}

static void minutes_later_it_is_another(void **state)
{
	HEAR({ WITNESS_AUTH, 0, 1, 1, 0 }, { WITNESS_LOG, 119, 1, 0, 0 }, { WITNESS_LOG, 300, 1, 1, 0 });
}

static void a_clock_that_goes_back(void **state)
{
	HEAR({ WITNESS_AUTH, 500, 1, 1, 0 }, { WITNESS_LOG, 480, 1, 0, 0 }, { WITNESS_AUTH, 0, 1, 1, 0 });
}

/* ---- modes */

static void a_domain_goes_as_far_as_was_said(void **state)
{
	struct modes *modes = modes_new(DESK_OBSERVE);

	assert_true(modes_set(modes, TEXT("Example.org"), DESK_ENFORCE));
	assert_true(modes_set(modes, TEXT("example.com"), DESK_LEARN));
	assert_int_equal(modes_of(modes, TEXT("alice@example.org")), DESK_ENFORCE);
	assert_int_equal(modes_of(modes, TEXT("\"a@b\"@EXAMPLE.ORG")), DESK_ENFORCE);
	assert_int_equal(modes_of(modes, TEXT("bob@example.com")), DESK_LEARN);
	assert_int_equal(modes_of(modes, TEXT("bob@sub.example.com")), DESK_OBSERVE);
	assert_int_equal(modes_of(modes, TEXT("bob")), DESK_OBSERVE);
	assert_true(modes_set(modes, TEXT_NONE, DESK_ENFORCE));
	assert_int_equal(modes_of(modes, TEXT("bob")), DESK_ENFORCE);
	assert_int_equal(modes_of(modes, TEXT("bob@example.com")), DESK_LEARN);
	modes_free(modes);
}

static void a_name_that_is_too_long(void **state)
{
	char name[MODES_DOMAIN_MAX + 2];
	struct modes *modes = modes_new(DESK_OBSERVE);

	memset(name, 'a', sizeof name);
	assert_false(modes_set(modes, (struct text){ name, sizeof name }, DESK_ENFORCE));
	assert_int_equal(modes_of(modes, (struct text){ name, sizeof name }), DESK_OBSERVE);
	modes_free(modes);
}

static void a_message_that_postfix_asked_about(void **state)
{
	struct witnesses *witnesses = witnesses_new();

	witnesses_asked(witnesses, TEXT("4jXMx15fzFz1cs1T"));
	assert_true(witnesses_was_asked(witnesses, TEXT("4jXMx15fzFz1cs1T")));
	assert_false(witnesses_was_asked(witnesses, TEXT("4jXMx15fzFz1cs1U")));
	witnesses_free(witnesses);
}

static void names_of_modes(void **state)
{
	enum desk_mode mode = DESK_LEARN;

	assert_true(modes_parse(TEXT("enforce"), &mode));
	assert_int_equal(mode, DESK_ENFORCE);
	assert_false(modes_parse(TEXT("Enforce"), &mode));
	assert_false(modes_parse(TEXT(""), &mode));
	assert_int_equal(mode, DESK_ENFORCE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_see_one_login),
		cmocka_unit_test(the_log_is_first),
		cmocka_unit_test(two_logins_are_two),
		cmocka_unit_test(one_line_tells_of_three_failures),
		cmocka_unit_test(who_sees_only_some_adds_nothing),
		cmocka_unit_test(other_logins_are_others),
		cmocka_unit_test(minutes_later_it_is_another),
		cmocka_unit_test(a_clock_that_goes_back),
		cmocka_unit_test(a_message_that_postfix_asked_about),
		cmocka_unit_test(a_domain_goes_as_far_as_was_said),
		cmocka_unit_test(a_name_that_is_too_long),
		cmocka_unit_test(names_of_modes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
