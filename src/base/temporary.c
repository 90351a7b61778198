/* SPDX-License-Identifier: Apache-2.0 */
#include "base/temporary.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int temporary_file(void)
{
	const char *chosen = getenv("TMPDIR"), *folders[] = { chosen && *chosen ? chosen : "/var/tmp", "/tmp" };
	char path[4096];
	int fd = -1;

	for (size_t i = 0; i < 2 && fd < 0; i++) {
		fd = open(folders[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		if (fd >= 0 || snprintf(path, sizeof path, "%s/sekisho-XXXXXX", folders[i]) >= (int)sizeof path)
			continue;
		fd = mkostemp(path, O_CLOEXEC);
		if (fd >= 0)
			unlink(path);
	}
	return fd;
}
