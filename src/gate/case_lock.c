/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/case_lock.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"

struct closure_order case_lock_order(const struct incident_case *one)
{
	return (struct closure_order){
		.account = one->account,
		.incident = one->id,
		.reach = one->reach,
		.actions = one->actions,
		.began_us = one->by_hand && one->reach != REACH_PLACES ? WHEN_NONE : one->began_us,
	};
}

void case_lock_widen(struct incident_case *one, const struct control_lock *lock)
{
	uint8_t scope = lock->reach == REACH_PLACES ? FAMILIAR_SOMEWHAT : FAMILIAR_WELL;

	one->scope = one->locked && one->scope > scope ? one->scope : scope;
	one->reach = one->locked && one->reach > lock->reach ? one->reach : lock->reach;
	one->locked = one->by_hand = true;
	one->mode = DESK_ENFORCE; /* by the person who did it */
	one->braked = false;
	one->actions |= lock->actions;
	one->bulk = lock->bulk ? lock->bulk : one->bulk;
}

struct text case_lock_said(uint8_t reach)
{
	static const char *const said[DESK_REACHES] = {
		[REACH_PLACES] = N_("locked by hand, for sources that are not plainly the owner's"),
		[REACH_SENDING] = N_("locked by hand, for all sending"),
		[REACH_ACCOUNT] = N_("locked by hand, for sending and every login"),
	};

	return text_of(said[reach]);
}

struct incident_case *case_lock_restore(struct cases *cases, const struct desk_lock *lock, uint32_t account)
{
	struct incident_case *one = cases_find(cases, account);

	if (!one)
		one = cases_restore(cases, &(struct desk_incident){
			.id = lock->incident, .account = lock->account, .state = DESK_CONTAINED, .mode = DESK_ENFORCE, .evidence = TEXT("[]"),
			.began_us = lock->t_us, .opened_us = lock->t_us, .closed_us = WHEN_NONE, .last_refused_us = WHEN_NONE }, account);
	one->changed = !one->locked;
	one->locked = true;
	one->scope = lock->scope;
	one->reach = lock->reach;
	one->by_hand = lock->by_hand;
	one->owner_apart = lock->apart;
	return one;
}

void case_lock_restore_step(struct incident_case *one, struct text action)
{
	size_t place = action_find(action);

	if (place < action_count)
		one->actions |= 1u << place;
}

void case_lock_fill(const struct case_lock_list *list, const struct cases *cases, const struct accounts *accounts)
{
	size_t locked, count = 0, left_out;
	struct text *logins;
	struct error error;

	if (!list->roster)
		return;
	cases_count(cases, &locked);
	logins = memory_zero(locked + 1, sizeof *logins);
	for (const struct incident_case *one = NULL; (one = cases_next(cases, one));)
		if (one->locked && one->reach >= list->least && list->enforces(list->context, one))
			logins[count++] = accounts_name(accounts, one->account);
	left_out = roster_set(list->roster, logins, count, &error);
	if (left_out)
		log_say(LOG_ERROR, _("%zu locks are not in the %s: %s"), left_out, list->what, error.text);
	free(logins);
}
