/* SPDX-License-Identifier: Apache-2.0 */
/* Counts, times, places and names, each as a short text for people, the same in every medium and in every locale.
 * Each is written into the caller's room and returned: show_count(SHOWN, n) lives as long as the block around it.
 * Escaping is not done here but where the text leaves (terminal, page). */
#ifndef SEKISHO_REPORT_SHOW_H
#define SEKISHO_REPORT_SHOW_H
#include "event/event.h"

enum { SHOWN_MAX = 512, NAME_COLUMNS = 64 };

struct shown {
	char text[SHOWN_MAX];
};
#define SHOWN (&(struct shown){ { 0 } })

const char *show_count(struct shown *to, uint64_t count);                 /* "63,150" */
const char *show_bits(struct shown *to, double bits, bool sign);          /* "+17.1" */
const char *show_bytes(struct shown *to, uint64_t bytes);                 /* "210 MB" */
const char *show_seconds(struct shown *to, double seconds);               /* "1.2" */
const char *show_share(struct shown *to, uint64_t part, uint64_t whole);  /* "31.8%", "-" of nothing */
const char *show_time(struct shown *to, int64_t t_us);                    /* RFC 3339, or "unknown" */
const char *show_range(struct shown *to, int64_t first_us, int64_t last_us);
const char *show_span(struct shown *to, int64_t span_us);                 /* "2 h 05 min" */
/* cut to so many columns with an ellipsis; what is not safe to show as \xNN */
const char *show_name(struct shown *to, const char *name, unsigned columns);
const char *show_ip(struct shown *to, const struct ip *ip, bool block);
/* "JP", or "-" */
const char *show_country_code(struct shown *to, const struct event_place *place);
/* "Japan", or the code where it is no country's; never NULL */
const char *show_country(struct shown *to, const struct event_place *place);
/* "AS64500 Example Telecom", as far as known */
const char *show_network(struct shown *to, const struct event_place *place, const char *network, unsigned columns);

/* printf into memory that the caller frees */
char *show_format(const char *format, ...) __attribute__((format(printf, 1, 2), malloc, returns_nonnull));
/* the name in the reader's language, or NULL (report/country.c) */
const char *country_name(const char code[2]);
#endif
