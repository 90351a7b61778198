/* SPDX-License-Identifier: Apache-2.0 */
/* Does what was asked. Many requests of one verb cost one postsuper for each Postfix that they touch: the ids go to its
 * standard input, never among its words. Whether something was done is not believed but looked up in the queue afterwards. */
#ifndef SEKISHO_HELPER_WORK_H
#define SEKISHO_HELPER_WORK_H
#include "helper/mailqueue.h"
#include "helper/reply.h"
#include "helper/request.h"
#include "helper/settings.h"

enum {
	WORK_BATCH_MAX = 1000,
	WORK_EACH_MAX = 16, /* so many released are each sent for by postqueue -i; for more the deferred queue is looked through */
};

struct work {
	struct settings settings;
	struct mailqueue queues[SETTINGS_POSTFIXES_MAX];
	size_t queue_count;
};

bool work_open(struct work *work, const char *settings_path, struct error *error) __attribute__((warn_unused_result));
void work_close(struct work *work);
/* Answers the first lines: as many as are of one verb, at most WORK_BATCH_MAX, in their order; returns their bytes. For a service of
 * helper/server.h, with a struct work as its context. */
size_t work_answer(void *work, struct text lines, struct reply *reply);
#endif
