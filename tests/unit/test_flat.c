/* SPDX-License-Identifier: Apache-2.0 */
/* JSON objects field by field: what is taken, what is not (each row is held against jansson, too), and what it says. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/flat.h"
#include "base/memory.h"

/* in a piece of memory of its own size, so that one byte read too many is seen */
static const char *fault_of_bytes(const char *bytes, size_t n, size_t *fields)
{
	char *exact = memory_new(n);
	struct flat flat;
	struct flat_value value;
	struct text name;

	memcpy(exact, bytes, n);
	flat = flat_object((struct text){ exact, n });
	for (*fields = 0; flat_next(&flat, &name, &value);)
		++*fields;
	assert_false(flat_next(&flat, &name, &value)); /* an end remains one */
	assert_in_range(flat.at - exact, 0, n);
	free(exact);
	return flat.fault;
}

static bool jansson_takes(const char *bytes, size_t n)
{
	json_t *object = json_loadb(bytes, n, 0, NULL);
	bool taken = json_is_object(object);

	json_decref(object);
	return taken;
}

static bool fault_is(const char *bytes, size_t n, const char *wanted)
{
	size_t fields;
	const char *fault = fault_of_bytes(bytes, n, &fields);

	if (jansson_takes(bytes, n) == !fault && strcmp(fault ? fault : "", wanted ? wanted : "") == 0)
		return true;
	print_error("%.*s: \"%s\", wanted \"%s\"\n", (int)(n < 100 ? n : 100), bytes, fault ? fault : "", wanted ? wanted : "");
	return false;
}

struct row {
	const char *json, *fault; /* NULL: it is taken */
};

static void check(const struct row *rows, size_t count)
{
	bool right = true;

	for (size_t i = 0; i < count; i++)
		right &= fault_is(rows[i].json, strlen(rows[i].json), rows[i].fault);
	assert_true(right);
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof *(rows))

static void objects(void **state)
{
	static const struct row rows[] = {
		{ "{}", NULL }, { " \t\r\n{ \t\r\n} \t\r\n", NULL }, { "{\"a\":1}", NULL }, { "{\"\":\"\"}", NULL },
		{ "{\"a\":1,\"a\":2}", NULL }, { "{ \"a\" : 1 , \"b\" : 2 }", NULL },
		{ "", "no object" }, { " ", "no object" }, { "[]", "no object" }, { "1", "no object" }, { "\"a\"", "no object" },
		{ "null", "no object" }, { "\xef\xbb\xbf{}", "no object" }, { "{", "no name" }, { "{,}", "no name" },
		{ "{\"a\":1,}", "no name" }, { "{a:1}", "no name" }, { "{'a':1}", "no name" }, { "{1:1}", "no name" },
		{ "{null:1}", "no name" }, { "{\"a\"}", "no colon" }, { "{\"a\" 1}", "no colon" }, { "{\"a\",1}", "no colon" },
		{ "{\"a\"", "no colon" }, { "{\"a\":}", "no value" }, { "{\"a\":,}", "no value" }, { "{\"a\":", "no value" },
		{ "{\"a\"::1}", "no value" }, { "{\"a\":1 \"b\":2}", "no comma" }, { "{\"a\":1", "no comma" },
		{ "{\"a\":1,,\"b\":2}", "no name" }, { "{\"a\":1]", "no comma" }, { "{}}", "something follows" },
		{ "{}{}", "something follows" }, { "{},", "something follows" }, { "{}x", "something follows" },
		{ "{} \x01", "something follows" }, { "{\f}", "no name" }, { "{\"a\":\v1}", "no value" }, { "{/**/}", "no name" },
		{ "{\"a\":1}//", "something follows" }, { "{\"a\":1;\"b\":2}", "no comma" }, { "{\xc2\xa0}", "no name" },
		{ "{\"a\n\":1}", "control character in a text" }, { "{\"\\u0061\":1}", NULL }, { "{\"\\x\":1}", "no such escape" },
	};
	size_t fields;

	CHECK(rows);
	assert_true(fault_is("{}\0", 3, "something follows"));
	assert_true(fault_is("{\0}", 3, "no name"));
	assert_true(fault_is("{\"a\0\":1}", 8, "control character in a text"));
	assert_string_equal(fault_of_bytes("{\"a\":1\0}", 8, &fields), "no comma"); /* jansson loses a NUL that it put back */
}

