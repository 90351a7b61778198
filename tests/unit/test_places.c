/* SPDX-License-Identifier: Apache-2.0 */
/* Whose is each place? Small tables of places as the second look finds them; times are hours from the alarm, on the
 * twentieth day. The owner's home of the days before stands in most of them, for without it nothing is known. */
#include "story.h"

#include "engine/places.h"

#define ALARM (20 * 365 * DAY_US + 12 * HOUR_US)
#define AT(hours) (ALARM + (hours) * HOUR_US)
#define NEVER WHEN_NONE

struct row {
	const char *name;
	char country[3];
	uint32_t asn;
	int from, to; /* hours from the alarm */
	uint32_t days, days_before;
	uint32_t logins, reading, failures;
	uint32_t messages, recipients, bounced, busiest_hour;
	bool attacker;
};

static struct place place_of(const struct row *row, unsigned number)
{
	struct place place = {
		.ip = { { [10] = 0xff, 0xff, 240, (uint8_t)(row->asn ? row->asn : number), (uint8_t)number, 5 } },
		.where = { .asn = row->asn },
		.first_us = AT(row->from), .last_us = AT(row->to),
		.first_failure_us = row->failures ? AT(row->from - 1) : NEVER,
		.days = row->days, .days_before = row->days_before,
		.logins = row->logins, .reading = row->reading, .failures = row->failures,
		.messages = row->messages, .recipients = row->recipients,
		.sent = row->recipients - row->bounced, .bounced = row->bounced, .busiest_hour = row->busiest_hour,
	};

	memcpy(place.where.country, row->country, 2);
	if (!row->logins && !row->messages)
		place.first_us = place.last_us = NEVER;
	return place;
}

static void divide(const char *table, const struct row *rows, size_t count)
{
	struct places places = { 0 };
	bool wrong = false;

	places.items = calloc(count, sizeof *places.items);
	places.count = places.room = count;
	for (size_t i = 0; i < count; i++)
		places.items[i] = place_of(&rows[i], (unsigned)i);
	places_divide(&places, ALARM);
	for (size_t i = 0; i < count; i++) {
		if (places.items[i].attacker == rows[i].attacker)
			continue;
		print_error("%s: %s: %s attacker's with %.1f bits\n", table, rows[i].name, rows[i].attacker ? "not the" : "the",
			    (double)places.items[i].bits);
		wrong = true;
	}
	places_done(&places);
	assert_false(wrong);
}

#define DIVIDE(rows) divide(__func__, rows, sizeof(rows) / sizeof *(rows))

/* name              country asn  from  to days before log read fail msgs rcpt bounced busiest attacker */
#define HOME_ROW    { "home", "JP", 1, -400, 20, 17, 16, 90, 60, 0, 60, 62, 0, 2, false }
#define PHONE_ROW   { "telephone", "JP", 2, -300, -200, 2, 2, 8, 8, 0, 3, 3, 0, 1, false }
#define SPAMMER_ROW { "spammer", "VN", 66, 0, 2, 1, 0, 5, 0, 0, 300, 300, 90, 200, true }

/* one of many abroad, at the time of the alarm */
static struct row bot(unsigned number, uint32_t messages, uint32_t bounced)
{
	const char *country = &"BR\0RU\0VN\0US\0IN"[3 * (number % 5)];

	return (struct row){
		"bot", { country[0], country[1] }, .asn = 100 + number, .days = 1, .logins = 1 + messages / 10,
		.messages = messages, .recipients = messages, .bounced = bounced, .busiest_hour = messages, .attacker = true,
	};
}

/* ---- one table a rule */

static void where_most_days_were_spent_is_home(void **state)
{
	static const struct row rows[] = {
		{ "home, with a dead newsletter", "JP", 1, -400, 20, 17, 16, 90, 60, 0, 400, 400, 60, 300, false },
		SPAMMER_ROW,
	};

	DIVIDE(rows);
}

