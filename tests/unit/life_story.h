/* SPDX-License-Identifier: Apache-2.0 */
/* Stories of messages: one verb a line, as readers of logs tell them to the life room; what comes out is written down,
 * one line an event, then what is left in the queue, then the senders that had no login.
 *
 *   came A ADDRESS [LOGIN]      local A USER       named A MESSAGE-ID      queued A SENDER|<> RECIPIENTS
 *   sent|bounced|deferred A RCPT                   to a remote host
 *   piped A RCPT                to a program: sent
 *   saved A RCPT                certainly into a mailbox: sent
 *   mailbox A sent|… RCPT       into a mailbox     forward A sent|… RCPT ORIGINAL
 *   gone|expired|refused|closes A                  returned A CHILD        continues B A        handed A COPY [RELAY] (10.0.0.9)
 *   adopt A ADDRESS LOGIN       failure|backend|session ADDRESS [LOGIN]    over (the session)
 *   wait SECONDS                host N             pid N */
#ifndef SEKISHO_UNIT_LIFE_STORY_H
#define SEKISHO_UNIT_LIFE_STORY_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "intake/life.h"

#define COUNT(table) (sizeof table / sizeof *table)

enum { TOLD_MAX = 8192, WORDS = 5 };

struct room {
	struct accounts *accounts;
	struct life *life;
	struct event events[3]; /* few, so that they are handed on often */
	struct event_sink sink;
	struct line line;       /* what the next verb is told with */
	char told[TOLD_MAX];
	size_t n;
};

struct story {
	const char *name, *verbs, *wanted;
};

static void __attribute__((format(printf, 2, 3))) tell(struct room *room, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	room->n += (size_t)vsnprintf(room->told + room->n, TOLD_MAX - room->n, format, list);
	va_end(list);
	assert_true(room->n < TOLD_MAX);
}

static const char *const results[] = { "sent", "bounced", "deferred", NULL };

static void tell_event(struct room *room, const struct event *event)
{
	static const char *const reasons[] = { "", ", unknown user", ", spam", ", other" };
	struct text name = accounts_name(room->accounts, event->account);
	char ip[IP_TEXT_MAX];

	if (!name.n)
		name = event->account_key ? TEXT("somebody") : TEXT("nobody");
	ip_format(&event->ip, ip);
	assert_true(event->count > 0 || event->kind == EVENT_SUBMIT);
	switch (event->kind) {
	case EVENT_AUTH: tell(room, "%s %ux %.*s %s", event->ok ? "login" : "failure", event->count, TEXT_ARG(name), ip); break;
	case EVENT_SUBMIT: tell(room, "submit %u %.*s %s to %u", event->message, TEXT_ARG(name), ip, event->count); break;
	case EVENT_BOUNCE: tell(room, "bounce for %.*s from %s", TEXT_ARG(name), ip); break;
	case EVENT_OUTCOME:
		tell(room, "outcome %u %.*s %ux %s%s%s%s", event->message, TEXT_ARG(name), event->count, results[event->result],
		     reasons[event->reason], event->again ? ", again" : "", event->unannounced ? ", unannounced" : "");
		break;
	default: fail_msg("event %u", event->kind);
	}
	tell(room, "%s\n", event->place_silent ? " (silent)" : "");
}

static void write_down(struct event_sink *sink)
{
	for (size_t i = 0; i < sink->count; i++)
		tell_event(sink->context, &sink->items[i]);
	sink->count = 0;
}

static void tell_left(void *context, const struct life_left *left)
{
	struct room *room = context;

	tell(room, "left %s %u %.*s %u\n", left->id, left->number, TEXT_ARG(accounts_name(room->accounts, left->account)), left->unfinished);
}

static void tell_senders(struct room *room)
{
	const struct life_sender *senders;
	size_t count = life_senders(room->life, &senders);

	for (size_t i = 0; i < count; i++)
		tell(room, "%s %s: %u to %u, %u bounced\n",
		     senders[i].is_uid ? "uid" : senders[i].forwards ? "forwarder" : "sender", senders[i].user,
		     senders[i].messages, senders[i].recipients, senders[i].bounced);
}

