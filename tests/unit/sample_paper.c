/* SPDX-License-Identifier: Apache-2.0 */
#include "sample_paper.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

json_t *sample_incident(const char *source)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/tests/unit/paper/incident.json", source);
	return json_load_file(path, 0, NULL);
}

json_t *sample_incident_bare(void) { return json_pack("{s:i, s:s}", "id", 1, "account", "info@example.jp"); }

#define NASTY "<script>alert(1)</script>\x1b[31m \"'&]]>\xe2\x80\xae\r\n%s%n"

static json_t *long_text(void)
{
	char text[5000];

	memset(text, 'x', sizeof text);
	memcpy(text, NASTY, sizeof NASTY - 1);
	return json_stringn(text, sizeof text);
}

static json_t *many(json_t *one, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append(list, one);
	json_decref(one);
	return list;
}

static json_t *hostile_source(void)
{
	return json_pack("{s:s, s:s, s:I, s:o, s:I, s:I, s:s, s:s, s:b, s:b}", "ip", NASTY, "country", "<b", "asn", (json_int_t)-1,
			 "network", long_text(), "messages", INT64_MAX, "recipients", (json_int_t)-5, "first", NASTY, "last",
			 "9999-12-31T23:59:59Z", "familiar", 0, "attacker", 1);
}

static json_t *hostile_step(void)
{
	return json_pack("{s:o, s:s, s:s, s:I, s:o, s:o, s:s}", "action", long_text(), "state", NASTY, "at", "2026-11-20T03:15:30+09:00",
			 "tries", INT64_MAX, "says", long_text(), "proof", long_text(), "proved_at", "2026-11-20T03:15:30+09:00");
}

json_t *sample_incident_hostile(void)
{
	json_t *incident = json_pack("{s:I, s:o, s:s, s:i, s:s, s:f, s:s}", "id", INT64_MAX, "account", long_text(), "state", NASTY, "mode", 7,
				     "began", "1601-01-01T00:00:00Z", "bits", 1e300, "detected_at", "2026-11-20T03:15:30+09:00");
	json_t *evidence = json_pack("{s:o, s:f, s:o}", "signal", long_text(), "bits", -1e300, "text", long_text());
	json_t *note = json_pack("{s:s, s:o, s:o}", "at", "2026-11-20T03:15:30+09:00", "who", long_text(), "text", long_text());

	json_object_set_new(incident, "passed", json_pack("{s:I, s:I}", "messages", INT64_MAX, "recipients", INT64_MAX));
	json_object_set_new(incident, "sources", many(hostile_source(), 20000));
	json_object_set_new(incident, "evidence", many(evidence, 300));
	json_object_set_new(incident, "notes", many(note, 2000));
	json_object_set_new(incident, "series",
			    json_pack("{s:s, s:I, s:o, s:s}", "start", "2026-11-20T03:00:00Z", "step", (json_int_t)60, "attacker",
				      many(json_integer(INT64_MAX), 3000), "owner", "none"));
	json_object_set_new(incident, "closure", json_pack("{s:o, s:s, s:o}", "scope", long_text(), "began", NASTY, "steps", many(hostile_step(), 500)));
	return incident;
}
