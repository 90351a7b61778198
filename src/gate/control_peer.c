/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/control_peer.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"

enum { ENTRY_BYTES = 16 * 1024, ENTRY_BYTES_MAX = 4 << 20, GROUPS_MAX = 65536 };

/* -1 where there is no such group; one with many members needs much room */
static gid_t gid_of(const char *name)
{
	struct group group, *found = NULL;
	int failed = ERANGE;

	for (size_t bytes = ENTRY_BYTES; failed == ERANGE && bytes <= ENTRY_BYTES_MAX; bytes *= 4) {
		char *room = memory_new(bytes);

		failed = getgrnam_r(name, &group, room, bytes, &found);
		free(room);
	}
	return failed || !found ? (gid_t)-1 : group.gr_gid;
}

static bool is_in(const struct config_texts *names, const gid_t *groups, int count)
{
	for (size_t i = 0; i < names->count; i++) {
		gid_t gid = gid_of(names->items[i]);

		for (int at = 0; gid != (gid_t)-1 && at < count; at++)
			if (groups[at] == gid)
				return true;
	}
	return false;
}

static enum control_right right_of(const struct passwd *user, const struct config_texts *operators, const struct config_texts *support)
{
	enum control_right right = CONTROL_NOTHING;
	int count = GROUPS_MAX;
	gid_t *groups = memory_zero(GROUPS_MAX, sizeof *groups);

	if (getgrouplist(user->pw_name, user->pw_gid, groups, &count) < 0)
		count = GROUPS_MAX;
	if (is_in(operators, groups, count))
		right = CONTROL_CHANGE;
	else if (is_in(support, groups, count))
		right = CONTROL_LOOK;
	free(groups);
	return right;
}

void control_peer_know(struct control_peer *peer, const struct config_texts *operators, const struct config_texts *support)
{
	char *room = memory_new(ENTRY_BYTES);
	struct passwd user, *found = NULL;

	peer->right = CONTROL_NOTHING;
	if (getpwuid_r(peer->uid, &user, room, ENTRY_BYTES, &found) == 0 && found)
		peer->right = right_of(&user, operators, support);
	if (peer->uid == 0 || peer->uid == geteuid())
		peer->right = CONTROL_OWN;
	snprintf(peer->who, sizeof peer->who, "%.64s(%lu)", found ? user.pw_name : "", (unsigned long)peer->uid);
	free(room);
}
