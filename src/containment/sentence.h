/* SPDX-License-Identifier: Apache-2.0 */
/* What an action says where it puts down more than the one number of its answer. The sentence is kept in English, as a text: whoever
 * shows it finds by the same form what was put into it, and says it in the reader's language. */
#ifndef SEKISHO_CONTAINMENT_SENTENCE_H
#define SEKISHO_CONTAINMENT_SENTENCE_H
#include "base/text.h"

enum sentence {
	SENTENCE_BEING_DELIVERED, /* how many, and their queue ids */
	SENTENCE_FINGERPRINT,     /* of the password that was set */
	SENTENCES,
};

enum { SENTENCE_PARTS_MAX = 2 };

/* msgids: each %s stands for a part, %u for the number of the answer */
extern const char *const sentence_forms[SENTENCES];

/* as many parts as the form has %s; cut to fit */
void sentence_compose(enum sentence which, const char *const *parts, char *to, size_t size);
/* the parts, as views of `said`, the last one takes the rest; false where it is another sentence */
bool sentence_parts(enum sentence which, struct text said, struct text parts[SENTENCE_PARTS_MAX]) __attribute__((warn_unused_result));
#endif
