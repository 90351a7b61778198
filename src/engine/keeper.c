/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/keeper_inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"

enum { MODE = 0600, FOLDER_MODE = 0700, PIECE_BYTES = 16 * 1024 * 1024, LOCK_WAIT_US = 50000 };
#define RETRY_US MINUTE_US       /* after one that failed */
#define LEAST_US (10 * SECOND_US) /* from one to the next, however much is heard */

/* ---- files */

void keeper_file(char to[KEEPER_NAME_MAX], const char *what, uint64_t number, const char *end)
{
	snprintf(to, KEEPER_NAME_MAX, "%s.%llu%s", what, (unsigned long long)number, end);
}

bool keeper_file_number(const char *file, const char *what, uint64_t *number, struct text *end)
{
	struct text rest = text_of(file), digits;

	if (!text_starts(rest, text_of(what)))
		return false;
	rest = text_after(rest, strlen(what));
	if (!text_starts(rest, TEXT(".")))
		return false;
	rest = text_after(rest, 1);
	digits = text_head(rest, strspn(rest.p, "0123456789"));
	*end = text_after(rest, digits.n);
	return text_number(digits, UINT64_MAX - 1, number);
}

/* pictures and journals that nobody needs any more */
static void delete_before(struct keeper *keeper, uint64_t number)
{
	DIR *folder = fdopendir(openat(keeper->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	struct dirent *entry;
	struct text end;
	uint64_t old;

	while (folder && (entry = readdir(folder)))
		if ((keeper_file_number(entry->d_name, "memory", &old, &end) ||
		     keeper_file_number(entry->d_name, "journal", &old, &end)) && old < number)
			unlinkat(keeper->dir, entry->d_name, 0);
	if (folder)
		closedir(folder);
}

/* ---- pictures */

/* In pieces: else the journal would wait behind half a gigabyte that the disk has not seen yet. */
static bool put_in_pieces(void *context, const void *bytes, size_t n)
{
	struct keeper *keeper = context;
	uint64_t piece = keeper->picture.at / PIECE_BYTES;

	return blocks_put(&keeper->picture, bytes, n) &&
	       (keeper->picture.at / PIECE_BYTES == piece || fdatasync(keeper->picture.fd) == 0);
}

static bool sync_and_name(struct keeper *keeper, int fd, const char *now, const char *name)
{
	return fsync(fd) == 0 && renameat(keeper->dir, now, keeper->dir, name) == 0 && fsync(keeper->dir) == 0;
}

/* writes it, syncs it and gives it its name: 0, or why not (errno) */
static int write_picture(struct keeper *keeper, uint64_t number)
{
	struct blocks_out *blocks = &keeper->picture;
	struct image_out out = { .put = put_in_pieces, .context = keeper };
	char now[KEEPER_NAME_MAX], name[KEEPER_NAME_MAX];
	int fd, why = 0;

	keeper_file(now, "memory", number, ".new");
	keeper_file(name, "memory", number, "");
	fd = openat(keeper->dir, now, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, MODE);
	if (fd < 0)
		return errno;
	blocks->used = 0;
	errno = EIO;
	if (blocks_begin(blocks, fd, KEEPER_PICTURE))
		keeper_save(keeper, &out);
	else
		out.failed = true;
	if (!image_finish(&out) || !blocks_flush(blocks, true) || !sync_and_name(keeper, fd, now, name)) {
		why = errno;
		unlinkat(keeper->dir, now, 0);
	}
	close(fd);
	return why;
}

/* In the child nothing is allocated and no lock is taken: other threads of the parent may have held any. It ends with the
 * parent, and keeps the folder from nobody. */
static void make_picture(struct keeper *keeper, pid_t parent)
{
	struct sigaction action;
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(ESRCH);
	close(keeper->lock);
	for (int number = 1; number < NSIG; number++)
		if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_IGN)
			signal(number, SIG_DFL); /* the parent's handlers would tell the parent */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	_exit(write_picture(keeper, keeper->child_number));
}

static pid_t fork_quietly(struct keeper *keeper)
{
	sigset_t all, before;
	pid_t parent = getpid(), child;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	child = fork();
	if (child == 0)
		make_picture(keeper, parent);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return child;
}

/* a new journal, empty; -1 with errno */
static int create_journal(const struct keeper *keeper, uint64_t number)
{
	char name[KEEPER_NAME_MAX];

	keeper_file(name, "journal", number, "");
	return openat(keeper->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, MODE);
}

/* what is in the buffer goes into the new one */
static bool begin_journal(struct keeper *keeper, uint64_t number)
{
	int fd = create_journal(keeper, number);
	char name[KEEPER_NAME_MAX];

	if (fd < 0)
		return false;
	if (blocks_begin(&keeper->journal, fd, KEEPER_JOURNAL)) {
		keeper->number = number;
		return true;
	}
	keeper_file(name, "journal", number, "");
	unlinkat(keeper->dir, name, 0);
	close(fd);
	return false;
}

bool keeper_begin_picture(struct keeper *keeper, int64_t now_us, struct error *error)
{
	int old = keeper->journal.fd;
	uint64_t old_bytes = keeper->journal.at;

	if (keeper->child)
		return true;
	keeper->began_us = now_us;
	keeper->failed = true; /* until it is there */
	if (!keeper_flush(keeper, error))
		return false;
	if (!begin_journal(keeper, keeper->number + 1))
		return error_set(error, _("cannot make a journal in '%s': %s"), keeper->folder, strerror(errno));
	close(old);
	keeper->journal_bytes += old_bytes;
	keeper->bytes_before = keeper->journal_bytes;
	keeper->child_number = keeper->number;
	keeper->child = fork_quietly(keeper);
	if (keeper->child < 0) {
		keeper->child = 0;
		return error_set(error, _("cannot make a picture of memory: %s"), strerror(errno));
	}
	keeper->gap = false;
	return true;
}

/* it is there: what is older is not needed any more */
static void use_picture(struct keeper *keeper, uint64_t number)
{
	keeper->base = number;
	keeper->failed = false;
	delete_before(keeper, number);
}

/* why there is no picture; NULL: there is */
static const char *why_not(const struct keeper *keeper, pid_t ended, int status)
{
	char name[KEEPER_NAME_MAX];

	if (ended == keeper->child && WIFEXITED(status))
		return WEXITSTATUS(status) ? strerror(WEXITSTATUS(status)) : NULL;
	if (ended == keeper->child)
		return strsignal(WTERMSIG(status));
	keeper_file(name, "memory", keeper->child_number, ""); /* somebody else waited for it */
	return faccessat(keeper->dir, name, F_OK, 0) == 0 ? NULL : strerror(errno);
}

static void forget_picture(struct keeper *keeper)
{
	char name[KEEPER_NAME_MAX];

	keeper_file(name, "memory", keeper->child_number, ".new");
	unlinkat(keeper->dir, name, 0);
	keeper->gap = true;
}

static bool child_runs(struct keeper *keeper, int options, struct error *error)
{
	int status = 0;
	const char *why;
	pid_t ended;

	if (!keeper->child)
		return false;
	do
		ended = waitpid(keeper->child, &status, options);
	while (ended < 0 && errno == EINTR);
	if (ended == 0)
		return true;
	why = why_not(keeper, ended, status);
	keeper->child = 0;
	if (why) {
		error_set(error, _("cannot make a picture of memory: %s"), why);
		forget_picture(keeper);
		return false;
	}
	keeper->journal_bytes -= keeper->bytes_before;
	use_picture(keeper, keeper->child_number);
	return false;
}

bool keeper_picture_runs(struct keeper *keeper, struct error *error) { return child_runs(keeper, WNOHANG, error); }

bool keeper_is_due(const struct keeper *keeper, int64_t now_us)
{
	int64_t since_us = keeper->began_us == WHEN_NONE ? INT64_MAX : now_us - keeper->began_us;

	if (keeper->child || (since_us >= 0 && since_us < (keeper->failed ? RETRY_US : LEAST_US)))
		return false;
	return keeper->gap || keeper->failed || since_us < 0 || since_us >= KEEPER_PICTURE_US ||
	       keeper->journal_bytes + keeper->journal.at >= KEEPER_JOURNAL_BYTES;
}

/* ---- the journal */

/* an account's name stands before its first event */
static bool tell_names(struct keeper *keeper)
{
	for (; keeper->names_told < accounts_count(keeper->accounts); keeper->names_told++) {
		uint32_t account = keeper->names_told + 1;

		if (!journal_put_name(&keeper->journal, account, accounts_name(keeper->accounts, account)))
			return false;
	}
	return true;
}

void keeper_event(struct keeper *keeper, const struct event *event, struct text id)
{
	if (!tell_names(keeper) || !journal_put_event(&keeper->journal, event, id))
		keeper->gap = true;
}

void keeper_lift(struct keeper *keeper, uint32_t account)
{
	if (!tell_names(keeper) || !journal_put_lift(&keeper->journal, account))
		keeper->gap = true;
}

static struct text name_of(const struct keeper_mark *mark) { return (struct text){ mark->name, mark->name_bytes }; }

static struct keeper_mark *find_mark(const struct keeper *keeper, struct text name)
{
	for (uint32_t i = 0; i < keeper->mark_count; i++)
		if (text_is(name_of(&keeper->marks[i]), name))
			return (struct keeper_mark *)(uintptr_t)&keeper->marks[i];
	return NULL;
}

void keeper_note_mark(struct keeper *keeper, struct text name, struct text value)
{
	struct keeper_mark *mark = find_mark(keeper, name);

	if (name.n > KEEPER_MARK_MAX || value.n > KEEPER_MARK_MAX)
		return;
	if (!mark && keeper->mark_count < KEEPER_MARKS)
		mark = &keeper->marks[keeper->mark_count++];
	else if (!mark)
		mark = &keeper->marks[keeper->mark_oldest++ % KEEPER_MARKS];
	mark->name_bytes = (uint16_t)name.n;
	mark->value_bytes = (uint16_t)value.n;
	memmove(mark->name, name.p, name.n);
	memmove(mark->value, value.p, value.n);
}

void keeper_mark(struct keeper *keeper, struct text name, struct text value)
{
	if (name.n > KEEPER_MARK_MAX || value.n > KEEPER_MARK_MAX)
		return;
	keeper_note_mark(keeper, name, value);
	if (!journal_put_mark(&keeper->journal, name, value))
		keeper->gap = true;
}

struct text keeper_marked(const struct keeper *keeper, struct text name)
{
	const struct keeper_mark *mark = find_mark(keeper, name);

	return mark ? (struct text){ mark->value, mark->value_bytes } : TEXT_NONE;
}

bool keeper_flush(struct keeper *keeper, struct error *error)
{
	if ((keeper->journal.fd >= 0 || begin_journal(keeper, keeper->number + 1)) && blocks_flush(&keeper->journal, false))
		return true;
	return error_set(error, _("cannot write the journal in '%s': %s"), keeper->folder, strerror(errno));
}

/* ---- life */

/* The child of one who was killed may have it for a moment still, a deputy for some seconds. */
static bool take_lock(const struct keeper *keeper)
{
	for (unsigned i = 0; i < KEEPER_WAIT_US / LOCK_WAIT_US; i++) {
		if (flock(keeper->lock, LOCK_EX | LOCK_NB) == 0)
			return true;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return false;
		usleep(LOCK_WAIT_US);
	}
	errno = EWOULDBLOCK;
	return false;
}

int keeper_take_folder(const char *folder, bool *busy, struct error *error)
{
	char path[PATH_MAX];
	int fd;

	*busy = false;
	snprintf(path, sizeof path, "%s/lock", folder);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, MODE);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	*busy = fd >= 0 && errno == EWOULDBLOCK;
	error_set(error, *busy ? _("another sekisho uses the folder '%s'") : _("cannot lock the folder '%s'"), folder);
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool take_folder(struct keeper *keeper, struct error *error)
{
	if (mkdir(keeper->folder, FOLDER_MODE) != 0 && errno != EEXIST)
		return error_set(error, _("cannot make the folder '%s': %s"), keeper->folder, strerror(errno));
	keeper->dir = open(keeper->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (keeper->dir < 0)
		return error_set(error, _("cannot open the folder '%s': %s"), keeper->folder, strerror(errno));
	keeper->lock = openat(keeper->dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC, MODE);
	if (keeper->lock < 0)
		return error_set(error, _("cannot open '%s/lock': %s"), keeper->folder, strerror(errno));
	if (!take_lock(keeper))
		return error_set(error, errno == EWOULDBLOCK ? _("another sekisho uses the folder '%s'") : _("cannot lock the folder '%s'"),
				 keeper->folder);
	return true;
}

static void done(struct keeper *keeper)
{
	if (keeper->journal.fd >= 0)
		close(keeper->journal.fd);
	if (keeper->lock >= 0)
		close(keeper->lock);
	if (keeper->dir >= 0)
		close(keeper->dir);
	free(keeper->lost);
	free(keeper->folder);
	free(keeper);
}

/* Journals without a picture to begin from are of no use: the keys that accounts are known by would be others. A disk that
 * is full now may have room later. */
static void begin(struct keeper *keeper)
{
	struct error error;

	keeper->names_told = accounts_count(keeper->accounts);
	if (!keeper->base && write_picture(keeper, keeper->number + 1) == 0)
		use_picture(keeper, ++keeper->number);
	keeper->failed = !keeper->base;
	keeper->gap = !keeper_flush(keeper, &error);
}

struct keeper *keeper_open(const char *folder, struct accounts *accounts, struct engine *engine, struct guard *guard, bool *first,
			   struct error *error)
{
	struct keeper *keeper = memory_zero(1, sizeof *keeper);

	keeper->folder = memory_copy(folder, strlen(folder));
	keeper->accounts = accounts;
	keeper->engine = engine;
	keeper->guard = guard;
	keeper->dir = keeper->lock = keeper->journal.fd = -1;
	keeper->began_us = WHEN_NONE;
	if (!take_folder(keeper, error) || !keeper_read_folder(keeper, first, error)) {
		done(keeper);
		return NULL;
	}
	begin(keeper);
	return keeper;
}

void keeper_close(struct keeper *keeper)
{
	struct error error;

	if (!keeper)
		return;
	child_runs(keeper, 0, &error);
	(void)!keeper_flush(keeper, &error); /* for the case that there is no room for a picture */
	if (write_picture(keeper, keeper->number + 1) == 0)
		use_picture(keeper, keeper->number + 1);
	done(keeper);
}

const char *keeper_lost(const struct keeper *keeper) { return keeper->lost; }
