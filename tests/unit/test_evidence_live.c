/* SPDX-License-Identifier: Apache-2.0 */
/* The signals that only a live gate can have: client software, sender, content filter, hour, days of strangers, campaigns,
 * complaints. A situation each, and the bits that it may bring; ranges say what is meant. Alice has lived at HOME for twenty
 * days with outlook, in her own name, with mail that the filter takes for clean. */
#include "situations.h"

#include <stdio.h>

#define NEXT_TOWN PLACE("JP", 7, 70)
#define ALIVE PEOPLE("alive", 0)

static const struct story_letter usual = { .client = "outlook", .filter = FILTER_CLEAN };

static float told(void (*tell)(struct story *s), const char *signal)
{
	struct story s;
	unsigned i = 0;
	float bits;

	while (strcmp(signals[i]->name, signal) != 0)
		assert_in_range(++i, 1, PROFILE_SIGNALS - 1);
	story_begin(&s);
	s.live = true;
	s.letter = usual;
	story_usual_days(&s, "alice", 1, 20, HOME);
	story_at(&s, 21, "10:00");
	tell(&s);
	bits = profile_bits(story_profile(&s, "alice"), i);
	story_end(&s);
	return bits;
}

static void as_usual(struct story *s) { story_sends(s, "alice", HOME, 5, FRIENDS); }

/* what a log would say: nothing of all this */
static void from_a_log(struct story *s)
{
	s->live = false;
	story_sends(s, "alice", VIETNAM, 50, STRANGERS);
}

/* ---- client */

static void with(struct story *s, const char *client, struct story_place from, unsigned messages)
{
	s->letter.client = client;
	story_sends(s, "alice", from, messages, FRIENDS);
}

static void tool_abroad(struct story *s) { with(s, "python", VIETNAM, 3); }
static void tool_at_home(struct story *s) { with(s, "python", HOME, 3); }
static void her_own_abroad(struct story *s) { with(s, "outlook", VIETNAM, 3); }
static void nameless(struct story *s) { with(s, NULL, VIETNAM, 3); }

static void new_telephone_for_a_week(struct story *s)
{
	for (unsigned day = 21; day < 28; day++) {
		story_at(s, day, "08:00");
		with(s, "ios", HOME, 1);
	}
	story_at(s, 40, "08:00");
	with(s, "ios", HOME, 1);
}

static void first_login_ever(struct story *s)
{
	s->letter.client = "python";
	story_login(s, "alice", VIETNAM);
}

static void client(void **state)
{
	static const struct situation situations[] = {
		{ "a thief's tool", tool_abroad, 2.5f, 4.5f },
		{ "by a login alone", first_login_ever, 2.5f, 4.5f },
		{ "another program at home", tool_at_home, 0, 4.5f },
		{ "her own program is no sign, and no comfort", her_own_abroad, 0, 0 },
		{ "nothing is told of it", nameless, 0, 0 },
		{ "as usual", as_usual, 0, 0 },
		{ "a new telephone is hers after a while", new_telephone_for_a_week, 0, 1.5f },
		{ "a log does not know it", from_a_log, 0, 0 },
	};

	CHECK("client", situations);
}

/* ---- sender */

static void in_anothers_name(struct story *s, struct story_place from, unsigned messages)
{
	s->letter.from = "boss@elsewhere.example";
	story_sends(s, "alice", from, messages, FRIENDS);
}

static void forged_abroad(struct story *s) { in_anothers_name(s, VIETNAM, 10); }
static void forged_once_abroad(struct story *s) { in_anothers_name(s, VIETNAM, 1); }
static void forged_at_home(struct story *s) { in_anothers_name(s, HOME, 10); }
static void own_name_abroad(struct story *s) { story_sends(s, "alice", VIETNAM, 30, FRIENDS); }

static void secretary(struct story *s)
{
	for (unsigned day = 21; day < 61; day++) {
		story_at(s, day, "09:00");
		in_anothers_name(s, HOME, 4);
	}
	story_at(s, 90, "10:00");
	in_anothers_name(s, HOME, 4);
}

