/* SPDX-License-Identifier: Apache-2.0 */
/* bench-breached list COUNT: a made-up list of breached passwords as haveibeenpwned.com gives them, on the standard output.
 * bench-breached ask FILE COUNT: asks the file that was built of it for all of them, then for as many others. Says as JSON how many a second
 * on one core, by password and by SHA-1, how many of the list were missed, and how many of the others were taken for one of it. */
#include <inttypes.h>
#include <nettle/sha1.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/when.h"
#include "password/breached.h"

enum { WORD_MAX = 40, BATCH = 1 << 16 };

struct words {
	char text[BATCH][WORD_MAX];
	unsigned char digest[BATCH][SHA1_DIGEST_SIZE];
};

static void hash(struct text word, unsigned char digest[SHA1_DIGEST_SIZE])
{
	struct sha1_ctx sha1;

	sha1_init(&sha1);
	sha1_update(&sha1, word.n, (const uint8_t *)word.p);
	sha1_digest(&sha1, SHA1_DIGEST_SIZE, digest);
}

static int list(uint64_t count)
{
	unsigned char digest[SHA1_DIGEST_SIZE];
	char word[WORD_MAX];

	for (uint64_t i = 0; i < count; i++) {
		snprintf(word, sizeof word, "listed%" PRIu64, i);
		hash(text_of(word), digest);
		for (size_t b = 0; b < sizeof digest; b++)
			printf("%02X", digest[b]);
		printf(":%" PRIu64 "\n", 1 + count / (i + 1));
	}
	return fflush(stdout) == 0 ? 0 : 2;
}

static void make(struct words *words, const char *kind, uint64_t begin, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		snprintf(words->text[i], WORD_MAX, "%s%" PRIu64, kind, begin + i);
		hash(text_of(words->text[i]), words->digest[i]);
	}
}

/* how many of `count` are there; the time it took, by password and by SHA-1 */
static uint64_t ask(const struct breached *breached, struct words *words, const char *kind, uint64_t count, double seconds[2])
{
	uint64_t found = 0, again = 0;

	for (uint64_t begin = 0; begin < count; begin += BATCH) {
		size_t n = count - begin < BATCH ? (size_t)(count - begin) : BATCH;
		int64_t began_us, between_us;

		make(words, kind, begin, n);
		began_us = clock_steady();
		for (size_t i = 0; i < n; i++)
			found += breached_has(breached, text_of(words->text[i]));
		between_us = clock_steady();
		for (size_t i = 0; i < n; i++)
			again += breached_has_digest(breached, words->digest[i]);
		seconds[0] += (double)(between_us - began_us) / SECOND_US;
		seconds[1] += (double)(clock_steady() - between_us) / SECOND_US;
	}
	if (found != again)
		abort();
	return found;
}

static int measure(const char *path, uint64_t count)
{
	struct error error = { "" };
	struct words *words = memory_new(sizeof *words);
	struct breached *breached = sodium_init() < 0 ? NULL : breached_open(path, &error);
	double seconds[2] = { 0 };
	uint64_t known, others;

	if (!breached) {
		fprintf(stderr, "bench-breached: %s\n", error.text);
		return 2;
	}
	known = ask(breached, words, "listed", count, seconds);
	others = ask(breached, words, "other", count, seconds);
	printf("{\"asked\": %" PRIu64 ", \"missed\": %" PRIu64 ", \"false_positives\": %.5f, \"passwords_a_second\": %.0f, \"digests_a_second\": %.0f}\n",
	       2 * count, count - known, (double)others / (double)count, 2 * (double)count / seconds[0], 2 * (double)count / seconds[1]);
	breached_close(breached);
	free(words);
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t count;

	if (argc == 3 && strcmp(argv[1], "list") == 0 && text_number(text_of(argv[2]), UINT64_MAX, &count))
		return list(count);
	if (argc == 4 && strcmp(argv[1], "ask") == 0 && text_number(text_of(argv[3]), UINT64_MAX, &count) && count)
		return measure(argv[2], count);
	fputs("usage: bench-breached list COUNT | ask FILE COUNT\n", stderr);
	return 2;
}
