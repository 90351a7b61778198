/* SPDX-License-Identifier: Apache-2.0 */
/* Databases are written here, into memory: a small writer of MaxMind's format with the documentation networks
 * 192.0.2.0/24 and 2001:db8::/32, and what may be wrong with such files. Debian's database is looked at where it is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <libloc/libloc.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "geo/source.h"

#define BUILT_S 1700000000u /* 2023-11-14 */

/* bytes that grow */
struct bytes {
	uint8_t p[65536];
	size_t n;
};

static void put(struct bytes *to, const void *p, size_t n)
{
	assert_true(to->n + n <= sizeof to->p);
	memcpy(to->p + to->n, p, n);
	to->n += n;
}

static void put_number(struct bytes *to, uint64_t number, size_t n)
{
	while (n--)
		put(to, &(uint8_t){ (uint8_t)(number >> 8 * n) }, 1);
}

static void put_zeros(struct bytes *to, size_t n)
{
	while (n--)
		put(to, "", 1);
}

static void put_text(struct bytes *to, const char *text)
{
	size_t n = strlen(text);

	if (n < 29)
		put_number(to, 2 << 5 | n, 1);
	else
		put_number(to, (2 << 5 | 29) << 8 | (n - 29), 2);
	put(to, text, n);
}

static void put_map(struct bytes *to, unsigned pairs) { put_number(to, 7 << 5 | pairs, 1); }
static void put_u16(struct bytes *to, uint32_t number) { put_number(to, (uint64_t)(5 << 5 | 2) << 16 | number, 3); }
static void put_u32(struct bytes *to, uint32_t number) { put_number(to, (uint64_t)(6 << 5 | 4) << 32 | number, 5); }

/* a record as a line: "country{iso_code=JP} asn=#64500 as_name=Example": # marks a number, {} a map of one pair */
static void put_record(struct bytes *to, const char *line)
{
	char copy[512], *next = copy, *pair, *brace;
	unsigned pairs = *line != '\0';

	text_copy(copy, sizeof copy, text_of(line));
	for (const char *c = line; *c; c++)
		pairs += *c == ' ';
	put_map(to, pairs);
	while ((pair = strsep(&next, " ")) && *pair) {
		brace = strchr(pair, '{');
		if (brace) {
			*brace = '\0';
			put_text(to, pair);
			put_map(to, 1);
			pair = brace + 1;
			pair[strlen(pair) - 1] = '\0';
		}
		put_text(to, strsep(&pair, "="));
		if (*pair == '#')
			put_u32(to, (uint32_t)strtoul(pair + 1, NULL, 10));
		else
			put_text(to, pair);
	}
}

static void put_metadata(struct bytes *to, uint32_t nodes, unsigned version)
{
	put(to, "\xab\xcd\xefMaxMind.com", 14);
	put_map(to, 9);
	put_text(to, "node_count");
	put_u32(to, nodes);
	put_text(to, "record_size");
	put_u16(to, 24);
	put_text(to, "ip_version");
	put_u16(to, version);
	put_text(to, "database_type");
	put_text(to, "Example");
	put_text(to, "languages");
	put_number(to, 0x0004, 2); /* an empty array */
	put_text(to, "description");
	put_map(to, 0);
	put_text(to, "binary_format_major_version");
	put_u16(to, 2);
	put_text(to, "binary_format_minor_version");
	put_u16(to, 0);
	put_text(to, "build_epoch");
	put_number(to, 0x0802, 2);
	put_number(to, BUILT_S, 8);
}

struct tree {
	uint32_t child[512][2]; /* 0: nothing; data as 1 << 20 | offset */
	uint32_t nodes;
};

static void tree_add(struct tree *tree, const uint8_t *address, unsigned bits, uint32_t offset)
{
	uint32_t node = 0, *next;

	for (unsigned i = 0;; i++) {
		next = &tree->child[node][address[i / 8] >> (7 - i % 8) & 1];
		if (i + 1 == bits)
			break;
		if (*next == 0)
			*next = ++tree->nodes;
		node = *next;
	}
	*next = 1 << 20 | offset;
}

