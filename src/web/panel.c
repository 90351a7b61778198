/* SPDX-License-Identifier: Apache-2.0 */
#include "web/panel.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/when.h"
#include "config/secret_lines.h"

struct used {
	unsigned char hash[16];
	int64_t until_s; /* 0: free */
};

struct panel {
	crypto_auth_hmacsha256_state keyed; /* with the key in it */
	unsigned char hash_key[crypto_generichash_KEYBYTES];
	int64_t began_s;
	struct used used[PANEL_NONCES_MAX];
	size_t next; /* where the next one goes */
};

struct panel *panel_new(const struct config *config, int64_t now_us, struct error *error)
{
	char key[PANEL_KEY_MAX + 1] = "";
	struct panel *panel = NULL;

	if (!secret_key_read(config, "panel_key_file", config->panel_key_file, key, sizeof key, error))
		return NULL;
	if (strlen(key) >= PANEL_KEY_LEAST) {
		panel = memory_zero(1, sizeof *panel);
		crypto_auth_hmacsha256_init(&panel->keyed, (const unsigned char *)key, strlen(key));
		randombytes_buf(panel->hash_key, sizeof panel->hash_key);
		panel->began_s = now_us / SECOND_US;
	} else {
		error_set(error, _("'%s': the key has %zu characters, and takes %d to %d"), config->panel_key_file, strlen(key), PANEL_KEY_LEAST,
			  PANEL_KEY_MAX);
		config_misplaced(config, "panel_key_file", error);
	}
	explicit_bzero(key, sizeof key);
	return panel;
}

void panel_free(struct panel *panel)
{
	if (panel)
		sodium_memzero(panel, sizeof *panel);
	free(panel);
}

static bool is_signed(const struct panel *panel, struct text said, struct text signature)
{
	unsigned char right[crypto_auth_hmacsha256_BYTES], given[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state = panel->keyed;
	size_t n = 0;

	crypto_auth_hmacsha256_update(&state, (const unsigned char *)said.p, said.n);
	crypto_auth_hmacsha256_final(&state, right);
	sodium_memzero(&state, sizeof state);
	return signature.n == 2 * sizeof given && sodium_hex2bin(given, sizeof given, signature.p, signature.n, NULL, &n, NULL) == 0 &&
	       n == sizeof given && sodium_memcmp(right, given, sizeof given) == 0;
}

static bool is_nonce(struct text nonce)
{
	for (size_t i = 0; i < nonce.n; i++)
		if (!(text_classes[(unsigned char)nonce.p[i]] & CHAR_ALNUM) && nonce.p[i] != '-' && nonce.p[i] != '_')
			return false;
	return nonce.n >= 16 && nonce.n <= 64;
}

/* False where it was used, or where so many came within a minute that it could not be remembered. */
static bool use_up(struct panel *panel, struct text nonce, int64_t until_s, int64_t now_s)
{
	unsigned char hash[sizeof panel->used->hash];
	struct used *place = &panel->used[panel->next];

	crypto_generichash(hash, sizeof hash, (const unsigned char *)nonce.p, nonce.n, panel->hash_key, sizeof panel->hash_key);
	for (size_t i = 0; i < PANEL_NONCES_MAX; i++)
		if (panel->used[i].until_s > now_s && sodium_memcmp(panel->used[i].hash, hash, sizeof hash) == 0)
			return false;
	if (place->until_s > now_s)
		return false;
	memcpy(place->hash, hash, sizeof hash);
	place->until_s = until_s;
	panel->next = (panel->next + 1) % PANEL_NONCES_MAX;
	return true;
}

static bool decode_account(struct text encoded, char account[ACCOUNT_NAME_MAX])
{
	size_t n = 0;

	if (sodium_base642bin((unsigned char *)account, ACCOUNT_NAME_MAX - 1, encoded.p, encoded.n, NULL, &n, NULL,
			      sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return false;
	account[n] = '\0';
	return n > 0 && strlen(account) == n;
}

struct word {
	struct text nonce;
	uint64_t until_s;
};

static bool read_word(const struct panel *panel, struct text token, int64_t now_s, struct word *word, char account[ACCOUNT_NAME_MAX])
{
	struct text rest = token, encoded, expires, said;
	int64_t until_s;

	if (token.n > PANEL_TOKEN_MAX || !text_cut(&rest, '.', &encoded) || !text_cut(&rest, '.', &expires) || !text_cut(&rest, '.', &word->nonce))
		return false;
	said = text_between(token.p, rest.p - 1);
	if (!is_signed(panel, said, rest) || !is_nonce(word->nonce) || !text_number(expires, INT32_MAX * 4ull, &word->until_s))
		return false;
	until_s = (int64_t)word->until_s;
	return until_s > now_s && until_s <= now_s + PANEL_LIFE_S + PANEL_SKEW_S && until_s > panel->began_s + PANEL_LIFE_S + PANEL_SKEW_S &&
	       decode_account(encoded, account);
}

bool panel_read(const struct panel *panel, struct text token, int64_t now_us, char account[ACCOUNT_NAME_MAX])
{
	struct word word;

	return read_word(panel, token, now_us / SECOND_US, &word, account);
}

bool panel_take(struct panel *panel, struct text token, int64_t now_us, char account[ACCOUNT_NAME_MAX])
{
	int64_t now_s = now_us / SECOND_US;
	struct word word;

	return read_word(panel, token, now_s, &word, account) && use_up(panel, word.nonce, (int64_t)word.until_s, now_s);
}
