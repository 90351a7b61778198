/* SPDX-License-Identifier: Apache-2.0 */
#include "password/breached.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha1.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "password/breached_file.h"

enum { VERIFIED_AT_ONCE = 8 * 1024 * 1024 };

struct part {
	struct fuse fuse;
	const uint8_t *prints;
};

struct breached {
	char *path;
	const struct breached_head *head;
	uint64_t bytes;
	unsigned part_bits;
	struct part parts[BREACHED_PARTS_MAX];
};

void breached_sum_head(const struct breached_head *head, const struct breached_row *rows, size_t count, uint8_t sum[BREACHED_SUM_BYTES])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, BREACHED_SUM_BYTES);
	crypto_generichash_update(&state, (const unsigned char *)head, offsetof(struct breached_head, head_sum));
	crypto_generichash_update(&state, (const unsigned char *)rows, count * sizeof *rows);
	crypto_generichash_final(&state, sum, BREACHED_SUM_BYTES);
}

/* ---- opening: nothing of the file is believed before its checksum is right, and nothing even then that would lead out of it */

static bool is_not_one(const struct breached *breached, struct error *error)
{
	return error_set(error, _("'%s' is no file of breached passwords"), breached->path);
}

static bool is_damaged(const struct breached *breached, struct error *error)
{
	return error_set(error, _("'%s' is damaged: build it anew"), breached->path);
}

static bool map(struct breached *breached, struct error *error)
{
	int fd = open(breached->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	void *bytes;

	if (fd < 0 || fstat(fd, &status) != 0) {
		error_set(error, _("cannot open '%s': %s"), breached->path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	breached->bytes = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
	if (breached->bytes < sizeof *breached->head + sizeof(struct breached_row)) {
		close(fd);
		return is_not_one(breached, error);
	}
	bytes = mmap(NULL, breached->bytes, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (bytes == MAP_FAILED)
		return error_set(error, _("cannot open '%s': %s"), breached->path, strerror(errno));
	madvise(bytes, breached->bytes, MADV_RANDOM);
	breached->head = bytes;
	return true;
}

/* the rows' fingerprints fill the rest of the file, and their counts are its own */
static bool take_rows(struct breached *breached, const struct breached_row *rows, size_t count)
{
	uint64_t at = sizeof *breached->head + count * sizeof *rows, passwords = 0;

	for (size_t i = 0; i < count; i++) {
		struct part *part = &breached->parts[i];

		part->fuse = breached_fuse(&rows[i]);
		part->prints = (const uint8_t *)breached->head + at;
		if (!fuse_is_sound(&part->fuse) || fuse_bytes(&part->fuse) > breached->bytes - at)
			return false;
		at += fuse_bytes(&part->fuse);
		passwords += le32toh(rows[i].count);
	}
	return at == breached->bytes && passwords == le64toh(breached->head->count);
}

static bool take_head(struct breached *breached, struct error *error)
{
	const struct breached_head *head = breached->head;
	const struct breached_row *rows = (const struct breached_row *)(head + 1);
	uint8_t sum[BREACHED_SUM_BYTES];

	if (memcmp(head->magic, BREACHED_MAGIC, BREACHED_MAGIC_BYTES) != 0)
		return is_not_one(breached, error);
	if (le32toh(head->version) != BREACHED_VERSION)
		return error_set(error, _("'%s' is of version %u, which this program does not know: build it anew"), breached->path,
				 le32toh(head->version));
	breached->part_bits = le32toh(head->part_bits);
	if (breached->part_bits > BREACHED_PART_BITS_MAX || le64toh(head->bytes) != breached->bytes ||
	    breached->bytes < sizeof *head + (sizeof *rows << breached->part_bits))
		return is_damaged(breached, error);
	breached_sum_head(head, rows, (size_t)1 << breached->part_bits, sum);
	if (memcmp(sum, head->head_sum, sizeof sum) != 0 || !take_rows(breached, rows, (size_t)1 << breached->part_bits))
		return is_damaged(breached, error);
	return true;
}

struct breached *breached_open(const char *path, struct error *error)
{
	struct breached *breached = memory_zero(1, sizeof *breached);

	breached->path = memory_copy(path, strlen(path));
	if (map(breached, error) && take_head(breached, error))
		return breached;
	breached_close(breached);
	return NULL;
}

void breached_close(struct breached *breached)
{
	if (!breached)
		return;
	if (breached->head)
		munmap((void *)(uintptr_t)breached->head, breached->bytes);
	free(breached->path);
	free(breached);
}

/* ---- asking */

bool breached_has_digest(const struct breached *breached, const unsigned char digest[BREACHED_DIGEST_BYTES])
{
	uint64_t key = breached_key(digest);
	const struct part *part = &breached->parts[breached_part(key, breached->part_bits)];

	return fuse_has(&part->fuse, part->prints, key);
}

bool breached_has(const struct breached *breached, struct text password)
{
	unsigned char digest[SHA1_DIGEST_SIZE];
	struct sha1_ctx sha1;
	bool has;

	sha1_init(&sha1);
	sha1_update(&sha1, password.n, (const uint8_t *)password.p);
	sha1_digest(&sha1, sizeof digest, digest);
	has = breached_has_digest(breached, digest);
	explicit_bzero(digest, sizeof digest);
	explicit_bzero(&sha1, sizeof sha1); /* it holds what was hashed last */
	return has;
}

uint64_t breached_count(const struct breached *breached) { return le64toh(breached->head->count); }

void breached_about(const struct breached *breached, struct breached_about *about)
{
	*about = (struct breached_about){ .count = breached_count(breached), .bytes = breached->bytes,
					  .at_least = le64toh(breached->head->at_least), .parts = 1u << breached->part_bits };
}

/* what was read is let go of again, so that a large file does not fill our memory */
bool breached_verify(const struct breached *breached, struct error *error)
{
	uint64_t at = sizeof *breached->head + (sizeof(struct breached_row) << breached->part_bits);
	uint8_t *bytes = (uint8_t *)(uintptr_t)breached->head, sum[BREACHED_SUM_BYTES];
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, sizeof sum);
	while (at < breached->bytes) {
		uint64_t begin = at / VERIFIED_AT_ONCE * VERIFIED_AT_ONCE, rest = breached->bytes - begin;
		uint64_t end = begin + (rest < VERIFIED_AT_ONCE ? rest : VERIFIED_AT_ONCE);

		crypto_generichash_update(&state, bytes + at, end - at);
		madvise(bytes + begin, end - begin, MADV_DONTNEED);
		at = end;
	}
	crypto_generichash_final(&state, sum, sizeof sum);
	return memcmp(sum, breached->head->body_sum, sizeof sum) == 0 || is_damaged(breached, error);
}
