/* SPDX-License-Identifier: Apache-2.0 */
/* The detector alone, on ready-made events: nanoseconds of processor time an event, and bytes an account.
 *
 *   detector engine [-a accounts] [-n events]    profile, evidence, verdict: engine_event
 *   detector ahead  …                            the same, each event announced some before it is judged, as a caller
 *                                                can who has a batch (engine/conveyor.c)
 *   detector guard  …                            the same behind the live gate: guard_event
 *   detector trace  …                            the same events as JSON Lines, for `sekisho judge`
 *
 * Making the events is not measured, nor are the first days in which the accounts become known. Prints one JSON object;
 * one with "skipped" and why where memory is short. */
#include <getopt.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"
#include "detector_world.h"
#include "engine/guard.h"

enum { AHEAD = 4, ACCOUNTS_MOST = ACCOUNTS_MAX - 1 };
#define BYTES_AN_ACCOUNT 400ull          /* profile, tally, name, index, and what grows by doubling; of which … */
#define BYTES_AT_LEAST (200ull << 20)    /* … and the filter of recipients; … */
#define BYTES_OF_LETTERS (1200ull << 20) /* … the guard's letters, while they are moved to a ring of twice the size */

struct bench {
	const char *what;
	uint32_t accounts;
	uint64_t events;
	struct accounts *names;
	struct engine *engine;
	struct guard *guard;
	struct world world;
	struct world_batch batch;
	uint64_t judged, held, refused, locked;
	double seconds;
};

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- three ways to judge a batch */

static void through_engine(struct bench *bench)
{
	struct verdict verdict;

	for (size_t i = 0; i < bench->batch.count; i++) {
		engine_event(bench->engine, &bench->batch.events[i], &verdict);
		bench->held += verdict.action == VERDICT_HOLD;
		bench->locked += verdict.action == VERDICT_LOCK;
	}
}

static void ahead(struct bench *bench)
{
	struct verdict verdict;

	for (size_t i = 0; i < bench->batch.count; i++) {
		if (i + AHEAD < bench->batch.count)
			engine_expect(bench->engine, &bench->batch.events[i + AHEAD]);
		engine_event(bench->engine, &bench->batch.events[i], &verdict);
		bench->held += verdict.action == VERDICT_HOLD;
		bench->locked += verdict.action == VERDICT_LOCK;
	}
}

static void through_guard(struct bench *bench)
{
	struct guard_answer answer;

	for (size_t i = 0; i < bench->batch.count; i++) {
		guard_event(bench->guard, &bench->batch.events[i], text_of(bench->batch.ids[i]), &answer);
		bench->held += answer.action == GUARD_HOLD;
		bench->refused += answer.action == GUARD_REFUSE;
		bench->locked += answer.lock;
	}
}

static void write_trace(struct bench *bench) { world_write(&bench->batch, stdout); }

static const struct way {
	const char *name;
	void (*judge)(struct bench *bench);
	bool judges;
} ways[] = {
	{ "engine", through_engine, true },
	{ "ahead", ahead, true },
	{ "guard", through_guard, true },
	{ "trace", write_trace, false },
};

/* ---- memory */

/* a field of /proc in KiB, as bytes; 0 where it is not told */
static uint64_t told_bytes(const char *path, const char *field)
{
	FILE *file = fopen(path, "r");
	unsigned long long kib = 0;
	char line[256];

	while (file && !kib && fgets(line, sizeof line, file))
		if (strncmp(line, field, strlen(field)) == 0)
			kib = strtoull(line + strlen(field), NULL, 10);
	if (file)
		fclose(file);
	return kib << 10;
}

static bool has_room(const struct bench *bench)
{
	uint64_t needed = BYTES_AT_LEAST + bench->accounts * BYTES_AN_ACCOUNT + BYTES_OF_LETTERS,
		 there = told_bytes("/proc/meminfo", "MemAvailable:");

	if (there == 0 || there >= needed)
		return true;
	printf("{\"what\":\"%s\",\"accounts\":%u,\"skipped\":\"%.1f GiB of memory are free, and %.1f are needed\"}\n",
	       bench->what, bench->accounts, (double)there / (1 << 30), (double)needed / (1 << 30));
	return false;
}

