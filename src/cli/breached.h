/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of breached passwords, read from what was named: files, compressed or not, folders and what is below them (a million files of
 * ranges among them, so their names are not gathered first), "-". What is wrong in them is said, by file and line and never by what
 * stands there, BREACHED_COMPLAINTS_MAX times; the rest is worked on. */
#ifndef SEKISHO_CLI_BREACHED_H
#define SEKISHO_CLI_BREACHED_H
#include <sys/stat.h>

#include "cli/progress.h"
#include "password/breached_build.h"
#include "password/breached_list.h"

enum { BREACHED_COMPLAINTS_MAX = 20 };

struct breached_reading {
	struct breached_list list;
	struct breached_build *build;
	struct stat output; /* of the file that is to be replaced, which is no list */
	bool has_output;
	uint64_t files, lines, left_out, bad_lines, faults;
	struct progress progress;
	uint64_t done_bytes;
	int status; /* CLI_DONE, or the exit status so far */
};

/* false where it makes no sense to go on: why was said, and stands in `status` */
bool breached_read(struct breached_reading *reading, const char *argument);
/* what was not said any more */
void breached_read_end(const struct breached_reading *reading);
#endif
