/* SPDX-License-Identifier: Apache-2.0 */
/* Many phrases sought in one pass over a text (Aho and Corasick, Communications of the ACM 18, 1975). ASCII letters count in any
 * case, and any run of blanks and line ends as one blank: a phrase may be broken over two lines. Other bytes count as they
 * stand. The time is linear in the text, whatever it holds.
 *
 * A table is built once for the life of the program; any thread may look with it. */
#ifndef SEKISHO_MAIL_PHRASES_H
#define SEKISHO_MAIL_PHRASES_H
#include "base/text.h"

enum { PHRASES_BYTES_MAX = 60000 }; /* of all phrases of one table */

struct phrases;

/* The phrases are in small letters, not empty, and live as long as the table. */
struct phrases *phrases_new(const char *const *phrase, size_t count) __attribute__((warn_unused_result));
void phrases_free(struct phrases *phrases);

/* `found` is told the number of each phrase (its place in the array), and where the text stands behind it; it says false
 * when it wants no more. Of phrases that end at the same place the longest is told first. */
void phrases_seek(const struct phrases *phrases, struct text text, bool (*found)(void *context, size_t number, size_t end), void *context);
#endif
