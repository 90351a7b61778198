/* SPDX-License-Identifier: Apache-2.0 */
/* What comes after an incident, for AFTERMATH_US from its release on: mail that comes back, told apart by when and from where it was sent (for
 * recovery/guide.h), and what of the after-care is open. Told on to the owner: once that mail of after the release comes back, and once, after
 * AFTERMATH_REMIND_US, what is still open.
 *
 * A message is of after the release where it was submitted since; the last AFTERMATH_IDS_MAX of an account are known by their queue ids (and
 * forgotten by a restart; then only what the ledger dates counts as new). At most AFTERMATH_MAX incidents, the oldest are let go. Figures
 * stand on the desk, written a second later. Judges nothing. One thread. */
#ifndef SEKISHO_GATE_AFTERMATH_H
#define SEKISHO_GATE_AFTERMATH_H
#include "event/event.h"
#include "profile/profile.h"
#include "recovery/guide.h"
#include "store/desk.h"

enum { AFTERMATH_MAX = 10000, AFTERMATH_IDS_MAX = 512, AFTERMATH_WRITES_MAX = 20 /* a second */ };
#define AFTERMATH_US (14 * DAY_US)
#define AFTERMATH_REMIND_US (3 * DAY_US)

struct aftermath;

struct aftermath *aftermath_new(struct desk *desk) __attribute__((warn_unused_result));
void aftermath_free(struct aftermath *aftermath);

/* the incident was released, and was none in vain */
void aftermath_begin(struct aftermath *aftermath, uint64_t incident, uint32_t account, int64_t now_us);
/* is there one of that incident, or of a newer one of the account? */
bool aftermath_has(const struct aftermath *aftermath, uint64_t incident, uint32_t account);
/* as it was on the desk */
void aftermath_restore(struct aftermath *aftermath, uint64_t incident, uint32_t account, struct text told);

/* submissions and bounces of an account, from a source that is so familiar; `id`: the queue's */
void aftermath_event(struct aftermath *aftermath, const struct event *event, struct text id, enum profile_familiar familiar);
/* a mail came back of which the ledger has this */
void aftermath_returned(struct aftermath *aftermath, uint32_t account, struct text id, int64_t sent_us, uint8_t familiar);
/* one came back that no login sent; `local`: a program of this machine */
void aftermath_stray(struct aftermath *aftermath, uint32_t account, bool local, int64_t now_us);
/* an item was ticked, or opened again */
void aftermath_care(struct aftermath *aftermath, const struct desk_care *care);

/* Each second: writes what changed; `tell` is called once for each of the two (`again`: mail comes back; else: something is open). */
void aftermath_look(struct aftermath *aftermath, int64_t now_us,
		    void (*tell)(void *context, uint32_t account, uint64_t incident, bool again), void *context);

/* the figures as they stand on the desk; false where it is no aftermath */
bool aftermath_read(struct text told, struct guide_figures *figures) __attribute__((warn_unused_result));
#endif
