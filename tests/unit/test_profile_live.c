/* SPDX-License-Identifier: Apache-2.0 */
/* What only a live gate teaches a profile: client software, hours, shares, days of strangers, data centres. Counters stop at
 * their limits, fade, and outlive clocks that jump. */
#include "story.h"

#include <stdio.h>

#include "base/hash.h"

static struct event_detail detail;

static struct event letter(unsigned day, const char *time, const char *client)
{
	struct event event = { .t_us = story_time(day, time), .kind = EVENT_SUBMIT, .count = 1, .detail = &detail };

	detail = (struct event_detail){ .client = client ? (uint32_t)hash_text(HASH_FIXED, text_of(client)) | 1 : 0 };
	event.ip = story_address(HOME, 0);
	event.place = story_where(&event.ip);
	return event;
}

static void use(struct profile *profile, unsigned day, const char *client)
{
	struct event event = letter(day, "09:00", client);

	profile_age(profile, event.t_us);
	profile_learn_client(profile, &event);
}

static bool knows(const struct profile *profile, const char *client)
{
	struct event event = letter(1, "09:00", client);

	return profile_knows_client(profile, &event);
}

static void software_is_hers_after_two_days(void **state)
{
	struct profile profile;

	profile_init(&profile);
	assert_true(knows(&profile, "outlook")); /* without any, nothing is strange */
	use(&profile, 1, "outlook");
	use(&profile, 1, "outlook");
	assert_true(knows(&profile, "python"));
	use(&profile, 2, "outlook");
	assert_true(knows(&profile, "outlook"));
	assert_false(knows(&profile, "python"));
	use(&profile, 3, "ios");
	assert_false(knows(&profile, "ios"));
	use(&profile, 5, "ios");
	assert_true(knows(&profile, "ios") && knows(&profile, "outlook") && knows(&profile, NULL));
}

/* whoever comes by with many programs at once drives out none that she uses */
static void many_programs_of_a_day_drive_out_none(void **state)
{
	struct profile profile;
	char name[16];

	profile_init(&profile);
	for (unsigned day = 1; day <= 40; day++) {
		use(&profile, day, "outlook");
		use(&profile, day, "ios");
	}
	for (unsigned i = 0; i < 50; i++) {
		snprintf(name, sizeof name, "tool%u", i);
		use(&profile, 41, name);
	}
	assert_true(knows(&profile, "outlook") && knows(&profile, "ios"));
}

static void days_of_software_saturate(void **state)
{
	struct profile profile;

	profile_init(&profile);
	for (unsigned day = 1; day <= 700; day++)
		use(&profile, day, "outlook");
	assert_int_equal(profile.clients[0].days, UINT8_MAX);
	assert_true(knows(&profile, "outlook"));
}

/* 0 is "nothing told" and must never be the key of anything */
static void no_software_has_the_key_of_none(void **state)
{
	struct event event = letter(1, "09:00", NULL);
	struct profile profile;

	profile_init(&profile);
	for (uint32_t half = 1; half <= UINT16_MAX; half++) {
		detail.client = half << 16 | half; /* folds to 0 */
		profile_learn_client(&profile, &event);
		assert_int_not_equal(profile.clients[0].key, 0);
	}
	detail.client = 0;
	profile_init(&profile);
	profile_learn_client(&profile, &event);
	assert_int_equal(profile.clients[0].key, 0);
}

static void hours_are_halved_not_wrapped(void **state)
{
	struct event morning = letter(1, "09:30", NULL), night = letter(1, "01:30", NULL);
	struct profile profile;

	profile_init(&profile);
	for (unsigned i = 0; i < 10000; i++) {
		profile_learn_message(&profile, &morning, FAMILIAR_WELL);
		if (i % 4 == 0)
			profile_learn_message(&profile, &night, FAMILIAR_WELL);
	}
	assert_in_range(profile.day_parts[3], 100, UINT8_MAX);
	assert_in_range(profile.day_parts[0], profile.day_parts[3] / 6, profile.day_parts[3] / 3);
	profile_init(&profile);
	for (unsigned i = 0; i < 1000; i++)
		profile_learn_message(&profile, &night, FAMILIAR_NOT); /* a thief's hours are not hers */
	assert_int_equal(profile.day_parts[0], 0);
}

