/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho bulletin: a dated page on fakes that go round, of the mails that people handed in. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "intake/mails.h"
#include "mail/phishing.h"
#include "report/bulletin.h"

struct command_line {
	enum output_form form;
	const char *output, *config_file, *language;
	int64_t day_us;
	bool any;
	char **arguments;
	int count;
	/* at work */
	struct config config;
	struct evidence_weights weights;
	struct phishing_rules *rules;
	struct message *message;
	struct bulletin bulletin;
	uint64_t faults, bytes;
	struct progress progress;
};

static int usage(FILE *to, int status)
{
	fprintf(to, "%s\n",
		_("usage: sekisho bulletin [options] FILE|DIR|-…\n"
		  "Writes a dated page on fakes that go round, for everybody to read, of mails that people handed in: what they look like, how\n"
		  "to tell ours, what to do. Whoever got them is blacked out; no address on it can be followed. Mails that are no fakes are\n"
		  "passed over.\n\n"
		  "      --all                 take each mail for a fake: somebody has looked at them\n"
		  "      --date DAY            the day of the page, as 2026-11-23 (today)\n"
		  "      --lang ja|en          its language (as the locale says)\n"
		  "  -f, --format text|html    how to write it (text)\n"
		  "  -o, --output FILE         where to (standard output)\n"
		  "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		  "  -h, --help"));
	return status;
}

/* ---- options */

static bool take_form(const char *value, enum output_form *form)
{
	if (strcmp(value, "text") == 0 || strcmp(value, "html") == 0) {
		*form = *value == 't' ? OUTPUT_TEXT : OUTPUT_HTML;
		return true;
	}
	cli_complain(_("unknown format '%s': text or html"), value);
	return false;
}

/* noon of that day here, so that it is the same day in any medium */
static bool take_day(const char *value, int64_t *day_us)
{
	struct text text = text_of(value);
	char noon[32];
	size_t used;

	if (text.n == 10 && snprintf(noon, sizeof noon, "%sT12:00:00", value) > 0 &&
	    when_parse_rfc3339(text_of(noon), when_local_offset(clock_now()), day_us, &used) && used == strlen(noon))
		return true;
	cli_complain(_("--date: '%s' is no day such as 2026-11-23"), value);
	return false;
}

static bool take_language(const char *value, const char **language)
{
	if (strcmp(value, "ja") == 0 || strcmp(value, "en") == 0) {
		*language = value;
		return true;
	}
	cli_complain(_("--lang: '%s' is neither ja nor en"), value);
	return false;
}

static bool take_option(struct command_line *line, int option, const char *value)
{
	switch (option) {
	case 'a': line->any = true; return true;
	case 'd': return take_day(value, &line->day_us);
	case 'l': return take_language(value, &line->language);
	case 'f': return take_form(value, &line->form);
	case 'o': line->output = value; return true;
	case 'c': line->config_file = value; return true;
	default: return false;
	}
}

/* the page over one of the mails would destroy it */
static bool is_argument(const struct command_line *line)
{
	struct stat output, input;

	if (!line->output || stat(line->output, &output) != 0)
		return false;
	for (int i = 0; i < line->count; i++)
		if (stat(line->arguments[i], &input) == 0 && S_ISREG(input.st_mode) && input.st_dev == output.st_dev &&
		    input.st_ino == output.st_ino) {
			cli_complain(_("'%s' is one of the mails: the report would destroy it"), line->output);
			return true;
		}
	return false;
}

/* CLI_DONE to go on; otherwise the status to end with, and *ended */
static int take_options(struct command_line *line, int argc, char **argv, bool *ended)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },	    { "date", required_argument, NULL, 'd' },
		{ "lang", required_argument, NULL, 'l' },   { "format", required_argument, NULL, 'f' },
		{ "output", required_argument, NULL, 'o' }, { "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },	    { NULL, 0, NULL, 0 },
	};
	int option;

	*ended = true;
	while ((option = getopt_long(argc, argv, "f:o:c:h", options, NULL)) != -1) {
		if (option == 'h')
			return usage(stdout, CLI_DONE);
		if (!take_option(line, option, optarg))
			return option == '?' ? usage(stderr, CLI_USAGE) : CLI_USAGE;
	}
	line->arguments = argv + optind;
	line->count = argc - optind;
	if (!line->count) {
		cli_complain("%s", _("which mail? Name files or folders, or - for standard input"));
		return CLI_USAGE;
	}
	if (is_argument(line))
		return CLI_USAGE;
	*ended = false;
	return CLI_DONE;
}

