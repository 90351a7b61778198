/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/trace.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "intake/reason.h"

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

static bool wrong(struct error *error, const char *name, const char *wanted)
{
	return error_set(error, "'%s' is not %s", name, wanted);
}

static bool take_text(const json_t *line, const char *name, struct text *to, struct error *error)
{
	const json_t *value = json_object_get(line, name);

	if (!value || json_is_null(value))
		return true;
	if (!json_is_string(value))
		return wrong(error, name, "a text");
	*to = (struct text){ json_string_value(value), json_string_length(value) };
	return true;
}

static bool take_bool(const json_t *line, const char *name, bool *to, struct error *error)
{
	const json_t *value = json_object_get(line, name);

	if (!value || json_is_null(value))
		return true;
	if (!json_is_boolean(value))
		return wrong(error, name, "true or false");
	*to = json_is_true(value);
	return true;
}

/* one of a list of words, which ends with an empty one; the first stands for 0 */
static bool take_word(const json_t *line, const char *name, const char *const *words, uint8_t *to, struct error *error)
{
	struct text word = TEXT_NONE;

	if (!take_text(line, name, &word, error))
		return false;
	for (uint8_t i = 0; word.n && words[i]; i++) {
		if (text_is(word, text_of(words[i]))) {
			*to = i;
			return true;
		}
	}
	return !word.n || error_set(error, "'%s' is '%.*s', which it cannot be", name, (int)(word.n < 40 ? word.n : 40), word.p);
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
		return wrong(error, "t", "a number of seconds since 1970");
	if (!(seconds >= 0 && seconds < 1e11))
		return error_set(error, "'t' is out of range");
	*t_us = llround(seconds * 1e6);
	return true;
}

static bool take_account(struct trace *trace, struct event *event, struct error *error)
{
	struct text name = TEXT_NONE;

	if (!take_text(trace->line, "account", &name, error))
		return false;
	if (!name.n)
		return true;
	event->account = accounts_add(trace->accounts, name, &event->account_key);
	return event->account || error_set(error, "'account' is too long");
}

static bool take_source(struct trace *trace, struct event *event, struct event_detail *detail, struct error *error)
{
	static const char *const nets[] = { "unknown", "isp", "mobile", "office", "hosting", NULL };
	const json_t *asn = json_object_get(trace->line, "asn");
	struct text ip = TEXT_NONE, country = TEXT_NONE;
	uint64_t client;

	if (!take_text(trace->line, "ip", &ip, error) || !take_text(trace->line, "country", &country, error) ||
	    !take_hash(trace->line, "client", &client, error) ||
	    !take_word(trace->line, "net", nets, &detail->net, error))
		return false;
	if (ip.n && !ip_parse(ip, &event->ip))
		return wrong(error, "ip", "an address");
	if (country.n && country.n != 2)
		return wrong(error, "country", "a code of two letters");
	if (asn && !json_is_null(asn) && (!json_is_integer(asn) || json_integer_value(asn) < 0 || json_integer_value(asn) > UINT32_MAX))
		return wrong(error, "asn", "the number of a network");
	memcpy(event->place.country, country.p, country.n);
	event->place.asn = (uint32_t)json_integer_value(asn);
	detail->client = (uint32_t)(client >> 32) | (client != 0);
	return true;
}

/* each once: a recipient named twice is one */
static bool take_rcpts(struct trace *trace, struct event *event, struct event_detail *detail, struct error *error)
{
	const json_t *list = json_object_get(trace->line, "rcpt");
	size_t count = json_array_size(list), kept = 0;

	if (!list || json_is_null(list))
		return true;
	if (!json_is_array(list))
		return wrong(error, "rcpt", "a list of addresses");
	for (size_t i = 0; i < count && kept < TRACE_RCPTS_MAX; i++) {
		const json_t *rcpt = json_array_get(list, i);

		if (!json_is_string(rcpt))
			return wrong(error, "rcpt", "a list of addresses");
		MEMORY_ROOM(trace->rcpts, kept, trace->rcpt_room);
		trace->rcpts[kept++] = address_hash(
			(struct text){ json_string_value(rcpt), json_string_length(rcpt) });
	}
	detail->rcpts = trace->rcpts;
	detail->rcpt_count = (uint32_t)kept;
	event->count = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
	return true;
}

