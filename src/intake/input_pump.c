/* SPDX-License-Identifier: Apache-2.0 */
/* A thread that fills one block while the other is being used. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "intake/input_source.h"

struct pump {
	struct source source;
	const struct pump_work *work;
	void *context;
	pthread_t thread;
	bool started;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct block blocks[2];
	atomic_bool stop;
	/* under the lock */
	size_t filled[2]; /* bytes; 0: may be filled */
	int held;         /* the block that the user has, -1 before the first */
	int result;       /* 1 as long as there is more, then 0 or -1 */
	int begun;        /* what begin came to: 0 not yet, 1 fine, -1 failed */
	struct error error;
};

/* ---- in the thread */

static void publish(struct pump *pump, int at, size_t n, int result, const struct error *error)
{
	pthread_mutex_lock(&pump->lock);
	if (!pump->begun)
		pump->begun = result;
	pump->filled[at] = n;
	pump->result = result;
	if (result < 0)
		pump->error = *error;
	pthread_cond_broadcast(&pump->changed);
	pthread_mutex_unlock(&pump->lock);
}

static bool wait_free(struct pump *pump, int at)
{
	pthread_mutex_lock(&pump->lock);
	while (pump->filled[at] && !pump->stop)
		pthread_cond_wait(&pump->changed, &pump->lock);
	pthread_mutex_unlock(&pump->lock);
	return !pump->stop;
}

static size_t fill(struct pump *pump, char *to, int *result, struct error *error)
{
	size_t n = 0;

	while (SOURCE_BLOCK - n >= pump->work->least && !pump->stop) {
		ssize_t got = pump->work->fill(pump->context, to + n, SOURCE_BLOCK - n, error);

		if (got <= 0) {
			*result = (int)got;
			break;
		}
		n += (size_t)got;
	}
	return n;
}

static void *run(void *argument)
{
	struct pump *pump = argument;
	struct error error = { "" };
	int result = pump->work->begin(pump->context, &pump->source, &error) ? 1 : -1;

	publish(pump, 0, 0, result, &error);
	for (int at = 0; result > 0 && wait_free(pump, at); at = !at) {
		size_t n = fill(pump, pump->blocks[at].data, &result, &error);

		publish(pump, at, n, result, &error);
	}
	pump->work->end(pump->context);
	return NULL;
}

/* ---- in the user's thread */

static int pump_more(struct source *source, struct text *rest, struct error *error)
{
	struct pump *pump = (struct pump *)source;
	int next = pump->held == 0, result = 1;
	size_t n;

	pthread_mutex_lock(&pump->lock);
	while (pump->filled[next] == 0 && pump->result > 0)
		pthread_cond_wait(&pump->changed, &pump->lock);
	n = pump->filled[next];
	if (n == 0) {
		result = pump->result;
		if (result < 0 && error)
			*error = pump->error;
	} else {
		block_keep(&pump->blocks[next], rest);
		rest->n += n;
		if (pump->held >= 0)
			pump->filled[pump->held] = 0;
		pump->held = next;
		pthread_cond_broadcast(&pump->changed);
	}
	pthread_mutex_unlock(&pump->lock);
	return result;
}

static void pump_free(struct source *source)
{
	struct pump *pump = (struct pump *)source;

	if (pump->started) {
		pthread_mutex_lock(&pump->lock);
		pump->stop = true;
		pthread_cond_broadcast(&pump->changed);
		pthread_mutex_unlock(&pump->lock);
		if (pump->work->interrupt)
			pump->work->interrupt(pump->context);
		pthread_join(pump->thread, NULL);
	} else {
		pump->work->end(pump->context);
	}
	free(pump->context);
	pthread_cond_destroy(&pump->changed);
	pthread_mutex_destroy(&pump->lock);
	block_done(&pump->blocks[0]);
	block_done(&pump->blocks[1]);
	free(pump);
}

/* signals are for the main thread: this one is started with all of them blocked */
static bool start(struct pump *pump, struct error *error)
{
	sigset_t all, before;
	int status;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	status = pthread_create(&pump->thread, NULL, run, pump);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pump->started = status == 0;
	return pump->started || error_set(error, _("cannot start a thread: %s"), strerror(status));
}

static bool wait_begun(struct pump *pump, struct error *error)
{
	bool fine;

	pthread_mutex_lock(&pump->lock);
	while (!pump->begun)
		pthread_cond_wait(&pump->changed, &pump->lock);
	fine = pump->begun > 0; /* the thread may be further by now, and its result another */
	if (!fine && error)
		*error = pump->error;
	pthread_mutex_unlock(&pump->lock);
	return fine;
}

struct source *source_pump(const struct pump_work *work, void *context, struct error *error)
{
	struct pump *pump = memory_zero(1, sizeof *pump);

	pump->source.more = pump_more;
	pump->source.free = pump_free;
	pump->work = work;
	pump->context = context;
	pump->held = -1;
	pump->result = 1;
	pthread_mutex_init(&pump->lock, NULL);
	pthread_cond_init(&pump->changed, NULL);
	block_init(&pump->blocks[0]);
	block_init(&pump->blocks[1]);
	if (start(pump, error) && wait_begun(pump, error))
		return &pump->source;
	pump_free(&pump->source);
	return NULL;
}
