/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of the guard beside events, and what a person or a restart tells it. */
#include "guard_story.h"

static uint32_t alice(void) { return story_account(&story, "alice"); }

/* a login from there, of which nobody knows yet whether the password is right */
static bool shuts_with(const char *who, struct story_place from, const char *client)
{
	struct event source = story_event_from(&story, EVENT_AUTH, who, from);
	struct event_detail detail = { .client = (uint32_t)hash_text(HASH_FIXED, text_of(client)) | 1 };

	source.detail = &detail;
	return guard_shuts(gate.guard, &source);
}

static bool shuts(const char *who, struct story_place from) { return shuts_with(who, from, "outlook"); }

static void is_hijacked(void)
{
	gate_at(&gate, 15, "12:00");
	story_sends(&story, "alice", VIETNAM, 60, STRANGERS);
	assert_true(gate.locks == 1);
}

static struct guard_answer lift(const char *who)
{
	struct guard_answer answer;

	guard_lift(gate.guard, story_account(&story, who), &answer);
	return answer;
}

static struct guard_answer tick(int64_t t_us)
{
	return gate_tell(&gate, &(struct event){ .kind = EVENT_TICK, .t_us = t_us }, NULL);
}

/* ---- locks */

static void lock_shuts_out_the_thief_and_not_the_owner(void **state)
{
	uint8_t scope = 77;

	assert_false(guard_locked(gate.guard, alice(), &scope));
	assert_false(shuts("alice", VIETNAM));
	is_hijacked();
	assert_true(guard_locked(gate.guard, alice(), NULL) && guard_locked(gate.guard, alice(), &scope));
	assert_int_equal(scope, FAMILIAR_NOT);
	assert_true(shuts("alice", VIETNAM) && shuts("alice", LAGOS));
	assert_false(shuts("alice", HOME));
	assert_false(shuts("bob", VIETNAM));
	assert_false(guard_locked(gate.guard, story_account(&story, "bob"), NULL));
}

/* her own mail of that morning is none of it, nor what somebody sent from a strange place the day before */
static void the_mail_of_a_lock_began_with_the_thiefs_first(void **state)
{
	int64_t thief_us;

	gate_at(&gate, 15, "12:00");
	story_sends(&story, "alice", LAGOS, 1, FRIENDS);
	gate_at(&gate, 16, "11:00");
	story_sends(&story, "alice", HOME, 2, FRIENDS);
	story_sends(&story, "bob", VIETNAM, 1, FRIENDS);
	gate_at(&gate, 16, "12:00");
	thief_us = story.now_us;
	story_sends(&story, "alice", VIETNAM, 60, STRANGERS);
	assert_int_equal(gate.locks, 1);
	assert_in_range(guard_began(gate.guard, alice(), story.now_us), thief_us, thief_us + MINUTE_US);
	assert_true(guard_began(gate.guard, story_account(&story, "carol"), story.now_us) == story.now_us);
}

/* a newcomer's home is no more familiar than the next street: the street is shut, and not her home */
static void newcomer_is_not_shut_out_of_home(void **state)
{
	static const struct story_place home = PLACE("JP", 3, 30), street = PLACE("JP", 3, 33, .thief = true);

	gate_at(&gate, 15, "09:00");
	story_login(&story, "dora", home);
	story_sends(&story, "dora", home, 3, FRIENDS);
	gate_at(&gate, 16, "12:00");
	gate_accuse(&gate, "dora", 26);
	story_sends(&story, "dora", street, 2, STRANGERS);
	assert_int_equal(gate.locks, 1);
	assert_true(shuts("dora", street) && shuts("dora", VIETNAM));
	assert_false(shuts("dora", home));
}

/* home is home, but not with the software that was turned away there */
static void source_that_was_refused_stays_out(void **state)
{
	is_hijacked();
	story.letter.client = "mailer";
	story_sends(&story, "alice", INFECTED_PC, 1, STRANGERS);
	assert_true(shuts_with("alice", HOME, "mailer"));
	assert_false(shuts_with("alice", HOME, "outlook"));
}

static void asking_changes_nothing(void **state)
{
	struct profile before;
	struct guard_answer answer;

	is_hijacked();
	story_account(&story, "nobody-yet");
	guard_restore_lock(gate.guard, story_account(&story, "nobody-yet"), FAMILIAR_FIRST);
	before = *profiles_peek(engine_profiles(gate.engine), alice());
	story_at(&story, 25, "03:00");
	for (unsigned i = 0; i < 100; i++)
		assert_true(shuts("alice", i % 2 ? LAGOS : VIETNAM));
	assert_memory_equal(&before, profiles_peek(engine_profiles(gate.engine), alice()), sizeof before);
	assert_true(shuts("nobody-yet", LAGOS));
	assert_null(profiles_peek(engine_profiles(gate.engine), story_account(&story, "nobody-yet")));
	answer = tick(story.now_us);
	assert_true(answer.release_count == 0 && answer.discard_count == 0);
}

