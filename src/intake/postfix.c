/* SPDX-License-Identifier: Apache-2.0 */
/* Postfix 3.4 to 3.9. The service is what stands behind the last '/' of the program: "postfix/submission/smtpd",
 * "postfix-incoming/smtpd", "postfix/10025/smtpd". What remote hosts and senders wrote stands in a line too
 * (addresses, replies): each field is therefore looked for where only Postfix writes, and never behind it. */
#include "intake/format.h"
#include "intake/life.h"

#define HEAD(literal) { literal, sizeof(literal) - 1 }

/* what any of its programs may say, and what those that deliver and receive may say besides: without meaning for us */
static const struct text any_plain[] = {
	HEAD("warning: "), HEAD("fatal: "), HEAD("error: "), HEAD("panic: "), HEAD("table "), HEAD("statistics:"), HEAD("info: "),
	{ NULL, 0 },
};
static const struct text smtpd_plain[] = {
	HEAD("connect from "), HEAD("lost connection after "), HEAD("timeout after "), HEAD("too many errors after "),
	HEAD("Anonymous TLS"), HEAD("Trusted TLS"), HEAD("Untrusted TLS"), HEAD("Verified TLS"), HEAD("SSL_accept error"),
	HEAD("setting up TLS"), HEAD("TLS SNI"), HEAD("improper command pipelining"),
	HEAD("initializing the server-side TLS"), HEAD("discarding EHLO"), HEAD("bare <LF>"), HEAD("table "),
	HEAD("certificate verification failed"), HEAD("fatal: "), HEAD("error: "), HEAD("panic: "), HEAD("info: "),
	HEAD("Host offered"), HEAD("enabling "), HEAD("reject: "), HEAD("milter-"), HEAD("idle timeout"),
	HEAD("auto_clnt"), HEAD("match_"), HEAD("concurrency limit"), HEAD("daemon started"), HEAD("SASL "),
	HEAD("disconnecting"), HEAD("NOQUEUE: "), HEAD("proxy-reject: "), HEAD("generic_checks"), HEAD("using backwards-compatible "), HEAD("cannot load"),
	HEAD("statistics:"), HEAD(">>> "), HEAD(">> "), HEAD("> "), HEAD("< "),
	{ NULL, 0 },
};

static const struct text agent_plain[] = {
	HEAD("connect to "), HEAD("warning: "), HEAD("Untrusted TLS"), HEAD("Trusted TLS"), HEAD("Verified TLS"),
	HEAD("Anonymous TLS"), HEAD("SSL_connect error"), HEAD("certificate verification failed"),
	HEAD("Cannot start TLS"), HEAD("statistics:"), HEAD("table "), HEAD("fatal: "), HEAD("error: "), HEAD("panic: "),
	HEAD("Host offered"), HEAD("initializing the client-side"), HEAD("setting up TLS"),
	HEAD("server certificate verification"), HEAD("enabling "), HEAD("> "), HEAD("< "), HEAD("smtp_"),
	HEAD("lost connection"), HEAD("verify "), HEAD("cannot load"), HEAD("discarding EHLO"), HEAD("TLS "),
	HEAD("info: "),
	{ NULL, 0 },
};

enum { QUEUE_ID_LEAST = 5, QUEUE_ID_MOST = 22 };

/* "QID: rest"; false where the text does not begin with a queue id */
static bool take_id(struct text *t, struct text *id)
{
	size_t n = text_span(*t, CHAR_ALNUM);

	if (n < QUEUE_ID_LEAST || n > QUEUE_ID_MOST || n + 2 > t->n || t->p[n] != ':' || t->p[n + 1] != ' ')
		return false;
	*id = text_head(*t, n);
	*t = text_after(*t, n + 2);
	return true;
}

