/* SPDX-License-Identifier: Apache-2.0 */
/* The signals: a situation each, and the bits that it may bring. Ranges say what is meant: under 4 bits is a doubt,
 * 11 hold, 22 lock. Alice has lived at HOME for twenty days unless the situation says otherwise. */
#include "situations.h"

#include <math.h>

#define ELSEWHERE PLACE("JP", 7, 70) /* a provider in her own country */
#define DEAD PEOPLE("dead", .dead = 100)
#define ALIVE PEOPLE("alive", 0)
#define SPAM_TRAPS PEOPLE("traps", .refusing = 100)
#define GREY PEOPLE("grey", .greylisting = 100)

static float bits_of(struct story *s, const char *who, const char *signal)
{
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		if (strcmp(signals[i]->name, signal) == 0)
			return profile_bits(story_profile(s, who), i);
	fail_msg("no signal %s", signal);
	return 0;
}

static float told(void (*tell)(struct story *s), const char *signal)
{
	struct story s;
	float bits;

	story_begin(&s);
	story_usual_days(&s, "alice", 1, 20, HOME);
	story_at(&s, 21, "09:00");
	tell(&s);
	bits = bits_of(&s, "alice", signal);
	story_end(&s);
	return bits;
}

/* an event of alice's with an address that the stories do not know */
static void comes_from(struct story *s, const char *address, enum event_kind kind)
{
	struct event event = story_event_from(s, kind, "alice", HOME);

	event.ok = true;
	event.message = kind == EVENT_SUBMIT ? ++s->messages : 0;
	event.place = (struct event_place){ 0 };
	event.ip = (struct ip){ { 0 } };
	if (*address && !ip_parse(text_of(address), &event.ip))
		fail_msg("no address: %s", address);
	story_event(s, event);
}

/* ---- places */

static void abroad(struct story *s) { story_login(s, "alice", VIETNAM); }
static void abroad_twice(struct story *s) { abroad(s); abroad(s); }
static void next_provider(struct story *s) { story_login(s, "alice", ELSEWHERE); }
static void next_street(struct story *s) { story_login(s, "alice", PLACE("JP", 1, 77)); }
static void at_home(struct story *s) { story_login(s, "alice", HOME); }
static void by_webmail(struct story *s) { story_login(s, "alice", PLACE("VN", 6, 66, .silent = true)); }
static void from_nowhere(struct story *s) { comes_from(s, "", EVENT_AUTH); }
static void from_the_lan(struct story *s) { comes_from(s, "192.168.1.5", EVENT_AUTH); }
static void from_uncharted_land(struct story *s) { comes_from(s, "198.51.100.7", EVENT_AUTH); }
static void fails_abroad(struct story *s) { story_mistypes(s, "alice", VIETNAM, 30); }

/* a house where many come from there */
static void abroad_as_many(struct story *s)
{
	char name[16];

	for (unsigned i = 0; i < 12; i++) {
		snprintf(name, sizeof name, "viet%u", i);
		story_usual_days(s, name, 1, 20, PLACE("VN", 1, (uint8_t)i));
	}
	story_at(s, 21, "09:00");
	abroad(s);
}

static void abroad_after_half_a_year(struct story *s)
{
	story_usual_days(s, "alice", 21, 180, HOME);
	story_at(s, 181, "09:00");
	abroad(s);
}

static void newcomer_abroad(struct story *s)
{
	story_login(s, "carol", HOME);
	story_later(s, HOUR_US);
	story_login(s, "carol", VIETNAM);
}

static void new_country(void **state)
{
	static const struct situation situations[] = {
		{ "the first time abroad is strange, but no reason to hold", abroad, 4, 9 },
		{ "half a year at home makes it stranger", abroad_after_half_a_year, 5, 9.1f },
		{ "coming back there says nothing new", abroad_twice, 4, 9 },
		{ "half of the house lives there", abroad_as_many, 1, 5 },
		{ "at home", at_home, 0, 0 },
		{ "another provider, same country", next_provider, 0, 0 },
		{ "webmail's address says nothing", by_webmail, 0, 0 },
		{ "no address", from_nowhere, 0, 0 },
		{ "an address without a country", from_uncharted_land, 0, 0 },
		{ "wrong passwords are not her", fails_abroad, 0, 0 },
	};
	struct story s;

	CHECK("new_country", situations);
	assert_true(told(abroad_after_half_a_year, "new_country") > told(abroad, "new_country"));
	story_begin(&s);
	newcomer_abroad(&s);
	assert_true(bits_of(&s, "carol", "new_country") == 0); /* who knows where carol lives? */
	story_end(&s);
}

