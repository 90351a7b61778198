/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"

static void pieces_are_aligned_and_apart(void **state)
{
	struct arena arena = { 0 };
	unsigned char *pieces[2000];

	for (size_t i = 0; i < 2000; i++) {
		size_t bytes = i % 97;

		pieces[i] = arena_take(&arena, bytes);
		assert_int_equal((uintptr_t)pieces[i] % 8, 0);
		memset(pieces[i], (int)(i % 251), bytes);
		arena_text(&arena, TEXT("x")); /* so that the next piece has to be aligned anew */
	}
	for (size_t i = 0; i < 2000; i++)
		for (size_t at = 0; at < i % 97; at++)
			assert_int_equal(pieces[i][at], i % 251);
	arena_done(&arena);
}

static void texts_end_with_a_nul(void **state)
{
	struct arena arena = { 0 };
	char *empty = arena_text(&arena, TEXT_NONE), *copy;
	char own[] = "alice";

	assert_string_equal(empty, "");
	copy = arena_text(&arena, text_of(own));
	own[0] = 'A';
	assert_string_equal(copy, "alice");
	assert_ptr_equal(copy, empty + 1); /* packed */
	copy = arena_text(&arena, (struct text){ "a\0b", 3 });
	assert_memory_equal(copy, "a\0b", 4);
	arena_done(&arena);
}

static void copies_of_texts(void **state)
{
	struct arena arena = { 0 };

	assert_true(text_is(arena_small(&arena, TEXT("Taro@EXAMPLE.jp \xc3\x89")), TEXT("taro@example.jp \xc3\x89"))); /* of ASCII alone */
	assert_int_equal(arena_small(&arena, TEXT_NONE).n, 0);
	assert_true(text_is(arena_joined(&arena, TEXT("taro"), TEXT("@"), TEXT("example.jp")), TEXT("taro@example.jp")));
	assert_true(text_is(arena_joined(&arena, TEXT_NONE, TEXT("\n\n"), TEXT_NONE), TEXT("\n\n")));
	arena_done(&arena);
}

static void a_piece_larger_than_a_block(void **state)
{
	struct arena arena = { 0 };
	char *small = arena_text(&arena, TEXT("small")), *large = arena_take(&arena, 1000000);

	memset(large, 'x', 1000000);
	assert_string_equal(small, "small");
	assert_true(arena.total >= 1000000);
	arena_done(&arena);
}

static void fills_a_block_to_its_last_byte(void **state)
{
	struct arena arena = { 0 };
	char *first = arena_take(&arena, 64 * 1024 - 8), *last = arena_take(&arena, 8);

	assert_ptr_equal(last, first + 64 * 1024 - 8);
	memset(last, 0, 8);
	assert_true(arena_take(&arena, 1) != last + 8 || arena.total > 2 * 64 * 1024);
	arena_done(&arena);
}

static void is_new_after_done(void **state)
{
	struct arena arena = { 0 };

	arena_done(&arena);
	arena_take(&arena, 10);
	arena_done(&arena);
	assert_null(arena.last);
	assert_int_equal(arena.total, 0);
	assert_string_equal(arena_text(&arena, TEXT("again")), "again");
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_aligned_and_apart),
		cmocka_unit_test(texts_end_with_a_nul),
		cmocka_unit_test(copies_of_texts),
		cmocka_unit_test(a_piece_larger_than_a_block),
		cmocka_unit_test(fills_a_block_to_its_last_byte),
		cmocka_unit_test(is_new_after_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