static void a_bad_guest_of_two_days_is_no_owner(void **state)
{
	static const struct row rows[] = {
		HOME_ROW,
		{ "bad guest", "VN", 66, -40, 2, 3, 2, 5, 0, 0, 500, 500, 150, 200, true },
		{ "hotel of last week", "TH", 5, -200, -150, 3, 3, 6, 5, 0, 9, 9, 0, 2, false },
		SPAMMER_ROW,
	};

	DIVIDE(rows);
}

static void owners_country_speaks_for_a_place(void **state)
{
	static const struct row rows[] = {
		HOME_ROW, PHONE_ROW, SPAMMER_ROW,
		{ "café at home", "JP", 7, -1, 30, 2, 1, 2, 1, 0, 1, 1, 0, 1, false },
		{ "one message from abroad", "BR", 70, 1, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, true },
	};

	DIVIDE(rows);
}

static void owners_provider_speaks_for_a_place(void **state)
{
	static const struct row rows[] = {
		HOME_ROW, SPAMMER_ROW,
		{ "telephone", "JP", 2, -300, -290, 1, 1, 3, 3, 0, 1, 1, 0, 1, false },
		{ "telephone, next day", "JP", 2, -280, -270, 1, 1, 3, 3, 0, 1, 1, 0, 1, false },
		{ "telephone, the third day", "JP", 2, -250, -240, 1, 1, 3, 3, 0, 1, 1, 0, 1, false },
		{ "telephone during the attack", "JP", 2, 1, 3, 1, 0, 3, 3, 0, 2, 2, 0, 1, false },
		{ "telephone, only reading", "JP", 2, 2, 4, 1, 0, 3, 3, 0, 0, 0, 0, 0, false },
	};

	DIVIDE(rows);
}

static void bounces_tell_of_the_attacker(void **state)
{
	static const struct row rows[] = {
		HOME_ROW, PHONE_ROW, SPAMMER_ROW,
		{ "twenty, seven came back", "US", 5, 0, 1, 1, 0, 1, 0, 0, 20, 20, 7, 20, true },
		{ "same country, a third came back", "JP", 9, 0, 1, 1, 0, 1, 0, 0, 60, 60, 20, 60, true },
	};

	DIVIDE(rows);
}

static void volume_and_width_tell_of_the_attacker(void **state)
{
	static const struct row rows[] = {
		HOME_ROW, PHONE_ROW,
		{ "clean list", "US", 5, 0, 3, 1, 0, 3, 0, 0, 1500, 1500, 10, 600, true },
		{ "fifty recipients each", "US", 6, 0, 1, 1, 0, 1, 0, 0, 10, 500, 4, 10, true },
		{ "a letter on the train", "JP", 2, 1, 1, 1, 0, 2, 1, 0, 1, 1, 0, 1, false },
	};

	DIVIDE(rows);
}

static void who_goes_on_when_all_is_over_is_the_owner(void **state)
{
	static const struct row rows[] = {
		HOME_ROW, SPAMMER_ROW,
		{ "new provider, still there a week later", "JP", 8, 2, 170, 8, 0, 30, 25, 0, 20, 20, 0, 2, false },
	};

	DIVIDE(rows);
}

static void owner_has_moved(void **state)
{
	static const struct row rows[] = {
		{ "old home", "JP", 1, -400, -30, 15, 15, 90, 60, 0, 60, 62, 0, 2, false },
		{ "new home", "DE", 30, -1, 300, 13, 0, 60, 40, 0, 70, 100, 1, 2, false },
	};

	DIVIDE(rows);
}

static void owner_has_moved_and_the_first_login_was_the_alarm(void **state)
{
	static const struct row rows[] = {
		{ "old home", "JP", 1, -340, -34, 13, 13, 90, 40, 0, 52, 52, 0, 1, false },
		{ "new home", "DE", 30, 0, 375, 16, 0, 112, 48, 0, 64, 64, 0, 1, false },
	};

	DIVIDE(rows);
}

