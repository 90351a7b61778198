/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/message.h"

#include <gmime/gmime.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "mail/content.h"
#include "mail/encoded_words.h"
#include "mail/html_text.h"
#include "mail/msg_file.h"

enum {
	LINE_LOOK = 1000,      /* bytes before a limit in which a line may end */
	LINES_LOOKED_AT = 200, /* for a boundary that was not said */
};

struct decoded {
	bool known;
	struct text text;
};

struct message {
	struct arena arena;
	struct charset *charset;
	struct part *part;
	struct decoded *decoded;
	GMimeContentEncoding *encoding;
	int count, room;
	size_t decoded_bytes;
	bool cut;
};

struct message *message_new(void)
{
	struct message *message = memory_zero(1, sizeof *message);

	message->charset = charset_new();
	return message;
}

static void clear(struct message *message)
{
	arena_clear(&message->arena);
	message->count = 0;
	message->decoded_bytes = 0;
	message->cut = false;
}

void message_free(struct message *message)
{
	if (!message)
		return;
	clear(message);
	arena_done(&message->arena);
	charset_free(message->charset);
	free(message->part);
	free(message->decoded);
	free(message->encoding);
	free(message);
}

/* ---- before it is parsed */

/* bare CR at the end of each line, as old Macs wrote */
static struct text with_newlines(struct message *message, struct text bytes)
{
	char *copy;

	if (memchr(bytes.p, '\n', bytes.n) || !memchr(bytes.p, '\r', bytes.n))
		return bytes;
	copy = arena_text(&message->arena, bytes);
	for (size_t i = 0; i < bytes.n; i++)
		if (copy[i] == '\r')
			copy[i] = '\n';
	return (struct text){ copy, bytes.n };
}

static struct text within_limits(struct message *message, struct text bytes)
{
	struct text rest, line;
	int lines = 0;

	if (bytes.n > MESSAGE_BYTES_MAX) {
		bytes.n = MESSAGE_BYTES_MAX;
		message->cut = true;
	}
	rest = bytes;
	while (lines < MESSAGE_LINES_MAX && text_line(&rest, &line))
		lines++;
	message->cut |= rest.n > 0;
	return text_head(bytes, bytes.n - rest.n);
}

/* ---- texts */

/* cut at a line where that is near */
static struct text beginning(struct message *message, struct text text, size_t most)
{
	const char *line;

	if (text.n <= most)
		return text;
	message->cut = true;
	line = memrchr(text.p + most - LINE_LOOK, '\n', LINE_LOOK);
	return line ? text_between(text.p, line + 1) : text_head(text, most);
}

/* behind its "begin 644 name" */
static struct text uuencoded_lines(struct text raw)
{
	struct text rest = raw, line;

	while (text_line(&rest, &line))
		if (text_starts(line, TEXT("begin ")))
			return rest;
	return raw;
}

static struct text transfer_decoded(struct message *message, struct text raw, GMimeContentEncoding encoding)
{
	GMimeEncoding state;
	char *to;

	if (encoding == GMIME_CONTENT_ENCODING_DEFAULT)
		return beginning(message, raw, MESSAGE_TEXT_MAX);
	raw = beginning(message, raw, MESSAGE_TEXT_MAX / 3 * 4);
	if (encoding == GMIME_CONTENT_ENCODING_UUENCODE)
		raw = uuencoded_lines(raw);
	g_mime_encoding_init_decode(&state, encoding);
	to = arena_take(&message->arena, g_mime_encoding_outlen(&state, raw.n) + 1);
	return (struct text){ to, g_mime_encoding_flush(&state, raw.p, raw.n, to) };
}

/* false once all texts together are too many */
static bool may_decode(struct message *message)
{
	message->cut |= message->decoded_bytes >= MESSAGE_TEXTS_MAX;
	return message->decoded_bytes < MESSAGE_TEXTS_MAX;
}

static struct text decoded_bytes(struct message *message, struct text raw, GMimeContentEncoding encoding)
{
	struct text bytes = may_decode(message) ? transfer_decoded(message, raw, encoding) : TEXT_NONE;