static void open_room(struct room *room)
{
	static const struct ip webmail = { { [10] = 0xff, 0xff, 10, 0, 0, 80 } };

	*room = (struct room){ .line = { .t_us = 1000 * DAY_US, .host = 1, .pid = 77 } };
	room->sink = (struct event_sink){
		.items = room->events,
		.room = COUNT(room->events),
		.full = write_down,
		.context = room,
	};
	room->accounts = accounts_new("example.org");
	room->life = life_new(room->accounts, &room->sink,
			      &(struct life_options){ .webmail_hosts = &webmail, .webmail_host_count = 1 });
}

static void close_room(struct room *room)
{
	life_free(room->life);
	accounts_free(room->accounts);
}

/* ---- verbs */

static struct ip ip_of(struct text text)
{
	struct ip ip = { { 0 } };

	assert_true(text_is(text, TEXT("unknown")) || ip_parse(text, &ip));
	return ip;
}

static uint32_t number_of(struct text text)
{
	uint64_t number;

	assert_true(text_number(text, UINT32_MAX, &number));
	return (uint32_t)number;
}

static bool result_of(struct text word, uint8_t *result)
{
	for (uint8_t i = 0; results[i]; i++) {
		if (text_is(word, text_of(results[i]))) {
			*result = i;
			return true;
		}
	}
	return false;
}

static void deliver(struct room *room, struct message *message, uint8_t result, struct text rcpt, struct text original,
		    bool local)
{
	static const char *const dsn[] = { "2.0.0", "5.1.1", "4.7.1" };
	static const char *const replies[] = { "250 OK", "550 5.1.1 User unknown", "450 4.7.1 Greylisted" };

	life_outcome(room->life, &room->line, message,
		     &(struct life_outcome){ .rcpt = rcpt, .original = original, .dsn = text_of(dsn[result]),
					     .reply = text_of(replies[result]), .result = result, .local = local });
}

/* verbs that concern no message */
static bool play_room(struct room *room, const struct text *word)
{
	struct ip ip;

	if (text_is(word[0], TEXT("wait")))
		room->line.t_us += number_of(word[1]) * SECOND_US;
	else if (text_is(word[0], TEXT("host")))
		room->line.host = number_of(word[1]);
	else if (text_is(word[0], TEXT("pid")))
		room->line.pid = number_of(word[1]);
	else if (text_is(word[0], TEXT("over")))
		life_session_end(room->life, &room->line);
	else if (text_is(word[0], TEXT("failure")) && (ip = ip_of(word[1]), true))
		life_smtp_failure(room->life, &room->line, word[2], &ip);
	else if (text_is(word[0], TEXT("backend")) && (ip = ip_of(word[1]), true))
		life_backend_failure(room->life, &room->line, word[2], &ip);
	else if (text_is(word[0], TEXT("session")) && (ip = ip_of(word[1]), true))
		life_session_login(room->life, &room->line, word[2], &ip);
	else
		return false;
	return true;
}

/* verbs that end a message, or need one that is known */
static bool play_known(struct room *room, const struct text *word)
{
	struct message *message = life_known(room->life, &room->line, word[1]);

	if (text_is(word[0], TEXT("gone")) && message)
		life_end(room->life, &room->line, message);
	else if (text_is(word[0], TEXT("expired")) && message)
		life_expired(room->life, &room->line, message);
	else if (text_is(word[0], TEXT("refused")) && message)
		life_refused(room->life, &room->line, message);
	else if (text_is(word[0], TEXT("closes")) && message)
		life_closes_itself(message);
	else
		return text_is(word[0], TEXT("gone")) || text_is(word[0], TEXT("expired"));
	return true;
}

