/* SPDX-License-Identifier: Apache-2.0 */
/* What people ask the gate over the control socket, and what they may change. */
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "gate/gate_inside.h"

/* ---- answers that wait for the disk */

static void commit(struct gate *gate, control_done *done, void *ticket) { gate_commit(gate, control_kept, control_promise(done, ticket)); }

/* what was done to an account holds at once, and is written again until it is */
static void answer_act(void *context, const struct error *error)
{
	struct error told;

	if (error)
		error_set(&told, _("done, but only in memory until it can be written: %s"), error->text);
	control_kept(context, error ? &told : NULL);
}

static void commit_act(struct gate *gate, control_done *done, void *ticket)
{
	gate_commit(gate, answer_act, control_promise(done, ticket));
}

/* ---- modes */

static enum desk_mode mode_of(void *context, struct text domain)
{
	const struct gate *gate = context;

	return modes_of(gate->modes, domain);
}

bool gate_in_domain(struct text name, struct text domain)
{
	return !domain.n || (text_ends(name, domain) && name.n > domain.n && name.p[name.n - domain.n - 1] == '@');
}

/* A lock is as good as the mode of its domain: while nothing is to be done it is only remembered. What was only observed is
 * no lock yet, but becomes one with the next bad sign. */
static void apply_mode(struct gate *gate, struct incident_case *one, enum desk_mode mode)
{
	if (one->by_hand) /* a person's lock holds in every mode */
		return;
	if (!one->locked && mode == DESK_ENFORCE) {
		gate_lift(gate, one->account);
	} else if (one->locked && mode == DESK_ENFORCE) {
		gate_shut(gate, one);
	} else if (one->locked) {
		gate_open_again(gate, one->account, false);
	}
}

struct change {
	struct gate *gate;
	struct text domain;
	enum desk_mode mode;
};

static bool is_changed(void *context, uint32_t account)
{
	const struct change *change = context;

	return gate_in_domain(accounts_name(change->gate->accounts, account), change->domain) &&
	       gate_mode(change->gate, account) == change->mode;
}

static void apply_modes(struct gate *gate, struct text domain, enum desk_mode mode)
{
	struct change change = { gate, domain, mode };

	for (struct incident_case *one = NULL; (one = (struct incident_case *)cases_next(gate->cases, one));)
		if (is_changed(&change, one->account))
			apply_mode(gate, one, mode);
	if (mode != DESK_ENFORCE)
		held_release_waiting(gate->held, is_changed, &change, clock_now());
}

static void set_mode(void *context, struct text domain, enum desk_mode mode, struct text who, control_done *done, void *ticket)
{
	struct gate *gate = context;

	if (!modes_set(gate->modes, domain, mode)) {
		control_refuse(done, ticket, _("too many domains have a mode of their own, or the name is too long"));
		return;
	}
	apply_modes(gate, domain, mode);
	desk_set_mode(gate_batch(gate), domain, mode);
	log_say(LOG_NOTE, _("%.*s: the mode of '%.*s' is %s now"), TEXT_ARG(who), TEXT_ARG(domain), desk_mode_names[mode]);
	commit(gate, done, ticket);
}

/* ---- accounts */

static uint32_t find(const struct gate *gate, struct text name)
{
	uint64_t key;

	return accounts_find(gate->accounts, name, &key);
}

static void tell_account(void *context, struct text name, struct control_account *out)
{
	struct gate *gate = context;
	uint32_t account = find(gate, name);
	const struct profile *profile = account ? profiles_peek(engine_profiles(gate->engine), account) : NULL;
	const struct incident_case *one = cases_find(gate->cases, account);
	struct held_tally held;
	enum password_fault fault;
	struct verdict now;

	if (!account)
		return;
	out->locked = one && one->locked;
	out->by_hand = out->locked && one->by_hand;
	out->persons_alone = out->locked && gate_is_persons_alone(one);
	out->scope = one ? one->scope : 0;
	held_tally(gate->held, account, &held);
	out->held = held.waiting + held.condemned;
	fault = gate->guessable ? guessable_fault(gate->guessable, account) : PASSWORD_FAULTS;
	out->guessable = fault == PASSWORD_FAULTS ? NULL : password_fault_names[fault];
	out->device_count = wrong_passwords_devices(gate->wrong, account, out->devices);
	out->known = profile != NULL;
	if (!profile) /* it may be locked before it was ever seen */
		return;
	out->last_us = profile->touched_s ? profile->touched_s * SECOND_US : WHEN_NONE;
	engine_standing(gate->engine, account, clock_now(), &now);
	out->bits = now.bits;
	out->why_count = guard_why(gate->guard, account, out->why);
}

