/* SPDX-License-Identifier: Apache-2.0 */
/* One mail as contracts.md has it (`inspect -f json`). Fields may be added, never renamed; what is not known is left out. */
#include "report/inspection.h"

#include "base/memory.h"
#include "report/value.h"

static json_t *text_value(struct text text)
{
	json_t *value = json_stringn(text.p, text.n);
	char *copy;

	if (value)
		return value;
	copy = memory_copy(text.p, text.n); /* no UTF-8 after all */
	value = value_text(copy);
	free(copy);
	return value;
}

static void put_text(json_t *object, const char *name, struct text text)
{
	if (text.n)
		json_object_set_new_nocheck(object, name, text_value(text));
}

static void put_ip(json_t *object, const char *name, bool has, const struct ip *ip)
{
	char text[IP_TEXT_MAX];

	if (has)
		json_object_set_new_nocheck(object, name, json_string(ip_format(ip, text)));
}

static void put_time(json_t *object, const char *name, int64_t t_us)
{
	if (t_us != WHEN_NONE)
		json_object_set_new_nocheck(object, name, value_time(t_us));
}

static void put_texts(json_t *object, const char *name, const struct text *texts, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, text_value(texts[i]));
	json_object_set_new_nocheck(object, name, array);
}

/* ---- recipients */

static json_t *recipient(const struct returned *returned)
{
	json_t *object = json_object();

	put_text(object, "address", returned->address);
	put_text(object, "original_address", returned->original_address);
	put_text(object, "status", returned->status);
	if (returned->smtp_code)
		json_object_set_new_nocheck(object, "smtp_code", json_integer(returned->smtp_code));
	json_object_set_new_nocheck(object, "action", json_string(return_action_name(returned->action)));
	json_object_set_new_nocheck(object, "permanent", json_boolean(returned->permanent));
	if (returned->reason != RETURN_NONE)
		json_object_set_new_nocheck(object, "reason", json_string(return_reason_name(returned->reason)));
	put_text(object, "remote_mta", returned->remote_mta);
	put_text(object, "diagnostic", returned->diagnostic);
	return object;
}

static void put_recipients(json_t *object, const struct inspection *inspection)
{
	json_t *array;

	if (!inspection->recipient_count && inspection->kind != MAIL_BOUNCE && inspection->kind != MAIL_DELAY && inspection->kind != MAIL_DELIVERED)
		return;
	array = json_array();
	for (size_t i = 0; i < inspection->recipient_count; i++)
		json_array_append_new(array, recipient(&inspection->recipients[i]));
	json_object_set_new_nocheck(object, "recipients", array);
}

/* ---- what it is about */

static void put_original(json_t *object, const struct original *original)
{
	json_t *about = json_object();

	put_text(about, "message_id", original->message_id);
	put_text(about, "queue_id", original->queue_id);
	put_text(about, "from", original->from);
	put_text(about, "to", original->to);
	put_text(about, "subject", original->subject);
	if (original->date_us != WHEN_NONE)
		put_time(about, "date", original->date_us);
	else
		put_text(about, "date", original->date);
	put_ip(about, "received_from_ip", original->has_ip, &original->received_from_ip);
	put_text(about, "auth_user", original->auth_user);
	if (json_object_size(about))
		json_object_set_new_nocheck(object, "original", about);
	else
		json_decref(about);
}

static void put_auto_reply(json_t *object, const struct auto_reply *reply)
{
	json_t *answer = json_object();

	json_object_set_new_nocheck(answer, "kind", json_string(auto_reply_kind_name(reply->kind)));
	put_text(answer, "new_address", reply->new_address);
	json_object_set_new_nocheck(object, "auto_reply", answer);
}

static void put_complaint(json_t *object, const struct complaint *complaint)
{
	json_t *report = json_object();

	json_object_set_new_nocheck(report, "format", json_string(complaint_format_name(complaint->format)));
	json_object_set_new_nocheck(report, "type", json_string(complaint->type ? complaint->type : "other"));
	put_ip(report, "source_ip", complaint->has_ip, &complaint->source_ip);
	put_text(report, "reported_domain", complaint->reported_domain);
	put_time(report, "arrival", complaint->arrival_us);
	put_texts(report, "accounts", complaint->accounts, complaint->account_count);
	json_object_set_new_nocheck(object, "complaint", report);
}

/* ---- phishing */

static json_t *sign_of(const struct phishing_sign *sign)
{
	json_t *object = json_object();

	json_object_set_new_nocheck(object, "sign", json_string(sign->name));
	json_object_set_new_nocheck(object, "bits", value_rounded((double)sign->bits, 10));
	put_text(object, "text", sign->text);
	return object;
}

static void put_phishing(json_t *object, const char *name, const struct phishing *phishing)
{
	json_t *about, *signs;

	if (!phishing->sign_count && !phishing->url_count)
		return;
	about = json_object();
	signs = json_array();
	for (size_t i = 0; i < phishing->sign_count; i++)
		json_array_append_new(signs, sign_of(&phishing->signs[i]));
	json_object_set_new_nocheck(about, "bits", value_rounded((double)phishing->bits, 10));
	json_object_set_new_nocheck(about, "signs", signs);
	put_texts(about, "urls", phishing->urls, phishing->url_count);
	json_object_set_new_nocheck(object, name, about);
}

/* ---- one line */

static void put_inspection(json_t *object, const struct inspection *inspection)
{
	put_recipients(object, inspection);
	put_original(object, &inspection->original);
	if (inspection->kind == MAIL_AUTO_REPLY)
		put_auto_reply(object, &inspection->auto_reply);
	if (inspection->kind == MAIL_COMPLAINT)
		put_complaint(object, &inspection->complaint);
	put_phishing(object, "phishing", &inspection->phishing);
	put_phishing(object, "returned_phishing", &inspection->returned_phishing);
	if (inspection->family)
		json_object_set_new_nocheck(object, "family", json_string(inspection->family));
	if (inspection->cut)
		json_object_set_new_nocheck(object, "cut", json_true());
}

bool inspection_json(const struct inspected *inspected, FILE *to, struct error *error)
{
	const struct inspection *inspection = inspected->inspection;
	json_t *object = json_object();

	json_object_set_new_nocheck(object, "file", value_text(inspected->file));
	if (inspected->number)
		json_object_set_new_nocheck(object, "number", value_count(inspected->number));
	json_object_set_new_nocheck(object, "kind", json_string(mail_kind_name(inspection ? inspection->kind : MAIL_OTHER)));
	if (inspected->fault)
		json_object_set_new_nocheck(object, "error", value_text(inspected->fault));
	else if (inspection)
		put_inspection(object, inspection);
	if (inspected->notice)
		json_object_set_nocheck(object, "notice", (json_t *)inspected->notice);
	if (inspected->whose)
		json_object_update(object, (json_t *)inspected->whose);
	return value_write_line(object, to, error);
}
