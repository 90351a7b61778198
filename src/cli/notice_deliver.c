/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho notice deliver: the daemon's child. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "cli/asked.h"
#include "cli/notice.h"
#include "cli/secret.h"
#include "gate/notices_inside.h"
#include "notice/draft.h"
#include "notice/letter.h"
#include "report/show.h"
#include "report/value.h"
#include "store/desk.h"

enum { CANDIDATES_MAX = 3 * CONTACT_ADDRESSES_MAX, WAY_NAME_MAX = 400, SAYS_MAX = 300 };
#define LEDGER_BEHIND_US (900 * 1000) /* since the notice was made */
#define PROVED_WITHIN_US (1500 * 1000)
#define PROVED_LOOK_US (100 * 1000)

/* ---- one way of one notice */

/* how far all of it is */
struct progress_of {
	struct delivery *delivery;
	struct notice *notice;
	const char *way, *to;
	bool sent, later;      /* by any way; by any way to be tried again */
	char says[SAYS_MAX];   /* the last thing that went wrong */
};

static void way_name(const struct progress_of *one, char name[WAY_NAME_MAX]) { snprintf(name, WAY_NAME_MAX, "%s:%s", one->way, one->to); }

static void write_down(const struct progress_of *one, enum logbook_word word)
{
	struct delivery *delivery = one->delivery;
	char name[WAY_NAME_MAX];
	struct error error;

	way_name(one, name);
	if (one->notice->id && !logbook_write(&delivery->logbook, one->notice->id, name, word, &error))
		log_say(LOG_ERROR, _("what notices were sent cannot be written down: %s"), error.text);
}

static void about_to(void *context) { write_down(context, LOGBOOK_ABOUT); }

static json_t *way_of(const struct progress_of *one)
{
	json_t *way;
	size_t i;

	json_array_foreach(one->notice->ways, i, way) {
		if (strcmp(field_text(way, "way"), one->way) == 0 && strcmp(field_text(way, "to"), one->to) == 0)
			return way;
	}
	way = json_pack("{s:s, s:o}", "way", one->way, "to", value_text(one->to));
	json_array_append_new(one->notice->ways, way);
	return way;
}

static void note(struct progress_of *one, const char *state, const char *says)
{
	json_t *way = way_of(one);

	json_object_set_new(way, "state", json_string(state));
	json_object_set_new(way, "says", value_text(says));
	json_object_set_new(way, "at", value_time(clock_now()));
}

static void complain(struct progress_of *one, const char *says)
{
	snprintf(one->says, sizeof one->says, "%s %s: %s", one->way, one->to, *says ? says : _("no reason was given"));
}

/* What earlier runs came to; false where it is to be tried (again). */
static bool is_settled(struct progress_of *one)
{
	char name[WAY_NAME_MAX];

	if (!one->notice->id)
		return false;
	way_name(one, name);
	switch (logbook_state(&one->delivery->logbook, one->notice->id, name)) {
	case LOGBOOK_WAS_SENT:
		if (strcmp(field_text(way_of(one), "state"), "sent") != 0)
			note(one, "sent", "");
		one->sent = true;
		return true;
	case LOGBOOK_WAS_REFUSED:
		if (strcmp(field_text(way_of(one), "state"), "refused") != 0)
			note(one, "refused", "");
		complain(one, field_text(way_of(one), "says"));
		return true;
	case LOGBOOK_LOST:
		note(one, "unknown", N_("sent twice, and cut off both times: it may have arrived"));
		one->sent = true;
		return true;
	default:
		return false;
	}
}

static void judge(struct progress_of *one, const struct ways_outcome *outcome)
{
	static const char *const states[] = { [WAY_SENT] = "sent", [WAY_REFUSED] = "refused", [WAY_LATER] = "later", [WAY_UNKNOWN] = "unknown" };
	static const enum logbook_word words[] = { [WAY_SENT] = LOGBOOK_SENT, [WAY_REFUSED] = LOGBOOK_REFUSED, [WAY_LATER] = LOGBOOK_NOT };

	if (outcome->result != WAY_UNKNOWN) /* which stays about to be sent */
		write_down(one, words[outcome->result]);
	note(one, states[outcome->result], outcome->says);
	one->sent |= outcome->result == WAY_SENT;
	one->later |= outcome->result == WAY_LATER || outcome->result == WAY_UNKNOWN;
	if (outcome->result != WAY_SENT)
		complain(one, outcome->says);
}

