/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/table.h"
#include "state/known.h"
#include "state/visited.h"

#define FLOOD_BITS 5.0f
#define ACCUSED_BITS 3.0f
#define BAD_LIST 0.25f /* of first contacts dead, lately: more is usual for nobody … */
#define KEPT_LIST 0.12f /* … more than this is no list that somebody keeps … */
#define BAD_LIST_LEAST 3.0f /* … from so many dead on */
#define BAD_BURST_LEAST 8.0f
#define NOW_MOST 900.0f /* first contacts, where only their share counts */
enum { LETTER_CONTACTS = 4 }; /* so many recipients of one message teach the habit */
enum { GUESSED_LEAST = 3 }; /* wrong passwords before the right one; fewer is mistyping */
enum { EXPECTED_RCPTS = 8 }; /* more than are fetched at once is no use */

struct engine {
	struct engine_options options;
	struct evidence_weights weights;
	struct profiles *profiles;
	struct population *population;
	struct known *known;
	struct used *used;
	struct spool *spool;
	struct suspect *suspects;
	struct engine_returned *returned;
	size_t suspect_count, suspect_room, returned_count, returned_room;
	struct table suspect_of, returned_of; /* by account */
};

static void begin(struct engine *engine)
{
	engine->profiles = profiles_new();
	engine->population = population_new();
	engine->known = known_new();
	engine->used = used_new();
}

static void forget(struct engine *engine)
{
	used_free(engine->used);
	known_free(engine->known);
	population_free(engine->population);
	profiles_free(engine->profiles);
}

struct engine *engine_new(const struct engine_options *options)
{
	struct engine *engine = memory_zero(1, sizeof *engine);

	engine->options = *options;
	if (options->weights)
		engine->weights = *options->weights;
	begin(engine);
	engine->spool = options->spool_bytes ? spool_new(options->spool_bytes) : NULL;
	return engine;
}

void engine_free(struct engine *engine)
{
	if (!engine)
		return;
	spool_free(engine->spool);
	forget(engine);
	table_done(&engine->suspect_of);
	table_done(&engine->returned_of);
	free(engine->suspects);
	free(engine->returned);
	free(engine);
}

static uint64_t account_key(uint32_t account) { return account * 0x9e3779b97f4a7c15ull; }

/* ---- weigh */

static bool from_a_source(const struct event *event)
{
	return (event->kind == EVENT_AUTH && event->ok) || event->kind == EVENT_SUBMIT;
}

/* a block that the account never used */
static bool is_new_block(const struct profile *profile, const struct event *event)
{
	return from_a_source(event) && !event->place_silent && ip_known(&event->ip) && !profile_knows_block(profile, &event->ip);
}

/* a profile keeps a few networks; perhaps a strange one was used before all the same */
static bool is_visited(const struct engine *engine, const struct profile *profile, const struct event *event)
{
	return !profile_knows_network(profile, event) && visited_often(engine->known, event, profile_network_key(event));
}

static enum profile_familiar familiar_to(const struct profile *profile, const struct event *event, bool visited)
{
	enum profile_familiar familiar = profile_familiar(profile, event);

	return familiar == FAMILIAR_NOT && visited && profile_knows_client(profile, event) ? FAMILIAR_SOMEWHAT : familiar;
}

/* a live gate sees them before the message leaves; each stays a stranger until mail for it has met its fate */
static uint32_t strangers_of(const struct engine *engine, const struct event *event)
{
	const struct event_detail *detail = event->kind == EVENT_SUBMIT ? event->detail : NULL;
	uint32_t strangers = 0;

	for (uint32_t i = 0; detail && i < detail->rcpt_count; i++)
		strangers += !known_has(engine->known, event->account, detail->rcpts[i]);
	return strangers;
}

/* A wrong password is a guess once: once against the account, and once against each network that tries it. What comes again is a device
 * that nobody told of the new one. */
static bool is_guess(const struct event *event) { return event->kind == EVENT_AUTH && !event->ok && event->repeat == REPEAT_NOT; }

static bool is_guess_from_there(const struct event *event)
{
	return event->kind == EVENT_AUTH && !event->ok && event->repeat != REPEAT_HERE;
}

static struct evidence_view view_of(const struct engine *engine, const struct profile *profile, const struct event *event)
{
	bool new_block = is_new_block(profile, event), only_read = profile_only_read_here(profile, event), strange = new_block || only_read,
	     visited = strange && is_visited(engine, profile, event);