	message->decoded_bytes += bytes.n;
	return bytes;
}

/* "\r\n" and bare "\r" become "\n" */
static struct text with_line_feeds(struct arena *arena, struct text text)
{
	char *copy;
	size_t n = 0;

	if (!memchr(text.p, '\r', text.n))
		return text;
	copy = arena_take(arena, text.n + 1);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '\r')
			copy[n++] = text.p[i];
		else if (i + 1 == text.n || text.p[i + 1] != '\n')
			copy[n++] = '\n';
	}
	return (struct text){ copy, n };
}

/* ---- what a part says of itself */

static void decode_fields(struct message *message, struct fields *fields)
{
	for (size_t i = 0; i < fields->count; i++) {
		struct text *value = &((struct field *)&fields->field[i])->value;

		*value = encoded_words(message->charset, &message->arena, *value);
	}
}

static struct text read_fields(struct message *message, struct text text, bool mail, struct fields *fields)
{
	struct text rest;

	message->cut |= !fields_read_part(&message->arena, text, mail, fields, &rest);
	decode_fields(message, fields);
	return rest;
}

/* of a mail's fields, those of the part that is its body */
static struct fields content_fields(struct message *message, const struct fields *all)
{
	struct field *field = arena_take(&message->arena, (all->count + 1) * sizeof *field);
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++)
		if (all->field[i].name.n > 8 && strncasecmp(all->field[i].name.p, "content-", 8) == 0)
			field[count++] = all->field[i];
	return (struct fields){ field, count };
}

static GMimeContentEncoding encoding_of(const struct fields *fields)
{
	static const struct {
		const char *name;
		GMimeContentEncoding encoding;
	} names[] = {
		{ "base64", GMIME_CONTENT_ENCODING_BASE64 },
		{ "quoted-printable", GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE },
		{ "x-uuencode", GMIME_CONTENT_ENCODING_UUENCODE },
		{ "uuencode", GMIME_CONTENT_ENCODING_UUENCODE },
		{ "x-uue", GMIME_CONTENT_ENCODING_UUENCODE },
	};
	struct text value = fields_value(fields, "Content-Transfer-Encoding");

	for (size_t i = 0; value.n && i < sizeof names / sizeof *names; i++)
		if (text_seek(value, names[i].name) == value.p)
			return names[i].encoding;
	return GMIME_CONTENT_ENCODING_DEFAULT;
}

static struct text filename_of(struct message *message, struct text type, struct text disposition)
{
	struct text name = content_readable(message->charset, &message->arena, disposition, "filename");

	return name.n ? name : content_readable(message->charset, &message->arena, type, "name");
}

/* `usual`: what it is where it says nothing (RFC 2046 5.1.5) */
static void describe(struct message *message, int number, struct text type, struct text usual)
{
	struct part *part = &message->part[number];
	struct text disposition = fields_value(&part->fields, "Content-Disposition");

	part->type = type.n ? content_type(&message->arena, type) : usual;
	part->charset = arena_small(&message->arena, content_parameter(&message->arena, type, "charset"));
	part->disposition = content_word(&message->arena, disposition);
	part->filename = filename_of(message, type, disposition);
	message->encoding[number] = encoding_of(&part->fields);
}

/* ---- parts */

static int add_part(struct message *message, int parent)
{
	const struct part *above;

	if (message->count == message->room) {
		message->room = message->room ? message->room * 2 : 16;
		message->part = memory_resize(message->part, (size_t)message->room, sizeof *message->part);
		message->decoded = memory_resize(message->decoded, (size_t)message->room, sizeof *message->decoded);
		message->encoding = memory_resize(message->encoding, (size_t)message->room, sizeof *message->encoding);
	}
	above = parent < 0 ? NULL : &message->part[parent];
	message->part[message->count] = (struct part){
		.type = TEXT("text/plain"),
		.charset = TEXT_NONE,
		.filename = TEXT_NONE,
		.disposition = TEXT_NONE,
		.parent = parent,
		.raw = TEXT_NONE,
		.depth = above ? above->depth + 1 : 0,
		.inside = above && (above->inside || above->kind == PART_MESSAGE),
	};
	message->decoded[message->count] = (struct decoded){ false, TEXT_NONE };
	message->encoding[message->count] = GMIME_CONTENT_ENCODING_DEFAULT;
	return message->count++;
}

