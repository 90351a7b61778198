/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/audit.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "passdb/audit_file.h"
#include "passdb/audit_lanes.h"
#include "password/likely.h"

enum { PART_LEAST = 10, NAP_US = 50000 };
#define SYNC_US ((int64_t)1000000)
#define PART_US ((uint64_t)200000) /* so much of slow tries is kept, or lost together */

const char *const audit_phase_names[AUDIT_PHASES] = { "reading", "trying", "finished", "time_over", "stopped", "broken" };

struct audit {
	const struct audit_order *order;
	struct audit_progress *progress;
	const atomic_bool *stop;
	struct audit_subjects subjects;
	struct audit_file file;
	unsigned depth; /* wanted */
	int64_t began_us;
	unsigned char key[crypto_generichash_KEYBYTES];
	atomic_bool halt;
	/* the lock is for what follows, and for `settled`, `dirty` and results of subjects */
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct audit_lanes lanes;
};

unsigned audit_depth(unsigned tries)
{
	return !tries || tries >= LIKELY_MAX ? LIKELY_MAX : audit_round_after(tries - 1);
}

/* with the lock */
static bool next_turn(struct audit *audit, struct audit_turn *turn)
{
	while (!audit->halt && !audit_lanes_take(&audit->lanes, turn)) {
		if (audit_lanes_over(&audit->lanes))
			return false;
		pthread_cond_wait(&audit->more, &audit->lock);
	}
	return !audit->halt;
}

/* ---- one account's words of a round */

struct unit {
	struct audit *audit;
	const struct audit_subject *subject;
	struct likely *likely;
	struct password_stored stored;
	struct audit_result result;
	bool marked, settled, broken_off;
	unsigned char mark[AUDIT_MARK_BYTES];
};

/* so that neither the time that it takes nor its place in the list tells which word it was */
static void shuffle(uint16_t *order, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++)
		order[i - from] = (uint16_t)i;
	for (unsigned n = to - from; n > 1; n--) {
		unsigned other = randombytes_uniform(n);
		uint16_t kept = order[n - 1];

		order[n - 1] = order[other];
		order[other] = kept;
	}
}

static void found(struct unit *unit, size_t word)
{
	struct text password = likely_word(unit->likely, word);

	unit->result.state = AUDIT_GUESSABLE;
	unit->result.fault = likely_fault(unit->likely, word);
	unit->result.tried = 0;
	unit->settled = unit->marked = true;
	crypto_generichash(unit->mark, sizeof unit->mark, (const unsigned char *)password.p, password.n, unit->audit->key,
			   sizeof unit->audit->key);
}

static void try_words(struct unit *unit, unsigned to)
{
	uint16_t order[LIKELY_MAX];
	unsigned from = unit->result.tried;

	shuffle(order, from, to);
	for (unsigned i = 0; i < to - from && !unit->settled && !unit->broken_off; i++) {
		if (password_is(&unit->stored, likely_word(unit->likely, order[i])))
			found(unit, order[i]);
		unit->audit->progress->tries++;
		unit->broken_off = unit->audit->halt;
	}
	explicit_bzero(order, sizeof order);
}

static unsigned lesser(unsigned a, unsigned b) { return a < b ? a : b; }

/* so many of a slow one at a time that little is lost when it is broken off */
static unsigned part_of(const struct unit *unit)
{
	uint64_t words = PART_US / (unit->subject->us + 1);

	return words < PART_LEAST ? PART_LEAST : words > LIKELY_MAX ? LIKELY_MAX : (unsigned)words;
}

static void try_unit(struct unit *unit, unsigned bound)
{
	unsigned most = lesser(unit->audit->depth, (unsigned)likely_count(unit->likely)), end = lesser(bound, most);

	while (unit->result.tried < end && !unit->settled && !unit->broken_off) {
		unsigned to = lesser(end, unit->result.tried + part_of(unit));

		try_words(unit, to);
		if (!unit->settled && !unit->broken_off)
			unit->result.tried = to;
	}
	unit->settled = unit->settled || unit->result.tried >= most;
}

