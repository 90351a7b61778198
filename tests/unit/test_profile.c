/* SPDX-License-Identifier: Apache-2.0 */
/* The profile of one account: how it ages, what becomes familiar and what is forgotten, with a scripted clock. */
#include "profile_help.h"

#include <float.h>
#include <math.h>

static void all_fields_are_numbers(const struct profile *profile)
{
	const float fields[] = {
		profile->rate, profile->rate_away, profile_habit(profile), profile_peak(profile),
		profile_share(profile->contacts), profile_share(profile->dead), profile_share(profile->dead_now),
		profile_share(profile->returned),
	};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (!(fields[i] >= 0 && fields[i] < FLT_MAX))
			fail_msg("field %zu is %f", i, (double)fields[i]);
}

static void is_small(void **state)
{
	_Static_assert(sizeof(struct profile) <= 256, "a million of them fit into memory");
	assert_int_equal(PROFILE_BYTES_MAX, 256);
}

/* ---- time */

/* however often somebody looks, three days halve the evidence */
static void evidence_is_half_gone_after_three_days(void **state)
{
	static const struct { const char *name; int64_t step_us; float bits; } rows[] = {
		{ "in one step", 3 * DAY_US, 20 },      { "by days", DAY_US, 20 },
		{ "by hours", HOUR_US, 20 },            { "by ten minutes", 10 * MINUTE_US, 20 },
		{ "every 61 seconds", 61 * SECOND_US, 20 }, { "every minute", MINUTE_US, 20 },
		{ "every half minute", 30 * SECOND_US, 20 }, { "every second", SECOND_US, 20 },
		{ "little, every two minutes", 2 * MINUTE_US, 2 }, { "credit, by hours", HOUR_US, -4 },
		{ "credit, every minute", MINUTE_US, -4 },
	};
	bool wrong = false;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct profile profile;
		int64_t start_us = story_time(1, "00:00"), t_us = start_us;
		float bits;

		profile_init(&profile);
		profile_age(&profile, start_us);
		profile_set_bits(&profile, 3, rows[i].bits);
		while (t_us < start_us + 3 * DAY_US)
			profile_age(&profile, t_us += rows[i].step_us);
		bits = profile_bits(&profile, 3);
		if (fabsf(bits - rows[i].bits / 2) > fabsf(rows[i].bits) * 0.05f) {
			print_error("%s: %.2f bits became %.2f\n", rows[i].name, (double)rows[i].bits, (double)bits);
			wrong = true;
		}
	}
	assert_false(wrong);
}

static void rates_and_shares_fade(void **state)
{
	static const int64_t steps[] = { 12 * HOUR_US, HOUR_US, MINUTE_US, 20 * SECOND_US };
	bool wrong = false;

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct profile profile;
		int64_t start_us = story_time(1, "00:00"), t_us = start_us;

		profile_init(&profile);
		profile_age(&profile, start_us);
		profile_share_add(&profile.dead_now, 800, 800, 900);
		profile_share_add(&profile.returned, 800, 800, 900);
		profile.rate = profile.rate_away = 1000;
		profile.failures_q8 = 1000;
		while (t_us < start_us + 12 * HOUR_US)
			profile_age(&profile, t_us += steps[i]);
		if (fabsf(profile_share_hits(profile.dead_now) - 635) > 16 || /* a day and a half */
		    fabsf(profile_share_all(profile.dead_now) - 635) > 16 ||
		    profile.failures_q8 < 470 || profile.failures_q8 > 530 ||
		    fabsf(profile_share_hits(profile.returned) - 673) > 16 || /* two days */
		    fabsf(profile_share_all(profile.returned) - 673) > 16 ||
		    profile.rate > 0.1f || profile.rate_away > 0.1f) { /* an hour for each 1/e */
			print_error("in steps of %d s: dead %.0f, failures %d, returned %.0f, rate %.3f\n",
				    (int)(steps[i] / SECOND_US), (double)profile_share_hits(profile.dead_now),
				    profile.failures_q8, (double)profile_share_hits(profile.returned), (double)profile.rate);
			wrong = true;
		}
	}
	assert_false(wrong);
}

