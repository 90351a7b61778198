/* SPDX-License-Identifier: Apache-2.0 */
/* What runs beside the gate, each a process of its own: one row each. */
#include "gate/gate_inside.h"

struct row {
	bool (*is_wanted)(const struct config *config);
	const char *words[3]; /* of the command; NULL behind them */
};

/* a socket that systemd listens on belongs to a service of its own */
static bool answers_about_passwords(const struct config *config)
{
	return *config->password_listen && !text_starts(text_of(config->password_listen), TEXT("systemd:"));
}

static bool serves_owners(const struct config *config)
{
	return config->web_listen.count && !text_starts(text_of(config->web_listen.items[0]), TEXT("systemd:"));
}

static bool follows_folder(const struct config *config) { return *config->imap_url != '\0'; }

static const struct row rows[] = {
	{ serves_owners, { "web" } },
	{ answers_about_passwords, { "password", "serve" } },
	{ follows_folder, { "inspect", "--follow" } },
};

_Static_assert(sizeof rows / sizeof *rows <= GATE_CHILDREN_MAX, "the gate has room for each");

static struct child *start(struct gate *gate, const struct row *row)
{
	const char *words[CHILD_WORDS_MAX + 1] = { "sekisho" };
	size_t n = 1;

	for (size_t i = 0; row->words[i]; i++)
		words[n++] = row->words[i];
	if (gate->config->file) {
		words[n++] = "--config";
		words[n++] = gate->config->file;
	}
	return child_new(&gate->loop, "/proc/self/exe", words);
}

void gate_start_children(struct gate *gate)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].is_wanted(gate->config))
			gate->children[i] = start(gate, &rows[i]);
}

void gate_end_children(struct gate *gate)
{
	for (size_t i = 0; i < GATE_CHILDREN_MAX; i++)
		child_close(gate->children[i]);
}
