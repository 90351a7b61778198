/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_life.h"

#define A "1oAbCd-000Xyz-1A"
#define B "1oAbCe-000Xyz-2B"
#define LONG_ID "1uAbCd-00000000Xyz-1Abc"
#define FROM "<= alice@example.org H=mail.example.net (laptop) [203.0.113.7]:51234 I=[192.0.2.1]:587 P=esmtpsa "
#define CLIENT A " client 'mail.example.net' 203.0.113.7 login "

static const struct scene arrivals[] = {
	{ "with a login, a quoted subject, recipients",
	  A " " FROM "X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no A=plain_server:alice S=1234 id=x1@example.org "
	    "T=\"Hello, \\\"world\\\" for you\" from <alice@example.org> for bob@example.com carol@example.com \"d e\"@example.com",
	  CLIENT "'alice'\n" A " message-id x1@example.org\n" A " queued from 'alice@example.org' to 3\n" },
	{ "ids since 4.97", LONG_ID " " FROM "A=login:alice@example.org S=1 id=m@x",
	  LONG_ID " client 'mail.example.net' 203.0.113.7 login 'alice@example.org'\n" LONG_ID " message-id m@x\n" LONG_ID
		  " queued from 'alice@example.org' to 0\n" },
	{ "no login", A " <= a@b H=(h) [192.0.2.9] P=esmtp S=9 id=m@x for c@d",
	  A " client '' 192.0.2.9 login ''\n" A " message-id m@x\n" A " queued from 'a@b' to 1\n" },
	{ "smtp_mailauth adds the sender to the login", A " " FROM "A=plain:alice:alice@example.org S=1",
	  CLIENT "'alice'\n" A " queued from 'alice@example.org' to 0\n" },
	{ "an authenticator that names nobody", A " " FROM "A=gssapi S=1", CLIENT "''\n" A " queued from 'alice@example.org' to 0\n" },
	{ "IPv6", A " <= a@b H=x.example (y) [2001:db8::25]:4711 I=[2001:db8::1]:25 P=esmtps S=1",
	  A " client 'x.example' 2001:db8::25 login ''\n" A " queued from 'a@b' to 0\n" },
	{ "a web script", A " <= www-data@web.example U=www-data P=local S=500 id=E" A "@web.example for v@example.com",
	  A " local www-data\n" A " message-id E" A "@web.example\n" A " queued from 'www-data@web.example' to 1\n" },
	{ "a script that speaks SMTP", A " <= a@b U=shop P=local-esmtp S=5", A " local shop\n" A " queued from 'a@b' to 0\n" },
	{ "a bounce of ours", A " " FROM "A=plain:alice S=1\n" B " <= <> R=" A " U=Debian-exim P=local S=9 for alice@example.org",
	  CLIENT "'alice'\n" A " queued from 'alice@example.org' to 0\n" A " returned as " B "\n" B " queued from '' to 1\n" },
	{ "a bounce from outside", A " <= <> H=mx.example [198.51.100.2] P=esmtp S=9 id=q@x for alice@example.org",
	  A " client 'mx.example' 198.51.100.2 login ''\n" A " message-id q@x\n" A " queued from '' to 1\n" },
	{ "refused in appearance only", A " (= a@b H=h [192.0.2.9] P=smtp S=1",
	  A " client 'h' 192.0.2.9 login ''\n" A " queued from 'a@b' to 0\n" },
	{ "not an address", A " <= a@b H=h [unknown] P=smtp S=1", A " client 'h' unknown login ''\n" A " queued from 'a@b' to 0\n" },
	{ "cut off", A " <= a@b H=h [192.0.2.9", "unparsed\n" },
	{ "cut off before the protocol", A " <= a@b H=h [192.0.2.9]:25 I=[192", "unparsed\n" },
	{ "no sender", A " <= \n" A " <=", "unparsed\nunparsed\n" },
};

