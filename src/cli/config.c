/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho config check|show|sample */
#include <sodium.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "config/config.h"
#include "gate/password_server.h"
#include "intake/listen.h"
#include "notice/ways.h"
#include "password/policy_config.h"
#include "web/site.h"

static int usage(FILE *to, int status)
{
	fprintf(to, "%s\n", _("usage: sekisho config check|show [FILE]\n"
			      "       sekisho config sample\n\n"
			      "  check    is the file sound? Names what is not, with its line.\n"
			      "  show     every setting, and where its value comes from\n"
			      "  sample   a file with every setting, explained"));
	return status;
}

static bool check_listening(const struct config *config)
{
	char place[CONFIG_PLACE_MAX];
	struct error error;

	if (!*config->password_listen || password_server_is_place(config->password_listen, &error))
		return true;
	cli_complain("%s: %s", config_place(config, "password_listen", place), error.text);
	return false;
}

/* also what only the programs beside the daemon would find faulty: a file of breached passwords that is not there, say */
static bool check_passwords(const struct config *config)
{
	struct policy_config policy = { .breached = NULL };
	struct error error;
	bool sound = sodium_init() >= 0 ? policy_config_init(&policy, config, NULL, &error) && policy_config_verify(&policy, config, &error) :
					  error_set(&error, "%s", _("libsodium cannot be used"));

	if (!sound)
		cli_complain("%s", error.text);
	policy_config_done(&policy);
	return sound && check_listening(config);
}

static bool is_official(const struct config *config, struct text domain)
{
	for (size_t i = 0; i < config->official_domains.count; i++) {
		struct text official = text_of(config->official_domains.items[i]);
		struct text tail = domain.n > official.n ? text_after(domain, domain.n - official.n) : domain;

		if (tail.n == official.n && strncasecmp(tail.p, official.p, tail.n) == 0 && (tail.n == domain.n || tail.p[-1] == '.'))
			return true;
	}
	return false;
}

/* whose own notices would look like an imitation's */
static void warn_of_sender(const struct config *config)
{
	const char *at = strrchr(config->notice_from, '@');
	char place[CONFIG_PLACE_MAX];

	if (at && config->official_domains.count && !is_official(config, text_of(at + 1)))
		cli_complain(_("%s: notice_from: '%s' is in none of official_domains: people learn to believe mail from elsewhere"),
			     config_place(config, "notice_from", place), config->notice_from);
}

/* also what only shows when the first notice is to leave: a file that is not there */
static bool check_notices(const struct config *config)
{
	struct error error;
	bool sound = ways_check(config, &error) && ways_check_files(config, &error);

	if (!sound)
		cli_complain("%s", error.text);
	else
		warn_of_sender(config);
	return sound;
}

static bool is_hidden(const char *path) { return *path && access(path, R_OK) != 0 && errno == EACCES; }

/* what only the daemon may read is left to the daemon */
static bool check_site(const struct config *config)
{
	static char none[] = "";
	struct config readable = *config;
	struct error error;

	if (is_hidden(config->panel_key_file))
		readable.panel_key_file = none;
	if (is_hidden(config->web_certificate) || is_hidden(config->web_key))
		readable.web_certificate = none;
	if (site_check(&readable, &error))
		return true;
	cli_complain("%s", error.text);
	return false;
}

static bool check_pages(const struct config *config)
{
	char place[CONFIG_PLACE_MAX];
	struct error error;

	for (size_t i = 0; i < config->web_listen.count; i++)
		if (!listen_is_place(config->web_listen.items[i], &error)) {
			cli_complain("%s: web_listen: %s", config_place(config, "web_listen", place), error.text);
			return false;
		}
	return !config->web_listen.count || check_site(config);
}

int cli_config(int argc, char **argv)
{
	struct config config;
	struct evidence_weights weights;
	bool sound;

	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return usage(stdout, CLI_DONE);
	if (argc == 2 && strcmp(argv[1], "sample") == 0) {
		config_write_sample(stdout);
		return CLI_DONE;
	}
	if (argc < 2 || argc > 3 || (strcmp(argv[1], "check") != 0 && strcmp(argv[1], "show") != 0))
		return usage(stderr, CLI_USAGE);
	config_init(&config);
	sound = cli_read_config(&config, argc == 3 ? argv[2] : NULL, &weights) && cli_check_groups(&config);
	if (sound && strcmp(argv[1], "show") == 0)
		config_show(&config, stdout);
	else if (sound && (sound = check_passwords(&config) && check_notices(&config) && check_pages(&config)))
		printf(_("%s: no fault found\n"), config.file ? config.file : _("settings: defaults alone"));
	config_done(&config);
	return sound ? CLI_DONE : CLI_NO;
}
