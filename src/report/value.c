/* SPDX-License-Identifier: Apache-2.0 */
#include "report/value.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/when.h"
#include "report/utf8.h"

/* JSON is UTF-8 and nothing else: bytes that are not become \xNN */
json_t *value_text(const char *text)
{
	json_t *clean = text ? json_string(text) : json_null();
	struct utf8_step step;
	size_t n = 0;
	char *copy;

	if (clean)
		return clean;
	copy = memory_new(4 * strlen(text) + 1);
	for (utf8_step(text, &step); step.used; utf8_step(text += step.used, &step)) {
		const char *from = step.valid ? text : step.shown;
		size_t bytes = step.valid ? step.used : strlen(step.shown);

		memcpy(copy + n, from, bytes);
		n += bytes;
	}
	clean = json_stringn(copy, n);
	free(copy);
	return clean ? clean : json_null();
}

json_t *value_text_or_null(const char *text)
{
	return text && *text ? value_text(text) : json_null();
}

json_t *value_time(int64_t t_us)
{
	char text[WHEN_TEXT_MAX];

	return t_us == WHEN_NONE ? json_null() : json_string(when_format(t_us, text));
}

json_t *value_rounded(double value, double scale)
{
	return isfinite(value) ? json_real(round(value * scale) / scale) : json_null();
}

json_t *value_count(uint64_t value)
{
	return json_integer((json_int_t)value);
}

json_t *value_country(const struct event_place *place)
{
	char text[3] = { place->country[0], place->country[1], '\0' };

	return value_text_or_null(text);
}

json_t *value_whose(const struct incident_source *source)
{
	if (source->attacker)
		return json_string(source->familiar ? "both" : "attacker");
	return json_string(source->familiar ? "owner" : "unclear");
}

json_t *value_opening(enum incident_opening opening)
{
	static const char *const words[] = {
		[OPENING_UNKNOWN] = "unknown",
		[OPENING_BLUE] = "out_of_the_blue",
		[OPENING_GUESSED] = "guessed",
		[OPENING_SPRAYED] = "sprayed",
	};

	return json_string(words[opening]);
}

/* ---- the whole */

static void put_escaped(uint32_t code, FILE *to)
{
	if (code > 0xffff)
		fprintf(to, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
	else
		fprintf(to, "\\u%04x", code);
}

/* up to the first byte that is not harmless anywhere, or the end */
static const char *past_ascii(const char *text)
{
	while ((unsigned char)*text - 1u < 0x7e)
		text++;
	return text;
}

/* Names come from logs, and JSON is looked at on terminals, too: controls, line separators and what turns the direction
 * of writing are written as \u escapes, which say the same. The library does so for the ASCII ones alone. */
static void put_disarmed(const char *text, FILE *to)
{
	const char *plain = text; /* up to `text`, nothing to be escaped */
	struct utf8_step step;

	for (text = past_ascii(text); *text; text = past_ascii(text + step.used)) {
		utf8_step(text, &step);
		if (step.plain || !step.valid)
			continue;
		fwrite(plain, 1, (size_t)(text - plain), to);
		put_escaped(step.code, to);
		plain = text + step.used;
	}
	fwrite(plain, 1, (size_t)(text - plain), to);
}

static bool put(json_t *root, size_t flags, FILE *to)
{
	char *text = json_dumps(root, flags | JSON_REAL_PRECISION(15));

	json_decref(root);
	if (text)
		put_disarmed(text, to);
	free(text);
	fputc('\n', to);
	return text;
}

static bool not_written(struct error *error)
{
	return error_set(error, "the report could not be written: %s", strerror(errno ? errno : EIO));
}

bool value_write(json_t *root, FILE *to, struct error *error)
{
	errno = 0;
	return (put(root, JSON_INDENT(1), to) && fflush(to) == 0 && !ferror(to)) || not_written(error);
}

bool value_write_line(json_t *root, FILE *to, struct error *error)
{
	errno = 0;
	return (put(root, JSON_COMPACT, to) && !ferror(to)) || not_written(error);
}
