/* SPDX-License-Identifier: Apache-2.0 */
/* The live side: hold, release, probe, lock, brakes, wake; stories with a scripted clock. Where a story is about what the
 * guard does with bits, they are given (gate_accuse), so that the weights of signals do not matter. */
#include "guard_story.h"

#include <jansson.h>
#include <stdio.h>

static struct guard_answer tick(void)
{
	struct event event = event_of(EVENT_TICK, NULL);

	return gate_tell(&gate, &event, NULL);
}

/* ---- hold, and let go */

static void little_is_let_go_after_minutes(void **state)
{
	writes_while_accused(11, 4);
	assert_int_equal(gate.owner.held, 4);
	assert_int_equal(gate.owner.released, 0);
	gate_at(&gate, 15, "12:06");
	assert_int_equal(gate.owner.released, 0);
	gate_at(&gate, 15, "12:15");
	assert_int_equal(gate.owner.released, 4);
	assert_in_range(gate.owner.longest_us, 5 * MINUTE_US, 15 * MINUTE_US);
	assert_int_equal(gate.locks, 0);
}

static void what_was_let_go_once_is_not_held_again(void **state)
{
	writes_while_accused(11, 2);
	gate_at(&gate, 15, "12:30");
	gate_watch(&gate);
	story_sends(&story, "alice", NEXT_TOWN, 3, FRIENDS);
	assert_int_equal(gate.owner.passed, 3);
	gate_accuse(&gate, "alice", 15); /* until something is added */
	story_sends(&story, "alice", NEXT_TOWN, 1, FRIENDS);
	assert_int_equal(gate.owner.held, 1);
}

static void nothing_at_all_is_not_held(void **state)
{
	gate_at(&gate, 15, "12:00");
	story_sends(&story, "alice", HOME, 20, FRIENDS);
	assert_int_equal(gate.owner.passed, 20);
	assert_int_equal(gate.wake_us == WHEN_NONE, true);
}

/* the owner's own place needs much more */
static void at_home_less_is_held(void **state)
{
	gate_at(&gate, 15, "12:00");
	gate_accuse(&gate, "alice", 12);
	story_sends(&story, "alice", HOME, 3, FRIENDS);
	assert_int_equal(gate.owner.passed, 3);
	gate_accuse(&gate, "alice", 20);
	story_sends(&story, "alice", HOME, 3, FRIENDS);
	assert_int_equal(gate.owner.held, 3);
}

static void in_doubt_they_go_one_by_one(void **state)
{
	uint32_t before = 0, steps = 0;
	int64_t last_us = 0;

	writes_while_accused(16, 12);
	assert_int_equal(gate.owner.held, 12);
	while (gate.owner.released < 12 && story.now_us < story_time(15, "14:00")) {
		story_later(&story, SECOND_US);
		tick();
		if (gate.owner.released == before)
			continue;
		assert_in_range(gate.owner.released - before, 1, 1u << steps); /* twice as many each time, at most */
		assert_true(steps == 0 || story.now_us - last_us >= 60 * SECOND_US);
		before = gate.owner.released;
		last_us = story.now_us;
		steps++;
	}
	assert_int_equal(gate.owner.released, 12);
	assert_true(steps >= 4);
}

/* a probe that bounces: back to one, and longer */
static void a_bad_probe_is_waited_for(void **state)
{
	uint32_t before;

	gate_at(&gate, 15, "12:00");
	story_login(&story, "alice", VIETNAM);
	gate_accuse(&gate, "alice", 14);
	story.pace_s = 5;
	story_sends(&story, "alice", VIETNAM, 20, DEAD);
	assert_int_equal(gate.thief.held, 20);
	gate_at(&gate, 15, "12:20");
	before = gate.thief.released;
	assert_in_range(before, 1, 7);
	for (unsigned i = 0; i < 20; i++) {
		char time[10];

		snprintf(time, sizeof time, "12:%02u", 21 + i);
		gate_at(&gate, 15, time);
		assert_in_range(gate.thief.released - before, 0, 1); /* never two at once */
		before = gate.thief.released;
	}
	assert_in_range(before, 4, 18);
}

