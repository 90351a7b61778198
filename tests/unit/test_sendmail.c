/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_life.h"

#define A "25TG4A1d012345"
#define B "25TG4A1e012346"
#define C70 "ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define FROM A ": from=<alice@example.org>, size=1234, class=0, nrcpts=2, msgid=<m1@example.org>, proto=ESMTPSA, daemon=MTA, relay=mail.example.net "
#define CAME A " client 'mail.example.net' 203.0.113.7 login "
#define QUEUED "\n" A " message-id m1@example.org\n" A " queued from 'alice@example.org' to 2\n"
#define LOGIN "AUTH=server, relay=mail.example.net [203.0.113.7], authid=alice, mech=LOGIN, bits=0\n"
#define LOGGED_IN "session end\nsession login alice from 203.0.113.7\n"

static const struct scene arrivals[] = {
	{ "without a login", FROM "[203.0.113.7]", CAME "''" QUEUED },
	{ "with the login of its process", LOGIN FROM "[203.0.113.7] (may be forged)", LOGGED_IN CAME "'alice'" QUEUED },
	{ "a login with a queue id", A ": " LOGIN FROM "[203.0.113.7]", LOGGED_IN CAME "'alice'" QUEUED },
	{ "somebody else's login", LOGIN FROM "[203.0.113.8]", LOGGED_IN A " client 'mail.example.net' 203.0.113.8 login ''" QUEUED },
	{ "IPv6", A ": from=<a@b>, size=1, class=0, nrcpts=1, proto=ESMTP, daemon=MTA, tls_verify=NONE, auth=NONE, relay=[IPv6:2001:db8::7]",
	  A " client '' 2001:db8::7 login ''\n" A " queued from 'a@b' to 1\n" },
	{ "a web script", A ": from=www-data, size=1, class=0, nrcpts=1, msgid=<m@x>, relay=www-data@localhost",
	  A " local www-data\n" A " message-id m@x\n" A " queued from 'www-data' to 1\n" },
	{ "a script whose host says no name", A ": from=root, size=1, class=0, nrcpts=1, relay=localhost",
	  A " local root\n" A " queued from 'root' to 1\n" },
	{ "sendmail's own", A ": from=<>, size=1, class=0, nrcpts=1, relay=[RESPONSE]", A " queued from '' to 1\n" },
	{ "nobody was accepted", A ": from=<a@b>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA, relay=h [192.0.2.9]", "" },
	{ "cut off", A ": from=<a@b>, size=0, class=0", "unparsed\n" },
};

static const struct scene injections[] = {
	{ "the sender is a line", A ": from=<\"x, size=1, class=0, nrcpts=9, msgid=<q>, relay=[9.9.9.9]\"@b>, size=1, class=0, nrcpts=1, msgid=<m@x>, proto=SMTP, daemon=MTA, relay=h [192.0.2.9]",
	  A " client 'h' 192.0.2.9 login ''\n" A " message-id m@x\n" A " queued from '\"x, size=1, class=0, nrcpts=9, msgid=<q>, relay=[9.9.9.9]\"@b' to 1\n" },
	{ "a long sender was cut in its quotes",
	  A ": from=<\"" C70 C70 ", nrcpts=9, relay=[9.9.9.9], aaaaaaaaaaaaaaaaaaaaaaaaaaa, size=1, class=0, nrcpts=1, msgid=<m@x>, relay=h [192.0.2.9]",
	  A " client 'h' 192.0.2.9 login ''\n" A " message-id m@x\n" A " queued from '\"" C70 C70 ", nrcpts=9, relay=[9.9.9.9], aaaaaaaaaaaaaaaaaaaaaaaaaaa' to 1\n" },
	{ "the Message-ID is a relay", A ": from=<a@b>, size=1, class=0, nrcpts=1, msgid=<m>, relay=x@localhost, proto=SMTP, daemon=MTA, relay=h [192.0.2.9]",
	  A " client 'h' 192.0.2.9 login ''\n" A " message-id m\n" A " queued from 'a@b' to 1\n" },
	{ "the ident is an address", A ": from=<a@b>, size=1, class=0, nrcpts=1, relay=IDENT:x [9.9.9.9]@h [192.0.2.9]",
	  A " client 'IDENT:x [9.9.9.9]@h' 192.0.2.9 login ''\n" A " queued from 'a@b' to 1\n" },
	{ "the ident is a login", "AUTH=server, relay=IDENT:x, authid=victim@h [192.0.2.9], authid=mallory, mech=PLAIN, bits=0",
	  "session end\nsession login mallory from 192.0.2.9\n" },
};

