/* SPDX-License-Identifier: Apache-2.0 */
#include "base/flat.h"

#include <jansson.h>
#include <stdio.h>

#include "base/hash.h"

#define EACH_BYTE 0x0101010101010101ull

enum {
	PLAIN_DIGITS = 18, /* an integer of so many is one of 64 bits */
	PLAIN_BYTES = 300, /* a number of so many, without an exponent, is within a double */
};

/* all that is open within one value: which of it are objects */
struct nest {
	unsigned depth;
	uint64_t objects[FLAT_DEPTH_MAX / 64];
};

static bool fault(struct flat *flat, const char *why)
{
	flat->fault = why;
	return false;
}

/* NUL where there is nothing more: it stands nowhere in JSON */
static char peek(const struct flat *flat)
{
	return flat->at < flat->end ? *flat->at : '\0';
}

static bool take(struct flat *flat, char c)
{
	if (peek(flat) != c)
		return false;
	flat->at++;
	return true;
}

static void skip_blanks(struct flat *flat)
{
	while (flat->at < flat->end && (*flat->at == ' ' || *flat->at == '\t' || *flat->at == '\n' || *flat->at == '\r'))
		flat->at++;
}

/* ---- texts */

/* Passes over ASCII that stands for itself, eight bytes at a time; it may stop before the end of that. A byte is odd where
 * its uppermost bit is set in `odd`: it is no ASCII, lies below a blank, or has nothing left beside a quote or a backslash. */
static const char *skip_plain(const char *p, const char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t word = hash_load(p, 8), quote = word ^ EACH_BYTE * '"', slash = word ^ EACH_BYTE * '\\';
		uint64_t odd = word | (word - EACH_BYTE * ' ') | ((quote - EACH_BYTE) & ~quote) |
			       ((slash - EACH_BYTE) & ~slash);

		odd &= EACH_BYTE * 0x80;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		if (odd)
			return p + __builtin_ctzll(odd) / 8;
#else
		if (odd)
			return p + __builtin_clzll(odd) / 8;
#endif
	}
	return p;
}

/* bytes of the character at p, two to four; 0: this is no UTF-8 (RFC 3629, 4) */
static size_t character(const char *at, const char *end)
{
	const unsigned char *p = (const unsigned char *)at;
	size_t n = p[0] >= 0xc2 && p[0] <= 0xdf ? 2 : (p[0] & 0xf0) == 0xe0 ? 3 : p[0] >= 0xf0 && p[0] <= 0xf4 ? 4 : 0;
	unsigned least = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
	unsigned most = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;

	if (!n || (size_t)(end - at) < n || p[1] < least || p[1] > most)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* four hexadecimal digits; -1 where they are none */
static int32_t hex4(const char *p, const char *end)
{
	int32_t value = 0;

	if (end - p < 4)
		return -1;
	for (unsigned i = 0; i < 4; i++) {
		unsigned digit = (unsigned char)p[i], letter = (digit | 0x20) - 'a';

		if (digit - '0' > 9 && letter > 5)
			return -1;
		value = value << 4 | (int32_t)(digit - '0' <= 9 ? digit - '0' : letter + 10);
	}
	return value;
}

/* how many bytes the escape at p takes, which begins with a backslash, and what it stands for; 0: it is none */
static size_t escape(const char *p, const char *end, uint32_t *code)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *letter = end - p >= 2 && p[1] ? strchr(letters, p[1]) : NULL;
	int32_t high, low;

	if (letter) {
		*code = (unsigned char)meant[letter - letters];
		return 2;
	}
	high = end - p >= 2 && p[1] == 'u' ? hex4(p + 2, end) : -1;
	if (high <= 0 || (high & 0xfc00) == 0xdc00)
		return 0;
	*code = (uint32_t)high;
	if ((high & 0xfc00) != 0xd800)
		return 6;
	low = end - p >= 12 && p[6] == '\\' && p[7] == 'u' ? hex4(p + 8, end) : -1;
	if (low < 0 || (low & 0xfc00) != 0xdc00)
		return 0;
	*code = 0x10000 + ((uint32_t)(high & 0x3ff) << 10 | (uint32_t)(low & 0x3ff));
	return 12;
}

/* checks what follows a quote, up to the next one */
static bool take_text(struct flat *flat, struct text *text, bool *escaped)
{
	const char *begin = ++flat->at, *end = flat->end;
	uint32_t code;

	*escaped = false;
	while ((flat->at = skip_plain(flat->at, end)) < end && *flat->at != '"') {
		unsigned char c = (unsigned char)*flat->at;
		size_t n = c == '\\' ? escape(flat->at, end, &code) : c < ' ' ? 0 : c < 0x80 ? 1 : character(flat->at, end);

		if (!n)
			return fault(flat, c == '\\' ? "no such escape" : c < ' ' ? "control character in a text" : "no UTF-8");
		*escaped |= c == '\\';
		flat->at += n;
	}
	if (flat->at == end)
		return fault(flat, "the text does not end");
	*text = text_between(begin, flat->at++);
	return true;
}

