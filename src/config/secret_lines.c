/* SPDX-License-Identifier: Apache-2.0 */
#include "config/secret_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/text.h"

static void warn_of_readers(const char *path, int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & S_IROTH))
		log_say(LOG_WARN, _("'%s' holds a secret, and everybody on this machine may read it: chmod o= %s"), path, path);
}

bool secret_lines_read(const char *path, char *first, char *second, size_t room, struct error *error)
{
	char bytes[2 * SECRET_LINE_MAX + 2] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, bytes, sizeof bytes - 1) : -1;
	struct text rest = { bytes, n > 0 ? (size_t)n : 0 }, one = text_trim(text_word(&rest, '\n')), two = text_trim(text_word(&rest, '\n'));
	bool done = n > 0 && one.n && one.n < room && two.n < room && (!second || two.n);

	if (n < 0)
		error_set(error, "'%s': %s", path, strerror(errno));
	else if (!done)
		error_set(error, second ? _("'%s' does not hold a name and a password, a line each") : _("'%s' holds no key on its first line"), path);
	if (fd >= 0) {
		warn_of_readers(path, fd);
		close(fd);
	}
	if (done)
		text_copy(first, room, one);
	if (done && second)
		text_copy(second, room, two);
	explicit_bzero(bytes, sizeof bytes);
	return done;
}

bool secret_key_read(const struct config *config, const char *setting, const char *path, char *key, size_t room, struct error *error)
{
	return secret_lines_read(path, key, NULL, room, error) || config_misplaced(config, setting, error);
}
