/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A call of the device fails, or a key is typed: one message, no dump on the
 * device, and the next dump is right.
 */

#include <string.h>

#include "test.h"

enum trouble {
	FAILS,				/* that call */
	FAILS_LATE,			/* but what it wrote is there */
	FAILS_ON,			/* and all later ones */
	NTROUBLES
};

/* Let call n fail, in a device that was made anew, with an older dump. */
static void
plan_failure(struct ending *e, unsigned n, enum trouble t)
{
	static const int errnos[] = { 5, 6, 16, 22, 28, 60, 85, -1, -3 };

	memset(e, 0, sizeof(*e));
	dev.fail_call = e->fail_call = n;
	dev.fail_errno = e->fail_errno = errnos[rnd_below(NITEMS(errnos))];
	dev.fail_late = t == FAILS_LATE;
	dev.fail_on = t == FAILS_ON;
}

/*
 * Call n of so many failed: is what is on the device no dump?  It can be the
 * new one if the device says that the flush at the end failed, and then fails
 * to take the trailer back; and the old one, if it cannot be written to.
 */
static int
check_failed(unsigned n, unsigned calls, enum trouble t)
{
	enum found found;

	found = whats_there(dev.mem);
	if (found != FOUND_NONE &&
	    !(found == FOUND_OLD && n == 1 && t != FAILS_LATE) &&
	    !(found == FOUND_NEW && n == calls && t == FAILS_ON))
		return (wrong("call %u of %u failed, and the %s dump is there",
		    n, calls, found == FOUND_OLD ? "old" : "new"));
	return (1);
}

/* Make a layout.  Returns how often its dump calls the dumper. */
static unsigned
make_calls(const struct kind *kind, uint64_t seed)
{

	make_layout(kind, seed);
	know_form(&form);
	return (2 + model_writes(&form) + 3);
}

int
error_case(uint64_t seed)
{
	struct ending e;
	unsigned calls, n;
	int t;

	calls = make_calls(&kind_small, seed);
	for (n = 1; n <= calls; n++)
		for (t = 0; t < NTROUBLES; t++) {
			make_old((enum old_is)rnd_below(NOLD));
			plan_failure(&e, n, (enum trouble)t);
			dev.hook = power_fails;
			if (!dump_ending(&e) ||
			    !check_failed(n, calls, (enum trouble)t))
				return (0);
			if (!dump_right())
				return (wrong("after error in call %u", n));
		}
	return (why[0] == '\0');
}

/* A dump of some hundred writes; those of a compressed one take their time. */
int
writes_case(uint64_t seed)
{
	struct ending e;
	unsigned calls, n;
	int t;

	calls = make_calls(&kind_large, seed);
	make_device(0, 0, 0);
	if (!dump_right())
		return (0);
	if (!form.gz && calls < 200)
		return (wrong("%u calls are few", calls));
	old_length = form.length;
	for (n = 1; n <= calls; n += form.gz ? calls / 3 : 1)
		for (t = 0; t < NTROUBLES; t += 2) {
			dev_rearm();
			put_old(OLD_SAME_LENGTH);
			plan_failure(&e, n, (enum trouble)t);
			if (!dump_ending(&e))
				return (0);
			if (n > 1 && n < calls && find_dump(dev.mem) != -1)
				return (wrong("call %u failed, and a dump is "
				    "there", n));
		}
	return (dump_right());
}

int
key_case(uint64_t seed)
{
	struct ending e;
	unsigned n;

	make_layout(&kind_small, seed);
	know_form(&form);
	memset(&e, 0, sizeof(e));
	for (n = 1; n <= model_writes(&form); n++) {
		make_old((enum old_is)rnd_below(NOLD));
		dev.key_poll = e.key_poll = n;
		dev.key = e.key = 3;
		dev.hook = power_fails;
		if (!dump_ending(&e))
			return (0);
		if (whats_there(dev.mem) != FOUND_NONE)
			return (wrong("^C at poll %u: dump left", n));
		if (!dump_right())
			return (wrong("after ^C at poll %u", n));

		dev_rearm();
		dev.key_poll = n;
		dev.key = e.key = n == 1 ? 0 : 'a' + (int)rnd_below(26);
		if (!dump_ending(&e) || !check_dump())
			return (wrong("other key at poll %u", n));
	}
	return (why[0] == '\0');
}

/*
 * The first attempts do not fit, and it is in one of them, or in the one that
 * would, that a call fails, a key is typed or the power fails.
 */
static int
left_trouble(const struct plan *fits, unsigned n, unsigned calls, int t)
{
	const struct plan *p;
	const struct form *f;
	struct ending e;
	uint64_t room;

	room = fits->form[1].length;
	plan_device((long long)room, GIB);
	model = fits->model;
	form = fits->form[1];
	model_image(&image, &model, &lay, lay.piece);
	fill_old((enum old_is)rnd_below(NOLD));
	memset(&e, 0, sizeof(e));
	if (t < NTROUBLES)
		plan_failure(&e, n, (enum trouble)t);
	else if (n > 0) {
		dev.key_poll = e.key_poll = n;
		dev.key = e.key = t == NTROUBLES ? 3 : 'c';
	}
	dev.hook = n == 0 || chance(20) ? power_fails : NULL;
	p = expect_plans(2, room, &e, &f);
	sim_dump();
	if (sim_error[0] != '\0')
		return (wrong("%s", sim_error));
	if (!check_told())
		return (0);
	if (n > 0 && t < NTROUBLES)
		return (check_failed(n, calls, (enum trouble)t));
	if (n > 0 && t == NTROUBLES)
		return (whats_there(dev.mem) == FOUND_NONE || wrong("dump "
		    "left"));
	return (p == fits ? check_plan(p, f) : wrong("another plan"));
}

int
left_case(uint64_t seed)
{
	const struct plan *fits;
	unsigned calls, k, n, polls;

	/* One that leaves out more than one kind, if it can be. */
	do {
		make_layout(&kind_small, seed);
		know_form(&form);
		make_plans();
		for (k = KERN_KINDS; k > 0; k--)
			if (plans[k].model.left[k - 1] != 0 &&
			    plans[k].form[1].length <
			    plans[k - 1].form[1].length)
				break;
		seed = rnd();
	} while (k == 0);
	fits = &plans[k];
	kern_set_compress(2);
	if (!left_trouble(fits, 0, 0, NTROUBLES))
		return (0);
	calls = telling.calls;
	polls = telling.polls;
	for (n = 1; n <= calls; n++)
		if (!left_trouble(fits, n, calls, (int)rnd_below(NTROUBLES)) ||
		    (n <= polls && !left_trouble(fits, n, calls, NTROUBLES +
		    (int)rnd_below(2))))
			return (0);
	return (why[0] == '\0');
}
