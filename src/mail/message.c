/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/message.h"

#include <ctype.h>
#include <gmime/gmime.h>
#include <stdlib.h>

#include "base/memory.h"
#include "mail/html_text.h"

struct decoded {
	bool known;
	struct text text;
};

struct message {
	struct arena arena;
	struct charset *charset;
	GMimeParserOptions *options;
	GMimeMessage *gmime;
	struct text bytes;   /* what GMime reads, and parts are views of */
	struct part *part;
	struct decoded *decoded;
	GMimeContentEncoding *encoding;
	int count, room;
	size_t decoded_bytes;
	bool cut;
};

struct message *message_new(void)
{
	static gsize ready;
	struct message *message = memory_zero(1, sizeof *message);

	if (g_once_init_enter(&ready)) {
		g_mime_init();
		g_once_init_leave(&ready, 1);
	}
	message->charset = charset_new();
	message->options = g_mime_parser_options_new();
	return message;
}

static void clear(struct message *message)
{
	if (message->gmime)
		g_object_unref(message->gmime);
	message->gmime = NULL;
	arena_done(&message->arena);
	message->count = 0;
	message->decoded_bytes = 0;
	message->cut = false;
}

void message_free(struct message *message)
{
	if (!message)
		return;
	clear(message);
	charset_free(message->charset);
	g_mime_parser_options_free(message->options);
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

/* blank lines and "From " lines of an mbox */
static struct text from_first_field(struct text bytes)
{
	struct text rest = bytes, line;

	while (text_line(&rest, &line) && (!text_trim(line).n || text_starts(line, TEXT("From ")) || text_starts(line, TEXT(">From "))))
		bytes = rest;
	return bytes;
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

/* ---- header fields */

static struct text unfolded(struct arena *arena, const char *raw)
{
	struct text value = text_trim(text_of(raw));
	char *copy;
	size_t n = 0;

	if (value.n > FIELD_BYTES_MAX)
		value.n = FIELD_BYTES_MAX;
	copy = arena_take(arena, value.n + 1);
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] != '\n' && value.p[i] != '\r')
			copy[n++] = value.p[i];
		else if (n && copy[n - 1] != ' ' && value.p[i] == '\n' && i + 1 < value.n && value.p[i + 1] != ' ' && value.p[i + 1] != '\t')
			copy[n++] = ' ';
	copy[n] = '\0';
	return (struct text){ copy, n };
}

static struct text without_encoded_words(struct message *message, struct text value)
{
	char *decoded = text_holds(value, TEXT("=?")) ? g_mime_utils_header_decode_text(message->options, value.p) : NULL;
	struct text text = value;

	if (decoded)
		text = (struct text){ arena_text(&message->arena, text_of(decoded)), strlen(decoded) };
	g_free(decoded);
	return charset_utf8(message->charset, &message->arena, text, TEXT_NONE);
}

static struct fields fields_of(struct message *message, GMimeHeaderList *list)
{
	int count = g_mime_header_list_get_count(list);
	struct field *field;

	if (count > FIELDS_MAX) {
		message->cut = true;
		count = FIELDS_MAX;
	}
	field = arena_take(&message->arena, ((size_t)count + 1) * sizeof *field);
	for (int i = 0; i < count; i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(list, i);
		const char *raw = g_mime_header_get_raw_value(header);

		field[i].name = text_of(g_mime_header_get_name(header));
		field[i].value = without_encoded_words(message, unfolded(&message->arena, raw ? raw : ""));
	}
	return (struct fields){ field, (size_t)count };
}

/* ---- parts */

static struct text small_letters(struct arena *arena, const char *text)
{
	char *copy = arena_text(arena, text ? text_of(text) : TEXT_NONE);

	for (char *c = copy; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return text_of(copy);
}

static struct text type_of(struct arena *arena, GMimeContentType *type)
{
	char *name = type ? g_mime_content_type_get_mime_type(type) : NULL;
	struct text text = name ? small_letters(arena, name) : TEXT("text/plain");

