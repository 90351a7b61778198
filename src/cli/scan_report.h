/* SPDX-License-Identifier: Apache-2.0 */
/* Gathers what a scan found into one struct report. Owns what the report points to. */
#ifndef SEKISHO_CLI_SCAN_REPORT_H
#define SEKISHO_CLI_SCAN_REPORT_H
#include "engine/hindsight.h"
#include "intake/reader.h"
#include "report/report.h"

enum {
	SCAN_GUESSING_MAX = 1000,    /* networks in the report, those that tried most first */
	SCAN_SPOOFED_MAX = 10000,
	SCAN_TOP_SENDERS = 20,
	SCAN_GUESSED_ACCOUNTS_LEAST = 3, /* fewer, and fewer attempts than the next, is somebody mistyping */
	SCAN_GUESSED_ATTEMPTS_LEAST = 10,
	SCAN_SPOOFED_LEAST = 10,     /* bounces of mail that never passed here */
	SCAN_SPOOFED_RETURNED_PERCENT = 70, /* of what was delivered: so much never comes back */
	SCAN_SCRIPT_BOUNCES_LEAST = 20,
	SCAN_SCRIPT_BOUNCED_PERCENT = 10,
};

#define SCAN_RETURNED_AFTER_US (5 * DAY_US) /* others keep mail in their queues for so long */

struct scan_report {
	struct report report;
	size_t file_room;
	uint64_t by_format[8];
	struct hindsight *hindsight;
};

void scan_report_init(struct scan_report *scan);
void scan_report_done(struct scan_report *scan);
/* a row for the file, good until the next call; `path` is borrowed */
struct report_file *scan_report_file(struct scan_report *scan, const char *path);
void scan_report_count(struct scan_report *scan, struct report_file *file, const struct reader_tally *tally);
/* the second look, and everything that follows from it */
void scan_report_fill(struct scan_report *scan, struct engine *engine, const struct accounts *accounts, struct geo *geo,
		      const struct life *life);
#endif
