/* SPDX-License-Identifier: Apache-2.0 */
/* Is a mail a notice of ours, or a copy of one? By the mark in its header (notice/mark.h) and the public key, where that can be read. */
#ifndef SEKISHO_CLI_INSPECT_NOTICE_H
#define SEKISHO_CLI_INSPECT_NOTICE_H
#include <jansson.h>

#include "config/config.h"
#include "mail/phishing.h"
#include "notice/mark.h"

struct inspect_notice {
	bool has_key;
	unsigned char public[NOTICE_PUBLIC_BYTES];
	struct text bytes; /* of the mail that is looked at */
};

/* Without a key nothing is ours: nobody may read it here, or no notice was ever sent. One that was named and is none is a failure. */
bool inspect_notice_open(struct inspect_notice *notice, const struct config *config, struct error *error) __attribute__((warn_unused_result));
/* from now on a mail of ours has no signs of phishing; `notice` outlives the rules, and is told the bytes of each mail before it is looked at */
void inspect_notice_trust(struct inspect_notice *notice, struct phishing_rules *rules);
/* {"ours","copied","code","to","at","why"}, or NULL where it bears no mark; the caller's */
json_t *inspect_notice_json(const struct inspect_notice *notice, struct message *message);
#endif
