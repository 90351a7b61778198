/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the desk: its one SQLite file. A connection belongs to one thread. The version of a file is the number of steps
 * (desk_file.c) that made it, so a new file and an old one are brought up to date in the same way. */
#ifndef SEKISHO_STORE_DESK_FILE_H
#define SEKISHO_STORE_DESK_FILE_H
#include <limits.h>
#include <sqlite3.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/when.h"

enum { DESK_BUSY_MS = 200 };         /* for another program to let go of the file */
#define DESK_ASIDE_US MINUTE_US      /* a file that is damaged again so soon stays: the disk is bad */

struct desk_file {
	char path[PATH_MAX];
	sqlite3 *db; /* NULL: not open */
	dev_t device;
	ino_t inode;
	bool damaged;     /* as the last failure said */
	char aside[PATH_MAX + 40]; /* where it was moved, while what can be read of it is not in the new one; else "" */
	int64_t aside_us; /* when one was set aside last; 0: never */
};

void desk_file_init(struct desk_file *file, const char *folder);
void desk_file_close(struct desk_file *file);
/* For the writer: makes the file or brings it up to date. A damaged one is set aside and what can be read out of it is
 * taken over; one that was taken away is begun anew. Either is said in *warning, which is left alone otherwise. */
bool desk_file_write(struct desk_file *file, struct error *warning, struct error *error) __attribute__((warn_unused_result));
/* For a reader: it changes nothing, and must be of this version. */
bool desk_file_read(struct desk_file *file, struct error *error) __attribute__((warn_unused_result));
/* Is it open, and still the file of that name? */
bool desk_file_is_current(const struct desk_file *file);
/* says what went wrong last, and remembers whether it was damage; always false */
bool desk_file_failed(struct desk_file *file, struct error *error);
/* the same, and closes: the next one is tried on a connection opened anew */
bool desk_file_give_up(struct desk_file *file, struct error *error);
bool desk_file_do(struct desk_file *file, const char *sql) __attribute__((warn_unused_result));
#endif
