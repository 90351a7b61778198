/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands that ask the daemon share: their options, the question, and the answer as text or as JSON. */
#ifndef SEKISHO_CLI_ASKED_H
#define SEKISHO_CLI_ASKED_H
#include <jansson.h>

#include "cli/cli.h"
#include "cli/output.h"
#include "gate/ask.h"
#include "report/field.h"
#include "report/terminal.h"

struct asked {
	/* asked for */
	enum output_form form;
	const char *output, *config_file;
	bool all;            /* --all, --account, --false-alarm, --full and --lang, where `lists` */
	bool false_alarm, full;
	const char *language; /* NULL: as the locale says */
	const char *account;
	const char *pages_of; /* the first word of a command that can answer as a page; NULL: none can */
	char **words;        /* beside the options */
	int word_count;
	/* at work */
	struct config config;
	json_t *answer;
	void (*show)(const struct asked *asked, struct terminal *t);
};

/* Options, then settings; `pages_of` may be set. CLI_DONE to go on; otherwise the status to end with, and *ended. */
int asked_begin(struct asked *asked, int argc, char **argv, const char *usage, bool lists, bool *ended);
void asked_done(struct asked *asked);
/* `usage` on standard error */
int asked_misused(const char *usage);
/* a question about an account, the caller's to complete; of all, where it is NULL. NULL where it cannot be one, and that was said. */
json_t *asked_question(const char *verb, const char *account);
/* Takes the request. CLI_DONE with an answer; otherwise what is wrong was said. */
int asked_ask(struct asked *asked, json_t *request);
/* what is wrong with it, in the reader's language; the caller's to free */
char *asked_why(enum ask_result result, const struct error *error);
/* the exit status that it means; asked_status says what is wrong, too */
int asked_status_of(enum ask_result result);
int asked_status(enum ask_result result, const struct error *error);
/* the answer, or `asked->show` of it */
int asked_tell(struct asked *asked);
/* asks, and tells by `show`; the exit status. Takes the request; without one it is wrong usage. */
int asked_ask_and_tell(struct asked *asked, json_t *request, void (*show)(const struct asked *asked, struct terminal *t));

/* ---- texts; a `char *` is the caller's to free */
/* "  label        value" */
void asked_fact(struct terminal *t, const char *label, const char *value);
/* the same, and frees the value */
void asked_fact_of(struct terminal *t, const char *label, char *value);
void asked_heading(struct terminal *t, const char *text);
/* "4,210 messages to 63,150 recipients" of an object with both */
char *asked_mail(const json_t *count);
/* in the reader's language */
const char *asked_state(const json_t *incident);
const char *asked_mode(const char *name);
/* one incident a line */
void asked_incidents(struct terminal *t, const json_t *incidents);
/* "+9.1  sentence" for each of a list with bits and text */
void asked_evidence(struct terminal *t, const json_t *evidence);
#endif
