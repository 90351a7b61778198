/* SPDX-License-Identifier: Apache-2.0 */
#include "password/breached_list.h"

#include <nettle/sha1.h>

#include "base/i18n.h"
#include "password/hash.h"

enum { HEX_DIGITS = 2 * SHA1_DIGEST_SIZE, REST_DIGITS = HEX_DIGITS - BREACHED_PREFIX_DIGITS };

/* -1 for what is none */
static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t hex_span(struct text text)
{
	size_t n = 0;

	while (n < text.n && hex_digit(text.p[n]) >= 0)
		n++;
	return n;
}

void breached_list_file(struct breached_list *list, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct text name = text_of(slash ? slash + 1 : path);

	list->prefix[0] = '\0';
	if (hex_span(name) == BREACHED_PREFIX_DIGITS && (name.n == BREACHED_PREFIX_DIGITS || name.p[BREACHED_PREFIX_DIGITS] == '.'))
		text_copy(list->prefix, sizeof list->prefix, text_head(name, BREACHED_PREFIX_DIGITS));
}

static enum breached_line take_word(struct text word, unsigned char digest[SHA1_DIGEST_SIZE])
{
	struct sha1_ctx sha1;

	if (!word.n || word.n > PASSWORD_MAX)
		return BREACHED_LEFT_OUT;
	sha1_init(&sha1);
	sha1_update(&sha1, word.n, (const uint8_t *)word.p);
	sha1_digest(&sha1, SHA1_DIGEST_SIZE, digest);
	return BREACHED_TAKEN;
}

static void read_digits(const char digits[HEX_DIGITS], unsigned char digest[SHA1_DIGEST_SIZE])
{
	for (size_t i = 0; i < SHA1_DIGEST_SIZE; i++)
		digest[i] = (unsigned char)(hex_digit(digits[2 * i]) << 4 | hex_digit(digits[2 * i + 1]));
}

/* whether it was seen often enough */
static enum breached_line weigh(const struct breached_list *list, struct text behind)
{
	uint64_t count = 1;

	if (behind.n && (behind.p[0] != ':' || !text_number(text_trim(text_after(behind, 1)), UINT64_MAX, &count)))
		return behind.p[0] == ':' ? BREACHED_NO_COUNT : BREACHED_NO_HASH;
	return count && count >= list->at_least ? BREACHED_TAKEN : BREACHED_LEFT_OUT;
}

static enum breached_line take_hash(const struct breached_list *list, struct text line, unsigned char digest[SHA1_DIGEST_SIZE])
{
	size_t n = hex_span(line);
	enum breached_line weighed;
	char digits[HEX_DIGITS];

	if (n != HEX_DIGITS && n != REST_DIGITS)
		return BREACHED_NO_HASH;
	weighed = weigh(list, text_after(line, n));
	if (n == REST_DIGITS && !*list->prefix && weighed != BREACHED_NO_HASH)
		return BREACHED_NO_PREFIX;
	if (weighed != BREACHED_TAKEN)
		return weighed;
	if (n == REST_DIGITS)
		memcpy(digits, list->prefix, BREACHED_PREFIX_DIGITS);
	memcpy(digits + HEX_DIGITS - n, line.p, n);
	read_digits(digits, digest);
	return BREACHED_TAKEN;
}

enum breached_line breached_list_line(const struct breached_list *list, struct text line, unsigned char digest[20])
{
	while (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	if (list->plain)
		return take_word(line, digest);
	line = text_trim(line);
	return line.n ? take_hash(list, line, digest) : BREACHED_LEFT_OUT;
}

const char *breached_line_fault(enum breached_line line)
{
	switch (line) {
	case BREACHED_NO_HASH: return _("this is no SHA-1: 40 hexadecimal digits, and \":\" with how often it was seen, or nothing");
	case BREACHED_NO_PREFIX: return _("35 hexadecimal digits are the rest of a SHA-1 whose first five are the name of the file, and this file has no such name");
	case BREACHED_NO_COUNT: return _("behind \":\" stands how often it was seen, as a number");
	default: return "";
	}
}
