/* SPDX-License-Identifier: Apache-2.0 */
/* What our own server found out about the sender: Authentication-Results (RFC 8601), Received-SPF (RFC 7208 9.1). Anybody can write such fields into
 * a mail, so only those count that bear the name of our server (authserv-id); where no name is given, the topmost alone. */
#ifndef SEKISHO_MAIL_AUTHRES_H
#define SEKISHO_MAIL_AUTHRES_H
#include "mail/fields.h"

enum authres_result { AUTHRES_NONE /* not told, or neither yes nor no */, AUTHRES_PASS, AUTHRES_SOFTFAIL, AUTHRES_FAIL };

enum { AUTHRES_SIGNED_MAX = 8 };

struct authres {
	bool told;                     /* there is a field of ours */
	enum authres_result spf, dkim, dmarc; /* dkim: PASS if one signature is good */
	struct text spf_domain;        /* of the envelope sender that spf is about */
	struct text signed_by[AUTHRES_SIGNED_MAX]; /* domains of good signatures (d=) */
	size_t signed_count;
	struct text dmarc_domain;      /* header.from of dmarc */
};

void authres_read(const struct fields *fields, struct text authserv_id, struct authres *authres);
#endif
