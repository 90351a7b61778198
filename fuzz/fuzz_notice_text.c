/* SPDX-License-Identifier: Apache-2.0 */
/* An operator's own text, with facts that strangers chose, as a mail: no line of it is too long, and none begins a field. */
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

#include "notice/letter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/fuzz-notice-XXXXXX";
static bool made;

static void put_away(void)
{
	char path[64];

	snprintf(path, sizeof path, "%s/locked.en.txt", folder);
	unlink(path);
	rmdir(folder);
}

static void write_own(struct text text)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "%s/locked.en.txt", folder);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n)
		abort();
	close(fd);
}

static void check(const char *letter)
{
	struct text rest = text_of(letter), line;
	bool header = true;

	while (text_cut(&rest, '\n', &line)) {
		if (!line.n || line.p[line.n - 1] != '\r' || memchr(line.p, '\r', line.n - 1) || line.n > 998)
			abort();
		header &= line.n > 1;
		if (header && strncasecmp(line.p, "bcc:", 4) == 0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = { (const char *)data, size }, name = TEXT_NONE;
	struct notice_facts facts = { { NULL } };
	struct draft *draft;
	struct error error;
	char copy[512], *letter;

	if (!made) {
		if (sodium_init() < 0 || !mkdtemp(folder))
			abort();
		atexit(put_away);
		made = true;
	}
	text_cut(&text, '\0', &name);
	text_copy(copy, sizeof copy, name);
	for (unsigned i = 0; i < NOTICE_FACTS; i++)
		notice_fact_set(&facts, (enum notice_fact)i, copy);
	write_own(text);
	draft = draft_new();
	if (draft_add(draft, NOTICE_LOCKED, "en", folder, &facts, &error)) {
		letter = letter_make(&(struct letter_order){ .draft = draft, .from = "a@b.test", .from_name = copy, .to = copy, .to_name = copy,
							     .message_id = "1@b.test" });
		check(letter);
		free(letter);
	}
	draft_free(draft);
	notice_facts_done(&facts);
	return 0;
}
