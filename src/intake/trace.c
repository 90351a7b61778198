/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/trace.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/flat.h"
#include "base/hash.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "intake/reason.h"
#include "report/utf8.h"
#include "state/wrong_passwords.h"

enum { SHOWN = 200 }; /* bytes of a stranger's text in an error */

/* the fields that mean something */
enum name {
	NAME_T, NAME_EV, NAME_ACCOUNT, NAME_ID, NAME_IP, NAME_COUNTRY, NAME_ASN, NAME_NET, NAME_CLIENT, NAME_PROTOCOL, NAME_OK,
	NAME_FROM, NAME_RCPT, NAME_SUBJECT, NAME_URLS, NAME_SPAM, NAME_VIA, NAME_RESULT, NAME_DSN, NAME_TEXT, NAME_PWHASH, NAMES,
};

static const struct text names[NAMES] = {
	{ "t", 1 }, { "ev", 2 }, { "account", 7 }, { "id", 2 }, { "ip", 2 }, { "country", 7 }, { "asn", 3 },
	{ "net", 3 }, { "client", 6 }, { "protocol", 8 }, { "ok", 2 }, { "from", 4 }, { "rcpt", 4 }, { "subject", 7 },
	{ "urls", 4 }, { "spam", 4 }, { "via", 3 }, { "result", 6 }, { "dsn", 3 }, { "text", 4 }, { "pwhash", 6 },
};

struct trace {
	struct accounts *accounts;
	struct wrong_passwords *wrong;
	struct flat_value values[NAMES]; /* of this line, without escapes; NULL where there is no such field */
	char *room;                      /* what escaped texts say: never more than the line */
	size_t room_bytes, room_used;
	uint64_t *rcpts;
	size_t rcpt_room;
	char id[TRACE_ID_MAX];
};

struct trace *trace_new(struct accounts *accounts)
{
	struct trace *trace = memory_zero(1, sizeof *trace);

	trace->accounts = accounts;
	trace->wrong = wrong_passwords_new();
	return trace;
}

void trace_free(struct trace *trace)
{
	if (!trace)
		return;
	free(trace->room);
	free(trace->rcpts);
	wrong_passwords_free(trace->wrong);
	free(trace);
}

/* ---- values; a field that is not there leaves what is there, and is no error */

/* `sentence` names the field with its %s */
static bool wrong(struct error *error, enum name name, const char *sentence)
{
	return error_set(error, _(sentence), names[name].p);
}

/* harmless for a terminal, and whole characters only: the sentence goes into JSON again */
static const char *show(struct text text, char to[SHOWN])
{
	struct utf8_step step;
	char cut[SHOWN];
	const char *at = cut;
	size_t n = 0;

	text_copy(cut, sizeof cut, text);
	for (utf8_step(at, &step); step.used && n + sizeof step.shown < SHOWN; utf8_step(at += step.used, &step)) {
		size_t shown = strlen(step.shown);

		memcpy(to + n, step.shown, shown);
		n += shown;
	}
	to[n] = '\0';
	return to;
}

static bool take_text(const struct trace *trace, enum name name, struct text *to, struct error *error)
{
	const struct flat_value *value = &trace->values[name];

	if (value->kind == FLAT_NULL)
		return true;
	if (value->kind != FLAT_TEXT)
		return wrong(error, name, N_("'%s' is not a text"));
	*to = value->text;
	return true;
}

static bool is_bool(const struct trace *trace, enum name name)
{
	return trace->values[name].kind == FLAT_TRUE || trace->values[name].kind == FLAT_FALSE;
}

static bool take_bool(const struct trace *trace, enum name name, bool *to, struct error *error)
{
	if (trace->values[name].kind == FLAT_NULL)
		return true;
	if (!is_bool(trace, name))
		return wrong(error, name, N_("'%s' is not true or false"));
	*to = trace->values[name].kind == FLAT_TRUE;
	return true;
}

/* one of a list of words, which ends with an empty one; the first stands for 0 */
static bool take_word(const struct trace *trace, enum name name, const char *const *words, uint8_t *to, struct error *error)
{
	struct text word = TEXT_NONE;
	char shown[SHOWN];

	if (!take_text(trace, name, &word, error))
		return false;
	for (uint8_t i = 0; word.n && words[i]; i++) {
		if (text_is(word, text_of(words[i]))) {
			*to = i;
			return true;
		}
	}
	return !word.n || error_set(error, _("'%s' is '%s', which it cannot be"), names[name].p, show(word, shown));
}

