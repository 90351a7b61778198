/* SPDX-License-Identifier: Apache-2.0 */
/* One investigation on paper: as text for a terminal, as JSON ("sekisho.scan/1", contracts.md), as one
 * self-contained HTML page. Only shows; counts and judges nothing. All names in it come from logs, so from
 * outside: every writer escapes for its own medium (control characters, markup). */
#ifndef SEKISHO_REPORT_REPORT_H
#define SEKISHO_REPORT_REPORT_H
#include <stdio.h>

#include "base/error.h"
#include "geo/geo.h"
#include "incident/incident.h"

struct report_file {
	const char *path;
	const char *archive; /* that it is a member of, or NULL */
	uint64_t lines, bytes, unparsed, foreign;
	uint64_t repeated; /* lines that another file holds, too: they count once */
	char error[512]; /* what could not be read, or "" */
};

struct report_guess {
	struct ip ip;            /* one address, or any address of the block */
	bool block;              /* several addresses of the /24 (/48) took part */
	struct event_place place;
	char network[64];
	uint32_t accounts_tried, attempts;
	int64_t first_us, last_us;
	const char **opened;     /* names of accounts, borrowed */
	size_t opened_count;
};

struct report_spoofed {
	const char *account;
	uint32_t bounces;
	int64_t first_us, last_us;
};

struct report_local_sender {
	const char *user; /* name, address, or digits of a uid */
	bool is_uid;
	uint32_t messages, recipients, bounced;
	bool suspected;
};

struct report_top_sender {
	const char *account;
	uint32_t messages, recipients, bounced;
	bool incident;
};

enum report_mta { REPORT_POSTFIX, REPORT_EXIM, REPORT_SENDMAIL };

struct report {
	struct report_file *files;
	size_t file_count;
	uint64_t lines, bytes, unparsed, foreign;
	uint64_t events; /* lines that became something */
	int64_t first_us, last_us; /* WHEN_NONE without any line with a time */
	int64_t since_us;          /* only what goes on after this is reported; WHEN_NONE: all */
	double seconds;
	uint32_t accounts;
	bool trace;             /* the lines are events, not those of a log */
	bool partial_hindsight; /* the spool was full or could not be written */
	enum report_mta mta;    /* whose commands the advice uses */
	bool dovecot;           /* seen in the log: advice may name doveadm */
	struct geo_about geo;
	struct incident *incidents; /* worst first */
	size_t incident_count;
	struct report_guess *guessing; /* most accounts first */
	size_t guess_count;
	struct report_spoofed *spoofed;
	size_t spoofed_count;
	size_t undecided_count; /* accounts that bounces came in for, in a log in which nobody sends with a login: spoofed or not? */
	struct report_local_sender *local_senders;
	size_t local_sender_count;
	struct report_top_sender *top_senders; /* most recipients first */
	size_t top_sender_count;
};

/* false with the reason where the stream could not be written */
bool report_text(const struct report *report, FILE *to, bool colour, struct error *error);
bool report_json(const struct report *report, FILE *to, struct error *error);
bool report_html(const struct report *report, FILE *to, struct error *error);

/* ---- advice (report/advice.c), the same in all three: one array, one row a step */
enum { ADVICE_MAX = 12, ADVICE_TEXT_MAX = 4096 };
/* writes up to ADVICE_MAX texts in the reader's language; a command stands behind the first "\n" of a text.
 * Each is allocated with malloc and the caller's to free. */
size_t advice_for(const struct report *report, const struct incident *incident, char *texts[ADVICE_MAX]);
#endif