static void forget(void *context, struct text name, struct text who, control_done *done, void *ticket)
{
	struct gate *gate = context;
	uint32_t account = find(gate, name);
	const struct incident_case *one = cases_find(gate->cases, account);
	struct held_tally held = { 0 };

	if (!account) {
		control_refuse(done, ticket, _("nothing is known of this account"));
		return;
	}
	held_tally(gate->held, account, &held);
	if ((one && one->locked) || held.waiting + held.releasing + held.condemned) {
		control_refuse(done, ticket, _("the account is locked, or mail of it is held: release it first"));
		return;
	}
	if (!ledger_forget(gate->ledger, name)) {
		control_refuse(done, ticket, _("the ledger has too much to do already: try again in a minute"));
		return;
	}
	if (account) {
		engine_forget(gate->engine, account);
		gate->picture_wanted = true;
	}
	floods_leave(gate->floods, name);
	desk_forget(gate_batch(gate), name);
	log_say(LOG_NOTE, _("%.*s had an account forgotten"), TEXT_ARG(who));
	commit(gate, done, ticket);
}

static void warn(void *context, struct text name, struct text who, control_done *done, void *ticket)
{
	struct gate *gate = context;

	notices_put(gate->notices, gate_batch(gate), NOTICE_WEAK, name, 0, clock_now());
	log_say(LOG_NOTE, _("%.*s had the owner of an account asked for another password"), TEXT_ARG(who));
	commit(gate, done, ticket);
}

/* an incident that is closed */
struct past {
	char account[ACCOUNT_NAME_MAX];
	bool password; /* was another one set, that nobody was told? */
};

static void note_past(void *context, const struct desk_incident *incident)
{
	struct past *past = context;

	text_copy(past->account, sizeof past->account, incident->account);
}

static void note_password(void *context, const struct desk_step *step)
{
	struct past *past = context;

	past->password |= text_is(step->action, TEXT("password")) && step->done_us != WHEN_NONE;
}

static void restored(void *context, enum keys_result result, const char *says)
{
	if (result != KEYS_DONE)
		log_say(LOG_WARN, _("a password was not put back after a false alarm: %s"), says);
}

/* It was released before somebody saw that it had been the owner: what is condemned goes out after all, and the old password is good
 * again, unless it was changed since. False where there is nothing to make good. */
static bool make_good(struct gate *gate, uint64_t incident, struct text who)
{
	struct past past = { "" };
	struct held_tally tally = { 0 };
	struct error error;
	struct desk_reader *reader = desk_reader_open(gate->config->state_folder, &error);
	uint32_t account;
	bool read = reader && desk_each_incident(reader, incident, TEXT_NONE, false, 1, note_past, &past, &error) &&
		    desk_each_step(reader, incident, note_password, &past, &error);

	desk_reader_close(reader);
	account = read && *past.account ? find(gate, text_of(past.account)) : ACCOUNT_NONE;
	if (account)
		held_tally(gate->held, account, &tally);
	if (!account || (!tally.condemned && !past.password))
		return false;
	held_release_all(gate->held, account, true, clock_now());
	if (past.password && gate->doors.keys)
		keys_ask(gate->doors.keys, KEYS_RESTORE, text_of(past.account), TEXT_NONE, restored, NULL);
	gate_ebb(gate, account, true);
	desk_note(gate_batch(gate), incident, clock_now(), who, TEXT(N_("released: a false alarm")));
	return true;
}

static void release(void *context, uint64_t incident, bool false_alarm, struct text who, control_done *done, void *ticket)
{
	struct gate *gate = context;
	const struct incident_case *one = NULL;

	while ((one = cases_next(gate->cases, one)) && one->id != incident)
		;
	if (!one && false_alarm && make_good(gate, incident, who)) {
		commit(gate, done, ticket);
		return;
	}
	if (!one) {
		control_refuse(done, ticket, _("no incident of this number is open"));
		return;
	}
	log_say(LOG_NOTE, _("%.*s released %.*s, incident %llu"), TEXT_ARG(who), TEXT_ARG(accounts_name(gate->accounts, one->account)),
		(unsigned long long)incident);
	gate_release(gate, one->account, false_alarm, who);
	commit_act(gate, done, ticket);
}

/* ---- locks by hand */

static uint64_t lock(void *context, const struct control_lock *lock, struct text who, control_done *done, void *ticket)
{
	struct gate *gate = context;
	uint64_t incident = gate_lock_by_hand(gate, lock, who);

	if (incident)
		commit_act(gate, done, ticket);
	return incident;
}

static uint64_t incident_of(void *context, struct text name)
{
	const struct gate *gate = context;
	const struct incident_case *one = cases_find(gate->cases, find(gate, name));

	return one ? one->id : 0;
}

