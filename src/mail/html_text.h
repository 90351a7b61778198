/* SPDX-License-Identifier: Apache-2.0 */
/* HTML as a reader sees it: text without tags, comments, styles and scripts; a line where a block or <br> ends; entities
 * decoded; runs of blanks are one. Not a browser: what only CSS hides is there. Lives in the arena; never longer than the
 * HTML. Linear in the length. */
#ifndef SEKISHO_MAIL_HTML_TEXT_H
#define SEKISHO_MAIL_HTML_TEXT_H
#include "base/arena.h"

struct text html_text(struct arena *arena, struct text html);
#endif