#define TO FROM "[203.0.113.7]\n" A ": to="
#define SENT "delay=00:00:01, xdelay=00:00:01, mailer=esmtp, pri=30000, relay=mx.d. [198.51.100.5], dsn=2.0.0, stat=Sent (OK id=1, stat=Deferred)"
#define STILL CAME "''" QUEUED A

static const struct scene deliveries[] = {
	{ "to one", TO "<c@d>, ctladdr=<alice@example.org> (1000/1000), " SENT,
	  STILL " sent c@d (alice@example.org) relay 'mx.d. [198.51.100.5]' dsn '2.0.0' reply 'OK id=1, stat=Deferred'\n" },
	{ "to several: the last of them ends the message", TO "<c@d>,<e@f>,<g@h>, " SENT,
	  STILL " sent c@d () relay 'mx.d. [198.51.100.5]' dsn '2.0.0' reply 'OK id=1, stat=Deferred'\n" A
		" sent e@f () relay 'mx.d. [198.51.100.5]' dsn '2.0.0' reply 'OK id=1, stat=Deferred'\n" },
	{ "a list cut in two", TO "<c@d>,<e@f>, [more], " SENT,
	  STILL " sent c@d () relay 'mx.d. [198.51.100.5]' dsn '2.0.0' reply 'OK id=1, stat=Deferred'\n" A
		" sent e@f () relay 'mx.d. [198.51.100.5]' dsn '2.0.0' reply 'OK id=1, stat=Deferred'\n" },
	{ "into a mailbox", TO "bob, ctladdr=<bob@example.org> (1001/1001), delay=00:00:00, xdelay=00:00:00, mailer=local, pri=1, dsn=2.0.0, stat=Sent",
	  STILL " local sent bob (bob@example.org) relay '' dsn '2.0.0' reply 'Sent'\n" },
	{ "into a program", TO "\"|/usr/bin/list -a x, y\", delay=00:00:00, mailer=prog, pri=1, dsn=2.0.0, stat=Sent",
	  STILL " local sent \"|/usr/bin/list -a x, y\" () relay '' dsn '2.0.0' reply 'Sent'\n" },
	{ "unknown user", TO "<c@d>, delay=00:00:00, mailer=esmtp, pri=1, relay=mx.d. [198.51.100.5], dsn=5.1.1, stat=User unknown",
	  STILL " bounced c@d () relay 'mx.d. [198.51.100.5]' dsn '5.1.1' reply 'User unknown'\n" },
	{ "with the reply of the remote host",
	  TO "<c@d>, delay=00:00:00, mailer=esmtp, pri=1, relay=mx.d. [198.51.100.5], dsn=5.7.1, reply=554 5.7.1 blocked, sorry, stat=Service unavailable",
	  STILL " bounced c@d () relay 'mx.d. [198.51.100.5]' dsn '5.7.1' reply '554 5.7.1 blocked, sorry'\n" },
	{ "not yet", TO "<c@d>, delay=00:00:00, mailer=esmtp, pri=1, relay=mx.d. [198.51.100.5], dsn=4.0.0, stat=Deferred: Connection refused by mx.d.",
	  STILL " deferred c@d () relay 'mx.d. [198.51.100.5]' dsn '4.0.0' reply 'Deferred: Connection refused by mx.d.'\n" },
	{ "before there were statuses", TO "<c@d>, delay=1, mailer=smtp, stat=Host unknown (Name server: d: host not found)",
	  STILL " bounced c@d () relay '' dsn '' reply 'Host unknown (Name server: d: host not found)'\n" },
	{ "only queued", TO "<c@d>, delay=00:00:00, mailer=esmtp, pri=1, stat=queued", CAME "''" QUEUED },
	{ "a recipient that poses as fields", TO "<\"c>, dsn=2.0.0, stat=Sent\"@d>, delay=1, mailer=esmtp, dsn=5.1.1, stat=User unknown",
	  STILL " bounced \"c>, dsn=2.0.0, stat=Sent\"@d () relay '' dsn '5.1.1' reply 'User unknown'\n" },
	{ "before the log begins", A ": to=<c@d>, delay=1, mailer=esmtp, dsn=5.1.1, stat=User unknown", "" },
	{ "nobody", A ": to=", "unparsed\n" },
};

