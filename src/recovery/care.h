/* SPDX-License-Identifier: Apache-2.0 */
/* After-care: what an owner has to see to after a hijack, beside the new password. An item is a row; its id stands on the desk
 * (desk_care) and in JSON, so it never changes. The order is that of urgency. Either the owner ticks an item on their own page, or support
 * does for them (`incident care`). An item that does not apply to an incident counts as not applicable while nobody says otherwise. */
#ifndef SEKISHO_RECOVERY_CARE_H
#define SEKISHO_RECOVERY_CARE_H
#include "base/text.h"

enum care_when { CARE_ALWAYS, CARE_WHERE_MAIL_GOT_OUT };

struct care_item {
	const char *id;       /* "passwords" */
	const char *sentence; /* what to do: msgid */
	const char *why;      /* msgid */
	enum care_when when;
};

enum { CARE_ITEMS_MAX = 16 };
extern const struct care_item care_items[];
extern const size_t care_item_count; /* at most CARE_ITEMS_MAX */

/* NULL where there is none of that id */
const struct care_item *care_find(struct text id);
/* `got_out`: messages that the thief got through */
bool care_applies(const struct care_item *item, uint64_t got_out);
#endif
