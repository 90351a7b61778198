/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of Postfix in, what the life room is told out. Each line of a scene begins with the program that wrote it. */
#include "fake_life.h"

#define COUNT(table) (sizeof table / sizeof *table)
#define A "4jXN1Z4BHrz1cs1T"
#define B "4jXN1b5f88z1cs1n"
#define SHORT "17CCA8044"
#define SMTPD "postfix/submission/smtpd "
#define MX "postfix/smtpd "
#define CLEANUP "postfix/cleanup "
#define QMGR "postfix/qmgr "
#define CLIENT A ": client=mail.example.net[203.0.113.7]"
#define CAME A " client 'mail.example.net' 203.0.113.7 login "
#define ALICE ", sasl_method=PLAIN, sasl_username=alice@example.org"

/* two verbs that only this reader uses */
void life_continues(struct life *life, const struct line *line, struct message *message, struct text first_id)
{
	tell(life, "%s continues %.*s\n", message->id, TEXT_ARG(first_id));
}

void life_adopt(struct life *life, const struct line *line, struct message *message, const struct ip *ip,
		struct text login)
{
	char to[IP_TEXT_MAX];

	tell(life, "%s adopted by %.*s from %s\n", message->id, TEXT_ARG(login), ip_format(ip, to));
}

static void read_one(struct life *life, struct text text)
{
	struct line line = { .host = 1, .pid = 4711 };

	assert_true(text_cut(&text, ' ', &line.program));
	line.text = text;
	switch (format_postfix.read(life, &line)) {
	case LINE_UNPARSED: tell(life, "unparsed\n"); break;
	case LINE_FOREIGN: tell(life, "foreign\n"); break;
	case LINE_UNDERSTOOD: break;
	}
}

static void play_services(const struct scene *scenes, size_t count)
{
	size_t failed = 0;

	for (size_t i = 0; i < count; i++) {
		struct life life = { .told_bytes = 0 };
		struct text rest = text_of(scenes[i].lines), one;

		while (text_cut(&rest, '\n', &one))
			read_one(&life, one);
		read_one(&life, rest);
		if (strcmp(life.told, scenes[i].told) != 0)
			print_error("%s:\nwanted:\n%s\ntold:\n%s\n", scenes[i].name, scenes[i].told, life.told);
		failed += strcmp(life.told, scenes[i].told) != 0;
	}
	assert_int_equal(failed, 0);
}

static void reads_where_mail_comes_from(void **state)
{
	static const struct scene scenes[] = {
		{ "the submission port", SMTPD CLIENT ALICE, CAME "'alice@example.org'\n" },
		{ "the smtps port", "postfix/smtps/smtpd " CLIENT ALICE, CAME "'alice@example.org'\n" },
		{ "an instance of its own name", "postfix-incoming/smtpd " CLIENT ALICE, CAME "'alice@example.org'\n" },
		{ "a service named after its port", "postfix/10025/smtpd " CLIENT ALICE, CAME "'alice@example.org'\n" },
		{ "a syslog_name without Postfix in it", "mx-out/smtpd " CLIENT ALICE, CAME "'alice@example.org'\n" },
		{ "a short queue id", SMTPD SHORT ": client=h[192.0.2.9]" ALICE, SHORT " client 'h' 192.0.2.9 login 'alice@example.org'\n" },
		{ "a short queue id on a file system of large inode numbers", SMTPD "ED06590130AA1C9D6D862: client=h[192.0.2.9]" ALICE,
		  "ED06590130AA1C9D6D862 client 'h' 192.0.2.9 login 'alice@example.org'\n" },
		{ "a SASL method in small letters", SMTPD CLIENT ", sasl_method=login, sasl_username=alice@example.org",
		  CAME "'alice@example.org'\n" },
		{ "a user without a domain", SMTPD CLIENT ", sasl_method=PLAIN, sasl_username=alice", CAME "'alice'\n" },
		{ "a login that a proxy told by XCLIENT", SMTPD CLIENT ", sasl_method=XCLIENT, sasl_username=alice", CAME "'alice'\n" },
		{ "with a sasl_sender", SMTPD CLIENT ALICE ", sasl_sender=bob@example.org", CAME "'alice@example.org'\n" },
		{ "without a login", MX CLIENT, CAME "''\n" },
		{ "IPv6", MX A ": client=unknown[2001:db8::7]", A " client 'unknown' 2001:db8::7 login ''\n" },
		{ "an address that is not known", MX A ": client=unknown[unknown]", A " client 'unknown' unknown login ''\n" },
		{ "with the port (smtpd_client_port_logging)", SMTPD A ": client=mail.example.net[203.0.113.7]:51234" ALICE, CAME "'alice@example.org'\n" },
		{ "a connection dropped after RCPT: nothing was queued",
		  SMTPD "connect from mail.example.net[203.0.113.7]\n" SMTPD CLIENT ALICE "\n" SMTPD "lost connection after RCPT from mail.example.net[203.0.113.7]\n"
			SMTPD "disconnect from mail.example.net[203.0.113.7] ehlo=2 auth=1 mail=1 rcpt=1 commands=5",
		  CAME "'alice@example.org'\nsession end\n" },
		{ "turned away: no queue id", SMTPD "NOQUEUE: reject: RCPT from unknown[192.0.2.9]: 550 5.1.1 <x@y>: client=z[9.9.9.9], sasl_username=victim; from=<a@b> to=<x@y>", "" },
		{ "one recipient turned away", SMTPD A ": reject: RCPT from h[192.0.2.9]: 554 5.7.1 <c@d>: Relay access denied; from=<a@b> to=<c@d>", "" },
		{ "cut off", SMTPD A ": client=mail.example.net[203.0\n" SMTPD A ": client=mail", "unparsed\nunparsed\n" },
	};

	play_services(scenes, COUNT(scenes));
}