static void from_the_telephone_as_usual(struct story *s)
{
	for (unsigned day = 21; day < 30; day++) {
		story_at(s, day, "18:00");
		story_login(s, "alice", PHONE);
	}
}

static void a_new_cafe_every_day(struct story *s)
{
	for (unsigned day = 21; day < 60; day++) {
		story_at(s, day, "10:00");
		story_login(s, "alice", HOTSPOTS);
		story_later(s, 4 * HOUR_US);
		story_login(s, "alice", HOTSPOTS);
	}
}

static void new_network(void **state)
{
	static const struct situation situations[] = {
		{ "a new provider says little", next_provider, 0.3f, 3.5f },
		{ "known only by its sixteenth, less", from_uncharted_land, 0.3f, 2.5f },
		{ "another /24 of her provider", next_street, 0, 0 },
		{ "her telephone, day by day", from_the_telephone_as_usual, 0, 3.5f },
		{ "the country says it already", abroad, 0, 0 },
		{ "she is in another café every day", a_new_cafe_every_day, 0, 4 },
		{ "at home", at_home, 0, 0 },
		{ "webmail", by_webmail, 0, 0 },
		{ "no address", from_nowhere, 0, 0 },
	};

	CHECK("new_network", situations);
}

static void two_countries_in_a_day(struct story *s)
{
	story_login(s, "alice", BANGKOK);
	story_later(s, 9 * HOUR_US);
	story_login(s, "alice", BERLIN);
}

static void botnet_of(struct story *s, unsigned logins)
{
	while (logins--) {
		story_login(s, "alice", BOTNET(40));
		story_later(s, MINUTE_US);
	}
}

static void botnet_of_3(struct story *s) { botnet_of(s, 3); }
static void botnet_of_6(struct story *s) { botnet_of(s, 6); }
static void botnet_of_40(struct story *s) { botnet_of(s, 40); }

static void one_thief_many_times(struct story *s)
{
	for (unsigned i = 0; i < 30; i++) {
		story_login(s, "alice", VIETNAM);
		story_later(s, MINUTE_US);
	}
}

static void a_hotel_and_its_neighbourhood(struct story *s)
{
	for (unsigned i = 0; i < 12; i++) {
		story_login(s, "alice", PLACE("TH", 4, .roams = NEW_BLOCK));
		story_later(s, 20 * MINUTE_US);
	}
}

static void spread(void **state)
{
	static const struct situation situations[] = {
		{ "one new place is no spread", abroad, 0, 3 },
		{ "the same one thirty times", one_thief_many_times, 0, 6 },
		{ "Bangkok in the morning, Berlin at night: flights exist", two_countries_in_a_day, 0, 8 },
		{ "ever new addresses of one provider abroad", a_hotel_and_its_neighbourhood, 0, 6 },
		{ "a third country in three minutes", botnet_of_3, 3, 12 },
		{ "a sixth in six minutes: nobody can", botnet_of_6, 16, 24 },
		{ "forty in an hour", botnet_of_40, 16, 24 },
		{ "she is in another café every day", a_new_cafe_every_day, 0, 6 },
		{ "webmail", by_webmail, 0, 0 },
		{ "no address", from_nowhere, 0, 0 },
	};

	CHECK("spread", situations);
}

static void writes_here_and_there(struct story *s)
{
	story_sends(s, "alice", HOME, 1, FRIENDS);
	story_later(s, 30 * MINUTE_US);
	story_sends(s, "alice", VIETNAM, 1, FRIENDS);
}

static void writes_there_and_here(struct story *s)
{
	writes_here_and_there(s);
	story_later(s, 30 * MINUTE_US);
	story_sends(s, "alice", HOME, 1, FRIENDS);
}

