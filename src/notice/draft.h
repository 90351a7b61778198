/* SPDX-License-Identifier: Apache-2.0 */
/* A notice's text: blocks (headings, paragraphs, lists) in which facts were put in their places, and the same words written as plain text and
 * as simple HTML. Where a fact is not known, the blocks that name it are left out; a heading under which nothing is left, too.
 *
 * Built-in texts are rows of notice/words.c, in the reader's language (gettext). Operators' own stand in files `NAME.LANGUAGE.txt`: the first
 * line is `Subject: …`, then `# heading`, `- item`, `1. step`, and paragraphs with empty lines between. A name in braces is a fact;
 * a brace that is none is written twice. */
#ifndef SEKISHO_NOTICE_DRAFT_H
#define SEKISHO_NOTICE_DRAFT_H
#include "base/error.h"
#include "notice/facts.h"
#include "notice/kinds.h"

enum {
	DRAFT_TEMPLATE_MAX = 64 * 1024, /* bytes of a file */
	DRAFT_COLUMNS = 70,
};

/* what a text is for */
enum notice_text { /* those of owners are as their kinds */
	NOTICE_TEXT_OPERATOR = NOTICE_KINDS,
	NOTICE_TEXT_SUMMARY,
	NOTICE_TEXT_PRECAUTION, /* NOTICE_LOCKED, where a person did it and nothing speaks against the account */
	NOTICE_TEXT_REOPENED,   /* NOTICE_RELEASED of such a lock: nothing will come back */
	NOTICE_TEXTS,
};
const char *notice_text_name(unsigned text); /* "locked", …, "operator", "summary", "precaution", "reopened" */

enum block_kind { BLOCK_PARAGRAPH, BLOCK_HEADING, BLOCK_ITEM, BLOCK_STEP, BLOCK_CODE };

/* a row of a built-in text */
struct notice_words {
	unsigned texts;        /* bits by enum notice_text */
	enum block_kind kind;
	int lacks;             /* an enum notice_fact: only where that is not known; -1: always */
	const char *words;     /* msgid */
};
extern const struct notice_words notice_words[];
extern const size_t notice_words_count;
extern const char *const notice_subjects[NOTICE_TEXTS]; /* msgids */

struct draft;

struct draft *draft_new(void) __attribute__((warn_unused_result));
void draft_free(struct draft *draft); /* wipes; NULL is fine */
/* Appends a text in `language` ("ja", "en"), which is the one of gettext now; a second one stands below a line. `folder` with the operator's
 * own, NULL or "": none. False with a sentence that names file and line where such a file is wrong: nothing is appended. */
bool draft_add(struct draft *draft, unsigned text, const char *language, const char *folder, const struct notice_facts *facts,
	       struct error *error) __attribute__((warn_unused_result));
/* is each of the operator's own texts right? */
bool draft_check(const char *folder, struct error *error) __attribute__((warn_unused_result));
const char *draft_subject(const struct draft *draft); /* one line */
/* the caller's to free; LF ends */
char *draft_plain(const struct draft *draft) __attribute__((malloc));
char *draft_html(const struct draft *draft) __attribute__((malloc));
const char *draft_language(const struct draft *draft); /* "ja", "en", "ja, en" (RFC 3282) */
#endif