/* logs of several machines are never quite in order, and clocks are set */
static void clock_that_goes_back_changes_nothing(void **state)
{
	static const int64_t back[] = {
		1, SECOND_US, HOUR_US, 9 * HOUR_US + MINUTE_US, DAY_US, 30 * DAY_US, 3650 * DAY_US,
	};
	struct profile profile, before;
	bool wrong = false;

	for (size_t i = 0; i < sizeof back / sizeof *back; i++) {
		int64_t now_us = story_time(20, "09:00");

		new_profile(&profile, 1, 20, HOME);
		profile_set_bits(&profile, 0, 10);
		profile_count_sent(&profile, 40, FAMILIAR_WELL);
		profile.peak_q1 = 80;
		before = profile;
		profile_age(&profile, now_us - back[i]);
		profile_age(&profile, now_us);
		if (memcmp(&profile, &before, sizeof profile) != 0) {
			print_error("back by %.6f s: days %d became %d, peak %.1f became %.1f, habit %.1f became %.1f\n",
				    (double)back[i] / 1e6, before.active_days, profile.active_days, (double)profile_peak(&before),
				    (double)profile_peak(&profile), (double)profile_habit(&before), (double)profile_habit(&profile));
			wrong = true;
		}
	}
	assert_false(wrong);
}

static void ten_years_later(void **state)
{
	struct profile profile;

	new_profile(&profile, 1, 20, HOME);
	profile_set_bits(&profile, 0, 30);
	profile_count_sent(&profile, 5000, FAMILIAR_WELL);
	profile_share_add(&profile.dead_now, 100, 100, 900);
	profile_share_add(&profile.returned, 100, 0, 900);
	profile_age(&profile, story_time(20 + 3652, "09:00"));
	all_fields_are_numbers(&profile);
	assert_true(profile_bits(&profile, 0) == 0);
	assert_true(profile.rate < 0.01f && !profile.dead_now.hits_q6 && !profile.returned.hits_q6);
	assert_int_equal(profile.active_days, 21);
	assert_int_equal(familiar(&profile, 20 + 3652, HOME), FAMILIAR_WELL);
	assert_int_equal(profile_spread(&profile, story_time(20 + 3652, "09:00"), 24 * 60).networks, 0);
}

/* nobody's clock should say so, but an event may */
static void any_time_is_survived(void **state)
{
	static const int64_t times[] = { INT64_MIN + 1, -3650 * DAY_US, -1, 0, 1, INT64_MAX };
	struct profile profile;

	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		struct event event = visit(1, "09:00", HOTSPOTS);

		event.t_us = times[i];
		profile_init(&profile);
		profile_age(&profile, times[i]);
		profile_learn_place(&profile, &event);
		profile_note_recent(&profile, &event);
		profile_count_sent(&profile, 10, FAMILIAR_WELL);
		profile_spread(&profile, times[i], 24 * 60);
		profile_age(&profile, story_time(2, "09:00"));
		all_fields_are_numbers(&profile);
	}
}

static void before_1970_life_begins_as_usual_afterwards(void **state)
{
	struct profile profile;

	profile_init(&profile);
	profile_age(&profile, -400 * DAY_US);
	profile_age(&profile, -399 * DAY_US);
	for (unsigned day = 1; day <= 4; day++)
		come(&profile, day, "09:00", HOME);
	assert_int_equal(familiar(&profile, 4, HOME), FAMILIAR_WELL);
	assert_false(profile_is_young(&profile));
}

static void young_for_two_days(void **state)
{
	struct profile profile;

	profile_init(&profile);
	assert_true(profile_is_young(&profile));
	profile_age(&profile, story_time(1, "09:00"));
	profile_age(&profile, story_time(1, "23:59"));
	profile_age(&profile, story_time(9, "00:01"));
	assert_true(profile_is_young(&profile)); /* two days in which anything happened */
	profile_age(&profile, story_time(10, "09:00"));
	assert_false(profile_is_young(&profile));
}

/* ---- places */

struct days_row {
	const char *name;
	struct story_place from, asked;
	unsigned days[6], asked_day;
	enum profile_familiar wanted;
};

