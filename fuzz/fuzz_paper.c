/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what the daemon answered of an incident, and as what the desk kept of its logins: no paper speaks to a terminal
 * or a browser, and none that is not full holds an address but the account's own. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "gate/seen.h"
#include "report/paper.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_one(const struct paper *paper, int form)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	bool good = form == 0 ? paper_text(paper, to, false, NULL) : form == 1 ? paper_html(paper, to, NULL) : paper_json(paper, to, NULL);

	assert(fclose(to) == 0 && good);
	assert(!memchr(text, '\033', n) && !memchr(text, '\r', n) && strlen(text) == n);
	assert(form != 1 || !strstr(text, "<script"));
	free(text);
}

static void no_addresses(const struct paper *paper)
{
	for (size_t i = 0; i < paper->note_count; i++) {
		const char *at = strchr(paper->notes[i].text, '@');

		assert(!at || strcasestr(paper->notes[i].text, paper->account));
		assert(!*paper->notes[i].name);
	}
	for (size_t i = 0; i < paper->incident.source_count; i++)
		assert(!paper->incident.sources[i].familiar || !ip_known(&paper->incident.sources[i].ip));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *incident = json_loadb((const char *)data, size, JSON_DECODE_ANY, NULL);
	struct seen_tally tally;
	struct paper paper;
	struct error error = { "" };

	if (!seen_read((struct text){ (const char *)data, size }, &tally))
		assert(!tally.source_count);
	for (int full = 0; full < 2; full++) {
		if (!paper_read(incident, full, 0, &paper, &error)) {
			assert(*error.text && !paper.account);
			continue;
		}
		if (!full)
			no_addresses(&paper);
		for (int form = 0; form < 3; form++)
			write_one(&paper, form);
		paper_done(&paper);
	}
	json_decref(incident);
	return 0;
}
