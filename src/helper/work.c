/* SPDX-License-Identifier: Apache-2.0 */
#include "helper/work.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/program.h"
#include "base/quoted.h"

#define PATIENCE_US ((int64_t)60 * 1000000)

/* one request on its way */
struct job {
	const struct request *request;
	const struct mailqueue *queue; /* which holds the message; NULL: none */
	const char *no;                /* why nothing is done; NULL: it is, or was */
	bool todo;                     /* by postsuper */
};

static void complain(const struct error *error) { fprintf(stderr, "sekisho-queue: %s\n", error->text); }

bool work_open(struct work *work, const char *settings_path, struct error *error)
{
	if (!settings_read(&work->settings, settings_path, error))
		return false;
	for (work->queue_count = 0; work->queue_count < work->settings.postfix_count; work->queue_count++)
		if (!mailqueue_open(&work->queues[work->queue_count], work->settings.postconf,
				    work->settings.postfix[work->queue_count], error)) {
			work_close(work);
			return false;
		}
	return true;
}

void work_close(struct work *work)
{
	for (size_t i = 0; i < work->queue_count; i++)
		mailqueue_close(&work->queues[i]);
	work->queue_count = 0;
}

/* ---- before: which message it is, and whether there is anything to do */

static void decide(struct job *job, enum mailqueue_place place)
{
	bool held = place == MAILQUEUE_HOLD;

	job->todo = job->request->verb == REQUEST_HOLD ? !held : held;
	if (job->request->verb == REQUEST_DELETE && !held)
		job->no = "not-held";
}

static void prepare(const struct work *work, const struct request *request, struct job *job)
{
	*job = (struct job){ .request = request, .no = "absent" };
	for (size_t i = 0; i < work->queue_count; i++) {
		struct mailqueue_file file = mailqueue_find(&work->queues[i], request->id);

		if (file.place == MAILQUEUE_GONE)
			continue;
		job->no = !file.arrival_s ? "unreadable" : mailqueue_is_of(&file, request->t_s) ? NULL : "other";
		if (job->no)
			continue;
		job->queue = &work->queues[i];
		decide(job, file.place);
		return;
	}
}

/* ---- postsuper */

/* the ids of what is to be done in that queue, a line each; -1 where there are none */
static int ids_of(const struct mailqueue *queue, const struct job *jobs, size_t count)
{
	char ids[WORK_BATCH_MAX * (REQUEST_ID_MAX + 1)];
	size_t n = 0;
	int fd;

	for (size_t i = 0; i < count; i++)
		if (jobs[i].queue == queue && jobs[i].todo)
			n += (size_t)snprintf(ids + n, sizeof ids - n, "%s\n", jobs[i].request->id);
	fd = n ? memfd_create("ids", MFD_CLOEXEC) : -1;
	if (fd >= 0 && pwrite(fd, ids, n, 0) != (ssize_t)n) {
		close(fd);
		return -1;
	}
	return fd;
}

static void move(const struct work *work, const struct mailqueue *queue, const struct job *jobs, size_t count)
{
	static const char *const options[] = { [REQUEST_RELEASE] = "-H", [REQUEST_HOLD] = "-h", [REQUEST_DELETE] = "-d" };
	enum request_verb verb = jobs[0].request->verb;
	/* the last word limits a deletion to what is held; -H knows no other queue, and -h none that is wanted here */
	const char *const words[] = { work->settings.postsuper, "-c", queue->config, options[verb], "-",
				      verb == REQUEST_DELETE ? "hold" : NULL, NULL };
	int ids = ids_of(queue, jobs, count);
	struct error error;

	if (ids < 0)
		return;
	if (!program_run(&(struct program){ .words = words, .input = ids, .output = -1, .stop = -1, .patience_us = PATIENCE_US }, &error))
		complain(&error);
	close(ids);
}

/* ---- what was released leaves at once */

static void send_for(const struct work *work, const struct job *job)
{
	const char *const words[] = { work->settings.postqueue, "-c", job->queue->config, "-i", job->request->id, NULL };
	struct error error;

	if (!program_run(&(struct program){ .words = words, .input = -1, .output = -1, .stop = -1, .patience_us = PATIENCE_US }, &error))
		complain(&error);
}

static size_t count_in(const struct mailqueue *queue, const struct job *jobs, size_t count)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += jobs[i].queue == queue;
	return found;
}