/* ---- texts */

static unsigned text_for(const struct notice *notice, const json_t *incident)
{
	if (notice->members)
		return NOTICE_TEXT_SUMMARY;
	if (notice->to_operator)
		return NOTICE_TEXT_OPERATOR;
	if (!field_flag(incident, "precaution"))
		return notice->kind;
	switch (notice->kind) {
	case NOTICE_LOCKED: return NOTICE_TEXT_PRECAUTION;
	case NOTICE_RELEASED: return NOTICE_TEXT_REOPENED;
	default: return notice->kind;
	}
}

static bool write_draft(const struct delivery *delivery, const struct notice *notice, const json_t *incident, const struct contact *contact,
			const char *to, bool hands_on, struct draft **draft, struct error *error)
{
	const char *wanted = notice->to_operator || !contact || !*contact->language ? delivery->config.notice_language : contact->language;
	unsigned text = text_for(notice, incident);
	const char *languages[2];
	size_t count = notice_languages(wanted, languages);

	*draft = draft_new();
	for (size_t i = 0; i < (notice->to_operator ? 1 : count); i++) {
		struct notice_facts facts;
		bool done;

		cli_speak_in(languages[i]);
		notice_gather(delivery, notice, incident, contact, &facts);
		notice_fact_set(&facts, FACT_ADDRESS, to);
		if (hands_on)
			notice_fact_set(&facts, FACT_RELAY, notice->account);
		done = draft_add(*draft, text, languages[i], delivery->config.notice_templates, &facts, error);
		if (!done) { /* a text of their own that is wrong must keep nobody from being told */
			log_say(LOG_ERROR, "%s", error->text);
			done = draft_add(*draft, text, languages[i], NULL, &facts, error);
		}
		notice_facts_done(&facts);
		if (!done)
			return false;
	}
	return true;
}

/* ---- mail */

/* in the order in which they are tried */
struct candidates {
	struct candidate {
		char address[CONTACT_ADDRESS_MAX];
		bool owners; /* the owner's own */
	} items[CANDIDATES_MAX];
	size_t count;
};

static void add_candidate(struct candidates *candidates, const char *address, bool owners)
{
	for (size_t i = 0; i < candidates->count; i++)
		if (strcasecmp(candidates->items[i].address, address) == 0)
			return;
	if (candidates->count == CANDIDATES_MAX)
		return;
	text_copy(candidates->items[candidates->count].address, CONTACT_ADDRESS_MAX, text_of(address));
	candidates->items[candidates->count++].owners = owners;
}

struct lock_search {
	struct text address;
	bool found;
};

static void see_lock(void *context, const struct desk_lock *lock)
{
	struct lock_search *search = context;

	search->found |= lock->account.n == search->address.n && strncasecmp(lock->account.p, search->address.p, lock->account.n) == 0;
}

/* an address in another account of ours that is locked: a thief may read there, too */
static bool is_locked(const struct delivery *delivery, const char *address)
{
	struct error error;
	struct desk_reader *reader = desk_reader_open(delivery->config.state_folder, &error);
	struct lock_search search = { text_of(address), false };
	bool asked = reader && desk_each_lock(reader, see_lock, &search, &error);

	desk_reader_close(reader);
	return asked && search.found;
}

static void find_candidates(struct delivery *delivery, const struct notice *notice, const struct contact *own, const struct contact *domain,
			    struct candidates *candidates)
{
	const struct config_texts *operators = &delivery->config.notice_operators;

	candidates->count = 0;
	for (size_t i = 0; !notice->to_operator && i < own->address_count; i++)
		add_candidate(candidates, own->addresses[i], true);
	if (notice->kind == NOTICE_CODE) /* which is for the owner alone */
		return;
	for (size_t i = 0; !notice->to_operator && i < domain->address_count; i++)
		add_candidate(candidates, domain->addresses[i], false);
	for (size_t i = 0; i < operators->count; i++)
		add_candidate(candidates, operators->items[i], false);
}

