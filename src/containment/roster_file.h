/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the roster: one writing of its file. Blocks; for a thread. */
#ifndef SEKISHO_CONTAINMENT_ROSTER_FILE_H
#define SEKISHO_CONTAINMENT_ROSTER_FILE_H
#include <sys/types.h>

#include "base/error.h"
#include "base/text.h"

struct roster_file {
	const char *path;
	const char *postmap; /* or NULL */
	mode_t mode;
	bool by_seconds, by_group;
	int stop; /* readable once nobody waits for it any more */
};

/* The whole file becomes `text`: written under another name, synced, renamed. What earlier writers left behind is removed. */
bool roster_file_write(const struct roster_file *file, struct text text, struct error *error)
	__attribute__((warn_unused_result));
/* a line with this login and this ending; false with a sentence where the file cannot be read */
bool roster_file_has(const struct roster_file *file, const char *login, const char *ending, bool *there, struct error *error)
	__attribute__((warn_unused_result));
#endif
