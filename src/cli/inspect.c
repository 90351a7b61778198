/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho inspect: what each mail is, whose it is about, what it proves. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "attribution/came_back.h"
#include "attribution/flood.h"
#include "base/i18n.h"
#include "cli/asked.h"
#include "cli/cli.h"
#include "cli/inspect_follow.h"
#include "cli/inspect_notice.h"
#include "cli/inspect_reply.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "gate/ask.h"
#include "intake/mails.h"
#include "mail/phishing.h"
#include "report/inspection.h"

enum { FLOOD_FROM = 5 };

/* one a run; each but the report is an option, and is its letter */
enum task { TASK_REPORT, TASK_TELL = 't', TASK_REPLY = 'r', TASK_FOLLOW = 'w', TASK_NAME_SIGNS = 'p' };

struct inspect {
	/* asked for */
	enum output_form form;
	const char *output, *config_file;
	char **arguments;
	int count;
	enum task task;
	/* at work */
	struct config config;
	struct evidence_weights weights;
	struct phishing_rules *rules;
	struct inspect_notice notice;
	struct message *message;
	FILE *to;
	struct terminal terminal;
	struct error error; /* of the output */
	uint64_t tally[MAIL_KINDS], faults, bytes, unanswered;
	uint64_t failed;           /* recipients that bounces name */
	struct progress progress;
	bool alone;                /* nobody is there to be asked whose mail it was, or we may not */
	enum ask_result trouble;   /* of --tell; ASK_ANSWERED: none */
	bool missing;              /* a file that was named cannot be read */
};

/* ---- options */

static int usage(FILE *to, int status)
{
	fprintf(to, "%s\n",
		_("usage: sekisho inspect [options] FILE|DIR|-…\n"
		  "Says what a mail is (a bounce, an automatic answer, a complaint, a phishing notice), whom it is about, and what it\n"
		  "proves. Files of one mail, mboxes (also gz, bz2, xz, zst), Maildirs, folders of files, - for standard input.\n\n"
		  "  -f, --format text|json    how to report (text); json: one object a line for each mail\n"
		  "  -o, --output FILE         where to (standard output)\n"
		  "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		  "      --tell                for a pipe: tells the daemon what came back, and reports nothing; exit status 75 (try again)\n"
		  "                            where it is away\n"
		  "      --follow              tells the daemon what comes into the folder of imap_url; the daemon starts it by itself\n"
		  "      --phishing            only names the signs of phishing, a line for each mail that is; asks no daemon\n"
		  "      --reply               drafts an answer to whoever complained, with what was done; nothing is sent\n"
		  "  -h, --help"));
	return status;
}

static bool take_task(struct inspect *inspect, enum task task)
{
	if (inspect->task != TASK_REPORT && inspect->task != task) {
		cli_complain("%s", _("of --tell, --reply, --phishing and --follow only one can be done"));
		return false;
	}
	inspect->task = task;
	return true;
}

static bool take_option(struct inspect *inspect, int option, const char *value)
{
	switch (option) {
	case 'f': return output_parse_form(value, false, &inspect->form);
	case 'o': inspect->output = value; return true;
	case 'c': inspect->config_file = value; return true;
	case TASK_TELL:
	case TASK_REPLY:
	case TASK_FOLLOW:
	case TASK_NAME_SIGNS: return take_task(inspect, (enum task)option);
	default: return false;
	}
}

/* a report over one of the mails would destroy it */
static bool is_argument(const struct inspect *inspect)
{
	struct stat output, input;

	if (!inspect->output || stat(inspect->output, &output) != 0)
		return false;
	for (int i = 0; i < inspect->count; i++)
		if (stat(inspect->arguments[i], &input) == 0 && S_ISREG(input.st_mode) && input.st_dev == output.st_dev &&
		    input.st_ino == output.st_ino) {
			cli_complain(_("'%s' is one of the mails: the report would destroy it"), inspect->output);
			return true;
		}
	return false;
}

/* CLI_DONE to go on; otherwise the status to end with, and *ended */
static int take_options(struct inspect *inspect, int argc, char **argv, bool *ended)
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, 'f' }, { "output", required_argument, NULL, 'o' },
		{ "config", required_argument, NULL, 'c' }, { "help", no_argument, NULL, 'h' },
		{ "tell", no_argument, NULL, TASK_TELL }, { "reply", no_argument, NULL, TASK_REPLY },
		{ "follow", no_argument, NULL, TASK_FOLLOW }, { "phishing", no_argument, NULL, TASK_NAME_SIGNS },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	*ended = true;
	while ((option = getopt_long(argc, argv, "f:o:c:h", options, NULL)) != -1) {
		if (option == 'h')
			return usage(stdout, CLI_DONE);
		if (!take_option(inspect, option, optarg))
			return option == '?' ? usage(stderr, CLI_USAGE) : CLI_USAGE;
	}
	inspect->arguments = argv + optind;
	inspect->count = argc - optind;
	if (inspect->task == TASK_FOLLOW && inspect->count) {
		cli_complain("%s", _("--follow takes no files: it reads the folder of imap_url"));
		return CLI_USAGE;
	}
	if (!inspect->count && inspect->task != TASK_FOLLOW) {
		cli_complain("%s", _("which mail? Name files or folders, or - for standard input"));
		return CLI_USAGE;
	}
	if (is_argument(inspect))
		return CLI_USAGE;
	*ended = false;
	return CLI_DONE;
}

