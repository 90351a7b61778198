/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon's answers about made-up incidents, for tests of the paper and for a look at it. Times, names and addresses are
 * invented (RFC 5737, 3849, 5398). */
#ifndef SEKISHO_TESTS_SAMPLE_PAPER_H
#define SEKISHO_TESTS_SAMPLE_PAPER_H
#include "report/paper.h"

/* tests/unit/paper/incident.json below `source`; the caller's */
json_t *sample_incident(const char *source);
/* every text in it tries to be something else, every number is out of range, every list too long */
json_t *sample_incident_hostile(void);
/* no more than a number and a name */
json_t *sample_incident_bare(void);
/* when the samples were written */
#define SAMPLE_PAPER_US ((int64_t)1795140000 * SECOND_US)
#endif
