/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho web: the owner's pages. */
#include <getopt.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/log.h"
#include "cli/cli.h"
#include "web/site.h"
#include "web/web.h"

static int usage(FILE *to, int status)
{
	fprintf(to, "%s\n",
		_("usage: sekisho web [options]\n"
		  "The pages on which owners get their mailbox back, in the foreground. The daemon starts it where web_listen is set.\n\n"
		  "  -c, --config FILE   settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		  "  -h, --help"));
	return status;
}

static int serve(const struct config *config)
{
	struct error error;
	struct web *web;

	if (config->web_listen.count && !site_check(config, &error)) {
		log_say(LOG_ERROR, "%s", error.text);
		return CLI_NO;
	}
	web = web_new(config, &error);
	if (!web) {
		log_say(LOG_ERROR, "%s", error.text);
		return CLI_AWAY;
	}
	web_run(web);
	web_free(web);
	return CLI_DONE;
}

int cli_web(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *file = NULL;
	struct evidence_weights weights;
	struct config config;
	int option, status;

	while ((option = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
		switch (option) {
		case 'c': file = optarg; break;
		case 'h': return usage(stdout, CLI_DONE);
		default: return usage(stderr, CLI_USAGE);
		}
	}
	if (optind < argc) {
		cli_complain(_("'%s': web takes no arguments"), argv[optind]);
		return CLI_USAGE;
	}
	config_init(&config);
	status = cli_read_config(&config, file, &weights) ? serve(&config) : CLI_NO;
	config_done(&config);
	return status;
}
