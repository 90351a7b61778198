/* SPDX-License-Identifier: Apache-2.0 */
/* Links that nobody can follow by mistake: http://a.example/b.html becomes hxxp://a[.]example/b.html, alice@a.example becomes
 * alice@a[.]example, www.a.example becomes www[.]a[.]example. Every link of a mail that is shown anywhere goes through here, once or
 * twice: what is defanged already stays as it is. */
#ifndef SEKISHO_MAIL_DEFANG_H
#define SEKISHO_MAIL_DEFANG_H
#include "base/arena.h"

struct text defang(struct arena *arena, struct text text); /* a copy in the arena, terminated by NUL */
#endif
