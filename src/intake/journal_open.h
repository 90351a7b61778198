/* SPDX-License-Identifier: Apache-2.0 */
/* The journal itself, by libsystemd: of this machine, of a folder, or of one file; which of its entries are mail, and how one
 * becomes a line. sd-journal wants one thread for all that is done with one journal. */
#ifndef SEKISHO_INTAKE_JOURNAL_OPEN_H
#define SEKISHO_INTAKE_JOURNAL_OPEN_H
#include <systemd/sd-journal.h>

#include "base/error.h"
#include "intake/journal.h"

/* before its first entry, with only what is mail; `path` NULL: this machine's. NULL where there is none that can be read */
sd_journal *journal_open(const char *path, struct error *error);
/* false, with the sentence for what libsystemd answered */
bool journal_failed(const char *path, int status, struct error *error);
/* the line of the entry that it stands at, in JOURNAL_LINE_MAX bytes; 0 without one. `entry` is scratch */
size_t journal_line(sd_journal *journal, struct journal_entry *entry, char *to);
#endif
