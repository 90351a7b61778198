/* SPDX-License-Identifier: Apache-2.0 */
#include "password/dictionary.h"

#include <pthread.h>

#include "base/hash.h"
#include "base/memory.h"
#include "password/keyboards.h"
#include "password/most_used.h"
#include "password/romaji.h"
#include "password/words.h"
#include "password/words_japanese.h"

enum { LETTERS = 26, STARTS = LETTERS * LETTERS * LETTERS, USED_SLOTS = 4096, FORWARDS = 1, BACKWARDS = 2, RUN_LEAST = 3 };

struct node {
	uint32_t letters : LETTERS; /* by which it goes on */
	uint32_t ends : 2;          /* FORWARDS, BACKWARDS: a word that is read so ends here */
	uint32_t children;          /* the first of them; they stand in the order of their letters */
};

/* the same while words are still added */
struct sapling {
	uint32_t child, sibling; /* 0: none */
	uint8_t letter, ends;
};

static struct {
	/* after three letters most that is random is at its end, so these are looked up and not walked */
	uint32_t starts[STARTS];
	struct node *nodes; /* 0 is none */
	size_t count;
	struct sapling *saplings;
	size_t sapling_count, sapling_room;
	size_t words;
	uint16_t used[USED_SLOTS]; /* number in password_most_used, and one */
} tree;
static pthread_once_t built = PTHREAD_ONCE_INIT;

/* ---- letters */

static const struct {
	char as, one, other;
} disguises[] = {
	{ '0', 'o', 0 },   { '1', 'i', 'l' }, { '2', 'z', 0 }, { '3', 'e', 0 }, { '4', 'a', 0 },   { '5', 's', 0 }, { '6', 'g', 'b' },
	{ '7', 't', 'l' }, { '8', 'b', 0 },   { '9', 'g', 0 }, { '@', 'a', 0 }, { '$', 's', 0 }, { '!', 'i', 'l' }, { '|', 'l', 'i' },
	{ '+', 't', 0 },   { '(', 'c', 0 },   { '<', 'c', 0 }, { '%', 'x', 0 },
};

static uint8_t number_of(char letter) { return letter ? (uint8_t)(letter - 'a') : LETTER_NONE; }

static struct letter looked_up(char c)
{
	if (c >= 'a' && c <= 'z')
		return (struct letter){ number_of(c), LETTER_NONE };
	if (c >= 'A' && c <= 'Z')
		return (struct letter){ (uint8_t)(c - 'A'), LETTER_NONE };
	for (size_t i = 0; i < sizeof disguises / sizeof *disguises; i++)
		if (disguises[i].as == c)
			return (struct letter){ number_of(disguises[i].one), number_of(disguises[i].other) };
	return (struct letter){ LETTER_NONE, LETTER_NONE };
}

static struct letter all_letters[256];
static pthread_once_t letters_made = PTHREAD_ONCE_INIT;

static void make_letters(void)
{
	for (int c = 0; c < 256; c++)
		all_letters[c] = looked_up((char)c);
}

struct letter letter_of(char c)
{
	pthread_once(&letters_made, make_letters);
	return all_letters[(unsigned char)c];
}

void letters_read(struct text text, struct letter *letters)
{
	pthread_once(&letters_made, make_letters);
	for (size_t i = 0; i < text.n; i++)
		letters[i] = all_letters[(unsigned char)text.p[i]];
}

/* ---- the tree */

static uint32_t new_sapling(uint8_t letter)
{
	if (tree.sapling_count == tree.sapling_room) {
		tree.sapling_room = tree.sapling_room ? 2 * tree.sapling_room : 1 << 16;
		tree.saplings = memory_resize(tree.saplings, tree.sapling_room, sizeof *tree.saplings);
	}
	tree.saplings[tree.sapling_count] = (struct sapling){ .letter = letter };
	return (uint32_t)tree.sapling_count++;
}

static uint32_t make_child(uint32_t parent, uint8_t letter)
{
	uint32_t child = tree.saplings[parent].child;

	while (child && tree.saplings[child].letter != letter)
		child = tree.saplings[child].sibling;
	if (child)
		return child;
	child = new_sapling(letter);
	tree.saplings[child].sibling = tree.saplings[parent].child;
	tree.saplings[parent].child = child;
	return child;
}