/* "<address>" or "address", up to what ends it; quoted local parts may hold anything */
static bool take_address(struct text *t, struct text *address)
{
	size_t n = 0;
	bool angle = t->n && t->p[0] == '<';

	if (angle)
		*t = text_after(*t, 1);
	if (t->n && t->p[0] == '"') {
		for (n = 1; n < t->n && t->p[n] != '"'; n++)
			n += t->p[n] == '\\';
		if (n >= t->n)
			return false;
	}
	n += text_find(text_after(*t, n), angle ? '>' : ',');
	if (n == t->n && angle)
		return false;
	*address = text_head(*t, n);
	*t = text_after(*t, n + angle);
	return true;
}

/* "name[address]:port"; what follows is left in t. `unknown` as the address is no address at all. */
static bool take_client(struct text *t, struct text *name, struct ip *ip)
{
	size_t open = text_find(*t, '['), close;

	if (open == t->n)
		return false;
	close = open + text_find(text_after(*t, open), ']');
	if (close == t->n)
		return false;
	*name = text_head(*t, open);
	if (!ip_parse(text_between(t->p + open + 1, t->p + close), ip))
		*ip = (struct ip){ { 0 } };
	*t = text_after(*t, close + 1);
	return true;
}

/* "host[address]:port: …": what the TLS library tells of a connection at a high log level */
static bool about_tls(struct text t)
{
	static const struct text heads[] = {
		HEAD("TLS "), HEAD("Issuing session"), HEAD("subject_CN="), HEAD("certificate "), HEAD("depth="), HEAD("Matched "),
		HEAD("save session"), HEAD("Reusing "), HEAD("re-using session"), HEAD("looking for session"), HEAD("SNI "),
		HEAD("Decrypting "), HEAD("not "), HEAD("Trusted"), HEAD("Untrusted"), HEAD("Verified"), HEAD("no "),
		{ NULL, 0 },
	};
	struct text name, rest;
	struct ip ip;

	return take_client(&t, &name, &ip) && text_behind(t, TEXT(": "), &rest) && text_starts_any(rest, heads);
}

/* ---- smtpd */

static enum line_kind smtpd_client(struct life *life, const struct line *line, struct text id, struct text t)
{
	struct text name, rest, login = TEXT_NONE, first, behind;
	struct ip ip, real;
	bool queued = !text_is(id, TEXT("NOQUEUE"));

	if (!take_client(&t, &name, &ip))
		return LINE_UNPARSED;
	if (text_behind(t, TEXT(", sasl_username="), &rest)) {
		login = rest;
		if (text_behind(rest, TEXT(", orig_queue_id="), &behind))
			login.n -= behind.n + sizeof ", orig_queue_id=" - 1;
		if (text_behind(login, TEXT(", sasl_sender="), &behind))
			login.n -= behind.n + sizeof ", sasl_sender=" - 1;
	}
	if (!queued) {
		if (login.n)
			life_session_login(life, line, login, &ip);
		return LINE_UNDERSTOOD;
	}
	if (t.n && !login.n && ip_is_local(&ip) && !text_holds(t, TEXT(", orig_queue_id=")) &&
	    text_behind(t, TEXT(", orig_client="), &rest) && take_client(&rest, &name, &real))
		ip = real;
	life_client(life, line, life_open(life, line, id), name, &ip, login);
	if (t.n && text_behind(t, TEXT(", orig_queue_id="), &first)) {
		first.n = text_find(first, ',');
		life_continues(life, line, life_open(life, line, id), first);
	}
	return LINE_UNDERSTOOD;
}

/* "warning: name[address]: SASL LOGIN authentication failed: reason, sasl_username=who" */
static enum line_kind smtpd_warning(struct life *life, const struct line *line, struct text t)
{
	struct text name, why, login = TEXT_NONE;
	struct ip ip;

	if (!take_client(&t, &name, &ip) || !text_starts(t, TEXT(": SASL ")) ||
	    !text_behind(t, TEXT(" authentication failed: "), &why))
		return LINE_UNDERSTOOD;
	if (text_starts(why, TEXT("Connection lost to authentication server")) || text_starts(why, TEXT("Invalid authentication mechanism")))
		return LINE_UNDERSTOOD; /* no password was tried */
	text_behind(why, TEXT(", sasl_username="), &login);
	if (text_is(login, TEXT("(unavailable)")))
		login = TEXT_NONE;
	life_smtp_failure(life, line, login, &ip);
	return LINE_UNDERSTOOD;
}

