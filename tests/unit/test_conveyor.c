/* SPDX-License-Identifier: Apache-2.0 */
/* What goes over the conveyor is judged as if it had been judged at once: same order, same verdicts, same memory. */
#include "story.h"

#include <math.h>

#include "base/memory.h"
#include "engine/conveyor.h"

enum { EVENTS = 100000, ACCOUNTS = 60 };
#define LOOK_UP_BITS 0.5f /* the share of a country is learned from fewer logins */

static struct engine *engine_for(struct geo *geo)
{
	return engine_new(&(struct engine_options){ .limits = { 14, 11, 22 }, .geo = geo, .spool_bytes = 1 << 28 });
}

/* ---- a long story, as the reader would hand it on: without places */

struct tape {
	struct event *items;
	size_t count, room;
};

static void keep(void *context, const struct event *event)
{
	struct tape *tape = context;

	MEMORY_ROOM(tape->items, tape->count, tape->room);
	tape->items[tape->count] = *event;
	tape->items[tape->count++].place = (struct event_place){ 0 };
}

static void live_a_day(struct story *s, unsigned account, unsigned day)
{
	struct story_place home = PLACE("JP", (uint8_t)(account % 16), (uint8_t)account);
	char name[16];

	snprintf(name, sizeof name, "user%u", account);
	story_usual_days(s, name, day, day, account % 3 ? home : PHONE);
	story_at(s, day, "23:00");
	if (account % 11 == 1)
		story_mistypes(s, name, LAGOS, 7);
	if (account % 13 == 2 && day > 20)
		story_sends(s, name, BOTNET(25), 30, PEOPLE("strangers", .dead = 25, .greylisting = 5));
	if (account % 17 == 3 && day > 20)
		story_bounces(s, name, 40);
	story_retries(s);
}

static struct tape record_a_town(struct story *s)
{
	struct tape tape = { 0 };

	story_begin_with(s, NULL);
	story_listen(s, keep, &tape);
	for (unsigned day = 1; tape.count < EVENTS; day++)
		for (unsigned account = 0; account < ACCOUNTS; account++)
			live_a_day(s, account, day);
	return tape;
}

static void judge_at_once(struct engine *engine, const struct tape *tape)
{
	struct verdict verdict;

	for (size_t i = 0; i < tape->count; i++)
		engine_event(engine, &tape->items[i], &verdict);
}

static uint64_t judge_on_the_conveyor(struct engine *engine, const struct tape *tape)
{
	struct conveyor *conveyor = conveyor_new(engine);
	uint64_t count;

	for (size_t i = 0; i < tape->count; i++)
		*event_sink_next(conveyor_sink(conveyor)) = tape->items[i];
	count = conveyor_finish(conveyor);
	assert_int_equal(conveyor_finish(conveyor), count);
	conveyor_free(conveyor);
	return count;
}

/* ---- alike in everything that can be asked of an engine */

static void same_profiles(const struct engine *a, const struct engine *b, uint32_t accounts)
{
	for (uint32_t account = 1; account <= accounts; account++) {
		const struct profile *one = profiles_peek(engine_profiles(a), account);
		const struct profile *other = profiles_peek(engine_profiles(b), account);

		assert_non_null(one);
		assert_non_null(other);
		if (memcmp(one, other, sizeof *one) != 0)
			fail_msg("the profiles of account %u differ", account);
	}
}

static void same_suspects(const struct engine *a, const struct engine *b)
{
	const struct suspect *one, *other;
	size_t count = engine_suspects(a, &one);

	assert_in_range(count, 2, ACCOUNTS);
	assert_int_equal(engine_suspects(b, &other), count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(one[i].account, other[i].account);
		assert_true(one[i].bits == other[i].bits);
		assert_true(one[i].suspected_us == other[i].suspected_us && one[i].locked_us == other[i].locked_us);
		assert_int_equal(one[i].locked_record, other[i].locked_record);
	}
}

static void same_population(const struct engine *a, const struct engine *b)
{
	const struct population_guesser *one, *other;
	const struct engine_returned *returned, *returned_other;
	size_t count = population_guessers(engine_population(a), &one);

	assert_in_range(count, 1, EVENTS);
	assert_int_equal(population_guessers(engine_population(b), &other), count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(one[i].attempts, other[i].attempts);
		assert_int_equal(one[i].accounts_tried, other[i].accounts_tried);
	}
	assert_int_equal(engine_returned(a, &returned), engine_returned(b, &returned_other));
}

struct copy {
	struct spool_record *records;
	size_t count;
};

static void copy_record(void *context, uint64_t number, const struct spool_record *record)
{
	struct copy *copy = context;

	assert_int_equal(number, copy->count);
	copy->records[copy->count++] = *record;
}

static struct copy copy_spool(struct engine *engine)
{
	struct copy copy = { memory_zero(spool_count(engine_spool(engine)), sizeof *copy.records), 0 };

	spool_each(engine_spool(engine), copy_record, &copy);
	return copy;
}

static void same_records(struct engine *a, struct engine *b)
{
	struct copy one = copy_spool(a), other = copy_spool(b);

	assert_int_equal(one.count, other.count);
	for (size_t i = 0; i < one.count; i++) {
		assert_true(one.records[i].t_us == other.records[i].t_us);
		assert_int_equal(one.records[i].account, other.records[i].account);
		assert_int_equal(one.records[i].passed, other.records[i].passed);
		assert_int_equal(one.records[i].first_contact, other.records[i].first_contact);
	}
	free(one.records);
	free(other.records);
}

