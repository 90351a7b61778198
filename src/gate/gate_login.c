/* SPDX-License-Identifier: Apache-2.0 */
/* Dovecot asks before it looks at a password, and reports how it went. */
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "config/secret_lines.h"
#include "gate/gate_inside.h"
#include "password/policy_config.h"

static struct event event_of(struct gate *gate, const struct auth_policy_request *request)
{
	struct event event = {
		.t_us = clock_now(), .kind = EVENT_AUTH, .protocol = request->protocol, .ok = request->success, .count = 1, .ip = request->ip,
	};

	if (request->command == AUTH_POLICY_REPORT && request->success)
		event.account = accounts_add(gate->accounts, request->login, &event.account_key);
	else /* who guesses at names makes no accounts */
		event.account = accounts_find(gate->accounts, request->login, &event.account_key);
	event.place_silent = gate_is_silent(gate, &event.ip);
	return event;
}

static bool is_locked(const struct gate *gate, uint32_t account)
{
	return account && guard_locked(gate->guard, account, NULL) && gate_enforces(gate, account);
}

/* What was tried, where a password was: of CRAM-MD5 and its like Dovecot tells the same for every one. Without a word on how, nobody
 * knows. */
static struct text password_of(const struct auth_policy_request *request)
{
	return text_is(request->mech, TEXT("PLAIN")) || text_is(request->mech, TEXT("LOGIN")) ? request->pwhash : TEXT_NONE;
}

static void allow(struct gate *gate, const struct event *event, struct auth_answer *answer)
{
	if (!is_locked(gate, event->account) || !gate_shuts_logins(gate, event->account, event->protocol) || !guard_shuts(gate->guard, event))
		return;
	gate->tally.logins_refused++;
	answer->status = -1;
	snprintf(answer->message, sizeof answer->message, "This account is locked for its protection, reference %llu",
		 (unsigned long long)gate_note_refused(gate, event->account, event->t_us));
}

/* a password that works: is it one that a guesser tries first? */
static void try_password(struct gate *gate, const struct auth_policy_request *request, const struct event *event)
{
	struct text pwhash = password_of(request);

	if (!gate->guessable || !event->ok || !event->account || !pwhash.n)
		return;
	if (guessable_login(gate->guessable, event->account, accounts_name(gate->accounts, event->account), request->login, pwhash) ||
	    gate->hash_is_short)
		return;
	gate->hash_is_short = true;
	log_say(LOG_WARN, _("Dovecot tells only a part of what passwords hash to, so none can be tried: it needs auth_policy_hash_mech = sha256 and "
			    "auth_policy_hash_truncate = 0"));
}

static void found(void *context, uint32_t account, enum password_fault fault)
{
	struct gate *gate = context;
	struct text name = accounts_name(gate->accounts, account);

	if (fault == PASSWORD_FAULTS)
		desk_drop_guessable(gate_batch(gate), name);
	else
		desk_put_guessable(gate_batch(gate), name, text_of(password_fault_names[fault]), clock_now());
	gate_commit(gate, NULL, NULL);
}

void gate_note_new_password(struct gate *gate, uint32_t account)
{
	if (!gate->guessable || guessable_fault(gate->guessable, account) == PASSWORD_FAULTS)
		return;
	guessable_note(gate->guessable, account, PASSWORD_FAULTS);
	desk_drop_guessable(gate_batch(gate), accounts_name(gate->accounts, account));
}

bool gate_watch_passwords(struct gate *gate, struct error *error)
{
	char nonce[GUESSABLE_NONCE_MAX];

	if (!*gate->config->auth_policy_hash_nonce_file)
		return true;
	if (!secret_key_read(gate->config, "auth_policy_hash_nonce_file", gate->config->auth_policy_hash_nonce_file, nonce, sizeof nonce, error))
		return false;
	if (sodium_init() < 0)
		return error_set(error, "%s", _("libsodium cannot be used"));
	gate->names = policy_config_names(gate->config);
	gate->guessable = guessable_new(&gate->loop, nonce, gate->names, found, gate);
	explicit_bzero(nonce, sizeof nonce);
	return true;
}

/* Our own refusals come back as failures, and so does what a deny list of ours turned away: neither is a wrong password. */
static void report(struct gate *gate, const struct auth_policy_request *request, struct event *event)
{
	struct guard_answer said;

	if (!request->success && (request->policy_reject || is_locked(gate, event->account)))
		return;
	event->repeat = (uint8_t)wrong_passwords_hear(gate->wrong, event, password_of(request));
	event->count = witnesses_hear(gate->witnesses, WITNESS_AUTH, event);
	if (!event->count)
		return;
	gate->tally.logins++;
	gate_tell(gate, event, TEXT_NONE, &said);
	gate_commit(gate, NULL, NULL);
	try_password(gate, request, event);
}

static void asked(void *context, const struct auth_policy_request *request, struct auth_answer *answer)
{
	struct gate *gate = context;
	struct event event;

	answer->status = 0;
	*answer->message = '\0';
	if (dovecot_is_trial(gate->doors.dovecot, request->session))
		return; /* of the deny list, by ourselves: nobody's login */
	event = event_of(gate, request);
	if (request->command == AUTH_POLICY_ALLOW)
		allow(gate, &event, answer);
	else if (request->command == AUTH_POLICY_REPORT)
		report(gate, request, &event);
	else if (request->command == AUTH_POLICY_RESET && event.account) /* it lifts no lock */
		engine_pardon_failures(gate->engine, event.account);
}

static void stats(void *context, char text[AUTH_STATS_MAX])
{
	const struct gate *gate = context;
	size_t locked, open = cases_count(gate->cases, &locked);
	json_t *stats = json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "status", "ok", "accounts", (json_int_t)accounts_count(gate->accounts),
				  "logins", (json_int_t)gate->tally.logins, "logins_refused", (json_int_t)gate->tally.logins_refused,
				  "incidents", (json_int_t)open, "locked", (json_int_t)locked);
	size_t n = json_dumpb(stats, text, AUTH_STATS_MAX - 1, JSON_COMPACT);

	text[n < AUTH_STATS_MAX ? n : 0] = '\0';
	json_decref(stats);
}

static void faulty(void *context, const char *client, const struct error *error)
{
	if (gate_may_complain(context))
		log_say(LOG_WARN, _("an auth policy request from %s cannot be read: %s"), client, error->text);
}

bool gate_listen_auth(struct gate *gate, struct error *error)
{
	char key[AUTH_KEY_MAX];

	if (!*gate->config->auth_policy_key_file) {
		log_say(LOG_WARN, _("auth_policy_key_file is not set: Dovecot is not answered, and logins are only seen in the logs"));
		return true;
	}
	if (!secret_key_read(gate->config, "auth_policy_key_file", gate->config->auth_policy_key_file, key, sizeof key, error))
		return false;
	gate->auth = auth_server_new(&gate->loop, gate->config->auth_policy_listen, key,
				     &(struct auth_handler){ asked, stats, faulty, gate }, error);
	explicit_bzero(key, sizeof key);
	return gate->auth != NULL;
}
