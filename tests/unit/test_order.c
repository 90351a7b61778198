/* SPDX-License-Identifier: Apache-2.0 */
/* What happens in one instant may be logged in any order, and among the events of any others. */
#include "story.h"

#include <math.h>

enum { ORDERS = 1000, INSTANT = 13 };
/* caps, and sums that stop at nothing, make a small difference: bits of one signal, and of the verdict */
#define ORDER_BITS 4.1f
#define ORDER_SUM_BITS 5.0f

static uint32_t next_random(uint64_t *random)
{
	*random = *random * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(*random >> 33);
}

static struct event outcome_of(struct story *s, const char *who, struct story_place from, uint64_t rcpt,
			       enum event_result result, enum event_reason reason)
{
	struct event event = story_event_from(s, EVENT_OUTCOME, who, from);

	event.message = 1;
	event.rcpt = rcpt;
	event.result = (uint8_t)result;
	event.reason = (uint8_t)reason;
	return event;
}

static struct event come_from(struct story *s, const char *who, enum event_kind kind, struct story_place from)
{
	struct event event = story_event_from(s, kind, who, from);

	event.ok = true;
	event.message = kind == EVENT_SUBMIT;
	return event;
}

static void fill_instant(struct story *s, const char *who, struct event to[INSTANT])
{
	size_t n = 0;

	to[n++] = come_from(s, who, EVENT_AUTH, HOME);
	to[n++] = come_from(s, who, EVENT_AUTH, VIETNAM);
	to[n++] = come_from(s, who, EVENT_AUTH, LAGOS);
	to[n++] = come_from(s, who, EVENT_AUTH, PLACE("JP", 7, 70));
	to[n++] = come_from(s, who, EVENT_SUBMIT, VIETNAM);
	to[n++] = come_from(s, who, EVENT_SUBMIT, HOME);
	to[n++] = outcome_of(s, who, VIETNAM, 1001, RESULT_BOUNCED, REASON_UNKNOWN_USER);
	to[n++] = outcome_of(s, who, VIETNAM, 1003, RESULT_SENT, REASON_NONE);
	to[n++] = outcome_of(s, who, LAGOS, 1005, RESULT_BOUNCED, REASON_SPAM);
	to[n++] = outcome_of(s, who, LAGOS, 1007, RESULT_SENT, REASON_NONE);
	to[n++] = outcome_of(s, who, HOME, 1009, RESULT_SENT, REASON_NONE);
	to[n++] = outcome_of(s, who, HOME, 1011, RESULT_DEFERRED, REASON_OTHER);
	to[n++] = story_event_from(s, EVENT_BOUNCE, who, HOME);
	assert_int_equal(n, INSTANT);
}

/* the same as a gate tells it: with recipients, client software and the filter's word */
static void fill_live_instant(struct story *s, const char *who, struct event to[INSTANT])
{
	static const uint64_t strangers[] = { 2001, 2003, 2005 };
	static const struct event_detail details[] = {
		{ .client = 11 },
		{ .client = 12, .rcpts = strangers, .rcpt_count = 3, .filtered = true, .foreign_from = true },
		{ .client = 12, .rcpts = strangers, .rcpt_count = 1, .net = NET_HOSTING },
	};

	fill_instant(s, who, to);
	for (unsigned i = 0; i < INSTANT; i++) {
		to[i].detail = &details[i % 3];
		to[i].listed = to[i].kind == EVENT_OUTCOME;
		to[i].spam = to[i].kind == EVENT_SUBMIT;
		if (to[i].kind == EVENT_BOUNCE)
			to[i] = story_event_from(s, EVENT_COMPLAINT, who, VIETNAM);
	}
}

static void shuffle(struct event *events, size_t count, uint64_t *random)
{
	for (size_t i = count - 1; i > 0; i--) {
		size_t k = next_random(random) % (i + 1);
		struct event other = events[i];

		events[i] = events[k];
		events[k] = other;
	}
}

struct range {
	float least, most;
};

static void widen(struct range *range, float bits, bool first)
{
	range->least = first ? bits : fminf(range->least, bits);
	range->most = first ? bits : fmaxf(range->most, bits);
}

static void live_to_the_instant(struct story *s, const char *who, uint64_t *random)
{
	struct event instant[INSTANT];

	s->people = 0;
	story_usual_days(s, who, 1, 12, HOME);
	story_at(s, 13, "09:00");
	if (s->live)
		fill_live_instant(s, who, instant);
	else
		fill_instant(s, who, instant);
	if (random)
		shuffle(instant, INSTANT, random);
	for (size_t i = 0; i < INSTANT; i++)
		story_event(s, instant[i]);
}

/* a thousand people live alike and then have the same instant, each in an order of its own */
static void play_orders(bool live)
{
	struct range one[PROFILE_SIGNALS] = { 0 }, all = { 0 };
	uint64_t random = 20260302;
	struct story s;

	story_begin(&s);
	s.live = live;
	s.letter.client = live ? "outlook" : NULL;
	for (unsigned order = 0; order < ORDERS; order++) {
		struct verdict verdict;
		char name[16];

		snprintf(name, sizeof name, "user%u", order);
		live_to_the_instant(&s, name, order ? &random : NULL);
		for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
			widen(&one[i], profile_bits(story_profile(&s, name), i), order == 0);
		verdict_decide(story_profile(&s, name), &(struct verdict_limits){ 14, 11, 22 }, &verdict);
		widen(&all, verdict.bits, order == 0);
	}
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		if (one[i].most - one[i].least > ORDER_BITS)
			fail_msg("%s: from %.2f to %.2f bits", signals[i]->name, (double)one[i].least,
				 (double)one[i].most);
	if (all.most - all.least > ORDER_SUM_BITS)
		fail_msg("all: from %.2f to %.2f bits", (double)all.least, (double)all.most);
	story_end(&s);
}

static void order_within_an_instant_matters_little(void **state) { play_orders(false); }
static void order_matters_little_at_a_gate(void **state) { play_orders(true); }

/* the neighbours' events in between change nothing at all */
static void neighbours_do_not_matter(void **state)
{
	struct profile alone, among;
	uint64_t random = 20260302;

	for (unsigned neighbours = 0; neighbours <= 20; neighbours += 20) {
		struct event events[21 * INSTANT];
		struct story s;

		story_begin(&s);
		story_usual_days(&s, "alice", 1, 12, HOME);
		story_at(&s, 13, "09:00");
		fill_instant(&s, "alice", events);
		for (unsigned i = 0; i < neighbours; i++) {
			char name[16];

			snprintf(name, sizeof name, "user%u", i);
			fill_instant(&s, name, events + (size_t)INSTANT * (i + 1));
		}
		if (neighbours) /* alice's own keep their order, among the others' */
			shuffle(events + INSTANT, (size_t)INSTANT * neighbours, &random);
		for (unsigned i = 0; i < INSTANT; i++) {
			for (unsigned k = 0; k < neighbours; k++)
				story_event(&s, events[INSTANT + i * neighbours + k]);
			story_event(&s, events[i]);
		}
		*(neighbours ? &among : &alone) = *story_profile(&s, "alice");
		story_end(&s);
	}
	assert_memory_equal(&alone, &among, sizeof alone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_within_an_instant_matters_little),
		cmocka_unit_test(order_matters_little_at_a_gate),
		cmocka_unit_test(neighbours_do_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
