/* SPDX-License-Identifier: Apache-2.0 */
/* Mail still comes back after the new password: why, and what helps? From what was counted since the release, one cause:
 *
 *   old        it was sent before: harmless, and fades over two days
 *   spoofed    it never passed here: somebody writes in this name from elsewhere, and no password helps against that
 *   script     a program of this machine sent it, without a login: look at the web space
 *   device     the owner's own places sent it, with the new password: the device is infected
 *   leak       places never seen before sent it, with the new password: it leaked again, within hours even
 *
 * Few bounces say nothing: everybody mistypes an address. Pure. */
#ifndef SEKISHO_RECOVERY_GUIDE_H
#define SEKISHO_RECOVERY_GUIDE_H
#include <jansson.h>

#include "base/when.h"

enum {
	GUIDE_LEAST = 3,          /* bounces from which on places that are not the owner's, or a script, are told of */
	GUIDE_HOME_LEAST = 10,    /* the same for the owner's places, where mistakes are made, too … */
	GUIDE_HOME_SHARE = 5,     /* … and one in so many of the mails that were sent from there came back */
};
#define GUIDE_FADE_US (2 * DAY_US)

enum guide_cause { GUIDE_QUIET, GUIDE_OLD, GUIDE_SPOOFED, GUIDE_SCRIPT, GUIDE_DEVICE, GUIDE_LEAK, GUIDE_CAUSES };
extern const char *const guide_cause_names[GUIDE_CAUSES]; /* "quiet", "old", … */

/* since the release; bounces are recipients, sent are messages */
struct guide_figures {
	int64_t released_us;
	uint32_t old_bounces, home_bounces, strange_bounces, script_bounces, spoofed_bounces;
	uint32_t home_sent, strange_sent;
	int64_t strange_first_us; /* a message from a place that is not the owner's; WHEN_NONE: none */
	int64_t last_us;          /* the last bounce; WHEN_NONE: none */
};

enum guide_cause guide_cause_of(const struct guide_figures *figures);
/* does it go on: is something to be done? */
bool guide_alarms(enum guide_cause cause);
/* what is seen, and what helps, each a sentence or two in the reader's language; "" for GUIDE_QUIET */
void guide_say(const struct guide_figures *figures, char *to, size_t size);
const char *guide_advice(enum guide_cause cause);

/* both ways: {"cause":"device","released":…,"old":3,…}; what is missing or wrong is 0 */
json_t *guide_json(const struct guide_figures *figures) __attribute__((warn_unused_result));
void guide_from_json(const json_t *object, struct guide_figures *figures);
#endif
