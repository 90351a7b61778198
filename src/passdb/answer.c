/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/answer.h"

#include "base/log.h"
#include "base/quoted.h"
#include "passdb/request.h"

enum { QUOTED_MAX = 3 * 512 + 8 };

static const char *const words[] = {
	[PASSDB_DONE] = "done", [PASSDB_ABSENT] = "absent", [PASSDB_NOT] = "cannot", [PASSDB_FAILED] = "failed", [PASSDB_FORMER] = "former",
};

/* a fingerprint changes nothing, and is asked often; what was done may have a remark */
static void write_down(const struct asked *asked, enum passdb_result result, const struct error *error)
{
	enum log_level level = result == PASSDB_DONE && !*error->text ? LOG_NOTE : LOG_WARN;

	if (asked->verb == ASKED_FINGERPRINT && result != PASSDB_FAILED)
		return;
	if (result == PASSDB_DONE && !*error->text)
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
	case ASKED_RENEW: return passdb_renew(passdb, asked->account, asked->password, print, error);
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

/* ---- audits, which a process of their own does */

static void tell_audit(struct audit_child *child, struct reply *reply)
{
	const struct audit_progress *progress = child->progress;
	char sentence[QUOTED_MAX];

	audit_child_runs(child); /* that one which has gone is known to have */
	if (!progress)
		reply_line(reply, "audit none 0 0 0 0 0 0 <>");
	else
		reply_line(reply, "audit %s %llu %llu %llu %llu %llu %lld %s", audit_phase_names[progress->phase],
			   (unsigned long long)progress->accounts, (unsigned long long)progress->guessable, (unsigned long long)progress->settled,
			   (unsigned long long)progress->depth, (unsigned long long)progress->tries, (long long)progress->worked_us / 1000000,
			   quoted_write(progress->phase == AUDIT_BROKEN ? text_of(progress->error) : TEXT_NONE, sentence, sizeof sentence));
}

static void start_audit(struct audit_child *child, const struct asked *asked, struct reply *reply)
{
	const struct audit_order order = {
		.cores = asked->cores,
		.tries = asked->tries,
		.time_us = (int64_t)asked->seconds * 1000000,
		.domain = *asked->domain ? asked->domain : NULL,
		.account = *asked->account ? asked->account : NULL,
	};
	char sentence[QUOTED_MAX];
	struct error error = { "" };

	if (audit_child_start(child, &order, &error)) {
		log_say(LOG_NOTE, "audit: started, %u cores, %u s", asked->cores, asked->seconds);
		tell_audit(child, reply);
		return;
	}
	log_say(LOG_WARN, "audit: %s", error.text);
	reply_line(reply, "no - failed %s", quoted_write(text_of(error.text), sentence, sizeof sentence));
}

static void stop_audit(struct audit_child *child, struct reply *reply)
{
	log_say(LOG_NOTE, "audit: is to stop");
	audit_child_stop(child);
	tell_audit(child, reply);
}

/* how far an account was tried, and nothing else about it, tells nothing of a password that was not found */
static void tell_results(const struct audit_child *child, struct reply *reply)
{
	struct audit_results results;
	char line[AUDIT_LINE_MAX], sentence[QUOTED_MAX];
	struct error error = { "" };

	if (!audit_results_read(&results, child->results, &error)) {
		reply_line(reply, "no - failed %s", quoted_write(text_of(error.text), sentence, sizeof sentence));
		return;
	}
	for (size_t i = 0; i < results.count && !reply->broken; i++) {
		struct audit_result result = results.items[i].result;
		struct text told;

		result.print[0] = '\0';
		told = (struct text){ line, audit_result_line(results.items[i].account, &result, line) };
		told.n = (size_t)((const char *)memrchr(told.p, ' ', told.n) - told.p); /* without the version */
		told.n = (size_t)((const char *)memrchr(told.p, ' ', told.n) - told.p); /* nor the print */
		reply_line(reply, "result %.*s", TEXT_ARG(told));
	}
	reply_line(reply, "end");
	audit_results_done(&results);
}

/* ---- a request */

static void refuse(const struct asked *asked, struct reply *reply)
{
	char sentence[QUOTED_MAX];

	reply_line(reply, "no - cannot %s", quoted_write(text_of(asked->fault), sentence, sizeof sentence));
	log_say(LOG_WARN, "a request was refused: %s", asked->fault);
}

size_t answer_request(void *context, struct text lines, struct reply *reply)
{
	struct answering *answering = context;
	struct text rest = lines, line = lines;
	struct asked asked;

	text_cut(&rest, '\n', &line);
	asked_parse(line, &asked);
	switch (asked.verb) {
	case ASKED_PING: reply_line(reply, "ok - here"); break;
	case ASKED_LIST: list(answering->passdb, reply); break;
	case ASKED_AUDIT_START: start_audit(&answering->audit, &asked, reply); break;
	case ASKED_AUDIT_STATE: tell_audit(&answering->audit, reply); break;
	case ASKED_AUDIT_RESULTS: tell_results(&answering->audit, reply); break;
	case ASKED_AUDIT_STOP: stop_audit(&answering->audit, reply); break;
	case ASKED_FAULTY: refuse(&asked, reply); break;
	default: act_and_reply(answering->passdb, &asked, reply);
	}
	explicit_bzero(&asked, sizeof asked);
	return line.n + 1;
}
