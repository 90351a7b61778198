/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho notice list|show|verify, and deliver, the daemon's child (gate/notices_inside.h has the protocol):
 *
 *   a line of the daemon's ─▶ whom it is for (contacts) ─▶ what there is to say (facts: the daemon is asked) ─▶ text ─▶ each way out ─▶ an answer
 *
 * So that nothing is sent twice when this process, or the daemon, is killed, what is about to be sent is written down first, in a file of
 * its own (the logbook), and what came of it behind. What was about to be sent and has no outcome is sent once more, with the same Message-ID;
 * what has none after that either is left. */
#ifndef SEKISHO_CLI_NOTICE_H
#define SEKISHO_CLI_NOTICE_H
#include <jansson.h>

#include "base/table.h"
#include "cli/cli.h"
#include "notice/contacts.h"
#include "notice/facts.h"
#include "notice/kinds.h"
#include "notice/mark.h"
#include "notice/ways.h"

/* ---- the logbook (notice_logbook.c): lines `ID<tab>WAY<tab>about|sent|not|refused` */

enum { LOGBOOK_BYTES_MAX = 64 << 20, LOGBOOK_ABOUT_MAX = 2 };

enum logbook_word { LOGBOOK_ABOUT, LOGBOOK_SENT, LOGBOOK_NOT, LOGBOOK_REFUSED, LOGBOOK_WORDS };

struct logbook {
	int fd;
	struct table known; /* of ID and WAY: how often it was about to be sent without an outcome, or LOGBOOK_SETTLED */
};

/* Waits until no other process has it. What settled notices of days ago left is thrown away. */
bool logbook_open(struct logbook *logbook, const char *folder, struct error *error) __attribute__((warn_unused_result));
void logbook_close(struct logbook *logbook);
/* on the disk when it returns */
bool logbook_write(struct logbook *logbook, uint64_t notice, const char *way, enum logbook_word word, struct error *error)
	__attribute__((warn_unused_result));
enum logbook_state {
	LOGBOOK_NEW,
	LOGBOOK_IN_DOUBT, /* once it was about to be sent */
	LOGBOOK_LOST,     /* twice: nobody knows, and it is left */
	LOGBOOK_WAS_SENT,
	LOGBOOK_WAS_REFUSED,
};
enum logbook_state logbook_state(const struct logbook *logbook, uint64_t notice, const char *way);

/* ---- one notice */

struct notice {
	uint64_t id, incident, count;
	const char *account;
	enum notice_kind kind;
	bool to_operator;
	int64_t made_us;
	const char *onetime;    /* NULL: none */
	int minutes;
	const json_t *members;  /* of a summary; NULL: none */
	json_t *ways;           /* what was tried: the answer's */
};

struct delivery {
	struct config config;
	struct contacts *contacts;
	struct ways *ways;
	struct notice_keys keys;
	struct logbook logbook;
	bool has_logbook;
	char host[256];         /* behind the @ of Message-IDs, and the server's name where none is set */
};

/* ---- facts (notice_facts.c), in the language that is spoken now; `incident` as the daemon tells it, or NULL */
void notice_gather(const struct delivery *delivery, const struct notice *notice, const json_t *incident, const struct contact *contact,
		   struct notice_facts *facts);
/* "" for both: the languages in which it is written, one behind the other */
size_t notice_languages(const char *wanted, const char *languages[2]);

/* ---- delivery (notice_deliver.c) */
int notice_deliver(const char *config_file);
#endif
