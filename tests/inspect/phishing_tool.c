/* SPDX-License-Identifier: Apache-2.0 */
/* Judges mails for tests/inspect/phishing.py: on standard input, one after the other, their length on a line and their bytes; on standard output,
 * one line each: bits, microseconds, the signs' names with bits. Arguments are official domains, and after "--" the names that go with them. */
#include <inttypes.h>

#include "base/clock.h"
#include "base/memory.h"
#include "mail/phishing.h"

enum { ARGUMENTS_MAX = 64 };

static bool read_mail(char **bytes, size_t *n)
{
	char line[32];

	if (!fgets(line, sizeof line, stdin))
		return false;
	*n = strtoul(line, NULL, 10);
	*bytes = memory_resize(*bytes, *n + 1, 1);
	return *n <= MESSAGE_BYTES_MAX && fread(*bytes, 1, *n, stdin) == *n;
}

static void judge(struct message *message, struct text mail, const struct phishing_rules *rules)
{
	struct phishing phishing = { 0 };
	struct error error;
	int64_t began;

	if (!message_read(message, mail, &error)) {
		printf("0 0 error\n");
		return;
	}
	message_body(message); /* what other readers ask for first */
	began = clock_steady();
	phishing_read(message, 0, rules, &phishing);
	printf("%.1f %" PRId64, (double)phishing.bits, clock_steady() - began);
	for (size_t i = 0; i < phishing.sign_count; i++)
		printf(" %s=%.1f", phishing.signs[i].name, (double)phishing.signs[i].bits);
	printf("\n");
}

int main(int argc, char **argv)
{
	struct text official[ARGUMENTS_MAX], names[ARGUMENTS_MAX];
	struct phishing_settings settings = { .official = official, .names = names, .authserv_id = TEXT_NONE };
	struct phishing_rules *rules;
	struct message *message = message_new();
	struct error error;
	bool name = false;
	char *bytes = NULL;
	size_t n;

	for (int i = 1; i < argc && i < ARGUMENTS_MAX; i++) {
		if (strcmp(argv[i], "--") == 0)
			name = true;
		else if (name)
			names[settings.name_count++] = text_of(argv[i]);
		else
			official[settings.official_count++] = text_of(argv[i]);
	}
	rules = phishing_rules_new(&settings, &error);
	if (!rules) {
		fprintf(stderr, "%s\n", error.text);
		return 2;
	}
	while (read_mail(&bytes, &n))
		judge(message, (struct text){ bytes, n }, rules);
	free(bytes);
	message_free(message);
	phishing_rules_free(rules);
	return 0;
}
