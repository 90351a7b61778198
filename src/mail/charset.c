/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/charset.h"

#include <ctype.h>
#include <stdlib.h>
#include <unicode/ucnv.h>

#include "base/memory.h"

enum { OPEN_MAX = 8, NAME_MAX_BYTES = 64 };

struct converter {
	char name[NAME_MAX_BYTES];
	UConverter *icu; /* NULL: nobody knows the name */
};

struct charset {
	struct converter open[OPEN_MAX];
	size_t count, next;
	UConverter *utf8;
};

struct charset *charset_new(void)
{
	struct charset *charset = memory_zero(1, sizeof *charset);
	UErrorCode code = U_ZERO_ERROR;

	charset->utf8 = ucnv_open("UTF-8", &code);
	return charset;
}

void charset_free(struct charset *charset)
{
	if (!charset)
		return;
	for (size_t i = 0; i < charset->count; i++)
		ucnv_close(charset->open[i].icu);
	ucnv_close(charset->utf8);
	free(charset);
}

/* ---- what the bytes say of themselves */

enum looks { LOOKS_PLAIN, LOOKS_ESCAPED, LOOKS_HIGH };

static enum looks looks_of(struct text bytes)
{
	enum looks looks = LOOKS_PLAIN;

	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];

		if (c == 0x1b || c == 0)
			return LOOKS_ESCAPED;
		if (c >= 0x80)
			looks = LOOKS_HIGH;
	}
	return looks;
}

static bool is_well_formed(struct text bytes)
{
	uint32_t code;

	while (bytes.n) {
		size_t n = text_character(bytes, &code);

		if (!n)
			return false;
		bytes = text_after(bytes, n);
	}
	return true;
}

bool charset_is_utf8(struct text bytes)
{
	enum looks looks = looks_of(bytes);

	return looks == LOOKS_PLAIN || (looks == LOOKS_HIGH && is_well_formed(bytes));
}

/* how many characters are well-formed in both bytes, or -1 where something is not */
static long pairs_of(struct text bytes, bool (*lead)(unsigned char), bool (*trail)(unsigned char), bool (*alone)(unsigned char))
{
	long pairs = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];

		if (c < 0x80 || alone(c))
			continue;
		if (!lead(c) || i + 1 == bytes.n || !trail((unsigned char)bytes.p[i + 1]))
			return -1;
		pairs++;
		i++;
	}
	return pairs;
}

static bool sjis_lead(unsigned char c) { return (c >= 0x81 && c <= 0x9f) || (c >= 0xe0 && c <= 0xfc); }
static bool sjis_trail(unsigned char c) { return c >= 0x40 && c != 0x7f && c <= 0xfc; }
static bool sjis_alone(unsigned char c) { return c >= 0xa1 && c <= 0xdf; }
static bool euc_lead(unsigned char c) { return c == 0x8e || (c >= 0xa1 && c <= 0xfe); }
static bool euc_trail(unsigned char c) { return c >= 0xa1 && c <= 0xfe; }
static bool never(unsigned char c) { return false; }

static bool has_escapes(struct text bytes) { return memmem(bytes.p, bytes.n, "\033$", 2) || memmem(bytes.p, bytes.n, "\033(", 2); }

/* EUC-JP is well-formed as Shift_JIS too, but then as half-width kana, which few write */
static const char *guessed_name(struct text bytes)
{
	long euc, sjis;

	if (has_escapes(bytes))
		return "ISO-2022-JP-2";
	euc = pairs_of(bytes, euc_lead, euc_trail, never);
	sjis = pairs_of(bytes, sjis_lead, sjis_trail, sjis_alone);
	if (euc > 0)
		return "EUC-JP";
	return sjis > 0 ? "Shift_JIS" : "windows-1252";
}

/* ---- converters */

/* what mails write, and the converter that takes most of what they mean by it */
static const struct {
	const char *written, *meant;
} aliases[] = {
	{ "shift-jis", "windows-31j" }, { "shift_jis", "windows-31j" }, { "sjis", "windows-31j" }, { "x-sjis", "windows-31j" },
	{ "cp932", "windows-31j" },     { "iso-2022-jp", "ISO-2022-JP-2" }, { "cp50220", "ISO-2022-JP-2" },
	{ "cp50221", "ISO-2022-JP-2" }, { "iso-8859-1", "windows-1252" }, { "latin1", "windows-1252" }, { "us-ascii", "" },
	{ "ascii", "" },                { "utf-8", "UTF-8" }, { "utf8", "UTF-8" }, { "7bit", "" }, { "8bit", "" }, { "unknown", "" },
	{ "unknown-8bit", "" },         { "x-unknown", "" }, { "default", "" },
};

