/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/original.h"

#include <ctype.h>

#include "mail/address.h"
#include "mail/trail.h"

void original_clear(struct original *original) { *original = (struct original){ .part = -1, .date_us = WHEN_NONE }; }

/* ---- fields */

static void set(struct text *value, struct text found)
{
	if (!value->n && found.n)
		*value = found;
}

static struct text without_brackets(struct text id)
{
	struct text inner = id, head;

	if (text_cut(&inner, '<', &head) && text_cut(&inner, '>', &head))
		id = head;
	id = text_trim(id);
	return id.n <= TRAIL_ID_MAX ? id : TEXT_NONE;
}

static void set_address(struct arena *arena, struct text *value, struct text field)
{
	struct text address;

	if (!value->n && address_in(arena, field, &address))
		*value = address;
}

static void set_date(struct original *original, struct text field)
{
	if (original->date.n || !field.n)
		return;
	original->date = field;
	if (!trail_date(field, &original->date_us))
		original->date_us = WHEN_NONE;
}

/* ---- the way it went */

/* the words behind `mark` up to a blank or a bracket */
static struct text word_behind(struct text text, const char *mark)
{
	const char *at = text_seek(text, mark);
	struct text rest;
	size_t n = 0;

	if (!at)
		return TEXT_NONE;
	rest = text_between(at + strlen(mark), text.p + text.n);
	while (rest.n && (rest.p[0] == ' ' || rest.p[0] == '"'))
		rest = text_after(rest, 1);
	while (n < rest.n && !strchr(" \t;,)]>\"", rest.p[n]))
		n++;
	return text_head(rest, n);
}

/* "id 15.0.1367.3": Exchange names itself, not the mail */
static bool is_version(struct text id)
{
	size_t dots = 0;

	for (size_t i = 0; i < id.n; i++)
		if (id.p[i] == '.')
			dots++;
		else if (!isdigit((unsigned char)id.p[i]))
			return false;
	return dots > 1;
}

/* "with ESMTPSA id 4Jx…;" of Postfix, "id 1abc-…" of Exim, "with SMTP id u12…": no Message-ID, no address */
static struct text id_in(struct text received)
{
	struct text id = word_behind(received, " id ");

	if (id.n && id.p[0] == '<')
		id = text_after(id, 1);
	return id.n < 5 || id.n > 64 || memchr(id.p, '@', id.n) || is_version(id) ? TEXT_NONE : id;
}

/* the client in "from name (name [192.0.2.1]) by …" */
static bool client_in(struct text received, struct ip *ip)
{
	const char *by = text_seek(received, " by ");
	struct text from = by ? text_between(received.p, by) : received, head;

	while (text_cut(&from, '[', &head)) {
		size_t close = text_find(from, ']');

		if (close < from.n && ip_parse(text_head(from, close), ip) && !ip_is_local(ip))
			return true;
	}
	return false;
}

static const char *const logins[] = { "authenticated sender:", "authenticated sender=", "smtp.auth=", "auth user", NULL };

static struct text login_in(struct text field)
{
	for (const char *const *mark = logins; *mark; mark++) {
		struct text login = word_behind(field, *mark);

		if (login.n && login.n <= ADDRESS_MAX)
			return login;
	}
	return text_seek(field, "(authenticated") ? word_behind(field, " user=") : TEXT_NONE;
}

static void add_id(struct arena *arena, struct original *original, struct text id)
{
	struct text *ids = (struct text *)original->queue_ids;

	if (!id.n || original->queue_id_count == ORIGINAL_IDS_MAX)
		return;
	for (size_t i = 0; i < original->queue_id_count; i++)
		if (text_is(ids[i], id))
			return;
	if (!ids)
		original->queue_ids = ids = arena_take(arena, ORIGINAL_IDS_MAX * sizeof *ids);
	ids[original->queue_id_count++] = id;
	original->queue_id = ids[0];
}

/* from the first server on: Received stand last to first */
static void read_way(struct arena *arena, const struct fields *fields, struct original *original)
{
	for (size_t i = fields->count; i--;) {
		const struct field *field = &fields->field[i];

		if (!text_same_word(field->name, "Received"))
			continue;
		if (!original->has_ip)
			original->has_ip = client_in(field->value, &original->received_from_ip);
		set(&original->auth_user, login_in(field->value));
		add_id(arena, original, id_in(field->value));
	}
}

