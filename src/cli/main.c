/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "configuration.h"

static const struct command commands[] = {
	{ "scan", N_("find hijacked accounts in mail logs"), cli_scan },
	{ "judge", N_("judge events on two pipes, as a co-process"), cli_judge },
	{ "replay", N_("tell what a live guard would have done with a trace or a log"), cli_replay },
	{ "inspect", N_("what a mail is: bounce, answer of a machine, complaint, phishing"), cli_inspect },
	{ "serve", N_("the daemon: answers Postfix and Dovecot, holds and locks"), cli_serve },
	{ "incident", N_("the hijacks that the daemon found: list them, show one, lock its account"), cli_incident },
	{ "account", N_("look at an account, lock it, open it again, give it a new password"), cli_account },
	{ "mode", N_("how far the daemon goes: learn, observe or enforce, by domain"), cli_mode },
	{ "whose", N_("which account sent a message"), cli_whose },
	{ "flood", N_("move what came back of an attack out of the owner's way, and back"), cli_flood },
	{ "notice", N_("what owners and operators were told; is this notice ours"), cli_notice },
	{ "contact", N_("where owners are reached outside their mailbox"), cli_contact },
	{ "password", N_("make a random password, or say whether one may be used"), cli_password },
	{ "bulletin", N_("write a page on fake mails that go round"), cli_bulletin },
	{ "web", N_("the pages on which owners get their mailbox back"), cli_web },
	{ "config", N_("check or show the settings, or write a sample file"), cli_config },
};

enum { COMMANDS = sizeof commands / sizeof *commands };

int cli_worse(int a, int b)
{
	static const int rank[] = {
		[CLI_DONE] = 0, [CLI_NO] = 1, [CLI_UNREADABLE] = 2, [CLI_PARTLY] = 3, [CLI_AWAY] = 4, [CLI_USAGE] = 5
	};

	return rank[a] > rank[b] ? a : b;
}

bool cli_parse_year(const char *text, int *year)
{
	uint64_t number;

	if (text_number(text_of(text), 9999, &number) && number >= 1970) {
		*year = (int)number;
		return true;
	}
	cli_complain(_("--year: '%s' is no year from 1970 to 9999"), text);
	return false;
}

void cli_complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("sekisho: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}

static void help(FILE *to)
{
	fprintf(to, "%s\n\n", _("usage: sekisho COMMAND [options] [arguments]"));
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-10s %s\n", commands[i].name, _(commands[i].summary));
	fprintf(to, "\n%s\n", _("sekisho COMMAND --help tells more; the manual is sekisho(1)."));
}

static bool wants_japanese(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strncmp(value, "ja", 2) == 0;
	}
	return false;
}

/* a program run from its build folder finds its translations there */
static void speak(void)
{
	const char *folder =
		access(SEKISHO_BUILD_LOCALE_DIR, R_OK) == 0 ? SEKISHO_BUILD_LOCALE_DIR : SEKISHO_LOCALE_DIR;

	if (!setlocale(LC_ALL, "") && wants_japanese()) { /* that locale is not generated here, but the texts are */
		setlocale(LC_ALL, "C.UTF-8");
		setenv("LANGUAGE", "ja", 0);
	}
	setlocale(LC_NUMERIC, "C");
	bindtextdomain("sekisho", folder);
	bind_textdomain_codeset("sekisho", "UTF-8");
	textdomain("sekisho");
}

void cli_speak_in(const char *language)
{
	const char *locale = setlocale(LC_MESSAGES, NULL);

	if (!locale || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0) { /* in which nothing is translated */
		setlocale(LC_ALL, "C.UTF-8");
		setlocale(LC_NUMERIC, "C");
	}
	setenv("LANGUAGE", language, 1);
	textdomain("sekisho"); /* and what was translated before is forgotten */
}

/* output that could not be written is not done, whatever the command thought */
static int finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno != EPIPE)
		cli_complain(_("cannot write the output: %s"), strerror(errno));
	return cli_worse(status, CLI_PARTLY);
}

int main(int argc, char **argv)
{
	speak();
	if (argc < 2) {
		help(stderr);
		return CLI_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("sekisho %s\n", SEKISHO_VERSION);
		return finish(CLI_DONE);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		help(stdout);
		return finish(CLI_DONE);
	}
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return finish(commands[i].run(argc - 1, argv + 1));
	cli_complain(_("unknown command '%s'; 'sekisho --help' lists them"), argv[1]);
	return CLI_USAGE;
}
