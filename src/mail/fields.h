/* SPDX-License-Identifier: Apache-2.0 */
/* Header fields (RFC 5322 2.2), of a mail, of a part, of a delivery report's groups (RFC 3464 2), or of what somebody
 * pasted: a name and a value, unfolded, without the blanks around it, in UTF-8. Encoded words (RFC 2047) are decoded where
 * the fields come from a `struct message`. Texts live as long as the arena. */
#ifndef SEKISHO_MAIL_FIELDS_H
#define SEKISHO_MAIL_FIELDS_H
#include "base/arena.h"

enum {
	FIELDS_MAX = 1000,          /* the rest is passed over */
	FIELD_NAME_MAX = 100,
	FIELD_BYTES_MAX = 32 << 10, /* longer values are cut */
};

struct field {
	struct text name; /* as it was written */
	struct text value;
};

struct fields {
	const struct field *field;
	size_t count;
};

/* Reads fields from the beginning of the text up to the first line that is none; an empty line ends them, and so does the end.
 * *rest is what follows (the empty line is gone). Blank lines and an mbox "From " line in front are passed over. */
void fields_read(struct arena *arena, struct text text, struct fields *fields, struct text *rest);
/* The same for the fields of a mail (which may have such lines in front) or of a part, as they were sent: a line that is none in the
 * midst of them is passed over. Values are bytes in whatever set, encoded words and all. False where there were more than FIELDS_MAX. */
bool fields_read_part(struct arena *arena, struct text text, bool mail, struct fields *fields, struct text *rest);
/* the first of that name in any case of letters: false, and *value empty, without one */
bool fields_find(const struct fields *fields, const char *name, struct text *value);
/* the same, TEXT_NONE without one */
struct text fields_value(const struct fields *fields, const char *name);
bool text_same_word(struct text text, const char *word); /* in any case of letters (ASCII) */
/* where `word` stands in the text in any case of letters (ASCII), or NULL; `word` is in small letters */
const char *text_seek(struct text text, const char *word);
/* the next line, without its end; false at the end */
bool text_line(struct text *rest, struct text *line);
#endif
