/* SPDX-License-Identifier: Apache-2.0 */
/* Exim 4.9x: main log and reject log, from files and through syslog. Read from left to right, and where clients,
 * senders or remote hosts wrote something it is stepped over whole, or ends the reading:
 * - a helo stands in "(…)" before the address, and has no blank unless helo_accept_junk_hosts lets one in;
 * - T="…", DN="…", id="…"@…, C="…": a backslash escapes, and nothing inside is looked at;
 * - an ident (U=) stands before P=, so whatever was read before P= is forgotten there; A= stands behind P= and
 *   before T=, and what follows " for " is only counted;
 * - a failed login's set_id reaches up to the end of the line. */
#include "intake/format.h"
#include "intake/life.h"

enum {
	ID_OLD = 16,       /* 1abcde-000ABC-12 */
	ID_NEW = 23,       /* 1abcde-00000000ABC-1234, since 4.97 */
	LINE_FULL = 7800,  /* bytes from which on Exim's 8 kB buffer may have cut the list of recipients */
};

static bool digits(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned)(p[i] - '0') > 9)
			return false;
	return true;
}

static bool alphanumeric(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned)((p[i] | 0x20) - 'a') > 25 && (unsigned)(p[i] - '0') > 9)
			return false;
	return true;
}

/* is the start of t, `middle` bytes between the dashes, an id that ends there? */
static bool id_at(struct text t, size_t middle, size_t last)
{
	size_t n = 6 + 1 + middle + 1 + last;

	return t.n >= n && (t.n == n || t.p[n] == ' ') && t.p[6] == '-' && t.p[7 + middle] == '-' && alphanumeric(t.p, 6) &&
	       alphanumeric(t.p + 7, middle) && alphanumeric(t.p + 8 + middle, last);
}

/* "ID rest" */
static bool take_id(struct text *t, struct text *id)
{
	size_t n = id_at(*t, 6, 2) ? ID_OLD : id_at(*t, 11, 4) ? ID_NEW : 0;

	if (!n)
		return false;
	*id = text_head(*t, n);
	*t = text_after(*t, n < t->n ? n + 1 : n);
	return true;
}

/* ---- what syslog puts before a line */

/* "[2/5] ", or "[2\5] " where the line broke: the number of the piece, 0 where it is no piece */
static uint64_t take_piece(struct text *t)
{
	struct text rest = *t, piece;
	uint64_t number;
	size_t n;

	if (rest.n < 6 || rest.p[0] != '[' || !text_cut(&rest, ' ', &piece) || piece.p[piece.n - 1] != ']')
		return 0;
	piece = text_between(piece.p + 1, piece.p + piece.n - 1);
	n = text_find(piece, '/');
	if (n == piece.n)
		n = text_find(piece, '\\');
	if (n == piece.n || !digits(piece.p + n + 1, piece.n - n - 1) || !text_number(text_head(piece, n), UINT32_MAX, &number))
		return 0;
	*t = rest;
	return number;
}

/* "2022-06-29 16:04:05.123 ": Exim's own stamp, behind that of syslog */
static struct text without_stamp(struct text t)
{
	size_t n = 19;

	if (t.n < 20 || t.p[4] != '-' || t.p[7] != '-' || t.p[10] != ' ' || t.p[13] != ':' || t.p[16] != ':' || !digits(t.p, 4))
		return t;
	if (t.p[n] == '.')
		n++;
	while (n < t.n && digits(t.p + n, 1))
		n++;
	return text_after(t, n < t.n ? n + 1 : n);
}

/* "+0900 [4711] " */
static struct text without_zone_and_pid(struct text t)
{
	size_t n;

	if (t.n > 6 && (t.p[0] == '+' || t.p[0] == '-') && digits(t.p + 1, 4) && t.p[5] == ' ')
		t = text_after(t, 6);
	n = t.n && t.p[0] == '[' ? text_find(t, ' ') : 0;
	return n > 2 && n < t.n && t.p[n - 1] == ']' && digits(t.p + 1, n - 2) ? text_after(t, n + 1) : t;
}

/* ---- words and addresses */

/* at a quote: how many bytes there are up to and with the closing one */
static size_t quoted_length(struct text t)
{
	size_t n = 1;

	while (n < t.n && t.p[n] != '"')
		n += t.p[n] == '\\' ? 2 : 1;
	return n < t.n ? n + 1 : t.n;
}

/* up to a blank that stands in no quotes */
static struct text take_word(struct text *t)
{
	struct text word;
	size_t n = 0;

