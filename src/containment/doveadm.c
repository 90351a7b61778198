/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/doveadm.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/i18n.h"
#include "base/memory.h"

enum { KEY_MAX = 1024, KEY_ROOM = KEY_MAX * 4 / 3 + 5, LOOK_MS = 1000 };
#define KEY_HEAD "Authorization: X-Dovecot-API "

struct doveadm {
	CURLM *multi;
	CURL *easy;
	struct curl_slist *heads; /* with the key */
	atomic_bool stop;
	bool too_long;
	long patience_ms;
	size_t most;
	struct bytes came;
};

static size_t take(char *bytes, size_t one, size_t n, void *context)
{
	struct doveadm *doveadm = context;

	if (n > doveadm->most - doveadm->came.n) {
		doveadm->too_long = true;
		return 0;
	}
	bytes_add(&doveadm->came, (struct text){ bytes, n });
	return n;
}

static bool add_head(struct doveadm *doveadm, const char *head)
{
	struct curl_slist *longer = curl_slist_append(doveadm->heads, head);

	if (longer)
		doveadm->heads = longer;
	return longer != NULL;
}

static bool set_heads(struct doveadm *doveadm, const char *key, struct error *error)
{
	char head[sizeof KEY_HEAD + KEY_ROOM] = KEY_HEAD;
	size_t n = strlen(key);
	bool done;

	if (!n || n > KEY_MAX)
		return error_set(error, _("the key of doveadm is empty, or longer than %d bytes"), KEY_MAX);
	sodium_bin2base64(head + sizeof KEY_HEAD - 1, KEY_ROOM, (const unsigned char *)key, n, sodium_base64_VARIANT_ORIGINAL);
	done = add_head(doveadm, head) && add_head(doveadm, "Content-Type: application/json") && add_head(doveadm, "Expect:");
	sodium_memzero(head, sizeof head);
	return done || error_set(error, "doveadm: %s", curl_easy_strerror(CURLE_OUT_OF_MEMORY));
}

static bool set_up(struct doveadm *doveadm, const char *url, struct error *error)
{
	CURL *easy = doveadm->easy;
	CURLcode code = CURLE_OK;

	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		return error_set(error, _("'%.200s' is no URL of doveadm: http://… or https://…"), url);
	code = code ? code : curl_easy_setopt(easy, CURLOPT_URL, url);
	code = code ? code : curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	code = code ? code : curl_easy_setopt(easy, CURLOPT_PROXY, "");
	code = code ? code : curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	code = code ? code : curl_easy_setopt(easy, CURLOPT_HTTPHEADER, doveadm->heads);
	code = code ? code : curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, doveadm->patience_ms);
	code = code ? code : curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	code = code ? code : curl_easy_setopt(easy, CURLOPT_WRITEDATA, doveadm);
	return !code || error_set(error, "doveadm: %s", curl_easy_strerror(code));
}

struct doveadm *doveadm_new(const char *url, const char *key, size_t most_bytes, long patience_ms, struct error *error)
{
	struct doveadm *doveadm;

	if (curl_global_init(CURL_GLOBAL_DEFAULT)) {
		error_set(error, "libcurl cannot be had");
		return NULL;
	}
	doveadm = memory_zero(1, sizeof *doveadm);
	doveadm->most = most_bytes;
	doveadm->patience_ms = patience_ms;
	doveadm->multi = curl_multi_init();
	doveadm->easy = curl_easy_init();
	if (doveadm->multi && doveadm->easy && set_heads(doveadm, key, error) && set_up(doveadm, url, error))
		return doveadm;
	if (!doveadm->multi || !doveadm->easy)
		error_set(error, "libcurl cannot be had");
	doveadm_free(doveadm);
	return NULL;
}

/* what is wrong with an answer that came */
static bool judge_status(const struct doveadm *doveadm, struct error *error)
{
	long status = 0;

	curl_easy_getinfo(doveadm->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status == 401)
		return error_set(error, _("doveadm does not take the key (doveadm_key_file, doveadm_api_key)"));
	if (status == 404)
		return error_set(error, _("doveadm has no API at this path (doveadm_url)"));
	return status == 200 || error_set(error, _("doveadm answers with HTTP status %ld"), status);
}

static CURLcode transfer(struct doveadm *doveadm)
{
	CURLcode code = CURLE_ABORTED_BY_CALLBACK;
	const CURLMsg *message;
	int running = 1, left;

	if (curl_multi_add_handle(doveadm->multi, doveadm->easy))
		return CURLE_FAILED_INIT;
	while (running && !atomic_load(&doveadm->stop))
		if (curl_multi_perform(doveadm->multi, &running) || (running && curl_multi_poll(doveadm->multi, NULL, 0, LOOK_MS, NULL)))
			break;
	while ((message = curl_multi_info_read(doveadm->multi, &left)))
		if (message->msg == CURLMSG_DONE)
			code = message->data.result;
	curl_multi_remove_handle(doveadm->multi, doveadm->easy);
	return code;
}

bool doveadm_post(struct doveadm *doveadm, const char *body, struct text *answer, bool *too_long, struct error *error)
{
	CURLcode code;

	doveadm->came.n = 0;
	doveadm->too_long = false;
	curl_easy_setopt(doveadm->easy, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(doveadm->easy, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
	code = transfer(doveadm);
	*too_long = doveadm->too_long;
	if (doveadm->too_long)
		return error_set(error, _("doveadm answers with more than %zu bytes"), doveadm->most);
	if (code)
		return error_set(error, _("doveadm cannot be asked: %s"), curl_easy_strerror(code));
	if (!judge_status(doveadm, error))
		return false;
	*answer = bytes_text(&doveadm->came);
	return true;
}

void doveadm_stop(struct doveadm *doveadm)
{
	atomic_store(&doveadm->stop, true);
	curl_multi_wakeup(doveadm->multi);
}

void doveadm_free(struct doveadm *doveadm)
{
	if (!doveadm)
		return;
	if (doveadm->easy)
		curl_easy_cleanup(doveadm->easy);
	if (doveadm->multi)
		curl_multi_cleanup(doveadm->multi);
	for (struct curl_slist *head = doveadm->heads; head; head = head->next)
		sodium_memzero(head->data, strlen(head->data));
	curl_slist_free_all(doveadm->heads);
	free(doveadm->came.p);
	free(doveadm);
	curl_global_cleanup();
}