static void follows_content_filters(void **state)
{
	static const struct scene scenes[] = {
		{ "sent back in, with the first queue id (XFORWARD)",
		  "postfix/10025/smtpd " B ": client=localhost[127.0.0.1], orig_queue_id=" A ", orig_client=mail.example.net[203.0.113.7]",
		  B " client 'localhost' 127.0.0.1 login ''\n" B " continues " A "\n" },
		{ "the same from a filter that logs in", "postfix/10025/smtpd " B ": client=localhost[127.0.0.1]" ALICE ", orig_queue_id=" A ", orig_client=mail.example.net[203.0.113.7]",
		  B " client 'localhost' 127.0.0.1 login 'alice@example.org'\n" B " continues " A "\n" },
		{ "sent on by a proxy of this network that names the client", MX A ": client=mail.example.net[10.0.0.5], orig_client=mail.example.net[203.0.113.7]", CAME "''\n" },
		{ "a stranger's word about the client is not taken", MX A ": client=mail.example.net[203.0.113.7], orig_client=mail.example.net[9.9.9.9]", CAME "''\n" },
		{ "a filter in front of the queue (smtpd_proxy_filter)",
		  SMTPD "NOQUEUE: client=mail.example.net[203.0.113.7]" ALICE "\npostfix/10025/smtpd " B ": client=localhost[127.0.0.1]\n"
			SMTPD "proxy-accept: END-OF-MESSAGE: 250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as " B
			"; from=<alice@example.org> to=<c@d> proto=ESMTP helo=<x>",
		  "session login alice@example.org from 203.0.113.7\n" B " client 'localhost' 127.0.0.1 login ''\n" B
		  " adopted by alice@example.org from 203.0.113.7\n" },
		{ "the same, as later versions write it",
		  SMTPD "NOQUEUE: client=h[203.0.113.7]" ALICE "\n" SMTPD "NOQUEUE: proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok: queued as " B "; from=<a@b> to=<c@d>",
		  "session login alice@example.org from 203.0.113.7\n" B " adopted by alice@example.org from 203.0.113.7\n" },
		{ "the filter names no queue id", SMTPD "NOQUEUE: client=h[203.0.113.7]" ALICE "\n" SMTPD "proxy-accept: END-OF-MESSAGE: 250 2.5.0 OK (2C225C6); from=<a@b> to=<c@d>",
		  "session login alice@example.org from 203.0.113.7\n" },
		{ "a sender that poses as a reply of the filter",
		  SMTPD "NOQUEUE: client=h[203.0.113.7]" ALICE "\n" SMTPD "proxy-accept: END-OF-MESSAGE: 250 OK; from=<\"250 Ok: queued as " A "\"@b> to=<c@d>",
		  "session login alice@example.org from 203.0.113.7\n" },
		{ "nobody logged in at the proxy", MX "NOQUEUE: client=h[203.0.113.7]\n" MX "proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok: queued as " B "; from=<a@b> to=<c@d>", "" },
		{ "the filter refused", MX "proxy-reject: END-OF-MESSAGE: 554 5.7.0 Reject, id=1 - spam; from=<a@b> to=<c@d>", "" },
	};

	play_services(scenes, COUNT(scenes));
}

