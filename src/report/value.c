/* SPDX-License-Identifier: Apache-2.0 */
#include "report/value.h"

#include <math.h>
#include <stdlib.h>

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
