/* SPDX-License-Identifier: Apache-2.0 */
/* Reports of abuse (fuzz/corpus/complaint, written for this): what they are about, and mails that only talk of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsf/gsf-outfile-msole.h>
#include <gsf/gsf-output-memory.h>

#include "mail/inspection.h"
#include "mail/original.h"

enum { MAIL_BYTES_MAX = 1 << 16 };

static struct message *message;

static struct text mail_of(const char *name, char bytes[MAIL_BYTES_MAX])
{
	char path[1000];
	FILE *file;
	size_t n;

	snprintf(path, sizeof path, "%s/fuzz/corpus/complaint/%s.eml", getenv("SEKISHO_SOURCE"), name);
	file = fopen(path, "re");
	if (!file)
		fail_msg("%s", path);
	n = fread(bytes, 1, MAIL_BYTES_MAX, file);
	fclose(file);
	return (struct text){ bytes, n };
}

struct wanted {
	const char *name, *format, *type, *ip, *account, *message_id, *queue_id;
};

#define PARCEL "20261122.parcel.1@example.jp"
#define QUEUED "4kQx7T2pLz1cRb"

static const struct wanted complaints[] = {
	{ "arf", "arf", "fraud", "198.51.100.9", "alice@example.jp", PARCEL, QUEUED },
	{ "arf-dialect", "arf", "opt-out", "2001:db8::25", "alice@example.jp", PARCEL, QUEUED },
	{ "arf-dmarc-words", "arf", "auth-failure", "203.0.113.77", "alice@example.jp", PARCEL, QUEUED },
	{ "jmrp", "jmrp", "abuse", "198.51.100.9", "alice@example.jp", PARCEL, QUEUED },
	{ "jmrp-bare", "jmrp", "abuse", "203.0.113.77", "alice@example.jp", PARCEL, QUEUED },
	{ "xarf4", "xarf", "abuse", "198.51.100.9", "alice@example.jp", PARCEL, QUEUED },
	{ "xarf3", "xarf", "login-attack", "203.0.113.77", "", "", "" },
	{ "xarf-bare", "xarf", "abuse", "198.51.100.9", "alice@example.jp", PARCEL, QUEUED },
	{ "xarf-plain", "xarf", "login-attack", "203.0.113.77", "", "", "" },
	{ "english-quoted", "freeform", "abuse", "203.0.113.77", "alice@example.jp", PARCEL, QUEUED },
	{ "english-attached", "freeform", "fraud", "203.0.113.77", "alice@example.jp", PARCEL, QUEUED },
	{ "english-agency", "freeform", "fraud", "203.0.113.77", "alice@example.jp", "", "" },
	{ "english-logs", "freeform", "login-attack", "203.0.113.77", "", "", "" },
	{ "english-copyright", "freeform", "other", "203.0.113.77", "", "", "" },
	{ "japanese-pasted", "freeform", "abuse", "203.0.113.77", "alice@example.jp", PARCEL, QUEUED },
	{ "japanese-sjis", "freeform", "fraud", "203.0.113.77", "", "", "" },
	{ "japanese-address-and-time", "freeform", "abuse", "", "alice@example.jp", "", "" },
};

static void assert_text(const char *name, const char *what, const char *wanted, struct text text)
{
	if (!text_is(text, text_of(wanted)))
		fail_msg("%s: %s: wanted '%s', got '%.*s'", name, what, wanted, TEXT_ARG(text));
}

static void look(const struct wanted *wanted, struct text mail)
{
	struct inspection inspection;
	struct error error = { 0 };
	const struct complaint *complaint = &inspection.complaint;
	char ip[IP_TEXT_MAX] = "";

	if (!inspect_mail(message, mail, NULL, &inspection, &error))
		fail_msg("%s: %s", wanted->name, error.text);
	assert_text(wanted->name, "kind", "complaint", text_of(mail_kind_name(inspection.kind)));
	assert_text(wanted->name, "format", wanted->format, text_of(complaint_format_name(complaint->format)));
	assert_text(wanted->name, "type", wanted->type, text_of(complaint->type));
	assert_text(wanted->name, "ip", wanted->ip, text_of(complaint->has_ip ? ip_format(&complaint->source_ip, ip) : ""));
	assert_text(wanted->name, "account", wanted->account, complaint->account_count ? complaint->accounts[0] : TEXT_NONE);
	assert_text(wanted->name, "message_id", wanted->message_id, inspection.original.message_id);
	assert_text(wanted->name, "queue_id", wanted->queue_id, inspection.original.queue_id);
}

static void knows_what_is_complained_about(void **state)
{
	static char bytes[MAIL_BYTES_MAX];

	for (size_t i = 0; i < sizeof complaints / sizeof *complaints; i++)
		look(&complaints[i], mail_of(complaints[i].name, bytes));
}

/* an agency's own pages and desks are not what it complains about */
static void tells_the_complainants_house_from_what_is_reported(void **state)
{
	static char bytes[MAIL_BYTES_MAX];
	struct inspection inspection;
	struct error error = { 0 };

	assert_true(inspect_mail(message, mail_of("english-agency", bytes), NULL, &inspection, &error));
	assert_text("agency", "domain", "login.parcel-check.example.org", inspection.complaint.reported_domain);
	assert_int_equal(inspection.complaint.account_count, 2);
	assert_text("agency", "last account", "desk@agency.example.com", inspection.complaint.accounts[1]);
}

