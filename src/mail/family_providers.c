/* SPDX-License-Identifier: Apache-2.0 */
/* Providers: AOL, IONOS and GMX, mail.ru, Zoho, Verizon, Facebook, Amazon SES. */
#include <jansson.h>

#include "mail/address.h"
#include "mail/dsn.h"

/* ---- AOL: names alone, which are of the domain that writes */

static bool is_name(struct text name)
{
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] <= ' ' || strchr("<>:;,()[]\"@", name.p[i]))
			return false;
	return name.n && name.n <= 64;
}

static void read_aol(struct report *report)
{
	struct text rest = words_behind(report, "mail to the following recipients could not be delivered"), domain, line, local;

	if (!address_in(report->arena, report->from, &domain) || !text_cut(&domain, '@', &local))
		return;
	text_line(&rest, &line);
	while (text_line(&rest, &line)) {
		line = text_trim(line);
		if (address_is(line))
			report_add(report, line);
		else if (is_name(line))
			report_say(report, report_add(report, arena_joined(report->arena, line, TEXT("@"), domain)), words_behind(report, "could not be delivered"));
	}
}

const struct family family_aol = { "aol", { "your mail to the following recipients could not be delivered because they are not accepting mail", NULL }, NULL, read_aol };

/* ---- Verizon's gateway to telephones: the recipient stands in a list of fields under the words, which is the gateway's own */

static void read_verizon(struct report *report)
{
	static const char *const keys[] = { "to", "rcpt to", NULL };

	keyed_read(report, report->original_text, keys, false);
	for (size_t i = 0; i < report->count; i++)
		report_say(report, &report->returned[i], report->words);
}

const struct family family_verizon = { "verizon", { "message could not be delivered to mobile", NULL }, NULL, read_verizon };

/* ---- Zoho: "[Status: Error, Address: <a@example.com>, ResponseCode 550, …]", "a@example.com Invalid Address, ERROR_CODE :550, …" */

static void read_zoho(struct report *report)
{
	struct text rest = report->words, line, address;

	while (text_line(&rest, &line)) {
		const char *at = text_seek(line, "address: <");

		if (at && address_in(report->arena, text_between(at, line.p + line.n), &address))
			report_say(report, report_add(report, address), line);
	}
	if (!report->count)
		words_read(report);
}

const struct family family_zoho = { "zoho", { "error_code :", "[status: error, address:", NULL }, NULL, read_zoho };

/* ---- those that words_read understands */

static bool is_ionos(const struct report *report) { return !text_seek(report->words, "error from remote mail server"); }

const struct family family_ionos = {
	"ionos",
	{ "smtp error from remote server", "recipients. this is a permanent error. the following address failed:", "for the following reason: mail size limit exceeded", NULL },
	is_ionos, NULL,
};
const struct family family_facebook = { "facebook", { "this message was created automatically by facebook", NULL }, NULL, NULL };

/* ---- Amazon SES through SNS: JSON, within a notification or bare */

static struct text text_at(const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));

	return value ? text_of(value) : TEXT_NONE;
}

static struct text kept(struct report *report, struct text text) { return (struct text){ arena_text(report->arena, text), text.n }; }

static void take_recipients(struct report *report, const json_t *list, enum return_action action)
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		struct text address = json_is_string(one) ? text_of(json_string_value(one)) : text_at(one, "emailAddress");
		struct returned *returned = report_add(report, kept(report, address));

		if (!returned)
			continue;
		report_say(report, returned, dsn_said(text_at(one, "diagnosticCode")));
		returned->action = action;
		if (!returned->status.n)
			returned->status = kept(report, dsn_status(text_at(one, "status")));
	}
}

static void take_notification(struct report *report, const json_t *root)
{
	struct text type = text_at(root, "notificationType").n ? text_at(root, "notificationType") : text_at(root, "eventType");

	if (text_is(type, TEXT("Bounce")))
		take_recipients(report, json_object_get(json_object_get(root, "bounce"), "bouncedRecipients"), RETURN_FAILED);
	else if (text_is(type, TEXT("Delivery")))
		take_recipients(report, json_object_get(json_object_get(root, "delivery"), "recipients"), RETURN_DELIVERED);
	else if (text_is(type, TEXT("DeliveryDelay")))
		take_recipients(report, json_object_get(json_object_get(root, "deliveryDelay"), "delayedRecipients"), RETURN_DELAYED);
}

/* the JSON without the line ends that a server broke long lines with ("!", a line end, a blank) */
static struct text unbroken(struct arena *arena, struct text text)
{
	char *to = arena_take(arena, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text_starts(text_after(text, i), TEXT("!\n ")))
			i += 2;
		else if (text.p[i] != '\n')
			to[n++] = text.p[i];
	}
	return (struct text){ to, n };
}

static json_t *parsed(struct text text)
{
	size_t at = text_find(text, '{');

	return json_loadb(text.p + at, text.n - at, JSON_DISABLE_EOF_CHECK, NULL);
}

static void read_ses(struct report *report)
{
	json_t *root = parsed(unbroken(report->arena, report->words)), *inner;
	struct text message = text_at(root, "Message");

	inner = message.n ? parsed(message) : NULL;
	take_notification(report, inner ? inner : root);
	json_decref(inner);
	json_decref(root);
}

/* its notes on complaints are no reports of a delivery */
static bool is_about_delivery(const struct report *report)
{
	struct text type = words_behind(report, "notificationtype");

	return text_find(report->words, '{') < 200 && !text_seek(text_head(type, type.n < 20 ? type.n : 20), "complaint");
}

const struct family family_ses = { "amazon_ses", { "notificationtype", "\"eventtype\"", NULL }, is_about_delivery, read_ses };