static void words(void **state)
{
	static const struct row rows[] = {
		{ "{\"a\":true}", NULL }, { "{\"a\":false}", NULL }, { "{\"a\":null}", NULL }, { "{\"a\":True}", "no value" },
		{ "{\"a\":tru}", "no value" }, { "{\"a\":t", "no value" }, { "{\"a\":nul", "no value" }, { "{\"a\":truex}", "no comma" },
		{ "{\"a\":true1}", "no comma" }, { "{\"a\":falsetrue}", "no comma" }, { "{\"a\":NULL}", "no value" },
		{ "{\"a\":nan}", "no value" }, { "{\"a\":NaN}", "no value" }, { "{\"a\":Infinity}", "no value" },
		{ "{\"a\":-Infinity}", "no value" }, { "{\"a\":undefined}", "no value" },
	};

	CHECK(rows);
}

static void numbers_taken_and_not(void **state)
{
	static const struct row rows[] = {
		{ "{\"a\":0}", NULL }, { "{\"a\":-0}", NULL }, { "{\"a\":10}", NULL }, { "{\"a\":0.0}", NULL }, { "{\"a\":0e0}", NULL },
		{ "{\"a\":1E+2}", NULL }, { "{\"a\":1e-2}", NULL }, { "{\"a\":1.5e3}", NULL }, { "{\"a\":-1.25}", NULL },
		{ "{\"a\":9223372036854775807}", NULL }, { "{\"a\":-9223372036854775808}", NULL },
		{ "{\"a\":9223372036854775808}", "number too large" }, { "{\"a\":-9223372036854775809}", "number too large" },
		{ "{\"a\":99999999999999999999999999}", "number too large" }, { "{\"a\":1e308}", NULL }, { "{\"a\":1e309}", "number too large" },
		{ "{\"a\":-1e999}", "number too large" }, { "{\"a\":1e-999}", NULL }, { "{\"a\":0e99999999999}", NULL },
		{ "{\"a\":123456789012345678901234567890.5}", NULL }, { "{\"a\":01}", "no comma" }, { "{\"a\":00}", "no comma" },
		{ "{\"a\":-01}", "no comma" }, { "{\"a\":1.}", "no value" }, { "{\"a\":.5}", "no value" }, { "{\"a\":-.5}", "no value" },
		{ "{\"a\":1.e5}", "no value" }, { "{\"a\":+1}", "no value" }, { "{\"a\":--1}", "no value" }, { "{\"a\":-}", "no value" },
		{ "{\"a\":- 1}", "no value" }, { "{\"a\":1e}", "no value" }, { "{\"a\":1e+}", "no value" }, { "{\"a\":1e+-1}", "no value" },
		{ "{\"a\":1e1.5}", "no comma" }, { "{\"a\":1 000}", "no comma" }, { "{\"a\":0x10}", "no comma" }, { "{\"a\":1_0}", "no comma" },
		{ "{\"a\":1a}", "no comma" }, { "{\"a\":1,5}", "no name" }, { "{\"a\":\xef\xbc\x91}", "no value" }, { "{\"a\":1", "no comma" },
		{ "{\"a\":-", "no value" }, { "{\"a\":1.", "no value" }, { "{\"a\":1e", "no value" },
	};

	CHECK(rows);
}

