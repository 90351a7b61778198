/* SPDX-License-Identifier: Apache-2.0 */
/* A connection to an IMAP server, logged in: libcurl opens it (addresses, TLS, login), the words behind are our own, for libcurl knows neither
 * IDLE nor how to read a mail without marking it as seen. Blocks; each step has a deadline, and ends when `stop` is readable. One thread.
 *
 * imaps:, or imap: with STARTTLS; without TLS only to this very machine. */
#ifndef SEKISHO_INTAKE_IMAP_LINE_H
#define SEKISHO_INTAKE_IMAP_LINE_H
#include "base/error.h"
#include "base/when.h"
#include "intake/imap.h"

enum { IMAP_FOLDER_MAX = 256, IMAP_NAME_MAX = 512 };
#define IMAP_PATIENCE_US MINUTE_US
#define IMAP_IDLE_US (9 * MINUTE_US) /* then it is said anew, before somebody on the way forgets the connection */
#define IMAP_DOZE_US MINUTE_US

struct imap_line_options {
	const char *url;      /* imaps://host[:port]/folder */
	const char *ca_file;  /* NULL or "": the system's */
	const char *user, *password;
	int stop;             /* a descriptor, or -1 */
};

struct imap_line;

/* only looks whether the URL is one: `folder` as it stands in it, decoded */
bool imap_url_read(const char *url, char folder[IMAP_FOLDER_MAX], struct error *error) __attribute__((warn_unused_result));
struct imap_line *imap_line_open(const struct imap_line_options *options, struct error *error) __attribute__((warn_unused_result));
void imap_line_close(struct imap_line *line);

/* Says `command` (without tag and end), and gives every untagged response to `hear` until it is done; false where the server says NO, or
 * the connection or the time is over. */
bool imap_line_ask(struct imap_line *line, const char *command, imap_hear *hear, void *context, struct error *error)
	__attribute__((warn_unused_result));
/* Waits until the folder has changed since the last time, or for some minutes: by IDLE (RFC 2177), else by asking every IMAP_DOZE_US; false
 * as above. */
bool imap_line_wait(struct imap_line *line, bool can_idle, struct error *error) __attribute__((warn_unused_result));
bool imap_line_was_stopped(const struct imap_line *line);
#endif
