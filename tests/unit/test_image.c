/* SPDX-License-Identifier: Apache-2.0 */
/* Sections and their records; and what the rooms put into them: back as it was, from older forms, and out of pictures that
 * cannot be. */
#include "keeper_story.h"

#include <math.h>

/* ---- sections */

struct small {
	uint32_t a, b;
};

struct large {
	uint32_t a, b, c;
};

static struct bytes bytes;
static struct image_in in;
static struct image_out out;
static struct error error;

static int begin(void **state)
{
	bytes = (struct bytes){ 0 };
	in = (struct image_in){ .get = get_bytes, .context = &bytes };
	out = (struct image_out){ .put = put_bytes, .context = &bytes };
	error.text[0] = '\0';
	return 0;
}

static int end(void **state)
{
	free(bytes.p);
	return 0;
}

static void put_small(const char *name, uint32_t version, uint32_t count)
{
	image_begin(&out, name, version, sizeof(struct small), count);
	for (uint32_t i = 0; i < count; i++)
		image_put(&out, &(struct small){ i, 7 * i }, sizeof(struct small));
}

static void records_come_back(void **state)
{
	struct small small[3];
	uint64_t count;

	put_small("one", 1, 3);
	put_small("sixteen-letters.", 1, 2);
	assert_true(image_finish(&out));
	assert_true(image_open(&in, "one", 1, sizeof *small, 3, &count, &error));
	assert_int_equal(count, 3);
	assert_true(image_get(&in, small, 1, &error) && image_get(&in, small + 1, 2, &error));
	assert_true(small[2].a == 2 && small[2].b == 14);
	assert_true(image_open(&in, "sixteen-letters.", 2, sizeof *small, 3, &count, &error) && count == 2);
	assert_true(image_get(&in, small, 2, &error) && small[1].b == 7);
	assert_true(image_ended(&in, &error));
}

static void shorter_records_have_zeros_behind(void **state)
{
	struct large large[3];
	uint64_t count;

	memset(large, 77, sizeof large);
	put_small("one", 1, 3);
	assert_true(image_finish(&out));
	assert_true(image_open(&in, "one", 2, sizeof *large, 3, &count, &error));
	assert_true(image_get(&in, large, 3, &error));
	assert_true(large[2].a == 2 && large[2].b == 14 && large[2].c == 0 && large[0].c == 0);
}

static void what_is_missing_has_no_records(void **state)
{
	struct small small;
	uint64_t count = 77;
	bool there = true;

	put_small("two", 1, 1);
	assert_true(image_finish(&out));
	assert_true(image_open(&in, "one", 1, sizeof small, 3, &count, &error) && count == 0);
	assert_true(image_one(&in, "one and a half", 1, &small, sizeof small, &there, &error) && !there);
	assert_true(image_one(&in, "two", 1, &small, sizeof small, &there, &error) && there);
	assert_true(image_open(&in, "three", 1, sizeof small, 3, &count, &error) && count == 0);
	assert_true(image_ended(&in, &error));
}

static void what_is_newer_is_refused(void **state)
{
	uint64_t count;

	put_small("one", 2, 1);
	assert_true(image_finish(&out));
	assert_false(image_open(&in, "one", 1, sizeof(struct small), 3, &count, &error));
	assert_true(in.newer && strstr(error.text, "'one' was written by a newer"));
	in.newer = false;
	assert_false(image_open(&in, "one", 2, sizeof(struct small) - 1, 3, &count, &error));
	assert_true(in.newer);
	in.newer = false;
	assert_false(image_ended(&in, &error));
	assert_true(in.newer);
}

static void what_cannot_be_is_refused(void **state)
{
	struct small small;
	uint64_t count;
	bool there;

	put_small("one", 1, 4);
	assert_false(image_open(&in, "one", 1, sizeof small, 3, &count, &error));
	assert_true(!in.newer && strstr(error.text, "'one' says what cannot be"));
	assert_false(image_one(&in, "one", 1, &small, sizeof small, &there, &error));
	bytes.n = bytes.at = 0;
	in.known = false;
	image_begin(&out, "none", 1, 0, 1);
	assert_false(image_open(&in, "none", 1, sizeof small, 3, &count, &error));
}

static void early_end_is_told(void **state)
{
	struct small small[3];
	uint64_t count;

	put_small("one", 1, 3);
	bytes.n -= 1;
	assert_true(image_open(&in, "one", 1, sizeof *small, 3, &count, &error));
	assert_false(image_get(&in, small, 3, &error));
	assert_non_null(strstr(error.text, "'one' ends too early"));
	assert_false(image_ended(&in, &error));
}

