/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/modes.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/table.h"

struct modes {
	enum desk_mode usual;
	struct table by_domain; /* hash of the domain in lower case -> mode */
	uint64_t seed;
};

struct modes *modes_new(enum desk_mode usual)
{
	struct modes *modes = memory_zero(1, sizeof *modes);

	modes->usual = usual;
	modes->seed = hash_seed();
	return modes;
}

void modes_free(struct modes *modes)
{
	if (!modes)
		return;
	table_done(&modes->by_domain);
	free(modes);
}

static struct text domain_of(struct text name)
{
	const char *at = memrchr(name.p, '@', name.n);

	return at ? text_between(at + 1, name.p + name.n) : name;
}

static uint64_t key_of(const struct modes *modes, struct text domain)
{
	char lower[MODES_DOMAIN_MAX];

	for (size_t i = 0; i < domain.n; i++)
		lower[i] = (char)((unsigned)(domain.p[i] - 'A') < 26 ? domain.p[i] | 0x20 : domain.p[i]);
	return hash_text(modes->seed, (struct text){ lower, domain.n }) | 1;
}

bool modes_set(struct modes *modes, struct text domain, enum desk_mode mode)
{
	if (domain.n > MODES_DOMAIN_MAX || modes->by_domain.count >= MODES_MAX)
		return false;
	if (!domain.n)
		modes->usual = mode;
	else
		*table_put(&modes->by_domain, key_of(modes, domain), mode, NULL) = mode;
	return true;
}

enum desk_mode modes_of(const struct modes *modes, struct text name)
{
	struct text domain = domain_of(name);
	uint32_t *mode = !modes->by_domain.count || domain.n > MODES_DOMAIN_MAX
				 ? NULL
				 : table_find(&modes->by_domain, key_of(modes, domain));

	return mode ? (enum desk_mode)*mode : modes->usual;
}

bool modes_parse(struct text name, enum desk_mode *mode)
{
	for (unsigned i = 0; i < DESK_MODES; i++) {
		if (text_is(name, text_of(desk_mode_names[i]))) {
			*mode = (enum desk_mode)i;
			return true;
		}
	}
	return false;
}
