/* SPDX-License-Identifier: Apache-2.0 */
#include "notice/ways.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/program.h"
#include "base/when.h"
#include "config/secret_lines.h"
#include "notice/draft.h"
#include "notice/quiet.h"

enum { URL_HOST_MAX = 256 };

struct ways {
	const struct config *config;
	CURL *smtp, *web;
	char user[SECRET_LINE_MAX], password[SECRET_LINE_MAX], key[WAYS_KEY_MAX];
};

/* ---- settings */

bool ways_has_mail(const struct config *config)
{
	return *config->notice_from && (*config->notice_smtp || *config->notice_sendmail);
}

bool ways_any(const struct config *config)
{
	return ways_has_mail(config) || *config->notice_webhook || config->notice_command.count;
}

/* what stands between "://" and the port or path */
static void host_of(const char *url, char host[URL_HOST_MAX])
{
	const char *at = strstr(url, "://");
	size_t n;

	at = at ? at + 3 : url;
	n = *at == '[' ? strcspn(at, "]") : strcspn(at, ":/?#");
	text_copy(host, URL_HOST_MAX, (struct text){ *at == '[' ? at + 1 : at, *at == '[' && n ? n - 1 : n });
}

static bool is_here(const char *url)
{
	char host[URL_HOST_MAX];
	struct ip ip;

	host_of(url, host);
	return strcmp(host, "localhost") == 0 || (ip_parse(text_of(host), &ip) && ip_is_loopback(&ip));
}

/* none, or one that there can be */
static bool has_port(const char *url)
{
	struct text rest = text_of(url), port;
	uint64_t number;

	text_behind(rest, TEXT("://"), &rest);
	if (rest.n && *rest.p == '[')
		text_behind(rest, TEXT("]"), &rest);
	port = text_head(rest, strcspn(rest.p, "/?#"));
	port = text_after(port, text_find(port, ':'));
	return !port.n || (text_number(text_after(port, 1), UINT16_MAX, &number) && number);
}

static bool is_url(const char *url, const char *plain, const char *tls)
{
	char host[URL_HOST_MAX];

	host_of(url, host);
	return *host && has_port(url) && !strpbrk(url, "@ \t\r\n") && (strncmp(url, plain, strlen(plain)) == 0 || strncmp(url, tls, strlen(tls)) == 0);
}

static bool is_address(const char *address)
{
	const char *at = strrchr(address, '@');

	for (const char *c = address; *c; c++)
		if (*c <= ' ' || *c >= 0x7f || strchr("<>()[],;:\\\"", *c))
			return false;
	return at && at > address && at[1];
}

/* "/etc/sekisho/sekisho.conf:7: notice_smtp: 'x' is no …" */
static bool wrong(const struct config *config, const char *setting, const char *value, const char *why, struct error *error)
{
	error_set(error, "'%s' %s", value, why);
	return config_misplaced(config, setting, error);
}

static bool check_path(const struct config *config, const char *setting, const char *path, struct error *error)
{
	return !*path || *path == '/' || wrong(config, setting, path, _("is no path from the root"), error);
}

static bool check_address(const struct config *config, const char *setting, const char *address, struct error *error)
{
	return !*address || is_address(address) || wrong(config, setting, address, _("is no address"), error);
}

static bool check_mail(const struct config *config, struct error *error)
{
	for (size_t i = 0; i < config->notice_operators.count; i++)
		if (!check_address(config, "notice_operators", config->notice_operators.items[i], error))
			return false;
	if (*config->notice_smtp && !is_url(config->notice_smtp, "smtp://", "smtps://"))
		return wrong(config, "notice_smtp", config->notice_smtp, _("is none of smtp://host:port, smtps://host:port"), error);
	return check_address(config, "notice_from", config->notice_from, error) &&
	       check_address(config, "notice_envelope", config->notice_envelope, error);
}

