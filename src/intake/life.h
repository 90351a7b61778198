/* SPDX-License-Identifier: Apache-2.0 */
/* The life of every message in a log: client -> queue id -> recipients -> outcome per recipient -> bounce sent
 * back. Readers of formats tell it what a line says, in whatever order the log has it; it joins what belongs
 * together and puts out events.
 *
 * - A queue id belongs to a host, and may be used again: `life_end` closes it.
 * - A message counts once it was queued. A content filter that sends it back in is found by the queue id it names, or
 *   by Message-ID and sender, and the copy continues the first message under its number. What a list server sends on
 *   to its members has the Message-ID of the post but the list as its sender: it is mail of its own. So is what the
 *   Sieve script of a mailbox sends on.
 * - A host that hands a message on to another one whose log is read, too, names its queue id there: it goes on as a copy.
 * - Deferred and later sent is one recipient with one final outcome.
 * - Mail without a login never becomes an account's: it is tallied under its local user, uid, forwarding address
 *   or relay client.
 *
 * Holds at most LIFE_MESSAGES_MAX messages at a time, none for longer than LIFE_DAYS_MAX days of log time; what
 * is pushed out counts as unfinished. Not thread-safe. */
#ifndef SEKISHO_INTAKE_LIFE_H
#define SEKISHO_INTAKE_LIFE_H
#include "event/accounts.h"
#include "event/sink.h"
#include "intake/format.h"

enum {
	LIFE_MESSAGES_MAX = 1000 * 1000,
	LIFE_DAYS_MAX = 7,
	LIFE_ID_MAX = 24,      /* bytes of a queue id that are kept, with NUL */
	LIFE_SENDERS_MAX = 4096,
	LIFE_SENDER_COMPARED = 128, /* bytes of an envelope sender that tell it from others, with NUL */
};

struct life;
struct message; /* one message in flight; good until the next verb, which may move it or end it */

/* What a live side is told besides, and a report of the past is not. With it outcomes of messages that were queued before
 * this run are told, too: without an account and with number 0, for all that is known of them is their queue id. */
struct life_watch {
	/* `event` stands in the sink: the queue id of the message it is about; of a copy that a filter sent back in: the
	 * first one's. Of logins nothing is said. */
	void (*about)(void *context, const struct event *event, struct text id);
	/* the message with this queue id has that Message-ID */
	void (*named)(void *context, int64_t t_us, struct text id, struct text message_id);
	void *context;
};

struct life_options {
	const struct ip *webmail_hosts; /* clients of which the address says nothing */
	size_t webmail_host_count;
	const struct life_watch *watch; /* NULL: none */
};

/* accounts and sink stay the caller's */
struct life *life_new(struct accounts *accounts, struct event_sink *sink, const struct life_options *options);
void life_free(struct life *life);

/* ---- logins */
struct life_login {
	struct text name;
	struct ip ip;
	uint8_t protocol; /* enum event_protocol */
	bool ok;
	uint32_t attempts; /* in this line; 0 counts as 1 */
};
void life_login(struct life *life, const struct line *line, const struct life_login *login);
/* a backend said that a password was wrong, and a line of the server will perhaps say it again: counted once */
void life_backend_failure(struct life *life, const struct line *line, struct text name, const struct ip *ip);
/* the server said that a login failed but not (always) whose: `name` may be empty */
void life_smtp_failure(struct life *life, const struct line *line, struct text name, const struct ip *ip);
/* Exim writes failures to its main log and to its reject log: was this very line, of this very second, read from another
 * file before, and not met there yet? */
bool life_heard_before(struct life *life, const struct line *line);
/* an SMTP session ended: its next message, in the same process, is a new login */
void life_session_end(struct life *life, const struct line *line);

/* a login seen apart from its message (sendmail; Postfix where a filter stands before the queue): an AUTH event, unless the same
 * account goes on in the same session, and remembered for the process that logged it */
void life_session_login(struct life *life, const struct line *line, struct text name, const struct ip *ip);
/* who logged in in this process; false where nobody did */
bool life_session(const struct life *life, const struct line *line, struct text *name, struct ip *ip);

/* ---- messages */
/* the message in flight with this queue id on the line's host; made where there was none */
struct message *life_open(struct life *life, const struct line *line, struct text id);
/* the same, or NULL */
struct message *life_known(struct life *life, const struct line *line, struct text id);
/* where it came from: an SMTP client, with a login or (empty) without */
void life_client(struct life *life, const struct line *line, struct message *message, struct text client_name,
		 const struct ip *ip, struct text login);
/* it was handed in on the machine itself, by this user or uid */
void life_local(struct life *life, const struct line *line, struct message *message, struct text user);
void life_message_id(struct life *life, const struct line *line, struct message *message, struct text message_id);
/* this message continues that one: the filter named it */
void life_continues(struct life *life, const struct line *line, struct message *message, struct text first_id);
/* `relay` took it and says that it was queued as `copy_id`. A host of this network: a content filter's copy, where it came
 * from there, or from this machine. Any: the same message on another host, where its log is read, too. */
void life_handed(struct life *life, const struct line *line, struct message *message, const struct ip *relay,
		 struct text copy_id);
/* it turns out whose it is only now (a proxy in front of the queue): as life_client with a login, also after it
 * was queued */
void life_adopt(struct life *life, const struct line *line, struct message *message, const struct ip *ip,
		struct text login);
/* accepted: from now on it counts. `recipients` 0: not said, they are counted as outcomes come */
void life_queued(struct life *life, const struct line *line, struct message *message, struct text from,
		 uint32_t recipients);

struct life_outcome {
	struct text rcpt, original, relay, dsn, reply;
	uint8_t result;    /* enum event_result */
	bool local;        /* delivered into a mailbox of this server */
	bool program;      /* given to a program, which may be a content filter and send it back in */
	bool saved;        /* certainly in a mailbox: what took it was no content filter */
};
void life_outcome(struct life *life, const struct line *line, struct message *message,
		  const struct life_outcome *outcome);
/* the server returned it as `child`: mail of ours about mail of ours */
void life_returned(struct life *life, const struct line *line, struct message *message, struct text child_id);
/* given up: every recipient without a final outcome has bounced */
void life_expired(struct life *life, const struct line *line, struct message *message);
/* turned away after all (milter, content check): nothing becomes of it */
void life_refused(struct life *life, const struct line *line, struct message *message);
/* its log has no closing line (sendmail): it ends with the last recipient's final outcome */
void life_closes_itself(struct message *message);
/* left the queue */
void life_end(struct life *life, const struct line *line, struct message *message);

/* time passes without a line: what waits for a copy waits no longer than it must */
void life_tick(struct life *life, int64_t now_us);
/* the log is at its end: no more copies will come */
void life_finish(struct life *life);

/* ---- what is left, and what had no login */
struct life_left {
	uint32_t account, number; /* of the message, as in its events */
	const char *id;
	uint32_t unfinished; /* recipients without a final outcome */
};
/* every counted message of an account that is not known to have left the queue */
void life_each_left(const struct life *life, void (*each)(void *context, const struct life_left *left), void *context);

struct life_sender {
	char user[128];
	bool is_uid;
	bool forwards; /* an address that sends on what comes in */
	uint32_t messages, recipients, bounced;
};
size_t life_senders(const struct life *life, const struct life_sender **senders);
/* messages pushed out because too many were in flight */
uint64_t life_forgotten(const struct life *life);
size_t life_bytes(const struct life *life);
#endif
