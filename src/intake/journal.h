/* SPDX-License-Identifier: Apache-2.0 */
/* One entry of a journal, and the one text line it becomes:
 *   2026-11-22T10:33:40.123456+00:00 host program[pid]: message
 * Time is __REALTIME_TIMESTAMP (else _SOURCE_REALTIME_TIMESTAMP), program SYSLOG_IDENTIFIER (else _COMM), pid
 * SYSLOG_PID (else _PID); a host or program that is not known is "-". Of a repeated field the first counts.
 *
 * Messages come from outside, and an entry must stay one line: every control character in a message becomes a
 * blank. In host and program, which hold no blank, every control character and blank becomes '?', and so do the
 * '[', ']' and ':' of a program. */
#ifndef SEKISHO_INTAKE_JOURNAL_H
#define SEKISHO_INTAKE_JOURNAL_H
#include "base/text.h"

enum {
	JOURNAL_FIELD_MAX = 64 * 1024,   /* bytes of a value that are kept */
	JOURNAL_ENTRY_MAX = 1024 * 1024, /* bytes; a larger entry is skipped, as is one of too many fields */
	JOURNAL_FIELDS_MAX = 1000,
	JOURNAL_NAME_MAX = 255,          /* bytes of a host or program that are kept */
	JOURNAL_LINE_MAX = JOURNAL_FIELD_MAX + 1024,
};

struct journal_entry;

struct journal_entry *journal_entry_new(void);
void journal_entry_free(struct journal_entry *entry);
void journal_entry_clear(struct journal_entry *entry);

/* false: fields of this name are not needed */
bool journal_entry_wants(struct text field);
/* keeps a copy of the value, cut if need be; a field that is not wanted is ignored */
void journal_entry_put(struct journal_entry *entry, struct text field, struct text value);
/* the line with its '\n', at most JOURNAL_LINE_MAX bytes; 0 for an entry without a time or a message */
size_t journal_entry_line(const struct journal_entry *entry, char *to);
#endif
