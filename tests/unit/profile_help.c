/* SPDX-License-Identifier: Apache-2.0 */
#include "profile_help.h"

struct event visit(unsigned day, const char *time, struct story_place from)
{
	struct event event = { .t_us = story_time(day, time), .kind = EVENT_AUTH, .ok = true, .count = 1 };

	event.place_silent = from.silent;
	event.ip = story_address(from, day);
	event.place = story_where(&event.ip);
	return event;
}

void come(struct profile *profile, unsigned day, const char *time, struct story_place from)
{
	struct event event = visit(day, time, from);

	profile_age(profile, event.t_us);
	profile_learn_place(profile, &event);
}

void new_profile(struct profile *profile, unsigned first_day, unsigned last_day, struct story_place home)
{
	profile_init(profile);
	for (unsigned day = first_day; day <= last_day; day++)
		come(profile, day, "09:00", home);
}

enum profile_familiar familiar(const struct profile *profile, unsigned day, struct story_place from)
{
	struct event event = visit(day, "12:00", from);

	return profile_familiar(profile, &event);
}