#define FAILED "warning: unknown[203.0.113.41]: SASL LOGIN authentication failed: "
static void reads_failed_logins(void **state)
{
	static const struct scene scenes[] = {
		{ "3.5.22, 3.6.12, 3.7.8, 3.8.3 and later name the user", SMTPD FAILED "(reason unavailable), sasl_username=alice@example.org",
		  "failure of 'alice@example.org' from 203.0.113.41\n" },
		{ "older versions do not", SMTPD FAILED "authentication failure", "failure of '' from 203.0.113.41\n" },
		{ "a reason in base64", SMTPD FAILED "UGFzc3dvcmQ6, sasl_username=alice", "failure of 'alice' from 203.0.113.41\n" },
		{ "no name was sent at all", SMTPD FAILED "authentication failure, sasl_username=(unavailable)", "failure of '' from 203.0.113.41\n" },
		{ "a method that nobody offers: no password was tried", SMTPD "warning: unknown[203.0.113.41]: SASL GSSAPI authentication failed: Invalid authentication mechanism\n" SMTPD FAILED
		  "Invalid authentication mechanism, sasl_username=(unavailable)", "" },
		{ "a method in small letters, IPv6", "postfix/smtps/smtpd warning: h.example[2001:db8::9]: SASL plain authentication failed: , sasl_username=alice",
		  "failure of 'alice' from 2001:db8::9\n" },
		{ "the auth server was away: no wrong password", SMTPD FAILED "Connection lost to authentication server\n" SMTPD FAILED
		  "Connection lost to authentication server, sasl_username=alice", "" },
		{ "the client gave up", SMTPD "warning: unknown[203.0.113.41]: SASL LOGIN authentication aborted", "" },
		{ "the user poses as a field", SMTPD FAILED "(reason unavailable), sasl_username=x, sasl_username=victim@example.org",
		  "failure of 'x, sasl_username=victim@example.org' from 203.0.113.41\n" },
		{ "the user poses as a line", SMTPD FAILED "(reason unavailable), sasl_username=x[9.9.9.9]: SASL LOGIN authentication failed: y",
		  "failure of 'x[9.9.9.9]: SASL LOGIN authentication failed: y' from 203.0.113.41\n" },
		{ "other warnings", SMTPD "warning: hostname x.example does not resolve to address 203.0.113.41: Name or service not known\n"
				    SMTPD "warning: non-SMTP command from unknown[203.0.113.41]: GET / HTTP/1.1\n"
				    SMTPD "warning: SASL authentication failure: Password verification failed\n"
				    SMTPD "warning: unknown[203.0.113.41]: SASL\n" SMTPD "warning: ", "" },
	};

	play_services(scenes, COUNT(scenes));
}