static void probe_of_the_evening_before_is_the_thiefs(void **state)
{
	static const struct row rows[] = {
		HOME_ROW, PHONE_ROW, SPAMMER_ROW,
		{ "one message to a free mailbox", "US", 44, -9, -9, 1, 1, 1, 0, 0, 1, 1, 0, 1, true },
	};

	DIVIDE(rows);
}

static void who_guessed_first_is_the_thief(void **state)
{
	static const struct row rows[] = {
		HOME_ROW, PHONE_ROW, SPAMMER_ROW,
		{ "forty wrong ones, then two messages", "BR", 70, 0, 1, 1, 0, 1, 0, 40, 2, 2, 0, 2, true },
	};

	DIVIDE(rows);
}

static void mistyped_at_home_is_still_home(void **state)
{
	static const struct row rows[] = {
		{ "home", "JP", 1, -400, 20, 17, 16, 90, 60, 40, 60, 62, 0, 2, false },
		SPAMMER_ROW,
	};

	DIVIDE(rows);
}

/* each bot sends a message or two, and few bounce: only their number tells */
static void one_of_many_small_ones(void **state)
{
	struct row rows[41] = { HOME_ROW };

	for (unsigned i = 1; i < 41; i++)
		rows[i] = bot(i, 2, i % 4 == 0);
	DIVIDE(rows);
}

static void owner_on_a_journey_all_the_while(void **state)
{
	static const struct row rows[] = {
		HOME_ROW,
		{ "hotel", "TH", 5, -60, 30, 4, 3, 12, 10, 0, 14, 15, 0, 3, false },
		{ "bot", "BR", 70, 0, 1, 1, 0, 2, 0, 0, 40, 40, 12, 40, true },
		{ "bot", "RU", 71, 0, 1, 1, 0, 2, 0, 0, 35, 35, 9, 35, true },
		{ "bot", "US", 72, 0, 1, 1, 0, 2, 0, 0, 44, 44, 12, 44, true },
	};

	DIVIDE(rows);
}

/* a new network of the own country amid a flood from abroad: two messages, as of any bot, but no bot is in this country */
static void whose_country_the_flood_keeps_out_of(void **state)
{
	struct row rows[32] = {
		HOME_ROW,
		{ "telephone, elsewhere", "JP", 3, 3, 10, 1, 0, 3, 1, 0, 2, 3, 0, 2, false },
	};

	for (unsigned i = 2; i < 32; i++) {
		rows[i] = bot(i, 30, 10);
		rows[i].to = 20;
	}
	DIVIDE(rows);
}

/* an hour before the alarm, and lucky: nothing bounced; but others of the flood are at that provider, and the owner never was */
static void whose_provider_the_flood_is_at(void **state)
{
	struct row rows[32] = {
		HOME_ROW,
		{ "the first of them", "PL", 101, -1, 0, 1, 1, 2, 0, 0, 7, 7, 0, 7, true },
	};

	for (unsigned i = 2; i < 32; i++) {
		rows[i] = bot(i, 30, 10);
		rows[i].asn = 100 + i % 8;
	}
	DIVIDE(rows);
}

/* nobody is at home as long as the hotel is in use: the list of the conference, with its dead, is the owner's; not if home goes on */
static void who_is_not_at_home_is_on_a_journey(void **state)
{
	static const struct row away[] = {
		{ "home", "JP", 1, -400, -18, 17, 17, 90, 60, 0, 60, 62, 0, 2, false },
		{ "hotel", "DE", 5, -8, 60, 4, 1, 24, 15, 0, 123, 123, 9, 40, false },
	}, at_home[] = {
		{ "home", "JP", 1, -400, 60, 20, 17, 99, 66, 0, 66, 68, 0, 2, false },
		{ "nobody's hotel", "DE", 5, -8, 60, 4, 1, 24, 15, 0, 123, 123, 9, 40, true },
	};

	DIVIDE(away);
	DIVIDE(at_home);
}

static void who_never_got_in_is_no_party(void **state)
{
	static const struct row rows[] = {
		HOME_ROW, SPAMMER_ROW,
		{ "guesser in vain", "RU", 71, 0, 0, 0, 0, 0, 0, 200, 0, 0, 0, 0, false },
	};

	DIVIDE(rows);
}

