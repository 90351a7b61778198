/* SPDX-License-Identifier: Apache-2.0 */
/* The file of results while an audit writes it (audit_results.h): locked, begun anew, and longer by each result. */
#ifndef SEKISHO_PASSDB_AUDIT_FILE_H
#define SEKISHO_PASSDB_AUDIT_FILE_H
#include "passdb/audit_subjects.h"

struct audit_file {
	int lock; /* -1: none */
	FILE *to;
};

/* false also where another audit has it */
bool audit_file_lock(struct audit_file *file, const char *path, struct error *error) __attribute__((warn_unused_result));
/* What is known by now, each once, beside and synced, in the place of what was there; `all`: what is known of others is forgotten. It
 * stays open for more. */
bool audit_file_begin(struct audit_file *file, const char *path, const struct audit_subjects *subjects, const struct audit_results *known, bool all,
		      struct error *error) __attribute__((warn_unused_result));
void audit_file_put(struct audit_file *file, const struct audit_subject *subject);
/* what was put is on the disk */
bool audit_file_sync(struct audit_file *file, struct error *error) __attribute__((warn_unused_result));
void audit_file_close(struct audit_file *file);
#endif