static size_t start_of(const uint8_t *letters) { return ((size_t)letters[0] * LETTERS + letters[1]) * LETTERS + letters[2]; }

static void plant(const uint8_t *letters, size_t n, uint8_t way)
{
	uint32_t *start = &tree.starts[start_of(letters)], at;

	if (!*start)
		*start = new_sapling(letters[2]);
	at = *start;
	for (size_t i = DICTIONARY_LEAST; i < n; i++)
		at = make_child(at, letters[i]);
	tree.words += !(tree.saplings[at].ends & way) && way == FORWARDS;
	tree.saplings[at].ends |= way;
}

/* the node behind a letter: as many before it as there are letters before that one */
static uint32_t child_of(const struct node *node, uint8_t letter)
{
	return node->children + (uint32_t)__builtin_popcount(node->letters & ((UINT32_C(1) << letter) - 1));
}

static void settle(uint32_t at, uint32_t sapling)
{
	struct node node = { .ends = tree.saplings[sapling].ends, .children = (uint32_t)tree.count };

	for (uint32_t child = tree.saplings[sapling].child; child; child = tree.saplings[child].sibling)
		node.letters |= UINT32_C(1) << tree.saplings[child].letter;
	tree.count += (size_t)__builtin_popcount(node.letters);
	tree.nodes[at] = node;
	for (uint32_t child = tree.saplings[sapling].child; child; child = tree.saplings[child].sibling)
		settle(child_of(&node, tree.saplings[child].letter), child);
}

/* all words are there: what is below one node moves together, so that a walk touches little memory */
static void settle_all(void)
{
	tree.nodes = memory_zero(tree.sapling_count, sizeof *tree.nodes);
	tree.count = 1;
	for (size_t i = 0; i < STARTS; i++)
		if (tree.starts[i]) {
			uint32_t sapling = tree.starts[i];

			tree.starts[i] = (uint32_t)tree.count++;
			settle(tree.starts[i], sapling);
		}
	free(tree.saplings);
	tree.saplings = NULL;
}

/* of small letters alone; others are passed over */
static void plant_word(const char *word)
{
	uint8_t forwards[DICTIONARY_MOST], backwards[DICTIONARY_MOST];
	size_t n = strlen(word);

	if (n < DICTIONARY_LEAST || n > DICTIONARY_MOST)
		return;
	for (size_t i = 0; i < n; i++) {
		if (word[i] < 'a' || word[i] > 'z')
			return;
		forwards[i] = backwards[n - 1 - i] = number_of(word[i]);
	}
	plant(forwards, n, FORWARDS);
	plant(backwards, n, BACKWARDS);
}

static void plant_japanese(const char *const *words, size_t count)
{
	char spellings[ROMAJI_SPELLINGS_MAX][ROMAJI_MAX + 1];

	for (size_t i = 0; i < count; i++)
		for (size_t j = romaji_spellings(words[i], spellings); j-- > 0;)
			plant_word(spellings[j]);
}

/* ---- the most used */

static size_t slot_of(const char *small, size_t n) { return hash_text(HASH_FIXED, (struct text){ small, n }) % USED_SLOTS; }

static size_t make_small(struct text password, char small[PASSWORD_MOST_USED_MAX])
{
	if (password.n > PASSWORD_MOST_USED_MAX)
		return 0;
	for (size_t i = 0; i < password.n; i++)
		small[i] = (char)(password.p[i] >= 'A' && password.p[i] <= 'Z' ? password.p[i] - 'A' + 'a' : password.p[i]);
	return password.n;
}

static bool is_used(const char *used, const char *small, size_t n)
{
	char other[PASSWORD_MOST_USED_MAX];

	return make_small(text_of(used), other) == n && memcmp(small, other, n) == 0;
}

static void remember_used(size_t number)
{
	char small[PASSWORD_MOST_USED_MAX];
	size_t n = make_small(text_of(password_most_used[number]), small), slot = slot_of(small, n);

	while (tree.used[slot])
		slot = (slot + 1) % USED_SLOTS;
	tree.used[slot] = (uint16_t)(number + 1);
}