static bool has_room(struct message *message, int parent)
{
	bool room = message->count < MESSAGE_PARTS_MAX && (parent < 0 || message->part[parent].depth + 1 < MESSAGE_DEPTH_MAX);

	message->cut |= !room;
	return room;
}

static void read_body(struct message *message, int number, struct text body, struct text type);

static void read_part(struct message *message, int parent, struct text text, struct text usual)
{
	struct fields fields;
	struct text body, type;
	int number;

	if (!has_room(message, parent))
		return;
	number = add_part(message, parent);
	body = read_fields(message, text, false, &fields);
	message->part[number].fields = fields;
	type = fields_value(&fields, "Content-Type");
	describe(message, number, type, usual);
	read_body(message, number, body, type);
}

/* a mail, or what is in a part that holds one: its fields are `parent`'s, its body a part */
static void read_mail(struct message *message, int parent, struct text text)
{
	struct fields fields;
	struct text body = read_fields(message, text, true, &fields), type = fields_value(&fields, "Content-Type");
	int number;

	if (parent >= 0)
		message->part[parent].fields = fields;
	if (!(parent < 0 ? fields.count : fields.count + text_trim(body).n) || !has_room(message, parent))
		return;
	number = add_part(message, parent);
	message->part[number].fields = parent < 0 ? fields : content_fields(message, &fields);
	describe(message, number, type, TEXT("text/plain"));
	read_body(message, number, body, type);
}

/* ---- boundaries (RFC 2046 5.1.1) */

struct cut {
	struct text before; /* up to the end of the line in front */
	struct text rest;   /* behind its line */
	bool last;
};

/* the next line that is `mark` ("--boundary") and nothing else */
static bool next_boundary(struct text text, struct text mark, struct cut *cut)
{
	const char *end = text.p + text.n, *at = text.p;

	for (; (at = memmem(at, (size_t)(end - at), mark.p, mark.n)); at += mark.n) {
		struct text rest = text_between(at + mark.n, end), line = TEXT_NONE;
		const char *before = at;

		if (at > text.p && at[-1] != '\n')
			continue;
		text_line(&rest, &line);
		cut->last = text_starts(line, TEXT("--"));
		if (text_trim(cut->last ? text_after(line, 2) : line).n)
			continue;
		before -= before > text.p;
		before -= before > text.p && before[-1] == '\r';
		cut->before = text_between(text.p, before);
		cut->rest = rest;
		return true;
	}
	return false;
}

static struct text mark_of(struct message *message, struct text type)
{
	struct text boundary = content_parameter(&message->arena, type, "boundary");
	char *mark = arena_take(&message->arena, boundary.n + 2);

	memcpy(mark, "--", 2);
	memcpy(mark + 2, boundary.p, boundary.n);
	return (struct text){ mark, boundary.n + 2 };
}

/* where another one than was said divides it: the first line that begins with "--" and has a Content- field behind it */
static struct text seen_mark(struct text body)
{
	struct text line, next;

	for (int i = 0; i < LINES_LOOKED_AT && text_line(&body, &line); i++)
		if (line.n > 2 && text_starts(line, TEXT("--")) && text_line(&(struct text){ body.p, body.n }, &next) &&
		    text_seek(next, "content-") == next.p)
			return text_trim(line);
	return TEXT_NONE;
}

static void read_children(struct message *message, int number, struct text body, struct text mark)
{
	bool digest = text_is(message->part[number].type, TEXT("multipart/digest"));
	struct text usual = digest ? TEXT("message/rfc822") : TEXT("text/plain");
	struct cut here, next;

	for (bool on = next_boundary(body, mark, &here) && !here.last; on; here = next) {
		on = next_boundary(here.rest, mark, &next) && message->count < MESSAGE_PARTS_MAX;
		read_part(message, number, on ? next.before : here.rest, usual);
		on = on && !next.last;
	}
}