static void reads_the_queue(void **state)
{
	static const struct scene scenes[] = {
		{ "accepted", QMGR A ": from=<alice@example.org>, size=379, nrcpt=2 (queue active)", A " queued from 'alice@example.org' to 2\n" },
		{ "a bounce", QMGR A ": from=<>, size=2490, nrcpt=1 (queue active)", A " queued from '' to 1\n" },
		{ "an older queue manager", "postfix/oqmgr " A ": from=<a@b>, size=1, nrcpt=1 (queue active)", A " queued from 'a@b' to 1\n" },
		{ "left the queue", QMGR A ": from=<a@b>, size=1, nrcpt=1 (queue active)\n" QMGR A ": removed", A " queued from 'a@b' to 1\n" A " end\n" },
		{ "expired", QMGR A ": from=<a@b>, size=1, nrcpt=1 (queue active)\n" QMGR A ": from=<a@b>, status=expired, returned to sender",
		  A " queued from 'a@b' to 1\n" A " expired\n" },
		{ "expired by postsuper -e", QMGR A ": from=<a@b>, size=1, nrcpt=1 (queue active)\n" QMGR A ": from=<a@b>, status=force-expired, returned to sender",
		  A " queued from 'a@b' to 1\n" A " expired\n" },
		{ "what is not known cannot end", QMGR A ": removed\n" QMGR A ": from=<a@b>, status=expired, returned to sender", "" },
		{ "still at it", QMGR A ": skipped, still being delivered", "" },
		{ "a sender with quotes and a bracket", QMGR A ": from=<\"a>b, c\"@example.org>, size=1, nrcpt=3 (queue active)",
		  A " queued from '\"a>b, c\"@example.org' to 3\n" },
		{ "a sender that poses as fields", QMGR A ": from=<\"x>, size=1, nrcpt=99 (queue active)\"@b>, size=1, nrcpt=3 (queue active)",
		  A " queued from '\"x>, size=1, nrcpt=99 (queue active)\"@b' to 3\n" },
		{ "a sender that poses as expired", QMGR A ": from=<\", status=expired, returned to sender\"@b>, size=1, nrcpt=1 (queue active)",
		  A " queued from '\", status=expired, returned to sender\"@b' to 1\n" },
		{ "a sender that poses as removed", QMGR A ": from=<removed>, size=1, nrcpt=1 (queue active)", A " queued from 'removed' to 1\n" },
		{ "an escaped quote", QMGR A ": from=<\"a\\\">\"@b>, size=1, nrcpt=1 (queue active)", A " queued from '\"a\\\">\"@b' to 1\n" },
		{ "a lone quote, as 3.4 logs it without escapes: the message counts all the same",
		  QMGR A ": from=<\"a@example.org>, size=1, nrcpt=1 (queue active)", A " queued from '\"a@example.org' to 1\n" },
		{ "cut off", QMGR A ": from=<a@b>, size=379\n" QMGR A ": from=<a@b>, size=379, nrcpt=\n" QMGR A ": from=<a@b>, size=1, nrcpt=x (queue active)\n" QMGR A ": from=",
		  "unparsed\nunparsed\nunparsed\nunparsed\n" },
	};

	play_services(scenes, COUNT(scenes));
}

static void reads_what_is_turned_away_late(void **state)
{
	static const struct scene scenes[] = {
		{ "by a milter, after it had a queue id", SMTPD CLIENT ALICE "\n" CLEANUP A ": milter-reject: END-OF-MESSAGE from h[203.0.113.7]: 5.7.1 Blocked; from=<a@b> to=<c@d>",
		  CAME "'alice@example.org'\n" A " refused\n" },
		{ "by a header check", SMTPD CLIENT ALICE "\n" CLEANUP A ": reject: header Subject: x from h[203.0.113.7]; from=<a@b> to=<c@d>: no",
		  CAME "'alice@example.org'\n" A " refused\n" },
		{ "thrown away", SMTPD CLIENT ALICE "\n" CLEANUP A ": discard: header Subject: x from h[203.0.113.7]; from=<a@b> to=<c@d>",
		  CAME "'alice@example.org'\n" A " refused\n" },
		{ "thrown away by a milter", SMTPD CLIENT ALICE "\n" CLEANUP A ": milter-discard: END-OF-MESSAGE from h[203.0.113.7]: x; from=<a@b> to=<c@d>",
		  CAME "'alice@example.org'\n" A " refused\n" },
		{ "one recipient by a milter", SMTPD CLIENT ALICE "\n" CLEANUP A ": milter-reject: RCPT from h[203.0.113.7]: 5.7.1 no; from=<a@b> to=<c@d>", CAME "'alice@example.org'\n" },
		{ "held, not turned away", SMTPD CLIENT ALICE "\n" CLEANUP A ": milter-hold: END-OF-MESSAGE from h[203.0.113.7]: milter triggers HOLD action; from=<a@b> to=<c@d>\n"
		  CLEANUP A ": hold: header Subject: x\n" CLEANUP A ": warning: header Subject: reject: x\n" CLEANUP A ": prepend: header x\n" CLEANUP A ": redirect: header x",
		  CAME "'alice@example.org'\n" },
		{ "unknown here", CLEANUP A ": milter-reject: END-OF-MESSAGE from h[203.0.113.7]: 5.7.1 Blocked", "" },
		{ "removed by postsuper", QMGR A ": from=<a@b>, size=1, nrcpt=1 (queue active)\npostfix/postsuper " A ": removed\npostfix/postsuper Deleted: 1 message",
		  A " queued from 'a@b' to 1\n" A " end\n" },
		{ "held and released by postsuper", QMGR A ": from=<a@b>, size=1, nrcpt=1 (queue active)\npostfix/postsuper " A ": placed on hold\npostfix/postsuper Placed on hold: 1 message\n"
		  "postfix/postsuper " A ": released from hold\npostfix/postsuper Released from hold: 1 message", A " queued from 'a@b' to 1\n" },
	};

	play_services(scenes, COUNT(scenes));
}

