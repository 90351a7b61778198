/* SPDX-License-Identifier: Apache-2.0 */
/* BIGLOBE and those whose mail it keeps: a list as sendmail's, and one reason for all of it under a heading of its own. */
#include "mail/families.h"

static const char *const list_ends[] = { "non-delivered information", NULL };

static void read(struct report *report)
{
	struct text why = words_behind(report, "non-delivered information -----");

	listed_read(report, words_behind(report, "had delivery problems -----"), list_ends);
	for (size_t i = 0; i < report->count; i++)
		report_say(report, &report->returned[i], why);
}

const struct family family_biglobe = { "biglobe", { "non-delivered information -----", NULL }, NULL, read };
