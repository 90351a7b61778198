/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/asked.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "password/policy.h"
#include "report/block.h"
#include "report/show.h"
#include "report/value.h"

enum { INDENT = 2, LABEL = 18 };

/* ---- options */

int asked_misused(const char *usage)
{
	fprintf(stderr, "%s\n", usage);
	return CLI_USAGE;
}

/* which ones there are depends on the words, that may stand behind the option */
static bool take_form(struct asked *asked, const char *name)
{
	bool pages = asked->pages_of && asked->word_count && strcmp(asked->words[0], asked->pages_of) == 0;

	return !name || output_parse_form(name, pages, &asked->form);
}

static bool take_language(struct asked *asked, const char *language)
{
	asked->language = language;
	if (strcmp(language, "ja") == 0 || strcmp(language, "en") == 0)
		return true;
	cli_complain(_("--lang: '%s' is neither ja nor en"), language);
	return false;
}

static bool take_option(struct asked *asked, int option, const char *value, bool lists)
{
	switch (option) {
	case 'o': asked->output = value; return true;
	case 'c': asked->config_file = value; return true;
	case 'a': asked->all = true; return lists;
	case 'F': asked->false_alarm = true; return lists;
	case 'u': asked->full = true; return lists;
	case 'l': return lists && take_language(asked, value);
	case 'A': asked->account = value; return lists;
	default: return false;
	}
}

int asked_begin(struct asked *asked, int argc, char **argv, const char *usage, bool lists, bool *ended)
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, 'f' },  { "output", required_argument, NULL, 'o' },
		{ "config", required_argument, NULL, 'c' },  { "all", no_argument, NULL, 'a' },
		{ "false-alarm", no_argument, NULL, 'F' },   { "full", no_argument, NULL, 'u' },
		{ "lang", required_argument, NULL, 'l' },
		{ "account", required_argument, NULL, 'A' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct evidence_weights weights;
	const char *form = NULL;
	int option;

	signal(SIGXFSZ, SIG_IGN); /* a limit on files is an error like others, and cleaned up after */
	*ended = true;
	config_init(&asked->config);
	while ((option = getopt_long(argc, argv, "f:o:c:h", options, NULL)) != -1) {
		if (option == 'h') {
			printf("%s\n", usage);
			return CLI_DONE;
		}
		if (option == 'f')
			form = optarg;
		else if (!take_option(asked, option, optarg, lists))
			return option == 'l' && lists ? CLI_USAGE : asked_misused(usage);
	}
	asked->words = argv + optind;
	asked->word_count = argc - optind;
	if (!take_form(asked, form))
		return CLI_USAGE;
	if (!cli_read_config(&asked->config, asked->config_file, &weights))
		return CLI_NO;
	*ended = false;
	return CLI_DONE;
}

void asked_done(struct asked *asked)
{
	config_done(&asked->config);
	json_decref(asked->answer);
}

/* ---- question and answer */

int asked_status_of(enum ask_result result)
{
	static const int statuses[] = {
		[ASK_ANSWERED] = CLI_DONE, [ASK_AWAY] = CLI_AWAY, [ASK_FAULTY] = CLI_USAGE, [ASK_REFUSED] = CLI_NO,
		[ASK_ABSENT] = CLI_NO, [ASK_NO] = CLI_NO, [ASK_FAILED] = CLI_AWAY, [ASK_FORMER] = CLI_NO,
	};

	return statuses[result];
}

static char *why_former(void)
{
	char why[PASSWORD_SENTENCE_MAX], mend[PASSWORD_SENTENCE_MAX];
	struct password_verdict verdict;

	password_verdict_former(&verdict);
	password_objection_why(&verdict.objections[0], NULL, why);
	password_objection_mend(&verdict.objections[0], NULL, mend);
	return show_format("%s\n- %s\n  %s", _("nothing was done: this password may not be used."), why, mend);
}

char *asked_why(enum ask_result result, const struct error *error)
{
	switch (result) {
	case ASK_REFUSED:
		return show_format(_("you may not: that is for root, and for members of the groups in the settings operators and support (%s)"),
				   show_name(SHOWN, error->text, SHOWN_MAX));
	case ASK_ABSENT: return show_format("%s", _("there is nothing of that name or number"));
	case ASK_FORMER: return why_former();
	case ASK_AWAY:
	case ASK_NO: return show_format("%s", error->text);
	default: return show_format(_("the daemon cannot do that: %s"), show_name(SHOWN, error->text, SHOWN_MAX));
	}
}