static void writes_to_and_fro(struct story *s)
{
	for (unsigned i = 0; i < 20; i++)
		writes_there_and_here(s);
}

static void desktop_polls_at_home(struct story *s)
{
	for (unsigned i = 0; i < 10; i++) {
		story_login(s, "alice", HOME);
		story_later(s, 10 * MINUTE_US);
		story_sends(s, "alice", BANGKOK, 1, FRIENDS);
	}
}

static void lands_in_the_evening(struct story *s)
{
	story_sends(s, "alice", HOME, 1, FRIENDS);
	story_later(s, 8 * HOUR_US);
	story_sends(s, "alice", BANGKOK, 1, FRIENDS);
}

static void writes_from_two_providers(struct story *s)
{
	story_sends(s, "alice", HOME, 1, FRIENDS);
	story_later(s, MINUTE_US);
	story_sends(s, "alice", ELSEWHERE, 1, FRIENDS);
}

static void travel(void **state)
{
	static const struct situation situations[] = {
		{ "home, and half an hour later abroad", writes_here_and_there, 2, 8 },
		{ "and home again", writes_there_and_here, 4, 8 },
		{ "to and fro all day", writes_to_and_fro, 4, 8 },
		{ "the desktop at home only polls", desktop_polls_at_home, 0, 0 },
		{ "she flew for eight hours", lands_in_the_evening, 0, 0 },
		{ "the telephone beside the desktop", writes_from_two_providers, 0, 0 },
		{ "a login alone", abroad, 0, 0 },
	};

	CHECK("travel", situations);
}

/* ---- guessing */

static void guess(struct story *s, const char *who, struct story_place from, unsigned times)
{
	story_mistypes(s, who, from, times);
}

static void guessed_in_ten(struct story *s)
{
	guess(s, "alice", VIETNAM, 10);
	story_login(s, "alice", VIETNAM);
}

static void guessed_by_many(struct story *s)
{
	for (unsigned i = 0; i < 60; i++)
		guess(s, "alice", BOTNET(60), 1);
	story_login(s, "alice", LAGOS);
}

static void sprayed(struct story *s)
{
	char name[16];

	for (unsigned i = 0; i < 30; i++) {
		snprintf(name, sizeof name, "user%u", i);
		guess(s, name, VIETNAM, 1);
	}
	story_login(s, "alice", VIETNAM);
}

static void mistyped_at_home(struct story *s)
{
	guess(s, "alice", HOME, 40);
	story_login(s, "alice", HOME);
}

static void mistyped_at_home_then_abroad(struct story *s)
{
	guess(s, "alice", HOME, 40);
	story_login(s, "alice", BANGKOK);
}

static void mistyped_on_the_telephone(struct story *s)
{
	from_the_telephone_as_usual(s);
	for (unsigned i = 0; i < 8; i++) {
		guess(s, "alice", PHONE, 5);
		story_later(s, HOUR_US);
	}
	story_login(s, "alice", PHONE);
}

static void mistyped_in_the_hotel(struct story *s)
{
	guess(s, "alice", BANGKOK, 2);
	story_login(s, "alice", BANGKOK);
}

static void guessed_in_vain_last_week(struct story *s)
{
	guess(s, "alice", VIETNAM, 10);
	story_at(s, 28, "09:00");
	story_login(s, "alice", ELSEWHERE);
}

static void guessed_in_vain_and_home(struct story *s)
{
	guess(s, "alice", VIETNAM, 200);
	story_login(s, "alice", HOME);
}

static void guessed(void **state)
{
	static const struct situation situations[] = {
		{ "ten wrong ones and the right one, from one place", guessed_in_ten, 3, 8 },
		{ "sixty from everywhere, the right one from elsewhere", guessed_by_many, 1.5f, 8 },
		{ "a network that tries one account after the other", sprayed, 5, 8 },
		{ "right at once", abroad, 0, 0 },
		{ "forty times, but at home", mistyped_at_home, 0, 0 },
		{ "… and then from the hotel", mistyped_at_home_then_abroad, 0, 0 },
		{ "on her own telephone", mistyped_on_the_telephone, 0, 0 },
		{ "twice, in a hotel", mistyped_in_the_hotel, 0, 0 },
		{ "others tried last week and did not get in", guessed_in_vain_last_week, 0, 1 },
		{ "others try while she is at home", guessed_in_vain_and_home, 0, 0 },
		{ "wrong ones alone", fails_abroad, 0, 0 },
	};

	CHECK("guessed", situations);
}

