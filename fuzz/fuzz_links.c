/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a text and as HTML: links within the limits, hosts in the form that url.h tells, and what a reader sees no longer than told. */
#include <assert.h>

#include "mail/links.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct phishing_rules *rules(void)
{
	static const struct phishing_rules *made;

	return made ? made : (made = phishing_rules_new(NULL, NULL));
}

static void check(struct links *links)
{
	assert(links->count <= LINKS_MAX && links->host_count <= HOSTS_MAX);
	for (size_t i = 0; i < links->count; i++) {
		const struct link *link = &links->link[i];

		assert(link->url.host.n && link->url.host.n <= HOST_BYTES_MAX && link->url.whole.n <= URL_BYTES_MAX);
		assert(link->shown.n <= LINK_SHOWN_MAX);
		for (size_t j = 0; j < link->url.host.n; j++)
			assert((unsigned char)link->url.host.p[j] > ' ' && (unsigned char)link->url.host.p[j] < 0x7f);
		links_judged(links, link->host);
		assert(link->host->site.n <= link->host->name.n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct text text = { (const char *)data, size }, seen, host;
	struct links links;

	links_init(&links, rules(), &arena);
	links_read_text(&links, text);
	check(&links);
	links_init(&links, rules(), &arena);
	links_read_html(&links, text, &seen);
	assert(seen.n <= 2 * size + 16);
	check(&links);
	if (links_shown_host(rules(), &arena, text, &host))
		assert(host.n && host.n <= HOST_BYTES_MAX);
	arena_done(&arena);
	return 0;
}
