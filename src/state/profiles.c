/* SPDX-License-Identifier: Apache-2.0 */
#include "state/profiles.h"

#include <stdlib.h>

#include "base/memory.h"
#include "event/accounts.h"

enum { PAGE = 256, PAGES_MAX = ACCOUNTS_MAX / PAGE + 1 };

struct profiles {
	struct profile *pages[PAGES_MAX];
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
	struct profile **page = &profiles->pages[account / PAGE], *profile;

	if (!*page) {
		*page = memory_zero(PAGE, sizeof **page);
		profiles->count++;
	}
	profile = &(*page)[account % PAGE];
	if (profile->contacts_all == 0) /* zeroed: never used */
		profile_init(profile);
	return profile;
}

void profiles_expect(const struct profiles *profiles, uint32_t account)
{
	const struct profile *page = profiles->pages[account / PAGE];

	for (size_t at = 0; page && at < sizeof *page; at += 64)
		__builtin_prefetch((const char *)&page[account % PAGE] + at, 1);
}

const struct profile *profiles_peek(const struct profiles *profiles, uint32_t account)
{
	const struct profile *page = profiles->pages[account / PAGE];

	return page && page[account % PAGE].active_days ? &page[account % PAGE] : NULL;
}

size_t profiles_bytes(const struct profiles *profiles)
{
	return sizeof *profiles + profiles->count * PAGE * sizeof(struct profile);
}
