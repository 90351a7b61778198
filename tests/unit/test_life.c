/* SPDX-License-Identifier: Apache-2.0 */
/* Stories of messages: one verb a line, as readers of logs tell them to the life room; what comes out is written down,
 * one line an event, then what is left in the queue, then the senders that had no login.
 *
 *   came A ADDRESS [LOGIN]      local A USER       named A MESSAGE-ID      queued A SENDER|<> RECIPIENTS
 *   sent|bounced|deferred A RCPT                   to a remote host
 *   mailbox A sent|… RCPT       into a mailbox     forward A sent|… RCPT ORIGINAL
 *   gone|expired|refused|closes A                  returned A CHILD        continues B A
 *   adopt A ADDRESS LOGIN       failure|backend|session ADDRESS [LOGIN]    over (the session)
 *   wait SECONDS                host N             pid N */
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
	else if (text_is(word[0], TEXT("continues")))
		life_continues(room->life, &room->line, message, word[2]);
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

static void a_message_from_queue_to_outcome(void **state)
{
	static const struct story stories[] = {
		{ "one is sent, one bounces", QUEUED("A", 2) "sent A c@d\nbounced A e@f\ngone A\n", LOGIN SUBMIT(1, 2) OUTCOME(1) "sent\n" OUTCOME(1) UNKNOWN },
		{ "a login in any spelling", "came A " OWNER " Alice\nqueued A x@y 1\ngone A\ncame B " OWNER " ALICE@Example.ORG\n", LOGIN SUBMIT(1, 1) },
		{ "a connection dropped after RCPT counts nothing", "came A " OWNER " alice\nover\n", LOGIN },
		{ "the next try of the queue is no new message",
		  QUEUED("A", 1) "deferred A c@d\nqueued A " ALICE " 1\ndeferred A c@d\nqueued A " ALICE " 1\nsent A c@d\ngone A\n",
		  LOGIN SUBMIT(1, 1) OUTCOME(1) "deferred, other\n" OUTCOME(1) "deferred, other, again\n" OUTCOME(1) "sent, again\n" },
		{ "deferred is forgotten once final", QUEUED("A", 2) "deferred A c@d\nbounced A e@f\nbounced A c@d\ngone A\n",
		  LOGIN SUBMIT(1, 2) OUTCOME(1) "deferred, other\n" OUTCOME(1) UNKNOWN OUTCOME(1) "bounced, unknown user, again\n" },
		{ "given up after days", QUEUED("A", 3) "sent A c@d\ndeferred A e@f\ndeferred A g@h\nexpired A\nexpired A\ngone A\n",
		  LOGIN SUBMIT(1, 3) OUTCOME(1) "sent\n" OUTCOME(1) "deferred, other\n" OUTCOME(1) "deferred, other\noutcome 1 " ALICE " 2x bounced, other, again\n" },
		{ "turned away by a milter, after it had a queue id", "came A " OWNER " alice\nrefused A\n" QUEUED("A", 1), LOGIN SUBMIT(1, 1) "left A 1 " ALICE " 1\n" },
		{ "turned away after it was counted: too late", QUEUED("A", 1) "refused A\n", LOGIN SUBMIT(1, 1) "left A 1 " ALICE " 1\n" },
		{ "removed from the queue by hand", QUEUED("A", 50) "sent A c@d\ngone A\ngone A\n", LOGIN SUBMIT(1, 50) OUTCOME(1) "sent\n" },
		{ "still in the queue", QUEUED("A", 3) QUEUED("B", 1) "sent A c@d\nbounced A e@f\ndeferred A g@h\nsent B c@d\n",
		  LOGIN SUBMIT(1, 3) SUBMIT(2, 1) OUTCOME(1) "sent\n" OUTCOME(1) UNKNOWN OUTCOME(1) "deferred, other\n" OUTCOME(2) "sent\nleft A 1 " ALICE " 1\nleft B 2 " ALICE " 0\n" },
		{ "a queue id is used again, and the end of its first life is not in the log",
		  QUEUED("17CCA8044", 1) "deferred 17CCA8044 c@d\ncame 17CCA8044 203.0.113.8 bob\nqueued 17CCA8044 " BOB " 1\nsent 17CCA8044 c@d\ngone 17CCA8044\n",
		  LOGIN SUBMIT(1, 1) OUTCOME(1) "deferred, other\nlogin 1x " BOB " 203.0.113.8\nsubmit 2 " BOB " 203.0.113.8 to 1\noutcome 2 " BOB " 1x sent\n" },
		{ "two hosts use the same queue id",
		  QUEUED("17CCA8044", 1) "host 2\ncame 17CCA8044 203.0.113.8 bob\nqueued 17CCA8044 " BOB " 1\nhost 1\nsent 17CCA8044 c@d\ngone 17CCA8044\n",
		  LOGIN SUBMIT(1, 1) "login 1x " BOB " 203.0.113.8\nsubmit 2 " BOB " 203.0.113.8 to 1\n" OUTCOME(1) "sent\nleft 17CCA8044 2 " BOB " 1\n" },
		{ "the log begins in the middle", "sent A c@d\nqueued A " ALICE " 1\nbounced A c@d\nexpired A\nreturned A B\ngone A\n", "" },
		{ "a log without closing lines", QUEUED("A", 2) "closes A\ndeferred A c@d\nsent A c@d\nbounced A e@f\n",
		  LOGIN SUBMIT(1, 2) OUTCOME(1) "deferred, other\n" OUTCOME(1) "sent, again\n" OUTCOME(1) UNKNOWN },
		{ "a log without closing lines gives up", QUEUED("A", 1) "closes A\ndeferred A c@d\nexpired A\n",
		  LOGIN SUBMIT(1, 1) OUTCOME(1) "deferred, other\noutcome 1 " ALICE " 1x bounced, other, again\n" },
		{ "nobody said how many recipients: they are counted as they come", "came A " OWNER " alice\nqueued A " ALICE " 0\nsent A c@d\ndeferred A e@f\ndeferred A e@f\n",
		  LOGIN SUBMIT(1, 0) OUTCOME(1) "sent, unannounced\n" OUTCOME(1) "deferred, other, unannounced\n" OUTCOME(1) "deferred, other, again, unannounced\nleft A 1 " ALICE " 1\n" },
		{ "an id that is too long to be kept is still told apart",
		  "came aaaaaaaaaaaaaaaaaaaaaaaaaaaa1 " OWNER " alice\ncame aaaaaaaaaaaaaaaaaaaaaaaaaaaa2 " OWNER " alice\nqueued aaaaaaaaaaaaaaaaaaaaaaaaaaaa1 x@y 1\n",
		  LOGIN SUBMIT(1, 1) "left aaaaaaaaaaaaaaaaaaaaaaa 1 " ALICE " 1\n" },
	};

	play(stories, COUNT(stories));
}

