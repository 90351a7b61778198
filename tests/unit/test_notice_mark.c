/* SPDX-License-Identifier: Apache-2.0 */
/* The key, the codes, and the mark by which a notice of ours is told from a copy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk_help.h"
#include "notice/mark.h"

static struct notice_keys keys;

static void path_of(const char *name, char path[128]) { snprintf(path, 128, "%s/%s", folder, name); }

static void the_key_is_made_once_and_for_us_alone(void **state)
{
	struct notice_keys again, none;
	unsigned char public[NOTICE_PUBLIC_BYTES];
	struct error error = { "" };
	struct stat st;
	char path[128];

	assert_false(notice_keys_read(folder, false, &none, &error));
	assert_non_null(strstr(error.text, "notice.key"));
	assert_true(notice_keys_read(folder, true, &keys, &error));
	assert_true(notice_keys_read(folder, true, &again, &error));
	assert_memory_equal(&keys, &again, sizeof keys);
	path_of(NOTICE_KEY_FILE, path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	path_of(NOTICE_PUBLIC_FILE, path);
	assert_true(notice_public_read(path, public, &error));
	assert_memory_equal(public, keys.public, sizeof public);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	path_of(NOTICE_KEY_FILE, path);
	assert_int_equal(chmod(path, 0640), 0);
	assert_false(notice_keys_read(folder, true, &none, &error));
	assert_non_null(strstr(error.text, "may be read by others"));
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(truncate(path, 20), 0);
	assert_false(notice_keys_read(folder, true, &none, &error));
	assert_non_null(strstr(error.text, "holds no key"));
}

static void codes_are_the_same_each_time_and_differ(void **state)
{
	char one[NOTICE_CODE_MAX], other[NOTICE_CODE_MAX], plain[NOTICE_CODE_CHARACTERS + 1];
	char hash[NOTICE_HASH_MAX], same[NOTICE_HASH_MAX];
	struct error error;

	assert_true(notice_keys_read(folder, true, &keys, &error));
	notice_code_make(&keys, 7, one);
	notice_code_make(&keys, 7, other);
	assert_string_equal(one, other);
	notice_code_make(&keys, 8, other);
	assert_string_not_equal(one, other);
	assert_int_equal(strlen(one), 11);
	assert_int_equal(one[5], '-');
	assert_true(notice_code_read(text_of(one), NOTICE_CODE_CHARACTERS, plain));
	notice_code_hash(&keys, TEXT_NONE, plain, hash);
	for (char *c = one; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	assert_true(notice_code_read(text_of(one), NOTICE_CODE_CHARACTERS, plain));
	notice_code_hash(&keys, TEXT_NONE, plain, same);
	assert_string_equal(hash, same);
	assert_true(notice_hash_equal(text_of(hash), text_of(same)));
	notice_code_hash(&keys, TEXT("alice@example.org"), plain, same);
	assert_false(notice_hash_equal(text_of(hash), text_of(same)));
	assert_false(notice_hash_equal(TEXT_NONE, TEXT_NONE));
}

static void codes_are_read_as_people_type_them(void **state)
{
	static const struct { struct text typed; const char *read; } cases[] = {
		{ { "K7QX-29MR", 9 }, "K7QX29MR" },
		{ { "k7qx29mr", 8 }, "K7QX29MR" },
		{ { " k7qx 29mr\t", 11 }, "K7QX29MR" },
		{ { "K7QX29M", 7 }, NULL },
		{ { "K7QX29MRR", 9 }, NULL },
		{ { "K7QX29M0", 8 }, NULL }, /* no 0 is ever in a code */
		{ { "K7QX29M\0", 8 }, NULL },
		{ { "K7QX29M\xc2", 8 }, NULL },
		{ { "", 0 }, NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char read[9] = "";
		bool is = notice_code_read(cases[i].typed, 8, read);

		if (is != (cases[i].read != NULL) || (is && strcmp(read, cases[i].read) != 0))
			fail_msg("'%s' is read as '%s'", cases[i].typed.p, is ? read : "none");
	}
}

static void random_codes_use_the_whole_alphabet(void **state)
{
	char code[9], seen[33] = "";

	for (int i = 0; i < 2000; i++) {
		notice_code_random(8, code);
		assert_int_equal(strspn(code, notice_alphabet), 8);
		for (char *c = code; *c; c++)
			seen[strchr(notice_alphabet, *c) - notice_alphabet] = *c;
	}
	assert_string_equal(seen, notice_alphabet);
}

#define ID "1.abc@mail.example.org"
#define HEAD "From: \"Mail\" <mail@example.org>\r\nSubject: Your\r\n account is locked\r\n"
#define BODY "Your account\r\n\r\n info@example.net  \r\n\r\n"

static const struct notice_marked sent = { { ID, sizeof ID - 1 }, { HEAD, sizeof HEAD - 1 }, { BODY, sizeof BODY - 1 } };