/* of a list that is kept one or the other is dead: the rest does not wait for that */
static void a_dead_one_among_many_is_no_bad_probe(void **state)
{
	gate_at(&gate, 15, "12:00");
	gate_accuse(&gate, "alice", 16.2f);
	story.pace_s = 1;
	story_sends(&story, "alice", HOME, 140, ALIVE);
	story_sends(&story, "alice", HOME, 1, DEAD);
	story_sends(&story, "alice", HOME, 59, ALIVE);
	assert_in_range(gate.owner.held, 150, 200);
	gate_at(&gate, 15, "12:20");
	assert_int_equal(gate.owner.released, gate.owner.held);
	assert_in_range(gate.owner.longest_us, 5 * MINUTE_US, 15 * MINUTE_US);
}

/* a caller that sends no ticks gets the second probe no sooner after the first */
static void who_asks_late_gets_no_more_at_once(void **state)
{
	gate.deaf = true;
	writes_while_accused(16, 30);
	gate_at(&gate, 15, "20:00");
	tick();
	assert_int_equal(gate.owner.released, 1);
	tick();
	assert_int_equal(gate.owner.released, 1);
	story_later(&story, 6 * MINUTE_US);
	tick();
	assert_in_range(gate.owner.released, 2, 3);
}

static void where_it_is_stronger_it_waits_longer(void **state)
{
	static const float bits[] = { 11, 15, 25 };
	int64_t waited[3];

	for (size_t i = 0; i < 3; i++) {
		gate_at(&gate, 15, "12:00");
		story_login(&story, "alice", NEXT_TOWN);
		gate_accuse(&gate, "alice", bits[i]);
		story_sends(&story, "alice", NEXT_TOWN, 1, ALIVE);
		assert_int_equal(gate.owner.held, 1);
		gate_at(&gate, 15, "14:00");
		waited[i] = gate.owner.longest_us;
		gate_end(&gate);
		begin_patient(NULL);
	}
	assert_true(waited[0] <= waited[1] && waited[1] <= waited[2] && waited[0] < waited[2]);
	assert_true(waited[2] <= 15 * MINUTE_US);
}

/* ---- lock */

static void botnet_is_held_locked_and_refused(void **state)
{
	gate_at(&gate, 15, "03:10");
	story.letter.client = "python";
	story_sends(&story, "alice", BOTNET(40), 60, STRANGERS);
	assert_int_equal(gate.locks, 1);
	assert_in_range(gate.locked_by, 1, 12);
	assert_int_equal(gate_leaked(&gate), 0);
	assert_int_equal(gate.thief.discarded, gate.thief.held);
	assert_int_equal(gate.thief.refused + gate.thief.held, 60);
	gate_at(&gate, 16, "03:10");
	assert_int_equal(gate_leaked(&gate), 0);
}

/* a thief in her own house: her mail is not told from his, so none of it is thrown away before she has said who she is */
static void nothing_from_home_is_ever_thrown_away(void **state)
{
	gate_at(&gate, 15, "12:00");
	gate_accuse(&gate, "alice", 20.5f);
	story_sends(&story, "alice", HOME, 2, ALIVE);
	assert_int_equal(gate.owner.held, 2);
	gate_accuse(&gate, "alice", 23);
	story_sends(&story, "alice", HOME, 1, ALIVE);
	assert_int_equal(gate.locks, 1);
	gate_at(&gate, 15, "18:00");
	assert_int_equal(gate.owner.discarded + gate.owner.released, 0);
	story_verified(&story, "alice");
	assert_int_equal(gate.owner.released, 2);
	assert_int_equal(gate.owner.discarded, 0);
}

static void lock_discards_strangers_mail_and_releases_the_owners(void **state)
{
	gate_at(&gate, 15, "12:00");
	gate_accuse(&gate, "alice", 20.5f);
	story_sends(&story, "alice", HOME, 2, ALIVE);
	assert_int_equal(gate.owner.held, 2);
	story.letter.client = "python";
	story_sends(&story, "alice", VIETNAM, 1, ALIVE); /* tips the scales */
	assert_int_equal(gate.locks, 1);
	assert_int_equal(gate.owner.released, 2);
	assert_int_equal(gate.owner.discarded, 0);
	assert_int_equal(gate_leaked(&gate), 0);
}

