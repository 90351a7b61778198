/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho password serve: answers panels and plug-ins about passwords, in the foreground. The daemon keeps one running where the setting
 * password_listen is there; then it ends with the daemon. */
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <uv.h>

#include "base/i18n.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/secret.h"
#include "gate/child.h"
#include "gate/password_server.h"
#include "password/policy_config.h"

struct serving {
	uv_loop_t loop;
	uv_signal_t term, interrupt;
	uv_pipe_t leash;
	const struct config *config;
	struct policy_config policy;
	char nothing[16]; /* what nobody says on the leash */
};

static int usage(FILE *to, int status)
{
	fprintf(to, "%s\n",
		_("usage: sekisho password serve [options]\n"
		  "Answers panels and plug-ins whether a password is good, in the foreground, by the setting password_listen.\n"
		  "The daemon starts it by itself.\n\n"
		  "  -c, --config FILE   settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		  "  -h, --help"));
	return status;
}

static int take_options(int argc, char **argv, const char **config_file, bool *ended)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' }, { "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 },
	};
	int option;

	*ended = true;
	while ((option = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
		switch (option) {
		case 'c': *config_file = optarg; break;
		case 'h': return usage(stdout, CLI_DONE);
		default: return usage(stderr, CLI_USAGE);
		}
	}
	if (optind < argc)
		return usage(stderr, CLI_USAGE);
	*ended = false;
	return CLI_DONE;
}

/* ---- the policy, and the file of breached passwords where it was replaced, or came at last */

static const struct password_policy *policy_now(void *context)
{
	struct serving *serving = context;
	struct error error;

	switch (policy_config_look(&serving->policy, serving->config, &error)) {
	case POLICY_LIST_SAME: break;
	case POLICY_LIST_NEWER:
		log_say(LOG_NOTE, _("%llu breached passwords are known from now on"), (unsigned long long)breached_count(serving->policy.breached));
		break;
	case POLICY_LIST_FAULTY:
		log_say(LOG_ERROR, serving->policy.breached ? _("%s; what was there before goes on") : _("%s; until there is one, the other rules alone are asked"),
			error.text);
	}
	return &serving->policy.policy;
}

/* ---- until it is told to end, or the daemon is gone */

static void stop(uv_signal_t *signal, int number) { uv_stop(signal->loop); }

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
	struct serving *serving = handle->data;

	*room = uv_buf_init(serving->nothing, sizeof serving->nothing);
}

static void leash_moved(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	if (n < 0)
		uv_stop(stream->loop);
}

static void watch(struct serving *serving)
{
	uv_signal_init(&serving->loop, &serving->term);
	uv_signal_init(&serving->loop, &serving->interrupt);
	uv_signal_start(&serving->term, stop, SIGTERM);
	uv_signal_start(&serving->interrupt, stop, SIGINT);
	uv_pipe_init(&serving->loop, &serving->leash, 0);
	serving->leash.data = serving;
	if (child_leash() >= 0 && uv_pipe_open(&serving->leash, child_leash()) == 0)
		uv_read_start((uv_stream_t *)&serving->leash, give_room, leash_moved);
}

static void run(struct serving *serving)
{
	watch(serving);
	uv_run(&serving->loop, UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&serving->term, NULL);
	uv_close((uv_handle_t *)&serving->interrupt, NULL);
	uv_close((uv_handle_t *)&serving->leash, NULL);
}

static int serve(struct serving *serving, const struct config *config)
{
	struct password_server_options options = { config->password_listen, policy_now, cli_speak_in, serving };
	struct password_server *server;
	struct error error;

	uv_loop_init(&serving->loop);
	server = password_server_new(&serving->loop, &options, &error);
	if (server)
		run(serving);
	else
		log_say(LOG_ERROR, "%s", error.text);
	password_server_close(server);
	uv_run(&serving->loop, UV_RUN_DEFAULT);
	uv_loop_close(&serving->loop);
	return server ? CLI_DONE : CLI_AWAY;
}

/* The policy first: without it nobody is to be answered. Without the list of breached passwords the other rules still hold. */
static int serve_by(struct serving *serving)
{
	const struct config *config = serving->config;
	struct error error, away;
	int status = CLI_NO;

	if (!policy_config_init_anyway(&serving->policy, config, NULL, &away, &error)) {
		log_say(LOG_ERROR, "%s", error.text);
	} else {
		if (serving->policy.policy.breached_away)
			log_say(LOG_ERROR, _("%s; until there is one, the other rules alone are asked"), away.text);
		status = serve(serving, config);
	}
	policy_config_done(&serving->policy);
	return status;
}

int cli_password_serve(int argc, char **argv)
{
	const char *config_file = NULL;
	struct evidence_weights weights;
	struct config config;
	struct serving serving = { .config = &config };
	bool ended;
	int status = take_options(argc, argv, &config_file, &ended);

	if (ended)
		return status;
	secret_guard();
	signal(SIGPIPE, SIG_IGN);
	config_init(&config);
	if (!cli_read_config(&config, config_file, &weights)) {
		status = CLI_NO;
	} else if (!*config.password_listen) {
		cli_complain(_("password_listen is not set"));
		status = CLI_NO;
	} else if (sodium_init() < 0) {
		cli_complain(_("libsodium cannot be used"));
		status = CLI_AWAY;
	} else {
		status = serve_by(&serving);
	}
	config_done(&config);
	return status;
}
