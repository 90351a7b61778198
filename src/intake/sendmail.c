/* SPDX-License-Identifier: Apache-2.0 */
/* sendmail 8.12 to 8.18. Senders, recipients and Message-IDs are other people's words: they are stepped over whole,
 * quotes and all, and where sendmail cut one (200 and 100 bytes) it ends there. In a from= line relay= stands last,
 * and the last "[…]" in it is the address, for an ident may stand before it; stat= reaches up to the end of its
 * line. A login has no queue id: the next from= of the same process and address is its mail. No line closes a
 * message: it ends with its last recipient. */
#include "intake/format.h"
#include "intake/life.h"

enum { ID_LEAST = 7, ID_MOST = 20, FROM_MAX = 200, MESSAGE_ID_MAX = 100 };

/* "QID: rest"; other words before a colon have no digit */
static bool take_id(struct text *t, struct text *id)
{
	size_t n = 0;
	bool digit = false;

	while (n < t->n && n <= ID_MOST && ((unsigned)((t->p[n] | 0x20) - 'a') < 26 || (unsigned)(t->p[n] - '0') < 10))
		digit |= (unsigned)(t->p[n++] - '0') < 10;
	if (n < ID_LEAST || n > ID_MOST || !digit || n + 2 > t->n || t->p[n] != ':' || t->p[n + 1] != ' ')
		return false;
	*id = text_head(*t, n);
	*t = text_after(*t, n + 2);
	return true;
}

/* "<address>", "\"|program\"" or "user" at the start of t, of at most `most` bytes */
static size_t address_length(struct text t, size_t most)
{
	char end = t.n && t.p[0] == '<' ? '>' : ',';
	bool quoted = false;
	size_t n = 0;

	if (t.n > most)
		t.n = most;
	for (; n < t.n && (quoted || t.p[n] != end); n++) {
		if (t.p[n] == '"')
			quoted = !quoted;
		else if (t.p[n] == '\\' && n + 1 < t.n)
			n++;
	}
	return n < t.n && end == '>' ? n + 1 : n;
}

static struct text without_angles(struct text t)
{
	if (t.n && t.p[0] == '<')
		t = text_after(t, 1);
	if (t.n && t.p[t.n - 1] == '>')
		t.n--;
	return t;
}

/* what stands before and behind the last `mark`, which begins with a comma */
static bool split_last(struct text t, struct text mark, struct text *before, struct text *behind)
{
	struct text left = t;
	const char *comma;

	while ((comma = memrchr(left.p, ',', left.n))) {
		left = text_between(t.p, comma);
		if (text_starts(text_between(comma, t.p + t.n), mark)) {
			*behind = text_between(comma + mark.n, t.p + t.n);
			*before = left;
			return true;
		}
	}
	return false;
}

/* "name [address] (may be forged)"; false without an address */
static bool relay_address(struct text relay, struct text *name, struct ip *ip)
{
	const char *close = relay.n ? memrchr(relay.p, ']', relay.n) : NULL;
	const char *open = close ? memrchr(relay.p, '[', (size_t)(close - relay.p)) : NULL;

	if (!open || !ip_parse(text_between(open + 1, close), ip))
		return false;
	*name = text_trim(text_between(relay.p, open));
	return true;
}

/* ---- "from=<a@b>, size=1, class=0, nrcpts=1, msgid=<c>, proto=ESMTPSA, daemon=MTA, relay=name [address]" */

struct arrival {
	struct text from, message_id, relay;
	uint64_t recipients;
};

static bool parse_from(struct text t, struct arrival *arrival)
{
	size_t n = address_length(t, FROM_MAX);

	arrival->from = without_angles(text_head(t, n));
	t = text_after(t, n);
	if (!split_last(t, TEXT(", relay="), &t, &arrival->relay) || !text_behind(t, TEXT(", nrcpts="), &t))
		return false;
	n = text_find(t, ',');
	if (!text_number(text_head(t, n), UINT32_MAX, &arrival->recipients))
		return false;
	t = text_after(t, n);
	if (text_starts(t, TEXT(", msgid="))) {
		t = text_after(t, 8);
		arrival->message_id = without_angles(text_head(t, address_length(t, MESSAGE_ID_MAX)));
	}
	return true;
}

