/* SPDX-License-Identifier: Apache-2.0 */
#include "notice/mark.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"

enum { SECRET_BYTES = crypto_kdf_KEYBYTES, HEX_MAX = 2 * SECRET_BYTES + 2, SIGNED_MAX = 2048, BITS = 5 };
enum part { PART_CODE = 1, PART_HASH, PART_SIGN, PART_SEAL }; /* what is derived from the secret; never another number for the same */

const char notice_alphabet[33] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/* ---- the secret and what comes from it */

static bool path_of(const char *folder, const char *name, char path[PATH_MAX], struct error *error)
{
	return snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX || error_set(error, "folder '%.200s…': its name is too long", folder);
}

/* one line of hexadecimal digits */
static bool read_hex(const char *path, unsigned char *bytes, size_t count, bool *there, struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[HEX_MAX + 1] = "";
	ssize_t n = fd >= 0 ? read(fd, text, HEX_MAX) : -1;
	bool read_all = n >= (ssize_t)(2 * count) && (n == (ssize_t)(2 * count) || text[2 * count] == '\n') &&
			sodium_hex2bin(bytes, count, text, 2 * count, NULL, NULL, NULL) == 0;

	*there = fd >= 0 || errno != ENOENT;
	if (n < 0)
		error_set(error, "'%s': %s", path, strerror(errno));
	else if (!read_all)
		error_set(error, _("'%s' holds no key"), path);
	if (fd >= 0)
		close(fd);
	sodium_memzero(text, sizeof text);
	return read_all;
}

/* whole under its name, or not there at all; one that is there stays */
static bool write_hex(const char *path, mode_t mode, const unsigned char *bytes, size_t count, bool replace, struct error *error)
{
	char temporary[PATH_MAX + 16], text[HEX_MAX + 1];
	size_t n = 2 * count + 1;
	bool done;
	int fd;

	sodium_bin2hex(text, sizeof text, bytes, count);
	text[n - 1] = '\n';
	snprintf(temporary, sizeof temporary, "%s.%d", path, (int)getpid());
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	done = fd >= 0 && fchmod(fd, mode) == 0 && write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	done = done && ((replace ? rename(temporary, path) : link(temporary, path)) == 0 || (!replace && errno == EEXIST));
	if (!done)
		error_set(error, "'%s': %s", path, strerror(errno));
	unlink(temporary);
	sodium_memzero(text, sizeof text);
	return done;
}

static void derive(const unsigned char secret[SECRET_BYTES], struct notice_keys *keys)
{
	unsigned char seed[crypto_sign_SEEDBYTES];

	crypto_kdf_derive_from_key(keys->code, sizeof keys->code, PART_CODE, "sekisho", secret);
	crypto_kdf_derive_from_key(keys->hash, sizeof keys->hash, PART_HASH, "sekisho", secret);
	crypto_kdf_derive_from_key(keys->seal, sizeof keys->seal, PART_SEAL, "sekisho", secret);
	crypto_kdf_derive_from_key(seed, sizeof seed, PART_SIGN, "sekisho", secret);
	crypto_sign_seed_keypair(keys->public, keys->secret, seed);
	sodium_memzero(seed, sizeof seed);
}

static bool read_secret(const char *path, bool make, unsigned char secret[SECRET_BYTES], struct error *error)
{
	struct stat st;
	bool there;

	if (!read_hex(path, secret, SECRET_BYTES, &there, error)) {
		if (there || !make)
			return false;
		randombytes_buf(secret, SECRET_BYTES);
		/* whoever was quicker has made it */
		if (!write_hex(path, 0600, secret, SECRET_BYTES, false, error) || !read_hex(path, secret, SECRET_BYTES, &there, error))
			return false;
	}
	return (stat(path, &st) == 0 && !(st.st_mode & 077)) ||
	       error_set(error, _("'%s' may be read by others than its owner: what it protects is worth nothing; delete it, and start again"), path);
}

/* as it should be; false where somebody may not write it, which only matters where it is not there */
static bool put_public(const char *path, const struct notice_keys *keys, struct error *error)
{
	unsigned char there[NOTICE_PUBLIC_BYTES];
	struct error ignored;

	if (notice_public_read(path, there, &ignored) && sodium_memcmp(there, keys->public, sizeof there) == 0)
		return true;
	return write_hex(path, 0644, keys->public, NOTICE_PUBLIC_BYTES, true, error);
}

