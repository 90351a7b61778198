/* SPDX-License-Identifier: Apache-2.0 */
/* A host that is made to be taken for an official or a well-known one. */
#include "base/i18n.h"
#include "mail/signs.h"

static const char *sentence(enum lookalike_kind kind)
{
	switch (kind) {
	case LOOKALIKE_CONFUSABLE: return _("%s is written with characters that look like those of \"%s\", and is not its site");
	case LOOKALIKE_WHOLE: return _("%s only begins like %s: what counts is the end, and that belongs to somebody else");
	case LOOKALIKE_NEAR: return _("%s is one letter off \"%s\", and is not its site");
	case LOOKALIKE_ENDING: return _("%s has the name of \"%s\" under another ending, and is not its site");
	case LOOKALIKE_BELOW: return _("%s has \"%s\" in front, but belongs to somebody else");
	default: return _("%s has \"%s\" as a part of its name, and is not its site");
	}
}

static void look(const struct phishing_view *view, struct sign_found *found)
{
	for (size_t i = 0; i < view->links.host_count; i++) {
		const struct host *host = &view->links.host[i];
		const struct lookalike *like = &host->lookalike;

		if (!host->judged || like->kind == LOOKALIKE_NONE || (view->to_host && text_is(view->to_host->site, host->site)))
			continue;
		sign_say(found, like->bits, sentence(like->kind), sign_host(view, host->name), sign_quoted(view, like->label));
	}
}

const struct sign sign_look_alike = { "look_alike_host", SIGN_GROUP_HOST, look };
