/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/deny.h"

struct roster *deny_new(uv_loop_t *loop, const struct deny_options *options)
{
	return roster_new(loop, &(struct roster_options){
		.file = options->file,
		.what = "a deny list of Dovecot",
		.remark = "# Logins that Dovecot denies, whatever their password. Written by sekisho: changes are lost.",
		.ending = ":::::::nodelay=y",
		.forbidden = ":",
		.default_domain = options->default_domain,
		.mode = 0640,
		.by_seconds = true,
		.by_group = true,
		.moment_ms = DENY_MOMENT_MS,
		.told = options->told,
		.context = options->context,
	});
}
