/* SPDX-License-Identifier: Apache-2.0 */
#include "event/accounts.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

/* Names live in blocks that never move, so that another thread may read them while this one adds; each ends with a NUL, which
 * stands in none. Where they begin is in pages of numbers. A million names cost as little as they can. */
enum {
	PAGE = 4096,
	PAGES_MAX = ACCOUNTS_MAX / PAGE + 1,
	BLOCK_BYTES = 1 << 20,
	BLOCKS_MAX = (1ull << 32) / BLOCK_BYTES,
	SLOTS_FIRST = 1024,
	TAG_BITS = 6, /* of the hash stand above the number in a slot: few names are looked at in vain */
	NUMBER_BITS = 32 - TAG_BITS,
};

_Static_assert(ACCOUNTS_MAX < 1 << NUMBER_BITS, "a number must fit below the tag");

struct accounts {
	char *blocks[BLOCKS_MAX];
	uint32_t *pages[PAGES_MAX]; /* block and place in it */
	uint32_t *slots;            /* tag and number; 0 is empty */
	uint32_t count, slot_count;
	uint64_t used;              /* bytes of the blocks, with what is left free at their ends */
	uint64_t seed;
	char *domain; /* "@example.jp", or NULL */
	size_t domain_bytes;
};

static const char *name_of(const struct accounts *accounts, uint32_t account)
{
	uint32_t at = accounts->pages[account / PAGE][account % PAGE];

	return accounts->blocks[at / BLOCK_BYTES] + at % BLOCK_BYTES;
}

struct text accounts_name(const struct accounts *accounts, uint32_t account)
{
	return account ? text_of(name_of(accounts, account)) : TEXT_NONE;
}

struct accounts *accounts_new(const char *default_domain)
{
	struct accounts *accounts = memory_zero(1, sizeof *accounts);

	accounts_clear(accounts);
	if (default_domain && *default_domain) {
		accounts->domain_bytes = strlen(default_domain) + 1;
		accounts->domain = memory_new(accounts->domain_bytes + 1);
		accounts->domain[0] = '@';
		memcpy(accounts->domain + 1, default_domain, accounts->domain_bytes);
		for (char *c = accounts->domain; *c; c++)
			*c = (char)((unsigned)(*c - 'A') < 26 ? *c | 0x20 : *c);
	}
	return accounts;
}

static void forget(struct accounts *accounts)
{
	for (size_t i = 0; i < PAGES_MAX; i++)
		free(accounts->pages[i]);
	for (size_t i = 0; i < BLOCKS_MAX; i++)
		free(accounts->blocks[i]);
	free(accounts->slots);
}

void accounts_clear(struct accounts *accounts)
{
	forget(accounts);
	memset(accounts->pages, 0, sizeof accounts->pages);
	memset(accounts->blocks, 0, sizeof accounts->blocks);
	accounts->count = 0;
	accounts->used = 0;
	accounts->seed = hash_seed();
	accounts->slot_count = SLOTS_FIRST;
	accounts->slots = memory_zero(SLOTS_FIRST, sizeof *accounts->slots);
}

void accounts_free(struct accounts *accounts)
{
	if (!accounts)
		return;
	forget(accounts);
	free(accounts->domain);
	free(accounts);
}

struct text accounts_normal(const struct accounts *accounts, struct text name, char *to)
{
	bool domain = false;

	if (name.n == 0 || name.n + accounts->domain_bytes >= ACCOUNT_NAME_MAX)
		return TEXT_NONE;
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (c < ' ' || c == 0x7f)
			c = '?';
		domain |= c == '@';
		to[i] = (char)((unsigned)(c - 'A') < 26 ? c | 0x20 : c);
	}
	if (!domain && accounts->domain) {
		memcpy(to + name.n, accounts->domain, accounts->domain_bytes);
		name.n += accounts->domain_bytes;
	}
	return (struct text){ to, name.n };
}