static void reset(void *context, struct text account, struct text password, bool forced, struct text who, control_done *done, void *ticket)
{
	gate_reset(context, account, password, forced, who, done, ticket);
}

static void closure(void *context, struct text name, struct control_closure *out)
{
	const struct gate *gate = context;
	struct closure_state state;

	closures_state(gate->closures, find(gate, name), &state);
	*out = (struct control_closure){ state.known, state.shut, state.settled, state.lacking, state.impossible };
}

/* the accounts of a domain, as whoever keeps the passwords tells them */
struct listing {
	struct gate *gate;
	char domain[ACCOUNT_NAME_MAX];
	void (*each)(void *to, const struct control_account *account, struct text name);
	void *to;
	control_done *done;
	void *ticket;
};

static void listed(void *context, struct text account)
{
	struct listing *listing = context;
	char room[ACCOUNT_NAME_MAX];
	struct text name = accounts_normal(listing->gate->accounts, account, room);

	if (name.n && gate_in_domain(name, text_of(listing->domain)) && !find(listing->gate, name))
		listing->each(listing->to, &(struct control_account){ .last_us = WHEN_NONE }, name);
}

static void listed_all(void *context, const struct error *error)
{
	struct listing *listing = context;

	if (error) /* those that were seen here are told all the same */
		log_say(LOG_WARN, _("the accounts where passwords live cannot be listed: %s"), error->text);
	listing->done(listing->ticket, NULL);
	free(listing);
}

static void each_account(void *context, struct text domain, void (*each)(void *to, const struct control_account *account, struct text name),
			 void *to, control_done *done, void *ticket)
{
	struct gate *gate = context;
	struct listing *listing;

	for (uint32_t account = 1; account <= accounts_count(gate->accounts); account++) {
		struct text name = accounts_name(gate->accounts, account);
		struct control_account told = { 0 };

		if (!domain.n || !gate_in_domain(name, domain))
			continue;
		tell_account(gate, name, &told);
		each(to, &told, name);
	}
	if (!gate->doors.keys || access(gate->doors.keys_socket, F_OK) != 0) {
		done(ticket, NULL);
		return;
	}
	listing = memory_new(sizeof *listing);
	*listing = (struct listing){ .gate = gate, .each = each, .to = to, .done = done, .ticket = ticket };
	text_copy(listing->domain, sizeof listing->domain, domain);
	keys_list(gate->doors.keys, listed, listed_all, listing);
}

static void each_unused(void *context, struct text domain, int64_t before_us, struct control_unused *told,
			void (*each)(void *to, struct text name, int64_t last_us), void *to, control_done *done, void *ticket)
{
	gate_each_unused(context, domain, before_us, told, each, to, done, ticket);
}

static uint32_t next_bulk(void *context)
{
	struct gate *gate = context;

	return ++gate->last_bulk;
}

static void flood(void *context, const struct desk_flood *flood, enum control_flood_step step, struct text who, control_done *done,
		  void *ticket)
{
	gate_keep_flood(context, flood, step, who, done, ticket);
}

static bool ask_notice(void *context, struct text code, struct text who, char hash[NOTICE_HASH_MAX], struct error *error)
{
	struct gate *gate = context;

	return notices_ask(gate->notices, code, who, clock_now(), hash, error);
}

/* ---- what came back */

static void came_back(void *context, const struct control_returned *returned, control_done *done, void *ticket)
{
	struct gate *gate = context;

	gate_came_back(gate, returned);
	commit(gate, done, ticket);
}

/* ---- owners */

static void code(void *context, struct text account, const struct ip *ip, control_done *done, void *ticket)
{
	struct gate *gate = context;

	notices_code_send(gate->notices, account, ip, clock_now(), done, ticket);
}

static void try_code(void *context, struct text account, struct text code, const struct ip *ip,
		     void (*done)(void *ticket, bool right, const struct error *error), void *ticket)
{
	struct gate *gate = context;

	notices_code_try(gate->notices, account, code, ip, clock_now(), done, ticket);
}

static void give_code(void *context, struct text account, struct text who, void (*done)(void *ticket, const char *code, const struct error *error),
		      void *ticket)
{
	struct gate *gate = context;

	log_say(LOG_NOTE, _("%.*s takes a code to be told to the owner of %.*s"), TEXT_ARG(who), TEXT_ARG(account));
	notices_code_give(gate->notices, account, clock_now(), done, ticket);
}

static void renew(void *context, struct text account, struct text password, const struct ip *ip, control_done *done, void *ticket)
{
	gate_renew(context, account, password, ip, done, ticket);
}

static void came_in(void *context, struct text account, const struct ip *ip) { gate_owner_came(context, account, ip); }

