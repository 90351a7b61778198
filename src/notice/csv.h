/* SPDX-License-Identifier: Apache-2.0 */
/* Records of a CSV file (RFC 4180), one at a time, from a stream: fields in quotes may hold commas, quotes written twice, and line ends. What
 * divides fields is what the first line has most of: comma, semicolon or tab. A byte order mark is passed over. */
#ifndef SEKISHO_NOTICE_CSV_H
#define SEKISHO_NOTICE_CSV_H
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"

enum { CSV_RECORD_MAX = 64 * 1024, CSV_FIELDS_MAX = 64 };

struct csv {
	FILE *from;
	char divider;           /* 0: not known yet */
	unsigned long line;     /* of the record's beginning */
	unsigned long next_line;
	struct text fields[CSV_FIELDS_MAX];
	size_t count;
	char bytes[CSV_RECORD_MAX];
};

enum csv_result { CSV_RECORD, CSV_END, CSV_FAULTY };

void csv_begin(struct csv *csv, FILE *from);
/* Fields are good until the next call. CSV_FAULTY, with a sentence: this record is none, the next may be. Empty lines are passed over. */
enum csv_result csv_next(struct csv *csv, struct error *error) __attribute__((warn_unused_result));
#endif