/* ---- behaviour */

static void writes_abroad(struct story *s, unsigned messages, unsigned each)
{
	s->width = each;
	story_sends(s, "alice", BANGKOK, messages, FRIENDS);
}

static void three_abroad(struct story *s) { writes_abroad(s, 3, 1); }
static void thirty_abroad(struct story *s) { writes_abroad(s, 30, 1); }
static void one_to_sixty_abroad(struct story *s) { writes_abroad(s, 1, 60); }
static void ten_at_home(struct story *s) { story_sends(s, "alice", HOME, 10, FRIENDS); }
static void three_hundred_at_home(struct story *s) { story_sends(s, "alice", HOME, 300, PEOPLE("guests", 300)); }
static void thirty_by_webmail(struct story *s) { story_sends(s, "alice", WEBMAIL, 30, FRIENDS); }

static void says_four_billion(struct story *s)
{
	struct event event = story_event_from(s, EVENT_SUBMIT, "alice", VIETNAM);

	event.count = UINT32_MAX;
	event.message = ++s->messages;
	story_event(s, event);
}

static void the_tenth_newsletter(struct story *s)
{
	s->pace_s = 5;
	for (unsigned day = 21; day < 84; day += 7) {
		story_at(s, day, "09:00");
		story_sends(s, "alice", HOME, 300, PEOPLE("subscribers", 300));
	}
	story_at(s, 100, "09:00"); /* what the first ones brought has faded */
	story_sends(s, "alice", HOME, 300, PEOPLE("subscribers", 300));
}

static void rate(void **state)
{
	static const struct situation situations[] = {
		{ "three letters abroad", three_abroad, 0, 1 },
		{ "thirty in ten minutes", thirty_abroad, 7, 16 },
		{ "one to sixty people", one_to_sixty_abroad, 7, 16 },
		{ "ten at home", ten_at_home, 0, 2 },
		{ "three hundred at home, for the first time", three_hundred_at_home, 0, 4 },
		{ "the tenth newsletter", the_tenth_newsletter, 0, 0.5f },
		{ "webmail, where nothing is known of the place", thirty_by_webmail, 0, 8 },
		{ "four thousand million recipients", says_four_billion, 10, 16 },
		{ "a login", abroad, 0, 0 },
	};

	CHECK("rate", situations);
}

static void ten_strangers_abroad(struct story *s) { story_sends(s, "alice", VIETNAM, 10, ALIVE); }
static void ten_friends_abroad(struct story *s) { story_sends(s, "alice", VIETNAM, 10, FRIENDS); }
static void ten_strangers_at_home(struct story *s) { story_sends(s, "alice", HOME, 10, ALIVE); }
static void ten_strangers_by_webmail(struct story *s) { story_sends(s, "alice", WEBMAIL, 10, ALIVE); }

static void ten_strangers_on_the_telephone(struct story *s)
{
	from_the_telephone_as_usual(s);
	story_sends(s, "alice", PHONE, 10, ALIVE);
}

static void a_salesman_abroad(struct story *s)
{
	for (unsigned day = 21; day < 41; day++) {
		story_at(s, day, "09:00");
		story_sends(s, "alice", HOME, 8, ALIVE);
	}
	story_at(s, 41, "09:00");
	story_sends(s, "alice", BANGKOK, 10, ALIVE);
}

static void greylisted_again_and_again(struct story *s)
{
	struct event event = story_event_from(s, EVENT_OUTCOME, "alice", VIETNAM);

	event.message = 1;
	event.rcpt = 4711;
	event.result = RESULT_DEFERRED;
	event.reason = REASON_OTHER;
	event.again = true;
	for (unsigned i = 0; i < 500; i++)
		story_event(s, event);
}

