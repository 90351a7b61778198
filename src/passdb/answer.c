/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/answer.h"

#include "base/log.h"
#include "base/quoted.h"
#include "passdb/request.h"

enum { QUOTED_MAX = 3 * 512 + 8 };

static const char *const words[] = {
	[PASSDB_DONE] = "done", [PASSDB_ABSENT] = "absent", [PASSDB_NOT] = "cannot", [PASSDB_FAILED] = "failed"
};

/* a fingerprint changes nothing, and is asked often */
static void write_down(const struct asked *asked, enum passdb_result result, const struct error *error)
{
	enum log_level level = result == PASSDB_DONE ? LOG_NOTE : LOG_WARN;

	if (asked->verb == ASKED_FINGERPRINT && result != PASSDB_FAILED)
		return;
	if (result == PASSDB_DONE)
		log_say(level, "%s <%s>: done", asked->verb_name, asked->account);
	else
		log_say(level, "%s <%s>: %s: %s", asked->verb_name, asked->account, words[result], error->text);
}

static void reply_result(const struct asked *asked, enum passdb_result result, const char *print, const struct error *error,
			 struct reply *reply)
{
	char account[3 * PASSDB_ACCOUNT_MAX + 8], sentence[QUOTED_MAX];

	quoted_write(text_of(asked->account), account, sizeof account);
	if (result == PASSDB_DONE)
		reply_line(reply, "ok %s %s", account, *print ? print : "-");
	else
		reply_line(reply, "no %s %s %s", account, words[result], quoted_write(text_of(error->text), sentence, sizeof sentence));
}

static enum passdb_result act(struct passdb *passdb, const struct asked *asked, char print[PASSDB_PRINT_MAX], struct error *error)
{
	switch (asked->verb) {
	case ASKED_FINGERPRINT: return passdb_fingerprint(passdb, asked->account, print, error);
	case ASKED_SCRAMBLE: return passdb_scramble(passdb, asked->account, print, error);
	case ASKED_RESTORE: return passdb_restore(passdb, asked->account, print, error);
	case ASKED_CHANGE: return passdb_change(passdb, asked->account, asked->password, print, error);
	case ASKED_DISABLE: return passdb_disable(passdb, asked->account, error);
	case ASKED_ENABLE: return passdb_enable(passdb, asked->account, error);
	default: return passdb_delete(passdb, asked->account, error);
	}
}

static void act_and_reply(struct passdb *passdb, const struct asked *asked, struct reply *reply)
{
	char print[PASSDB_PRINT_MAX] = "";
	struct error error = { "" };
	enum passdb_result result = act(passdb, asked, print, &error);

	write_down(asked, result, &error);
	reply_result(asked, result, print, &error, reply);
}

/* ---- all accounts */

static void list_one(void *context, const char *account)
{
	char quoted[3 * PASSDB_ACCOUNT_MAX + 8];
	struct reply *reply = context;

	if (!reply->broken)
		reply_line(reply, "account %s", quoted_write(text_of(account), quoted, sizeof quoted));
}

static void list(struct passdb *passdb, struct reply *reply)
{
	char sentence[QUOTED_MAX];
	struct error error = { "" };
	enum passdb_result result = passdb_list(passdb, list_one, reply, &error);

	if (result == PASSDB_DONE)
		reply_line(reply, "end");
	else
		reply_line(reply, "no - %s %s", words[result], quoted_write(text_of(error.text), sentence, sizeof sentence));
	log_say(result == PASSDB_DONE ? LOG_NOTE : LOG_WARN, "list: %s%s%s", words[result], *error.text ? ": " : "", error.text);
}

/* ---- a request */

static void refuse(const struct asked *asked, struct reply *reply)
{
	char sentence[QUOTED_MAX];

	reply_line(reply, "no - cannot %s", quoted_write(text_of(asked->fault), sentence, sizeof sentence));
	log_say(LOG_WARN, "a request was refused: %s", asked->fault);
}

size_t answer_request(void *passdb, struct text lines, struct reply *reply)
{
	struct text rest = lines, line = lines;
	struct asked asked;

	text_cut(&rest, '\n', &line);
	asked_parse(line, &asked);
	switch (asked.verb) {
	case ASKED_PING: reply_line(reply, "ok - here"); break;
	case ASKED_LIST: list(passdb, reply); break;
	case ASKED_FAULTY: refuse(&asked, reply); break;
	default: act_and_reply(passdb, &asked, reply);
	}
	explicit_bzero(&asked, sizeof asked);
	return line.n + 1;
}
