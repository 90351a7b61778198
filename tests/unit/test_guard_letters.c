/* SPDX-License-Identifier: Apache-2.0 */
/* What the guard remembers of messages: ids that repeat, whose an outcome is, seven days, clocks that jump. */
#include "guard_story.h"

/* ---- ids */

static struct guard_answer tell_submit(const char *who, const char *id, struct story_place from)
{
	struct event event = story_event_from(&story, EVENT_SUBMIT, who ? who : "alice", from);
	struct event_detail detail = { .client = 7 };

	event.detail = &detail;
	event.account = who ? event.account : ACCOUNT_NONE;
	return gate_tell(&gate, &event, id);
}

static struct guard_answer tell_outcome(const char *who, const char *id, enum event_result result)
{
	struct event event = event_of(EVENT_OUTCOME, who);

	event.result = (uint8_t)result;
	event.reason = result == RESULT_BOUNCED ? REASON_UNKNOWN_USER : REASON_NONE;
	event.rcpt = 4711 + 2 * (uint64_t)story.now_us;
	return gate_tell(&gate, &event, id);
}

static void outcome_of_an_unknown_message_says_nothing(void **state)
{
	float before = gate_bits(&gate, "alice");

	for (unsigned i = 0; i < 50; i++)
		tell_outcome("alice", i % 2 ? "never-seen" : "", RESULT_BOUNCED);
	assert_true(gate_bits(&gate, "alice") == before);
}

static void outcome_counts_for_the_account_of_its_message(void **state)
{
	struct guard_answer answer;
	float before;

	story_usual_days(&story, "bob", 15, 16, HOME);
	story_at(&story, 17, "12:00");
	tell_submit("alice", "X1", VIETNAM);
	before = gate_bits(&gate, "bob");
	for (unsigned i = 0; i < 4; i++)
		answer = tell_outcome("bob", "X1", RESULT_BOUNCED);
	assert_int_equal(answer.account, story_account(&story, "alice"));
	assert_true(gate_bits(&gate, "bob") == before);
	tell_submit("alice", "X2", VIETNAM);
	for (unsigned i = 0; i < 4; i++)
		tell_outcome(NULL, "X2", RESULT_BOUNCED); /* nor need it be told */
	assert_true(gate_bits(&gate, "alice") > 6);
}

static void complaint_finds_its_message(void **state)
{
	struct event complaint = event_of(EVENT_COMPLAINT, NULL);
	float before;

	story_at(&story, 15, "12:00");
	tell_submit("alice", "X1", VIETNAM);
	before = gate_bits(&gate, "alice");
	complaint.t_us = story.now_us;
	gate_tell(&gate, &complaint, "X1");
	assert_true(gate_bits(&gate, "alice") > before + 1);
	before = gate_bits(&gate, "alice");
	complaint.account = story_account(&story, "alice");
	gate_tell(&gate, &complaint, "never-seen");
	gate_tell(&gate, &complaint, NULL);
	assert_true(gate_bits(&gate, "alice") == before);
}

static void of_two_messages_with_one_id_the_last_counts(void **state)
{
	float before;

	story_usual_days(&story, "bob", 15, 16, HOME);
	story_at(&story, 17, "12:00");
	tell_submit("alice", "X1", VIETNAM);
	tell_submit("bob", "X1", HOME);
	assert_int_equal(tell_outcome("bob", "X1", RESULT_SENT).account, story_account(&story, "bob"));
	before = gate_bits(&gate, "bob");
	tell_submit(NULL, "X1", HOME); /* then a forwarder's: nobody's */
	assert_int_equal(tell_outcome(NULL, "X1", RESULT_BOUNCED).account, ACCOUNT_NONE);
	assert_true(gate_bits(&gate, "bob") == before);
}

static void held_messages_with_one_id_are_both_named(void **state)
{
	struct event proof = event_of(EVENT_VERIFIED, "alice");

	gate_at(&gate, 15, "12:00");
	story_login(&story, "alice", NEXT_TOWN);
	gate_accuse(&gate, "alice", 11);
	assert_int_equal(tell_submit("alice", "X1", NEXT_TOWN).action, GUARD_HOLD);
	assert_int_equal(tell_submit("alice", "X1", NEXT_TOWN).action, GUARD_HOLD);
	proof.t_us = story.now_us;
	assert_int_equal(gate_tell(&gate, &proof, NULL).release_count, 2);
}