static const char *const login_fields[] = { "X-Authenticated-Sender", "X-Authenticated-User", "X-Authenticated-Id", "X-Auth-ID", "X-AuthUser",
					    "X-SMTP-Auth-User", NULL };
static const char *const client_fields[] = { "X-Originating-IP", "X-Sender-IP", "X-Source-IP", "X-Client-IP", NULL };

static void read_other_ways(const struct fields *fields, struct original *original)
{
	struct text value, head;

	for (const char *const *name = login_fields; *name; name++)
		set(&original->auth_user, fields_value(fields, *name));
	set(&original->auth_user, login_in(fields_value(fields, "Authentication-Results")));
	for (const char *const *name = client_fields; *name && !original->has_ip; name++) {
		value = fields_value(fields, *name);
		if (text_cut(&value, '[', &head))
			value = text_head(value, text_find(value, ']'));
		original->has_ip = ip_parse(text_trim(value), &original->received_from_ip);
	}
}

void original_from_fields(struct arena *arena, const struct fields *fields, struct original *original)
{
	set(&original->message_id, without_brackets(fields_value(fields, "Message-ID")));
	set_address(arena, &original->from, fields_value(fields, "From"));
	set_address(arena, &original->from, fields_value(fields, "Return-Path"));
	set_address(arena, &original->to, fields_value(fields, "To"));
	set_address(arena, &original->to, fields_value(fields, "Delivered-To"));
	set(&original->subject, fields_value(fields, "Subject"));
	set_date(original, fields_value(fields, "Date"));
	set(&original->trace, fields_value(fields, ORIGINAL_TRACE_FIELD));
	read_way(arena, fields, original);
	read_other_ways(fields, original);
}

/* ---- header lines in a text */

static const char *const usual[] = { "received", "from", "to", "subject", "date", "message-id", "return-path", "mime-version", "content-type",
				     "reply-to", "delivered-to", "x-originating-ip", "dkim-signature", "authentication-results",
				     "received-spf", "x-mailer", "sender", "cc", "x-original-to", NULL };

/* what stands in front of a quoted line: "> ", ">> ", "| ", blanks */
static struct text unquoted(struct text line)
{
	size_t n = 0;

	while (n < line.n && n < 32 && (line.p[n] == '>' || line.p[n] == '|' || line.p[n] == ' ' || line.p[n] == '\t'))
		n++;
	return text_after(line, n);
}

static bool is_field_line(struct text line, bool *tells)
{
	struct text rest = unquoted(line), name;

	if (!text_cut(&rest, ':', &name) || name.n > FIELD_NAME_MAX)
		return false;
	for (const char *const *word = usual; *word; word++)
		if (text_same_word(name, *word)) {
			*tells |= text_same_word(name, "received") || text_same_word(name, "message-id");
			return true;
		}
	return text_starts(name, TEXT("X-")) && text_find(name, ' ') == name.n;
}

/* lines that go on: what is folded, or what a mailer broke */
static bool goes_on(struct text line)
{
	struct text inner = unquoted(line);

	return inner.n > 0 && inner.p != line.p && inner.p[-1] != '>' && inner.p[-1] != '|';
}

/* do header lines begin here? */
static bool is_head(struct text text)
{
	struct text line;
	int fields = 0;
	bool tells = false;

	for (int lines = 0; lines < 200 && text_line(&text, &line); lines++)
		if (is_field_line(line, &tells))
			fields++;
		else if (!goes_on(line) && !text_starts(line, TEXT("From ")))
			break;
	return fields >= 3 && tells;
}

/* the text without what stands in front of each line as it stands in front of the first */
static struct text copy_unquoted(struct arena *arena, struct text text, size_t margin)
{
	char *copy = arena_take(arena, text.n + 1);
	struct text line;
	size_t n = 0;

	while (text_line(&text, &line)) {
		size_t cut = 0;

		while (cut < margin && cut < line.n && strchr("> |\t", line.p[cut]))
			cut++;
		memcpy(copy + n, line.p + cut, line.n - cut);
		n += line.n - cut;
		copy[n++] = '\n';
	}
	return (struct text){ copy, n };
}

enum { LOOKED_AT_BYTES = 64 << 10, HEADS_TRIED = 50 };

