/* SPDX-License-Identifier: Apache-2.0 */
/* Inside containment/dovecot and containment/folders: one request over HTTP. Blocks; for a thread. */
#ifndef SEKISHO_CONTAINMENT_DOVEADM_H
#define SEKISHO_CONTAINMENT_DOVEADM_H
#include "base/error.h"
#include "base/text.h"

struct doveadm;

/* NULL where libcurl cannot be had, or the URL has no http or https. An answer may have `most_bytes`, and take so long. */
struct doveadm *doveadm_new(const char *url, const char *key, size_t most_bytes, long patience_ms, struct error *error)
	__attribute__((warn_unused_result));
/* What comes back stands in `answer`, good until the next request; too_long: there was more of it than it may have. */
bool doveadm_post(struct doveadm *doveadm, const char *body, struct text *answer, bool *too_long, struct error *error)
	__attribute__((warn_unused_result));
/* from another thread: the request ends soon, and so does each later one */
void doveadm_stop(struct doveadm *doveadm);
void doveadm_free(struct doveadm *doveadm); /* wipes the key; NULL is fine */
#endif
