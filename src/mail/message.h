/* SPDX-License-Identifier: Apache-2.0 */
/* One mail as a flat list of its parts (RFC 2045, 2046), in the order of the text, the mail itself first; mails within it
 * (message/rfc822) are parts too, and theirs follow. Parts are views of the mail: what divides them is sought from the outside in, so that
 * a boundary that is missing within costs nothing outside, and nobody recurses deeper than MESSAGE_DEPTH_MAX. GMime decodes
 * transfer encodings. (Its parser makes an object of each header field, reads all addresses at once, and recurses as deep as groups of
 * addresses are nested: five times the time, and a stack that a mail can overflow.)
 *
 * Parts are looked at by number. Their text is decoded (transfer encoding and character set, to UTF-8 with "\n" ends) when it
 * is asked for first. Nothing grows without a limit: what is beyond one is cut or left out, and `cut` says so. A mail
 * with bare CR ends, one with an mbox "From " line, and one that Outlook saved (mail/msg_file.h) are read as well as others.
 *
 * One thread each. Views are good until the next message_read. */
#ifndef SEKISHO_MAIL_MESSAGE_H
#define SEKISHO_MAIL_MESSAGE_H
#include "base/arena.h"
#include "base/error.h"
#include "mail/charset.h"
#include "mail/fields.h"

enum {
	MESSAGE_BYTES_MAX = 8 << 20,  /* of a mail that are looked at */
	MESSAGE_LINES_MAX = 200000,   /* the same */
	MESSAGE_PARTS_MAX = 1000,
	MESSAGE_DEPTH_MAX = 30,       /* parts within parts */
	MESSAGE_TEXT_MAX = 512 << 10, /* bytes of one part's text that are decoded */
	MESSAGE_TEXTS_MAX = 4 << 20,  /* of all */
};

enum part_kind {
	PART_LEAF,      /* text or data: has a text */
	PART_MULTIPART,
	PART_MESSAGE,   /* a mail within the mail; its fields are those of that mail */
};

struct part {
	enum part_kind kind;
	struct text type;    /* "text/plain", small letters; "text/plain" where none or a wrong one is given */
	struct text charset, filename, disposition; /* small letters, UTF-8, small letters; empty: not said */
	struct fields fields; /* of the part; for the first and for PART_MESSAGE, those of the mail; values are decoded */
	int parent;          /* number of the part that holds it, -1 of the first */
	int end;             /* the first number that is not within it any more */
	int depth;           /* 0 the first */
	struct text raw;     /* a leaf's bytes as they stand in the mail, transfer encoding and all */
	bool inside;         /* within a PART_MESSAGE: says nothing of the mail itself */
};

struct message;

struct message *message_new(void) __attribute__((warn_unused_result));
void message_free(struct message *message);
/* False, with a sentence, for what is no mail at all (no single header field, or empty). `bytes` must live as long as the
 * views are used. */
bool message_read(struct message *message, struct text bytes, struct error *error) __attribute__((warn_unused_result));
bool message_cut(const struct message *message); /* something was beyond a limit and was left out */

int message_parts(const struct message *message); /* at least 1 */
const struct part *message_part(const struct message *message, int number);
/* of a leaf; empty for others */
struct text message_text(struct message *message, int number);
/* the same without regard to a character set, as it is in a file that hangs on */
struct text message_data(struct message *message, int number);
/* header fields of the mail itself: the first of that name, or empty */
struct text message_field(const struct message *message, const char *name);
/* the first part of that type after `after` (-1: from the beginning), or -1 */
int message_find(const struct message *message, const char *type, int after);
/* The text that a reader of the mail sees first: the first text/plain outside attachments and mails within, else the first
 * text/html as text (tags gone, characters decoded, a line where a block ends). Empty where there is none. */
struct text message_body(struct message *message);
/* for whatever is to live as long as the views of this mail */
struct arena *message_arena(struct message *message);
struct charset *message_charset(struct message *message);
#endif
