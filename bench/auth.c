/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTP server for the benchmark of the auth policy, on a loopback port of its own choice, which it prints; until it is
 * ended.
 *
 *   auth bare KEY    libmicrohttpd alone: reads the body, and gives everybody the same answer
 *   auth full KEY    the auth policy service, of which everybody hears that he may go on
 *
 * The first is what nobody who answers by libmicrohttpd can beat. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "intake/auth_server.h"

enum { BODY_MAX = 4096 };

struct body {
	size_t used;
	char bytes[BODY_MAX];
};

static int fail(const char *what)
{
	fprintf(stderr, "auth: %s\n", what);
	return 1;
}

static void tell(unsigned port)
{
	printf("%u\n", port);
	fflush(stdout);
}

/* ---- bare */

static enum MHD_Result requested(void *context, struct MHD_Connection *connection, const char *path, const char *method,
				 const char *version, const char *piece, size_t *bytes, void **request)
{
	struct body *body = *request;

	if (!body) {
		body = *request = malloc(sizeof *body);
		body->used = 0;
		return MHD_YES;
	}
	if (!*bytes)
		return MHD_queue_response(connection, MHD_HTTP_OK, context);
	if (*bytes > BODY_MAX - body->used)
		return MHD_NO;
	memcpy(body->bytes + body->used, piece, *bytes);
	body->used += *bytes;
	*bytes = 0;
	return MHD_YES;
}

static void completed(void *context, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode how)
{
	free(*request);
}

static int bare(void)
{
	static char answer[] = "{\"status\":0,\"msg\":\"\"}";
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct MHD_Response *response = MHD_create_response_from_buffer(sizeof answer - 1, answer, MHD_RESPMEM_PERSISTENT);
	struct MHD_Daemon *daemon;

	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
	daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, requested, response, MHD_OPTION_SOCK_ADDR, &address,
				  MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_END);
	if (!daemon)
		return fail("libmicrohttpd does not start");
	tell(MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	for (;;)
		pause();
}

/* ---- full */

static void asked(void *context, const struct auth_policy_request *request, struct auth_answer *answer)
{
	answer->status = 0;
}

static void stats(void *context, char stats[AUTH_STATS_MAX])
{
	snprintf(stats, AUTH_STATS_MAX, "{}");
}

static void faulty(void *context, const char *client, const struct error *error)
{
	fail(error->text);
}

static int full(const char *key)
{
	static const struct auth_handler handler = { asked, stats, faulty, NULL };
	uv_loop_t *loop = uv_default_loop();
	struct error error;
	struct auth_server *server = auth_server_new(loop, "inet:127.0.0.1:0", key, &handler, &error);

	if (!server)
		return fail(error.text);
	tell(auth_server_port(server));
	return uv_run(loop, UV_RUN_DEFAULT);
}

int main(int count, char **words)
{
	signal(SIGPIPE, SIG_IGN);
	if (count == 3 && strcmp(words[1], "bare") == 0)
		return bare();
	if (count == 3 && strcmp(words[1], "full") == 0)
		return full(words[2]);
	return fail("usage: auth bare|full KEY");
}
