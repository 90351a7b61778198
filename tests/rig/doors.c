/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon's hands on Dovecot without the daemon, for the rig: each line of the standard input is a request,
 *
 *   kick|who|flush USER     try SERVICE USER     put|drop USER
 *
 * answered with a line `VERB USER WORD COUNT SENTENCE`, in the order in which answers come.
 *
 *   doors URL KEY AUTH_SOCKET DENY_FILE */
#include <stdio.h>

#include "base/memory.h"
#include "containment/deny.h"
#include "containment/dovecot.h"
#include "requests.h"

static struct {
	uv_loop_t loop;
	struct dovecot *dovecot;
	struct roster *deny;
} tool;

static void over(void)
{
	dovecot_close(tool.dovecot);
	roster_close(tool.deny);
}

static void answer(char *asked, const char *word, uint32_t count, const char *says)
{
	printf("%s %s %u %s\n", asked, word, count, says);
	free(asked);
	requests_answered();
}

static void on_done(void *context, enum dovecot_result result, uint32_t count, const char *says)
{
	answer(context, result == DOVECOT_DONE ? "done" : "failed", count, says);
}

static void on_tried(void *context, enum dovecot_trial trial, const char *says)
{
	static const char *const words[] = {
		[TRIAL_DENIED] = "denied", [TRIAL_WRONG] = "wrong", [TRIAL_LET_IN] = "let_in", [TRIAL_FAILED] = "failed"
	};

	answer(context, words[trial], 0, says);
}

static void on_written(void *context, const struct error *error)
{
	answer(context, error ? "failed" : "written", (uint32_t)roster_count(tool.deny), error ? error->text : "");
}

static void on_told(void *context, const struct error *error)
{
	if (error)
		printf("%s\n", error->text);
}

static void change_list(struct text verb, struct text user, char *asked)
{
	struct error error;

	if (text_is(verb, TEXT("drop")))
		roster_drop(tool.deny, user);
	else if (!roster_put(tool.deny, user, &error))
		printf("%s\n", error.text);
	roster_when_written(tool.deny, on_written, asked);
}

static void ask(struct text line)
{
	char *asked = memory_copy(line.p, line.n), service[32] = "";
	struct text verb = TEXT_NONE, word;

	if (!text_cut(&line, ' ', &verb))
		abort();
	if (text_is(verb, TEXT("put")) || text_is(verb, TEXT("drop"))) {
		change_list(verb, line, asked);
	} else if (text_is(verb, TEXT("try"))) {
		if (text_cut(&line, ' ', &word))
			text_copy(service, sizeof service, word);
		dovecot_try(tool.dovecot, service, line, on_tried, asked);
	} else {
		dovecot_ask(tool.dovecot, verb.p[0] == 'k' ? DOVECOT_KICK : verb.p[0] == 'w' ? DOVECOT_WHO : DOVECOT_FLUSH, line, on_done, asked);
	}
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	uv_loop_init(&tool.loop);
	tool.dovecot = dovecot_new(&tool.loop, &(struct dovecot_options){ argv[1], argv[2], argv[3] });
	tool.deny = deny_new(&tool.loop, &(struct deny_options){ .file = argv[4], .told = on_told });
	roster_set(tool.deny, NULL, 0, NULL);
	return requests_run(&tool.loop, ask, over);
}