static bool take_hash(const struct trace *trace, enum name name, uint64_t *to, struct error *error)
{
	struct text text = TEXT_NONE;

	if (!take_text(trace, name, &text, error))
		return false;
	*to = text.n ? hash_text(HASH_FIXED, text) | 1 : 0;
	return true;
}

/* addresses are compared without regard to case */
static uint64_t address_hash(struct text address)
{
	char lower[ACCOUNT_NAME_MAX];
	size_t n = address.n < sizeof lower ? address.n : sizeof lower;

	for (size_t i = 0; i < n; i++)
		lower[i] = (char)((unsigned)(address.p[i] - 'A') < 26 ? address.p[i] | 0x20 : address.p[i]);
	return hash_text(HASH_FIXED, (struct text){ lower, n }) | 1;
}

/* ---- fields */

static bool take_time(const struct flat_value *value, int64_t *t_us, struct error *error)
{
	bool number = value->kind == FLAT_INTEGER || value->kind == FLAT_REAL;
	double seconds = number ? flat_number(value) : 0;

	if (!number)
		return wrong(error, NAME_T, N_("'%s' is not a number of seconds since 1970"));
	if (!(seconds >= 0 && seconds < TRACE_TIME_MAX_S))
		return wrong(error, NAME_T, N_("'%s' is not a time from 1970 to 2106"));
	*t_us = llround(seconds * 1e6);
	return true;
}

/* who guesses at names makes no accounts */
static bool take_account(struct trace *trace, struct event *event, bool may_be_made, struct error *error)
{
	struct text name = TEXT_NONE;

	if (!take_text(trace, NAME_ACCOUNT, &name, error))
		return false;
	if (!name.n)
		return true;
	if (may_be_made)
		event->account = accounts_add(trace->accounts, name, &event->account_key);
	else
		event->account = accounts_find(trace->accounts, name, &event->account_key);
	return event->account_key || wrong(error, NAME_ACCOUNT, N_("'%s' is not the name of an account"));
}

/* an ISO 3166 code, or one of the few that databases made up (T1, A2), in capitals */
static bool take_country(const struct trace *trace, char country[2], struct error *error)
{
	struct text code = TEXT_NONE;

	if (!take_text(trace, NAME_COUNTRY, &code, error))
		return false;
	if (code.n && (code.n != 2 || text_span(code, CHAR_ALNUM) != 2))
		return wrong(error, NAME_COUNTRY, N_("'%s' is not a code of two letters"));
	for (size_t i = 0; i < code.n; i++)
		country[i] = (char)((unsigned)(code.p[i] - 'a') < 26 ? code.p[i] & ~0x20 : code.p[i]);
	return true;
}

static bool take_asn(const struct trace *trace, uint32_t *asn, struct error *error)
{
	const struct flat_value *value = &trace->values[NAME_ASN];
	int64_t number = value->kind == FLAT_INTEGER ? flat_integer(value) : -1;

	if (value->kind == FLAT_NULL)
		return true;
	if (number < 0 || number > UINT32_MAX)
		return wrong(error, NAME_ASN, N_("'%s' is not the number of a network"));
	*asn = (uint32_t)number;
	return true;
}

static bool take_source(struct trace *trace, struct event *event, struct event_detail *detail, struct error *error)
{
	static const char *const nets[] = { "unknown", "isp", "mobile", "office", "hosting", NULL };
	struct text ip = TEXT_NONE;
	uint64_t client;

	if (!take_text(trace, NAME_IP, &ip, error) || !take_country(trace, event->place.country, error) ||
	    !take_asn(trace, &event->place.asn, error) || !take_hash(trace, NAME_CLIENT, &client, error) ||
	    !take_word(trace, NAME_NET, nets, &detail->net, error))
		return false;
	if (ip.n && !ip_parse(ip, &event->ip))
		return wrong(error, NAME_IP, N_("'%s' is not an address"));
	detail->client = (uint32_t)(client >> 32) | (client != 0);
	return true;
}

