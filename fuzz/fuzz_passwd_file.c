/* SPDX-License-Identifier: Apache-2.0 */
/* A passwd-file of any content: its lines are views of it, in order; and when a password is put into one, the same name is found
 * again with that password, and all other bytes are as they were. */
#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "passdb/passwd_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put_and_look(struct text file, const struct passwd_line *line)
{
	static const struct text fresh = { "{SHA512-CRYPT}$6$a$b", 20 };
	size_t before = (size_t)(line->password.p - file.p), after = before + line->password.n, n = file.n - line->password.n + fresh.n;
	char *bytes = memory_new(n + 1);
	struct text changed = { bytes, n };
	struct passwd_line found;

	memcpy(bytes, file.p, before);
	memcpy(bytes + before, fresh.p, fresh.n);
	memcpy(bytes + before + fresh.n, file.p + after, file.n - after);
	assert(passwd_may_hold(fresh) && passwd_find(changed, line->name, &found));
	assert(text_is(found.password, fresh) && (size_t)(found.name.p - changed.p) == (size_t)(line->name.p - file.p));
	assert(text_is(text_after(found.whole, (size_t)(found.password.p + fresh.n - found.whole.p)),
		       text_after(line->whole, (size_t)(line->password.p + line->password.n - line->whole.p))));
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text file = { (const char *)data, size }, rest = file;
	const char *last = file.p;
	struct passwd_line line, first;
	unsigned count = 0;

	while (passwd_next(&rest, &line)) {
		assert(line.whole.p >= last && line.whole.p + line.whole.n == rest.p && line.name.p == line.whole.p);
		assert(line.name.n && text_find(line.name, ':') == line.name.n && line.name.p[0] != '#');
		assert(line.password.p + line.password.n <= line.whole.p + line.whole.n && text_find(line.password, '\n') == line.password.n);
		assert(passwd_find(file, line.name, &first) && first.whole.p <= line.whole.p);
		if (line.has_password && first.whole.p == line.whole.p && count++ < 16)
			put_and_look(file, &line);
		last = rest.p;
	}
	return 0;
}
