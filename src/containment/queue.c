/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/queue.h"

#include <stdio.h>

#include "base/memory.h"
#include "containment/asking.h"
#include "containment/listing.h"
#include "containment/queue_answer.h"

/* as many as the helper gives to one postsuper */
enum { FLIGHT_MAX = 1000, LINE_ROOM = 80 };

struct asked {
	enum queue_verb verb;
	char id[QUEUE_ID_MAX];
	int64_t t_us;
	void (*done)(void *context, struct text id, int64_t t_us, enum queue_result result);
	void *context;
};

struct queue {
	uv_loop_t *loop;
	struct asking *asking;
	struct listing *listings;
};

/* ---- one request */

static size_t write_request(const void *request, char *line)
{
	static const char *const verbs[] = { [QUEUE_RELEASE] = "release", [QUEUE_HOLD] = "hold", [QUEUE_DELETE] = "delete" };
	const struct asked *asked = request;
	int64_t t_s = asked->t_us > 0 && asked->t_us / SECOND_US <= UINT32_MAX ? asked->t_us / SECOND_US : 0;

	return (size_t)snprintf(line, LINE_ROOM, "%s %s %lld\n", verbs[asked->verb], asked->id, (long long)t_s);
}

static bool fits(const void *request, struct text line)
{
	const struct asked *asked = request;
	enum queue_result result;
	struct text id;

	return queue_answer_parse(line, &id, &result) && text_is(id, text_of(asked->id));
}

static void answered(void *request, struct text line)
{
	const struct asked *asked = request;
	enum queue_result result = QUEUE_FAILED;
	struct text id;

	(void)!queue_answer_parse(line, &id, &result);
	asked->done(asked->context, text_of(asked->id), asked->t_us, result);
}

static void given_up(void *request, const char *why)
{
	const struct asked *asked = request;

	asked->done(asked->context, text_of(asked->id), asked->t_us, QUEUE_FAILED);
}

static const struct asking_kind kind = {
	.request_bytes = sizeof(struct asked),
	.line_room = LINE_ROOM,
	.flight_max = FLIGHT_MAX,
	.write = write_request,
	.fits = fits,
	.answered = answered,
	.given_up = given_up,
};

struct queue *queue_new(uv_loop_t *loop, const char *socket_path)
{
	struct queue *queue = memory_zero(1, sizeof *queue);

	queue->loop = loop;
	queue->asking = asking_new(loop, socket_path, &kind);
	return queue;
}

void queue_ask(struct queue *queue, enum queue_verb verb, struct text id, int64_t t_us,
	       void (*done)(void *context, struct text id, int64_t t_us, enum queue_result result), void *context)
{
	struct asked asked = { .verb = verb, .t_us = t_us, .done = done, .context = context };
	bool full = asking_waiting(queue->asking) >= QUEUE_WAITING_MAX;

	if (full || !id.n || id.n >= QUEUE_ID_MAX || text_span(id, CHAR_ALNUM) != id.n) {
		done(context, id, t_us, full ? QUEUE_FAILED : QUEUE_ABSENT);
		return;
	}
	text_copy(asked.id, sizeof asked.id, id);
	asking_put(queue->asking, &asked);
}

bool queue_is_there(const struct queue *queue) { return asking_is_there(queue->asking); }
size_t queue_waiting(const struct queue *queue) { return asking_waiting(queue->asking); }

/* ---- lists */

struct list {
	void (*each)(void *context, const struct queue_message *message);
	void (*end)(void *context, const struct error *error);
	void *context;
};

static enum listing_step on_list_line(void *context, struct text line, struct error *error)
{
	char login[QUEUE_TEXT_MAX], sender[QUEUE_TEXT_MAX];
	const struct list *list = context;
	struct queue_message message;

	if (text_is(line, TEXT("end")))
		return LISTING_ENDS;
	if (!queue_message_parse(line, login, sender, &message)) {
		error_set(error, "the queue's helper said '%.*s'", (int)(line.n < 100 ? line.n : 100), line.p);
		return LISTING_FAILS;
	}
	list->each(list->context, &message);
	return LISTING_GOES_ON;
}

static void on_list_end(void *context, const struct error *error)
{
	const struct list *list = context;

	list->end(list->context, error);
}

void queue_list(struct queue *queue, void (*each)(void *context, const struct queue_message *message),
		void (*end)(void *context, const struct error *error), void *context)
{
	struct list *list = memory_new(sizeof *list);

	*list = (struct list){ each, end, context };
	listing_open(&queue->listings, queue->loop, asking_path(queue->asking), TEXT("list\n"),
		     &(struct listing_handler){ "the queue's helper", on_list_line, on_list_end, list });
}

void queue_close(struct queue *queue)
{
	if (!queue)
		return;
	listing_close_all(&queue->listings);
	asking_close(queue->asking);
	free(queue);
}
