/* SPDX-License-Identifier: Apache-2.0 */
#include "state/profiles.h"

#include <stdlib.h>

#include "base/memory.h"
#include "event/accounts.h"

enum { PAGE = MEMORY_HUGE_PAGE / PROFILE_BYTES_MAX, PAGES_MAX = ACCOUNTS_MAX / PAGE + 1 };

/* begins with a line of the cache, so that it fills four and not parts of five */
struct slot {
	_Alignas(PROFILE_BYTES_MAX) struct profile profile;
};

/* what is judged by stands apart from what is only counted */
struct page {
	struct slot *slots;
	struct profiles_tally *tallies;
};

struct profiles {
	struct page pages[PAGES_MAX];
	size_t count, tally_count; /* of pages with slots, and with tallies */
};

struct profiles *profiles_new(void) { return memory_zero(1, sizeof(struct profiles)); }

void profiles_free(struct profiles *profiles)
{
	if (!profiles)
		return;
	for (size_t i = 0; i < PAGES_MAX; i++) {
		memory_huge_free(profiles->pages[i].slots, 1);
		free(profiles->pages[i].tallies);
	}
	free(profiles);
}

/* zeroed: never used */
static bool is_used(const struct profile *profile) { return profile->contacts.all_q6 != 0; }

struct profile *profiles_get(struct profiles *profiles, uint32_t account)
{
	struct page *page = &profiles->pages[account / PAGE];
	struct profile *profile;

	if (!page->slots) {
		page->slots = memory_huge(1);
		profiles->count++;
	}
	profile = &page->slots[account % PAGE].profile;
	if (!is_used(profile))
		profile_init(profile);
	return profile;
}

void profiles_expect(const struct profiles *profiles, uint32_t account)
{
	const struct page *page = &profiles->pages[account / PAGE];

	for (size_t at = 0; page->slots && at < sizeof *page->slots; at += 64)
		__builtin_prefetch((const char *)&page->slots[account % PAGE] + at, 1);
}

const struct profile *profiles_peek(const struct profiles *profiles, uint32_t account)
{
	const struct slot *slots = profiles->pages[account / PAGE].slots;

	return slots && slots[account % PAGE].profile.active_days ? &slots[account % PAGE].profile : NULL;
}

struct profiles_tally *profiles_tally(struct profiles *profiles, uint32_t account)
{
	struct page *page = &profiles->pages[account / PAGE];

	if (!page->tallies) {
		page->tallies = memory_zero(PAGE, sizeof *page->tallies);
		profiles->tally_count++;
	}
	return &page->tallies[account % PAGE];
}

const struct profiles_tally *profiles_peek_tally(const struct profiles *profiles, uint32_t account)
{
	const struct profiles_tally *tallies = profiles->pages[account / PAGE].tallies;

	return tallies ? &tallies[account % PAGE] : NULL;
}

size_t profiles_bytes(const struct profiles *profiles)
{
	return sizeof *profiles + profiles->count * PAGE * sizeof(struct slot) +
	       profiles->tally_count * PAGE * sizeof(struct profiles_tally);
}

/* ---- to a picture and back: by number, zeros for those that were never used */

enum { IMAGE_VERSION = 2 };

static uint32_t highest(const struct profiles *profiles)
{
	uint32_t page = PAGES_MAX, at = PAGE;

	while (page > 0 && !profiles->pages[page - 1].slots)
		page--;
	if (page == 0)
		return 0;
	while (at > 0 && !is_used(&profiles->pages[page - 1].slots[at - 1].profile))
		at--;
	return (page - 1) * PAGE + at;
}

void profiles_save(const struct profiles *profiles, struct image_out *out)
{
	static const struct profile never;
	uint32_t count = highest(profiles);

	image_begin(out, "profiles", IMAGE_VERSION, sizeof never, count);
	for (uint32_t i = 0; i < count; i++) {
		const struct slot *slots = profiles->pages[i / PAGE].slots;

		image_put(out, slots ? &slots[i % PAGE].profile : &never, sizeof never);
	}
}

bool profiles_load(struct profiles *profiles, struct image_in *in, uint32_t accounts, struct error *error)
{
	uint64_t count;
	uint32_t version;
	struct profile profile;

	if (!image_open(in, "profiles", IMAGE_VERSION, sizeof profile, (uint64_t)accounts + 1, &count, error))
		return false;
	version = in->section.version;
	for (uint32_t i = 0; i < count; i++) {
		if (!image_get(in, &profile, 1, error))
			return false;
		if (!is_used(&profile))
			continue;
		if (!image_is_amount((double)profile.rate) || !image_is_amount((double)profile.rate_away))
			return image_wrong(in, error);
		if (version == 1)
			profile_from_version_1(&profile);
		*profiles_get(profiles, i) = profile;
	}
	return true;
}
