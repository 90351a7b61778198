/* SPDX-License-Identifier: Apache-2.0 */
/* Between the loop, which hands over, and the thread, which writes. They meet under one mutex, for as long as it takes to
 * append an entry or to change one buffer for another. */
#include "store/ledger.h"

#include <pthread.h>
#include <signal.h>

#include "base/memory.h"
#include "store/ledger_writer.h"

enum { ENTRIES_ENOUGH = 64 * 1024 };
#define WAITING_BYTES_MAX ((size_t)LEDGER_WAITING_MIB_MAX << 20)

struct ledger {
	unsigned char key[LEDGER_KEY_BYTES];
	pthread_t thread;
	struct ledger_writer writer; /* the thread's alone, like the next */
	struct ledger_batch spare;   /* empty but while entries are moved */

	struct shared {
		pthread_mutex_t lock;
		pthread_cond_t changed, written;
		struct ledger_batch batch;   /* since the thread looked last */
		struct ledger_chore *chores; /* newest first */
		struct ledger_state state;   /* `waiting` and `bytes`: of what the thread has; `lost`: by the thread */
		size_t bytes;
		uint64_t turned_away;        /* rows for which there was no room */
		size_t chore_count;
		uint64_t begun, done;        /* rounds */
		bool hurried;                /* somebody waits for the next round */
		bool ended;
	} shared;
};

/* ---- the thread */

/* until there is something to do, and then until it is worth a transaction, a second at most */
static void wait_for_work(struct shared *shared, bool idle, bool at_once)
{
	struct timespec until;

	while (idle && !shared->batch.count && !shared->chores && !shared->ended)
		pthread_cond_wait(&shared->changed, &shared->lock);
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	while (!at_once && shared->batch.count < ENTRIES_ENOUGH && !shared->hurried && !shared->chores && !shared->ended)
		if (pthread_cond_timedwait(&shared->changed, &shared->lock, &until) != 0)
			break;
}

static void take_chores(struct ledger_writer *writer, struct ledger_chore *newest_first)
{
	struct ledger_chore **last = &writer->chores, *chores = NULL, *next;

	for (; newest_first; newest_first = next) {
		next = newest_first->next;
		newest_first->next = chores;
		chores = newest_first;
	}
	while (*last)
		last = &(*last)->next;
	*last = chores;
}

/* false once the ledger is closed: what was taken is the last */
static bool take(struct ledger *ledger, bool at_once)
{
	struct ledger_writer *writer = &ledger->writer;
	struct shared *shared = &ledger->shared;
	struct ledger_batch taken;
	bool ended;

	pthread_mutex_lock(&shared->lock);
	wait_for_work(shared, !writer->batch.count && !writer->chores, at_once);
	taken = shared->batch;
	shared->batch = ledger->spare;
	shared->state.waiting += taken.rows;
	shared->bytes += taken.used;
	take_chores(writer, shared->chores);
	shared->chores = NULL;
	writer->hurried = shared->hurried;
	shared->hurried = false;
	shared->begun++;
	ended = shared->ended;
	pthread_mutex_unlock(&shared->lock);
	ledger->spare = taken;
	if (!writer->batch.count) {
		ledger->spare = writer->batch;
		writer->batch = taken;
	} else {
		ledger_batch_append(&writer->batch, &taken);
	}
	ledger_batch_clear(&ledger->spare);
	return !ended;
}

static void tell(struct ledger *ledger)
{
	const struct ledger_writer *writer = &ledger->writer;
	struct shared *shared = &ledger->shared;

	pthread_mutex_lock(&shared->lock);
	shared->state.written = writer->written;
	shared->state.filled = writer->filled;
	shared->state.lost = writer->lost;
	shared->state.waiting = writer->batch.rows;
	shared->bytes = writer->batch.used;
	shared->state.failing = writer->failing;
	text_copy(shared->state.why, sizeof shared->state.why, text_of(writer->why.text));
	shared->chore_count = 0;
	for (const struct ledger_chore *chore = writer->chores; chore; chore = chore->next)
		shared->chore_count++;
	for (const struct ledger_chore *chore = shared->chores; chore; chore = chore->next)
		shared->chore_count++;
	shared->done = shared->begun;
	pthread_cond_broadcast(&shared->written);
	pthread_mutex_unlock(&shared->lock);
}

/* What was handed over last is written, and who is to be forgotten is; what is old waits for the next start. A name may
 * stand before its row, so there are two rounds. */
static void finish(struct ledger_writer *writer)
{
	ledger_writer_write(writer);
	while (writer->chores)
		if (!writer->chores->account || !ledger_writer_chore(writer)) {
			struct ledger_chore *chore = writer->chores;

			writer->chores = chore->next;
			ledger_chore_free(chore);
		}
}

static void *keep_writing(void *context)
{
	struct ledger *ledger = context;
	bool goes_on, at_once = false;

	do {
		goes_on = take(ledger, at_once);
		ledger_writer_write(&ledger->writer);
		at_once = ledger_writer_chore(&ledger->writer);
		tell(ledger);
	} while (goes_on);
	finish(&ledger->writer);
	return NULL;
}

/* ---- life */

