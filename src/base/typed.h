/* SPDX-License-Identifier: Apache-2.0 */
/* Codes and addresses as people type them. A Japanese input method writes letters in full width (U+FF01 to U+FF5E), and what stands on the
 * keys of hyphen and dot as ー and 。; they mean the characters of ASCII. */
#ifndef SEKISHO_BASE_TYPED_H
#define SEKISHO_BASE_TYPED_H
#include "base/text.h"

enum { TYPED_CODE_MAX = 24 }; /* bytes of a code as it was meant, with what stands between */

/* What was meant, trimmed, into `to` of `room` bytes with its end. Where more than that is beyond ASCII it stays as it was: it is no code,
 * and an address of its own. False where it does not fit, and *to is "". */
bool typed_plain(struct text typed, char *to, size_t room) __attribute__((warn_unused_result));
#endif
