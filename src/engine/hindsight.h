/* SPDX-License-Identifier: Apache-2.0 */
/* The second look, when the whole log is known: over the suspects only, from the spool. Sets when it began, separates the
 * owner's messages from the attacker's by place, counts what the attacker alone did. Where the spool lacks records, or
 * there are more than HINDSIGHT_RECORDS_MAX of them, the incidents say `partial`.
 * Owns the incidents; engine and accounts must live longer. */
#ifndef SEKISHO_ENGINE_HINDSIGHT_H
#define SEKISHO_ENGINE_HINDSIGHT_H
#include "engine/engine.h"
#include "event/accounts.h"
#include "geo/geo.h"
#include "incident/incident.h"

enum { HINDSIGHT_RECORDS_MAX = 4000000 };

struct hindsight;

/* `first_us`: time of the log's first line; geo may be NULL */
struct hindsight *hindsight_new(struct engine *engine, const struct accounts *accounts, struct geo *geo,
				int64_t first_us);
void hindsight_free(struct hindsight *hindsight);
/* worst first; the caller may add to them (queue ids) */
size_t hindsight_incidents(struct hindsight *hindsight, struct incident **incidents);
/* the incident that a message belongs to as the attacker's, or NULL */
struct incident *hindsight_incident_of(struct hindsight *hindsight, uint32_t account, uint32_t message);
bool hindsight_partial(const struct hindsight *hindsight);
#endif
