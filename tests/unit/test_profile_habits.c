/* SPDX-License-Identifier: Apache-2.0 */
/* What makes a place one to send from, and a pace a habit: nothing that is done in a hurry, nor what is being judged. */
#include "profile_help.h"

static void post(struct profile *profile, unsigned day, struct story_place from)
{
	struct event event = visit(day, "10:00", from);

	event.kind = EVENT_SUBMIT;
	profile_age(profile, event.t_us);
	profile_learn_place(profile, &event);
	profile_learn_sending(profile, &event);
}

/* how far it is the owner's own to send from */
static enum profile_familiar familiar_to_send(const struct profile *profile, unsigned day, struct story_place from)
{
	struct event event = visit(day, "12:00", from);

	event.kind = EVENT_SUBMIT;
	return profile_familiar(profile, &event);
}

/* whoever reads somewhere for weeks is at home there to read, and a stranger who sends */
static void reading_makes_no_place_to_send_from(void **state)
{
	static const struct story_place cafe = PLACE("JP", 7, 70), abroad = PLACE("VN", 9, 90);
	struct profile profile;

	profile_init(&profile);
	for (unsigned day = 1; day <= 20; day++) {
		post(&profile, day, HOME);
		if (day > 8) {
			come(&profile, day, "12:00", cafe);
			come(&profile, day, "13:00", abroad);
		}
	}
	assert_int_equal(familiar_to_send(&profile, 21, HOME), FAMILIAR_WELL);
	assert_int_equal(familiar(&profile, 21, cafe), FAMILIAR_WELL);
	assert_int_equal(familiar(&profile, 21, abroad), FAMILIAR_WELL);
	assert_int_equal(familiar_to_send(&profile, 21, cafe), FAMILIAR_SOMEWHAT); /* in her country */
	assert_int_equal(familiar_to_send(&profile, 21, abroad), FAMILIAR_NOT);
	post(&profile, 21, abroad);
	post(&profile, 21, abroad); /* not by what is sent today … */
	assert_int_equal(familiar_to_send(&profile, 21, abroad), FAMILIAR_NOT);
	post(&profile, 22, abroad);
	assert_int_equal(familiar_to_send(&profile, 22, abroad), FAMILIAR_NOT);
	assert_int_equal(familiar_to_send(&profile, 23, abroad), FAMILIAR_WELL); /* … but on two days before */
}

/* who hardly ever sends has no place to send from: then where the mail is read will do */
static void who_never_sends_may_begin_where_they_read(void **state)
{
	struct profile profile;

	new_profile(&profile, 1, 20, HOME);
	for (unsigned day = 10; day <= 20; day++)
		come(&profile, day, "12:00", PLACE("JP", 7, 70));
	assert_int_equal(familiar_to_send(&profile, 21, HOME), FAMILIAR_WELL);
	assert_int_equal(familiar_to_send(&profile, 21, PLACE("JP", 7, 70)), FAMILIAR_SOMEWHAT);
	assert_int_equal(familiar_to_send(&profile, 21, PLACE("JP", 8, 80)), FAMILIAR_NOT);
}

static void burst(struct profile *profile, float *habit)
{
	new_profile(profile, 1, 20, HOME);
	*habit = profile_habit(profile);
	profile_count_sent(profile, 5000, FAMILIAR_WELL);
	profile_count_strangers(profile, 1000, FAMILIAR_NOT);
}

/* whatever was sent within one hour, the next is judged by almost the same habit; usual it becomes by the day */
static void a_burst_is_a_habit_only_when_its_day_is_over(void **state)
{
	struct profile profile;
	float habit;

	burst(&profile, &habit);
	profile_age(&profile, story_time(20, "10:01"));
	assert_true(profile_habit(&profile) < habit + 3 && profile_peak(&profile) < 30);
	profile_age(&profile, story_time(21, "00:01"));
	assert_true(profile_habit(&profile) > 100 && profile_peak(&profile) > 4000);
	assert_true(profile.strangers_habit_q4 > 16 * 20);
}

static void a_burst_that_is_judged_is_never_a_habit(void **state)
{
	struct profile profile;
	float habit;

	burst(&profile, &habit);
	profile_spoil_day(&profile);
	profile_count_sent(&profile, 5000, FAMILIAR_WELL);
	profile_age(&profile, story_time(21, "00:01"));
	assert_true(profile_habit(&profile) <= habit && profile_peak(&profile) < 10);
	assert_true(profile.strangers_habit_q4 <= 10); /* as in the beginning */
	profile_count_sent(&profile, 8, FAMILIAR_WELL);
	profile_age(&profile, story_time(21, "01:01"));
	assert_true(profile_habit(&profile) > habit); /* the next day is another */
}

static void days_of_sending_saturate(void **state)
{
	struct profile profile;

	profile_init(&profile);
	for (unsigned day = 1; day < PROFILE_DAYS_MAX + 9; day++)
		post(&profile, day, HOME);
	assert_int_equal(profile.blocks[0].sent, PROFILE_DAYS_MAX);
	assert_int_equal(profile.blocks[0].days, PROFILE_DAYS_MAX);
	assert_int_equal(profile.blocks[0].span, PROFILE_SPAN_MAX);
	assert_int_equal(familiar_to_send(&profile, PROFILE_DAYS_MAX + 9, HOME), FAMILIAR_WELL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_makes_no_place_to_send_from),
		cmocka_unit_test(who_never_sends_may_begin_where_they_read),
		cmocka_unit_test(a_burst_is_a_habit_only_when_its_day_is_over),
		cmocka_unit_test(a_burst_that_is_judged_is_never_a_habit),
		cmocka_unit_test(days_of_sending_saturate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
