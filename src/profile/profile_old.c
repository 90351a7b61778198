/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles from the pictures of earlier versions. */
#include <string.h>

#include "profile/profile.h"

/* what stood in a place's last two bytes */
struct place_1 {
	uint32_t key;
	uint16_t last_day;
	uint8_t days, span;
};

_Static_assert(sizeof(struct place_1) == sizeof(struct profile_place), "both have the same size");

static void place_from_version_1(struct profile_place *place)
{
	struct place_1 old;

	memcpy(&old, place, sizeof old);
	*place = (struct profile_place){ .key = old.key, .last_day = old.last_day };
	place->days = old.days < PROFILE_DAYS_MAX ? old.days : PROFILE_DAYS_MAX;
	place->span = old.span < PROFILE_SPAN_MAX ? old.span : PROFILE_SPAN_MAX;
	place->sent = place->days;
}

void profile_from_version_1(struct profile *profile)
{
	for (unsigned i = 0; i < PROFILE_BLOCKS; i++)
		place_from_version_1(&profile->blocks[i]);
	for (unsigned i = 0; i < PROFILE_NETWORKS; i++)
		place_from_version_1(&profile->networks[i]);
	for (unsigned i = 0; i < PROFILE_COUNTRIES; i++)
		place_from_version_1(&profile->countries[i]);
	profile->busiest_q3 = 0;
}
