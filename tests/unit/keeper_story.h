/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the keeper have in common: a town's events, told once and written down, worlds that hear them, and
 * their pictures, of which two can be compared. Included by one test program each. */
#ifndef SEKISHO_TESTS_KEEPER_STORY_H
#define SEKISHO_TESTS_KEEPER_STORY_H
#include "story.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "engine/keeper.h"

/* ---- a town */

struct told {
	struct event event;
	struct event_detail detail;
	bool detailed;
	char name[24], id[16];
};

static struct told *told;
static size_t told_count, told_room;

static void write_down(void *context, const struct event *event)
{
	struct story *story = context;
	struct told *last;

	MEMORY_ROOM(told, told_count, told_room);
	last = &told[told_count++];
	*last = (struct told){ .event = *event, .detailed = event->detail != NULL };
	text_copy(last->name, sizeof last->name, accounts_name(story->accounts, event->account));
	if (event->message)
		snprintf(last->id, sizeof last->id, "m%u", event->message);
	if (!event->detail)
		return;
	last->detail = *event->detail;
	last->detail.rcpts = NULL;
	if (event->detail->rcpt_count) {
		uint64_t *rcpts = memory_new(event->detail->rcpt_count * sizeof *rcpts);

		memcpy(rcpts, event->detail->rcpts, event->detail->rcpt_count * sizeof *rcpts);
		last->detail.rcpts = rcpts;
	}
}

static void live_a_day(struct story *story, unsigned day)
{
	char name[16];

	story_at(story, day, "05:00");
	if (day > 3) { /* a suspicion that is let go, or not */
		snprintf(name, sizeof name, "user%u", day * 3 % 8);
		story_login(story, name, LAGOS);
		story_sends(story, name, LAGOS, day % 4, STRANGERS);
	}
	for (unsigned i = 0; i < 8; i++) {
		snprintf(name, sizeof name, "user%u", i);
		story_usual_days(story, name, day, day, i % 2 ? HOME : PLACE("JP", (uint8_t)i, (uint8_t)i));
		story_mistypes(story, name, VIETNAM, day % 3);
	}
	story_at(story, day, "23:00");
	if (day % 5 == 0) {
		snprintf(name, sizeof name, "user%u", day / 5 % 8);
		story_login(story, name, VIETNAM);
		story->pace_s = 5;
		story_sends(story, name, BOTNET(9), 25, STRANGERS);
		story->pace_s = 20;
		story_bounces(story, name, 4);
	}
	if (day % 7 == 0)
		story_verified(story, "user2");
	snprintf(name, sizeof name, "late%u", day);
	story_login(story, name, BERLIN);
}

static int live(void **state)
{
	struct story story;

	story_begin_with(&story, NULL);
	story.live = true;
	story.letter = (struct story_letter){ .client = "outlook", .subject = "hello", .filter = FILTER_CLEAN };
	story_listen(&story, write_down, &story);
	for (unsigned day = 1; day <= 40; day++)
		live_a_day(&story, day);
	story_end(&story);
	return 0;
}

static int die(void **state)
{
	while (told_count)
		free((void *)(uintptr_t)told[--told_count].detail.rcpts);
	free(told);
	return 0;
}

/* ---- a world */

struct world {
	struct accounts *accounts;
	struct engine *engine;
	struct guard *guard;
	struct keeper *keeper; /* NULL: nobody keeps it */
	struct guard_answer answer;
	size_t heard;
};

static void world_begin(struct world *world)
{
	*world = (struct world){ .accounts = accounts_new("example.org") };
	world->engine = engine_new(&(struct engine_options){ .limits = { 6, 4, 20 }, .live = true }); /* a nervous one: much is held */
	world->guard = guard_new(world->engine, world->accounts, &(struct brakes_limits){ 60, 30 });
}

static void world_end(struct world *world)
{
	keeper_close(world->keeper);
	guard_free(world->guard);
	engine_free(world->engine);
	accounts_free(world->accounts);
}

static void world_tell(struct world *world, struct event event, const struct event_detail *detail, const char *name, const char *id)
{
	event.account = *name ? accounts_add(world->accounts, text_of(name), &event.account_key) : ACCOUNT_NONE;
	event.detail = detail;
	if (world->keeper)
		keeper_event(world->keeper, &event, text_of(id));
	guard_event(world->guard, &event, text_of(id), &world->answer);
}

static void world_hear_until(struct world *world, size_t count)
{
	for (; world->heard < count; world->heard++) {
		const struct told *next = &told[world->heard];

		world_tell(world, next->event, next->detailed ? &next->detail : NULL, next->name, next->id);
	}
}

/* ---- pictures in memory */

struct bytes {
	char *p;
	size_t n, room, at;
};

static bool put_bytes(void *context, const void *from, size_t n)
{
	struct bytes *bytes = context;

	while (bytes->room - bytes->n < n) {
		bytes->room = bytes->room * 2 + 65536;
		bytes->p = memory_resize(bytes->p, bytes->room, 1);
	}
	memcpy(bytes->p + bytes->n, from, n);
	bytes->n += n;
	return true;
}

static bool get_bytes(void *context, void *to, size_t n)
{
	struct bytes *bytes = context;

	if (bytes->n - bytes->at < n)
		return false;
	memcpy(to, bytes->p + bytes->at, n);
	bytes->at += n;
	return true;
}

static struct bytes picture_of(const struct world *world)
{
	struct bytes bytes = { 0 };
	struct image_out out = { .put = put_bytes, .context = &bytes };

	accounts_save(world->accounts, &out);
	engine_save(world->engine, &out);
	guard_save(world->guard, &out);
	if (!image_finish(&out))
		fail_msg("no picture");
	return bytes;
}

static size_t record_bytes;

static int by_bytes(const void *a, const void *b) { return memcmp(a, b, record_bytes); }

/* of these the order depends on how a table grew */
static void put_in_order(char *records, const struct image_section *section)
{
	record_bytes = section->record_bytes;
	if (section->count && (strcmp(section->name, "tried") == 0 || strcmp(section->name, "campaigns") == 0))
		qsort(records, section->count, section->record_bytes, by_bytes);
}

static bool pictures_are_alike(struct bytes *one, struct bytes *other)
{
	struct image_section a, b;

	for (one->at = other->at = 0; one->at < one->n; one->at += a.count * a.record_bytes, other->at = one->at) {
		if (!get_bytes(one, &a, sizeof a) || !get_bytes(other, &b, sizeof b))
			return false;
		if (memcmp(&a, &b, sizeof a) != 0 || other->n - other->at < b.count * b.record_bytes) {
			print_error("%llu of '%.16s', and %llu of '%.16s'\n", (unsigned long long)a.count, a.name,
				    (unsigned long long)b.count, b.name);
			return false;
		}
		put_in_order(one->p + one->at, &a);
		put_in_order(other->p + other->at, &b);
		if (memcmp(one->p + one->at, other->p + other->at, a.count * a.record_bytes) != 0) {
			print_error("'%.16s' differs\n", a.name);
			return false;
		}
	}
	return other->at == other->n;
}

static bool worlds_are_alike(const struct world *one, const struct world *other)
{
	struct bytes a = picture_of(one), b = picture_of(other);
	bool alike = pictures_are_alike(&a, &b);

	free(a.p);
	free(b.p);
	return alike;
}
#endif