static void logins(void **state)
{
	static const struct story stories[] = {
		{ "several messages of a session are one login", "came A " OWNER " alice\ncame B " OWNER " alice\n", LOGIN },
		{ "a session, and the next in the same process", "came A " OWNER " alice\nover\ncame B " OWNER " alice\n", LOGIN LOGIN },
		{ "the end of the first session is not in the log", "came A " OWNER " alice\ncame B 203.0.113.8 alice\n", LOGIN "login 1x " ALICE " 203.0.113.8\n" },
		{ "two processes, two hosts", "came A " OWNER " alice\npid 78\ncame B " OWNER " alice\nhost 2\ncame C " OWNER " alice\n", LOGIN LOGIN LOGIN },
		{ "told apart from its message", "session " OWNER " alice\ncame A " OWNER " alice\nsession " OWNER " alice\n", LOGIN LOGIN },
		{ "a failure names only accounts that exist", "failure " OWNER " alice\nfailure " OWNER "\ncame A " OWNER " alice\nfailure " OWNER " Alice\n",
		  SOMEBODY "failure 1x nobody " OWNER "\n" LOGIN "failure 1x " ALICE " " OWNER "\n" },
		{ "a failure told by backend and server counts once", "backend " OWNER " alice\nbackend " OWNER " alice\nwait 5\nfailure " OWNER " alice\nfailure " OWNER " alice\nfailure " OWNER " alice\n",
		  SOMEBODY SOMEBODY SOMEBODY },
		{ "also where the server names nobody", "backend " OWNER " alice\nbackend " OWNER " alice\nwait 5\nfailure " OWNER "\nfailure " OWNER "\nfailure " OWNER "\n",
		  SOMEBODY SOMEBODY "failure 1x nobody " OWNER "\n" },
		{ "also where the server speaks first", "failure " OWNER " alice\nwait 1\nbackend " OWNER " alice\nbackend " OWNER " alice\n", SOMEBODY SOMEBODY },
		{ "also where one of them adds the domain", "backend " OWNER " Alice@example.org\nfailure " OWNER " alice\n", SOMEBODY },
		{ "two names from one address are two failures", "backend " OWNER " alice\nfailure " OWNER " bob\n", SOMEBODY SOMEBODY },
		{ "the auth penalty delays the second telling", "backend " OWNER " alice\nwait 20\nfailure " OWNER " alice\n", SOMEBODY },
		{ "five minutes later it is another failure", "backend " OWNER " alice\nwait 300\nfailure " OWNER " alice\n",
		  SOMEBODY SOMEBODY },
		{ "from another address it is another failure", "backend " OWNER " alice\nfailure 198.51.100.9 alice\n",
		  SOMEBODY "failure 1x somebody 198.51.100.9\n" },
		{ "a webmail host, this machine, an unknown client say nothing of the place; this network does",
		  "came A 10.0.0.80 alice\nqueued A x@y 1\nsent A c@d\ngone A\ncame B ::1 alice\ncame C unknown alice\ncame D 10.0.0.81 alice\n",
		  "login 1x " ALICE " 10.0.0.80 (silent)\nsubmit 1 " ALICE " 10.0.0.80 to 1 (silent)\n" OUTCOME(1) "sent (silent)\nlogin 1x " ALICE " ::1 (silent)\n"
		  "login 1x " ALICE " unknown (silent)\nlogin 1x " ALICE " 10.0.0.81\n" },
	};

	play(stories, COUNT(stories));
}