/* qazwsxedc is no word */
static bool is_of_runs(struct text password)
{
	size_t at = 0, run = RUN_LEAST;

	for (; at < password.n && run >= RUN_LEAST; at += run)
		run = keyboard_run(password, at);
	return run >= RUN_LEAST;
}

static void build(void)
{
	new_sapling(0);
	for (size_t i = 0; i < password_word_count; i++)
		plant_word(password_words[i]);
	plant_japanese(password_japanese_words, password_japanese_word_count);
	plant_japanese(password_japanese_places, password_japanese_place_count);
	plant_japanese(password_japanese_surnames, password_japanese_surname_count);
	plant_japanese(password_japanese_given_names, password_japanese_given_name_count);
	for (size_t i = 0; i < password_most_used_count; i++) {
		if (!is_of_runs(text_of(password_most_used[i])))
			plant_word(password_most_used[i]);
		remember_used(i);
	}
	settle_all();
}

bool dictionary_most_used(struct text password)
{
	char small[PASSWORD_MOST_USED_MAX];
	size_t n = make_small(password, small);
	bool found = false;

	pthread_once(&built, build);
	for (size_t slot = n ? slot_of(small, n) : 0; n && tree.used[slot] && !found; slot = (slot + 1) % USED_SLOTS)
		found = is_used(password_most_used[tree.used[slot] - 1], small, n);
	explicit_bzero(small, sizeof small);
	return found;
}

size_t dictionary_count(void)
{
	pthread_once(&built, build);
	return tree.words;
}

/* ---- questions */

struct walk {
	const struct letter *letters;
	size_t n;
	uint8_t ends[DICTIONARY_MOST + 1]; /* by length */
};

static bool goes_on(const struct node *node, uint8_t letter) { return letter != LETTER_NONE && node->letters >> letter & 1; }

static void go_on(struct walk *walk, uint32_t node, size_t depth)
{
	const struct node *here = &tree.nodes[node];
	struct letter letter;

	walk->ends[depth] |= here->ends;
	if (depth == walk->n)
		return;
	letter = walk->letters[depth];
	if (goes_on(here, letter.one))
		go_on(walk, child_of(here, letter.one), depth + 1);
	if (goes_on(here, letter.other))
		go_on(walk, child_of(here, letter.other), depth + 1);
}

static uint8_t choice(struct letter letter, unsigned other) { return other ? letter.other : letter.one; }

static unsigned last_choice(struct letter letter) { return letter.other != LETTER_NONE; }

/* false: nothing begins so */
static bool set_out(struct walk *walk)
{
	const struct letter *letters = walk->letters;
	bool any = false;

	for (unsigned a = 0; a <= last_choice(letters[0]); a++)
		for (unsigned b = 0; b <= last_choice(letters[1]); b++)
			for (unsigned c = 0; c <= last_choice(letters[2]); c++) {
				uint8_t first[3] = { choice(letters[0], a), choice(letters[1], b), choice(letters[2], c) };
				uint32_t start = tree.starts[start_of(first)];

				if (!start)
					continue;
				go_on(walk, start, DICTIONARY_LEAST);
				any = true;
			}
	return any;
}

static bool begins_with_letters(const struct letter *letters, size_t n)
{
	return n >= DICTIONARY_LEAST && letters[0].one != LETTER_NONE && letters[1].one != LETTER_NONE && letters[2].one != LETTER_NONE;
}

size_t dictionary_find(const struct letter *letters, size_t n, struct dictionary_found found[DICTIONARY_FOUND_MAX])
{
	struct walk walk = { .letters = letters, .n = n < DICTIONARY_MOST ? n : DICTIONARY_MOST };
	size_t count = 0;

	pthread_once(&built, build);
	if (!begins_with_letters(letters, n) || !set_out(&walk))
		return 0;
	for (size_t length = DICTIONARY_LEAST; length <= walk.n && count < DICTIONARY_FOUND_MAX; length++)
		if (walk.ends[length])
			found[count++] = (struct dictionary_found){ (uint8_t)length, !(walk.ends[length] & FORWARDS) };
	return count;
}

bool dictionary_has(const struct letter *letters, size_t n)
{
	struct dictionary_found found[DICTIONARY_FOUND_MAX];
	size_t count = n <= DICTIONARY_MOST ? dictionary_find(letters, n, found) : 0;

	return count && found[count - 1].length == n;
}
