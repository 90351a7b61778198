/* SPDX-License-Identifier: Apache-2.0 */
/* Any words as what a server said: codes are codes and stand in the words, a status has its form, and nothing that did not fail is permanent. The
 * first byte chooses what the report says in its fields; an empty line parts the diagnostic from the words around it. */
#include <assert.h>
#include <ctype.h>

#include "mail/reason.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_status(struct text status)
{
	int dots = 0;

	assert(status.n >= 5 && status.n <= 9 && strchr("245", status.p[0]));
	for (size_t i = 0; i < status.n; i++) {
		assert(status.p[i] == '.' || isdigit((unsigned char)status.p[i]));
		dots += status.p[i] == '.';
	}
	assert(dots == 2);
}

static void check_codes(struct text words)
{
	struct text status = TEXT_NONE;
	int code = 0;

	reason_codes(words, &status, &code);
	assert(code == 0 || (code >= 200 && code < 580));
	if (status.n) {
		check_status(status);
		assert(status.p >= words.p && status.p + status.n <= words.p + words.n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const statuses[] = { "", "5.0.0", "4.4.7", "5.1.1", "2.0.0", "5.2.0" };
	struct text words = { (const char *)data + 1, size - 1 }, around;
	struct returned one = { .address = TEXT("taro@example.com"), .original_address = TEXT_NONE, .remote_mta = TEXT_NONE };

	if (!size)
		return 0;
	if (!text_behind(words, TEXT("\n\n"), &around))
		around = TEXT_NONE;
	one.status = text_of(statuses[data[0] % 6]);
	one.action = (enum return_action)(data[0] / 6 % (RETURN_EXPANDED + 1));
	one.diagnostic = text_between(words.p, around.n ? around.p : words.p + words.n);
	check_codes(words);
	reason_judge(&one, around);
	check_status(one.status);
	assert(one.reason < RETURN_REASONS && (!one.permanent || one.action == RETURN_FAILED));
	assert((one.reason == RETURN_NONE) == (one.action >= RETURN_DELIVERED));
	return 0;
}