/* ---- at work */

static void begin(struct bench *bench)
{
	static const struct verdict_limits limits = { 14, 11, 22 };
	uint64_t key;
	char name[64];

	world_init(&bench->world, bench->accounts);
	bench->names = accounts_new(NULL);
	for (uint32_t i = 1; i <= bench->accounts; i++)
		accounts_add(bench->names, world_account(i, name), &key);
	bench->engine = engine_new(&(struct engine_options){ .limits = limits, .live = true });
	bench->guard = guard_new(bench->engine, bench->names, &(struct brakes_limits){ 1e9f, 1e9f });
}

static void measure(struct bench *bench, const struct way *way)
{
	do {
		world_fill(&bench->world, &bench->batch);
		way->judge(bench);
	} while (!world_is_warm(&bench->world));
	bench->held = bench->refused = bench->locked = 0;
	while (bench->judged < bench->events) {
		double began;

		world_fill(&bench->world, &bench->batch);
		began = cpu_seconds();
		way->judge(bench);
		bench->seconds += cpu_seconds() - began;
		bench->judged += bench->batch.count;
	}
}

static void tell(const struct bench *bench)
{
	printf("{\"what\":\"%s\",\"accounts\":%u,\"events\":%llu,\"ns_an_event\":%.1f,\"events_a_second\":%.0f,",
	       bench->what, bench->accounts, (unsigned long long)bench->judged, bench->seconds * 1e9 / (double)bench->judged,
	       (double)bench->judged / bench->seconds);
	printf("\"engine_bytes\":%zu,\"guard_bytes\":%zu,\"name_bytes\":%zu,\"rss_bytes\":%llu,",
	       engine_bytes(bench->engine), guard_bytes(bench->guard), accounts_bytes(bench->names),
	       (unsigned long long)told_bytes("/proc/self/status", "VmRSS:"));
	printf("\"held\":%llu,\"refused\":%llu,\"locked\":%llu}\n", (unsigned long long)bench->held,
	       (unsigned long long)bench->refused, (unsigned long long)bench->locked);
}

static void done(struct bench *bench)
{
	guard_free(bench->guard);
	engine_free(bench->engine);
	accounts_free(bench->names);
	free(bench);
}

static uint64_t number_option(const char *text, uint64_t most)
{
	uint64_t number;

	if (!text_number(text_of(text), most, &number) || number == 0) {
		fprintf(stderr, "detector: '%s' is no number from 1 to %llu\n", text, (unsigned long long)most);
		exit(2);
	}
	return number;
}

static const struct way *way_of(const char *name)
{
	for (size_t i = 0; name && i < sizeof ways / sizeof *ways; i++)
		if (strcmp(ways[i].name, name) == 0)
			return &ways[i];
	return NULL;
}

int main(int argc, char **argv)
{
	struct bench *bench = memory_zero(1, sizeof *bench);
	const struct way *way;
	int option;

	bench->accounts = 1000 * 1000;
	bench->events = 10 * 1000 * 1000;
	while ((option = getopt(argc, argv, "a:n:")) != -1) {
		switch (option) {
		case 'a': bench->accounts = (uint32_t)number_option(optarg, ACCOUNTS_MOST); break;
		case 'n': bench->events = number_option(optarg, UINT64_MAX); break;
		default: optind = argc + 1;
		}
	}
	bench->what = optind == argc - 1 ? argv[optind] : NULL;
	way = way_of(bench->what);
	if (!way) {
		fputs("usage: detector engine|ahead|guard|trace [-a accounts] [-n events]\n", stderr);
		return 2;
	}
	if (has_room(bench)) {
		begin(bench);
		measure(bench, way);
		if (way->judges)
			tell(bench);
	}
	done(bench);
	return 0;
}
