/* SPDX-License-Identifier: Apache-2.0 */
/* A mail by the ways of the settings, for the rig: the letter is the standard input, and what became of it a line, `RESULT TAB SENTENCE`.
 *
 *   ways SETTINGS RECIPIENT */
#include <stdio.h>
#include <stdlib.h>

#include "notice/ways.h"

enum { LETTER_MAX = 65536 };

static void go_on(void *context) {}

static int send_letter(const struct config *config, const char *to)
{
	static const char *const words[] = { [WAY_SENT] = "sent", [WAY_REFUSED] = "refused", [WAY_LATER] = "later", [WAY_UNKNOWN] = "unknown" };
	static char letter[LETTER_MAX];
	struct ways_outcome outcome;
	struct error error;
	struct ways *ways = ways_new(config, &error);
	size_t n = fread(letter, 1, sizeof letter - 1, stdin);

	if (!ways) {
		printf("settings\t%s\n", error.text);
		return 1;
	}
	letter[n] = '\0';
	ways_mail(ways, to, letter, go_on, NULL, &outcome);
	printf("%s\t%s\n", words[outcome.result], outcome.says);
	ways_free(ways);
	return 0;
}

int main(int argc, char **argv)
{
	struct config config;
	struct error error;
	int status = 1;

	if (argc != 3) {
		fprintf(stderr, "usage: ways SETTINGS RECIPIENT\n");
		return 2;
	}
	config_init(&config);
	if (config_read(&config, argv[1], &error))
		status = send_letter(&config, argv[2]);
	else
		printf("settings\t%s\n", error.text);
	config_done(&config);
	return status;
}
