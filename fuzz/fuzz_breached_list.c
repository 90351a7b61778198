/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of breached passwords of any content: first byte: plain words or not; first line: the name of the file. What is a hash is read as it
 * stands there. */
#include <assert.h>
#include <ctype.h>

#include "base/memory.h"
#include "password/breached_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_back(const struct breached_list *list, struct text line, const unsigned char digest[20])
{
	static const char digits[] = "0123456789abcdef";
	struct text left = text_trim(line);
	size_t count = 0, skipped;

	while (count < left.n && isxdigit((unsigned char)left.p[count]))
		count++;
	skipped = 40 - count;
	assert(!skipped || (skipped == 5 && *list->prefix));

	for (size_t i = skipped; i < 40; i++) {
		int c = left.p[i - skipped] | 0x20;

		assert((c == digits[i % 2 ? digest[i / 2] & 15 : digest[i / 2] >> 4]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct breached_list list = { .plain = size && data[0] & 1, .at_least = size ? (uint64_t)data[0] >> 1 & 7 : 1 };
	struct text rest = { (const char *)data, size }, name, line;
	unsigned char digest[20];
	char path[256];

	if (!text_cut(&rest, '\n', &name))
		return 0;
	text_copy(path, sizeof path, name);
	breached_list_file(&list, path);
	while (text_cut(&rest, '\n', &line)) {
		enum breached_line what = breached_list_line(&list, line, digest);

		assert((what == BREACHED_TAKEN || what == BREACHED_LEFT_OUT) == (*breached_line_fault(what) == '\0'));
		assert(!list.plain || what == BREACHED_TAKEN || what == BREACHED_LEFT_OUT);
		if (what == BREACHED_TAKEN && !list.plain)
			read_back(&list, line, digest);
	}
	return 0;
}
