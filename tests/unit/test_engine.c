/* SPDX-License-Identifier: Apache-2.0 */
/* Stories of thieves, who must be stopped early: held by message N, locked by message N. And the manners of the engine
 * itself: what it learns from whom, what it keeps, that the same events give the same verdicts. */
#include "story.h"

#define CARRIER(number) PLACE("JP", (number), .roams = NEW_BLOCK)

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

/* ---- thieves */

/* 03:10 a login of alice from a country where she never was; 03:12 a flood to strangers from everywhere */
static void botnet(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 9);
	story_at(s, 10, "03:10");
	story_watch(s, "alice");
	story_login(s, "alice", VIETNAM);
	story_wants_pass(s);
	story_at(s, 10, "03:12");
	s->pace_s = 2;
	story_sends(s, "alice", BOTNET(40), 60, STRANGERS);
	story_wants_held_by(s, 5);
	story_wants_locked_by(s, 12);
}

static void one_address_that_guessed(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 9);
	story_at(s, 9, "22:45");
	story_watch(s, "alice");
	story_mistypes(s, "alice", VIETNAM, 180);
	story_wants_pass(s);
	story_sends(s, "alice", VIETNAM, 100, STRANGERS);
	story_wants_held_by(s, 6);
	story_wants_locked_by(s, 15);
}

static void one_network_that_tries_everybody(void **state)
{
	struct story *s = &story;
	char name[16];

	story_commuter_days(s, "alice", 1, 9);
	story_at(s, 9, "23:00");
	for (unsigned i = 0; i < 60; i++) {
		snprintf(name, sizeof name, "user%u", i);
		story_mistypes(s, name, VIETNAM, 1);
	}
	story_watch(s, "alice");
	story_mistypes(s, "alice", VIETNAM, 1);
	story_sends(s, "alice", VIETNAM, 100, STRANGERS);
	story_wants_held_by(s, 5);
	story_wants_locked_by(s, 15);
}

/* reads the mailbox in the evening, and at night writes to her own contacts; all addresses are good */
static void contacts_of_the_owner(void **state)
{
	struct story *s = &story;
	struct story_people contacts = PEOPLE("contacts", 120, .dead = 3);

	for (unsigned day = 1; day <= 10; day++) {
		story_commuter_days(s, "alice", day, day);
		story_at(s, day, "23:00");
		story_sends(s, "alice", HOME, 7, contacts);
	}
	story_at(s, 11, "23:40");
	story_watch(s, "alice");
	for (unsigned i = 0; i < 3; i++)
		story_login(s, "alice", LAGOS);
	story_at(s, 12, "02:00");
	story_sends(s, "alice", LAGOS, 100, contacts);
	story_wants_held_by(s, 25);
	story_wants_locked_by(s, 50);
}

static void a_hundred_a_day_at_office_hours(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 14);
	story_watch(s, "alice");
	s->pace_s = 7 * 60;
	for (unsigned day = 15; day <= 19; day++) {
		story_at(s, day, "08:00");
		story_sends(s, "alice", BOTNET(6), 100, PEOPLE("strangers", .dead = 8));
	}
	story_wants_held_by(s, 30);
	story_wants_locked_by(s, 50);
}

static void a_dozen_a_day_from_one_address(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 14);
	story_watch(s, "alice");
	s->pace_s = 40 * 60;
	for (unsigned day = 15; day <= 30; day++) {
		story_at(s, day, "08:00");
		story_sends(s, "alice", VIETNAM, 12, PEOPLE("strangers", .dead = 20));
	}
	story_wants_locked_by(s, 60);
}

/* the first hundred look like an old address book */
static void infected_pc_at_home(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 10);
	story_at(s, 11, "13:00");
	story_watch(s, "alice");
	s->pace_s = 12;
	story_sends(s, "alice", INFECTED_PC, 1200, STRANGERS);
	story_wants_locked_by(s, 350);
}

static void clean_list_from_a_rented_machine(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 10);
	story_at(s, 11, "13:00");
	story_watch(s, "alice");
	s->pace_s = 4;
	story_sends(s, "alice", PLACE("US", 5, 5, .thief = true), 300, PEOPLE("strangers", .dead = 1));
	story_wants_held_by(s, 20);
	story_wants_locked_by(s, 60);
}

static void fifty_recipients_a_message(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 10);
	story_at(s, 11, "13:00");
	story_watch(s, "alice");
	s->width = 50;
	story_sends(s, "alice", VIETNAM, 20, STRANGERS);
	story_wants_locked_by(s, 2);
}