	return (struct evidence_view){
		.event = event,
		.profile = profile,
		.population = engine->population,
		.familiar = familiar_to(profile, event, visited),
		.young = profile_is_young(profile),
		.new_place = new_block && !visited && !profile_is_on_vpn(profile, event),
		.only_read_here = only_read && !visited,
		.strange = strange,
		.visited = visited,
		.first_contact = event->kind == EVENT_OUTCOME && (event->late || !known_has(engine->known, event->account, event->rcpt)),
		.strangers = strangers_of(engine, event),
		.factors = engine->options.weights ? engine->weights.factor : NULL,
	};
}

/* ---- record */

static struct suspect *suspect_for(struct engine *engine, uint32_t account)
{
	bool made;
	uint32_t *at;

	if (engine->suspect_count >= ENGINE_SUSPECTS_MAX &&
	    !table_find(&engine->suspect_of, account_key(account)))
		return NULL;
	at = table_put(&engine->suspect_of, account_key(account), (uint32_t)engine->suspect_count, &made);
	if (made) {
		MEMORY_ROOM(engine->suspects, engine->suspect_count, engine->suspect_room);
		engine->suspects[engine->suspect_count++] =
			(struct suspect){ .account = account, .locked_us = WHEN_NONE, .suspected_us = WHEN_NONE };
	}
	return &engine->suspects[*at];
}

static void snapshot(struct suspect *suspect, const struct profile *profile, float bits, int64_t t_us)
{
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++) {
		float now = profile_bits(profile, i);

		if (now > suspect->signal_bits[i] || !suspect->signal_us[i])
			suspect->signal_us[i] = t_us;
		suspect->signal_bits[i] = now;
	}
	suspect->then = *profile;
	suspect->bits = bits;
}

/* `number`: of the event in the spool */
static void suspect(struct engine *engine, const struct profile *profile, const struct event *event,
		    const struct verdict *verdict, uint64_t number)
{
	struct suspect *suspect = suspect_for(engine, event->account);

	if (!suspect || suspect->locked_us != WHEN_NONE)
		return;
	if (suspect->suspected_us == WHEN_NONE)
		suspect->suspected_us = event->t_us;
	if (verdict->bits > suspect->bits)
		snapshot(suspect, profile, verdict->bits, event->t_us);
	if (verdict->action == VERDICT_LOCK) {
		suspect->locked_us = event->t_us;
		suspect->locked_record = number;
	}
}

static void record_returned(struct engine *engine, const struct event *event)
{
	bool made;
	uint32_t *at = table_put(&engine->returned_of, account_key(event->account),
				 (uint32_t)engine->returned_count, &made);
	struct engine_returned *returned;

	if (made) {
		MEMORY_ROOM(engine->returned, engine->returned_count, engine->returned_room);
		engine->returned[engine->returned_count++] =
			(struct engine_returned){ .account = event->account, .first_us = event->t_us, .last_us = event->t_us };
	}
	returned = &engine->returned[*at];
	returned->bounces += event->count;
	returned->first_us = event->t_us < returned->first_us ? event->t_us : returned->first_us;
	returned->last_us = event->t_us > returned->last_us ? event->t_us : returned->last_us;
}

static void add(uint32_t *counter, uint32_t count)
{
	if (__builtin_add_overflow(*counter, count, counter))
		*counter = UINT32_MAX;
}

static void tally(struct engine *engine, const struct event *event)
{
	struct profiles_tally *tally = profiles_tally(engine->profiles, event->account);

	if (event->kind == EVENT_SUBMIT) {
		add(&tally->messages, 1);
		add(&tally->recipients, event->count);
	} else if (event->kind == EVENT_OUTCOME) {
		add(&tally->bounced, event->result == RESULT_BOUNCED ? event->count : 0);
		add(&tally->recipients, event->unannounced && !event->again ? event->count : 0);
	} else if (event->kind == EVENT_BOUNCE) {
		record_returned(engine, event);
	}
}

static void record(struct engine *engine, const struct evidence_view *view, const struct verdict *verdict)
{
	const struct event *event = view->event;
	bool suspected =
		verdict->action != VERDICT_PASS || table_find(&engine->suspect_of, account_key(event->account));
	bool old_password = event->kind == EVENT_AUTH && !event->ok && !is_guess(event);
	struct spool_record *record = engine->spool && !old_password ? spool_next(engine->spool, suspected) : NULL;

	if (!engine->options.live)
		tally(engine, event);
	if (!record)
		return;
	*record = (struct spool_record){
		.t_us = event->t_us,
		.account = event->account,
		.message = event->message,
		.kind = event->kind,
		.protocol = event->protocol,
		.result = event->result,
		.reason = event->reason,
		.ok = event->ok,
		.again = event->again,
		.passed = verdict->action == VERDICT_PASS || view->familiar == FAMILIAR_WELL,
		.first_contact = view->first_contact,
		.count = event->count,
		.ip = event->ip,
	};
}