static void mail_to(struct progress_of *one, const json_t *incident, const struct contact *contact, const struct candidate *candidate)
{
	struct delivery *delivery = one->delivery;
	struct ways_outcome outcome = { WAY_LATER, "" };
	char id[LETTER_ID_MAX], code[NOTICE_CODE_MAX], *letter;
	struct draft *draft;
	struct error error = { "" };
	struct letter_order order = { .from = delivery->config.notice_from, .to = candidate->address, .to_name = candidate->owners ? contact->name : "", .message_id = id, .t_us = one->notice->made_us, .code = code,
				      .keys = one->notice->id ? &delivery->keys : NULL };
	bool hands_on = !one->notice->to_operator && !candidate->owners;

	if (!write_draft(delivery, one->notice, incident, contact, candidate->address, hands_on, &draft, &error)) {
		snprintf(outcome.says, sizeof outcome.says, "%s", error.text);
		judge(one, &outcome);
		draft_free(draft);
		return;
	}
	order.draft = draft;
	order.from_name = config_words(&delivery->config, draft_language(draft)).notice_name;
	letter_id(one->notice->id ? one->notice->id : (uint64_t)randombytes_random() << 16, candidate->address, delivery->host, id);
	notice_code_make(&delivery->keys, one->notice->id, code);
	letter = letter_make(&order);
	ways_mail(delivery->ways, candidate->address, letter, about_to, one, &outcome);
	judge(one, &outcome);
	explicit_bzero(letter, strlen(letter));
	free(letter);
	draft_free(draft);
}

/* why nobody is written to at this address; NULL: they may be */
static const char *against(const struct delivery *delivery, const struct notice *notice, const struct contact *own, const char *address)
{
	struct contact account = *own;

	text_copy(account.account, sizeof account.account, text_of(notice->account));
	if (contact_is_inside(&account, text_of(address)))
		return N_("leads into the mailbox that it is about");
	if (!notice->to_operator && is_locked(delivery, address))
		return N_("that mailbox is locked, too");
	return NULL;
}

static void deliver_by_mail(struct progress_of *all, const json_t *incident, const struct contact *own, const struct contact *domain)
{
	struct delivery *delivery = all->delivery;
	const struct notice *notice = all->notice;
	struct candidates candidates;
	bool everybody = notice->to_operator || notice_kinds[notice->kind].reaches_all, reached = false;

	find_candidates(delivery, notice, own, domain, &candidates);
	all->way = "mail";
	for (size_t i = 0; i < candidates.count; i++) {
		const struct candidate *candidate = &candidates.items[i];
		bool was_sent = all->sent, was_later = all->later;
		const char *why = against(delivery, notice, own, candidate->address);

		if (reached && (!everybody || (!notice->to_operator && !candidate->owners)))
			break;
		all->to = candidate->address;
		all->sent = all->later = false;
		if (why) {
			note(all, "refused", why);
			complain(all, _(why));
		} else if (!is_settled(all)) {
			mail_to(all, incident, own, candidate);
		}
		reached |= all->sent || all->later; /* what comes later is waited for */
		all->sent |= was_sent;
		all->later |= was_later;
	}
	if (!candidates.count)
		snprintf(all->says, sizeof all->says, "%s", _("no address outside the mailbox is known (sekisho contact, notice_operators)"));
}

/* ---- webhook and command */

static json_t *document_of(struct delivery *delivery, const struct notice *notice, const json_t *incident, const struct contact *contact)
{
	json_t *document = json_pack("{s:s, s:I, s:s, s:s, s:o, s:o, s:o}", "schema", "sekisho.notice/1", "id", (json_int_t)notice->id, "kind",
				     notice_kind_names[notice->kind], "to", notice->to_operator ? "operator" : "owner", "account",
				     value_text(notice->account), "incident", notice->incident ? value_count(notice->incident) : json_null(), "at",
				     value_time(notice->made_us));
	char code[NOTICE_CODE_MAX], *plain;
	struct contact anybody = *contact;
	struct draft *draft;
	struct error error;
	json_t *addresses = json_array();

	notice_code_make(&delivery->keys, notice->id, code);
	json_object_set_new(document, "code", json_string(code));
	for (size_t i = 0; !notice->to_operator && i < contact->address_count; i++)
		json_array_append_new(addresses, value_text(contact->addresses[i]));
	json_object_set_new(document, "contacts", addresses);
	if (notice->members)
		json_object_set(document, "incidents", (json_t *)(uintptr_t)notice->members);
	*anybody.phrase = '\0'; /* which is for the owner's eyes alone */
	if (write_draft(delivery, notice, incident, &anybody, notice->account, false, &draft, &error)) {
		plain = draft_plain(draft);
		json_object_set_new(document, "subject", value_text(draft_subject(draft)));
		json_object_set_new(document, "text", value_text(plain));
		json_object_set_new(document, "language", json_string(draft_language(draft)));
		free(plain);
	}
	draft_free(draft);
	return document;
}

