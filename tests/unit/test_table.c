/* SPDX-License-Identifier: Apache-2.0 */
/* Random operations against a model that is too simple to be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/table.h"

enum { MODEL_KEYS = 1000, STEPS = 200000 };

struct model {
	bool there[MODEL_KEYS];
	uint32_t values[MODEL_KEYS];
	size_t count;
};

/* xorshift64* (S. Vigna): the same numbers in every run */
static uint64_t random_next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dull;
}

static void compare(const struct table *table, const struct model *model, uint64_t (*key_of)(size_t i))
{
	assert_int_equal(table->count, model->count);
	for (size_t i = 0; i < MODEL_KEYS; i++) {
		const uint32_t *value = table_find(table, key_of(i));

		assert_int_equal(value != NULL, model->there[i]);
		if (value)
			assert_int_equal(*value, model->values[i]);
	}
}

static void put(struct table *table, struct model *model, size_t i, uint64_t key, uint32_t value)
{
	bool made;
	uint32_t *place = table_put(table, key, value, &made);

	assert_int_equal(made, !model->there[i]);
	if (made)
		model->values[i] = value;
	assert_int_equal(*place, model->values[i]);
	*place = model->values[i] = value + 1;
	model->count += made;
	model->there[i] = true;
}

static void play(uint64_t seed, uint64_t (*key_of)(size_t i))
{
	struct table table = { 0 };
	struct model model = { .count = 0 };

	for (int step = 0; step < STEPS; step++) {
		uint64_t chance = random_next(&seed);
		size_t i = (chance >> 32) % MODEL_KEYS;
		/* waves: mostly putting, then mostly dropping */
		bool puts = chance % 8 < (step / 5000 % 2 ? 2 : 6);

		if (puts) {
			put(&table, &model, i, key_of(i), (uint32_t)step);
		} else {
			assert_int_equal(table_drop(&table, key_of(i)), model.there[i]);
			model.count -= model.there[i];
			model.there[i] = false;
		}
		if (step % 997 == 0)
			compare(&table, &model, key_of);
	}
	compare(&table, &model, key_of);
	table_clear(&table);
	assert_int_equal(table.count, 0);
	for (size_t i = 0; i < MODEL_KEYS; i++)
		assert_null(table_find(&table, key_of(i)));
	table_done(&table);
}

static uint64_t mixed(size_t i) { return hash_mix(i + 1, 0x9e3779b97f4a7c15ull) | 1; }
/* a key whose home is `home`, for any table of at most 2^30 slots */
static uint64_t at_home(uint64_t i, uint64_t home) { return (i ^ home) << 33 | i << 1 | 1; }
static uint64_t crowded(size_t i) { return at_home(i + 1, i % 7); }          /* seven homes for all */
static uint64_t at_the_end(size_t i) { return at_home(i + 1, 0x3fffffff); }  /* runs around the end */

static void agrees_with_the_model(void **state) { play(0x5e15b0, mixed); }
static void agrees_where_keys_collide(void **state) { play(0x5e15b1, crowded); }
static void agrees_around_the_end(void **state) { play(0x5e15b2, at_the_end); }

static void an_empty_table_costs_nothing(void **state)
{
	struct table table = { 0 };

	assert_null(table_find(&table, 1));
	assert_false(table_drop(&table, 1));
	table_clear(&table);
	assert_int_equal(table_bytes(&table), 0);
	table_done(&table);
}

static void is_at_most_three_quarters_full(void **state)
{
	struct table table = { 0 };

	for (size_t i = 0; i < 100000; i++) {
		table_put(&table, mixed(i), (uint32_t)i, NULL);
		assert_true(table.count * 4 <= (table.mask + 1) * 3);
	}
	assert_int_equal(table.count, 100000);
	assert_int_equal(table_bytes(&table), 12 * 262144);
	for (size_t i = 0; i < 100000; i++)
		assert_int_equal(*table_find(&table, mixed(i)), i);
	table_done(&table);
	assert_int_equal(table_bytes(&table), 0);
}

static void the_largest_key_is_a_key(void **state)
{
	struct table table = { 0 };

	table_put(&table, UINT64_MAX, UINT32_MAX, NULL);
	assert_int_equal(*table_find(&table, UINT64_MAX), UINT32_MAX);
	assert_true(table_drop(&table, UINT64_MAX));
	assert_false(table_drop(&table, UINT64_MAX));
	table_done(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_model),
		cmocka_unit_test(agrees_where_keys_collide),
		cmocka_unit_test(agrees_around_the_end),
		cmocka_unit_test(an_empty_table_costs_nothing),
		cmocka_unit_test(is_at_most_three_quarters_full),
		cmocka_unit_test(the_largest_key_is_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
