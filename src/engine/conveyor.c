/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/conveyor.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"

enum { BATCHES = 8, BATCH_EVENTS = 1024, AHEAD = 4 };

struct batch {
	struct event events[BATCH_EVENTS];
	size_t count;
};

struct conveyor {
	struct engine *engine;
	struct event_sink sink; /* over the batch at `filled` */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t moved;
	uint64_t filled, judged; /* batches */
	uint64_t events;
	bool ended;
	struct batch batches[BATCHES];
};

static void judge_batch(struct conveyor *conveyor, struct batch *batch)
{
	struct verdict verdict;

	for (size_t i = 0; i < batch->count; i++) {
		if (i + AHEAD < batch->count)
			engine_expect(conveyor->engine, &batch->events[i + AHEAD]);
		engine_event(conveyor->engine, &batch->events[i], &verdict);
	}
	conveyor->events += batch->count;
}

static void *judge(void *context)
{
	struct conveyor *conveyor = context;

	pthread_mutex_lock(&conveyor->lock);
	for (;;) {
		while (conveyor->judged == conveyor->filled && !conveyor->ended)
			pthread_cond_wait(&conveyor->moved, &conveyor->lock);
		if (conveyor->judged == conveyor->filled)
			break;
		pthread_mutex_unlock(&conveyor->lock);
		judge_batch(conveyor, &conveyor->batches[conveyor->judged % BATCHES]);
		pthread_mutex_lock(&conveyor->lock);
		conveyor->judged++;
		pthread_cond_signal(&conveyor->moved);
	}
	pthread_mutex_unlock(&conveyor->lock);
	return NULL;
}

static void lay_out(struct conveyor *conveyor)
{
	conveyor->sink.items = conveyor->batches[conveyor->filled % BATCHES].events;
	conveyor->sink.count = 0;
	conveyor->sink.room = BATCH_EVENTS;
}

static void hand_on(struct event_sink *sink)
{
	struct conveyor *conveyor = sink->context;

	conveyor->batches[conveyor->filled % BATCHES].count = sink->count;
	pthread_mutex_lock(&conveyor->lock);
	conveyor->filled++;
	pthread_cond_signal(&conveyor->moved);
	while (conveyor->filled - conveyor->judged == BATCHES)
		pthread_cond_wait(&conveyor->moved, &conveyor->lock);
	pthread_mutex_unlock(&conveyor->lock);
	lay_out(conveyor);
}

struct conveyor *conveyor_new(struct engine *engine)
{
	struct conveyor *conveyor = memory_zero(1, sizeof *conveyor);

	conveyor->engine = engine;
	conveyor->sink = (struct event_sink){ .full = hand_on, .context = conveyor };
	lay_out(conveyor);
	pthread_mutex_init(&conveyor->lock, NULL);
	pthread_cond_init(&conveyor->moved, NULL);
	if (pthread_create(&conveyor->thread, NULL, judge, conveyor) != 0)
		abort();
	return conveyor;
}

struct event_sink *conveyor_sink(struct conveyor *conveyor) { return &conveyor->sink; }

uint64_t conveyor_finish(struct conveyor *conveyor)
{
	if (conveyor->ended)
		return conveyor->events;
	hand_on(&conveyor->sink);
	pthread_mutex_lock(&conveyor->lock);
	conveyor->ended = true;
	pthread_cond_signal(&conveyor->moved);
	pthread_mutex_unlock(&conveyor->lock);
	pthread_join(conveyor->thread, NULL);
	return conveyor->events;
}

void conveyor_free(struct conveyor *conveyor)
{
	if (!conveyor)
		return;
	conveyor_finish(conveyor);
	pthread_mutex_destroy(&conveyor->lock);
	pthread_cond_destroy(&conveyor->moved);
	free(conveyor);
}
