/* SPDX-License-Identifier: Apache-2.0 */
/* Each way over the keys is a string in which no key stands twice, so a way and a direction are one bit: those in which one key follows
 * another are a mask, and a run goes on as long as the masks have a bit in common. */
#include "password/keyboards.h"

#include <pthread.h>

/* a blank parts what does not hang together */
static const char *const ways[] = {
	"`1234567890-= qwertyuiop[]\\ asdfghjkl;' zxcvbnm,./", /* US rows */
	"1234567890-^\\ qwertyuiop@[ asdfghjkl;:] zxcvbnm,./",  /* JIS rows */
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",             /* columns, one after another */
	"-@:/ ^[]\\",                                            /* further ones of JIS boards */
	"2qz 3wa 4esz 5rdx 6tfc 7ygv 8uhb 9ijn 0okm -pl,",      /* the other slant */
	"1q2w3e4r5t6y7u8i9o0p-@^[",                              /* zigzags */
	"q1w2e3r4t5y6u7i8o9p0",
	"qawsedrftgyhujikolp;",
	"aqswdefrgthyjukilo",
	"azsxdcfvgbhnjmk,l.",
	"zaxscdvfbgnhmjk",
	"abcdefghijklmnopqrstuvwxyz",
	"1a2b3c4d5e6f7g8h9i0j",
	"a1b2c3d4e5f6g7h8i9j0",
	"789456123",                                             /* the number pad */
	"147258369",
};

enum { WAYS = sizeof ways / sizeof *ways };
_Static_assert(WAYS <= 16, "two bits for each way");

const char *const keyboard_passwords[] = {
	"1qaz2wsx",	"1234qwer",	"qwerty",	"asdfghjk",	"asdf1234",	"qwer1234",	"1q2w3e4r",	"zaq12wsx",
	"qwertyuiop",	"1qaz2wsx3edc", "q1w2e3r4",	"1qazxsw2",	"qazwsxedc",	"asdfghjkl",	"qwertyui",	"zxcvbnm",
	"qazwsx",	"asdfgh",	"qweasdzxc",	"1q2w3e4r5t",	"qwe123",	"123qwe",	"asdf",		"qwer",
	"zxcvbn",	"asdfasdf",	"qwerqwer",	"zxcv1234",	"1234asdf",	"1234zxcv",	"qwerasdf",	"asdfqwer",
	"asdfzxcv",	"zxcvasdf",	"qwertasdfg",	"qweasd",	"qazxsw",	"qazxswedc",	"zaq1xsw2",	"xsw2zaq1",
	"2wsx1qaz",	"2wsx3edc",	"3edc4rfv",	"1qaz2wsx3edc4rfv", "zaq12wsxcde3", "zaq1xsw2cde3", "1qaz3edc", "qaz123",
	"123qaz",	"qwer4321",	"4321rewq",	"rewq4321",	"poiuytrewq",	"lkjhgfdsa",	"mnbvcxz",	"0987poiu",
	"poiu0987",	"7890uiop",	"uiop7890",	"jkl;7890",	"asdfjkl;",	"qwertyuiop@",	"asdfghjkl;:",	"zxcvbnm,./",
	"qwertyuiop[]", "1234567890-^", "1234567890-=", "q1w2e3r4t5",	"1q2w3e4r5t6y", "q1w2e3r4t5y6", "q1w2e3",	"1q2w3e",
	"1a2b3c4d",	"a1b2c3d4",	"1a2s3d4f",	"a1s2d3f4",	"1z2x3c4v",	"12qwaszx",	"12qw34er",	"qw12er34",
	"qwaszx",	"1qa2ws3ed",	"1qa2ws",	"qawsedrf",	"azsxdcfv",	"zaxscdvf",	"4rfv5tgb",	"5tgb6yhn",
	"6yhn7ujm",	"7ujm8ik,",	"rfvtgb",	"edcrfv",	"wsxedc",	"tgbyhn",	"yhnujm",	"rfvtgbyhn",
	"qwert12345",	"12345qwert",	"asdfg12345",	"12345asdfg",	"qwerty12345",	"qwerty123456",	"123456qwerty",	"abcd1234",
	"abcdefg",	"abcdefgh",	"1234abcd",	"abc123",	"abc12345",	"abcdef",	"abcde12345",	"12345abcde",
	"789456123",	"147258369",	"741852963",	"159357",	"963852741",	"321654987",	"asd123",	"zxc123",
};

const size_t keyboard_password_count = sizeof keyboard_passwords / sizeof *keyboard_passwords;

/* follows[a][b]: the ways in which key b comes after key a, forwards in the lower half */
static uint32_t follows[128][128];
/* which key it is without Shift: on a US board, on a JIS one */
static char us[128], jis[128];
static pthread_once_t made = PTHREAD_ONCE_INIT;

static void unshift(char board[128], const char *shifted, const char *keys)
{
	for (int c = 0; c < 128; c++)
		board[c] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	for (size_t i = 0; shifted[i]; i++)
		board[(unsigned char)shifted[i]] = keys[i];
}

static void make(void)
{
	for (unsigned way = 0; way < WAYS; way++)
		for (const char *key = ways[way]; key[0] && key[1]; key++)
			if (key[0] != ' ' && key[1] != ' ') {
				follows[(unsigned char)key[0]][(unsigned char)key[1]] |= 1u << way;
				follows[(unsigned char)key[1]][(unsigned char)key[0]] |= 1u << (way + WAYS);
			}
	unshift(us, "~!@#$%^&*()_+{}|:\"<>?", "`1234567890-=[]\\;',./");
	unshift(jis, "!\"#$%&'()=~|`{+*}<>?_", "123456789-^\\@[;:],./\\");
}

static size_t run_on(const char board[128], struct text text, size_t at)
{
	uint32_t on = UINT32_MAX;
	size_t n = 1;

	for (; at + n < text.n; n++) {
		unsigned char a = (unsigned char)text.p[at + n - 1], b = (unsigned char)text.p[at + n];

		if (a > 127 || b > 127 || !(on &= follows[(unsigned char)board[a]][(unsigned char)board[b]]))
			break;
	}
	return n;
}

size_t keyboard_run(struct text text, size_t at)
{
	size_t n, other;

	pthread_once(&made, make);
	n = run_on(us, text, at);
	other = run_on(jis, text, at);
	return n > other ? n : other;
}
