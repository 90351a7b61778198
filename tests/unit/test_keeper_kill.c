/* SPDX-License-Identifier: Apache-2.0 */
/* A world that is killed fifty times, wherever it is: while it hears, while it hands over, while a picture is made, while it
 * wakes. Each time it must be what an undisturbed twin is that heard as much, and say the same of what comes next. */
#include "keeper_folder.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { ROUNDS = 50, ALIKE_FOR = 40, FLUSHED_EVERY = 17, PICTURE_EVERY = 23 };

/* what the one that is killed tells while it lives */
struct life {
	volatile size_t woke_with, flushed; /* events */
	volatile bool woke, compared;
	volatile const char *wrong;
};

static struct life *life;

static void gives_up(const char *why)
{
	life->wrong = why;
	_exit(1);
}

static size_t marked(const struct keeper *keeper)
{
	uint64_t heard;

	return text_number(keeper_marked(keeper, TEXT("heard")), UINT32_MAX, &heard) ? (size_t)heard : 0;
}

static bool same_answer(const struct guard_answer *a, const struct guard_answer *b)
{
	bool same = a->action == b->action && a->lock == b->lock && a->braked == b->braked && a->account == b->account &&
		    a->verdict.bits == b->verdict.bits && a->verdict.familiar == b->verdict.familiar &&
		    a->release_count == b->release_count && a->discard_count == b->discard_count;

	for (size_t i = 0; same && i < a->release_count; i++)
		same = text_is(a->release[i], b->release[i]);
	for (size_t i = 0; same && i < a->discard_count; i++)
		same = text_is(a->discard[i], b->discard[i]);
	return same;
}

static void keeps(struct world *world)
{
	char number[24];
	struct error error = { "" };

	snprintf(number, sizeof number, "%zu", world->heard);
	keeper_mark(world->keeper, TEXT("heard"), text_of(number));
	if (world->heard % FLUSHED_EVERY == 0) {
		if (!keeper_flush(world->keeper, &error))
			gives_up("nothing can be written");
		life->flushed = world->heard;
	}
	if (world->heard % PICTURE_EVERY == 0 && !keeper_begin_picture(world->keeper, told[world->heard - 1].event.t_us, &error))
		gives_up("no picture can be begun");
	keeper_picture_runs(world->keeper, &error);
	if (error.text[0])
		gives_up("no picture can be made");
}

/* until it is killed */
static void lives(struct world *twin)
{
	struct world world;
	bool first;
	size_t until;

	if (!world_wake(&world, &first))
		gives_up("it cannot wake");
	if (keeper_lost(world.keeper))
		gives_up("something is damaged");
	world.heard = marked(world.keeper);
	life->woke_with = world.heard;
	life->woke = true;
	if (world.heard < twin->heard)
		gives_up("less is known than before");
	world_hear_until(twin, world.heard);
	if (!worlds_are_alike(&world, twin))
		gives_up("it is not as its twin");
	for (until = world.heard + ALIKE_FOR; world.heard < told_count;) {
		world_hear_until(&world, world.heard + 1);
		if (world.heard <= until)
			world_hear_until(twin, world.heard);
		if (world.heard <= until && !same_answer(&world.answer, &twin->answer))
			gives_up("it answers otherwise than its twin");
		life->compared = true;
		keeps(&world);
		if (world.heard % 4 == 0)
			usleep(100);
	}
	for (;;)
		pause();
}

/* some die while they wake, others some time after */
static void kill_somewhere(pid_t child, bool awake)
{
	int status;

	for (unsigned i = 0; awake && !life->compared && !life->wrong && i < 20000; i++)
		usleep(1000);
	usleep(1000 + (unsigned)rand() % 30000);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
}

static void fifty_deaths_change_nothing(void **state)
{
	struct world twin;
	size_t flushed = 0, compared = 0;

	make_folder();
	life = mmap(NULL, sizeof *life, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(life, MAP_FAILED);
	world_begin(&twin);
	srand(20261122);
	for (unsigned round = 0; round < ROUNDS; round++) {
		pid_t child;

		*life = (struct life){ .flushed = flushed };
		child = fork();
		if (child == 0)
			lives(&twin);
		kill_somewhere(child, round % 5 != 0);
		if (life->wrong)
			fail_msg("death %u: %s (woke with %zu of %zu handed over)", round, life->wrong, life->woke_with, flushed);
		if (life->woke && life->woke_with < flushed)
			fail_msg("death %u: %zu events were handed over, and it woke with %zu", round, flushed, life->woke_with);
		flushed = life->flushed > flushed ? life->flushed : flushed;
		compared += life->compared;
		if (life->woke)
			world_hear_until(&twin, life->woke_with);
	}
	assert_true(compared >= ROUNDS * 4 / 5 && twin.heard > ROUNDS * ALIKE_FOR / 4);
	world_end(&twin);
	munmap(life, sizeof *life);
	remove_folder();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fifty_deaths_change_nothing),
	};

	return cmocka_run_group_tests(tests, live, die);
}
