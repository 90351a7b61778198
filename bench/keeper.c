/* SPDX-License-Identifier: Apache-2.0 */
/* What it costs to keep what the detector knows: the wait of the parent for a fork, the child's time, the events that wait for
 * copied pages meanwhile, and the start: the picture read, and a whole journal judged again.
 *
 *   keeper [-a accounts] [-r events a second while pictures are made] FOLDER
 *
 * Prints one JSON object. Times are of the wall clock; the folder's disk is part of what is measured. */
#include <getopt.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "detector_world.h"
#include "engine/keeper.h"

struct bench {
	const char *folder;
	struct accounts *names;
	struct engine *engine;
	struct guard *guard;
	struct keeper *keeper;
	struct world world;
	struct world_batch batch;
	int64_t now_us;
	uint64_t events, rate; /* events a second while a picture is made */
};

static void give_up(const char *why)
{
	fprintf(stderr, "keeper: %s\n", why);
	exit(1);
}

static void wake(struct bench *bench)
{
	struct error error = { "" };
	bool first;

	bench->names = accounts_new(NULL);
	bench->engine = engine_new(&(struct engine_options){ .limits = { 14, 11, 22 }, .live = true });
	bench->guard = guard_new(bench->engine, bench->names, &(struct brakes_limits){ 1e9f, 1e9f });
	bench->keeper = keeper_open(bench->folder, bench->names, bench->engine, bench->guard, &first, &error);
	if (!bench->keeper)
		give_up(error.text);
}

static void sleep_well(struct bench *bench)
{
	keeper_close(bench->keeper);
	guard_free(bench->guard);
	engine_free(bench->engine);
	accounts_free(bench->names);
}

/* the longest that one event took, in microseconds */
static int64_t tell_batch(struct bench *bench)
{
	struct guard_answer answer;
	int64_t longest_us = 0;

	world_fill(&bench->world, &bench->batch);
	for (size_t i = 0; i < bench->batch.count; i++) {
		const struct event *event = &bench->batch.events[i];
		int64_t began_us = clock_steady(), took_us;

		keeper_event(bench->keeper, event, text_of(bench->batch.ids[i]));
		guard_event(bench->guard, event, text_of(bench->batch.ids[i]), &answer);
		took_us = clock_steady() - began_us;
		longest_us = took_us > longest_us ? took_us : longest_us;
	}
	bench->events += bench->batch.count;
	bench->now_us = bench->batch.events[0].t_us;
	return longest_us;
}

static void flush(struct bench *bench)
{
	struct error error;

	if (!keeper_flush(bench->keeper, &error))
		give_up(error.text);
}

static void measure_picture(struct bench *bench, const char *again)
{
	struct error error = { "" };
	int64_t began_us = clock_steady(), cpu_us = clock_cpu(), longest_us = 0, forked_us, done_us;
	uint64_t events;

	if (!keeper_begin_picture(bench->keeper, bench->now_us, &error))
		give_up(error.text);
	forked_us = clock_steady();
	cpu_us = clock_cpu() - cpu_us;
	events = bench->events;
	while (keeper_picture_runs(bench->keeper, &error)) {
		int64_t batch_us = tell_batch(bench);

		longest_us = batch_us > longest_us ? batch_us : longest_us;
		usleep((useconds_t)(bench->batch.count * 1000000 / bench->rate));
	}
	done_us = clock_steady();
	if (error.text[0])
		give_up(error.text);
	printf("\"%sbegin_cpu_ms\":%.2f,\"%sbegin_ms\":%.2f,\"%schild_ms\":%.0f,\"%sevents_meanwhile\":%llu,\"%sns_an_event_meanwhile\":%.0f,"
	       "\"%slongest_event_us\":%lld,", again, (double)cpu_us / 1e3, again, (double)(forked_us - began_us) / 1e3, again, (double)(done_us - forked_us) / 1e3, again,
	       (unsigned long long)(bench->events - events), again,
	       (double)(done_us - forked_us) * 1e3 / (double)(bench->events - events + 1), again, (long long)longest_us);
}

static void measure_start(struct bench *bench, const char *what)
{
	int64_t began_us = clock_steady();

	wake(bench);
	printf("\"%s_ms\":%.0f,", what, (double)(clock_steady() - began_us) / 1e3);
}

/* a journal as long as it may become, left behind by one who dies */
static void leave_a_journal(struct bench *bench)
{
	int64_t began_us, picture_us = bench->now_us;
	uint64_t events;

	measure_start(bench, "start");
	measure_picture(bench, "again_");
	events = bench->events;
	began_us = clock_steady();
	while (!keeper_is_due(bench->keeper, picture_us + MINUTE_US))
		tell_batch(bench);
	flush(bench);
	printf("\"journal_events\":%llu,\"kept_ns_an_event\":%.0f,", (unsigned long long)(bench->events - events),
	       (double)(clock_steady() - began_us) * 1e3 / (double)(bench->events - events));
	fflush(stdout);
	_exit(0);
}

static void warm_up(struct bench *bench, uint32_t accounts)
{
	uint64_t key;
	char name[64];

	world_init(&bench->world, accounts);
	for (uint32_t i = 1; i <= accounts; i++)
		accounts_add(bench->names, world_account(i, name), &key);
	while (!world_is_warm(&bench->world))
		tell_batch(bench);
	flush(bench);
	printf("{\"what\":\"keeper\",\"accounts\":%u,\"events\":%llu,", accounts, (unsigned long long)bench->events);
}

int main(int argc, char **argv)
{
	struct bench *bench = memory_zero(1, sizeof *bench);
	uint64_t accounts = 1000 * 1000;
	int option;

	bench->rate = 5000;
	while ((option = getopt(argc, argv, "a:r:")) != -1)
		if (option == '?' || !text_number(text_of(optarg), ACCOUNTS_MAX - 1, option == 'a' ? &accounts : &bench->rate) ||
		    !accounts || !bench->rate)
			optind = argc + 1;
	if (optind != argc - 1) {
		fputs("usage: keeper [-a accounts] [-r rate] FOLDER\n", stderr);
		return 2;
	}
	bench->folder = argv[optind];
	wake(bench);
	warm_up(bench, (uint32_t)accounts);
	measure_picture(bench, "");
	measure_picture(bench, "second_");
	measure_picture(bench, "third_");
	sleep_well(bench);
	fflush(stdout);
	if (fork() == 0)
		leave_a_journal(bench);
	wait(NULL);
	measure_start(bench, "replay");
	printf("\"end\":true}\n");
	sleep_well(bench);
	free(bench);
	return 0;
}
