/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho password check: may this password be used? It comes from the standard input or is asked for, never from arguments; what is said
 * is of the rules alone, nothing of the password. */
#include <getopt.h>
#include <jansson.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/password.h"
#include "cli/password_policy.h"
#include "cli/secret.h"

enum { NAMES_MAX = 32 };

struct check {
	const char *config_file, *profile;
	struct password_owner owner;
	const char *names[NAMES_MAX + 1];
	size_t name_count;
	bool demands;
	enum output_form form;
	struct config config;
	struct policy_config policy;
};

static int usage(FILE *to, int status)
{
	fprintf(to, "%s\n",
		_("usage: sekisho password check [options]\n"
		  "Says whether a password may be used, and if not, why, and how to mend it. The password is the first line of the standard\n"
		  "input, or is asked for at the terminal; nothing of it is shown.\n\n"
		  "      --account ADDRESS     whose it is to be: nothing of the address may stand in it\n"
		  "      --name TEXT           a name of the owner or the company; as often as there are names\n"
		  "      --profile NAME        basic, long or four, instead of what the settings say\n"
		  "      --demands             only says what a password has to be\n"
		  "  -f, --format text|json    how to answer (text)\n"
		  "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		  "  -h, --help"));
	return status;
}

static bool take_name(struct check *check, const char *name)
{
	if (check->name_count == NAMES_MAX) {
		cli_complain(_("--name: at most %d names"), NAMES_MAX);
		return false;
	}
	check->names[check->name_count++] = name;
	return true;
}

static bool take_option(struct check *check, int option)
{
	switch (option) {
	case 'a': check->owner.address = text_of(optarg); return true;
	case 'n': return take_name(check, optarg);
	case 'p': check->profile = optarg; return true;
	case 'd': return check->demands = true;
	case 'c': check->config_file = optarg; return true;
	default: return output_parse_form(optarg, false, &check->form);
	}
}

/* CLI_DONE to go on, or the status to end with, and *ended */
static int take_options(struct check *check, int argc, char **argv, bool *ended)
{
	static const struct option options[] = {
		{ "account", required_argument, NULL, 'a' }, { "name", required_argument, NULL, 'n' },	 { "profile", required_argument, NULL, 'p' },
		{ "demands", no_argument, NULL, 'd' },	     { "format", required_argument, NULL, 'f' }, { "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },	     { NULL, 0, NULL, 0 },
	};
	int option;

	*ended = true;
	while ((option = getopt_long(argc, argv, "f:c:h", options, NULL)) != -1) {
		if (option == 'h')
			return usage(stdout, CLI_DONE);
		if (option == '?')
			return usage(stderr, CLI_USAGE);
		if (!take_option(check, option))
			return CLI_USAGE;
	}
	if (optind != argc)
		return usage(stderr, CLI_USAGE);
	*ended = false;
	return CLI_DONE;
}

static int print(json_t *root)
{
	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(root);
	return fflush(stdout) == 0 ? CLI_DONE : CLI_UNREADABLE;
}

/* ---- what is asked for */

static int tell_demands(const struct check *check)
{
	char demands[PASSWORD_DEMANDS_MAX][PASSWORD_SENTENCE_MAX];
	size_t count = password_policy_demands(&check->policy.policy, demands);
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		if (check->form == OUTPUT_JSON)
			json_array_append_new(list, json_string(demands[i]));
		else
			printf("- %s\n", demands[i]);
	if (check->form == OUTPUT_JSON)
		return print(json_pack("{s:s, s:s, s:o}", "schema", "sekisho.password/1", "profile", check->policy.policy.profile, "demands", list));
	json_decref(list);
	return fflush(stdout) == 0 ? CLI_DONE : CLI_UNREADABLE;
}

/* ---- the verdict */

static json_t *bits_of(const struct password_verdict *verdict) { return verdict->bits < 0 ? json_null() : json_real(verdict->bits); }

static int tell_json(const struct check *check, const struct password_verdict *verdict)
{
	const struct password_policy *policy = &check->policy.policy;

	return print(json_pack("{s:s, s:s, s:b, s:o, s:o, s:o*}", "schema", "sekisho.password/1", "profile", policy->profile, "good", verdict->count == 0,
			       "bits", bits_of(verdict), "objections", password_objections_json(verdict, policy), "not_asked",
			       password_not_asked_json(policy)));
}

static int tell(const struct check *check, const struct password_verdict *verdict)
{
	if (check->form == OUTPUT_JSON)
		return tell_json(check, verdict);
	puts(verdict->count ? _("This password may not be used.") : _("This password may be used."));
	password_objections_tell(verdict, &check->policy.policy, stdout);
	return fflush(stdout) == 0 ? CLI_DONE : CLI_UNREADABLE;
}

static int judge(const struct check *check)
{
	struct secret secret = { "" };
	struct password_verdict verdict;
	struct error error;
	int status;

	if (!(isatty(STDIN_FILENO) ? secret_ask_once(&secret, &error) : secret_read_input(&secret, &error))) {
		cli_complain("%s", error.text);
		return CLI_UNREADABLE;
	}
	password_judge(&check->policy.policy, &check->owner, text_of(secret.text), &verdict);
	secret_wipe(&secret);
	status = tell(check, &verdict);
	return status ? status : verdict.count ? CLI_NO : CLI_DONE;
}

int cli_password_check(int argc, char **argv)
{
	struct check check = { .owner = { .address = TEXT_NONE } };
	struct evidence_weights weights;
	bool ended;
	int status = take_options(&check, argc, argv, &ended);

	if (ended)
		return status;
	secret_guard();
	check.owner.names = check.names;
	config_init(&check.config);
	if (!cli_read_config(&check.config, check.config_file, &weights))
		status = CLI_NO;
	else if (!(status = password_policy_open(&check.policy, &check.config, check.profile))) {
		status = check.demands ? tell_demands(&check) : judge(&check);
		policy_config_done(&check.policy);
	}
	config_done(&check.config);
	return status;
}