static void take_result(struct audit *audit, struct audit_subject *subject, const struct unit *unit)
{
	unsigned shared = subject->result.flags; /* may have become known meanwhile */

	if (unit->result.tried == subject->result.tried && !unit->settled)
		return;
	subject->result = unit->result;
	subject->result.flags |= shared;
	subject->settled = unit->settled;
	subject->marked = unit->marked;
	memcpy(subject->mark, unit->mark, sizeof subject->mark);
	subject->dirty = true;
	audit->progress->settled += unit->settled;
	audit->progress->guessable += unit->result.state == AUDIT_GUESSABLE;
}

static void try_one(struct audit *audit, const struct audit_turn *turn, struct unit *unit)
{
	unit->likely = likely_new(text_of(turn->subject->account), audit->order->names, audit->order->year);
	if (password_read(text_of(turn->subject->stored), audit->subjects.usual, &unit->stored) == PASSWORD_READY)
		try_unit(unit, turn->bound);
	likely_free(unit->likely);
}

static void *work(void *context)
{
	struct audit *audit = context;
	struct audit_turn turn;

	pthread_mutex_lock(&audit->lock);
	while (next_turn(audit, &turn)) {
		struct unit unit = { .audit = audit, .subject = turn.subject, .result = turn.subject->result };
		int64_t began_us = clock_steady();

		pthread_mutex_unlock(&audit->lock);
		try_one(audit, &turn, &unit);
		pthread_mutex_lock(&audit->lock);
		take_result(audit, turn.subject, &unit);
		explicit_bzero(&unit, sizeof unit);
		audit_lanes_give_back(&audit->lanes, &turn, (uint64_t)(clock_steady() - began_us));
		pthread_cond_broadcast(&audit->more);
	}
	pthread_cond_broadcast(&audit->more);
	pthread_mutex_unlock(&audit->lock);
	return NULL;
}

/* ---- beside the threads */

static void count(struct audit *audit)
{
	unsigned depth = audit->depth;

	for (size_t i = 0; i < audit->subjects.count; i++) {
		const struct audit_subject *subject = &audit->subjects.items[i];

		if (!subject->settled && subject->stored && subject->result.tried < depth)
			depth = subject->result.tried;
	}
	audit->progress->depth = depth;
}

/* what became known since the last time */
static bool write_down(struct audit *audit, bool shared, struct error *error)
{
	pthread_mutex_lock(&audit->lock);
	if (shared)
		audit_subjects_find_shared(&audit->subjects);
	for (size_t i = 0; i < audit->subjects.count; i++)
		if (audit->subjects.items[i].dirty) {
			audit_file_put(&audit->file, &audit->subjects.items[i]);
			audit->subjects.items[i].dirty = false;
		}
	count(audit);
	pthread_mutex_unlock(&audit->lock);
	return audit_file_sync(&audit->file, error);
}

static bool is_over(struct audit *audit, unsigned *rounds)
{
	bool over;

	pthread_mutex_lock(&audit->lock);
	over = audit_lanes_over(&audit->lanes);
	*rounds = audit->lanes.rounds;
	pthread_mutex_unlock(&audit->lock);
	return over;
}

static enum audit_phase look_on(struct audit *audit, struct error *error)
{
	int64_t written_us = clock_steady();
	unsigned rounds = 0, now = 0;

	for (;;) {
		int64_t now_us = clock_steady();

		audit->progress->worked_us = now_us - audit->began_us;
		if (is_over(audit, &now))
			return AUDIT_FINISHED;
		if (*audit->stop)
			return AUDIT_STOPPED;
		if (now_us - audit->began_us >= audit->order->time_us)
			return AUDIT_TIME_OVER;
		if (now_us - written_us >= SYNC_US) {
			if (!write_down(audit, rounds != now, error))
				return AUDIT_BROKEN;
			rounds = now;
			written_us = clock_steady();
		}
		usleep(NAP_US);
	}
}

