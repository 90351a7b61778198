/* SPDX-License-Identifier: Apache-2.0 */
/* One incident: what happened to one account, in the words of contracts.md. Counts are the attacker's alone;
 * sent, bounced, deferred and unfinished count recipients, and `deferred` is the part of `unfinished` that was
 * tried. Pure data: owned by whoever made it, freed with incident_done. */
#ifndef SEKISHO_INCIDENT_INCIDENT_H
#define SEKISHO_INCIDENT_INCIDENT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

enum incident_verdict { INCIDENT_SUSPECTED, INCIDENT_HIJACKED };

/* how the door was opened, as far as the log shows it */
enum incident_opening {
	OPENING_UNKNOWN, /* the log begins too late */
	OPENING_BLUE,    /* out of the blue: the first attempt worked, so the password was known */
	OPENING_GUESSED, /* wrong passwords for this account, then the right one */
	OPENING_SPRAYED, /* the same network tried many accounts, and this one opened */
};

struct incident_source {
	struct ip ip;
	struct event_place place;
	char network[64];
	uint32_t logins, failures, messages, recipients, bounced;
	int64_t first_us, last_us;
	bool familiar; /* the owner's */
	bool attacker;
};

struct incident_evidence {
	const char *signal; /* stable name, "new_country" */
	double bits;
	int64_t at_us;
	char text[200]; /* one sentence, in the language of the reader */
};

/* messages over time; step chosen so that SERIES_MAX buckets are enough */
enum { INCIDENT_SERIES_MAX = 168, INCIDENT_QUEUE_IDS_MAX = 100000, INCIDENT_SOURCES_MAX = 10000 };
struct incident_series {
	int64_t start_us, step_us;
	size_t count;
	uint32_t owner[INCIDENT_SERIES_MAX], attacker[INCIDENT_SERIES_MAX];
};

struct incident {
	uint32_t account;
	const char *name; /* borrowed from struct accounts */
	enum incident_verdict verdict;
	enum incident_opening opening;
	double bits;
	int64_t began_us, first_abuse_us, last_abuse_us, detected_us; /* WHEN_NONE unknown */
	uint32_t messages, recipients, sent, bounced, deferred, unfinished;
	uint32_t queued;         /* the part of `unfinished` that is not known to have left the queue */
	uint32_t leaked_before_detection;
	uint32_t owner_messages; /* in the same time, from the owner's own sources */
	uint32_t returned;       /* bounces that came in from outside for this mail */
	bool same_source;        /* the abuse came from the owner's own device or network */
	bool partial;            /* the second look lacked part of the log */
	struct incident_source *sources;
	size_t source_count, sources_omitted;
	struct incident_evidence *evidence; /* largest first */
	size_t evidence_count;
	char **queue_ids;
	size_t queue_id_count, queue_ids_omitted;
	struct incident_series series;
};

void incident_done(struct incident *incident);
#endif
