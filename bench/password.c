/* SPDX-License-Identifier: Apache-2.0 */
/* bench-password [N]: random passwords of each profile and passphrases, N of each (100,000), judged by the rules alone and by rules and zxcvbn. A
 * line for each: name, how many a second of one core (thread time, so that others on the machine do not count) for rules and for all, and how
 * many were refused. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"
#include "password/policy.h"

enum { COUNT_USUAL = 100000, COUNT_MAX = 10000000, TEXT_BYTES = 80, ROUNDS = 5 };

static const char *const names[] = { "Acme Shoji Co., Ltd.", NULL };
static const struct password_owner owner = { .address = { "tanaka.taro@mail.example.co.jp", 30 }, .names = names };

static const struct kind {
	const char *name, *profile;
	struct password_recipe recipe;
} kinds[] = {
	{ "basic_8", "basic", { .length = 8, .classes = PASSWORD_ALL, .symbols = "-.,", .plain = true } },
	{ "basic_12", "basic", { .length = 12, .classes = PASSWORD_ALL, .symbols = "-.,", .plain = true } },
	{ "four_12", "four", { .length = 12, .classes = PASSWORD_ALL, .symbols = "-.,", .plain = true } },
	{ "long_20", "long", { .length = 20, .classes = PASSWORD_ALL, .symbols = "-.,", .plain = true } },
	{ "words_4", "long", { .words = 4, .separator = "-", .classes = PASSWORD_LOWER } },
	{ "words_5", "long", { .words = 5, .separator = "", .classes = PASSWORD_UPPER } },
};

struct crowd {
	const struct password_policy *policy;
	char (*texts)[TEXT_BYTES];
	size_t count;
};

static void fill(struct crowd *crowd, const struct kind *kind)
{
	struct password_made made;
	struct error error;

	for (size_t i = 0; i < crowd->count; i++) {
		do
			if (!password_generate(&kind->recipe, &made, &error)) {
				fprintf(stderr, "bench-password: %s\n", error.text);
				exit(2);
			}
		while (strlen(made.text) < crowd->policy->least || strlen(made.text) >= TEXT_BYTES);
		text_copy(crowd->texts[i], TEXT_BYTES, text_of(made.text));
	}
}

typedef void judging(const struct password_policy *, const struct password_owner *, struct text, struct password_verdict *);

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* how many a second, in the best of some rounds */
static double measure(const struct crowd *crowd, judging *judge, size_t *refused)
{
	struct password_verdict verdict;
	double best = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		double began = now(), rate;

		*refused = 0;
		for (size_t i = 0; i < crowd->count; i++) {
			judge(crowd->policy, &owner, text_of(crowd->texts[i]), &verdict);
			*refused += verdict.count > 0;
		}
		rate = (double)crowd->count / (now() - began);
		best = rate > best ? rate : best;
	}
	return best;
}

int main(int count, char **words)
{
	struct crowd crowd = { .count = COUNT_USUAL };
	uint64_t wanted;

	if (count > 1 && (!text_number(text_of(words[1]), COUNT_MAX, &wanted) || !wanted))
		return 2;
	crowd.count = count > 1 ? (size_t)wanted : crowd.count;
	if (sodium_init() < 0)
		return 2;
	crowd.texts = memory_zero(crowd.count, sizeof *crowd.texts);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t by_rules, by_all;
		double rules, all;

		crowd.policy = password_profile_find(text_of(kinds[i].profile));
		fill(&crowd, &kinds[i]);
		rules = measure(&crowd, password_judge_rules, &by_rules);
		all = measure(&crowd, password_judge, &by_all);
		printf("%s %.0f %.0f %zu %zu\n", kinds[i].name, rules, all, by_all, crowd.count);
	}
	free(crowd.texts);
	return 0;
}
