/* SPDX-License-Identifier: Apache-2.0 */
/* The policy service alone: reads and parses every request, gathers recipients, and answers DUNNO.
 *
 *   policy PORT | unix:/PATH | inet:…
 *
 * To be asked by bench-policy-load. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "intake/policy_server.h"

struct bench {
	struct policy_server *server;
	struct policy_letters *letters;
	uint64_t recipients;
};

static void asked(void *context, const struct policy_request *request, struct policy_ticket ticket)
{
	struct bench *bench = context;

	if (request->state == POLICY_RCPT)
		policy_letters_rcpt(bench->letters, request, clock_now());
	else if (request->state == POLICY_END_OF_MESSAGE)
		bench->recipients += policy_letters_take(bench->letters, request).rcpt_count;
	policy_server_answer(bench->server, ticket, TEXT("DUNNO"));
}

static void faulty(void *context, const char *client, const struct error *error)
{
	fprintf(stderr, "policy: %s: %s\n", client, error->text);
}

int main(int count, char **words)
{
	struct bench bench = { .letters = policy_letters_new() };
	struct policy_handler handler = { asked, faulty, &bench };
	uv_loop_t *loop = uv_default_loop();
	struct error error;
	char where[200];

	if (count != 2) {
		fprintf(stderr, "usage: policy PORT | unix:/PATH | inet:ADDRESS:PORT\n");
		return 2;
	}
	snprintf(where, sizeof where, "%s%s", strchr(words[1], ':') ? "" : "inet:127.0.0.1:", words[1]);
	bench.server = policy_server_new(loop, &handler);
	if (!policy_server_listen(bench.server, where, &error)) {
		fprintf(stderr, "policy: %s\n", error.text);
		return 1;
	}
	return uv_run(loop, UV_RUN_DEFAULT);
}