/* "END-OF-MESSAGE: 250 … queued as QID; from=…": a filter in front of the queue took the session's message */
static enum line_kind smtpd_proxy(struct life *life, const struct line *line, struct text t)
{
	struct text id, login;
	struct ip ip;

	t.n = text_find(t, ';');
	if (text_starts(t, TEXT("END-OF-MESSAGE: ")) && text_behind(t, TEXT(" queued as "), &id) &&
	    life_session(life, line, &login, &ip))
		life_adopt(life, line, life_open(life, line, id), &ip, login);
	return LINE_UNDERSTOOD;
}

static enum line_kind read_smtpd(struct life *life, const struct line *line)
{
	struct text t = line->text, id;

	if (t.n == 0)
		return LINE_UNPARSED;
	if (t.p[0] == 'd' && text_starts(t, TEXT("disconnect from "))) {
		life_session_end(life, line);
		return LINE_UNDERSTOOD;
	}
	if (t.p[0] == 'w' && text_starts(t, TEXT("warning: ")))
		return smtpd_warning(life, line, text_after(t, 9));
	if (take_id(&t, &id)) {
		if (text_starts(t, TEXT("client=")))
			return smtpd_client(life, line, id, text_after(t, 7));
		if (text_starts(t, TEXT("proxy-accept: ")))
			return smtpd_proxy(life, line, text_after(t, 14));
		return LINE_UNDERSTOOD; /* reject, discard, filter, hold, warn of one recipient or command */
	}
	if (text_starts(t, TEXT("proxy-accept: ")))
		return smtpd_proxy(life, line, text_after(t, 14));
	return text_starts_any(t, smtpd_plain) || about_tls(t) ? LINE_UNDERSTOOD : LINE_UNPARSED;
}

/* ---- delivery agents: "to=<a>, orig_to=<b>, relay=…, delay=…, delays=…, dsn=5.1.1, status=bounced (reply)" */

static bool agent_field(struct text *t, struct text name, struct text *value)
{
	if (!text_starts(*t, name))
		return false;
	*t = text_after(*t, name.n);
	*value = text_head(*t, text_find(*t, ','));
	*t = text_after(*t, value->n);
	return true;
}

static bool agent_result(struct text status, uint8_t *result)
{
	static const struct { const char *word; uint8_t result; } words[] = {
		{ "sent", RESULT_SENT }, { "bounced", RESULT_BOUNCED }, { "deferred", RESULT_DEFERRED }, { "expired", RESULT_BOUNCED },
		{ "SOFTBOUNCE", RESULT_DEFERRED },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (text_is(status, text_of(words[i].word))) {
			*result = words[i].result;
			return true;
		}
	}
	return false; /* deliverable, undeliverable: probes of the verify service */
}

static bool relay_ip(const struct life_outcome *outcome, struct ip *ip)
{
	struct text relay = outcome->relay, name;

	return take_client(&relay, &name, ip);
}

/* "250 2.7.0 Ok, discarded, id=12345-01 - spam": a filter of ours (amavis) took it, and nobody gets it */
static void heed_filter(struct life_outcome *outcome)
{
	struct ip ip;

	if (outcome->result == RESULT_SENT && text_starts(outcome->reply, TEXT("250 2.7.0 Ok, discarded")) &&
	    relay_ip(outcome, &ip) && ip_is_local(&ip)) {
		outcome->result = RESULT_BOUNCED;
		outcome->dsn = TEXT("5.7.1");
	}
}