static void play_message(struct room *room, const struct text *word)
{
	struct message *message = life_open(room->life, &room->line, word[1]);
	struct ip ip;
	uint8_t result;

	if (text_is(word[0], TEXT("came")) && (ip = ip_of(word[2]), true))
		life_client(room->life, &room->line, message, TEXT("mail.example.net"), &ip, word[3]);
	else if (text_is(word[0], TEXT("adopt")) && (ip = ip_of(word[2]), true))
		life_adopt(room->life, &room->line, message, &ip, word[3]);
	else if (text_is(word[0], TEXT("local")))
		life_local(room->life, &room->line, message, word[2]);
	else if (text_is(word[0], TEXT("named")))
		life_message_id(room->life, &room->line, message, word[2]);
	else if (text_is(word[0], TEXT("queued")))
		life_queued(room->life, &room->line, message, text_is(word[2], TEXT("<>")) ? TEXT_NONE : word[2], number_of(word[3]));
	else if (text_is(word[0], TEXT("returned")))
		life_returned(room->life, &room->line, message, word[2]);
	else if (text_is(word[0], TEXT("handed")) && (ip = ip_of(word[3].n ? word[3] : TEXT("10.0.0.9")), true))
		life_handed(room->life, &room->line, message, &ip, word[2]);
	else if (text_is(word[0], TEXT("continues")))
		life_continues(room->life, &room->line, message, word[2]);
	else if (text_is(word[0], TEXT("piped")))
		life_outcome(room->life, &room->line, message, &(struct life_outcome){ .rcpt = word[2], .local = true, .program = true });
	else if (text_is(word[0], TEXT("saved")))
		life_outcome(room->life, &room->line, message, &(struct life_outcome){ .rcpt = word[2], .local = true, .saved = true });
	else if (text_is(word[0], TEXT("mailbox")) && result_of(word[2], &result))
		deliver(room, message, result, word[3], TEXT_NONE, true);
	else if (text_is(word[0], TEXT("forward")) && result_of(word[2], &result))
		deliver(room, message, result, word[3], word[4], false);
	else if (result_of(word[0], &result))
		deliver(room, message, result, word[2], TEXT_NONE, false);
	else
		fail_msg("what is '%.*s'?", TEXT_ARG(word[0]));
}

static void play_verbs(struct room *room, const char *verbs)
{
	struct text rest = text_of(verbs), verb;

	while (text_cut(&rest, '\n', &verb)) {
		struct text word[WORDS] = { TEXT_NONE, TEXT_NONE, TEXT_NONE, TEXT_NONE, TEXT_NONE };
		size_t i = 0;

		while (i < WORDS - 1 && text_cut(&verb, ' ', &word[i]))
			i++;
		word[i] = verb;
		if (!play_room(room, word) && !play_known(room, word))
			play_message(room, word);
	}
	assert_int_equal(rest.n, 0);
}

static void play(const struct story *stories, size_t count)
{
	size_t failed = 0;

	for (size_t i = 0; i < count; i++) {
		struct room room;

		open_room(&room);
		play_verbs(&room, stories[i].verbs);
		life_finish(room.life);
		write_down(&room.sink);
		life_each_left(room.life, tell_left, &room);
		tell_senders(&room);
		if (strcmp(room.told, stories[i].wanted) != 0)
			print_error("%s:\nwanted:\n%s\ntold:\n%s\n", stories[i].name, stories[i].wanted, room.told);
		failed += strcmp(room.told, stories[i].wanted) != 0;
		close_room(&room);
	}
	assert_int_equal(failed, 0);
}

#define OWNER "203.0.113.7"
#define ALICE "alice@example.org"
#define BOB "bob@example.org"
#define LOGIN "login 1x " ALICE " " OWNER "\n"
#define SUBMIT(number, count) "submit " #number " " ALICE " " OWNER " to " #count "\n"
#define OUTCOME(number) "outcome " #number " " ALICE " 1x "
#define UNKNOWN "bounced, unknown user\n"
#define SOMEBODY "failure 1x somebody " OWNER "\n"
#define QUEUED(id, count) "came " id " " OWNER " alice\nqueued " id " " ALICE " " #count "\n"
#define NAMED QUEUED("A", 1) "named A m1@x\n"
#define BACK_AS(id, sender) "came " id " 127.0.0.1\nnamed " id " m1@x\nqueued " id " " sender " 1\n"
#define BACK_IN(id) BACK_AS(id, ALICE)
#define FOR_LIST(id, count) "came " id " 127.0.0.1\nnamed " id " m1@x\nqueued " id " club-bounces@lists.example.org " #count "\n"
#define COUNTED_ONCE LOGIN SUBMIT(1, 1) OUTCOME(1) UNKNOWN
#endif
