/* SPDX-License-Identifier: Apache-2.0 */
/* Values of JSON reports, made of whatever the logs hold. Each is the caller's, as jansson's own are. */
#ifndef SEKISHO_REPORT_VALUE_H
#define SEKISHO_REPORT_VALUE_H
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "incident/incident.h"

json_t *value_text(const char *text);         /* bytes that are no UTF-8 become \xNN; NULL becomes null */
json_t *value_text_or_null(const char *text); /* "" as well */
json_t *value_time(int64_t t_us);             /* RFC 3339, or null */
json_t *value_rounded(double value, double scale); /* to 1/scale */
json_t *value_count(uint64_t value);
json_t *value_country(const struct event_place *place); /* its code, or null */
json_t *value_whose(const struct incident_source *source);
json_t *value_opening(enum incident_opening opening);
/* frees `root`; false with the reason where the stream could not be written */
bool value_write(json_t *root, FILE *to, struct error *error);
/* the same on one line, in the order in which its fields were set; not flushed */
bool value_write_line(json_t *root, FILE *to, struct error *error) __attribute__((warn_unused_result));
#endif
