/* SPDX-License-Identifier: Apache-2.0 */
/* Networks of weeks past: what was used now and then is no news, for reading and sending apart. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "state/visited.h"

enum { ALICE = 1, BOB, EXIT = 9009, OTHER_EXIT = 20473 };

static struct event on_day(int day, enum event_kind kind, uint32_t account)
{
	return (struct event){ .t_us = (20000 + day) * DAY_US + 9 * HOUR_US, .kind = (uint8_t)kind, .ok = true, .account = account };
}

static void is_often_after_two_visits_some_days_apart(void **state)
{
	/* she reads on two days, and sends on one */
	static const struct { int read[2], sent, asked; bool to_read, to_send; } cases[] = {
		{ { 0, 0 }, 0, 1, false, false },   /* that was one visit */
		{ { 0, 1 }, 1, 1, false, false },   /* that too: two days are one span */
		{ { 0, 2 }, 2, 2, false, false },   /* today's is no earlier one */
		{ { 0, 2 }, 2, 4, true, false },    /* to have read there is not to have sent there */
		{ { 0, 2 }, 2, 28, true, false },
		{ { 0, 2 }, 2, 31, false, false },  /* four weeks ago */
		{ { 20, 26 }, 26, 40, true, false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct known *known = known_new();
		struct event sent = on_day(cases[i].sent, EVENT_SUBMIT, ALICE), asked;

		for (size_t k = 0; k < 2; k++) {
			struct event read = on_day(cases[i].read[k], EVENT_AUTH, ALICE);

			visited_note(known, &read, EXIT);
		}
		visited_note(known, &sent, EXIT);
		asked = on_day(cases[i].asked, EVENT_AUTH, ALICE);
		if (visited_often(known, &asked, EXIT) != cases[i].to_read)
			fail_msg("%zu, reading", i);
		asked.kind = EVENT_SUBMIT;
		if (visited_often(known, &asked, EXIT) != cases[i].to_send)
			fail_msg("%zu, sending", i);
		known_free(known);
	}
}

static void says_nothing_of_others(void **state)
{
	struct known *known = known_new();
	struct event asked = on_day(10, EVENT_SUBMIT, ALICE), of_bob = on_day(10, EVENT_SUBMIT, BOB);

	for (int day = 0; day < 8; day += 2) {
		struct event sent = on_day(day, EVENT_SUBMIT, ALICE);

		visited_note(known, &sent, EXIT);
	}
	assert_true(visited_often(known, &asked, EXIT));
	assert_false(visited_often(known, &asked, OTHER_EXIT));
	assert_false(visited_often(known, &of_bob, EXIT));
	known_free(known);
}

static void a_clock_before_its_time_is_no_trouble(void **state)
{
	struct known *known = known_new();
	struct event event = { .t_us = 0, .kind = EVENT_AUTH, .account = ALICE };

	visited_note(known, &event, EXIT);
	assert_false(visited_often(known, &event, EXIT));
	event.t_us = -DAY_US;
	assert_false(visited_often(known, &event, EXIT));
	known_free(known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_often_after_two_visits_some_days_apart),
		cmocka_unit_test(says_nothing_of_others),
		cmocka_unit_test(a_clock_before_its_time_is_no_trouble),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
