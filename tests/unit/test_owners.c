/* SPDX-License-Identifier: Apache-2.0 */
/* Stories of owners, who must be left alone: what they send passes, and whatever they do they are not locked out. */
#include "story.h"

#define CARRIER(number) PLACE("JP", (number), .roams = NEW_BLOCK)
#define SUBSCRIBERS PEOPLE("subscribers", 1500, .dead = 2)

static struct story story;

static int begin(void **state)
{
	story_begin(&story);
	return 0;
}

static int end(void **state)
{
	story_end(&story);
	return 0;
}

static void newsletter_every_week(void **state)
{
	struct story *s = &story;

	story_watch(s, "shop");
	for (unsigned day = 1; day <= 16; day++) {
		story_usual_days(s, "shop", day, day, OFFICE);
		if (day % 7 != 2)
			continue;
		story_at(s, day, "22:00");
		s->pace_s = 3;
		story_sends(s, "shop", OFFICE, 1500, SUBSCRIBERS);
		s->pace_s = 20;
	}
	story_wants_pass(s);
}

static void first_newsletter_to_900_guests(void **state)
{
	struct story *s = &story;

	story_usual_days(s, "inn", 1, 15, HOME);
	story_at(s, 16, "19:00");
	story_watch(s, "inn");
	s->pace_s = 6;
	story_sends(s, "inn", HOME, 900, PEOPLE("guests", 900, .dead = 3));
	story_wants_pass(s);
}

static void a_week_in_bangkok(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 18);
	story_watch(s, "alice");
	story_usual_days(s, "alice", 19, 25, BANGKOK);
	story_commuter_days(s, "alice", 26, 30);
	story_wants_pass(s);
}

static void traveller_in_three_countries(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 18);
	story_watch(s, "alice");
	story_usual_days(s, "alice", 19, 20, BANGKOK);
	story_usual_days(s, "alice", 21, 22, PLACE("SG", 2, .roams = NEW_BLOCK));
	story_usual_days(s, "alice", 23, 25, PLACE("FR", 1, 8));
	story_commuter_days(s, "alice", 26, 30);
	story_wants_pass(s);
}

static void traveller_whose_desktop_polls_at_home(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 18);
	story_watch(s, "alice");
	for (unsigned day = 19; day <= 24; day++) {
		for (unsigned hour = 0; hour < 24; hour++) {
			story_at(s, day, "00:05");
			story_later(s, hour * HOUR_US);
			story_login(s, "alice", HOME);
			story_later(s, 5 * MINUTE_US);
			if (hour > 7 && hour < 21)
				story_sends(s, "alice", BANGKOK, hour % 3 == 0, FRIENDS);
		}
	}
	story_commuter_days(s, "alice", 25, 27);
	story_wants_pass(s);
}

/* two countries in three days were too many; but then she stays, looks at her mail, and writes to friends */
static void held_owner_gets_free_in_time(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 18);
	story_watch(s, "alice");
	story_usual_days(s, "alice", 19, 20, BANGKOK);
	story_usual_days(s, "alice", 21, 34, BERLIN);
	story_wants_no_lock(s);
	story_watch(s, "alice");
	story_usual_days(s, "alice", 35, 36, BERLIN);
	story_wants_pass(s);
}

/* never reads, sends a page now and then to the same few; one morning the line has a new address */
static void printer_with_a_new_line(void **state)
{
	struct story *s = &story;

	story_watch(s, "printer");
	for (unsigned day = 1; day <= 40; day++) {
		story_at(s, day, "09:00");
		story_sends(s, "printer", day < 30 ? OFFICE : PLACE("JP", 3, 77), 30, PEOPLE("staff", 8));
	}
	story_wants_pass(s);
}

static void old_address_list_from_home(void **state)
{
	struct story *s = &story;

	story_usual_days(s, "bob", 1, 14, HOME);
	story_at(s, 15, "21:00");
	story_watch(s, "bob");
	s->pace_s = 9;
	story_sends(s, "bob", HOME, 100, PEOPLE("old-mates", 100, .dead = 30));
	story_wants_no_lock(s);
}

static void old_list_in_one_message(void **state)
{
	struct story *s = &story;

	story_usual_days(s, "bob", 1, 14, HOME);
	story_at(s, 15, "21:00");
	story_watch(s, "bob");
	s->width = 60;
	story_sends(s, "bob", HOME, 1, PEOPLE("old-mates", 60, .dead = 30));
	s->width = 1;
	story_usual_days(s, "bob", 16, 20, HOME);
	story_wants_no_lock(s);
}