/* the data of `line` for 192.0.2.0/24 and 2001:db8::/32 */
static void put_database(struct bytes *to, const struct bytes *data)
{
	static const uint8_t v4[16] = { [12] = 192, 0, 2 }, v6[16] = { 0x20, 0x01, 0x0d, 0xb8 };
	static struct tree tree;
	uint32_t child;

	memset(&tree, 0, sizeof tree);
	tree_add(&tree, v4, 120, 0);
	tree_add(&tree, v6, 32, 0);
	tree.nodes++;
	for (uint32_t i = 0; i < tree.nodes; i++) {
		for (int side = 0; side < 2; side++) {
			child = tree.child[i][side];
			put_number(to, !child ? tree.nodes : child >> 20 ? tree.nodes + 16 + (child & 0xfffff) : child, 3);
		}
	}
	put_zeros(to, 16);
	put(to, data->p, data->n);
	put_metadata(to, tree.nodes, 6);
}

/* opens bytes as if they were a file; the name holds as long as the descriptor */
static struct geo *open_bytes(const struct bytes *bytes, struct error *error)
{
	int fd = memfd_create("geo", MFD_CLOEXEC);
	char name[32];
	struct geo *geo;

	assert_true(fd >= 0 && write(fd, bytes->p, bytes->n) == (ssize_t)bytes->n);
	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	geo = geo_new(name, error);
	close(fd);
	return geo;
}

static struct geo *open_record(const char *line)
{
	static struct bytes data, file;
	struct error error = { "" };
	struct geo *geo;

	data.n = file.n = 0;
	put_record(&data, line);
	put_database(&file, &data);
	geo = open_bytes(&file, &error);
	if (!geo)
		fail_msg("%s", error.text);
	return geo;
}

static struct ip ip_of(const char *text)
{
	struct ip ip;

	if (!ip_parse(text_of(text), &ip))
		fail_msg("no address: %s", text);
	return ip;
}

static void expect_place(struct geo *geo, const char *address, const char *country, uint32_t asn)
{
	struct ip ip = ip_of(address);
	struct event_place place = { "??", 1 };
	char found[3] = "";

	for (int again = 0; again < 2; again++) { /* from the file, then from the cache */
		geo_place(geo, &ip, &place);
		memcpy(found, place.country, 2);
		if (strcmp(found, country) != 0 || place.asn != asn)
			fail_msg("%s: '%s' AS%u, wanted '%s' AS%u", address, found, place.asn, country, asn);
	}
}

static void expect_name(struct geo *geo, const char *address, uint32_t asn, const char *wanted)
{
	struct ip ip = ip_of(address);
	char name[GEO_NAME_MAX] = "?";

	geo_network_name(geo, &ip, asn, name);
	assert_string_equal(name, wanted);
}

