/* SPDX-License-Identifier: Apache-2.0 */
/* The queue of one Postfix, read from its folder: hold, deferred, incoming, active, each flat or hashed (hash_queue_names)
 * up to MAILQUEUE_DEPTH_MAX deep, whatever the settings say just now. Only read here: what moves a message is postsuper. */
#ifndef SEKISHO_HELPER_MAILQUEUE_H
#define SEKISHO_HELPER_MAILQUEUE_H
#include "base/error.h"
#include "helper/envelope.h"

enum { MAILQUEUE_DEPTH_MAX = 5, MAILQUEUE_PATH_MAX = 4096 };
/* clocks, and how long it takes from the word of an SMTP session to the file */
enum { MAILQUEUE_TOLERANCE_S = 120 };

enum mailqueue_place { MAILQUEUE_HOLD, MAILQUEUE_DEFERRED, MAILQUEUE_INCOMING, MAILQUEUE_ACTIVE, MAILQUEUE_GONE };
extern const char *const mailqueue_names[MAILQUEUE_GONE + 1]; /* "hold", …, "gone" */

struct mailqueue {
	char config[MAILQUEUE_PATH_MAX]; /* folder of main.cf */
	int folder;                      /* descriptor of queue_directory */
};

struct mailqueue_file {
	enum mailqueue_place place;
	int64_t arrival_s; /* 0: it cannot be read */
	int64_t file_s;    /* when it was whole, or, deferred, when it is tried next */
};

/* asks `postconf` where the queue is */
bool mailqueue_open(struct mailqueue *queue, const char *postconf, const char *config, struct error *error)
	__attribute__((warn_unused_result));
void mailqueue_close(struct mailqueue *queue);

/* `id` is sound (helper/request.h). One that is still being received is not there yet. */
struct mailqueue_file mailqueue_find(const struct mailqueue *queue, const char *id);
/* A message is the one that was queued at `t_s` (0: any) if its file says that it was coming in then: a later one of the
 * same id began later. */
bool mailqueue_is_of(const struct mailqueue_file *file, int64_t t_s);
/* every message; false where `each` wanted no more */
bool mailqueue_each(const struct mailqueue *queue,
		    bool (*each)(void *context, enum mailqueue_place place, struct text id, const struct envelope *envelope),
		    void *context);
/* Bids the queue manager look through the deferred queue for what is due now (qmgr(8), TRIGGERS). Its socket is told
 * directly: postkick(1) says the same, and now and then dies of SIGPIPE when it was heard. */
bool mailqueue_kick(const struct mailqueue *queue, struct error *error) __attribute__((warn_unused_result));
#endif
