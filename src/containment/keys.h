/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords, through the one helper that may touch them (sekisho-passdb(8), root, started by a socket; passdb/passdb.h says what
 * each verb does). One line a request, one a reply, in order:
 *
 *   fingerprint A | scramble A | restore A | change A PASSWORD | renew A PASSWORD | disable A | enable A | delete A | list | ping
 *
 *   ok A PRINT            PRINT is of what is stored now, "-" where nobody can tell
 *   no A absent|cannot|failed|former SENTENCE     A is "-" where the request was none
 *   ok - here             of ping
 *   account A …           of list, ended by `end`, or `no - failed SENTENCE`
 *
 * A, PASSWORD and SENTENCE stand between < and >, every byte that is not plain ASCII, and < > % and blanks, as %XX. A line
 * has at most KEYS_LINE_MAX bytes.
 *
 * This is the asking side, on a libuv loop: requests are put in line, sent when the helper is there, each answered once. Where it
 * is away KEYS_FAILED is said after KEYS_PATIENCE_MS; whoever asks tries again. A helper of an older version, which knows no `renew`, is a
 * failure of its own, and nothing was changed. The memory of a password is wiped as soon as it was sent. */
#ifndef SEKISHO_CONTAINMENT_KEYS_H
#define SEKISHO_CONTAINMENT_KEYS_H
#include <uv.h>

#include "base/error.h"
#include "base/text.h"

enum { KEYS_WAITING_MAX = 100000, KEYS_LINE_MAX = 4096, KEYS_PRINT_MAX = 33, KEYS_PATIENCE_MS = 5000 };

enum keys_verb { KEYS_FINGERPRINT, KEYS_SCRAMBLE, KEYS_RESTORE, KEYS_CHANGE, KEYS_RENEW, KEYS_DISABLE, KEYS_ENABLE, KEYS_DELETE };

enum keys_result {
	KEYS_DONE,
	KEYS_ABSENT, /* there is no such account */
	KEYS_CANNOT, /* it cannot be done with this back end, or there is nothing to restore */
	KEYS_FAILED, /* not now */
	KEYS_FORMER, /* of KEYS_RENEW: it was the account's password before, and is not taken */
};

struct keys;

/* nothing is sent before the loop runs */
struct keys *keys_new(uv_loop_t *loop, const char *socket_path);
/* `password`: of KEYS_CHANGE and KEYS_RENEW, copied; else TEXT_NONE. `done`: `says` is the fingerprint ("" for none) of KEYS_DONE, else a
 * sentence. Called from the loop, never from within keys_ask. */
void keys_ask(struct keys *keys, enum keys_verb verb, struct text account, struct text password,
	      void (*done)(void *context, enum keys_result result, const char *says), void *context);
/* `each` for every account, then `end`, with a NULL error where the list is whole */
void keys_list(struct keys *keys, void (*each)(void *context, struct text account),
	       void (*end)(void *context, const struct error *error), void *context);
/* tells nobody any more; frees itself once the loop has run. NULL is fine. */
void keys_close(struct keys *keys);
#endif
