/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of Dovecot in, logins and failures out: "protocol ok|failed COUNT 'name' address". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "intake/life.h"

#define COUNT(table) (sizeof table / sizeof *table)
#define REST ", method=PLAIN, rip=203.0.113.41, lip=192.0.2.1, TLS, session=<Q2dFgNlgQZzLAHEs>"
#define ALICE "user=<alice@example.org>" REST

enum { TOLD_MAX = 2048 };

/* the only verbs of the life room that this reader uses; they write down what they are told */
struct life {
	char told[TOLD_MAX];
	size_t n;
};

void life_login(struct life *life, const struct line *line, const struct life_login *login)
{
	static const char *const protocols[] = { "unknown", "smtp", "imap", "pop3", "webmail", "sieve" };
	char ip[IP_TEXT_MAX];

	life->n += (size_t)snprintf(life->told + life->n, TOLD_MAX - life->n, "%s %s %u '%.*s' %s\n", protocols[login->protocol],
				    login->ok ? "ok" : "failed", login->attempts, TEXT_ARG(login->name), ip_format(&login->ip, ip));
	assert_true(life->n < TOLD_MAX);
}

void life_backend_failure(struct life *life, const struct line *line, struct text name, const struct ip *ip)
{
	char to[IP_TEXT_MAX];

	life->n += (size_t)snprintf(life->told + life->n, TOLD_MAX - life->n, "backend failed '%.*s' %s\n", TEXT_ARG(name), ip_format(ip, to));
	assert_true(life->n < TOLD_MAX);
}

struct scene {
	const char *name, *lines, *told;
};

static void read_one(struct life *life, struct text text)
{
	struct line line = { .host = 1, .program = TEXT("dovecot"), .text = text };

	if (format_dovecot.read(life, &line) != LINE_UNDERSTOOD)
		life->n += (size_t)snprintf(life->told + life->n, TOLD_MAX - life->n, "unparsed\n");
}

