/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho account show|forget; lock and unlock are cli/hand.h's */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/hand.h"
#include "report/risks.h"
#include "report/show.h"

static const char *usage(void)
{
	return _("usage: sekisho account show ACCOUNT [options]\n"
		 "       sekisho account forget ACCOUNT [options]\n"
		 "       sekisho account lock|unlock ACCOUNT… [options]; see sekisho account lock --help\n"
		 "       sekisho account reset ACCOUNT [options]; see sekisho account reset --help\n"
		 "       sekisho account audit|stale [options]; see sekisho account audit --help, sekisho account stale --help\n"
		 "Shows what the daemon knows of an account, has it forgotten, locks it, opens it again, or gives it a new password.\n\n"
		 "  -f, --format text|json    how to answer (text)\n"
		 "  -o, --output FILE         where to (standard output)\n"
		 "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		 "  -h, --help");
}

static const char *scope_of(const json_t *account)
{
	static const char *const names[] = { "unfamiliar", "first", "somewhat", "all" };
	static const char *const words[] = { N_("locked, but for what is plainly its owner's"), N_("locked for places that are not surely its own"),
					     N_("locked for all but its usual places"), N_("locked for every place") };
	const char *scope = field_text(account, "scope");

	if (field_flag(account, "locked") && !field_flag(account, "by_hand") && strcmp(field_text(account, "mode"), "enforce") != 0)
		return _("a lock is remembered, and not applied: its domain is not guarded");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(scope, names[i]) == 0)
			return _(words[i]);
	return field_flag(account, "locked") ? _("locked") : _("not locked");
}

static void show_recent(const json_t *recent, struct terminal *t)
{
	const char *head[] = { _("time"), _("queue id"), _("address"), _("in"), _("recipients"), _("bits") };
	struct grid grid;

	if (!json_array_size(recent))
		return;
	asked_heading(t, _("Last messages"));
	grid_init(&grid, "lllrrr");
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		grid_cell(&grid, "%s", head[i]);
	for (size_t i = 0; i < json_array_size(recent); i++) {
		const json_t *row = json_array_get(recent, i);
		const char *country = field_text(row, "country");

		grid_cell(&grid, "%s", show_time(SHOWN, field_time(row, "at")));
		grid_cell(&grid, "%s", show_name(SHOWN, field_text(row, "queue_id"), NAME_COLUMNS));
		grid_cell(&grid, "%s", field_text(row, "ip"));
		grid_cell(&grid, "%s", *country ? country : "-");
		grid_cell(&grid, "%s", show_count(SHOWN, field_count(row, "recipients")));
		grid_cell(&grid, "%s", show_bits(SHOWN, field_bits(row, "bits"), false));
	}
	grid_done(&grid, t, 2);
}

static void show_why(const json_t *why, struct terminal *t)
{
	if (json_array_size(why))
		asked_heading(t, _("What speaks against whoever uses it"));
	for (size_t i = 0; i < json_array_size(why); i++) {
		const char *sentence = json_string_value(json_array_get(why, i));

		terminal_pad(t, 2);
		terminal_wrap(t, 2, sentence ? sentence : "");
	}
}

static void show_guessable(const char *rule, struct terminal *t)
{
	char sentence[RISK_SENTENCE_MAX];

	for (unsigned i = 0; i < PASSWORD_FAULTS; i++) {
		if (strcmp(rule, password_fault_names[i]) != 0)
			continue;
		risk_kinds[RISK_GUESSABLE].say(&(struct risk_found){ .fault = (enum password_fault)i }, sentence);
		asked_fact(t, _("Password"), sentence);
	}
}

static void show_devices(const json_t *devices, struct terminal *t)
{
	if (json_array_size(devices))
		asked_heading(t, _("Devices that go on trying an old password"));
	for (size_t i = 0; i < json_array_size(devices); i++) {
		const json_t *device = json_array_get(devices, i);
		uint64_t times = field_count(device, "times");
		char *line = show_format(ngettext("%s: %s time since %s, last %s", "%s: %s times since %s, last %s", times), field_text(device, "ip"),
					 show_count(SHOWN, times), show_time(SHOWN, field_time(device, "first")),
					 show_time(SHOWN, field_time(device, "last")));

		terminal_pad(t, 2);
		terminal_wrap(t, 2, line);
		free(line);
	}
}

static void show_account(const struct asked *asked, struct terminal *t)
{
	const json_t *account = asked->answer, *incidents = json_object_get(account, "incidents");
	uint64_t held = field_count(account, "held");

	terminal_put(t, SHADE_BOLD, show_name(SHOWN, field_text(account, "account"), NAME_COLUMNS));
	terminal_put(t, SHADE_PLAIN, "  ");
	terminal_put(t, field_flag(account, "locked") ? SHADE_RED : SHADE_GREEN, scope_of(account));
	terminal_end(t);
	asked_fact_of(t, _("Evidence"), show_format(_("%s bits"), show_bits(SHOWN, field_bits(account, "bits"), false)));
	asked_fact(t, _("Mode"), asked_mode(field_text(account, "mode")));
	asked_fact(t, _("Last seen"), show_time(SHOWN, field_time(account, "last_seen")));
	asked_fact_of(t, _("Mail"), asked_mail(account));
	show_guessable(field_text(account, "guessable"), t);
	if (held)
		asked_fact_of(t, _("Held"), show_format(ngettext("%s message", "%s messages", held), show_count(SHOWN, held)));
	show_why(json_object_get(account, "why"), t);
	if (json_array_size(incidents)) {
		asked_heading(t, _("Incidents"));
		asked_incidents(t, incidents);
	}
	show_devices(json_object_get(account, "old_passwords"), t);
	show_recent(json_object_get(account, "recent"), t);
}

static void show_forgotten(const struct asked *asked, struct terminal *t)
{
	terminal_print(t, SHADE_PLAIN, _("%s is forgotten: its profile, its mail in the ledger, its closed incidents."),
		       show_name(SHOWN, field_text(asked->answer, "account"), NAME_COLUMNS));
	terminal_end(t);
}

static int show_or_forget(int argc, char **argv)
{
	struct asked asked = { 0 };
	bool ended;
	int status = asked_begin(&asked, argc, argv, usage(), false, &ended);
	const char *verb = !ended && asked.word_count == 2 ? asked.words[0] : "";

	if (strcmp(verb, "show") == 0)
		status = asked_ask_and_tell(&asked, asked_question("account show", asked.words[1]), show_account);
	else if (strcmp(verb, "forget") == 0)
		status = asked_ask_and_tell(&asked, asked_question("account forget", asked.words[1]), show_forgotten);
	else if (!ended)
		status = asked_misused(usage());
	asked_done(&asked);
	return status;
}

int cli_account(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	if (strcmp(verb, "lock") == 0)
		return cli_hand(HAND_LOCK, argc, argv);
	if (strcmp(verb, "unlock") == 0)
		return cli_hand(HAND_UNLOCK, argc, argv);
	if (strcmp(verb, "reset") == 0)
		return cli_reset(argc, argv);
	if (strcmp(verb, "code") == 0)
		return cli_code(argc, argv);
	if (strcmp(verb, "audit") == 0)
		return cli_audit(argc, argv);
	if (strcmp(verb, "stale") == 0)
		return cli_stale(argc, argv);
	return show_or_forget(argc, argv);
}