static void deliver_by_others(struct progress_of *all, const json_t *incident, const struct contact *contact)
{
	struct delivery *delivery = all->delivery;
	json_t *document = document_of(delivery, all->notice, incident, contact);
	char *json = json_dumps(document, JSON_COMPACT), key[64];
	struct ways_outcome outcome;
	bool was_sent = all->sent;

	snprintf(key, sizeof key, "sekisho-%llu", (unsigned long long)all->notice->id);
	if (*delivery->config.notice_webhook) {
		all->way = "webhook";
		all->to = "-";
		if (!is_settled(all)) {
			ways_webhook(delivery->ways, json, key, clock_now(), about_to, all, &outcome);
			judge(all, &outcome);
		}
	}
	if (delivery->config.notice_command.count) {
		all->way = "command";
		all->to = "-";
		if (!is_settled(all)) {
			ways_command(delivery->ways, json, about_to, all, &outcome);
			judge(all, &outcome);
		}
	}
	if (!all->notice->to_operator && ways_has_mail(&delivery->config))
		all->sent = was_sent; /* a program of the operator's took it, and no owner */
	free(json);
	json_decref(document);
}

/* ---- one notice */

static json_t *ask_once(const struct delivery *delivery, const struct notice *notice)
{
	json_t *answer = NULL, *incident;
	struct error error;

	if (ask(delivery->config.control_socket, json_pack("{s:s, s:I}", "verb", "incident show", "incident", (json_int_t)notice->incident), &answer,
		&error) != ASK_ANSWERED)
		return NULL; /* then less is said */
	incident = json_incref(json_object_get(answer, "incident"));
	json_decref(answer);
	return incident;
}

static bool is_being_shut(const json_t *incident)
{
	const json_t *step;
	size_t i;

	json_array_foreach(json_object_get(json_object_get(incident, "closure"), "steps"), i, step) {
		bool tried = strcmp(field_text(step, "state"), "waiting") != 0 && strcmp(field_text(step, "state"), "done") != 0;

		if (!tried && field_flag(step, "wanted") && !json_is_string(json_object_get(step, "proved_at")))
			return true;
	}
	return false;
}

/* The ledger is a moment behind, and what is being done is told only once it is proved: both are worth a moment, but no more. */
static json_t *ask_incident(const struct delivery *delivery, const struct notice *notice)
{
	int64_t since_us = clock_now() - notice->made_us;
	json_t *incident;

	if (!notice->incident || notice->members)
		return NULL;
	if (since_us >= 0 && since_us < LEDGER_BEHIND_US)
		usleep((useconds_t)(LEDGER_BEHIND_US - since_us));
	incident = ask_once(delivery, notice);
	while (notice->kind == NOTICE_LOCKED && is_being_shut(incident) && clock_now() - notice->made_us < PROVED_WITHIN_US) {
		usleep(PROVED_LOOK_US);
		json_decref(incident);
		incident = ask_once(delivery, notice);
	}
	return incident;
}

/* the owner's row, and the domain's */
static bool find_contacts(struct delivery *delivery, const struct notice *notice, struct contact *own, struct contact *domain, struct error *error)
{
	const char *at = strrchr(notice->account, '@');
	bool found;

	*domain = (struct contact){ .address_count = 0 };
	return contacts_find(delivery->contacts, text_of(notice->account), &found, own, error) &&
	       (!at || contacts_find(delivery->contacts, text_of(at), &found, domain, error));
}

static void answer(const struct progress_of *all)
{
	const char *state = all->later ? "later" : all->sent ? "sent" : "failed";
	const char *language = all->notice->to_operator ? all->delivery->config.notice_language : "";
	json_t *line = json_pack("{s:I, s:s, s:s, s:O, s:o}", "id", (json_int_t)all->notice->id, "state", state, "language", language, "ways",
				 all->notice->ways, "says", value_text(all->says));
	struct error error;

	if (!value_write_line(line, stdout, &error) || fflush(stdout) != 0)
		exit(CLI_AWAY); /* the daemon is gone: what was done stands in the logbook */
}