static const struct scene injections[] = {
	{ "the helo is an address", A " <= a@b H=([1.2.3.4]) [192.0.2.9]:25 P=esmtp S=1",
	  A " client '' 192.0.2.9 login ''\n" A " queued from 'a@b' to 0\n" },
	{ "the helo is a whole line", A " <= a@b H=(x) [9.9.9.9]:1 P=esmtpsa A=login:victim) [192.0.2.9]:25 P=esmtp S=1",
	  A " client '' 192.0.2.9 login ''\n" A " queued from 'a@b' to 0\n" },
	{ "the helo has blanks, the subject an address", A " <= a@b H=(my pc) [192.0.2.9]:25 P=esmtpsa A=plain:alice S=1 T=\"(x) [9.9.9.9]\"",
	  A " client '' 192.0.2.9 login 'alice'\n" A " queued from 'a@b' to 0\n" },
	{ "the subject is a login", A " " FROM "S=1 T=\"a\\\" A=login:victim [1.2.3.4]\\\\\" for c@d",
	  CLIENT "''\n" A " queued from 'alice@example.org' to 1\n" },
	{ "the subject ends the reading", A " " FROM "S=1 T=\"a\" A=login:victim",
	  CLIENT "''\n" A " queued from 'alice@example.org' to 0\n" },
	{ "the subject never ends", A " " FROM "A=plain:alice S=1 T=\"a for b@c A=login:victim",
	  CLIENT "'alice'\n" A " queued from 'alice@example.org' to 0\n" },
	{ "the ident is a login", A " <= a@b H=h [192.0.2.9] U=x A=login:victim P=esmtp S=1",
	  A " client 'h' 192.0.2.9 login ''\n" A " queued from 'a@b' to 0\n" },
	{ "the ident is a line", A " <= a@b H=h [192.0.2.9] U=x P=esmtpsa A=login:victim P=esmtp S=1",
	  A " client 'h' 192.0.2.9 login ''\n" A " queued from 'a@b' to 0\n" },
	{ "the Message-ID is a login", A " " FROM "S=1 id=\"a A=login:victim\"@x",
	  CLIENT "''\n" A " message-id \"a A=login:victim\"@x\n" A " queued from 'alice@example.org' to 0\n" },
	{ "recipients are logins", A " " FROM "S=1 for P=esmtpsa@x A=login:victim@x",
	  CLIENT "''\n" A " queued from 'alice@example.org' to 2\n" },
	{ "the sender is a line", A " <= \"x H=[9.9.9.9] P=esmtpsa A=login:victim\"@b H=h [192.0.2.9] P=esmtp S=1",
	  A " client 'h' 192.0.2.9 login ''\n" A " queued from '\"x H=[9.9.9.9] P=esmtpsa A=login:victim\"@b' to 0\n" },
};

#define TO(mark) A " <= a@b H=h [192.0.2.9] P=esmtp S=1\n" A " " mark " "
#define CAME A " client 'h' 192.0.2.9 login ''\n" A " queued from 'a@b' to 0\n" A " "

