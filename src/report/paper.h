/* SPDX-License-Identifier: Apache-2.0 */
/* The paper on one incident that is handed on: to the company of the account's owner, to whoever complained, to an authority.
 * What happened, how the door was opened as far as can be seen, when, from where, how much and to how many, what was done
 * against it with the proof, and what is left to do. As text, as one self-contained page, as JSON ("sekisho.incident/1").
 *
 * It is read from the daemon's answer to "incident show" in one place, paper_read. All texts in it are from outside; writers
 * escape for their own medium. Unless it is `full`, nobody else's data get into it: paper_read leaves out the addresses of the
 * owner's own places, the names of those who worked on it, and every other mail address that stands in a text.
 *
 * The caller owns the struct; freed with paper_done. Only shows; counts and judges nothing. */
#ifndef SEKISHO_REPORT_PAPER_H
#define SEKISHO_REPORT_PAPER_H
#include <jansson.h>

#include "recovery/guide.h"
#include "report/report.h"

enum {
	PAPER_STEPS_MAX = 64,     /* of a closure */
	PAPER_NOTES_MAX = 500,    /* of the story */
	PAPER_EVIDENCE_MAX = 64,
	PAPER_TEXT_MAX = 400,     /* bytes of one text; more is cut */
};

enum paper_state { PAPER_OPEN, PAPER_CONTAINED, PAPER_RELEASED, PAPER_CLOSED, PAPER_STATES };
enum paper_mode { PAPER_LEARNED, PAPER_OBSERVED, PAPER_ENFORCED, PAPER_MODES };
/* what became of held mail */
enum paper_held { PAPER_WAITING, PAPER_RELEASING, PAPER_LET_GO, PAPER_CONDEMNED, PAPER_DELETED, PAPER_GONE, PAPER_HELD };

struct paper_count {
	uint64_t messages, recipients;
};

enum paper_step_state {
	PAPER_STEP_WAITING,
	PAPER_STEP_DONE,
	PAPER_STEP_FAILED, /* and tried again */
	PAPER_STEP_CANNOT,
	PAPER_STEP_NOT_SET_UP,
	PAPER_STEP_UNDONE,
	PAPER_STEP_STATES,
};

/* in the daemon's words, with %u where the number belongs; "" for none */
struct paper_sentence {
	char form[PAPER_TEXT_MAX]; /* msgid, mostly */
	uint64_t count;
};

/* one thing that was done to shut the account; texts may be "" */
struct paper_step {
	char action[PAPER_TEXT_MAX]; /* stable name, "deny_list" */
	char title[PAPER_TEXT_MAX];  /* msgid, where the daemon gave one */
	enum paper_step_state state;
	int64_t at_us, done_us, proved_us; /* WHEN_NONE: not; done_us: also where it is undone by now */
	uint64_t tries;
	bool wanted;                 /* else it is to be undone */
	struct paper_sentence says, proof;
};

struct paper_closure {
	bool known;                  /* the daemon told of it */
	char scope[PAPER_TEXT_MAX];  /* account, unfamiliar, sending */
	int64_t began_us, closed_us, proved_us;
	struct paper_step *steps;
	size_t count;
};

enum paper_who { PAPER_SEKISHO, PAPER_PERSON };

struct paper_note {
	int64_t at_us;
	enum paper_who who;
	char name[PAPER_TEXT_MAX]; /* of the person, where the paper is full; else "" */
	char text[PAPER_TEXT_MAX]; /* msgid, mostly */
};

struct paper {
	bool full;          /* with the owner's own addresses and the names of those who worked on it */
	int64_t made_us;
	uint64_t number;
	enum paper_state state;
	enum paper_mode mode;
	bool braked, locked, false_alarm;
	bool part_counted;  /* too much mail to count all of it */
	bool sources_left_out;
	bool outcomes_told, logins_told; /* sent, bounced, deferred; logins of each source: else they are 0, and not known */
	char *account;
	struct incident incident;   /* messages, recipients: passed and held; `name` is `account` */
	struct paper_count passed, refused, held[PAPER_HELD];
	uint64_t turned_away;
	uint64_t returned_moved;    /* mails that came back, moved out of the owner's INBOX */
	uint64_t complaints;        /* about mail of the account's at that time */
	int64_t first_complaint_us; /* when it came in; WHEN_NONE: none did */
	int64_t last_turned_away_us, closed_us;
	bool reached_told, reached_complete;
	uint64_t reached;           /* people, as far as they can be told apart */
	struct paper_closure closure;
	bool care_told;             /* the daemon told of the after-care: */
	unsigned care_settled;      /* a bit for each item (recovery/care.h) that is done, or does not apply */
	bool guide_told;
	struct guide_figures guide; /* what still comes back */
	struct paper_note *notes;
	size_t note_count;
};

/* `incident` is what stands under that name in the daemon's answer. False where that is no incident; then *paper is empty. */
bool paper_read(const json_t *incident, bool full, int64_t made_us, struct paper *paper, struct error *error)
	__attribute__((warn_unused_result));
void paper_done(struct paper *paper);

/* false with the reason where the stream could not be written */
bool paper_text(const struct paper *paper, FILE *to, bool colour, struct error *error);
bool paper_html(const struct paper *paper, FILE *to, struct error *error);
bool paper_json(const struct paper *paper, FILE *to, struct error *error);

/* ---- what stands for the owner's own place where the paper is not full */
static inline bool paper_hides(const struct paper *paper, const struct incident_source *source)
{
	return !paper->full && source->familiar;
}
#endif
