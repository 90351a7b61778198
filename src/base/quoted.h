/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of any bytes within a line of words, as helpers say and hear them: between < and >, every byte that is not plain ASCII, and
 * < > % and blanks, as %XX in capitals. Nothing else is read. */
#ifndef SEKISHO_BASE_QUOTED_H
#define SEKISHO_BASE_QUOTED_H
#include "base/text.h"

/* of a text of so many bytes, at most, with its end */
#define QUOTED_ROOM(bytes) ((bytes) * 3 + 3)

/* `to`, with a \0 behind it; cut to fit `size`, which is at least QUOTED_ROOM(0), and never where it is QUOTED_ROOM of the text */
const char *quoted_write(struct text text, char *to, size_t size);
/* false where it is not written so, or would not fit into `size` bytes with a \0 behind it; there may be others within */
bool quoted_read(struct text quoted, char *to, size_t size, struct text *plain) __attribute__((warn_unused_result));
#endif
