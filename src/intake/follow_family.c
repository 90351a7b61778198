/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/follow_family.h"

#include <dirent.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "intake/inputs.h"

enum { HEAD_LEAST = 32 }; /* bytes: a time and more, by which a file can be told from others */

static void add(struct family *family, const char *folder, size_t folder_bytes, const char *name)
{
	size_t room = folder_bytes + strlen(name) + 1;
	char *path = memory_new(room);

	snprintf(path, room, "%.*s%s", (int)folder_bytes, folder, name);
	MEMORY_ROOM(family->paths, family->count, family->room);
	family->paths[family->count++] = path;
}

static int in_order(const void *left, const void *right)
{
	return inputs_name_order(*(char *const *)left, *(char *const *)right);
}

/* mail.log.1.gz comes right before mail.log.1 */
static bool packed_from(const char *packed, const char *plain)
{
	size_t n = strlen(plain);

	return strncmp(packed, plain, n) == 0 && packed[n] == '.';
}

static void drop_unfinished(struct family *family)
{
	size_t kept = 0;

	for (size_t i = 0; i < family->count; i++) {
		if (i + 1 < family->count && packed_from(family->paths[i], family->paths[i + 1]))
			free(family->paths[i]);
		else
			family->paths[kept++] = family->paths[i];
	}
	family->count = kept;
}

void family_list(struct family *family, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t folder_bytes = (size_t)(name - path);
	char *folder = folder_bytes ? memory_copy(path, folder_bytes) : memory_copy(".", 1);
	DIR *listing = opendir(folder);
	struct dirent *entry;

	while (listing && family->count < FAMILY_MAX && (entry = readdir(listing)))
		if (inputs_rotated(entry->d_name, name))
			add(family, path, folder_bytes, entry->d_name);
	if (listing)
		closedir(listing);
	free(folder);
	if (family->count)
		qsort(family->paths, family->count, sizeof *family->paths, in_order);
	drop_unfinished(family);
	add(family, path, folder_bytes, name);
}

void family_done(struct family *family)
{
	for (size_t i = 0; i < family->count; i++)
		free(family->paths[i]);
	free(family->paths);
	*family = (struct family){ 0 };
}

static bool is_file(const char *path, const struct follow_place *place)
{
	struct stat status;

	return stat(path, &status) == 0 && (uint64_t)status.st_dev == place->device && (uint64_t)status.st_ino == place->inode;
}

static bool open_that(const char *path, const struct follow_place *place, struct piece *piece)
{
	struct error ignored; /* it is told where the file's turn comes */

	if (!piece_open(piece, path, &ignored))
		return false;
	if (piece_begins(piece, place))
		return true;
	piece_close(piece);
	return false;
}

size_t family_find_same(const struct family *family, const struct follow_place *place, struct piece *piece)
{
	for (size_t i = family->count; i > 0; i--)
		if (is_file(family->paths[i - 1], place) && open_that(family->paths[i - 1], place, piece))
			return i - 1;
	return family->count;
}

size_t family_find(const struct family *family, const struct follow_place *place, struct piece *piece)
{
	size_t same = family_find_same(family, place, piece);

	if (same < family->count || place->head_bytes < HEAD_LEAST)
		return same;
	for (size_t i = family->count; i > 0; i--)
		if (open_that(family->paths[i - 1], place, piece))
			return i - 1;
	return family->count;
}
