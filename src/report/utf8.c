/* SPDX-License-Identifier: Apache-2.0 */
#include "report/utf8.h"

#include <string.h>
#include <wchar.h>

#include "base/text.h"

enum { CHARACTER_MAX = 4 }; /* bytes */

/* code points that are well-formed and still not shown as they are: first and last of each run */
static const uint32_t hidden[][2] = {
	{ 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x00ad, 0x00ad }, { 0x034f, 0x034f }, { 0x061c, 0x061c },
	{ 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
	{ 0x2060, 0x206f }, { 0x3164, 0x3164 }, { 0xe000, 0xf8ff }, { 0xfdd0, 0xfdef }, { 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff }, { 0xe0000, 0x10ffff },
};

static bool is_hidden(uint32_t code)
{
	if (code >= 0x20 && code < 0x7f)
		return false;
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		if (code >= hidden[i][0] && code <= hidden[i][1])
			return true;
	return (code & 0xfffe) == 0xfffe;
}

static void show_bytes(const unsigned char *p, struct utf8_step *step)
{
	char *to = step->shown;

	for (size_t i = 0; i < step->used; i++) {
		*to++ = '\\';
		*to++ = 'x';
		*to++ = "0123456789abcdef"[p[i] >> 4];
		*to++ = "0123456789abcdef"[p[i] & 15];
	}
	*to = '\0';
	step->columns = (unsigned)(to - step->shown);
}

/* wcwidth knows the characters of the caller's locale only: the others are taken for single */
static unsigned width(uint32_t code)
{
	int columns = wcwidth((wchar_t)code);

	return columns < 0 ? 1 : (unsigned)columns;
}

void utf8_step(const char *at, struct utf8_step *step)
{
	const unsigned char *p = (const unsigned char *)at;

	*step = (struct utf8_step){ 0 };
	if (!*at)
		return;
	step->used = text_character((struct text){ at, strnlen(at, CHARACTER_MAX) }, &step->code);
	step->valid = step->used != 0;
	if (!step->valid)
		step->used = 1;
	step->plain = step->valid && !is_hidden(step->code);
	if (!step->plain) {
		show_bytes(p, step);
		return;
	}
	for (size_t i = 0; i < step->used; i++)
		step->shown[i] = at[i];
	step->columns = width(step->code);
}

unsigned utf8_columns(const char *text)
{
	struct utf8_step step;
	unsigned columns = 0;

	for (utf8_step(text, &step); step.used; utf8_step(text += step.used, &step))
		columns += step.columns;
	return columns;
}
