/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger: which account, session and address sent which queue id and Message-ID to how many recipients. SQLite in
 * WAL mode, one file a day (UTC), `ledger-2026-11-22.db` in the folder, LEDGER_DAYS of them by default.
 *
 * Rows are copied into a buffer and written by a thread of the ledger's own, in batches of a second at most; ledger_add
 * never waits. What is lost by a crash is filled in from the log: a row whose queue id and account are there already, no
 * further than LEDGER_SAME_US from it, is not written again. Where the disk cannot keep up, is full, or the file is
 * locked, LEDGER_WAITING_MAX rows wait (and not more than LEDGER_WAITING_MIB_MAX), and the next are counted as lost. A
 * damaged file is set aside (`ledger-….db.damaged-` and a number) and a new one begun; one of a newer version is left
 * alone, and rows of its day are lost.
 *
 * Recipients, senders and subjects are kept as keyed hashes (SipHash-2-4, 64 bits; the key is a file of 16 random bytes
 * in the folder, made on first use, mode 0600): they can be compared with what somebody has, and not be read. A queue id
 * or Message-ID is looked up through a hash of 64 bits, in segments of LEDGER_SEGMENT rows, so that the pages that one
 * batch touches stay few however long the day is.
 *
 * The day is that of the row's own time: rows of the past go into their day's file. Texts longer than LEDGER_ID_MAX are
 * cut. Files are mode 0600 whatever the umask is. */
#ifndef SEKISHO_STORE_LEDGER_H
#define SEKISHO_STORE_LEDGER_H
#include "base/error.h"
#include "base/ip.h"
#include "base/when.h"

enum {
	LEDGER_WAITING_MAX = 1000 * 1000, LEDGER_WAITING_MIB_MAX = 512, LEDGER_CHORES_MAX = 10 * 1000,
	LEDGER_SEGMENT = 512 * 1024, LEDGER_RCPTS_MAX = 1000, LEDGER_ID_MAX = 1000,
};
#define LEDGER_SAME_US HOUR_US

struct ledger;

struct ledger_retention {
	int ledger_days;     /* whole files, at least 1 */
	int address_days;    /* IP addresses and sessions */
	int recipient_days;  /* hashes of recipients, senders, subjects */
};

enum ledger_action { LEDGER_PASSED, LEDGER_HELD, LEDGER_REFUSED };

/* one message; texts are borrowed for the call */
struct ledger_row {
	int64_t t_us;
	struct text account, queue_id, session;
	struct ip ip;
	char country[2];
	struct text from, subject;  /* empty: not known */
	const struct text *rcpts;   /* kept of the first LEDGER_RCPTS_MAX */
	uint32_t rcpt_texts;        /* how many `rcpts` has: none where only the number is known */
	uint32_t rcpt_count;        /* as announced */
	uint64_t size_bytes;
	uint8_t action;             /* enum ledger_action */
	uint8_t familiar;           /* enum profile_familiar of the source */
	bool from_log;              /* nobody asked us: the log told */
	float bits;
};

struct ledger *ledger_open(const char *folder, const struct ledger_retention *retention, struct error *error)
	__attribute__((warn_unused_result));
/* writes what waits, and forgets whom it was asked to */
void ledger_close(struct ledger *ledger);
void ledger_add(struct ledger *ledger, const struct ledger_row *row);
/* the message with this queue id, queued lately or within the next minutes, has this Message-ID (without angle brackets).
 * Names of messages that are not here are welcome: the log does not say whose they are. */
void ledger_name(struct ledger *ledger, int64_t t_us, struct text queue_id, struct text message_id);
/* All rows of an account, of all days; done by the thread when it comes to it. A crash takes the wish with it: it is
 * fulfilled once ledger_state tells of no more chores. False where LEDGER_CHORES_MAX wait already. */
bool ledger_forget(struct ledger *ledger, struct text account) __attribute__((warn_unused_result));
/* deletes what is older than it may be; the same */
void ledger_expire(struct ledger *ledger, int64_t now_us);

/* Has what waits written at once, and waits for that, `patience_us` at most: for a reader who looks for what was sent a moment ago. True
 * where something waited, and can be found now. From any thread; the loop's would stand still. */
bool ledger_hurry(struct ledger *ledger, int64_t patience_us);

struct ledger_state {
	uint64_t written, waiting, lost, filled; /* filled: rows that were there already, told again by the log */
	uint32_t chores;                         /* accounts to be forgotten, and what is old */
	bool failing;                            /* the last batch could not be written; it is tried again */
	char why[400];                           /* of the last trouble, also where it is over; empty: none so far */
};
void ledger_state(const struct ledger *ledger, struct ledger_state *state);

/* ---- reading: one thread at a time; notices days that come and go */

struct ledger_reader;

struct ledger_reader *ledger_reader_open(const char *folder, struct error *error) __attribute__((warn_unused_result));
void ledger_reader_close(struct ledger_reader *reader);

/* a row as it is kept; texts are good until the next call */
struct ledger_found {
	struct ledger_row row;      /* from, subject, rcpts are empty: hashes stand below */
	struct text message_id;
	uint64_t from_hash, subject_hash; /* 0: not known, or no longer */
	const uint64_t *rcpt_hashes;
	uint32_t rcpt_hash_count;
};
/* by queue id, or Message-ID with or without brackets; newest first: false in *found where there is none. `near_us`:
 * WHEN_NONE, or a time near which it was, where the id may have been used again. */
bool ledger_whose(struct ledger_reader *reader, struct text id, int64_t near_us, bool *found, struct ledger_found *row,
		  struct error *error);
/* what the account sent, newest first, at most `most` rows, not before `since_us` */
bool ledger_each(struct ledger_reader *reader, struct text account, int64_t since_us, uint32_t most,
		 void (*each)(void *context, const struct ledger_found *row), void *context, struct error *error);
/* the beginning of the first day that is there; WHEN_NONE: there is none */
bool ledger_first(struct ledger_reader *reader, int64_t *first_us, struct error *error);
/* the hash under which a recipient, sender or subject stands */
uint64_t ledger_hash(const struct ledger_reader *reader, struct text text);
#endif
