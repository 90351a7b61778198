/* SPDX-License-Identifier: Apache-2.0 */
/* What the three forms of a backtest share: the sentences, the table of figures, who noticed, the days. Texts that are
 * `char *` are the caller's to free. */
#ifndef SEKISHO_REPORT_REPLAY_WORDS_H
#define SEKISHO_REPORT_REPLAY_WORDS_H
#include "report/replay.h"
#include "report/words.h"

enum { REPLAY_FIGURES_MAX = 12, REPLAY_FACTS_MAX = 4, REPLAY_SLOTS_MAX = 120 };

const struct backtest_side *replay_side_of(const struct replay *replay, size_t side);
size_t replay_side_count(const struct replay *replay);

/* the first configuration's answer, what it is to be read with, and what the second says */
void replay_answer(const struct replay *replay, struct answer *answer);

/* ---- figures: a row for the table of totals */
struct replay_figure {
	const char *label;
	char *value[BACKTEST_SIDES], *rate[BACKTEST_SIDES]; /* rate: for 10,000 account-days, "" where it says nothing */
	char *difference;                                   /* "" for one side */
};
size_t replay_figures(const struct replay *replay, struct replay_figure figures[REPLAY_FIGURES_MAX]);
void replay_figures_done(struct replay_figure *figures, size_t count);
double replay_rate(const struct replay *replay, uint64_t count); /* for 10,000 account-days */

/* ---- accounts that noticed: those that were locked first, by time, then by evidence */
struct replay_row {
	const char *name;
	const struct backtest_touched *by[BACKTEST_SIDES]; /* NULL: not under this one */
	const struct backtest_touched *worst;
};
/* to be freed */
struct replay_row *replay_rows(const struct replay *replay, size_t *count);
const char *replay_verdict(const struct backtest_touched *touched);
size_t replay_facts(const struct backtest_touched *touched, struct fact facts[REPLAY_FACTS_MAX]);

struct replay_evidence {
	const char *signal;
	double bits;
	char text[200];
};
/* largest first */
size_t replay_evidence(const struct backtest_touched *touched, struct replay_evidence evidence[PROFILE_SIGNALS]);

/* ---- accounts that only one of two would lock */
enum replay_lockers { REPLAY_FIRST_ALONE, REPLAY_SECOND_ALONE, REPLAY_BOTH, REPLAY_LOCKERS };
/* an array of *count names, to be freed */
const char **replay_locked(const struct replay *replay, enum replay_lockers lockers, size_t *count);
char *replay_lockers_label(const struct replay *replay, enum replay_lockers lockers);

/* ---- days, some together where there are more than `most` */
struct replay_days {
	int64_t start_us, step_us;
	size_t count;
	struct backtest_day slots[BACKTEST_SIDES][REPLAY_SLOTS_MAX];
};
void replay_days(const struct replay *replay, size_t most, struct replay_days *days);
char *replay_slot_label(const struct replay_days *days, size_t slot);

/* ---- waits, in classes */
enum { REPLAY_WAITS = 7 };
const char *replay_wait_label(size_t kind);
void replay_waits(const struct backtest_side *side, uint64_t counts[REPLAY_WAITS]);

/* the setting, as it may stand in a file; to be freed */
char *replay_weights(const struct calibration_result *calibration);
char *replay_calibration_note(const struct calibration_result *calibration);
/* accounts that calibration leaves out, to be freed */
const char **replay_left_out(const struct replay *replay, size_t *count);
#endif