int asked_status(enum ask_result result, const struct error *error)
{
	char *why = result == ASK_ANSWERED ? NULL : asked_why(result, error);

	if (why)
		cli_complain("%s", why);
	free(why);
	return asked_status_of(result);
}

json_t *asked_question(const char *verb, const char *account)
{
	json_t *question = json_pack("{s:s, s:s*}", "verb", verb, "account", account);

	if (!question)
		cli_complain(_("'%s' is no account"), account);
	return question;
}

int asked_ask(struct asked *asked, json_t *request)
{
	struct error error = { "" };

	return asked_status(ask(asked->config.control_socket, request, &asked->answer, &error), &error);
}

static bool write_form(const void *context, FILE *to, struct error *error)
{
	const struct asked *asked = context;
	struct terminal t;

	if (asked->form == OUTPUT_JSON)
		return value_write(json_incref(asked->answer), to, error);
	terminal_init(&t, to, output_has_colour(to));
	asked->show(asked, &t);
	if (fflush(to) == 0 && !ferror(to))
		return true;
	return error_set(error, "%s", strerror(errno ? errno : EIO));
}

int asked_tell(struct asked *asked) { return output_write(asked->output, write_form, asked); }

int asked_ask_and_tell(struct asked *asked, json_t *request, void (*show)(const struct asked *asked, struct terminal *t))
{
	int status = request ? asked_ask(asked, request) : CLI_USAGE;

	asked->show = show;
	return status ? status : asked_tell(asked);
}

/* ---- texts */

void asked_fact(struct terminal *t, const char *label, const char *value) { block_labelled(t, INDENT, LABEL, label, value); }

void asked_fact_of(struct terminal *t, const char *label, char *value)
{
	asked_fact(t, label, value);
	free(value);
}

void asked_heading(struct terminal *t, const char *text) { block_heading(t, INDENT, text); }

char *asked_mail(const json_t *count)
{
	uint64_t messages = field_count(count, "messages"), recipients = field_count(count, "recipients");
	char *mail = show_format(ngettext("%s message", "%s messages", messages), show_count(SHOWN, messages));
	char *to = show_format(ngettext("to %s recipient", "to %s recipients", recipients), show_count(SHOWN, recipients));
	/* TRANSLATORS: "4,210 messages" "to 63,150 recipients" */
	char *both = show_format(_("%s %s"), mail, to);

	free(mail);
	free(to);
	return both;
}

const char *asked_mode(const char *name)
{
	static const char *const names[] = { "learn", "observe", "enforce" };
	static const char *const words[] = { N_("learning"), N_("watching only"), N_("enforcing") };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return _(words[i]);
	return name;
}

const char *asked_state(const json_t *incident)
{
	static const char *const names[] = { "open", "contained", "released", "closed" };
	static const char *const words[] = { N_("open"), N_("contained"), N_("released"), N_("closed") };
	const char *state = field_text(incident, "state");

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(state, names[i]) == 0)
			return _(words[i]);
	return state;
}

void asked_incidents(struct terminal *t, const json_t *incidents)
{
	size_t count = json_array_size(incidents);
	const char *head[] = { _("No."), _("account"), _("state"), _("bits"), _("since") };

	for (size_t at = 0; at < count; at += GRID_ROWS_MAX - 1) {
		struct grid grid;

		grid_init(&grid, "rllrl");
		for (size_t i = 0; i < sizeof head / sizeof *head; i++)
			grid_cell(&grid, "%s", head[i]);
		for (size_t i = at; i < count && i < at + GRID_ROWS_MAX - 1; i++) {
			const json_t *one = json_array_get(incidents, i);

			grid_cell(&grid, "%llu", (unsigned long long)field_count(one, "id"));
			grid_cell(&grid, "%s", show_name(SHOWN, field_text(one, "account"), NAME_COLUMNS));
			grid_cell(&grid, "%s", asked_state(one));
			grid_cell(&grid, "%s", show_bits(SHOWN, field_bits(one, "bits"), false));
			grid_cell(&grid, "%s", show_time(SHOWN, field_time(one, "began")));
		}
		grid_done(&grid, t, INDENT);
	}
}

void asked_evidence(struct terminal *t, const json_t *evidence)
{
	for (size_t i = 0; i < json_array_size(evidence); i++) {
		const json_t *one = json_array_get(evidence, i);
		const char *text = field_text(one, "text");

		block_evidence(t, INDENT, field_bits(one, "bits"), *text ? text : field_text(one, "signal"));
	}
}
