/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that stand in two logs: /var/log/syslog beside mail.log, mail.log.1 beside mail.log.1.gz, a server's main log
 * and its reject log, the journal beside any of them. The same words of the same process within a second are the same line,
 * and count once: the journal and syslog stamp a line each for itself, and old stamps are of whole seconds. What one log says twice
 * counts twice. A table of fixed size in which the newest take the places of the oldest, so the logs must be read
 * side by side in order of time, as the reader does. */
#ifndef SEKISHO_INTAKE_REPEATS_H
#define SEKISHO_INTAKE_REPEATS_H
#include "base/when.h"
#include "intake/format.h"

enum { REPEATS_SETS = 64 * 1024, REPEATS_WAYS = 4 }; /* 10 MiB */
#define REPEATS_WITHIN_US SECOND_US

struct repeats;

struct repeats *repeats_new(void);
void repeats_free(struct repeats *repeats);
/* another log (line->source, from 1 on) said this line before, as often as this one has by now */
bool repeats_heard(struct repeats *repeats, const struct line *line);
#endif
