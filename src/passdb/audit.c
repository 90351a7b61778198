/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/audit.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "passdb/audit_file.h"
#include "password/likely.h"

enum { FIRST = 10, SECOND = 30, STEP = 100, NAP_US = 50000 };
#define SYNC_US ((int64_t)1000000)
#define CHEAP_US ((int64_t)50000) /* what is left of a list is tried at once where it takes no longer */

const char *const audit_phase_names[AUDIT_PHASES] = { "reading", "trying", "finished", "time_over", "stopped", "broken" };

struct audit {
	const struct audit_order *order;
	struct audit_progress *progress;
	const atomic_bool *stop;
	struct audit_subjects subjects;
	struct audit_file file;
	unsigned depth; /* wanted */
	unsigned char key[crypto_generichash_KEYBYTES];
	atomic_bool halt;
	/* the lock is for what follows, and for `taken`, `settled`, `dirty` and results of subjects */
	pthread_mutex_t lock;
	pthread_cond_t round_over;
	unsigned bound; /* of this round */
	size_t next, going;
	bool done;
	atomic_uint rounds;
};

/* ---- rounds */

static unsigned bound_after(unsigned tried)
{
	unsigned bound = tried < FIRST ? FIRST : tried < SECOND ? SECOND : (tried / STEP + 1) * STEP;

	return bound < LIKELY_MAX ? bound : LIKELY_MAX;
}

unsigned audit_depth(unsigned tries)
{
	return !tries || tries >= LIKELY_MAX ? LIKELY_MAX : bound_after(tries - 1);
}

/* the next that this round still lacks; with the lock. NULL: the round has been given out */
static struct audit_subject *next_of_round(struct audit *audit)
{
	while (audit->next < audit->subjects.count) {
		struct audit_subject *subject = &audit->subjects.items[audit->next++];

		if (!subject->settled && subject->stored && subject->result.tried < audit->bound)
			return subject;
	}
	return NULL;
}

/* with the lock; a round begins when the one before is over for everybody */
static struct audit_subject *next_subject(struct audit *audit)
{
	struct audit_subject *subject = NULL;

	while (!audit->halt && !audit->done && !(subject = next_of_round(audit))) {
		if (audit->going) {
			pthread_cond_wait(&audit->round_over, &audit->lock);
			continue;
		}
		audit->done = audit->bound >= audit->depth;
		audit->bound = bound_after(audit->bound);
		audit->next = 0;
		audit->rounds++;
		pthread_cond_broadcast(&audit->round_over);
	}
	return subject;
}

/* ---- one account's words of a round */

struct unit {
	struct audit *audit;
	const struct audit_subject *subject;
	struct likely *likely;
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
		switch (password_matches(likely_word(unit->likely, order[i]), text_of(unit->subject->stored), unit->audit->subjects.usual)) {
		case PASSWORD_RIGHT: found(unit, order[i]); break;
		case PASSWORD_WRONG: break;
		case PASSWORD_UNKNOWN_SCHEME: unit->result.state = AUDIT_UNKNOWN; unit->settled = true;
		}
		unit->audit->progress->tries++;
		unit->broken_off = unit->audit->halt;
	}
	explicit_bzero(order, sizeof order);
}

static unsigned lesser(unsigned a, unsigned b) { return a < b ? a : b; }

static void try_unit(struct unit *unit, unsigned bound)
{
	unsigned most = lesser(unit->audit->depth, (unsigned)likely_count(unit->likely));

	for (bool cheap = true; cheap && !unit->settled;) {
		unsigned from = unit->result.tried, to = lesser(bound, most);
		int64_t began_us = clock_steady();

		if (from < to)
			try_words(unit, to);
		if (unit->broken_off || unit->settled)
			return;
		unit->result.tried = to > from ? to : from;
		unit->settled = unit->result.tried >= most;
		cheap = from < to && (clock_steady() - began_us) / (to - from) * (most - to) < CHEAP_US;
		bound = most;
	}
}

static void take_result(struct audit *audit, struct audit_subject *subject, const struct unit *unit)
{
	unsigned shared = subject->result.flags; /* may have become known meanwhile */

	if (unit->broken_off && !unit->marked)
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

static void *work(void *context)
{
	struct audit *audit = context;
	struct audit_subject *subject;

	pthread_mutex_lock(&audit->lock);
	while ((subject = next_subject(audit))) {
		struct unit unit = { .audit = audit, .subject = subject, .result = subject->result };
		unsigned bound = audit->bound;

		audit->going++;
		pthread_mutex_unlock(&audit->lock);
		unit.likely = likely_new(text_of(subject->account), audit->order->names, audit->order->year);
		try_unit(&unit, bound);
		likely_free(unit.likely);
		pthread_mutex_lock(&audit->lock);
		take_result(audit, subject, &unit);
		explicit_bzero(&unit, sizeof unit);
		if (!--audit->going)
			pthread_cond_broadcast(&audit->round_over);
	}
	pthread_cond_broadcast(&audit->round_over);
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

static bool is_over(struct audit *audit)
{
	bool over;

	pthread_mutex_lock(&audit->lock);
	over = audit->done && !audit->going;
	pthread_mutex_unlock(&audit->lock);
	return over;
}

static enum audit_phase look_on(struct audit *audit, struct error *error)
{
	int64_t began_us = clock_steady(), written_us = began_us;
	unsigned rounds = 0;

	for (;;) {
		int64_t now_us = clock_steady();

		audit->progress->worked_us = now_us - began_us;
		if (is_over(audit))
			return AUDIT_FINISHED;
		if (*audit->stop)
			return AUDIT_STOPPED;
		if (now_us - began_us >= audit->order->time_us)
			return AUDIT_TIME_OVER;
		if (now_us - written_us >= SYNC_US) {
			if (!write_down(audit, rounds != audit->rounds, error))
				return AUDIT_BROKEN;
			rounds = audit->rounds;
			written_us = clock_steady();
		}
		usleep(NAP_US);
	}
}

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
	audit->halt = true;
	pthread_mutex_lock(&audit->lock);
	pthread_cond_broadcast(&audit->round_over);
	pthread_mutex_unlock(&audit->lock);
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
	audit->bound = FIRST;
	pthread_mutex_init(&audit->lock, NULL);
	pthread_cond_init(&audit->round_over, NULL);
	crypto_generichash_keygen(audit->key);
	progress->began_us = clock_now();
	progress->phase = AUDIT_READING;
	if (audit_file_lock(&audit->file, path, error) && audit_results_read(&known, path, error))
		phase = prepare_and_go_on(audit, passdb, path, &known, error);
	audit_file_close(&audit->file);
	audit_results_done(&known);
	audit_subjects_done(&audit->subjects);
	pthread_cond_destroy(&audit->round_over);
	pthread_mutex_destroy(&audit->lock);
	explicit_bzero(audit, sizeof *audit);
	free(audit);
	if (phase == AUDIT_BROKEN)
		text_copy(progress->error, sizeof progress->error, text_of(error->text));
	progress->phase = phase;
	return phase != AUDIT_BROKEN;
}