/* "250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as QID" */
static void hand_over(struct life *life, const struct line *line, struct message *message,
		      const struct life_outcome *outcome)
{
	struct text copy;
	struct ip ip;

	if (outcome->result != RESULT_SENT || !relay_ip(outcome, &ip) ||
	    !text_behind(outcome->reply, TEXT(" queued as "), &copy))
		return;
	copy.n = text_span(copy, CHAR_ALNUM);
	if (copy.n >= QUEUE_ID_LEAST && copy.n <= QUEUE_ID_MOST)
		life_handed(life, line, message, &ip, copy);
}

/* the words of Dovecot's LMTP, and of local(8) and virtual(8) */
static bool is_saved(const struct life_outcome *outcome)
{
	return outcome->result == RESULT_SENT && outcome->local && !outcome->program &&
	       (text_ends(outcome->reply, TEXT(" Saved")) || text_starts(outcome->reply, TEXT("delivered to maildir")) ||
		text_starts(outcome->reply, TEXT("delivered to mailbox")));
}

enum agent { AGENT_REMOTE, AGENT_LOCAL, AGENT_PIPE };

static enum line_kind agent_outcome(struct life *life, const struct line *line, struct text id, struct text t,
				    enum agent agent)
{
	struct life_outcome outcome = { .local = agent != AGENT_REMOTE, .program = agent == AGENT_PIPE };
	struct text skip, status;

	if (!take_address(&t, &outcome.rcpt))
		return LINE_UNPARSED;
	if (text_starts(t, TEXT(", orig_to="))) {
		t = text_after(t, 10);
		if (!take_address(&t, &outcome.original))
			return LINE_UNPARSED;
	}
	agent_field(&t, TEXT(", relay="), &outcome.relay);
	agent_field(&t, TEXT(", conn_use="), &skip);
	agent_field(&t, TEXT(", delay="), &skip);
	agent_field(&t, TEXT(", delays="), &skip);
	agent_field(&t, TEXT(", tls="), &skip);
	agent_field(&t, TEXT(", dsn="), &outcome.dsn);
	if (!text_starts(t, TEXT(", status=")))
		return LINE_UNPARSED;
	t = text_after(t, 9);
	status = text_head(t, text_find(t, ' '));
	t = text_after(t, status.n);
	if (t.n > 3 && t.p[1] == '(')
		outcome.reply = text_between(t.p + 2, t.p + t.n - 1);
	if (agent_result(status, &outcome.result)) {
		heed_filter(&outcome);
		outcome.saved = is_saved(&outcome);
		hand_over(life, line, life_open(life, line, id), &outcome);
		life_outcome(life, line, life_open(life, line, id), &outcome);
	}
	return LINE_UNDERSTOOD;
}

/* ---- cleanup, qmgr, pickup, bounce, postsuper */

static enum line_kind read_cleanup(struct life *life, const struct line *line)
{
	struct text t = line->text, id;
	struct message *message;

	if (!take_id(&t, &id))
		return text_starts_any(t, any_plain) ? LINE_UNDERSTOOD : LINE_UNPARSED;
	if (text_starts(t, TEXT("message-id="))) {
		t = text_after(t, 11);
		if (t.n >= 2 && t.p[0] == '<' && t.p[t.n - 1] == '>')
			t = text_between(t.p + 1, t.p + t.n - 1);
		life_message_id(life, line, life_open(life, line, id), t);
	} else if (text_starts(t, TEXT("to="))) { /* what it gives up itself: an alias that expands for ever */
		return agent_outcome(life, line, id, text_after(t, 3), AGENT_REMOTE);
	} else if (text_starts(t, TEXT("milter-reject: END-OF-MESSAGE")) || text_starts(t, TEXT("reject: ")) ||
		   text_starts(t, TEXT("milter-reject: DATA")) || text_starts(t, TEXT("discard: ")) ||
		   text_starts(t, TEXT("milter-discard: "))) {
		message = life_known(life, line, id);
		if (message)
			life_refused(life, line, message);
	}
	return LINE_UNDERSTOOD;
}

/* the digits that end at `end`; where they begin */
static const char *digits_before(const char *start, const char *end)
{
	while (end > start && (unsigned)(end[-1] - '0') < 10)
		end--;
	return end;
}

