/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <signal.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/hand.h"

static const char *usage_of(enum hand_act act)
{
	if (act == HAND_UNLOCK)
		return _("usage: sekisho account unlock ACCOUNT… [options]\n"
			 "       sekisho account unlock --bulk NUMBER | --domain DOMAIN | --file LIST [options]\n"
			 "Opens accounts again: everything that a lock shut is undone, in the reverse order; also while the daemon is away.\n\n"
			 "      --false-alarm         it was the owner: all mail that is held goes out, the old password is good again\n"
			 "      --bulk NUMBER         those that were locked together\n"
			 "      --domain DOMAIN       all of a domain\n"
			 "      --file LIST           those of a file, one a line (- for standard input)\n"
			 "      --rate N              at most N accounts a minute (600; 0: no limit)\n"
			 "      --dry-run             only say whom it would hit\n"
			 "      --no-wait             do not wait until everything is open\n"
			 "  -y, --yes                 do not ask\n"
			 "  -f, --format text|json    how to answer (text)\n"
			 "  -o, --output FILE         where to (standard output)\n"
			 "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
			 "  -h, --help");
	if (act == HAND_CONTAIN)
		return _("usage: sekisho incident contain NUMBER [options]\n"
			 "Locks the account of an incident, whatever the mode of its domain is, and tells what was shut, and proved.\n\n"
			 "      --scope SCOPE         unfamiliar (sources not plainly the owner's), sending, or account (account)\n"
			 "      --password            the password becomes a random one that nobody is told\n"
			 "      --why TEXT            for the incident's story\n"
			 "      --no-wait             do not wait until everything is shut and proved\n"
			 "  -f, --format text|json    how to answer (text)\n"
			 "  -o, --output FILE         where to (standard output)\n"
			 "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
			 "  -h, --help");
	return _("usage: sekisho account lock ACCOUNT… [options]\n"
		 "       sekisho account lock --domain DOMAIN | --file LIST [options]\n"
		 "Locks accounts, whatever the mode of their domain is, and tells what was shut, and proved; also while the daemon is\n"
		 "away. Mail for them goes on to arrive.\n\n"
		 "      --scope SCOPE         unfamiliar (sources not plainly the owner's), sending, or account (account)\n"
		 "      --password            the password becomes a random one that nobody is told\n"
		 "      --why TEXT            for the story of the incident\n"
		 "      --domain DOMAIN       all of a domain\n"
		 "      --file LIST           those of a file, one a line (- for standard input)\n"
		 "      --bulk[=NUMBER]       together, under one number; or under that of an earlier one, which was stopped\n"
		 "      --rate N              at most N accounts a minute (600; 0: no limit)\n"
		 "      --dry-run             only say whom it would hit\n"
		 "      --no-wait             do not wait until everything is shut and proved\n"
		 "  -y, --yes                 do not ask\n"
		 "  -f, --format text|json    how to answer (text)\n"
		 "  -o, --output FILE         where to (standard output)\n"
		 "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		 "  -h, --help");
}

/* ---- which options each act has */

enum { LOCK = 1 << HAND_LOCK, UNLOCK = 1 << HAND_UNLOCK, CONTAIN = 1 << HAND_CONTAIN, ALL = LOCK | UNLOCK | CONTAIN };

static const struct option options[] = {
	{ "scope", required_argument, NULL, 's' },  { "password", no_argument, NULL, 'p' },
	{ "why", required_argument, NULL, 'w' },    { "domain", required_argument, NULL, 'd' },
	{ "file", required_argument, NULL, 'l' },   { "bulk", optional_argument, NULL, 'b' },
	{ "rate", required_argument, NULL, 'r' },   { "dry-run", no_argument, NULL, 'n' },
	{ "no-wait", no_argument, NULL, 'N' },	    { "yes", no_argument, NULL, 'y' },
	{ "false-alarm", no_argument, NULL, 'F' },  { "format", required_argument, NULL, 'f' },
	{ "output", required_argument, NULL, 'o' }, { "config", required_argument, NULL, 'c' },
	{ "help", no_argument, NULL, 'h' },	    { NULL, 0, NULL, 0 },
};

static const unsigned acts_of[] = {
	['s'] = LOCK | CONTAIN, ['p'] = LOCK | CONTAIN, ['w'] = LOCK | CONTAIN, ['d'] = LOCK | UNLOCK, ['l'] = LOCK | UNLOCK,
	['b'] = LOCK | UNLOCK,	['r'] = LOCK | UNLOCK,	['n'] = LOCK | UNLOCK,	['N'] = ALL,	       ['y'] = LOCK | UNLOCK,
	['F'] = UNLOCK,		['f'] = ALL,		['o'] = ALL,		['c'] = ALL,	       ['h'] = ALL,
};

/* ---- values */

static bool take_number(const char *option, const char *value, uint64_t least, uint64_t *number)
{
	if (text_number(text_of(value), UINT32_MAX, number) && *number >= least)
		return true;
	cli_complain(_("--%s: '%s' is no number"), option, value);
	return false;
}

static bool take_scope(struct hand *hand, const char *value)
{
	hand->scope = value;
	for (unsigned i = 0; i < DESK_REACHES; i++)
		if (strcmp(value, desk_reach_names[i]) == 0)
			return true;
	cli_complain(_("--scope: '%s' is none of unfamiliar, sending, account"), value);
	return false;
}

/* "--bulk 17" of unlock, "--bulk" and "--bulk=17" of lock */
static bool take_bulk(struct hand *hand, int argc, char **argv, const char *value)
{
	hand->together = true;
	if (!value && hand->act == HAND_UNLOCK)
		value = optind < argc ? argv[optind++] : "";
	return !value || take_number("bulk", value, 1, &hand->bulk);
}

/* UTF-8, for the incident's story, without what could speak to a terminal */
static bool take_why(struct hand *hand, const char *value)
{
	json_t *text = json_string(value);
	bool sound = text && strlen(value) <= 1000;

	json_decref(text);
	hand->why = value;
	if (!sound)
		cli_complain("%s", _("--why: the text is no UTF-8, or longer than 1000 bytes"));
	return sound;
}

static bool take(struct hand *hand, int option, const char *value, int argc, char **argv)
{
	switch (option) {
	case 's': return take_scope(hand, value);
	case 'p': hand->password = true; return true;
	case 'w': return take_why(hand, value);
	case 'd': hand->domain = value; return true;
	case 'l': hand->file = value; return true;
	case 'b': return take_bulk(hand, argc, argv, value);
	case 'r': return take_number("rate", value, 0, &hand->rate);
	case 'n': hand->dry_run = true; return true;
	case 'N': hand->no_wait = true; return true;
	case 'y': hand->yes = true; return true;
	case 'F': hand->false_alarm = true; return true;
	case 'f': return output_parse_form(value, false, &hand->asked.form);
	case 'o': hand->asked.output = value; return true;
	default: hand->asked.config_file = value; return true;
	}
}

/* the owner, too, would be shut out of what such a lock leaves open */
static bool scope_allows(const struct hand *hand)
{
	if (!hand->password || !hand->scope || strcmp(hand->scope, "account") == 0)
		return true;
	cli_complain(_("--password shuts the whole account, and does not go with --scope %s"), hand->scope);
	return false;
}

/* names, or one thing that stands for them */
static bool is_whole(struct hand *hand)
{
	int sources = (hand->asked.word_count > 0) + (hand->domain != NULL) + (hand->file != NULL) +
		      (hand->act == HAND_UNLOCK && hand->bulk);

	if (hand->act == HAND_CONTAIN)
		return hand->asked.word_count == 1 && take_number("NUMBER", hand->asked.words[0], 1, &hand->incident);
	return sources == 1;
}

int hand_options(struct hand *hand, int argc, char **argv, bool *ended)
{
	struct asked *asked = &hand->asked;
	struct evidence_weights weights;
	int option;

	*ended = true;
	signal(SIGXFSZ, SIG_IGN); /* a limit on files is an error like others */
	signal(SIGPIPE, SIG_IGN);
	config_init(&asked->config);
	hand->rate = HAND_RATE;
	while ((option = getopt_long(argc, argv, "f:o:c:yh", options, NULL)) != -1) {
		if (option == 'h') {
			printf("%s\n", usage_of(hand->act));
			return CLI_DONE;
		}
		if (option == '?' || !(acts_of[option] >> hand->act & 1))
			return asked_misused(usage_of(hand->act));
		if (!take(hand, option, optarg, argc, argv))
			return CLI_USAGE;
	}
	asked->words = argv + optind + 1; /* behind the verb */
	asked->word_count = argc - optind - 1;
	if (!scope_allows(hand))
		return CLI_USAGE;
	if (!is_whole(hand))
		return asked_misused(usage_of(hand->act));
	if (!cli_read_config(&asked->config, asked->config_file, &weights))
		return CLI_NO;
	*ended = false;
	return CLI_DONE;
}
