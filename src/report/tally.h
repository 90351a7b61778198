/* SPDX-License-Identifier: Apache-2.0 */
/* The sources of one incident, put in order and summed up by country and by network. Borrows the incident;
 * freed with tally_done. */
#ifndef SEKISHO_REPORT_TALLY_H
#define SEKISHO_REPORT_TALLY_H
#include "incident/incident.h"

enum tally_by { TALLY_COUNTRY, TALLY_NETWORK };

struct tally_row {
	const struct incident_source *first; /* says which country or network */
	uint32_t addresses, logins;
	uint64_t messages;
};

struct tally {
	struct tally_row *rows; /* most messages first; the unknown ones last */
	size_t count;           /* of all rows */
	size_t known;           /* of those whose country or network is known: they stand first */
	uint64_t addresses;
};

/* the sources that are not the owner's alone */
void tally_make(const struct incident *incident, enum tally_by by, struct tally *tally);
void tally_done(struct tally *tally);

/* the attacker's first, then by messages, logins, first use; an array of source_count, to be freed */
const struct incident_source **tally_sources(const struct incident *incident);
bool tally_counts(const struct incident_source *source);
#endif