static int by_number(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

	return (one > other) - (one < other);
}

/* a recipient named twice is one */
static size_t each_once(uint64_t *rcpts, size_t count)
{
	size_t kept = count > 0;

	if (count > 1)
		qsort(rcpts, count, sizeof *rcpts, by_number);
	for (size_t i = 1; i < count; i++)
		if (rcpts[i] != rcpts[kept - 1])
			rcpts[kept++] = rcpts[i];
	return kept;
}

/* the next text of a list, good until the one after; *is_text: it was one */
static bool next_text(const struct trace *trace, struct flat *list, struct text *text, bool *is_text)
{
	struct flat_value item;

	if (!flat_item(list, &item))
		return false;
	*is_text = item.kind == FLAT_TEXT;
	*text = *is_text ? flat_text(&item, trace->room + trace->room_used) : TEXT_NONE;
	return true;
}

static bool take_rcpts(struct trace *trace, struct event *event, struct event_detail *detail, struct error *error)
{
	const struct flat_value *value = &trace->values[NAME_RCPT];
	size_t count = 0, seen = 0, kept;
	struct flat list;
	struct text rcpt;
	bool is_text;

	if (value->kind == FLAT_NULL)
		return true;
	if (value->kind != FLAT_ARRAY)
		return wrong(error, NAME_RCPT, N_("'%s' is not a list of addresses"));
	list = flat_array(value->text);
	for (; next_text(trace, &list, &rcpt, &is_text); count++) {
		if (seen == TRACE_RCPTS_MAX)
			continue;
		if (!is_text)
			return wrong(error, NAME_RCPT, N_("'%s' is not a list of addresses"));
		MEMORY_ROOM(trace->rcpts, seen, trace->rcpt_room);
		trace->rcpts[seen++] = address_hash(rcpt);
	}
	kept = each_once(trace->rcpts, seen);
	detail->rcpts = trace->rcpts;
	detail->rcpt_count = (uint32_t)kept;
	event->count = (uint32_t)(count - seen + kept); /* a line is too short for more */
	return true;
}

/* "user:word@" in front and ":443" behind are left out, so that one site is one, however it is written */
static struct text site_of(struct text url)
{
	struct text site, user;
	size_t n;

	if (!text_behind(url, TEXT("://"), &site))
		site = url;
	for (n = 0; n < site.n && !strchr("/?#\\", site.p[n]);) /* there is no NUL in it */
		n++;
	site = text_head(site, n);
	while (text_cut(&site, '@', &user))
		;
	n = text_starts(site, TEXT("[")) ? text_find(site, ']') : text_find(site, ':');
	return text_head(site, n);
}

static bool take_link(const struct trace *trace, uint64_t *link, struct error *error)
{
	const struct flat_value *value = &trace->values[NAME_URLS];
	struct text first, site;
	struct flat list;
	bool is_text;

	if (value->kind == FLAT_NULL)
		return true;
	if (value->kind != FLAT_ARRAY)
		return wrong(error, NAME_URLS, N_("'%s' is not a list of texts"));
	list = flat_array(value->text);
	if (!next_text(trace, &list, &first, &is_text))
		return true;
	if (!is_text)
		return wrong(error, NAME_URLS, N_("'%s' is not a list of texts"));
	site = site_of(first);
	*link = site.n ? address_hash(site) : 0;
	return true;
}

/* ---- kinds of events */

static bool take_auth(struct trace *trace, struct trace_event *to, struct error *error)
{
	static const char *const protocols[] = { "unknown", "smtp", "imap", "pop3", "webmail", "sieve", NULL };
	struct text pwhash = TEXT_NONE;
	struct event *event = &to->event;

	event->count = 1;
	if (!is_bool(trace, NAME_OK))
		return wrong(error, NAME_OK, N_("'%s' is not true or false"));
	if (!take_source(trace, event, &to->detail, error) || !take_bool(trace, NAME_OK, &event->ok, error) ||
	    !take_word(trace, NAME_PROTOCOL, protocols, &event->protocol, error) || !take_text(trace, NAME_PWHASH, &pwhash, error))
		return false;
	event->repeat = (uint8_t)wrong_passwords_hear(trace->wrong, event, pwhash);
	return true;
}

