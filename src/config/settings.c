/* SPDX-License-Identifier: Apache-2.0 */
#include "base/i18n.h"
#include "config/setting.h"

#define KIB 1024.0
#define FIELD(name) offsetof(struct config, name)

/* name, type, field, unit, least, most, default, sentence; of more than some fifty rows clang-format loses its way */
/* clang-format off */
const struct setting settings[] = {
	{ "default_domain", SETTING_TEXT, FIELD(default_domain), NULL, 0, 0, "",
	  N_("The domain of logins that are written without one: with example.org, alice is alice@example.org.") },
	{ "webmail_hosts", SETTING_ADDRESSES, FIELD(webmail_hosts), NULL, 0, 0, "",
	  N_("Addresses of webmail and other front ends that log in on behalf of their users. Such an address says nothing about where somebody is.") },
	{ "geo_database", SETTING_TEXT, FIELD(geo_database), NULL, 0, 0, "",
	  N_("The file that knows countries and networks of addresses, in the format of MaxMind (mmdb) or of libloc. Empty: the one of libloc, where it is installed.") },
	{ "spool_limit", SETTING_BYTES, FIELD(spool_limit_bytes), NULL, KIB *KIB, KIB *KIB *KIB *KIB, "1G",
	  N_("The most disk space that scan takes to look back at what an account did before it was suspected.") },
	{ "suspect_bits", SETTING_NUMBER, FIELD(suspect_bits), N_("bits"), 1, 100, "14",
	  N_("So much evidence against an account and it is reported as suspected. Ten bits are odds of a thousand to one.") },
	{ "hold_bits", SETTING_NUMBER, FIELD(hold_bits), N_("bits"), 1, 100, "11",
	  N_("So much evidence and a message is held back until more is known.") },
	{ "lock_bits", SETTING_NUMBER, FIELD(lock_bits), N_("bits"), 1, 100, "22",
	  N_("So much evidence and an account is taken as hijacked, and locked.") },
	{ "locks_an_hour", SETTING_NUMBER, FIELD(locks_an_hour), N_("accounts"), 0, 1e6, "60",
	  N_("At most so many accounts are locked within an hour. Beyond, mail is only held, and a person has to decide.") },
	{ "locks_an_hour_of_domain", SETTING_NUMBER, FIELD(locks_an_hour_of_domain), N_("accounts"), 0, 1e6, "30",
	  N_("The same for the accounts of one domain.") },
	{ "weights", SETTING_TEXTS, FIELD(weights), NULL, 0, 0, "",
	  N_("Factors from 0 to 4 on what single signals add, such as \"rate=0.8\"; a signal that is not named counts as it was built. sekisho replay --calibrate suggests them from your own logs.") },
	{ "state_folder", SETTING_TEXT, FIELD(state_folder), NULL, 0, 0, "/var/lib/sekisho",
	  N_("Where the daemon keeps what it knows: profiles, incidents, the ledger.") },
	{ "mode", SETTING_TEXT, FIELD(mode), NULL, 0, 0, "observe",
	  N_("How far the daemon goes for domains of which sekisho mode says nothing else: learn, observe (everything is judged and recorded, nothing is done) or enforce.") },
	{ "policy_listen", SETTING_TEXTS, FIELD(policy_listen), NULL, 0, 0, "",
	  N_("Where Postfix asks (check_policy_service): unix:/path or inet:address:port. Empty: unix:/var/spool/postfix/sekisho/policy, which a Postfix in its chroot reaches, too.") },
	{ "auth_policy_listen", SETTING_TEXT, FIELD(auth_policy_listen), NULL, 0, 0, "inet:127.0.0.1:9580",
	  N_("Where Dovecot asks about logins (auth_policy_server_url): inet:address:port. Nobody is answered without auth_policy_key_file.") },
	{ "auth_policy_key_file", SETTING_TEXT, FIELD(auth_policy_key_file), NULL, 0, 0, "",
	  N_("The file with the key that Dovecot has to show, on its first line. Empty: the daemon does not answer Dovecot.") },
	{ "auth_policy_hash_nonce_file", SETTING_TEXT, FIELD(auth_policy_hash_nonce_file), NULL, 0, 0, "",
	  N_("The file with Dovecot's auth_policy_hash_nonce, on its first line. With it, and with auth_policy_hash_truncate = 0 there, a password that works and that a guesser tries first is marked. Empty: none is tried.") },
	{ "lmtp_listen", SETTING_TEXT, FIELD(lmtp_listen), NULL, 0, 0, "",
	  N_("Where mail is taken over LMTP that came back, or complains: unix:/path or inet:address:port. Give it copies, of bounces and of what abuse@ and postmaster@ get. Empty: nowhere.") },
	{ "milter_listen", SETTING_TEXT, FIELD(milter_listen), NULL, 0, 0, "",
	  N_("Where Postfix shows mail as to a milter (smtpd_milters): unix:/path or inet:address:port. Of what comes in, bounces, automatic answers and what abuse@ and postmaster@ get are understood; no mail is changed or refused. Empty: nowhere.") },
	{ "milter_trace", SETTING_TEXT, FIELD(milter_trace), NULL, 0, 0, "no",
	  N_("With yes, mail of whoever logged in gets a sealed header (X-Sekisho-Trace) over that milter, by which what comes back is known also where queue id and Message-ID are gone.") },
	{ "imap_url", SETTING_TEXT, FIELD(imap_url), NULL, 0, 0, "",
	  N_("A folder to which complaints and bounces come, as imaps://mail.example.org/INBOX: what arrives there is read at once and left as it is, not even marked as seen. With TLS always, unless the host is this one. Empty: none.") },
	{ "imap_login_file", SETTING_TEXT, FIELD(imap_login_file), NULL, 0, 0, "",
	  N_("The file with the login for that folder: the name on its first line, the password on its second.") },
	{ "logs", SETTING_TEXTS, FIELD(logs), NULL, 0, 0, "",
	  N_("The mail logs that the daemon follows: paths, or journal. Empty: /var/log/mail.log where it is there, else the journal.") },
	{ "control_socket", SETTING_TEXT, FIELD(control_socket), NULL, 0, 0, "/run/sekisho/control",
	  N_("The socket over which the commands of sekisho ask the daemon.") },
	{ "queue_socket", SETTING_TEXT, FIELD(queue_socket), NULL, 0, 0, "/run/sekisho-queue/socket",
	  N_("The socket of the helper that may touch the queue of Postfix.") },
	{ "doveadm_url", SETTING_TEXT, FIELD(doveadm_url), NULL, 0, 0, "",
	  N_("The HTTP API of Dovecot's doveadm, as http://127.0.0.1:8080/doveadm/v1, over which sessions are ended and the cache of passwords is emptied. Empty: neither is done.") },
	{ "doveadm_key_file", SETTING_TEXT, FIELD(doveadm_key_file), NULL, 0, 0, "",
	  N_("The file with the key that doveadm wants to see (doveadm_api_key), on its first line.") },
	{ "dovecot_auth_socket", SETTING_TEXT, FIELD(dovecot_auth_socket), NULL, 0, 0, "",
	  N_("A socket on which Dovecot answers about logins, as /run/dovecot/auth-sekisho: there a locked account is tried, to prove that it is. Empty: nothing is tried.") },
	{ "deny_file", SETTING_TEXT, FIELD(deny_file), NULL, 0, 0, "",
	  N_("The list of logins that Dovecot denies, as /var/lib/sekisho-deny/logins, written by the daemon and read by a passdb with deny = yes. Empty: there is none.") },
	{ "passdb_socket", SETTING_TEXT, FIELD(passdb_socket), NULL, 0, 0, "/run/sekisho-passdb/socket",
	  N_("The socket of the helper that may change passwords.") },
	{ "password_profile", SETTING_TEXT, FIELD(password_profile), NULL, 0, 0, "four",
	  N_("What a new password has to be: basic (8 to 15 letters, digits and - . ,), long (20 characters and more) or four (8 and more, of small letters, capitals, digits and symbols). Words, names, rows of keys and what is quickly guessed are refused by each.") },
	{ "password_least", SETTING_COUNT, FIELD(password_least), N_("characters"), 0, 256, "0",
	  N_("A new password has at least so many. 0: what the profile says.") },
	{ "password_most", SETTING_COUNT, FIELD(password_most), N_("characters"), 0, 256, "0",
	  N_("And at most so many. 0: what the profile says.") },
	{ "password_classes", SETTING_COUNT, FIELD(password_classes), NULL, 0, 4, "0",
	  N_("Of so many of these kinds it has at least one each: small letters, capitals, digits, symbols. 0: what the profile says.") },
	{ "password_symbols", SETTING_TEXT, FIELD(password_symbols), NULL, 0, 0, "",
	  N_("Which symbols may stand in it, such as \"-.,\"; any; or none. Empty: what the profile says.") },
	{ "password_bits", SETTING_NUMBER, FIELD(password_bits), N_("bits"), 0, 200, "0",
	  N_("So strong it has to be by zxcvbn: 30 are a thousand million guesses. 0: what the profile says.") },
	{ "password_names", SETTING_TEXTS, FIELD(password_names), NULL, 0, 0, "",
	  N_("Names that must not stand in a password, of the company above all, in Latin letters. Those of official_names and official_domains are among them anyway.") },
	{ "password_breached", SETTING_TEXT, FIELD(password_breached), NULL, 0, 0, "",
	  N_("The file of passwords that became known elsewhere, as sekisho password breached build makes it. Empty: there is none.") },
	{ "password_listen", SETTING_TEXT, FIELD(password_listen), NULL, 0, 0, "",
	  N_("Where panels and plug-ins ask whether a new password is good (sekisho password serve, which the daemon keeps running): unix:/path or inet:127.0.0.1:port. Empty: nowhere.") },
	{ "lock_reach", SETTING_TEXT, FIELD(lock_reach), NULL, 0, 0, "unfamiliar",
	  N_("What a lock shuts by itself: unfamiliar (sources that are not plainly the owner's) or account (every login, and all sending).") },
	{ "lock_actions", SETTING_TEXTS, FIELD(lock_actions), NULL, 0, 0, "",
	  N_("What the daemon does with a lock of its own beside what it always does: password, where the lock shuts the whole account. The owner then needs a new one.") },
	{ "operators", SETTING_TEXTS, FIELD(operators), NULL, 0, 0, "",
	  N_("Groups of this machine whose members may change things: modes, what is forgotten. Root always may.") },
	{ "support", SETTING_TEXTS, FIELD(support), NULL, 0, 0, "",
	  N_("Groups of this machine whose members may look: incidents, accounts, whose mail it was. Each look is recorded.") },
	{ "web_listen", SETTING_TEXTS, FIELD(web_listen), NULL, 0, 0, "",
	  N_("Where the owner's pages are served (sekisho web, which the daemon keeps running): inet:address:port, or unix:/path behind a proxy. Empty: nowhere.") },
	{ "web_address", SETTING_TEXT, FIELD(web_address), NULL, 0, 0, "",
	  N_("The address of the owner's pages as browsers see it, without a path: https://mail.example.org. Nothing is answered under any other.") },
	{ "web_certificate", SETTING_TEXT, FIELD(web_certificate), NULL, 0, 0, "",
	  N_("The file with the certificate of web_address, and those that it hangs on (PEM). Empty: a proxy in front speaks TLS.") },
	{ "web_key", SETTING_TEXT, FIELD(web_key), NULL, 0, 0, "",
	  N_("The file with the key of that certificate (PEM).") },
	{ "web_behind_proxy", SETTING_ADDRESSES, FIELD(web_behind_proxy), NULL, 0, 0, "",
	  N_("Addresses of proxies in front of the owner's pages; theirs alone is X-Forwarded-For believed. Who connects over unix: is believed, too.") },
	{ "web_frames", SETTING_TEXTS, FIELD(web_frames), NULL, 0, 0, "",
	  N_("Addresses of panels that may show the owner's pages in a frame, such as https://panel.example.org. They must be of the same domain, or cookies do not come along. Whom they say is logged in is believed without asking back. Empty: none.") },
	{ "panel_key_file", SETTING_TEXT, FIELD(panel_key_file), NULL, 0, 0, "",
	  N_("The file with the key, 32 characters or more on its first line, by which your panel signs who is logged in there. Empty: no panel vouches for owners.") },
	{ "official_domains", SETTING_TEXTS, FIELD(official_domains), NULL, 0, 0, "",
	  N_("Domains from which your own notices come and to which they lead, each with all below it, such as example.net. What imitates them is told as phishing.") },
	{ "official_names", SETTING_TEXTS, FIELD(official_names), NULL, 0, 0, "",
	  N_("Names under which people know you, in every script: a mail that bears one and does not come from official_domains is suspected.") },
	{ "authserv_id", SETTING_TEXT, FIELD(authserv_id), NULL, 0, 0, "",
	  N_("The name under which your own server writes Authentication-Results into mails (RFC 8601). Others' are not believed. Empty: the topmost field alone counts.") },
	{ "own_hosts", SETTING_TEXTS, FIELD(own_hosts), NULL, 0, 0, "",
	  N_("Names of this site's mail and web servers, as they stand in Received. By them mail is known that came back and was sent here without a login.") },
	{ "flood_folder", SETTING_TEXT, FIELD(flood_folder), NULL, 0, 0, "",
	  N_("The folder to which sekisho flood moves what came back of an attack. Empty: a name in the language of whoever begins.") },
	{ "flood_days", SETTING_COUNT, FIELD(flood_days), N_("days"), 0, 365, "7",
	  N_("So long the daemon looks each minute for what still comes back, and moves it too. 0: never.") },
	{ "server_name", SETTING_TEXT, FIELD(server_name), NULL, 0, 0, "",
	  N_("The name of this server as its users know it; it stands in notices. Empty: the host's name.") },
	{ "server_name_en", SETTING_TEXT, FIELD(server_name_en), NULL, 0, 0, "",
	  N_("The same for whoever reads English. Empty: server_name.") },
	{ "panel_name", SETTING_TEXT, FIELD(panel_name), NULL, 0, 0, "",
	  N_("Where owners change their password, in words that they know, such as \"the server panel\". Notices name it and never link to it: so nobody learns to follow a link.") },
	{ "panel_name_en", SETTING_TEXT, FIELD(panel_name_en), NULL, 0, 0, "",
	  N_("The same for whoever reads English. Empty: panel_name.") },
	{ "support_words", SETTING_TEXT, FIELD(support_words), NULL, 0, 0, "",
	  N_("Whom owners may ask, as it stands in notices, such as a telephone number and its hours.") },
	{ "support_words_en", SETTING_TEXT, FIELD(support_words_en), NULL, 0, 0, "",
	  N_("The same for whoever reads English. Empty: support_words.") },
	{ "notice_from", SETTING_TEXT, FIELD(notice_from), NULL, 0, 0, "",
	  N_("The address from which notices come, in one of official_domains. Empty: no notice goes out by mail.") },
	{ "notice_name", SETTING_TEXT, FIELD(notice_name), NULL, 0, 0, "",
	  N_("The name that stands beside that address.") },
	{ "notice_name_en", SETTING_TEXT, FIELD(notice_name_en), NULL, 0, 0, "",
	  N_("The same for whoever reads English. Empty: notice_name.") },
	{ "notice_envelope", SETTING_TEXT, FIELD(notice_envelope), NULL, 0, 0, "",
	  N_("The envelope sender of notices, to which bounces of them come. Empty: none, so that nothing comes back.") },
	{ "notice_operators", SETTING_TEXTS, FIELD(notice_operators), NULL, 0, 0, "",
	  N_("Addresses of those who run this server. They are told of incidents, and get an owner's notice where no other address is known.") },
	{ "notice_smtp", SETTING_TEXT, FIELD(notice_smtp), NULL, 0, 0, "",
	  N_("The server that takes notices: smtp://host:587 or smtps://host:465. Always with TLS, unless the host is this one. Empty: notice_sendmail.") },
	{ "notice_ca_file", SETTING_TEXT, FIELD(notice_ca_file), NULL, 0, 0, "",
	  N_("The certificates (PEM) by which that server, the webhook's and that of imap_url are known. Empty: those of the system.") },
	{ "notice_login_file", SETTING_TEXT, FIELD(notice_login_file), NULL, 0, 0, "",
	  N_("The file with the login for that server: the name on its first line, the password on its second. Empty: no login.") },
	{ "notice_sendmail", SETTING_TEXT, FIELD(notice_sendmail), NULL, 0, 0, "",
	  N_("The program that takes notices where notice_smtp is empty, as /usr/sbin/sendmail.") },
	{ "notice_webhook", SETTING_TEXT, FIELD(notice_webhook), NULL, 0, 0, "",
	  N_("The URL to which each notice is posted as signed JSON, beside the mail: https://…. Empty: none.") },
	{ "notice_webhook_key_file", SETTING_TEXT, FIELD(notice_webhook_key_file), NULL, 0, 0, "",
	  N_("The file with the secret with which that JSON is signed (HMAC-SHA256), on its first line.") },
	{ "notice_command", SETTING_TEXTS, FIELD(notice_command), NULL, 0, 0, "",
	  N_("A program and its arguments, run for each notice with the same JSON on its standard input. No shell. Empty: none.") },
	{ "notice_language", SETTING_TEXT, FIELD(notice_language), NULL, 0, 0, "both",
	  N_("The language of notices to owners of whom no language is known: ja, en, or both in one mail. Operators get the first of them.") },
	{ "notice_quiet", SETTING_TEXT, FIELD(notice_quiet), NULL, 0, 0, "22:00-07:00",
	  N_("The hours, in local time, in which what can wait is not sent. That somebody's account was locked never waits. Empty: none.") },
	{ "notice_templates", SETTING_TEXT, FIELD(notice_templates), NULL, 0, 0, "",
	  N_("A folder with texts of your own, such as locked.ja.txt; what is not there is as it was built in. See sekisho-notice(1).") },
	{ "notice_public_key", SETTING_TEXT, FIELD(notice_public_key), NULL, 0, 0, "",
	  N_("The public key by which inspect knows our notices, where it is not notice.pub in the state folder, which not everybody may read.") },
	{ "ledger_days", SETTING_COUNT, FIELD(ledger_days), N_("days"), 1, 3650, "90",
	  N_("So long the ledger knows which account sent which message.") },
	{ "ledger_address_days", SETTING_COUNT, FIELD(ledger_address_days), N_("days"), 1, 3650, "90",
	  N_("So long it knows from which address, and in which session.") },
	{ "ledger_recipient_days", SETTING_COUNT, FIELD(ledger_recipient_days), N_("days"), 1, 3650, "90",
	  N_("So long it keeps the keyed hashes of recipients, senders and subjects.") },
};
/* clang-format on */

const size_t settings_count = sizeof settings / sizeof *settings;

_Static_assert(sizeof settings / sizeof *settings <= CONFIG_SETTINGS_MAX, "struct config has a line for each setting");

void config_init(struct config *config)
{
	struct error fault;

	*config = (struct config){ 0 };
	for (size_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings[i];

		if (setting_is_list(setting))
			continue;
		if (!setting_take(setting, text_of(setting->usual), setting_field(setting, config), &fault))
			abort(); /* a default outside its own limits: a fault in the table */
	}
}

void config_done(struct config *config)
{
	for (size_t i = 0; i < settings_count; i++)
		setting_clear(&settings[i], setting_field(&settings[i], config));
	free(config->file);
	*config = (struct config){ 0 };
}
