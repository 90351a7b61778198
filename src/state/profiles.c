/* SPDX-License-Identifier: Apache-2.0 */
#include "state/profiles.h"

#include <stdlib.h>

#include "base/memory.h"
#include "event/accounts.h"

enum { PAGE = 256, PAGES_MAX = ACCOUNTS_MAX / PAGE + 1 };

/* what is judged by stands apart from what is only counted */
struct page {
	struct profile profiles[PAGE];
	struct profiles_tally tallies[PAGE];
};

struct profiles {
	struct page *pages[PAGES_MAX];
	size_t count; /* of pages */
};

struct profiles *profiles_new(void) { return memory_zero(1, sizeof(struct profiles)); }

void profiles_free(struct profiles *profiles)
{
	if (!profiles)
		return;
	for (size_t i = 0; i < PAGES_MAX; i++)
		free(profiles->pages[i]);
	free(profiles);
}

struct profile *profiles_get(struct profiles *profiles, uint32_t account)
{
	struct page **page = &profiles->pages[account / PAGE];
	struct profile *profile;

	if (!*page) {
		*page = memory_zero(1, sizeof **page);
		profiles->count++;
	}
	profile = &(*page)->profiles[account % PAGE];
	if (profile->contacts.all_q6 == 0) /* zeroed: never used */
		profile_init(profile);
	return profile;
}

void profiles_expect(const struct profiles *profiles, uint32_t account)
{
	const struct page *page = profiles->pages[account / PAGE];

	for (size_t at = 0; page && at < sizeof *page->profiles; at += 64)
		__builtin_prefetch((const char *)&page->profiles[account % PAGE] + at, 1);
}

const struct profile *profiles_peek(const struct profiles *profiles, uint32_t account)
{
	const struct page *page = profiles->pages[account / PAGE];

	return page && page->profiles[account % PAGE].active_days ? &page->profiles[account % PAGE] : NULL;
}

struct profiles_tally *profiles_tally(struct profiles *profiles, uint32_t account)
{
	profiles_get(profiles, account);
	return &profiles->pages[account / PAGE]->tallies[account % PAGE];
}

const struct profiles_tally *profiles_peek_tally(const struct profiles *profiles, uint32_t account)
{
	const struct page *page = profiles->pages[account / PAGE];

	return page ? &page->tallies[account % PAGE] : NULL;
}

size_t profiles_bytes(const struct profiles *profiles)
{
	return sizeof *profiles + profiles->count * sizeof(struct page);
}
