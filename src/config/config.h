/* SPDX-License-Identifier: Apache-2.0 */
/* The settings: one file of lines `name = value`, read once, then a plain struct. What settings there are, with type,
 * limits, default and sentence, stands in one table (settings.c); reader, sample file, manual and `config show` all
 * come from it. A fault names file, line and setting. Nothing is taken from the environment or from other files.
 * The config owns its texts and lists. One file is read at a time: libconfuse's lexer is global. */
#ifndef SEKISHO_CONFIG_CONFIG_H
#define SEKISHO_CONFIG_CONFIG_H
#include <stdio.h>

#include "base/error.h"
#include "base/ip.h"

enum {
	CONFIG_FILE_MAX = 1 << 20,    /* bytes */
	CONFIG_LINES_MAX = 100000,
	CONFIG_TEXT_MAX = 4096,       /* bytes of one value */
	CONFIG_LIST_MAX = 4096,       /* values in one list */
	CONFIG_SETTINGS_MAX = 128,
};

struct config_texts {
	char **items;
	size_t count, room;
};

struct config_addresses {
	struct ip *items;
	size_t count, room;
};

struct config {
	char *default_domain; /* never NULL; "" for none */
	struct config_addresses webmail_hosts;
	char *geo_database;
	int64_t spool_limit_bytes;
	double suspect_bits, hold_bits, lock_bits;
	double locks_an_hour, locks_an_hour_of_domain;
	struct config_texts weights; /* "signal=factor"; what they mean the evidence room knows */

	char *state_folder;
	struct config_texts policy_listen, logs, operators, support, own_hosts;
	char *lmtp_listen;
	char *milter_listen;
	char *milter_trace;
	char *milter_reads;
	char *imap_url, *imap_login_file;
	char *auth_policy_listen, *auth_policy_key_file, *auth_policy_hash_nonce_file;
	char *control_socket, *queue_socket, *passdb_socket;
	char *password_profile; /* "basic", "long" or "four" */
	uint64_t password_least, password_most, password_classes; /* 0: the profile's */
	char *password_symbols; /* "": the profile's; "any", "none", or which */
	double password_bits;   /* 0: the profile's */
	struct config_texts password_names;
	char *password_breached; /* "" for none */
	char *password_listen; /* "": nobody is answered about passwords */
	char *doveadm_url, *doveadm_key_file, *dovecot_auth_socket, *deny_file; /* "" for none */
	char *lock_reach; /* "unfamiliar" or "account" */
	struct config_texts lock_actions;
	char *flood_folder; /* "": a name in the language of whoever begins */
	uint64_t flood_days;
	char *mode; /* "learn", "observe" or "enforce" */
	struct config_texts web_listen, web_frames;        /* web_listen empty: there are no pages */
	struct config_addresses web_behind_proxy;
	char *web_address, *web_certificate, *web_key, *panel_key_file; /* "" for none */
	struct config_texts official_domains, official_names;
	char *authserv_id; /* "" for the topmost alone */
	char *server_name, *panel_name, *support_words, *notice_name;             /* config_words has those of a language */
	char *server_name_en, *panel_name_en, *support_words_en, *notice_name_en; /* "": the same in English */
	char *notice_from, *notice_envelope, *notice_smtp, *notice_ca_file, *notice_login_file, *notice_sendmail;
	struct config_texts notice_operators, notice_command;
	char *notice_webhook, *notice_webhook_key_file;
	char *notice_language, *notice_quiet, *notice_templates, *notice_public_key;
	uint64_t ledger_days, ledger_address_days, ledger_recipient_days;

	char *file;                          /* what was read; NULL: there are defaults alone */
	uint32_t lines[CONFIG_SETTINGS_MAX]; /* by row of the table: the line that set it, 0 for a default */
};

void config_init(struct config *config); /* all defaults */
void config_done(struct config *config);
/* Replaces everything in an initialised config. Without a name the usual file is read if there is one; a file that was
 * named and is missing is a failure. */
bool config_read(struct config *config, const char *file, struct error *error) __attribute__((warn_unused_result));

/* does it stand in the file? */
bool config_is_set(const struct config *config, const char *setting);
/* "file:line" of a setting, as faults name it */
enum { CONFIG_PLACE_MAX = 300 };
const char *config_place(const struct config *config, const char *setting, char to[CONFIG_PLACE_MAX]);
/* puts "file:line: setting: " in front of what the error says; false */
bool config_misplaced(const struct config *config, const char *setting, struct error *error);

/* how people are told of this site, in a language ("en", "ja"); "": not at all */
struct config_words {
	const char *server_name, *panel_name, *support_words, *notice_name;
};
struct config_words config_words(const struct config *config, const char *language);
/* the language of gettext now: "en", "ja" */
const char *config_language(void);

void config_write_sample(FILE *out);
/* the settings as an mdoc list, to stand in a manual page */
void config_write_manual(FILE *out);
/* each setting as it would be written, and "default" or "file:line" */
void config_show(const struct config *config, FILE *out);
#endif
