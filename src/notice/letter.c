/* SPDX-License-Identifier: Apache-2.0 */
#include "notice/letter.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/when.h"

enum { WORD_BYTES = 39, LINE_BYTES = 57, LINE_MOST = 900, FOLD_AT = 76, BOUNDARY_MAX = 40 };

/* ---- fields */

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

static void put_base64(struct bytes *page, const char *bytes, size_t n)
{
	char coded[sodium_base64_ENCODED_LEN(LINE_BYTES, sodium_base64_VARIANT_ORIGINAL)];

	sodium_bin2base64(coded, sizeof coded, (const unsigned char *)bytes, n, sodium_base64_VARIANT_ORIGINAL);
	bytes_say(page, coded);
}

/* encoded words, each of whole characters; control characters are blanks */
static void put_encoded(struct bytes *page, const char *text)
{
	struct text rest = text_of(text);
	bool first = true;

	while (rest.n) {
		char bytes[WORD_BYTES];
		size_t n = 0;

		while (rest.n) {
			uint32_t code = ' ';
			size_t one = text_character(rest, &code);
			bool bad = !one || code < ' ' || code == 0x7f;
			size_t takes = bad ? 1 : one;

			if (n + takes > WORD_BYTES)
				break;
			memcpy(bytes + n, bad ? " " : rest.p, takes);
			n += takes;
			rest = text_after(rest, one ? one : 1);
		}
		bytes_say(page, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
		put_base64(page, bytes, n);
		bytes_say(page, "?=");
		first = false;
	}
}

/* which would be lost, or come to stand alone on a line, which some take for the end of the header */
static bool has_idle_blanks(const char *text)
{
	size_t n = strlen(text);

	return *text == ' ' || (n && text[n - 1] == ' ') || strstr(text, "  ");
}

/* folded where it has blanks; what cannot be folded so, or might be taken for encoded words, is encoded */
static void put_words(struct bytes *page, const char *name, const char *text)
{
	size_t column = strlen(name) + 2, longest = strlen(name) + 2, word = longest;

	for (const char *c = text; *c; c++)
		if ((word = *c == ' ' ? 1 : word + 1) > longest)
			longest = word;
	bytes_say(page, name);
	bytes_say(page, ": ");
	if (!is_printable(text) || longest >= FOLD_AT || strstr(text, "=?") || has_idle_blanks(text)) {
		put_encoded(page, text);
		bytes_say(page, "\r\n");
		return;
	}
	while (*text) {
		size_t n = strcspn(text + 1, " ") + 1;

		if (column + n > FOLD_AT && *text == ' ') {
			bytes_say(page, "\r\n");
			column = 0;
		}
		bytes_add(page, (struct text){ text, n });
		column += n;
		text += n;
	}
	bytes_say(page, "\r\n");
}

/* what an address may hold as it stands in contacts and settings; anything else would not be one */
static void put_address(struct bytes *page, const char *address)
{
	for (; *address; address++)
		if (*address > ' ' && *address < 0x7f && !strchr("<>()[],;:\\\"", *address))
			bytes_add(page, (struct text){ address, 1 });
}

static void put_mailbox(struct bytes *page, const char *field, const char *name, const char *address)
{
	bool quoted = *name && is_printable(name) && !strpbrk(name, "\"\\") && !strstr(name, "=?") && strlen(name) < 60;

	bytes_say(page, field);
	bytes_say(page, ": ");
	if (quoted) {
		bytes_say(page, "\"");
		bytes_say(page, name);
		bytes_say(page, "\"");
	} else if (*name) {
		put_encoded(page, name);
	}
	bytes_say(page, *name ? "\r\n <" : "<");
	put_address(page, address);
	bytes_say(page, ">\r\n");
}

static void put_date(struct bytes *page, int64_t t_us)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec", days[] = "ThuFriSatSunMonTueWed";
	int offset_s = when_local_offset(t_us), minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;
	int64_t local_us = t_us + offset_s * SECOND_US;
	struct civil c;
	char text[80];

	when_to_civil(local_us, &c);
	snprintf(text, sizeof text, "Date: %.3s, %d %.3s %04d %02d:%02d:%02d %c%02d%02d\r\n", days + 3 * (local_us / DAY_US % 7), c.day,
		 months + 3 * (c.month - 1), c.year, c.hour, c.minute, c.second, offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
	bytes_say(page, text);
}

/* ---- the body */

static bool is_plain_ascii(const char *text)
{
	size_t n = 0;

	for (; *text; text++) {
		n = *text == '\n' ? 0 : n + 1;
		if (n > LINE_MOST || (unsigned char)*text > '~' || ((unsigned char)*text < ' ' && *text != '\n'))
			return false;
	}
	return true;
}

/* with CRLF ends */
static char *with_ends(const char *text)
{
	struct bytes page = { 0 };

	bytes_say(&page, "");
	for (; *text; text++) {
		if (*text == '\n')
			bytes_say(&page, "\r\n");
		else
			bytes_add(&page, (struct text){ text, 1 });
	}
	return page.p;
}

static void put_part(struct bytes *page, const char *type, const char *text)
{
	bool plain = is_plain_ascii(text);
	char *ended = with_ends(text);
	size_t n = strlen(ended);

	bytes_say(page, "Content-Type: ");
	bytes_say(page, type);
	bytes_say(page, plain ? "; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
			: "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
	if (plain)
		bytes_say(page, ended);
	for (size_t at = 0; !plain && at < n; at += LINE_BYTES) {
		put_base64(page, ended + at, n - at < LINE_BYTES ? n - at : LINE_BYTES);
		bytes_say(page, "\r\n");
	}
	bytes_say(page, "\r\n");
	explicit_bzero(ended, n);
	free(ended);
}

/* of all that it divides, so that nobody who chose words of it could write it among them; and the same when the letter is sent again */
static void make_boundary(const struct letter_order *order, const char *plain, const char *html, char boundary[BOUNDARY_MAX])
{
	const char *const texts[] = { order->message_id, plain, html };
	unsigned char bytes[crypto_generichash_BYTES_MIN];
	char hex[2 * sizeof bytes + 1];
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, sizeof bytes);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		crypto_generichash_update(&state, (const unsigned char *)texts[i], strlen(texts[i]) + 1);
	crypto_generichash_final(&state, bytes, sizeof bytes);
	sodium_bin2hex(hex, sizeof hex, bytes, sizeof bytes);
	snprintf(boundary, BOUNDARY_MAX, "=_sekisho_%.16s", hex);
}

static char *body_of(const struct letter_order *order, char boundary[BOUNDARY_MAX])
{
	char *plain = draft_plain(order->draft), *html = draft_html(order->draft);
	const char *const parts[][2] = { { "text/plain", plain }, { "text/html", html } };
	struct bytes page = { 0 };

	make_boundary(order, plain, html, boundary);
	for (size_t i = 0; i < 2; i++) {
		bytes_say(&page, "--");
		bytes_say(&page, boundary);
		bytes_say(&page, "\r\n");
		put_part(&page, parts[i][0], parts[i][1]);
	}
	bytes_say(&page, "--");
	bytes_say(&page, boundary);
	bytes_say(&page, "--\r\n");
	explicit_bzero(plain, strlen(plain));
	explicit_bzero(html, strlen(html));
	free(plain);
	free(html);
	return page.p;
}

/* ---- all of it */

static void put_mark(struct bytes *page, const struct letter_order *order, const char *body)
{
	struct notice_marked mail = { text_of(order->message_id), bytes_text(page), text_of(body) };
	struct notice_mark mark = { .t_us = order->t_us };
	char value[NOTICE_MARK_MAX];

	if (!order->keys)
		return;
	text_copy(mark.to, sizeof mark.to, text_of(order->to));
	text_copy(mark.code, sizeof mark.code, text_of(order->code));
	notice_mark_sign(order->keys, &mark, &mail, value);
	bytes_say(page, NOTICE_MARK_FIELD ": ");
	bytes_say(page, value);
	bytes_say(page, "\r\n");
}

char *letter_make(const struct letter_order *order)
{
	char boundary[BOUNDARY_MAX], *body;
	struct bytes page = { 0 };

	body = body_of(order, boundary);
	put_date(&page, order->t_us);
	put_mailbox(&page, "From", order->from_name, order->from);
	put_mailbox(&page, "To", order->to_name, order->to);
	put_words(&page, "Subject", draft_subject(order->draft));
	bytes_say(&page, "Message-ID: <");
	bytes_say(&page, order->message_id);
	bytes_say(&page, ">\r\nAuto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nContent-Language: ");
	bytes_say(&page, draft_language(order->draft));
	bytes_say(&page, "\r\n");
	put_mark(&page, order, body);
	bytes_say(&page, "MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"");
	bytes_say(&page, boundary);
	bytes_say(&page, "\"\r\n\r\n");
	bytes_say(&page, body);
	explicit_bzero(body, strlen(body));
	free(body);
	return page.p;
}

void letter_id(uint64_t notice, const char *to, const char *host, char id[LETTER_ID_MAX])
{
	unsigned char bytes[crypto_generichash_BYTES_MIN];
	char hex[2 * sizeof bytes + 1];

	crypto_generichash(bytes, sizeof bytes, (const unsigned char *)to, strlen(to), NULL, 0);
	sodium_bin2hex(hex, sizeof hex, bytes, sizeof bytes);
	snprintf(id, LETTER_ID_MAX, "notice.%llu.%.16s@%.120s", (unsigned long long)notice, hex, host);
}