static void reads_message_ids(void **state)
{
	static const struct scene scenes[] = {
		{ "the usual", CLEANUP A ": message-id=<m1@example.org>", A " message-id m1@example.org\n" },
		{ "without brackets", CLEANUP A ": message-id=m1", A " message-id m1\n" },
		{ "empty", CLEANUP A ": message-id=<>\n" CLEANUP A ": message-id=", A " message-id \n" A " message-id \n" },
		{ "it poses as fields", CLEANUP A ": message-id=<m>, client=x[9.9.9.9], sasl_username=victim>", A " message-id m>, client=x[9.9.9.9], sasl_username=victim\n" },
		{ "sent again by hand", CLEANUP A ": resent-message-id=<m1@example.org>", "" },
	};

	play_services(scenes, COUNT(scenes));
}

static void reads_mail_of_the_machine_itself(void **state)
{
	static const struct scene scenes[] = {
		{ "a web script", "postfix/pickup " A ": uid=33 from=<www-data>", A " local 33\n" },
		{ "its sender poses as a uid", "postfix/pickup " A ": uid=33 from=< uid=0>", A " local 33\n" },
		{ "a bounce of ours", "postfix/bounce " A ": sender non-delivery notification: " B, A " returned as " B "\n" },
		{ "a warning that it is late", "postfix/bounce " A ": sender delay notification: " B, A " returned as " B "\n" },
		{ "a delivery report", "postfix/bounce " A ": sender delivery status notification: " B, A " returned as " B "\n" },
		{ "to the postmaster", "postfix/bounce " SHORT ": postmaster non-delivery notification: 47335405A44", SHORT " returned as 47335405A44\n" },
		{ "before the queue manager speaks of it", "postfix/bounce " A ": sender non-delivery notification: " B "\n" QMGR B ": from=<>, size=1, nrcpt=1 (queue active)",
		  A " returned as " B "\n" B " queued from '' to 1\n" },
		{ "after it", QMGR B ": from=<>, size=1, nrcpt=1 (queue active)\npostfix/bounce " A ": sender non-delivery notification: " B,
		  B " queued from '' to 1\n" A " returned as " B "\n" },
		{ "cut off", "postfix/pickup " A ": ui\npostfix/pickup x", "unparsed\nunparsed\n" },
	};

	play_services(scenes, COUNT(scenes));
}

