/* SPDX-License-Identifier: Apache-2.0 */
#include "attribution/seal.h"

#include <sodium.h>

#include "base/when.h"

#define VERSION "1 "
enum {
	TIME_BYTES = 8,
	PLAIN_MAX = TIME_BYTES + SEAL_QUEUE_ID_MAX + SEAL_ACCOUNT_MAX,
	NONCE_BYTES = crypto_secretbox_NONCEBYTES,
	BOX_BYTES = NONCE_BYTES + crypto_secretbox_MACBYTES, /* and what is in it */
	BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
};

_Static_assert(SEAL_KEY_BYTES == crypto_secretbox_KEYBYTES, "the key is libsodium's");
_Static_assert(sizeof VERSION + sodium_base64_ENCODED_LEN(BOX_BYTES + PLAIN_MAX, BASE64) <= SEAL_VALUE_MAX, "the longest has room");

bool seal_make(const unsigned char key[SEAL_KEY_BYTES], struct text account, struct text queue_id, int64_t t_us, char value[SEAL_VALUE_MAX])
{
	unsigned char plain[PLAIN_MAX], box[BOX_BYTES + PLAIN_MAX];
	size_t n = TIME_BYTES;

	if (!account.n || account.n >= SEAL_ACCOUNT_MAX || queue_id.n >= SEAL_QUEUE_ID_MAX)
		return false;
	for (int i = 0; i < TIME_BYTES; i++)
		plain[i] = (unsigned char)((uint64_t)(t_us / SECOND_US) >> 8 * i);
	if (queue_id.n)
		memcpy(plain + n, queue_id.p, queue_id.n);
	n += queue_id.n;
	plain[n++] = '\0';
	memcpy(plain + n, account.p, account.n);
	n += account.n;
	randombytes_buf(box, NONCE_BYTES);
	crypto_secretbox_easy(box + NONCE_BYTES, plain, n, box, key);
	memcpy(value, VERSION, sizeof VERSION);
	sodium_bin2base64(value + sizeof VERSION - 1, SEAL_VALUE_MAX - sizeof VERSION + 1, box, BOX_BYTES + n, BASE64);
	return true;
}

static int64_t time_of(const unsigned char *plain)
{
	uint64_t seconds = 0;

	for (int i = 0; i < TIME_BYTES; i++)
		seconds |= (uint64_t)plain[i] << 8 * i;
	return (int64_t)seconds * SECOND_US;
}

bool seal_open(const unsigned char key[SEAL_KEY_BYTES], struct text value, struct seal *seal)
{
	unsigned char plain[PLAIN_MAX], box[BOX_BYTES + PLAIN_MAX];
	struct text account, queue_id;
	size_t n;

	value = text_trim(value);
	if (!text_starts(value, TEXT(VERSION)) || value.n >= 2 * SEAL_VALUE_MAX)
		return false;
	value = text_after(value, sizeof VERSION - 1);
	if (sodium_base642bin(box, sizeof box, value.p, value.n, " \t\r\n", &n, NULL, BASE64) != 0 || n <= BOX_BYTES + TIME_BYTES ||
	    crypto_secretbox_open_easy(plain, box + NONCE_BYTES, n - NONCE_BYTES, box, key) != 0)
		return false;
	account = (struct text){ (const char *)plain + TIME_BYTES, n - BOX_BYTES - TIME_BYTES };
	if (!text_cut(&account, '\0', &queue_id) || account.n >= sizeof seal->account || queue_id.n >= sizeof seal->queue_id)
		return false;
	text_copy(seal->account, sizeof seal->account, account);
	text_copy(seal->queue_id, sizeof seal->queue_id, queue_id);
	seal->t_us = time_of(plain);
	return true;
}