static const struct scene deliveries[] = {
	{ "remote", TO("=>") "c@d R=dnslookup T=remote_smtp H=mx.d [198.51.100.5]:25 X=TLS1.3:A:256 CV=yes C=\"250 2.0.0 OK \\\"q\\\" queued\"",
	  CAME "sent c@d () relay 'mx.d [198.51.100.5]' dsn '' reply '250 2.0.0 OK \\\"q\\\" queued'\n" },
	{ "another address at the same host", TO("->") "c@d <list@b> R=r T=t H=mx.d [198.51.100.5]* C=\"250 OK\"",
	  CAME "sent c@d (list@b) relay 'mx.d [198.51.100.5]' dsn '' reply '250 OK'\n" },
	{ "cutthrough, before the arrival", A " >> c@d R=r T=t H=mx.d [198.51.100.5] C=\"250 OK\"",
	  A " sent c@d () relay 'mx.d [198.51.100.5]' dsn '' reply '250 OK'\n" },
	{ "into a mailbox", TO("=>") "bob <bob@example.org> F=<a@b> R=local_user T=maildir_home S=123 QT=1s",
	  CAME "local sent bob@example.org () relay '' dsn '' reply ''\n" },
	{ "an alias", TO("=>") "bob <info@example.org> R=local_user T=local_delivery",
	  CAME "local sent bob (info@example.org) relay '' dsn '' reply ''\n" },
	{ "with all parents", TO("=>") "bob@x (y@x, z@x) <info@x> R=r T=t H=mx.x [198.51.100.5]",
	  CAME "sent bob@x (info@x) relay 'mx.x [198.51.100.5]' dsn '' reply ''\n" },
	{ "a pipe", TO("=>") "|/usr/bin/list -a b <list@example.org> R=aliases T=address_pipe",
	  CAME "local sent list@example.org () relay '' dsn '' reply ''\n" },
	{ "into nothing", TO("=>") ":blackhole: <c@d> R=null", CAME "local sent c@d () relay '' dsn '' reply ''\n" },
	{ "with -N", TO("*>") "c@d R=r T=t H=mx.d [198.51.100.5] C=\"delivery bypassed\"",
	  CAME "sent c@d () relay 'mx.d [198.51.100.5]' dsn '' reply 'delivery bypassed'\n" },
	{ "refused by the remote host",
	  TO("**") "c@d F=<a@b> R=r T=t H=mx.d [198.51.100.5]:25 X=TLS1.3:A:256 CV=yes: SMTP error from remote mail server after RCPT TO:<c@d>: 550 5.1.1 User unknown",
	  CAME "bounced c@d () relay 'mx.d [198.51.100.5]' dsn '' reply '550 5.1.1 User unknown'\n" },
	{ "the same, as older versions write it", TO("**") "c@d R=r T=t H=mx.d [198.51.100.5]* : SMTP error from remote mail server after end of data: 554-no\\n554 no",
	  CAME "bounced c@d () relay 'mx.d [198.51.100.5]' dsn '' reply '554-no\\n554 no'\n" },
	{ "right behind the address", TO("**") "c@d R=r T=t H=mx.d [2001:db8::5]: Connection refused",
	  CAME "bounced c@d () relay 'mx.d [2001:db8::5]' dsn '' reply 'Connection refused'\n" },
	{ "no route", TO("**") "c@d: Unrouteable address", CAME "bounced c@d () relay '' dsn '' reply 'Unrouteable address'\n" },
	{ "no route, with a parent", TO("**") "c@d <e@f>: Unrouteable address",
	  CAME "bounced c@d (e@f) relay '' dsn '' reply 'Unrouteable address'\n" },
	{ "given up", TO("**") "c@d: retry timeout exceeded", CAME "bounced c@d () relay '' dsn '' reply 'retry timeout exceeded'\n" },
	{ "not yet", TO("==") "c@d R=r T=t defer (-44) H=mx.d [198.51.100.5]: SMTP error from remote mail server after RCPT TO:<c@d>: 450 4.2.1 later",
	  CAME "deferred c@d () relay 'mx.d [198.51.100.5]' dsn '4.0.0' reply '450 4.2.1 later'\n" },
	{ "no answer", TO("==") "c@d R=r T=t defer (110): Connection timed out H=mx.d [198.51.100.5]: SMTP timeout after connect",
	  CAME "deferred c@d () relay '' dsn '4.0.0' reply 'Connection timed out H=mx.d [198.51.100.5]: SMTP timeout after connect'\n" },
	{ "a recipient that poses as fields", TO("=>") "\"c R=x T=local_delivery H=[9.9.9.9]\"@d R=r T=t H=mx.d [198.51.100.5] C=\"250 OK\"",
	  CAME "sent \"c R=x T=local_delivery H=[9.9.9.9]\"@d () relay 'mx.d [198.51.100.5]' dsn '' reply '250 OK'\n" },
	{ "before the log begins", A " => c@d R=r T=t H=mx.d [198.51.100.5]", "" },
	{ "nobody", A " ** ", "unparsed\n" },
};

