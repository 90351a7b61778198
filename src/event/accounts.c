/* SPDX-License-Identifier: Apache-2.0 */
#include "event/accounts.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/memory.h"

/* names live in pages that never move, so that another thread may read them while this one adds */
enum { PAGE = 4096, PAGES_MAX = ACCOUNTS_MAX / PAGE + 1 };

/* the length stands in front of the text: a million names cost as little as they can */
struct name {
	const char *packed;
};

struct accounts {
	struct arena arena;
	struct name *pages[PAGES_MAX];
	uint32_t *slots; /* numbers; 0 is empty */
	uint32_t count, mask;
	uint64_t seed;
	char *domain; /* "@example.jp", or NULL */
	size_t domain_bytes;
};

static struct name *name_of(const struct accounts *accounts, uint32_t account)
{
	return &accounts->pages[account / PAGE][account % PAGE];
}

struct text accounts_name(const struct accounts *accounts, uint32_t account)
{
	const char *packed = account ? name_of(accounts, account)->packed : NULL;

	return packed ? (struct text){ packed + 2, (size_t)hash_load(packed, 2) } : TEXT_NONE;
}

struct accounts *accounts_new(const char *default_domain)
{
	struct accounts *accounts = memory_zero(1, sizeof *accounts);

	accounts->seed = hash_seed();
	accounts->mask = 1023;
	accounts->slots = memory_zero(accounts->mask + 1, sizeof *accounts->slots);
	accounts->pages[0] = memory_zero(PAGE, sizeof **accounts->pages);
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

void accounts_free(struct accounts *accounts)
{
	if (!accounts)
		return;
	for (size_t i = 0; i < PAGES_MAX; i++)
		free(accounts->pages[i]);
	arena_done(&accounts->arena);
	free(accounts->slots);
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

static uint32_t slot_of(const struct accounts *accounts, struct text name, uint32_t hash)
{
	uint32_t at = hash & accounts->mask;

	while (accounts->slots[at] && !text_is(accounts_name(accounts, accounts->slots[at]), name))
		at = (at + 1) & accounts->mask;
	return at;
}

uint32_t accounts_find(const struct accounts *accounts, struct text name, uint64_t *key)
{
	char buffer[ACCOUNT_NAME_MAX];

	name = accounts_normal(accounts, name, buffer);
	*key = name.n ? hash_text(accounts->seed, name) | 1 : 0;
	return name.n ? accounts->slots[slot_of(accounts, name, (uint32_t)(*key >> 32))] : 0;
}

static void grow(struct accounts *accounts)
{
	free(accounts->slots);
	accounts->mask = accounts->mask * 2 + 1;
	accounts->slots = memory_zero((size_t)accounts->mask + 1, sizeof *accounts->slots);
	for (uint32_t i = 1; i <= accounts->count; i++) {
		uint32_t at =
			(uint32_t)((hash_text(accounts->seed, accounts_name(accounts, i)) | 1) >> 32) & accounts->mask;

		while (accounts->slots[at])
			at = (at + 1) & accounts->mask;
		accounts->slots[at] = i;
	}
}

static uint32_t append(struct accounts *accounts, struct text name)
{
	uint32_t account = accounts->count + 1;
	char packed[2 + ACCOUNT_NAME_MAX];
	uint16_t bytes = (uint16_t)name.n;

	if (account >= ACCOUNTS_MAX)
		return 0;
	if (!accounts->pages[account / PAGE])
		accounts->pages[account / PAGE] = memory_zero(PAGE, sizeof **accounts->pages);
	memcpy(packed, &bytes, 2);
	memcpy(packed + 2, name.p, name.n);
	name_of(accounts, account)->packed = arena_text(&accounts->arena, (struct text){ packed, name.n + 2 });
	return accounts->count = account;
}

uint32_t accounts_add(struct accounts *accounts, struct text name, uint64_t *key)
{
	char buffer[ACCOUNT_NAME_MAX];
	uint32_t at;

	name = accounts_normal(accounts, name, buffer);
	*key = name.n ? hash_text(accounts->seed, name) | 1 : 0;
	if (!name.n)
		return 0;
	at = slot_of(accounts, name, (uint32_t)(*key >> 32));
	if (!accounts->slots[at]) {
		if ((accounts->count + 1) * 4ull > (accounts->mask + 1) * 3ull) {
			grow(accounts);
			at = slot_of(accounts, name, (uint32_t)(*key >> 32));
		}
		accounts->slots[at] = append(accounts, name);
	}
	return accounts->slots[at];
}

uint32_t accounts_count(const struct accounts *accounts) { return accounts->count; }

size_t accounts_bytes(const struct accounts *accounts)
{
	return sizeof *accounts + accounts->arena.total + ((size_t)accounts->mask + 1) * sizeof *accounts->slots +
	       ((size_t)accounts->count / PAGE + 1) * PAGE * sizeof(struct name);
}