static void same_country_other_provider(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 10);
	story_at(s, 11, "04:00");
	story_watch(s, "alice");
	story_sends(s, "alice", PLACE("JP", 12, 12, .thief = true), 200, STRANGERS);
	story_wants_held_by(s, 20);
	story_wants_locked_by(s, 60);
}

static void during_a_journey(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 14);
	story_usual_days(s, "alice", 15, 18, BANGKOK);
	story_at(s, 19, "12:00");
	story_watch(s, "alice");
	story_sends(s, "alice", BOTNET(30), 60, STRANGERS);
	story_wants_locked_by(s, 12);
}

static void account_of_two_days(void **state)
{
	struct story *s = &story;

	story_usual_days(s, "carol", 8, 9, HOME);
	story_at(s, 10, "02:00");
	story_watch(s, "carol");
	story_sends(s, "carol", BOTNET(20), 60, STRANGERS);
	story_wants_locked_by(s, 20);
}

static void log_that_begins_in_the_flood(void **state)
{
	struct story *s = &story;

	story_watch(s, "alice");
	story_sends(s, "alice", BOTNET(30), 100, STRANGERS);
	story_wants_locked_by(s, 60);
}

/* ---- nobody teaches the profile in a hurry */

static void stays_unfamiliar(struct story *s, const char *who, struct story_place place, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct event event = { .t_us = s->now_us, .kind = EVENT_AUTH, .ok = true };

		event.ip = story_address(place, i);
		event.place = story_where(&event.ip);
		if (profile_familiar(story_profile(s, who), &event) != FAMILIAR_NOT)
			fail_msg("address %u of the thief's is familiar", i);
	}
}

static bool knows_country(struct story *s, const char *who, struct story_place place, unsigned number)
{
	struct event event = { .ip = story_address(place, number) };

	event.place = story_where(&event.ip);
	return profile_knows_country(story_profile(s, who), &event);
}

static void thief_of_a_week_stays_a_stranger(void **state)
{
	struct story *s = &story;
	struct event home = { .ip = story_address(HOME, 0) };

	story_commuter_days(s, "alice", 1, 9);
	for (unsigned day = 10; day <= 17; day++) {
		story_commuter_days(s, "alice", day, day);
		story_at(s, day, "23:10");
		story_sends(s, "alice", BOTNET(40), 60, STRANGERS);
		story_sends(s, "alice", VIETNAM, 60, STRANGERS);
	}
	stays_unfamiliar(s, "alice", BOTNET(40), 40);
	stays_unfamiliar(s, "alice", VIETNAM, 1);
	home.place = story_where(&home.ip);
	assert_int_equal(profile_familiar(story_profile(s, "alice"), &home), FAMILIAR_WELL);
}

/* engine.h: the attacker's places never become hers, not even the first */
static void botnet_leaves_no_country_behind(void **state)
{
	struct story *s = &story;
	unsigned known = 0;

	story_commuter_days(s, "alice", 1, 9);
	story_at(s, 10, "03:10");
	story_login(s, "alice", LAGOS);
	story_later(s, 2 * MINUTE_US);
	story_sends(s, "alice", BOTNET(40), 60, STRANGERS);
	known += knows_country(s, "alice", LAGOS, 0);
	for (unsigned i = 0; i < 40; i++)
		known += knows_country(s, "alice", BOTNET(40), i);
	assert_int_equal(known, 0);
	assert_true(knows_country(s, "alice", HOME, 0));
}

/* only reads for five days, from one place, and then sends: found no later than if it were at her own PC */
static void thief_who_waits_is_locked_all_the_same(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 9);
	for (unsigned day = 10; day <= 14; day++) {
		story_commuter_days(s, "alice", day, day);
		story_at(s, day, "23:50");
		story_login(s, "alice", VIETNAM);
	}
	story_at(s, 15, "03:00");
	story_watch(s, "alice");
	story_sends(s, "alice", VIETNAM, 400, STRANGERS);
	story_wants_locked_by(s, 350);
}