static const struct scene ends[] = {
	{ "completed", TO("=>") "c@d R=r T=t H=h [192.0.2.1]\n" A " Completed QT=1s\n" A " Completed",
	  CAME "sent c@d () relay 'h [192.0.2.1]' dsn '' reply ''\n" A " end\n" },
	{ "removed by root", A " <= a@b U=u P=local S=1\n" A " removed by root\n" A " Completed",
	  A " local u\n" A " queued from 'a@b' to 0\n" A " end\n" },
	{ "cancelled", A " <= a@b U=u P=local S=1\n" A " cancelled by timeout_frozen_after",
	  A " local u\n" A " queued from 'a@b' to 0\n" A " expired\n" },
	{ "understood and without meaning",
	  A " Frozen (delivery error message)\n" A " H=mx.d [198.51.100.5]: Connection refused\n" A " no immediate delivery: queued by ACL\n" A
	    " Unfrozen by errmsg timer\n" A " c@d: error ignored\n" A " r1 router: skipped error: x\n" A " DKIM: d=x.example s=s [verification succeeded]\n" A
	    " H=(h) [192.0.2.1] F=<a@b> rejected after DATA: content\n"
	    "H=h [192.0.2.1]:1 F=<a@b> A=login:x rejected RCPT <c@d>: relay not permitted\nStart queue run: pid=1\nEnd queue run: pid=1\n"
	    "exim 4.96 daemon started: pid=1, -q30m, listening for SMTP on port 25\nTLS error on connection from [192.0.2.1] (SSL_accept)\n"
	    "no host name found for IP address 192.0.2.1\nSMTP connection from [192.0.2.1]:5 (TCP/IP connection count = 1)\n"
	    "unexpected disconnection while reading SMTP command from [192.0.2.1]\ncwd=/home/x 3 args: /usr/sbin/sendmail -t -i",
	  "" },
	{ "the end of a session", "SMTP connection from h (x) [192.0.2.1]:5 I=[192.0.2.2]:25 D=1s closed by QUIT", "session end\n" },
	{ "nobody knows", "what is this\n" A " what is this", "unparsed\nunparsed\n" },
};

#define WRONG ": 535 Incorrect authentication data"

static const struct scene failures[] = {
	{ "dovecot", "dovecot_login authenticator failed for (x) [1.2.3.4]:55379" WRONG " (set_id=info@example.com)",
	  "failure of 'info@example.com' from 1.2.3.4\n" },
	{ "the helo is an address",
	  "dovecot_login authenticator failed for ppp.example ([9.9.9.9]) [1.2.3.4]:5" WRONG " (set_id=info)",
	  "failure of 'info' from 1.2.3.4\n" },
	{ "no port, no helo", "login authenticator failed for h.example [192.0.2.13]" WRONG " (set_id=user)",
	  "failure of 'user' from 192.0.2.13\n" },
	{ "with the server's address and H=",
	  "plain authenticator failed for H=(x) [2001:db8::9]:5 I=[192.0.2.1]:587 U=i" WRONG " (set_id=user)",
	  "failure of 'user' from 2001:db8::9\n" },
	{ "nobody named", "cram authenticator failed for (x) [1.2.3.4]" WRONG, "failure of '' from 1.2.3.4\n" },
	{ "the set_id is a line", "l authenticator failed for (x) [1.2.3.4]" WRONG " (set_id=a) [9.9.9.9]: 535 (set_id=b)",
	  "failure of '' from 1.2.3.4\n" },
	{ "the set_id is a whole line",
	  "l authenticator failed for (x) [1.2.3.4]" WRONG " (set_id=a) [9.9.9.9]:7" WRONG " (set_id=victim)", "failure of '' from 1.2.3.4\n" },
	{ "the helo is a whole line",
	  "l authenticator failed for (x) [9.9.9.9]" WRONG " (set_id=victim)) [1.2.3.4]:5" WRONG " (set_id=real)", "failure of '' from 9.9.9.9\n" },
	{ "a helo with blanks", "l authenticator failed for (my pc) [9.9.9.9] (b) [1.2.3.4]:5" WRONG " (set_id=real)",
	  "failure of 'real' from 1.2.3.4\n" },
	{ "the server's own trouble",
	  "l authenticator failed for (x) [1.2.3.4]: 435 Unable to authenticate at present (set_id=a): x" WRONG " (set_id=b)",
	  "" },
};