/* ---- what is said */

static bool tell(struct inspect *inspect, const struct inspected *inspected)
{
	if (inspect->form == OUTPUT_JSON)
		return inspection_json(inspected, inspect->to, &inspect->error);
	inspection_text(inspected, &inspect->terminal);
	return !ferror(inspect->to);
}

static bool name_signs(const struct inspect *inspect, const struct phishing *phishing)
{
	for (size_t i = 0; phishing->bits >= PHISHING_BITS && i < phishing->sign_count; i++)
		fprintf(inspect->to, "%s%s", phishing->signs[i].name, i + 1 < phishing->sign_count ? ", " : "\n");
	return !ferror(inspect->to);
}

static bool reply(struct inspect *inspect, const struct inspected *inspected)
{
	struct error error = { "" };

	if (inspected->fault) {
		cli_complain("%s: %s", inspected->file, inspected->fault);
	} else if (!inspect_reply(&inspect->config, inspect->message, inspected->inspection, inspected->whose, inspect->to, &error)) {
		cli_complain("%s: %s", inspected->file, error.text);
		inspect->unanswered++;
	}
	return !ferror(inspect->to);
}

static bool say(struct inspect *inspect, const struct inspected *inspected)
{
	switch (inspect->task) {
	case TASK_REPORT: return tell(inspect, inspected);
	case TASK_REPLY: return reply(inspect, inspected);
	case TASK_NAME_SIGNS: return inspected->fault || name_signs(inspect, &inspected->inspection->phishing); /* it was complained of */
	case TASK_TELL:
	case TASK_FOLLOW: break; /* the daemon was told */
	}
	return true;
}

/* ---- whose */

/* in the language of whoever reads it */
static void say_why(json_t *answer)
{
	struct attribution attribution;
	char why[700];

	attribution_from_json(answer, &attribution);
	attribution_say(&attribution, why, sizeof why);
	json_object_set_new(json_object_get(answer, "attribution"), "why", json_string(why));
}

/* The daemon has the ledger. Without one, or where we may not ask, mails are told as they are; whoever was asked to tell it says so. */
static json_t *ask_whose(struct inspect *inspect, const struct mail *mail, const struct inspection *inspection)
{
	json_t *answer = NULL, *about;
	struct error error;
	enum ask_result result;

	if (inspect->alone || inspect->task == TASK_NAME_SIGNS || !came_back_is(inspection))
		return NULL;
	about = came_back_json(inspect->message, inspection, mail->bytes);
	result = ask(inspect->config.control_socket,
		     json_pack("{s:s, s:o}", "verb", inspect->task == TASK_TELL ? "mail tell" : "mail whose", "mail", about), &answer, &error);
	if (result == ASK_ANSWERED) {
		say_why(answer);
		return answer;
	}
	inspect->alone = inspect->task != TASK_TELL && (result == ASK_AWAY || result == ASK_REFUSED);
	if (inspect->task == TASK_TELL && inspect->trouble == ASK_ANSWERED) {
		inspect->trouble = result;
		asked_status(result, &error);
	}
	return NULL;
}

/* ---- mails */

/* a mark makes a notice of what is nothing else, whoever's it is */
static json_t *take_notice(const struct inspect *inspect, struct inspection *inspection)
{
	json_t *notice = inspect_notice_json(&inspect->notice, inspect->message);

	if (notice && inspection->kind == MAIL_OTHER)
		inspection->kind = MAIL_NOTICE;
	return notice;
}