static void thief_does_not_change_the_habits(void **state)
{
	struct story *s = &story;
	struct profile before;
	const struct profile *after;

	story_commuter_days(s, "alice", 1, 20);
	before = *story_profile(s, "alice");
	story_at(s, 21, "03:10");
	story_sends(s, "alice", BOTNET(40), 2000, STRANGERS);
	after = story_profile(s, "alice");
	assert_true(profile_share(after->contacts) < profile_share(before.contacts) + 0.1f);
	assert_true(profile_share(after->dead) < profile_share(before.dead) + 0.01f);
	assert_true(profile_habit(after) < profile_habit(&before) + 1 && profile_peak(after) < profile_peak(&before) + 1);
}

/* ---- proof, and afterwards */

static void owner_proves_who_she_is(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 9);
	story_at(s, 10, "03:12");
	story_watch(s, "alice");
	story_sends(s, "alice", BOTNET(40), 60, STRANGERS);
	story_wants_locked_by(s, 12);
	story_at(s, 10, "10:00");
	story_verified(s, "alice");
	story_watch(s, "alice");
	story_commuter_days(s, "alice", 11, 14);
	story_wants_pass(s);
	story_at(s, 15, "03:12");
	story_watch(s, "alice");
	story_sends(s, "alice", BOTNET(40), 60, STRANGERS); /* it is stolen again */
	story_wants_locked_by(s, 12);
}

static void evidence_fades_within_weeks(void **state)
{
	struct story *s = &story;

	story_commuter_days(s, "alice", 1, 9);
	story_at(s, 10, "03:12");
	story_sends(s, "alice", BOTNET(40), 30, STRANGERS);
	story_commuter_days(s, "alice", 11, 40);
	story_at(s, 41, "09:00");
	story_watch(s, "alice");
	story_sends(s, "alice", HOME, 3, FRIENDS);
	story_wants_pass(s);
}

static void suspect_is_kept_as_it_was_when_locked(void **state)
{
	const struct suspect *suspects;
	struct story *s = &story;
	struct suspect then;

	story_commuter_days(s, "alice", 1, 9);
	story_at(s, 10, "03:12");
	story_watch(s, "alice");
	story_sends(s, "alice", BOTNET(40), 60, STRANGERS);
	assert_int_equal(engine_suspects(s->engine, &suspects), 1);
	then = suspects[0];
	assert_int_equal(then.account, story_account(s, "alice"));
	assert_true(then.suspected_us >= story_time(10, "03:12") && then.suspected_us <= then.locked_us);
	assert_true(then.locked_us < story_time(10, "03:20"));
	assert_true(then.bits >= 22);
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		if (then.signal_bits[i] > 0)
			assert_in_range(then.signal_us[i], story_time(10, "03:12"), then.locked_us);
	story_sends(s, "alice", BOTNET(40), 500, STRANGERS);
	assert_int_equal(engine_suspects(s->engine, &suspects), 1);
	assert_memory_equal(&suspects[0], &then, sizeof then);
}

/* ---- names that are nobody's */

static void no_account_no_judgement(void **state)
{
	static const enum event_kind kinds[] = {
		EVENT_AUTH, EVENT_SUBMIT, EVENT_OUTCOME, EVENT_BOUNCE, EVENT_COMPLAINT, EVENT_VERIFIED, EVENT_TICK,
	};
	const struct population_guesser *guesser;
	const struct suspect *suspects;
	struct story *s = &story;
	struct event event = {
		.ip = story_address(VIETNAM, 0), .account_key = 11, .count = 100, .message = 7, .rcpt = 9, .result = RESULT_BOUNCED,
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		event.kind = (uint8_t)kinds[i];
		event.ok = kinds[i] != EVENT_AUTH;
		for (unsigned k = 0; k < 100; k++)
			story_event(s, event);
		assert_int_equal(s->verdict.action, VERDICT_PASS);
		assert_true(s->verdict.bits == 0);
	}
	assert_int_equal(engine_suspects(s->engine, &suspects), 0);
	assert_int_equal(spool_count(engine_spool(s->engine)), 0);
	assert_null(profiles_peek(engine_profiles(s->engine), ACCOUNT_NONE));
	guesser = population_guesser(engine_population(s->engine), &event.ip);
	assert_non_null(guesser); /* but who guesses at invented names is remembered */
	assert_int_equal(guesser->attempts, 10000);
	assert_int_equal(guesser->accounts_tried, 1);
}