	while (t->n && t->p[0] == ' ')
		*t = text_after(*t, 1);
	while (n < t->n && t->p[n] != ' ')
		n += t->p[n] == '"' ? quoted_length(text_after(*t, n)) : 1;
	word = text_head(*t, n);
	*t = text_after(*t, n);
	return word;
}

/* an address that cannot be read is an unknown one */
static bool take_bracket(struct text *t, struct ip *ip)
{
	size_t close = text_find(*t, ']');

	if (close == t->n || t->p[0] != '[')
		return false;
	if (!ip_parse(text_between(t->p + 1, t->p + close), ip))
		*ip = (struct ip){ { 0 } };
	*t = text_after(*t, close + 1);
	return true;
}

/* behind "(": moves to the "[" that follows the helo. Where only the server's fields stand behind it, it is the
 * last one before any quote; elsewhere the first, unless the helo has a blank. */
static bool skip_helo(struct text *t, bool before_fields)
{
	const char *helo = t->p, *end = t->p + t->n, *quote = helo + text_find(*t, '"');
	struct text rest = *t;
	bool found = false;

	while (text_behind(rest, TEXT(") ["), &rest) && (!found || rest.p < quote)) {
		*t = text_between(rest.p - 1, end);
		found = true;
		if (!before_fields && !memchr(helo, ' ', (size_t)(rest.p - 3 - helo)))
			break;
	}
	return found;
}

/* "name (helo) [address]", each but the last may be missing; t is left behind the "]" */
static bool take_client(struct text *t, bool before_fields, struct text *name, struct ip *ip)
{
	struct text rest = *t, host = TEXT_NONE;

	if (rest.n && rest.p[0] != '(' && rest.p[0] != '[' && !text_cut(&rest, ' ', &host))
		return false;
	if (rest.n && rest.p[0] == '(') {
		rest = text_after(rest, 1);
		if (!skip_helo(&rest, before_fields))
			return false;
	}
	if (!rest.n || !take_bracket(&rest, ip))
		return false;
	*name = host;
	*t = rest;
	return true;
}

/* ---- "<=": a message came in */

struct arrival {
	struct text from, parent, name, user, protocol, login, message_id;
	struct ip ip;
	bool client;
	uint32_t recipients;
};

/* "plain_server:login", with +smtp_mailauth also ":sender" */
static struct text login_of(struct text value)
{
	struct text authenticator;

	if (!text_cut(&value, ':', &authenticator))
		return TEXT_NONE;
	return text_head(value, text_find(value, ':'));
}

static void arrival_field(struct arrival *arrival, struct text key, struct text value)
{
	switch (key.n == 1 ? key.p[0] : key.n == 2 && key.p[0] == 'i' && key.p[1] == 'd' ? 'i' : 0) {
	case 'R':
		if (!arrival->client && !arrival->protocol.n)
			arrival->parent = value;
		break;
	case 'U':
		arrival->user = value;
		break;
	case 'P':
		arrival->protocol = value;
		arrival->login = TEXT_NONE;
		break;
	case 'A':
		if (arrival->protocol.n)
			arrival->login = login_of(value);
		break;
	case 'i':
		arrival->message_id = value;
		break;
	default:
		break;
	}
}

static uint32_t words_in(struct text t)
{
	uint32_t count = 0;

	while (take_word(&t).n)
		count++;
	return count;
}

static bool arrival_fields(struct text t, struct arrival *arrival)
{
	bool subject = false;
	struct text word, key;

	while ((word = take_word(&t)).n) {
		if (text_is(word, TEXT("for"))) {
			arrival->recipients = words_in(t);
			break;
		}
		if (text_is(word, TEXT("from"))) {
			take_word(&t);
		} else if (!subject && text_starts(word, TEXT("H=")) && !arrival->protocol.n) {
			t = text_between(word.p + 2, t.p + t.n);
			arrival->client = take_client(&t, true, &arrival->name, &arrival->ip);
			if (!arrival->client)
				return false;
		} else if (!subject && text_cut(&word, '=', &key)) {
			subject = text_is(key, TEXT("T"));
			arrival_field(arrival, key, word);
		}
	}
	return arrival->protocol.n > 0;
}

static enum line_kind read_arrival(struct life *life, const struct line *line, struct text id, struct text t, bool whole)
{
	struct arrival arrival = { .from = take_word(&t) };
	struct message *parent;
	bool own;

