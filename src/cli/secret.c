/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cli/hand_stop.h"

void secret_guard(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
}

void secret_wipe(struct secret *secret) { explicit_bzero(secret, sizeof *secret); }

/* one byte at a time, so that nothing of it stays in a buffer, and what follows is left to others */
static bool read_line(int fd, struct secret *secret, struct error *error)
{
	size_t n = 0;
	char byte;

	for (;;) {
		ssize_t got = read(fd, &byte, 1);

		if (got < 0)
			return error_set(error, "%s", hand_stop() ? _("nothing was done") : strerror(errno));
		if (got == 0 || byte == '\n')
			break;
		if (!byte || n == PASSWORD_MAX)
			return error_set(error, _("a password has at most %d bytes, and none of them is zero"), PASSWORD_MAX);
		secret->text[n++] = byte;
	}
	if (n && secret->text[n - 1] == '\r')
		n--;
	secret->text[n] = '\0';
	return n > 0 || error_set(error, "%s", _("the password is empty"));
}

bool secret_read_input(struct secret *secret, struct error *error)
{
	if (read_line(STDIN_FILENO, secret, error))
		return true;
	secret_wipe(secret);
	return false;
}

/* ---- the terminal */

static bool ask_once(int terminal, const char *question, struct secret *secret, struct error *error)
{
	bool asked = write(terminal, question, strlen(question)) == (ssize_t)strlen(question);

	asked = asked ? read_line(terminal, secret, error) : error_set(error, "%s", strerror(errno));
	(void)!write(terminal, "\n", 1); /* the one that was typed was not shown */
	return asked;
}

static bool ask_twice(int terminal, struct secret *secret, struct error *error)
{
	struct secret again = { "" };
	bool same = ask_once(terminal, _("New password: "), secret, error) && ask_once(terminal, _("Once more: "), &again, error) &&
		    (strcmp(secret->text, again.text) == 0 || error_set(error, "%s", _("these are two different ones")));

	secret_wipe(&again);
	return same;
}

static bool ask_for_one(int terminal, struct secret *secret, struct error *error)
{
	return ask_once(terminal, _("Password: "), secret, error);
}

static bool ask_silently(struct secret *secret, bool (*ask)(int terminal, struct secret *secret, struct error *error), struct error *error)
{
	struct termios usual, silent;
	int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	bool got;

	if (terminal < 0 || tcgetattr(terminal, &usual) != 0) {
		if (terminal >= 0)
			close(terminal);
		return error_set(error, "%s", _("nobody is there to be asked: say --stdin or --generate"));
	}
	hand_stop_watch(); /* Ctrl-C must not leave a terminal that shows nothing */
	silent = usual;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	tcsetattr(terminal, TCSAFLUSH, &silent);
	got = ask(terminal, secret, error);
	tcsetattr(terminal, TCSAFLUSH, &usual);
	close(terminal);
	if (!got)
		secret_wipe(secret);
	return got;
}

bool secret_ask(struct secret *secret, struct error *error) { return ask_silently(secret, ask_twice, error); }
bool secret_ask_once(struct secret *secret, struct error *error) { return ask_silently(secret, ask_for_one, error); }
