/* SPDX-License-Identifier: Apache-2.0 */
/* From a line without its envelope to what the life room is told: who reads logs (reader, follow) shares this. Which format
 * reads a program, and as which of its services, is needed for every line and therefore remembered, a program a place. */
#ifndef SEKISHO_INTAKE_TOLD_H
#define SEKISHO_INTAKE_TOLD_H
#include "intake/format.h"

enum { TOLD_PROGRAMS = 256, TOLD_REPEATED_MAX = 10000 };

struct told_program {
	struct text name;            /* points into `bytes` */
	const struct format *format; /* NULL: nobody reads it */
	size_t row;                  /* of formats[] */
	unsigned service;
	char bytes[64];
};

/* zeroed at init by `struct told told = { 0 };`; must not be moved once it was asked */
struct told {
	struct told_program programs[TOLD_PROGRAMS];
};

/* good until the next call; `name` is not empty */
const struct told_program *told_program(struct told *told, struct text name);
/* tells the life room, as often as syslog says that it was said ("message repeated 2 times: [ …]") */
enum line_kind told_line(const struct told_program *program, struct life *life, struct line *line);
#endif
