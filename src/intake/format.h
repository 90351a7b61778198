/* SPDX-License-Identifier: Apache-2.0 */
/* The formats of logs: one row and one file each. A reader takes a line whose envelope (time, host, program)
 * has been taken off, and tells the life room what happened. It keeps nothing of the line. */
#ifndef SEKISHO_INTAKE_FORMAT_H
#define SEKISHO_INTAKE_FORMAT_H
#include "base/text.h"

struct life;

struct line {
	int64_t t_us;
	uint32_t host;        /* number of the host that wrote it: queue ids belong to a host */
	uint32_t pid;         /* 0 unknown */
	uint32_t source;      /* number of the file */
	struct text program;  /* "postfix/submission/smtpd", "dovecot", "exim", "sm-mta" */
	unsigned service;     /* what the format's `service` said of the program, 0: not asked */
	struct text text;     /* what the program said */
};

enum line_kind {
	LINE_FOREIGN,    /* of another program, or of no interest to anybody by its program name */
	LINE_UNDERSTOOD, /* also: known and without meaning for us */
	LINE_UNPARSED,   /* of a program we know, in words we do not */
};

struct format {
	const char *name;
	bool (*claims)(struct text program);
	/* which of its services that is, from 1; asked once a program and remembered by the caller. NULL: it has none */
	unsigned (*service)(struct text program);
	enum line_kind (*read)(struct life *life, const struct line *line);
};

extern const struct format format_postfix, format_dovecot, format_exim, format_sendmail;
extern const struct format *const formats[]; /* ends with NULL */
#endif
