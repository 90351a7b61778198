/* SPDX-License-Identifier: Apache-2.0 */
#include "report/field.h"

#include "base/when.h"

const char *field_text(const json_t *object, const char *field)
{
	const char *text = json_string_value(json_object_get(object, field));

	return text ? text : "";
}

uint64_t field_count(const json_t *object, const char *field)
{
	json_int_t number = json_integer_value(json_object_get(object, field));

	return number > 0 ? (uint64_t)number : 0;
}

double field_bits(const json_t *object, const char *field) { return json_number_value(json_object_get(object, field)); }

int64_t field_time(const json_t *object, const char *field)
{
	int64_t t_us;
	size_t used;

	return when_parse_rfc3339(text_of(field_text(object, field)), 0, &t_us, &used) ? t_us : WHEN_NONE;
}

bool field_flag(const json_t *object, const char *field) { return json_is_true(json_object_get(object, field)); }
