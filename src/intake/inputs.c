/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/when.h"
#include "intake/input.h"

void inputs_done(struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++) {
		free(inputs->files[i].path);
		free(inputs->files[i].archive);
		free(inputs->files[i].unpacked);
		if (inputs->files[i].fd >= 0)
			close(inputs->files[i].fd);
	}
	for (size_t i = 0; i < inputs->fault_count; i++)
		free(inputs->faults[i].path);
	free(inputs->files);
	free(inputs->faults);
	table_done(&inputs->seen);
	*inputs = (struct inputs){ 0 };
}

const char *inputs_opens(const struct inputs_file *file) { return file->unpacked ? file->unpacked : file->path; }

/* where to write why; NULL once there are too many */
static struct error *fault(struct inputs *inputs, const char *path)
{
	struct inputs_fault *made;

	if (inputs->fault_count == INPUTS_MAX)
		return NULL;
	MEMORY_ROOM(inputs->faults, inputs->fault_count, inputs->fault_room);
	made = &inputs->faults[inputs->fault_count++];
	made->path = memory_copy(path, strlen(path));
	return &made->why;
}

/* ---- archives */

struct archive {
	struct inputs *inputs;
	const char *path;
};

/* its name stands behind the archive's */
static char *member_path(const char *archive, const char *name)
{
	size_t room = strlen(archive) + strlen(name) + 2;
	char *path = memory_new(room);

	snprintf(path, room, "%s/%s", archive, name);
	return path;
}

/* what has no name can be opened all the same, each time from its start */
static char *nameless_path(int fd)
{
	char path[64];

	return memory_copy(path, (size_t)snprintf(path, sizeof path, "/proc/self/fd/%d", fd));
}

static bool add_member(void *context, const struct input_member *member)
{
	const struct archive *archive = context;
	struct inputs *inputs = archive->inputs;

	if (inputs->members == INPUTS_MEMBERS_MAX || inputs->count == INPUTS_MAX) {
		error_set(fault(inputs, archive->path), _("more than %d files in archives: '%s' and what follows is left out"),
			  INPUTS_MEMBERS_MAX, member->name);
		close(member->fd);
		return false;
	}
	inputs->members++;
	MEMORY_ROOM(inputs->files, inputs->count, inputs->room);
	inputs->files[inputs->count++] = (struct inputs_file){
		.path = member_path(archive->path, member->name),
		.archive = memory_copy(archive->path, strlen(archive->path)),
		.unpacked = nameless_path(member->fd),
		.fd = member->fd,
		.bytes = member->bytes,
		.first_us = WHEN_NONE,
	};
	return true;
}

/* false: it is no archive */
static bool add_members(struct inputs *inputs, const char *path)
{
	struct archive archive = { inputs, path };
	struct error why;
	int taken = input_members(path, add_member, &archive, &why);

	if (taken < 0)
		error_set(fault(inputs, path), "%s", why.text);
	return taken != 0;
}

static bool is_standard(const char *path) { return strcmp(path, "-") == 0 || strcmp(path, "/dev/stdin") == 0; }

static void add_file(struct inputs *inputs, const char *path, const struct stat *status, bool named)
{
	uint64_t key = hash_pair((uint64_t)status->st_dev, (uint64_t)status->st_ino);
	bool made;

	inputs->met++;
	if (inputs->count == INPUTS_MAX) {
		if (!inputs->full)
			error_set(fault(inputs, path), _("more than %d files: '%s' and what follows is left out"),
				  INPUTS_MAX, path);
		inputs->full = true;
		return;
	}
	table_put(&inputs->seen, key ? key : 1, 0, &made);
	if (!made)
		return;
	/* what was read of the standard input is gone, also where it is a file */
	if (S_ISREG(status->st_mode) && !is_standard(path) && add_members(inputs, path))
		return;
	MEMORY_ROOM(inputs->files, inputs->count, inputs->room);
	inputs->files[inputs->count++] = (struct inputs_file){
		.path = memory_copy(path, strlen(path)),
		.fd = -1,
		.bytes = S_ISREG(status->st_mode) ? (uint64_t)status->st_size : 0,
		.named = named,
		.once = is_standard(path) || !S_ISREG(status->st_mode), /* a redirected file has one offset for all */
		.first_us = WHEN_NONE,
	};
}

/* ---- names */