static void texts_taken_and_not(void **state)
{
	static const struct row rows[] = {
		{ "{\"a\":\"\"}", NULL }, { "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", NULL }, { "{\"a\":\"\x7f\"}", NULL },
		{ "{\"a\":\"\\u0020\\uFFFF\\uffff\\uAbCd\"}", NULL }, { "{\"a\":\"\\ud83d\\ude00\"}", NULL }, { "{\"a\":\"\\uDBFF\\uDFFF\"}", NULL },
		{ "{\"a\":\"関所é😀\"}", NULL }, { "{\"a\":\"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\"}", NULL },
		{ "{\"a\":\"", "the text does not end" }, { "{\"a\":\"b", "the text does not end" }, { "{\"", "the text does not end" },
		{ "{\"a\":\"\\", "no such escape" }, { "{\"a\":\"\\\"", "the text does not end" }, { "{\"a\":\"\\u", "no such escape" },
		{ "{\"a\":\"\\u00", "no such escape" }, { "{\"a\":\"\\u006", "no such escape" }, { "{\"a\":\"\\u0061", "the text does not end" },
		{ "{\"a\":\"\\x41\"}", "no such escape" }, { "{\"a\":\"\\U0041\"}", "no such escape" }, { "{\"a\":\"\\'\"}", "no such escape" },
		{ "{\"a\":\"\\0\"}", "no such escape" }, { "{\"a\":\"\\N\"}", "no such escape" }, { "{\"a\":\"\\u00g0\"}", "no such escape" },
		{ "{\"a\":\"\\u 061\"}", "no such escape" }, { "{\"a\":\"\\u-061\"}", "no such escape" }, { "{\"a\":\"\\u0000\"}", "no such escape" },
		{ "{\"a\\u0000\":1}", "no such escape" }, { "{\"a\":\"\\ud83d\"}", "no such escape" }, { "{\"a\":\"\\ud83dx\"}", "no such escape" },
		{ "{\"a\":\"\\ud83d\\n\"}", "no such escape" }, { "{\"a\":\"\\ud83d\\u0041\"}", "no such escape" },
		{ "{\"a\":\"\\ud83d\\ud83d\"}", "no such escape" }, { "{\"a\":\"\\ude00\"}", "no such escape" },
		{ "{\"a\":\"\\ud83d\\u", "no such escape" }, { "{\"a\":\"\\ud83d\\ude0", "no such escape" },
		{ "{\"a\":\"\t\"}", "control character in a text" }, { "{\"a\":\"b\nc\"}", "control character in a text" },
		{ "{\"a\":\"\x1f\"}", "control character in a text" }, { "{\"a\":\"\xff\"}", "no UTF-8" }, { "{\"a\":\"\x80\"}", "no UTF-8" },
		{ "{\"a\":\"\xc0\xaf\"}", "no UTF-8" }, { "{\"a\":\"\xc1\xbf\"}", "no UTF-8" }, { "{\"a\":\"\xe0\x9f\xbf\"}", "no UTF-8" },
		{ "{\"a\":\"\xed\xa0\x80\"}", "no UTF-8" }, { "{\"a\":\"\xf0\x8f\xbf\xbf\"}", "no UTF-8" }, { "{\"a\":\"\xf4\x90\x80\x80\"}", "no UTF-8" },
		{ "{\"a\":\"\xf5\x80\x80\x80\"}", "no UTF-8" }, { "{\"a\":\"\xf8\x88\x80\x80\x80\"}", "no UTF-8" }, { "{\"a\":\"\xc3\"}", "no UTF-8" },
		{ "{\"a\":\"\xe9\"}", "no UTF-8" }, { "{\"a\":\"\xe9\x96\"}", "no UTF-8" }, { "{\"a\":\"\xe9\x96", "no UTF-8" },
		{ "{\"a\":\"\xf0\x9f\x98\"}", "no UTF-8" }, { "{\"a\":\"\xe3\x81\xe3\x81\x82\"}", "no UTF-8" },
	};

	CHECK(rows);
}

