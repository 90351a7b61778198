/* SPDX-License-Identifier: Apache-2.0 */
/* The desk's thread, and the two lines of batches: those that wait for the disk, and those that are to be told of. */
#include "store/desk.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/desk_batch.h"
#include "store/desk_file.h"

struct line {
	struct desk_batch *first, **end;
};

struct desk {
	pthread_t thread;
	pthread_mutex_t lock; /* of what stands below, up to the thread's own */
	pthread_cond_t moved, rested;
	struct line waiting, finished;
	size_t waiting_count; /* changes; those at the disk are among them */
	bool closing, writing, warned, failing;
	struct error warning, why; /* why: it is failing */
	int descriptor;
	/* the thread's own */
	struct desk_file file;
	sqlite3_stmt *prepared[DESK_STATEMENTS];
};

/* ---- lines of batches */

static void line_clear(struct line *line) { *line = (struct line){ NULL, &line->first }; }

static void line_add(struct line *line, struct desk_batch *batch)
{
	batch->next = NULL;
	*line->end = batch;
	line->end = &batch->next;
}

static struct desk_batch *line_take(struct line *line)
{
	struct desk_batch *first = line->first;

	line_clear(line);
	return first;
}

static void line_free(struct desk_batch *first)
{
	for (struct desk_batch *next; first; first = next) {
		next = first->next;
		desk_batch_free(first);
	}
}

/* ---- the thread */

/* a transaction for all that wait: one sync of the disk serves them all */
static bool write_all(struct desk *desk, const struct desk_batch *first, struct error *warning, struct error *error)
{
	struct desk_file *file = &desk->file;
	bool good;

	if (!desk_file_is_current(file)) /* its statements go with it */
		memset(desk->prepared, 0, sizeof desk->prepared);
	if (!desk_file_write(file, warning, error))
		return false;
	good = desk_file_do(file, "BEGIN IMMEDIATE");
	for (; good && first; first = first->next)
		good = desk_batch_write(first, file->db, desk->prepared);
	return (good && desk_file_do(file, "COMMIT")) || desk_file_give_up(file, error);
}

/* locked: they are to be told of */
static void finish(struct desk *desk, struct desk_batch *first, const struct error *why)
{
	static const uint64_t one = 1;

	for (struct desk_batch *next; first; first = next) {
		next = first->next;
		if (why) {
			first->why = memory_new(sizeof *why);
			*first->why = *why;
		}
		line_add(&desk->finished, first);
	}
	if (write(desk->descriptor, &one, sizeof one) < 0) /* it is readable already */
		return;
}

static void remember(struct desk *desk, const struct error *warning)
{
	if (!*warning->text)
		return;
	desk->warning = *warning;
	desk->warned = true;
}

static void *work(void *context)
{
	struct desk *desk = context;

	pthread_mutex_lock(&desk->lock);
	while (desk->waiting.first || !desk->closing) {
		struct desk_batch *first = line_take(&desk->waiting);
		struct error warning = { "" }, why = { "" };
		size_t count = desk->waiting_count;
		bool written;

		if (!first) {
			pthread_cond_wait(&desk->moved, &desk->lock);
			continue;
		}
		desk->writing = true;
		pthread_mutex_unlock(&desk->lock);
		written = write_all(desk, first, &warning, &why);
		for (struct desk_batch *batch = first; batch; batch = batch->next)
			desk_batch_clear(batch);
		pthread_mutex_lock(&desk->lock);
		desk->waiting_count -= count;
		remember(desk, &warning);
		desk->failing = !written;
		desk->why = why;
		finish(desk, first, written ? NULL : &why);
		desk->writing = false;
		pthread_cond_signal(&desk->rested);
	}
	pthread_mutex_unlock(&desk->lock);
	return NULL;
}

/* signals are for whoever opened the desk */
static bool start(struct desk *desk, struct error *error)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&desk->thread, NULL, work, desk);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return !failed || error_set(error, "the desk's thread cannot be started: %s", strerror(failed));
}

/* ---- life */

static void free_desk(struct desk *desk)
{
	desk_file_close(&desk->file);
	if (desk->descriptor >= 0)
		close(desk->descriptor);
	pthread_cond_destroy(&desk->rested);
	pthread_cond_destroy(&desk->moved);
	pthread_mutex_destroy(&desk->lock);
	free(desk);
}

struct desk *desk_open(const char *folder, struct error *error)
{
	struct desk *desk = memory_zero(1, sizeof *desk);
	struct error warning = { "" };

	pthread_mutex_init(&desk->lock, NULL);
	pthread_cond_init(&desk->moved, NULL);
	pthread_cond_init(&desk->rested, NULL);
	line_clear(&desk->waiting);
	line_clear(&desk->finished);
	desk_file_init(&desk->file, folder);
	desk->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (desk->descriptor < 0)
		error_set(error, "the desk gets no descriptor: %s", strerror(errno));
	if (desk->descriptor < 0 || !desk_file_write(&desk->file, &warning, error)) {
		free_desk(desk);
		return NULL;
	}
	remember(desk, &warning);
	if (start(desk, error))
		return desk;
	free_desk(desk);
	return NULL;
}

void desk_close(struct desk *desk)
{
	if (!desk)
		return;
	pthread_mutex_lock(&desk->lock);
	desk->closing = true;
	pthread_cond_signal(&desk->moved);
	pthread_mutex_unlock(&desk->lock);
	pthread_join(desk->thread, NULL);
	line_free(desk->finished.first);
	free_desk(desk);
}

/* ---- the caller's thread */

int desk_descriptor(const struct desk *desk) { return desk->descriptor; }

bool desk_is_failing(struct desk *desk, struct error *why)
{
	bool failing;

	pthread_mutex_lock(&desk->lock);
	failing = desk->failing;
	if (failing)
		*why = desk->why;
	pthread_mutex_unlock(&desk->lock);
	return failing;
}

bool desk_warning(struct desk *desk, struct error *warning)
{
	bool warned;

	pthread_mutex_lock(&desk->lock);
	warned = desk->warned;
	if (warned)
		*warning = desk->warning;
	desk->warned = false;
	pthread_mutex_unlock(&desk->lock);
	return warned;
}

void desk_write(struct desk *desk, struct desk_batch *batch)
{
	struct error full;

	pthread_mutex_lock(&desk->lock);
	if (desk->waiting_count + batch->count <= DESK_WAITING_MAX) {
		line_add(&desk->waiting, batch);
		desk->waiting_count += batch->count;
		pthread_cond_signal(&desk->moved);
	} else {
		error_set(&full, "'%s': %d changes wait for the disk already", desk->file.path, DESK_WAITING_MAX);
		desk_batch_clear(batch);
		batch->next = NULL;
		finish(desk, batch, &full);
	}
	pthread_mutex_unlock(&desk->lock);
}

void desk_collect(struct desk *desk)
{
	struct desk_batch *first;
	uint64_t count;

	pthread_mutex_lock(&desk->lock);
	if (read(desk->descriptor, &count, sizeof count) < 0)
		count = 0; /* nothing was to be told */
	first = line_take(&desk->finished);
	pthread_mutex_unlock(&desk->lock);
	for (const struct desk_batch *batch = first; batch; batch = batch->next)
		if (batch->done)
			batch->done(batch->context, batch->why);
	line_free(first);
}

void desk_finish(struct desk *desk)
{
	pthread_mutex_lock(&desk->lock);
	while (desk->waiting.first || desk->writing)
		pthread_cond_wait(&desk->rested, &desk->lock);
	pthread_mutex_unlock(&desk->lock);
	desk_collect(desk);
}
