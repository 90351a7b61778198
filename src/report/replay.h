/* SPDX-License-Identifier: Apache-2.0 */
/* A backtest on paper: as text for a terminal, as JSON ("sekisho.replay/1", man/sekisho-replay.1), as one page of HTML.
 * Only shows; what is shown is gathered in engine/backtest.h and engine/calibration.h. */
#ifndef SEKISHO_REPORT_REPLAY_H
#define SEKISHO_REPORT_REPLAY_H
#include "engine/backtest.h"
#include "engine/calibration.h"
#include "report/report.h"

/* a configuration */
struct replay_side {
	const char *name; /* its file, or "default" and the like */
	struct verdict_limits limits;
	struct brakes_limits brakes;
	const struct evidence_weights *weights;
};

struct replay {
	struct report input; /* files, lines, times, geo alone */
	const struct accounts *accounts;
	const struct backtest *backtest;
	struct replay_side sides[BACKTEST_SIDES];
	const struct calibration_result *calibration; /* NULL where none was asked for */
};

/* false with the reason where the stream could not be written */
bool replay_text(const struct replay *replay, FILE *to, bool colour, struct error *error);
bool replay_json(const struct replay *replay, FILE *to, struct error *error);
bool replay_html(const struct replay *replay, FILE *to, struct error *error);
#endif
