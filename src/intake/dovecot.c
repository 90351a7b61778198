/* SPDX-License-Identifier: Apache-2.0 */
/* Dovecot 2.3 and 2.4: logins that worked and failed. Lines of its auth service tell failures that the login
 * service (IMAP, POP3, with a session id) or Postfix (without one) tells again, and may hold the password in plain
 * ("given password: …"): nothing behind the first words of their message is looked at, stored or shown. */
#include "intake/format.h"
#include "intake/life.h"

enum { ATTEMPTS_MAX = 100 };

/* the last ", name=value" of the line: what clients chose stands further left */
static bool last_field(struct text t, struct text name, struct text *value)
{
	for (size_t end = t.n; end > 0;) {
		const char *comma = memrchr(t.p, ',', end);

		if (!comma)
			return false;
		if (text_starts(text_between(comma, t.p + t.n), name)) {
			*value = text_between(comma + name.n, t.p + t.n);
			value->n = text_find(*value, ',');
			return true;
		}
		end = (size_t)(comma - t.p);
	}
	return false;
}

static uint32_t attempts_in(struct text t)
{
	struct text rest;
	uint64_t count;

	if (!text_behind(t, TEXT("auth failed, "), &rest))
		return text_holds(t, TEXT("(auth_failed)")) || text_holds(t, TEXT("(auth failed")) ? 1 : 0;
	if (!text_number(text_head(rest, text_find(rest, ' ')), UINT32_MAX, &count))
		return 1;
	return count > ATTEMPTS_MAX ? ATTEMPTS_MAX : (uint32_t)count;
}

static bool user_and_ip(struct text t, size_t user_at, struct life_login *login)
{
	struct text address, user = text_after(t, user_at);
	size_t at = 0;

	if (!last_field(t, TEXT(", rip="), &address) || !ip_parse(address, &login->ip))
		return false;
	/* the user ends where ">, method=" or ">, rip=" begins */
	while ((at += text_find(text_after(user, at), '>')) < user.n) {
		struct text behind = text_after(user, at + 1);

		if (text_starts(behind, TEXT(", method=")) || text_starts(behind, TEXT(", rip=")) ||
		    text_starts(behind, TEXT(", service="))) {
			login->name = text_head(user, at);
			return true;
		}
		at++;
	}
	return false;
}

/* a front server says this instead of "Login:", once the server behind it has let the account in */
static bool is_proxied(struct text head)
{
	return text_starts(head, TEXT("proxy(")) &&
	       (text_holds(head, TEXT("): started proxying to ")) || text_holds(head, TEXT("): Started proxying to ")));
}

static enum line_kind read_login(struct life *life, const struct line *line, struct text t, uint8_t protocol)
{
	struct life_login login = { .protocol = protocol };
	struct text head;
	size_t user;

	login.ok = text_starts(t, TEXT("Login: user=<")) || text_starts(t, TEXT("Logged in: user=<"));
	user = login.ok ? text_find(t, '<') + 1 : 0;
	if (!login.ok) {
		const char *at = memmem(t.p, t.n, ": user=<", 8);

		if (!at)
			return LINE_UNDERSTOOD; /* warnings, TLS: nobody tried to log in */
		head = text_between(t.p, at);
		login.ok = is_proxied(head);
		login.attempts = login.ok ? 0 : attempts_in(head);
		user = (size_t)(at - t.p) + 8;
		if (!login.ok && (!login.attempts || text_holds(head, TEXT("(user disabled)")) ||
				  text_holds(head, TEXT("user_disabled"))))
			return LINE_UNDERSTOOD; /* "no auth attempts", or a lock of ours at work */
	}
	if (!user_and_ip(t, user, &login))
		return LINE_UNPARSED;
	life_login(life, line, &login);
	return LINE_UNDERSTOOD;
}

/* "sql(user,address[,<session>]): Password mismatch": only without a session, for then it was SMTP */
static enum line_kind read_auth(struct life *life, const struct line *line, struct text t)
{
	const char *at = memmem(t.p, t.n, "): ", 3), *next;
	struct text inside, message, address;
	struct ip ip;
	size_t open;

	if (!at)
		return LINE_UNDERSTOOD;
	while (!text_starts(t, TEXT("conn unix:")) && (next = memmem(at + 3, (size_t)(t.p + t.n - at - 3), "): ", 3)) &&
	       !memmem(at, (size_t)(next - at), "password", 8))
		at = next; /* a user may be called anything; behind a password nothing is looked at */
	inside = text_between(t.p, at);
	message = text_between(at + 3, t.p + t.n);
	if (text_starts(inside, TEXT("conn unix:")) && text_behind(message, TEXT(">: "), &t))
		return read_auth(life, line, t); /* "conn unix:auth-worker (pid=1,uid=2): auth-worker<3>: sql(…): …" */
	if (!text_starts(message, TEXT("Password mismatch")) &&
	    !text_starts(message, TEXT("pam_authenticate() failed: Authentication failure")))
		return LINE_UNDERSTOOD;
	open = text_find(inside, '(');
	at = memrchr(inside.p, ',', inside.n);
	if (open == inside.n || !at || at < inside.p + open)
		return LINE_UNDERSTOOD;
	address = text_between(at + 1, inside.p + inside.n);
	if (!ip_parse(address, &ip) || ip_is_loopback(&ip))
		return LINE_UNDERSTOOD; /* a session id, or no address at all */
	life_backend_failure(life, line, text_between(inside.p + open + 1, at), &ip);
	return LINE_UNDERSTOOD;
}

static const struct service {
	struct text head;
	uint8_t protocol; /* of a login service */
	bool auth;
} services[] = {
#define ROW(head, protocol, auth) { { head, sizeof(head) - 1 }, protocol, auth }
	ROW("imap-login: ", PROTOCOL_IMAP, false),
	ROW("pop3-login: ", PROTOCOL_POP3, false),
	ROW("submission-login: ", PROTOCOL_SMTP, false),
	ROW("managesieve-login: ", PROTOCOL_SIEVE, false),
	ROW("sieve-login: ", PROTOCOL_SIEVE, false),
	ROW("auth: ", PROTOCOL_UNKNOWN, true),
	ROW("auth-worker", PROTOCOL_UNKNOWN, true),
#undef ROW
};

static struct text without_level(struct text t)
{
	static const char *const levels[] = { "Info: ", "Warning: ", "Error: ", "Debug: ", "Fatal: ", "Panic: " };

	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		if (text_starts(t, text_of(levels[i])))
			return text_after(t, strlen(levels[i]));
	return t;
}

static bool claims(struct text program)
{
	return text_is(program, TEXT("dovecot"));
}

static enum line_kind read_line(struct life *life, const struct line *line)
{
	for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
		struct text t = line->text;

		if (!text_starts(t, services[i].head))
			continue;
		t = text_after(t, services[i].head.n);
		if (t.n && t.p[0] == '(') { /* auth-worker(pid): */
			size_t colon = text_find(t, ':');

			t = text_after(t, colon + 2 <= t.n ? colon + 2 : t.n);
		}
		t = without_level(t);
		return services[i].auth ? read_auth(life, line, t) : read_login(life, line, t, services[i].protocol);
	}
	return LINE_UNDERSTOOD; /* imap(user)…, lmtp(user)…, sieve, master: nobody logs in there */
}

const struct format format_dovecot = { "dovecot", claims, NULL, read_line };