#define DELAYS "delay=0.02, delays=0.01/0.01/0/0, "
#define HOST "relay=mx.d[198.51.100.5]:25, "
#define SMTP "postfix/smtp " A ": to=<c@d>, "
#define FROM_HOST " c@d () relay 'mx.d[198.51.100.5]:25' "
static void reads_deliveries(void **state)
{
	static const struct scene scenes[] = {
		{ "sent", SMTP HOST DELAYS "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as SINK)",
		  A " sent" FROM_HOST "dsn '2.0.0' reply '250 2.0.0 Ok: queued as SINK'\n" },
		{ "to a filter of this machine, which names its copy", SMTP "relay=127.0.0.1[127.0.0.1]:10024, " DELAYS "dsn=2.0.0, status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as " B ")",
		  A " handed on as " B "\n" A " sent c@d () relay '127.0.0.1[127.0.0.1]:10024' dsn '2.0.0' reply '250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as " B "'\n" },
		{ "to a host that may be ours, too, and names an id", SMTP "relay=mx.d[198.51.100.5]:25, " DELAYS "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as " B ")",
		  A " handed on as " B "\n" A " sent" FROM_HOST "dsn '2.0.0' reply '250 2.0.0 Ok: queued as " B "'\n" },
		{ "over a connection used before", SMTP HOST "conn_use=3, " DELAYS "dsn=2.0.0, status=sent (250 OK)", A " sent" FROM_HOST "dsn '2.0.0' reply '250 OK'\n" },
		{ "3.11 tells the security of the connection", SMTP HOST DELAYS "tls=dane/!requiretls:nocertmatch, dsn=2.0.0, status=sent (250 OK)",
		  A " sent" FROM_HOST "dsn '2.0.0' reply '250 OK'\n" },
		{ "a filter of ours took it and throws it away", SMTP "relay=127.0.0.1[127.0.0.1]:10024, " DELAYS "dsn=2.7.0, status=sent (250 2.7.0 Ok, discarded, id=12345-01 - spam)",
		  A " bounced c@d () relay '127.0.0.1[127.0.0.1]:10024' dsn '5.7.1' reply '250 2.7.0 Ok, discarded, id=12345-01 - spam'\n" },
		{ "what others do with it is their business", SMTP HOST DELAYS "dsn=2.7.0, status=sent (250 2.7.0 Ok, discarded, id=12345-01 - spam)",
		  A " sent" FROM_HOST "dsn '2.7.0' reply '250 2.7.0 Ok, discarded, id=12345-01 - spam'\n" },
		{ "no agent to be had, so the queue manager says it", QMGR A ": to=<c@d>, relay=none, " DELAYS "dsn=4.3.0, status=deferred (mail transport unavailable)",
		  A " deferred c@d () relay 'none' dsn '4.3.0' reply 'mail transport unavailable'\n" },
		{ "an alias that expands for ever", CLEANUP A ": to=<c@d>, relay=none, delay=0, status=bounced (unable to look up virtual alias)",
		  A " bounced c@d () relay 'none' dsn '' reply 'unable to look up virtual alias'\n" },
		{ "by the relay service", "postfix/relay/smtp " A ": to=<c@d>, " HOST DELAYS "dsn=2.0.0, status=sent (250 OK)", A " sent" FROM_HOST "dsn '2.0.0' reply '250 OK'\n" },
		{ "refused", SMTP HOST DELAYS "dsn=5.1.1, status=bounced (host mx.d[198.51.100.5] said: 550 5.1.1 <c@d>: User unknown (in reply to RCPT TO command))",
		  A " bounced" FROM_HOST "dsn '5.1.1' reply 'host mx.d[198.51.100.5] said: 550 5.1.1 <c@d>: User unknown (in reply to RCPT TO command)'\n" },
		{ "not yet", SMTP "relay=none, " DELAYS "dsn=4.4.1, status=deferred (connect to mx.d[198.51.100.5]:25: Connection timed out)",
		  A " deferred c@d () relay 'none' dsn '4.4.1' reply 'connect to mx.d[198.51.100.5]:25: Connection timed out'\n" },
		{ "refused, but soft_bounce is on: not yet", SMTP HOST DELAYS "dsn=5.7.1, status=SOFTBOUNCE (host mx.d[198.51.100.5] said: 550 no)",
		  A " deferred" FROM_HOST "dsn '5.7.1' reply 'host mx.d[198.51.100.5] said: 550 no'\n" },
		{ "by the error and retry services", "postfix/error " A ": to=<c@d>, relay=none, " DELAYS "dsn=5.4.4, status=bounced (x)\npostfix/retry " A ": to=<c@d>, relay=none, " DELAYS "dsn=4.4.1, status=deferred (y)",
		  A " bounced c@d () relay 'none' dsn '5.4.4' reply 'x'\n" A " deferred c@d () relay 'none' dsn '4.4.1' reply 'y'\n" },
		{ "into a mailbox by LMTP", "postfix/lmtp " A ": to=<bob@example.org>, orig_to=<info@example.org>, relay=mx[private/dovecot-lmtp], " DELAYS "dsn=2.0.0, status=sent (250 2.0.0 Saved)",
		  A " local saved sent bob@example.org (info@example.org) relay 'mx[private/dovecot-lmtp]' dsn '2.0.0' reply '250 2.0.0 Saved'\n" },
		{ "by LMTP to a filter, or not delivered yet: that is no mailbox", "postfix/lmtp " A ": to=<bob@x>, relay=f[private/filter], " DELAYS "dsn=2.0.0, status=sent (250 2.0.0 OK)\n"
		  "postfix/lmtp " A ": to=<bob@x>, relay=mx[private/lmtp], " DELAYS "dsn=4.2.2, status=deferred (not Saved)",
		  A " local sent bob@x () relay 'f[private/filter]' dsn '2.0.0' reply '250 2.0.0 OK'\n" A " local deferred bob@x () relay 'mx[private/lmtp]' dsn '4.2.2' reply 'not Saved'\n" },
		{ "into a mailbox by local, virtual, pipe, discard",
		  "postfix/local " A ": to=<bob@x>, relay=local, " DELAYS "dsn=2.0.0, status=sent (delivered to mailbox)\npostfix/virtual " A ": to=<bob@x>, relay=virtual, " DELAYS "dsn=2.0.0, status=sent (delivered to maildir)\n"
		  "postfix/pipe " A ": to=<bob@x>, relay=dovecot, " DELAYS "dsn=2.0.0, status=sent (delivered via dovecot service)\npostfix/discard " A ": to=<bob@x>, relay=none, " DELAYS "dsn=2.0.0, status=sent (x)",
		  A " local saved sent bob@x () relay 'local' dsn '2.0.0' reply 'delivered to mailbox'\n" A " local saved sent bob@x () relay 'virtual' dsn '2.0.0' reply 'delivered to maildir'\n" A
		  " local program sent bob@x () relay 'dovecot' dsn '2.0.0' reply 'delivered via dovecot service'\n" A " local sent bob@x () relay 'none' dsn '2.0.0' reply 'x'\n" },
		{ "old versions know no status codes", SMTP HOST "delay=2, status=sent (250 OK)", A " sent" FROM_HOST "dsn '' reply '250 OK'\n" },
		{ "no reply", SMTP HOST DELAYS "dsn=2.0.0, status=sent", A " sent" FROM_HOST "dsn '2.0.0' reply ''\n" },
		{ "only an address was tried (verify)", SMTP HOST DELAYS "dsn=2.1.5, status=deliverable (250 OK)\n" SMTP HOST DELAYS "dsn=5.1.1, status=undeliverable (550 no)", "" },
		{ "a recipient with quotes and a bracket", "postfix/smtp " A ": to=<\"a>b, c\"@d>, " HOST DELAYS "dsn=2.0.0, status=sent (250 OK)",
		  A " sent \"a>b, c\"@d () relay 'mx.d[198.51.100.5]:25' dsn '2.0.0' reply '250 OK'\n" },
		{ "a recipient that poses as fields", "postfix/smtp " A ": to=<\"x>, relay=y, dsn=2.0.0, status=sent\"@d>, orig_to=<\"z>, status=sent (\"@e>, " HOST DELAYS "dsn=5.1.1, status=bounced (550 no)",
		  A " bounced \"x>, relay=y, dsn=2.0.0, status=sent\"@d (\"z>, status=sent (\"@e) relay 'mx.d[198.51.100.5]:25' dsn '5.1.1' reply '550 no'\n" },
		{ "a reply that poses as fields", SMTP HOST DELAYS "dsn=5.7.1, status=bounced (550 x), relay=y, dsn=2.0.0, status=sent (250 OK)",
		  A " bounced" FROM_HOST "dsn '5.7.1' reply '550 x), relay=y, dsn=2.0.0, status=sent (250 OK'\n" },
		{ "between the lines", "postfix/smtp " A ": host mx.d[198.51.100.5] said: 450 to=<c@d>, status=sent (in reply to RCPT TO command)\npostfix/smtp " A ": enabling PIX workarounds: disable_esmtp\n"
		  "postfix/smtp connect to mx.d[198.51.100.5]:25: Connection refused\npostfix/smtp Untrusted TLS connection established to mx.d[198.51.100.5]:25: TLSv1.3", "" },
		{ "cut off", "postfix/smtp " A ": to=<c@d\npostfix/smtp " A ": to=<c@d>, orig_to=<e\npostfix/smtp " A ": to=<c@d>, " HOST "delay=1", "unparsed\nunparsed\nunparsed\n" },
	};

	play_services(scenes, COUNT(scenes));
}

