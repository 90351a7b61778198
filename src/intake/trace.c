/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/trace.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "intake/reason.h"
#include "report/utf8.h"

enum { SHOWN = 200 }; /* bytes of a stranger's text in an error */

struct trace {
	struct accounts *accounts;
	json_t *line;
	uint64_t *rcpts;
	size_t rcpt_room;
};

struct trace *trace_new(struct accounts *accounts)
{
	struct trace *trace = memory_zero(1, sizeof *trace);

	trace->accounts = accounts;
	return trace;
}

void trace_free(struct trace *trace)
{
	if (!trace)
		return;
	json_decref(trace->line);
	free(trace->rcpts);
	free(trace);
}

/* ---- values; a field that is not there leaves what is there, and is no error */

/* `sentence` names the field with its %s */
static bool wrong(struct error *error, const char *name, const char *sentence)
{
	return error_set(error, _(sentence), name);
}

/* harmless for a terminal, and whole characters only: the sentence goes into JSON again */
static const char *show(const char *text, char to[SHOWN])
{
	struct utf8_step step;
	size_t n = 0;

	for (utf8_step(text, &step); step.used && n + sizeof step.shown < SHOWN; utf8_step(text += step.used, &step)) {
		size_t shown = strlen(step.shown);

		memcpy(to + n, step.shown, shown);
		n += shown;
	}
	to[n] = '\0';
	return to;
}

static bool take_text(const json_t *line, const char *name, struct text *to, struct error *error)
{
	const json_t *value = json_object_get(line, name);

	if (!value || json_is_null(value))
		return true;
	if (!json_is_string(value))
		return wrong(error, name, N_("'%s' is not a text"));
	*to = (struct text){ json_string_value(value), json_string_length(value) };
	return true;
}

static bool take_bool(const json_t *line, const char *name, bool *to, struct error *error)
{
	const json_t *value = json_object_get(line, name);

	if (!value || json_is_null(value))
		return true;
	if (!json_is_boolean(value))
		return wrong(error, name, N_("'%s' is not true or false"));
	*to = json_is_true(value);
	return true;
}

/* one of a list of words, which ends with an empty one; the first stands for 0 */
static bool take_word(const json_t *line, const char *name, const char *const *words, uint8_t *to, struct error *error)
{
	struct text word = TEXT_NONE;
	char shown[SHOWN];

	if (!take_text(line, name, &word, error))
		return false;
	for (uint8_t i = 0; word.n && words[i]; i++) {
		if (text_is(word, text_of(words[i]))) {
			*to = i;
			return true;
		}
	}
	return !word.n || error_set(error, _("'%s' is '%s', which it cannot be"), name, show(word.p, shown));
}

static bool take_hash(const json_t *line, const char *name, uint64_t *to, struct error *error)
{
	struct text text = TEXT_NONE;

	if (!take_text(line, name, &text, error))
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

static bool take_time(const json_t *line, int64_t *t_us, struct error *error)
{
	const json_t *value = json_object_get(line, "t");
	double seconds = json_number_value(value);

	if (!json_is_number(value))
		return wrong(error, "t", N_("'%s' is not a number of seconds since 1970"));
	if (!(seconds >= 0 && seconds < TRACE_TIME_MAX_S))
		return wrong(error, "t", N_("'%s' is not a time from 1970 to 2106"));
	*t_us = llround(seconds * 1e6);
	return true;
}

/* who guesses at names makes no accounts */
static bool take_account(struct trace *trace, struct event *event, bool may_be_made, struct error *error)
{
	struct text name = TEXT_NONE;

	if (!take_text(trace->line, "account", &name, error))
		return false;
	if (!name.n)
		return true;
	if (may_be_made)
		event->account = accounts_add(trace->accounts, name, &event->account_key);
	else
		event->account = accounts_find(trace->accounts, name, &event->account_key);
	return event->account_key || wrong(error, "account", N_("'%s' is not the name of an account"));
}

/* an ISO 3166 code, or one of the few that databases made up (T1, A2), in capitals */
static bool take_country(const json_t *line, char country[2], struct error *error)
{
	struct text code = TEXT_NONE;

	if (!take_text(line, "country", &code, error))
		return false;
	if (code.n && (code.n != 2 || text_span(code, CHAR_ALNUM) != 2))
		return wrong(error, "country", N_("'%s' is not a code of two letters"));
	for (size_t i = 0; i < code.n; i++)
		country[i] = (char)((unsigned)(code.p[i] - 'a') < 26 ? code.p[i] & ~0x20 : code.p[i]);
	return true;
}

static bool take_asn(const json_t *line, uint32_t *asn, struct error *error)
{
	const json_t *value = json_object_get(line, "asn");

	if (!value || json_is_null(value))
		return true;
	if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > UINT32_MAX)
		return wrong(error, "asn", N_("'%s' is not the number of a network"));
	*asn = (uint32_t)json_integer_value(value);
	return true;
}