static void bounces(void **state)
{
	static const struct story stories[] = {
		{ "our own, told before the queue manager speaks of it",
		  QUEUED("A", 1) "bounced A c@d\nreturned A B\nqueued B <> 1\ngone A\nmailbox B sent " ALICE "\ngone B\n", LOGIN SUBMIT(1, 1) OUTCOME(1) UNKNOWN },
		{ "our own, told after it", QUEUED("A", 1) "bounced A c@d\nqueued B <> 1\nreturned A B\nmailbox B sent " ALICE "\ngone B\ngone A\n", LOGIN SUBMIT(1, 1) OUTCOME(1) UNKNOWN },
		{ "our own, still in the queue", QUEUED("A", 1) "returned A B\nqueued B <> 1\ngone A\ndeferred B x@y\n", LOGIN SUBMIT(1, 1) },
		{ "from outside, once it is in a mailbox",
		  "came A 198.51.100.5\nqueued A <> 2\nmailbox A deferred Alice@example.org\nmailbox A sent Alice@example.org\nmailbox A bounced " BOB "\n",
		  "bounce for " ALICE " from 198.51.100.5\n" },
		{ "from outside, and sent on to elsewhere", "came A 198.51.100.5\nqueued A <> 1\nforward A sent alice@elsewhere.example " ALICE "\n", "" },
		{ "from outside, through a filter",
		  "came A 198.51.100.5\nnamed A b1@remote\nqueued A <> 1\ncame B 127.0.0.1\nnamed B b1@remote\nqueued B <> 1\nsent A " ALICE "\ngone A\nmailbox B sent " ALICE "\n",
		  "bounce for " ALICE " from 198.51.100.5\n" },
		{ "for a sender that was forged: it goes to whoever is named, and counts for who forged it",
		  "came A " OWNER " alice\nqueued A " BOB " 1\nsent A c@d\ngone A\ncame B 198.51.100.5\nqueued B <> 1\nmailbox B sent " BOB "\ngone B\n",
		  LOGIN SUBMIT(1, 1) OUTCOME(1) "sent\nbounce for " ALICE " from 198.51.100.5\n" },
		{ "mail from outside is none", "came A 198.51.100.5\nqueued A friend@example.com 1\nmailbox A sent " ALICE "\ngone A\n", "" },
	};

	play(stories, COUNT(stories));
}