static void lifted_lock_lets_go_and_forgives_nothing(void **state)
{
	struct guard_answer answer;
	float bits;

	writes_while_accused(16, 3);
	bits = gate_bits(&gate, "alice");
	guard_restore_lock(gate.guard, alice(), FAMILIAR_SOMEWHAT);
	assert_true(guard_locked(gate.guard, alice(), NULL));
	answer = lift("alice");
	assert_int_equal(answer.account, alice());
	assert_int_equal(answer.release_count, 3);
	assert_string_equal(answer.release[0].p, "m57");
	assert_int_equal(answer.discard_count, 0);
	assert_false(guard_locked(gate.guard, alice(), NULL));
	assert_true(gate_bits(&gate, "alice") == bits);
	assert_int_equal(lift("alice").release_count, 0);
	assert_int_equal(lift("bob").release_count, 0);
}

static void note_locked(void *context, uint32_t account)
{
	uint32_t *sum = context;

	*sum = *sum * 100 + account;
}

static void locks_are_told_one_by_one(void **state)
{
	uint32_t sum = 0;

	guard_each_locked(gate.guard, note_locked, &sum);
	assert_int_equal(sum, 0);
	is_hijacked();
	story_account(&story, "bob");
	guard_restore_lock(gate.guard, story_account(&story, "bob"), FAMILIAR_WELL);
	guard_restore_lock(gate.guard, ACCOUNT_NONE, FAMILIAR_WELL);
	guard_each_locked(gate.guard, note_locked, &sum);
	assert_int_equal(sum, alice() * 100 + story_account(&story, "bob"));
}

static void lock_that_is_restored_does_what_a_lock_does(void **state)
{
	uint8_t scope;

	story_at(&story, 15, "12:00");
	guard_restore_lock(gate.guard, alice(), FAMILIAR_FIRST);
	guard_restore_lock(gate.guard, alice(), FAMILIAR_WELL); /* known already */
	assert_true(guard_locked(gate.guard, alice(), &scope) && scope == FAMILIAR_FIRST);
	story_sends(&story, "alice", VIETNAM, 3, STRANGERS);
	assert_true(gate.thief.refused == 3 && gate.thief.passed == 0 && gate.locks == 0);
	story_sends(&story, "alice", HOME, 3, FRIENDS);
	assert_int_equal(gate.owner.passed, 3);
	story_verified(&story, "alice");
	assert_false(guard_locked(gate.guard, alice(), NULL));
}

/* a file from elsewhere may say anything: what cannot be is the widest */
static void scope_that_cannot_be_shuts_everybody_out(void **state)
{
	guard_restore_lock(gate.guard, alice(), 200);
	assert_true(shuts("alice", HOME) && shuts("alice", VIETNAM));
}

/* ---- messages */

static void ids_are_known_while_they_are_remembered(void **state)
{
	struct event submit;

	assert_false(guard_knows(gate.guard, TEXT("m57")) || guard_knows(gate.guard, TEXT_NONE));
	is_hijacked();
	assert_true(gate.thief.held > 0 && gate.thief.refused > 0);
	assert_true(guard_knows(gate.guard, TEXT("m57")));
	assert_false(guard_knows(gate.guard, TEXT("m116"))); /* refused */
	story_sends(&story, "bob", HOME, 1, FRIENDS);
	assert_true(guard_knows(gate.guard, TEXT("m117")));
	story_at(&story, 23, "12:00");
	story_sends(&story, "bob", HOME, 1, FRIENDS);
	assert_false(guard_knows(gate.guard, TEXT("m117")));
	assert_true(guard_knows(gate.guard, TEXT("m118")));
	submit = story_event_from(&story, EVENT_SUBMIT, "bob", HOME);
	submit.account = ACCOUNT_NONE;
	gate_tell(&gate, &submit, "m118"); /* used again, for nobody's */
	assert_false(guard_knows(gate.guard, TEXT("m118")));
}

/* of an older message with that id nothing is left either */
static void id_that_was_used_three_times_is_nobodys(void **state)
{
	struct event submit = story_event_from(&story, EVENT_SUBMIT, "alice", HOME);

	gate_tell(&gate, &submit, "X1");
	gate_tell(&gate, &submit, "X1");
	assert_true(guard_knows(gate.guard, TEXT("X1")));
	submit.account = ACCOUNT_NONE;
	gate_tell(&gate, &submit, "X1");
	assert_false(guard_knows(gate.guard, TEXT("X1")));
}

static void restore(const char *who, const char *id, enum profile_familiar familiar)
{
	struct event submit = { .kind = EVENT_SUBMIT, .t_us = story.now_us - DAY_US, .count = 1 };

	submit.account = who ? story_account(&story, who) : ACCOUNT_NONE;
	guard_restore_held(gate.guard, &submit, text_of(id), (uint8_t)familiar, story.now_us);
}