static void new_recipients(void **state)
{
	static const struct situation situations[] = {
		{ "ten strangers from abroad", ten_strangers_abroad, 4, 9 },
		{ "ten friends from abroad", ten_friends_abroad, 0, 0.5f },
		{ "ten strangers from home", ten_strangers_at_home, 0, 2 },
		{ "ten strangers, by webmail", ten_strangers_by_webmail, 0, 6 },
		{ "ten strangers, from a provider she has long been with", ten_strangers_on_the_telephone, 0, 6 },
		{ "a salesman on the road", a_salesman_abroad, 0, 4 },
		{ "one message tried five hundred times", greylisted_again_and_again, 0, 0 },
	};

	CHECK("new_recipients", situations);
}

/* ---- outcomes */

static void bought_list(struct story *s) { story_sends(s, "alice", VIETNAM, 60, STRANGERS); }
static void clean_list(struct story *s) { story_sends(s, "alice", VIETNAM, 60, ALIVE); }
static void five_dead_by_webmail(struct story *s) { story_sends(s, "alice", WEBMAIL, 5, DEAD); }
static void greylisted_list(struct story *s) { story_sends(s, "alice", VIETNAM, 60, GREY); }
static void old_list_at_home(struct story *s) { story_sends(s, "alice", HOME, 100, STRANGERS); }
static void infected_pc(struct story *s) { story_sends(s, "alice", HOME, 900, STRANGERS); }

static void first_newsletter_at_home(struct story *s)
{
	story_sends(s, "alice", HOME, 900, PEOPLE("guests", 900, .dead = 3));
}

static void full_mailboxes(struct story *s)
{
	for (unsigned i = 0; i < 60; i++) {
		struct event event = story_event_from(s, EVENT_OUTCOME, "alice", VIETNAM);

		event.rcpt = 5000 + 2 * i;
		event.result = RESULT_BOUNCED;
		event.reason = REASON_OTHER;
		story_event(s, event);
	}
}

/* a friend's address died, and alice tries ten times */
static void dead_friend(struct story *s)
{
	for (unsigned i = 0; i < 10; i++) {
		struct event event = story_event_from(s, EVENT_OUTCOME, "alice", ELSEWHERE);

		event.rcpt = 4711;
		event.result = i ? RESULT_BOUNCED : RESULT_SENT;
		event.reason = i ? REASON_UNKNOWN_USER : REASON_NONE;
		story_event(s, event);
	}
}

static void bounces(void **state)
{
	static const struct situation situations[] = {
		{ "a bought list from abroad: enough to lock alone", bought_list, 16, 22 },
		{ "five dead strangers, by webmail", five_dead_by_webmail, 4, 22 },
		{ "an old address book, mailed from home", old_list_at_home, 2, 12 },
		{ "nine hundred from home, 30 % dead: no address book", infected_pc, 14, 22 },
		{ "nine hundred guests from home, 3 % dead", first_newsletter_at_home, -4, 5 },
		{ "a clean list tells nothing here", clean_list, -4, 0.1f },
		{ "full mailboxes", full_mailboxes, -4, 0 },
		{ "greylisted", greylisted_list, -4, 0 },
		{ "one dead friend", dead_friend, -4, 1 },
	};

	CHECK("bounces", situations);
}

static void good_mail_earns_little_credit(void **state)
{
	struct story s;

	story_begin(&s);
	story_usual_days(&s, "alice", 1, 90, HOME);
	for (unsigned i = 0; i < 3; i++)
		story_sends(&s, "alice", HOME, 1000, ALIVE);
	assert_true(bits_of(&s, "alice", "bounces") >= -4);
	story_later(&s, 30 * MINUTE_US);
	story_watch(&s, "alice");
	story_sends(&s, "alice", VIETNAM, 60, STRANGERS);
	story_wants_locked_by(&s, 40); /* it helps the thief by a few messages at most */
	story_end(&s);
}

static void five_refused_abroad(struct story *s) { story_sends(s, "alice", VIETNAM, 5, SPAM_TRAPS); }
static void five_refused_at_home(struct story *s) { story_sends(s, "alice", HOME, 5, SPAM_TRAPS); }