static void strayed(void *context, struct text name, bool local)
{
	struct gate *gate = context;
	uint64_t key;
	uint32_t account = accounts_find(gate->accounts, name, &key);

	if (account)
		aftermath_stray(gate->aftermath, account, local, clock_now());
}

static void care(void *context, const struct desk_care *asked, control_done *done, void *ticket)
{
	struct gate *gate = context;

	aftermath_care(gate->aftermath, asked);
	desk_put_care(gate_batch(gate), asked);
	commit(gate, done, ticket);
}

/* ---- the whole */

static void put(json_t *into, const char *name, uint64_t value) { json_object_set_new(into, name, json_integer((json_int_t)value)); }

static json_t *status_of_mail(const struct gate *gate)
{
	const struct gate_tally *tally = &gate->tally;
	json_t *mail = json_object();

	put(mail, "submissions", tally->submissions);
	put(mail, "passed", tally->passed);
	put(mail, "held", tally->held);
	put(mail, "refused", tally->refused);
	put(mail, "put_off", tally->put_off);
	put(mail, "turned_away", tally->turned_away);
	put(mail, "logins", tally->logins);
	put(mail, "logins_refused", tally->logins_refused);
	return mail;
}

static json_t *status_of_held(const struct gate *gate)
{
	struct held_tally tally;
	json_t *held = json_object();

	held_tally(gate->held, ACCOUNT_NONE, &tally);
	put(held, "waiting", tally.waiting);
	put(held, "releasing", tally.releasing);
	put(held, "condemned", tally.condemned);
	json_object_set_new(held, "helper", json_boolean(queue_is_there(gate->queue)));
	return held;
}

static json_t *status_of_ledger(const struct gate *gate)
{
	struct ledger_state state;
	json_t *ledger = json_object();

	ledger_state(gate->ledger, &state);
	put(ledger, "written", state.written);
	put(ledger, "waiting", state.waiting);
	put(ledger, "filled", state.filled);
	put(ledger, "lost", state.lost);
	json_object_set_new(ledger, "failing", json_boolean(state.failing));
	return ledger;
}

static json_t *status_of_logs(const struct gate *gate)
{
	struct follow_tally tally;
	char last[WHEN_TEXT_MAX];
	json_t *logs = json_object();

	follow_tally(gate->follow, &tally);
	put(logs, "lines", tally.lines);
	put(logs, "unparsed", tally.unparsed);
	put(logs, "behind_bytes", (uint64_t)tally.behind_bytes);
	if (tally.last_us != WHEN_NONE && tally.last_us)
		json_object_set_new(logs, "last", json_string(when_format(tally.last_us, last)));
	return logs;
}

static void status(void *context, json_t *into)
{
	const struct gate *gate = context;
	size_t locked, open = cases_count(gate->cases, &locked);
	char since[WHEN_TEXT_MAX];

	json_object_set_new(into, "since", json_string(when_format(gate->started_us, since)));
	put(into, "accounts", accounts_count(gate->accounts));
	put(into, "incidents", open);
	put(into, "locked", locked);
	put(into, "notices_waiting", notices_waiting(gate->notices));
	put(into, "closures_waiting", closures_waiting(gate->closures));
	json_object_set_new(into, "mail", status_of_mail(gate));
	json_object_set_new(into, "held", status_of_held(gate));
	json_object_set_new(into, "ledger", status_of_ledger(gate));
	json_object_set_new(into, "logs", status_of_logs(gate));
	put(into, "memory_bytes", engine_bytes(gate->engine) + guard_bytes(gate->guard) + accounts_bytes(gate->accounts));
	put(into, "letters_bytes", guard_bytes(gate->guard)); /* of those: messages whose fate is not known yet */
}

bool gate_listen_control(struct gate *gate, struct error *error)
{
	gate->control = control_new(&gate->loop, &(struct control_options){
		.config = gate->config,
		.accounts = gate->accounts,
		.desk = gate->desk,
		.ledger = gate->ledger,
		.seal_key = gate->seal_key,
		.gate = {
			.context = gate, .mode_of = mode_of, .set_mode = set_mode, .account = tell_account, .forget = forget, .release = release,
			.lock = lock, .incident_of = incident_of, .reset = reset, .closure = closure, .each_account = each_account,
			.each_unused = each_unused, .next_bulk = next_bulk, .came_back = came_back, .status = status, .flood = flood,
			.ask_notice = ask_notice, .code = code, .try_code = try_code, .give_code = give_code, .renew = renew,
			.came_in = came_in, .care = care,
			.strayed = strayed, .warn = warn,
		},
	}, error);
	return gate->control != NULL;
}