static void tell_origin(struct life *life, const struct line *line, struct text id, const struct arrival *arrival)
{
	struct text name, who, login = TEXT_NONE;
	struct ip ip, session;

	if (relay_address(arrival->relay, &name, &ip)) {
		if (line->pid && life_session(life, line, &who, &session) && ip_equal(&ip, &session))
			login = who;
		life_client(life, line, life_open(life, line, id), name, &ip, login);
	} else if (text_find(arrival->relay, '[') == arrival->relay.n) { /* "www-data@localhost", "localhost" */
		name = text_find(arrival->relay, '@') < arrival->relay.n ? arrival->relay : arrival->from;
		life_local(life, line, life_open(life, line, id), text_head(name, text_find(name, '@')));
	} /* "[RESPONSE]": sendmail's own */
}

static enum line_kind read_from(struct life *life, const struct line *line, struct text id, struct text t)
{
	struct arrival arrival = { .recipients = 0 };

	if (!parse_from(t, &arrival))
		return LINE_UNPARSED;
	if (arrival.recipients == 0)
		return LINE_UNDERSTOOD; /* nobody was accepted: no message */
	tell_origin(life, line, id, &arrival);
	if (arrival.message_id.n)
		life_message_id(life, line, life_open(life, line, id), arrival.message_id);
	life_queued(life, line, life_open(life, line, id), arrival.from, (uint32_t)arrival.recipients);
	life_closes_itself(life_open(life, line, id));
	return LINE_UNDERSTOOD;
}

/* ---- "to=<a>,<b>, ctladdr=<c> (1/1), delay=…, mailer=esmtp, pri=…, relay=…, dsn=2.0.0, stat=Sent (…)" */

/* ", key=value"; "[more]" has no key. What a remote host said is the last field, or all before it. */
static bool take_field(struct text *t, struct text *key, struct text *value)
{
	const struct text stat = TEXT(", stat=");
	const char *end;
	size_t n;

	if (!text_starts(*t, TEXT(", ")))
		return false;
	*t = text_after(*t, 2);
	n = text_find(*t, '=');
	*key = text_find(*t, ',') < n ? TEXT_NONE : text_head(*t, n);
	if (key->n)
		*t = text_after(*t, n < t->n ? n + 1 : n);
	n = t->n && t->p[0] == '<' ? address_length(*t, t->n) : 0;
	if (text_is(*key, TEXT("stat")))
		end = NULL;
	else if (text_is(*key, TEXT("reply")))
		end = memmem(t->p, t->n, stat.p, stat.n);
	else
		end = memmem(t->p + n, t->n - n, ", ", 2);
	*value = end ? text_between(t->p, end) : *t;
	*t = text_after(*t, value->n);
	return true;
}

static bool result_of(struct text dsn, struct text stat, uint8_t *result)
{
	if (stat.n == 0 || text_starts(stat, TEXT("queued")))
		return false;
	if (dsn.n && (dsn.p[0] == '2' || dsn.p[0] == '4'))
		*result = dsn.p[0] == '2' ? RESULT_SENT : RESULT_DEFERRED;
	else if (dsn.n)
		*result = RESULT_BOUNCED;
	else
		*result = text_starts(stat, TEXT("Sent")) ? RESULT_SENT : text_starts(stat, TEXT("Deferred")) ? RESULT_DEFERRED : RESULT_BOUNCED;
	return true;
}

static bool parse_outcome(struct text t, struct life_outcome *outcome)
{
	struct text key, value, stat = TEXT_NONE;

	while (take_field(&t, &key, &value)) {
		if (text_is(key, TEXT("ctladdr")))
			outcome->original = without_angles(text_head(value, text_find(value, ' ')));
		else if (text_is(key, TEXT("mailer")))
			outcome->local = text_is(value, TEXT("local")) || text_is(value, TEXT("prog")) || text_is(value, TEXT("*file*"));
		else if (text_is(key, TEXT("relay")))
			outcome->relay = value;
		else if (text_is(key, TEXT("dsn")))
			outcome->dsn = value;
		else if (text_is(key, TEXT("reply")))
			outcome->reply = value;
		else if (text_is(key, TEXT("stat")))
			stat = value;
	}
	if (!outcome->reply.n)
		outcome->reply = text_starts(stat, TEXT("Sent (")) ? text_between(stat.p + 6, stat.p + stat.n - text_ends(stat, TEXT(")"))) : stat;
	return result_of(outcome->dsn, stat, &outcome->result);
}

