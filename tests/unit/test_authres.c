/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mail/authres.h"

static void believes_only_our_server(void **state)
{
	static const struct {
		const char *fields, *ours;
		bool told;
		enum authres_result spf, dkim, dmarc;
		const char *signer;
	} cases[] = {
		{ "Authentication-Results: mx.example.jp; spf=pass smtp.mailfrom=a@shop.example; dkim=pass (2048-bit; unprotected) header.d=shop.example header.s=s1;\n"
		  "\tdmarc=pass (p=none) header.from=shop.example\n", "", true, AUTHRES_PASS, AUTHRES_PASS, AUTHRES_PASS, "shop.example" },
		{ "Authentication-Results: other.example; dmarc=pass header.from=bank.example\nAuthentication-Results: MX.example.jp 1; dmarc=fail\n", "mx.example.jp",
		  true, AUTHRES_NONE, AUTHRES_NONE, AUTHRES_FAIL, NULL },
		{ "Authentication-Results: other.example; dmarc=pass\n", "mx.example.jp", false, AUTHRES_NONE, AUTHRES_NONE, AUTHRES_NONE, NULL },
		{ "Authentication-Results: top.example; spf=softfail\nAuthentication-Results: low.example; spf=pass; dkim=pass header.d=x.example\n", "", true, AUTHRES_SOFTFAIL,
		  AUTHRES_NONE, AUTHRES_NONE, NULL },
		{ "Authentication-Results: mx.example.jp; dkim=fail header.d=a.example; dkim=pass header.d=b.example\n", "", true, AUTHRES_NONE, AUTHRES_PASS, AUTHRES_NONE,
		  "b.example" },
		{ "Authentication-Results: mx.example.jp (a (nested; dmarc=pass) comment); dkim/1=pass header.i=@c.example; spf=none\n", "", true, AUTHRES_NONE, AUTHRES_PASS,
		  AUTHRES_NONE, "c.example" },
		{ "Authentication-Results: mx.example.jp; none\n", "", true, AUTHRES_NONE, AUTHRES_NONE, AUTHRES_NONE, NULL },
		{ "Received-SPF: Fail (mx.example.jp: not permitted) client-ip=192.0.2.1; envelope-from=\"x@evil.example\"; receiver=mx.example.jp\n", "mx.example.jp", true,
		  AUTHRES_FAIL, AUTHRES_NONE, AUTHRES_NONE, NULL },
		{ "Received-SPF: pass (x) receiver=far.example\n", "mx.example.jp", false, AUTHRES_NONE, AUTHRES_NONE, AUTHRES_NONE, NULL },
		{ "Authentication-Results: ;;;===(((\n", "", true, AUTHRES_NONE, AUTHRES_NONE, AUTHRES_NONE, NULL },
		{ "Subject: nothing\n", "", false, AUTHRES_NONE, AUTHRES_NONE, AUTHRES_NONE, NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = { 0 };
		struct fields fields;
		struct text rest;
		struct authres authres;

		fields_read(&arena, text_of(cases[i].fields), &fields, &rest);
		authres_read(&fields, text_of(cases[i].ours), &authres);
		if (authres.told != cases[i].told || authres.spf != cases[i].spf || authres.dkim != cases[i].dkim || authres.dmarc != cases[i].dmarc)
			fail_msg("%s: told %d spf %d dkim %d dmarc %d", cases[i].fields, authres.told, authres.spf, authres.dkim, authres.dmarc);
		if (cases[i].signer && !(authres.signed_count == 1 && text_is(authres.signed_by[0], text_of(cases[i].signer))))
			fail_msg("%s: signed by %zu", cases[i].fields, authres.signed_count);
		arena_done(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(believes_only_our_server) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