#define NAMED QUEUED("A", 1) "named A m1@x\n"
#define BACK_IN(id) "came " id " 127.0.0.1\nnamed " id " m1@x\nqueued " id " " ALICE " 1\n"
#define COUNTED_ONCE LOGIN SUBMIT(1, 1) OUTCOME(1) UNKNOWN
static void content_filters(void **state)
{
	static const struct story stories[] = {
		{ "sent back in: known by its Message-ID; the hand-over is no delivery", NAMED BACK_IN("B") "sent A c@d\ngone A\nbounced B c@d\ngone B\n", COUNTED_ONCE },
		{ "the copy is still in the queue", NAMED BACK_IN("B") "sent A c@d\ngone A\n", LOGIN SUBMIT(1, 1) "left B 1 " ALICE " 1\n" },
		{ "known by the queue id that the filter names",
		  QUEUED("A", 1) "came B 127.0.0.1\ncontinues B A\ncontinues B B\ncontinues C unknown\nqueued B " ALICE " 1\nsent A c@d\ngone A\nbounced B c@d\ngone B\n", COUNTED_ONCE },
		{ "handed in through sendmail", NAMED "local B 110\nnamed B m1@x\nqueued B " ALICE " 1\nsent A c@d\ngone A\nbounced B c@d\ngone B\n", COUNTED_ONCE "uid 110: 0 to 0, 0 bounced\n" },
		{ "two filters, one after the other", NAMED BACK_IN("B") "sent A c@d\ngone A\n" BACK_IN("C") "sent B c@d\ngone B\nbounced C c@d\ngone C\n", COUNTED_ONCE },
		{ "two filters, and all three are in the queue at once", NAMED BACK_IN("B") BACK_IN("C") "sent B c@d\nsent A c@d\nbounced C c@d\ngone A\ngone B\ngone C\n", COUNTED_ONCE },
		{ "the filter itself returns it", NAMED "bounced A c@d\ngone A\n", COUNTED_ONCE },
		{ "a stranger, or another account, with the same Message-ID continues nothing",
		  NAMED "came B 198.51.100.5\nnamed B m1@x\nqueued B x@y 1\ncame C 203.0.113.8 bob\nnamed C m1@x\nqueued C " BOB " 1\nbounced A c@d\ngone A\nsent C e@f\ngone C\n",
		  LOGIN SUBMIT(1, 1) "login 1x " BOB " 203.0.113.8\nsubmit 2 " BOB " 203.0.113.8 to 1\n" OUTCOME(1) UNKNOWN "outcome 2 " BOB " 1x sent\n" },
		{ "in front of the queue, and the login is told before it was queued", "came A 127.0.0.1\nadopt A " OWNER " alice\nqueued A " ALICE " 1\nbounced A c@d\ngone A\n", COUNTED_ONCE },
		{ "in front of the queue, and the login is told after it", "came A 127.0.0.1\nqueued A " ALICE " 1\nadopt A " OWNER " alice\nadopt A 9.9.9.9 mallory\nbounced A c@d\ngone A\n",
		  COUNTED_ONCE "sender 127.0.0.1: 0 to 0, 0 bounced\n" },
		{ "in front of the queue, and the login is told after a first delivery (the filter named the client, XFORWARD)",
		  "came A " OWNER "\nqueued A " ALICE " 3\nsent A c@d\nadopt A " OWNER " alice\nbounced A e@f\ngone A\n",
		  LOGIN SUBMIT(1, 3) OUTCOME(1) UNKNOWN "forwarder forwarded: 0 to 0, 0 bounced\n" },
	};

	play(stories, COUNT(stories));
}

