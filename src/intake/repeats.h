/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that stand in two files: /var/log/syslog beside mail.log, mail.log.1 beside mail.log.1.gz, a server's main log
 * and its reject log. The same words of the same process at the same time are the same line, and count once; what one
 * file says twice counts twice. A table of fixed size in which the newest take the places of the oldest, so the files must
 * be read side by side in order of time, as the reader does. */
#ifndef SEKISHO_INTAKE_REPEATS_H
#define SEKISHO_INTAKE_REPEATS_H
#include "intake/format.h"

enum { REPEATS_SETS = 64 * 1024, REPEATS_WAYS = 4 }; /* 6 MiB */

struct repeats;

struct repeats *repeats_new(void);
void repeats_free(struct repeats *repeats);
/* another file (line->source) said this line before, as often as this one has by now */
bool repeats_heard(struct repeats *repeats, const struct line *line);
#endif