/* mail that nobody logged in for says nothing about a password: then there is no account to it */
static bool take_submit(struct trace *trace, struct trace_event *to, struct error *error)
{
	static const char *const ways[] = { "smtp", "webmail", "local", "forward", NULL };
	struct event *event = &to->event;
	struct event_detail *detail = &to->detail;
	struct text from = TEXT_NONE;
	uint8_t way = 0;

	if (!to->id.n)
		return wrong(error, NAME_ID, N_("'%s' is missing"));
	if (!take_source(trace, event, detail, error) || !take_rcpts(trace, event, detail, error) ||
	    !take_text(trace, NAME_FROM, &from, error) || !take_bool(trace, NAME_SPAM, &event->spam, error) ||
	    !take_hash(trace, NAME_SUBJECT, &detail->subject, error) ||
	    !take_link(trace, &detail->link, error) || !take_word(trace, NAME_VIA, ways, &way, error))
		return false;
	if (way >= 2)
		event->account = ACCOUNT_NONE;
	event->protocol = way == 1 ? PROTOCOL_WEBMAIL : PROTOCOL_SMTP;
	event->from = from.n ? address_hash(from) : 0;
	detail->filtered = is_bool(trace, NAME_SPAM);
	detail->foreign_from = from.n && event->account &&
			       address_hash(accounts_name(trace->accounts, event->account)) != event->from;
	return true;
}

/* of which recipient something is told, and why it failed */
static bool take_bounce(struct trace *trace, struct trace_event *to, struct error *error)
{
	struct text rcpt = TEXT_NONE, dsn = TEXT_NONE, text = TEXT_NONE;
	struct event *event = &to->event;

	event->count = 1;
	if (!take_text(trace, NAME_RCPT, &rcpt, error) || !take_text(trace, NAME_DSN, &dsn, error) ||
	    !take_text(trace, NAME_TEXT, &text, error))
		return false;
	event->rcpt = rcpt.n ? address_hash(rcpt) : 0;
	event->reason = (uint8_t)reason_of(dsn, text);
	return true;
}

static bool take_outcome(struct trace *trace, struct trace_event *to, struct error *error)
{
	static const char *const results[] = { "sent", "bounced", "deferred", NULL };
	struct text result = TEXT_NONE;
	struct event *event = &to->event;

	if (!take_text(trace, NAME_RESULT, &result, error) || !take_bounce(trace, to, error))
		return false;
	if (!result.n)
		return wrong(error, NAME_RESULT, N_("'%s' is missing")); /* nothing said is not "sent" */
	if (!take_word(trace, NAME_RESULT, results, &event->result, error))
		return false;
	event->reason = event->result == RESULT_SENT ? REASON_NONE : event->reason;
	return true;
}

static bool take_nothing(struct trace *trace, struct trace_event *to, struct error *error)
{
	to->event.count = 1;
	return true;
}

static const struct trace_kind {
	const char *name;
	enum event_kind kind;
	bool account; /* must have one */
	bool (*take)(struct trace *trace, struct trace_event *to, struct error *error);
} kinds[] = {
	{ "submit", EVENT_SUBMIT, false, take_submit },
	{ "outcome", EVENT_OUTCOME, false, take_outcome },
	{ "auth", EVENT_AUTH, false, take_auth },
	{ "bounce", EVENT_BOUNCE, false, take_bounce },
	{ "auto_reply", EVENT_AUTO_REPLY, false, take_nothing },
	{ "complaint", EVENT_COMPLAINT, false, take_nothing },
	{ "verified", EVENT_VERIFIED, true, take_nothing },
	{ "tick", EVENT_TICK, false, take_nothing },
};

static const struct trace_kind *kind_of(const struct trace *trace, struct error *error)
{
	struct text name = TEXT_NONE;
	char shown[SHOWN];

	if (!take_text(trace, NAME_EV, &name, error))
		return NULL;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (text_is(name, text_of(kinds[i].name)))
			return &kinds[i];
	if (name.n)
		error_set(error, _("'ev' is '%s', which is no kind of event"), show(name, shown));
	else
		wrong(error, NAME_EV, N_("'%s' is missing"));
	return NULL;
}