static void one_in_hundred_refused(struct story *s)
{
	story_sends(s, "alice", HOME, 300, PEOPLE("list", 300, .refusing = 1));
}

static void server_in_disgrace(struct story *s)
{
	for (unsigned i = 0; i < 60; i++) {
		struct event event = story_event_from(s, EVENT_OUTCOME, "alice", VIETNAM);

		event.rcpt = 5000 + 2 * i;
		event.result = RESULT_DEFERRED;
		event.reason = REASON_SPAM;
		story_event(s, event);
	}
}

static void refused(void **state)
{
	static const struct situation situations[] = {
		{ "five refused as spam, from abroad", five_refused_abroad, 8, 12 },
		{ "five at home", five_refused_at_home, 1, 4 },
		{ "one in a hundred of a newsletter", one_in_hundred_refused, 0, 4 },
		{ "\"come later, your server sends too much\"", server_in_disgrace, 0, 0 },
		{ "dead addresses are another matter", old_list_at_home, 0, 0 },
	};

	CHECK("refused", situations);
}

static void backscatter(struct story *s) { story_bounces(s, "alice", 500); }

static void backscatter_while_busy(struct story *s)
{
	story_sends(s, "alice", HOME, 100, ALIVE);
	story_bounces(s, "alice", 1200);
}

static void flood_comes_back(struct story *s)
{
	story_sends(s, "alice", BOTNET(40), 400, ALIVE);
	story_bounces(s, "alice", 120);
}

static void three_come_back(struct story *s)
{
	story_sends(s, "alice", HOME, 100, ALIVE);
	story_bounces(s, "alice", 3);
}

static void returned(void **state)
{
	static const struct situation situations[] = {
		{ "her address forged elsewhere", backscatter, 0, 0 },
		{ "… while she mails a hundred people", backscatter_while_busy, 0, 0 },
		{ "a flood that other servers took, and then sent back", flood_comes_back, 3, 14 },
		{ "three of a hundred", three_come_back, 0, 0.5f },
	};

	CHECK("returned", situations);
}

/* nothing at all may come of these, whichever signal looks at them */
static void no_bits_from(void **state)
{
	static const struct {
		const char *why;
		void (*told)(struct story *s);
	} rows[] = {
		{ "at home", at_home },
		{ "backscatter", backscatter },
		{ "wrong passwords at home", mistyped_at_home },
		{ "wrong passwords from anywhere", fails_abroad },
		{ "an unknown address", from_nowhere },
		{ "webmail", by_webmail },
		{ "another /24 of her provider", next_street },
		{ "greylisting", greylisted_again_and_again },
	};
	bool wrong = false;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (unsigned k = 0; k < PROFILE_SIGNALS; k++) {
			float bits = told(rows[i].told, signals[k]->name);

			if (bits <= 0.01f)
				continue;
			print_error("%s: %.2f bits of %s\n", rows[i].why, (double)bits, signals[k]->name);
			wrong = true;
		}
	}
	assert_false(wrong);
}

static void local_addresses_say_little(void **state)
{
	float sum = 0;

	for (unsigned k = 0; k < PROFILE_SIGNALS; k++)
		sum += fmaxf(0, told(from_the_lan, signals[k]->name));
	assert_true(sum < 4);
}

static void every_signal_has_name_and_sentence(void **state)
{
	struct profile profile;

	profile_init(&profile);
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++) {
		char text[200] = "";

		assert_true(strlen(signals[i]->name) > 3);
		signals[i]->say(&profile, text, sizeof text);
		assert_in_range(strlen(text), 10, sizeof text - 2);
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(signals[i]->name, signals[k]->name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_country),
		cmocka_unit_test(new_network),
		cmocka_unit_test(spread),
		cmocka_unit_test(travel),
		cmocka_unit_test(guessed),
		cmocka_unit_test(rate),
		cmocka_unit_test(new_recipients),
		cmocka_unit_test(bounces),
		cmocka_unit_test(good_mail_earns_little_credit),
		cmocka_unit_test(refused),
		cmocka_unit_test(returned),
		cmocka_unit_test(no_bits_from),
		cmocka_unit_test(local_addresses_say_little),
		cmocka_unit_test(every_signal_has_name_and_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
