/* SPDX-License-Identifier: Apache-2.0 */
/* Words of people and programs who complain, folded as mail/catchwords.h has it. */
#ifndef SEKISHO_MAIL_COMPLAINT_WORDS_H
#define SEKISHO_MAIL_COMPLAINT_WORDS_H
#include "mail/catchwords.h"

enum complaint_word {
	COMPLAINT_REPORTS, /* it says that it is a report of abuse */
	COMPLAINT_ASKS,    /* it asks whoever runs the network to do something */
	COMPLAINT_TOPIC,   /* what may be complained about; also what others write of */
	COMPLAINT_CAME,    /* it tells that mail came; of a topic, and to an office, that is a report */
	COMPLAINT_WORDS,
};

/* what a word says about the type, in the order in which they win where two are as many */
enum complaint_about { ABOUT_NOTHING, ABOUT_LOGIN_ATTACK, ABOUT_FRAUD, ABOUT_VIRUS, ABOUT_ABUSE, ABOUT_OTHER, ABOUT_COUNT };

/* `kind` is an enum complaint_word, `value` an enum complaint_about */
extern const struct catchword complaint_words[];
extern const size_t complaint_word_count;
#endif