static void sender(void **state)
{
	static const struct situation situations[] = {
		{ "ten in another name from abroad", forged_abroad, 3, 6 },
		{ "one", forged_once_abroad, 0.5f, 3.5f },
		{ "at home", forged_at_home, 0, 10 },
		{ "a secretary always does", secretary, 0, 1.5f },
		{ "in her own name, it never goes below nothing", own_name_abroad, 0, 0 },
		{ "a log does not know it", from_a_log, 0, 0 },
	};

	CHECK("sender", situations);
}

/* ---- filter */

static void caught(struct story *s, struct story_place from, unsigned messages)
{
	s->letter.filter = FILTER_SPAM;
	story_sends(s, "alice", from, messages, FRIENDS);
}

static void caught_abroad(struct story *s) { caught(s, VIETNAM, 10); }
static void caught_once_abroad(struct story *s) { caught(s, VIETNAM, 1); }
static void caught_at_home(struct story *s) { caught(s, HOME, 10); }
static void clean_abroad(struct story *s) { story_sends(s, "alice", VIETNAM, 50, FRIENDS); }

static void unfiltered_abroad(struct story *s)
{
	s->letter.filter = NO_FILTER;
	story_sends(s, "alice", VIETNAM, 50, FRIENDS);
}

static void always_taken_for_spam(struct story *s)
{
	for (unsigned day = 21; day < 61; day++) {
		story_at(s, day, "09:00");
		caught(s, HOME, 4);
	}
	story_at(s, 90, "10:00");
	caught(s, HOME, 3);
}

static void filter(void **state)
{
	static const struct situation situations[] = {
		{ "ten spams from abroad", caught_abroad, 6, 9 },
		{ "one", caught_once_abroad, 1, 5 },
		{ "ten at home", caught_at_home, 0.5f, 7 },
		{ "clean for the filter: no comfort", clean_abroad, 0, 0 },
		{ "no filter", unfiltered_abroad, 0, 0 },
		{ "whom the filter never believes", always_taken_for_spam, 0, 1.5f },
	};

	CHECK("filter", situations);
}

static void phishing_comes_back(struct story *s, struct story_place from, enum event_kind kind, unsigned times, bool ours)
{
	while (times--) {
		struct event event = story_event_from(s, kind, "alice", from);

		event.message = ours;
		event.spam = true;
		story_event(s, event);
	}
}

static void one_in_a_bounce(struct story *s) { phishing_comes_back(s, VIETNAM, EVENT_OUTCOME, 1, true); }
static void one_in_a_complaint(struct story *s) { phishing_comes_back(s, VIETNAM, EVENT_COMPLAINT, 1, true); }
static void many_in_bounces(struct story *s) { phishing_comes_back(s, VIETNAM, EVENT_OUTCOME, 20, true); }
static void many_of_mail_from_home(struct story *s) { phishing_comes_back(s, HOME, EVENT_OUTCOME, 20, true); }
static void many_that_never_passed_here(struct story *s) { phishing_comes_back(s, VIETNAM, EVENT_OUTCOME, 20, false); }

static void one_that_she_sends(struct story *s) { phishing_comes_back(s, VIETNAM, EVENT_CONTENT, 1, true); }
static void many_that_she_sends(struct story *s) { phishing_comes_back(s, VIETNAM, EVENT_CONTENT, 20, true); }
static void many_that_she_forwards(struct story *s) { phishing_comes_back(s, HOME, EVENT_CONTENT, 20, true); }

static void phishing_that_came_back(void **state)
{
	static const struct situation situations[] = {
		{ "one, in a bounce", one_in_a_bounce, 2, 5 },
		{ "one, in a complaint", one_in_a_complaint, 2, 5 },
		{ "many", many_in_bounces, 7, 9 },
		{ "of mail from home: somebody may have written it in", many_of_mail_from_home, 0, 3 },
		{ "of mail that never passed here", many_that_never_passed_here, 0, 0 },
	};

	CHECK("filter", situations);
}