static void leaves_other_mail_alone(void **state)
{
	static const char *const others[] = { "no-spam-talk", "no-newsletter", "no-phishing-notice", "no-order", "no-spam-offer" };
	static char bytes[MAIL_BYTES_MAX];
	struct inspection inspection;
	struct error error = { 0 };

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		assert_true(inspect_mail(message, mail_of(others[i], bytes), NULL, &inspection, &error));
		if (inspection.kind == MAIL_COMPLAINT)
			fail_msg("%s is no complaint", others[i]);
	}
}

/* the mail itself, read from its own text: who had logged in, its way, its ids from the first server on */
static void reads_what_the_mail_says_of_itself(void **state)
{
	static char bytes[MAIL_BYTES_MAX];
	struct inspection inspection;
	struct error error = { 0 };
	const struct original *original = &inspection.original;
	char ip[IP_TEXT_MAX];

	assert_true(inspect_mail(message, mail_of("arf", bytes), NULL, &inspection, &error));
	assert_text("arf", "auth_user", "alice@example.jp", original->auth_user);
	assert_text("arf", "from", "alice@example.jp", original->from);
	assert_text("arf", "to", "carol@example.org", original->to);
	assert_text("arf", "subject", "Your parcel is waiting", original->subject);
	assert_true(original->has_ip);
	assert_string_equal(ip_format(&original->received_from_ip, ip), "203.0.113.77");
	assert_int_equal(original->queue_id_count, 2);
	assert_text("arf", "second id", "7Qw1Zz", original->queue_ids[1]);
	assert_int_equal(original->date_us, 1795317126 * SECOND_US);
}

/* ---- what Outlook saved */

static void put_stream(GsfOutfile *file, const char *name, const char *text, bool wide)
{
	GsfOutput *stream = gsf_outfile_new_child(file, name, FALSE);

	for (const char *c = text; *c; c++) {
		char pair[2] = { *c, '\0' };

		gsf_output_write(stream, wide ? 2 : 1, (const guint8 *)pair);
	}
	gsf_output_close(stream);
	g_object_unref(stream);
}

static struct text outlook_file(const char *headers, bool wide)
{
	GsfOutput *memory = gsf_output_memory_new();
	GsfOutfile *file = gsf_outfile_msole_new(memory);
	struct text bytes;

	put_stream(file, wide ? "__substg1.0_007D001F" : "__substg1.0_007D001E", headers, wide);
	put_stream(file, wide ? "__substg1.0_1000001F" : "__substg1.0_1000001E", "Pay the fee.", wide);
	gsf_output_close(GSF_OUTPUT(file));
	g_object_unref(file);
	bytes = (struct text){ (const char *)gsf_output_memory_get_bytes(GSF_OUTPUT_MEMORY(memory)), (size_t)gsf_output_size(memory) };
	bytes.p = memcpy(malloc(bytes.n), bytes.p, bytes.n);
	g_object_unref(memory);
	return bytes;
}

static void opens_what_outlook_saved(void **state)
{
	static const char headers[] = "Received: from [203.0.113.77] by mx.example.net with ESMTPSA id " QUEUED "; Sun, 22 Nov 2026 12:12:07 +0900\r\n"
				      "From: alice@example.jp\r\nTo: carol@example.org\r\nSubject: parcel\r\nMessage-ID: <" PARCEL ">\r\n";
	static char mail[MAIL_BYTES_MAX];

	for (int wide = 0; wide < 2; wide++) {
		struct text bytes = outlook_file(headers, wide);
		gchar *base64 = g_base64_encode((const guchar *)bytes.p, bytes.n);
		struct inspection inspection;
		struct error error = { 0 };

		assert_true(inspect_mail(message, bytes, NULL, &inspection, &error));
		assert_text("the file", "subject", "parcel", message_field(message, "Subject"));
		assert_true(text_holds(message_body(message), TEXT("Pay the fee.")));
		snprintf(mail, sizeof mail,
			 "From: bob@example.com\nTo: abuse@example.net\nSubject: spam from your server\nMIME-Version: 1.0\n"
			 "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlease stop this.\n--b\n"
			 "Content-Type: application/vnd.ms-outlook; name=\"mail.msg\"\nContent-Transfer-Encoding: base64\n\n%s\n--b--\n",
			 base64);
		look(&(struct wanted){ "attached", "freeform", "abuse", "203.0.113.77", "alice@example.jp", PARCEL, QUEUED }, text_of(mail));
		g_free(base64);
		free((char *)bytes.p);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_what_is_complained_about),
		cmocka_unit_test(tells_the_complainants_house_from_what_is_reported),
		cmocka_unit_test(leaves_other_mail_alone),
		cmocka_unit_test(reads_what_the_mail_says_of_itself),
		cmocka_unit_test(opens_what_outlook_saved),
	};
	int failed;

	message = message_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	message_free(message);
	return failed;
}