static void becomes_familiar_by_days(void **state)
{
	static const struct days_row rows[] = {
		{ "nobody was ever here", { "JP", 1, 5 }, { "JP", 1, 5 }, { 0 }, 1, FAMILIAR_FIRST },
		{ "the first day, first place", { "JP", 1, 5 }, { "JP", 1, 5 }, { 1 }, 1, FAMILIAR_FIRST },
		{ "the first day, second place", { "JP", 1, 5 }, { "VN", 1, 5 }, { 1 }, 1, FAMILIAR_NOT },
		{ "the second day, first place", { "JP", 1, 5 }, { "JP", 1, 5 }, { 1, 2 }, 2, FAMILIAR_FIRST },
		{ "a night and a day between", { "JP", 1, 5 }, { "JP", 1, 5 }, { 1, 3 }, 3, FAMILIAR_WELL },
		{ "three days in a row", { "JP", 1, 5 }, { "JP", 1, 5 }, { 1, 2, 3 }, 3, FAMILIAR_WELL },
		{ "five times, all on one day", { "JP", 1, 5 }, { "JP", 1, 5 }, { 5, 5, 5, 5, 5 }, 5, FAMILIAR_FIRST },
		{ "three days in ever new blocks", { "JP", 2, 0, NEW_BLOCK }, { "JP", 2, 200 }, { 1, 2, 3 }, 3, FAMILIAR_NOT },
		{ "four days in ever new blocks", { "JP", 2, 0, NEW_BLOCK }, { "JP", 2, 200 }, { 1, 2, 4 }, 4, FAMILIAR_SOMEWHAT },
		{ "… another provider", { "JP", 2, 0, NEW_BLOCK }, { "JP", 3, 200 }, { 1, 2, 4 }, 4, FAMILIAR_NOT },
		{ "… another country", { "JP", 2, 0, NEW_BLOCK }, { "VN", 2, 200 }, { 1, 2, 4 }, 4, FAMILIAR_NOT },
		{ "well known, but elsewhere today", { "JP", 1, 5 }, { "JP", 9, 9 }, { 1, 2, 3, 4 }, 4, FAMILIAR_NOT },
		{ "an address that says nothing", { "JP", 1, 5 }, { "VN", 1, 5, .silent = true }, { 1, 2, 3 }, 3, FAMILIAR_SOMEWHAT },
		{ "well known after a year away", { "JP", 1, 5 }, { "JP", 1, 5 }, { 1, 2, 3 }, 368, FAMILIAR_WELL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct profile profile;
		enum profile_familiar found;

		profile_init(&profile);
		for (const unsigned *day = rows[i].days; *day; day++)
			come(&profile, *day, "09:00", rows[i].from);
		profile_age(&profile, story_time(rows[i].asked_day, "12:00"));
		found = familiar(&profile, rows[i].asked_day, rows[i].asked);
		if (found != rows[i].wanted)
			fail_msg("%s: %d, wanted %d", rows[i].name, found, rows[i].wanted);
	}
}

static void unknown_address_says_nothing(void **state)
{
	struct event event = visit(4, "09:00", HOME);
	struct profile profile;

	new_profile(&profile, 1, 4, HOME);
	event.ip = (struct ip){ { 0 } };
	assert_int_equal(profile_familiar(&profile, &event), FAMILIAR_SOMEWHAT);
}

static void networks_without_a_number_are_told_by_their_sixteenth(void **state)
{
	struct profile profile;
	struct event event;

	profile_init(&profile);
	for (unsigned day = 1; day <= 5; day++) {
		event = visit(day, "09:00", PHONE);
		event.place = (struct event_place){ 0 };
		profile_age(&profile, event.t_us);
		profile_learn_place(&profile, &event);
	}
	event = visit(150, "09:00", PHONE);
	event.place = (struct event_place){ 0 };
	assert_true(profile_knows_network(&profile, &event));
	assert_false(profile_knows_country(&profile, &event));
	event.ip.bytes[13] ^= 1; /* the next /16 */
	assert_false(profile_knows_network(&profile, &event));
}

static void ipv6_is_told_by_its_48_bits(void **state)
{
	struct profile profile;
	struct ip inside, outside;
	struct event event = { .kind = EVENT_AUTH, .ok = true };

	assert_true(ip_parse(TEXT("2001:db8:7:1::5"), &event.ip) && ip_parse(TEXT("2001:db8:7:ffff::9"), &inside) &&
		    ip_parse(TEXT("2001:db8:8:1::5"), &outside));
	profile_init(&profile);
	event.t_us = story_time(1, "09:00");
	profile_learn_place(&profile, &event);
	assert_true(profile_knows_block(&profile, &inside));
	assert_false(profile_knows_block(&profile, &outside));
}

static void room_for_five_blocks_four_networks_four_countries(void **state)
{
	static const char *const countries[] = { "JP", "VN", "BR", "RU", "US" };
	struct profile profile;
	struct event event;

	profile_init(&profile);
	for (unsigned i = 0; i < 10; i++) /* two days each: a country abroad is learned on the second */
		come(&profile, 1 + i, "09:00", PLACE(countries[i / 2], (uint8_t)(i < 8 ? i / 2 : 3), (uint8_t)(i / 2)));
	for (unsigned i = 0; i < 5; i++) {
		event = visit(11, "09:00", PLACE(countries[i], (uint8_t)(i < 4 ? i : 3), (uint8_t)i));
		assert_true(profile_knows_block(&profile, &event.ip));
		/* the fifth took the place of the first */
		assert_true(profile_knows_country(&profile, &event) == (i > 0));
		assert_true(profile_knows_network(&profile, &event) == (i > 0));
	}
}

static void the_longest_unused_place_gives_way(void **state)
{
	struct profile profile;
	struct event event;

	profile_init(&profile);
	for (unsigned i = 0; i < PROFILE_BLOCKS; i++)
		come(&profile, 10 + i, "09:00", PLACE("JP", 1, (uint8_t)(10 + i)));
	come(&profile, 15, "09:00", PLACE("JP", 1, 10));
	come(&profile, 16, "09:00", PLACE("JP", 1, 99));
	event = visit(16, "12:00", PLACE("JP", 1, 10));
	assert_true(profile_knows_block(&profile, &event.ip));
	event = visit(16, "12:00", PLACE("JP", 1, 11));
	assert_false(profile_knows_block(&profile, &event.ip));
	event = visit(16, "12:00", PLACE("JP", 1, 99));
	assert_true(profile_knows_block(&profile, &event.ip));
}

/* a fortnight of hotels and cafés, and then home again */
static void home_of_many_days_outlives_a_journey(void **state)
{
	struct profile profile;

	new_profile(&profile, 1, 60, HOME);
	for (unsigned day = 61; day < 75; day++)
		come(&profile, day, "09:00", PLACE("FR", (uint8_t)(day % 16), (uint8_t)day));
	profile_age(&profile, story_time(75, "09:00"));
	assert_int_equal(familiar(&profile, 75, HOME), FAMILIAR_WELL);
}

static void days_and_spans_saturate(void **state)
{
	struct profile profile;

	new_profile(&profile, 1, 3, HOME);
	profile.blocks[0].days = profile.networks[0].days = profile.countries[0].days = PROFILE_DAYS_MAX - 1;
	profile.blocks[0].span = PROFILE_SPAN_MAX - 1;
	profile.active_days = UINT16_MAX - 1;
	for (unsigned day = 4; day < 8; day++)
		come(&profile, day, "09:00", HOME);
	assert_int_equal(profile.blocks[0].days, PROFILE_DAYS_MAX);
	assert_int_equal(profile.blocks[0].span, PROFILE_SPAN_MAX);
	assert_int_equal(profile.networks[0].days, PROFILE_DAYS_MAX);
	assert_int_equal(profile.active_days, UINT16_MAX);
	assert_false(profile_is_young(&profile));
	come(&profile, 700, "09:00", HOME);
	assert_int_equal(profile.blocks[0].span, PROFILE_SPAN_MAX);
}

static void volumes_saturate(void **state)
{
	struct profile profile;

	new_profile(&profile, 1, 3, HOME);
	profile.hour_sent = UINT16_MAX - 1;
	profile.rate = profile.rate_away = 999999;
	profile_count_sent(&profile, UINT32_MAX, FAMILIAR_WELL);
	profile_count_sent(&profile, UINT32_MAX, FAMILIAR_NOT);
	assert_int_equal(profile.hour_sent, UINT16_MAX);
	assert_true(profile.rate <= 1e6f && profile.rate_away <= 1e6f);
	for (unsigned i = 0; i < 200000; i++) {
		profile_learn_contact(&profile, true, FAMILIAR_WELL);
		profile_learn_outcome(&profile, true, FAMILIAR_WELL);
	}
	all_fields_are_numbers(&profile);
	assert_true(profile_share(profile.contacts) <= 1 && profile_share(profile.dead) <= 1);
}

static void bits_saturate(void **state)
{
	static const struct { float set, wanted; } rows[] = {
		{ 1e9f, 120 }, { -1e9f, -120 }, { 119, 119 }, { 0, 0 }, { -4, -4 },
	};
	struct profile profile;

	profile_init(&profile);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		profile_set_bits(&profile, PROFILE_SIGNALS - 1, rows[i].set);
		assert_true(profile_bits(&profile, PROFILE_SIGNALS - 1) == rows[i].wanted);
	}
}

