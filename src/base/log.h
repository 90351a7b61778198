/* SPDX-License-Identifier: Apache-2.0 */
/* What the daemon says of itself: one line on standard error, with the priority in front as journald reads it ("<4>",
 * sd-daemon(3)) where standard error is no terminal. Only engine, intake, gate, web, cli, passdb and main log, each thing once; never a
 * secret. Control characters become '?', so that no line from outside can pretend to be another. */
#ifndef SEKISHO_BASE_LOG_H
#define SEKISHO_BASE_LOG_H

enum log_level { LOG_ERROR = 3, LOG_WARN = 4, LOG_NOTE = 5, LOG_FINE = 6 };

enum { LOG_LINE_MAX = 1024 };

void log_say(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));
#endif
