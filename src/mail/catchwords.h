/* SPDX-License-Identifier: Apache-2.0 */
/* Words and phrases that stand for something, sought in one pass (mail/phrases.h). Texts are folded first, so that a word is found across
 * line ends, in wide letters, in any case of letters, and with characters of no width between. */
#ifndef SEKISHO_MAIL_CATCHWORDS_H
#define SEKISHO_MAIL_CATCHWORDS_H
#include "base/arena.h"

struct catchword {
	struct text text; /* folded; ASCII letters and digits at its ends want no other beside them */
	uint16_t kind, value;
};

struct catchwords;

/* keeps copies; beyond PHRASES_BYTES_MAX of all together the rest is passed over */
struct catchwords *catchwords_new(const struct catchword *word, size_t count) __attribute__((warn_unused_result));
void catchwords_free(struct catchwords *words);
/* calls for each place where one stands */
void catchwords_find(const struct catchwords *words, struct text folded, void (*found)(void *context, const struct catchword *word), void *context);

/* Small letters, wide ASCII made narrow, one blank for many, none between characters beyond ASCII, nothing without width. At most as long as the
 * text; in the arena. */
struct text catchwords_fold(struct arena *arena, struct text text);
#endif