static void every_makers_names_are_understood(void **state)
{
	static const struct {
		const char *name, *record, *country;
		uint32_t asn;
		const char *network;
		bool knows_country, knows_network;
	} rows[] = {
		{ "GeoLite2-Country", "continent{code=AS} country{iso_code=JP}", "JP", 0, "", true, false },
		{ "GeoLite2-ASN", "autonomous_system_number=#64500 autonomous_system_organization=Example", "", 64500, "Example", false, true },
		{ "both in one", "country{iso_code=SE} autonomous_system_number=#4200000000 autonomous_system_organization=X", "SE", 4200000000, "X", true, true },
		{ "ipinfo", "country=FR asn=AS64501 as_name=Example", "FR", 64501, "Example", true, true },
		{ "ipinfo lite", "country=Germany country_code=de asn=AS64502 as_name=Example", "DE", 64502, "Example", true, true },
		{ "ipinfo asn", "asn=AS64503 name=Example", "", 64503, "Example", false, true },
		{ "enterprise", "country{iso_code=US} traits{autonomous_system_number=#64504}", "US", 64504, "", true, true },
		{ "digits for a number", "asn=64505", "", 64505, "", false, true },
		{ "numbers that are none", "asn=AS country=Japan", "", 0, "", false, false },
		{ "a number too large", "asn=AS4294967296", "", 0, "", false, false },
		{ "nowhere", "country{iso_code=ZZ}", "", 0, "", false, false },
		{ "a map for a text", "country{name=Japan} asn{x=1}", "", 0, "", false, false },
		{ "nothing at all", "", "", 0, "", false, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct geo *geo = open_record(rows[i].record);
		struct geo_about about;

		print_message("  %s\n", rows[i].name);
		geo_about(geo, &about);
		assert_int_equal(about.country, rows[i].knows_country);
		assert_int_equal(about.network, rows[i].knows_network);
		expect_place(geo, "192.0.2.7", rows[i].country, rows[i].asn);
		expect_place(geo, "2001:db8:5::7", rows[i].country, rows[i].asn);
		expect_name(geo, "192.0.2.7", 64500, rows[i].network);
		geo_free(geo);
	}
}

static void addresses_outside_get_nothing(void **state)
{
	static const char *const addresses[] = {
		"198.51.100.1", "192.0.3.1", "127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.1.1", "100.64.0.1",
		"::1", "::", "::192.0.2.7", "fe80::1", "fd00::1", "2001:db9::1", "255.255.255.255", "0.0.0.0",
		/* the first eight bytes read like 192.0.2.7 */
		"ffc0:0:207::", "ff00:c000:207::", "c000:207::",
	};
	struct geo *geo = open_record("country{iso_code=JP} asn=AS64500 as_name=Example");

	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		expect_place(geo, "192.0.2.7", "JP", 64500);
		expect_place(geo, addresses[i], "", 0);
		expect_name(geo, addresses[i], 64500, "");
	}
	expect_name(geo, "192.0.2.7", 0, "");
	geo_free(geo);
}

static void the_cache_never_mixes_addresses_up(void **state)
{
	struct geo *geo = open_record("country{iso_code=JP}");
	struct ip ip = ip_of("192.0.0.0");
	struct event_place place;

	for (unsigned i = 0; i < 200000; i++) {
		unsigned third = i * 7919 % 256;

		ip.bytes[14] = (uint8_t)third;
		ip.bytes[15] = (uint8_t)(i / 256);
		ip.bytes[13] = (uint8_t)(i % 3);
		geo_place(geo, &ip, &place);
		assert_int_equal(place.country[0] == 'J', third == 2 && i % 3 == 0);
	}
	geo_free(geo);
}

static void the_date_is_told(void **state)
{
	struct geo *geo = open_record("country{iso_code=JP}");
	struct geo_about about;

	geo_about(geo, &about);
	assert_true(about.made_us == BUILT_S * SECOND_US);
	assert_true(clock_now() - about.made_us > GEO_OLD_DAYS * DAY_US);
	assert_null(about.mend);
	assert_non_null(strstr(about.file, "/proc/self/fd/"));
	geo_free(geo);

	assert_true(geo_made_us(0) == WHEN_NONE);
	assert_true(geo_made_us(253402300800) == WHEN_NONE);
	assert_true(geo_made_us(UINT64_MAX) == WHEN_NONE);
	assert_true(geo_made_us(253402300799) == 253402300799 * SECOND_US);
}

static void names_are_cut_between_characters(void **state)
{
	static const struct {
		const char *from, *wanted;
	} rows[] = {
		{ "", "" },
		{ "Example Telecom", "Example Telecom" },
		{ "two\nlines\x1b[31m", "two lines [31m" },
		{ "123456789 123456789 123456789 123456789 123456789 123456789 123", "123456789 123456789 123456789 123456789 123456789 123456789 123" },
		{ "123456789 123456789 123456789 123456789 123456789 123456789 1234", "123456789 123456789 123456789 123456789 123456789 123456789 123" },
		{ "123456789 123456789 123456789 123456789 123456789 123456789 12\xe9\x96\xa2", "123456789 123456789 123456789 123456789 123456789 123456789 12" },
	};
	char name[GEO_NAME_MAX];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		geo_put_name(text_of(rows[i].from), name);
		assert_string_equal(name, rows[i].wanted);
	}
}

