/* SPDX-License-Identifier: Apache-2.0 */
/* A situation, and the bits that one signal may bring in it. Included by one test program each, which says how to `told`. */
#ifndef SEKISHO_TESTS_SITUATIONS_H
#define SEKISHO_TESTS_SITUATIONS_H
#include "story.h"

struct situation {
	const char *why;
	void (*told)(struct story *s);
	float least, most;
};

/* plays it on the day after alice's usual ones; the bits of `signal` that stand then */
static float told(void (*tell)(struct story *s), const char *signal);

static void check(const char *signal, const struct situation *situations, size_t count)
{
	bool wrong = false;

	for (size_t i = 0; i < count; i++) {
		float bits = told(situations[i].told, signal);

		if (bits >= situations[i].least && bits <= situations[i].most)
			continue;
		print_error("%s, %s: %.2f bits, wanted %.1f to %.1f\n", signal, situations[i].why, (double)bits,
			    (double)situations[i].least, (double)situations[i].most);
		wrong = true;
	}
	assert_false(wrong);
}

#define CHECK(signal, situations) check(signal, situations, sizeof(situations) / sizeof *(situations))
#endif