static void a_mark_is_ours_on_its_own_mail_alone(void **state)
{
	static const struct {
		const char *name, *find, *put, *id, *head, *body;
		enum notice_mark_result result;
	} cases[] = {
		{ "as it was sent", NULL, NULL, ID, HEAD, BODY, MARK_OURS },
		{ "without CRs, and blanks at the ends", NULL, NULL, ID, HEAD, "Your account\n\n info@example.net\n", MARK_OURS },
		{ "folded elsewhere, other fields", NULL, NULL, ID, "Received: from x\n\tby y\nFROM: \"Mail\"\n <mail@example.org>\nX: y\nsubject:  Your account\n is locked\n",
		  BODY, MARK_OURS },
		{ "another text", NULL, NULL, ID, HEAD, BODY "Log in here", MARK_COPIED },
		{ "another line", NULL, NULL, ID, HEAD, "Your account\r\n info@example.net\r\n", MARK_COPIED },
		{ "more in the subject", NULL, NULL, ID, "From: \"Mail\" <mail@example.org>\r\nSubject: URGENT Your account is locked\r\n", BODY, MARK_COPIED },
		{ "another sender", NULL, NULL, ID, "From: \"Mail\" <evil@example.com>\r\nSubject: Your account is locked\r\n", BODY, MARK_COPIED },
		{ "a second subject above", NULL, NULL, ID, "Subject: Pay\r\n" HEAD, BODY, MARK_COPIED },
		{ "a second subject below", NULL, NULL, ID, HEAD "Subject: Pay\r\n", BODY, MARK_COPIED },
		{ "answers go elsewhere", NULL, NULL, ID, HEAD "Reply-To: evil@example.com\r\n", BODY, MARK_COPIED },
		{ "answers go elsewhere, by a field of the old form", NULL, NULL, ID, HEAD "Reply-To : evil@example.com\r\n", BODY, MARK_COPIED },
		{ "a second subject of the old form", NULL, NULL, ID, "Subject\t: Pay\r\n" HEAD, BODY, MARK_COPIED },
		{ "no head", NULL, NULL, ID, "", BODY, MARK_COPIED },
		{ "another mail", NULL, NULL, "2.abc@mail.example.org", HEAD, BODY, MARK_COPIED },
		{ "no Message-ID", NULL, NULL, "", HEAD, BODY, MARK_COPIED },
		{ "another recipient", "to=a", "to=b", ID, HEAD, BODY, MARK_COPIED },
		{ "another day", "t=17", "t=16", ID, HEAD, BODY, MARK_COPIED },
		{ "another version", "v=2", "v=1", ID, HEAD, BODY, MARK_COPIED },
		{ "no signature", "s=", "z=", ID, HEAD, BODY, MARK_COPIED },
		{ "a signature of another length", "s=", "s=A", ID, HEAD, BODY, MARK_COPIED },
	};
	struct notice_mark mark = { "alice;%home@example.com", "K7QX2-9MRT4", 1795176000 * SECOND_US }, read;
	struct notice_marked came;
	struct error error;
	const char *why;
	char value[NOTICE_MARK_MAX];

	assert_true(notice_keys_read(folder, true, &keys, &error));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		notice_mark_sign(&keys, &mark, &sent, value);
		if (cases[i].find) {
			char *at = strstr(value, cases[i].find), rest[NOTICE_MARK_MAX];

			assert_non_null(at);
			snprintf(rest, sizeof rest, "%s%s", cases[i].put, at + strlen(cases[i].find));
			snprintf(at, sizeof value - (size_t)(at - value), "%s", rest);
		}
		came = (struct notice_marked){ text_of(cases[i].id), text_of(cases[i].head), text_of(cases[i].body) };
		if (notice_mark_check(keys.public, text_of(value), &came, &read, &why) != cases[i].result)
			fail_msg("%s: %s", cases[i].name, why);
		if (strstr(value, "v=1"))
			assert_non_null(strstr(why, "earlier form"));
		if (cases[i].result == MARK_OURS) {
			assert_string_equal(read.to, mark.to);
			assert_string_equal(read.code, mark.code);
			assert_int_equal(read.t_us, mark.t_us);
		}
	}
	assert_int_equal(notice_mark_check(keys.public, TEXT_NONE, &sent, &read, &why), MARK_NONE);
	keys.public[3] ^= 1;
	notice_mark_sign(&keys, &mark, &sent, value);
	assert_int_equal(notice_mark_check(keys.public, text_of(value), &sent, &read, &why), MARK_COPIED);
}

static void no_line_of_a_mark_is_long(void **state)
{
	struct notice_mark mark = { "", "K7QX2-9MRT4", 0 };
	struct notice_mark read;
	struct error error;
	const char *why;
	char value[NOTICE_MARK_MAX], *end;

	assert_true(notice_keys_read(folder, true, &keys, &error));
	memset(mark.to, ';', sizeof mark.to - 1);
	notice_mark_sign(&keys, &mark, &sent, value);
	assert_int_equal(notice_mark_check(keys.public, text_of(value), &sent, &read, &why), MARK_OURS);
	for (char *line = value; line; line = end ? end + 2 : NULL) { /* RFC 5322 2.1.1 */
		end = strstr(line, "\r\n");
		assert_true((end ? (size_t)(end - line) : strlen(line)) < 998);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_key_is_made_once_and_for_us_alone), TEST(codes_are_the_same_each_time_and_differ),
		TEST(codes_are_read_as_people_type_them),    TEST(random_codes_use_the_whole_alphabet),
		TEST(a_mark_is_ours_on_its_own_mail_alone),  TEST(no_line_of_a_mark_is_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