/* the half of a name's key that finds its slot */
static uint32_t hash_of(uint64_t key) { return (uint32_t)(key >> 32); }
static uint32_t tag_of(uint32_t hash) { return hash << NUMBER_BITS; }
static uint32_t number_in(uint32_t slot) { return slot & ((1u << NUMBER_BITS) - 1); }
static uint32_t home_of(const struct accounts *accounts, uint32_t hash)
{
	return (uint32_t)((uint64_t)hash * accounts->slot_count >> 32);
}

static uint32_t after(const struct accounts *accounts, uint32_t at) { return at + 1 < accounts->slot_count ? at + 1 : 0; }

static bool holds(const struct accounts *accounts, uint32_t slot, struct text name, uint32_t hash)
{
	const char *here = (slot ^ tag_of(hash)) >> NUMBER_BITS ? NULL : name_of(accounts, number_in(slot));

	return here && strncmp(here, name.p, name.n) == 0 && here[name.n] == '\0';
}

static uint32_t *slot_of(const struct accounts *accounts, struct text name, uint32_t hash)
{
	uint32_t at = home_of(accounts, hash);

	while (accounts->slots[at] && !holds(accounts, accounts->slots[at], name, hash))
		at = after(accounts, at);
	return &accounts->slots[at];
}

uint32_t accounts_find(const struct accounts *accounts, struct text name, uint64_t *key)
{
	char buffer[ACCOUNT_NAME_MAX];

	name = accounts_normal(accounts, name, buffer);
	*key = name.n ? hash_text(accounts->seed, name) | 1 : 0;
	return name.n ? number_in(*slot_of(accounts, name, hash_of(*key))) : 0;
}

static void fill_slots(struct accounts *accounts)
{
	free(accounts->slots);
	accounts->slots = memory_zero(accounts->slot_count, sizeof *accounts->slots);
	for (uint32_t i = 1; i <= accounts->count; i++) {
		uint32_t hash = hash_of(hash_text(accounts->seed, accounts_name(accounts, i)) | 1);
		uint32_t at = home_of(accounts, hash);

		while (accounts->slots[at])
			at = after(accounts, at);
		accounts->slots[at] = tag_of(hash) | i;
	}
}

/* at most 7/8 full, at least 7/12 */
static void grow(struct accounts *accounts)
{
	accounts->slot_count += accounts->slot_count / 2;
	fill_slots(accounts);
}

