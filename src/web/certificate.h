/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate of the owner's pages and its key, read anew when their files change: connections that begin then get the new one, and
 * those that are there go on. What is broken, or does not fit together, is not taken, and the old one goes on. There is one in a process, for
 * GnuTLS gives no context to whoever it asks for a certificate. */
#ifndef SEKISHO_WEB_CERTIFICATE_H
#define SEKISHO_WEB_CERTIFICATE_H
#include "base/error.h"
#include "config/config.h"

enum {
	CERTIFICATE_LOOK_MS = 1000, /* how often to look */
	CERTIFICATE_CHAIN_MAX = 16,
};

enum certificate_news {
	CERTIFICATE_SAME,
	CERTIFICATE_RENEWED,
	CERTIFICATE_BROKEN, /* said once of each state of the files */
};

struct certificate;

/* reads web_certificate and web_key; the config outlives it */
struct certificate *certificate_new(const struct config *config, struct error *error) __attribute__((warn_unused_result));
/* nobody may be asked for it any more; NULL is fine */
void certificate_free(struct certificate *certificate);
/* Files that are being written are looked at again the next time: what is taken has stayed the same for a look. */
enum certificate_news certificate_look(struct certificate *certificate, struct error *error) __attribute__((warn_unused_result));
/* a gnutls_certificate_retrieve_function2, for MHD_OPTION_HTTPS_CERT_CALLBACK */
void *certificate_retriever(void);
#endif