bool ways_check(const struct config *config, struct error *error)
{
	const char *hook = config->notice_webhook, *language = config->notice_language;
	struct quiet quiet;

	if (*hook && (!is_url(hook, "http://", "https://") || (strncmp(hook, "http://", 7) == 0 && !is_here(hook))))
		return wrong(config, "notice_webhook", hook, _("is no https://… (http:// only on this machine)"), error);
	if (*hook && !*config->notice_webhook_key_file) {
		error_set(error, "%s", _("notice_webhook is set, and notice_webhook_key_file is not"));
		return config_misplaced(config, "notice_webhook", error);
	}
	if (strcmp(language, "ja") != 0 && strcmp(language, "en") != 0 && strcmp(language, "both") != 0)
		return wrong(config, "notice_language", language, _("is none of ja, en, both"), error);
	if (config->notice_command.count && !check_path(config, "notice_command", config->notice_command.items[0], error))
		return false;
	if (!quiet_read(text_of(config->notice_quiet), &quiet, error))
		return config_misplaced(config, "notice_quiet", error);
	return check_mail(config, error) && check_path(config, "notice_sendmail", config->notice_sendmail, error) &&
	       check_path(config, "notice_login_file", config->notice_login_file, error) &&
	       check_path(config, "notice_webhook_key_file", config->notice_webhook_key_file, error) &&
	       check_path(config, "notice_templates", config->notice_templates, error) &&
	       check_path(config, "notice_ca_file", config->notice_ca_file, error) &&
	       check_path(config, "notice_public_key", config->notice_public_key, error) &&
	       (draft_check(config->notice_templates, error) || config_misplaced(config, "notice_templates", error));
}

bool ways_check_files(const struct config *config, struct error *error)
{
	const struct { const char *setting, *path; } files[] = {
		{ "notice_command", config->notice_command.count ? config->notice_command.items[0] : "" },
		{ "notice_login_file", config->notice_login_file }, { "notice_webhook_key_file", config->notice_webhook_key_file },
		{ "notice_ca_file", config->notice_ca_file },	    { "notice_public_key", config->notice_public_key },
	};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (*files[i].path && access(files[i].path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
			return wrong(config, files[i].setting, files[i].path, _("is not there"), error);
	return true;
}

/* ---- life */

struct ways *ways_new(const struct config *config, struct error *error)
{
	struct ways *ways;

	if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT)) {
		error_set(error, "libcurl or libsodium cannot be used");
		return NULL;
	}
	ways = memory_zero(1, sizeof *ways);
	ways->config = config;
	if (ways_check(config, error) &&
	    (!*config->notice_login_file || secret_lines_read(config->notice_login_file, ways->user, ways->password, SECRET_LINE_MAX, error)) &&
	    (!*config->notice_webhook || secret_key_read(config, "notice_webhook_key_file", config->notice_webhook_key_file, ways->key, WAYS_KEY_MAX, error)))
		return ways;
	ways_free(ways);
	return NULL;
}

void ways_free(struct ways *ways)
{
	if (!ways)
		return;
	curl_easy_cleanup(ways->smtp);
	curl_easy_cleanup(ways->web);
	sodium_memzero(ways, sizeof *ways);
	free(ways);
	curl_global_cleanup();
}

static void say(struct ways_outcome *outcome, enum way_result result, const char *says)
{
	outcome->result = result;
	text_copy(outcome->says, sizeof outcome->says, text_trim(text_of(says)));
	for (char *c = outcome->says; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
}

/* ---- SMTP */

struct upload {
	struct text left;
	bool begun;
	void (*about_to)(void *context);
	void *context;
	char reply[WAYS_SAYS_MAX]; /* the last but that to QUIT, with which libcurl takes its leave */
	uint64_t code;             /* its */
};

static size_t give(char *to, size_t one, size_t room, void *context)
{
	struct upload *upload = context;
	size_t n = one * room < upload->left.n ? one * room : upload->left.n;

	if (!upload->begun)
		upload->about_to(upload->context);
	upload->begun = true;
	memcpy(to, upload->left.p, n);
	upload->left = text_after(upload->left, n);
	return n;
}

static size_t hear(char *line, size_t one, size_t n, void *context)
{
	struct upload *upload = context;

	struct text text = { line, one * n };
	uint64_t code = 0;

	if (text.n < 3 || !text_number(text_head(text, 3), 599, &code) || code == 221)
		return one * n;
	upload->code = code;
	text_copy(upload->reply, sizeof upload->reply, text);
	return one * n;
}

static size_t ignore(char *bytes, size_t one, size_t n, void *context) { return one * n; }

static void set_common(CURL *easy, const struct config *config, const char *url, const char *protocols)
{
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(WAYS_PATIENCE_US / 1000));
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 15000L);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
	if (*config->notice_ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, config->notice_ca_file);
}

