/* SPDX-License-Identifier: Apache-2.0 */
/* Locking by hand: account lock, account unlock, incident contain. The story of one act:
 *
 *   who is meant (names, a domain, a list, a bulk, an incident) ─▶ preview, and a yes ─▶ one request an account, at a rate
 *   ─▶ until the closures are settled ─▶ what was done, proved, and is missing
 *
 * The daemon is asked; while it is away the deputy (gate/deputy.h), over the same three calls. */
#ifndef SEKISHO_CLI_HAND_H
#define SEKISHO_CLI_HAND_H
#include "cli/asked.h"
#include "event/accounts.h"
#include "gate/deputy.h"
#include "store/desk.h"

enum {
	HAND_TARGETS_MAX = 20000, /* as many as the lists of Postfix and Dovecot hold */
	HAND_RATE = 600,          /* accounts a minute */
	HAND_NAMED = 5,           /* in a preview */
	HAND_TOLD = 20,           /* of what is missing, with many */
};
#define HAND_SETTLES_US (15 * SECOND_US)

enum hand_act { HAND_LOCK, HAND_UNLOCK, HAND_CONTAIN };

struct hand_target {
	struct text name; /* normal form, of hand->accounts */
	bool unknown; /* nothing was ever seen of an account of that name */
	bool was_locked, acted, settled, lost; /* lost: whoever was asked went away, it is asked again */
	uint64_t incident;
	uint64_t lacking; /* steps that are not as they should be */
	int status;       /* enum cli_status */
	char *why;        /* of a status that is not CLI_DONE */
};

struct hand {
	enum hand_act act;
	struct asked asked; /* options that all commands have, and the settings */
	/* asked for */
	const char *scope, *why, *domain, *file;
	bool password, false_alarm, dry_run, yes, no_wait, together;
	uint64_t bulk, rate; /* 0: none, no limit */
	uint64_t incident;
	/* who */
	struct accounts *accounts;
	struct hand_target *targets;
	size_t count, room;
	/* at work */
	struct ask_many *many; /* one of both */
	struct deputy *deputy;
	int64_t deputy_since_us;
	size_t going;  /* requests that are not answered */
	bool away;     /* the deputy did it */
	bool stopped;  /* by Ctrl-C */
	json_t *closure; /* of a single one */
};

/* argv[1] is the verb */
int cli_hand(enum hand_act act, int argc, char **argv);

/* ---- options (hand_options.c) */
/* CLI_DONE to go on; otherwise the status to end with, and *ended */
int hand_options(struct hand *hand, int argc, char **argv, bool *ended);

/* ---- whom to ask (hand_line.c) */
/* the daemon, or the deputy; waits while a daemon is just starting. What is wrong was said. */
int hand_reach(struct hand *hand);
void hand_leave(struct hand *hand);
/* CLI_DONE with the answer, which is the caller's; what is wrong was said */
int hand_ask(struct hand *hand, json_t *request, json_t **answer);
/* waits; the deputy works meanwhile. Nothing may be asked and not answered. */
void hand_pause(struct hand *hand, int wait_ms);
struct hand_round {
	bool (*wants)(const struct hand *hand, const struct hand_target *target);
	json_t *(*request)(const struct hand *hand, const struct hand_target *target);
	void (*take)(struct hand *hand, struct hand_target *target, const json_t *answer);
	bool paced; /* at the rate that was asked for, with a progress bar; Ctrl-C ends it between two */
};
/* how far its closure has come */
json_t *hand_ask_closure(const struct hand *hand, const struct hand_target *target);
/* one request for each target that is wanted; what was not answered as it should be stands in its status and why */
void hand_go_round(struct hand *hand, const struct hand_round *round);

/* ---- who (hand_targets.c) */
int hand_gather(struct hand *hand);
/* is it more than names what the targets come from? Then they are shown first. */
bool hand_is_many(const struct hand *hand);
/* shows them, and asks; CLI_DONE: yes */
int hand_confirm(const struct hand *hand);
void hand_preview(const struct hand *hand, struct terminal *t);

/* ---- the answer (hand_show.c) */
int hand_tell(struct hand *hand);
#endif
