/* SPDX-License-Identifier: Apache-2.0 */
/* The word of the operator's panel on who is logged in there:
 *
 *   BASE64URL(account).EXPIRES.NONCE.HEX(HMAC-SHA256(key, all before this dot))
 *
 * EXPIRES in seconds since 1970, at most PANEL_LIFE_S ahead (and PANEL_SKEW_S more, for clocks that differ); NONCE of 16 to 64 letters,
 * digits, '-' and '_'; base64url as RFC 4648, 5, without '='. Good once: nonces are remembered until they expire, and what may have been
 * made before this process began is refused, since it may have been used then. One thread. */
#ifndef SEKISHO_WEB_PANEL_H
#define SEKISHO_WEB_PANEL_H
#include "base/text.h"
#include "config/config.h"
#include "event/accounts.h"

enum { PANEL_KEY_LEAST = 32, PANEL_KEY_MAX = 512, PANEL_LIFE_S = 60, PANEL_SKEW_S = 2, PANEL_TOKEN_MAX = 1024, PANEL_NONCES_MAX = 65536 };

struct panel;

/* the key in panel_key_file; a fault names its line */
struct panel *panel_new(const struct config *config, int64_t now_us, struct error *error) __attribute__((warn_unused_result));
void panel_free(struct panel *panel);

/* `account` as the panel wrote it, bounded and terminated; uses nothing up: false also for what was used before it began */
bool panel_read(const struct panel *panel, struct text token, int64_t now_us, char account[ACCOUNT_NAME_MAX]) __attribute__((warn_unused_result));
/* the same, and uses it up */
bool panel_take(struct panel *panel, struct text token, int64_t now_us, char account[ACCOUNT_NAME_MAX]) __attribute__((warn_unused_result));
#endif