static void forgotten_password(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 14);
	story_watch(s, "alice");
	for (unsigned day = 15; day <= 16; day++) {
		for (unsigned hour = 8; hour < 18; hour++) {
			story_at(s, day, "00:00");
			story_later(s, hour * HOUR_US);
			story_mistypes(s, "alice", hour % 2 ? HOME : PHONE, 2);
		}
	}
	story_at(s, 16, "21:00");
	story_login(s, "alice", PHONE);
	story_sends(s, "alice", PHONE, 2, FRIENDS);
	story_commuter_days(s, "alice", 17, 20);
	story_wants_pass(s);
}

static void new_telephone_with_a_new_provider(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 14);
	story_watch(s, "alice");
	for (unsigned i = 0; i < 16; i++) {
		story_at(s, 15, "13:00");
		story_later(s, i * 15 * MINUTE_US);
		story_mistypes(s, "alice", PHONE, 1);
	}
	story_later(s, HOUR_US);
	story_login(s, "alice", CARRIER(9));
	for (unsigned day = 16; day <= 20; day++)
		story_usual_days(s, "alice", day, day, CARRIER(9));
	story_wants_pass(s);
}

static void moved_abroad_and_tells_her_friends(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 13);
	story_watch(s, "alice");
	story_usual_days(s, "alice", 15, 17, BERLIN);
	story_at(s, 17, "22:00");
	s->width = 20;
	story_sends(s, "alice", BERLIN, 2, PEOPLE("friends", 20));
	s->width = 1;
	story_usual_days(s, "alice", 18, 30, BERLIN);
	story_wants_no_lock(s);
}

/* where the log begins, everything is new; after a week nothing of it is */
static void always_on_the_move(void **state)
{
	struct story *s = &story;

	story_watch(s, "bob");
	for (unsigned day = 1; day <= 20; day++) {
		story_usual_days(s, "bob", day, day, CARRIER((uint8_t)(2 + day % 3)));
		story_wants_no_lock(s);
		if (day == 7)
			story_watch(s, "bob");
	}
	story_wants_pass(s);
}

static void everything_by_webmail(void **state)
{
	struct story *s = &story;

	story_watch(s, "carol");
	story_usual_days(s, "carol", 1, 30, WEBMAIL);
	story_wants_pass(s);
}

static void five_colleagues_with_one_mailbox(void **state)
{
	struct story *s = &story;

	story_watch(s, "info");
	for (unsigned day = 1; day <= 20; day++) {
		story_usual_days(s, "info", day, day, OFFICE);
		for (uint8_t colleague = 0; colleague < 5; colleague++) {
			story_at(s, day, "22:00");
			story_later(s, colleague * 20 * MINUTE_US);
			story_sends(s, "info", PLACE("JP", colleague, colleague), 3, PEOPLE("customers", 60));
		}
		story_wants_no_lock(s);
		if (day == 10)
			story_watch(s, "info");
	}
	story_wants_pass(s);
}

static void address_forged_elsewhere(void **state)
{
	struct story *s = &story;
	const struct engine_returned *returned;

	story_commuter_days(s, "alice", 1, 14);
	story_at(s, 15, "09:00");
	story_watch(s, "alice");
	story_bounces(s, "alice", 1200);
	story_sends(s, "alice", HOME, 3, FRIENDS);
	story_wants_pass(s);
	assert_int_equal(engine_returned(s->engine, &returned), 1);
	assert_int_equal(returned[0].account, story_account(s, "alice"));
	assert_int_equal(returned[0].bounces, 1200);
	assert_true(returned[0].first_us == story_time(15, "09:00") && returned[0].last_us > returned[0].first_us);
}

static void guessed_at_in_vain(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 14);
	story_watch(s, "alice");
	for (unsigned day = 15; day <= 18; day++) {
		story_at(s, day, "03:00");
		for (unsigned i = 0; i < 200; i++)
			story_mistypes(s, "alice", BOTNET(60), 1);
		story_commuter_days(s, "alice", day, day);
	}
	story_wants_pass(s);
}

#define TELL(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TELL(newsletter_every_week),
		TELL(first_newsletter_to_900_guests),
		TELL(a_week_in_bangkok),
		TELL(traveller_in_three_countries),
		TELL(traveller_whose_desktop_polls_at_home),
		TELL(held_owner_gets_free_in_time),
		TELL(printer_with_a_new_line),
		TELL(old_address_list_from_home),
		TELL(old_list_in_one_message),
		TELL(forgotten_password),
		TELL(new_telephone_with_a_new_provider),
		TELL(moved_abroad_and_tells_her_friends),
		TELL(always_on_the_move),
		TELL(everything_by_webmail),
		TELL(five_colleagues_with_one_mailbox),
		TELL(address_forged_elsewhere),
		TELL(guessed_at_in_vain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
