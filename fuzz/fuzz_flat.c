/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a JSON object: taken exactly where jansson takes them, and with the same fields. */
#include <assert.h>
#include <jansson.h>

#include "base/flat.h"
#include "base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same_items(struct text array, const json_t *wanted);

static void same(const struct flat_value *value, const json_t *wanted)
{
	char *room = memory_new(value->text.n);
	struct text text = flat_text(value, room);

	switch (value->kind) {
	case FLAT_NULL: assert(json_is_null(wanted)); break;
	case FLAT_FALSE: assert(json_is_false(wanted)); break;
	case FLAT_TRUE: assert(json_is_true(wanted)); break;
	case FLAT_INTEGER:
		assert(json_is_integer(wanted) && flat_integer(value) == json_integer_value(wanted));
		assert(flat_number(value) == json_number_value(wanted));
		break;
	case FLAT_REAL: assert(json_is_real(wanted) && flat_number(value) == json_real_value(wanted)); break;
	case FLAT_TEXT:
		assert(json_is_string(wanted) && text_is(text, (struct text){ json_string_value(wanted), json_string_length(wanted) }));
		break;
	case FLAT_ARRAY: same_items(value->text, wanted); break;
	case FLAT_OBJECT: assert(json_is_object(wanted)); break;
	}
	free(room);
}

/* one level down: they were checked on the way to here */
static void same_items(struct text array, const json_t *wanted)
{
	struct flat flat = flat_array(array);
	struct flat_value value;
	size_t count = 0;

	assert(json_is_array(wanted));
	while (flat_item(&flat, &value)) {
		const json_t *item = json_array_get(wanted, count++);

		if (value.kind == FLAT_ARRAY)
			assert(json_is_array(item));
		else
			same(&value, item);
	}
	assert(!flat.fault && count == json_array_size(wanted));
}

/* the caller frees it; one of more than FLAT_NAME_MAX bytes was handed out as it is written */
static char *meant(struct text name)
{
	const struct flat_value written = { .kind = FLAT_TEXT, .escaped = name.n > FLAT_NAME_MAX, .text = name };
	char *room = memory_new(name.n), *key;
	struct text text = flat_text(&written, room);

	key = memory_copy(text.p, text.n);
	free(room);
	return key;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *wanted = json_loadb((const char *)data, size, 0, NULL), *object = json_object();
	struct flat flat = flat_object((struct text){ (const char *)data, size });
	struct flat_value value;
	struct text name;

	while (flat_next(&flat, &name, &value)) {
		char *key = meant(name);

		json_object_set_new_nocheck(object, key, json_integer((json_int_t)(value.text.p - (const char *)data)));
		free(key);
	}
	/* jansson takes a NUL behind a number; here it is a fault, and what stands behind it was not read */
	assert(!flat.fault == json_is_object(wanted) || (flat.fault && memchr(data, '\0', size)));
	if (!flat.fault)
		flat = flat_object((struct text){ (const char *)data, size });
	while (!flat.fault && json_is_object(wanted) && flat_next(&flat, &name, &value)) {
		char *key = meant(name);

		/* of a name that stands twice jansson keeps the last */
		if (json_integer_value(json_object_get(object, key)) == value.text.p - (const char *)data)
			same(&value, json_object_get(wanted, key));
		free(key);
	}
	json_decref(object);
	json_decref(wanted);
	return 0;
}