static const struct scene syslog[] = {
	{ "with a stamp",
	  "2022-06-29 16:04:05 " A " Completed\n2022-06-29 16:04:05.123 +0900 [77] " A " Frozen\n[77] " A " Frozen",
	  "" },
	{ "the first piece tells no number of recipients",
	  "[1/3] 2022-06-29 16:04:05 " A " <= a@b H=h [192.0.2.9] P=esmtp S=1 for c@d e@f\n[2/3] g@h " A " <= x@y H=h [9.9.9.9] P=esmtpsa A=login:victim S=1\n[3/3] i@j",
	  A " client 'h' 192.0.2.9 login ''\n" A " queued from 'a@b' to 0\n" },
	{ "a later piece may begin with anything",
	  "[2/2] " A " <= x@y H=h [9.9.9.9] P=esmtpsa A=login:victim S=1\n[2\\3] l authenticator failed for [9.9.9.9]" WRONG,
	  "" },
};

static void reads_arrivals(void **state) { play(&format_exim, TEXT("exim"), arrivals, sizeof arrivals / sizeof *arrivals); }
static void is_not_fooled(void **state) { play(&format_exim, TEXT("exim"), injections, sizeof injections / sizeof *injections); }
static void reads_deliveries(void **state) { play(&format_exim, TEXT("exim"), deliveries, sizeof deliveries / sizeof *deliveries); }
static void reads_ends(void **state) { play(&format_exim, TEXT("exim"), ends, sizeof ends / sizeof *ends); }
static void reads_failures(void **state) { play(&format_exim, TEXT("exim"), failures, sizeof failures / sizeof *failures); }
static void reads_syslog(void **state) { play(&format_exim, TEXT("exim4"), syslog, sizeof syslog / sizeof *syslog); }

static void a_full_line_tells_no_number_of_recipients(void **state)
{
	static char line[9000];
	struct life life = { .told_bytes = 0 };
	size_t n = (size_t)snprintf(line, sizeof line, A " <= a@b U=u P=local S=1 for");

	while (n < 8100)
		n += (size_t)snprintf(line + n, sizeof line - n, " somebody@example.com");
	read_lines(&life, &format_exim, TEXT("exim"), line);
	assert_string_equal(life.told, A " local u\n" A " queued from 'a@b' to 0\n");
}

static void claims_its_programs(void **state)
{
	static const struct { const char *program; bool ours; } table[] = {
		{ "exim", true }, { "exim4", true }, { "eximstats", false }, { "postfix/smtpd", false }, { "", false },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		assert_int_equal(format_exim.claims(text_of(table[i].program)), table[i].ours);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_arrivals),
		cmocka_unit_test(is_not_fooled),
		cmocka_unit_test(reads_deliveries),
		cmocka_unit_test(reads_ends),
		cmocka_unit_test(reads_failures),
		cmocka_unit_test(reads_syslog),
		cmocka_unit_test(a_full_line_tells_no_number_of_recipients),
		cmocka_unit_test(claims_its_programs),
	};

	return cmocka_run_group_tests_name("exim", tests, NULL, NULL);
}