static CURL *smtp_of(struct ways *ways)
{
	const struct config *config = ways->config;
	bool here = is_here(config->notice_smtp);

	if (ways->smtp)
		return ways->smtp;
	ways->smtp = curl_easy_init();
	if (!ways->smtp)
		return NULL;
	set_common(ways->smtp, config, config->notice_smtp, "smtp,smtps");
	/* on this machine nobody listens in between, and certificates bear other names; elsewhere without TLS nothing is sent */
	curl_easy_setopt(ways->smtp, CURLOPT_USE_SSL, here ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	curl_easy_setopt(ways->smtp, CURLOPT_UPLOAD, 1L);
	if (*ways->user) {
		curl_easy_setopt(ways->smtp, CURLOPT_USERNAME, ways->user);
		curl_easy_setopt(ways->smtp, CURLOPT_PASSWORD, ways->password);
	}
	return ways->smtp;
}

static enum way_result judge_smtp(CURLcode code, uint64_t reply, const struct upload *upload)
{
	if (code == CURLE_OK)
		return WAY_SENT;
	if (reply >= 500 && reply < 600 && code != CURLE_LOGIN_DENIED && (code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY))
		return WAY_REFUSED;
	/* all of it went out, and no answer to it came */
	if (upload->begun && !upload->left.n && (reply < 400 || reply == 354))
		return WAY_UNKNOWN;
	return WAY_LATER;
}

static void mail_smtp(struct ways *ways, const char *to, struct upload *upload, struct ways_outcome *outcome)
{
	CURL *easy = smtp_of(ways);
	char recipient[SECRET_LINE_MAX], sender[SECRET_LINE_MAX];
	struct curl_slist *list;
	CURLcode code;

	snprintf(recipient, sizeof recipient, "<%s>", to);
	snprintf(sender, sizeof sender, "<%s>", ways->config->notice_envelope);
	list = easy ? curl_slist_append(NULL, recipient) : NULL;
	if (!list) {
		say(outcome, WAY_LATER, "libcurl cannot be had");
		return;
	}
	curl_easy_setopt(easy, CURLOPT_MAIL_FROM, sender);
	curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, list);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(easy, CURLOPT_READDATA, upload);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, hear);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, upload);
	code = curl_easy_perform(easy);
	say(outcome, judge_smtp(code, upload->code, upload),
	    code == CURLE_OK || upload->code >= 400 ? upload->reply : curl_easy_strerror(code));
	curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(list);
}

/* ---- programs */

