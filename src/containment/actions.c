/* SPDX-License-Identifier: Apache-2.0 */
/* The order is that of a lock that was found to hold: nobody new comes in, nobody who is in sends, sessions end when no new
 * one can begin, the queue is held when nothing is added to it any more, and caches are emptied when there is nothing that
 * could fill them again. */
#include "base/i18n.h"
#include "containment/acts.h"

#define PLACES (1u << REACH_PLACES)
#define SENDING (1u << REACH_SENDING)
#define ACCOUNT (1u << REACH_ACCOUNT)

const struct action actions[] = {
	{ "gate", N_("the gate, for mail"), PLACES | SENDING | ACCOUNT, true, false, act_gate_is_set_up, act_gate },
	{ "logins", N_("the gate, for logins"), PLACES | ACCOUNT, true, false, act_logins_is_set_up, act_logins },
	{ "away", N_("the table for when the daemon is away"), PLACES | SENDING | ACCOUNT, true, true, act_away_is_set_up, act_away },
	{ "deny_list", N_("Dovecot's deny list"), ACCOUNT, true, false, act_deny_is_set_up, act_deny },
	{ "password", N_("the password"), ACCOUNT, false, false, act_password_is_set_up, act_password },
	{ "sessions", N_("open sessions"), PLACES | ACCOUNT, true, false, act_sessions_is_set_up, act_sessions },
	{ "queue", N_("the queue"), PLACES | SENDING | ACCOUNT, true, false, act_queue_is_set_up, act_queue },
	{ "cache", N_("Dovecot's cache of passwords"), PLACES | ACCOUNT, true, false, act_cache_is_set_up, act_cache },
};

const size_t action_count = sizeof actions / sizeof *actions;

_Static_assert(sizeof actions / sizeof *actions <= ACTIONS_MAX, "a closure has a step for each");

size_t action_find(struct text name)
{
	size_t at = 0;

	while (at < action_count && !text_is(name, text_of(actions[at].name)))
		at++;
	return at;
}

unsigned actions_for(uint8_t reach, unsigned more)
{
	unsigned found = 0;

	for (size_t i = 0; i < action_count; i++)
		if ((actions[i].reaches >> reach & 1) && (actions[i].always || (more >> i & 1)))
			found |= 1u << i;
	return found;
}
