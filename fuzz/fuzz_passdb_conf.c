/* SPDX-License-Identifier: Apache-2.0 */
/* A passdb.conf of any content: what is taken has all that must be there, and whatever is refused is freed and never quoted whole. */
#include <assert.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/mman.h>
#include <unistd.h>

#include "passdb/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(const struct passdb_settings *settings)
{
	assert(settings->backend && *settings->backend && settings->scheme && settings->secret_in && settings->secret_name);
	assert(settings->former_folder[0] == '/' && (!settings->file || settings->file[0] == '/'));
	assert(settings->patience_s >= 1 && settings->patience_s <= PASSDB_PATIENCE_MAX_S);
	assert(settings->random_length >= PASSDB_LENGTH_LEAST && settings->random_length <= PASSDB_LENGTH_MAX);
	assert(!settings->change_command.words[0] || settings->change_command.words[0][0] == '/');
	assert(!settings->change_command.words[PASSDB_WORDS_MAX]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("passdb.conf", MFD_CLOEXEC);
	struct passdb_settings settings;
	struct error error;
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	assert(fd >= 0 && fchmod(fd, 0600) == 0 && write(fd, data, size) == (ssize_t)size);
	if (passdb_settings_read(&settings, path, &error)) {
		hold(&settings);
		passdb_settings_done(&settings);
	} else
		assert(strlen(error.text) > 10);
	close(fd);
	return 0;
}
