/* SPDX-License-Identifier: Apache-2.0 */
#include "bounce_help.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct text bounce_mail(const char *name)
{
	static char bytes[BOUNCE_HELP_BYTES_MAX];
	char path[1000];
	FILE *file;
	size_t n;

	snprintf(path, sizeof path, "%s/fuzz/corpus/bounce/%s.eml", getenv("SEKISHO_SOURCE"), name);
	file = fopen(path, "re");
	if (!file)
		fail_msg("%s", path);
	n = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	return (struct text){ bytes, n };
}

void bounce_recipients(const struct bounce *bounce, char *to, size_t size)
{
	size_t n = 0;

	*to = '\0';
	for (size_t i = 0; i < bounce->count && n < size; i++) {
		const struct returned *one = &bounce->recipients[i];

		n += (size_t)snprintf(to + n, size - n, "%s%.*s%s%.*s%s", i ? ", " : "", TEXT_ARG(one->address), one->original_address.n ? "<" : "",
				      TEXT_ARG(one->original_address),
				      one->action == RETURN_FAILED ? "" : one->action == RETURN_DELAYED ? " ~" : " +");
	}
}