/* whoever tips the scales, mail from elsewhere that was held before tells where abuse comes from */
static void owner_who_tips_the_scales_keeps_her_mail(void **state)
{
	gate_at(&gate, 15, "12:00");
	story.letter.client = "python";
	story_login(&story, "alice", VIETNAM);
	gate_accuse(&gate, "alice", 14);
	story_sends(&story, "alice", VIETNAM, 2, FRIENDS);
	assert_int_equal(gate.thief.held, 2);
	gate_accuse(&gate, "alice", 24);
	story.letter.client = "outlook";
	story_sends(&story, "alice", HOME, 2, FRIENDS);
	assert_int_equal(gate.locks, 1);
	assert_int_equal(gate.thief.discarded, 2);
	assert_int_equal(gate.owner.passed + gate.owner.released, 2);
}

static void lock_alice(void)
{
	gate_at(&gate, 15, "12:00");
	gate_accuse(&gate, "alice", 24);
	story.letter.client = "python";
	story_sends(&story, "alice", VIETNAM, 1, ALIVE);
	assert_int_equal(gate.locks, 1);
	assert_int_equal(gate.thief.refused, 1);
	story.letter.client = "outlook";
}

static void home_passes_during_a_lock(void **state)
{
	lock_alice();
	story_sends(&story, "alice", HOME, 5, FRIENDS);
	assert_int_equal(gate.owner.passed, 5);
	story.letter.client = "python";
	story_sends(&story, "alice", VIETNAM, 5, FRIENDS);
	story_sends(&story, "alice", LAGOS, 5, FRIENDS);
	assert_int_equal(gate.thief.refused, 11);
}

/* mail that was held from elsewhere weeks ago does not tell where a thief of today sits */
static void thief_at_home_is_shut_out_from_home(void **state)
{
	writes_while_accused(12, 2);
	gate_at(&gate, 15, "13:00");
	assert_int_equal(gate.owner.released, 2);
	story_commuter_days(&story, "alice", 16, 29);
	gate_at(&gate, 30, "12:00");
	gate_accuse(&gate, "alice", 20);
	story_sends(&story, "alice", INFECTED_PC, 8, ALIVE);
	assert_int_equal(gate.thief.held, 8);
	gate_accuse(&gate, "alice", 26);
	story_sends(&story, "alice", INFECTED_PC, 5, ALIVE);
	assert_int_equal(gate.locks, 1);
	assert_int_equal(gate.thief.refused, 5);
	assert_int_equal(gate.thief.passed + gate.thief.released, 0);
}

/* what malware left in the queue does not go out in a heap because the owner has a new password */
static void what_a_thief_left_at_home_goes_out_warily(void **state)
{
	uint32_t at_once;

	gate_at(&gate, 15, "12:00");
	gate_accuse(&gate, "alice", 16.5f);
	story.pace_s = 1;
	story_sends(&story, "alice", INFECTED_PC, 200, DEAD);
	assert_int_equal(gate.thief.held, 200);
	gate_accuse(&gate, "alice", 26);
	story_sends(&story, "alice", INFECTED_PC, 1, DEAD);
	assert_int_equal(gate.locks, 1);
	gate_at(&gate, 15, "20:00");
	assert_int_equal(gate.thief.released, 0);
	story_verified(&story, "alice");
	at_once = gate.thief.released;
	assert_in_range(at_once, 1, 8);
	gate_at(&gate, 16, "20:00");
	assert_in_range(gate.thief.released - at_once, 4, 20); /* each bad one doubles the wait, up to two hours */
}

/* … and what was the owner's all the same does, at once where it is little */
static void what_the_owner_left_at_home_goes_out_in_minutes(void **state)
{
	gate_at(&gate, 15, "12:00");
	gate_accuse(&gate, "alice", 16.5f);
	story.pace_s = 1;
	story_sends(&story, "alice", HOME, 200, ALIVE);
	assert_int_equal(gate.owner.held, 200);
	gate_accuse(&gate, "alice", 26);
	story_sends(&story, "alice", INFECTED_PC, 1, DEAD);
	assert_int_equal(gate.locks, 1);
	story_verified(&story, "alice");
	assert_int_equal(gate.owner.released, 8);
	story_later(&story, 10 * MINUTE_US);
	gate_at(&gate, 15, "12:30");
	assert_int_equal(gate.owner.released, 200);
}