static void network_that_got_in_is_named(void **state)
{
	const struct population_guesser *guesser;
	struct story *s = &story;
	struct ip ip = story_address(VIETNAM, 0), home = story_address(HOME, 0);
	char name[16];

	story_commuter_days(s, "alice", 1, 9);
	story_at(s, 9, "23:00");
	for (unsigned i = 0; i < 40; i++) {
		snprintf(name, sizeof name, "user%u", i);
		story_mistypes(s, name, VIETNAM, 1);
	}
	story_mistypes(s, "alice", HOME, 9);
	story_login(s, "alice", HOME);
	story_login(s, "alice", VIETNAM);
	guesser = population_guesser(engine_population(s->engine), &ip);
	assert_int_equal(guesser->accounts_tried, 40);
	assert_int_equal(guesser->opened_count, 1);
	assert_int_equal(guesser->opened[0], story_account(s, "alice"));
	assert_int_equal(population_guesser(engine_population(s->engine), &home)->opened_count, 0);
}

/* ---- what a person decides */

static void wrong_passwords_that_are_pardoned(void **state)
{
	struct story *s = &story;
	uint32_t alice;
	struct verdict before, after;

	story_commuter_days(s, "alice", 1, 3);
	alice = story_account(s, "alice");
	story_at(s, 4, "03:00");
	story_mistypes(s, "alice", VIETNAM, 9);
	story_login(s, "alice", VIETNAM);
	engine_standing(s->engine, alice, story_time(4, "03:00"), &before);
	assert_true(before.group_bits[GROUP_GUESSING] > 0);
	engine_pardon_failures(s->engine, alice);
	engine_standing(s->engine, alice, story_time(4, "03:00"), &after);
	assert_float_equal(after.group_bits[GROUP_GUESSING], 0, 0.01);
	assert_float_equal(after.group_bits[GROUP_PLACE], before.group_bits[GROUP_PLACE], 0.01); /* the rest stands */
	assert_int_equal(story_profile(s, "alice")->failures_q8, 0);
}

static void who_is_forgotten_is_young_again(void **state)
{
	struct story *s = &story;
	struct profile fresh;
	uint32_t alice;

	story_commuter_days(s, "alice", 1, 3);
	alice = story_account(s, "alice");
	story_at(s, 4, "03:00");
	story_sends(s, "alice", VIETNAM, 50, STRANGERS);
	assert_non_null(engine_suspect(s->engine, alice));
	assert_true(engine_suspect(s->engine, alice)->bits > 14);
	engine_forget(s->engine, alice);
	profile_init(&fresh);
	assert_memory_equal(profiles_get((struct profiles *)(uintptr_t)engine_profiles(s->engine), alice), &fresh, sizeof fresh);
	assert_int_equal(engine_suspect(s->engine, alice)->suspected_us, WHEN_NONE);
	assert_int_equal(profiles_peek_tally(engine_profiles(s->engine), alice)->messages, 0);
}

/* ---- the machine */

static void counters_for_people_never_wrap(void **state)
{
	struct story *s = &story;
	struct profile *profile;
	struct profiles_tally *tally;

	story_commuter_days(s, "alice", 1, 3);
	tally = profiles_tally((struct profiles *)(uintptr_t)engine_profiles(s->engine), story_account(s, "alice"));
	profile = profiles_get((struct profiles *)(uintptr_t)engine_profiles(s->engine), story_account(s, "alice"));
	tally->messages = tally->recipients = tally->bounced = UINT32_MAX - 1;
	story_at(s, 4, "09:00");
	story_sends(s, "alice", HOME, 5, PEOPLE("dead", .dead = 100));
	profile->failures_q8 = UINT16_MAX - 1;
	story_mistypes(s, "alice", VIETNAM, 5);
	assert_int_equal(tally->messages, UINT32_MAX);
	assert_int_equal(tally->recipients, UINT32_MAX);
	assert_int_equal(tally->bounced, UINT32_MAX);
	assert_true(profile->failures_q8 >= UINT16_MAX - 256);
}

/* … and where nobody will read them there are none */
static void live_engine_counts_for_nobody(void **state)
{
	struct story live;
	const struct suspect *suspects;
	const struct engine_returned *returned;

	story_begin_with(&live, &(struct engine_options){ .limits = { 14, 11, 22 }, .live = true });
	story_commuter_days(&live, "alice", 1, 3);
	story_at(&live, 4, "09:00");
	story_sends(&live, "alice", VIETNAM, 50, STRANGERS);
	story_bounces(&live, "alice", 40);
	assert_int_equal(live.verdict.action, VERDICT_LOCK);
	assert_int_equal(engine_suspects(live.engine, &suspects), 1); /* a gate asks when it began */
	assert_int_equal(engine_returned(live.engine, &returned), 0);
	assert_null(profiles_peek_tally(engine_profiles(live.engine), story_account(&live, "alice")));
	story_end(&live);
}

