/* SPDX-License-Identifier: Apache-2.0 */
#include "helper/mailqueue.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/program.h"
#include "helper/request.h"

enum { KICK_MS = 10000 };
#define PATIENCE_US ((int64_t)30 * 1000000)

/* long ids have their microseconds in digits of base 52, behind six of seconds */
enum { LONG_SECONDS = 6, LONG_MICROSECONDS = 4 };

const char *const mailqueue_names[] = { "hold", "deferred", "incoming", "active", "gone" };

/* ---- where it is */

static bool ask_folder(const char *postconf, const char *config, char folder[MAILQUEUE_PATH_MAX], struct error *error)
{
	const char *const words[] = { postconf, "-c", config, "-h", "queue_directory", NULL };
	int output = memfd_create("postconf", MFD_CLOEXEC);
	struct program program = { .words = words, .input = -1, .output = output, .stop = -1, .patience_us = PATIENCE_US };
	ssize_t n = -1;
	struct text told;

	if (output < 0)
		return error_set(error, "no memory file for '%s': %s", postconf, strerror(errno));
	if (!program_run(&program, error)) {
		close(output);
		return false;
	}
	n = pread(output, folder, MAILQUEUE_PATH_MAX - 1, 0);
	close(output);
	told = text_trim((struct text){ folder, n > 0 ? (size_t)n : 0 });
	folder[told.n] = '\0'; /* it is absolute, so nothing was trimmed in front */
	return (told.n && folder[0] == '/') ||
	       error_set(error, "'%s' names no absolute queue_directory for '%s'", postconf, config);
}

bool mailqueue_open(struct mailqueue *queue, const char *postconf, const char *config, struct error *error)
{
	char folder[MAILQUEUE_PATH_MAX];

	if (!ask_folder(postconf, config, folder, error))
		return false;
	text_copy(queue->config, sizeof queue->config, text_of(config));
	queue->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return queue->folder >= 0 || error_set(error, "queue_directory '%s' cannot be opened: %s", folder, strerror(errno));
}

void mailqueue_close(struct mailqueue *queue) { close(queue->folder); }

/* ---- one message */

static unsigned digit52(char c)
{
	static const char digits[] = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
	const char *at = strchr(digits, c);

	return at ? (unsigned)(at - digits) : 0;
}

/* the digits that name the folders of a hashed queue: of the microseconds, which short ids begin with */
static void hash_digits(const char *id, char digits[MAILQUEUE_DEPTH_MAX + 1])
{
	const char *z = strrchr(id, 'z');
	unsigned microseconds = 0;

	if (!z || z - id != LONG_SECONDS + LONG_MICROSECONDS) {
		text_copy(digits, MAILQUEUE_DEPTH_MAX + 1, text_of(id));
		return;
	}
	for (int i = 0; i < LONG_MICROSECONDS; i++)
		microseconds = microseconds * 52 + digit52(id[LONG_SECONDS + i]);
	snprintf(digits, MAILQUEUE_DEPTH_MAX + 1, "%05X", microseconds & 0xfffff);
}

/* hold/ID, hold/2/ID, hold/2/1/ID, … */
static void path_of(enum mailqueue_place place, const char *digits, int depth, const char *id, char path[64])
{
	int n = snprintf(path, 64, "%s/", mailqueue_names[place]);

	for (int i = 0; i < depth; i++)
		n += snprintf(path + n, 64 - (size_t)n, "%c/", digits[i]);
	snprintf(path + n, 64 - (size_t)n, "%s", id);
}

/* as Postfix sees it: a plain file under one name, which the owner may execute once it is whole */
static bool is_message(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_nlink == 1 && (st->st_mode & S_IRWXU) == S_IRWXU;
}

static bool read_envelope(int folder, const char *path, char head[ENVELOPE_HEAD_BYTES], struct envelope *envelope,
			  struct stat *st)
{
	int fd = openat(folder, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = -1;

	if (fd < 0)
		return false;
	if (fstat(fd, st) == 0 && is_message(st))
		n = pread(fd, head, ENVELOPE_HEAD_BYTES, 0);
	close(fd);
	return n > 0 && envelope_parse((struct text){ head, (size_t)n }, envelope);
}

static struct mailqueue_file look_at(const struct mailqueue *queue, enum mailqueue_place place, const char *path)
{
	struct mailqueue_file file = { .place = place };
	char head[ENVELOPE_HEAD_BYTES];
	struct envelope envelope;
	struct stat st;