static char *put_character(char *to, uint32_t code)
{
	if (code < 0x80) {
		*to++ = (char)code;
	} else if (code < 0x800) {
		*to++ = (char)(0xc0 | code >> 6);
		*to++ = (char)(0x80 | (code & 0x3f));
	} else {
		if (code < 0x10000) {
			*to++ = (char)(0xe0 | code >> 12);
		} else {
			*to++ = (char)(0xf0 | code >> 18);
			*to++ = (char)(0x80 | (code >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
		*to++ = (char)(0x80 | (code & 0x3f));
	}
	return to;
}

static struct text unescape(struct text text, char *room)
{
	const char *p = text.p, *end = p + text.n;
	char *to = room;
	uint32_t code;

	while (p < end) {
		size_t plain = text_find(text_between(p, end), '\\');

		memcpy(to, p, plain);
		to += plain;
		p += plain;
		if (p < end) {
			p += escape(p, end, &code);
			to = put_character(to, code);
		}
	}
	return text_between(room, to);
}

struct text flat_text(const struct flat_value *value, char *room)
{
	return value->escaped ? unescape(value->text, room) : value->text;
}

size_t flat_quote(struct text text, char *room)
{
	size_t n = 0;

	room[n++] = '"';
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c == '"' || c == '\\')
			room[n++] = '\\';
		if (c < ' ')
			n += (size_t)snprintf(room + n, 7, "\\u%04x", c);
		else
			room[n++] = (char)c;
	}
	room[n++] = '"';
	return n;
}

/* ---- numbers */

static size_t skip_digits(struct flat *flat)
{
	const char *begin = flat->at;

	while (flat->at < flat->end && (unsigned)(*flat->at - '0') <= 9)
		flat->at++;
	return (size_t)(flat->at - begin);
}

static bool take_number(struct flat *flat, struct flat_value *value)
{
	const char *begin = flat->at;
	bool exponent = false;
	size_t digits;

	take(flat, '-');
	digits = take(flat, '0') ? 1 : skip_digits(flat);
	value->kind = FLAT_INTEGER;
	if (digits && take(flat, '.')) {
		digits = skip_digits(flat);
		value->kind = FLAT_REAL;
	}
	if (digits && (take(flat, 'e') || take(flat, 'E'))) {
		if (!take(flat, '+'))
			take(flat, '-');
		digits = skip_digits(flat);
		value->kind = FLAT_REAL;
		exponent = true;
	}
	if (!digits)
		return fault(flat, "no value");
	value->text = text_between(begin, flat->at);
	if (value->kind == FLAT_INTEGER ? digits > PLAIN_DIGITS : exponent || value->text.n > PLAIN_BYTES) {
		json_t *number = json_loadb(begin, value->text.n, JSON_DECODE_ANY, NULL);

		json_decref(number);
		return number || fault(flat, "number too large");
	}
	return true;
}

/* without an exponent; where digits and power of ten are both exact, their quotient is the nearest double (Clinger, 1990) */
static bool decimal(struct text text, double *number)
{
	static const double tens[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
	bool negative = text.p[0] == '-';
	size_t point = text_find(text, '.'), behind = point < text.n ? text.n - point - 1 : 0;
	uint64_t digits = 0;

	if (text.n > PLAIN_DIGITS || behind >= sizeof tens / sizeof *tens)
		return false;
	for (size_t i = negative; i < text.n; i++) {
		if ((text.p[i] | 0x20) == 'e')
			return false;
		digits = i == point ? digits : digits * 10 + (uint64_t)(text.p[i] - '0');
	}
	*number = (negative ? -(double)digits : (double)digits) / tens[behind];
	return digits <= (uint64_t)1 << 53;
}

double flat_number(const struct flat_value *value)
{
	double number = 0;
	json_t *read;

	if (decimal(value->text, &number))
		return number;
	read = json_loadb(value->text.p, value->text.n, JSON_DECODE_ANY, NULL);
	number = json_number_value(read);
	json_decref(read);
	return number;
}

int64_t flat_integer(const struct flat_value *value)
{
	struct text text = value->text;
	bool negative = text.p[0] == '-';
	uint64_t digits = 0; /* 2^63 fits, and was found to be the most */

	for (size_t i = negative; i < text.n; i++)
		digits = digits * 10 + (uint64_t)(text.p[i] - '0');
	return (int64_t)(negative ? -digits : digits);
}

/* ---- values */

static bool take_word(struct flat *flat, struct text word, enum flat_kind kind, struct flat_value *value)
{
	if (!text_starts(text_between(flat->at, flat->end), word))
		return fault(flat, "no value");
	*value = (struct flat_value){ .kind = kind, .text = { flat->at, word.n } };
	flat->at += word.n;
	return true;
}

/* a value in which there are no others */
static bool take_scalar(struct flat *flat, struct flat_value *value)
{
	value->escaped = false;
	switch (peek(flat)) {
	case '"':
		value->kind = FLAT_TEXT;
		return take_text(flat, &value->text, &value->escaped);
	case 't': return take_word(flat, TEXT("true"), FLAT_TRUE, value);
	case 'f': return take_word(flat, TEXT("false"), FLAT_FALSE, value);
	case 'n': return take_word(flat, TEXT("null"), FLAT_NULL, value);
	default: return take_number(flat, value);
	}
}

/* `room`: where one is unescaped; NULL: it is only passed over */
static bool take_name(struct flat *flat, struct text *name, char *room)
{
	bool escaped;

	if (peek(flat) != '"')
		return fault(flat, "no name");
	if (!take_text(flat, name, &escaped))
		return false;
	if (room && escaped && name->n <= FLAT_NAME_MAX)
		*name = unescape(*name, room);
	skip_blanks(flat);
	if (!take(flat, ':'))
		return fault(flat, "no colon");
	skip_blanks(flat);
	return true;
}

static bool in_object(const struct nest *nest)
{
	unsigned at = nest->depth - 1;

	return nest->objects[at / 64] >> at % 64 & 1;
}

static bool closes(struct flat *flat, struct nest *nest)
{
	if (!nest->depth)
		return false;
	skip_blanks(flat);
	if (!take(flat, in_object(nest) ? '}' : ']'))
		return false;
	nest->depth--;
	return true;
}

static void opens(struct flat *flat, struct nest *nest)
{
	uint64_t bit = (uint64_t)1 << nest->depth % 64, *objects = &nest->objects[nest->depth / 64];

	*objects = *flat->at++ == '{' ? *objects | bit : *objects & ~bit;
	nest->depth++;
}

/* what stands before a value: the name, in an object */
static bool begin_value(struct flat *flat, const struct nest *nest)
{
	struct text name;

	skip_blanks(flat);
	return !in_object(nest) || take_name(flat, &name, NULL);
}

static bool begin_another(struct flat *flat, const struct nest *nest)
{
	return take(flat, ',') ? begin_value(flat, nest) : fault(flat, "no comma");
}

/* A value, and what is nested in it. Without recursion: the depth is a stranger's to choose. `outside`: in how many
 * values it stands */
static bool take_nested(struct flat *flat, unsigned outside)
{
	struct flat_value ignored;
	struct nest nest;

	nest.depth = 0;
	do {
		if (nest.depth + outside >= FLAT_DEPTH_MAX)
			return fault(flat, "nested too deeply");
		if (peek(flat) == '[' || peek(flat) == '{') {
			opens(flat, &nest);
			if (!closes(flat, &nest)) {
				if (!begin_value(flat, &nest))
					return false;
				continue;
			}
		} else if (!take_scalar(flat, &ignored)) {
			return false;
		}
		while (closes(flat, &nest))
			;
		if (nest.depth && !begin_another(flat, &nest))
			return false;
	} while (nest.depth);
	return true;
}

static bool take_value(struct flat *flat, struct flat_value *value)
{
	const char *begin = flat->at;

	if (peek(flat) != '[' && peek(flat) != '{')
		return take_scalar(flat, value);
	*value = (struct flat_value){ .kind = *begin == '[' ? FLAT_ARRAY : FLAT_OBJECT };
	if (!take_nested(flat, 1))
		return false;
	value->text = text_between(begin, flat->at);
	return true;
}

/* ---- the outermost */

struct flat flat_object(struct text text)
{
	return (struct flat){ .at = text.p, .end = text.n ? text.p + text.n : text.p };
}

struct flat flat_array(struct text array)
{
	return flat_object(array);
}

/* nothing may follow the end */
static bool end(struct flat *flat)
{
	flat->state = FLAT_ENDED;
	skip_blanks(flat);
	return flat->at == flat->end ? false : fault(flat, "something follows");
}

/* is there one more? */
static bool go_on(struct flat *flat, char opening, char closing)
{
	bool begins = flat->state == FLAT_BEGINS;

	if (flat->fault || flat->state == FLAT_ENDED)
		return false;
	skip_blanks(flat);
	if (begins && !take(flat, opening))
		return fault(flat, opening == '{' ? "no object" : "no array");
	flat->state = FLAT_GOES_ON;
	skip_blanks(flat);
	if (take(flat, closing))
		return end(flat);
	if (!begins && !take(flat, ','))
		return fault(flat, "no comma");
	skip_blanks(flat);
	return true;
}

bool flat_next(struct flat *flat, struct text *name, struct flat_value *value)
{
	return go_on(flat, '{', '}') && take_name(flat, name, flat->name) && take_value(flat, value);
}

bool flat_item(struct flat *flat, struct flat_value *value)
{
	return go_on(flat, '[', ']') && take_value(flat, value);
}
