/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The size that a running kernel says a dump would have.
 */

#include <stdio.h>
#include <string.h>

#include "test.h"
#include "unpack.h"

/* What it said; it prints as well, which is another matter. */
static uint64_t asked;

/* Estimates of a compressed one: from all members, and from a few. */
#define	FEW	5
static struct {
	uint64_t	all, few;
	unsigned	looked;		/* members, for the latter */
} guessed;

void
ask_size(void)
{
	static char said[sizeof(console)];

	memcpy(said, console, sizeof(said));
	asked = kern_size(form.gz);
	if (form.gz) {
		guessed.all = kern_estimate(KERN_MEMBERS);
		members_made = 0;
		guessed.few = kern_estimate(FEW);
		guessed.looked = members_made;
	}
	memcpy(console, said, sizeof(said));
}

/*
 * It must be that of its dump.  The bitmap that the dump code works in, if it
 * is in the dump, is not the same then.
 */
int
check_asked(void)
{

	if (form.gz && in_dump(mem_frozen_bitmap))
		return (1);
	if (asked != METADATA + form.length + 2 * KDH_SIZE)
		return (wrong("device of %llu bytes asked for, dump is %llu",
		    (unsigned long long)asked,
		    (unsigned long long)form.length));
	if (!form.gz)
		return (1);
	if (guessed.all > asked + 2 * DEV_BLOCK ||
	    guessed.all + 2 * DEV_BLOCK < asked)
		return (wrong("device of %llu bytes asked for, %llu estimated "
		    "from all members", (unsigned long long)asked,
		    (unsigned long long)guessed.all));
	if (guessed.looked > FEW || guessed.few < asked / 64)
		return (wrong("%llu bytes estimated from %u members, of %llu",
		    (unsigned long long)guessed.few, guessed.looked,
		    (unsigned long long)asked));
	return (1);
}

/* The size is asked for by another CPU while this one makes the dump. */
int
ask_case(uint64_t seed)
{
	int ok;

	make_layout(&kind_small, seed);
	make_device(0, 0, 0);
	asked = 0;
	mem_hook = ask_size;
	ok = dump_right();
	mem_hook = NULL;
	return (ok && (asked == 0 || check_asked()));
}
