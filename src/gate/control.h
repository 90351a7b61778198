/* SPDX-License-Identifier: Apache-2.0 */
/* The control socket: how the commands of sekisho ask the daemon. A unix stream socket that everybody may connect to; who
 * may do what is decided by whom the kernel says is there (SO_PEERCRED):
 *
 *   root, and the daemon's own user                     everything; alone the verbs of owners, which `sekisho web` asks
 *                                                       in the name of whoever proved to be one (control_owner.c)
 *   members of the groups in the setting `operators`    look and change
 *   members of the groups in the setting `support`      look
 *   anybody else                                        is told so, and the connection closed
 *
 * One JSON object a line in, one a line out, in order:
 *
 *   {"verb":"incident show","incident":7}        {"incident":{…}}
 *   {"verb":"mode set","domain":"example.org","mode":"enforce"}
 *   {"verb":"whose","ids":[{"id":"4Z1xQk2Lzz","near":1795176000}]}
 *   {"verb":"mail whose","mail":{…}}             {"account":"…","attribution":{…}}   (attribution/came_back.h)
 *   {"verb":"mail tell","mail":{…}}              the same, and "told": it was evidence
 *   …                                            {"error":"a sentence","fault":"absent"}
 *                                                ("faulty", "refused", "absent", "no", "failed", "former": enum ask_result, gate/ask.h)
 *
 * The verbs stand in one array (control_verbs.c). Texts in answers are valid UTF-8; control characters in them are the
 * asker's affair. Each look and each change is written to the desk: who, verb, about.
 *
 * Questions to desk and ledger run on a thread of libuv's pool, one at a time, never on the loop; so do questions about
 * users and groups. At most CONTROL_CONNECTIONS_MAX connections: beyond, they are closed at once. A line that is too long or
 * no request is answered with an error, and the connection closed; so is one that is silent, or does not read, for
 * CONTROL_SILENCE_US. SIGPIPE is ignored by whoever runs the loop. */
#ifndef SEKISHO_GATE_CONTROL_H
#define SEKISHO_GATE_CONTROL_H
#include <jansson.h>
#include <uv.h>

#include "attribution/came_back.h"
#include "config/config.h"
#include "engine/guard.h"
#include "event/accounts.h"
#include "notice/mark.h"
#include "state/wrong_passwords.h"
#include "store/desk.h"

enum {
	CONTROL_CONNECTIONS_MAX = 64,
	CONTROL_LINE_MAX = 128 * 1024, /* bytes of a request */
	CONTROL_LISTED_MAX = 1000,     /* incidents in a list */
	CONTROL_ROWS_MAX = 200 * 1000, /* of the ledger, looked at for one incident or account, newest first */
	CONTROL_SOURCES_MAX = 1000,    /* addresses told of one incident; more are only counted */
	CONTROL_COMPLAINTS_MAX = 1000, /* told of one incident */
	CONTROL_RECENT = 20,           /* messages told of one account */
	CONTROL_MAILS_MAX = 500,       /* that came back, asked about at once */
	CONTROL_ACCOUNTS_MAX = 20000,  /* of a domain, or locked together, told at once */
};
#define CONTROL_SILENCE_US (10 * SECOND_US)

/* what the gate knows of one account, by heart */
struct control_account {
	bool known, locked;
	bool by_hand;           /* a person locked it: in every mode */
	bool persons_alone;     /* and nothing spoke against it: a person opens it again, no new password */
	uint8_t scope;          /* of the lock: enum profile_familiar */
	uint32_t held;          /* messages that wait */
	float bits;             /* now */
	int64_t last_us;        /* WHEN_NONE: not since the start */
	char why[GUARD_WHY_MAX][GUARD_WHY_TEXT_MAX];
	size_t why_count;
	const char *guessable;  /* its password can be guessed, by that rule (password_fault_names); NULL: not, or not known */
	struct wrong_passwords_device devices[WRONG_PASSWORDS_EACH]; /* that go on trying an old password */
	size_t device_count;
};

struct control_lock {
	struct text account; /* in its normal form */
	uint8_t reach;       /* enum desk_reach */
	unsigned actions;    /* bits by place (containment/action.h): beside those that are always done */
	uint32_t bulk;       /* 0: alone */
	struct text why;     /* for the incident's story, may be empty */
};

/* of accounts that nobody uses */
struct control_unused {
	int64_t since_us; /* the earliest use that is known of: who was never seen was not seen since then. WHEN_NONE: nobody was */
	bool listed;      /* all that there are were looked at; false: those that were seen here */
};

/* how far the closure of an account has come */
struct control_closure {
	bool known, shut, settled;
	uint32_t lacking, impossible;
};

/* Mail that an account of ours sent, as the ledger has it, and that came back. Texts are good for the call. */
enum { CONTROL_RETURNED_TEXT = 254 };
struct control_returned {
	enum event_kind kind;          /* EVENT_BOUNCE, EVENT_AUTO_REPLY, EVENT_COMPLAINT */
	struct text account, queue_id; /* of that mail */
	int64_t sent_us;
	uint8_t familiar;              /* enum profile_familiar: whence it was sent */
	uint32_t of;                   /* recipients that it had, 0: not known */
	const struct control_return {
		struct text address;
		enum event_reason why;
	} *recipients;                 /* that came back */
	size_t count;
	struct text about, reporter;   /* of a complaint: its type, the domain of whoever complains */
	bool phishing;                 /* what came back of it is */
};

/* of moving what came back: before it, after it, and after looking again, which is refused where nobody is to look */
enum control_flood_step { FLOOD_BEGUN, FLOOD_DONE, FLOOD_AGAIN, FLOOD_STEPS };

/* `error` NULL: it is done, and durable */
typedef void control_done(void *ticket, const struct error *error);