static bool take_mail(void *context, const struct mail *mail)
{
	struct inspect *inspect = context;
	struct inspection inspection;
	struct inspected inspected = { .file = mail->file, .number = mail->number, .fault = mail->fault };
	struct error error;
	json_t *whose = NULL, *notice = NULL;
	bool on;

	inspect->notice.bytes = mail->bytes;
	progress_show(&inspect->progress, inspect->bytes += mail->bytes.n);
	if (!mail->fault) {
		if (!inspect_mail(inspect->message, mail->bytes, inspect->rules, &inspection, &error))
			inspected.fault = error.text;
		inspected.inspection = &inspection;
	}
	if (!inspected.fault)
		inspected.notice = notice = take_notice(inspect, &inspection);
	if (!inspected.fault)
		inspected.whose = whose = ask_whose(inspect, mail, &inspection);
	inspect->missing |= mail->fault && strcmp(mail->file, "-") != 0;
	if (inspected.fault) {
		inspect->faults++;
	} else {
		inspect->tally[json_is_true(json_object_get(notice, "ours")) ? MAIL_OTHER : inspection.kind]++;
		inspect->failed += inspection.kind == MAIL_BOUNCE ? inspection.recipient_count : 0;
	}
	if ((inspect->task == TASK_TELL || inspect->task == TASK_NAME_SIGNS) && inspected.fault)
		cli_complain("%s: %s", inspected.file, inspected.fault);
	on = say(inspect, &inspected);
	json_decref(notice);
	json_decref(whose);
	return on;
}

/* where a bar will be seen: the folders are looked through for it */
static void begin_progress(struct inspect *inspect, struct mails *mails)
{
	uint64_t bytes = 0;

	progress_begin(&inspect->progress, 0);
	for (int i = 0; inspect->progress.terminal && i < inspect->count; i++)
		bytes += mails_bytes(mails, inspect->arguments[i]);
	inspect->progress.whole = bytes;
}

/* from a handful on; fewer say nothing */
static void tell_flood(struct inspect *inspect)
{
	char says[300];

	if (inspect->failed < FLOOD_FROM)
		return;
	flood_say(inspect->failed, 0, says, sizeof says);
	terminal_put(&inspect->terminal, SHADE_PLAIN, says);
	terminal_end(&inspect->terminal);
}

static bool write_all(const void *context, FILE *to, struct error *error)
{
	struct inspect *inspect = *(struct inspect *const *)context;
	struct mails *mails = mails_new(take_mail, inspect);
	bool on = true;

	inspect->to = to;
	terminal_init(&inspect->terminal, to, output_has_colour(to));
	begin_progress(inspect, mails);
	for (int i = 0; on && i < inspect->count; i++)
		on = mails_read(mails, inspect->arguments[i]);
	progress_end(&inspect->progress);
	mails_free(mails);
	if (on && inspect->form == OUTPUT_TEXT && inspect->task == TASK_REPORT) {
		inspection_tally(inspect->tally, inspect->faults, &inspect->terminal);
		tell_flood(inspect);
	}
	*error = inspect->error;
	return on && fflush(to) == 0;
}

static bool prepare(struct inspect *inspect)
{
	struct error error = { "" };

	config_init(&inspect->config);
	if (!cli_read_config(&inspect->config, inspect->config_file, &inspect->weights))
		return false;
	inspect->message = message_new();
	inspect->rules = phishing_rules_of(&inspect->config, &error);
	if (inspect->rules && inspect_notice_open(&inspect->notice, &inspect->config, &error)) {
		inspect_notice_trust(&inspect->notice, inspect->rules);
		return true;
	}
	cli_complain("%s", error.text);
	return false;
}

static void done(struct inspect *inspect)
{
	message_free(inspect->message);
	phishing_rules_free(inspect->rules);
	config_done(&inspect->config);
}

/* Whoever runs a pipe knows sysexits(3) alone: what is to be tried again, and what never will do. A mail that nobody can read is none to be
 * tried again. */
static int status_for_pipe(const struct inspect *inspect, int status)
{
	if (inspect->trouble == ASK_AWAY || inspect->trouble == ASK_FAILED)
		return EX_TEMPFAIL;
	if (inspect->trouble == ASK_REFUSED)
		return EX_NOPERM;
	if (inspect->missing)
		return EX_NOINPUT;
	return status == CLI_UNREADABLE ? CLI_DONE : status;
}

int cli_inspect(int argc, char **argv)
{
	struct inspect inspect = { .form = OUTPUT_TEXT }, *self = &inspect;
	bool ended;
	int status = take_options(&inspect, argc, argv, &ended);

	if (ended)
		return status;
	if (!prepare(&inspect)) {
		done(&inspect);
		return CLI_NO;
	}
	if (inspect.task == TASK_FOLLOW) {
		status = inspect_follow(&inspect.config);
		done(&inspect);
		return status;
	}
	status = output_write(inspect.output, write_all, &self);
	if (inspect.unanswered)
		status = cli_worse(status, CLI_NO);
	if (inspect.faults)
		status = cli_worse(status, CLI_UNREADABLE);
	if (inspect.task == TASK_TELL)
		status = status_for_pipe(&inspect, status);
	done(&inspect);
	return status;
}
