/* SPDX-License-Identifier: Apache-2.0 */
/* Old passwords that a device goes on trying, told from guessing: who guesses tries ever different ones, a telephone that nobody told of
 * the new password has the same again and again. So a wrong password counts once against its account, and once against each network
 * (/24, /48) that tries it.
 *
 * Of a password only a digest of what its server calls "pwhash" is remembered, with a key of this process; with Dovecot's usual 12 bits
 * one guess in some hundreds is taken for a repetition, which costs the detector nothing. Fixed memory: WRONG_PASSWORDS_MAX of them, a few
 * for each account; those that came again are kept before those that came once, so that a guesser does not push a device's out. What was
 * not tried for WRONG_PASSWORDS_US of event time is forgotten, and all of it at a restart: then each counts once more. No clock, no I/O. */
#ifndef SEKISHO_STATE_WRONG_PASSWORDS_H
#define SEKISHO_STATE_WRONG_PASSWORDS_H
#include "base/text.h"
#include "event/event.h"

enum { WRONG_PASSWORDS_MAX = 1 << 16, WRONG_PASSWORDS_EACH = 8, WRONG_PASSWORDS_NETWORKS = 4 };
#define WRONG_PASSWORDS_US (30 * DAY_US)

struct wrong_passwords;

struct wrong_passwords *wrong_passwords_new(void);
void wrong_passwords_free(struct wrong_passwords *passwords);
/* A login to an account failed: was this password tried before? Empty, for whoever does not know: REPEAT_NOT. */
enum event_repeat wrong_passwords_hear(struct wrong_passwords *passwords, const struct event *event, struct text pwhash);

/* a device that goes on trying */
struct wrong_passwords_device {
	int64_t first_us, last_us;
	uint32_t times;
	struct ip ip; /* that it came from last */
};
/* of the account, those that tried the same one at least three times, the busiest first; returns how many */
size_t wrong_passwords_devices(const struct wrong_passwords *passwords, uint32_t account,
			       struct wrong_passwords_device devices[WRONG_PASSWORDS_EACH]);
#endif
