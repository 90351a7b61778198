/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as lines of the file of results, and as what the helper says of an audit; what was read is written so that it is read again. */
#include <assert.h>

#include "containment/auditing.h"
#include "passdb/account.h"
#include "passdb/audit_results.h"
#include "password/likely.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_result(struct text line)
{
	char account[PASSDB_ACCOUNT_MAX + 1], again[PASSDB_ACCOUNT_MAX + 1], written[AUDIT_LINE_MAX];
	struct audit_result result, second;
	size_t n;

	if (!audit_result_parse(line, account, &result))
		return;
	assert(account_is_sound(text_of(account)) && result.state < AUDIT_STATES && result.fault < PASSWORD_FAULTS && result.tried <= LIKELY_MAX);
	n = audit_result_line(account, &result, written);
	assert(n < AUDIT_LINE_MAX && audit_result_parse((struct text){ written, n - 1 }, again, &second));
	assert(strcmp(account, again) == 0 && strcmp(result.print, second.print) == 0 && result.flags == second.flags);
	assert(result.version == second.version && (second.tried == result.tried || result.state != AUDIT_OPEN));
}

static void take_answer(struct text line)
{
	struct auditing_state state;
	struct auditing_result result;

	if (auditing_parse_state(line, &state))
		assert(state.phase < AUDITING_PHASES && strnlen(state.error, sizeof state.error) < sizeof state.error);
	if (auditing_parse_result(line, &result))
		assert(*result.account && result.found < AUDITING_FOUNDS && result.fault < PASSWORD_FAULTS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = { (const char *)data, size }, line;

	while (text_cut(&rest, '\n', &line)) {
		take_result(line);
		take_answer(line);
	}
	take_result(rest);
	take_answer(rest);
	return 0;
}
