/* SPDX-License-Identifier: Apache-2.0 */
/* What a person does to an account by hand: lock it, open it again, give it a new password. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "gate/case_lock.h"
#include "gate/control_peer.h"
#include "gate/doors_open.h"
#include "gate/gate_inside.h"

/* ---- lock */

static struct incident_case *case_for(struct gate *gate, const struct control_lock *lock)
{
	uint64_t key;
	uint32_t account = accounts_add(gate->accounts, lock->account, &key);
	struct incident_case *one = account ? cases_find(gate->cases, account) : NULL;

	if (one || !account)
		return one;
	one = cases_open(gate->cases, account);
	one->opened_us = clock_now();
	one->began_us = guard_began(gate->guard, account, one->opened_us);
	one->mode = (uint8_t)gate_mode(gate, account);
	one->evidence = gate_evidence(gate, account, one->opened_us);
	return one;
}

static void widen(struct gate *gate, struct incident_case *one, const struct control_lock *lock)
{
	case_lock_widen(one, lock);
	if (gate->last_bulk < lock->bulk)
		gate->last_bulk = lock->bulk;
	guard_lock(gate->guard, one->account, one->scope);
	guard_locked(gate->guard, one->account, &one->scope);
}

static void note(struct gate *gate, const struct incident_case *one, const struct control_lock *lock, struct text who)
{
	log_say(LOG_WARN, _("%.*s locked %.*s, incident %llu"), TEXT_ARG(who), TEXT_ARG(lock->account),
		(unsigned long long)one->id);
	desk_note(gate_batch(gate), one->id, clock_now(), who, case_lock_said(lock->reach));
	if (lock->why.n)
		desk_note(gate_batch(gate), one->id, clock_now(), who, lock->why);
}

uint64_t gate_lock_by_hand(struct gate *gate, const struct control_lock *lock, struct text who)
{
	struct incident_case *one = case_for(gate, lock);

	if (!one)
		return 0;
	widen(gate, one, lock);
	cases_save(gate->cases, one, gate_batch(gate));
	gate_shut(gate, one);
	notices_put(gate->notices, gate_batch(gate), NOTICE_LOCKED, accounts_name(gate->accounts, one->account), one->id, clock_now());
	note(gate, one, lock, who);
	return one->id;
}

/* ---- a new password */

struct reset {
	struct gate *gate;
	control_done *done;
	void *ticket;
	uint32_t account;
	bool opens; /* the owner's own choice: what was shut is open again */
	char who[CONTROL_WHO_MAX];
};

bool gate_is_persons_alone(const struct incident_case *one)
{
	return one->by_hand && (!one->evidence || strcmp(one->evidence, "[]") == 0);
}

static void ask_to_open(struct gate *gate, const struct incident_case *one, struct text who)
{
	struct text name = accounts_name(gate->accounts, one->account);

	desk_note(gate_batch(gate), one->id, clock_now(), who, TEXT(N_("the owner has a new password, and waits for a person to open the account")));
	log_say(LOG_WARN, _("%.*s has a new password, which its owner set, and stays locked until a person opens it: sekisho incident release %llu"),
		TEXT_ARG(name), (unsigned long long)one->id);
}

static void changed(void *context, enum keys_result result, const char *says)
{
	struct reset reset = *(struct reset *)context;
	struct text name = accounts_name(reset.gate->accounts, reset.account);
	const struct incident_case *one = cases_find(reset.gate->cases, reset.account);
	struct error error;

	free(context);
	if (result != KEYS_DONE) {
		error_set(&error, "%s", says);
		if (result == KEYS_FORMER)
			control_say_former(reset.ticket);
		else if (result != KEYS_FAILED)
			control_say_no(reset.ticket);
		else
			log_say(LOG_ERROR, _("%.*s got no new password: %s"), TEXT_ARG(name), says);
		reset.done(reset.ticket, &error);
		return;
	}
	doors_end_old(&reset.gate->doors, name);
	gate_note_new_password(reset.gate, reset.account);
	log_say(LOG_NOTE, _("%s gave %.*s a new password"), reset.who, TEXT_ARG(name));
	if (one)
		desk_note(gate_batch(reset.gate), one->id, clock_now(), text_of(reset.who),
			  TEXT(N_("the password was changed")));
	notices_put(reset.gate->notices, gate_batch(reset.gate), NOTICE_CHANGED, name, one ? one->id : 0, clock_now());
	if (one && reset.opens && gate_is_persons_alone(one))
		ask_to_open(reset.gate, one, text_of(reset.who));
	else if (one && reset.opens)
		gate_release(reset.gate, reset.account, false, text_of(reset.who));
	gate_commit(reset.gate, NULL, NULL);
	reset.done(reset.ticket, NULL);
}

static void begin_reset(struct gate *gate, enum keys_verb verb, struct text account, struct text password, bool opens, struct text who,
			control_done *done, void *ticket)
{
	struct reset *reset;
	uint64_t key;
	uint32_t number = gate->doors.keys ? accounts_add(gate->accounts, account, &key) : ACCOUNT_NONE;

	if (!gate->doors.keys) {
		control_refuse(done, ticket,
			       _("nobody is set up who could change passwords: see passdb_socket, and sekisho-passdb(8)"));
		return;
	}
	if (!number) {
		control_refuse(done, ticket, _("that is no account's name"));
		return;
	}
	reset = memory_zero(1, sizeof *reset);
	*reset = (struct reset){ .gate = gate, .done = done, .ticket = ticket, .account = number, .opens = opens };
	text_copy(reset->who, sizeof reset->who, who);
	keys_ask(gate->doors.keys, verb, accounts_name(gate->accounts, number), password, changed, reset);
}

void gate_reset(struct gate *gate, struct text account, struct text password, bool forced, struct text who, control_done *done, void *ticket)
{
	begin_reset(gate, forced ? KEYS_CHANGE : KEYS_RENEW, account, password, false, who, done, ticket);
}

/* ---- owners, through the web process */

enum { OWNER_MAX = IP_TEXT_MAX + 8 };

/* "owner(203.0.113.7)": what the story and the log call them */
static struct text owner_at(const struct ip *ip, char to[OWNER_MAX])
{
	char at[IP_TEXT_MAX];

	snprintf(to, OWNER_MAX, ip_known(ip) ? "owner(%s)" : "owner", ip_format(ip, at));
	return text_of(to);
}

void gate_renew(struct gate *gate, struct text account, struct text password, const struct ip *ip, control_done *done, void *ticket)
{
	char who[OWNER_MAX];

	begin_reset(gate, KEYS_RENEW, account, password, true, owner_at(ip, who), done, ticket);
}

void gate_owner_came(struct gate *gate, struct text account, const struct ip *ip)
{
	uint64_t key;
	const struct incident_case *one = cases_find(gate->cases, accounts_find(gate->accounts, account, &key));
	char who[OWNER_MAX];
	struct text owner = owner_at(ip, who);

	log_say(LOG_NOTE, _("%.*s proved to be the owner of %.*s"), TEXT_ARG(owner), TEXT_ARG(account));
	if (!one)
		return;
	desk_note(gate_batch(gate), one->id, clock_now(), owner, TEXT(N_("proved to be the owner")));
	gate_commit(gate, NULL, NULL);
}
