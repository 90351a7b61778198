/* SPDX-License-Identifier: Apache-2.0 */
/* Our mark as strangers write it: what nobody signed is never ours. */
#include <stdlib.h>

#include "notice/mark.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned char public[NOTICE_PUBLIC_BYTES] = { 0xd7, 0x5a, 0x98, 1 };
	struct text value = { (const char *)data, size }, body = value;
	char code[NOTICE_CODE_CHARACTERS + 1];
	struct notice_mark mark;
	const char *why;

	text_cut(&body, '\0', &value);
	if (notice_mark_check(public, value, &(struct notice_marked){ value, body, body }, &mark, &why) == MARK_OURS)
		abort();
	if (notice_code_read(value, NOTICE_CODE_CHARACTERS, code) && strspn(code, notice_alphabet) != NOTICE_CODE_CHARACTERS)
		abort();
	return 0;
}