static void nobodys_mail_passes(void **state)
{
	for (unsigned i = 0; i < 50; i++) {
		struct guard_answer answer = tell_submit(NULL, "X1", VIETNAM);

		assert_true(answer.action == GUARD_PASS && !answer.lock && answer.verdict.bits == 0);
	}
}

/* ---- seven days */

static void after_seven_days_a_message_is_forgotten(void **state)
{
	static const struct { unsigned day; bool known; } rows[] = { { 15 + 6, true }, { 15 + 8, false } };

	for (size_t i = 0; i < 2; i++) {
		float before;

		story_at(&story, 15, "12:00");
		tell_submit("alice", i ? "A" : "B", VIETNAM);
		story_at(&story, rows[i].day, "12:00");
		tell_submit("bob", "C", HOME);
		before = gate_bits(&gate, "alice");
		for (unsigned k = 0; k < 3; k++)
			tell_outcome("alice", i ? "A" : "B", RESULT_BOUNCED);
		assert_int_equal(gate_bits(&gate, "alice") > before + 1, rows[i].known);
		if (i == 0) {
			gate_end(&gate);
			begin(NULL);
		}
	}
}

/* nobody asked for days, and it was never decided: nothing is lost */
static void what_was_held_when_forgotten_goes_out(void **state)
{
	gate.deaf = true;
	writes_while_accused(16, 10);
	assert_int_equal(gate.owner.held, 10);
	gate_at(&gate, 24, "12:00");
	story_sends(&story, "alice", HOME, 1, FRIENDS);
	assert_int_equal(gate.owner.released, 10);
	assert_int_equal(gate.owner.discarded, 0);
	gate.deaf = false; /* and what is held from then on comes due as ever */
	gate_watch(&gate);
	gate_accuse(&gate, "alice", 14);
	story_sends(&story, "alice", THIEF_IN_TOWN, 2, FRIENDS);
	assert_int_equal(gate.thief.held, 2);
	gate_at(&gate, 24, "13:00");
	assert_int_equal(gate.thief.released, 2);
}

/* ---- clocks */

static void clock_that_goes_back_lets_nothing_more_pass(void **state)
{
	writes_while_accused(11, 2);
	gate_at(&gate, 15, "12:30");
	assert_int_equal(gate.owner.released, 2);
	story.now_us = story_time(15, "12:30") - 366 * DAY_US;
	gate_accuse(&gate, "alice", 20);
	assert_int_equal(tell_submit("alice", "X", NEXT_TOWN).action, GUARD_HOLD);
}

static void clock_that_jumps_ahead_and_back(void **state)
{
	static const int64_t jumps[] = { HOUR_US, -HOUR_US, 30 * DAY_US, -30 * DAY_US, 20 * 366 * DAY_US, -40 * 366 * DAY_US };

	gate_accuse(&gate, "alice", 13);
	story_at(&story, 15, "12:00");
	for (unsigned i = 0; i < 300; i++) {
		struct guard_answer answer = tell_submit("alice", "X", i % 3 ? VIETNAM : HOME);

		assert_in_range(answer.action, GUARD_PASS, GUARD_REFUSE);
		tell_outcome("alice", "X", i % 5 ? RESULT_SENT : RESULT_BOUNCED);
		story.now_us += jumps[i % 6];
		story.now_us = story.now_us < 0 ? 0 : story.now_us;
	}
}

#define TELL(name) cmocka_unit_test_setup_teardown(name, begin, end)

#define TELL_PATIENT(name) cmocka_unit_test_setup_teardown(name, begin_patient, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TELL(outcome_of_an_unknown_message_says_nothing),
		TELL(outcome_counts_for_the_account_of_its_message),
		TELL(complaint_finds_its_message),
		TELL(of_two_messages_with_one_id_the_last_counts),
		TELL(held_messages_with_one_id_are_both_named),
		TELL(nobodys_mail_passes),
		TELL(after_seven_days_a_message_is_forgotten),
		TELL_PATIENT(what_was_held_when_forgotten_goes_out),
		TELL_PATIENT(clock_that_goes_back_lets_nothing_more_pass),
		TELL(clock_that_jumps_ahead_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
