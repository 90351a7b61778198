/* SPDX-License-Identifier: Apache-2.0 */
/* A life room that only writes down what readers of logs tell it: one line a call, in `told`. Knows which
 * messages are open, who is logged in, and ends messages that close themselves. Included by one test program at
 * a time; read_lines() feeds lines to a reader, and an unparsed line is written down too. */
#ifndef SEKISHO_TESTS_FAKE_LIFE_H
#define SEKISHO_TESTS_FAKE_LIFE_H
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <setjmp.h>
#include <cmocka.h>

#include "intake/life.h"

enum { FAKE_MESSAGES = 16, FAKE_TOLD = 8192 };

struct message {
	char id[LIFE_ID_MAX];
	uint32_t recipients, finals;
	bool closes_itself;
};

struct life {
	struct message messages[FAKE_MESSAGES];
	char told[FAKE_TOLD];
	size_t told_bytes;
	char user[64];
	struct ip user_ip;
	uint32_t user_pid;
};

static void __attribute__((format(printf, 2, 3))) tell(struct life *life, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	life->told_bytes += (size_t)vsnprintf(life->told + life->told_bytes, FAKE_TOLD - life->told_bytes, format, list);
	va_end(list);
	assert_true(life->told_bytes < FAKE_TOLD);
}

struct message *life_known(struct life *life, const struct line *line, struct text id)
{
	for (size_t i = 0; i < FAKE_MESSAGES; i++)
		if (life->messages[i].id[0] && text_is(id, text_of(life->messages[i].id)))
			return &life->messages[i];
	return NULL;
}

struct message *life_open(struct life *life, const struct line *line, struct text id)
{
	struct message *message = life_known(life, line, id);

	for (size_t i = 0; i < FAKE_MESSAGES && !message; i++)
		if (!life->messages[i].id[0])
			message = &life->messages[i];
	assert_non_null(message);
	text_copy(message->id, sizeof message->id, id);
	return message;
}

void life_login(struct life *life, const struct line *line, const struct life_login *login)
{
	char ip[IP_TEXT_MAX];

	tell(life, "login %s %.*s %s\n", login->ok ? "ok" : "failed", TEXT_ARG(login->name), ip_format(&login->ip, ip));
}

void life_backend_failure(struct life *life, const struct line *line, struct text name, const struct ip *ip)
{
	char to[IP_TEXT_MAX];

	tell(life, "backend failure of %.*s from %s\n", TEXT_ARG(name), ip_format(ip, to));
}

bool life_heard_before(struct life *life, const struct line *line) { return false; }

void life_smtp_failure(struct life *life, const struct line *line, struct text name, const struct ip *ip)
{
	char to[IP_TEXT_MAX];

	tell(life, "failure of '%.*s' from %s\n", TEXT_ARG(name), ip_format(ip, to));
}

void life_session_end(struct life *life, const struct line *line)
{
	tell(life, "session end\n");
}

void life_session_login(struct life *life, const struct line *line, struct text name, const struct ip *ip)
{
	char to[IP_TEXT_MAX];

	text_copy(life->user, sizeof life->user, name);
	life->user_ip = *ip;
	life->user_pid = line->pid;
	tell(life, "session login %.*s from %s\n", TEXT_ARG(name), ip_format(ip, to));
}

bool life_session(const struct life *life, const struct line *line, struct text *name, struct ip *ip)
{
	if (!life->user[0] || life->user_pid != line->pid)
		return false;
	*name = text_of(life->user);
	*ip = life->user_ip;
	return true;
}

void life_client(struct life *life, const struct line *line, struct message *message, struct text client_name,
		 const struct ip *ip, struct text login)
{
	char to[IP_TEXT_MAX];

	tell(life, "%s client '%.*s' %s login '%.*s'\n", message->id, TEXT_ARG(client_name), ip_format(ip, to), TEXT_ARG(login));
}

void life_local(struct life *life, const struct line *line, struct message *message, struct text user)
{
	tell(life, "%s local %.*s\n", message->id, TEXT_ARG(user));
}

void life_message_id(struct life *life, const struct line *line, struct message *message, struct text message_id)
{
	tell(life, "%s message-id %.*s\n", message->id, TEXT_ARG(message_id));
}

void life_queued(struct life *life, const struct line *line, struct message *message, struct text from, uint32_t recipients)
{
	message->recipients = recipients;
	tell(life, "%s queued from '%.*s' to %u\n", message->id, TEXT_ARG(from), recipients);
}

void life_outcome(struct life *life, const struct line *line, struct message *message, const struct life_outcome *outcome)
{
	static const char *const results[] = { "sent", "bounced", "deferred" };

	tell(life, "%s %s%s %.*s (%.*s) relay '%.*s' dsn '%.*s' reply '%.*s'\n", message->id, outcome->program ? "local program " : outcome->saved ? "local saved " : outcome->local ? "local " : "",
	     results[outcome->result], TEXT_ARG(outcome->rcpt), TEXT_ARG(outcome->original), TEXT_ARG(outcome->relay),
	     TEXT_ARG(outcome->dsn), TEXT_ARG(outcome->reply));
	message->finals += outcome->result != RESULT_DEFERRED;
	if (message->closes_itself && message->finals >= message->recipients)
		*message = (struct message){ 0 };
}

void life_handed(struct life *life, const struct line *line, struct message *message, const struct ip *relay, struct text copy_id)
{
	tell(life, "%s handed on as %.*s\n", message->id, TEXT_ARG(copy_id));
}

void life_returned(struct life *life, const struct line *line, struct message *message, struct text child_id)
{
	tell(life, "%s returned as %.*s\n", message->id, TEXT_ARG(child_id));
}

void life_expired(struct life *life, const struct line *line, struct message *message)
{
	tell(life, "%s expired\n", message->id);
}

void life_refused(struct life *life, const struct line *line, struct message *message)
{
	tell(life, "%s refused\n", message->id);
}

void life_closes_itself(struct message *message)
{
	message->closes_itself = true;
}

void life_end(struct life *life, const struct line *line, struct message *message)
{
	tell(life, "%s end\n", message->id);
	*message = (struct message){ 0 };
}

/* every line of `lines`, by one process */
static void read_lines(struct life *life, const struct format *format, struct text program, const char *lines)
{
	struct text rest = text_of(lines), one;

	while (rest.n) {
		struct line line = { .host = 1, .pid = 4711, .program = program };

		if (!text_cut(&rest, '\n', &one)) {
			one = rest;
			rest = TEXT_NONE;
		}
		line.text = one;
		if (format->read(life, &line) == LINE_UNPARSED)
			tell(life, "unparsed\n");
	}
}

struct scene {
	const char *name, *lines, *told;
};

static inline void play(const struct format *format, struct text program, const struct scene *scenes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct life life = { .told_bytes = 0 };

		read_lines(&life, format, program, scenes[i].lines);
		if (strcmp(life.told, scenes[i].told) != 0)
			print_error("%s:\nwanted:\n%s\ntold:\n%s\n", scenes[i].name, scenes[i].told, life.told);
		assert_string_equal(life.told, scenes[i].told);
	}
}
#endif