	if (!arrival.from.n || !arrival_fields(t, &arrival))
		return LINE_UNPARSED;
	if (text_is(arrival.from, TEXT("<>")))
		arrival.from = TEXT_NONE;
	own = !arrival.from.n && arrival.parent.n; /* a bounce, a warning: Exim's own */
	if (own && (parent = life_known(life, line, arrival.parent)))
		life_returned(life, line, parent, id);
	if (arrival.client || arrival.login.n)
		life_client(life, line, life_open(life, line, id), arrival.name, &arrival.ip, arrival.login);
	else if (arrival.user.n && !own)
		life_local(life, line, life_open(life, line, id), arrival.user);
	if (arrival.message_id.n)
		life_message_id(life, line, life_open(life, line, id), arrival.message_id);
	life_queued(life, line, life_open(life, line, id), arrival.from,
		    whole && line->text.n < LINE_FULL ? arrival.recipients : 0);
	return LINE_UNDERSTOOD;
}

/* ---- "=>", "->", "**", "==" and the like: what became of a recipient */

/* pipes, files and ":blackhole:" may hold blanks: up to what follows a recipient */
static struct text take_odd_recipient(struct text *t)
{
	static const char *const behind[] = { " <", " R=", ": " };
	struct text rcpt = *t, rest;

	for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
		if (text_behind(*t, text_of(behind[i]), &rest)) {
			rcpt = text_between(t->p, rest.p - strlen(behind[i]));
			break;
		}
	}
	*t = text_after(*t, rcpt.n);
	return rcpt;
}

/* "rcpt (between, between) <original>"; t is left at what follows */
static void take_recipient(struct text *t, struct text *rcpt, struct text *original)
{
	bool odd = t->n && (t->p[0] == '|' || t->p[0] == '/' || t->p[0] == ':' || text_starts(*t, TEXT("save ")));
	size_t n;

	*rcpt = odd ? take_odd_recipient(t) : take_word(t);
	if (rcpt->n > 1 && rcpt->p[rcpt->n - 1] == ':' && !odd) { /* "rcpt: reason" */
		rcpt->n--;
		*t = text_between(rcpt->p + rcpt->n, t->p + t->n);
	}
	if (text_starts(*t, TEXT(" ("))) {
		n = text_find(*t, ')');
		*t = text_after(*t, n < t->n ? n + 1 : n);
	}
	if (text_starts(*t, TEXT(" <"))) {
		*t = text_after(*t, 2);
		n = t->n && t->p[0] == '"' ? quoted_length(*t) : 0;
		n += text_find(text_after(*t, n), '>');
		*original = text_head(*t, n);
		*t = text_after(*t, n < t->n ? n + 1 : n);
	}
	/* a mailbox, a pipe or a file of this machine: the address is what people know */
	if (odd ? original->n > 0 : original->n > rcpt->n && original->p[rcpt->n] == '@' && text_starts(*original, *rcpt)) {
		*rcpt = *original;
		*original = TEXT_NONE;
	}
}

/* "name [address]", at "name" */
static struct text take_relay(struct text *t)
{
	size_t n = text_find(*t, ' ');
	struct text relay;

	if (n + 1 < t->n && t->p[n + 1] == '[')
		n += text_find(text_after(*t, n), ']') + 1;
	else if (n && t->p[n - 1] == ':')
		n--;
	relay = text_head(*t, n < t->n ? n : t->n);
	*t = text_after(*t, relay.n);
	return relay;
}

/* "SMTP error from remote mail server after RCPT TO:<x>: 550 …": what the remote host said begins with its code */
static struct text said(struct text reason)
{
	for (size_t i = 0; i + 6 < reason.n; i++)
		if (reason.p[i] == ':' && reason.p[i + 1] == ' ' && digits(reason.p + i + 2, 3) &&
		    (reason.p[i + 5] == ' ' || reason.p[i + 5] == '-'))
			return text_after(reason, i + 2);
	return reason;
}

/* the fields up to the first word that ends in ":", and the reason behind it */
static void delivery_fields(struct text t, struct life_outcome *outcome)
{
	struct text word;

	while ((word = take_word(&t)).n) {
		if (text_starts(word, TEXT("H="))) {
			t = text_between(word.p + 2, t.p + t.n);
			outcome->relay = take_relay(&t);
		} else if (text_starts(word, TEXT("C=\"")) && word.n > 4) {
			outcome->reply = text_between(word.p + 3, word.p + word.n - 1);
		} else if (word.p[word.n - 1] == ':' && outcome->result != RESULT_SENT) {
			outcome->reply = said(text_trim(t));
			return;
		}
	}
}