static void nested_taken_and_not(void **state)
{
	static const struct row rows[] = {
		{ "{\"a\":[]}", NULL }, { "{\"a\":{}}", NULL }, { "{\"a\":[ ]}", NULL }, { "{\"a\":[1,[2,{\"b\":[{}]}],\"]\",\"}\"]}", NULL },
		{ "{\"a\":{\"b\":{\"c\":[[],[]]},\"d\":0}}", NULL }, { "{\"a\":[1,]}", "no value" }, { "{\"a\":[,1]}", "no value" },
		{ "{\"a\":[1 2]}", "no comma" }, { "{\"a\":[1}", "no comma" }, { "{\"a\":[}", "no value" }, { "{\"a\":{]}", "no name" },
		{ "{\"a\":[{]}", "no name" }, { "{\"a\":[[1}]}", "no comma" }, { "{\"a\":{\"b\":[1]]}", "no comma" },
		{ "{\"a\":{\"b\"}}", "no colon" }, { "{\"a\":{\"b\":}}", "no value" }, { "{\"a\":{\"b\":1,}}", "no name" },
		{ "{\"a\":{1:2}}", "no name" }, { "{\"a\":[\"b\":1]}", "no comma" }, { "{\"a\":[01]}", "no comma" },
		{ "{\"a\":[1e999]}", "number too large" }, { "{\"a\":[\"\xff\"]}", "no UTF-8" }, { "{\"a\":{\"\\u0000\":1}}", "no such escape" },
		{ "{\"a\":[", "no value" }, { "{\"a\":{", "no name" }, { "{\"a\":[1", "no comma" }, { "{\"a\":[1,", "no value" },
		{ "{\"a\":[]", "no comma" }, { "{\"a\":[]]}", "no comma" },
	};

	CHECK(rows);
}

/* `deep` arrays or objects in one another, with or without something in the innermost; as deep as jansson goes, and no
 * further */
static bool deep_is_taken(unsigned deep, const char *open, const char *close, const char *innermost)
{
	size_t room = deep * (strlen(open) + strlen(close)) + 100, n = (size_t)snprintf(NULL, 0, "{\"a\":"), fields;
	char *text = memory_new(room);
	const char *fault;
	bool taken;

	memcpy(text, "{\"a\":", n);
	for (unsigned i = 0; i < deep; i++)
		n += (size_t)snprintf(text + n, room - n, "%s", open);
	n += (size_t)snprintf(text + n, room - n, "%s", innermost);
	for (unsigned i = 0; i < deep; i++)
		n += (size_t)snprintf(text + n, room - n, "%s", close);
	n += (size_t)snprintf(text + n, room - n, "}");
	fault = fault_of_bytes(text, n, &fields);
	taken = jansson_takes(text, n);
	assert_int_equal(taken, !fault);
	if (fault)
		assert_string_equal(fault, "nested too deeply");
	free(text);
	return taken;
}

static void as_deep_as_allowed(void **state)
{
	static const unsigned depths[] = { 1, 63, 64, 65, 2045, 2046, 2047, 2048, 100000 };

	for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
		assert_int_equal(deep_is_taken(depths[i], "[", "]", ""), depths[i] < FLAT_DEPTH_MAX);
		assert_int_equal(deep_is_taken(depths[i], "[", "]", "1"), depths[i] < FLAT_DEPTH_MAX - 1);
		assert_int_equal(deep_is_taken(depths[i], "{\"b\":", "}", "{}"), depths[i] < FLAT_DEPTH_MAX - 1);
		assert_int_equal(deep_is_taken(depths[i], "[{\"b\":", "}]", "0"), depths[i] < FLAT_DEPTH_MAX / 2);
	}
}

/* eight bytes are looked at at once: a byte of each kind at each place */
static void odd_bytes_at_every_place(void **state)
{
	static const struct row odd[] = {
		{ "\"", "" }, { "\\n", NULL }, { "\x1f", "" }, { " ", NULL }, { "\x7f", NULL }, { "\xc3\xa9", NULL }, { "\xff", "" },
		{ "!", NULL }, { "#", NULL }, { "[", NULL }, { "]", NULL }, { "~", NULL },
	};
	char line[100];

	for (size_t kind = 0; kind < sizeof odd / sizeof *odd; kind++) {
		for (int before = 0; before < 20; before++) {
			int n = snprintf(line, sizeof line, "{\"a\":\"%.*s%s%.*s\"}", before, "abcdefghijklmnopqrst", odd[kind].json,
					 20 - before, "abcdefghijklmnopqrst");
			size_t fields;

			assert_int_equal(fault_of_bytes(line, (size_t)n, &fields) == NULL, odd[kind].fault == NULL);
			assert_int_equal(jansson_takes(line, (size_t)n), odd[kind].fault == NULL);
		}
	}
}

