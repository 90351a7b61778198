/* SPDX-License-Identifier: Apache-2.0 */
/* Where reports go: the standard output, or a file that is whole or not there. */
#ifndef SEKISHO_CLI_OUTPUT_H
#define SEKISHO_CLI_OUTPUT_H
#include <stdio.h>

#include "base/error.h"
#include "intake/inputs.h"

enum output_form { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_HTML };

/* "text", "json" and, where there are pages, "html"; says on standard error that it is none of them */
bool output_parse_form(const char *name, bool pages, enum output_form *form) __attribute__((warn_unused_result));
/* would a report of that name lie over one of the inputs? `-o mail.log*` is easily typed, and `-o mail.log - <mail.log`.
 * Says so. */
bool output_is_input(const char *path, const struct inputs *inputs);
/* `path` NULL: the standard output. The exit status: what could not be written was said. */
int output_write(const char *path, bool (*write)(const void *context, FILE *to, struct error *error), const void *context);
/* colours are for this stream */
bool output_has_colour(FILE *to);
#endif
