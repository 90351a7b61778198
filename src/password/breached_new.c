/* SPDX-License-Identifier: Apache-2.0 */
#include "password/breached_new.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

enum { MODE = 0644 };

struct breached_new {
	char path[PATH_MAX], folder[PATH_MAX];
	char fresh[PATH_MAX]; /* its name until it has its own; "": none */
	int fd;
	uint64_t at;
	crypto_generichash_state *sum; /* wants to lie at 64 bytes */
};

static bool cannot_write(const struct breached_new *file, struct error *error)
{
	return error_set(error, _("cannot write '%s': %s"), file->path, strerror(errno));
}

static void name_folder(struct breached_new *file)
{
	const char *slash = strrchr(file->path, '/');
	struct text folder = { file->path, slash ? (size_t)(slash - file->path) : 0 };

	text_copy(file->folder, sizeof file->folder, !slash ? TEXT(".") : folder.n ? folder : TEXT("/"));
}

/* where the file system knows no files without a name it has one, and may be left behind by a kill */
static bool open_fresh(struct breached_new *file)
{
	file->fd = open(file->folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, MODE);
	if (file->fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return file->fd >= 0;
	if (snprintf(file->fresh, sizeof file->fresh, "%s.XXXXXX", file->path) >= (int)sizeof file->fresh)
		return false;
	file->fd = mkostemp(file->fresh, O_CLOEXEC);
	if (file->fd < 0)
		*file->fresh = '\0';
	return file->fd >= 0 && fchmod(file->fd, MODE) == 0;
}

static bool may_be_replaced(const struct breached_new *file, struct error *error)
{
	struct stat there;

	if (stat(file->path, &there) == 0 && !S_ISREG(there.st_mode))
		return error_set(error, _("cannot write '%s': what lies there is no file"), file->path);
	return true;
}

struct breached_new *breached_new_open(const char *path, unsigned part_bits, struct error *error)
{
	struct breached_new *file = memory_zero(1, sizeof *file);

	file->fd = -1;
	file->at = sizeof(struct breached_head) + (sizeof(struct breached_row) << part_bits);
	file->sum = aligned_alloc(_Alignof(crypto_generichash_state), sizeof *file->sum);
	if (!file->sum) {
		error_set(error, _("cannot write '%s': %s"), path, strerror(errno));
	} else if (strlen(path) + sizeof ".XXXXXX" > sizeof file->path) {
		error_set(error, _("'%.40s…' is too long a name"), path);
	} else {
		crypto_generichash_init(file->sum, NULL, 0, BREACHED_SUM_BYTES);
		text_copy(file->path, sizeof file->path, text_of(path));
		name_folder(file);
		if (may_be_replaced(file, error) && (open_fresh(file) || cannot_write(file, error)))
			return file;
	}
	breached_new_close(file);
	return NULL;
}

static bool write_at(struct breached_new *file, const void *bytes, size_t n, uint64_t at, struct error *error)
{
	for (size_t done = 0; done < n;) {
		ssize_t wrote = pwrite(file->fd, (const char *)bytes + done, n - done, (off_t)(at + done));

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return cannot_write(file, error);
		done += (size_t)wrote;
	}
	return true;
}

bool breached_new_write(struct breached_new *file, const uint8_t *prints, size_t bytes, struct error *error)
{
	crypto_generichash_update(file->sum, prints, bytes);
	if (!write_at(file, prints, bytes, file->at, error))
		return false;
	file->at += bytes;
	return true;
}

/* whole and synced before any name shows it */
static bool publish(struct breached_new *file)
{
	char own[64];
	int folder;

	if (fsync(file->fd) != 0)
		return false;
	if (!*file->fresh) {
		snprintf(own, sizeof own, "/proc/self/fd/%d", file->fd);
		snprintf(file->fresh, sizeof file->fresh, "%s.new", file->path);
		unlink(file->fresh); /* left by one who was killed between the next two steps */
		if (linkat(AT_FDCWD, own, AT_FDCWD, file->fresh, AT_SYMLINK_FOLLOW) != 0)
			return false;
	}
	if (rename(file->fresh, file->path) != 0)
		return false;
	*file->fresh = '\0';
	folder = open(file->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder >= 0) {
		fsync(folder);
		close(folder);
	}
	return true;
}

bool breached_new_finish(struct breached_new *file, const struct breached_row *rows, unsigned part_bits, uint64_t count, uint64_t at_least,
			 struct error *error)
{
	size_t row_count = (size_t)1 << part_bits;
	struct breached_head head = { .version = htole32(BREACHED_VERSION), .part_bits = htole32(part_bits), .count = htole64(count),
				      .at_least = htole64(at_least), .bytes = htole64(file->at) };

	memcpy(head.magic, BREACHED_MAGIC, sizeof head.magic);
	crypto_generichash_final(file->sum, head.body_sum, sizeof head.body_sum);
	breached_sum_head(&head, rows, row_count, head.head_sum);
	return write_at(file, &head, sizeof head, 0, error) && write_at(file, rows, row_count * sizeof *rows, sizeof head, error) &&
	       (publish(file) || cannot_write(file, error));
}

void breached_new_close(struct breached_new *file)
{
	if (!file)
		return;
	if (file->fd >= 0)
		close(file->fd);
	if (*file->fresh)
		unlink(file->fresh);
	free(file->sum);
	free(file);
}