/* "<sender>, size=1234, nrcpt=2 (queue active)": the sender may hold anything, so from the right */
static bool qmgr_from(struct text t, struct text *from, uint32_t *recipients)
{
	const char *at = memrchr(t.p, '=', t.n), *size;
	struct text count = at ? text_between(at + 1, t.p + t.n) : TEXT_NONE;
	uint64_t number;

	if (!at || at - t.p < 16 || memcmp(at - 7, ", nrcpt", 7) != 0)
		return false;
	if (!text_number(text_head(count, text_find(count, ' ')), UINT32_MAX, &number))
		return false;
	size = digits_before(t.p, at - 7);
	if (size - t.p < 9 || t.p[0] != '<' || memcmp(size - 8, ">, size=", 8) != 0)
		return false;
	*recipients = (uint32_t)number;
	*from = text_between(t.p + 1, size - 8);
	return true;
}

static enum line_kind read_qmgr(struct life *life, const struct line *line)
{
	struct text t = line->text, id, from;
	struct message *message;
	uint32_t recipients;

	if (!take_id(&t, &id))
		return text_starts_any(t, any_plain) ? LINE_UNDERSTOOD : LINE_UNPARSED;
	if (text_is(t, TEXT("removed"))) {
		message = life_known(life, line, id);
		if (message)
			life_end(life, line, message);
		return LINE_UNDERSTOOD;
	}
	if (text_starts(t, TEXT("to="))) /* no agent to be had: "mail transport unavailable" */
		return agent_outcome(life, line, id, text_after(t, 3), AGENT_REMOTE);
	if (!text_starts(t, TEXT("from=")))
		return LINE_UNDERSTOOD; /* "skipped, still being delivered" */
	t = text_after(t, 5);
	if (text_ends(t, TEXT(", status=expired, returned to sender")) ||
	    text_ends(t, TEXT(", status=force-expired, returned to sender"))) {
		message = life_known(life, line, id);
		if (message)
			life_expired(life, line, message);
		return LINE_UNDERSTOOD;
	}
	if (!qmgr_from(t, &from, &recipients))
		return LINE_UNPARSED;
	life_queued(life, line, life_open(life, line, id), from, recipients);
	return LINE_UNDERSTOOD;
}

static enum line_kind read_pickup(struct life *life, const struct line *line)
{
	struct text t = line->text, id, user, first;
	struct message *requeued;

	if (!take_id(&t, &id) || !text_starts(t, TEXT("uid=")))
		return text_starts_any(line->text, any_plain) ? LINE_UNDERSTOOD : LINE_UNPARSED;
	t = text_after(t, 4);
	user = text_head(t, text_find(t, ' '));
	life_local(life, line, life_open(life, line, id), user);
	if (text_behind(t, TEXT("> orig_id="), &first)) { /* postsuper -r: it goes on under this id */
		life_continues(life, line, life_open(life, line, id), first);
		requeued = life_known(life, line, first);
		if (requeued)
			life_end(life, line, requeued);
	}
	return LINE_UNDERSTOOD;
}

/* "QID: sender non-delivery notification: QID2" (also "sender delay", "postmaster non-delivery") */
static enum line_kind read_bounce(struct life *life, const struct line *line)
{
	struct text t = line->text, id, child;

	if (!take_id(&t, &id))
		return text_starts_any(t, any_plain) ? LINE_UNDERSTOOD : LINE_UNPARSED;
	if (text_behind(t, TEXT(" notification: "), &child) && child.n >= QUEUE_ID_LEAST && child.n <= QUEUE_ID_MOST)
		life_returned(life, line, life_open(life, line, id), child);
	return LINE_UNDERSTOOD;
}

static enum line_kind read_postsuper(struct life *life, const struct line *line)
{
	struct text t = line->text, id;
	struct message *message;

	if (take_id(&t, &id) && text_is(t, TEXT("removed")) && (message = life_known(life, line, id)))
		life_end(life, line, message);
	return LINE_UNDERSTOOD;
}

