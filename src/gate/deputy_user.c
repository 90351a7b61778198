/* SPDX-License-Identifier: Apache-2.0 */
/* Root becomes the daemon's user while it acts in its stead, so that the daemon can use afterwards what was written. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "gate/deputy_inside.h"

enum { GROUPS_MAX = 1024 };

static void keep_groups(struct deputy_user *user)
{
	int count = getgroups(0, NULL);

	user->groups = memory_zero((size_t)(count > 0 ? count : 1), sizeof *user->groups);
	user->group_count = count > 0 ? getgroups(count, user->groups) : 0;
}

/* the groups of the daemon's user; of one without a name those of the folder */
static bool take_groups(const struct stat *folder)
{
	const struct passwd *entry = getpwuid(folder->st_uid);
	gid_t groups[GROUPS_MAX] = { folder->st_gid }, gid = entry ? entry->pw_gid : folder->st_gid;
	int count = entry ? GROUPS_MAX : 1;

	if (entry && getgrouplist(entry->pw_name, gid, groups, &count) < 0)
		count = GROUPS_MAX;
	return setgroups((size_t)count, groups) == 0 && setresgid(gid, gid, 0) == 0;
}

bool deputy_become(struct deputy_user *user, const char *folder, struct error *error)
{
	struct stat st;

	if (stat(folder, &st) != 0)
		return error_set(error, "'%s': %s", folder, strerror(errno));
	if (geteuid() == st.st_uid)
		return true;
	if (geteuid() != 0)
		return error_set(error, _("only root, or the daemon's user, can act in its stead"));
	keep_groups(user);
	user->changed = true;
	if (take_groups(&st) && setresuid(st.st_uid, st.st_uid, 0) == 0)
		return true;
	error_set(error, _("cannot become the owner of '%s': %s"), folder, strerror(errno));
	deputy_become_root(user);
	return false;
}

void deputy_become_root(struct deputy_user *user)
{
	if (!user->changed)
		return;
	if (setresuid(0, 0, 0) != 0 || setresgid(0, 0, 0) != 0 || setgroups((size_t)user->group_count, user->groups) != 0)
		abort(); /* the saved ids are root's */
	free(user->groups);
	*user = (struct deputy_user){ 0 };
}
