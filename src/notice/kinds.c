/* SPDX-License-Identifier: Apache-2.0 */
#include "notice/kinds.h"

const char *const notice_kind_names[NOTICE_KINDS] = { "locked", "observed", "braked", "released", "again", "care", "weak", "code", "changed" };

/* name, to the owner, to the operator, can wait, reaches all */
const struct notice_kind_row notice_kinds[NOTICE_KINDS] = {
	[NOTICE_LOCKED] = { "locked", true, true, false, false },
	[NOTICE_OBSERVED] = { "observed", false, true, true, false },
	[NOTICE_BRAKED] = { "braked", false, true, false, false },
	[NOTICE_RELEASED] = { "released", true, false, false, false },
	[NOTICE_AGAIN] = { "again", true, true, false, false },
	[NOTICE_CARE] = { "care", true, false, true, false },
	[NOTICE_WEAK] = { "weak", true, false, true, false },
	[NOTICE_CODE] = { "code", true, false, false, false },
	[NOTICE_CHANGED] = { "changed", true, false, false, true },
};

enum notice_kind notice_kind_find(struct text name)
{
	unsigned kind = 0;

	while (kind < NOTICE_KINDS && !text_is(name, text_of(notice_kind_names[kind])))
		kind++;
	return (enum notice_kind)kind;
}