static void a_day_in_a_small_town(struct story *s)
{
	char name[16];

	for (unsigned i = 0; i < 15; i++) {
		snprintf(name, sizeof name, "user%u", i);
		story_usual_days(s, name, 1, 8, i % 3 ? PLACE("JP", (uint8_t)i, (uint8_t)i) : CARRIER((uint8_t)i));
		story_at(s, 9, "03:00");
		if (i % 5 == 0)
			story_sends(s, name, BOTNET(25), 40, STRANGERS);
		if (i % 5 == 1)
			story_mistypes(s, name, LAGOS, 12);
		if (i % 5 == 2)
			story_bounces(s, name, 30);
		story_retries(s);
	}
}

/* field by field: between and behind them stands whatever stood there */
static void assert_alike(const struct verdict *one, const struct verdict *other)
{
	assert_int_equal(one->action, other->action);
	assert_memory_equal(&one->bits, &other->bits, sizeof one->bits);
	assert_memory_equal(one->group_bits, other->group_bits, sizeof one->group_bits);
	assert_int_equal(one->familiar, other->familiar);
	assert_int_equal(one->owner_like, other->owner_like);
}

static void same_events_same_verdicts(void **state)
{
	struct story *one = &story, other;

	story_begin(&other);
	a_day_in_a_small_town(one);
	a_day_in_a_small_town(&other);
	assert_int_equal(one->said_count, other.said_count);
	for (size_t i = 0; i < one->said_count; i++)
		assert_alike(&one->said[i].verdict, &other.said[i].verdict);
	assert_int_equal(accounts_count(one->accounts), 15);
	for (uint32_t account = 1; account <= 15; account++)
		assert_memory_equal(profiles_peek(engine_profiles(one->engine), account),
				    profiles_peek(engine_profiles(other.engine), account), sizeof(struct profile));
	assert_int_equal(spool_count(engine_spool(one->engine)), spool_count(engine_spool(other.engine)));
	story_end(&other);
}

static void without_a_spool_it_judges_alike(void **state)
{
	struct story *s = &story, bare;

	story_begin_with(&bare, &(struct engine_options){ .limits = { 14, 11, 22 } });
	assert_null(engine_spool(bare.engine));
	a_day_in_a_small_town(s);
	a_day_in_a_small_town(&bare);
	for (size_t i = 0; i < s->said_count; i++)
		assert_alike(&s->said[i].verdict, &bare.said[i].verdict);
	assert_true(engine_bytes(bare.engine) > 15 * sizeof(struct profile));
	story_end(&bare);
}

static void nothing_happened_yet(void **state)
{
	const struct suspect *suspects;
	const struct engine_returned *returned;

	assert_int_equal(engine_suspects(story.engine, &suspects), 0);
	assert_int_equal(engine_returned(story.engine, &returned), 0);
	engine_free(NULL);
}

#define TELL(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TELL(botnet),
		TELL(one_address_that_guessed),
		TELL(one_network_that_tries_everybody),
		TELL(contacts_of_the_owner),
		TELL(a_hundred_a_day_at_office_hours),
		TELL(a_dozen_a_day_from_one_address),
		TELL(infected_pc_at_home),
		TELL(clean_list_from_a_rented_machine),
		TELL(fifty_recipients_a_message),
		TELL(same_country_other_provider),
		TELL(during_a_journey),
		TELL(account_of_two_days),
		TELL(log_that_begins_in_the_flood),
		TELL(thief_of_a_week_stays_a_stranger),
		TELL(botnet_leaves_no_country_behind),
		TELL(thief_who_waits_is_locked_all_the_same),
		TELL(thief_does_not_change_the_habits),
		TELL(owner_proves_who_she_is),
		TELL(evidence_fades_within_weeks),
		TELL(suspect_is_kept_as_it_was_when_locked),
		TELL(no_account_no_judgement),
		TELL(network_that_got_in_is_named),
		TELL(wrong_passwords_that_are_pardoned),
		TELL(who_is_forgotten_is_young_again),
		TELL(counters_for_people_never_wrap),
		TELL(live_engine_counts_for_nobody),
		TELL(same_events_same_verdicts),
		TELL(without_a_spool_it_judges_alike),
		TELL(nothing_happened_yet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