static void halt(struct audit *audit)
{
	audit->halt = true;
	pthread_mutex_lock(&audit->lock);
	pthread_cond_broadcast(&audit->more);
	pthread_mutex_unlock(&audit->lock);
}

/* What is known is written before anybody is waited for: whoever is still at a try may be killed at it. */
static enum audit_phase go_on(struct audit *audit, struct error *error)
{
	pthread_t threads[AUDIT_CORES_MAX];
	unsigned started = 0;
	enum audit_phase phase;

	while (started < audit->order->cores && started < AUDIT_CORES_MAX && pthread_create(&threads[started], NULL, work, audit) == 0)
		started++;
	if (!started) {
		error_set(error, "no thread can be started");
		return AUDIT_BROKEN;
	}
	phase = look_on(audit, error);
	halt(audit);
	if (phase != AUDIT_BROKEN && !write_down(audit, true, error))
		phase = AUDIT_BROKEN;
	for (unsigned i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	return phase == AUDIT_BROKEN || write_down(audit, true, error) ? phase : AUDIT_BROKEN;
}

/* ---- from beginning to end */

static void count_known(struct audit *audit)
{
	for (size_t i = 0; i < audit->subjects.count; i++) {
		struct audit_subject *subject = &audit->subjects.items[i];

		subject->settled = subject->settled || subject->result.tried >= audit->depth;
		audit->progress->settled += subject->settled;
		audit->progress->guessable += subject->result.state == AUDIT_GUESSABLE;
	}
	count(audit);
}

static enum audit_phase prepare_and_go_on(struct audit *audit, struct passdb *passdb, const char *path, const struct audit_results *known,
					  struct error *error)
{
	const struct audit_order *order = audit->order;

	if (!audit_subjects_read(&audit->subjects, passdb, order, audit->progress, audit->stop, error))
		return AUDIT_BROKEN;
	if (*audit->stop)
		return AUDIT_STOPPED;
	audit_subjects_take_over(&audit->subjects, known, likely_version(order->names, order->year));
	audit_subjects_find_shared(&audit->subjects);
	count_known(audit);
	if (!audit_file_begin(&audit->file, path, &audit->subjects, known, !order->domain && !order->account, error))
		return AUDIT_BROKEN;
	audit_lanes_init(&audit->lanes, &audit->subjects, audit->depth);
	audit->progress->phase = AUDIT_TRYING;
	return go_on(audit, error);
}

bool audit_run(struct passdb *passdb, const char *path, const struct audit_order *order, struct audit_progress *progress,
	       const atomic_bool *stop, struct error *error)
{
	struct audit *audit = memory_zero(1, sizeof *audit);
	struct audit_results known = { 0 };
	enum audit_phase phase = AUDIT_BROKEN;

	audit->order = order;
	audit->progress = progress;
	audit->stop = stop;
	audit->depth = audit_depth(order->tries);
	audit->began_us = clock_steady();
	pthread_mutex_init(&audit->lock, NULL);
	pthread_cond_init(&audit->more, NULL);
	crypto_generichash_keygen(audit->key);
	progress->began_us = clock_now();
	progress->phase = AUDIT_READING;
	if (audit_file_lock(&audit->file, path, error) && audit_results_read(&known, path, error))
		phase = prepare_and_go_on(audit, passdb, path, &known, error);
	audit_file_close(&audit->file);
	audit_results_done(&known);
	audit_lanes_done(&audit->lanes);
	audit_subjects_done(&audit->subjects);
	pthread_cond_destroy(&audit->more);
	pthread_mutex_destroy(&audit->lock);
	explicit_bzero(audit, sizeof *audit);
	free(audit);
	if (phase == AUDIT_BROKEN)
		text_copy(progress->error, sizeof progress->error, text_of(error->text));
	progress->phase = phase;
	return phase != AUDIT_BROKEN;
}