static void knows_its_services(void **state)
{
	static const struct scene scenes[] = {
		{ "nothing happens there", "postfix/postscreen CONNECT from [192.0.2.9]:5 to [192.0.2.1]:25\npostfix/anvil statistics: max connection rate 1/60s\npostfix/master reload -- version 3.7.11\n"
		  "postfix/scache x\npostfix/dnsblog x\npostfix/tlsproxy x\npostfix/verify x\npostfix/postfix-script x\npostfix/trivial-rewrite x", "" },
		{ "what every program may say", CLEANUP "warning: x\n" QMGR "fatal: x\npostfix/bounce warning: x\npostfix/pickup fatal: x\n" SMTPD "table hash:/x has changed -- restarting\n" SMTPD "statistics: x", "" },
		{ "settings of an old installation", SMTPD "using backwards-compatible default setting relay_domains=$mydestination to accept mail for domain \"example.org\"", "" },
		{ "much about TLS (loglevel 2)", SMTPD "mail.example.net[203.0.113.7]: TLS cipher list \"aNULL:-aNULL:HIGH\"\n" SMTPD "mail.example.net[203.0.113.7]:51234: Issuing session ticket, key expiration: 1795348800\n"
		  "postfix/smtp mx.d[198.51.100.5]:25: subject_CN=mx.d, issuer_CN=x, fingerprint=y, pkey_fingerprint=z", "" },
		{ "not one of Postfix", "postfix/policyd x\nsomething/else x", "foreign\nforeign\n" },
		{ "words nobody knows", SMTPD "what is this\n" CLEANUP "what is this\n" QMGR "what is this\npostfix/smtp what is this\npostfix/bounce what is this\n" SMTPD,
		  "unparsed\nunparsed\nunparsed\nunparsed\nunparsed\nunparsed\n" },
	};

	play_services(scenes, COUNT(scenes));
}