static void deliver(struct delivery *delivery, struct notice *notice)
{
	struct progress_of all = { .delivery = delivery, .notice = notice, .way = "", .to = "" };
	struct contact own, domain;
	json_t *incident;
	struct error error;

	if (!find_contacts(delivery, notice, &own, &domain, &error)) {
		all.later = true;
		snprintf(all.says, sizeof all.says, "%s", error.text);
		answer(&all);
		return;
	}
	incident = ask_incident(delivery, notice);
	if (ways_has_mail(&delivery->config))
		deliver_by_mail(&all, incident, &own, &domain);
	if (notice->kind != NOTICE_CODE)
		deliver_by_others(&all, incident, &own);
	answer(&all);
	json_decref(incident);
	explicit_bzero(&own, sizeof own);
}

/* ---- lines */

static bool take_line(struct delivery *delivery, struct text line, struct error *error)
{
	json_t *root = json_loadb(line.p, line.n, 0, NULL), *ways = json_object_get(root, "ways");
	const json_t *members = json_object_get(root, "members");
	struct notice notice = {
		.id = field_count(root, "id"),
		.incident = field_count(root, "incident"),
		.count = field_count(root, "count"),
		.account = field_text(root, "account"),
		.kind = notice_kind_find(text_of(field_text(root, "kind"))),
		.to_operator = strcmp(field_text(root, "to"), "operator") == 0,
		.made_us = json_integer_value(json_object_get(root, "made")),
		.onetime = json_string_value(json_object_get(root, "onetime")),
		.minutes = (int)field_count(root, "minutes"),
		.members = json_is_array(members) ? members : NULL,
		.ways = json_is_array(ways) ? json_deep_copy(ways) : json_array(),
	};
	bool done = notice.kind < NOTICE_KINDS && *notice.account;

	if (done && notice.id && !delivery->has_logbook)
		done = delivery->has_logbook = logbook_open(&delivery->logbook, delivery->config.state_folder, error);
	else if (!done)
		error_set(error, "no notice: '%.*s'", (int)(line.n < 100 ? line.n : 100), line.p);
	if (done)
		deliver(delivery, &notice);
	json_decref(notice.ways);
	json_decref(root);
	return done;
}

static int take_lines(struct delivery *delivery)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	struct error error = { "" };
	int status = CLI_DONE;

	while (status == CLI_DONE && (n = getline(&line, &room, stdin)) > 0) {
		if (!take_line(delivery, text_trim((struct text){ line, (size_t)n }), &error)) {
			log_say(LOG_ERROR, "%s", error.text);
			status = CLI_AWAY;
		}
		explicit_bzero(line, (size_t)n);
	}
	free(line);
	return status;
}

/* ---- life */

static void name_host(struct delivery *delivery)
{
	const char *at = strrchr(delivery->config.notice_from, '@');

	if (gethostname(delivery->host, sizeof delivery->host - 1) != 0 || !strchr(delivery->host, '.'))
		text_copy(delivery->host, sizeof delivery->host, text_of(at ? at + 1 : "localhost"));
	for (char *c = delivery->host; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '.' && *c != '-')
			*c = '-';
}

static bool open_all(struct delivery *delivery, const char *config_file)
{
	struct evidence_weights weights;
	struct error error = { "" };

	config_init(&delivery->config);
	if (!cli_read_config(&delivery->config, config_file, &weights))
		return false;
	name_host(delivery);
	delivery->ways = ways_new(&delivery->config, &error);
	if (delivery->ways && notice_keys_read(delivery->config.state_folder, false, &delivery->keys, &error))
		delivery->contacts = contacts_open(delivery->config.state_folder, &error);
	if (delivery->contacts)
		return true;
	log_say(LOG_ERROR, "%s", error.text);
	return false;
}

int notice_deliver(const char *config_file)
{
	struct delivery delivery = { .logbook = { .fd = -1 } };
	int status = CLI_AWAY;

	secret_guard();
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdin, NULL, _IOLBF, 0);
	if (open_all(&delivery, config_file))
		status = take_lines(&delivery);
	logbook_close(&delivery.logbook);
	contacts_close(delivery.contacts);
	ways_free(delivery.ways);
	notice_keys_wipe(&delivery.keys);
	config_done(&delivery.config);
	return status;
}