static enum line_kind read_delivery(struct life *life, const struct line *line, struct message *message, struct text t, uint8_t result)
{
	struct life_outcome outcome = { .result = result };

	take_recipient(&t, &outcome.rcpt, &outcome.original);
	if (!outcome.rcpt.n)
		return LINE_UNPARSED;
	if (!message)
		return LINE_UNDERSTOOD; /* it came in before the log begins */
	delivery_fields(t, &outcome);
	if (result == RESULT_DEFERRED)
		outcome.dsn = TEXT("4.0.0");
	outcome.local = result == RESULT_SENT && !outcome.relay.n;
	life_outcome(life, line, message, &outcome);
	return LINE_UNDERSTOOD;
}

/* ---- other lines about a message */

static bool one_of(const char *const *words, struct text t)
{
	for (; *words && t.n; words++)
		if (**words == t.p[0] && text_starts(t, text_of(*words)))
			return true;
	return false;
}

static enum line_kind read_message(struct life *life, const struct line *line, struct text id, struct text t)
{
	static const char *const plain[] = { "Frozen", "frozen ", "Unfrozen", "unfrozen ", "Message ", "message ", "no immediate delivery",
		"H=", "U=", "F=", "Spool ", "spool ", "SMTP ", "LMTP ", "TLS ", "Remote host ", "Malformed SMTP", "DKIM", "PDKIM", "ARC",
		"DMARC", "SPF", "Warning", "warning", "Sender ", "sender ", "User ", "qualify/rewrite:", "rewrite", "locked",
		"Format error", "Unable to", "unable to", "Error", "error", "Failed", "failed", "failure", "no host name", "no IP address",
		"malware", "spam ", "skipped", "was ", "DNS", "address ", "return message", "retry", "Retry", "Delivery", "delivery", "host ",
		"transport ", "Too ", "too many", "removing ", "rejected ", "temporarily rejected", "discarded", "dropped", "queued ",
		"Data file", "data file", "Taint", "PRDR", "CHUNKING", "no recipients", "recipients ", "Recipients ", "Process ", "Exim ",
		"daemon", "appendfile", "pipe", "log", "cancelled", "save", "open", "original", "Received", "ident", "lost ", "unexpected ",
		"list ", "all ", "system filter", "filter", "Could not", "could not", "Cannot", "cannot", "mail loop", "Loop", NULL };
	struct message *message = life_known(life, line, id);

	if (text_starts(t, TEXT("Completed")) || text_starts(t, TEXT("removed by "))) {
		if (message)
			life_end(life, line, message);
		return LINE_UNDERSTOOD;
	}
	if (text_starts(t, TEXT("cancelled by "))) {
		if (message)
			life_expired(life, line, message);
		return LINE_UNDERSTOOD;
	}
	if (message && (text_starts(t, TEXT("H=")) || text_starts(t, TEXT("F=")) || text_starts(t, TEXT("U="))) &&
	    text_holds(t, TEXT(" rejected after DATA"))) {
		life_refused(life, line, message);
		return LINE_UNDERSTOOD;
	}
	if (one_of(plain, t) || text_ends(t, TEXT(": error ignored")) || text_holds(t, TEXT(" router: ")) ||
	    text_holds(t, TEXT(" transport: ")) || text_holds(t, TEXT(" transport output: ")))
		return LINE_UNDERSTOOD;
	return LINE_UNPARSED;
}

static enum line_kind read_marked(struct life *life, const struct line *line, struct text id, struct text t, bool whole)
{
	static const struct {
		char mark[3];
		uint8_t result;
	} marks[] = {
		{ "=>", RESULT_SENT }, { "->", RESULT_SENT }, { "**", RESULT_BOUNCED }, { "==", RESULT_DEFERRED },
		{ ">>", RESULT_SENT }, { "*>", RESULT_SENT },
	};
	struct text body;

	if (t.n < 3 || t.p[2] != ' ')
		return read_message(life, line, id, t);
	body = text_after(t, 3);
	if (text_starts(t, TEXT("<=")) || text_starts(t, TEXT("(=")))
		return read_arrival(life, line, id, body, whole);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (t.p[0] != marks[i].mark[0] || t.p[1] != marks[i].mark[1])
			continue;
		/* a cutthrough delivery stands before the arrival */
		return read_delivery(life, line, t.p[0] == '>' ? life_open(life, line, id) : life_known(life, line, id), body,
				     marks[i].result);
	}
	return read_message(life, line, id, t);
}

