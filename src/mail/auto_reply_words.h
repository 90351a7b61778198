/* SPDX-License-Identifier: Apache-2.0 */
/* The words of automatic answers, in small letters: those with which a subject begins, and those of the text. */
#ifndef SEKISHO_MAIL_AUTO_REPLY_WORDS_H
#define SEKISHO_MAIL_AUTO_REPLY_WORDS_H

enum auto_reply_word {
	AUTO_REPLY_SAYS_SO, /* it says that it is one */
	AUTO_REPLY_AWAY,    /* somebody is away: people write that, too */
	AUTO_REPLY_MOVED,   /* somebody has another address */
	AUTO_REPLY_THANKS,  /* the mail arrived, an answer will come */
	AUTO_REPLY_WORDS,
};

enum { AUTO_REPLY_PHRASES_MAX = 96 };

/* each list ends with NULL */
extern const char *const auto_reply_subjects[AUTO_REPLY_WORDS][AUTO_REPLY_PHRASES_MAX];
extern const char *const auto_reply_texts[AUTO_REPLY_WORDS][AUTO_REPLY_PHRASES_MAX];
#endif