/* A look through the deferred queue takes along what is due. What had been deferred before it was held may be due only
 * in an hour. Where Postfix does not run, all leaves when it does. */
static void send_out(const struct work *work, const struct mailqueue *queue, const struct job *jobs, size_t count)
{
	size_t ours = count_in(queue, jobs, count);
	bool each = ours <= WORK_EACH_MAX;
	int64_t now_s = clock_now() / 1000000;
	struct error error;

	if (!each && !mailqueue_kick(queue, &error)) {
		complain(&error);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct mailqueue_file file;

		if (jobs[i].queue != queue)
			continue;
		file = mailqueue_find(queue, jobs[i].request->id);
		if (file.place == MAILQUEUE_DEFERRED && (each || file.file_s > now_s))
			send_for(work, &jobs[i]);
	}
}

/* ---- afterwards */

static const char *fault_of(enum request_verb verb, enum mailqueue_place place)
{
	switch (verb) {
	case REQUEST_RELEASE: return place == MAILQUEUE_HOLD ? "failed" : NULL;
	case REQUEST_DELETE: return place == MAILQUEUE_GONE ? NULL : "failed";
	default: return place == MAILQUEUE_HOLD ? NULL : place == MAILQUEUE_GONE ? "absent" : "failed";
	}
}

static void answer(const struct job *job, struct reply *reply)
{
	enum mailqueue_place place = MAILQUEUE_GONE;
	const char *no = job->no;

	if (!no) {
		place = mailqueue_find(job->queue, job->request->id).place;
		no = fault_of(job->request->verb, place);
	}
	reply_line(reply, "%s %s %s", no ? "no" : "ok", job->request->id, no ? no : mailqueue_names[place]);
}

static void move_all(const struct work *work, const struct request *requests, size_t count, struct reply *reply)
{
	struct job jobs[WORK_BATCH_MAX];

	for (size_t i = 0; i < count; i++)
		prepare(work, &requests[i], &jobs[i]);
	for (size_t i = 0; i < work->queue_count; i++) {
		move(work, &work->queues[i], jobs, count);
		if (requests->verb == REQUEST_RELEASE)
			send_out(work, &work->queues[i], jobs, count);
	}
	for (size_t i = 0; i < count; i++)
		answer(&jobs[i], reply);
}

static bool list_one(void *context, enum mailqueue_place place, struct text id, const struct envelope *envelope)
{
	char login[REPLY_LINE_MAX / 4], sender[REPLY_LINE_MAX / 4];
	struct reply *reply = context;

	reply_line(reply, "message %.*s %s %lld %llu %s %s", TEXT_ARG(id), mailqueue_names[place],
		   (long long)envelope->arrival_s, (unsigned long long)envelope->recipients,
		   quoted_write(envelope->login, login, sizeof login), quoted_write(envelope->sender, sender, sizeof sender));
	return !reply->broken;
}

static void list(const struct work *work, struct reply *reply)
{
	for (size_t i = 0; i < work->queue_count; i++)
		if (!mailqueue_each(&work->queues[i], list_one, reply))
			return;
	reply_line(reply, "end");
}

/* all of the verb of the first */
static void do_all(const struct work *work, const struct request *requests, size_t count, struct reply *reply)
{
	switch (requests->verb) {
	case REQUEST_LIST:
		for (size_t i = 0; i < count && !reply->broken; i++)
			list(work, reply);
		break;
	case REQUEST_PING:
	case REQUEST_FAULTY:
		for (size_t i = 0; i < count; i++)
			reply_line(reply, "%s - %s", requests->verb == REQUEST_PING ? "ok" : "no",
				   requests->verb == REQUEST_PING ? "here" : requests[i].fault);
		break;
	default: move_all(work, requests, count, reply);
	}
}

size_t work_answer(void *work, struct text lines, struct reply *reply)
{
	struct request requests[WORK_BATCH_MAX];
	struct text rest = lines, line;
	size_t count = 0, taken = 0;

	while (count < WORK_BATCH_MAX && text_cut(&rest, '\n', &line)) {
		requests[count] = request_parse(line);
		if (requests[count].verb != requests[0].verb)
			break;
		count++;
		taken = lines.n - rest.n;
	}
	do_all(work, requests, count, reply);
	return taken;
}