/* ---- mails */

static bool take_mail(void *context, const struct mail *mail)
{
	struct command_line *line = context;
	struct inspection inspection;
	struct error error = { "" };

	progress_show(&line->progress, line->bytes += mail->bytes.n);
	if (mail->fault || !inspect_mail(line->message, mail->bytes, line->rules, &inspection, &error)) {
		cli_complain("%s: %s", mail->file, mail->fault ? mail->fault : error.text);
		line->faults++;
		return true;
	}
	bulletin_add(&line->bulletin, line->message, &inspection, line->any);
	return true;
}

static void read_mails(struct command_line *line)
{
	struct mails *mails = mails_new(take_mail, line);
	uint64_t bytes = 0;
	bool on = true;

	progress_begin(&line->progress, 0);
	for (int i = 0; line->progress.terminal && i < line->count; i++)
		bytes += mails_bytes(mails, line->arguments[i]);
	line->progress.whole = bytes;
	for (int i = 0; on && i < line->count; i++)
		on = mails_read(mails, line->arguments[i]);
	progress_end(&line->progress);
	mails_free(mails);
	bulletin_sort(&line->bulletin);
}

static bool write_page(const void *context, FILE *to, struct error *error)
{
	const struct command_line *line = context;

	return line->form == OUTPUT_HTML ? bulletin_html(&line->bulletin, to, error)
					 : bulletin_text(&line->bulletin, to, output_has_colour(to), error);
}

/* A page that says that nothing goes round would be a lie. */
static int write_bulletin(struct command_line *line)
{
	uint64_t passed_over = line->bulletin.passed_over;

	if (passed_over)
		cli_complain(ngettext("%llu mail is no fake, as far as can be told, and was passed over; --all takes it nevertheless",
				      "%llu mails are no fakes, as far as can be told, and were passed over; --all takes them nevertheless", passed_over),
			     (unsigned long long)passed_over);
	if (line->bulletin.left_out)
		cli_complain(_("there are more kinds of fakes than a page has room for: %llu mails stand on none"),
			     (unsigned long long)line->bulletin.left_out);
	if (!line->bulletin.count) {
		cli_complain("%s", _("no page was written: there is no fake among these mails"));
		return CLI_NO;
	}
	return output_write(line->output, write_page, line);
}

static bool prepare(struct command_line *line)
{
	struct error error = { "" };

	config_init(&line->config);
	if (!cli_read_config(&line->config, line->config_file, &line->weights))
		return false;
	if (line->language)
		cli_speak_in(line->language);
	line->message = message_new();
	line->rules = phishing_rules_of(&line->config, &error);
	if (line->rules) {
		bulletin_init(&line->bulletin, &line->config, line->rules, line->day_us);
		return true;
	}
	cli_complain("%s", error.text);
	return false;
}

int cli_bulletin(int argc, char **argv)
{
	struct command_line line = { .form = OUTPUT_TEXT, .day_us = clock_now() };
	bool ended;
	int status = take_options(&line, argc, argv, &ended);

	if (ended)
		return status;
	status = CLI_NO;
	if (prepare(&line)) {
		read_mails(&line);
		status = write_bulletin(&line);
	}
	if (line.faults)
		status = cli_worse(status, CLI_UNREADABLE);
	bulletin_done(&line.bulletin);
	message_free(line.message);
	phishing_rules_free(line.rules);
	config_done(&line.config);
	return status;
}
