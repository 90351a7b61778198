/* SPDX-License-Identifier: Apache-2.0 */
/* A dated page on fakes that go round, made of the mails that people handed in: each kind of fake once, with its subjects, whom it claims
 * to come from, where it leads, by what it can be told, and how many were seen; then how ours can be told, and what to do. It is for everybody's
 * eyes: who got the mails is blacked out (mail/blackout.h), every address and host is defanged, nothing of a link but its host is shown.
 *
 * Two mails are of one kind where most of their text is the same, or the subject (numbers left out), or where the same name leads to the same
 * foreign site. Everything is hostile: lists keep the most frequent BULLETIN_LISTED, kinds end at BULLETIN_FAKES_MAX, and what was left out is
 * counted. The caller owns the struct. */
#ifndef SEKISHO_REPORT_BULLETIN_H
#define SEKISHO_REPORT_BULLETIN_H
#include <stdio.h>

#include "base/error.h"
#include "config/config.h"
#include "mail/inspection.h"
#include "mail/likeness.h"

enum { BULLETIN_FAKES_MAX = 200, BULLETIN_LISTED = 24, BULLETIN_SHOWN = 8 };

/* each text once, with how many mails bear it */
struct bulletin_list {
	struct bulletin_item {
		char *text;  /* as it is shown: blacked out, defanged, UTF-8 */
		uint64_t key; /* of what counts as the same */
		uint32_t count;
		float weight;
	} items[BULLETIN_LISTED];
	size_t count;
	uint32_t others; /* times that there was no room for one */
};

struct bulletin_fake {
	struct bulletin_list subjects, names, addresses, hosts, covers, signs; /* covers: honest sites that it links to as well */
	struct likeness likeness;
	uint32_t mails;
	int64_t first_us, last_us; /* as the mails say; WHEN_NONE: they do not */
};

struct bulletin {
	const struct config *config;         /* whose it is: official_domains, official_names, panel_name, support_words */
	const struct phishing_rules *rules;
	int64_t day_us;                      /* of the page */
	struct bulletin_fake *fakes;
	size_t count, room;
	uint64_t mails, passed_over;         /* in it; handed in and no fake */
	uint64_t left_out;                   /* of more kinds than there is room for */
};

/* both outlive it */
void bulletin_init(struct bulletin *bulletin, const struct config *config, const struct phishing_rules *rules, int64_t day_us);
void bulletin_done(struct bulletin *bulletin);
/* Adds the mail if it is a fake, or one that it holds (forwarded, or returned); `any`: whatever it is. Signs are in the language of the reader. */
void bulletin_add(struct bulletin *bulletin, struct message *message, const struct inspection *inspection, bool any);
/* the most frequent first; to be called before it is written */
void bulletin_sort(struct bulletin *bulletin);

/* false with the reason where the stream could not be written */
bool bulletin_text(const struct bulletin *bulletin, FILE *to, bool colour, struct error *error);
bool bulletin_html(const struct bulletin *bulletin, FILE *to, struct error *error);
#endif
