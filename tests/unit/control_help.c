/* SPDX-License-Identifier: Apache-2.0 */
#include "control_help.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/memory.h"
#include "gate/ask.h"
#include "store/ledger.h"

enum { SOON_S = 20 };

/* ---- a daemon */

static enum desk_mode mode_of(void *context, struct text domain)
{
	struct daemon *daemon = context;

	return text_is(domain, TEXT("example.org")) ? daemon->mode : DESK_OBSERVE;
}

static void set_mode(void *context, struct text domain, enum desk_mode mode, struct text who, control_done *done, void *ticket)
{
	struct daemon *daemon = context;

	if (text_is(domain, TEXT("example.org")))
		daemon->mode = mode;
	text_copy(daemon->who, sizeof daemon->who, who);
	done(ticket, NULL); /* at once */
}

static void account(void *context, struct text name, struct control_account *out)
{
	if (!text_is(name, letter.account))
		return;
	*out = (struct control_account){
		.known = true, .locked = true, .scope = FAMILIAR_FIRST, .held = 2,
		.bits = 23.44f, .last_us = NOON, .why = { "a new country +9.0" }, .why_count = 1,
		.guessable = "row", .devices = { { .first_us = NOON, .last_us = NOON, .times = 412 } }, .device_count = 1,
	};
}

static void forget_later(uv_timer_t *timer)
{
	struct daemon *daemon = timer->data;
	struct error error = { "it is locked" };

	if (!daemon->hangs)
		daemon->done(daemon->ticket, daemon->fails ? &error : NULL);
}

static void warn(void *context, struct text name, struct text who, control_done *done, void *ticket)
{
	struct daemon *daemon = context;

	text_copy(daemon->warned, sizeof daemon->warned, name);
	done(ticket, NULL);
}

static void forget(void *context, struct text name, struct text who, control_done *done, void *ticket)
{
	struct daemon *daemon = context;

	text_copy(daemon->forgotten, sizeof daemon->forgotten, name);
	daemon->done = done;
	daemon->ticket = ticket;
	uv_timer_start(&daemon->later, forget_later, 20, 0);
}

static void release(void *context, uint64_t number, bool false_alarm, struct text who, control_done *done, void *ticket)
{
	struct error error = { "no incident of this number is open" };

	done(ticket, number == 7 ? NULL : &error);
}

static uint64_t lock(void *context, const struct control_lock *asked, struct text who, control_done *done, void *ticket)
{
	struct daemon *daemon = context;

	daemon->locked = *asked;
	daemon->locked.account = daemon->locked.why = TEXT_NONE; /* views */
	done(ticket, NULL);
	return 7;
}

static uint64_t incident_of(void *context, struct text name) { return text_is(name, TEXT("alice@example.org")) ? 7 : 0; }

static void reset(void *context, struct text name, struct text password, bool forced, struct text who, control_done *done, void *ticket)
{
	struct error error = { "there is no such account" };

	if (!forced && text_is(password, TEXT("it leaked"))) {
		error_set(&error, "it was the password of this account before");
		control_say_former(ticket);
		done(ticket, &error);
		return;
	}
	done(ticket, text_is(name, TEXT("alice@example.org")) && text_is(password, TEXT("correct horse")) ? NULL : &error);
}

static void closure(void *context, struct text name, struct control_closure *out)
{
	if (text_is(name, TEXT("alice@example.org")))
		*out = (struct control_closure){ true, true, false, 2 };
}

static void each_account(void *context, struct text domain, void (*each)(void *to, const struct control_account *account, struct text name),
			 void *to, control_done *done, void *ticket)
{
	if (text_is(domain, TEXT("example.org")))
		each(to, &(struct control_account){ .known = true, .locked = true, .last_us = NOON }, TEXT("alice@example.org"));
	done(ticket, NULL);
}

static void each_unused(void *context, struct text domain, int64_t before_us, struct control_unused *told,
			void (*each)(void *to, struct text name, int64_t last_us), void *to, control_done *done, void *ticket)
{
	*told = (struct control_unused){ .since_us = NOON, .listed = true };
	if (!domain.n)
		each(to, TEXT("bob@example.org"), WHEN_NONE);
	each(to, TEXT("alice@example.org"), NOON);
	done(ticket, NULL);
}

static uint32_t next_bulk(void *context) { return 17; }

static void came_back(void *context, const struct control_returned *returned, control_done *done, void *ticket)
{
	struct daemon *daemon = context;

	daemon->returned = *returned;
	text_copy(daemon->who, sizeof daemon->who, returned->account);
	done(ticket, NULL);
}

