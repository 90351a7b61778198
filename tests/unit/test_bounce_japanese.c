/* SPDX-License-Identifier: Apache-2.0 */
/* Reports as Japanese carriers, providers and hosters write them (fuzz/corpus/bounce/ja-*, written for this), in ISO-2022-JP, Shift_JIS, EUC-JP and
 * UTF-8: whom they name, why, and whether trying again is of no use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bounce_help.h"

static struct message *message;

struct wanted {
	const char *name, *family, *recipients;
	const char *status, *reason; /* of each */
	bool permanent;
	const char *said; /* of the first */
};

static const struct wanted wanted[] = {
	{ "ja-au-disabled", "au", "taro@au.example.jp", "5.1.1", "user_unknown", true, "550 user unknown" },
	{ "ja-au-filter", "au", "taro@au.example.jp", "5.7.1", "blocked", false, "was rejected by a remote mail server" },
	{ "ja-au-unknown", "au", "taro@au.example.jp, jiro@au.example.jp", "5.1.1", "user_unknown", true, "550 <taro@au.example.jp>: User unknown" },
	{ "ja-biglobe", "biglobe", "taro@biglobe.example.jp, jiro@biglobe.example.jp", "5.2.2", "mailbox_full", false, "exceeded the local limit" },
	{ "ja-docomo-full", "postfix", "taro@docomo.example.jp", "5.2.2", "mailbox_full", false, "552 Too much mail data" },
	{ "ja-gateway", "japanese", "taro@example.com", "5.1.2", "host_unknown", true, "ドメインが見つかりません" },
	{ "ja-hoster-keys", "japanese", "taro@example.com", "5.1.1", "user_unknown", true, "宛先のメールアドレスが存在しません。" },
	{ "ja-hoster-list", "japanese", "taro@example.com, jiro@example.org", "5.2.2", "mailbox_full", false, "メールボックスの容量を超えています。" },
	{ "ja-kddi", "kddi", "taro@a1.dion.example.jp", "5.2.2", "mailbox_full", false, "As their mailbox is full." },
	{ "ja-openwave-late", "au", "taro@example.com", "5.4.7", "expired", false, "not delivered within 0 days and 1 hours" },
	{ "ja-openwave-quota", "au", "taro@provider.example.jp", "4.2.2", "mailbox_full", false, "temporarily over quota" },
	{ "ja-openwave-reason", "au", "taro@provider.example.jp", "5.1.2", "host_unknown", true, "Host unknown" },
	{ "ja-postfix", "postfix", "taro@example.com<sales@example.jp", "5.1.1", "user_unknown", true, "550 5.1.1 <taro@example.com>: Recipient address rejected" },
	/* docomo knows a user after the text was sent: it may be one who takes no mail of this sender */
	{ "ja-provider-postfix", "postfix", "taro@docomo.example.jp", "5.2.0", "user_unknown", false, "550 Unknown user taro@docomo.example.jp" },
	{ "ja-sendmail", "sendmail", "taro@docomo.example.jp", "5.2.0", "user_unknown", false, "550 Unknown user taro@docomo.example.jp" },
	{ "ja-softbank", "postfix", "taro@softbank.example.jp", "5.1.1", "user_unknown", true, "550 Invalid recipient" },
};

static void check_reason(const struct wanted *want, const struct returned *one)
{
	bool as_wanted = text_is(one->status, text_of(want->status)) && strcmp(return_reason_name(one->reason), want->reason) == 0;

	if (!as_wanted || one->permanent != want->permanent)
		fail_msg("%s: %.*s %s %s", want->name, TEXT_ARG(one->status), return_reason_name(one->reason), one->permanent ? "permanent" : "not permanent");
}

static void knows_what_is_sent_in_japan(void **state)
{
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		const struct wanted *want = &wanted[i];
		struct bounce bounce;
		struct error error;
		char recipients[1000];

		assert_true(message_read(message, bounce_mail(want->name), &error));
		if (!bounce_read(message, &bounce))
			fail_msg("%s is no bounce", want->name);
		bounce_recipients(&bounce, recipients, sizeof recipients);
		if (bounce.kind != MAIL_BOUNCE || strcmp(bounce.family ? bounce.family : "", want->family) != 0 || strcmp(recipients, want->recipients) != 0)
			fail_msg("%s: %s of %s, %s", want->name, mail_kind_name(bounce.kind), bounce.family ? bounce.family : "nobody", recipients);
		for (size_t k = 0; k < bounce.count; k++)
			check_reason(want, &bounce.recipients[k]);
		if (!text_holds(bounce.recipients[0].diagnostic, text_of(want->said)))
			fail_msg("%s: %.*s", want->name, TEXT_ARG(bounce.recipients[0].diagnostic));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(knows_what_is_sent_in_japan) };
	int failed;

	message = message_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	message_free(message);
	return failed;
}
