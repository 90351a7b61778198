/* SPDX-License-Identifier: Apache-2.0 */
#include "gate.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

static struct gate_count *count_of(struct gate *gate, const struct gate_letter *letter)
{
	return letter->thief ? &gate->thief : &gate->owner;
}

static struct gate_letter *letter_of(struct gate *gate, uint32_t number)
{
	size_t before = gate->room;

	if (number >= gate->room) {
		gate->room = 2 * (size_t)number + 64;
		gate->letters = memory_resize(gate->letters, gate->room, sizeof *gate->letters);
		memset(gate->letters + before, 0, (gate->room - before) * sizeof *gate->letters);
	}
	return &gate->letters[number];
}

static struct guard_answer ask(struct gate *gate, const struct event *event, const char *id);

static void tell_outcomes(struct gate *gate, uint32_t number, int64_t t_us)
{
	struct gate_letter *letter = letter_of(gate, number);
	char id[16];

	snprintf(id, sizeof id, "m%u", number);
	for (size_t i = 0; i < letter->count; i++) {
		struct event event = letter->outcomes[i];

		event.t_us = t_us;
		ask(gate, &event, id);
		letter = letter_of(gate, number);
	}
	letter->count = 0;
}

/* false for an id that is not the story's */
static bool free_letter(struct gate *gate, struct text id, enum gate_fate fate, int64_t t_us, uint32_t *number)
{
	struct gate_letter *letter;
	uint64_t found;

	if (!text_starts(id, TEXT("m")) || !text_number(text_after(id, 1), UINT32_MAX, &found) || found >= gate->room)
		return false;
	*number = (uint32_t)found;
	letter = letter_of(gate, *number);
	if (letter->fate != GATE_HELD)
		fail_msg("%.*s is not held", TEXT_ARG(id));
	letter->fate = fate;
	if (fate == GATE_LET_GO) {
		struct gate_count *count = count_of(gate, letter);

		count->released++;
		count->longest_us = t_us - letter->handed_us > count->longest_us ? t_us - letter->handed_us : count->longest_us;
	} else {
		count_of(gate, letter)->discarded++;
	}
	return true;
}

static void obey(struct gate *gate, const struct guard_answer *answer, int64_t t_us)
{
	uint32_t *numbers = memory_new((answer->release_count + 1) * sizeof *numbers), number;
	size_t count = 0;

	for (size_t i = 0; i < answer->release_count; i++)
		count += free_letter(gate, answer->release[i], GATE_LET_GO, t_us, &numbers[count]);
	for (size_t i = 0; i < answer->discard_count; i++)
		free_letter(gate, answer->discard[i], GATE_DISCARDED, t_us, &number);
	gate->locks += answer->lock;
	gate->braked += answer->braked;
	if (answer->lock && gate->locks == 1)
		gate->locked_by = gate->thief.handed_in;
	if (answer->wake_us != WHEN_NONE)
		gate->wake_us = answer->wake_us;
	for (size_t i = 0; i < count; i++) /* the answer's texts are gone from here on */
		tell_outcomes(gate, numbers[i], t_us);
	free(numbers);
}

static struct guard_answer ask(struct gate *gate, const struct event *event, const char *id)
{
	struct guard_answer answer;

	guard_event(gate->guard, event, id ? text_of(id) : TEXT_NONE, &answer);
	reply_answer(&gate->said, &answer, gate->guard, accounts_name(gate->story->accounts, answer.account), event);
	gate->last = answer;
	obey(gate, &answer, event->t_us);
	return answer;
}

static void tick_until(struct gate *gate, int64_t t_us)
{
	while (!gate->deaf && gate->wake_us != WHEN_NONE && gate->wake_us <= t_us) {
		struct event tick = { .kind = EVENT_TICK, .t_us = gate->wake_us };

		gate->wake_us = WHEN_NONE;
		ask(gate, &tick, NULL);
	}
}

static void hand_in(struct gate *gate, const struct event *event, const char *id)
{
	struct gate_letter *letter = letter_of(gate, event->message);
	struct gate_count *count;
	struct guard_answer answer;

	*letter = (struct gate_letter){ .handed_us = event->t_us, .thief = gate->story->sends_thief };
	count = count_of(gate, letter);
	count->handed_in++;
	answer = ask(gate, event, id);
	letter = letter_of(gate, event->message);
	letter->fate = answer.action == GUARD_PASS ? GATE_LET_GO : answer.action == GUARD_HOLD ? GATE_HELD : GATE_REFUSED;
	count->passed += answer.action == GUARD_PASS;
	count->held += answer.action == GUARD_HOLD;
	count->refused += answer.action == GUARD_REFUSE;
}

static void hear(void *context, const struct event *event)
{
	struct gate *gate = context;
	struct gate_letter *letter;
	char id[16];

	tick_until(gate, event->t_us);
	snprintf(id, sizeof id, "m%u", event->message);
	if (event->kind == EVENT_SUBMIT) {
		hand_in(gate, event, id);
	} else if (event->kind == EVENT_OUTCOME) {
		letter = letter_of(gate, event->message);
		if (letter->fate == GATE_LET_GO) {
			ask(gate, event, id);
		} else if (letter->fate == GATE_HELD) {
			MEMORY_ROOM(letter->outcomes, letter->count, letter->room);
			letter->outcomes[letter->count++] = *event;
		}
	} else {
		ask(gate, event, event->message ? id : NULL);
	}
}

void gate_begin_with(struct gate *gate, struct story *story, const struct verdict_limits *limits,
		     const struct brakes_limits *brakes)
{
	*gate = (struct gate){ .story = story, .wake_us = WHEN_NONE };
	story_begin_with(story, NULL);
	story->live = true;
	story->letter.client = "outlook";
	gate->engine = engine_new(&(struct engine_options){ .limits = *limits, .live = true });
	gate->guard = guard_new(gate->engine, story->accounts, brakes);
	story_listen(story, hear, gate);
}

void gate_begin(struct gate *gate, struct story *story)
{
	gate_begin_with(gate, story, &(struct verdict_limits){ 14, 11, 22 }, &(struct brakes_limits){ 60, 30 });
}

void gate_end(struct gate *gate)
{
	for (size_t i = 0; i < gate->room; i++)
		free(gate->letters[i].outcomes);
	free(gate->letters);
	reply_done(&gate->said);
	guard_free(gate->guard);
	engine_free(gate->engine);
	story_end(gate->story);
}

void gate_at(struct gate *gate, unsigned day, const char *time)
{
	tick_until(gate, story_time(day, time));
	story_at(gate->story, day, time);
}

void gate_watch(struct gate *gate)
{
	gate->owner = gate->thief = (struct gate_count){ 0 };
	gate->locks = gate->braked = gate->locked_by = 0;
}

struct guard_answer gate_tell(struct gate *gate, const struct event *event, const char *id)
{
	return ask(gate, event, id);
}

float gate_bits(struct gate *gate, const char *who)
{
	struct verdict verdict;

	engine_standing(gate->engine, story_account(gate->story, who), gate->story->now_us, &verdict);
	return verdict.bits;
}

void gate_accuse(struct gate *gate, const char *who, float bits)
{
	struct profiles *profiles = (struct profiles *)(uintptr_t)engine_profiles(gate->engine);
	struct profile *profile = profiles_get(profiles, story_account(gate->story, who));
	unsigned complaint = 0;

	while (strcmp(signals[complaint]->name, "complaint") != 0)
		complaint++;
	profile_set_bits(profile, complaint, 0);
	profile_set_bits(profile, complaint, bits - gate_bits(gate, who));
}