static void mail_without_a_login(void **state)
{
	static const struct story stories[] = {
		{ "a web script is told by its uid", "local A 33\nqueued A www@x 3\nsent A c@d\nbounced A e@f\nlocal B 33\nqueued B www@x 1\nlocal C backup\nqueued C root@x 1\n",
		  "uid 33: 2 to 4, 1 bounced\nsender backup: 1 to 1, 0 bounced\n" },
		{ "a web script's mail expires", "local A 33\nqueued A www@x 2\nsent A c@d\ndeferred A e@f\nexpired A\n", "uid 33: 1 to 2, 1 bounced\n" },
		{ "a web script behind a filter counts once", "local A 33\nnamed A m1@x\nqueued A www@x 1\n" BACK_IN("B") "sent A c@d\ngone A\nbounced B c@d\ngone B\n", "uid 33: 1 to 1, 1 bounced\n" },
		{ "a printer in this network", "came A 10.0.0.9\nqueued A p@x 2\nsent A c@d\nbounced A e@f\n", "sender 10.0.0.9: 1 to 2, 1 bounced\n" },
		{ "a printer behind a filter counts once", "came A 10.0.0.9\nnamed A m1@x\nqueued A p@x 1\n" BACK_IN("B") "sent A c@d\ngone A\nbounced B c@d\ngone B\n",
		  "sender 10.0.0.9: 1 to 1, 1 bounced\n" },
		{ "a forwarder is told by its address, whatever SRS makes of the sender",
		  "came A 198.51.100.5\nqueued A SRS0=1sN3=5P=example.com=friend@relay 2\nforward A sent a@elsewhere " ALICE "\nforward A bounced a@other " ALICE "\n",
		  "forwarder " ALICE ": 1 to 2, 1 bounced\n" },
		{ "a forwarder behind a filter counts once",
		  "came A 198.51.100.5\nnamed A m1@x\nqueued A f@x 1\n" BACK_IN("B") "sent A " ALICE "\ngone A\nforward B sent a@elsewhere " ALICE "\ngone B\n",
		  "forwarder " ALICE ": 1 to 1, 0 bounced\n" },
	};

	play(stories, COUNT(stories));
}

/* ---- what a line of verbs cannot say */

static void what_is_submitted_is_told_in_full(void **state)
{
	struct room room;
	uint64_t key;

	open_room(&room);
	play_verbs(&room, "came A " OWNER " alice\n");
	room.sink.count = 0;
	play_verbs(&room, "queued A forged@example.com 38\nsent A c@d\n");
	assert_int_equal(room.sink.count, 2);
	assert_int_equal(room.events[0].account, accounts_find(room.accounts, TEXT("alice"), &key));
	assert_int_equal(room.events[0].from, hash_text(HASH_FIXED, TEXT("forged@example.com")));
	assert_int_equal(room.events[0].t_us, room.line.t_us);
	assert_int_equal(room.events[0].protocol, PROTOCOL_SMTP);
	assert_int_equal(room.events[1].rcpt, hash_text(HASH_FIXED, TEXT("c@d")) | 1);
	close_room(&room);
}

static void logins_over_imap(void **state)
{
	struct room room;
	struct ip ip = ip_of(TEXT(OWNER));

	open_room(&room);
	life_login(room.life, &room.line, &(struct life_login){ .name = TEXT("bob"), .ip = ip, .protocol = PROTOCOL_IMAP, .attempts = 7 });
	assert_int_equal(accounts_count(room.accounts), 0);
	assert_int_equal(room.events[0].protocol, PROTOCOL_IMAP);
	life_login(room.life, &room.line, &(struct life_login){ .name = TEXT("bob"), .ip = ip, .protocol = PROTOCOL_IMAP, .ok = true });
	assert_int_equal(room.events[0].account_key, room.events[1].account_key);
	write_down(&room.sink);
	assert_string_equal(room.told, "failure 7x somebody " OWNER "\nlogin 1x " BOB " " OWNER "\n");
	close_room(&room);
}

