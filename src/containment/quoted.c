/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/quoted.h"

#include <assert.h>

size_t quoted_write(struct text text, char *to, size_t size)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t n = 0;

	assert(size >= QUOTED_ROOM(text.n));
	to[n++] = '<';
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c > ' ' && c < 0x7f && c != '%' && c != '<' && c != '>') {
			to[n++] = (char)c;
			continue;
		}
		to[n++] = '%';
		to[n++] = hex[c >> 4];
		to[n++] = hex[c & 15];
	}
	to[n++] = '>';
	to[n] = '\0';
	return n;
}

static int hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool quoted_read(struct text quoted, char *to, size_t size, struct text *plain)
{
	size_t n = 0;

	if (quoted.n < 2 || quoted.p[0] != '<' || quoted.p[quoted.n - 1] != '>')
		return false;
	for (size_t i = 1; i < quoted.n - 1; i++) {
		if (n + 1 >= size)
			return false;
		if (quoted.p[i] != '%') {
			to[n++] = quoted.p[i];
			continue;
		}
		if (i + 3 >= quoted.n || hex_of(quoted.p[i + 1]) < 0 || hex_of(quoted.p[i + 2]) < 0)
			return false;
		to[n++] = (char)(hex_of(quoted.p[i + 1]) << 4 | hex_of(quoted.p[i + 2]));
		i += 2;
	}
	to[n] = '\0';
	*plain = (struct text){ to, n };
	return true;
}