static void play(const struct scene *scenes, size_t count)
{
	size_t failed = 0;

	for (size_t i = 0; i < count; i++) {
		struct life life = { .n = 0 };
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

#define IMAP_OK "imap ok 0 'alice@example.org' 203.0.113.41\n"
static void reads_logins(void **state)
{
	static const struct scene scenes[] = {
		{ "2.3", "imap-login: Login: user=<alice@example.org>, method=PLAIN, rip=203.0.113.41, lip=192.0.2.1, mpid=11527, TLS, session=<CTdF>", IMAP_OK },
		{ "2.3 in its own log", "imap-login: Info: Login: user=<alice@example.org>, method=PLAIN, rip=203.0.113.41, lip=192.0.2.1, mpid=11527, session=<CTdF>", IMAP_OK },
		{ "2.4", "imap-login: Logged in: " ALICE, IMAP_OK },
		{ "2.4 in its own log", "imap-login: Info: Logged in: " ALICE, IMAP_OK },
		{ "POP3, Sieve, submission", "pop3-login: Login: " ALICE "\nmanagesieve-login: Login: " ALICE "\nsieve-login: Login: " ALICE "\nsubmission-login: Login: " ALICE,
		  "pop3 ok 0 'alice@example.org' 203.0.113.41\nsieve ok 0 'alice@example.org' 203.0.113.41\nsieve ok 0 'alice@example.org' 203.0.113.41\n"
		  "smtp ok 0 'alice@example.org' 203.0.113.41\n" },
		{ "a front server, 2.3", "imap-login: proxy(alice@example.org): started proxying to 10.0.0.5:143: user=<alice@example.org>, method=PLAIN, rip=203.0.113.41, lip=192.0.2.1, TLS, session=<CTdF>", IMAP_OK },
		{ "a front server, 2.4", "imap-login: Info: proxy(alice@example.org,10.0.0.5:143): Started proxying to <10.0.0.5> (<back.example.net>) (0.02 secs): user=<alice@example.org>, method=PLAIN, rip=203.0.113.41, lip=192.0.2.1, session=<CTdF>", IMAP_OK },
		{ "a front server's session ends", "imap-login: proxy(alice@example.org): disconnecting 203.0.113.41 (Disconnected by client, 5s idle, in=1, out=2): user=<alice@example.org>, method=PLAIN, rip=203.0.113.41, lip=192.0.2.1", "" },
		{ "a name that plays the front server", "imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<proxy(x): started proxying to y: user=<bob>, method=PLAIN, rip=203.0.113.41, lip=192.0.2.1", "imap failed 1 'proxy(x): started proxying to y: user=<bob' 203.0.113.41\n" },
		{ "without a domain", "imap-login: Login: user=<alice>" REST, "imap ok 0 'alice' 203.0.113.41\n" },
		{ "IPv6", "imap-login: Login: user=<alice>, method=PLAIN, rip=2001:db8::7, lip=2001:db8::1", "imap ok 0 'alice' 2001:db8::7\n" },
		{ "the address stands last", "imap-login: Login: user=<alice>, method=PLAIN, rip=192.0.2.9", "imap ok 0 'alice' 192.0.2.9\n" },
		{ "behind a webmail server", "imap-login: Login: user=<alice>, method=PLAIN, rip=127.0.0.1, lip=127.0.0.1, secured, session=<x>", "imap ok 0 'alice' 127.0.0.1\n" },
		{ "a right password after a long auth penalty", "imap-login: Disconnected (auth failed, 2 attempts in 17 secs): " ALICE "\nimap-login: Login: " ALICE,
		  "imap failed 2 'alice@example.org' 203.0.113.41\n" IMAP_OK },
		{ "cut off", "imap-login: Login: user=<alice\nimap-login: Login: user=<alice>, method=PLAIN\nimap-login: Login: user=<alice>, method=PLAIN, rip=203.0", "unparsed\nunparsed\nunparsed\n" },
	};

	play(scenes, COUNT(scenes));
}

#define IMAP_FAILED(count) "imap failed " #count " 'alice@example.org' 203.0.113.41\n"
static void reads_failures(void **state)
{
	static const struct scene scenes[] = {
		{ "2.2", "imap-login: Disconnected (auth failed, 1 attempts in 6 secs): " ALICE, IMAP_FAILED(1) },
		{ "older still", "imap-login: Aborted login (auth failed, 3 attempts): " ALICE, IMAP_FAILED(3) },
		{ "2.3", "imap-login: Info: Disconnected: Connection closed (auth failed, 2 attempts in 30 secs): " ALICE, IMAP_FAILED(2) },
		{ "2.3, by logging out", "imap-login: Disconnected: Aborted login by logging out (auth failed, 1 attempts in 15 secs): " ALICE, IMAP_FAILED(1) },
		{ "2.3, after too many commands, no method", "pop3-login: Disconnected: Too many bad commands (auth failed, 2 attempts in 0 secs): user=<alice>, rip=192.0.2.9, lip=192.0.2.1",
		  "pop3 failed 2 'alice' 192.0.2.9\n" },
		{ "2.4", "imap-login: Login aborted: Connection closed (auth failed, 2 attempts in 3 secs) (auth_failed): " ALICE, IMAP_FAILED(2) },
		{ "2.4 in its own log", "imap-login: Info: Login aborted: Logged out (auth failed, 1 attempts in 2 secs) (auth_failed): " ALICE, IMAP_FAILED(1) },
		{ "2.4, only the word", "imap-login: Login aborted: Inactivity (auth_failed): " ALICE, IMAP_FAILED(1) },
		{ "no user was named", "imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<>, method=PLAIN, rip=203.0.113.41, lip=192.0.2.1", "imap failed 1 '' 203.0.113.41\n" },
		{ "more attempts than can be", "imap-login: Disconnected (auth failed, 4000000000 attempts in 2 secs): " ALICE, IMAP_FAILED(100) },
		{ "attempts that are no number", "imap-login: Disconnected (auth failed, x attempts): " ALICE, IMAP_FAILED(1) },
		{ "cut off", "imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<alice>, rip=2\nimap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<al", "unparsed\nunparsed\n" },
	};

	play(scenes, COUNT(scenes));
}

static void knows_what_is_no_failure(void **state)
{
	static const struct scene scenes[] = {
		{ "nobody tried", "imap-login: Info: Disconnected: Aborted login by logging out (no auth attempts in 0 secs): user=<>, rip=203.0.113.41, lip=192.0.2.1, TLS", "" },
		{ "nobody tried, 2.4", "imap-login: Login aborted: Connection closed (no auth attempts in 0 secs) (no_auth_attempts): user=<>, rip=203.0.113.41, lip=192.0.2.1", "" },
		{ "a lock of ours (deny passdb)", "auth: Info: User found from deny passdb\nimap-login: Info: Disconnected: Connection closed (user disabled): " ALICE, "" },
		{ "a lock of ours, 2.4", "imap-login: Login aborted: Connection closed (user disabled) (user_disabled): " ALICE, "" },
		{ "the deny passdb's miss at every good login", "auth: passwd-file(alice@example.org,203.0.113.41): unknown user\nimap-login: Login: " ALICE, IMAP_OK },
		{ "TLS failed", "imap-login: Disconnected: Connection closed: SSL_accept() failed: error:0A000416 (no auth attempts in 0 secs): user=<>, rip=203.0.113.41, lip=192.0.2.1, TLS handshaking", "" },
		{ "plaintext is not allowed", "imap-login: Disconnected (tried to use disallowed plaintext auth): user=<>, rip=203.0.113.41, lip=192.0.2.1", "" },
		{ "the client stopped half-way", "imap-login: Disconnected (client didn't finish SASL auth, waited 1 secs): user=<>, method=PLAIN, rip=203.0.113.41, lip=192.0.2.1", "" },
		{ "too many connections", "imap-login: Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10): " ALICE, "" },
		{ "the auth service is away", "imap-login: Warning: Auth connection closed with 1 pending requests (max 0 secs, pid=1, EOF)\nimap-login: Disconnected (auth process communication failure): " ALICE, "" },
		{ "sessions, deliveries, others", "imap(alice@example.org)<1><x>: Logged out in=26 out=744\nlmtp(11067): Connect from local\nmaster: Warning: Killed with signal 15\n"
		  "imap(alice)<1><x>: Info: Disconnected: Connection closed (auth failed, 3 attempts): user=<victim>, rip=9.9.9.9, lip=1.1.1.1\nimap-login\nimap-login:", "" },
	};

	play(scenes, COUNT(scenes));
}

#define BACKEND "backend failed 'alice' 203.0.113.41\n"
static void reads_the_auth_service(void **state)
{
	static const struct scene scenes[] = {
		{ "a wrong password over SMTP", "auth: passwd-file(alice,203.0.113.41): Password mismatch", BACKEND },
		{ "in its own log", "auth: Info: sql(alice,203.0.113.41): Password mismatch", BACKEND },
		{ "from a worker", "auth-worker(24544): sql(alice,203.0.113.41): Password mismatch", BACKEND },
		{ "from a worker, 2.3", "auth-worker(14864): Info: conn unix:auth-worker (pid=14830,uid=109): auth-worker<6>: pam(alice,203.0.113.41): pam_authenticate() failed: Authentication failure (Password mismatch?)", BACKEND },
		{ "IPv6", "auth: sql(alice,2001:db8::7): Password mismatch", "backend failed 'alice' 2001:db8::7\n" },
		{ "with a session: IMAP says it again", "auth: passwd-file(alice,203.0.113.44,<Q2dFgNlgQZzLAHEs>): Password mismatch", "" },
		{ "without an address: nobody can be told from it", "auth: sql(alice): Password mismatch", "" },
		{ "a webmail server on this machine", "auth: sql(alice,127.0.0.1): Password mismatch", "" },
		{ "somebody who is not there: Postfix says it again", "auth: sql(alice,203.0.113.41): unknown user", "" },
		{ "the password in plain is not part of it", "auth: sql(alice,203.0.113.41): Password mismatch (given password: S3cret,1.2.3.4): x)", BACKEND },
		{ "a password that poses as a line", "auth: sql(alice,203.0.113.41): unknown user (given password: x): sql(victim,9.9.9.9): Password mismatch)", "" },
		{ "the same over Postfix's worker", "auth-worker(1): conn unix:auth-worker (pid=1,uid=2): auth-worker<3>: sql(alice,203.0.113.41): unknown user (given password: >: sql(victim,9.9.9.9): Password mismatch)", "" },
		{ "a user that poses as a line (auth_username_chars is empty)", "auth: sql(victim,9.9.9.9): Password mismatch,203.0.113.41): unknown user", "" },
		{ "2.4 names the user in front; the server says it again", "auth(alice,203.0.113.41,sasl:plain)<Cd5N>: sql: Password mismatch\nauth-worker(alice)<11659>: request [2]: sql: Password mismatch", "" },
		{ "cut off", "auth: sql(alice,203.0.113.41)\nauth: \nauth-worker(1\nauth-worker", "" },
	};

	play(scenes, COUNT(scenes));
}

static void is_not_fooled(void **state)
{
	static const struct scene scenes[] = {
		{ "the user is an address", "imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<x>, rip=9.9.9.9, lip=1.1.1.1>" REST, "imap failed 1 'x' 203.0.113.41\n" },
		{ "the user has a bracket", "imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<a>b>" REST, "imap failed 1 'a>b' 203.0.113.41\n" },
		{ "the user is a login", "imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<Login: user=<victim>" REST,
		  "imap failed 1 'Login: user=<victim' 203.0.113.41\n" },
		{ "the user is a reason", "imap-login: Disconnected (no auth attempts in 2 secs): user=<(auth failed, 9 attempts): user=<victim>" REST, "" },
		{ "the user asks to be passed over", "imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<(user disabled)>" REST, "imap failed 1 '(user disabled)' 203.0.113.41\n" },
		{ "the user goes on", "imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<x>, method=PLAIN, rip=9.9.9.9, lip=1, session=<y>>" REST,
		  "imap failed 1 'x' 203.0.113.41\n" },
	};

	play(scenes, COUNT(scenes));
}

/* a password must never be in anything that is told: not even where a reader might take it for a name */
static void no_password_is_ever_told(void **state)
{
	static const char *const lines[] = {
		"auth: sql(alice,203.0.113.41): Password mismatch (given password: S3cret)",
		"auth: Info: passwd-file(alice,203.0.113.41): Password mismatch (SHA1 of given password: S3cret)",
		"auth-worker(1): conn unix:auth-worker (pid=1,uid=2): auth-worker<3>: sql(alice,203.0.113.41): Password mismatch (given password: S3cret)",
		"auth: sql(alice,203.0.113.41,<Q2dF>): Password mismatch (given password: S3cret)",
		"auth: pam(alice,203.0.113.41): unknown user (given password: S3cret)",
		"auth: sql(alice,203.0.113.41): Password mismatch (given password: ): S3cret, rip=1.2.3.4)",
		"auth: Debug: client in: AUTH 1 PLAIN resp=S3cret",
		"imap-login: Disconnected (auth failed, 1 attempts in 2 secs) (given password: S3cret): " ALICE,
	};

	for (size_t i = 0; i < COUNT(lines); i++) {
		struct life life = { .n = 0 };

		read_one(&life, text_of(lines[i]));
		assert_null(strstr(life.told, "S3cret"));
	}
}

static void claims_its_programs(void **state)
{
	static const struct { const char *program; bool ours; } table[] = {
		{ "dovecot", true }, { "dovecot2", false }, { "postfix/dovecot", false }, { "", false },
	};

	for (size_t i = 0; i < COUNT(table); i++)
		assert_int_equal(format_dovecot.claims(text_of(table[i].program)), table[i].ours);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_logins),
		cmocka_unit_test(reads_failures),
		cmocka_unit_test(knows_what_is_no_failure),
		cmocka_unit_test(reads_the_auth_service),
		cmocka_unit_test(is_not_fooled),
		cmocka_unit_test(no_password_is_ever_told),
		cmocka_unit_test(claims_its_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