static bool take_link(const json_t *line, uint64_t *link, struct error *error)
{
	const json_t *urls = json_object_get(line, "urls"), *first = json_array_get(urls, 0);
	struct text url, domain;

	if (!urls || json_is_null(urls))
		return true;
	if (!json_is_array(urls) || (first && !json_is_string(first)))
		return wrong(error, "urls", "a list of texts");
	if (!first)
		return true;
	url = (struct text){ json_string_value(first), json_string_length(first) };
	if (!text_behind(url, TEXT("://"), &domain))
		domain = url;
	for (size_t i = 0; i < domain.n; i++)
		if (strchr("/?#:", domain.p[i]))
			domain.n = i;
	*link = domain.n ? address_hash(domain) : 0;
	return true;
}

/* ---- kinds of events */

static bool take_auth(struct trace *trace, struct trace_event *to, struct error *error)
{
	static const char *const protocols[] = { "unknown", "smtp", "imap", "pop3", "webmail", "sieve", NULL };
	struct event *event = &to->event;

	event->count = 1;
	if (!json_is_boolean(json_object_get(trace->line, "ok")))
		return wrong(error, "ok", "true or false");
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
		return error_set(error, "'id' is missing");
	if (!take_source(trace, event, detail, error) || !take_rcpts(trace, event, detail, error) ||
	    !take_text(trace->line, "from", &from, error) || !take_bool(trace->line, "spam", &event->spam, error) ||
	    !take_hash(trace->line, "subject", &detail->subject, error) ||
	    !take_link(trace->line, &detail->link, error) || !take_word(trace->line, "via", ways, &way, error))
		return false;
	if (way >= 2)
		event->account = ACCOUNT_NONE;
	event->protocol = way == 1 ? PROTOCOL_WEBMAIL : PROTOCOL_SMTP;
	event->from = from.n ? address_hash(from) : 0;
	detail->filtered = json_object_get(trace->line, "spam") != NULL;
	detail->foreign_from = from.n && event->account &&
			       address_hash(accounts_name(trace->accounts, event->account)) != event->from;
	return true;
}

static bool take_outcome(struct trace *trace, struct trace_event *to, struct error *error)
{
	static const char *const results[] = { "sent", "bounced", "deferred", NULL };
	struct text rcpt = TEXT_NONE, dsn = TEXT_NONE, text = TEXT_NONE;
	struct event *event = &to->event;

	event->count = 1;
	if (!take_text(trace->line, "rcpt", &rcpt, error) || !take_text(trace->line, "dsn", &dsn, error) ||
	    !take_text(trace->line, "text", &text, error) ||
	    !take_word(trace->line, "result", results, &event->result, error))
		return false;
	event->rcpt = rcpt.n ? address_hash(rcpt) : 0;
	event->reason = event->kind == EVENT_BOUNCE || event->result != RESULT_SENT ? (uint8_t)reason_of(dsn, text) : REASON_NONE;
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
	{ "bounce", EVENT_BOUNCE, false, take_outcome },
	{ "auto_reply", EVENT_AUTO_REPLY, false, take_nothing },
	{ "complaint", EVENT_COMPLAINT, false, take_nothing },
	{ "verified", EVENT_VERIFIED, true, take_nothing },
	{ "tick", EVENT_TICK, false, take_nothing },
};

static const struct trace_kind *kind_of(const json_t *line, struct error *error)
{
	struct text name = TEXT_NONE;

	if (!take_text(line, "ev", &name, error))
		return NULL;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (text_is(name, text_of(kinds[i].name)))
			return &kinds[i];
	if (name.n)
		error_set(error, "unknown 'ev': '%.*s'", (int)(name.n < 40 ? name.n : 40), name.p);
	else
		error_set(error, "'ev' is missing");
	return NULL;
}

bool trace_line(struct trace *trace, struct text line, struct trace_event *to, struct error *error)
{
	const struct trace_kind *kind;
	json_error_t why;

	*to = (struct trace_event){ .id = TEXT_NONE };
	json_decref(trace->line);
	trace->line = line.n <= TRACE_LINE_MAX ? json_loadb(line.p, line.n, 0, &why) : NULL;
	if (line.n > TRACE_LINE_MAX)
		return error_set(error, "longer than %d bytes", TRACE_LINE_MAX);
	if (!trace->line)
		return error_set(error, "no JSON: %s, at byte %d", why.text, why.position);
	if (!json_is_object(trace->line))
		return error_set(error, "not an object");
	kind = kind_of(trace->line, error);
	if (!kind || !take_time(trace->line, &to->event.t_us, error) || !take_account(trace, &to->event, error) ||
	    !take_text(trace->line, "id", &to->id, error))
		return false;
	if (to->id.n > TRACE_ID_MAX)
		return error_set(error, "'id' is longer than %d bytes", TRACE_ID_MAX);
	if (kind->account && !to->event.account)
		return error_set(error, "'account' is missing");
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
