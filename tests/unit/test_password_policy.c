/* SPDX-License-Identifier: Apache-2.0 */
/* What may be a password, in both directions: what everybody guesses is refused, and for the right reason; what nobody guesses passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/text.h"
#include "password/policy.h"

#define GOOD PASSWORD_FAULTS

enum { RANDOM = 30000, REFUSED_MOST = RANDOM / 10000, EIGHT_REFUSED_MOST = RANDOM / 150 };

static const char *const company[] = { "Acme Shoji Co., Ltd.", "Ogawa Hanako", NULL };
#define ADDRESS "tanaka.taro85@mail.example.co.jp"

static const struct password_owner tanaka = { .address = { ADDRESS, sizeof ADDRESS - 1 }, .names = company };

struct example {
	const char *password;
	enum password_fault fault; /* the first thing that is said; GOOD: nothing is */
};

static enum password_fault first_fault(const struct password_policy *policy, const struct password_owner *owner, const char *password)
{
	struct password_verdict verdict;

	password_judge(policy, owner, text_of(password), &verdict);
	return verdict.count ? verdict.objections[0].fault : GOOD;
}

static const char *name_of(enum password_fault fault) { return fault == GOOD ? "good" : password_fault_names[fault]; }

static void expect(const char *profile, const struct example *examples, size_t count)
{
	const struct password_policy *policy = password_profile_find(text_of(profile));
	size_t wrong = 0;

	assert_non_null(policy);
	for (size_t i = 0; i < count; i++) {
		enum password_fault fault = first_fault(policy, &tanaka, examples[i].password);

		if (fault == examples[i].fault)
			continue;
		print_error("%s, %s: %s, wanted %s\n", profile, examples[i].password, name_of(fault), name_of(examples[i].fault));
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

#define EXPECT(profile, ...)                                                         \
	do {                                                                         \
		static const struct example examples[] = { __VA_ARGS__ };            \
		expect(profile, examples, sizeof examples / sizeof *examples);       \
	} while (0)

/* ---- what the issue names */

static void digits_only(void **state)
{
	EXPECT("basic", { "12345678", PASSWORD_ONLY_DIGITS }, { "98765432", PASSWORD_ONLY_DIGITS }, { "83920174", PASSWORD_ONLY_DIGITS },
	       { "19850412", PASSWORD_ONLY_DIGITS }, { "2024-01-01", PASSWORD_ONLY_DIGITS }, { "090-1234-5678", PASSWORD_ONLY_DIGITS },
	       { "3.14159265", PASSWORD_ONLY_DIGITS }, { "00000000", PASSWORD_ONLY_DIGITS });
}

static void words(void **state)
{
	EXPECT("basic", { "password", PASSWORD_WORD }, { "PASSWORD", PASSWORD_WORD }, { "Passw0rd", PASSWORD_WORD }, { "drowssap", PASSWORD_WORD },
	       { "sunshine", PASSWORD_WORD }, { "football", PASSWORD_WORD }, { "5unsh1ne", PASSWORD_WORD }, { "iloveyou", PASSWORD_WORD },
	       { "himawari", PASSWORD_WORD }, { "irawamih", PASSWORD_WORD }, { "h1mawar1", PASSWORD_WORD }, { "arigatou", PASSWORD_WORD },
	       { "doraemon", PASSWORD_WORD }, { "aishiteru", PASSWORD_WORD }, { "takahashi", PASSWORD_WORD }, { "watanabe", PASSWORD_WORD },
	       { "hiroyuki", PASSWORD_WORD }, { "syunsuke", PASSWORD_WORD }, { "ryunosuke", PASSWORD_WORD }, { "kagoshima", PASSWORD_WORD },
	       { "kagosima", PASSWORD_WORD }, { "shimbashi", PASSWORD_WORD }, { "Kabushikigaisha", PASSWORD_WORD }, { "yamasakura", PASSWORD_MIXTURE },
	       { "international", PASSWORD_WORD }, { "mississippi", PASSWORD_WORD }, { "philosophical", PASSWORD_WORD });
	EXPECT("four", { "P@ssw0rd", PASSWORD_WORD }, { "S@kur@ko", PASSWORD_CLASSES });
}

static void words_with_digits(void **state)
{
	EXPECT("basic", { "password1", PASSWORD_WORD_DIGITS }, { "Sakura2024", PASSWORD_WORD_DIGITS }, { "2024sakura", PASSWORD_WORD_DIGITS },
	       { "sakura-2024", PASSWORD_WORD_DIGITS }, { "sakura123", PASSWORD_WORD_DIGITS }, { "arukas99", PASSWORD_WORD_DIGITS },
	       { "s1a2k3u4r5a6", PASSWORD_WORD_DIGITS }, { "12himawari34", PASSWORD_WORD_DIGITS }, { "Himawari1.", PASSWORD_WORD_DIGITS },
	       { "satoh1985", PASSWORD_WORD_DIGITS }, { "sato1985", PASSWORD_WORD_DIGITS }, { "toukyou2020", PASSWORD_WORD_DIGITS },
	       { "tokyo-2020", PASSWORD_WORD_DIGITS }, { "dragon99", PASSWORD_WORD_DIGITS }, { "monkey0815", PASSWORD_WORD_DIGITS },
	       { "suzuki19850412", PASSWORD_WORD_DIGITS }, { "19850412suzuki", PASSWORD_WORD_DIGITS }, { "Welcome2025.", PASSWORD_WORD_DIGITS },
	       { "philosophical1", PASSWORD_WORD_DIGITS }, { "5akura.77", PASSWORD_WORD_DIGITS });
	EXPECT("four", { "P@$$w0rd123", PASSWORD_WORD_DIGITS }, { "Sakura2024!", PASSWORD_WORD_DIGITS }, { "!1Himawari", PASSWORD_WORD_DIGITS },
	       { "Summer#2025", PASSWORD_WORD_DIGITS }, { "Kyoto_1994", PASSWORD_WORD_DIGITS }, { "Hanshin+1985", PASSWORD_WORD_DIGITS });
}

static void repetitions(void **state)
{
	EXPECT("basic", { "aaaaaaaa", PASSWORD_REPEATS }, { "abcabcabc", PASSWORD_REPEATS }, { "abababab", PASSWORD_REPEATS },
	       { "aaaa1111", PASSWORD_REPEATS }, { "xy7xy7xy7", PASSWORD_REPEATS }, { "aabbaabb", PASSWORD_REPEATS }, { "k7Twk7Tw", PASSWORD_REPEATS },
	       { "AAAAaaaa", PASSWORD_REPEATS }, { "aaabbbccc", PASSWORD_REPEATS }, { "1a1a1a1a1", PASSWORD_REPEATS }, { "qwxqwxqw", PASSWORD_REPEATS });
	EXPECT("long", { "sakurasakurasakurasakura", PASSWORD_REPEATS }, { "aB3$aB3$aB3$aB3$aB3$", PASSWORD_REPEATS },
	       { "inu-inu-inu-inu-inu-inu", PASSWORD_REPEATS });
}

static void rows(void **state)
{
	EXPECT("basic", { "1qaz2wsx", PASSWORD_ROW }, { "1234qwer", PASSWORD_ROW }, { "zaq12wsx", PASSWORD_ROW }, { "qwer1234", PASSWORD_ROW },
	       { "1QAZ2WSX", PASSWORD_ROW }, { "asdfghjkl", PASSWORD_ROW }, { "poiuytrewq", PASSWORD_ROW }, { "1q2w3e4r", PASSWORD_ROW },
	       { "q1w2e3r4t5", PASSWORD_ROW }, { "qazwsxedc", PASSWORD_ROW }, { "zxcvbnm,.", PASSWORD_ROW }, { "asdf1234", PASSWORD_ROW },
	       { "abcdefgh", PASSWORD_ROW }, { "hgfedcba", PASSWORD_ROW }, { "abcd1234", PASSWORD_ROW }, { "qwerty123", PASSWORD_ROW },
	       { "zaqxswcde", PASSWORD_ROW }, { "qweasdzxc", PASSWORD_ROW }, { "0okm9ijn", PASSWORD_ROW }, { "rfvtgbyhn", PASSWORD_ROW },
	       { "qwertyuiop", PASSWORD_ROW }, { "QwErTyUi", PASSWORD_ROW }, { "uiop-7890", PASSWORD_ROW }, { "4rfv5tgb", PASSWORD_ROW });
	/* as a JIS board has them, and with Shift */
	EXPECT("four", { "!QAZ2wsx", PASSWORD_ROW }, { "1qaz@WSX", PASSWORD_ROW }, { "!\"#$Qwer1", PASSWORD_ROW }, { "Qwertyuiop@[1", PASSWORD_ROW },
	       { "Asdfghjkl;:]1", PASSWORD_ROW }, { "1Qaz\"wsx", PASSWORD_ROW },
	       { "Uiop@[9k", PASSWORD_ROW });
}

static void the_address(void **state)
{
	EXPECT("basic", { "tanaka123", PASSWORD_OF_ADDRESS }, { "Tanaka123", PASSWORD_OF_ADDRESS }, { "akanat123", PASSWORD_OF_ADDRESS },
	       { "t4n4k4.99", PASSWORD_OF_ADDRESS }, { "tanakataro", PASSWORD_OF_ADDRESS }, { "taro.tanaka", PASSWORD_OF_ADDRESS },
	       { "tanaka.taro85", PASSWORD_OF_ADDRESS }, { "taro85taro", PASSWORD_OF_ADDRESS }, { "example2024", PASSWORD_OF_ADDRESS },
	       { "ex4mple-1", PASSWORD_OF_ADDRESS }, { "elpmaxe1", PASSWORD_OF_ADDRESS }, { "mail.example", PASSWORD_OF_ADDRESS },
	       { "example.co.jp", PASSWORD_OF_ADDRESS }, { "tanaka-xK9.mP2q", PASSWORD_OF_ADDRESS }, { "xK9.example", PASSWORD_OF_ADDRESS },
	       { "tanaka1qaz", PASSWORD_OF_ADDRESS }, { "sakuratanaka", PASSWORD_OF_ADDRESS }, { "85tanaka85", PASSWORD_OF_ADDRESS },
	       { "t1a2n3a4k5a6", PASSWORD_OF_ADDRESS }, { "orat5891", PASSWORD_OF_ADDRESS });
	EXPECT("four", { "T@n4k4_2024", PASSWORD_OF_ADDRESS }, { "Taro85!!", PASSWORD_OF_ADDRESS }, { "3xample!Q", PASSWORD_OF_ADDRESS });
}

/* whatever stands between the characters */
static void symbols_in_between(void **state)
{
	EXPECT("basic", { "t.a.n.a.k.a.9", PASSWORD_OF_ADDRESS }, { "t-a-n-a-k-a", PASSWORD_OF_ADDRESS }, { "exam.ple.jp77", PASSWORD_OF_ADDRESS },
	       { "e-x-a-m-p-l-e", PASSWORD_OF_ADDRESS }, { "tan.aka-2024", PASSWORD_OF_ADDRESS }, { "a.c.m.e.2024", PASSWORD_OF_NAMES },
	       { "s-h-o-j-i-77", PASSWORD_OF_NAMES }, { "s.a.k.u.r.a.9", PASSWORD_WORD_DIGITS }, { "hima.wari.77", PASSWORD_WORD_DIGITS },
	       { "pass.word.2024", PASSWORD_WORD_DIGITS }, { "neko-in.u-20.24", PASSWORD_MIXTURE });
	EXPECT("basic", { "t.q.n.v.k.x.9", GOOD }, { "ex.mqv.jw77", GOOD }, { "v.m-c,e.7Kq", GOOD });
}

static void names(void **state)
{
	EXPECT("basic", { "acme2024", PASSWORD_OF_NAMES }, { "Acme-Shoji", PASSWORD_OF_NAMES }, { "emca2024", PASSWORD_OF_NAMES },
	       { "acm3.shoji", PASSWORD_OF_NAMES }, { "acme1234qwer", PASSWORD_OF_NAMES }, { "hanako1985", PASSWORD_OF_NAMES },
	       { "0gawa2024", PASSWORD_OF_NAMES }, { "ijohs-77", PASSWORD_OF_NAMES }, { "shoji.xK9-mP", PASSWORD_OF_NAMES });
}

static void mixtures(void **state)
{
	EXPECT("basic", { "monkeydragon", PASSWORD_MIXTURE }, { "suzukisatou", PASSWORD_MIXTURE }, { "sakura1qaz", PASSWORD_MIXTURE },
	       { "qwersakura", PASSWORD_MIXTURE }, { "tokyo-osaka", PASSWORD_MIXTURE }, { "neko.inu.2024", PASSWORD_MIXTURE },
	       { "inunekosaru", PASSWORD_MIXTURE }, { "sakura99momo", PASSWORD_MIXTURE }, { "1234dragonfire", PASSWORD_MIXTURE },
	       { "nihonkoku", PASSWORD_MIXTURE }, { "aaasakura.", PASSWORD_MIXTURE }, { "loveyuki2011", PASSWORD_MIXTURE });
	EXPECT("basic", { "inunokimochi", PASSWORD_MIXTURE }, { "nekotoinu2024", PASSWORD_MIXTURE }, { "catdogsunice", PASSWORD_MIXTURE },
	       { "catsundogice", PASSWORD_MIXTURE }, { "cat.dog.sun.ice", PASSWORD_MIXTURE }, { "Mt.Fuji3776", PASSWORD_WORD_DIGITS },
	       { "1192tsukurou", PASSWORD_WORD_DIGITS }, { "5963gokurou", PASSWORD_WORD_DIGITS }, { "794uguisu", PASSWORD_WORD_DIGITS },
	       { "4649yoroshiku", PASSWORD_WORD_DIGITS });
	/* numbers, with a letter so that they have one */
	EXPECT("basic", { "090-1234-56a", PASSWORD_GUESSED }, { "a090-1234-56", PASSWORD_GUESSED }, { "09012345678a", PASSWORD_GUESSED },
	       { "059e3b92aaaa1a4", GOOD }, { "193ed2276026e7f", GOOD });
	EXPECT("long", { "tokyo-osaka-kyoto-2024", PASSWORD_MIXTURE }, { "sakura.himawari.suzuki", PASSWORD_MIXTURE },
	       { "password1234qwertyuiop", PASSWORD_MIXTURE }, { "Suzuki-Satou-19850412", PASSWORD_MIXTURE });
}

static void its_shape(void **state)
{
	EXPECT("basic", { "k7-Tw.9", PASSWORD_SHORT }, { "k7-Tw.9xk7,Tw-9X", PASSWORD_LONG }, { "k7!Tw.9xQz", PASSWORD_BYTES },
	       { "k7 Tw.9xQz", PASSWORD_BYTES }, { "k7-Tw.\xe3\x81\x82Qz", PASSWORD_BYTES }, { "k7-Tw.\tQzx", PASSWORD_BYTES }, { "", PASSWORD_SHORT });
	EXPECT("long", { "k7-Tw.9xQz+mP2q_rV8", PASSWORD_SHORT });
	EXPECT("four", { "k7tw9xqzv", PASSWORD_CLASSES }, { "K7tw9xqzv", PASSWORD_CLASSES }, { "k7-tw.9xqz", PASSWORD_CLASSES },
	       { "Kq-tw.vxqz", PASSWORD_CLASSES });
}

static void guessed_by_zxcvbn(void **state)
{
	EXPECT("basic", { "sakuraXz", PASSWORD_GUESSED }, { "xsuzuki7b", PASSWORD_GUESSED }, { "Tulip9xa", PASSWORD_GUESSED });
}

/* ---- what must pass */

static void good_ones_pass(void **state)
{
	EXPECT("basic", { "xK9.mP2-qLr", GOOD }, { "k7-Tw.9x", GOOD }, { "Xq7,bR2-Lp", GOOD }, { "vH3nQ8tZ", GOOD }, { "zr-Wq8.mKt", GOOD },
	       { "gTf5,wJx2", GOOD }, { "Rk.83-pZvM", GOOD }, { "bqXw7-yhNf3", GOOD }, { "9Vm-tKr.Hx", GOOD }, { "uPz4.cGn-8Wd", GOOD },
	       { "Lx2wQv9-bTz", GOOD }, { "w.Zk5Gy-Jp3", GOOD }, { "nT8-hVq,Rc4", GOOD }, { "JbX3.pWm9-Kf", GOOD }, { "yQd6-Zr2.vNh", GOOD });
	EXPECT("four", { "k7-Tw.9x", GOOD }, { "Xq7!bR2_Lp", GOOD }, { "r&9Kv?2Wqz", GOOD }, { "Tulip-river-9-moon-Verb", GOOD },
	       { "q%W8~nL4{t", GOOD }, { "Zp 7k Rw 3m!", GOOD }, { "5x'Jv\\3Qm", GOOD }, { "#Gt7kW@z2R", GOOD }, { "vK8)nQ1=wT", GOOD },
	       { "M2;hZ9>rXb", GOOD }, { "c+F6yN/4pJ", GOOD }, { "Bw3|Ld7^Vs", GOOD }, { "N8-gR4,xTq", GOOD }, { "h*E9zK2:mY", GOOD });
	EXPECT("long", { "keep-laser-window-storm", GOOD }, { "velvet anchor tomato pilgrim", GOOD }, { "hato-karasu-tsuki-enpitsu-umi", GOOD },
	       { "BadgerLadderCoffeeViolin", GOOD }, { "four horses sing under glass", GOOD }, { "k7-Tw.9xQz+mP2q_rV83nT", GOOD },
	       { "umbrella.kettle.gravel.mint", GOOD }, { "noodle-castle-orbit-flute", GOOD }, { "saru wa ki kara ochinai-72", GOOD },
	       { "yesterday my lamp ate 3 plums", GOOD }, { "parcel7magnet4thistle2owl", GOOD }, { "tegami-zou-midori-kasa-taki", GOOD });
}

static uint64_t drawn;

/* splitmix64: the same passwords in each run */
static uint32_t draw(void)
{
	uint64_t z = drawn += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(z ^ z >> 31);
}

static const char *name_of_draw(void) { return "table"; }

static void draw_bytes(void *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((uint8_t *)to)[i] = (uint8_t)draw();
}

static randombytes_implementation drawing = { name_of_draw, draw, NULL, NULL, draw_bytes, NULL };

static size_t refused(const struct password_policy *policy, const struct password_recipe *recipe, size_t count)
{
	struct password_made made;
	struct error error;
	size_t no = 0;

	for (size_t i = 0; i < count; i++) {
		assert_true(password_generate(recipe, &made, &error));
		if (strlen(made.text) < policy->least || strlen(made.text) > policy->most)
			continue;
		no += first_fault(policy, &tanaka, made.text) != GOOD;
	}
	return no;
}

static void random_ones_pass(void **state)
{
	for (size_t i = 0; i < password_profile_count; i++) {
		const struct password_policy *policy = &password_profiles[i];
		struct password_recipe recipe = password_policy_recipe(policy);
		size_t no;

		recipe.length = policy->least > 12 ? policy->least : 12;
		no = refused(policy, &recipe, RANDOM);
		print_message("%s: %zu of %d random ones refused\n", policy->profile, no, RANDOM);
		assert_true(no <= REFUSED_MOST);
	}
}

/* of eight characters some look like words by chance; hexadecimal ones have many digits */
static void shorter_and_plainer_random_ones_pass(void **state)
{
	const struct password_recipe eight = { .length = 8, .classes = PASSWORD_ALL, .symbols = "-.," };
	const struct password_policy *basic = password_profile_find(TEXT("basic"));
	struct password_policy hexadecimal = *basic;
	size_t no = refused(basic, &eight, RANDOM), of_hexadecimal = 0;
	char text[17];

	hexadecimal.most = 16;
	for (size_t i = 0; i < RANDOM; i++) {
		snprintf(text, sizeof text, "%08x%08x", (unsigned)draw(), (unsigned)draw());
		of_hexadecimal += first_fault(&hexadecimal, &tanaka, text) != GOOD;
	}
	print_message("%zu of eight characters, %zu of sixteen hexadecimal digits refused, of %d\n", no, of_hexadecimal, RANDOM);
	assert_true(no <= EIGHT_REFUSED_MOST);
	/* of 2,000 one has digits alone, and another one is a word or a row with digits */
	assert_true(of_hexadecimal <= RANDOM / 500);
}

static void what_the_recipe_makes_passes(void **state)
{
	for (size_t i = 0; i < password_profile_count; i++) {
		struct password_recipe recipe = password_policy_recipe(&password_profiles[i]);
		struct password_made made;
		struct error error;

		assert_true(password_generate(&recipe, &made, &error));
		assert_true(made.bits >= 80);
		assert_true(refused(&password_profiles[i], &recipe, 3000) <= 1);
	}
}

/* four words, as they come; those that have "example" in them are rightly refused, and one in a thousand is poor: over, under, into, onto */
static void passphrases_pass(void **state)
{
	const struct password_policy *policy = password_profile_find(TEXT("long"));
	struct password_recipe recipe = { .words = 4, .separator = "-", .classes = PASSWORD_LOWER };
	size_t no = refused(policy, &recipe, 5000);

	assert_true(no <= 25);
	recipe.words = 5;
	recipe.separator = "";
	recipe.classes = PASSWORD_UPPER;
	no = refused(policy, &recipe, 5000);
	assert_true(no <= 25);
}

/* ---- further questions */

/* only whoever keeps the hashes can tell, once it is to be set */
static void former_ones(void **state)
{
	const struct password_policy *policy = password_profile_find(TEXT("basic"));
	char why[PASSWORD_SENTENCE_MAX], mend[PASSWORD_SENTENCE_MAX];
	struct password_verdict verdict;

	password_judge(policy, &tanaka, TEXT("xK9.mP2-qLr"), &verdict);
	assert_int_equal(verdict.count, 0);
	password_verdict_former(&verdict);
	assert_int_equal(verdict.count, 1);
	assert_int_equal(verdict.objections[0].fault, PASSWORD_FORMER);
	assert_string_equal(password_fault_names[verdict.objections[0].fault], "former");
	password_objection_why(&verdict.objections[0], policy, why);
	password_objection_mend(&verdict.objections[0], policy, mend);
	assert_string_equal(why, "It was the password of this account before.");
	assert_string_equal(mend, "Take a new one; whoever knew the old one must not get in again.");
}

static void everything_is_said_at_once(void **state)
{
	struct password_verdict verdict;

	password_judge(password_profile_find(TEXT("four")), &tanaka, TEXT("acme\ttanaka"), &verdict);
	assert_int_equal(verdict.count, 4);
	assert_int_equal(verdict.objections[0].fault, PASSWORD_BYTES);
	assert_int_equal(verdict.objections[1].fault, PASSWORD_CLASSES);
	assert_int_equal(verdict.objections[1].number, 4);
	assert_int_equal(verdict.objections[2].fault, PASSWORD_OF_ADDRESS);
	assert_int_equal(verdict.objections[3].fault, PASSWORD_OF_NAMES);
	assert_true(verdict.bits < 0);
}

static void sentences(void **state)
{
	char why[PASSWORD_SENTENCE_MAX], mend[PASSWORD_SENTENCE_MAX], demands[PASSWORD_DEMANDS_MAX][PASSWORD_SENTENCE_MAX];

	for (size_t i = 0; i < password_profile_count; i++) {
		assert_in_range(password_policy_demands(&password_profiles[i], demands), 4, PASSWORD_DEMANDS_MAX);
		for (unsigned fault = 0; fault < PASSWORD_FAULTS; fault++) {
			struct password_objection objection = { fault, 8 };

			password_objection_why(&objection, &password_profiles[i], why);
			password_objection_mend(&objection, &password_profiles[i], mend);
			assert_true(*why && *mend && why[strlen(why) - 1] == '.');
			assert_null(strchr(why, '%'));
			assert_null(strchr(mend, '%'));
			assert_non_null(password_fault_names[fault]);
		}
	}
	password_objection_mend(&(struct password_objection){ PASSWORD_BYTES, 0 }, password_profile_find(TEXT("basic")), mend);
	assert_non_null(strstr(mend, "-.,"));
	/* four words have no room in fifteen characters */
	password_objection_mend(&(struct password_objection){ PASSWORD_MIXTURE, 0 }, password_profile_find(TEXT("basic")), mend);
	assert_null(strstr(mend, "words"));
	password_objection_mend(&(struct password_objection){ PASSWORD_MIXTURE, 0 }, password_profile_find(TEXT("long")), mend);
	assert_non_null(strstr(mend, "four or more words"));
	password_objection_mend(&(struct password_objection){ PASSWORD_SHORT, 20 }, password_profile_find(TEXT("long")), mend);
	assert_non_null(strstr(mend, "20"));
}

/* ---- hostile ones */

static void any_bytes_of_any_length(void **state)
{
	enum { MANY = 1 << 20 };
	char *bytes = malloc(MANY);
	struct password_verdict verdict;

	assert_non_null(bytes);
	for (size_t n = 0; n <= MANY; n = n < 600 ? n + 1 : n * 2) {
		draw_bytes(bytes, n);
		for (size_t i = 0; i < password_profile_count; i++) {
			password_judge(&password_profiles[i], &tanaka, (struct text){ bytes, n }, &verdict);
			assert_true(verdict.count <= PASSWORD_FAULTS);
			assert_true(verdict.count > 0 || n <= password_profiles[i].most);
		}
		for (size_t i = 0; i < n && i < 600; i++)
			bytes[i] = "a0qA1!-"[(uint8_t)bytes[i] % 7];
		password_judge(&password_profiles[2], &tanaka, (struct text){ bytes, n }, &verdict);
	}
	free(bytes);
}

static void owner_of_any_kind(void **state)
{
	static const char *const addresses[] = { "", "@", "@@@", "a@b", "...@...", "tanaka", "@example.jp", "a.b.c.d.e.f.g.h@i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y",
						 "\xff\xfe@\x80", "1@2", "0123456789012345678901234567890123456789012345678901234567890123456789@x" };
	static const char *const names[] = { "", " ", "\xe6\xa0\xaa\xe5\xbc\x8f\xe4\xbc\x9a\xe7\xa4\xbe", "a", "-", NULL };

	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		struct password_owner owner = { .address = text_of(addresses[i]), .names = names };

		assert_int_equal(first_fault(&password_profiles[0], &owner, "xK9.mP2-qLr"), GOOD);
	}
	assert_int_equal(first_fault(&password_profiles[0], NULL, "xK9.mP2-qLr"), GOOD);
}

/* ---- what is left in memory */

enum { MASK = 0x55 };

static bool stands_there(const uint8_t *at, const uint8_t *masked, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((at[i] ^ MASK) != masked[i])
			return false;
	return true;
}

static bool is_in_memory(const uint8_t *masked, size_t n)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	int memory = open("/proc/self/mem", O_RDONLY);
	static uint8_t block[1 << 16];
	unsigned long from, to;
	char line[512], mode[8];
	bool found = false;

	assert_non_null(maps);
	while (fgets(line, sizeof line, maps)) {
		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) != 3 || mode[0] != 'r' || mode[1] != 'w' || to - from > 1ul << 32)
			continue;
		for (unsigned long at = from; at < to; at += sizeof block - 64) {
			ssize_t got = pread(memory, block, sizeof block, (off_t)at);

			for (ssize_t i = 0; i + (ssize_t)n <= got; i++)
				found = found || stands_there(block + i, masked, n);
		}
		explicit_bzero(block, sizeof block);
	}
	fclose(maps);
	close(memory);
	return found;
}

