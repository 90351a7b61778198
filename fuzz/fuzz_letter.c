/* SPDX-License-Identifier: Apache-2.0 */
/* Names, addresses and facts that strangers chose, in our own texts, as a mail: every line ends in CRLF and is no longer than 998 bytes, no
 * field is there but ours and each once, and another reader (GMime) finds one sender, one recipient, and in two parts the very words of
 * the draft; our own reader finds its subject. The first byte chooses the text; NULs divide name, recipient's name, address and two facts. */
#include <assert.h>
#include <gmime/gmime.h>
#include <sodium.h>
#include <stdlib.h>

#include "mail/message.h"
#include "notice/letter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PIECES = 5, PIECE_MAX = 600 };

static const char *const fields[] = { "Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
				      "Content-Language", "MIME-Version", "Content-Type" };

/* ---- lines */

static void check_lines(const char *letter)
{
	struct text rest = text_of(letter), line;
	bool header = true;

	while (text_cut(&rest, '\n', &line)) {
		assert(line.n && line.p[line.n - 1] == '\r' && !memchr(line.p, '\r', line.n - 1) && line.n <= 999);
		assert(!header || line.n == 1 || text_trim(text_head(line, line.n - 1)).n); /* some take a line of blanks for the header's end */
		header = header && line.n > 1;
	}
	assert(!rest.n && !header);
}

/* ---- as another reads it */

/* what stays of it however it is folded and however bytes that are no characters are written */
static void essence(const char *from, char *to)
{
	struct text rest = text_of(from);

	while (rest.n) {
		uint32_t code = 0;
		size_t n = text_character(rest, &code);

		if (n && code > ' ' && code != 0x7f) {
			memcpy(to, rest.p, n);
			to += n;
		}
		rest = text_after(rest, n ? n : 1);
	}
	*to = '\0';
}

/* by our own reader: GMime takes words that follow one another for one, also where the first of them ends in "=" */
static void check_subject(const char *letter, const struct draft *draft)
{
	struct message *message = message_new();
	const char *went = draft_subject(draft);
	char *one = calloc(1, strlen(went) + 1), *other, *came;
	struct text value;
	struct error error;

	assert(message_read(message, text_of(letter), &error));
	value = message_field(message, "Subject");
	came = calloc(1, value.n + 1);
	other = calloc(1, value.n + 1);
	memcpy(came, value.p, value.n);
	essence(went, one);
	essence(came, other);
	assert(strcmp(one, other) == 0);
	free(one);
	free(other);
	free(came);
	message_free(message);
}

static void check_fields(GMimeMessage *message)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(message));
	unsigned seen = 0;

	for (int i = 0; i < g_mime_header_list_get_count(list); i++) {
		const char *name = g_mime_header_get_name(g_mime_header_list_get_header_at(list, i));
		unsigned at = 0;

		while (at < sizeof fields / sizeof *fields && strcmp(fields[at], name) != 0)
			at++;
		assert(at < sizeof fields / sizeof *fields && !(seen >> at & 1));
		seen |= 1u << at;
	}
	assert(internet_address_list_length(g_mime_message_get_from(message)) == 1);
	assert(internet_address_list_length(g_mime_message_get_to(message)) <= 1);
}

static char *decoded(GMimeObject *part)
{
	GMimeStream *to = g_mime_stream_mem_new();
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(to));
	char *text, *end;

	g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(part)), to);
	text = end = calloc(1, bytes->len + 1);
	for (unsigned i = 0; i < bytes->len; i++)
		if (bytes->data[i] != '\r')
			*end++ = (char)bytes->data[i];
	g_object_unref(to);
	return text;
}

static void check_part(GMimeMultipart *whole, int at, const char *kind, char *went)
{
	GMimeObject *part = g_mime_multipart_get_part(whole, at);
	char *came;

	assert(GMIME_IS_PART(part) && strcmp(g_mime_content_type_get_media_subtype(g_mime_object_get_content_type(part)), kind) == 0);
	came = decoded(part);
	for (char *one = went, *next = went; *one || (*next = '\0'); one++) /* ends of lines are ours */
		if (*one != '\r')
			*next++ = *one;
	assert(text_is(text_trim(text_of(came)), text_trim(text_of(went))));
	free(came);
	free(went);
}

static void check_message(const char *letter, const struct draft *draft)
{
	GMimeStream *from = g_mime_stream_mem_new_with_buffer(letter, strlen(letter));
	GMimeParser *parser = g_mime_parser_new_with_stream(from);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	GMimeObject *body = message ? g_mime_message_get_mime_part(message) : NULL;

	assert(body && GMIME_IS_MULTIPART(body) && g_mime_multipart_get_count(GMIME_MULTIPART(body)) == 2);
	check_fields(message);
	check_part(GMIME_MULTIPART(body), 0, "plain", draft_plain(draft));
	check_part(GMIME_MULTIPART(body), 1, "html", draft_html(draft));
	g_object_unref(message);
	g_object_unref(parser);
	g_object_unref(from);
}

/* ---- */

static void take_pieces(struct text rest, char pieces[PIECES][PIECE_MAX])
{
	for (unsigned i = 0; i < PIECES; i++) {
		struct text piece = rest;

		if (!text_cut(&rest, '\0', &piece))
			rest = TEXT_NONE;
		text_copy(pieces[i], PIECE_MAX, piece);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool begun;
	struct notice_facts facts = { { NULL } };
	char pieces[PIECES][PIECE_MAX], *letter;
	struct draft *draft;
	struct error error;

	if (!begun) {
		assert(sodium_init() >= 0);
		g_mime_init();
		begun = true;
	}
	if (!size)
		return 0;
	take_pieces((struct text){ (const char *)data + 1, size - 1 }, pieces);
	for (unsigned i = 0; i < NOTICE_FACTS; i++)
		notice_fact_set(&facts, (enum notice_fact)i, pieces[3 + i % 2]);
	draft = draft_new();
	assert(draft_add(draft, data[0] % NOTICE_TEXTS, "en", NULL, &facts, &error));
	letter = letter_make(&(struct letter_order){ .draft = draft, .from = "support@b.test", .from_name = pieces[0], .to = pieces[2],
						     .to_name = pieces[1], .message_id = "1@b.test" });
	check_lines(letter);
	check_message(letter, draft);
	check_subject(letter, draft);
	free(letter);
	draft_free(draft);
	notice_facts_done(&facts);
	return 0;
}
