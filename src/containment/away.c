/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/away.h"

#include <limits.h>
#include <stdio.h>

struct roster *away_new(uv_loop_t *loop, const struct away_options *options)
{
	char file[PATH_MAX];

	snprintf(file, sizeof file, "%s/locked", options->folder);
	return roster_new(loop, &(struct roster_options){
		.file = file,
		.what = "a table of Postfix",
		.remark = "# Logins that are locked while sekisho is away. Written by sekisho: changes are lost.",
		.ending = " " AWAY_ACTION,
		.forbidden = "",
		.default_domain = options->default_domain,
		.postmap = options->postmap,
		.mode = 0600,
		.moment_ms = AWAY_MOMENT_MS,
		.told = options->told,
		.context = options->context,
	});
}