/* forwards and backwards, for zxcvbn turns it round */
static void nothing_is_left_in_memory(void **state)
{
	static const char *const masked_passwords[] = { "-\x1el{8\x05g\x78$\x19'", "&4>  '4x<&x4x</07'4x'y" };

	for (size_t i = 0; i < 2; i++) {
		uint8_t masked[64], turned[64];
		size_t n = strlen(masked_passwords[i]);
		char *password = malloc(n + 1);
		struct password_verdict verdict;

		memcpy(masked, masked_passwords[i], n);
		for (size_t j = 0; j < n; j++) {
			password[j] = (char)(masked[j] ^ MASK);
			turned[n - 1 - j] = masked[j];
		}
		password[n] = '\0';
		assert_true(is_in_memory(masked, n));
		for (size_t j = 0; j < password_profile_count; j++)
			password_judge(&password_profiles[j], &tanaka, text_of(password), &verdict);
		explicit_bzero(password, n);
		assert_false(is_in_memory(masked, n));
		assert_false(is_in_memory(turned, n));
		free(password);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits_only),
		cmocka_unit_test(words),
		cmocka_unit_test(words_with_digits),
		cmocka_unit_test(repetitions),
		cmocka_unit_test(rows),
		cmocka_unit_test(the_address),
		cmocka_unit_test(symbols_in_between),
		cmocka_unit_test(names),
		cmocka_unit_test(mixtures),
		cmocka_unit_test(its_shape),
		cmocka_unit_test(guessed_by_zxcvbn),
		cmocka_unit_test(good_ones_pass),
		cmocka_unit_test(random_ones_pass),
		cmocka_unit_test(shorter_and_plainer_random_ones_pass),
		cmocka_unit_test(what_the_recipe_makes_passes),
		cmocka_unit_test(passphrases_pass),
		cmocka_unit_test(former_ones),
		cmocka_unit_test(everything_is_said_at_once),
		cmocka_unit_test(sentences),
		cmocka_unit_test(any_bytes_of_any_length),
		cmocka_unit_test(owner_of_any_kind),
		cmocka_unit_test(nothing_is_left_in_memory),
	};

	randombytes_set_implementation(&drawing);
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
