/* SPDX-License-Identifier: Apache-2.0 */
/* What `sekisho inspect` says of one mail: JSON Lines (contracts.md) and a block for people. */
#ifndef SEKISHO_REPORT_INSPECTION_H
#define SEKISHO_REPORT_INSPECTION_H
#include <jansson.h>
#include <stdio.h>

#include "mail/inspection.h"
#include "report/terminal.h"

enum { MAIL_KINDS = MAIL_NOTICE + 1 };

struct inspected {
	const char *file;
	uint64_t number;                     /* in an mbox, from 1; 0: the file is one mail */
	const char *fault;                   /* why it could not be read; NULL */
	const struct inspection *inspection; /* NULL where the file itself could not be read */
	const json_t *notice;                /* what its mark says: "ours" or "copied", why, …; NULL where it bears none */
	const json_t *whose;                 /* what a store says of it: its fields are taken over as they are; NULL without one */
};

/* one line; false where the stream does not take it */
bool inspection_json(const struct inspected *inspected, FILE *to, struct error *error) __attribute__((warn_unused_result));
/* one block, with an empty line behind it */
void inspection_text(const struct inspected *inspected, struct terminal *terminal);
/* how many of which kind */
void inspection_tally(const uint64_t tally[MAIL_KINDS], uint64_t faults, struct terminal *terminal);
#endif
