/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/msg_file.h"

#include <gsf/gsf-infile-msole.h>
#include <gsf/gsf-input-memory.h>
#include <unicode/ucnv.h>

/* streams of the properties as they are named: UTF-16 little-endian first, then bytes in the sender's code page */
#define HEADERS "__substg1.0_007D"
#define BODY "__substg1.0_1000"

static struct text from_utf16(struct arena *arena, const guint8 *data, size_t n)
{
	UErrorCode code = U_ZERO_ERROR;
	char *to = arena_take(arena, n * 3 / 2 + 4);
	int32_t length = ucnv_convert("UTF-8", "UTF-16LE", to, (int32_t)(n * 3 / 2 + 4), (const char *)data, (int32_t)n, &code);

	return U_FAILURE(code) ? TEXT_NONE : (struct text){ to, (size_t)length };
}

static struct text property(struct arena *arena, GsfInfile *file, const char *head, const char *kind, bool wide)
{
	char name[32];
	GsfInput *stream;
	struct text text = TEXT_NONE;
	const guint8 *data;
	size_t n;

	g_snprintf(name, sizeof name, "%s%s", head, kind);
	stream = gsf_infile_child_by_name(file, name);
	if (!stream)
		return TEXT_NONE;
	n = (size_t)gsf_input_size(stream);
	if (n > MSG_FILE_TEXT_MAX)
		n = MSG_FILE_TEXT_MAX;
	data = n ? gsf_input_read(stream, n, NULL) : NULL;
	if (data && wide)
		text = from_utf16(arena, data, n & ~(size_t)1);
	else if (data)
		text = (struct text){ arena_text(arena, (struct text){ (const char *)data, n }), n };
	g_object_unref(stream);
	return text;
}

static struct text either(struct arena *arena, GsfInfile *file, const char *head)
{
	struct text wide = property(arena, file, head, "001F", true);

	return wide.n ? wide : property(arena, file, head, "001E", false);
}

bool msg_file_read(struct arena *arena, struct text bytes, struct text *mail)
{
	GsfInput *input;
	GsfInfile *file;
	struct text headers = TEXT_NONE;

	if (bytes.n < 512 || bytes.n > MSG_FILE_MAX || memcmp(bytes.p, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) != 0)
		return false;
	input = gsf_input_memory_new((const guint8 *)bytes.p, (gsf_off_t)bytes.n, FALSE);
	file = input ? gsf_infile_msole_new(input, NULL) : NULL;
	if (file) {
		headers = either(arena, file, HEADERS);
		*mail = headers.n ? arena_joined(arena, headers, TEXT("\n\n"), either(arena, file, BODY)) : TEXT_NONE;
		g_object_unref(file);
	}
	if (input)
		g_object_unref(input);
	return headers.n > 0;
}
