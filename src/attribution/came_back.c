/* SPDX-License-Identifier: Apache-2.0 */
#include "attribution/came_back.h"

#include <string.h>

#include "mail/address.h"
#include "mail/phishing.h"

static const char *const kinds[CAME_BACK_KINDS] = { "bounce", "auto_reply", "complaint", "other" };
static const char *const whys[] = { [REASON_NONE] = "", [REASON_UNKNOWN_USER] = "unknown_user", [REASON_SPAM] = "spam", [REASON_OTHER] = "other" };
enum { WHYS = sizeof whys / sizeof *whys };

/* ---- out */

static bool is_sound(struct text text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
			return false;
	return text.n > 0 && text.n <= CAME_BACK_TEXT_MAX;
}

/* what is no UTF-8 jansson does not take, and it is no name of ours */
static void put(json_t *object, const char *name, struct text text)
{
	json_t *value = is_sound(text) ? json_stringn(text.p, text.n) : NULL;

	if (value)
		json_object_set_new_nocheck(object, name, value);
}

static void put_time(json_t *object, const char *name, int64_t t_us)
{
	if (t_us != WHEN_NONE && t_us >= 0)
		json_object_set_new_nocheck(object, name, json_integer(t_us / SECOND_US));
}

static enum came_back_kind kind_of(const struct inspection *inspection)
{
	switch (inspection->kind) {
	case MAIL_BOUNCE: return CAME_BACK_BOUNCE;
	case MAIL_AUTO_REPLY: return CAME_BACK_AUTO_REPLY;
	case MAIL_COMPLAINT: return CAME_BACK_COMPLAINT;
	default: return CAME_BACK_OTHER;
	}
}

static enum event_reason why_of(const struct returned *returned)
{
	switch (returned->reason) {
	case RETURN_USER_UNKNOWN:
	case RETURN_HOST_UNKNOWN:
	case RETURN_MOVED: return REASON_UNKNOWN_USER;
	case RETURN_BLOCKED:
	case RETURN_SPAM: return REASON_SPAM;
	case RETURN_NONE: return text_starts(returned->status, TEXT("5.1.")) ? REASON_UNKNOWN_USER : REASON_OTHER;
	default: return REASON_OTHER;
	}
}

/* of a delay nothing has failed yet */
static json_t *recipients_of(const struct inspection *inspection)
{
	json_t *list = json_array();

	for (size_t i = 0; i < inspection->recipient_count && json_array_size(list) < CAME_BACK_RECIPIENTS_MAX; i++) {
		const struct returned *returned = &inspection->recipients[i];
		json_t *one = json_object();

		put(one, "address", returned->original_address.n ? returned->original_address : returned->address);
		if (returned->action == RETURN_FAILED)
			put(one, "why", text_of(whys[why_of(returned)]));
		if (json_object_get(one, "address"))
			json_array_append(list, one);
		json_decref(one);
	}
	return list;
}

/* The report's own header speaks of the report, which somebody else may have sent through us, too. */
static struct text behind_header(struct text bytes)
{
	struct text line;

	while (text_cut(&bytes, '\n', &line))
		if (!line.n || text_is(line, TEXT("\r")))
			return bytes;
	return TEXT_NONE;
}

static json_t *trail_of(struct text bytes)
{
	struct trail_id ids[TRAIL_IDS_MAX];
	size_t count = trail_read(behind_header(bytes), ids);
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *one = json_object();

		put(one, "id", ids[i].text);
		put(one, "by", ids[i].by);
		put_time(one, "at", ids[i].t_us);
		if (ids[i].is_message_id)
			json_object_set_new_nocheck(one, "message", json_true());
		if (ids[i].local)
			json_object_set_new_nocheck(one, "local", json_true());
		if (json_object_get(one, "id"))
			json_array_append(list, one);
		json_decref(one);
	}
	return list;
}

bool came_back_is(const struct inspection *inspection)
{
	return inspection->kind != MAIL_OTHER && inspection->kind != MAIL_NOTICE;
}

