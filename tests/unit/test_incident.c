/* SPDX-License-Identifier: Apache-2.0 */
/* An incident owns its lists and gives all of them back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/memory.h"
#include "incident/incident.h"

static struct incident full_incident(void)
{
	struct incident incident = { .account = 7, .name = "alice@example.jp", .messages = 3 };

	incident.sources = memory_zero(5, sizeof *incident.sources);
	incident.source_count = 5;
	incident.evidence = memory_zero(4, sizeof *incident.evidence);
	incident.evidence_count = 4;
	incident.queue_ids = memory_zero(3, sizeof *incident.queue_ids);
	while (incident.queue_id_count < 3)
		incident.queue_ids[incident.queue_id_count++] = memory_copy("4cXk2y1TzQz9", 12);
	return incident;
}

static void gives_everything_back(void **state)
{
	struct incident incident = full_incident(), empty = { 0 };

	incident_done(&incident);
	assert_memory_equal(&incident, &empty, sizeof incident);
	incident_done(&incident); /* nothing is left to give */
}

static void empty_one_has_nothing(void **state)
{
	struct incident incident = { 0 };

	incident_done(&incident);
	assert_null(incident.sources);
	assert_null(incident.evidence);
	assert_null(incident.queue_ids);
}

static void lists_may_be_there_one_by_one(void **state)
{
	for (unsigned which = 0; which < 8; which++) {
		struct incident incident = full_incident(), rest = { 0 };

		if (which & 1) {
			rest.sources = incident.sources;
			incident.sources = NULL;
		}
		if (which & 2) {
			rest.evidence = incident.evidence;
			incident.evidence = NULL;
		}
		if (which & 4) {
			rest.queue_ids = incident.queue_ids;
			rest.queue_id_count = incident.queue_id_count;
			incident.queue_ids = NULL;
			incident.queue_id_count = 0;
		}
		incident_done(&incident);
		incident_done(&rest);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_everything_back),
		cmocka_unit_test(empty_one_has_nothing),
		cmocka_unit_test(lists_may_be_there_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
