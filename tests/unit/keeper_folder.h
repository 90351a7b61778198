/* SPDX-License-Identifier: Apache-2.0 */
/* A folder for the keeper of a test's world. Included by one test program each, after keeper_story.h. */
#ifndef SEKISHO_TESTS_KEEPER_FOLDER_H
#define SEKISHO_TESTS_KEEPER_FOLDER_H
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keeper_story.h"

static char folder[64];

static void make_folder(void)
{
	snprintf(folder, sizeof folder, "/tmp/sekisho-keeper-XXXXXX");
	if (!mkdtemp(folder))
		fail_msg("no folder: %s", strerror(errno));
}

static void remove_folder(void)
{
	DIR *open = opendir(folder);
	struct dirent *entry;

	while (open && (entry = readdir(open)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(open), entry->d_name, 0);
	closedir(open);
	rmdir(folder);
}

/* with an empty world, and what the keeper has */
static bool world_wake(struct world *world, bool *first)
{
	struct error error = { "" };

	world_begin(world);
	world->keeper = keeper_open(folder, world->accounts, world->engine, world->guard, first, &error);
	if (!world->keeper)
		print_error("%s\n", error.text);
	return world->keeper != NULL;
}
#endif