/* before `done` with an error: the answer is no, rather than that something failed */
void control_say_no(void *ticket);
/* likewise: the new password was the account's before */
void control_say_former(void *ticket);
/* the answer is no, and why */
void control_refuse(control_done *done, void *ticket, const char *why);
/* an answer that waits for the disk: what control_kept is to be called with, once (desk_batch_new, gate_commit) */
struct control_promise *control_promise(control_done *done, void *ticket);
void control_kept(void *promise, const struct error *error);

/* What only the gate knows, and what only it may change. Called on the loop; texts are good for the call, accounts and
 * domains in their normal form, an empty domain is the default. `done` is called once, at once or later, on the loop, and
 * not after control_close. `who`: "carol(1000)". */
struct control_gate {
	void *context;
	enum desk_mode (*mode_of)(void *context, struct text domain);
	void (*set_mode)(void *context, struct text domain, enum desk_mode mode, struct text who, control_done *done, void *ticket);
	void (*account)(void *context, struct text account, struct control_account *out); /* zeroed before */
	/* all that may be forgotten, in profiles, desk and ledger; a locked account, or one with mail held, is refused */
	void (*forget)(void *context, struct text account, struct text who, control_done *done, void *ticket);
	/* everything that was done is undone, the incident is closed; one that is not open is refused, unless mail of it is
	 * condemned and it was a false alarm. Of the mail that is held
	 * what may be the owner's goes out; what is condemned, too, where it was a false alarm. */
	void (*release)(void *context, uint64_t incident, bool false_alarm, struct text who, control_done *done, void *ticket);
	/* locked, or more widely; the incident's number at once, 0 where that is no account's name: then `done` is not called */
	uint64_t (*lock)(void *context, const struct control_lock *lock, struct text who, control_done *done, void *ticket);
	/* 0: none is open */
	uint64_t (*incident_of)(void *context, struct text account);
	/* `done` with an error that says why not; `forced`: also one that was the account's before */
	void (*reset)(void *context, struct text account, struct text password, bool forced, struct text who, control_done *done, void *ticket);
	void (*closure)(void *context, struct text account, struct control_closure *out);
	/* each account of a domain: those that were seen here, and, where passwords have a helper, those that live there */
	void (*each_account)(void *context, struct text domain, void (*each)(void *to, const struct control_account *account, struct text name),
			     void *to, control_done *done, void *ticket);
	/* each account of a domain, or of all, that nobody used since `before_us`; *told is written at once, `last_us` is WHEN_NONE where it
	 * was never used */
	void (*each_unused)(void *context, struct text domain, int64_t before_us, struct control_unused *told,
			    void (*each)(void *to, struct text name, int64_t last_us), void *to, control_done *done, void *ticket);
	/* a number for those that are locked together */
	uint32_t (*next_bulk)(void *context);
	void (*came_back)(void *context, const struct control_returned *returned, control_done *done, void *ticket);
	void (*status)(void *context, json_t *into); /* an object to be filled */
	/* to be remembered, and, until `until_us`, looked for again */
	void (*flood)(void *context, const struct desk_flood *flood, enum control_flood_step step, struct text who, control_done *done, void *ticket);
	/* the hash by which the desk knows a notice's code; false with a sentence where `who` asked too often */
	bool (*ask_notice)(void *context, struct text code, struct text who, char hash[NOTICE_HASH_MAX], struct error *error);
	/* ---- owners; `ip`: whence they ask, as the web process saw it */
	/* a code goes to where the owner is reached outside the mailbox, if there is such a place; nobody is told whether */
	void (*code)(void *context, struct text account, const struct ip *ip, control_done *done, void *ticket);
	void (*try_code)(void *context, struct text account, struct text code, const struct ip *ip,
			 void (*done)(void *ticket, bool right, const struct error *error), void *ticket);
	/* one that whoever asks tells the owner on the telephone; `code` is good for the call of `done`, NULL with an error */
	void (*give_code)(void *context, struct text account, struct text who,
			  void (*done)(void *ticket, const char *code, const struct error *error),
			  void *ticket);
	/* The owner's new password, none that was the account's before, and with it all that was shut is open again: at once, but for what a person
	 * shut by hand where nothing spoke against the account. */
	void (*renew)(void *context, struct text account, struct text password, const struct ip *ip, control_done *done, void *ticket);
	/* the owner proved who they are, in whatever way */
	void (*came_in)(void *context, struct text account, const struct ip *ip);
	void (*care)(void *context, const struct desk_care *care, control_done *done, void *ticket);
	/* its owner is told that its password can be guessed */
	void (*warn)(void *context, struct text account, struct text who, control_done *done, void *ticket);
	/* something came back to this account that no login of its own sent: never passed here, or a program of this machine did */
	void (*strayed)(void *context, struct text account, bool local);
};

struct control_options {
	const struct config *config;     /* control_socket, state_folder, geo_database, operators, support; outlives it */
	const struct accounts *accounts; /* for the normal form of names alone */
	struct desk *desk;               /* for the audit */
	struct ledger *ledger;           /* to have what waits written; NULL: nobody writes now */
	const unsigned char *seal_key;   /* of the milter's header (attribution/seal.h); NULL: none is believed */
	struct control_gate gate;
	int64_t silence_us;              /* 0: CONTROL_SILENCE_US */
};

struct control;

/* Listens from now on. A socket that is left from an earlier run is replaced; one that somebody answers is a failure. */
struct control *control_new(uv_loop_t *loop, const struct control_options *options, struct error *error)
	__attribute__((warn_unused_result));
/* Closes everything, and unlinks the socket; frees itself once the loop has run. NULL is fine. */
void control_close(struct control *control);
#endif