static void status(void *context, json_t *into) { json_object_set_new(into, "accounts", json_integer(7)); }

static void flood(void *context, const struct desk_flood *asked, enum control_flood_step step, struct text who, control_done *done,
		  void *ticket)
{
	if (step == FLOOD_AGAIN)
		control_refuse(done, ticket, "it is not moved any more");
	else
		done(ticket, NULL);
}

static void stop_now(uv_async_t *stop)
{
	struct daemon *daemon = stop->data;

	control_close(daemon->control);
	uv_close((uv_handle_t *)stop, NULL);
	uv_close((uv_handle_t *)&daemon->later, NULL);
}

static void *run(void *context)
{
	struct daemon *daemon = context;

	uv_run(&daemon->loop, UV_RUN_DEFAULT);
	return NULL;
}

const char *socket_path(void)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/control", folder);
	return path;
}

void set(char **setting, const char *value)
{
	free(*setting);
	*setting = memory_copy(value, strlen(value));
}

void begin(struct daemon *daemon)
{
	struct error error = { "" };

	config_init(&daemon->config);
	set(&daemon->config.state_folder, folder);
	set(&daemon->config.control_socket, socket_path());
	daemon->accounts = accounts_new("example.org");
	daemon->desk = open_desk();
	uv_loop_init(&daemon->loop);
	uv_async_init(&daemon->loop, &daemon->stop, stop_now);
	uv_timer_init(&daemon->loop, &daemon->later);
	daemon->stop.data = daemon->later.data = daemon;
	daemon->control = control_new(&daemon->loop, &(struct control_options){
		.config = &daemon->config, .accounts = daemon->accounts, .desk = daemon->desk, .silence_us = daemon->silence_us,
		.gate = {
			.context = daemon, .mode_of = mode_of, .set_mode = set_mode, .account = account, .forget = forget,
			.release = release, .lock = lock, .incident_of = incident_of, .reset = reset, .closure = closure,
			.each_account = each_account, .each_unused = each_unused, .next_bulk = next_bulk, .came_back = came_back,
			.status = status, .flood = flood, .warn = warn,
		},
	}, &error);
	if (!daemon->control)
		fail_msg("%s", error.text);
	pthread_create(&daemon->thread, NULL, run, daemon);
}

void end(struct daemon *daemon)
{
	uv_async_send(&daemon->stop);
	pthread_join(daemon->thread, NULL);
	assert_int_equal(uv_loop_close(&daemon->loop), 0);
	assert_int_not_equal(access(socket_path(), F_OK), 0);
	desk_close(daemon->desk);
	accounts_free(daemon->accounts);
	config_done(&daemon->config);
}

/* ---- questions */

char *ask_for(const char *request, json_t **answer)
{
	static const char *const faults[] = { "", "away", "faulty", "refused", "absent", "no", "failed", "former" };
	static char told[600];
	struct error error = { "" };
	enum ask_result result = ask(socket_path(), json_loads(request, 0, NULL), answer, &error);

	snprintf(told, sizeof told, "%s%s%s", faults[result], result ? ": " : "", result ? error.text : "");
	return told;
}

json_t *answer_to(const char *request)
{
	json_t *answer = NULL;
	const char *told = ask_for(request, &answer);

	if (*told)
		fail_msg("%s: %s", request, told);
	return answer;
}

void compare(const json_t *value, const char *wanted)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(15) | JSON_ENCODE_ANY);

	assert_non_null(text);
	assert_string_equal(text, wanted);
	free(text);
}

void expect(const char *request, const char *field, const char *wanted)
{
	json_t *answer = answer_to(request);

	compare(field ? json_object_get(answer, field) : answer, wanted);
	json_decref(answer);
}

void expect_fault(const char *request, const char *wanted)
{
	json_t *answer = NULL;
	const char *told = ask_for(request, &answer);

	if (strncmp(told, wanted, strlen(wanted)) != 0)
		fail_msg("%s: %s", request, told);
	json_decref(answer);
}