struct rotation {
	struct text stem;
	enum { NUMBERED, DATED, CURRENT } kind; /* older first */
	struct text digits; /* of a number, without leading zeros; or the date as it is written */
	bool packed;
};

static const struct text endings[] = {
	{ ".gz", 3 }, { ".xz", 3 }, { ".bz2", 4 }, { ".zst", 4 }, { ".lz4", 4 }, { ".Z", 2 }, { ".lzma", 5 }, { ".lz", 3 },
};

static struct text strip_ending(struct text name, bool *packed)
{
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		if (name.n > endings[i].n && text_ends(name, endings[i])) {
			*packed = true;
			return text_head(name, name.n - endings[i].n);
		}
	}
	return name;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* mail.log.2, mail.log-20260101, mail.log-2026-01-01: the tail of digits (and dashes among them) behind '.' or '-' */
static struct rotation rotation_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct rotation r = { .kind = CURRENT, .packed = false };
	size_t at, digits = 0;

	r.stem = strip_ending(text_of(slash ? slash + 1 : path), &r.packed);
	for (at = r.stem.n; at > 0 && (is_digit(r.stem.p[at - 1]) || (r.stem.p[at - 1] == '-' && at < r.stem.n &&
								      at > 1 && is_digit(r.stem.p[at - 2])));
	     at--)
		digits += is_digit(r.stem.p[at - 1]);
	if (digits == 0 || at < 2 || (r.stem.p[at - 1] != '.' && r.stem.p[at - 1] != '-'))
		return r;
	r.digits = text_after(r.stem, at);
	r.kind = digits >= 8 ? DATED : NUMBERED;
	r.stem = text_head(r.stem, at - 1);
	while (r.kind == NUMBERED && r.digits.n > 1 && r.digits.p[0] == '0')
		r.digits = text_after(r.digits, 1);
	return r;
}

static int compare(struct text a, struct text b)
{
	int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

int inputs_name_order(const char *a_path, const char *b_path)
{
	struct rotation a = rotation_of(a_path), b = rotation_of(b_path);
	int order = compare(a.stem, b.stem);

	if (order == 0)
		order = (int)a.kind - (int)b.kind;
	if (order == 0 && a.kind == NUMBERED && a.digits.n != b.digits.n)
		order = a.digits.n > b.digits.n ? -1 : 1;
	if (order == 0 && a.kind != CURRENT)
		order = a.kind == NUMBERED ? compare(b.digits, a.digits) : compare(a.digits, b.digits);
	if (order == 0)
		order = (int)b.packed - (int)a.packed;
	return order ? order : strcmp(a_path, b_path);
}

bool inputs_rotated(const char *name, const char *current)
{
	struct rotation r = rotation_of(name);

	return r.kind != CURRENT && text_is(r.stem, text_of(current));
}

static struct text folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? text_between(path, slash + 1) : TEXT_NONE;
}

/* ---- folders */

static void add_folder(struct inputs *inputs, int fd, const char *path, int depth);

static void add_entry(struct inputs *inputs, int folder, const char *path, const char *name, int depth)
{
	struct stat status;
	int fd;

	if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno != ENOENT) /* rotated away since */
			error_set(fault(inputs, path), _("cannot open '%s': %s"), path, strerror(errno));
	} else if (S_ISREG(status.st_mode)) {
		if (faccessat(folder, name, R_OK, AT_EACCESS) == 0)
			add_file(inputs, path, &status, false);
		else
			error_set(fault(inputs, path), _("cannot open '%s': %s"), path, strerror(errno));
	} else if (S_ISDIR(status.st_mode) && depth < INPUTS_DEPTH_MAX) {
		fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		add_folder(inputs, fd, path, depth + 1);
	}
}

