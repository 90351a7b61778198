/* SPDX-License-Identifier: Apache-2.0 */
/* A file of breached passwords of any content: asked, it never leads out of itself. Its sum is made right in every second one, for whoever
 * writes such a file can do that, too. */
#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"
#include "password/breached.h"
#include "password/breached_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void make_right(char *bytes, size_t size)
{
	struct breached_head *head = (struct breached_head *)bytes;
	size_t rows;

	memcpy(head->magic, BREACHED_MAGIC, sizeof head->magic);
	head->version = htole32(BREACHED_VERSION);
	head->part_bits = htole32(le32toh(head->part_bits) % (BREACHED_PART_BITS_MAX + 1));
	head->bytes = htole64(size);
	rows = (size_t)1 << le32toh(head->part_bits);
	if (size >= sizeof *head + rows * sizeof(struct breached_row))
		breached_sum_head(head, (const struct breached_row *)(head + 1), rows, head->head_sum);
}

static void ask(const struct breached *breached)
{
	struct breached_about about;
	unsigned char digest[20];
	struct error error;

	breached_about(breached, &about);
	assert(about.count == breached_count(breached) && about.parts <= BREACHED_PARTS_MAX);
	for (unsigned i = 0; i < 64; i++) {
		memset(digest, (int)(i * 37), sizeof digest);
		(void)breached_has_digest(breached, digest);
	}
	(void)breached_has(breached, TEXT("password"));
	(void)!breached_verify(breached, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("breached", MFD_CLOEXEC);
	char path[64], *bytes;
	struct breached *breached;
	struct error error;

	if (fd < 0 || sodium_init() < 0)
		abort();
	bytes = memory_copy((const char *)data, size);
	if (size >= sizeof(struct breached_head) && data[size - 1] & 1)
		make_right(bytes, size);
	if (write(fd, bytes, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	breached = breached_open(path, &error);
	if (breached)
		ask(breached);
	breached_close(breached);
	close(fd);
	free(bytes);
	return 0;
}
