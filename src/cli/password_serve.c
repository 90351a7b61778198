/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho password serve: answers panels and plug-ins about passwords, in the foreground. The daemon keeps one running where the setting
 * password_listen is there; then it ends with the daemon. */
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <sys/stat.h>
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
	struct stat breached; /* the file as it was when it was opened, or could not be */
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

/* ---- the policy, and a new one where the file of breached passwords was replaced */

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void renew(struct serving *serving)
{
	struct policy_config fresh;
	struct error error;

	if (!policy_config_init(&fresh, serving->config, NULL, &error)) {
		log_say(LOG_ERROR, _("%s; what was there before goes on"), error.text);
		policy_config_done(&fresh);
		return;
	}
	policy_config_done(&serving->policy);
	serving->policy = fresh;
	log_say(LOG_NOTE, _("%llu breached passwords are known from now on"), (unsigned long long)breached_count(fresh.breached));
}

static const struct password_policy *policy_now(void *context)
{
	struct serving *serving = context;
	struct stat now;

	if (*serving->config->password_breached && stat(serving->config->password_breached, &now) == 0 && !is_same_file(&now, &serving->breached)) {
		serving->breached = now;
		renew(serving);
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

/* the policy first: without it nobody is to be answered */
static int serve_by(struct serving *serving)
{
	const struct config *config = serving->config;
	struct error error;
	int status = CLI_NO;

	if (*config->password_breached && stat(config->password_breached, &serving->breached) != 0)
		serving->breached = (struct stat){ 0 };
	if (policy_config_init(&serving->policy, config, NULL, &error))
		status = serve(serving, config);
	else
		log_say(LOG_ERROR, "%s", error.text);
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