static const char *meant_by(const char *name)
{
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
		if (strcasecmp(aliases[i].written, name) == 0)
			return aliases[i].meant;
	return name;
}

static UConverter *opened(const char *name)
{
	UErrorCode code = U_ZERO_ERROR;
	UConverter *icu = *name ? ucnv_open(name, &code) : NULL;

	if (U_FAILURE(code))
		return NULL;
	/* UTF-7 and those with bytes below 0x80 of other meaning are what a forger would use */
	if (icu && (ucnv_getType(icu) == UCNV_UTF7 || ucnv_getType(icu) == UCNV_SCSU || ucnv_getType(icu) == UCNV_EBCDIC_STATEFUL)) {
		ucnv_close(icu);
		icu = NULL;
	}
	return icu;
}

static UConverter *converter_of(struct charset *charset, const char *name)
{
	struct converter *slot;

	for (size_t i = 0; i < charset->count; i++)
		if (strcmp(charset->open[i].name, name) == 0)
			return charset->open[i].icu;
	slot = &charset->open[charset->next];
	charset->next = (charset->next + 1) % OPEN_MAX;
	if (charset->count < OPEN_MAX)
		charset->count++;
	else
		ucnv_close(slot->icu);
	text_copy(slot->name, sizeof slot->name, text_of(name));
	slot->icu = opened(name);
	return slot->icu;
}

static struct text converted(struct charset *charset, struct arena *arena, UConverter *icu, struct text bytes)
{
	size_t room = bytes.n * 3 + 16; /* no character takes fewer than one byte there or more than three for each here */
	char *to = arena_take(arena, room), *end = to;
	const char *from = bytes.p;
	UChar middle[1024], *taken = middle, *put = middle;
	UErrorCode code = U_ZERO_ERROR;

	ucnv_convertEx(charset->utf8, icu, &end, to + room, &from, bytes.p + bytes.n, middle, &taken, &put, middle + 1024, true, true,
		       &code);
	for (char *c = to; c < end; c++)
		if (*c == '\0' || *c == '\033')
			*c = ' ';
	return text_between(to, end);
}

static bool is_wide(const char *meant) { return strncasecmp(meant, "utf-16", 6) == 0 || strncasecmp(meant, "utf-32", 6) == 0; }

/* UTF-8 but for NULs and lonely escapes, which become blanks */
static struct text without_controls(struct arena *arena, struct text bytes)
{
	char *copy = arena_text(arena, bytes);

	for (size_t i = 0; i < bytes.n; i++)
		if (copy[i] == '\0' || copy[i] == '\033')
			copy[i] = ' ';
	return (struct text){ copy, bytes.n };
}

/* Bytes that cannot be what their name says are named by what they look like. A name of 8-bit characters can be wrong
 * unseen; UTF-8 that is not well-formed stays UTF-8 where it looks like nothing else. */
static const char *believed_name(const char *meant, enum looks looks, struct text bytes)
{
	const char *guessed;

	if (is_wide(meant))
		return meant;
	if (looks == LOOKS_HIGH && *meant && strcmp(meant, "UTF-8") != 0 && strncasecmp(meant, "ISO-2022", 8) != 0)
		return meant;
	guessed = guessed_name(bytes);
	return strcmp(meant, "UTF-8") == 0 && strcmp(guessed, "windows-1252") == 0 ? meant : guessed;
}

struct text charset_utf8(struct charset *charset, struct arena *arena, struct text bytes, struct text name)
{
	char known_as[NAME_MAX_BYTES];
	UConverter *icu;
	enum looks looks = looks_of(bytes);

	if (looks == LOOKS_PLAIN || (looks == LOOKS_HIGH && is_well_formed(bytes)))
		return bytes;
	text_copy(known_as, sizeof known_as, name);
	for (char *c = known_as; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (looks == LOOKS_ESCAPED && !has_escapes(bytes) && !is_wide(known_as) && is_well_formed(bytes))
		return without_controls(arena, bytes);
	icu = converter_of(charset, believed_name(meant_by(known_as), looks, bytes));
	if (!icu)
		icu = converter_of(charset, guessed_name(bytes));
	return icu ? converted(charset, arena, icu, bytes) : TEXT_NONE;
}
