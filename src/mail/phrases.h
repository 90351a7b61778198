/* SPDX-License-Identifier: Apache-2.0 */
/* Many phrases sought in one pass over a text (Aho and Corasick, 1975), however many there are. Texts are folded first, so that a phrase is
 * found across line ends, in wide letters, in any case of letters, and with characters of no width between: phrases are given folded. */
#ifndef SEKISHO_MAIL_PHRASES_H
#define SEKISHO_MAIL_PHRASES_H
#include "base/arena.h"

enum { PHRASES_BYTES_MAX = 30000 }; /* of all phrases together */

struct phrase {
	struct text text; /* folded; ASCII letters and digits at its ends want no other beside them */
	uint16_t kind, value;
};

struct phrases;

/* keeps copies */
struct phrases *phrases_new(const struct phrase *phrase, size_t count) __attribute__((warn_unused_result));
void phrases_free(struct phrases *phrases);
/* calls for each place where one stands */
void phrases_find(const struct phrases *phrases, struct text folded, void (*found)(void *context, const struct phrase *phrase), void *context);

/* Small letters, wide ASCII made narrow, one blank for many, none between characters beyond ASCII, nothing without width. At most as long as the
 * text; in the arena. */
struct text phrases_fold(struct arena *arena, struct text text);
#endif