static void restored_mail_goes_out_after_the_usual_time(void **state)
{
	struct guard_answer answer;

	story_at(&story, 15, "12:00");
	restore("alice", "Q1", FAMILIAR_NOT);
	restore("alice", "Q2", FAMILIAR_SOMEWHAT);
	restore("alice", "Q1", FAMILIAR_NOT); /* known */
	restore(NULL, "Q3", FAMILIAR_NOT);
	restore("alice", "", FAMILIAR_NOT);
	restore("alice", "Q4", FAMILIAR_LEVELS);
	assert_true(guard_knows(gate.guard, TEXT("Q1")) && guard_knows(gate.guard, TEXT("Q2")));
	assert_true(guard_wake(gate.guard) == story.now_us + 7 * MINUTE_US);
	assert_int_equal(tick(story.now_us + 7 * MINUTE_US - 1).release_count, 0);
	answer = tick(story.now_us + 7 * MINUTE_US);
	assert_int_equal(answer.release_count, 2);
	assert_true(guard_wake(gate.guard) == WHEN_NONE);
	assert_int_equal(tick(story.now_us + DAY_US).release_count, 0);
}

static void clock_that_went_back_keeps_nothing_waiting(void **state)
{
	int64_t yesterday_us;

	story_at(&story, 15, "12:00");
	yesterday_us = story.now_us - DAY_US;
	restore("alice", "Q1", FAMILIAR_NOT);
	guard_mend_waits(gate.guard, story.now_us); /* nothing happened */
	assert_true(guard_wake(gate.guard) == story.now_us + 7 * MINUTE_US);
	guard_mend_waits(gate.guard, yesterday_us);
	assert_true(guard_wake(gate.guard) == yesterday_us + 7 * MINUTE_US);
	assert_int_equal(tick(yesterday_us + 7 * MINUTE_US).release_count, 1);
	assert_true(guard_wake(gate.guard) == WHEN_NONE);
}

static void restored_mail_of_a_locked_account_waits_for_the_owner(void **state)
{
	struct event proof = event_of(EVENT_VERIFIED, "alice");

	story_at(&story, 15, "12:00");
	restore("alice", "Q1", FAMILIAR_NOT);
	guard_restore_lock(gate.guard, alice(), FAMILIAR_NOT);
	restore("alice", "Q2", FAMILIAR_WELL);
	assert_true(guard_wake(gate.guard) == WHEN_NONE);
	assert_int_equal(tick(story.now_us + DAY_US).release_count, 0);
	proof.t_us = story.now_us + DAY_US;
	assert_int_equal(gate_tell(&gate, &proof, NULL).release_count, 2);
}

/* it was let go, but whoever should have heard so was dead by then */
static void mail_that_was_let_go_in_vain_is_held_again(void **state)
{
	struct event submit;

	gate_at(&gate, 15, "12:00");
	gate_accuse(&gate, "alice", 12);
	submit = story_event_from(&story, EVENT_SUBMIT, "alice", NEXT_TOWN);
	assert_int_equal(gate_tell(&gate, &submit, "X1").action, GUARD_HOLD);
	assert_int_equal(tick(story.now_us + HOUR_US).release_count, 1);
	guard_restore_held(gate.guard, &submit, TEXT("X1"), FAMILIAR_NOT, story.now_us + HOUR_US);
	assert_int_equal(tick(story.now_us + 2 * HOUR_US).release_count, 1);
}

static void wake_is_the_earliest_that_still_counts(void **state)
{
	assert_true(guard_wake(gate.guard) == WHEN_NONE);
	writes_while_accused(16, 2);
	assert_true(guard_wake(gate.guard) == gate.wake_us);
	story_login(&story, "bob", HOME);
	gate_accuse(&gate, "bob", 12);
	story_sends(&story, "bob", VIETNAM, 1, STRANGERS);
	assert_true(guard_wake(gate.guard) == gate.wake_us);
	lift("alice");
	assert_true(guard_wake(gate.guard) != WHEN_NONE);
	lift("bob");
	assert_true(guard_wake(gate.guard) == WHEN_NONE);
}

#define PATIENT(name) cmocka_unit_test_setup_teardown(name, begin_patient, end)
#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(lock_shuts_out_the_thief_and_not_the_owner),
		STORY(the_mail_of_a_lock_began_with_the_thiefs_first),
		STORY(newcomer_is_not_shut_out_of_home),
		STORY(source_that_was_refused_stays_out),
		STORY(asking_changes_nothing),
		PATIENT(lifted_lock_lets_go_and_forgives_nothing),
		STORY(locks_are_told_one_by_one),
		STORY(lock_that_is_restored_does_what_a_lock_does),
		STORY(scope_that_cannot_be_shuts_everybody_out),
		STORY(ids_are_known_while_they_are_remembered),
		STORY(id_that_was_used_three_times_is_nobodys),
		STORY(restored_mail_goes_out_after_the_usual_time),
		STORY(clock_that_went_back_keeps_nothing_waiting),
		STORY(restored_mail_of_a_locked_account_waits_for_the_owner),
		STORY(mail_that_was_let_go_in_vain_is_held_again),
		PATIENT(wake_is_the_earliest_that_still_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