static bool put_nothing(void *context, const void *from, size_t n) { return false; }

static void disk_without_room_is_told_once(void **state)
{
	out.put = put_nothing;
	put_small("one", 1, 3);
	out.put = put_bytes;
	put_small("two", 1, 3);
	assert_int_equal(bytes.n, 0);
	assert_false(image_finish(&out));
}

static void times_and_amounts(void **state)
{
	assert_true(image_is_time(0) && image_is_time(-DAY_US) && image_is_time(20000 * DAY_US));
	assert_false(image_is_time(WHEN_NONE) || image_is_time(INT64_MAX) || image_is_time(INT64_MIN + 1));
	assert_true(image_is_amount(0) && image_is_amount(1e30));
	assert_false(image_is_amount(-1) || image_is_amount((double)NAN) || image_is_amount((double)INFINITY));
}

/* ---- the rooms */

static bool load(struct world *world, struct bytes *picture)
{
	struct image_in from = { .get = get_bytes, .context = picture };

	picture->at = 0;
	return accounts_load(world->accounts, &from, &error) &&
	       engine_load(world->engine, &from, accounts_count(world->accounts), &error) &&
	       guard_load(world->guard, &from, &error) && image_ended(&from, &error);
}

/* wherever something is held, or somebody locked, and for a while after */
static void a_world_goes_on_from_its_picture(void **state)
{
	struct world world, again;
	unsigned tried = 0, of_interest = 0;

	world_begin(&world);
	for (size_t i = 1; i <= told_count; i++) {
		struct bytes picture;

		world_hear_until(&world, i);
		if ((world.answer.action != GUARD_HOLD && !world.answer.lock) || of_interest++ % 2)
			continue;
		picture = picture_of(&world);
		world_begin(&again);
		assert_true(load(&again, &picture));
		assert_true(worlds_are_alike(&world, &again));
		assert_true(guard_wake(world.guard) == guard_wake(again.guard));
		again.heard = i;
		i = i + 30 < told_count ? i + 30 : told_count;
		world_hear_until(&world, i);
		world_hear_until(&again, i);
		assert_true(worlds_are_alike(&world, &again));
		world_end(&again);
		free(picture.p);
		tried++;
	}
	assert_in_range(tried, 10, 100);
	world_end(&world);
}

/* the same names have the same keys, whatever this process makes new ones with */
static void keys_are_those_of_the_picture(void **state)
{
	struct accounts *accounts = accounts_new("example.org");
	struct image_section section;
	uint64_t seed = 4711, key;

	accounts_add(accounts, TEXT("alice"), &key);
	accounts_save(accounts, &out);
	assert_true(image_finish(&out));
	memcpy(bytes.p + sizeof section, &seed, sizeof seed);
	accounts_clear(accounts);
	assert_int_equal(accounts_count(accounts), 0);
	assert_true(accounts_load(accounts, &in, &error));
	assert_int_equal(accounts_find(accounts, TEXT("Alice@Example.org"), &key), 1);
	assert_true(key == (hash_text(seed, TEXT("alice@example.org")) | 1));
	accounts_add(accounts, TEXT("bob"), &key);
	assert_true(key == (hash_text(seed, TEXT("bob@example.org")) | 1));
	accounts_free(accounts);
}

static void names_are_restored_in_their_order(void **state)
{
	struct accounts *accounts = accounts_new(NULL);
	uint64_t key;

	assert_false(accounts_restore(accounts, 2, TEXT("bob")));
	assert_false(accounts_restore(accounts, 0, TEXT("bob")));
	assert_true(accounts_restore(accounts, 1, TEXT("alice")));
	assert_true(accounts_restore(accounts, 2, TEXT("bob")));
	assert_true(accounts_restore(accounts, 1, TEXT("alice")));
	assert_false(accounts_restore(accounts, 1, TEXT("bob")));
	assert_false(accounts_restore(accounts, 3, TEXT("bob")));
	assert_false(accounts_restore(accounts, 3, TEXT("Carol")));
	assert_false(accounts_restore(accounts, 3, TEXT("")));
	assert_false(accounts_restore(accounts, 3, TEXT("a\nb")));
	assert_int_equal(accounts_find(accounts, TEXT("bob"), &key), 2);
	assert_int_equal(accounts_count(accounts), 2);
	accounts_free(accounts);
}

/* ---- older forms */

