/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts that nobody uses: of those that live where passwords are kept, for whoever was never here stands nowhere else. */
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "gate/gate_inside.h"

struct looking {
	struct gate *gate;
	char domain[ACCOUNT_NAME_MAX];
	int64_t before_us;
	void (*each)(void *to, struct text name, int64_t last_us);
	void *to;
	control_done *done;
	void *ticket;
};

static void raise_to(int64_t *last_us, uint16_t day)
{
	int64_t t_us = day * DAY_US;

	if (day && (*last_us == WHEN_NONE || t_us > *last_us))
		*last_us = t_us;
}

/* what a memory of before uses were noted knows: the days on which places were used */
static int64_t from_places(const struct profile *profile)
{
	int64_t last_us = profile->home_s ? profile->home_s * SECOND_US : WHEN_NONE;

	for (unsigned i = 0; i < PROFILE_BLOCKS; i++)
		raise_to(&last_us, profile->blocks[i].last_day);
	for (unsigned i = 0; i < PROFILE_NETWORKS; i++)
		raise_to(&last_us, profile->networks[i].last_day);
	for (unsigned i = 0; i < PROFILE_COUNTRIES; i++)
		raise_to(&last_us, profile->countries[i].last_day);
	return last_us;
}

int64_t gate_last_use(const struct gate *gate, uint32_t account)
{
	const struct profile *profile = account ? profiles_peek(engine_profiles(gate->engine), account) : NULL;
	int64_t last_us = used_last(engine_used(gate->engine), account);

	return last_us == WHEN_NONE && profile ? from_places(profile) : last_us;
}

static void look_at(const struct looking *looking, struct text name, uint32_t account)
{
	int64_t last_us = gate_last_use(looking->gate, account);

	if (gate_in_domain(name, text_of(looking->domain)) && (last_us == WHEN_NONE || last_us < looking->before_us))
		looking->each(looking->to, name, last_us);
}

static void listed(void *context, struct text account)
{
	const struct looking *looking = context;
	char room[ACCOUNT_NAME_MAX];
	struct text name = accounts_normal(looking->gate->accounts, account, room);
	uint64_t key;

	if (name.n)
		look_at(looking, name, accounts_find(looking->gate->accounts, name, &key));
}

static void listed_all(void *context, const struct error *error)
{
	struct looking *looking = context;

	looking->done(looking->ticket, error);
	free(looking);
}

void gate_each_unused(struct gate *gate, struct text domain, int64_t before_us, struct control_unused *told,
		      void (*each)(void *to, struct text name, int64_t last_us), void *to, control_done *done, void *ticket)
{
	struct looking *looking = memory_zero(1, sizeof *looking);

	*looking = (struct looking){ .gate = gate, .before_us = before_us, .each = each, .to = to, .done = done, .ticket = ticket };
	text_copy(looking->domain, sizeof looking->domain, domain);
	told->since_us = used_since(engine_used(gate->engine));
	told->listed = gate->doors.keys && access(gate->doors.keys_socket, F_OK) == 0;
	if (told->listed) {
		keys_list(gate->doors.keys, listed, listed_all, looking);
		return;
	}
	for (uint32_t account = 1; account <= accounts_count(gate->accounts); account++)
		look_at(looking, accounts_name(gate->accounts, account), account);
	listed_all(looking, NULL);
}