/* ---- nothing is known from before: as on the rig, a thousand messages in some seconds from fifteen addresses */

static void log_that_begins_in_the_flood(void **state)
{
	struct row rows[17] = {
		{ "home", "JP", 1, 3, 9, 1, 0, 6, 5, 0, 5, 5, 0, 2, false },
		{ "telephone", "JP", 2, 2, 8, 1, 0, 4, 4, 0, 0, 0, 0, 0, false },
	};

	for (unsigned i = 2; i < 17; i++)
		rows[i] = bot(i, 66, 25);
	DIVIDE(rows);
}

static void flood_without_any_geography(void **state)
{
	struct row rows[17] = {
		{ "home", "", 0, 3, 9, 1, 0, 6, 5, 0, 5, 5, 0, 2, false },
		{ "telephone", "", 0, 2, 8, 1, 0, 4, 4, 0, 0, 0, 0, 0, false },
	};

	for (unsigned i = 2; i < 17; i++) {
		rows[i] = bot(i, 66, 25);
		rows[i].country[0] = '\0';
		rows[i].asn = 0;
	}
	DIVIDE(rows);
}

static void flood_and_nobody_else(void **state)
{
	struct row rows[15];

	for (unsigned i = 0; i < 15; i++)
		rows[i] = bot(i, 66, 25);
	DIVIDE(rows);
}

/* ---- counting */

static struct spool_record record(enum event_kind kind, const char *address, int hours)
{
	struct spool_record made = { .t_us = AT(hours), .ok = true, .count = 1, .protocol = PROTOCOL_SMTP };

	made.kind = (uint8_t)kind;
	if (!ip_parse(text_of(address), &made.ip))
		fail_msg("no address: %s", address);
	return made;
}

static void count(struct places *places, struct spool_record made) { places_count(places, &made, ALARM); }

static void what_a_place_did_is_counted(void **state)
{
	struct places places = { 0 };
	struct spool_record made;
	struct ip ip;

	made = record(EVENT_AUTH, "240.1.2.3", -50);
	made.ok = false;
	made.count = 3;
	count(&places, made);
	made.t_us = AT(-49);
	count(&places, made);
	for (int hours = -48; hours <= 24; hours += 24) {
		made = record(EVENT_AUTH, "240.1.2.4", hours);
		made.protocol = hours < 0 ? PROTOCOL_IMAP : PROTOCOL_SMTP;
		count(&places, made);
	}
	made = record(EVENT_SUBMIT, "240.1.2.5", 25);
	made.count = 4;
	for (unsigned i = 0; i < 6; i++)
		count(&places, made);
	count(&places, record(EVENT_SUBMIT, "240.1.2.5", 26));
	made = record(EVENT_OUTCOME, "240.1.2.5", 26);
	made.result = RESULT_BOUNCED;
	count(&places, made);
	made.result = RESULT_DEFERRED;
	count(&places, made);
	count(&places, record(EVENT_OUTCOME, "240.1.2.5", 26));
	count(&places, record(EVENT_AUTH, "240.1.3.3", 26));

	assert_int_equal(places.count, 2);
	assert_true(ip_parse(TEXT("240.1.2.99"), &ip));
	assert_ptr_equal(places_find(&places, &ip), &places.items[0]);
	assert_true(places.items[0].first_us == AT(-48) && places.items[0].last_us == AT(26));
	assert_true(places.items[0].first_failure_us == AT(-50));
	assert_int_equal(places.items[0].failures, 6);
	assert_int_equal(places.items[0].logins, 4);
	assert_int_equal(places.items[0].reading, 2);
	assert_int_equal(places.items[0].days, 4);
	assert_int_equal(places.items[0].days_before, 2);
	assert_int_equal(places.items[0].messages, 7);
	assert_int_equal(places.items[0].busiest_hour, 6);
	assert_int_equal(places.items[0].recipients, 25);
	assert_int_equal(places.items[0].sent, 1);
	assert_int_equal(places.items[0].bounced, 1);
	places_done(&places);
	assert_null(places.items);
}

