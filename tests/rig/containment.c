/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon's hands without the daemon, for the rig: each line of the standard input is a request.
 *
 *   containment queue SOCKET             release|hold|delete ID T, list, and says what came of it
 *   containment keys SOCKET              VERB ACCOUNT [PASSWORD], list, and says what came of it
 *   containment away FOLDER POSTMAP      put|drop LOGIN, set LOGIN…, and says `told` when the table is as it was told */
#include <stdio.h>
#include <stdlib.h>

#include "containment/away.h"
#include "containment/keys.h"
#include "containment/queue.h"
#include "requests.h"

enum { LOGINS_MAX = 1000 };

static struct {
	uv_loop_t loop;
	struct queue *queue;
	struct keys *keys;
	struct roster *away;
} tool;

static void over(void)
{
	if (tool.queue)
		queue_close(tool.queue);
	if (tool.keys)
		keys_close(tool.keys);
	if (tool.away)
		roster_close(tool.away);
}

/* ---- the queue */

static void on_done(void *context, struct text id, int64_t t_us, enum queue_result result)
{
	static const char *const results[] = {
		[QUEUE_DONE] = "done", [QUEUE_ABSENT] = "absent", [QUEUE_OTHER] = "other", [QUEUE_FAILED] = "failed"
	};

	printf("%.*s %s\n", TEXT_ARG(id), results[result]);
	requests_answered();
}

static void on_message(void *context, const struct queue_message *message)
{
	printf("message %.*s %.*s %lld %u %.*s %.*s\n", TEXT_ARG(message->queue_id), TEXT_ARG(message->queue),
	       (long long)(message->arrival_us / SECOND_US), message->recipients, TEXT_ARG(message->login),
	       TEXT_ARG(message->sender));
}

static void on_end(void *context, const struct error *error)
{
	printf("end%s%s\n", error ? " " : "", error ? error->text : "");
	requests_answered();
}

static void ask_queue(struct text line)
{
	struct text verb, id;
	uint64_t t_s = 0;

	if (!text_cut(&line, ' ', &verb)) {
		queue_list(tool.queue, on_message, on_end, NULL);
		return;
	}
	if (!text_cut(&line, ' ', &id) || !text_number(line, UINT32_MAX, &t_s))
		abort();
	queue_ask(tool.queue, verb.p[0] == 'r' ? QUEUE_RELEASE : verb.p[0] == 'h' ? QUEUE_HOLD : QUEUE_DELETE, id,
		  (int64_t)t_s * SECOND_US, on_done, NULL);
}

/* ---- passwords */

static void on_key(void *context, enum keys_result result, const char *says)
{
	static const char *const results[] = {
		[KEYS_DONE] = "done", [KEYS_ABSENT] = "absent", [KEYS_CANNOT] = "cannot", [KEYS_FAILED] = "failed", [KEYS_FORMER] = "former"
	};

	printf("%s %s\n", results[result], says);
	requests_answered();
}

static void on_account(void *context, struct text account) { printf("account %.*s\n", TEXT_ARG(account)); }

static void ask_keys(struct text line)
{
	static const char *const verbs[] = { "fingerprint", "scramble", "restore", "change", "disable", "enable", "delete" };
	struct text verb = TEXT_NONE, account = line;
	size_t n = 0;

	if (!text_cut(&line, ' ', &verb)) {
		keys_list(tool.keys, on_account, on_end, NULL);
		return;
	}
	while (!text_is(verb, text_of(verbs[n])))
		if (++n == sizeof verbs / sizeof *verbs)
			abort();
	account = line;
	if (!text_cut(&line, ' ', &account))
		line = TEXT_NONE;
	keys_ask(tool.keys, (enum keys_verb)n, account, line, on_key, NULL);
}

/* ---- the table */

static void on_told(void *context, const struct error *error)
{
	if (error)
		printf("told %s\n", error->text);
}

static void on_written(void *context, const struct error *error)
{
	printf("told\n");
	requests_answered();
}

static void set_all(struct text line)
{
	struct text logins[LOGINS_MAX];
	size_t count = 0;

	while (line.n && count < LOGINS_MAX && text_cut(&line, ' ', &logins[count]))
		count++;
	if (line.n)
		logins[count++] = line;
	(void)!roster_set(tool.away, logins, count, NULL);
}

static void ask_away(struct text line)
{
	struct text verb = TEXT_NONE;
	struct error error;

	if (!text_cut(&line, ' ', &verb))
		set_all(TEXT_NONE);
	else if (verb.p[0] == 's')
		set_all(line);
	else if (verb.p[0] == 'd')
		roster_drop(tool.away, line);
	else if (!roster_put(tool.away, line, &error))
		printf("%s\n", error.text);
	roster_when_written(tool.away, on_written, NULL);
}

int main(int argc, char **argv)
{
	if (argc < 3 || (strcmp(argv[1], "away") == 0 && argc < 4))
		return 2;
	uv_loop_init(&tool.loop);
	if (strcmp(argv[1], "keys") == 0)
		tool.keys = keys_new(&tool.loop, argv[2]);
	else if (strcmp(argv[1], "queue") == 0)
		tool.queue = queue_new(&tool.loop, argv[2]);
	else
		tool.away = away_new(&tool.loop, &(struct away_options){ .folder = argv[2], .postmap = argv[3], .told = on_told });
	return requests_run(&tool.loop, tool.queue ? ask_queue : tool.keys ? ask_keys : ask_away, over);
}
