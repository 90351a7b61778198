/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ip.h"

#define COUNT(table) (sizeof table / sizeof *table)

static struct ip ip_of(const char *text)
{
	struct ip ip;

	if (!ip_parse(text_of(text), &ip))
		fail_msg("'%s' was not taken", text);
	return ip;
}

static void reads_and_writes(void **state)
{
	static const struct { const char *name, *text, *wanted; } cases[] = {
		{ "IPv4", "203.0.113.7", "203.0.113.7" },
		{ "the largest", "255.255.255.255", "255.255.255.255" },
		{ "leading zeros are decimal", "010.001.000.009", "10.1.0.9" },
		{ "IPv6", "2001:DB8:0:0::1", "2001:db8::1" },
		{ "as mail logs write it", "IPv6:2001:db8::25", "2001:db8::25" },
		{ "a zone is dropped", "fe80::1%eth0", "fe80::1" },
		{ "IPv4 in IPv6", "::ffff:203.0.113.7", "203.0.113.7" },
		{ "loopback", "::1", "::1" },
		{ "nobody", "::", "unknown" },
		{ "in full length", "2001:0db8:1111:2222:3333:4444:5555:6666", "2001:db8:1111:2222:3333:4444:5555:6666" },
	};
	static const struct { const char *name; struct text text; } wrong[] = {
		{ "nothing", TEXT("") },
		{ "what Postfix says", TEXT("unknown") },
		{ "three parts", TEXT("1.2.3") },
		{ "five parts", TEXT("1.2.3.4.5") },
		{ "a part over 255", TEXT("1.2.3.256") },
		{ "four digits", TEXT("1.2.3.0004") },
		{ "an empty part", TEXT("1..2.3") },
		{ "a sign", TEXT("1.2.3.-4") },
		{ "a blank", TEXT("1.2.3.4 ") },
		{ "a port", TEXT("1.2.3.4:25") },
		{ "brackets", TEXT("[1.2.3.4]") },
		{ "a NUL in IPv4", { "1.2.3.4\0", 8 } },
		{ "a session id", TEXT("<Q2dFgNlgQZzLAHEs>") },
		{ "IPv4 posing as IPv6", TEXT("IPv6:1.2.3.4") },
		{ "nine parts", TEXT("1:2:3:4:5:6:7:8:9") },
		{ "too long to be one", TEXT("0000000000000000000000000000000000000000000000::1") },
	};
	char to[IP_TEXT_MAX];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ip ip = ip_of(cases[i].text);

		assert_string_equal(ip_format(&ip, to), cases[i].wanted);
	}
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct ip ip = { { 7 } }, before = ip;

		if (ip_parse(wrong[i].text, &ip))
			fail_msg("%s: was taken", wrong[i].name);
		assert_true(ip_equal(&ip, &before));
	}
}

static void writes_blocks(void **state)
{
	static const struct { const char *text, *wanted; } cases[] = {
		{ "203.0.113.7", "203.0.113.0/24" },
		{ "2001:db8:1:2:3::4", "2001:db8:1::/48" },
		{ "255.255.255.255", "255.255.255.0/24" },
		{ "::", "unknown" },
	};
	char to[IP_TEXT_MAX];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ip ip = ip_of(cases[i].text);

		assert_string_equal(ip_format_block(&ip, to), cases[i].wanted);
	}
}

static void knows_what_is_near(void **state)
{
	static const struct { const char *text; bool loopback, local; } cases[] = {
		{ "127.0.0.1", true, true },         { "127.255.0.9", true, true },       { "::1", true, true },
		{ "10.1.2.3", false, true },         { "172.16.0.1", false, true },       { "172.31.255.255", false, true },
		{ "172.32.0.1", false, false },      { "172.15.0.1", false, false },      { "192.168.1.1", false, true },
		{ "192.169.1.1", false, false },     { "169.254.9.9", false, true },      { "100.64.0.1", false, true },
		{ "100.127.0.1", false, true },      { "100.128.0.1", false, false },     { "203.0.113.7", false, false },
		{ "fe80::1", false, true },          { "febf::1", false, true },          { "fec0::1", false, false },
		{ "fd00::1", false, true },          { "2001:db8::1", false, false },     { "::ffff:127.0.0.1", true, true },
		{ "::2", false, false },             { "::", false, false },              { "7f00::1", false, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ip ip = ip_of(cases[i].text);

		if (ip_is_loopback(&ip) != cases[i].loopback || ip_is_local(&ip) != cases[i].local)
			print_error("%s\n", cases[i].text);
		assert_int_equal(ip_is_loopback(&ip), cases[i].loopback);
		assert_int_equal(ip_is_local(&ip), cases[i].local);
	}
}

static void compares_by_host_block_and_wide(void **state)
{
	static const struct { const char *a, *b; bool host, block, wide; } cases[] = {
		{ "203.0.113.7", "::ffff:203.0.113.7", true, true, true },
		{ "203.0.113.7", "203.0.113.8", false, true, true },
		{ "203.0.113.7", "203.0.114.7", false, false, true },
		{ "203.0.113.7", "203.1.113.7", false, false, false },
		{ "2001:db8:1:2::3", "2001:db8:1:2:ffff::4", true, true, true },
		{ "2001:db8:1:2::3", "2001:db8:1:3::3", false, true, true },
		{ "2001:db8:1:2::3", "2001:db8:2:2::3", false, false, true },
		{ "2001:db8:1:2::3", "2001:db9:1:2::3", false, false, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ip a = ip_of(cases[i].a), b = ip_of(cases[i].b);

		assert_int_equal(ip_host_key(&a) == ip_host_key(&b), cases[i].host);
		assert_int_equal(ip_block_key(&a) == ip_block_key(&b), cases[i].block);
		assert_int_equal(ip_wide_key(&a) == ip_wide_key(&b), cases[i].wide);
	}
}

static void keys_are_never_0(void **state)
{
	struct ip nobody = { { 0 } }, net = ip_of("203.0.113.0");

	assert_true(ip_host_key(&nobody) && ip_block_key(&nobody) && ip_wide_key(&nobody));
	assert_int_not_equal(ip_host_key(&net), ip_block_key(&net));
	assert_false(ip_known(&nobody));
	assert_true(ip_known(&net));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_writes),
		cmocka_unit_test(writes_blocks),
		cmocka_unit_test(knows_what_is_near),
		cmocka_unit_test(compares_by_host_block_and_wide),
		cmocka_unit_test(keys_are_never_0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