/* ---- smtp, lmtp, local, virtual, pipe, error … */

static enum line_kind read_agent(struct life *life, const struct line *line, enum agent agent)
{
	struct text t = line->text, id;

	if (take_id(&t, &id))
		return text_starts(t, TEXT("to=")) ? agent_outcome(life, line, id, text_after(t, 3), agent)
						   : LINE_UNDERSTOOD;
	return text_starts_any(t, agent_plain) || about_tls(t) ? LINE_UNDERSTOOD : LINE_UNPARSED;
}

static enum line_kind read_remote(struct life *life, const struct line *line) { return read_agent(life, line, AGENT_REMOTE); }
static enum line_kind read_local(struct life *life, const struct line *line) { return read_agent(life, line, AGENT_LOCAL); }
static enum line_kind read_pipe(struct life *life, const struct line *line) { return read_agent(life, line, AGENT_PIPE); }
static enum line_kind read_quiet(struct life *life, const struct line *line) { return LINE_UNDERSTOOD; }

/* ---- services: one row each */

static const struct service {
	struct text name;
	enum line_kind (*read)(struct life *life, const struct line *line);
} services[] = {
#define ROW(name, read) { HEAD(name), read }
	ROW("smtpd", read_smtpd),
	ROW("qmgr", read_qmgr),
	ROW("smtp", read_remote),
	ROW("cleanup", read_cleanup),
	ROW("lmtp", read_local),
	ROW("bounce", read_bounce),
	ROW("local", read_local),
	ROW("virtual", read_local),
	ROW("pipe", read_pipe),
	ROW("error", read_remote),
	ROW("retry", read_remote),
	ROW("discard", read_local),
	ROW("pickup", read_pickup),
	ROW("postsuper", read_postsuper),
	ROW("postscreen", read_quiet),
	ROW("dnsblog", read_quiet),
	ROW("anvil", read_quiet),
	ROW("tlsproxy", read_quiet),
	ROW("scache", read_quiet),
	ROW("tlsmgr", read_quiet),
	ROW("trivial-rewrite", read_quiet),
	ROW("verify", read_quiet),
	ROW("master", read_quiet),
	ROW("postfix-script", read_quiet),
	ROW("postlog", read_quiet),
	ROW("postlogd", read_quiet),
	ROW("postdrop", read_quiet),
	ROW("sendmail", read_quiet),
	ROW("postqueue", read_quiet),
	ROW("postmap", read_quiet),
	ROW("postalias", read_quiet),
	ROW("postconf", read_quiet),
	ROW("proxymap", read_quiet),
	ROW("flush", read_quiet),
	ROW("showq", read_quiet),
	ROW("spawn", read_quiet),
	ROW("oqmgr", read_qmgr),
	ROW("nqmgr", read_qmgr),
	ROW("trace", read_quiet),
	ROW("defer", read_quiet),
	ROW("postmulti", read_quiet),
	ROW("postkick", read_quiet),
#undef ROW
};

static struct text service_name(struct text program)
{
	const char *slash = memrchr(program.p, '/', program.n);

	return slash ? text_between(slash + 1, program.p + program.n) : TEXT_NONE;
}

static bool claims(struct text program)
{
	return service_name(program).n > 0;
}

enum { SERVICES = sizeof services / sizeof *services, SERVICE_OTHER = SERVICES + 1 };

static unsigned service_of(struct text program)
{
	struct text name = service_name(program);

	for (unsigned i = 0; i < SERVICES; i++)
		if (text_is(name, services[i].name))
			return i + 1;
	return SERVICE_OTHER;
}

static enum line_kind read_line(struct life *life, const struct line *line)
{
	unsigned service = line->service ? line->service : service_of(line->program);

	return service == SERVICE_OTHER ? LINE_FOREIGN : services[service - 1].read(life, line);
}

const struct format format_postfix = { "postfix", claims, service_of, read_line };
