/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what the helper for passwords says; and quoting, there and back. */
#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/quoted.h"
#include "containment/keys_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(struct text line)
{
	static struct keys_answer answer;
	static char room[KEYS_LINE_MAX];
	struct text account;

	if (keys_answer_parse(line, &answer)) {
		assert(answer.result <= KEYS_FORMER && answer.account.n < KEYS_LINE_MAX && answer.says.n < KEYS_LINE_MAX);
		assert(answer.result != KEYS_DONE || answer.says.n < KEYS_PRINT_MAX);
	}
	if (keys_account_parse(line, room, &account))
		assert(account.n > 0 && account.n < KEYS_LINE_MAX);
}

static void quote(struct text text)
{
	char *quoted = memory_new(QUOTED_ROOM(text.n)), *plain = memory_new(text.n + 1);
	struct text back;

	assert(quoted_read(text_of(quoted_write(text, quoted, QUOTED_ROOM(text.n))), plain, text.n + 1, &back) && text_is(back, text));
	free(quoted);
	free(plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = { (const char *)data, size }, line;

	quote(rest);
	while (text_cut(&rest, '\n', &line))
		take(line);
	take(rest);
	return 0;
}
