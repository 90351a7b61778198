/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inspect_notice.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "report/value.h"

bool inspect_notice_open(struct inspect_notice *notice, const struct config *config, struct error *error)
{
	char path[PATH_MAX];
	struct error ignored;
	bool named = *config->notice_public_key != '\0';

	*notice = (struct inspect_notice){ .bytes = TEXT_NONE };
	snprintf(path, sizeof path, named ? "%s" : "%s/" NOTICE_PUBLIC_FILE, named ? config->notice_public_key : config->state_folder);
	notice->has_key = notice_public_read(path, notice->public, named ? error : &ignored);
	return notice->has_key || !named;
}

/* at the first empty line */
static void split(struct text bytes, struct notice_marked *mail)
{
	const char *crlf = memmem(bytes.p, bytes.n, "\r\n\r\n", 4), *lf = memmem(bytes.p, bytes.n, "\n\n", 2), *end = bytes.p + bytes.n;
	bool is_crlf = crlf && (!lf || crlf < lf);
	const char *at = is_crlf ? crlf : lf ? lf : end;

	mail->head = text_between(bytes.p, at);
	mail->body = at == end ? TEXT_NONE : text_between(at + (is_crlf ? 4 : 2), end);
}

static enum notice_mark_result check(const struct inspect_notice *notice, struct message *message, struct notice_mark *mark, const char **why)
{
	struct text id = message_field(message, "Message-ID"), field = message_field(message, NOTICE_MARK_FIELD);
	struct notice_marked mail = { .message_id = id };

	if (id.n > 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
		mail.message_id = (struct text){ id.p + 1, id.n - 2 };
	split(notice->bytes, &mail);
	return notice_mark_check(notice->public, field, &mail, mark, why);
}

/* of the mail itself: what came back of one is whoever's who sent it */
static bool is_ours(void *context, struct message *message, int part)
{
	const struct inspect_notice *notice = context;
	struct notice_mark mark;
	const char *why;

	return notice->has_key && part == 0 && check(notice, message, &mark, &why) == MARK_OURS;
}

void inspect_notice_trust(struct inspect_notice *notice, struct phishing_rules *rules) { phishing_rules_trust(rules, is_ours, notice); }

json_t *inspect_notice_json(const struct inspect_notice *notice, struct message *message)
{
	struct notice_mark mark;
	const char *why;
	enum notice_mark_result result;

	if (!notice->has_key)
		return NULL;
	result = check(notice, message, &mark, &why);
	if (result == MARK_NONE)
		return NULL;
	return json_pack("{s:b, s:b, s:o, s:o, s:o, s:o}", "ours", result == MARK_OURS, "copied", result == MARK_COPIED, "code",
			 value_text_or_null(mark.code), "to", value_text_or_null(mark.to), "at", mark.t_us ? value_time(mark.t_us) : json_null(), "why",
			 value_text_or_null(why));
}
