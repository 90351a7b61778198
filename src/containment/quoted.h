/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of any bytes within a line of words, as helpers say and hear them: between < and >, every byte that is not plain ASCII, and
 * < > % and blanks, as %XX. */
#ifndef SEKISHO_CONTAINMENT_QUOTED_H
#define SEKISHO_CONTAINMENT_QUOTED_H
#include "base/text.h"

/* of one text, at most, with its end */
#define QUOTED_ROOM(bytes) ((bytes) * 3 + 3)

/* `size` is at least QUOTED_ROOM of the text; how many bytes it became */
size_t quoted_write(struct text text, char *to, size_t size);
/* false where it is not quoted, or would not fit into `size` bytes with a \0 behind it */
bool quoted_read(struct text quoted, char *to, size_t size, struct text *plain) __attribute__((warn_unused_result));
#endif
