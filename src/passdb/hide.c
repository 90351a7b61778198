/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/hide.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

bool hide(struct error *error)
{
	static const struct rlimit none = { 0, 0 };

	if (prctl(PR_SET_DUMPABLE, 0) == 0 && setrlimit(RLIMIT_CORE, &none) == 0)
		return true;
	return error_set(error, "cannot do without core dumps: %s", strerror(errno));
}