/* ---- learn */

/* `accused`: more than strange places speaks against it */
static void learn_source(struct engine *engine, struct profile *profile, const struct evidence_view *view, bool calm,
			 bool accused)
{
	const struct event *event = view->event;

	if (view->only_read_here || (view->new_place && !(view->young && calm && view->familiar != FAMILIAR_NOT)))
		profile_note_recent(profile, event);
	if (view->familiar == FAMILIAR_WELL)
		population_home(engine->population, &event->place);
	if ((calm || !accused) && profile_familiar_place(profile, event) != FAMILIAR_NOT)
		profile_learn_client(profile, event);
	if (event->detail && event->detail->net == NET_HOSTING && !accused)
		profile->hosted_today = 1;
	if (!event->place_silent && ip_known(&event->ip) && (calm || view->familiar == FAMILIAR_WELL))
		profile_learn_place(profile, event);
	else if (!event->place_silent && ip_known(&event->ip) && event->detail && !accused &&
		 profile_lived_in_country(profile, event))
		profile_learn_network(profile, event); /* else one who is never calm would stay a stranger at home */
	if (event->kind != EVENT_SUBMIT)
		return;
	if (calm)
		profile_learn_sending(profile, event);
	if (view->familiar == FAMILIAR_WELL)
		profile->away = 0;
	else if (!view->young && event->place.country[0] && !view->visited && !profile_is_on_vpn(profile, event) &&
		 !profile_lived_in_country(profile, event))
		profile->away = 1;
}

static void learn_letter(struct engine *engine, struct profile *profile, const struct evidence_view *view, bool calm,
			 bool accused)
{
	const struct event *event = view->event;
	const struct event_detail *detail = event->detail;
	bool home = view->familiar == FAMILIAR_WELL,
	     perhaps_home = home || (view->young && view->familiar == FAMILIAR_FIRST);

	if (!evidence_owners_list(view))
		profile_count_strangers(profile, evidence_few(view->strangers), view->familiar);
	population_sent(engine->population, detail->subject, event, perhaps_home);
	population_sent(engine->population, detail->link, event, perhaps_home);
	if (!calm && !(home && !accused))
		return;
	profile_learn_message(profile, event, view->familiar);
	for (uint32_t i = 0; i < detail->rcpt_count && i < LETTER_CONTACTS; i++) /* strangers first */
		profile_learn_contact(profile, i < view->strangers, view->familiar);
}

static void learn_submit(struct engine *engine, struct profile *profile, const struct evidence_view *view, bool calm,
			 bool accused)
{
	const struct event *event = view->event;

	profile_count_sent(profile, evidence_weight_of(event), view->familiar);
	if (!calm)
		profile_spoil_day(profile);
	if (event->detail)
		learn_letter(engine, profile, view, calm, accused);
	if (view->familiar == FAMILIAR_WELL && event->t_us > 0)
		profile->home_s = (uint32_t)(event->t_us / SECOND_US);
}

static bool is_dead_beyond(const struct profile *profile, float share)
{
	return profile_share_hits(profile->dead_now) >= BAD_LIST_LEAST && profile_share(profile->dead_now) > share;
}

/* it was counted as taken before; `dead_now` never has more hits than all */
static float not_counted_yet(const struct profile *profile, const struct event *event)
{
	return event->late && profile_share_hits(profile->dead_now) + 1 <= profile_share_all(profile->dead_now) ? 0 : 1;
}

/* `flood`: so many bounce that it shall not become usual, wherever it comes from */
static void learn_outcome(struct engine *engine, struct profile *profile, const struct evidence_view *view, bool calm,
			  bool flood)
{
	const struct event *event = view->event;
	bool bad = event->result == RESULT_BOUNCED && event->reason == REASON_UNKNOWN_USER;

	if (view->first_contact && event->result != RESULT_DEFERRED) {
		profile_share_add(&profile->dead_now, bad, not_counted_yet(profile, event), NOW_MOST);
		profile_share_add(&profile->returned, 0, event->result == RESULT_SENT, NOW_MOST);
	}
	if ((!calm && view->familiar != FAMILIAR_WELL) || flood)
		return;
	if (!event->again && !event->listed)
		profile_learn_contact(profile, view->first_contact, view->familiar);
	if (view->first_contact && event->result != RESULT_DEFERRED && !is_dead_beyond(profile, BAD_LIST) &&
	    !(event->listed && profile_in_burst(profile))) /* in a log all that is known of a list is what became of it */
		profile_learn_outcome(profile, bad, view->familiar);
	/* known only after its final outcome: until then each try is a first contact */
	if (event->result != RESULT_DEFERRED && event->rcpt)
		known_add(engine->known, event->account, event->rcpt);
}