/* no beginning of an object is one */
static void cut_anywhere(void **state)
{
	static const char whole[] = "{\"a\":\"b\\u00e9\\ud83d\\ude00関\",\"c\":[1.5e-3,{\"d\":true}],\"e\":null}";

	for (size_t n = 0; n < sizeof whole - 1; n++) {
		size_t fields;

		assert_non_null(fault_of_bytes(whole, n, &fields));
		assert_false(jansson_takes(whole, n));
	}
	assert_true(fault_is(whole, sizeof whole - 1, NULL));
}

/* ---- what it says */

static void fields_in_their_order(void **state)
{
	static const char text[] = " { \"a\" : \"x\" ,\"b\":[1, {\"a\":2}],\"c\":{\"d\":[]} ,\"a\":-7,\"e\":null,\"f\":true,\"g\":false,\"h\":1.5} ";
	static const struct { const char *name; enum flat_kind kind; const char *text; } wanted[] = {
		{ "a", FLAT_TEXT, "x" }, { "b", FLAT_ARRAY, "[1, {\"a\":2}]" }, { "c", FLAT_OBJECT, "{\"d\":[]}" },
		{ "a", FLAT_INTEGER, "-7" }, { "e", FLAT_NULL, "null" }, { "f", FLAT_TRUE, "true" },
		{ "g", FLAT_FALSE, "false" }, { "h", FLAT_REAL, "1.5" },
	};
	struct flat flat = flat_object(text_of(text));
	struct flat_value value;
	struct text name;

	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		assert_true(flat_next(&flat, &name, &value));
		assert_true(text_is(name, text_of(wanted[i].name)));
		assert_int_equal(value.kind, wanted[i].kind);
		assert_true(text_is(value.text, text_of(wanted[i].text)));
		assert_false(value.escaped);
	}
	assert_false(flat_next(&flat, &name, &value));
	assert_null(flat.fault);
}

static void items_of_an_array(void **state)
{
	struct flat flat = flat_array(TEXT("[ \"a\" , 2,[3],{\"b\":[4]} ,null]")), none = flat_array(TEXT("[]")), no = flat_array(TEXT("{}"));
	static const char *const wanted[] = { "a", "2", "[3]", "{\"b\":[4]}", "null" };
	struct flat_value value;

	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		assert_true(flat_item(&flat, &value));
		assert_true(text_is(value.text, text_of(wanted[i])));
	}
	assert_false(flat_item(&flat, &value));
	assert_null(flat.fault);
	assert_false(flat_item(&none, &value));
	assert_null(none.fault);
	assert_false(flat_item(&no, &value));
	assert_non_null(no.fault);
}

