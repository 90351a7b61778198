/* SPDX-License-Identifier: Apache-2.0 */
#include "web/certificate.h"

#include <errno.h>
#include <gnutls/abstract.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/when.h"

enum { FILE_MAX = 256 * 1024 };

/* no handshake lasts so long (HTTP_PATIENCE_MS) */
#define RETIRED_US MINUTE_US

/* GnuTLS keeps what it was given until the handshake is over, so a chain lives on for a while after its successor has come */
struct chain {
	struct chain *older;
	int64_t retired_us;
	gnutls_pcert_st certificates[CERTIFICATE_CHAIN_MAX];
	unsigned count;
	gnutls_privkey_t key;
};

/* what tells whether a file is still the same */
struct trace {
	struct timespec changed;
	ino_t inode;
	off_t bytes;
};

struct traces {
	struct trace certificate, key;
};

struct certificate {
	const struct config *config;
	struct chain *newest;
	struct traces tried, seen; /* at the last reading, at the last look */
};

static struct certificate *only;

/* ---- files */

static void trace(const char *path, struct trace *to)
{
	struct stat st;

	*to = (struct trace){ .inode = 0 };
	if (stat(path, &st) == 0)
		*to = (struct trace){ st.st_mtim, st.st_ino, st.st_size };
}

static struct traces traces_of(const struct config *config)
{
	struct traces traces;

	trace(config->web_certificate, &traces.certificate);
	trace(config->web_key, &traces.key);
	return traces;
}

static bool same_file(const struct trace *one, const struct trace *other)
{
	return one->changed.tv_sec == other->changed.tv_sec && one->changed.tv_nsec == other->changed.tv_nsec && one->inode == other->inode &&
	       one->bytes == other->bytes;
}

static bool same(const struct traces *one, const struct traces *other)
{
	return same_file(&one->certificate, &other->certificate) && same_file(&one->key, &other->key);
}

/* the whole of a file; NULL with the reason */
static char *read_file(const struct config *config, const char *setting, const char *path, struct error *error)
{
	FILE *file = fopen(path, "re");
	char *text = memory_zero(1, FILE_MAX);
	size_t n = 0;
	bool read;

	if (file)
		setvbuf(file, NULL, _IONBF, 0); /* of a key nothing is to stay in a buffer */
	n = file ? fread(text, 1, FILE_MAX - 1, file) : 0;
	read = file && !ferror(file) && n > 0;
	if (!read)
		error_set(error, _("'%s' cannot be read: %s"), path, file && !ferror(file) ? _("it is empty") : strerror(errno));
	if (file)
		fclose(file);
	if (read)
		return text;
	config_misplaced(config, setting, error);
	free(text);
	return NULL;
}

static void wipe(char *text)
{
	if (text)
		explicit_bzero(text, FILE_MAX);
	free(text);
}

/* ---- a chain */

static void chain_free(struct chain *chain)
{
	for (unsigned i = 0; i < chain->count; i++)
		gnutls_pcert_deinit(&chain->certificates[i]);
	if (chain->key)
		gnutls_privkey_deinit(chain->key);
	free(chain);
}

static gnutls_datum_t datum_of(char *text) { return (gnutls_datum_t){ (unsigned char *)text, (unsigned)strlen(text) }; }

/* credentials of GnuTLS refuse a key that is another certificate's */
static bool fit_together(const gnutls_datum_t *certificate, const gnutls_datum_t *key)
{
	gnutls_certificate_credentials_t credentials;
	bool fit;

	if (gnutls_certificate_allocate_credentials(&credentials) != GNUTLS_E_SUCCESS)
		return false;
	fit = gnutls_certificate_set_x509_key_mem(credentials, certificate, key, GNUTLS_X509_FMT_PEM) >= 0;
	gnutls_certificate_free_credentials(credentials);
	return fit;
}

static bool fill(struct chain *chain, const gnutls_datum_t *certificate, const gnutls_datum_t *key)
{
	unsigned count = CERTIFICATE_CHAIN_MAX;

	if (!fit_together(certificate, key) ||
	    gnutls_pcert_list_import_x509_raw(chain->certificates, &count, certificate, GNUTLS_X509_FMT_PEM, 0) < 0)
		return false;
	chain->count = count;
	return gnutls_privkey_init(&chain->key) == GNUTLS_E_SUCCESS &&
	       gnutls_privkey_import_x509_raw(chain->key, key, GNUTLS_X509_FMT_PEM, NULL, 0) == GNUTLS_E_SUCCESS;
}

static struct chain *read_chain(const struct config *config, struct error *error)
{
	char *certificate = read_file(config, "web_certificate", config->web_certificate, error);
	char *key = certificate ? read_file(config, "web_key", config->web_key, error) : NULL;
	struct chain *chain = NULL;

	if (key) {
		gnutls_datum_t texts[2] = { datum_of(certificate), datum_of(key) };

		chain = memory_zero(1, sizeof *chain);
		if (!fill(chain, &texts[0], &texts[1])) {
			chain_free(chain);
			chain = NULL;
			error_set(error, _("'%s' and web_key do not fit together, or are none"), config->web_certificate);
			config_misplaced(config, "web_certificate", error);
		}
	}
	wipe(key);
	free(certificate);
	return chain;
}

/* ---- life */

struct certificate *certificate_new(const struct config *config, struct error *error)
{
	struct certificate *certificate = memory_zero(1, sizeof *certificate);

	certificate->config = config;
	certificate->tried = certificate->seen = traces_of(config);
	certificate->newest = read_chain(config, error);
	if (certificate->newest)
		return only = certificate;
	free(certificate);
	return NULL;
}

void certificate_free(struct certificate *certificate)
{
	if (!certificate)
		return;
	only = NULL;
	for (struct chain *chain = certificate->newest, *older; chain; chain = older) {
		older = chain->older;
		chain_free(chain);
	}
	free(certificate);
}

/* ---- renewal */

static void forget_old(struct certificate *certificate, int64_t now_us)
{
	struct chain **at = &certificate->newest->older;

	while (*at) {
		struct chain *chain = *at;

		if (now_us - chain->retired_us < RETIRED_US) {
			at = &chain->older;
			continue;
		}
		*at = chain->older;
		chain_free(chain);
	}
}

enum certificate_news certificate_look(struct certificate *certificate, struct error *error)
{
	struct traces now = traces_of(certificate->config);
	bool settled = same(&now, &certificate->seen);
	struct chain *chain;

	forget_old(certificate, clock_steady());
	certificate->seen = now;
	if (!settled || same(&now, &certificate->tried))
		return CERTIFICATE_SAME;
	certificate->tried = now;
	chain = read_chain(certificate->config, error);
	if (!chain)
		return CERTIFICATE_BROKEN;
	certificate->newest->retired_us = clock_steady();
	chain->older = certificate->newest;
	certificate->newest = chain;
	return CERTIFICATE_RENEWED;
}

/* ---- handshakes */

static int retrieve(gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count, const gnutls_pk_algorithm_t *algorithms,
		    int algorithm_count, gnutls_pcert_st **certificates, unsigned *count, gnutls_privkey_t *key)
{
	if (!only)
		return -1;
	*certificates = only->newest->certificates;
	*count = only->newest->count;
	*key = only->newest->key;
	return 0;
}

void *certificate_retriever(void)
{
	gnutls_certificate_retrieve_function2 *function = retrieve;

	return (void *)(uintptr_t)function;
}