bool notice_keys_read(const char *folder, bool make, struct notice_keys *keys, struct error *error)
{
	unsigned char secret[SECRET_BYTES];
	char path[PATH_MAX];
	bool done;

	if (sodium_init() < 0)
		return error_set(error, "libsodium cannot be used");
	if (!path_of(folder, NOTICE_KEY_FILE, path, error))
		return false;
	done = read_secret(path, make, secret, error);
	if (done)
		derive(secret, keys);
	sodium_memzero(secret, sizeof secret);
	if (!done || !make)
		return done;
	done = path_of(folder, NOTICE_PUBLIC_FILE, path, error) && put_public(path, keys, error);
	if (!done)
		notice_keys_wipe(keys);
	return done;
}

void notice_keys_wipe(struct notice_keys *keys) { sodium_memzero(keys, sizeof *keys); }

bool notice_public_read(const char *path, unsigned char public[NOTICE_PUBLIC_BYTES], struct error *error)
{
	bool there;

	if (sodium_init() < 0)
		return error_set(error, "libsodium cannot be used");
	return read_hex(path, public, NOTICE_PUBLIC_BYTES, &there, error);
}

/* ---- codes */

static void spell(const unsigned char *bytes, size_t characters, char *code)
{
	for (size_t i = 0; i < characters; i++) {
		size_t at = i * BITS / 8, shift = i * BITS % 8;
		unsigned pair = (unsigned)bytes[at] << 8 | bytes[at + 1];

		code[i] = notice_alphabet[pair >> (16 - BITS - shift) & 31];
	}
	code[characters] = '\0';
}

void notice_code_make(const struct notice_keys *keys, uint64_t notice, char code[NOTICE_CODE_MAX])
{
	unsigned char bytes[crypto_generichash_BYTES], number[8];
	char plain[NOTICE_CODE_CHARACTERS + 1];

	for (size_t i = 0; i < sizeof number; i++)
		number[i] = (unsigned char)(notice >> 8 * i);
	crypto_generichash(bytes, sizeof bytes, number, sizeof number, keys->code, sizeof keys->code);
	spell(bytes, NOTICE_CODE_CHARACTERS, plain);
	snprintf(code, NOTICE_CODE_MAX, "%.5s-%.5s", plain, plain + 5);
	sodium_memzero(bytes, sizeof bytes);
}

void notice_code_random(size_t characters, char *code)
{
	for (size_t i = 0; i < characters; i++)
		code[i] = notice_alphabet[randombytes_uniform(32)];
	code[characters] = '\0';
}

bool notice_code_read(struct text typed, size_t characters, char *to)
{
	size_t n = 0;

	for (size_t i = 0; i < typed.n; i++) {
		char c = typed.p[i];

		c = c >= 'a' && c <= 'z' ? (char)(c & ~0x20) : c;
		if (c == '-' || c == ' ' || c == '\t')
			continue;
		if (!c || n == characters || !memchr(notice_alphabet, c, 32))
			return false;
		to[n++] = c;
	}
	to[n] = '\0';
	return n == characters;
}

void notice_code_hash(const struct notice_keys *keys, struct text about, const char *code, char hash[NOTICE_HASH_MAX])
{
	unsigned char bytes[32], zero = 0;
	crypto_generichash_state state;

	crypto_generichash_init(&state, keys->hash, sizeof keys->hash, sizeof bytes);
	crypto_generichash_update(&state, (const unsigned char *)about.p, about.n);
	crypto_generichash_update(&state, &zero, 1);
	crypto_generichash_update(&state, (const unsigned char *)code, strlen(code));
	crypto_generichash_final(&state, bytes, sizeof bytes);
	sodium_bin2hex(hash, NOTICE_HASH_MAX, bytes, sizeof bytes);
}

bool notice_hash_equal(struct text one, struct text other)
{
	return one.n == other.n && one.n && sodium_memcmp(one.p, other.p, one.n) == 0;
}

/* ---- the mail as it is signed */

enum { HASH_MAX = 2 * crypto_hash_sha256_BYTES + 1 };

struct hashes {
	char head[HASH_MAX], body[HASH_MAX];
};

/* the next line, without the blanks at its end */
static struct text next_line(struct text *lines)
{
	struct text line = text_word(lines, '\n');

