/* SPDX-License-Identifier: Apache-2.0 */
/* What is known across all accounts: who guesses passwords, and where the owners live. */
#include "story.h"

#include "profile/population.h"

static struct ip address_of(const char *text)
{
	struct ip ip;

	if (!ip_parse(text_of(text), &ip))
		fail_msg("no address: %s", text);
	return ip;
}

static struct event failure(struct ip ip, uint64_t account_key, int64_t t_us)
{
	return (struct event){ .t_us = t_us, .kind = EVENT_AUTH, .count = 1, .ip = ip, .account_key = account_key };
}

static void fails(struct population *population, const char *from, uint64_t account_key, int64_t t_us)
{
	struct event event = failure(address_of(from), account_key, t_us);

	population_failure(population, &event);
}

static const struct population_guesser *guesser(const struct population *population, const char *from)
{
	struct ip ip = address_of(from);

	return population_guesser(population, &ip);
}

/* ---- guessing */

static void blocks_are_told_apart(void **state)
{
	struct population *population = population_new();
	const struct population_guesser *all;

	fails(population, "240.1.2.3", 1, 100);
	fails(population, "240.1.2.99", 1, 200);
	fails(population, "240.1.3.3", 1, 300);
	fails(population, "2001:db8:7:1::5", 1, 400);
	fails(population, "2001:db8:7:2::5", 1, 500);
	assert_int_equal(population_guessers(population, &all), 3);
	assert_int_equal(guesser(population, "240.1.2.200")->attempts, 2);
	assert_true(guesser(population, "240.1.2.3")->block);
	assert_false(guesser(population, "240.1.3.3")->block);
	assert_int_equal(guesser(population, "2001:db8:7:ffff::1")->attempts, 2);
	assert_null(guesser(population, "240.1.4.3"));
	assert_int_equal(guesser(population, "240.1.2.3")->first_us, 100);
	assert_int_equal(guesser(population, "240.1.2.3")->last_us, 200);
	population_free(population);
}

static void accounts_tried_are_counted_exactly(void **state)
{
	struct population *population = population_new();

	for (unsigned round = 0; round < 3; round++)
		for (uint64_t account = 1; account <= 5000; account++)
			fails(population, account % 2 ? "240.1.2.3" : "240.1.2.4", hash_pair(account, 7) | 1, round);
	for (uint64_t account = 1; account <= 100; account++)
		fails(population, "240.9.9.9", hash_pair(account, 7) | 1, 9);
	assert_int_equal(guesser(population, "240.1.2.3")->accounts_tried, 5000);
	assert_int_equal(guesser(population, "240.1.2.3")->attempts, 15000);
	assert_int_equal(guesser(population, "240.9.9.9")->accounts_tried, 100);
	population_free(population);
}

static void what_names_nobody_is_counted_as_attempts(void **state)
{
	struct event many = failure(address_of("240.1.2.3"), 0, 1), silent = failure(address_of("240.7.7.7"), 5, 1);
	struct event nowhere = failure((struct ip){ { 0 } }, 5, 1);
	struct population *population = population_new();
	const struct population_guesser *all;

	many.count = 7; /* "3 attempts in 10 secs" */
	population_failure(population, &many);
	silent.place_silent = true; /* the webmail host itself guesses nothing */
	population_failure(population, &silent);
	population_failure(population, &nowhere);
	assert_int_equal(population_guessers(population, &all), 1);
	assert_int_equal(all[0].attempts, 7);
	assert_int_equal(all[0].accounts_tried, 0);
	population_free(population);
}

static void attempts_never_wrap(void **state)
{
	struct event event = failure(address_of("240.1.2.3"), 5, 1);
	struct population *population = population_new();

	event.count = UINT32_MAX - 1;
	population_failure(population, &event);
	event.count = 10;
	population_failure(population, &event);
	assert_true(guesser(population, "240.1.2.3")->attempts >= UINT32_MAX - 1);
	population_free(population);
}

static struct ip block_number(uint32_t number)
{
	uint8_t a = (uint8_t)(240 + number / 65536), b = (uint8_t)(number / 256), c = (uint8_t)number;

	return (struct ip){ { [10] = 0xff, 0xff, a, b, c, 1 } };
}

/* 250,000 networks tried once each; one tried often, one got in */
static struct population *crowd(void)
{
	struct population *population = population_new();
	struct ip opener = address_of("239.3.3.3");

	for (unsigned i = 0; i < 50; i++)
		fails(population, "239.1.1.1", 100 + 2 * i + 1, i);
	fails(population, "239.3.3.3", 5, 1);
	population_opened(population, &opener, 42);
	fails(population, "239.2.2.2", 901, 1);
	fails(population, "239.2.2.2", 903, 1);
	for (uint32_t i = 0; i < 250000; i++) {
		struct event event = failure(block_number(i), 7, i);

		population_failure(population, &event);
	}
	return population;
}

