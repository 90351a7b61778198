/* SPDX-License-Identifier: Apache-2.0 */
/* What tells a notice of ours from a copy: a short code that is worth something only together with the address to which it was sent, and
 * a signed field in the header. Both come from one secret of 32 bytes, `notice.key` in the state folder (0600, made once); the public half
 * of the signing key (Ed25519) stands beside it as `notice.pub`, for `inspect`.
 *
 * The code of a notice is not stored: it comes from the secret and the notice's number, so a notice that is sent again carries the same. On
 * the desk stands a keyed hash of it. What people type of a code is read with or without its hyphen, in any case of letters.
 *
 * The field is
 *   Sekisho-Notice: v=2; to=<address>; t=<seconds since 1970>; c=<code>; h=<SHA-256 of the head>; b=<SHA-256 of the body>; s=<signature>
 * and signs all of that and the Message-ID. Of the head counts what its reader sees and answers to: each From, Subject and Reply-To that there
 * is, unfolded, in their order. A mail that bears somebody else's field, or a field on another head or text, is a copy. */
#ifndef SEKISHO_NOTICE_MARK_H
#define SEKISHO_NOTICE_MARK_H
#include "base/error.h"
#include "base/text.h"

#define NOTICE_MARK_FIELD "Sekisho-Notice"
#define NOTICE_KEY_FILE "notice.key"
#define NOTICE_PUBLIC_FILE "notice.pub"

enum {
	NOTICE_CODE_CHARACTERS = 10, /* 50 bits */
	NOTICE_CODE_MAX = 12,        /* with its hyphen and the end: "K7QX2-9MRT4" */
	NOTICE_HASH_MAX = 65,        /* hexadecimal, and the end */
	NOTICE_PUBLIC_BYTES = 32,
	NOTICE_MARK_MAX = 1400,      /* a field's value, folded */
	NOTICE_MARK_ADDRESS_MAX = 320,
};

/* the codes' alphabet: without 0 1 I O, which are easily mistaken */
extern const char notice_alphabet[33];

struct notice_keys {
	unsigned char code[32], hash[32], secret[64], public[NOTICE_PUBLIC_BYTES];
	unsigned char seal[32]; /* of mail that is sent (attribution/seal.h) */
};

/* Reads the secret of the folder; with `make`, makes it where it is not there. Whoever asks wipes them. */
bool notice_keys_read(const char *folder, bool make, struct notice_keys *keys, struct error *error) __attribute__((warn_unused_result));
void notice_keys_wipe(struct notice_keys *keys);
/* the public half alone, of a file as notice_keys_read makes it */
bool notice_public_read(const char *path, unsigned char public[NOTICE_PUBLIC_BYTES], struct error *error) __attribute__((warn_unused_result));

/* ---- codes */

void notice_code_make(const struct notice_keys *keys, uint64_t notice, char code[NOTICE_CODE_MAX]);
/* `characters` of the alphabet at random, and the end; to be wiped */
void notice_code_random(size_t characters, char *code);
/* as typed, without hyphens and blanks and in capitals, into `to` (characters + 1 bytes); false where it is none */
bool notice_code_read(struct text typed, size_t characters, char *to) __attribute__((warn_unused_result));
/* of `about` (an account; or nothing) and a code as notice_code_read gives it */
void notice_code_hash(const struct notice_keys *keys, struct text about, const char *code, char hash[NOTICE_HASH_MAX]);
/* in constant time */
bool notice_hash_equal(struct text one, struct text other);

/* ---- the field */

struct notice_mark {
	char to[NOTICE_MARK_ADDRESS_MAX], code[NOTICE_CODE_MAX];
	int64_t t_us; /* whole seconds */
};

/* a mail that is to have a mark, or has one */
struct notice_marked {
	struct text message_id; /* without brackets */
	struct text head, body; /* lines; they may have lost their CRs, and blanks at their ends */
};

/* its value, folded, for `Sekisho-Notice: ` */
void notice_mark_sign(const struct notice_keys *keys, const struct notice_mark *mark, const struct notice_marked *mail, char value[NOTICE_MARK_MAX]);

enum notice_mark_result { MARK_NONE, MARK_OURS, MARK_COPIED };
/* `value` as it stands in the mail, unfolded or not. *mark is filled in as far as it could be read. *why: what speaks against it, in the
 * reader's language. */
enum notice_mark_result notice_mark_check(const unsigned char public[NOTICE_PUBLIC_BYTES], struct text value, const struct notice_marked *mail,
					  struct notice_mark *mark, const char **why);
#endif
