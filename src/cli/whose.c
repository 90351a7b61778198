/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho whose QUEUE_ID|MESSAGE_ID|MAIL: which account, session and address sent it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "cli/asked.h"
#include "mail/trail.h"
#include "report/show.h"

static const char *usage(void)
{
	return _("usage: sekisho whose QUEUE_ID|MESSAGE_ID|MAIL [options]\n"
		 "Tells which account sent a message, from where: by its queue id, its Message-ID, or a file with it (- for standard\n"
		 "input), which may also be a bounce of it or a complaint about it.\n\n"
		 "  -f, --format text|json    how to answer (text)\n"
		 "  -o, --output FILE         where to (standard output)\n"
		 "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		 "  -h, --help");
}

/* ---- what is asked about */

/* the first TRAIL_BYTES_MAX bytes; -1 with errno */
static ssize_t read_mail(const char *path, char *mail)
{
	int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	size_t n = 0;
	ssize_t got = fd < 0 ? -1 : 1;

	while (got > 0 && n < TRAIL_BYTES_MAX) {
		got = read(fd, mail + n, TRAIL_BYTES_MAX - n);
		n += got > 0 ? (size_t)got : 0;
	}
	if (fd >= 0)
		close(fd);
	return got < 0 ? -1 : (ssize_t)n;
}

/* what is no UTF-8 is no id of ours */
static void add_id(json_t *ids, const struct trail_id *id)
{
	json_t *text = json_stringn(id->text.p, id->text.n), *one = text ? json_pack("{s:o}", "id", text) : NULL;

	if (one && id->t_us != WHEN_NONE && id->t_us >= 0)
		json_object_set_new(one, "near", json_integer(id->t_us / SECOND_US));
	if (one)
		json_array_append_new(ids, one);
}

static int ids_of_mail(const char *path, json_t *ids)
{
	struct trail_id trail[TRAIL_IDS_MAX];
	char *mail = memory_new(TRAIL_BYTES_MAX);
	ssize_t n = read_mail(path, mail);
	size_t count = n > 0 ? trail_read((struct text){ mail, (size_t)n }, trail) : 0;
	int status = CLI_UNREADABLE;

	for (size_t i = 0; i < count; i++)
		add_id(ids, &trail[i]);
	if (n < 0)
		cli_complain("'%s': %s", path, strerror(errno));
	else if (!json_array_size(ids))
		cli_complain(_("'%s' names no queue id and no Message-ID"), path);
	else
		status = CLI_DONE;
	free(mail);
	return status;
}

static int ids_of(const char *word, json_t *ids)
{
	struct trail_id id = { .text = text_of(word), .t_us = WHEN_NONE };
	struct stat st;

	if (strcmp(word, "-") == 0 || strchr(word, '/') || stat(word, &st) == 0)
		return ids_of_mail(word, ids);
	if (id.text.n <= TRAIL_ID_MAX)
		add_id(ids, &id);
	if (json_array_size(ids))
		return CLI_DONE;
	cli_complain(_("'%s' is no queue id and no Message-ID"), word);
	return CLI_USAGE;
}

/* ---- the answer */

static const char *fate_of(const json_t *message)
{
	const char *action = field_text(message, "action");

	if (strcmp(action, "held") == 0)
		return _("held at the gate");
	return strcmp(action, "refused") == 0 ? _("refused") : _("passed");
}

static char *place_of(const json_t *message)
{
	const char *ip = field_text(message, "ip"), *country = field_text(message, "country");

	return show_format(_("%s (%s), %s"), *ip ? ip : _("unknown"), *country ? country : "-",
			   field_flag(message, "familiar") ? _("a place of the owner's") : _("not a place of the owner's"));
}

static void show_if(struct terminal *t, const char *label, const char *value)
{
	if (*value)
		asked_fact(t, label, value);
}

static void show_message(const struct asked *asked, struct terminal *t)
{
	const json_t *message = json_object_get(asked->answer, "message");
	uint64_t recipients = field_count(message, "recipients"), incident = field_count(message, "incident");

	terminal_put(t, SHADE_BOLD, show_name(SHOWN, field_text(message, "account"), NAME_COLUMNS));
	terminal_end(t);
	asked_fact(t, _("Sent"), show_time(SHOWN, field_time(message, "at")));
	asked_fact_of(t, _("From"), place_of(message));
	asked_fact_of(t, _("To"), show_format(ngettext("%s recipient", "%s recipients", recipients), show_count(SHOWN, recipients)));
	asked_fact(t, _("Outcome"), fate_of(message));
	show_if(t, _("Session"), field_text(message, "session"));
	show_if(t, _("Queue id"), field_text(message, "queue_id"));
	show_if(t, _("Message-ID"), field_text(message, "message_id"));
	asked_fact(t, _("Found by"), field_text(asked->answer, "asked"));
	if (incident)
		asked_fact_of(t, _("Incident"), show_format(_("%llu: sekisho incident show %llu"), (unsigned long long)incident,
							    (unsigned long long)incident));
}

int cli_whose(int argc, char **argv)
{
	struct asked asked = { .show = show_message };
	json_t *ids = json_array();
	bool ended;
	int status = asked_begin(&asked, argc, argv, usage(), false, &ended);

	if (ended)
		goto out;
	status = asked.word_count == 1 ? ids_of(asked.words[0], ids) : asked_misused(usage());
	if (!status)
		status = asked_ask(&asked, json_pack("{s:s, s:O}", "verb", "whose", "ids", ids));
	if (!status)
		status = asked_tell(&asked);
out:
	json_decref(ids);
	asked_done(&asked);
	return status;
}
