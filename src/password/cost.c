/* SPDX-License-Identifier: Apache-2.0 */
#include "password/cost.h"

#include <string.h>

/* about, of a core of 2020 */
enum { ROUNDS_A_US = 2, BCRYPT_4_US = 1000, BYTES_A_US = 1000, SHORT_US = 5, MD5_CRYPT_US = 200, SUN_ROUNDS = 4096 };
enum { SHA_ROUNDS = 5000 };

#define NUMBER_MOST ((uint64_t)UINT32_MAX)

static const char digits64[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static int digit_of(char c)
{
	const char *at = c ? strchr(digits64, c) : NULL;

	return at ? (int)(at - digits64) : -1;
}

static bool is_digits64(struct text text)
{
	for (size_t i = 0; i < text.n; i++)
		if (digit_of(text.p[i]) < 0)
			return false;
	return true;
}

static enum cost_form cost_is(uint64_t us, uint64_t *to)
{
	*to = us ? us : 1;
	return COST_SOUND;
}

enum cost_form cost_of_rounds(uint64_t rounds, uint64_t *us)
{
	return rounds > COST_ROUNDS_MOST ? COST_TOO_HIGH : cost_is(rounds / ROUNDS_A_US, us);
}

static enum cost_form cost_of_memory(uint64_t bytes, uint64_t passes, uint64_t *us)
{
	if (bytes > COST_MEMORY_MOST || passes > NUMBER_MOST || bytes * passes > (uint64_t)COST_MEMORY_MOST * COST_PASSES_MOST)
		return COST_TOO_HIGH;
	return cost_is(bytes * passes / BYTES_A_US, us);
}

/* ---- crypt(5), by what a hash begins with; `rest` is behind that */

/* the last part behind a '$', of that many digits */
static bool ends_with_digits(struct text rest, size_t count)
{
	struct text part;

	while (text_cut(&rest, '$', &part))
		;
	return rest.n == count && is_digits64(rest);
}

static enum cost_form bcrypt(struct text rest, uint64_t *us)
{
	struct text cost;
	uint64_t number;

	if (!text_cut(&rest, '$', &cost) || cost.n != 2 || !text_number(cost, 31, &number) || number < 4 || rest.n != 53 || !is_digits64(rest))
		return COST_DAMAGED;
	return number > COST_BCRYPT_MOST ? COST_TOO_HIGH : cost_is((uint64_t)BCRYPT_4_US << (number - 4), us);
}

/* "rounds=N$SALT$HASH" or "SALT$HASH" */
static enum cost_form sha_crypt(struct text rest, size_t count, uint64_t *us)
{
	uint64_t rounds = SHA_ROUNDS;
	struct text word, salt;

	if (!ends_with_digits(rest, count))
		return COST_DAMAGED;
	if (text_starts(rest, TEXT("rounds="))) {
		rest = text_after(rest, 7);
		if (!text_cut(&rest, '$', &word) || !text_number(word, NUMBER_MOST, &rounds))
			return COST_DAMAGED;
	}
	return text_cut(&rest, '$', &salt) && rest.n == count ? cost_of_rounds(rounds, us) : COST_DAMAGED;
}

static enum cost_form sha512_crypt(struct text rest, uint64_t *us) { return sha_crypt(rest, 86, us); }
static enum cost_form sha256_crypt(struct text rest, uint64_t *us) { return sha_crypt(rest, 43, us); }

static enum cost_form md5_crypt(struct text rest, uint64_t *us)
{
	struct text salt;

	return text_cut(&rest, '$', &salt) && rest.n == 22 && is_digits64(rest) ? cost_is(MD5_CRYPT_US, us) : COST_DAMAGED;
}

/* yescrypt's numbers: short ones in a digit, greater ones in more; decode64_uint32 of libxcrypt's alg-yescrypt-common.c */
static bool take_number64(struct text *rest, uint64_t least, uint64_t *number)
{
	unsigned start = 0, end = 47, more = 1, bits = 0;
	int digit = rest->n ? digit_of(*rest->p) : -1;
	uint64_t value = least;

	if (digit < 0)
		return false;
	while ((unsigned)digit > end) {
		value += (uint64_t)(end + 1 - start) << bits;
		start = end + 1;
		end = start + (62 - end) / 2;
		more++;
		bits += 6;
	}
	value += (uint64_t)((unsigned)digit - start) << bits;
	for (*rest = text_after(*rest, 1); --more; *rest = text_after(*rest, 1)) {
		if (!rest->n || (digit = digit_of(*rest->p)) < 0)
			return false;
		bits -= 6;
		value += (uint64_t)(unsigned)digit << bits;
	}
	*number = value;
	return value <= NUMBER_MOST;
}

static enum cost_form cost_of_blocks(uint64_t log2, uint64_t r, uint64_t times, uint64_t *us)
{
	if (log2 < 1 || log2 > 63 || !r)
		return COST_DAMAGED;
	if (log2 > 31 || r > NUMBER_MOST >> log2)
		return COST_TOO_HIGH;
	return cost_of_memory((r << log2) * 128, times, us);
}

/* "FLAVOUR N R [WHICH p t g NROM]$SALT$HASH" */
static enum cost_form yescrypt(struct text rest, uint64_t *us)
{
	uint64_t flavour, log2, r, which = 0, number, times = 1;
	struct text word;

	if (!ends_with_digits(rest, 43) || !text_cut(&rest, '$', &word) || !take_number64(&word, 0, &flavour) || !take_number64(&word, 1, &log2) ||
	    !take_number64(&word, 1, &r) || (word.n && !take_number64(&word, 1, &which)))
		return COST_DAMAGED;
	for (unsigned bit = 0; bit < 4; bit++)
		if (which & 1u << bit) {
			if (!take_number64(&word, bit == 0 ? 2 : 1, &number))
				return COST_DAMAGED;
			times = bit == 2 || times > NUMBER_MOST ? NUMBER_MOST : times * (bit == 1 ? number + 1 : number);
		}
	return cost_of_blocks(log2, r, times, us);
}

/* of five digits, the lowest first */
static bool take_fixed64(struct text *rest, uint64_t *number)
{
	*number = 0;
	for (unsigned i = 0; i < 5; i++, *rest = text_after(*rest, 1)) {
		int digit = rest->n ? digit_of(*rest->p) : -1;

		if (digit < 0)
			return false;
		*number |= (uint64_t)(unsigned)digit << (6 * i);
	}
	return true;
}

static enum cost_form scrypt(struct text rest, uint64_t *us)
{
	int log2 = rest.n ? digit_of(*rest.p) : -1;
	uint64_t r, p;
	struct text after = text_after(rest, 1);

	if (!ends_with_digits(rest, 43) || log2 < 0 || !take_fixed64(&after, &r) || !take_fixed64(&after, &p) || !p)
		return COST_DAMAGED;
	return cost_of_blocks((uint64_t)log2, r, p, us);
}

static enum cost_form sha1_crypt(struct text rest, uint64_t *us)
{
	struct text word, salt;
	uint64_t rounds;

	if (!text_cut(&rest, '$', &word) || !text_number(word, NUMBER_MOST, &rounds) || !text_cut(&rest, '$', &salt) || rest.n != 28 ||
	    !is_digits64(rest))
		return COST_DAMAGED;
	return cost_of_rounds(rounds, us);
}

/* "$SALT$$HASH" or ",rounds=N$SALT$$HASH" */
static enum cost_form sun_md5(struct text rest, uint64_t *us)
{
	uint64_t rounds = 0;
	struct text word;

	if (!ends_with_digits(rest, 22) || !text_cut(&rest, '$', &word))
		return COST_DAMAGED;
	if (word.n && (!text_starts(word, TEXT(",rounds=")) || !text_number(text_after(word, 8), NUMBER_MOST, &rounds)))
		return COST_DAMAGED;
	return cost_of_rounds(rounds + SUN_ROUNDS, us);
}

static enum cost_form bsdi_des(struct text rest, uint64_t *us)
{
	uint64_t rounds = 0;

	if (rest.n != 19 || !is_digits64(rest))
		return COST_DAMAGED;
	for (unsigned i = 0; i < 4; i++)
		rounds |= (uint64_t)(unsigned)digit_of(rest.p[i]) << (6 * i);
	return cost_of_rounds(rounds, us);
}

static bool is_hex(struct text text)
{
	size_t i = 0;

	while (i < text.n && strchr("0123456789abcdefABCDEF", text.p[i]))
		i++;
	return i == text.n;
}

static enum cost_form nt_hash(struct text rest, uint64_t *us) { return rest.n == 32 && is_hex(rest) ? cost_is(SHORT_US, us) : COST_DAMAGED; }

static enum cost_form des(struct text rest, uint64_t *us)
{
	return rest.n == 13 && is_digits64(rest) ? cost_is(SHORT_US, us) : COST_DAMAGED;
}

enum cost_form cost_of_crypt(struct text hash, uint64_t *us)
{
	static const struct {
		const char *prefix;
		enum cost_form (*cost)(struct text rest, uint64_t *us);
	} kinds[] = {
		{ "$2y$", bcrypt }, { "$2b$", bcrypt }, { "$2a$", bcrypt }, { "$2x$", bcrypt }, { "$6$", sha512_crypt }, { "$5$", sha256_crypt },
		{ "$1$", md5_crypt }, { "$y$", yescrypt }, { "$gy$", yescrypt }, { "$7$", scrypt }, { "$sha1$", sha1_crypt }, { "$md5", sun_md5 },
		{ "$3$$", nt_hash }, { "_", bsdi_des }, { "", des },
	};
	size_t i = 0;

	while (!text_starts(hash, text_of(kinds[i].prefix)))
		i++;
	return kinds[i].cost(text_after(hash, strlen(kinds[i].prefix)), us);
}

/* ---- Argon2: "$argon2id$v=19$m=KIB,t=PASSES,p=LANES$SALT$HASH", in base64 without padding */

static bool take_parameter(struct text *rest, const char *name, char end, uint64_t *number)
{
	struct text word;

	return text_cut(rest, end, &word) && text_starts(word, text_of(name)) &&
	       text_number(text_after(word, strlen(name)), NUMBER_MOST, number) && *number;
}

static bool is_base64(struct text text)
{
	size_t i = 0;

	while (i < text.n && (digit_of(text.p[i]) > 0 || text.p[i] == '+' || text.p[i] == '/'))
		i++;
	return text.n > 0 && i == text.n && text.n % 4 != 1;
}

enum cost_form cost_of_argon(struct text hash, uint64_t *us)
{
	uint64_t version, kib, passes, lanes;
	struct text kind, salt;

	if (!text_starts(hash, TEXT("$argon2id$")) && !text_starts(hash, TEXT("$argon2i$")))
		return COST_DAMAGED;
	hash = text_after(hash, 1);
	if (!text_cut(&hash, '$', &kind) || !take_parameter(&hash, "v=", '$', &version) || !take_parameter(&hash, "m=", ',', &kib) ||
	    !take_parameter(&hash, "t=", ',', &passes) || !take_parameter(&hash, "p=", '$', &lanes) || !text_cut(&hash, '$', &salt) ||
	    !is_base64(salt) || !is_base64(hash))
		return COST_DAMAGED;
	return cost_of_memory(kib * 1024, passes, us);
}