/* at each limit and just below it */
static void shares_stop_at_their_limits(void **state)
{
	static const struct { float hits, all; uint16_t hits_q6, all_q6; float most; } rows[] = {
		{ 1, 1, 64, 64, 60 }, { 1, 1, 64 * 60 - 1, 64 * 60 - 1, 60 }, { 0, 1, 0, 64 * 60, 60 },
		{ 1, 1, UINT16_MAX, UINT16_MAX, 900 }, { 1000, 1000, 64 * 900, 64 * 900, 900 }, { 0, 1e9f, 64, 64, 900 },
		{ 1, 0, 64000, 64, 900 }, { 1, 0, UINT16_MAX, 0, 900 }, { 1e9f, 1e9f, 0, 0, 900 }, { 0, 0, 5, 5, 900 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct profile_share share = { rows[i].hits_q6, rows[i].all_q6 };

		for (unsigned k = 0; k < 2000; k++) {
			profile_share_add(&share, rows[i].hits, rows[i].all, rows[i].most);
			assert_true(profile_share_all(share) <= rows[i].most + 0.1f || rows[i].all == 0);
			assert_true(profile_share_hits(share) <= 1000);
		}
	}
}

static void counters_just_below_their_limits(void **state)
{
	struct profile profile;
	int64_t now_us = story_time(400, "09:00");

	profile_init(&profile);
	profile_age(&profile, now_us);
	profile.strangers_q4 = profile.strangers_habit_q4 = profile.hour_sent = profile.failures_q8 = UINT16_MAX - 1;
	profile.habit_q5 = profile.peak_q1 = profile.active_days = profile.wander_q8 = UINT16_MAX - 1;
	profile.hosting_days = 62;
	for (unsigned i = 0; i < 100; i++) {
		profile.hosted_today = 1;
		profile_count_strangers(&profile, 100, FAMILIAR_NOT);
		profile_count_sent(&profile, 10000, FAMILIAR_WELL);
		assert_in_range(profile.strangers_q4, 60000, UINT16_MAX);
		profile_age(&profile, now_us += DAY_US);
		profile.strangers_q4 = profile.hour_sent = UINT16_MAX - 1;
		assert_in_range(profile.hosting_days, 62, 63);
		assert_in_range(profile.active_days, UINT16_MAX - 1, UINT16_MAX);
	}
	assert_true(profile_habit(&profile) > 1000 && profile_peak(&profile) > 1000);
	assert_in_range(profile.strangers_habit_q4, 1000, UINT16_MAX);
}

/* however often somebody looks */
static void strangers_fade_alike(void **state)
{
	static const int64_t steps[] = { DAY_US, HOUR_US, 5 * MINUTE_US, 20 * SECOND_US };
	uint16_t left[4];

	for (size_t i = 0; i < 4; i++) {
		struct profile profile;
		int64_t start_us = story_time(3, "00:00"), t_us = start_us;

		profile_init(&profile);
		profile_age(&profile, start_us);
		profile_count_strangers(&profile, 100, FAMILIAR_NOT);
		while (t_us < start_us + DAY_US)
			profile_age(&profile, t_us += steps[i]);
		left[i] = profile.strangers_q4;
		assert_in_range(left[i], left[0] * 0.97f, left[0] * 1.03f);
		assert_in_range(left[i], 16, 100 * 16 - 16);
	}
}

static void clock_that_jumps_keeps_what_was_learned(void **state)
{
	static const int64_t jumps[] = { -1, -DAY_US, -4000 * DAY_US, DAY_US, 400 * DAY_US, 20000 * DAY_US };
	struct profile profile, before;

	for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
		int64_t now_us = story_time(12, "09:00");

		profile_init(&profile);
		for (unsigned day = 1; day <= 12; day++)
			use(&profile, day, "outlook");
		profile_share_add(&profile.foreign, 10, 20, 200);
		profile_share_add(&profile.flagged, 10, 20, 200);
		before = profile;
		profile_age(&profile, now_us + jumps[i]);
		profile_age(&profile, now_us);
		assert_true(knows(&profile, "outlook") && !knows(&profile, "python"));
		assert_memory_equal(&profile.clients, &before.clients, sizeof before.clients);
		assert_memory_equal(&profile.foreign, &before.foreign, sizeof before.foreign);
		assert_memory_equal(&profile.flagged, &before.flagged, sizeof before.flagged);
	}
}

/* who writes a thousand messages within the hour teaches no more than who writes a few */
static void nobody_teaches_in_a_hurry(void **state)
{
	struct event event = letter(1, "09:00", NULL);
	struct profile profile;

	profile_init(&profile);
	detail.foreign_from = detail.filtered = event.spam = true;
	for (unsigned i = 0; i < 1000; i++) {
		profile_count_sent(&profile, 1, FAMILIAR_NOT);
		profile_learn_message(&profile, &event, FAMILIAR_NOT);
	}
	assert_true(profile_share(profile.foreign) < 0.4f && profile_share(profile.flagged) < 0.4f);
}

static void data_centres_become_a_habit_by_days(void **state)
{
	struct event event = letter(1, "09:00", NULL);
	struct profile profile;

	profile_init(&profile);
	detail.net = NET_HOSTING;
	for (unsigned day = 1; day <= 10; day++) {
		bool habit = profile_is_on_vpn(&profile, &event);

		profile_age(&profile, story_time(day, "09:00"));
		profile.hosted_today = 1;
		assert_false(habit && day <= 3);
	}
	assert_true(profile_is_on_vpn(&profile, &event));
	detail.net = NET_ISP;
	assert_false(profile_is_on_vpn(&profile, &event));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(software_is_hers_after_two_days),
		cmocka_unit_test(many_programs_of_a_day_drive_out_none),
		cmocka_unit_test(days_of_software_saturate),
		cmocka_unit_test(no_software_has_the_key_of_none),
		cmocka_unit_test(hours_are_halved_not_wrapped),
		cmocka_unit_test(shares_stop_at_their_limits),
		cmocka_unit_test(counters_just_below_their_limits),
		cmocka_unit_test(strangers_fade_alike),
		cmocka_unit_test(clock_that_jumps_keeps_what_was_learned),
		cmocka_unit_test(nobody_teaches_in_a_hurry),
		cmocka_unit_test(data_centres_become_a_habit_by_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
