/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/audit_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REPORT_FD = 3, NUMBER_ROOM = 24 };

void audit_child_init(struct audit_child *child, const char *settings_file, const char *former_folder)
{
	*child = (struct audit_child){ .settings_file = settings_file };
	audit_results_path(former_folder, "/audit", child->results);
}

static void forget_progress(struct audit_child *child)
{
	if (child->progress)
		munmap(child->progress, sizeof *child->progress);
	child->progress = NULL;
}

void audit_child_done(struct audit_child *child)
{
	if (audit_child_runs(child)) {
		kill(child->pid, SIGTERM);
		waitpid(child->pid, NULL, 0);
	}
	forget_progress(child);
}

bool audit_child_runs(struct audit_child *child)
{
	if (child->pid && waitpid(child->pid, NULL, WNOHANG) != 0) {
		child->pid = 0;
		if (child->progress && child->progress->phase < AUDIT_FINISHED) { /* it was killed */
			text_copy(child->progress->error, sizeof child->progress->error, TEXT("it was killed"));
			child->progress->phase = AUDIT_BROKEN;
		}
	}
	return child->pid != 0;
}

void audit_child_stop(struct audit_child *child)
{
	if (audit_child_runs(child))
		kill(child->pid, SIGTERM);
}

/* ---- start */

static int share_progress(struct audit_child *child)
{
	int fd = memfd_create("audit", MFD_CLOEXEC);
	void *shared = fd >= 0 && ftruncate(fd, sizeof *child->progress) == 0
			       ? mmap(NULL, sizeof *child->progress, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
			       : MAP_FAILED;

	if (shared != MAP_FAILED) {
		child->progress = shared;
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

struct words {
	const char *items[20];
	char numbers[3][NUMBER_ROOM];
	size_t count;
};

static void add(struct words *words, const char *name, const char *value)
{
	if (!value)
		return;
	words->items[words->count++] = name;
	words->items[words->count++] = value;
}

static const char *digits(char to[NUMBER_ROOM], long long number)
{
	snprintf(to, NUMBER_ROOM, "%lld", number);
	return to;
}

static void make_words(struct words *words, const struct audit_child *child, const struct audit_order *order)
{
	*words = (struct words){ .items = { "sekisho-passdb", "--audit" }, .count = 2 };
	add(words, "--config", child->settings_file);
	add(words, "--report", "3");
	add(words, "--cores", digits(words->numbers[0], order->cores));
	add(words, "--time", digits(words->numbers[1], order->time_us / 1000000));
	if (order->tries)
		add(words, "--tries", digits(words->numbers[2], order->tries));
	add(words, "--domain", order->domain);
	add(words, "--account", order->account);
}

/* in the child, which shares nothing with the helper but its standard error and the memory of its progress */
static void become(const struct words *words, int progress, pid_t helper)
{
	static char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", NULL };
	sigset_t all;
	int nothing = open("/dev/null", O_RDWR);

	sigemptyset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (nothing < 0 || getppid() != helper)
		_exit(1);
	dup2(nothing, STDIN_FILENO);
	dup2(nothing, STDOUT_FILENO);
	if (progress == REPORT_FD)
		fcntl(progress, F_SETFD, 0);
	else
		dup2(progress, REPORT_FD);
	close_range(REPORT_FD + 1, ~0u, 0);
	execve("/proc/self/exe", (char *const *)(uintptr_t)words->items, environment);
	_exit(1);
}

bool audit_child_start(struct audit_child *child, const struct audit_order *order, struct error *error)
{
	struct words words;
	pid_t helper = getpid();
	int progress;

	if (audit_child_runs(child))
		return error_set(error, "another audit is running");
	forget_progress(child);
	progress = share_progress(child);
	if (progress < 0)
		return error_set(error, "no memory to share: %s", strerror(errno));
	make_words(&words, child, order);
	child->pid = fork();
	if (child->pid == 0)
		become(&words, progress, helper);
	close(progress);
	if (child->pid > 0)
		return true;
	child->pid = 0;
	forget_progress(child);
	return error_set(error, "an audit cannot be started: %s", strerror(errno));
}