static bool take_source(struct trace *trace, struct event *event, struct event_detail *detail, struct error *error)
{
	static const char *const nets[] = { "unknown", "isp", "mobile", "office", "hosting", NULL };
	struct text ip = TEXT_NONE;
	uint64_t client;

	if (!take_text(trace->line, "ip", &ip, error) || !take_country(trace->line, event->place.country, error) ||
	    !take_asn(trace->line, &event->place.asn, error) || !take_hash(trace->line, "client", &client, error) ||
	    !take_word(trace->line, "net", nets, &detail->net, error))
		return false;
	if (ip.n && !ip_parse(ip, &event->ip))
		return wrong(error, "ip", N_("'%s' is not an address"));
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

static bool take_rcpts(struct trace *trace, struct event *event, struct event_detail *detail, struct error *error)
{
	const json_t *list = json_object_get(trace->line, "rcpt");
	size_t count = json_array_size(list), seen = 0, kept;

	if (!list || json_is_null(list))
		return true;
	if (!json_is_array(list))
		return wrong(error, "rcpt", N_("'%s' is not a list of addresses"));
	while (seen < count && seen < TRACE_RCPTS_MAX) {
		const json_t *rcpt = json_array_get(list, seen);

		if (!json_is_string(rcpt))
			return wrong(error, "rcpt", N_("'%s' is not a list of addresses"));
		MEMORY_ROOM(trace->rcpts, seen, trace->rcpt_room);
		trace->rcpts[seen++] = address_hash(
			(struct text){ json_string_value(rcpt), json_string_length(rcpt) });
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
	site = text_head(site, strcspn(site.p, "/?#\\"));
	while (text_cut(&site, '@', &user))
		;
	n = text_starts(site, TEXT("[")) ? text_find(site, ']') : text_find(site, ':');
	return text_head(site, n);
}

static bool take_link(const json_t *line, uint64_t *link, struct error *error)
{
	const json_t *urls = json_object_get(line, "urls"), *first = json_array_get(urls, 0);
	struct text site;

	if (!urls || json_is_null(urls))
		return true;
	if (!json_is_array(urls) || (first && !json_is_string(first)))
		return wrong(error, "urls", N_("'%s' is not a list of texts"));
	if (!first)
		return true;
	site = site_of((struct text){ json_string_value(first), json_string_length(first) });
	*link = site.n ? address_hash(site) : 0;
	return true;
}

/* ---- kinds of events */

static bool take_auth(struct trace *trace, struct trace_event *to, struct error *error)
{
	static const char *const protocols[] = { "unknown", "smtp", "imap", "pop3", "webmail", "sieve", NULL };
	struct event *event = &to->event;

	event->count = 1;
	if (!json_is_boolean(json_object_get(trace->line, "ok")))
		return wrong(error, "ok", N_("'%s' is not true or false"));
	return take_source(trace, event, &to->detail, error) && take_bool(trace->line, "ok", &event->ok, error) &&
	       take_word(trace->line, "protocol", protocols, &event->protocol, error);
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
		return wrong(error, "id", N_("'%s' is missing"));
	if (!take_source(trace, event, detail, error) || !take_rcpts(trace, event, detail, error) ||
	    !take_text(trace->line, "from", &from, error) || !take_bool(trace->line, "spam", &event->spam, error) ||
	    !take_hash(trace->line, "subject", &detail->subject, error) ||
	    !take_link(trace->line, &detail->link, error) || !take_word(trace->line, "via", ways, &way, error))
		return false;
	if (way >= 2)
		event->account = ACCOUNT_NONE;
	event->protocol = way == 1 ? PROTOCOL_WEBMAIL : PROTOCOL_SMTP;
	event->from = from.n ? address_hash(from) : 0;
	detail->filtered = json_is_boolean(json_object_get(trace->line, "spam"));
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
	if (!take_text(trace->line, "rcpt", &rcpt, error) || !take_text(trace->line, "dsn", &dsn, error) ||
	    !take_text(trace->line, "text", &text, error))
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

	if (!take_text(trace->line, "result", &result, error) || !take_bounce(trace, to, error))
		return false;
	if (!result.n)
		return wrong(error, "result", N_("'%s' is missing")); /* nothing said is not "sent" */
	if (!take_word(trace->line, "result", results, &event->result, error))
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

static const struct trace_kind *kind_of(const json_t *line, struct error *error)
{
	struct text name = TEXT_NONE;
	char shown[SHOWN];

	if (!take_text(line, "ev", &name, error))
		return NULL;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (text_is(name, text_of(kinds[i].name)))
			return &kinds[i];
	if (name.n)
		error_set(error, _("'ev' is '%s', which is no kind of event"), show(name.p, shown));
	else
		wrong(error, "ev", N_("'%s' is missing"));
	return NULL;
}

/* what stands in every kind */
static bool take_common(struct trace *trace, const struct trace_kind *kind, struct trace_event *to, struct error *error)
{
	bool failed = kind->kind == EVENT_AUTH && !json_is_true(json_object_get(trace->line, "ok"));

	if (!take_time(trace->line, &to->event.t_us, error) || !take_account(trace, &to->event, !failed, error) ||
	    !take_text(trace->line, "id", &to->id, error))
		return false;
	if (to->id.n > TRACE_ID_MAX)
		return error_set(error, _("'%s' is longer than %d bytes"), "id", TRACE_ID_MAX);
	if (kind->account && !to->event.account)
		return wrong(error, "account", N_("'%s' is missing"));
	return true;
}

static bool parse(struct trace *trace, struct text line, struct error *error)
{
	json_error_t why;
	char shown[SHOWN];

	json_decref(trace->line);
	trace->line = NULL;
	if (line.n > TRACE_LINE_MAX)
		return error_set(error, _("longer than %d bytes"), TRACE_LINE_MAX);
	trace->line = json_loadb(line.p, line.n, 0, &why);
	if (!trace->line)
		return error_set(error, _("no JSON: %s, at byte %d"), show(why.text, shown), why.position);
	return json_is_object(trace->line) || error_set(error, "%s", _("no JSON object"));
}

bool trace_line(struct trace *trace, struct text line, struct trace_event *to, struct error *error)
{
	const struct trace_kind *kind;

	*to = (struct trace_event){ .id = TEXT_NONE };
	if (!parse(trace, line, error))
		return false;
	kind = kind_of(trace->line, error);
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
	json_error_t why;
	json_t *object = json_loadb(line.p, line.n, 0, &why);
	struct error ignored;
	int64_t t_us = WHEN_NONE;

	if (object && !take_time(object, &t_us, &ignored))
		t_us = WHEN_NONE;
	json_decref(object);
	return t_us;
}
