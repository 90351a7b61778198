/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles as earlier versions kept them. */
#include "profile_help.h"

#include <string.h>

/* A picture of version 1 had the days of a place in one byte and their span in the next, and knew nothing of sending. */
static void make_old(struct profile_place *places, size_t count)
{
	unsigned char bytes[sizeof *places];

	for (size_t i = 0; i < count; i++) {
		memcpy(bytes, &places[i], sizeof bytes);
		bytes[6] = places[i].key ? 40 : 0;
		bytes[7] = places[i].key ? 39 : 0;
		memcpy(&places[i], bytes, sizeof bytes);
	}
}

static void whoever_was_at_home_before_an_upgrade_still_is(void **state)
{
	struct event sending = visit(41, "12:00", HOME);
	struct profile profile;

	new_profile(&profile, 1, 40, HOME);
	sending.kind = EVENT_SUBMIT;
	make_old(profile.blocks, PROFILE_BLOCKS);
	make_old(profile.networks, PROFILE_NETWORKS);
	make_old(profile.countries, PROFILE_COUNTRIES);
	profile_from_version_1(&profile);
	assert_int_equal(profile_familiar(&profile, &sending), FAMILIAR_WELL);
	for (unsigned i = 0; i < PROFILE_NETWORKS; i++) {
		assert_int_equal(profile.networks[i].days, profile.networks[i].key ? 40 : 0);
		assert_int_equal(profile.networks[i].span, profile.networks[i].key ? PROFILE_SPAN_MAX : 0);
		assert_false(profile.networks[i].early || profile.networks[i].sent_last);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_was_at_home_before_an_upgrade_still_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