/* ---- lines about no message */

/* "NAME authenticator failed for host (helo) [address]:port I=[…]:25: 535 Incorrect authentication data (set_id=who)" */
static enum line_kind read_auth_failure(struct life *life, const struct line *line, struct text t)
{
	const struct text wrong = TEXT("535 Incorrect authentication data"), set_id = TEXT(" (set_id=");
	struct text name, why, who = TEXT_NONE;
	struct ip ip;

	if (text_starts(t, TEXT("H=")))
		t = text_after(t, 2);
	if (!take_client(&t, false, &name, &ip))
		return LINE_UNDERSTOOD; /* handed in on the machine itself */
	if (!text_behind(t, TEXT(": "), &why))
		return LINE_UNPARSED;
	if (!text_starts(why, wrong))
		return LINE_UNDERSTOOD; /* 435, 501: nobody knows whether the password was wrong */
	why = text_after(why, wrong.n);
	if (text_starts(why, set_id) && why.p[why.n - 1] == ')')
		who = text_between(why.p + set_id.n, why.p + why.n - 1);
	if (text_find(who, ' ') < who.n)
		who = TEXT_NONE; /* no account is called that: somebody wrote it for our eyes */
	if (!life_heard_before(life, line)) /* in the main log, or in the reject log */
		life_smtp_failure(life, line, who, &ip);
	return LINE_UNDERSTOOD;
}

static enum line_kind read_other(struct life *life, const struct line *line, struct text t)
{
	static const char *const plain[] = { "H=", "U=", "SMTP ", "TLS ", "Start queue run", "End queue run", "exim ", "Exim ", "cwd=",
		"Connections=", "refused connection", "connection from", "Connection from", "Connection ", "connection ", "no host name found",
		"no IP address found", "no MX", "unexpected disconnection", "ETRN ", "VRFY ", "EXPN ", "rejected ", "temporarily rejected",
		"Warning", "warning", "pid ", "daemon", "Daemon", "failed", "Failed", "auth", "log", "Log", "LOG", "lost ", "too many", "Too many",
		"queue", "Queue", "DNS", "DANE", "list matching", "host ", "socket", "mac ", "sender ", "Sender ", "malware", "spam", "clamd",
		"Process ", "process ", "remote host", "dropped", "PRDR", "DKIM", "ARC", "DMARC", "SPF", "callout", "Spool", "spool", "Cannot",
		"cannot", "unable to", "Unable to", "Could not", "could not", "retry", "Loop", "incomplete", "ignoring", "SIG", "Received SIG",
		"delay", "tidy", "Renam", "discard", "forc", "server is not", "Authentication", "Outgoing", "I/O error", "local ", "error ",
		"Error", "ident ", "synchronization", "protocol ", "Keyfile", "GnuTLS", "OpenSSL", "SSL", "bad ", "verify ", "Too ", "accept",
		"non-SMTP", "domain ", "memory", "re-exec", "config", "Configuration", "Config", "user ", "User ", "Identification", "listening",
		"syntax ", "invalid ", "setting ", "Taint", "[Trying]", "dovecot ", NULL };
	const struct text failed = TEXT(" authenticator failed for ");
	struct text rest = t;

	if (take_word(&rest).n && text_starts(rest, failed))
		return read_auth_failure(life, line, text_after(rest, failed.n));
	if (text_starts(t, TEXT("SMTP connection ")) && (text_holds(t, TEXT(" closed by ")) || text_ends(t, TEXT(" lost")))) {
		if (line->pid) /* each session is a process of its own */
			life_session_end(life, line);
		return LINE_UNDERSTOOD;
	}
	return one_of(plain, t) ? LINE_UNDERSTOOD : LINE_UNPARSED;
}

static bool claims(struct text program)
{
	return text_is(program, TEXT("exim")) || text_is(program, TEXT("exim4"));
}

static enum line_kind read_line(struct life *life, const struct line *line)
{
	struct text t = line->text, id;
	uint64_t piece = take_piece(&t);

	if (piece > 1)
		return LINE_UNDERSTOOD; /* the rest of a long line: may begin with anything */
	t = without_zone_and_pid(without_stamp(t));
	return take_id(&t, &id) ? read_marked(life, line, id, t, piece == 0) : read_other(life, line, t);
}

const struct format format_exim = { "exim", claims, NULL, read_line };
