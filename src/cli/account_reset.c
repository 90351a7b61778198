/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho account reset: a new password, where the password lives, and one that the policy accepts. */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cli/hand.h"
#include "cli/password_policy.h"
#include "cli/secret.h"
#include "password/generate.h"
#include "report/show.h"

struct reset {
	struct hand hand; /* who is asked */
	bool input, generate, force; /* force: whatever the policy says, and whatever was the password before */
	struct secret secret;
	double bits; /* of one that was generated */
};

static const char *usage(void)
{
	return _("usage: sekisho account reset ACCOUNT [--stdin | --generate] [--force] [options]\n"
		 "Gives an account a new password; its sessions end, and no cache knows the old one any more. Asked for at the terminal,\n"
		 "twice. A lock stays as it is. Also while the daemon is away.\n\n"
		 "      --stdin               the password is the first line of the standard input\n"
		 "      --generate            a random one is made, and shown once\n"
		 "      --force               also one that the settings refuse (see sekisho password check), or that the account had before; root\n"
		 "                            alone, and it is put down\n"
		 "  -f, --format text|json    how to answer (text)\n"
		 "  -o, --output FILE         where to (standard output)\n"
		 "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		 "  -h, --help");
}

static int take_options(struct reset *reset, int argc, char **argv, bool *ended)
{
	static const struct option options[] = {
		{ "stdin", no_argument, NULL, 'i' },	    { "generate", no_argument, NULL, 'g' },
		{ "force", no_argument, NULL, 'F' },	    { "format", required_argument, NULL, 'f' },
		{ "output", required_argument, NULL, 'o' }, { "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },	    { NULL, 0, NULL, 0 },
	};
	struct asked *asked = &reset->hand.asked;
	struct evidence_weights weights;
	int option;

	*ended = true;
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	config_init(&asked->config);
	while ((option = getopt_long(argc, argv, "f:o:c:h", options, NULL)) != -1)
		switch (option) {
		case 'i': reset->input = true; break;
		case 'g': reset->generate = true; break;
		case 'F': reset->force = true; break;
		case 'o': asked->output = optarg; break;
		case 'c': asked->config_file = optarg; break;
		case 'h': printf("%s\n", usage()); return CLI_DONE;
		case 'f':
			if (output_parse_form(optarg, false, &asked->form))
				break;
			return CLI_USAGE;
		default: return asked_misused(usage());
		}
	if (argc - optind != 2 || (reset->input && reset->generate))
		return asked_misused(usage());
	if (reset->force && geteuid() != 0) {
		cli_complain("%s", _("--force: only root may give a password that the settings refuse"));
		return CLI_USAGE;
	}
	asked->words = argv + optind + 1;
	if (!cli_read_config(&asked->config, asked->config_file, &weights))
		return CLI_NO;
	*ended = false;
	return CLI_DONE;
}

/* ---- the password */

/* as the settings complete it */
static const char *whole_name(const struct reset *reset, char name[ACCOUNT_NAME_MAX])
{
	const char *account = reset->hand.asked.words[0], *domain = reset->hand.asked.config.default_domain;

	snprintf(name, ACCOUNT_NAME_MAX, "%s%s%s", account, strchr(account, '@') || !*domain ? "" : "@", strchr(account, '@') ? "" : domain);
	return name;
}

static bool generate(struct reset *reset, const struct policy_config *policy, const struct password_owner *owner, struct error *error)
{
	struct password_made made;

	if (!password_policy_generate(&policy->policy, owner, true, &made, error))
		return false;
	text_copy(reset->secret.text, sizeof reset->secret.text, text_of(made.text));
	reset->bits = made.bits;
	explicit_bzero(&made, sizeof made);
	return true;
}

static bool judge(const struct reset *reset, const struct policy_config *policy, const struct password_owner *owner)
{
	struct password_verdict verdict;

	password_judge(&policy->policy, owner, text_of(reset->secret.text), &verdict);
	if (!verdict.count)
		return true;
	cli_complain("%s", _("nothing was done: this password may not be used."));
	password_objections_tell(&verdict, &policy->policy, stderr);
	return false;
}

static int get_password(struct reset *reset, const struct policy_config *policy)
{
	char name[ACCOUNT_NAME_MAX];
	struct password_owner owner = { .address = text_of(whole_name(reset, name)) };
	struct error error = { "" };
	bool got = reset->generate ? generate(reset, policy, &owner, &error)
		   : reset->input  ? secret_read_input(&reset->secret, &error)
				   : secret_ask(&reset->secret, &error);

	if (!got) {
		cli_complain("%s", error.text);
		return CLI_USAGE;
	}
	return reset->force || reset->generate || judge(reset, policy, &owner) ? CLI_DONE : CLI_NO;
}

/* the settings are asked first: nobody should type a password twice to hear that they are faulty */
static int get_good_password(struct reset *reset)
{
	struct policy_config policy;
	int status = password_policy_open(&policy, &reset->hand.asked.config, NULL);

	if (status)
		return status;
	status = get_password(reset, &policy);
	policy_config_done(&policy);
	return status;
}

/* ---- the answer */

static void show(const struct asked *asked, struct terminal *t)
{
	const char *password = field_text(asked->answer, "password");

	terminal_print(t, SHADE_GREEN, _("%s has a new password."), show_name(SHOWN, field_text(asked->answer, "account"), NAME_COLUMNS));
	terminal_end(t);
	if (!*password)
		return;
	terminal_pad(t, 2);
	terminal_put(t, SHADE_BOLD, password);
	terminal_end(t);
	terminal_print(t, SHADE_DIM, _("Random, %s bits; it is shown this once, and kept nowhere."), show_bits(SHOWN, field_bits(asked->answer, "bits"), false));
	terminal_end(t);
}

static void wipe(json_t *object)
{
	const char *password = json_string_value(json_object_get(object, "password"));

	if (password)
		explicit_bzero((char *)(uintptr_t)password, strlen(password));
}

static int change(struct reset *reset)
{
	struct asked *asked = &reset->hand.asked;
	json_t *request = json_pack("{s:s, s:s, s:s}", "verb", reset->force ? "account reset --force" : "account reset", "account", asked->words[0], "password", reset->secret.text), *kept;
	int status;

	if (!request) {
		cli_complain("%s", _("the account, or the password, is no UTF-8"));
		return CLI_USAGE;
	}
	kept = json_incref(request);
	status = hand_ask(&reset->hand, request, &asked->answer);
	wipe(kept);
	json_decref(kept);
	if (status)
		return status;
	asked->show = show;
	if (reset->generate) {
		json_object_set_new(asked->answer, "password", json_string(reset->secret.text));
		json_object_set_new(asked->answer, "bits", json_real(reset->bits));
	}
	status = asked_tell(asked);
	wipe(asked->answer);
	return status;
}

int cli_reset(int argc, char **argv)
{
	struct reset reset = { 0 };
	bool ended;
	int status = take_options(&reset, argc, argv, &ended);

	secret_guard();
	if (!ended)
		status = get_good_password(&reset);
	if (!ended && !status)
		status = hand_reach(&reset.hand);
	if (!ended && !status)
		status = change(&reset);
	hand_leave(&reset.hand);
	secret_wipe(&reset.secret);
	asked_done(&reset.hand.asked);
	return status;
}
