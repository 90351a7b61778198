/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of JSON objects that the daemon answered with. What is missing, or of another kind, is "", 0, false or WHEN_NONE. Texts live as long
 * as the object. */
#ifndef SEKISHO_REPORT_FIELD_H
#define SEKISHO_REPORT_FIELD_H
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

const char *field_text(const json_t *object, const char *field);
uint64_t field_count(const json_t *object, const char *field);
double field_bits(const json_t *object, const char *field);
/* RFC 3339 */
int64_t field_time(const json_t *object, const char *field);
bool field_flag(const json_t *object, const char *field);
#endif
