/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho account audit: the likely passwords of each account are tried where passwords live, and what is at risk is listed. The audit is
 * the helper's, a process of its own (sekisho-passdb(8)); this looks on, stops it at Ctrl-C or when it goes, and tells. */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "cli/asked.h"
#include "cli/hand_stop.h"
#include "cli/progress.h"
#include "cli/risk_sources.h"
#include "containment/auditing.h"
#include "password/likely.h"
#include "report/show.h"
#include "report/value.h"

enum { CORES = 1, HOUR_S = 3600, LOOK_US = 500000, STOP_LOOKS = 120 };

struct audit {
	struct asked asked; /* options that all commands have, and the settings */
	struct auditing_order order;
	bool no_tries; /* --list: only what is known */
	bool notify;
	size_t told, told_before;
	struct auditing_state state;
	struct risks *risks;
	const char **accounts; /* of the results */
	size_t count, room;
	size_t found[AUDITING_FOUNDS];
	size_t *guessable; /* which of the accounts */
	size_t guessable_count, guessable_room;
	bool stopped;
};

static const char *usage(void)
{
	return _("usage: sekisho account audit [options]\n"
		 "Tries the passwords that are guessed first (names, company, keyboard, the most used) at what is stored for each account, the\n"
		 "likeliest of all accounts first, and lists the accounts at risk with the next step. No password is ever shown or kept. Ctrl-C\n"
		 "stops it; the next audit goes on where this one was. For root.\n\n"
		 "      --time T              stop after so long: 90s, 30m, 8h (1h)\n"
		 "      --cores N             how many of them (1)\n"
		 "      --tries N             so many likely passwords an account, rounded up to a round (all)\n"
		 "      --domain D            only accounts of that domain\n"
		 "      --account A           only that account\n"
		 "      --list                try nothing; list what is known\n"
		 "      --notify              ask the owners of those that can be guessed for another password, once in 30 days\n"
		 "  -f, --format text|json    how to answer (text)\n"
		 "  -o, --output FILE         where to (standard output)\n"
		 "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		 "  -h, --help");
}

/* ---- options */

static bool take_number(const char *option, const char *value, uint64_t most, unsigned *number)
{
	uint64_t read = 0;

	if (text_number(text_of(value), most, &read) && read) {
		*number = (unsigned)read;
		return true;
	}
	cli_complain(_("--%s: '%s' is no number from 1 to %llu"), option, value, (unsigned long long)most);
	return false;
}

static bool take_time(const char *value, unsigned *seconds)
{
	static const struct {
		char unit;
		unsigned seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', HOUR_S }, { 'd', 24 * HOUR_S } };
	struct text text = text_of(value);
	uint64_t number = 0;

	for (size_t i = 0; text.n && i < sizeof units / sizeof *units; i++)
		if (text.p[text.n - 1] == units[i].unit &&
		    text_number(text_head(text, text.n - 1), AUDITING_HOURS_MAX * HOUR_S / units[i].seconds, &number) && number) {
			*seconds = (unsigned)number * units[i].seconds;
			return true;
		}
	cli_complain(_("--time: '%s' is no time such as 90s, 30m or 8h, at most 30d"), value);
	return false;
}

static bool take_option(struct audit *audit, int option, const char *value)
{
	switch (option) {
	case 't': return take_time(value, &audit->order.seconds);
	case 'n': return take_number("cores", value, AUDITING_CORES_MAX, &audit->order.cores);
	case 'w': return take_number("tries", value, LIKELY_MAX, &audit->order.tries);
	case 'd': audit->order.domain = value; return true;
	case 'A': audit->order.account = value; return true;
	case 'l': audit->no_tries = true; return true;
	case 'N': audit->notify = true; return true;
	case 'o': audit->asked.output = value; return true;
	case 'c': audit->asked.config_file = value; return true;
	case 'f': return output_parse_form(value, false, &audit->asked.form);
	default: asked_misused(usage()); return false;
	}
}

/* CLI_DONE to go on; otherwise the status to end with, and *ended */
static int take_options(struct audit *audit, int argc, char **argv, bool *ended)
{
	static const struct option options[] = {
		{ "time", required_argument, NULL, 't' },   { "cores", required_argument, NULL, 'n' },
		{ "tries", required_argument, NULL, 'w' },  { "domain", required_argument, NULL, 'd' },
		{ "account", required_argument, NULL, 'A' }, { "list", no_argument, NULL, 'l' },
		{ "notify", no_argument, NULL, 'N' },
		{ "format", required_argument, NULL, 'f' }, { "output", required_argument, NULL, 'o' },
		{ "config", required_argument, NULL, 'c' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct evidence_weights weights;
	int option;

	*ended = true;
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	config_init(&audit->asked.config);
	audit->order = (struct auditing_order){ .cores = CORES, .seconds = HOUR_S };
	while ((option = getopt_long(argc, argv, "f:o:c:h", options, NULL)) != -1) {
		if (option == 'h') {
			printf("%s\n", usage());
			return CLI_DONE;
		}
		if (!take_option(audit, option, optarg))
			return CLI_USAGE;
	}
	if (argc - optind != 1)
		return asked_misused(usage());
	if (!cli_read_config(&audit->asked.config, audit->asked.config_file, &weights))
		return CLI_NO;
	*ended = false;
	return CLI_DONE;
}

/* ---- the audit */

static int cannot(const struct error *error)
{
	cli_complain("%s", error->text);
	return CLI_AWAY;
}

static bool is_at_work(const struct audit *audit)
{
	return audit->state.phase == AUDITING_READING || audit->state.phase == AUDITING_TRYING;
}

/* how much of the time, or of the accounts, whichever is more */
static uint64_t share(const struct audit *audit)
{
	uint64_t of_time = audit->state.seconds * 1000 / audit->order.seconds;
	uint64_t of_accounts = audit->state.accounts ? audit->state.settled * 1000 / audit->state.accounts : 0;

	return of_time > of_accounts ? of_time : of_accounts;
}

/* Looks on until it is over. Ctrl-C bids it stop; what it has found by then counts. */
static int look_on(struct audit *audit)
{
	const char *socket = audit->asked.config.passdb_socket;
	struct error error = { "" };
	struct progress progress;
	unsigned looks = 0;
	bool good = true;

	progress_begin(&progress, 1000);
	while (good && is_at_work(audit) && looks < STOP_LOOKS) {
		usleep(LOOK_US);
		if (hand_stop() && !audit->stopped) {
			audit->stopped = true;
			good = auditing_stop(socket, &audit->state, &error);
		} else
			good = auditing_look(socket, &audit->state, &error);
		looks += audit->stopped;
		progress_show(&progress, share(audit));
	}
	progress_end(&progress);
	return good ? CLI_DONE : cannot(&error);
}

static int run(struct audit *audit)
{
	struct error error = { "" };
	int status;

	if (!auditing_start(audit->asked.config.passdb_socket, &audit->order, &audit->state, &error))
		return cannot(&error);
	status = look_on(audit);
	if (status == CLI_DONE && audit->state.phase == AUDITING_STOPPED)
		status = CLI_PARTLY;
	if (status == CLI_DONE && audit->state.phase == AUDITING_BROKEN) {
		cli_complain("%s", audit->state.error);
		status = CLI_AWAY;
	}
	return status;
}

/* ---- what is known */

static bool is_asked_for(const struct audit *audit, const char *account)
{
	const char *at = strchr(account, '@');

	if (audit->order.account && strcmp(audit->order.account, account) != 0)
		return false;
	return !audit->order.domain || (at && strcmp(at + 1, audit->order.domain) == 0);
}

static void add(struct audit *audit, const struct auditing_result *result, enum risk risk)
{
	risks_add(audit->risks, &(struct risk_found){ .account = result->account, .risk = risk, .fault = result->fault });
}

/* what cannot be tried may be guessable all the same */
static const struct {
	enum auditing_found found;
	enum risk risk;
} untried[] = { { AUDITING_UNKNOWN, RISK_UNKNOWN }, { AUDITING_UNREAD, RISK_UNREAD }, { AUDITING_DAMAGED, RISK_DAMAGED },
		{ AUDITING_TOO_SLOW, RISK_TOO_SLOW } };

static void take_result(void *context, const struct auditing_result *result)
{
	struct audit *audit = context;

	if (!is_asked_for(audit, result->account))
		return;
	MEMORY_ROOM(audit->accounts, audit->count, audit->room);
	audit->accounts[audit->count++] = memory_copy(result->account, strlen(result->account));
	audit->found[result->found]++;
	if (result->found == AUDITING_GUESSABLE) {
		add(audit, result, RISK_GUESSABLE);
		MEMORY_ROOM(audit->guessable, audit->guessable_count, audit->guessable_room);
		audit->guessable[audit->guessable_count++] = audit->count - 1;
	}
	for (size_t i = 0; i < sizeof untried / sizeof *untried; i++)
		if (result->found == untried[i].found)
			add(audit, result, untried[i].risk);
	if (result->shared)
		add(audit, result, RISK_SHARED);
	if (result->clear)
		add(audit, result, RISK_CLEAR);
	if (result->old_scheme)
		add(audit, result, RISK_SCHEME);
}

static int gather(struct audit *audit)
{
	struct risk_asked asked = { .config = &audit->asked.config, .domain = audit->order.domain, .account = audit->order.account };
	struct error error = { "" };
	int status = CLI_DONE;

	if (!auditing_results(audit->asked.config.passdb_socket, take_result, audit, &error))
		return cannot(&error);
	asked.accounts = audit->accounts;
	asked.count = audit->count;
	for (size_t i = 0; i < risk_source_count; i++)
		status = cli_worse(status, risk_sources[i]->gather(&asked, audit->risks));
	return status;
}

/* ---- owners are told; the daemon sends it, and knows who was told of late */

/* CLI_DONE to go on */
static int notify_one(struct audit *audit, const char *account)
{
	json_t *request = json_pack("{s:s, s:s}", "verb", "account warn", "account", account), *heard = NULL;
	struct error error = { "" };
	int status = request ? asked_status(ask(audit->asked.config.control_socket, request, &heard, &error), &error) : CLI_NO;

	if (status == CLI_DONE)
		*(json_is_string(json_object_get(heard, "before")) ? &audit->told_before : &audit->told) += 1;
	json_decref(heard);
	return status;
}

static int notify(struct audit *audit)
{
	int status = CLI_DONE;

	for (size_t i = 0; i < audit->guessable_count && status != CLI_AWAY && !hand_stop(); i++)
		status = cli_worse(status, notify_one(audit, audit->accounts[audit->guessable[i]]));
	return status;
}

/* ---- the answer */

static json_t *answer(struct audit *audit)
{
	const struct auditing_state *state = &audit->state;
	json_t *object = json_object();

	json_object_set_new(object, "schema", json_string("sekisho.audit/1"));
	json_object_set_new(object, "ended", json_string(auditing_phase_names[state->phase]));
	json_object_set_new(object, "accounts", value_count(audit->count));
	json_object_set_new(object, "guessable", value_count(audit->guessable_count));
	for (size_t i = 0; i < AUDITING_FOUNDS; i++)
		if (i != AUDITING_GUESSABLE)
			json_object_set_new(object, auditing_found_names[i], value_count(audit->found[i]));
	json_object_set_new(object, "depth", value_count(state->depth));
	json_object_set_new(object, "deepest", value_count(LIKELY_MAX));
	json_object_set_new(object, "tries", value_count(state->tries));
	json_object_set_new(object, "seconds", value_count(state->seconds));
	json_object_set_new(object, "told", audit->notify ? value_count(audit->told) : json_null());
	json_object_set_new(object, "told_before", audit->notify ? value_count(audit->told_before) : json_null());
	json_object_set_new(object, "risks", risks_json(audit->risks));
	return object;
}

static const char *how_it_ended(const struct audit *audit)
{
	switch (audit->state.phase) {
	case AUDITING_FINISHED: return _("The audit is done.");
	case AUDITING_TIME_OVER: return _("The time is over. The next audit goes on where this one was.");
	case AUDITING_STOPPED: return _("The audit was stopped. The next one goes on where it was.");
	default: return NULL;
	}
}

static void show_end(const struct audit *audit, struct terminal *t)
{
	const struct auditing_state *state = &audit->state;

	if (!how_it_ended(audit))
		return;
	terminal_put(t, SHADE_BOLD, how_it_ended(audit));
	terminal_end(t);
	asked_fact_of(t, _("Tried"),
		      show_format(_("the %s likeliest passwords of each account that can be tried; %s tries in %s s"), show_count(SHOWN, state->depth),
				  show_count(SHOWN, state->tries), show_count(SHOWN, state->seconds)));
}

static void show_counts(const struct audit *audit, struct terminal *t)
{
	asked_fact_of(t, _("Accounts"),
		      show_format(_("%s, of which %s have a password that can be guessed"), show_count(SHOWN, audit->count),
				  show_count(SHOWN, audit->guessable_count)));
	if (audit->found[AUDITING_UNREAD])
		asked_fact_of(t, _("Not read"),
			      show_format(_("%s: what is stored for them could not be read"), show_count(SHOWN, audit->found[AUDITING_UNREAD])));
	if (audit->found[AUDITING_UNKNOWN])
		asked_fact_of(t, _("Not tried"),
			      show_format(_("%s: their passwords are stored in a way that is not known here"), show_count(SHOWN, audit->found[AUDITING_UNKNOWN])));
	if (audit->found[AUDITING_DAMAGED])
		asked_fact_of(t, _("Damaged"), show_format(_("%s: what is stored for them is no hash"), show_count(SHOWN, audit->found[AUDITING_DAMAGED])));
	if (audit->found[AUDITING_TOO_SLOW])
		asked_fact_of(t, _("Too slow to try"), show_format(_("%s: one try takes too long or too much memory"), show_count(SHOWN, audit->found[AUDITING_TOO_SLOW])));
	if (audit->notify)
		asked_fact_of(t, _("Owners asked"), show_format(_("%s for another password; %s had been asked in the last 30 days"),
								show_count(SHOWN, audit->told), show_count(SHOWN, audit->told_before)));
}

static void show(const struct asked *asked, struct terminal *t)
{
	const struct audit *audit = (const struct audit *)asked; /* its first field */
	size_t accounts = risks_accounts(audit->risks);

	show_end(audit, t);
	show_counts(audit, t);
	terminal_end(t);
	if (!accounts)
		terminal_print(t, SHADE_GREEN, "%s", _("No account is known to be at risk."));
	else
		terminal_print(t, SHADE_YELLOW, ngettext("%s account is at risk:", "%s accounts are at risk:", accounts), show_count(SHOWN, accounts));
	terminal_end(t);
	risks_show(audit->risks, t);
}

static void done(struct audit *audit)
{
	for (size_t i = 0; i < audit->count; i++)
		free((char *)(uintptr_t)audit->accounts[i]);
	free(audit->accounts);
	free(audit->guessable);
	risks_free(audit->risks);
	asked_done(&audit->asked);
}

int cli_audit(int argc, char **argv)
{
	struct audit audit = { .risks = risks_new() };
	bool ended;
	int status = take_options(&audit, argc, argv, &ended), told;

	if (!ended) {
		hand_stop_watch();
		if (!audit.no_tries)
			status = run(&audit);
		if (status != CLI_AWAY)
			status = cli_worse(status, gather(&audit));
		if (audit.notify)
			status = cli_worse(status, notify(&audit));
		if (status != CLI_AWAY || audit.count) {
			audit.asked.show = show;
			audit.asked.answer = answer(&audit);
			told = asked_tell(&audit.asked);
			status = cli_worse(status, told);
		}
	}
	done(&audit);
	return status;
}