static void lock_is_said_once_until_verified(void **state)
{
	lock_alice();
	story.letter.client = "python";
	story_sends(&story, "alice", VIETNAM, 20, ALIVE);
	assert_int_equal(gate.locks, 1);
	story_verified(&story, "alice");
	assert_true(gate_bits(&gate, "alice") < 1);
	gate_watch(&gate);
	gate_accuse(&gate, "alice", 24);
	story_sends(&story, "alice", VIETNAM, 1, ALIVE);
	assert_int_equal(gate.locks, 1);
}

static void verified_lifts_the_lock(void **state)
{
	lock_alice();
	story_verified(&story, "alice");
	gate_watch(&gate);
	story_sends(&story, "alice", HOME, 3, FRIENDS);
	assert_int_equal(gate.owner.passed, 3);
	assert_int_equal(gate.owner.refused, 0);
	story_later(&story, DAY_US);
	story_sends(&story, "alice", PHONE, 3, FRIENDS);
	assert_int_equal(gate.owner.refused, 0);
}

static void verified_releases_what_is_held(void **state)
{
	writes_while_accused(16, 7);
	assert_int_equal(gate.owner.held, 7);
	story_verified(&story, "alice");
	assert_int_equal(gate.owner.released, 7);
	gate_at(&gate, 16, "12:00");
	assert_int_equal(gate.owner.released, 7);
}

static void verified_of_whom_nobody_suspects(void **state)
{
	story_verified(&story, "alice");
	story_verified(&story, "nobody");
	assert_int_equal(gate.last.release_count + gate.last.discard_count, 0);
	assert_false(gate.last.lock);
}

/* the thief has the very address that the owner uses, but other software */
static void source_that_was_refused_is_never_the_owners(void **state)
{
	lock_alice();
	story.letter.client = "python";
	story_sends(&story, "alice", INFECTED_PC, 3, STRANGERS);
	assert_int_equal(gate.thief.refused, 4);
	story.letter.client = "outlook";
	story_sends(&story, "alice", HOME, 1, FRIENDS);
	assert_int_equal(gate.owner.passed, 1);
}

/* ---- brakes */

static void attack(struct gate *g, const char *who)
{
	g->story->letter.client = "python";
	gate_accuse(g, who, 26);
	story_sends(g->story, who, VIETNAM, 2, ALIVE);
}

static void begin_braked(struct gate *g, struct story *s, const struct brakes_limits *brakes)
{
	static const char *const who[] = { "a@one.jp", "b@one.jp", "c@two.jp", "d@two.jp", "e@three.jp" };

	gate_begin_with(g, s, &(struct verdict_limits){ 14, 11, 22 }, brakes);
	for (size_t i = 0; i < 5; i++)
		story_usual_days(s, who[i], 1, 6, HOME);
	gate_watch(g);
	gate_at(g, 7, "12:00");
}

static void over_the_cap_mail_is_only_held(void **state)
{
	struct gate g;
	struct story s;

	begin_braked(&g, &s, &(struct brakes_limits){ 2, 2 });
	attack(&g, "a@one.jp");
	attack(&g, "c@two.jp");
	assert_int_equal(g.locks, 2);
	attack(&g, "e@three.jp");
	assert_int_equal(g.locks, 2);
	assert_true(g.braked >= 1);
	assert_int_equal(g.thief.held, 2);
	assert_int_equal(gate_leaked(&g), 0);
	gate_at(&g, 7, "12:40"); /* two an hour: there is room for one again */
	assert_int_equal(gate_leaked(&g), 0);
	attack(&g, "e@three.jp");
	assert_int_equal(g.locks, 3);
	assert_int_equal(gate_leaked(&g), 0);
	assert_int_equal(g.thief.discarded, 2);
	gate_end(&g);
}

static void one_domain_does_not_brake_the_others(void **state)
{
	struct gate g;
	struct story s;

	begin_braked(&g, &s, &(struct brakes_limits){ 10, 1 });
	attack(&g, "a@one.jp");
	attack(&g, "b@one.jp");
	assert_int_equal(g.locks, 1);
	assert_true(g.braked >= 1);
	attack(&g, "c@two.jp");
	attack(&g, "e@three.jp");
	assert_int_equal(g.locks, 3);
	gate_end(&g);
}