static void forgets_the_least_busy_when_full(void **state)
{
	struct population *population = crowd();
	const struct population_guesser *all;
	size_t count = population_guessers(population, &all);
	struct ip last = block_number(249999);

	assert_in_range(count, POPULATION_GUESSERS_MAX / 4, POPULATION_GUESSERS_MAX);
	assert_int_equal(guesser(population, "239.1.1.1")->attempts, 50);
	assert_int_equal(guesser(population, "239.1.1.1")->accounts_tried, 50);
	assert_int_equal(guesser(population, "239.3.3.3")->opened[0], 42);
	assert_int_equal(population_guesser(population, &last)->attempts, 1);
	for (size_t i = 0; i < count; i++)
		assert_ptr_equal(population_guesser(population, &all[i].ip), &all[i]);
	assert_in_range(population_bytes(population), 0, 100 << 20);
	population_free(population);
}

/* it had tried two accounts before it was forgotten; now it tries those and four more */
static void forgotten_and_back_again_is_counted_anew(void **state)
{
	struct population *population = crowd();
	struct ip gone = { { 0 } };

	for (uint32_t i = 0; i < 250000 && !ip_known(&gone); i++) {
		struct ip ip = block_number(i);

		if (!population_guesser(population, &ip))
			gone = ip;
	}
	assert_true(ip_known(&gone));
	for (uint64_t account = 0; account < 5; account++) {
		struct event event = failure(gone, 7 + 2 * account, 300000);

		population_failure(population, &event);
	}
	assert_int_equal(population_guesser(population, &gone)->attempts, 5);
	assert_int_equal(population_guesser(population, &gone)->accounts_tried, 5);
	population_free(population);
}

static void new_guessers_are_seen_whatever_was_tried_before(void **state)
{
	struct population *population = population_new();

	for (uint32_t i = 0; i < POPULATION_TRIED_MAX + 10; i++)
		fails(population, "239.1.1.1", hash_pair(i, 1) | 1, i);
	for (uint64_t account = 0; account < 9; account++)
		fails(population, "239.2.2.2", 2 * account + 1, 1);
	assert_in_range(guesser(population, "239.1.1.1")->accounts_tried, POPULATION_TRIED_MAX / 2, POPULATION_TRIED_MAX + 10);
	assert_int_equal(guesser(population, "239.2.2.2")->accounts_tried, 9);
	population_free(population);
}

static void opened_names_each_account_once(void **state)
{
	struct population *population = population_new();
	struct ip ip = address_of("240.1.2.3"), other = address_of("240.9.9.9");

	fails(population, "240.1.2.3", 1, 1);
	population_opened(population, &ip, 7);
	population_opened(population, &ip, 8);
	population_opened(population, &ip, 7);
	population_opened(population, &other, 7); /* never failed: no guesser */
	assert_int_equal(guesser(population, "240.1.2.3")->opened_count, 2);
	assert_null(guesser(population, "240.9.9.9"));
	for (uint32_t account = 100; account < 200; account++)
		population_opened(population, &ip, account);
	assert_int_equal(guesser(population, "240.1.2.3")->opened_count, POPULATION_OPENED_MAX);
	assert_int_equal(guesser(population, "240.1.2.3")->opened[0], 7);
	population_free(population);
}

/* ---- where owners live */

static void share_of_a_country(void **state)
{
	static const struct { const char country[3]; float wanted; } rows[] = {
		{ "JP", 0.75f }, { "TH", 0.25f }, { "VN", 0 }, { "", 0 },
		{ "jp", 0 }, { "??", 0 }, { "A1", 0 }, { "\xff\xff", 0 },
	};
	struct population *population = population_new();
	struct event_place place = { "JP", 1 };

	assert_true(population_country_share(population, &place) == 0);
	for (unsigned i = 0; i < 400; i++) {
		memcpy(place.country, i % 4 ? "JP" : "TH", 2);
		population_home(population, &place);
		memcpy(place.country, "??", 2);
		population_home(population, &place);
	}
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		memcpy(place.country, rows[i].country, 2);
		assert_true(population_country_share(population, &place) == rows[i].wanted);
	}
	population_free(population);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_told_apart),
		cmocka_unit_test(accounts_tried_are_counted_exactly),
		cmocka_unit_test(what_names_nobody_is_counted_as_attempts),
		cmocka_unit_test(attempts_never_wrap),
		cmocka_unit_test(forgets_the_least_busy_when_full),
		cmocka_unit_test(forgotten_and_back_again_is_counted_anew),
		cmocka_unit_test(new_guessers_are_seen_whatever_was_tried_before),
		cmocka_unit_test(opened_names_each_account_once),
		cmocka_unit_test(share_of_a_country),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