/* a look-up is dear: where it is called needless, the answer must not depend on it */
static void unneeded_places_change_nothing(void **state)
{
	static const struct story_place places[] = {
		{ "JP", 1, 5 }, { "JP", 2, .roams = NEW_BLOCK }, { "VN", 6, 66 }, { "JP", 1, 77 },
	};
	static const enum event_kind kinds[] = { EVENT_AUTH, EVENT_SUBMIT, EVENT_OUTCOME };
	struct profile profile;
	unsigned needless = 0;

	profile_init(&profile);
	for (unsigned day = 1; day < 40; day++) {
		for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
			struct event event = visit(day, "10:00", places[i]), bare = event;

			profile_age(&profile, event.t_us);
			bare.place = (struct event_place){ 0 };
			for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
				event.kind = bare.kind = (uint8_t)kinds[k];
				if (profile_needs_place(&profile, &event))
					continue;
				needless++;
				assert_int_equal(profile_familiar(&profile, &event), profile_familiar(&profile, &bare));
			}
			if (i == 0 || (day + i) % 5 == 0)
				profile_learn_place(&profile, &event);
		}
	}
	assert_in_range(needless, 39, 4 * 3 * 39); /* home of all places must not be looked up each time */
}

/* ---- wandering */

static void note(struct profile *profile, const char *time, struct story_place from)
{
	struct event event = visit(9, time, from);

	profile_note_recent(profile, &event);
}