static void learn(struct engine *engine, struct profile *profile, const struct evidence_view *view,
		  const struct verdict *verdict)
{
	const struct event *event = view->event;
	bool calm = verdict->action == VERDICT_PASS;
	bool accused = verdict->group_bits[GROUP_OUTCOME] + verdict->group_bits[GROUP_CONTENT] +
			       verdict->group_bits[GROUP_TENANT] >= ACCUSED_BITS;

	if (view->strange && !accused && verdict->action != VERDICT_LOCK)
		visited_note(engine->known, event, profile_network_key(event));
	switch (event->kind) {
	case EVENT_AUTH:
		if (event->ok)
			learn_source(engine, profile, view, calm, accused);
		else if (is_guess(event) && view->familiar != FAMILIAR_WELL && !event->place_silent)
			profile->failures_q8 =
				(uint16_t)evidence_clamp((float)profile->failures_q8 + 256.0f * (float)event->count, 0,
							 UINT16_MAX);
		break;
	case EVENT_SUBMIT:
		learn_source(engine, profile, view, calm, accused);
		learn_submit(engine, profile, view, calm, accused);
		break;
	case EVENT_OUTCOME:
		learn_outcome(engine, profile, view, calm, verdict->group_bits[GROUP_OUTCOME] >= FLOOD_BITS);
		break;
	case EVENT_BOUNCE:
		profile_share_add(&profile->returned, (float)event->count, 0, NOW_MOST);
		break;
	case EVENT_VERIFIED:
		profile_absolve(profile);
		break;
	default:
		break;
	}
}

/* ---- the sentence */

/* a guessing network got in where the account did not know it */
static void note_opened(struct engine *engine, const struct evidence_view *view)
{
	const struct population_guesser *guesser;

	if (view->event->kind != EVENT_AUTH || !view->event->ok || !view->new_place || view->familiar == FAMILIAR_WELL)
		return;
	guesser = population_guesser(engine->population, &view->event->ip);
	if (guesser && (guesser->sprays ||
			(guesser->attempts >= GUESSED_LEAST &&
			 population_tried(engine->population, &view->event->ip, view->event->account_key))))
		population_opened(engine->population, &view->event->ip, view->event->account);
}

/* the event, or a copy of it with country and network, where those are not known yet and matter */
static const struct event *located(const struct engine *engine, const struct profile *profile,
				   const struct event *event, struct event *copy)
{
	if (!engine->options.geo || event->place.country[0] || event->place.asn || event->place_silent ||
	    !ip_known(&event->ip))
		return event;
	if ((event->kind == EVENT_AUTH && !event->ok) || !profile_needs_place(profile, event))
		return event;
	*copy = *event;
	geo_place(engine->options.geo, &copy->ip, &copy->place);
	return copy;
}

static void look_at_list(const struct profile *profile, struct verdict *verdict)
{
	verdict->bad_list = is_dead_beyond(profile, KEPT_LIST);
	verdict->bad_burst = verdict->bad_list && profile_share_hits(profile->dead_now) >= BAD_BURST_LEAST &&
			     profile_in_burst(profile);
}

void engine_event(struct engine *engine, const struct event *event, struct verdict *verdict)
{
	struct profile *profile;
	struct evidence_view view;
	struct event copy;
	uint64_t number;

	*verdict = (struct verdict){ .action = VERDICT_PASS };
	used_note(engine->used, event);
	if (is_guess_from_there(event))
		population_failure(engine->population, event);
	if (event->account == ACCOUNT_NONE)
		return;
	profile = profiles_get(engine->profiles, event->account);
	profile_age(profile, event->t_us);
	event = located(engine, profile, event, &copy);
	view = view_of(engine, profile, event);
	note_opened(engine, &view);
	evidence_weigh(profile, &view);
	if (event->kind == EVENT_AUTH && event->ok)
		population_success(engine->population, &event->ip);
	verdict_decide(profile, &engine->options.limits, verdict);
	verdict->familiar = view.familiar;
	verdict->owner_like = evidence_owner_like(&view);
	number = engine->spool ? spool_count(engine->spool) : 0;
	record(engine, &view, verdict);
	learn(engine, profile, &view, verdict);
	look_at_list(profile, verdict);
	if (verdict->bits >= engine->options.limits.suspect_bits)
		suspect(engine, profile, event, verdict, number);
}