/* sections of `from` into `bytes`: without those of the guard, and with `profile_bytes` of each profile */
static void write_older(struct bytes *from, bool with_guard, size_t profile_bytes)
{
	static const char *const guards[] = { "watches", "held ids", "first letter", "letters", "brakes" };
	struct image_section section;

	for (from->at = 0; get_bytes(from, &section, sizeof section); from->at += section.count * section.record_bytes) {
		bool guard = false, profile = strcmp(section.name, "profiles") == 0;
		size_t size = profile ? profile_bytes : section.record_bytes;

		for (size_t i = 0; i < sizeof guards / sizeof *guards; i++)
			guard |= strcmp(section.name, guards[i]) == 0;
		if (guard && !with_guard)
			continue;
		image_begin(&out, section.name, section.version, size, section.count);
		for (uint64_t i = 0; i < section.count; i++)
			image_put(&out, from->p + from->at + i * section.record_bytes, size);
	}
}

static void picture_without_a_guard_is_taken(void **state)
{
	struct world world, again;
	struct bytes picture;
	uint32_t locked = 0;

	world_begin(&world);
	world_begin(&again);
	world_hear_until(&world, told_count);
	picture = picture_of(&world);
	write_older(&picture, false, sizeof(struct profile));
	assert_true(load(&again, &bytes));
	for (uint32_t i = 1; i <= accounts_count(world.accounts); i++) {
		const struct profile *one = profiles_peek(engine_profiles(world.engine), i);

		if (one)
			assert_memory_equal(one, profiles_peek(engine_profiles(again.engine), i), sizeof *one);
		locked += guard_locked(again.guard, i, NULL);
	}
	assert_int_equal(locked, 0);
	again.heard = told_count - 50;
	world_hear_until(&again, told_count);
	free(picture.p);
	world_end(&again);
	world_end(&world);
}

static void shorter_profiles_are_taken(void **state)
{
	struct world world, again;
	struct bytes picture;
	size_t shorter = offsetof(struct profile, day_parts);

	world_begin(&world);
	world_begin(&again);
	world_hear_until(&world, told_count / 2);
	picture = picture_of(&world);
	write_older(&picture, true, shorter);
	assert_true(load(&again, &bytes));
	for (uint32_t i = 1; i <= accounts_count(world.accounts); i++) {
		const struct profile *one = profiles_peek(engine_profiles(world.engine), i),
				     *other = profiles_peek(engine_profiles(again.engine), i);

		if (!one)
			continue;
		assert_memory_equal(one, other, shorter);
		assert_int_equal(other->day_parts[0] | other->day_parts[7] | other->away, 0);
	}
	again.heard = told_count / 2;
	world_hear_until(&again, told_count / 2 + 100);
	free(picture.p);
	world_end(&again);
	world_end(&world);
}

/* ---- pictures that cannot be */

/* whatever byte is another: it is taken, or refused, and what is refused leaves nothing behind */
static void any_byte_may_be_another(void **state)
{
	struct world world;
	struct bytes picture;
	unsigned refused = 0;

	world_begin(&world);
	while (world.answer.action != GUARD_HOLD)
		world_hear_until(&world, world.heard + 1);
	picture = picture_of(&world);
	for (size_t at = 0; at < picture.n; at += 1 + picture.n / 1500) {
		struct world other;

		picture.p[at] = (char)(picture.p[at] ^ 0xff);
		world_begin(&other);
		if (load(&other, &picture)) {
			other.heard = world.heard;
			world_hear_until(&other, world.heard + 10);
		} else {
			assert_true(error.text[0]);
			refused++;
		}
		world_end(&other);
		picture.p[at] = (char)(picture.p[at] ^ 0xff);
	}
	assert_true(refused > 20);
	free(picture.p);
	world_end(&world);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(records_come_back),
		TEST(shorter_records_have_zeros_behind),
		TEST(what_is_missing_has_no_records),
		TEST(what_is_newer_is_refused),
		TEST(what_cannot_be_is_refused),
		TEST(early_end_is_told),
		TEST(disk_without_room_is_told_once),
		TEST(times_and_amounts),
		TEST(a_world_goes_on_from_its_picture),
		TEST(keys_are_those_of_the_picture),
		TEST(names_are_restored_in_their_order),
		TEST(picture_without_a_guard_is_taken),
		TEST(shorter_profiles_are_taken),
		TEST(any_byte_may_be_another),
	};

	return cmocka_run_group_tests(tests, live, die);
}
