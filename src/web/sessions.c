/* SPDX-License-Identifier: Apache-2.0 */
#include "web/sessions.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/memory.h"

struct sessions {
	unsigned char key[crypto_generichash_KEYBYTES], token_key[crypto_generichash_KEYBYTES];
	struct session all[SESSIONS_MAX];
};

struct sessions *sessions_new(void)
{
	struct sessions *sessions = memory_zero(1, sizeof *sessions);

	randombytes_buf(sessions->key, sizeof sessions->key);
	randombytes_buf(sessions->token_key, sizeof sessions->token_key);
	return sessions;
}

void sessions_free(struct sessions *sessions)
{
	if (sessions)
		sodium_memzero(sessions, sizeof *sessions);
	free(sessions);
}

void session_number(char id[SESSION_ID_MAX])
{
	unsigned char number[SESSION_NUMBER_BYTES];

	randombytes_buf(number, sizeof number);
	sodium_bin2hex(id, SESSION_ID_MAX, number, sizeof number);
	sodium_memzero(number, sizeof number);
}

static void hash_of(const struct sessions *sessions, struct text id, unsigned char hash[SESSION_NUMBER_BYTES])
{
	crypto_generichash(hash, SESSION_NUMBER_BYTES, (const unsigned char *)id.p, id.n, sessions->key, sizeof sessions->key);
}

/* a free one; else the account's oldest where it has too many, else the oldest of all */
static struct session *place_for(struct sessions *sessions, struct text account, int64_t now_us)
{
	struct session *unused = NULL, *oldest = &sessions->all[0], *own = NULL;
	size_t count = 0;

	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		struct session *one = &sessions->all[i];

		if (one->until_us <= now_us) {
			unused = unused ? unused : one;
			continue;
		}
		oldest = one->begun_us < oldest->begun_us ? one : oldest;
		if (!text_is(text_of(one->account), account))
			continue;
		count++;
		own = !own || one->begun_us < own->begun_us ? one : own;
	}
	if (count >= SESSIONS_OF_ACCOUNT)
		return own;
	return unused ? unused : oldest;
}

void session_begin(struct sessions *sessions, struct text account, int64_t now_us, char id[SESSION_ID_MAX])
{
	struct session *session = place_for(sessions, account, now_us);

	session_number(id);
	*session = (struct session){ .until_us = now_us + SESSION_US, .begun_us = now_us };
	text_copy(session->account, sizeof session->account, account);
	hash_of(sessions, text_of(id), session->hash);
}

struct session *session_find(struct sessions *sessions, struct text id, int64_t now_us)
{
	unsigned char hash[SESSION_NUMBER_BYTES];

	if (id.n != SESSION_ID_MAX - 1)
		return NULL;
	hash_of(sessions, id, hash);
	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		struct session *one = &sessions->all[i];

		if (one->until_us > now_us && sodium_memcmp(one->hash, hash, sizeof hash) == 0)
			return one;
	}
	return NULL;
}

void session_end(struct session *session)
{
	if (session)
		sodium_memzero(session, sizeof *session);
}

void sessions_end_of(struct sessions *sessions, struct text account)
{
	for (size_t i = 0; i < SESSIONS_MAX; i++)
		if (text_is(text_of(sessions->all[i].account), account))
			session_end(&sessions->all[i]);
}

void session_token(const struct sessions *sessions, struct text id, char token[SESSION_ID_MAX])
{
	unsigned char hash[SESSION_NUMBER_BYTES];

	crypto_generichash(hash, sizeof hash, (const unsigned char *)id.p, id.n, sessions->token_key, sizeof sessions->token_key);
	sodium_bin2hex(token, SESSION_ID_MAX, hash, sizeof hash);
}

bool session_token_fits(const struct sessions *sessions, struct text id, struct text token)
{
	char right[SESSION_ID_MAX];

	if (id.n != SESSION_ID_MAX - 1 || token.n != SESSION_ID_MAX - 1)
		return false;
	session_token(sessions, id, right);
	return sodium_memcmp(right, token.p, token.n) == 0;
}