static void expect_refused(const char *file, const char *why)
{
	struct error error = { "" };

	if (geo_new(file, &error))
		fail_msg("%s was taken", file);
	if (!strstr(error.text, why) || !strstr(error.text, "cannot read geo database '"))
		fail_msg("%s: '%s', wanted '%s'", file, error.text, why);
}

static void expect_bytes_refused(const struct bytes *bytes, const char *why)
{
	struct error error = { "" };

	if (open_bytes(bytes, &error))
		fail_msg("taken, wanted '%s'", why);
	if (!strstr(error.text, why))
		fail_msg("'%s', wanted '%s'", error.text, why);
}

static void what_is_no_database_is_refused(void **state)
{
	char folder[] = "/tmp/test-geo-XXXXXX", pipe[64];
	static struct bytes bytes;

	assert_non_null(mkdtemp(folder));
	snprintf(pipe, sizeof pipe, "%s/pipe", folder);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	expect_refused("/nonexistent/x.mmdb", "'/nonexistent/x.mmdb': No such file");
	expect_refused(folder, "not a regular file");
	expect_refused(pipe, "not a regular file");
	expect_refused("/dev/null", "not a regular file");
	unlink(pipe);
	rmdir(folder);
	bytes.n = 0;
	expect_bytes_refused(&bytes, "neither an MMDB nor");
	put(&bytes, "LOCDBXX\x02", 8);
	put_zeros(&bytes, 100);
	expect_bytes_refused(&bytes, "neither an MMDB nor");
}

static void a_cut_mmdb_never_hurts(void **state)
{
	static struct bytes data, whole, cut;
	struct event_place place;
	struct ip ip = ip_of("192.0.2.7");
	struct geo *geo;

	put_record(&data, "country{iso_code=JP} asn=AS64500 as_name=Example");
	put_database(&whole, &data);
	for (size_t n = 0; n < whole.n; n++) {
		cut.n = 0;
		put(&cut, whole.p, n);
		expect_bytes_refused(&cut, "cannot read geo database");
		/* the beginning missing: the end, and with it the metadata, is there */
		cut.n = 0;
		put(&cut, whole.p + n, whole.n - n);
		geo = open_bytes(&cut, NULL);
		if (geo)
			geo_place(geo, &ip, &place);
		geo_free(geo);
	}
}

static void nesting_without_end_is_not_followed(void **state)
{
	static struct bytes data, file;
	struct geo *geo;

	put_map(&data, 2);
	put_text(&data, "a");
	for (int i = 0; i < 5000; i++)
		put_number(&data, 0x0104, 2); /* an array of one: an array of one: … */
	put_u16(&data, 1);
	put_text(&data, "country");
	put_text(&data, "JP");
	put_database(&file, &data);
	geo = open_bytes(&file, NULL);
	assert_non_null(geo);
	expect_place(geo, "192.0.2.7", "", 0);
	geo_free(geo);

	/* metadata that holds itself */
	file.n = 0;
	put(&file, "\xab\xcd\xefMaxMind.com", 14);
	put_map(&file, 1);
	put_text(&file, "description");
	put_number(&file, 0x2000, 2);
	expect_bytes_refused(&file, "metadata is damaged");
}

#define BYTES(literal) { literal, sizeof literal - 1 }

static void a_tree_larger_than_its_file_is_refused(void **state)
{
	static struct bytes file;

	/* times 6 bytes this is 144 in 32 bits */
	put_zeros(&file, 144 + 16);
	put_metadata(&file, 2147483672, 4);
	expect_bytes_refused(&file, "search tree is damaged");
}