static void spread_counts_each_network_once(void **state)
{
	struct profile_spread spread;
	struct profile profile;

	profile_init(&profile);
	spread = profile_spread(&profile, story_time(9, "03:00"), 60);
	assert_int_equal(spread.networks + spread.countries + spread.minutes, 0);
	note(&profile, "03:10", PLACE("VN", 1, 1));
	note(&profile, "03:20", PLACE("BR", 1, 1));
	note(&profile, "03:30", PLACE("BR", 1, 2)); /* the same network */
	note(&profile, "03:40", PLACE("BR", 2, 1));
	note(&profile, "03:50", PLACE("VN", 1, 1)); /* again */
	spread = profile_spread(&profile, story_time(9, "03:50"), 60);
	assert_int_equal(spread.networks, 3);
	assert_int_equal(spread.countries, 2);
	assert_int_equal(profile_spread(&profile, story_time(9, "05:00"), 60).networks, 0);
	assert_int_equal(profile_spread(&profile, story_time(9, "05:00"), 24 * 60).networks, 3);
	assert_int_equal(profile_spread(&profile, story_time(11, "05:00"), 24 * 60).networks, 0);
}

static void spread_knows_the_last_six(void **state)
{
	struct profile_spread spread;
	struct profile profile;

	profile_init(&profile);
	for (unsigned i = 0; i < 40; i++)
		note(&profile, "03:10", BOTNET(1));
	assert_int_equal(profile_spread(&profile, story_time(9, "03:10"), 60).networks, 1);
	for (unsigned i = 0; i < 12; i++)
		note(&profile, "03:10", PLACE("RU", (uint8_t)i, 1));
	spread = profile_spread(&profile, story_time(9, "03:12"), 60);
	assert_int_equal(spread.networks, PROFILE_RECENT);
	assert_int_equal(spread.countries, 1);
}