static enum line_kind read_to(struct life *life, const struct line *line, struct text id, struct text t)
{
	struct life_outcome outcome = { .result = RESULT_SENT };
	struct text list = t;
	struct message *message;
	size_t n;

	for (;;) { /* recipients have only a comma between them, fields a blank too */
		t = text_after(t, address_length(t, t.n));
		if (t.n < 2 || t.p[0] != ',' || t.p[1] == ' ')
			break;
		t = text_after(t, 1);
	}
	list.n -= t.n;
	if (!list.n || !text_starts(t, TEXT(", ")))
		return LINE_UNPARSED;
	if (!parse_outcome(t, &outcome))
		return LINE_UNDERSTOOD;
	/* the last outcome ends the message: it is looked for each time */
	while (list.n && (message = life_known(life, line, id))) {
		n = address_length(list, list.n);
		outcome.rcpt = without_angles(text_head(list, n));
		list = text_after(list, n < list.n ? n + 1 : n);
		if (outcome.rcpt.n)
			life_outcome(life, line, message, &outcome);
	}
	return LINE_UNDERSTOOD;
}

/* ---- other lines of a message */

/* "QID: QID2: DSN: User unknown": QID2 takes it back to the sender */
static enum line_kind read_child(struct life *life, const struct line *line, struct text id, struct text child, struct text t)
{
	static const char *const kinds[] = { "DSN: ", "return to sender: ", "sender notify: ", "postmaster notify: ", NULL };
	struct message *message = life_known(life, line, id);

	for (size_t i = 0; kinds[i]; i++) {
		if (!text_starts(t, text_of(kinds[i])))
			continue;
		t = text_after(t, strlen(kinds[i]));
		if (!message || text_starts(t, TEXT("Warning:")) || text_starts(t, TEXT("could not send")) || text_starts(t, TEXT("Return receipt")))
			return LINE_UNDERSTOOD;
		if (text_starts(t, TEXT("Cannot send")))
			life_expired(life, line, message);
		life_returned(life, line, message, child);
		return LINE_UNDERSTOOD;
	}
	return text_starts(t, TEXT("clone")) || text_starts(t, TEXT("owner")) ? LINE_UNDERSTOOD : LINE_UNPARSED;
}

/* true where the line says that the message is gone */
static bool read_end(struct life *life, const struct line *line, struct text id, struct text t)
{
	struct message *message;

	if (text_starts(t, TEXT("Milter: data, reject"))) {
		if ((message = life_known(life, line, id)))
			life_refused(life, line, message);
		return true;
	}
	if (!text_starts(t, TEXT("done;")) && !text_is(t, TEXT("removed")) && !text_starts(t, TEXT("Milter: data, discard")) &&
	    !text_is(t, TEXT("discarded")))
		return false;
	if ((message = life_known(life, line, id)))
		life_end(life, line, message);
	return true;
}

/* ---- logins */

/* behind "AUTH=server, ": "relay=name [address], authid=user, mech=LOGIN, bits=0" */
static enum line_kind read_login(struct life *life, const struct line *line, struct text t)
{
	struct text mech, who, name;
	struct ip ip;

	if (!split_last(t, TEXT(", mech="), &t, &mech) || !split_last(t, TEXT(", authid="), &t, &who))
		return LINE_UNPARSED;
	if (relay_address(t, &name, &ip) && who.n) {
		life_session_end(life, line); /* nothing else tells that the one before ended */
		life_session_login(life, line, who, &ip);
	}
	return LINE_UNDERSTOOD;
}

/* "AUTH failure (LOGIN): authentication failure (-13) SASL(-13): …, user=who, relay=name [address]" */
static enum line_kind read_auth_failure(struct life *life, const struct line *line, struct text t)
{
	struct text rest, relay, name, who = TEXT_NONE;
	struct ip ip;

