/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a file: plain, packed, an archive, a journal's text. Every block must hold whole lines. */
#include <assert.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "intake/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 64 * 1024 * 1024 }; /* a bomb is read that far, and then closed */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	char path[64], last = '\n';
	struct error error;
	struct text lines;
	struct input *input;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	input = input_open(path, &error);
	while (input && input_bytes(input) < MOST && input_next(input, &lines, &error) > 0) {
		assert(lines.n > 0 && last == '\n');
		last = lines.p[lines.n - 1];
	}
	input_close(input);
	close(fd);
	return 0;
}