	while (line.n && (line.p[line.n - 1] == '\r' || line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t'))
		line.n--;
	return line;
}

/* what its reader sees, and answers to */
static const char *seen_field(struct text line)
{
	static const char *const names[] = { "from:", "subject:", "reply-to:" };
	struct text name;

	/* with blanks before the colon, too: readers take such a field (RFC 5322 4.5) */
	name = text_cut(&line, ':', &name) ? text_trim(name) : TEXT_NONE;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (name.n && name.n == strlen(names[i]) - 1 && strncasecmp(name.p, names[i], name.n) == 0)
			return names[i];
	return NULL;
}

/* its words, with one blank before each: so a field that is folded elsewhere is the same (RFC 6376 3.4.2) */
static void hash_words(crypto_hash_sha256_state *state, struct text line)
{
	for (bool blank = true; line.n; line = text_after(line, 1)) {
		bool is_blank = *line.p == ' ' || *line.p == '\t';

		if (blank && !is_blank)
			crypto_hash_sha256_update(state, (const unsigned char *)" ", 1);
		if (!is_blank)
			crypto_hash_sha256_update(state, (const unsigned char *)line.p, 1);
		blank = is_blank;
	}
}

static void hash_head(struct text head, char hex[HASH_MAX])
{
	unsigned char bytes[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	bool seen = false;

	crypto_hash_sha256_init(&state);
	while (head.n) {
		bool folded = *head.p == ' ' || *head.p == '\t';
		struct text line = next_line(&head);
		const char *name = folded ? NULL : seen_field(line);

		if (!folded) {
			if (seen)
				crypto_hash_sha256_update(&state, (const unsigned char *)"\n", 1);
			seen = name != NULL;
		}
		if (name) {
			crypto_hash_sha256_update(&state, (const unsigned char *)name, strlen(name));
			line = text_after(line, text_find(line, ':') + 1);
		}
		if (seen)
			hash_words(&state, line);
	}
	crypto_hash_sha256_final(&state, bytes);
	sodium_bin2hex(hex, HASH_MAX, bytes, sizeof bytes);
}

/* without empty lines at the end */
static void hash_body(struct text body, char hex[HASH_MAX])
{
	unsigned char bytes[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	size_t empty = 0;

	crypto_hash_sha256_init(&state);
	while (body.n) {
		struct text line = next_line(&body);

		if (!line.n) {
			empty++;
			continue;
		}
		for (; empty; empty--)
			crypto_hash_sha256_update(&state, (const unsigned char *)"\n", 1);
		crypto_hash_sha256_update(&state, (const unsigned char *)line.p, line.n);
		crypto_hash_sha256_update(&state, (const unsigned char *)"\n", 1);
	}
	crypto_hash_sha256_final(&state, bytes);
	sodium_bin2hex(hex, HASH_MAX, bytes, sizeof bytes);
}

static struct hashes hashes_of(const struct notice_marked *mail)
{
	struct hashes hashes;

	hash_head(mail->head, hashes.head);
	hash_body(mail->body, hashes.body);
	return hashes;
}

static size_t to_be_signed(const struct notice_mark *mark, const struct hashes *hashes, struct text message_id, char to[SIGNED_MAX])
{
	int n = snprintf(to, SIGNED_MAX, "sekisho notice 2\n%s\n%lld\n%s\n%s\n%s\n%.*s\n", mark->to, (long long)(mark->t_us / 1000000),
			 mark->code, hashes->head, hashes->body, TEXT_ARG(message_id));

	return n < SIGNED_MAX ? (size_t)n : SIGNED_MAX - 1;
}

/* an address may hold what divides the field's values */
static void escape(const char *address, char to[3 * NOTICE_MARK_ADDRESS_MAX])
{
	size_t n = 0;

	for (; *address; address++) {
		unsigned char c = (unsigned char)*address;

		if (c > ' ' && c < 0x7f && c != ';' && c != '%')
			to[n++] = (char)c;
		else
			n += (size_t)snprintf(to + n, 4, "%%%02X", c);
	}
	to[n] = '\0';
}

void notice_mark_sign(const struct notice_keys *keys, const struct notice_mark *mark, const struct notice_marked *mail, char value[NOTICE_MARK_MAX])
{
	char text[SIGNED_MAX], to[3 * NOTICE_MARK_ADDRESS_MAX];
	char signature[sodium_base64_ENCODED_LEN(crypto_sign_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
	struct hashes hashes = hashes_of(mail);
	unsigned char bytes[crypto_sign_BYTES];

	crypto_sign_detached(bytes, NULL, (const unsigned char *)text, to_be_signed(mark, &hashes, mail->message_id, text), keys->secret);
	sodium_bin2base64(signature, sizeof signature, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	escape(mark->to, to);
	snprintf(value, NOTICE_MARK_MAX, "v=2; to=%s;\r\n\tt=%lld; c=%s;\r\n\th=%s;\r\n\tb=%s;\r\n\ts=%s", to,
		 (long long)(mark->t_us / 1000000), mark->code, hashes.head, hashes.body, signature);
}

/* ---- reading it */

struct said {
	struct text to, t, code, head, body, signature;
	bool version, first_version; /* the first did not cover what people see above the text */
};

/* without the blanks that folding put in */
static struct text value_of(struct text *rest, struct text *name)
{
	struct text one = text_trim(text_word(rest, ';')), value = one;

	*name = text_cut(&value, '=', name) ? text_trim(*name) : TEXT_NONE;
	return text_trim(value);
}

static void read_said(struct text value, struct said *said)
{
	while (value.n) {
		struct text name, one = value_of(&value, &name);

		if (text_is(name, TEXT("v"))) {
			said->version = text_is(one, TEXT("2"));
			said->first_version = text_is(one, TEXT("1"));
		} else if (text_is(name, TEXT("to")))
			said->to = one;
		else if (text_is(name, TEXT("t")))
			said->t = one;
		else if (text_is(name, TEXT("c")))
			said->code = one;
		else if (text_is(name, TEXT("h")))
			said->head = one;
		else if (text_is(name, TEXT("b")))
			said->body = one;
		else if (text_is(name, TEXT("s")))
			said->signature = one;
	}
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void unescape(struct text said, char to[NOTICE_MARK_ADDRESS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < said.n && n < NOTICE_MARK_ADDRESS_MAX - 1; i++) {
		if (said.p[i] == '%' && i + 2 < said.n && digit(said.p[i + 1]) >= 0 && digit(said.p[i + 2]) >= 0) {
			to[n++] = (char)(digit(said.p[i + 1]) << 4 | digit(said.p[i + 2]));
			i += 2;
		} else {
			to[n++] = said.p[i];
		}
	}
	to[n] = '\0';
}

static bool is_signed(const unsigned char public[NOTICE_PUBLIC_BYTES], const struct said *said, const struct notice_mark *mark,
		      struct text message_id)
{
	unsigned char bytes[crypto_sign_BYTES];
	struct hashes hashes;
	char text[SIGNED_MAX];
	size_t n = 0;

	text_copy(hashes.head, sizeof hashes.head, said->head);
	text_copy(hashes.body, sizeof hashes.body, said->body);
	return sodium_base642bin(bytes, sizeof bytes, said->signature.p, said->signature.n, NULL, &n, NULL,
				 sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
	       n == sizeof bytes &&
	       crypto_sign_verify_detached(bytes, (const unsigned char *)text, to_be_signed(mark, &hashes, message_id, text), public) == 0;
}

enum notice_mark_result notice_mark_check(const unsigned char public[NOTICE_PUBLIC_BYTES], struct text value, const struct notice_marked *mail,
					  struct notice_mark *mark, const char **why)
{
	struct said said = { TEXT_NONE, TEXT_NONE, TEXT_NONE, TEXT_NONE, TEXT_NONE, TEXT_NONE, false, false };
	struct hashes hashes;
	uint64_t seconds = 0;

	*mark = (struct notice_mark){ .t_us = 0 };
	*why = "";
	if (!value.n)
		return MARK_NONE;
	read_said(value, &said);
	unescape(said.to, mark->to);
	text_copy(mark->code, sizeof mark->code, said.code);
	if (text_number(said.t, INT64_MAX / 1000000, &seconds))
		mark->t_us = (int64_t)seconds * 1000000;
	hashes = hashes_of(mail);
	if (said.first_version)
		*why = _("its mark is of an earlier form, which did not cover sender and subject: ask about its code (sekisho notice verify)");
	else if (!said.version || !is_signed(public, &said, mark, mail->message_id))
		*why = _("its mark was not made by us, or for another mail");
	else if (!text_is(said.head, text_of(hashes.head)))
		*why = _("its mark is ours, but stands below another sender, subject or address for answers");
	else if (!text_is(said.body, text_of(hashes.body)))
		*why = _("its mark is ours, but stands on another text");
	else
		return MARK_OURS;
	return MARK_COPIED;
}