static void read_multipart(struct message *message, int number, struct text body, struct text type)
{
	struct text mark = mark_of(message, type);
	struct cut cut;

	message->part[number].kind = PART_MULTIPART;
	if (mark.n == 2 || !next_boundary(body, mark, &cut))
		mark = seen_mark(body);
	if (mark.n)
		read_children(message, number, body, mark);
	else if (has_room(message, number)) /* nothing divides it, so it is one text */
		read_body(message, add_part(message, number), body, TEXT_NONE);
}

/* ---- bodies */

static bool holds_mail(struct text type)
{
	return text_is(type, TEXT("message/rfc822")) || text_is(type, TEXT("message/global")) || text_is(type, TEXT("message/news"));
}

/* RFC 2045 6.4 forbids to encode it; some do, and some only say so */
static struct text mail_within(struct message *message, struct text body, GMimeContentEncoding encoding)
{
	struct text decoded = TEXT_NONE, rest;
	struct fields fields = { NULL, 0 };

	if (encoding != GMIME_CONTENT_ENCODING_DEFAULT)
		fields_read_part(&message->arena, decoded = decoded_bytes(message, body, encoding), true, &fields, &rest);
	return fields.count ? decoded : body;
}

static void read_body(struct message *message, int number, struct text body, struct text type)
{
	struct part *part = &message->part[number];

	if (text_starts(part->type, TEXT("multipart/"))) {
		read_multipart(message, number, body, type);
	} else if (holds_mail(part->type)) {
		part->kind = PART_MESSAGE;
		read_mail(message, number, mail_within(message, body, message->encoding[number]));
	} else {
		part->raw = body;
	}
	message->part[number].end = message->count;
}

bool message_read(struct message *message, struct text bytes, struct error *error)
{
	struct text saved;

	clear(message);
	if (msg_file_read(&message->arena, bytes, &saved))
		bytes = saved;
	bytes = within_limits(message, with_newlines(message, bytes));
	if (!text_trim(bytes).n)
		return error_set(error, "%s", _("it is empty"));
	read_mail(message, -1, bytes);
	return message->count || error_set(error, "%s", _("it has no header fields, so it is no mail"));
}

bool message_cut(const struct message *message) { return message->cut; }
int message_parts(const struct message *message) { return message->count; }
const struct part *message_part(const struct message *message, int number) { return &message->part[number]; }
struct arena *message_arena(struct message *message) { return &message->arena; }
struct charset *message_charset(struct message *message) { return message->charset; }

struct text message_field(const struct message *message, const char *name)
{
	return message->count ? fields_value(&message->part[0].fields, name) : TEXT_NONE;
}

int message_find(const struct message *message, const char *type, int after)
{
	for (int i = after + 1; i < message->count; i++)
		if (text_is(message->part[i].type, text_of(type)))
			return i;
	return -1;
}

struct text message_data(struct message *message, int number)
{
	return message->part[number].kind == PART_LEAF ? decoded_bytes(message, message->part[number].raw, message->encoding[number]) : TEXT_NONE;
}

struct text message_text(struct message *message, int number)
{
	struct decoded *decoded = &message->decoded[number];
	const struct part *part = &message->part[number];
	struct text text;

	if (part->kind != PART_LEAF || decoded->known)
		return decoded->text;
	text = decoded_bytes(message, part->raw, message->encoding[number]);
	text = charset_utf8(message->charset, &message->arena, text, part->charset);
	*decoded = (struct decoded){ true, with_line_feeds(&message->arena, text) };
	return decoded->text;
}

static int body_of(const struct message *message, const char *type)
{
	for (int i = message_find(message, type, -1); i >= 0; i = message_find(message, type, i))
		if (!message->part[i].inside && !text_is(message->part[i].disposition, TEXT("attachment")))
			return i;
	return -1;
}

struct text message_body(struct message *message)
{
	int plain = body_of(message, "text/plain"), html = plain < 0 ? body_of(message, "text/html") : -1;

	if (plain >= 0)
		return message_text(message, plain);
	return html < 0 ? TEXT_NONE : html_text(&message->arena, message_text(message, html));
}
