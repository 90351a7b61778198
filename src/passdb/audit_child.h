/* SPDX-License-Identifier: Apache-2.0 */
/* The helper's side of an audit: this program once more, with --audit, as a child that goes when the helper goes. One at a time. What it
 * has found stands in the file of results; how far it has come, in memory that both see. */
#ifndef SEKISHO_PASSDB_AUDIT_CHILD_H
#define SEKISHO_PASSDB_AUDIT_CHILD_H
#include <sys/types.h>

#include "passdb/audit.h"

struct audit_child {
	const char *settings_file; /* the helper's own */
	char results[4096];
	pid_t pid;                 /* 0: none was started, or it is gone */
	struct audit_progress *progress; /* of the last one; NULL: none yet */
};

void audit_child_init(struct audit_child *child, const char *settings_file, const char *former_folder);
void audit_child_done(struct audit_child *child);
/* whether one is at work; one that has ended is put to rest */
bool audit_child_runs(struct audit_child *child);
/* names of the order are not looked at: the child reads the settings for itself */
bool audit_child_start(struct audit_child *child, const struct audit_order *order, struct error *error) __attribute__((warn_unused_result));
/* bids it stop, which it does within a second */
void audit_child_stop(struct audit_child *child);
#endif
