/* SPDX-License-Identifier: Apache-2.0 */
/* The list of inputs that the arguments of a command stand for: files, folders, "-" for standard input. A folder
 * stands for every regular file in it and, INPUTS_DEPTH_MAX deep, below it; symbolic links in a folder are not
 * followed, an argument may be one. Each file is read once, however often it was named (same device and inode).
 * The members of a tar or zip file are files of their own, unpacked into files without a name ($TMPDIR, else /var/tmp),
 * INPUTS_MEMBERS_MAX of them at most. What cannot be read is kept as a fault, and the rest goes on. Owns all its texts. */
#ifndef SEKISHO_INTAKE_INPUTS_H
#define SEKISHO_INTAKE_INPUTS_H
#include "base/error.h"
#include "base/table.h"

enum {
	INPUTS_MAX = 10000,   /* files; what is beyond is a fault */
	INPUTS_DEPTH_MAX = 4, /* folders below the one that was named */
	INPUTS_MEMBERS_MAX = 500, /* of archives: each is an open file */
};

struct inputs_file {
	char *path;       /* its name; of a member, behind that of its archive */
	char *archive;    /* the path of the archive it is a member of, or NULL */
	char *unpacked;   /* what input_open opens instead of `path`, or NULL; goes away with … */
	int fd;           /* … this, -1 without */
	uint64_t bytes;   /* as it lies there, 0 unknown */
	bool named;       /* itself, and not as what is in a folder or an archive */
	bool once;        /* standard input, a FIFO: can be read only once, so nobody may look into it before */
	int64_t first_us; /* set by inputs_sort: its first time stamp, or that of the file before */
	size_t set, rank; /* for sorting: its folder, its place before */
};

struct inputs_fault {
	char *path;
	struct error why;
};

struct inputs {
	struct inputs_file *files;
	size_t count, room;
	struct inputs_fault *faults; /* at most INPUTS_MAX */
	size_t fault_count, fault_room;
	struct table seen;
	size_t members;
	size_t met; /* files come across, also those that were seen before */
	bool full;
};

/* zeroed at init by `struct inputs inputs = { 0 };` */
void inputs_done(struct inputs *inputs);
void inputs_add(struct inputs *inputs, const char *argument);

/* what input_open is to be told */
const char *inputs_opens(const struct inputs_file *file);

/* when a file begins, WHEN_NONE unknown; `older_us` is when the next older one of the same rotated log does */
typedef int64_t inputs_first_time(const char *path, int64_t older_us, void *context);

/* puts all files in order of their first time stamp, so that time runs forward over rotated logs, and over those
 * of several hosts. `first_time` tells it; NULL: none is known. Files of one folder that tell none, or the same, are in the
 * order of their names; an unknown time is taken to be that of the file before. */
void inputs_sort(struct inputs *inputs, inputs_first_time *first_time, void *context);

/* compares like strcmp, older first: mail.log.10.gz, mail.log.2.gz, mail.log.1, mail.log-20260101.gz,
 * mail.log-20260108, mail.log; other names by their bytes */
int inputs_name_order(const char *a, const char *b);
/* is that the name of a file (mail.log.2.gz, mail.log-20260101) that was `current` (mail.log) before? */
bool inputs_rotated(const char *name, const char *current);
#endif