static void claims_its_programs(void **state)
{
	static const struct { const char *program; bool ours; } table[] = {
		{ "postfix/smtpd", true },   { "postfix/submission/smtpd", true }, { "postfix-incoming/qmgr", true }, { "mx-out/cleanup", true },
		{ "mx/smtpd", true },        { "dovecot", false },                 { "exim", false },                 { "sm-mta", false },
		{ "sshd", false },           { "", false },                        { "/", false },                    { "postfix", false },
	};
	size_t failed = 0;

	for (size_t i = 0; i < COUNT(table); i++) {
		bool ours = format_postfix.claims(text_of(table[i].program));

		if (ours != table[i].ours)
			print_error("'%s' is %s\n", table[i].program, ours ? "claimed" : "not claimed");
		failed += ours != table[i].ours;
	}
	assert_int_equal(failed, 0);
}

/* the reader asks once a program and hands the answer back: it must make no difference */
static void a_service_may_be_asked_before(void **state)
{
	struct life asked = { .told_bytes = 0 }, not_asked = asked;
	struct line line = { .host = 1, .program = TEXT("postfix/submission/smtpd"), .text = TEXT(CLIENT ALICE) };

	assert_int_equal(format_postfix.read(&not_asked, &line), LINE_UNDERSTOOD);
	line.service = format_postfix.service(line.program);
	assert_int_not_equal(line.service, 0);
	assert_int_equal(format_postfix.read(&asked, &line), LINE_UNDERSTOOD);
	assert_string_equal(asked.told, not_asked.told);
	line.program = TEXT("postfix/policyd");
	line.service = format_postfix.service(line.program);
	assert_int_equal(format_postfix.read(&asked, &line), LINE_FOREIGN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_where_mail_comes_from),
		cmocka_unit_test(follows_content_filters),
		cmocka_unit_test(reads_failed_logins),
		cmocka_unit_test(reads_the_queue),
		cmocka_unit_test(reads_what_is_turned_away_late),
		cmocka_unit_test(reads_message_ids),
		cmocka_unit_test(reads_mail_of_the_machine_itself),
		cmocka_unit_test(reads_deliveries),
		cmocka_unit_test(knows_its_services),
		cmocka_unit_test(claims_its_programs),
		cmocka_unit_test(a_service_may_be_asked_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