struct text original_in_text(struct arena *arena, struct text text)
{
	struct text rest = text_head(text, text.n < LOOKED_AT_BYTES ? text.n : LOOKED_AT_BYTES), line;
	bool tells = false;
	int tried = 0;

	for (struct text here = rest; text_line(&rest, &line) && tried < HEADS_TRIED; here = rest) {
		if (!is_field_line(line, &tells))
			continue;
		tried++;
		if (is_head(here))
			return copy_unquoted(arena, text_between(here.p, text.p + text.n), (size_t)(unquoted(line).p - line.p));
	}
	return TEXT_NONE;
}

/* ---- where it stands */

static void read_text(struct message *message, struct text text, struct original *original)
{
	struct fields fields;

	fields_read(message_arena(message), text, &fields, &original->body);
	original_from_fields(message_arena(message), &fields, original);
}

/* the first text within a mail within the mail */
static struct text body_within(struct message *message, int part)
{
	for (int i = part + 1; i < message_part(message, part)->end; i++)
		if (message_part(message, i)->kind == PART_LEAF && text_starts(message_part(message, i)->type, TEXT("text/")))
			return message_text(message, i);
	return TEXT_NONE;
}

static void read_part(struct message *message, int number, struct original *original)
{
	original->part = number;
	if (message_part(message, number)->kind == PART_MESSAGE) {
		original_from_fields(message_arena(message), &message_part(message, number)->fields, original);
		original->body = body_within(message, number);
	} else {
		read_text(message, message_text(message, number), original);
	}
}

static int find_part(struct message *message)
{
	static const char *const types[] = { "text/rfc822-headers", "text/rfc822-header", "message/rfc822-headers", "message/rfc822", NULL };

	for (int i = 1; i < message_parts(message); i++)
		if (message_part(message, i)->kind == PART_MESSAGE)
			return i;
	for (const char *const *type = types; *type; type++)
		if (message_find(message, *type, 0) > 0)
			return message_find(message, *type, 0);
	return -1;
}

/* the last of References is what was answered (RFC 5322 3.6.4) */
static struct text last_reference(struct text references)
{
	const char *at = memrchr(references.p, '<', references.n);

	return at ? text_between(at, references.p + references.n) : TEXT_NONE;
}

/* an envelope's id is the sender's own word (RFC 3461 4.4); only where it looks like a queue id it is one to look for */
static struct text envelope_id(struct text id)
{
	size_t n = text_span(id, CHAR_ALNUM);
	bool digit = false;

	for (size_t i = 0; i < n; i++)
		digit |= isdigit((unsigned char)id.p[i]) != 0;
	return n == id.n && n >= 8 && n <= 20 && digit ? id : TEXT_NONE;
}

/* what the report says beside it (Postfix; RFC 8098 3.2.5; RFC 5322 3.6.4) */
static void read_report(struct message *message, struct original *original)
{
	int status = message_find(message, "message/delivery-status", -1), notice = message_find(message, "message/disposition-notification", -1);
	struct fields fields;
	struct text rest;

	if (status >= 0) {
		fields_read(message_arena(message), message_text(message, status), &fields, &rest);
		add_id(message_arena(message), original, fields_value(&fields, "X-Postfix-Queue-ID"));
		add_id(message_arena(message), original, envelope_id(fields_value(&fields, "Original-Envelope-Id")));
		set_address(message_arena(message), &original->from, fields_value(&fields, "X-Postfix-Sender"));
	}
	if (notice >= 0) {
		fields_read(message_arena(message), message_text(message, notice), &fields, &rest);
		set(&original->message_id, without_brackets(fields_value(&fields, "Original-Message-ID")));
	}
	set(&original->message_id, without_brackets(message_field(message, "X-Original-Message-ID")));
	set(&original->message_id, without_brackets(message_field(message, "In-Reply-To")));
	set(&original->message_id, without_brackets(last_reference(message_field(message, "References"))));
}

void original_read(struct message *message, int part, struct text text, struct original *original)
{
	struct text found;

	if (part < 0 && !text.n)
		part = find_part(message);
	if (part > 0)
		read_part(message, part, original);
	else if (text.n)
		read_text(message, text, original);
	else if ((found = original_in_text(message_arena(message), message_body(message))).n)
		read_text(message, found, original);
	read_report(message, original);
}