	if (fstatat(queue->folder, path, &st, AT_SYMLINK_NOFOLLOW) != 0 || !is_message(&st))
		return (struct mailqueue_file){ .place = MAILQUEUE_GONE };
	file.file_s = st.st_mtime;
	if (read_envelope(queue->folder, path, head, &envelope, &st))
		file.arrival_s = envelope.arrival_s;
	return file;
}

static struct mailqueue_file look_through(const struct mailqueue *queue, const char *id)
{
	struct mailqueue_file file = { .place = MAILQUEUE_GONE };
	char digits[MAILQUEUE_DEPTH_MAX + 1], path[64];

	hash_digits(id, digits);
	for (enum mailqueue_place place = 0; place < MAILQUEUE_GONE; place++)
		for (int depth = 0; depth <= MAILQUEUE_DEPTH_MAX && file.place == MAILQUEUE_GONE; depth++) {
			path_of(place, digits, depth, id, path);
			file = look_at(queue, place, path);
		}
	return file;
}

/* a message may move from where we did not look yet to where we looked: twice is what postsuper does, too */
struct mailqueue_file mailqueue_find(const struct mailqueue *queue, const char *id)
{
	struct mailqueue_file file = look_through(queue, id);

	return file.place == MAILQUEUE_GONE ? look_through(queue, id) : file;
}

bool mailqueue_is_of(const struct mailqueue_file *file, int64_t t_s)
{
	int64_t last_s = file->file_s > file->arrival_s ? file->file_s : file->arrival_s;

	return !t_s || (t_s >= file->arrival_s - MAILQUEUE_TOLERANCE_S && t_s <= last_s + MAILQUEUE_TOLERANCE_S);
}

/* ---- all of them */

struct walk {
	bool (*each)(void *context, enum mailqueue_place place, struct text id, const struct envelope *envelope);
	void *context;
	enum mailqueue_place place;
};

static bool tell(const struct walk *walk, int folder, const char *id)
{
	char head[ENVELOPE_HEAD_BYTES];
	struct envelope envelope;
	struct stat st;

	if (!request_id_is_sound(text_of(id)) || !read_envelope(folder, id, head, &envelope, &st))
		return true; /* it left while we looked */
	return walk->each(walk->context, walk->place, text_of(id), &envelope);
}

static bool walk_through(const struct walk *walk, int parent, const char *name, int depth)
{
	int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *entries = folder < 0 ? NULL : fdopendir(folder);
	const struct dirent *entry;
	bool more = true;

	if (!entries) {
		if (folder >= 0)
			close(folder);
		return true;
	}
	while (more && (entry = readdir(entries)))
		if (entry->d_name[0] != '.' && entry->d_name[1] == '\0')
			more = depth == MAILQUEUE_DEPTH_MAX || walk_through(walk, folder, entry->d_name, depth + 1);
		else
			more = tell(walk, folder, entry->d_name);
	closedir(entries);
	return more;
}

bool mailqueue_each(const struct mailqueue *queue,
		    bool (*each)(void *context, enum mailqueue_place place, struct text id, const struct envelope *envelope),
		    void *context)
{
	struct walk walk = { .each = each, .context = context };

	for (walk.place = 0; walk.place < MAILQUEUE_GONE; walk.place++)
		if (!walk_through(&walk, queue->folder, mailqueue_names[walk.place], 0))
			return false;
	return true;
}

/* ---- the queue manager */

bool mailqueue_kick(const struct mailqueue *queue, struct error *error)
{
	struct sockaddr_un where = { .sun_family = AF_UNIX };
	struct pollfd heard = { .fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), .events = POLLIN };
	bool done;

	/* through the descriptor, for the path of a queue may be longer than a socket's may */
	snprintf(where.sun_path, sizeof where.sun_path, "/proc/self/fd/%d/public/qmgr", queue->folder);
	done = heard.fd >= 0 && connect(heard.fd, (const struct sockaddr *)&where, sizeof where) == 0 &&
	       send(heard.fd, "D", 1, MSG_NOSIGNAL) == 1;
	if (!done)
		error_set(error, "the queue manager of '%s' cannot be told: %s", queue->config, strerror(errno));
	else if (poll(&heard, 1, KICK_MS) <= 0) /* it hangs up when it has heard */
		done = error_set(error, "the queue manager of '%s' does not listen", queue->config);
	if (heard.fd >= 0)
		close(heard.fd);
	return done;
}