enum profile_familiar engine_familiar(const struct engine *engine, const struct event *source)
{
	const struct profile *known = profiles_peek(engine->profiles, source->account);
	struct event event = *source, copy;
	struct profile profile;

	profile_init(&profile);
	if (known)
		profile = *known;
	profile_age(&profile, event.t_us);
	event.kind = event.protocol == PROTOCOL_SMTP ? EVENT_SUBMIT : EVENT_AUTH;
	event.ok = true;
	return view_of(engine, &profile, located(engine, &profile, &event, &copy)).familiar;
}

void engine_standing(struct engine *engine, uint32_t account, int64_t t_us, struct verdict *verdict)
{
	struct profile *profile = profiles_get(engine->profiles, account);

	*verdict = (struct verdict){ .action = VERDICT_PASS };
	profile_age(profile, t_us);
	verdict_decide(profile, &engine->options.limits, verdict);
	look_at_list(profile, verdict);
}

const struct verdict_limits *engine_limits(const struct engine *engine) { return &engine->options.limits; }

void engine_expect(const struct engine *engine, const struct event *event)
{
	const struct event_detail *detail = event->kind == EVENT_SUBMIT ? event->detail : NULL;

	if (event->account)
		profiles_expect(engine->profiles, event->account);
	if (event->kind == EVENT_OUTCOME)
		known_expect(engine->known, event->account, event->rcpt);
	for (uint32_t i = 0; detail && i < detail->rcpt_count && i < EXPECTED_RCPTS; i++)
		known_expect(engine->known, event->account, detail->rcpts[i]);
}

/* ---- what it knows */

size_t engine_suspects(const struct engine *engine, const struct suspect **suspects)
{
	*suspects = engine->suspects;
	return engine->suspect_count;
}

const struct suspect *engine_suspect(const struct engine *engine, uint32_t account)
{
	uint32_t *at = table_find(&engine->suspect_of, account_key(account));

	return at ? &engine->suspects[*at] : NULL;
}

void engine_clear_suspect(struct engine *engine, uint32_t account)
{
	uint32_t *at = table_find(&engine->suspect_of, account_key(account));

	if (at)
		engine->suspects[*at] = (struct suspect){ .account = account, .locked_us = WHEN_NONE, .suspected_us = WHEN_NONE };
}

void engine_pardon_failures(struct engine *engine, uint32_t account)
{
	struct profile *profile = profiles_get(engine->profiles, account);

	profile->failures_q8 = 0;
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		if (signals[i]->group == GROUP_GUESSING)
			profile_set_bits(profile, i, 0);
}

void engine_forget(struct engine *engine, uint32_t account)
{
	struct profile *profile = profiles_get(engine->profiles, account);

	*profile = (struct profile){ 0 };
	profile_init(profile);
	used_forget(engine->used, account);
	if (profiles_peek_tally(engine->profiles, account))
		*profiles_tally(engine->profiles, account) = (struct profiles_tally){ 0 };
	engine_clear_suspect(engine, account);
}

size_t engine_returned(const struct engine *engine, const struct engine_returned **returned)
{
	*returned = engine->returned;
	return engine->returned_count;
}

const struct profiles *engine_profiles(const struct engine *engine) { return engine->profiles; }
const struct population *engine_population(const struct engine *engine) { return engine->population; }
const struct used *engine_used(const struct engine *engine) { return engine->used; }
struct spool *engine_spool(struct engine *engine) { return engine->spool; }

size_t engine_bytes(const struct engine *engine)
{
	return profiles_bytes(engine->profiles) + population_bytes(engine->population) + used_bytes(engine->used) +
	       engine->suspect_room * sizeof *engine->suspects + engine->returned_room * sizeof *engine->returned;
}

/* ---- to a picture and back */

void engine_save(const struct engine *engine, struct image_out *out)
{
	profiles_save(engine->profiles, out);
	population_save(engine->population, out);
	known_save(engine->known, out);
	used_save(engine->used, out);
}

bool engine_load(struct engine *engine, struct image_in *in, uint32_t accounts, struct error *error)
{
	if (profiles_load(engine->profiles, in, accounts, error) &&
	    population_load(engine->population, in, accounts, error) && known_load(engine->known, in, error) &&
	    used_load(engine->used, in, accounts, error))
		return true;
	engine_clear(engine);
	return false;
}

void engine_clear(struct engine *engine)
{
	forget(engine);
	begin(engine);
}
