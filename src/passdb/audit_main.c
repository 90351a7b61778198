/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/audit_main.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/when.h"
#include "configuration.h"
#include "passdb/account.h"
#include "passdb/audit.h"
#include "passdb/hide.h"
#include "password/likely.h"

/* so long may whoever tries take to write down what it knows and go, before it is killed */
#define GRACE_US ((int64_t)600000)

enum { NICEST = 19, IOPRIO_WHO_PROCESS = 1, IOPRIO_IDLE = 3 << 13 };

static const int watched[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP };
static atomic_bool stopped;

struct auditing {
	const char *settings_file;
	struct audit_order order;
	int report; /* memory that the helper looks into; -1: none */
};

static void usage(FILE *to)
{
	fprintf(to, "usage: sekisho-passdb --audit [--config FILE] [--time SECONDS] [--cores N] [--tries N] [--domain DOMAIN] [--account ACCOUNT]\n"
		    "Tries the likely passwords of each account at what is stored for it; see sekisho-passdb(8).\n");
}

static bool take_number(const char *option, const char *value, uint64_t least, uint64_t most, uint64_t *number)
{
	if (text_number(text_of(value), most, number) && *number >= least)
		return true;
	fprintf(stderr, "sekisho-passdb: --%s: '%.64s' is no number from %" PRIu64 " to %" PRIu64 "\n", option, value, least, most);
	return false;
}

static bool take_option(struct auditing *auditing, int option, const char *value)
{
	struct audit_order *order = &auditing->order;
	uint64_t number = 0;
	bool taken = true;

	switch (option) {
	case 'a': break;
	case 'c': auditing->settings_file = value; break;
	case 'd': order->domain = value; break;
	case 'A': order->account = value; break;
	case 't':
		taken = take_number("time", value, 1, AUDIT_HOURS_MAX * 3600, &number);
		order->time_us = (int64_t)number * 1000000;
		break;
	case 'n':
		taken = take_number("cores", value, 1, AUDIT_CORES_MAX, &number);
		order->cores = (unsigned)number;
		break;
	case 'w':
		taken = take_number("tries", value, 1, LIKELY_MAX, &number);
		order->tries = (unsigned)number;
		break;
	case 'r':
		taken = take_number("report", value, 3, 1024, &number);
		auditing->report = (int)number;
		break;
	default: taken = false;
	}
	return taken;
}

/* -1: go on; else the exit status */
static int take_options(struct auditing *auditing, int argc, char **argv)
{
	static const struct option names[] = {
		{ "audit", no_argument, NULL, 'a' },	   { "config", required_argument, NULL, 'c' },
		{ "time", required_argument, NULL, 't' },  { "cores", required_argument, NULL, 'n' },
		{ "tries", required_argument, NULL, 'w' }, { "domain", required_argument, NULL, 'd' },
		{ "account", required_argument, NULL, 'A' }, { "report", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },	   { 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "c:h", names, NULL)) != -1) {
		if (option == 'h') {
			usage(stdout);
			return 0;
		}
		if (!take_option(auditing, option, optarg))
			return 2;
	}
	if (optind == argc && (!auditing->order.account || account_is_sound(text_of(auditing->order.account))))
		return -1;
	usage(stderr);
	return 2;
}

/* what cannot be had is done without */
static void stand_back(void)
{
	const struct sched_param none = { 0 };

	setpriority(PRIO_PROCESS, 0, NICEST);
	sched_setscheduler(0, SCHED_IDLE, &none);
	syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_IDLE);
}

/* ---- two processes: one tries, the other watches the time, is never at a try, and does not stand back */

static void on_stop(int number) { stopped = true; }

static void hear_signals(void)
{
	const struct sigaction stop = { .sa_handler = on_stop };
	sigset_t none;

	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGHUP, &stop, NULL);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static struct audit_progress *open_progress(int report)
{
	struct audit_progress *shared;

	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, report < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED, report, 0);
	return shared == MAP_FAILED ? NULL : shared;
}

static unsigned this_year(void)
{
	struct civil civil;

	when_to_civil(clock_now(), &civil);
	return (unsigned)civil.year;
}

static bool audit(const struct auditing *auditing, struct audit_progress *progress, struct error *error)
{
	struct audit_order order = auditing->order;
	struct passdb_settings settings;
	struct passdb *passdb;
	char path[4096];
	bool done;

	if (!passdb_settings_read(&settings, auditing->settings_file, error))
		return false;
	settings.all_are_read = true;
	order.names = (const char *const *)settings.names.words;
	order.year = this_year();
	audit_results_path(settings.former_folder, "/audit", path);
	passdb = passdb_open(&settings, error);
	done = passdb && audit_run(passdb, path, &order, progress, &stopped, error);
	passdb_close(passdb);
	passdb_settings_done(&settings);
	return done;
}