int connect_raw(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", socket_path());
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

char *read_to_end(int fd, size_t lines)
{
	static char all[4096];
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	size_t n = 0;
	ssize_t got = 1;

	while (got > 0 && lines && poll(&ready, 1, SOON_S * 1000) == 1) {
		got = read(fd, all + n, sizeof all - 1 - n);
		for (ssize_t i = 0; i < got; i++)
			lines -= lines && all[n + (size_t)i] == '\n';
		n += got > 0 ? (size_t)got : 0;
	}
	if (lines)
		assert_true(got <= 0);
	all[n] = '\0';
	return all;
}

/* ---- what happened */

static void add(struct ledger *ledger, const char *id, int64_t t_us, unsigned host, uint8_t familiar, uint8_t action, uint32_t rcpts)
{
	static const struct text people[] = { TEXT("a@x"), TEXT("b@x"), TEXT("c@x"), TEXT("d@x"), TEXT("e@x"),
					      TEXT("f@x"), TEXT("g@x"), TEXT("h@x"), TEXT("i@x"), TEXT("a@x") };
	struct ip ip = { { [10] = 0xff, 0xff, 203, 0, (uint8_t)(host >> 8), (uint8_t)host } };

	ledger_add(ledger, &(struct ledger_row){
		.rcpts = people, .rcpt_texts = rcpts < 10 ? rcpts : 10,
		.t_us = t_us, .account = letter.account, .queue_id = text_of(id), .session = TEXT("s1"), .ip = ip, .country = { 'B', 'R' },
		.rcpt_count = rcpts, .size_bytes = 1000, .action = action, .familiar = familiar, .bits = 12.34f });
}

static void fill_ledger(void)
{
	static const struct ledger_retention keep = { 90, 90, 90 };
	struct error error = { "" };
	struct ledger *ledger = ledger_open(folder, &keep, &error);
	int64_t began_us = incident.began_us;

	if (!ledger)
		fail_msg("%s", error.text);
	add(ledger, "BEFORE1", began_us - HOUR_US, 1, FAMILIAR_WELL, LEDGER_PASSED, 1);
	add(ledger, "OWN1", began_us + 2 * SECOND_US, 1, FAMILIAR_WELL, LEDGER_PASSED, 1);
	add(ledger, "BAD1", began_us + 1 * SECOND_US, 300, FAMILIAR_NOT, LEDGER_PASSED, 10);
	add(ledger, "BAD2", began_us + 3 * SECOND_US, 300, FAMILIAR_NOT, LEDGER_HELD, 20);
	add(ledger, "BAD3", began_us + 4 * SECOND_US, 301, FAMILIAR_FIRST, LEDGER_HELD, 30);
	add(ledger, "BAD4", incident.opened_us + SECOND_US, 300, FAMILIAR_NOT, LEDGER_REFUSED, 40);
	ledger_name(ledger, began_us + SECOND_US, TEXT("BAD1"), TEXT("1@thief"));
	ledger_close(ledger);
}

static void happened(struct desk_batch *batch)
{
	struct desk_letter held = letter;

	put_everything(batch);
	held.queue_id = TEXT("BAD2");
	held.t_us = incident.began_us + 3 * SECOND_US;
	held.state = HELD_CONDEMNED;
	held.recipients = 20;
	desk_put_letter(batch, &held);
	desk_put_step(batch, &(struct desk_step){ .incident = 7, .account = incident.account, .action = TEXT("queue"), .wanted = true,
						  .state = STEP_DONE, .tries = 1, .at_us = NOON + SECOND_US, .done_us = NOON + SECOND_US,
						  .says = TEXT("%u messages were put on hold"), .count = 12, .proved_us = WHEN_NONE });
	for (unsigned i = 0; i < 3; i++) /* told twice, and once of mail from before */
		desk_put_complaint(batch, &(struct desk_complaint){ .account = incident.account, .queue_id = i < 2 ? TEXT("BAD1") : TEXT("OLD1"),
			.reporter = TEXT("example.net"), .about = TEXT("abuse"), .t_us = NOON + HOUR_US,
			.sent_us = incident.began_us + (i < 2 ? SECOND_US : -2 * DAY_US) });
	desk_put_seen(batch, incident.id, TEXT("{\"sent\":[5,1,90,90],\"bounced\":[4,0,90,90],\"deferred\":[1,0,0,0],\"logins\":["
						"[\"203.0.1.44\",0,2,5,1795170001000000,1795170002000000],"
						"[\"203.0.9.9\",0,1,0,1795170001000000,1795170002000000],"
						"[\"203.0.9.10\",0,0,7,1795170001000000,1795170002000000]],\"left_out\":false}"));
}

void tell_story(struct daemon *daemon)
{
	struct told told = { 0 };

	assert_true(write_one(daemon->desk, happened, &told));
	fill_ledger();
}