/* takes the descriptor; -1 with errno where it could not be opened */
static void add_folder(struct inputs *inputs, int fd, const char *path, int depth)
{
	size_t n = strlen(path);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (!folder) {
		error_set(fault(inputs, path), _("cannot open '%s': %s"), path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return;
	}
	while (!inputs->full && (entry = readdir(folder))) {
		size_t room = n + strlen(entry->d_name) + 2;
		char *below;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		below = memory_new(room);
		snprintf(below, room, "%s%s%s", path, n && path[n - 1] == '/' ? "" : "/", entry->d_name);
		add_entry(inputs, dirfd(folder), below, entry->d_name, depth);
		free(below);
	}
	closedir(folder);
}

static int by_path(const void *left, const void *right)
{
	const struct inputs_file *a = left, *b = right;
	int order = compare(folder_of(a->path), folder_of(b->path));

	return order ? order : inputs_name_order(a->path, b->path);
}

static void add_named_folder(struct inputs *inputs, const char *path)
{
	size_t files = inputs->count, faults = inputs->fault_count, met = inputs->met;

	add_folder(inputs, open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), path, 0);
	if (inputs->count > files)
		qsort(inputs->files + files, inputs->count - files, sizeof *inputs->files, by_path);
	else if (inputs->met == met && inputs->fault_count == faults)
		error_set(fault(inputs, path), _("there is no file in '%s'"), path);
}

void inputs_add(struct inputs *inputs, const char *argument)
{
	bool standard = is_standard(argument);
	struct stat status;

	if ((standard ? fstat(STDIN_FILENO, &status) : stat(argument, &status)) < 0)
		error_set(fault(inputs, argument), _("cannot open '%s': %s"), argument, strerror(errno));
	else if (S_ISDIR(status.st_mode) && !standard)
		add_named_folder(inputs, argument);
	else if (!standard && faccessat(AT_FDCWD, argument, R_OK, AT_EACCESS) < 0)
		error_set(fault(inputs, argument), _("cannot open '%s': %s"), argument, strerror(errno));
	else
		add_file(inputs, argument, &status, true); /* what a device or a socket is, input_open says */
}

/* ---- order */

static int by_set(const void *left, const void *right)
{
	const struct inputs_file *a = left, *b = right;
	int order = (a->set > b->set) - (a->set < b->set);

	if (order == 0 && !a->once && !b->once)
		order = inputs_name_order(a->path, b->path);
	return order ? order : (a->rank > b->rank) - (a->rank < b->rank);
}

static int by_time(const void *left, const void *right)
{
	const struct inputs_file *a = left, *b = right;
	int order = (a->first_us > b->first_us) - (a->first_us < b->first_us);

	return order ? order : (a->rank > b->rank) - (a->rank < b->rank);
}

static void sort(struct inputs *inputs, int (*order)(const void *, const void *))
{
	for (size_t i = 0; i < inputs->count; i++)
		inputs->files[i].rank = i;
	if (inputs->count)
		qsort(inputs->files, inputs->count, sizeof *inputs->files, order);
}

/* numbers the folders in the order in which they came */
static void number_sets(struct inputs *inputs)
{
	struct table folders = { 0 };

	for (size_t i = 0; i < inputs->count; i++) {
		struct inputs_file *file = &inputs->files[i];
		uint64_t key = hash_text(HASH_FIXED, file->once ? text_of(file->path) : folder_of(file->path));

		file->set = *table_put(&folders, key ? key : 1, (uint32_t)i, NULL);
	}
	table_done(&folders);
}

/* the file before gives its time to one without; those at the start get that of the first one after them */
static void fill_times(struct inputs *inputs)
{
	int64_t t_us = WHEN_NONE;

	for (size_t i = 0; i < inputs->count && t_us == WHEN_NONE; i++)
		t_us = inputs->files[i].first_us;
	for (size_t i = 0; i < inputs->count; i++) {
		if (inputs->files[i].first_us == WHEN_NONE)
			inputs->files[i].first_us = t_us;
		t_us = inputs->files[i].first_us;
	}
}

/* is one the older part of the other's log? */
static bool same_log(const struct inputs_file *older, const struct inputs_file *file)
{
	struct rotation a = rotation_of(older->path), b = rotation_of(file->path);

	return older->set == file->set && !older->once && a.stem.n == b.stem.n && memcmp(a.stem.p, b.stem.p, a.stem.n) == 0;
}

void inputs_sort(struct inputs *inputs, inputs_first_time *first_time, void *context)
{
	number_sets(inputs);
	sort(inputs, by_set);
	for (size_t i = 0; i < inputs->count; i++) {
		struct inputs_file *file = &inputs->files[i];
		int64_t older_us = i && same_log(file - 1, file) ? file[-1].first_us : WHEN_NONE;

		file->first_us = first_time && !file->once ? first_time(inputs_opens(file), older_us, context) : WHEN_NONE;
	}
	fill_times(inputs);
	sort(inputs, by_time);
}
