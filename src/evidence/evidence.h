/* SPDX-License-Identifier: Apache-2.0 */
/* The signals: what speaks for somebody else using an account, in bits. One constant row and one file each; adding
 * one touches signals.c only. A signal looks at one event with the profile as it was before that event, and keeps
 * its sum in the profile. Pure.
 *
 * Signals of one group speak of nearly the same thing, so the group has a cap; groups are nearly independent and add
 * up (verdict/verdict.h). What happens at the owner's own place counts, but only up to a limit: the same newsletter
 * means less from there. */
#ifndef SEKISHO_EVIDENCE_EVIDENCE_H
#define SEKISHO_EVIDENCE_EVIDENCE_H
#include "profile/population.h"
#include "profile/profile.h"

enum evidence_group {
	GROUP_PLACE,
	GROUP_CLIENT,
	GROUP_GUESSING,
	GROUP_PACE,      /* how much */
	GROUP_BEHAVIOUR, /* to whom, when */
	GROUP_CONTENT,
	GROUP_TENANT,
	GROUP_OUTCOME,
	GROUP_COUNT
};

struct evidence_view {
	const struct event *event;
	const struct profile *profile;
	const struct population *population;
	enum profile_familiar familiar;
	bool young;
	bool strange;       /* a block that was never seen with the account, or, for SUBMIT, was only ever read from … */
	bool visited;       /* … which is no news: its network was, again and again in weeks past (state/visited.h) */
	bool new_place, only_read_here; /* which of the two; neither where it is no news */
	bool first_contact; /* OUTCOME: the account never wrote to this recipient before */
	uint32_t strangers; /* SUBMIT: so many of the recipients named were never written to before */
	const float *factors; /* by signal, on what it adds (evidence/weights.h); NULL: 1 each */
	float sum;          /* of the signal that is asked, so far */
};

struct signal {
	const char *name;           /* stable, for reports and settings */
	enum evidence_group group;
	unsigned kinds;             /* 1 << EVENT_…: which events it looks at */
	float least;                /* its sum never falls below … */
	float most[FAMILIAR_LEVELS]; /* … and no event from a source so familiar lifts it above */
	bool level; /* weigh tells the sum itself, of which the higher stays, instead of what is to be added */
	float (*weigh)(const struct evidence_view *view);
	/* a sentence for people, from the profile as it is now; writes nothing for what it cannot say */
	void (*say)(const struct profile *profile, char *to, size_t size);
};

extern const struct signal *const signals[PROFILE_SIGNALS];

/* adds up what the event says, signal by signal, into the profile */
void evidence_weigh(struct profile *profile, struct evidence_view *view);

/* a message that the owner might have written: to people the account knows, in its own name, with its own software */
bool evidence_owner_like(const struct evidence_view *view);

/* Many at once over a network that the owner sends from, with the owner's own software: an old list or an invitation, rather than a
 * thief, who would be slow from there. Pace has said most of it; strangers and dead ones among them are the same list. */
bool evidence_owners_list(const struct evidence_view *view);

/* A list of fifty is one decision, not fifty: the first three of a message count, and of the others a fifteenth. In a log,
 * where attackers are only counted, each counts. */
static inline float evidence_few(uint32_t recipients)
{
	return recipients <= 3 ? (float)recipients : 3.0f + (float)(recipients - 3) / 15.0f;
}
static inline float evidence_weight_of(const struct event *event)
{
	return event->detail ? evidence_few(event->count) : event->count ? (float)event->count : 1;
}

static inline float evidence_log2_ratio(float likely, float usual) { return __builtin_log2f(likely / usual); }
static inline float evidence_clamp(float x, float least, float most) { return x < least ? least : x > most ? most : x; }
#endif