static struct text address_of(struct message *message, struct text text)
{
	struct text address;

	return address_in(message_arena(message), text, &address) ? address : TEXT_NONE;
}

/* who complains is told by domain alone */
static struct text reporter_of(struct message *message)
{
	struct text address = address_of(message, message_field(message, "From"));
	size_t at = text_find(address, '@');

	return at < address.n ? text_after(address, at + 1) : TEXT_NONE;
}

json_t *came_back_json(struct message *message, const struct inspection *inspection, struct text bytes)
{
	const struct original *original = &inspection->original;
	json_t *object = json_object();

	put(object, "kind", text_of(kinds[kind_of(inspection)]));
	put(object, "queue_id", original->queue_id);
	put(object, "message_id", original->message_id);
	put(object, "from", address_of(message, original->from));
	put(object, "trace", original->trace);
	put_time(object, "date", original->date_us);
	json_object_set_new_nocheck(object, "trail", trail_of(bytes));
	json_object_set_new_nocheck(object, "recipients", recipients_of(inspection));
	if (inspection->kind == MAIL_COMPLAINT && inspection->complaint.type)
		put(object, "about", text_of(inspection->complaint.type));
	if (inspection->kind == MAIL_COMPLAINT)
		put(object, "reporter", reporter_of(message));
	if (inspection->returned_phishing.bits >= PHISHING_BITS)
		json_object_set_new_nocheck(object, "phishing", json_true());
	return object;
}

/* ---- in */

static bool wrong(struct error *error, const char *name) { return error_set(error, "'%s' is wrong or too long", name); }

static bool take(const json_t *object, const char *name, struct text *to, struct error *error)
{
	const json_t *value = json_object_get(object, name);

	*to = TEXT_NONE;
	if (!value)
		return true;
	if (json_is_string(value))
		*to = (struct text){ json_string_value(value), json_string_length(value) };
	return is_sound(*to) || wrong(error, name);
}

static bool take_time(const json_t *object, const char *name, int64_t *t_us, struct error *error)
{
	const json_t *value = json_object_get(object, name);

	*t_us = WHEN_NONE;
	if (!value)
		return true;
	if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > INT64_MAX / SECOND_US)
		return wrong(error, name);
	*t_us = json_integer_value(value) * SECOND_US;
	return true;
}

static unsigned word_of(const char *const *words, unsigned count, struct text word)
{
	unsigned i = 0;

	while (i < count && !text_is(word, text_of(words[i])))
		i++;
	return i;
}

static bool take_trail(const json_t *list, struct came_back *back, struct error *error)
{
	size_t n = json_array_size(list);

	if ((list && !json_is_array(list)) || n > TRAIL_IDS_MAX)
		return wrong(error, "trail");
	for (size_t i = 0; i < n; i++) {
		const json_t *one = json_array_get(list, i);
		struct trail_id *id = &back->trail[i];

		if (!take(one, "id", &id->text, error) || !take(one, "by", &id->by, error) || !take_time(one, "at", &id->t_us, error))
			return false;
		id->is_message_id = json_is_true(json_object_get(one, "message"));
		id->local = json_is_true(json_object_get(one, "local"));
	}
	back->question.trail = back->trail;
	back->question.trail_count = n;
	return true;
}

static bool take_recipients(const json_t *list, struct came_back *back, struct error *error)
{
	size_t n = json_array_size(list);

	if ((list && !json_is_array(list)) || n > CAME_BACK_RECIPIENTS_MAX)
		return wrong(error, "recipients");
	for (size_t i = 0; i < n; i++) {
		const json_t *one = json_array_get(list, i);
		struct text why;
		unsigned number;

		if (!take(one, "address", &back->to[i], error) || !take(one, "why", &why, error))
			return false;
		number = word_of(whys, WHYS, why);
		if (number == WHYS)
			return wrong(error, "why");
		back->whys[i] = (enum event_reason)number;
	}
	back->question.to = back->to;
	back->question.to_count = n;
	return true;
}