static void shapes(void **state)
{
	static const struct {
		const char *name;
		struct text section;
		bool fine;
	} rows[] = {
		{ "nothing", BYTES(""), false },
		{ "a text", BYTES("\x42JP"), true },
		{ "a text past the end", BYTES("\x43JP"), false },
		{ "a size past the end", BYTES("\x5d"), false },
		{ "an extended type past the end", BYTES("\x00"), false },
		{ "a truth value", BYTES("\x01\x07"), true },
		{ "a type that is none", BYTES("\x00\x09"), false },
		{ "a container", BYTES("\x00\x05"), false },
		{ "a map of one", BYTES("\xe1\x41k\x41v"), true },
		{ "a map without its value", BYTES("\xe1\x41k"), false },
		{ "a pointer past the end", BYTES("\x20\x09"), false },
		{ "a pointer to itself", BYTES("\x20\x00"), false },
		{ "a map that holds itself", BYTES("\xe1\x41k\x20\x00"), false },
		{ "a pointer to a text", BYTES("\xe1\x20\x05\x41v\x41k"), true },
		{ "far too many", BYTES("\xff\xff\xff\xff"), false },
		{ "a pointer of four bytes", BYTES("\x38\x00\x00\x00\x05\x41k"), true },
		/* each level holds the next twice */
		{ "doubling", BYTES("\x02\x04\x20\x04\x02\x04\x20\x08\x02\x04\x20\x0c\x02\x04\x20\x00"), false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (geo_mmdb_shape(rows[i].section, 0) != rows[i].fine)
			fail_msg("%s", rows[i].name);
}

static void no_database_is_fine(void **state)
{
	struct geo *geo = geo_new(NULL, NULL);
	struct geo_about about;

	assert_non_null(geo);
	geo_about(geo, &about);
	if (!about.file) {
		assert_false(about.country || about.network);
		assert_true(about.made_us == WHEN_NONE);
		expect_place(geo, "192.0.2.7", "", 0);
	}
	expect_place(geo, "127.0.0.1", "", 0);
	geo_free(geo);
	geo_free(NULL);
}

static void debians_database_is_understood(void **state)
{
	struct geo *geo;
	struct geo_about about;
	struct civil made;

	if (access(GEO_LIBLOC_DEFAULT, R_OK) != 0)
		skip();
	geo = geo_new(GEO_LIBLOC_DEFAULT, NULL);
	assert_non_null(geo);
	geo_about(geo, &about);
	assert_true(about.country && about.network);
	assert_string_equal(about.mend, "location update");
	when_to_civil(about.made_us, &made);
	assert_in_range(made.year, 2022, 2100);
	expect_place(geo, "8.8.8.8", "US", 15169);
	expect_place(geo, "2001:4860:4860::8888", "US", 15169);
	expect_place(geo, "210.130.0.1", "JP", 2497);
	expect_place(geo, "193.0.6.139", "NL", 3333);
	expect_place(geo, "127.0.0.1", "", 0);
	expect_place(geo, "192.0.2.1", "", 0);
	expect_name(geo, "8.8.8.8", 15169, "GOOGLE");
	expect_name(geo, "8.8.8.8", 4200000000, "");
	geo_free(geo);
}

enum { TREE_AT = 8192, HEADER_SECTIONS = 28, HEADER_TREE = HEADER_SECTIONS + 16, HEADER_POOL = HEADER_SECTIONS + 32 };

/* libloc's header, and a tree of `nodes` at its place; the other sections are empty */
static void put_libloc(struct bytes *to, const uint32_t (*nodes)[3], uint32_t count)
{
	to->n = 0;
	put(to, "LOCDBXX\x01", 8);
	put_number(to, BUILT_S, 8);
	put_zeros(to, HEADER_TREE - to->n);
	put_number(to, TREE_AT, 4);
	put_number(to, 12 * (uint64_t)count, 4);
	put_zeros(to, TREE_AT - to->n);
	for (uint32_t i = 0; i < count; i++)
		for (int k = 0; k < 3; k++)
			put_number(to, nodes[i][k], 4);
}

static void set_u32(struct bytes *bytes, size_t at, uint32_t value)
{
	value = htobe32(value);
	memcpy(bytes->p + at, &value, 4);
}

static void a_damaged_libloc_database_never_hurts(void **state)
{
	static const uint32_t circle[][3] = { { 1, 1, UINT32_MAX }, { 1, 1, UINT32_MAX } };
	static const uint32_t outside[][3] = { { 70000, 70000, 0 } };
	static const uint32_t leaf[][3] = { { 0, 0, 5 } };
	static const struct {
		size_t at;
		uint32_t value;
	} wrong[] = {
		{ HEADER_TREE, 8191 },           { HEADER_TREE, 4096 * 4000 }, { HEADER_TREE + 4, 0 },
		{ HEADER_TREE + 4, 11 },         { HEADER_TREE + 4, 4000 },    { HEADER_SECTIONS + 4, 9000 },
		{ HEADER_SECTIONS, 0xffffffff }, { HEADER_POOL + 4, 8193 },    { HEADER_POOL, 4096 * 4 },
	};
	static struct bytes bytes;
	struct geo *geo;

	put_libloc(&bytes, circle, 2);
	geo = open_bytes(&bytes, NULL);
	assert_non_null(geo);
	expect_place(geo, "192.0.2.7", "", 0);
	geo_free(geo);
	put_libloc(&bytes, outside, 1);
	geo = open_bytes(&bytes, NULL);
	expect_place(geo, "192.0.2.7", "", 0);
	geo_free(geo);
	put_libloc(&bytes, leaf, 1);
	geo = open_bytes(&bytes, NULL);
	expect_place(geo, "192.0.2.7", "", 0);
	expect_name(geo, "192.0.2.7", 64500, "");
	geo_free(geo);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		put_libloc(&bytes, circle, 2);
		bytes.p[TREE_AT] = 1;
		set_u32(&bytes, wrong[i].at, wrong[i].value);
		expect_bytes_refused(&bytes, "damaged or cut short");
	}
	for (size_t n = 8; n < TREE_AT + 24; n += 64) {
		put_libloc(&bytes, circle, 2);
		bytes.n = n;
		expect_bytes_refused(&bytes, "damaged or cut short");
	}
}

static bool no_memory;
int __real_loc_new(struct loc_ctx **context);
int __wrap_loc_new(struct loc_ctx **context);
int __wrap_loc_new(struct loc_ctx **context)
{
	return no_memory ? -ENOMEM : __real_loc_new(context);
}

static void a_library_without_memory_is_an_error(void **state)
{
	static const uint32_t leaf[][3] = { { 0, 0, 5 } };
	static struct bytes bytes;

	put_libloc(&bytes, leaf, 1);
	no_memory = true;
	expect_bytes_refused(&bytes, "libloc does not take it");
	no_memory = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_makers_names_are_understood),
		cmocka_unit_test(addresses_outside_get_nothing),
		cmocka_unit_test(the_cache_never_mixes_addresses_up),
		cmocka_unit_test(the_date_is_told),
		cmocka_unit_test(names_are_cut_between_characters),
		cmocka_unit_test(what_is_no_database_is_refused),
		cmocka_unit_test(a_cut_mmdb_never_hurts),
		cmocka_unit_test(nesting_without_end_is_not_followed),
		cmocka_unit_test(a_tree_larger_than_its_file_is_refused),
		cmocka_unit_test(shapes),
		cmocka_unit_test(no_database_is_fine),
		cmocka_unit_test(debians_database_is_understood),
		cmocka_unit_test(a_damaged_libloc_database_never_hurts),
		cmocka_unit_test(a_library_without_memory_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