	g_free(name);
	return text;
}

/* the bytes of a leaf where they stand in the mail */
static struct text raw_of(const struct message *message, GMimePart *gmime)
{
	GMimeDataWrapper *content = g_mime_part_get_content(gmime);
	GMimeStream *stream = content ? g_mime_data_wrapper_get_stream(content) : NULL;
	gint64 from = stream ? stream->bound_start : 0, to = stream ? stream->bound_end : 0;

	if (to < 0 || to > (gint64)message->bytes.n)
		to = (gint64)message->bytes.n;
	return from < to ? (struct text){ message->bytes.p + from, (size_t)(to - from) } : TEXT_NONE;
}

static void describe_leaf(struct message *message, GMimePart *gmime, struct part *part, GMimeContentEncoding *encoding)
{
	GMimeContentType *type = g_mime_object_get_content_type((GMimeObject *)gmime);
	const char *filename = g_mime_part_get_filename(gmime);

	part->charset = small_letters(&message->arena, type ? g_mime_content_type_get_parameter(type, "charset") : NULL);
	part->filename = filename ? (struct text){ arena_text(&message->arena, text_of(filename)), strlen(filename) } : TEXT_NONE;
	part->filename = charset_utf8(message->charset, &message->arena, part->filename, TEXT_NONE);
	part->raw = raw_of(message, gmime);
	*encoding = g_mime_part_get_content_encoding(gmime);
}

/* A multipart whose boundary stands nowhere is text: what was taken for the words before the first part is all there is. */
static bool is_all_prologue(GMimeObject *object)
{
	return g_mime_multipart_get_count((GMimeMultipart *)object) == 0 && g_mime_multipart_get_prologue((GMimeMultipart *)object) != NULL;
}

static void describe_prologue(struct message *message, GMimeMultipart *gmime, struct part *part)
{
	struct text prologue = text_of(g_mime_multipart_get_prologue(gmime));

	part->kind = PART_LEAF;
	part->type = TEXT("text/plain");
	part->raw = (struct text){ arena_text(&message->arena, prologue), prologue.n };
}

static int add_part(struct message *message, GMimeObject *object, GMimeMessage *mail, int parent, enum part_kind kind)
{
	int number = message->count;
	struct part *part;
	const char *disposition = object ? g_mime_object_get_disposition(object) : NULL;

	if (message->count == message->room) {
		message->room = message->room ? message->room * 2 : 16;
		message->part = memory_resize(message->part, (size_t)message->room, sizeof *message->part);
		message->decoded = memory_resize(message->decoded, (size_t)message->room, sizeof *message->decoded);
		message->encoding = memory_resize(message->encoding, (size_t)message->room, sizeof *message->encoding);
	}
	message->count++;
	part = &message->part[number];
	*part = (struct part){ .kind = kind, .parent = parent, .charset = TEXT_NONE, .filename = TEXT_NONE, .raw = TEXT_NONE };
	message->decoded[number] = (struct decoded){ false };
	message->encoding[number] = GMIME_CONTENT_ENCODING_DEFAULT;
	part->type = type_of(&message->arena, object ? g_mime_object_get_content_type(object) : NULL);
	part->disposition = small_letters(&message->arena, disposition);
	part->depth = parent < 0 ? 0 : message->part[parent].depth + 1;
	part->inside = parent >= 0 && (message->part[parent].inside || (message->part[parent].kind == PART_MESSAGE));
	part->fields = fields_of(message, g_mime_object_get_header_list(mail ? (GMimeObject *)mail : object));
	return number;
}

static void flatten(struct message *message, GMimeObject *object, GMimeMessage *mail, int parent)
{
	GMimeMessage *within = GMIME_IS_MESSAGE_PART(object) ? g_mime_message_part_get_message((GMimeMessagePart *)object) : NULL;
	bool many = GMIME_IS_MULTIPART(object);
	int number;

	if (message->count == MESSAGE_PARTS_MAX || (parent >= 0 && message->part[parent].depth + 1 >= MESSAGE_DEPTH_MAX)) {
		message->cut = true;
		return;
	}
	number = add_part(message, object, mail ? mail : NULL, parent, many ? PART_MULTIPART : PART_LEAF);
	if (many && is_all_prologue(object)) {
		describe_prologue(message, (GMimeMultipart *)object, &message->part[number]);
	} else if (many) {
		for (int i = 0; i < g_mime_multipart_get_count((GMimeMultipart *)object); i++)
			flatten(message, g_mime_multipart_get_part((GMimeMultipart *)object, i), NULL, number);
	} else if (within) {
		message->part[number].kind = PART_MESSAGE;
		message->part[number].fields = fields_of(message, g_mime_object_get_header_list((GMimeObject *)within));
		if (g_mime_message_get_mime_part(within))
			flatten(message, g_mime_message_get_mime_part(within), NULL, number);
	} else if (GMIME_IS_PART(object)) {
		describe_leaf(message, (GMimePart *)object, &message->part[number], &message->encoding[number]);
	}
	message->part[number].end = message->count;
}

bool message_read(struct message *message, struct text bytes, struct error *error)
{
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeObject *whole;

	clear(message);
	bytes = within_limits(message, from_first_field(with_newlines(message, bytes)));
	message->bytes = bytes;
	if (!text_trim(bytes).n)
		return error_set(error, "it is empty");
	stream = g_mime_stream_mem_new_with_buffer(bytes.p, bytes.n);
	parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_set_persist_stream(parser, TRUE);
	message->gmime = g_mime_parser_construct_message(parser, message->options);
	g_object_unref(parser);
	g_object_unref(stream);
	whole = message->gmime ? g_mime_message_get_mime_part(message->gmime) : NULL;
	if (!whole || !g_mime_header_list_get_count(g_mime_object_get_header_list((GMimeObject *)message->gmime)))
		return error_set(error, "it has no header fields, so it is no mail");
	flatten(message, whole, message->gmime, -1);
	return true;
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

/* ---- texts */

static struct text transfer_decoded(struct message *message, int number)
{
	struct text raw = message->part[number].raw;
	GMimeEncoding state;
	GMimeContentEncoding encoding = message->encoding[number];
	char *to;
	size_t n, room;

	if (encoding != GMIME_CONTENT_ENCODING_BASE64 && encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE &&
	    encoding != GMIME_CONTENT_ENCODING_UUENCODE) {
		message->cut |= raw.n > MESSAGE_TEXT_MAX;
		return text_head(raw, raw.n < MESSAGE_TEXT_MAX ? raw.n : MESSAGE_TEXT_MAX);
	}
	if (raw.n > MESSAGE_TEXT_MAX / 3 * 4) {
		raw.n = MESSAGE_TEXT_MAX / 3 * 4;
		message->cut = true;
	}
	g_mime_encoding_init_decode(&state, encoding);
	room = g_mime_encoding_outlen(&state, raw.n);
	to = arena_take(&message->arena, room + 1);
	n = g_mime_encoding_flush(&state, raw.p, raw.n, to);
	return (struct text){ to, n };
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

struct text message_text(struct message *message, int number)
{
	struct decoded *decoded = &message->decoded[number];
	struct text text;

	if (message->part[number].kind != PART_LEAF)
		return TEXT_NONE;
	if (decoded->known)
		return decoded->text;
	*decoded = (struct decoded){ true, TEXT_NONE };
	if (message->decoded_bytes >= MESSAGE_TEXTS_MAX) {
		message->cut = true;
		return TEXT_NONE;
	}
	text = transfer_decoded(message, number);
	message->decoded_bytes += text.n;
	text = charset_utf8(message->charset, &message->arena, text, message->part[number].charset);
	decoded->text = with_line_feeds(&message->arena, text);
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
