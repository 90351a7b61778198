/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/queue.h"

#include "base/memory.h"
#include "containment/lines.h"
#include "containment/queue_answer.h"

/* as many as the helper gives to one postsuper */
enum { FLIGHT_MAX = 1000, LINE_ROOM = 80, PAUSE_LEAST_MS = 1000, PAUSE_MOST_MS = 60000 };

struct asked {
	enum queue_verb verb;
	char id[QUEUE_ID_MAX];
	int64_t t_us;
	void (*done)(void *context, struct text id, int64_t t_us, enum queue_result result);
	void *context;
};

struct queue {
	uv_loop_t *loop;
	uv_timer_t wake; /* to send, or to try again */
	char *path;
	struct lines *lines; /* NULL: no connection */
	bool open, answered; /* this connection */
	bool there;
	unsigned pause_ms;
	struct asked *ring;
	size_t room, first, count; /* room is a power of two */
	size_t sent;               /* of the first ones */
	struct listing *listings;
};

/* ---- the line of requests */

static struct asked *at(const struct queue *queue, size_t n) { return &queue->ring[(queue->first + n) & (queue->room - 1)]; }

static void make_room(struct queue *queue)
{
	size_t room = queue->room ? queue->room * 2 : 64;
	struct asked *ring;

	if (queue->count < queue->room)
		return;
	ring = memory_new(room * sizeof *ring);
	for (size_t i = 0; i < queue->count; i++)
		ring[i] = *at(queue, i);
	free(queue->ring);
	queue->ring = ring;
	queue->room = room;
	queue->first = 0;
}

/* ---- sending */

static size_t write_request(char *to, const struct asked *asked)
{
	static const char *const verbs[] = { [QUEUE_RELEASE] = "release", [QUEUE_HOLD] = "hold", [QUEUE_DELETE] = "delete" };
	int64_t t_s = asked->t_us > 0 && asked->t_us / SECOND_US <= UINT32_MAX ? asked->t_us / SECOND_US : 0;

	return (size_t)snprintf(to, LINE_ROOM, "%s %s %lld\n", verbs[asked->verb], asked->id, (long long)t_s);
}

static void send_requests(struct queue *queue)
{
	char text[FLIGHT_MAX * LINE_ROOM];
	size_t n = 0;

	for (; queue->sent < queue->count && queue->sent < FLIGHT_MAX; queue->sent++)
		n += write_request(text + n, at(queue, queue->sent));
	if (n)
		lines_send(queue->lines, (struct text){ text, n });
	lines_expect(queue->lines, queue->sent > 0);
}

/* ---- the connection */

static void on_opened(void *context)
{
	struct queue *queue = context;

	queue->open = true;
	send_requests(queue);
}

static void on_wake(uv_timer_t *timer);

/* What was sent and not answered is sent anew. A helper that had nothing to do ends, and the next connection starts
 * another one, so a connection that had been good is made again at once. */
static void start_over(struct queue *queue)
{
	bool was_good = queue->answered;

	queue->lines = NULL;
	queue->open = queue->answered = false;
	queue->sent = 0;
	if (!was_good) {
		queue->there = false;
		queue->pause_ms = queue->pause_ms ? queue->pause_ms * 2 : PAUSE_LEAST_MS;
		if (queue->pause_ms > PAUSE_MOST_MS)
			queue->pause_ms = PAUSE_MOST_MS;
	}
	if (queue->count)
		uv_timer_start(&queue->wake, on_wake, queue->pause_ms, 0);
}

static void on_lost(void *context, const struct error *error) { start_over(context); }

/* one that cannot be an answer ends the connection: what follows it would be taken for another message's */
static void distrust(struct queue *queue)
{
	queue->answered = false;
	lines_close(queue->lines);
	start_over(queue);
}

static void on_line(void *context, struct text line)
{
	struct queue *queue = context;
	enum queue_result result;
	struct asked asked;
	struct text id;

	if (!queue->sent || !queue_answer_parse(line, &id, &result) || !text_is(id, text_of(at(queue, 0)->id))) {
		distrust(queue);
		return;
	}
	asked = *at(queue, 0);
	queue->first = (queue->first + 1) & (queue->room - 1);
	queue->count--;
	queue->sent--;
	queue->there = queue->answered = true;
	queue->pause_ms = 0;
	if (!queue->sent)
		send_requests(queue);
	asked.done(asked.context, text_of(asked.id), asked.t_us, result);
}

