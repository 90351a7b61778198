/* SPDX-License-Identifier: Apache-2.0 */
/* After-care: what an owner has to see to after a hijack, beside the new password. An item is a row; its id stands on the desk
 * (desk_care) and in JSON, so it never changes. The order is that of urgency. */
#ifndef SEKISHO_RECOVERY_CARE_H
#define SEKISHO_RECOVERY_CARE_H
#include "base/text.h"

struct care_item {
	const char *id;       /* "passwords" */
	const char *sentence; /* what to do: msgid */
	const char *why;      /* msgid */
};

extern const struct care_item care_items[];
extern const size_t care_item_count;

/* NULL where there is none of that id */
const struct care_item *care_find(struct text id);
#endif
