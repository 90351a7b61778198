/* SPDX-License-Identifier: Apache-2.0 */
/* What a browser sends: a form (application/x-www-form-urlencoded, as the HTML standard has it), and the cookie it keeps. All of it is
 * hostile: bounded, and what is malformed is refused as a whole. Values are views of the caller's bytes. */
#ifndef SEKISHO_WEB_FORM_H
#define SEKISHO_WEB_FORM_H
#include "base/text.h"

enum { FORM_FIELDS_MAX = 32, FORM_NAME_MAX = 32 };

struct form {
	struct form_field {
		struct text name, value;
	} fields[FORM_FIELDS_MAX];
	size_t count;
};

/* Decodes in place. False where it is no form, has a zero byte, or too many fields. */
bool form_read(char *body, size_t n, struct form *form) __attribute__((warn_unused_result));
/* of the first field of that name; TEXT_NONE without one */
struct text form_value(const struct form *form, const char *name);
/* trimmed of blanks on both ends, as people leave them */
struct text form_word(const struct form *form, const char *name);

/* the cookie of that name in a Cookie field (RFC 6265, 5.4); TEXT_NONE without one */
struct text cookie_value(struct text cookies, struct text name);
#endif
