/* SPDX-License-Identifier: Apache-2.0 */
/* What comes back as mail, where another server had taken the message first: a relay that takes all, say. A bounce of a mail of
 * ours counts as what became of a recipient; one that names none of ours never does. */
#include "guard_story.h"

#include <stdio.h>

static unsigned flood_at; /* at which bounce a person was called: 0 for never */

/* those of a list from `first` on, one every few seconds, each of a recipient of its own; at which of them it was locked: 0 for never */
static unsigned comes_back(uint32_t first, uint32_t last, unsigned each, unsigned reason)
{
	unsigned told = 0;

	flood_at = 0;
	for (uint32_t number = first; number <= last; number++)
		for (unsigned i = 0; i < each; i++) {
			struct event event = event_of(EVENT_BOUNCE, "alice");
			char id[16];

			story_later(&story, 2 * SECOND_US);
			event.t_us = story.now_us;
			event.rcpt = hash_pair(number, i + 1) | 1;
			event.reason = (uint8_t)reason;
			snprintf(id, sizeof id, "m%u", number);
			told++;
			gate_tell(&gate, &event, id);
			if (gate.last.flood && !flood_at)
				flood_at = told;
			if (gate.last.lock)
				return told;
		}
	return 0;
}

static uint32_t sends(struct story_place from, unsigned messages, unsigned width)
{
	uint32_t first = story.messages + 1;

	story.width = width;
	story.pace_s = 30;
	story_login(&story, "alice", from);
	story_sends(&story, "alice", from, messages, PEOPLE("bought", 0));
	return first;
}

/* The thief sends slowly, through a relay that takes everything: nothing speaks against him but what comes back. */
static void a_flood_opens_an_incident(void **state)
{
	static const struct { struct story_place from; unsigned messages, width, each; } cases[] = {
		{ { "JP", 7, 71, .thief = true }, 40, 1, 1 },
		{ { "JP", 7, 71, .thief = true }, 8, 10, 3 },
		{ { "VN", 6, 66, .thief = true }, 6, 1, 1 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint32_t first;
		unsigned by;

		if (i)
			begin(state);
		gate_at(&gate, 15, "12:00");
		first = sends(cases[i].from, cases[i].messages, cases[i].width);
		assert_int_equal(gate.locks, 0);
		by = comes_back(first, story.messages, cases[i].each, REASON_UNKNOWN_USER);
		if (!by || by > 20)
			fail_msg("case %zu: locked by bounce %u", i, by);
		if (i + 1 < sizeof cases / sizeof *cases)
			end(state);
	}
}

/* Over her own provider an owner with an old list looks the same: a lock takes more, as where the mail is refused at once, but a person is
 * called. */
static void over_her_own_provider_a_person_decides(void **state)
{
	uint32_t first;
	unsigned locked;

	gate_at(&gate, 15, "12:00");
	first = sends(PLACE("JP", 1, 99, .thief = true), 60, 1);
	locked = comes_back(first, story.messages, 1, REASON_UNKNOWN_USER);
	assert_in_range(flood_at, 10, 20);
	assert_in_range(locked, flood_at + 1, 40);
}

/* nine thousand in six days, and whoever forges her name does not know our ids */
static void backscatter_opens_none(void **state)
{
	gate_at(&gate, 15, "08:00");
	for (unsigned i = 0; i < 9000; i++) {
		struct event event = event_of(EVENT_BOUNCE, "alice");

		story_later(&story, 57 * SECOND_US);
		event.t_us = story.now_us;
		event.rcpt = hash_pair(i, 7) | 1;
		event.reason = REASON_UNKNOWN_USER;
		gate_tell(&gate, &event, i % 2 ? "4NOTOURS99z" : NULL);
		assert_true(!gate.last.lock && !gate.last.braked && !gate.last.flood);
	}
	assert_int_equal(gate.locks, 0);
	assert_true(gate_bits(&gate, "alice") < 1);
}

/* a club's circular: five of three hundred have moved since */
static void a_circular_from_home_passes(void **state)
{
	uint32_t first;

	gate_at(&gate, 15, "12:00");
	first = sends(HOME, 30, 10);
	assert_int_equal(comes_back(first, first + 4, 1, REASON_UNKNOWN_USER), 0);
	assert_int_equal(flood_at, 0);
	assert_int_equal(gate.locks, 0);
	gate_at(&gate, 15, "16:00");
	gate_watch(&gate);
	story.width = 1;
	story_sends(&story, "alice", HOME, 5, FRIENDS);
	assert_int_equal(gate.owner.passed, 5);
}

/* her address book is older than she thought: thirty of three hundred, from home and over the telephone */
static void an_old_address_book_calls_nobody(void **state)
{
	static const struct story_place places[] = { { "JP", 1, 5 }, { "JP", 2, .roams = NEW_BLOCK } };

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		uint32_t first;

		if (i)
			begin(state);
		gate_at(&gate, 15, "12:00");
		first = sends(places[i], 30, 10);
		assert_int_equal(comes_back(first, first + 29, 1, REASON_UNKNOWN_USER), 0);
		if (flood_at)
			fail_msg("place %zu: a person was called at bounce %u", i, flood_at);
		if (!i)
			end(state);
	}
}

static void full_mailboxes_say_nothing(void **state)
{
	uint32_t first;

	gate_at(&gate, 15, "12:00");
	first = sends(NEXT_TOWN, 20, 1);
	assert_int_equal(comes_back(first, story.messages, 1, REASON_OTHER), 0);
	assert_int_equal(flood_at, 0);
}

/* others' complaints of mail that she never sent */
static void complaints_count_for_mail_of_ours_alone(void **state)
{
	struct event event;

	gate_at(&gate, 15, "12:00");
	sends(NEXT_TOWN, 1, 1);
	for (unsigned i = 0; i < 50; i++) {
		event = event_of(EVENT_COMPLAINT, "alice");
		gate_tell(&gate, &event, "4NOTOURS99z");
	}
	assert_true(gate_bits(&gate, "alice") < 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_flood_opens_an_incident, begin, end),
		cmocka_unit_test_setup_teardown(over_her_own_provider_a_person_decides, begin, end),
		cmocka_unit_test_setup_teardown(backscatter_opens_none, begin, end),
		cmocka_unit_test_setup_teardown(a_circular_from_home_passes, begin, end),
		cmocka_unit_test_setup_teardown(an_old_address_book_calls_nobody, begin, end),
		cmocka_unit_test_setup_teardown(full_mailboxes_say_nothing, begin, end),
		cmocka_unit_test_setup_teardown(complaints_count_for_mail_of_ours_alone, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
