/* SPDX-License-Identifier: Apache-2.0 */
/* Settings files of any content; what is taken is shown, and the way it is shown must be taken again. */
#include <sys/mman.h>
#include <unistd.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_bytes(const void *data, size_t size, struct config *config)
{
	int fd = memfd_create("config", MFD_CLOEXEC);
	struct error error;
	char file[32];
	bool done;

	snprintf(file, sizeof file, "/proc/self/fd/%d", fd);
	done = fd >= 0 && write(fd, data, size) == (ssize_t)size && config_read(config, file, &error);
	close(fd);
	return done;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config config;
	char *shown = NULL;
	size_t bytes = 0;
	FILE *out;

	config_init(&config);
	if (read_bytes(data, size, &config)) {
		out = open_memstream(&shown, &bytes);
		config_show(&config, out);
		fclose(out);
		if (!read_bytes(shown, bytes, &config))
			__builtin_trap();
		free(shown);
	}
	config_done(&config);
	return 0;
}