static int try_and_tell(const struct auditing *auditing, struct audit_progress *progress, pid_t watcher)
{
	struct error error = { "" };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != watcher)
		return 1;
	hear_signals();
	stand_back();
	if (audit(auditing, progress, &error))
		return 0;
	text_copy(progress->error, sizeof progress->error, text_of(error.text));
	progress->phase = AUDIT_BROKEN;
	return 1;
}

struct watch {
	pid_t trier;
	int64_t began_us, kill_us; /* kill_us: then it is killed */
	bool stopped, killed;
	sigset_t heard;
};

/* waits for one of the signals, or until it is time to kill; 0: for none */
static int wait_for_signal(const struct watch *watch)
{
	int64_t left_us = watch->kill_us - clock_steady();
	struct timespec left = { .tv_sec = left_us / 1000000, .tv_nsec = left_us % 1000000 * 1000 };
	int heard = left_us > 0 ? sigtimedwait(&watch->heard, NULL, &left) : 0;

	return heard > 0 ? heard : 0;
}

static void stop(struct watch *watch)
{
	int64_t soon_us = clock_steady() + GRACE_US;

	watch->stopped = true;
	watch->kill_us = soon_us < watch->kill_us ? soon_us : watch->kill_us;
	kill(watch->trier, SIGTERM);
}

/* until it is gone; the status that it left */
static int watch_trier(struct watch *watch)
{
	int status = 0, heard;

	while (waitpid(watch->trier, &status, watch->killed ? 0 : WNOHANG) == 0) {
		heard = wait_for_signal(watch);
		if (heard && heard != SIGCHLD)
			stop(watch);
		else if (clock_steady() >= watch->kill_us) {
			watch->killed = true;
			kill(watch->trier, SIGKILL);
		}
	}
	return status;
}

/* what whoever tried could not say any more */
static void conclude(const struct watch *watch, int status, struct audit_progress *progress)
{
	if (progress->phase >= AUDIT_FINISHED)
		return;
	progress->worked_us = clock_steady() - watch->began_us;
	if (watch->killed) {
		progress->phase = watch->stopped ? AUDIT_STOPPED : AUDIT_TIME_OVER;
		return;
	}
	text_copy(progress->error, sizeof progress->error, WIFSIGNALED(status) ? TEXT("it was killed") : TEXT("it went without a word"));
	progress->phase = AUDIT_BROKEN;
}

static bool run(const struct auditing *auditing, struct audit_progress *progress)
{
	struct watch watch = { .began_us = clock_steady() };
	pid_t watcher = getpid();

	watch.kill_us = watch.began_us + auditing->order.time_us + GRACE_US;
	sigemptyset(&watch.heard);
	for (size_t i = 0; i < sizeof watched / sizeof *watched; i++)
		sigaddset(&watch.heard, watched[i]);
	sigprocmask(SIG_BLOCK, &watch.heard, NULL);
	watch.trier = fork();
	if (watch.trier == 0)
		_exit(try_and_tell(auditing, progress, watcher));
	if (watch.trier > 0)
		conclude(&watch, watch_trier(&watch), progress);
	else {
		text_copy(progress->error, sizeof progress->error, TEXT("no process can be had to try"));
		progress->phase = AUDIT_BROKEN;
	}
	return progress->phase != AUDIT_BROKEN;
}

static void say_end(const struct audit_progress *progress)
{
	printf("%s: %llu accounts, %llu guessable; the first %llu of their likely passwords were tried at all that can be tried, %llu tries in %lld s\n",
	       audit_phase_names[progress->phase], (unsigned long long)progress->accounts, (unsigned long long)progress->guessable,
	       (unsigned long long)progress->depth, (unsigned long long)progress->tries, (long long)progress->worked_us / 1000000);
}

int audit_main(int argc, char **argv)
{
	struct auditing auditing = { .settings_file = SEKISHO_PASSDB_CONF_FILE, .order = { .cores = 1, .time_us = HOUR_US }, .report = -1 };
	struct audit_progress *progress;
	struct error error = { "" };
	int status = take_options(&auditing, argc, argv);

	if (status >= 0)
		return status;
	progress = open_progress(auditing.report);
	if (!progress) {
		fprintf(stderr, "sekisho-passdb: no memory to share\n");
		return 1;
	}
	if (!hide(&error)) {
		text_copy(progress->error, sizeof progress->error, text_of(error.text));
		progress->phase = AUDIT_BROKEN;
	} else if (run(&auditing, progress)) {
		if (auditing.report < 0)
			say_end(progress);
		return 0;
	}
	fprintf(stderr, "sekisho-passdb: %s\n", progress->error);
	return 1;
}
