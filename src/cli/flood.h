/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho flood: what came back of an attack (bounces, answers of machines), out of the owner's INBOX into a folder of its own, and back.
 * A process of its own, for it reads mail of strangers:
 *
 *   INBOX since the incident began ─▶ what is each mail (mail/inspection.h) ─▶ whose is it (the daemon asks its ledger)
 *   ─▶ those that certainly belong to the attack are marked (FLOOD_MARK, a keyword), and moved
 *
 * The mark says what was moved, and goes along with the mail: so an undo brings back just that, whatever else lies in the folder, and
 * whether or not an earlier run was killed. A mail that is marked and still in INBOX is looked at like any other. Nothing is deleted. */
#ifndef SEKISHO_CLI_FLOOD_H
#define SEKISHO_CLI_FLOOD_H
#include "attribution/attribute.h"
#include "cli/asked.h"
#include "cli/progress.h"
#include "containment/folders.h"
#include "mail/inspection.h"

#define FLOOD_MARK "$sekisho-returned"
enum {
	FLOOD_EXAMPLES = 5,
	FLOOD_QUESTION_MAX = 96 * 1024, /* bytes of mails that one question is about */
	FLOOD_FOLDER_MAX = 255,         /* bytes of its name */
	FLOOD_KINDS = MAIL_NOTICE + 1,
};

/* one that came back */
struct flood_mail {
	uint32_t uid;
	enum mail_kind kind;
	struct attribution whose;
	bool moves;
};

struct flood {
	/* asked for */
	struct asked asked; /* options that all commands have, and the settings */
	const char *verb, *account, *folder;
	int64_t since_us;   /* WHEN_NONE: since the incident began */
	bool spoofed, dry_run, once, again;
	bool by_person;     /* who said since when: what was sent since from unfamiliar places is the attack's, without an incident */
	/* what the daemon remembers */
	json_t *known;      /* its answer to "flood show" */
	/* at work */
	struct folders *folders;
	struct folders_state inbox;
	char name[FLOOD_FOLDER_MAX + 1]; /* of the folder */
	int64_t until_us;   /* WHEN_NONE: it is not looked for again */
	uint32_t from_uid, seen_uid, open_uid; /* open_uid: the first that may be known yet; 0: none */
	struct flood_mail *mails;
	size_t count, room;
	size_t looked_at, unreadable, moved, brought_back;
	json_t *examples, *staying;
	int status;         /* enum cli_status, of what went wrong on the way */
	struct error error; /* and why */
};

/* ---- reading (flood_read.c): fills `mails`, examples and counts */
int flood_read(struct flood *flood);
/* ---- acting (flood_move.c); what is wrong was said */
int flood_move(struct flood *flood);
int flood_undo(struct flood *flood);
/* takes the request; the answer is the caller's */
int flood_ask(struct flood *flood, json_t *request, json_t **answer);
/* ---- telling (flood_show.c) */
json_t *flood_document(const struct flood *flood);
void flood_show(const struct asked *asked, struct terminal *t);
#endif