/* its short hash is 0, as is that of any number whose halves are alike: 65537, 131074, 196611 … */
static void no_network_hides_the_others(void **state)
{
	struct event event = visit(9, "03:10", VIETNAM);
	struct profile profile;

	profile_init(&profile);
	note(&profile, "03:00", LAGOS);
	event.place.asn = 196611;
	profile_note_recent(&profile, &event);
	assert_int_equal(profile_spread(&profile, event.t_us, 60).networks, 2);
}

static void wandering_becomes_a_habit(void **state)
{
	struct profile rover, homely;

	profile_init(&rover);
	profile_init(&homely);
	for (unsigned day = 1; day <= 60; day++) {
		for (uint8_t i = 0; i < 4; i++) {
			struct event event = visit(day, "23:00", PLACE("JP", (uint8_t)((day + i) % 16), i));

			profile_age(&rover, event.t_us);
			profile_note_recent(&rover, &event);
		}
		profile_age(&homely, story_time(day, "23:00"));
	}
	assert_in_range(rover.wander_q8, 3 * 256, 5 * 256);
	assert_in_range(homely.wander_q8, 0, 256 / 8);
}

/* ---- habits */

static void who_is_not_at_home_hardly_teaches(void **state)
{
	struct profile start, at_home, near, away;

	profile_init(&start);
	at_home = near = away = start;
	for (unsigned i = 0; i < 10; i++) {
		profile_learn_contact(&at_home, true, FAMILIAR_WELL);
		profile_learn_contact(&near, true, FAMILIAR_SOMEWHAT);
		profile_learn_contact(&away, true, FAMILIAR_NOT);
		profile_learn_outcome(&at_home, true, FAMILIAR_WELL);
		profile_learn_outcome(&near, true, FAMILIAR_FIRST);
		profile_learn_outcome(&away, true, FAMILIAR_NOT);
	}
	for (unsigned dead = 0; dead < 2; dead++) {
		float least = profile_share_hits(dead ? start.dead : start.contacts);
		float home = profile_share_hits(dead ? at_home.dead : at_home.contacts) - least;
		float street = profile_share_hits(dead ? near.dead : near.contacts) - least;

		assert_true(home > 2 * street);
		assert_true(home > 10 * (profile_share_hits(dead ? away.dead : away.contacts) - least));
	}
	assert_true(profile_share_hits(away.contacts) > profile_share_hits(start.contacts)); /* a traveller teaches a little */
}

static void shares_become_what_they_are(void **state)
{
	struct profile profile;

	profile_init(&profile);
	for (unsigned i = 0; i < 5000; i++) {
		profile_learn_contact(&profile, i % 4 == 0, FAMILIAR_WELL);
		profile_learn_outcome(&profile, i % 50 == 0, FAMILIAR_WELL);
	}
	assert_true(fabsf(profile_share(profile.contacts) - 0.25f) < 0.05f);
	assert_true(fabsf(profile_share(profile.dead) - 0.02f) < 0.01f);
}

static void habit_and_peak_follow_the_owner_alone(void **state)
{
	struct profile profile;

	new_profile(&profile, 1, 1, HOME);
	for (unsigned day = 2; day < 60; day++) {
		profile_age(&profile, story_time(day, "10:00"));
		profile_count_sent(&profile, 30, FAMILIAR_WELL);
		profile_age(&profile, story_time(day, "15:00"));
		profile_count_sent(&profile, 5000, FAMILIAR_NOT);
	}
	profile_age(&profile, story_time(60, "10:00"));
	assert_true(profile_habit(&profile) > 20 && profile_habit(&profile) < 40);
	assert_true(profile_peak(&profile) > 20 && profile_peak(&profile) < 40);
}

static void rate_away_leaves_home_out(void **state)
{
	struct profile profile;

	new_profile(&profile, 1, 3, HOME);
	profile_count_sent(&profile, 100, FAMILIAR_WELL);
	assert_true(profile.rate >= 100 && profile.rate_away == 0);
	profile_count_sent(&profile, 100, FAMILIAR_SOMEWHAT);
	assert_true(profile.rate_away > 10 && profile.rate_away < 90);
	profile_count_sent(&profile, 100, FAMILIAR_NOT);
	assert_true(profile.rate_away > 110 && profile.rate_away < 190);
}

