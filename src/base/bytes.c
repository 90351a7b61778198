/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

#include <string.h>

#include "base/memory.h"

char *bytes_room(struct bytes *bytes, size_t n)
{
	if (bytes->room - bytes->n < n + 1) {
		bytes->room = (bytes->n + n + 1) * 2;
		bytes->p = memory_resize(bytes->p, bytes->room, 1);
	}
	return bytes->p + bytes->n;
}

void bytes_add(struct bytes *bytes, struct text more)
{
	char *to = bytes_room(bytes, more.n);

	if (more.n)
		memcpy(to, more.p, more.n);
	to[more.n] = '\0';
	bytes->n += more.n;
}

void bytes_say(struct bytes *bytes, const char *more) { bytes_add(bytes, text_of(more)); }

void bytes_fill(struct bytes *bytes, struct text more, size_t most)
{
	size_t left = bytes->n < most ? most - bytes->n : 0;

	bytes_add(bytes, text_head(more, more.n < left ? more.n : left));
}
