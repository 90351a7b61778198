/* SPDX-License-Identifier: Apache-2.0 */
/* Web addresses as a browser takes them (WHATWG URL, where it is more lenient than RFC 3986): a backslash is a slash, blanks and line ends
 * within are dropped, what stands before the last @ of the authority is a user. Hosts come to one form: percent-decoded, beyond ASCII as A-labels
 * (UTS 46), small letters, no dot at the end. */
#ifndef SEKISHO_MAIL_URL_H
#define SEKISHO_MAIL_URL_H
#include "base/arena.h"

enum {
	URL_BYTES_MAX = 4096, /* longer ones are cut */
	HOST_BYTES_MAX = 253, /* RFC 1035 2.3.4; a longer one is no host */
};

struct url {
	struct text whole;  /* without blanks around it and within it */
	struct text user;   /* before the @, or empty */
	struct text host;   /* in the form told above */
	struct text path;   /* path, query and fragment */
};

/* http, https and ftp, also without the name of the scheme ("//host/"); false for anything else. Views of `text`, or copies in the arena. */
bool url_read(struct arena *arena, struct text text, struct url *url) __attribute__((warn_unused_result));
/* A host as somebody wrote it, in one form; false where it cannot be one */
bool url_host(struct arena *arena, struct text written, struct text *host) __attribute__((warn_unused_result));
/* how a host looks to a reader: A-labels shown as what they stand for; the host itself where it has none */
struct text url_host_shown(struct arena *arena, struct text host);
/* an address instead of a name, also as one number, in octal or in hex */
bool url_host_is_address(struct text host);
#endif
