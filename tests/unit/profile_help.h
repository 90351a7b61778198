/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of profiles share: whoever comes by at a place, on a day of a story. */
#ifndef SEKISHO_TESTS_PROFILE_HELP_H
#define SEKISHO_TESTS_PROFILE_HELP_H
#include "story.h"

/* a login */
struct event visit(unsigned day, const char *time, struct story_place from);
/* it is learned */
void come(struct profile *profile, unsigned day, const char *time, struct story_place from);
/* at home each morning from the first day to the last, and nowhere else */
void new_profile(struct profile *profile, unsigned first_day, unsigned last_day, struct story_place home);
/* for reading, at noon */
enum profile_familiar familiar(const struct profile *profile, unsigned day, struct story_place from);
#endif