static int descriptor_of(struct text bytes, bool plain_ends)
{
	int fd = memfd_create("notice", MFD_CLOEXEC);

	while (fd >= 0 && bytes.n) {
		struct text piece = plain_ends ? text_head(bytes, text_find(bytes, '\r')) : bytes;
		ssize_t n = piece.n ? write(fd, piece.p, piece.n) : 0;

		if (n < 0) {
			close(fd);
			return -1;
		}
		bytes = text_after(bytes, (size_t)n);
		if (plain_ends && bytes.n && (size_t)n == piece.n)
			bytes = text_after(bytes, 1);
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

static enum way_result judge_program(int status)
{
	switch (status) {
	case EX_OK: return WAY_SENT;
	case EX_DATAERR:
	case EX_NOUSER:
	case EX_NOHOST: return WAY_REFUSED;
	default: return status > 0 ? WAY_LATER : WAY_UNKNOWN; /* killed, or too slow: it may have been done */
	}
}

static void run(const char *const *words, struct text input, bool plain_ends, void (*about_to)(void *context), void *context,
		struct ways_outcome *outcome)
{
	struct error error = { "" };
	int status = -1, fd = descriptor_of(input, plain_ends);
	struct program program = { .words = words, .input = fd, .output = -1, .stop = -1, .patience_us = WAYS_PATIENCE_US, .status = &status };

	if (fd < 0 || access(words[0], X_OK) != 0) {
		error_set(&error, "'%s': %s", words[0], strerror(errno));
		say(outcome, WAY_LATER, error.text);
	} else {
		about_to(context);
		if (program_run(&program, &error))
			status = 0;
		say(outcome, judge_program(status), status == 0 ? "" : error.text);
	}
	if (fd >= 0)
		close(fd);
}

static void mail_program(struct ways *ways, const char *to, struct upload *upload, struct ways_outcome *outcome)
{
	const struct config *config = ways->config;
	const char *words[] = { config->notice_sendmail, "-i", "-f", *config->notice_envelope ? config->notice_envelope : "<>", "--", to, NULL };

	run(words, upload->left, true, upload->about_to, upload->context, outcome);
}

void ways_mail(struct ways *ways, const char *to, const char *letter, void (*about_to)(void *context), void *context,
	       struct ways_outcome *outcome)
{
	struct upload upload = { .left = text_of(letter), .about_to = about_to, .context = context };

	if (!is_address(to))
		say(outcome, WAY_REFUSED, "no address");
	else if (*ways->config->notice_smtp)
		mail_smtp(ways, to, &upload, outcome);
	else
		mail_program(ways, to, &upload, outcome);
}

void ways_command(struct ways *ways, const char *json, void (*about_to)(void *context), void *context, struct ways_outcome *outcome)
{
	const struct config_texts *command = &ways->config->notice_command;
	const char **words = memory_zero(command->count + 1, sizeof *words);

	for (size_t i = 0; i < command->count; i++)
		words[i] = command->items[i];
	run(words, text_of(json), false, about_to, context, outcome);
	free(words);
}

/* ---- webhook */

void ways_sign(struct text key, int64_t seconds, struct text body, char signature[WAYS_SIGNATURE_MAX])
{
	unsigned char bytes[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;
	char head[32];

	snprintf(head, sizeof head, "%lld.", (long long)seconds);
	crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.p, key.n);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)head, strlen(head));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.p, body.n);
	crypto_auth_hmacsha256_final(&state, bytes);
	sodium_bin2hex(signature, WAYS_SIGNATURE_MAX, bytes, sizeof bytes);
}

static struct curl_slist *heads_of(struct ways *ways, const char *json, const char *key, int64_t now_us)
{
	char signature[WAYS_SIGNATURE_MAX], head[3][160];
	struct curl_slist *list = NULL;
	long long seconds = now_us / SECOND_US;

	ways_sign(text_of(ways->key), seconds, text_of(json), signature);
	snprintf(head[0], sizeof head[0], "Sekisho-Timestamp: %lld", seconds);
	snprintf(head[1], sizeof head[1], "Sekisho-Signature: sha256=%s", signature);
	snprintf(head[2], sizeof head[2], "Idempotency-Key: %.100s", key);
	for (int i = 0; i < 3; i++)
		list = curl_slist_append(list, head[i]);
	list = curl_slist_append(list, "Content-Type: application/json");
	return curl_slist_append(list, "Expect:");
}

void ways_webhook(struct ways *ways, const char *json, const char *key, int64_t now_us, void (*about_to)(void *context), void *context,
		  struct ways_outcome *outcome)
{
	CURL *easy = ways->web ? ways->web : curl_easy_init();
	struct curl_slist *heads;
	char says[80];
	CURLcode code;
	long status = 0;

	ways->web = easy;
	if (!easy) {
		say(outcome, WAY_LATER, "libcurl cannot be had");
		return;
	}
	heads = heads_of(ways, json, key, now_us);
	set_common(easy, ways->config, ways->config->notice_webhook, "http,https");
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, heads);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, json);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(json));
	about_to(context);
	code = curl_easy_perform(easy);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	snprintf(says, sizeof says, "HTTP %ld", status);
	if (code)
		say(outcome, code == CURLE_OPERATION_TIMEDOUT || code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR ? WAY_UNKNOWN : WAY_LATER,
		    curl_easy_strerror(code));
	else
		say(outcome, status >= 200 && status < 300 ? WAY_SENT : status == 410 ? WAY_REFUSED : WAY_LATER, says);
	curl_slist_free_all(heads);
}
