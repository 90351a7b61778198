/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/flood.h"

#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>

#include "base/i18n.h"
#include "cli/secret.h"
#include "gate/doors_open.h"

enum { CPU_SECONDS = 300 };

static const char *usage(void)
{
	return _("usage: sekisho flood move --account A [options]\n"
		 "       sekisho flood undo --account A [options]\n"
		 "Moves what came back of an attack (bounces, automatic answers) out of INBOX into a folder of its own: only what the\n"
		 "ledger says the thief sent. What the owner's own mail brought back stays. undo brings all of it back; nothing is deleted.\n\n"
		 "      --account A           whose mailbox\n"
		 "      --since T             mail that arrived since then (since the account's last incident began)\n"
		 "      --folder NAME         which folder\n"
		 "      --spoofed             also what came back of mail that never passed here\n"
		 "      --dry-run             only say what would be moved\n"
		 "      --once                do not look again each minute for what still comes\n"
		 "  -f, --format text|json    how to answer (text)\n"
		 "  -o, --output FILE         where to (standard output)\n"
		 "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		 "  -h, --help");
}

/* ---- options */

static bool take_since(struct flood *flood, const char *value)
{
	size_t used;

	if (when_parse_rfc3339(text_of(value), 0, &flood->since_us, &used) && !value[used])
		return true;
	cli_complain(_("--since: '%s' is no time such as 2026-11-20T12:30:00+09:00"), value);
	return false;
}

static bool take_folder(struct flood *flood, const char *value)
{
	json_t *text = json_string(value);
	bool sound = text && *value && strlen(value) <= FLOOD_FOLDER_MAX && strcasecmp(value, "INBOX") != 0;

	for (const char *c = value; sound && *c; c++)
		sound = (unsigned char)*c >= 0x20 && *c != 0x7f;
	json_decref(text);
	flood->folder = value;
	if (!sound)
		cli_complain(_("'%s' can be no such folder: a name in UTF-8 of at most %d bytes, and not INBOX"), value, FLOOD_FOLDER_MAX);
	return sound;
}

static bool take(struct flood *flood, int option, const char *value)
{
	switch (option) {
	case 'A': flood->account = value; return true;
	case 's': return take_since(flood, value);
	case 'd': return take_folder(flood, value);
	case 'p': flood->spoofed = true; return true;
	case 'n': flood->dry_run = true; return true;
	case '1': flood->once = true; return true;
	case 'g': flood->again = true; return true;
	case 'f': return output_parse_form(value, false, &flood->asked.form);
	case 'o': flood->asked.output = value; return true;
	default: flood->asked.config_file = value; return true;
	}
}

static bool is_whole(const struct flood *flood, int argc, char **argv)
{
	bool undo = optind < argc && strcmp(argv[optind], "undo") == 0;

	if (optind + 1 != argc || !flood->account || (!undo && strcmp(argv[optind], "move") != 0))
		return false;
	if (undo)
		return flood->since_us == WHEN_NONE && !flood->spoofed && !flood->dry_run && !flood->once && !flood->again;
	return !flood->again || (flood->since_us == WHEN_NONE && !flood->folder && !flood->dry_run && !flood->once);
}

static int take_options(struct flood *flood, int argc, char **argv, bool *ended)
{
	static const struct option options[] = {
		{ "account", required_argument, NULL, 'A' }, { "since", required_argument, NULL, 's' },
		{ "folder", required_argument, NULL, 'd' },  { "spoofed", no_argument, NULL, 'p' },
		{ "dry-run", no_argument, NULL, 'n' },	     { "once", no_argument, NULL, '1' },
		{ "again", no_argument, NULL, 'g' },	     { "format", required_argument, NULL, 'f' },
		{ "output", required_argument, NULL, 'o' },  { "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },	     { NULL, 0, NULL, 0 },
	};
	int option;

	*ended = true;
	while ((option = getopt_long(argc, argv, "f:o:c:h", options, NULL)) != -1) {
		if (option == 'h') {
			printf("%s\n", usage());
			return CLI_DONE;
		}
		if (option == '?')
			return asked_misused(usage());
		if (!take(flood, option, optarg))
			return CLI_USAGE;
	}
	if (!is_whole(flood, argc, argv))
		return asked_misused(usage());
	flood->verb = argv[optind];
	*ended = false;
	return CLI_DONE;
}

/* ---- what it begins with */

static int no(const char *sentence, const char *word)
{
	cli_complain(sentence, word);
	return CLI_NO;
}

/* the folder that is known already; mail in two would be found in one alone */
static int choose_folder(struct flood *flood, const json_t *row)
{
	const char *known = field_text(row, "folder"), *wanted = flood->folder;
	bool lies_there = field_count(row, "moved") > 0;

	if (lies_there && wanted && strcmp(wanted, known) != 0)
		return no(_("mail that was moved lies in '%s' already: bring it back first (sekisho flood undo), or leave --folder away"), known);
	if (!wanted)
		wanted = *known && lies_there ? known : *flood->asked.config.flood_folder ? flood->asked.config.flood_folder : _("Returned mail (sekisho)");
	if (!wanted[0] || !take_folder(flood, wanted))
		return CLI_USAGE;
	text_copy(flood->name, sizeof flood->name, text_of(wanted));
	return CLI_DONE;
}

static int choose_time(struct flood *flood, const json_t *row)
{
	if (flood->again) {
		flood->since_us = field_time(row, "since");
		flood->until_us = field_time(row, "until");
		flood->spoofed = field_flag(row, "spoofed");
		flood->by_person = !field_count(row, "incident");
		return flood->until_us == WHEN_NONE ? no(_("what comes back to %s is not moved any more"), flood->account) : CLI_DONE;
	}
	flood->by_person = flood->since_us != WHEN_NONE;
	if (!flood->by_person)
		flood->since_us = field_time(flood->known, "began");
	return flood->since_us == WHEN_NONE ? no(_("%s had no incident: since when, says --since"), flood->account) : CLI_DONE;
}

static int choose(struct flood *flood)
{
	const json_t *row = json_object_get(flood->known, "flood");
	bool undo = strcmp(flood->verb, "undo") == 0;
	int status;

	if (undo && !json_is_object(row))
		return no(_("nothing was ever moved for %s"), flood->account);
	if (undo || flood->again) {
		text_copy(flood->name, sizeof flood->name, text_of(flood->folder ? flood->folder : field_text(row, "folder")));
		status = CLI_DONE;
	} else {
		status = choose_folder(flood, row);
	}
	return status || undo ? status : choose_time(flood, row);
}

static int open_mailbox(struct flood *flood)
{
	struct error error = { "" };
	bool found = false;

	flood->folders = doors_open_folders(&flood->asked.config, field_text(flood->known, "account"), &error);
	if (flood->folders && folders_find_user(flood->folders, flood->asked.config.default_domain, &found, &error) && !found)
		return no(_("Dovecot knows no user %s"), field_text(flood->known, "account"));
	if (!found || !folders_state(flood->folders, "INBOX", &flood->inbox, &error)) {
		cli_complain("%s", error.text);
		return flood->folders ? CLI_AWAY : CLI_NO;
	}
	return CLI_DONE;
}

/* false: nothing came since the last time */
static bool go_on(struct flood *flood)
{
	const json_t *row = json_object_get(flood->known, "flood");
	uint64_t next = field_count(row, "next_uid"), seen = field_count(row, "seen_uid");

	flood->from_uid = 1;
	if (!flood->again || field_count(row, "validity") != flood->inbox.validity)
		return true;
	flood->from_uid = (uint32_t)next;
	flood->seen_uid = (uint32_t)seen;
	return next < flood->inbox.next_uid;
}

/* mails are hostile: whatever they make of the reader ends with it */
static void guard(const struct flood *flood)
{
	const struct rlimit seconds = { CPU_SECONDS, CPU_SECONDS };

	secret_guard();
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	if (flood->again)
		setrlimit(RLIMIT_CPU, &seconds);
}

static int act(struct flood *flood)
{
	json_t *request = json_pack("{s:s, s:s}", "verb", "flood show", "account", flood->account);
	int status = request ? flood_ask(flood, request, &flood->known) : no(_("'%s' is no account"), flood->account);

	status = status ? status : choose(flood);
	status = status ? status : open_mailbox(flood);
	if (status || !go_on(flood))
		return status;
	return strcmp(flood->verb, "undo") == 0 ? flood_undo(flood) : flood_move(flood);
}

static int tell(struct flood *flood, int status)
{
	if ((status != CLI_DONE && status != CLI_PARTLY) || flood->again)
		return status;
	flood->asked.answer = flood_document(flood);
	flood->asked.show = flood_show;
	return cli_worse(status, asked_tell(&flood->asked));
}

int cli_flood(int argc, char **argv)
{
	struct flood flood = { .since_us = WHEN_NONE, .until_us = WHEN_NONE };
	struct evidence_weights weights;
	bool ended;
	int status = take_options(&flood, argc, argv, &ended);

	if (ended)
		return status;
	guard(&flood);
	config_init(&flood.asked.config);
	flood.examples = json_array();
	flood.staying = json_array();
	status = cli_read_config(&flood.asked.config, flood.asked.config_file, &weights) ? tell(&flood, act(&flood)) : CLI_NO;
	folders_free(flood.folders);
	free(flood.mails);
	json_decref(flood.known);
	json_decref(flood.examples);
	json_decref(flood.staying);
	asked_done(&flood.asked);
	return status;
}
