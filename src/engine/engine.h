/* SPDX-License-Identifier: Apache-2.0 */
/* The sentence that every event goes through, whoever saw it and whatever for:
 *
 *   load the profile, weigh the evidence, decide, record, learn.
 *
 * One hijack, as it goes by here. At 03:10 somebody logs in to alice's account from a country where she never was: the
 * signal new_country adds 7 bits, the verdict is still to pass. Two minutes later a second country, a third: spread.
 * The first message leaves; its recipient is one that she never wrote to, and does not exist: new_recipients, bounces.
 * Eleven bits: from now on her unfamiliar sources are held. Twenty-two: locked; the account becomes a suspect, with
 * the evidence as it stood. While anything speaks against the account nothing is learned, so the attacker's places
 * never become hers. At the end hindsight.h looks at the suspects once more and separates her messages from his.
 *
 * Owns profiles, population, filter and spool; the geo database is the caller's. Reads no clock, knows no protocol. One
 * thread, which alone uses the geo database. */
#ifndef SEKISHO_ENGINE_ENGINE_H
#define SEKISHO_ENGINE_ENGINE_H
#include "evidence/weights.h"
#include "geo/geo.h"
#include "profile/population.h"
#include "state/profiles.h"
#include "state/used.h"
#include "store/spool.h"
#include "verdict/verdict.h"

enum { ENGINE_SUSPECTS_MAX = 100000 };

struct engine;

struct engine_options {
	struct verdict_limits limits;
	struct geo *geo;      /* for events that come without country and network; NULL: then they stay without */
	uint64_t spool_bytes; /* 0: nothing is kept for a second look */
	bool live;            /* nobody will ask for bounces or tallies: none are kept */
	const struct evidence_weights *weights; /* NULL: as built; copied */
};

/* an account against which enough speaks to be named; the evidence as it was at its highest before the lock, or at it */
struct suspect {
	uint32_t account;
	float bits;
	float signal_bits[PROFILE_SIGNALS];
	int64_t signal_us[PROFILE_SIGNALS]; /* when each last grew */
	struct profile then;                /* for the sentences */
	int64_t suspected_us, locked_us;    /* WHEN_NONE: never locked */
	uint64_t locked_record;             /* number in the spool of the event that locked it */
};

/* bounces from outside, by account */
struct engine_returned {
	uint32_t account, bounces;
	int64_t first_us, last_us;
};

struct engine *engine_new(const struct engine_options *options);
void engine_free(struct engine *engine);

/* tells that this event will come soon: what it needs is fetched from memory meanwhile */
void engine_expect(const struct engine *engine, const struct event *event);
void engine_event(struct engine *engine, const struct event *event, struct verdict *verdict);

/* How far this source (account, ip, place, client) would be the owner's own, if a login from there worked: by SMTP to send, else to
 * read. Asks only. */
enum profile_familiar engine_familiar(const struct engine *engine, const struct event *source);
/* what stands against the account at that time */
void engine_standing(struct engine *engine, uint32_t account, int64_t t_us, struct verdict *verdict);
const struct verdict_limits *engine_limits(const struct engine *engine);

size_t engine_suspects(const struct engine *engine, const struct suspect **suspects);
/* NULL where nothing was ever enough to name the account; good until the next event */
const struct suspect *engine_suspect(const struct engine *engine, uint32_t account);
/* what it was suspected of is over: the next suspicion begins anew */
void engine_clear_suspect(struct engine *engine, uint32_t account);
/* wrong passwords on the account, and guessing that was held against it, count no more */
void engine_pardon_failures(struct engine *engine, uint32_t account);
/* what was learnt of the account is gone: it is as young as a new one (whom it wrote to stands in a filter for all, of which
 * nothing can be taken out, and nobody can be read) */
void engine_forget(struct engine *engine, uint32_t account);
size_t engine_returned(const struct engine *engine, const struct engine_returned **returned);
const struct profiles *engine_profiles(const struct engine *engine);
const struct population *engine_population(const struct engine *engine);
const struct used *engine_used(const struct engine *engine);
struct spool *engine_spool(struct engine *engine); /* NULL where none is kept */
size_t engine_bytes(const struct engine *engine);

/* profiles, population, known recipients, last uses; not what is kept for a second look */
void engine_save(const struct engine *engine, struct image_out *out);
/* into a new one, of so many accounts; left as new on failure */
bool engine_load(struct engine *engine, struct image_in *in, uint32_t accounts, struct error *error)
	__attribute__((warn_unused_result));
/* knows nothing again */
void engine_clear(struct engine *engine);
#endif
