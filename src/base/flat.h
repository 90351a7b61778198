/* SPDX-License-Identifier: Apache-2.0 */
/* One JSON object (RFC 8259) read field by field, for those who are asked so often that a tree of all its values would
 * cost more than the answer. Exactly what jansson takes is taken: UTF-8 only, no \u0000, integers of 64 bits, numbers
 * within a double, at most FLAT_DEPTH_MAX values in one another; of a name that stands twice each is handed out. (NUL bytes
 * are never taken; jansson passes over one behind a number.)
 *
 *	struct flat flat = flat_object(text);
 *	while (flat_next(&flat, &name, &value))
 *		…
 *	if (flat.fault)
 *		it was none; what was handed out before does not count
 *
 * Names and values are views of the text. What is nested is checked as strictly, and handed out whole; flat_array goes on
 * through the items of an array. Nothing is allocated but for numbers out of the ordinary, which jansson reads. */
#ifndef SEKISHO_BASE_FLAT_H
#define SEKISHO_BASE_FLAT_H
#include "base/text.h"

enum {
	FLAT_DEPTH_MAX = 2048,
	FLAT_NAME_MAX = 64, /* bytes of a name with escapes; a longer one is handed out as it is written */
};

enum flat_kind { FLAT_NULL, FLAT_FALSE, FLAT_TRUE, FLAT_INTEGER, FLAT_REAL, FLAT_TEXT, FLAT_ARRAY, FLAT_OBJECT };

struct flat_value {
	enum flat_kind kind;
	bool escaped;     /* TEXT: there is a backslash in it */
	struct text text; /* as it is written; of a TEXT what stands between its quotes */
};

struct flat {
	const char *at, *end;
	const char *fault; /* why it cannot be read, in a few English words, or NULL; `at` is where */
	enum { FLAT_BEGINS, FLAT_GOES_ON, FLAT_ENDED } state;
	char name[FLAT_NAME_MAX];
};

struct flat flat_object(struct text text);
/* the next field; false at the end, and where there is a fault. The name is good until the next call. */
bool flat_next(struct flat *flat, struct text *name, struct flat_value *value) __attribute__((warn_unused_result));

/* `array`: the text of a FLAT_ARRAY */
struct flat flat_array(struct text array);
bool flat_item(struct flat *flat, struct flat_value *value) __attribute__((warn_unused_result));

/* what a TEXT says: itself, or, where it is escaped, what that stands for, in `room` of value->text.n bytes */
struct text flat_text(const struct flat_value *value, char *room);
/* of an INTEGER or a REAL */
double flat_number(const struct flat_value *value);
/* of an INTEGER */
int64_t flat_integer(const struct flat_value *value);

/* writes a text with its quotes, escaped where it must be, into room for 6 * text.n + 2 bytes; how many it took */
size_t flat_quote(struct text text, char *room);
#endif
