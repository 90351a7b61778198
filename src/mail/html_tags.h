/* SPDX-License-Identifier: Apache-2.0 */
/* HTML as a browser's tokenizer cuts it (WHATWG 13.2.5, as far as links and visible text need it): text, start tags with attributes, end
 * tags. Comments, scripts and styles are passed over. No tree, no copies: ten kilobytes take ten microseconds, of which every mail with HTML
 * has to pay; that is why it is no library. Linear in the length. */
#ifndef SEKISHO_MAIL_HTML_TAGS_H
#define SEKISHO_MAIL_HTML_TAGS_H
#include "base/arena.h"

enum html_kind { HTML_TEXT, HTML_START, HTML_END };

struct html_token {
	enum html_kind kind;
	struct text text;       /* HTML_TEXT: as it stands there, entities and all */
	struct text name;       /* of the tag, as it was written */
	struct text attributes; /* of a start tag: for html_attribute */
};

bool html_next(struct text *rest, struct html_token *token); /* false at the end */
bool html_attribute(struct text *rest, struct text *name, struct text *value);
/* the value of the attribute of that name, decoded; false without one */
bool html_find(struct arena *arena, const struct html_token *token, const char *name, struct text *value);
/* Entities decoded; never longer than `text`. A view of it where there is none. */
struct text html_decoded(struct arena *arena, struct text text);
/* the same into a buffer of at least text.n bytes; how many were written */
size_t html_decode(struct text text, char *to);
#endif
