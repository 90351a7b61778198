/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the control socket share: a real socket on a loop in a thread, a real desk and a real ledger; only what
 * the gate knows by heart is made up. */
#ifndef SEKISHO_TESTS_CONTROL_HELP_H
#define SEKISHO_TESTS_CONTROL_HELP_H
#include "desk_help.h"

#include "gate/control.h"

struct daemon {
	struct config config;
	struct accounts *accounts;
	struct desk *desk;
	uv_loop_t loop;
	uv_async_t stop;
	uv_timer_t later;
	struct control *control;
	pthread_t thread;
	int64_t silence_us;
	/* the gate */
	enum desk_mode mode;
	char forgotten[64], warned[64], who[64];
	struct control_lock locked; /* the last one, without its texts */
	struct control_returned returned; /* the last one, without its texts */
	bool fails, hangs;
	control_done *done;
	void *ticket;
};

/* the rest is zero, or set by the test */
void begin(struct daemon *daemon);
void end(struct daemon *daemon);
const char *socket_path(void);
void set(char **setting, const char *value);
/* an incident of alice, with mail before, in and after it, in desk and ledger */
void tell_story(struct daemon *daemon);

/* "" and the answer, or "fault: sentence" */
char *ask_for(const char *request, json_t **answer);
json_t *answer_to(const char *request);
/* as text, keys in order */
void compare(const json_t *value, const char *wanted);
/* that field of the answer; NULL: all of it */
void expect(const char *request, const char *field, const char *wanted);
void expect_fault(const char *request, const char *wanted);
int connect_raw(void);
/* so many lines, or everything until the daemon closes */
char *read_to_end(int fd, size_t lines);
#endif