static void phishing_that_is_sent(void **state)
{
	static const struct situation situations[] = {
		{ "one", one_that_she_sends, 2, 5 },
		{ "many", many_that_she_sends, 7, 9 },
		{ "from home, to ask what it is", many_that_she_forwards, 0, 3 },
	};

	CHECK("filter", situations);
}

/* ---- hour */

static void twenty_at(struct story *s, const char *time, struct story_place from)
{
	story_at(s, 22, time);
	story_sends(s, "alice", from, 20, FRIENDS);
}

static void at_night(struct story *s) { twenty_at(s, "01:30", VIETNAM); }
static void at_night_at_home(struct story *s) { twenty_at(s, "01:30", HOME); }
static void by_day(struct story *s) { twenty_at(s, "10:00", VIETNAM); }

static void night_shift(struct story *s)
{
	for (unsigned day = 21; day < 61; day++) {
		story_at(s, day, "01:30");
		story_sends(s, "alice", HOME, 4, FRIENDS);
	}
	story_at(s, 80, "01:30");
	story_sends(s, "alice", VIETNAM, 4, FRIENDS);
}

static void hour(void **state)
{
	static const struct situation situations[] = {
		{ "at night, from abroad", at_night, 0.5f, 3 },
		{ "at night, at home", at_night_at_home, 0, 0.5f },
		{ "by day", by_day, -1, 0 },
		{ "who works at night", night_shift, -1, 0.5f },
		{ "as usual", as_usual, -1, 0 },
		{ "a log adds nothing", from_a_log, -1, 0 },
	};

	CHECK("hour", situations);
}

/* ---- slow */

static void strangers_a_day(struct story *s, struct story_place from, unsigned a_day, unsigned days)
{
	s->pace_s = 40 * 60;
	for (unsigned day = 21; day < 21 + days; day++) {
		story_at(s, day, "10:00");
		story_sends(s, "alice", from, a_day, ALIVE);
	}
}

static void twenty_a_day_from_elsewhere(struct story *s) { strangers_a_day(s, NEXT_TOWN, 20, 3); }
static void twenty_a_day_at_home(struct story *s) { strangers_a_day(s, HOME, 20, 3); }
static void three_a_day_from_elsewhere(struct story *s) { strangers_a_day(s, NEXT_TOWN, 3, 3); }

static void friends_from_elsewhere(struct story *s)
{
	s->pace_s = 40 * 60;
	story_sends(s, "alice", NEXT_TOWN, 30, FRIENDS);
}

static void saleswoman_on_the_road(struct story *s)
{
	strangers_a_day(s, HOME, 20, 40);
	story_at(s, 75, "09:00");
	story_sends(s, "alice", NEXT_TOWN, 10, ALIVE);
}

static void slow(void **state)
{
	static const struct situation situations[] = {
		{ "twenty strangers a day, day and night", twenty_a_day_from_elsewhere, 4, 9 },
		{ "at home", twenty_a_day_at_home, 0, 1 },
		{ "three a day", three_a_day_from_elsewhere, 0, 4 },
		{ "friends", friends_from_elsewhere, 0, 0 },
		{ "a saleswoman on the road", saleswoman_on_the_road, 0, 4 },
		{ "a log", from_a_log, 0, 0 },
	};

	CHECK("slow", situations);
}

/* ---- campaign */

static void all_send(struct story *s, unsigned accounts, bool from_home, const char *subject, const char *link)
{
	for (unsigned i = 0; i < accounts; i++) {
		struct story_place home = PLACE("JP", (uint8_t)(i % 16), (uint8_t)(100 + i));
		char name[16];

		snprintf(name, sizeof name, "user%u", i);
		s->letter = usual;
		story_usual_days(s, name, 1, 6, home);
		story_at(s, 21, "11:00");
		s->letter.subject = subject;
		s->letter.link = link;
		story_sends(s, name, from_home ? home : VIETNAM, 2, ALIVE);
	}
	story_sends(s, "alice", VIETNAM, 1, ALIVE);
}