#define OPEN CAME "''" QUEUED
static const struct scene ends[] = {
	{ "a bounce", FROM "[203.0.113.7]\n" A ": " B ": DSN: User unknown", OPEN A " returned as " B "\n" },
	{ "returned to the sender", FROM "[203.0.113.7]\n" A ": " B ": return to sender: User unknown",
	  OPEN A " returned as " B "\n" },
	{ "a warning is no return",
	  FROM "[203.0.113.7]\n" A ": " B ": sender notify: Warning: could not send message for past 4 hours",
	  OPEN },
	{ "a receipt is no return", FROM "[203.0.113.7]\n" A ": " B ": DSN: Return receipt", OPEN },
	{ "given up", FROM "[203.0.113.7]\n" A ": " B ": sender notify: Cannot send message for 5 days",
	  OPEN A " expired\n" A " returned as " B "\n" },
	{ "done", FROM "[203.0.113.7]\n" A ": done; delay=00:00:01, ntries=1", OPEN A " end\n" },
	{ "refused by a milter", FROM "[203.0.113.7]\n" A ": Milter: data, reject=554 5.7.1 Command rejected", OPEN A " refused\n" },
	{ "swallowed by a milter", FROM "[203.0.113.7]\n" A ": Milter: data, discard", OPEN A " end\n" },
	{ "understood and without meaning",
	  "NOQUEUE: connect from h [192.0.2.9]\nSTARTTLS=server, relay=h [192.0.2.9], version=TLSv1.3, verify=NO, cipher=A, bits=256/256\n" A
	  ": ruleset=check_rcpt, arg1=<c@d>, relay=h [192.0.2.9], reject=550 5.7.1 <c@d>... Relaying denied\n" A
	  ": Authentication-Warning: h: www-data set sender to a@b using -f\n" A ": " B ": clone: owner=owner-list\n" A ": <c@d>... User unknown\n"
	  "h [192.0.2.9] did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA\n" A ": collect: premature EOM: unexpected close\n"
	  "starting daemon (8.17.1): SMTP+queueing@00:10:00\n" A ": lost input channel from h [192.0.2.9] to MTA after data\nalias database /etc/mail/aliases rebuilt by root", "" },
	{ "nobody knows", "what is this\n" A ": what is this", "unparsed\nunparsed\n" },
};

#define BAD "authentication failure (-13) SASL(-13): authentication failure: checkpass failed"

static const struct scene failures[] = {
	{ "with a name", A ": AUTH failure (LOGIN): " BAD ", user=info, relay=h [1.2.3.4]", "failure of 'info' from 1.2.3.4\n" },
	{ "without a name", "AUTH failure (PLAIN): " BAD ", relay=[1.2.3.4] (may be forged)", "failure of '' from 1.2.3.4\n" },
	{ "no such user",
	  "AUTH failure (CRAM-MD5): user not found (-20) SASL(-13): user not found: no secret, user=x, relay=h [1.2.3.4]",
	  "failure of 'x' from 1.2.3.4\n" },
	{ "the name is a line", "AUTH failure (LOGIN): " BAD ", user=a, relay=h [9.9.9.9], user=victim, relay=h [1.2.3.4]",
	  "failure of '' from 1.2.3.4\n" },
	{ "the server's own trouble",
	  "AUTH failure (LOGIN): generic failure (-1) SASL(-1): cannot connect to saslauthd, relay=h [1.2.3.4]",
	  "" },
	{ "nobody knows whose", "AUTH failure (LOGIN): " BAD, "" },
	{ "cut off", "AUTH failure (LOGIN", "unparsed\n" },
	{ "a login cut off", "AUTH=server, relay=h [1.2.3.4], authid=", "unparsed\n" },
};

static void reads_arrivals(void **state) { play(&format_sendmail, TEXT("sm-mta"), arrivals, sizeof arrivals / sizeof *arrivals); }
static void is_not_fooled(void **state) { play(&format_sendmail, TEXT("sm-mta"), injections, sizeof injections / sizeof *injections); }
static void reads_deliveries(void **state) { play(&format_sendmail, TEXT("sendmail"), deliveries, sizeof deliveries / sizeof *deliveries); }
static void reads_ends(void **state) { play(&format_sendmail, TEXT("sendmail"), ends, sizeof ends / sizeof *ends); }
static void reads_failures(void **state) { play(&format_sendmail, TEXT("sm-mta"), failures, sizeof failures / sizeof *failures); }

static void claims_its_programs(void **state)
{
	static const struct { const char *program; bool ours; } table[] = {
		{ "sendmail", true }, { "sm-mta", true }, { "sm-acceptingconnections", true }, { "sm-msp-queue", true }, { "sendmail-msp", true },
		{ "postfix/sendmail", false }, { "sm", false }, { "", false },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		assert_int_equal(format_sendmail.claims(text_of(table[i].program)), table[i].ours);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_arrivals),
		cmocka_unit_test(is_not_fooled),
		cmocka_unit_test(reads_deliveries),
		cmocka_unit_test(reads_ends),
		cmocka_unit_test(reads_failures),
		cmocka_unit_test(claims_its_programs),
	};

	return cmocka_run_group_tests_name("sendmail", tests, NULL, NULL);
}