static void brakes_of_nothing_lock_nobody(void **state)
{
	struct gate g;
	struct story s;

	begin_braked(&g, &s, &(struct brakes_limits){ 0, 0 });
	attack(&g, "a@one.jp");
	attack(&g, "c@two.jp");
	assert_int_equal(g.locks, 0);
	assert_int_equal(g.thief.held, 4);
	assert_int_equal(g.thief.refused, 0);
	gate_end(&g);
}

/* ---- wake */

static void wake_is_told_once_and_kept(void **state)
{
	int64_t wake_us;

	gate.deaf = true;
	gate_at(&gate, 15, "12:00");
	story_login(&story, "alice", NEXT_TOWN);
	gate_accuse(&gate, "alice", 10.5f);
	story_sends(&story, "alice", NEXT_TOWN, 1, FRIENDS);
	wake_us = gate.wake_us;
	assert_in_range(wake_us, story.now_us + MINUTE_US, story.now_us + 15 * MINUTE_US);
	gate.wake_us = WHEN_NONE;
	story_sends(&story, "alice", NEXT_TOWN, 1, FRIENDS);
	assert_true(gate.wake_us == WHEN_NONE); /* as said before */
	story.now_us = wake_us - 1;
	tick();
	assert_int_equal(gate.owner.released, 0);
	story.now_us = wake_us;
	tick();
	assert_int_equal(gate.owner.released, 2);
	assert_true(gate.wake_us == WHEN_NONE);
}

static void the_earliest_wake_comes_first(void **state)
{
	struct guard_answer answer;

	story_usual_days(&story, "bob", 15, 20, HOME);
	gate.deaf = true;
	gate_at(&gate, 21, "12:00");
	story_login(&story, "alice", NEXT_TOWN);
	gate_accuse(&gate, "alice", 25);
	story_sends(&story, "alice", NEXT_TOWN, 1, FRIENDS);
	gate_at(&gate, 21, "12:01");
	story_login(&story, "bob", NEXT_TOWN);
	gate_accuse(&gate, "bob", 11);
	story_sends(&story, "bob", NEXT_TOWN, 1, ALIVE);
	assert_int_equal(gate.owner.held, 2);
	assert_in_range(gate.wake_us, story_time(21, "12:05"), story_time(21, "12:10"));
	story.now_us = gate.wake_us;
	answer = tick();
	assert_int_equal(answer.release_count, 1);
	assert_in_range(answer.wake_us, story_time(21, "12:10"), story_time(21, "12:15")); /* the other one is told again */
	story.now_us = answer.wake_us;
	assert_int_equal(tick().release_count, 1);
}

static void ticks_out_of_the_blue(void **state)
{
	for (unsigned i = 0; i < 100; i++) {
		struct guard_answer answer = tick();

		assert_true(answer.action == GUARD_PASS && !answer.lock && !answer.release_count && !answer.discard_count);
		assert_true(answer.wake_us == WHEN_NONE);
		story_later(&story, 3 * HOUR_US);
	}
}

/* ---- the same again */

static void live_through_everything(struct gate *g, struct story *s)
{
	char name[24];

	gate_begin_with(g, s, &(struct verdict_limits){ 14, 11, 22 }, &(struct brakes_limits){ 3, 2 });
	for (unsigned i = 0; i < 12; i++) {
		snprintf(name, sizeof name, "user%u@d%u.jp", i, i % 3);
		s->letter = (struct story_letter){ .client = i % 2 ? "outlook" : "thunderbird", .subject = name };
		story_commuter_days(s, name, 1, 9);
	}
	gate_at(g, 10, "03:00");
	for (unsigned i = 0; i < 12; i++) {
		snprintf(name, sizeof name, "user%u@d%u.jp", i, i % 3);
		s->letter = (struct story_letter){ .client = "python", .subject = "Invoice", .link = "evil.example",
						   .from = i % 2 ? "boss" : NULL, .filter = i % 3 ? FILTER_SPAM : FILTER_CLEAN };
		s->width = 1 + i;
		story_sends(s, name, i % 4 ? BOTNET(25) : VIETNAM, 12, STRANGERS);
		if (i % 5 == 0)
			story_verified(s, name);
		story_bounces(s, name, i);
	}
	gate_at(g, 11, "03:00");
}

