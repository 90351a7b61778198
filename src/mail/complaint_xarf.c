/* SPDX-License-Identifier: Apache-2.0 */
/* XARF: version 3 and 4 are JSON in a part or in the text (xarf.org; v3: Report within, v4: category and type), the mail among the
 * evidence in base64; versions 0.1 and 0.2 (X-ARF) are lines "Name: value" in a second part, announced by X-XARF or X-ARF. */
#include <jansson.h>
#include <sodium.h>

#include "mail/address.h"
#include "mail/complaint_inside.h"
#include "mail/original.h"
#include "mail/url.h"

enum { JSON_BYTES_MAX = 512 << 10, EVIDENCE_MAX = 20 };

/* ---- JSON */

static struct text text_in(struct arena *arena, const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));

	return value ? text_of(arena_text(arena, text_of(value))) : TEXT_NONE;
}

static struct text first_of(struct text one, struct text other) { return one.n ? one : other; }

static struct text decoded(struct arena *arena, const json_t *payload)
{
	const char *text = json_string_value(payload);
	size_t room = text ? strlen(text) / 4 * 3 + 4 : 0, n;
	unsigned char *to;

	if (!text)
		return TEXT_NONE;
	to = arena_take(arena, room);
	if (sodium_base642bin(to, room, text, strlen(text), "\r\n ", &n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0)
		return (struct text){ (char *)to, n };
	return text_of(arena_text(arena, text_of(text)));
}

/* of the pieces of evidence the first that is a mail */
static void read_evidence(struct message *message, const json_t *evidence, const char *payload, struct original *original)
{
	const json_t *one;
	size_t i;

	json_array_foreach((json_t *)evidence, i, one) {
		struct text type = text_in(message_arena(message), one, "content_type"), text;

		if (i == EVIDENCE_MAX)
			return;
		type = first_of(type, text_in(message_arena(message), one, "ContentType"));
		if (!text_starts(type, TEXT("message/")) && !text_starts(type, TEXT("text/")))
			continue;
		text = decoded(message_arena(message), json_object_get(one, payload));
		text = charset_utf8(message_charset(message), message_arena(message), text, TEXT_NONE);
		if (text_starts(type, TEXT("message/")))
			original_read(message, -1, text, original);
		else if ((text = original_in_text(message_arena(message), text)).n)
			original_read(message, -1, text, original);
	}
}

static void read_sender(struct message *message, const json_t *object, const char *name, struct complaint *complaint)
{
	struct text address;

	if (address_in(message_arena(message), text_in(message_arena(message), object, name), &address))
		complaint_add_account(message_arena(message), complaint, address);
}

/* a source is a host's address, a domain, or a link */
static void read_source(struct message *message, struct text source, struct complaint *complaint)
{
	struct url url;

	complaint_set_ip(complaint, source);
	if (complaint->has_ip || complaint->reported_domain.n)
		return;
	if (text_holds(source, TEXT("://")) && url_read(message_arena(message), source, &url))
		source = url.host;
	complaint->reported_domain = source;
}

static void read_v4(struct message *message, const json_t *report, struct complaint *complaint, struct original *original)
{
	struct arena *arena = message_arena(message);

	complaint->type = complaint_type(text_in(arena, report, "type"));
	read_source(message, text_in(arena, report, "source_identifier"), complaint);
	complaint_set_arrival(complaint, text_in(arena, report, "timestamp"));
	read_sender(message, report, "smtp_from", complaint);
	read_evidence(message, json_object_get(report, "evidence"), "payload", original);
}

static void read_v3(struct message *message, const json_t *report, struct complaint *complaint, struct original *original)
{
	struct arena *arena = message_arena(message);
	const json_t *source = json_object_get(report, "Source"), *more = json_object_get(report, "AdditionalInfo");

	complaint->type = complaint_type(text_in(arena, report, "ReportType"));
	complaint_set_ip(complaint, first_of(text_in(arena, source, "IP"), text_in(arena, report, "SourceIp")));
	complaint->reported_domain = first_of(text_in(arena, source, "Domain"), text_in(arena, report, "SourceDomain"));
	complaint_set_arrival(complaint, text_in(arena, report, "Date"));
	read_sender(message, more, "SMTPFrom", complaint);
	read_sender(message, report, "SmtpMailFromAddress", complaint);
	read_evidence(message, json_object_get(report, "Attachment"), "Data", original);
	read_evidence(message, json_object_get(report, "Samples"), "Payload", original);
}

bool complaint_read_json(struct message *message, struct text text, struct complaint *complaint, struct original *original)
{
	json_t *root, *report;
	bool known = true;

	text = text_trim(text);
	if (!text.n || text.p[0] != '{' || text.n > JSON_BYTES_MAX || (!text_seek(text, "xarf") && !text_seek(text, "\"reporterinfo\"")))
		return false;
	root = json_loadb(text.p, text.n, JSON_DISABLE_EOF_CHECK, NULL);
	report = json_object_get(root, "Report");
	if (json_is_object(report))
		read_v3(message, report, complaint, original);
	else if (json_object_get(root, "xarf_version") || json_object_get(root, "XARFVersion"))
		read_v4(message, root, complaint, original);
	else
		known = false;
	json_decref(root);
	if (known && !complaint->type)
		complaint->type = "other";
	return known;
}

static bool read(struct message *message, struct complaint *complaint, struct original *original)
{
	for (int i = 0; i < message_parts(message); i++) {
		const struct part *part = message_part(message, i);

		if (part->kind == PART_LEAF && !part->inside && complaint_read_json(message, message_text(message, i), complaint, original)) {
			if (!original->message_id.n && !original->from.n)
				complaint_find_original(message, original);
			return true;
		}
	}
	return false;
}

const struct complaint_reader complaint_xarf = { COMPLAINT_XARF, read };

/* ---- lines */

static bool is_announced(struct message *message)
{
	return message_field(message, "X-XARF").n || message_field(message, "X-ARF").n;
}

static bool read_lines(struct message *message, int number, struct complaint *complaint)
{
	const struct part *part = message_part(message, number);
	struct text rest, category, type, text = part->kind == PART_LEAF && !part->inside ? message_text(message, number) : TEXT_NONE;
	struct fields fields;

	if (text_starts(text_trim(text), TEXT("---")))
		text_line(&text, &rest);
	fields_read(message_arena(message), text, &fields, &rest);
	if (!fields_find(&fields, "Category", &category) || !fields_find(&fields, "Report-Type", &type))
		return false;
	complaint->type = complaint_type(type);
	if (!complaint->type)
		complaint->type = complaint_type(category);
	read_source(message, fields_value(&fields, "Source"), complaint);
	complaint_set_arrival(complaint, fields_value(&fields, "Date"));
	return true;
}

static bool read_plain(struct message *message, struct complaint *complaint, struct original *original)
{
	if (!is_announced(message))
		return false;
	complaint_find_original(message, original);
	for (int i = 0; i < message_parts(message); i++)
		if (read_lines(message, i, complaint))
			return true;
	complaint->type = "other";
	return true;
}

const struct complaint_reader complaint_xarf_plain = { COMPLAINT_XARF, read_plain };
