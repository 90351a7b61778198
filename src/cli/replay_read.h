/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds traces, or logs, to a backtest: which of both a file is its first line tells. Traces are read one after the
 * other, in order of their first events; logs as scan reads them, under ids made of the numbers of their messages. */
#ifndef SEKISHO_CLI_REPLAY_READ_H
#define SEKISHO_CLI_REPLAY_READ_H
#include "cli/scan_report.h"
#include "config/config.h"
#include "engine/backtest.h"
#include "intake/inputs.h"

enum { REPLAY_FAULTS_SAID = 10 }; /* lines of one trace that are named as faulty; the others are counted */

struct replay_read {
	struct inputs *inputs;
	const struct config *config; /* default_domain and webmail_hosts */
	int year;
	struct accounts *accounts;
	struct backtest *backtest;
	struct scan_report *report;  /* files and lines are counted there */
	bool trace;                  /* found out */
};

/* the exit status; what went wrong was said */
int replay_read(struct replay_read *read);
#endif