static void same_events_same_replies(void **state)
{
	struct gate one, other;
	struct story s, t;

	live_through_everything(&one, &s);
	live_through_everything(&other, &t);
	assert_true(one.said.n > 10000);
	assert_int_equal(one.said.n, other.said.n);
	assert_memory_equal(one.said.bytes, other.said.bytes, one.said.n);
	gate_end(&one);
	gate_end(&other);
}

static void every_reply_is_one_line_of_json(void **state)
{
	struct text rest, line;
	struct gate g;
	struct story s;

	live_through_everything(&g, &s);
	rest = reply_take(&g.said);
	while (text_cut(&rest, '\n', &line)) {
		json_error_t error;
		json_t *reply = json_loadb(line.p, line.n, 0, &error);

		if (!reply || !json_is_object(reply))
			fail_msg("%.*s: %s", TEXT_ARG(line), error.text);
		json_decref(reply);
	}
	assert_int_equal(rest.n, 0);
	assert_true(g.locks && g.braked && g.thief.held && g.thief.discarded);
	gate_end(&g);
}

static void says_why(void **state)
{
	char why[GUARD_WHY_MAX][GUARD_WHY_TEXT_MAX];
	size_t count;
	float last = 1000, bits;

	assert_int_equal(guard_why(gate.guard, 999, why), 0);
	gate_at(&gate, 15, "03:10");
	story.letter.client = "python";
	story_sends(&story, "alice", BOTNET(40), 20, STRANGERS);
	count = guard_why(gate.guard, story_account(&story, "alice"), why);
	assert_in_range(count, 3, GUARD_WHY_MAX);
	for (size_t i = 0; i < count; i++) {
		const char *plus = strrchr(why[i], '+');

		assert_non_null(plus);
		bits = strtof(plus + 1, NULL);
		assert_true(bits >= 0.5f && bits <= last);
		last = bits;
	}
	assert_true(guard_bytes(gate.guard) > sizeof(struct guard_answer));
	guard_free(NULL);
}

#define TELL(name) cmocka_unit_test_setup_teardown(name, begin, end)

#define TELL_PATIENT(name) cmocka_unit_test_setup_teardown(name, begin_patient, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TELL(little_is_let_go_after_minutes),
		TELL(what_was_let_go_once_is_not_held_again),
		TELL(nothing_at_all_is_not_held),
		TELL(at_home_less_is_held),
		TELL_PATIENT(in_doubt_they_go_one_by_one),
		TELL_PATIENT(a_bad_probe_is_waited_for),
		TELL_PATIENT(a_dead_one_among_many_is_no_bad_probe),
		TELL_PATIENT(who_asks_late_gets_no_more_at_once),
		TELL_PATIENT(where_it_is_stronger_it_waits_longer),
		TELL(botnet_is_held_locked_and_refused),
		TELL(nothing_from_home_is_ever_thrown_away),
		TELL(lock_discards_strangers_mail_and_releases_the_owners),
		TELL(owner_who_tips_the_scales_keeps_her_mail),
		TELL(home_passes_during_a_lock),
		TELL(thief_at_home_is_shut_out_from_home),
		TELL(what_a_thief_left_at_home_goes_out_warily),
		TELL(what_the_owner_left_at_home_goes_out_in_minutes),
		TELL(lock_is_said_once_until_verified),
		TELL(verified_lifts_the_lock),
		TELL(verified_releases_what_is_held),
		TELL(verified_of_whom_nobody_suspects),
		TELL(source_that_was_refused_is_never_the_owners),
		TELL(over_the_cap_mail_is_only_held),
		TELL(one_domain_does_not_brake_the_others),
		TELL(brakes_of_nothing_lock_nobody),
		TELL(wake_is_told_once_and_kept),
		TELL_PATIENT(the_earliest_wake_comes_first),
		TELL(ticks_out_of_the_blue),
		TELL(same_events_same_replies),
		TELL(every_reply_is_one_line_of_json),
		TELL(says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
