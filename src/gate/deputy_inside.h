/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the deputy share, and nobody else sees. */
#ifndef SEKISHO_GATE_DEPUTY_INSIDE_H
#define SEKISHO_GATE_DEPUTY_INSIDE_H
#include "containment/closure.h"
#include "gate/cases.h"
#include "gate/control_inside.h"
#include "gate/deputy.h"
#include "gate/held.h"
#include "gate/modes.h"

/* who the process was before (deputy_user.c) */
struct deputy_user {
	bool changed;
	gid_t *groups;
	int group_count;
};

/* Becomes the owner of the folder, if it is root who asks; false where it is somebody else's. */
bool deputy_become(struct deputy_user *user, const char *folder, struct error *error) __attribute__((warn_unused_result));
void deputy_become_root(struct deputy_user *user);

struct deputy {
	const struct config *config;
	struct deputy_user user;
	int folder; /* the lock on it */
	uv_loop_t loop;
	uv_poll_t desk_ready;
	uv_timer_t second, patience;
	struct accounts *accounts;
	struct modes *modes;
	struct desk *desk;
	struct desk_reader *reader;
	struct cases *cases;
	struct held *held;
	struct doors doors;
	struct closures *closures;
	struct desk_batch *caught; /* what was found in the queue; NULL: nothing */
	struct control_options control;
	struct control_stores stores;
	struct control_peer peer;
	uint32_t last_bulk;
	struct deputy_job *answered, **answered_end;
	size_t jobs; /* that were put and not heard */
	bool over;   /* the time to hear is */
};

/* what only a gate would know, and what only it may change (deputy_gate.c) */
struct control_gate deputy_gate(struct deputy *deputy);
/* locks, incidents, held mail and modes as the desk knows them; the lists are told who is in them */
bool deputy_restore(struct deputy *deputy, struct error *error) __attribute__((warn_unused_result));
/* a message in the queue of somebody who is locked */
enum doors_mail deputy_found(void *context, const struct target *target, const struct queue_message *message);
void deputy_commit(void *context);
#endif
