/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho password generate: random passwords, of characters or of words; where nothing is said, one that the policy accepts. The password
 * goes to the standard output, alone, so that a program can take it; how strong it is goes to the standard error. */
#include <getopt.h>
#include <jansson.h>
#include <math.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/password.h"
#include "cli/password_policy.h"
#include "password/generate.h"

enum { COUNT_MAX = 10000 };

/* where nothing else is said, and the least where a length or a number of words is */
#define BITS_USUAL 80.0
#define BITS_LEAST 40.0

struct wish {
	struct password_recipe recipe;
	bool has_bits, has_classes;
	bool shaped; /* by options of its own: the policy is not asked */
	const char *profile, *config_file;
	struct password_owner owner;
	uint64_t count;
	enum output_form form;
};

static int usage(FILE *to, int status)
{
	fprintf(to, "%s\n",
		_("usage: sekisho password generate [options]\n"
		  "       sekisho password check [options]; see sekisho password check --help\n"
		  "       sekisho password breached build|show ...; see sekisho password breached --help\n"
		  "       sekisho password serve [options]; see sekisho password serve --help\n"
		  "Makes a random password. All that could come out are equally likely; how many they are is its strength. Where no length,\n"
		  "words, symbols, classes or strength are given it is one that the settings accept.\n\n"
		  "      --profile NAME      one that basic, long or four accepts, instead of what the settings say\n"
		  "      --account ADDRESS   whose it is to be\n"
		  "      --length N          so many characters (as many as the strength takes); of words, at most so many\n"
		  "      --words N           of so many words instead of characters\n"
		  "      --separator TEXT    what stands between words (-)\n"
		  "      --symbols TEXT      which symbols may be used (-.,)\n"
		  "      --classes LIST      lower, upper, digits, symbols: each occurs at least once (all; of words: lower)\n"
		  "      --bits B            at least so strong (80; 40 with --length or --words)\n"
		  "      --plain             nothing that is easily taken for something else: 0 O o 1 l I |\n"
		  "      --count N           so many passwords, one a line (1)\n"
		  "  -f, --format text|json  how to answer (text)\n"
		  "  -c, --config FILE       settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		  "  -h, --help"));
	return status;
}

/* ---- options */

static bool take_number(const char *option, const char *text, uint64_t most, uint64_t *number)
{
	if (text_number(text_of(text), most, number) && *number)
		return true;
	cli_complain(_("%s: '%s' is no number from 1 to %llu"), option, text, (unsigned long long)most);
	return false;
}

static bool take_unsigned(const char *option, const char *text, unsigned most, unsigned *to)
{
	uint64_t number;

	if (!take_number(option, text, most, &number))
		return false;
	*to = (unsigned)number;
	return true;
}

static bool take_bits(struct wish *wish, const char *text)
{
	char *end;
	double bits = strtod(text, &end);

	if (end == text || *end || !isfinite(bits) || bits < 0 || bits > 2000) {
		cli_complain(_("--bits: '%s' is no number from 0 to 2000"), text);
		return false;
	}
	wish->recipe.bits = bits;
	return wish->has_bits = true;
}

static bool take_class(struct wish *wish, struct text name)
{
	static const struct {
		struct text name;
		unsigned class;
	} names[] = {
		{ { "lower", 5 }, PASSWORD_LOWER },	 { { "upper", 5 }, PASSWORD_UPPER }, { { "digits", 6 }, PASSWORD_DIGITS },
		{ { "symbols", 7 }, PASSWORD_SYMBOLS }, { { "all", 3 }, PASSWORD_ALL },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_is(name, names[i].name)) {
			wish->recipe.classes |= names[i].class;
			return wish->has_classes = true;
		}
	cli_complain(_("--classes: '%.*s' is none of lower, upper, digits, symbols"), TEXT_ARG(name));
	return false;
}

static bool take_classes(struct wish *wish, const char *list)
{
	struct text rest = text_of(list), name;

	while (text_cut(&rest, ',', &name))
		if (!take_class(wish, name))
			return false;
	return take_class(wish, rest);
}

static bool take_option(struct wish *wish, int option)
{
	wish->shaped = wish->shaped || strchr("lwbkSs", option);
	switch (option) {
	case 'P': wish->profile = optarg; return true;
	case 'a': wish->owner.address = text_of(optarg); return true;
	case 'c': wish->config_file = optarg; return true;
	case 'l': return take_unsigned("--length", optarg, PASSWORD_MAX, &wish->recipe.length);
	case 'w': return take_unsigned("--words", optarg, PASSWORD_WORDS_MAX, &wish->recipe.words);
	case 'n': return take_number("--count", optarg, COUNT_MAX, &wish->count);
	case 'b': return take_bits(wish, optarg);
	case 'k': return take_classes(wish, optarg);
	case 'S': wish->recipe.separator = optarg; return true;
	case 's': wish->recipe.symbols = optarg; return true;
	case 'p': return wish->recipe.plain = true;
	default: return output_parse_form(optarg, false, &wish->form);
	}
}

/* CLI_DONE to go on, or the status to end with, and *ended */
static int take_options(struct wish *wish, int argc, char **argv, bool *ended)
{
	static const struct option options[] = {
		{ "length", required_argument, NULL, 'l' },  { "words", required_argument, NULL, 'w' },
		{ "separator", required_argument, NULL, 'S' }, { "symbols", required_argument, NULL, 's' },
		{ "classes", required_argument, NULL, 'k' }, { "bits", required_argument, NULL, 'b' },
		{ "plain", no_argument, NULL, 'p' },	      { "count", required_argument, NULL, 'n' },
		{ "profile", required_argument, NULL, 'P' },  { "account", required_argument, NULL, 'a' },
		{ "config", required_argument, NULL, 'c' },  { "format", required_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },	      { NULL, 0, NULL, 0 },
	};
	int option;

	*ended = true;
	while ((option = getopt_long(argc, argv, "f:c:h", options, NULL)) != -1) {
		if (option == 'h')
			return usage(stdout, CLI_DONE);
		if (option == '?')
			return usage(stderr, CLI_USAGE);
		if (!take_option(wish, option))
			return CLI_USAGE;
	}
	if (optind != argc)
		return usage(stderr, CLI_USAGE);
	if (wish->shaped && (wish->profile || wish->owner.address.n)) {
		cli_complain(_("--profile and --account go with the policy, not with a length or kinds of characters of your own"));
		return CLI_USAGE;
	}
	if (wish->form == OUTPUT_HTML) {
		cli_complain(_("a password is told as text or as json"));
		return CLI_USAGE;
	}
	*ended = false;
	return CLI_DONE;
}

/* what was not said */
static void complete(struct wish *wish)
{
	struct password_recipe *recipe = &wish->recipe;

	if (!wish->has_bits)
		recipe->bits = recipe->length || recipe->words ? BITS_LEAST : BITS_USUAL;
	if (!wish->has_classes)
		recipe->classes = recipe->words ? PASSWORD_LOWER : PASSWORD_ALL;
}

/* ---- passwords */

static void add(json_t *list, const struct password_made *made)
{
	json_array_append_new(list, json_pack("{s:s, s:f}", "password", made->text, "bits", made->bits));
}

static int tell_json(json_t *list)
{
	json_t *root = json_pack("{s:s, s:O}", "schema", "sekisho.password/1", "passwords", list);

	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(root);
	return CLI_DONE;
}

/* `policy` NULL: as the options say */
static bool make(const struct wish *wish, const struct policy_config *policy, struct password_made *made, struct error *error)
{
	if (policy)
		return password_policy_generate(&policy->policy, &wish->owner, wish->recipe.plain, made, error);
	return password_generate(&wish->recipe, made, error);
}

static int generate(const struct wish *wish, const struct policy_config *policy)
{
	json_t *list = json_array();
	struct password_made made = { .bits = 0 };
	struct error error;
	int status = CLI_DONE;

	for (uint64_t i = 0; i < wish->count && !status; i++) {
		if (!make(wish, policy, &made, &error)) {
			cli_complain("%s", error.text);
			status = CLI_USAGE;
		} else if (wish->form == OUTPUT_JSON)
			add(list, &made);
		else
			puts(made.text);
	}
	if (!status && wish->form == OUTPUT_JSON)
		status = tell_json(list);
	else if (!status)
		fprintf(stderr, _("strength: %.1f bits\n"), made.bits);
	explicit_bzero(&made, sizeof made);
	json_decref(list);
	return status;
}

static int generate_by_policy(const struct wish *wish)
{
	struct config config;
	struct policy_config policy;
	struct evidence_weights weights;
	int status = CLI_NO;

	config_init(&config);
	if (cli_read_config(&config, wish->config_file, &weights) && !(status = password_policy_open(&policy, &config, wish->profile))) {
		status = generate(wish, &policy);
		policy_config_done(&policy);
	}
	config_done(&config);
	return status;
}

static int cli_password_generate(int argc, char **argv)
{
	struct wish wish = { .count = 1, .recipe = { .symbols = "-.,", .separator = "-" } };
	bool ended;
	int status = take_options(&wish, argc, argv, &ended);

	if (ended)
		return status;
	if (!wish.shaped)
		return generate_by_policy(&wish);
	if (sodium_init() < 0) {
		cli_complain(_("libsodium cannot be used"));
		return CLI_AWAY;
	}
	complete(&wish);
	return generate(&wish, NULL);
}

int cli_password(int argc, char **argv)
{
	static const struct command verbs[] = {
		{ "generate", NULL, cli_password_generate },
		{ "check", NULL, cli_password_check },
		{ "breached", NULL, cli_breached },
		{ "serve", NULL, cli_password_serve },
	};

	for (size_t i = 0; i < sizeof verbs / sizeof *verbs && argc > 1; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(argc - 1, argv + 1);
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return usage(stdout, CLI_DONE);
	return usage(stderr, CLI_USAGE);
}
