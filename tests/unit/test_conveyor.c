/* SPDX-License-Identifier: Apache-2.0 */
/* What goes over the conveyor is judged as if it had been judged at once: same order, same verdicts, same memory. */
#include "story.h"

#include "engine/conveyor.h"

static void geo_agrees_with_the_stories(void **state)
{
	struct story_place places[] = { HOME, PHONE, BANGKOK, BOTNET(400), HOTSPOTS };
	struct geo *geo = story_geo();

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		for (unsigned n = 0; n < 400; n++) {
			struct ip ip = story_address(places[i], n);
			struct event_place wanted = story_where(&ip), place;

			geo_place(geo, &ip, &place);
			assert_memory_equal(place.country, wanted.country, 2);
			assert_int_equal(place.asn, wanted.asn);
		}
	}
	geo_free(geo);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(geo_agrees_with_the_stories),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