/* ---- the tests */

static void hundred_thousand_events_are_judged_alike(void **state)
{
	struct geo *geo = story_geo();
	struct engine *at_once = engine_for(geo), *behind = engine_for(geo);
	struct story s;
	struct tape tape = record_a_town(&s);

	judge_at_once(at_once, &tape);
	assert_int_equal(judge_on_the_conveyor(behind, &tape), tape.count);
	same_suspects(at_once, behind);
	same_population(at_once, behind);
	same_records(at_once, behind);
	same_profiles(at_once, behind, ACCOUNTS);
	free(tape.items);
	geo_free(geo);
	engine_free(at_once);
	engine_free(behind);
	story_end(&s);
}

/* country and network are looked up where they matter, and only there; what is saved may not be seen in any verdict */
static void looked_up_late_and_judged_alike(void **state)
{
	struct geo *geo = story_geo();
	struct engine *late = engine_for(geo), *early = engine_for(NULL);
	struct story s;
	struct tape tape = record_a_town(&s);

	for (size_t i = 0; i < tape.count; i++) {
		struct event event = tape.items[i];
		struct verdict one, other;

		engine_event(late, &event, &one);
		if (event.kind != EVENT_BOUNCE)
			event.place = story_where(&event.ip);
		engine_event(early, &event, &other);
		if (fabsf(one.bits - other.bits) > LOOK_UP_BITS)
			fail_msg("event %zu (kind %d, account %u): %.2f bits, wanted %.2f", i, event.kind, event.account,
				 (double)one.bits, (double)other.bits);
	}
	free(tape.items);
	engine_free(late);
	engine_free(early);
	geo_free(geo);
	story_end(&s);
}

/* her telephone has a new address each time, but is with a provider that she has long been with: what she sends from it
 * is somewhat familiar, and so must be what becomes of it */
static void an_outcome_is_as_familiar_as_its_message(void **state)
{
	struct geo *geo = story_geo();
	struct engine *engine = engine_for(geo);
	struct tape tape = { 0 };
	const struct profile *alice;
	struct story s;

	story_begin_with(&s, NULL);
	story_listen(&s, keep, &tape);
	for (unsigned day = 1; day <= 20; day++) {
		story_usual_days(&s, "alice", day, day, HOME);
		story_at(&s, day, "22:00");
		story_login(&s, "alice", PHONE);
	}
	story_at(&s, 21, "09:00");
	story_sends(&s, "alice", PHONE, 10, PEOPLE("strangers", 0));
	judge_on_the_conveyor(engine, &tape);
	alice = profiles_peek(engine_profiles(engine), story_account(&s, "alice"));
	assert_non_null(alice);
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		if (profile_bits(alice, i) > signals[i]->most[FAMILIAR_SOMEWHAT])
			fail_msg("%.2f bits of %s, wanted at most %.1f", (double)profile_bits(alice, i), signals[i]->name,
				 (double)signals[i]->most[FAMILIAR_SOMEWHAT]);
	free(tape.items);
	geo_free(geo);
	engine_free(engine);
	story_end(&s);
}

static void every_length_arrives(void **state)
{
	static const size_t lengths[] = { 0, 1, 1023, 1024, 1025, 8 * 1024, 8 * 1024 + 1, 20000 };

	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		struct engine *engine = engine_for(NULL);
		struct conveyor *conveyor = conveyor_new(engine);

		for (size_t k = 0; k < lengths[i]; k++) {
			struct event *event = event_sink_next(conveyor_sink(conveyor));

			event->kind = EVENT_AUTH;
			event->account = 1 + k % 7;
			event->t_us = story_time(1, "00:00") + (int64_t)k;
			event->ok = true;
			event->ip = story_address(HOME, 0);
			event->place = story_where(&event->ip);
		}
		assert_int_equal(conveyor_finish(conveyor), lengths[i]);
		assert_int_equal(spool_count(engine_spool(engine)), lengths[i]);
		conveyor_free(conveyor);
		engine_free(engine);
	}
}

static void may_be_left_without_a_word(void **state)
{
	struct engine *engine = engine_for(NULL);
	struct conveyor *conveyor = conveyor_new(engine);

	event_sink_next(conveyor_sink(conveyor))->kind = EVENT_TICK;
	conveyor_free(conveyor);
	conveyor_free(NULL);
	engine_free(engine);
}

static void geo_agrees_with_the_stories(void **state)
{
	static const struct story_place places[] = { { "JP", 1, 5 }, { "JP", 2, .roams = NEW_BLOCK }, { "ID", 15, 255 },
		{ "VN", .roams = EVERYWHERE, .many = 400 }, { "JP", .roams = NEW_NETWORK } };
	struct geo *geo = story_geo();

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		for (unsigned n = 0; n < 400; n++) {
			struct ip ip = story_address(places[i], n);
			struct event_place wanted = story_where(&ip), place;

			geo_place(geo, &ip, &place);
			assert_memory_equal(place.country, wanted.country, 2);
			assert_int_equal(place.asn, wanted.asn);
		}
	}
	geo_free(geo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(geo_agrees_with_the_stories),
		cmocka_unit_test(hundred_thousand_events_are_judged_alike),
		cmocka_unit_test(looked_up_late_and_judged_alike),
		cmocka_unit_test(an_outcome_is_as_familiar_as_its_message),
		cmocka_unit_test(every_length_arrives),
		cmocka_unit_test(may_be_left_without_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
