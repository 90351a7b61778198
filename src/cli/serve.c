/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho serve: the daemon, in the foreground. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "base/log.h"
#include "cli/cli.h"
#include "gate/gate.h"
#include "notice/ways.h"

static int usage(FILE *to, int status)
{
	fprintf(to, "%s\n",
		_("usage: sekisho serve [options]\n"
		  "The daemon, in the foreground: answers Postfix and Dovecot, follows the logs, holds and locks.\n\n"
		  "  -c, --config FILE   settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		  "      --geo FILE      country and network database: MMDB or libloc's\n"
		  "  -h, --help"));
	return status;
}

static int take_options(int argc, char **argv, const char **config_file, const char **geo_file, bool *ended)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' }, { "geo", required_argument, NULL, 'g' },
		{ "help", no_argument, NULL, 'h' },	    { NULL, 0, NULL, 0 },
	};
	int option;

	*ended = true;
	while ((option = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
		switch (option) {
		case 'c': *config_file = optarg; break;
		case 'g': *geo_file = optarg; break;
		case 'h': return usage(stdout, CLI_DONE);
		default: return usage(stderr, CLI_USAGE);
		}
	}
	if (optind < argc) {
		cli_complain(_("'%s': serve takes no arguments"), argv[optind]);
		return CLI_USAGE;
	}
	*ended = false;
	return CLI_DONE;
}

static bool make_folder(const char *path)
{
	if (mkdir(path, 0750) == 0 || errno == EEXIST)
		return true;
	cli_complain(_("cannot make the folder '%s': %s"), path, strerror(errno));
	return false;
}

static struct geo *open_geo(const struct config *config, const char *file)
{
	struct error error;
	struct geo *geo = geo_new(file ? file : *config->geo_database ? config->geo_database : NULL, &error);
	struct geo_about about;

	if (geo) {
		geo_about(geo, &about);
		if (!about.file)
			log_say(LOG_WARN, _("there is no geo database: places are told apart by network blocks alone"));
		return geo;
	}
	/* a gate without countries is better than none */
	log_say(LOG_ERROR, "%s", error.text);
	return geo_new(NULL, &error);
}

static int serve(const struct config *config, const struct evidence_weights *weights, const char *geo_file)
{
	struct gate_options options = { .config = config, .limits = cli_limits(config), .weights = weights };
	struct error error;
	struct gate *gate;

	if (!ways_check(config, &error)) {
		log_say(LOG_ERROR, "%s", error.text);
		return CLI_NO;
	}
	options.geo = open_geo(config, geo_file);
	if (!options.geo)
		return CLI_USAGE;
	gate = gate_new(&options, &error);
	if (!gate)
		log_say(LOG_ERROR, "%s", error.text);
	else
		gate_run(gate);
	gate_free(gate);
	geo_free(options.geo);
	return gate ? CLI_DONE : CLI_AWAY;
}

int cli_serve(int argc, char **argv)
{
	const char *config_file = NULL, *geo_file = NULL;
	struct evidence_weights weights;
	struct config config;
	bool ended;
	int status = take_options(argc, argv, &config_file, &geo_file, &ended);

	if (ended)
		return status;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on files is a disk that is full */
	config_init(&config);
	if (!cli_read_config(&config, config_file, &weights) || !make_folder(config.state_folder))
		status = CLI_NO;
	else
		status = serve(&config, &weights, geo_file);
	config_done(&config);
	return status;
}
