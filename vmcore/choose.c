/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Chooses the dump of a medium that vmcore save takes, and reports if there is
 * none, or more than one.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "choose.h"
#include "vmcore.h"

/* Return whether the user chose this dump, by its place or its first byte. */
static int
is_chosen(const struct choice *ch, const struct found *f)
{
	char number[24];

	if (ch->place == NULL || strcmp(ch->place, f->place.name) == 0)
		return (1);
	snprintf(number, sizeof(number), "%ju", (uintmax_t)f->ofs);
	return (f->ofs != 0 && strcmp(ch->place, number) == 0);
}

/*
 * Choose the dump to be saved: whole dumps come before those already saved, and
 * these before damaged ones.  Returns how many there are to choose from.
 */
static u_int
choose(struct choice *ch)
{
	struct found *f;
	u_int i, n;

	ch->f = NULL;
	for (i = n = 0; i < ch->fi->n; i++) {
		f = &ch->fi->found[i];
		if (!is_chosen(ch, f) || !found_usable(f, ch->force))
			continue;
		if (ch->f != NULL && found_rank(f) > found_rank(ch->f))
			continue;
		if (ch->f == NULL || found_rank(f) < found_rank(ch->f))
			n = 0;
		ch->f = f;
		n++;
	}
	return (n);
}

/* List the dumps that the user may mean. */
static void
list(const struct choice *ch)
{
	u_int i;

	fflush(stdout);
	for (i = 0; i < ch->fi->n; i++)
		if (is_chosen(ch, &ch->fi->found[i])) {
			fprintf(stderr, "  ");
			found_print(stderr, &ch->fi->found[i]);
		}
	if (ch->fi->more)
		fprintf(stderr, "  and more\n");
}

/* Report that there is no dump, and the places that were searched. */
static void
report_none(const struct choice *ch, const char *what)
{
	const struct place *p;
	char raw[KDH_SIZE], value[32];
	u_int i;

	if (what != NULL) {
		xwarnx("%s: no dump, but %s", ch->m->name, what);
		return;
	}
	if (ch->fi->error != 0) {
		xwarnx("%s: byte %ju: %s", ch->m->name,
		    (uintmax_t)ch->fi->errofs, medium_error(ch->fi->error));
		return;
	}
	if (ch->fi->places.n == 1) {
		if (medium_read(ch->m, raw, sizeof(raw), ch->m->size -
		    KDH_SIZE) == -1)
			return;
		kdh_magic(raw, value, sizeof(value));
		xwarnx("%s: no dump: header at byte %ju: magic %s is wrong",
		    ch->m->name, (uintmax_t)(ch->m->size - KDH_SIZE), value);
		return;
	}
	xwarnx("%s: no dump: there is no header at the end of any of these:",
	    ch->m->name);
	for (i = 0; i < ch->fi->places.n; i++) {
		p = &ch->fi->places.place[i];
		fprintf(stderr, "  %s%s%s: bytes %ju to %ju\n", p->name,
		    p->before[0] != '\0' ? " before " : "", p->before,
		    (uintmax_t)p->start, (uintmax_t)p->end - 1);
	}
	if (ch->fi->places.more)
		fprintf(stderr, "  and not looked at: more than these\n");
}

/* Report why none of the dumps can be saved. */
static void
report_why(const struct choice *ch)
{
	const struct found *f;
	enum fault fault;
	char why[200];
	u_int i;

	for (i = 0; i < ch->fi->n; i++) {
		f = &ch->fi->found[i];
		if (!is_chosen(ch, f))
			continue;
		fault = found_worst(f, ch->force);
		found_fault(f, fault, why, sizeof(why));
		xwarnx("%s: %s%s%s%s", ch->m->name,
		    ch->fi->n > 1 ? f->place.name : "",
		    ch->fi->n > 1 ? ": " : "", why, ch->force ||
		    !found_usable(f, 1) ? "" : fault == FAULT_CLEARED ?
		    "; -f saves it again" : "; -f saves it all the same");
	}
}

/* Report what is wrong with a dump that is saved anyway. */
static void
warn(const struct choice *ch)
{
	enum fault i;
	char why[200];

	for (i = 0; i < FAULT_CLEARED; i++)
		if ((ch->f->faults & 1U << i) != 0) {
			found_fault(ch->f, i, why, sizeof(why));
			xwarnx("%s: warning: %s", ch->m->name, why);
		}
}

int
choose_dump(struct choice *ch, const struct contents *whole)
{
	u_int i, n;

	if (whole->scattered) {
		report_none(ch, whole->name);
		return (-1);
	}
	if (ch->m->size < MINIDUMP_METADATA + 2 * KDH_SIZE &&
	    whole->name == NULL) {
		xwarnx("%s: %ju bytes are too few for a dump", ch->m->name,
		    (uintmax_t)ch->m->size);
		return (-1);
	}
	find_dumps(ch->m, ch->fi);
	n = choose(ch);
	if (n == 0 && ch->force && whole->name == NULL) {
		find_leading(ch->m, ch->fi);
		n = choose(ch);
	}
	if (n == 1) {
		warn(ch);
		return (0);
	}
	for (i = 0; i < ch->fi->n; i++)
		if (is_chosen(ch, &ch->fi->found[i]))
			break;
	if (n > 1) {
		xwarnx("%s: more than one dump: -p chooses one of these, by "
		    "its name or first byte:", ch->m->name);
		list(ch);
	} else if (ch->fi->n == 0)
		report_none(ch, whole->name);
	else if (i == ch->fi->n) {
		xwarnx("%s: %s: no dump; there are:", ch->m->name, ch->place);
		ch->place = NULL;
		list(ch);
	} else
		report_why(ch);
	return (-1);
}