/* room for so many bytes in one block; NULL where there is none any more */
static char *take(struct accounts *accounts, size_t bytes, uint32_t *place)
{
	uint64_t at = accounts->used;

	if (at % BLOCK_BYTES == 0 || at % BLOCK_BYTES + bytes > BLOCK_BYTES)
		at = (at + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
	if (at / BLOCK_BYTES >= BLOCKS_MAX)
		return NULL;
	if (!accounts->blocks[at / BLOCK_BYTES])
		accounts->blocks[at / BLOCK_BYTES] = memory_new(BLOCK_BYTES);
	*place = (uint32_t)at;
	accounts->used = at + bytes;
	return accounts->blocks[at / BLOCK_BYTES] + at % BLOCK_BYTES;
}

static uint32_t append(struct accounts *accounts, struct text name)
{
	uint32_t account = accounts->count + 1, place;
	char *to = account < ACCOUNTS_MAX ? take(accounts, name.n + 1, &place) : NULL;

	if (!to)
		return 0;
	memcpy(to, name.p, name.n);
	to[name.n] = '\0';
	if (!accounts->pages[account / PAGE])
		accounts->pages[account / PAGE] = memory_new(PAGE * sizeof **accounts->pages);
	accounts->pages[account / PAGE][account % PAGE] = place;
	return accounts->count = account;
}

/* the number of a name in its normal form, made where it was none */
static uint32_t put(struct accounts *accounts, struct text name, uint32_t hash)
{
	uint32_t *slot = slot_of(accounts, name, hash), account;

	if (*slot)
		return number_in(*slot);
	if ((accounts->count + 1) * 8ull > accounts->slot_count * 7ull) {
		grow(accounts);
		slot = slot_of(accounts, name, hash);
	}
	account = append(accounts, name);
	*slot = account ? tag_of(hash) | account : 0;
	return account;
}

uint32_t accounts_add(struct accounts *accounts, struct text name, uint64_t *key)
{
	char buffer[ACCOUNT_NAME_MAX];

	name = accounts_normal(accounts, name, buffer);
	*key = name.n ? hash_text(accounts->seed, name) | 1 : 0;
	return name.n ? put(accounts, name, hash_of(*key)) : 0;
}

uint32_t accounts_count(const struct accounts *accounts) { return accounts->count; }

size_t accounts_bytes(const struct accounts *accounts)
{
	return sizeof *accounts + accounts->used + accounts->slot_count * sizeof *accounts->slots +
	       ((size_t)accounts->count / PAGE + 1) * PAGE * sizeof **accounts->pages;
}

/* ---- to a picture and back: the names one after another, each with its NUL */

enum { IMAGE_VERSION = 1, READ_BYTES = 64 * 1024 };

struct accounts_image {
	uint64_t seed, count, bytes;
};

static uint64_t name_bytes(const struct accounts *accounts)
{
	uint64_t bytes = 0;

	for (uint32_t i = 1; i <= accounts->count; i++)
		bytes += accounts_name(accounts, i).n + 1;
	return bytes;
}

void accounts_save(const struct accounts *accounts, struct image_out *out)
{
	struct accounts_image image = { accounts->seed, accounts->count, name_bytes(accounts) };

	image_begin(out, "accounts", IMAGE_VERSION, sizeof image, 1);
	image_put(out, &image, sizeof image);
	image_begin(out, "names", IMAGE_VERSION, 1, image.bytes);
	for (uint32_t i = 1; i <= accounts->count; i++)
		image_put(out, name_of(accounts, i), accounts_name(accounts, i).n + 1);
}

/* in the form in which it would be added now; only the default domain may have been another then */
static bool is_name(struct text name)
{
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < ' ' || name.p[i] == 0x7f || (name.p[i] >= 'A' && name.p[i] <= 'Z'))
			return false;
	return name.n > 0 && name.n < ACCOUNT_NAME_MAX;
}

/* the whole names of `bytes`; *bytes is what is left of them */
static bool load_names(struct accounts *accounts, struct text *bytes)
{
	struct text name;

	while (text_cut(bytes, '\0', &name))
		if (!is_name(name) || !append(accounts, name))
			return false;
	return bytes->n < ACCOUNT_NAME_MAX;
}

static bool load(struct accounts *accounts, struct image_in *in, struct error *error)
{
	struct accounts_image image = { 0 };
	char buffer[ACCOUNT_NAME_MAX + READ_BYTES];
	struct text rest = { buffer, 0 };
	uint64_t left;
	bool there;

	if (!image_one(in, "accounts", IMAGE_VERSION, &image, sizeof image, &there, error) ||
	    !image_open(in, "names", IMAGE_VERSION, 1, image.bytes, &left, error))
		return false;
	accounts->seed = there ? image.seed : accounts->seed;
	while (left) {
		size_t n = left < READ_BYTES ? (size_t)left : READ_BYTES;

		memmove(buffer, rest.p, rest.n);
		if (!image_get(in, buffer + rest.n, n, error))
			return false;
		rest = (struct text){ buffer, rest.n + n };
		left -= n;
		if (!load_names(accounts, &rest))
			return image_wrong(in, error);
	}
	if (rest.n || accounts->count != image.count)
		return image_wrong(in, error);
	while (accounts->count * 8ull > accounts->slot_count * 7ull)
		accounts->slot_count += accounts->slot_count / 2;
	fill_slots(accounts);
	return true;
}

bool accounts_restore(struct accounts *accounts, uint32_t account, struct text name)
{
	return account && account <= accounts->count + 1 && is_name(name) &&
	       put(accounts, name, hash_of(hash_text(accounts->seed, name) | 1)) == account;
}

bool accounts_load(struct accounts *accounts, struct image_in *in, struct error *error)
{
	if (load(accounts, in, error))
		return true;
	accounts_clear(accounts);
	return false;
}