static void on_wake(uv_timer_t *timer)
{
	struct queue *queue = timer->data;
	const struct lines_handler handler = { on_opened, on_line, on_lost, queue };

	if (!queue->lines)
		queue->lines = lines_open(queue->loop, queue->path, &handler);
	else if (queue->open && !queue->sent)
		send_requests(queue);
}

/* ---- asking */

struct queue *queue_new(uv_loop_t *loop, const char *socket_path)
{
	struct queue *queue = memory_zero(1, sizeof *queue);

	queue->loop = loop;
	queue->path = memory_copy(socket_path, strlen(socket_path));
	uv_timer_init(loop, &queue->wake);
	queue->wake.data = queue;
	return queue;
}

/* what is asked in one turn of the loop goes together */
void queue_ask(struct queue *queue, enum queue_verb verb, struct text id, int64_t t_us,
	       void (*done)(void *context, struct text id, int64_t t_us, enum queue_result result), void *context)
{
	struct asked *asked;

	if (!id.n || id.n >= QUEUE_ID_MAX || text_span(id, CHAR_ALNUM) != id.n || queue->count == QUEUE_WAITING_MAX) {
		done(context, id, t_us, queue->count == QUEUE_WAITING_MAX ? QUEUE_FAILED : QUEUE_ABSENT);
		return;
	}
	make_room(queue);
	asked = at(queue, queue->count++);
	*asked = (struct asked){ .verb = verb, .t_us = t_us, .done = done, .context = context };
	text_copy(asked->id, sizeof asked->id, id);
	if (!uv_is_active((uv_handle_t *)&queue->wake))
		uv_timer_start(&queue->wake, on_wake, 0, 0);
}

bool queue_is_there(const struct queue *queue) { return queue->there; }
size_t queue_waiting(const struct queue *queue) { return queue->count; }

/* ---- lists, each on a connection of its own */

struct listing {
	struct queue *queue;
	struct listing *next;
	struct lines *lines;
	void (*each)(void *context, const struct queue_message *message);
	void (*end)(void *context, const struct error *error);
	void *context;
};

static void forget_listing(struct listing *listing)
{
	struct listing **place = &listing->queue->listings;

	while (*place != listing)
		place = &(*place)->next;
	*place = listing->next;
	free(listing);
}

static void end_listing(struct listing *listing, const struct error *error)
{
	struct listing ended = *listing;

	lines_close(listing->lines);
	forget_listing(listing);
	ended.end(ended.context, error);
}

static void on_list_opened(void *context)
{
	struct listing *listing = context;

	lines_send(listing->lines, TEXT("list\n"));
	lines_expect(listing->lines, true);
}

static void on_list_line(void *context, struct text line)
{
	char login[QUEUE_TEXT_MAX], sender[QUEUE_TEXT_MAX];
	struct listing *listing = context;
	struct queue_message message;
	struct error error;

	if (text_is(line, TEXT("end"))) {
		end_listing(listing, NULL);
	} else if (queue_message_parse(line, login, sender, &message)) {
		listing->each(listing->context, &message);
	} else {
		error_set(&error, "the queue's helper said '%.*s'", (int)(line.n < 100 ? line.n : 100), line.p);
		end_listing(listing, &error);
	}
}

static void on_list_lost(void *context, const struct error *error)
{
	struct listing *listing = context;
	struct error told;

	error_set(&told, "the queue's helper at '%s': %s", listing->queue->path, error->text);
	end_listing(listing, &told);
}

void queue_list(struct queue *queue, void (*each)(void *context, const struct queue_message *message),
		void (*end)(void *context, const struct error *error), void *context)
{
	struct listing *listing = memory_new(sizeof *listing);
	const struct lines_handler handler = { on_list_opened, on_list_line, on_list_lost, listing };

	*listing = (struct listing){ queue, queue->listings, NULL, each, end, context };
	queue->listings = listing;
	listing->lines = lines_open(queue->loop, queue->path, &handler);
}

/* ---- the end */

static void on_closed(uv_handle_t *handle)
{
	struct queue *queue = handle->data;

	free(queue->ring);
	free(queue->path);
	free(queue);
}

void queue_close(struct queue *queue)
{
	if (!queue)
		return;
	if (queue->lines)
		lines_close(queue->lines);
	while (queue->listings) {
		lines_close(queue->listings->lines);
		forget_listing(queue->listings);
	}
	uv_close((uv_handle_t *)&queue->wake, on_closed);
}