static void a_name_that_is_none_never_becomes_an_account(void **state)
{
	static char endless[1000];
	static const struct text names[] = { { "", 0 }, { endless, sizeof endless } };
	struct room room;
	struct ip ip = ip_of(TEXT(OWNER));

	open_room(&room);
	memset(endless, 'a', sizeof endless);
	for (size_t i = 0; i < COUNT(names); i++) {
		struct message *message = life_open(room.life, &room.line, TEXT("A"));

		life_client(room.life, &room.line, message, TEXT("h"), &ip, names[i]);
		life_adopt(room.life, &room.line, life_open(room.life, &room.line, TEXT("B")), &ip, names[i]);
		life_session_login(room.life, &room.line, names[i], &ip);
		life_login(room.life, &room.line, &(struct life_login){ .name = names[i], .ip = ip, .ok = true });
		play_verbs(&room, "queued A x@y 1\nsent A c@d\nqueued B x@y 1\n");
	}
	write_down(&room.sink);
	assert_string_equal(room.told, "");
	assert_int_equal(accounts_count(room.accounts), 0);
	close_room(&room);
}

static void tells_who_is_logged_in(void **state)
{
	struct room room;
	struct ip ip;
	struct text name;

	open_room(&room);
	assert_false(life_session(room.life, &room.line, &name, &ip));
	play_verbs(&room, "session " OWNER " Alice\n");
	assert_true(life_session(room.life, &room.line, &name, &ip));
	assert_true(text_is(name, TEXT(ALICE)));
	play_verbs(&room, "pid 78\n");
	assert_false(life_session(room.life, &room.line, &name, &ip));
	play_verbs(&room, "pid 77\nover\n");
	assert_false(life_session(room.life, &room.line, &name, &ip));
	close_room(&room);
}

static void the_clocks_of_two_logs_differ(void **state)
{
	struct room room;

	open_room(&room);
	play_verbs(&room, "backend " OWNER " alice\n");
	room.line.t_us -= SECOND_US;
	play_verbs(&room, "failure " OWNER " alice\n");
	write_down(&room.sink);
	assert_string_equal(room.told, SOMEBODY);
	close_room(&room);
}

/* Exim writes a failure to its main log (1) and to its reject log (2); the same line twice in one log is two failures */
static void one_line_in_two_logs(void **state)
{
	static const struct { uint32_t source; bool heard; } lines[] = {
		{ 1, false }, { 2, true }, { 2, false }, { 1, true }, { 1, false }, { 1, false }, { 2, true }, { 2, true }, { 2, false },
	};
	struct room room;
	struct line other;

	open_room(&room);
	room.line.text = TEXT("plain authenticator failed for (x) [192.0.2.9]: 535 Incorrect authentication data");
	for (size_t i = 0; i < COUNT(lines); i++) {
		room.line.source = lines[i].source;
		assert_int_equal(life_heard_before(room.life, &room.line), lines[i].heard);
	}
	room.line.source = 1;
	other = room.line;
	other.text.n--;
	assert_false(life_heard_before(room.life, &other));
	other = room.line;
	other.t_us += SECOND_US;
	assert_false(life_heard_before(room.life, &other));
	close_room(&room);
}

/* ---- limits */

static bool known(struct room *room, const char *id)
{
	return life_known(room->life, &room->line, text_of(id)) != NULL;
}

static void nobody_is_kept_for_more_than_seven_days(void **state)
{
	struct room room;

	open_room(&room);
	play_verbs(&room, QUEUED("A", 1));
	room.line.t_us += LIFE_DAYS_MAX * DAY_US - SECOND_US;
	play_verbs(&room, "came B " OWNER " alice\n");
	assert_true(known(&room, "A"));
	play_verbs(&room, "wait 2\ncame C " OWNER " alice\n");
	assert_false(known(&room, "A"));
	assert_true(known(&room, "B"));
	close_room(&room);
}

static void what_is_tried_again_stays_and_holds_no_others(void **state)
{
	struct room room;

	open_room(&room);
	play_verbs(&room, QUEUED("A", 1) "came B " OWNER " alice\n");
	for (int day = 0; day < 10; day++)
		play_verbs(&room, "wait 86400\ndeferred A c@d\ncame C " OWNER " alice\n");
	assert_true(known(&room, "A"));
	assert_false(known(&room, "B"));
	close_room(&room);
}

