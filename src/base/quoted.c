/* SPDX-License-Identifier: Apache-2.0 */
#include "base/quoted.h"

#include <assert.h>

static bool is_plain(char c) { return c > ' ' && c < 0x7f && c != '%' && c != '<' && c != '>'; }

const char *quoted_write(struct text text, char *to, size_t size)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t n = 0;

	assert(size >= QUOTED_ROOM(0));
	to[n++] = '<';
	for (size_t i = 0; i < text.n && n + QUOTED_ROOM(1) - 1 <= size; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (is_plain(text.p[i])) {
			to[n++] = text.p[i];
			continue;
		}
		to[n++] = '%';
		to[n++] = hex[c >> 4];
		to[n++] = hex[c & 15];
	}
	to[n++] = '>';
	to[n] = '\0';
	return to;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* the byte at the head of what stands between < and >; how many bytes it takes, 0 where it is none */
static size_t read_byte(struct text rest, char *byte)
{
	int high, low;

	if (is_plain(rest.p[0])) {
		*byte = rest.p[0];
		return 1;
	}
	if (rest.p[0] != '%' || rest.n < 3 || (high = digit_of(rest.p[1])) < 0 || (low = digit_of(rest.p[2])) < 0)
		return 0;
	*byte = (char)(high << 4 | low);
	return 3;
}

bool quoted_read(struct text quoted, char *to, size_t size, struct text *plain)
{
	struct text rest;
	size_t n = 0;

	if (quoted.n < 2 || quoted.p[0] != '<' || quoted.p[quoted.n - 1] != '>')
		return false;
	rest = (struct text){ quoted.p + 1, quoted.n - 2 };
	while (rest.n) {
		size_t taken = n + 1 < size ? read_byte(rest, &to[n]) : 0;

		if (!taken)
			return false;
		rest = text_after(rest, taken);
		n++;
	}
	if (!size)
		return false;
	to[n] = '\0';
	*plain = (struct text){ to, n };
	return true;
}
