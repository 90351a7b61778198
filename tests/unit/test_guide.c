/* SPDX-License-Identifier: Apache-2.0 */
/* Why mail still comes back after a new password, from figures to a cause. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recovery/care.h"
#include "recovery/guide.h"

#define RELEASED (20780 * DAY_US)

static void figures_name_the_cause(void **state)
{
	static const struct {
		const char *name;
		uint32_t old, home, strange, script, spoofed, home_sent, strange_sent;
		enum guide_cause cause;
		bool alarms;
	} rows[] = {
		{ "nothing came back", .cause = GUIDE_QUIET },
		{ "the owner writes, and mistypes an address", .home = 2, .home_sent = 40, .cause = GUIDE_QUIET },
		{ "bounces of the thief's mail trickle in", .old = 900, .cause = GUIDE_OLD },
		{ "the same, and the owner mistypes", .old = 900, .home = 1, .home_sent = 3, .cause = GUIDE_OLD },
		{ "an old newsletter of the owner's: one in twenty is dead", .home = 50, .home_sent = 1000, .cause = GUIDE_QUIET },
		{ "nine of nine are dead, from home: too few to say", .home = 9, .home_sent = 9, .cause = GUIDE_QUIET },
		{ "ten of twelve are dead, from home", .home = 10, .home_sent = 12, .cause = GUIDE_DEVICE, .alarms = true },
		{ "a share of a fifth, exactly", .home = 20, .home_sent = 100, .cause = GUIDE_DEVICE, .alarms = true },
		{ "one message to hundreds who are dead", .home = 300, .home_sent = 1, .cause = GUIDE_DEVICE, .alarms = true },
		{ "new places know the new password", .old = 90, .strange = 3, .strange_sent = 30, .cause = GUIDE_LEAK, .alarms = true },
		{ "two from a train are no leak", .strange = 2, .strange_sent = 2, .cause = GUIDE_QUIET },
		{ "both, more from home: the device gives it away", .home = 40, .home_sent = 50, .strange = 4, .strange_sent = 9, .cause = GUIDE_DEVICE,
		  .alarms = true },
		{ "both, more from new places", .home = 12, .home_sent = 20, .strange = 40, .strange_sent = 90, .cause = GUIDE_LEAK, .alarms = true },
		{ "a form on the web site", .script = 3, .old = 5, .cause = GUIDE_SCRIPT, .alarms = true },
		{ "never passed here", .spoofed = 400, .cause = GUIDE_SPOOFED },
		{ "one that never passed here, among old ones", .spoofed = 1, .old = 30, .cause = GUIDE_OLD },
		{ "a script is told before what is spoofed", .script = 9, .spoofed = 400, .cause = GUIDE_SCRIPT, .alarms = true },
		{ "as many as can be counted", .home = UINT32_MAX, .home_sent = UINT32_MAX, .cause = GUIDE_DEVICE, .alarms = true },
	};
	char says[600];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct guide_figures figures = { .released_us = RELEASED, .old_bounces = rows[i].old, .home_bounces = rows[i].home,
						 .strange_bounces = rows[i].strange, .script_bounces = rows[i].script,
						 .spoofed_bounces = rows[i].spoofed, .home_sent = rows[i].home_sent,
						 .strange_sent = rows[i].strange_sent,
						 .strange_first_us = RELEASED + 2 * HOUR_US, .last_us = WHEN_NONE };
		enum guide_cause cause = guide_cause_of(&figures);

		if (cause != rows[i].cause)
			fail_msg("%s: %s, not %s", rows[i].name, guide_cause_names[cause], guide_cause_names[rows[i].cause]);
		assert_int_equal(guide_alarms(cause), rows[i].alarms);
		guide_say(&figures, says, sizeof says);
		assert_int_equal(*says != '\0', cause != GUIDE_QUIET);
		assert_int_equal(*guide_advice(cause) != '\0', cause != GUIDE_QUIET);
	}
}

static void figures_go_both_ways(void **state)
{
	struct guide_figures figures = { RELEASED, 1, 2, 3, 4, 5, 6, 7, RELEASED + 1, WHEN_NONE }, back;
	json_t *json = guide_json(&figures), *again;

	guide_from_json(json, &back);
	again = guide_json(&back);
	assert_true(json_equal(json, again));
	assert_true(back.home_bounces == 2 && back.strange_sent == 7 && back.strange_first_us == RELEASED + 1 && back.last_us == WHEN_NONE);
	json_decref(json);
	json_decref(again);
	guide_from_json(NULL, &back);
	assert_int_equal(back.released_us, WHEN_NONE);
	json = json_pack("{s:s, s:i, s:f}", "released", "now", "old", -4, "home", 2.5);
	guide_from_json(json, &back);
	json_decref(json);
	assert_int_equal(back.old_bounces + back.home_bounces, 0);
}

static void care_has_its_items(void **state)
{
	assert_true(care_item_count > 0 && care_item_count <= CARE_ITEMS_MAX);
	for (size_t i = 0; i < care_item_count; i++) {
		assert_ptr_equal(care_find(text_of(care_items[i].id)), &care_items[i]);
		assert_true(*care_items[i].sentence && *care_items[i].why);
	}
	assert_null(care_find(TEXT("password")));
	assert_true(care_applies(care_find(TEXT("passwords")), 0));
	assert_false(care_applies(care_find(TEXT("recipients")), 0));
	assert_true(care_applies(care_find(TEXT("recipients")), 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_name_the_cause),
		cmocka_unit_test(figures_go_both_ways),
		cmocka_unit_test(care_has_its_items),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