static void one_text_through_many(struct story *s) { all_send(s, 6, false, "Invoice", NULL); }
static void one_link_through_many(struct story *s) { all_send(s, 6, false, NULL, "evil.example"); }
static void a_chain_letter_from_home(struct story *s) { all_send(s, 8, true, "Re: party", NULL); }
static void one_other_has_it(struct story *s) { all_send(s, 1, false, "Hello", NULL); }
static void no_subject_at_all(struct story *s) { all_send(s, 6, false, NULL, NULL); }

static void she_has_it_a_hundred_times(struct story *s)
{
	s->letter.subject = "Hello";
	story_sends(s, "alice", VIETNAM, 100, ALIVE);
}

static void three_days_later(struct story *s)
{
	all_send(s, 2, false, "Invoice", NULL);
	story_at(s, 25, "10:00");
	story_sends(s, "alice", VIETNAM, 5, ALIVE);
}

static void campaign(void **state)
{
	static const struct situation situations[] = {
		{ "one subject through six others", one_text_through_many, 4, 9 },
		{ "one link", one_link_through_many, 4, 9 },
		{ "it goes round among owners at home", a_chain_letter_from_home, 0, 0 },
		{ "one other has it", one_other_has_it, 0, 0 },
		{ "she alone, a hundred times", she_has_it_a_hundred_times, 0, 0 },
		{ "others had it days ago", three_days_later, 0, 3 },
		{ "mail without subject or link is no campaign", no_subject_at_all, 0, 0 },
	};

	CHECK("campaign", situations);
}

/* ---- complaint */

static void complain(struct story *s, struct story_place from, unsigned times, bool ours)
{
	while (times--) {
		struct event event = story_event_from(s, EVENT_COMPLAINT, "alice", from);

		event.message = ours;
		story_event(s, event);
	}
}

static void one_complaint(struct story *s) { complain(s, VIETNAM, 1, true); }
static void ten_complaints(struct story *s) { complain(s, VIETNAM, 10, true); }
static void ten_at_home(struct story *s) { complain(s, HOME, 10, true); }
static void of_mail_that_never_passed_here(struct story *s) { complain(s, VIETNAM, 50, false); }

static void complaint(void **state)
{
	static const struct situation situations[] = {
		{ "one", one_complaint, 3, 6 },
		{ "ten", ten_complaints, 10, 15 },
		{ "ten of a newsletter", ten_at_home, 2, 8 },
		{ "of mail that never passed here", of_mail_that_never_passed_here, 0, 0 },
	};

	CHECK("complaint", situations);
}

/* ---- all of them */

static void nothing_against_her(void **state)
{
	static const char *const names[] = { "client", "sender", "filter", "slow", "campaign", "complaint" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_true(told(as_usual, names[i]) <= 0);
}

static void other_events_say_nothing(void **state)
{
	static const enum event_kind kinds[] = { EVENT_AUTO_REPLY, EVENT_TICK, EVENT_VERIFIED };
	struct story s;

	story_begin(&s);
	s.live = true;
	s.letter = usual;
	story_usual_days(&s, "alice", 1, 20, HOME);
	for (size_t i = 0; i < 3; i++)
		for (unsigned k = 0; k < 100; k++)
			story_event(&s, story_event_from(&s, kinds[i], "alice", VIETNAM));
	assert_true(s.verdict.bits <= 0.01f);
	story_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(client),
		cmocka_unit_test(sender),
		cmocka_unit_test(filter),
		cmocka_unit_test(hour),
		cmocka_unit_test(slow),
		cmocka_unit_test(campaign),
		cmocka_unit_test(complaint),
		cmocka_unit_test(phishing_that_came_back),
		cmocka_unit_test(phishing_that_is_sent),
		cmocka_unit_test(nothing_against_her),
		cmocka_unit_test(other_events_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