/* Signals are the loop's; a limit on the size of files is then an error like others. */
static void start(struct ledger *ledger)
{
	pthread_condattr_t steady;
	sigset_t all, before;

	pthread_mutex_init(&ledger->shared.lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&ledger->shared.changed, &steady);
	pthread_cond_init(&ledger->shared.written, &steady);
	pthread_condattr_destroy(&steady);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&ledger->thread, NULL, keep_writing, ledger) != 0)
		abort();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct ledger *ledger_open(const char *folder, const struct ledger_retention *retention, struct error *error)
{
	struct ledger *ledger = memory_zero(1, sizeof *ledger);

	ledger_writer_init(&ledger->writer, folder, retention);
	if (ledger_key(folder, ledger->key, error) && ledger_writer_look(&ledger->writer, error)) {
		text_copy(ledger->shared.state.why, sizeof ledger->shared.state.why, text_of(ledger->writer.why.text));
		start(ledger);
		return ledger;
	}
	ledger_writer_done(&ledger->writer);
	free(ledger);
	return NULL;
}

void ledger_close(struct ledger *ledger)
{
	if (!ledger)
		return;
	pthread_mutex_lock(&ledger->shared.lock);
	ledger->shared.ended = true;
	pthread_cond_signal(&ledger->shared.changed);
	pthread_mutex_unlock(&ledger->shared.lock);
	pthread_join(ledger->thread, NULL);
	pthread_cond_destroy(&ledger->shared.changed);
	pthread_cond_destroy(&ledger->shared.written);
	pthread_mutex_destroy(&ledger->shared.lock);
	ledger_writer_done(&ledger->writer);
	ledger_batch_done(&ledger->shared.batch);
	ledger_batch_done(&ledger->spare);
	explicit_bzero(ledger->key, sizeof ledger->key);
	free(ledger);
}

/* ---- handing over */

static bool has_room(const struct shared *shared)
{
	return shared->batch.rows + shared->state.waiting < LEDGER_WAITING_MAX &&
	       shared->batch.used + shared->bytes < WAITING_BYTES_MAX;
}

static void wake(struct shared *shared)
{
	if (shared->batch.count == 1 || shared->batch.count == ENTRIES_ENOUGH)
		pthread_cond_signal(&shared->changed);
}

void ledger_add(struct ledger *ledger, const struct ledger_row *row)
{
	struct shared *shared = &ledger->shared;

	pthread_mutex_lock(&shared->lock);
	if (ledger_day_of(row->t_us) >= 0 && has_room(shared)) {
		ledger_batch_row(&shared->batch, row, ledger->key);
		wake(shared);
	} else {
		shared->turned_away++;
	}
	pthread_mutex_unlock(&shared->lock);
}

void ledger_name(struct ledger *ledger, int64_t t_us, struct text queue_id, struct text message_id)
{
	struct shared *shared = &ledger->shared;

	pthread_mutex_lock(&shared->lock);
	if (ledger_day_of(t_us) >= 0 && queue_id.n && message_id.n && has_room(shared)) {
		ledger_batch_name(&shared->batch, t_us, queue_id, message_id);
		wake(shared);
	}
	pthread_mutex_unlock(&shared->lock);
}

static bool hand_over(struct ledger *ledger, struct ledger_chore chore)
{
	struct shared *shared = &ledger->shared;
	bool room;

	pthread_mutex_lock(&shared->lock);
	room = shared->chore_count < LEDGER_CHORES_MAX;
	if (room) {
		chore.next = shared->chores;
		shared->chores = memory_new(sizeof chore);
		*shared->chores = chore;
		shared->chore_count++;
		pthread_cond_signal(&shared->changed);
	}
	pthread_mutex_unlock(&shared->lock);
	return room;
}

bool ledger_forget(struct ledger *ledger, struct text account)
{
	char *name = memory_copy(account.p, account.n < LEDGER_ID_MAX ? account.n : (size_t)LEDGER_ID_MAX);
	bool handed = hand_over(ledger, (struct ledger_chore){ .account = name });

	if (!handed)
		free(name);
	return handed;
}

void ledger_expire(struct ledger *ledger, int64_t now_us) { hand_over(ledger, (struct ledger_chore){ .now_us = now_us }); }

bool ledger_hurry(struct ledger *ledger, int64_t patience_us)
{
	struct shared *shared = &ledger->shared;
	struct timespec until;
	uint64_t round;
	bool waits, done;

	clock_gettime(CLOCK_MONOTONIC, &until);
	patience_us += until.tv_nsec / 1000;
	until.tv_sec += patience_us / SECOND_US;
	until.tv_nsec = patience_us % SECOND_US * 1000;
	pthread_mutex_lock(&shared->lock);
	waits = shared->batch.count || shared->begun > shared->done;
	round = shared->begun + (shared->batch.count > 0);
	shared->hurried |= shared->batch.count > 0;
	pthread_cond_signal(&shared->changed);
	while (shared->done < round && !shared->state.failing && !shared->ended)
		if (pthread_cond_timedwait(&shared->written, &shared->lock, &until) != 0)
			break;
	done = shared->done >= round && !shared->state.failing;
	pthread_mutex_unlock(&shared->lock);
	return waits && done;
}

void ledger_state(const struct ledger *ledger, struct ledger_state *state)
{
	struct shared *shared = (struct shared *)(uintptr_t)&ledger->shared;

	pthread_mutex_lock(&shared->lock);
	*state = shared->state;
	state->waiting += shared->batch.rows;
	state->lost += shared->turned_away;
	state->chores = (uint32_t)shared->chore_count;
	pthread_mutex_unlock(&shared->lock);
}