/* eight hours over midnight are one day's use; the next morning is another */
static void one_sitting_over_midnight_is_one_day(void **state)
{
	struct places places = { 0 };

	for (int hours = -16; hours <= -8; hours += 2) /* the alarm is at noon, UTC */
		count(&places, record(EVENT_AUTH, "240.1.2.4", hours));
	assert_int_equal(places.items[0].days_before, 1);
	count(&places, record(EVENT_AUTH, "240.1.2.4", -3));
	assert_int_equal(places.items[0].days_before, 2);
	places_done(&places);
}

static void failures_after_the_first_success_are_typing_errors(void **state)
{
	struct places places = { 0 };
	struct spool_record made = record(EVENT_AUTH, "240.1.2.3", -1);

	count(&places, record(EVENT_AUTH, "240.1.2.3", -2));
	made.ok = false;
	count(&places, made);
	assert_true(places.items[0].first_failure_us == WHEN_NONE);
	assert_int_equal(places.items[0].failures, 1);
	places_done(&places);
}

static void not_more_places_than_there_may_be(void **state)
{
	struct spool_record made = { .t_us = AT(0), .kind = EVENT_AUTH, .ok = true, .count = 1 };
	struct places places = { 0 };
	uint32_t all = PLACES_MAX + 500;

	for (uint32_t i = 0; i < all; i++) {
		made.ip = (struct ip){ { [10] = 0xff, 0xff, 240, (uint8_t)(i / 256), (uint8_t)i, 1 } };
		places_count(&places, &made, ALARM);
		places_count(&places, &made, ALARM);
	}
	assert_int_equal(places.count, PLACES_MAX);
	assert_int_equal(places.omitted, 1000);
	assert_null(places_find(&places, &made.ip));
	places_divide(&places, ALARM);
	places_done(&places);
}

static void nothing_to_divide(void **state)
{
	struct places places = { 0 };
	struct ip ip = { { 0 } };

	places_divide(&places, ALARM);
	assert_null(places_find(&places, &ip));
	places_done(&places);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_most_days_were_spent_is_home),
		cmocka_unit_test(a_bad_guest_of_two_days_is_no_owner),
		cmocka_unit_test(owners_country_speaks_for_a_place),
		cmocka_unit_test(owners_provider_speaks_for_a_place),
		cmocka_unit_test(bounces_tell_of_the_attacker),
		cmocka_unit_test(volume_and_width_tell_of_the_attacker),
		cmocka_unit_test(who_goes_on_when_all_is_over_is_the_owner),
		cmocka_unit_test(owner_has_moved),
		cmocka_unit_test(owner_has_moved_and_the_first_login_was_the_alarm),
		cmocka_unit_test(probe_of_the_evening_before_is_the_thiefs),
		cmocka_unit_test(who_guessed_first_is_the_thief),
		cmocka_unit_test(mistyped_at_home_is_still_home),
		cmocka_unit_test(one_of_many_small_ones),
		cmocka_unit_test(owner_on_a_journey_all_the_while),
		cmocka_unit_test(whose_country_the_flood_keeps_out_of),
		cmocka_unit_test(whose_provider_the_flood_is_at),
		cmocka_unit_test(who_is_not_at_home_is_on_a_journey),
		cmocka_unit_test(who_never_got_in_is_no_party),
		cmocka_unit_test(log_that_begins_in_the_flood),
		cmocka_unit_test(flood_without_any_geography),
		cmocka_unit_test(flood_and_nobody_else),
		cmocka_unit_test(what_a_place_did_is_counted),
		cmocka_unit_test(one_sitting_over_midnight_is_one_day),
		cmocka_unit_test(failures_after_the_first_success_are_typing_errors),
		cmocka_unit_test(not_more_places_than_there_may_be),
		cmocka_unit_test(nothing_to_divide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