static void escapes_stand_for_something(void **state)
{
	static const struct { const char *json, *says; } rows[] = {
		{ "plain", "plain" }, { "\\\"\\\\\\/", "\"\\/" }, { "\\b\\f\\n\\r\\t", "\b\f\n\r\t" }, { "a\\nb", "a\nb" },
		{ "\\u0001\\u007f\\u0080\\u07ff\\u0800\\uffff", "\x01\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf" },
		{ "\\ud800\\udc00\\uDBFF\\uDFFF", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf" }, { "\\u95A2\\u6240", "関所" },
		{ "関\\u6240x", "関所x" }, { "\\\\u0061", "\\u0061" }, { "\\\\\\u0061", "\\a" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char json[100], *room;
		struct flat flat = flat_object((struct text){ json, (size_t)snprintf(json, sizeof json, "{\"%s\":\"%s\"}", rows[i].json, rows[i].json) });
		struct flat_value value;
		struct text name;

		assert_true(flat_next(&flat, &name, &value));
		assert_true(text_is(name, text_of(rows[i].says)));
		assert_int_equal(value.escaped, strchr(rows[i].json, '\\') != NULL);
		room = memory_new(value.text.n);
		assert_true(text_is(flat_text(&value, room), text_of(rows[i].says)));
		free(room);
	}
}

/* nobody asks for so long a name, so it may stay as it is: with its backslashes it is like none */
static void long_names_with_escapes_are_left(void **state)
{
	char json[300];
	struct flat flat = flat_object((struct text){ json, (size_t)snprintf(json, sizeof json, "{\"\\u0061%0*d\":1,\"%0*d\":2}", FLAT_NAME_MAX, 0, 99, 0) });
	struct flat_value value;
	struct text name;

	assert_true(flat_next(&flat, &name, &value));
	assert_true(text_starts(name, TEXT("\\u0061000")));
	assert_int_equal(name.n, FLAT_NAME_MAX + 6);
	assert_true(flat_next(&flat, &name, &value));
	assert_int_equal(name.n, 99);
}

/* a name stays what it is, whatever names stand within its value */
static void names_within_a_value_are_passed_over(void **state)
{
	struct flat flat = flat_object(TEXT("{\"\\u0061ccount\":{\"\\u0062\":{\"\\u0063\\n\":1}}}"));
	struct flat_value value;
	struct text name;

	assert_true(flat_next(&flat, &name, &value));
	assert_true(text_is(name, TEXT("account")));
	assert_int_equal(value.kind, FLAT_OBJECT);
	assert_false(flat_next(&flat, &name, &value));
	assert_null(flat.fault);
}

static void numbers_are_those_of_jansson(void **state)
{
	static const char *const rows[] = {
		"0", "-0", "-0.0", "1", "-1", "0.1", "0.3", "1774000000.123456", "1774000000.999999", "9007199254740993", "9007199254740992",
		"9007199254740991", "900719925474099.3", "1.7976931348623157e308", "5e-324", "1e-400", "123456789.123456789", "4294967295.999",
		"0.0000004", "0.000000000000001", "0.00000000000000012", "1e22", "1E2", "-12.5e-1", "9223372036854775807", "-9223372036854775808",
		"123456789012345678901234567890.0", "999999999999999999", "-99999999999999999",
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *number = json_loads(rows[i], JSON_DECODE_ANY, NULL);
		double wanted = json_number_value(number), found;
		char json[100];
		struct flat flat = flat_object((struct text){ json, (size_t)snprintf(json, sizeof json, "{\"a\":%s}", rows[i]) });
		struct flat_value value;
		struct text name;

		assert_true(flat_next(&flat, &name, &value));
		assert_int_equal(value.kind == FLAT_INTEGER, json_is_integer(number));
		found = flat_number(&value);
		assert_true(found == wanted);
		if (json_is_integer(number))
			assert_int_equal(flat_integer(&value), json_integer_value(number));
		json_decref(number);
	}
}

static void quoted_for_others(void **state)
{
	static const char said[] = "a\"b\\c\n\x01\x1f\x7f関😀/";
	char room[6 * sizeof said + 2];
	size_t n = flat_quote((struct text){ said, sizeof said }, room); /* its NUL, too */
	json_t *read = json_loadb(room, n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

	assert_non_null(read);
	assert_int_equal(json_string_length(read), sizeof said);
	assert_memory_equal(json_string_value(read), said, sizeof said);
	json_decref(read);
	assert_int_equal(flat_quote(TEXT_NONE, room), 2);
	assert_memory_equal(room, "\"\"", 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects),
		cmocka_unit_test(words),
		cmocka_unit_test(numbers_taken_and_not),
		cmocka_unit_test(texts_taken_and_not),
		cmocka_unit_test(nested_taken_and_not),
		cmocka_unit_test(as_deep_as_allowed),
		cmocka_unit_test(odd_bytes_at_every_place),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(fields_in_their_order),
		cmocka_unit_test(items_of_an_array),
		cmocka_unit_test(escapes_stand_for_something),
		cmocka_unit_test(long_names_with_escapes_are_left),
		cmocka_unit_test(names_within_a_value_are_passed_over),
		cmocka_unit_test(numbers_are_those_of_jansson),
		cmocka_unit_test(quoted_for_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