bool came_back_read(const json_t *object, struct came_back *back, struct error *error)
{
	struct attribution_question *question = &back->question;
	struct text kind;
	unsigned number;

	memset(back, 0, sizeof *back);
	if (!json_is_object(object))
		return wrong(error, "mail");
	if (!take(object, "kind", &kind, error) || !take(object, "queue_id", &question->queue_id, error) ||
	    !take(object, "message_id", &question->message_id, error) || !take(object, "from", &question->from, error) ||
	    !take(object, "trace", &question->trace, error) || !take_time(object, "date", &question->date_us, error) ||
	    !take(object, "about", &back->about, error) || !take(object, "reporter", &back->reporter, error))
		return false;
	number = word_of(kinds, CAME_BACK_KINDS, kind);
	if (number == CAME_BACK_KINDS)
		return wrong(error, "kind");
	back->kind = (enum came_back_kind)number;
	back->phishing = json_is_true(json_object_get(object, "phishing"));
	return take_trail(json_object_get(object, "trail"), back, error) &&
	       take_recipients(json_object_get(object, "recipients"), back, error);
}

/* ---- what was found */

static void put_number(json_t *object, const char *name, uint64_t number)
{
	if (number)
		json_object_set_new_nocheck(object, name, json_integer((json_int_t)number));
}

json_t *attribution_json(const struct attribution *attribution)
{
	json_t *object = json_object(), *about = json_object();
	char ip[IP_TEXT_MAX];

	put(object, "account", text_of(attribution->account));
	json_object_set_new_nocheck(object, "attribution", about);
	if (attribution->by)
		put(about, "by", text_of(attribution_by_name(attribution->by)));
	json_object_set_new_nocheck(about, "certain", json_boolean(attribution->certain));
	put(about, "verdict", text_of(owner_verdict_name(attribution->verdict)));
	put(about, "queue_id", text_of(attribution->queue_id));
	put_time(about, "sent", attribution->sent_us);
	if (ip_known(&attribution->ip))
		put(about, "ip", text_of(ip_format(&attribution->ip, ip)));
	put_number(about, "recipients", attribution->recipients);
	put_number(about, "incident", attribution->incident);
	put_number(about, "looked_for", attribution->looked_for);
	put_time(about, "ledger_since", attribution->ledger_us);
	if (attribution->other_recipient)
		json_object_set_new_nocheck(about, "other_recipient", json_true());
	return object;
}

/* what a daemon of another version says may lack anything */
void attribution_from_json(const json_t *object, struct attribution *attribution)
{
	const json_t *about = json_object_get(object, "attribution");
	struct error error;
	struct text account, by, verdict, queue_id, ip;

	*attribution = (struct attribution){ .sent_us = WHEN_NONE, .ledger_us = WHEN_NONE };
	if (take(object, "account", &account, &error))
		text_copy(attribution->account, sizeof attribution->account, account);
	if (take(about, "by", &by, &error))
		attribution->by = attribution_by_of(by);
	if (take(about, "verdict", &verdict, &error))
		attribution->verdict = owner_verdict_of(verdict);
	if (take(about, "queue_id", &queue_id, &error))
		text_copy(attribution->queue_id, sizeof attribution->queue_id, queue_id);
	if (take(about, "ip", &ip, &error) && ip.n && !ip_parse(ip, &attribution->ip))
		attribution->ip = (struct ip){ 0 };
	if (!take_time(about, "sent", &attribution->sent_us, &error))
		attribution->sent_us = WHEN_NONE;
	if (!take_time(about, "ledger_since", &attribution->ledger_us, &error))
		attribution->ledger_us = WHEN_NONE;
	attribution->certain = json_is_true(json_object_get(about, "certain"));
	attribution->other_recipient = json_is_true(json_object_get(about, "other_recipient"));
	attribution->recipients = (uint32_t)json_integer_value(json_object_get(about, "recipients"));
	attribution->incident = (uint64_t)json_integer_value(json_object_get(about, "incident"));
	attribution->looked_for = (uint32_t)json_integer_value(json_object_get(about, "looked_for"));
}