	if (!text_behind(t, TEXT("): "), &rest) || !text_behind(rest, TEXT(" ("), &rest))
		return LINE_UNPARSED;
	if (!text_starts(rest, TEXT("-13)")) && !text_starts(rest, TEXT("-20)")))
		return LINE_UNDERSTOOD; /* the server's own trouble */
	if (!split_last(t, TEXT(", relay="), &t, &relay) || !relay_address(relay, &name, &ip))
		return LINE_UNDERSTOOD; /* before 8.13: nobody knows whose */
	text_behind(t, TEXT(", user="), &who);
	if (text_find(who, ' ') < who.n)
		who = TEXT_NONE;
	life_smtp_failure(life, line, who, &ip);
	return LINE_UNDERSTOOD;
}

/* ---- everything else */

static bool without_meaning(struct text t)
{
	static const char *const heads[] = { "STARTTLS", "AUTH", "ruleset=", "Authentication-Warning:", "SYSERR", "Milter", "milter=",
		"lost ", "collect:", "timeout ", "NOQUEUE", "--- ", "<-- ", "<", "connect from ", "Null connection", "starting daemon",
		"started as", "restarting ", "stopping ", "rejecting ", "accepting ", "alias database", "/etc/", "/var/", "forward ", "gethostby",
		"getrequests", "grew WorkList", "locked", "Losing ", "quarantine", "truncated", "unable to", "makeconnection", "putbody", "putout",
		"smtpquit", "savemail", "Saved message", "return receipt", "Warning", "WARNING", "tls_", "TLS", "SSL", "ETRN", "VRFY", "EXPN",
		"EHLO", "HELO", "daemon ", "daemon=", "header", "hostname", "host", "possible SMTP attack", "error ", "fill_fd", "Cannot",
		"cannot", "can't", "Can't", "runqueue", "dropenvelope", "unlock", "tempfail", "low on", "hash map", "dbm map", "hash ", "dbm ",
		"engine", "SASL", "My unqualified", "trust", "skipping", "WorkList", "invalid", "size=", "split", "clone", "owner", "deny",
		"queue", "Queue", "config", "Losing", "DNS", "DIGEST-MD5", "CRAM-MD5", "PAM", "malformed", "bad ", "mail ", "message ", "no ", "ident ",
		"Remote ", "remote ", "safe", "socket", "opendaemonsocket", "problem", "reset", "probe", "pre-greeting", "reject=", "relay=", "arg1=",
		"ctladdr=", "delay=", "mailer=", "stat=", "dsn=", NULL };

	for (size_t i = 0; heads[i] && t.n; i++)
		if (heads[i][0] == t.p[0] && text_starts(t, text_of(heads[i])))
			return true;
	return text_holds(t, TEXT(" did not issue MAIL/EXPN/VRFY/ETRN")) || text_holds(t, TEXT("possible SMTP attack")) ||
	       text_holds(t, TEXT("... ")) || text_holds(t, TEXT(": Connection "));
}

static bool claims(struct text program)
{
	return text_starts(program, TEXT("sendmail")) || text_starts(program, TEXT("sm-"));
}

static enum line_kind read_line(struct life *life, const struct line *line)
{
	struct text t = line->text, id = TEXT_NONE, child;

	if (take_id(&t, &id)) {
		if (text_starts(t, TEXT("to=")))
			return read_to(life, line, id, text_after(t, 3));
		if (text_starts(t, TEXT("from=")))
			return read_from(life, line, id, text_after(t, 5));
		if (take_id(&t, &child))
			return read_child(life, line, id, child, t);
		if (read_end(life, line, id, t))
			return LINE_UNDERSTOOD;
	} else if (text_starts(t, TEXT("NOQUEUE: "))) {
		t = text_after(t, 9);
	}
	if (text_starts(t, TEXT("AUTH=server, ")))
		return read_login(life, line, text_after(t, 13));
	if (text_starts(t, TEXT("AUTH failure (")))
		return read_auth_failure(life, line, t);
	return without_meaning(t) ? LINE_UNDERSTOOD : LINE_UNPARSED;
}

const struct format format_sendmail = { "sendmail", claims, NULL, read_line };