/* what stands in every kind */
static bool take_common(struct trace *trace, const struct trace_kind *kind, struct trace_event *to, struct error *error)
{
	bool failed = kind->kind == EVENT_AUTH && trace->values[NAME_OK].kind != FLAT_TRUE;

	if (!take_time(&trace->values[NAME_T], &to->event.t_us, error) || !take_account(trace, &to->event, !failed, error) ||
	    !take_text(trace, NAME_ID, &to->id, error))
		return false;
	if (to->id.n > TRACE_ID_MAX)
		return error_set(error, _("'%s' is longer than %d bytes"), "id", TRACE_ID_MAX);
	memcpy(trace->id, to->id.p, to->id.n); /* the line is the caller's, and may be gone before the next */
	to->id.p = trace->id;
	if (kind->account && !to->event.account)
		return wrong(error, NAME_ACCOUNT, N_("'%s' is missing"));
	return true;
}

/* ---- lines */

static enum name name_of(struct text text)
{
	enum name name = 0;

	while (name < NAMES && !text_is(text, names[name]))
		name++;
	return name;
}

/* what escaped texts say is put into the room, one behind the other */
static void keep(struct trace *trace, enum name name, const struct flat_value *value)
{
	struct flat_value *kept = &trace->values[name];

	*kept = *value;
	if (value->kind == FLAT_TEXT && value->escaped) {
		kept->text = flat_text(value, trace->room + trace->room_used);
		trace->room_used += kept->text.n;
	}
}

static void make_room(struct trace *trace, size_t bytes)
{
	trace->room_used = 0;
	if (trace->room && trace->room_bytes >= bytes)
		return;
	free(trace->room);
	trace->room = memory_new(bytes);
	trace->room_bytes = bytes;
}

/* jansson says what is wrong, as it has the words for it */
static bool no_object(struct text line, const struct flat *flat, struct error *error)
{
	json_error_t why;
	char shown[SHOWN];
	json_t *other = json_loadb(line.p, line.n, 0, &why);
	bool object = json_is_object(other);

	json_decref(other);
	if (!other)
		return error_set(error, _("no JSON: %s, at byte %d"), show(text_of(why.text), shown), why.position);
	if (object) /* in spite of a NUL */
		return error_set(error, _("no JSON: %s, at byte %d"), flat->fault, (int)(flat->at - line.p));
	return error_set(error, "%s", _("no JSON object"));
}

static bool parse(struct trace *trace, struct text line, struct error *error)
{
	struct flat flat = flat_object(line);
	struct flat_value value;
	struct text name;

	if (line.n > TRACE_LINE_MAX)
		return error_set(error, _("longer than %d bytes"), TRACE_LINE_MAX);
	memset(trace->values, 0, sizeof trace->values);
	make_room(trace, text_find(line, '\\') < line.n ? line.n : 0);
	while (flat_next(&flat, &name, &value)) {
		enum name known = name_of(name);

		if (known < NAMES)
			keep(trace, known, &value);
	}
	return !flat.fault || no_object(line, &flat, error);
}

bool trace_line(struct trace *trace, struct text line, struct trace_event *to, struct error *error)
{
	const struct trace_kind *kind;

	*to = (struct trace_event){ .id = TEXT_NONE };
	if (!parse(trace, line, error))
		return false;
	kind = kind_of(trace, error);
	if (!kind || !take_common(trace, kind, to, error))
		return false;
	to->event.kind = (uint8_t)kind->kind;
	if (!kind->take(trace, to, error))
		return false;
	to->event.detail = kind->kind == EVENT_AUTH || kind->kind == EVENT_SUBMIT ? &to->detail : NULL;
	return true;
}

bool trace_claims(struct text first_line)
{
	return text_starts(text_trim(first_line), TEXT("{")) && text_holds(first_line, TEXT("\"ev\""));
}

int64_t trace_time(struct text line)
{
	struct flat flat = flat_object(line);
	struct flat_value value, t = { .kind = FLAT_NULL };
	struct error ignored;
	struct text name;
	int64_t t_us;

	while (flat_next(&flat, &name, &value))
		t = text_is(name, TEXT("t")) ? value : t;
	return !flat.fault && take_time(&t, &t_us, &ignored) ? t_us : WHEN_NONE;
}