/* ---- as a value */

static void live_a_day(struct profile *profile, unsigned day)
{
	struct event event = visit(day, "14:00", PHONE);

	come(profile, day, "09:00", HOME);
	profile_age(profile, event.t_us);
	profile_note_recent(profile, &event);
	profile_count_sent(profile, day % 7, FAMILIAR_WELL);
	profile_learn_contact(profile, day % 3 == 0, FAMILIAR_WELL);
	profile_learn_outcome(profile, day % 5 == 0, FAMILIAR_SOMEWHAT);
	profile_set_bits(profile, day % PROFILE_SIGNALS, (float)(day % 11));
}

static void survives_being_copied(void **state)
{
	struct profile one, stored[2], other;

	memset(&one, 0, sizeof one);
	profile_init(&one);
	for (unsigned day = 1; day < 20; day++)
		live_a_day(&one, day);
	memcpy(&stored[1], &one, sizeof one);
	memset(&one, 0xa5, sizeof one);
	memcpy(&other, &stored[1], sizeof other);
	for (unsigned day = 20; day < 40; day++) {
		live_a_day(&other, day);
		live_a_day(&stored[1], day);
	}
	assert_memory_equal(&other, &stored[1], sizeof other);
	assert_int_equal(familiar(&other, 40, HOME), FAMILIAR_WELL);
}

static void absolved_but_not_forgotten(void **state)
{
	struct profile profile;

	new_profile(&profile, 1, 9, HOME);
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		profile_set_bits(&profile, i, 8);
	note(&profile, "03:10", VIETNAM);
	profile_count_sent(&profile, 500, FAMILIAR_NOT);
	profile_share_add(&profile.dead_now, 100, 100, 900);
	profile.failures_q8 = 2560;
	profile.away = 1;
	profile_absolve(&profile);
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		assert_true(profile_bits(&profile, i) == 0);
	assert_int_equal(profile_spread(&profile, story_time(9, "03:12"), 60).networks, 0);
	assert_true(profile.rate == 0 && profile.rate_away == 0 && !profile.dead_now.hits_q6);
	assert_int_equal(profile.failures_q8 + profile.away, 0);
	assert_int_equal(familiar(&profile, 9, HOME), FAMILIAR_WELL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_small),
		cmocka_unit_test(evidence_is_half_gone_after_three_days),
		cmocka_unit_test(rates_and_shares_fade),
		cmocka_unit_test(clock_that_goes_back_changes_nothing),
		cmocka_unit_test(ten_years_later),
		cmocka_unit_test(any_time_is_survived),
		cmocka_unit_test(before_1970_life_begins_as_usual_afterwards),
		cmocka_unit_test(young_for_two_days),
		cmocka_unit_test(becomes_familiar_by_days),
		cmocka_unit_test(unknown_address_says_nothing),
		cmocka_unit_test(networks_without_a_number_are_told_by_their_sixteenth),
		cmocka_unit_test(ipv6_is_told_by_its_48_bits),
		cmocka_unit_test(room_for_five_blocks_four_networks_four_countries),
		cmocka_unit_test(the_longest_unused_place_gives_way),
		cmocka_unit_test(home_of_many_days_outlives_a_journey),
		cmocka_unit_test(days_and_spans_saturate),
		cmocka_unit_test(volumes_saturate),
		cmocka_unit_test(bits_saturate),
		cmocka_unit_test(unneeded_places_change_nothing),
		cmocka_unit_test(spread_counts_each_network_once),
		cmocka_unit_test(spread_knows_the_last_six),
		cmocka_unit_test(no_network_hides_the_others),
		cmocka_unit_test(wandering_becomes_a_habit),
		cmocka_unit_test(who_is_not_at_home_hardly_teaches),
		cmocka_unit_test(shares_become_what_they_are),
		cmocka_unit_test(habit_and_peak_follow_the_owner_alone),
		cmocka_unit_test(rate_away_leaves_home_out),
		cmocka_unit_test(survives_being_copied),
		cmocka_unit_test(absolved_but_not_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