static void a_line_from_the_future_forgets_little(void **state)
{
	struct room room;
	char id[16];
	int still = 0;

	open_room(&room);
	for (int i = 0; i < 100; i++) {
		snprintf(id, sizeof id, "Q%d", i);
		life_open(room.life, &room.line, text_of(id));
	}
	room.line.t_us = 253402300799 * SECOND_US;
	life_open(room.life, &room.line, TEXT("X"));
	room.line.t_us = 1000 * DAY_US;
	life_open(room.life, &room.line, TEXT("Y"));
	for (int i = 0; i < 100; i++) {
		snprintf(id, sizeof id, "Q%d", i);
		still += known(&room, id);
	}
	assert_in_range(still, 98, 100);
	close_room(&room);
}

static void of_a_million_in_flight_the_oldest_goes(void **state)
{
	struct room room;
	char id[16];

	open_room(&room);
	for (int i = 0; i < LIFE_MESSAGES_MAX; i++) {
		snprintf(id, sizeof id, "%X", i);
		life_open(room.life, &room.line, text_of(id));
	}
	assert_int_equal(life_forgotten(room.life), 0);
	life_open(room.life, &room.line, TEXT("one more"));
	assert_int_equal(life_forgotten(room.life), 1);
	assert_true(!known(&room, "0") && known(&room, "1") && known(&room, "one more"));
	assert_in_range(life_bytes(room.life), 100 * 1000 * 1000, 400 * 1000 * 1000);
	close_room(&room);
}

static void local_senders_have_a_limit(void **state)
{
	struct room room;
	const struct life_sender *senders;
	char verbs[128];

	open_room(&room);
	for (int i = 0; i < LIFE_SENDERS_MAX + 10; i++) {
		snprintf(verbs, sizeof verbs, "local Q user%d\nqueued Q a@b 1\nbounced Q c@d\ngone Q\n", i);
		play_verbs(&room, verbs);
	}
	play_verbs(&room, "local Q user7\nqueued Q a@b 2\n"); /* who is known goes on to be counted */
	assert_int_equal(life_senders(room.life, &senders), LIFE_SENDERS_MAX);
	assert_string_equal(senders[7].user, "user7");
	assert_int_equal(senders[7].recipients, 3);
	assert_int_equal(senders[LIFE_SENDERS_MAX - 1].bounced, 1);
	close_room(&room);
}

static void a_local_user_of_a_long_name(void **state)
{
	struct room room;
	const struct life_sender *senders;
	char user[1000];

	open_room(&room);
	memset(user, 'u', sizeof user);
	life_local(room.life, &room.line, life_open(room.life, &room.line, TEXT("A")), (struct text){ user, sizeof user });
	assert_int_equal(life_senders(room.life, &senders), 1);
	assert_int_equal(strlen(senders[0].user), sizeof senders[0].user - 1);
	close_room(&room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_from_queue_to_outcome),
		cmocka_unit_test(logins),
		cmocka_unit_test(bounces),
		cmocka_unit_test(content_filters),
		cmocka_unit_test(mail_without_a_login),
		cmocka_unit_test(what_is_submitted_is_told_in_full),
		cmocka_unit_test(logins_over_imap),
		cmocka_unit_test(a_name_that_is_none_never_becomes_an_account),
		cmocka_unit_test(tells_who_is_logged_in),
		cmocka_unit_test(the_clocks_of_two_logs_differ),
		cmocka_unit_test(one_line_in_two_logs),
		cmocka_unit_test(nobody_is_kept_for_more_than_seven_days),
		cmocka_unit_test(what_is_tried_again_stays_and_holds_no_others),
		cmocka_unit_test(a_line_from_the_future_forgets_little),
		cmocka_unit_test(of_a_million_in_flight_the_oldest_goes),
		cmocka_unit_test(local_senders_have_a_limit),
		cmocka_unit_test(a_local_user_of_a_long_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
