/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The memory of a random layout: its ranges, who has a page, and what is in
 * it.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout_int.h"

#define	PAGES(bytes)	((bytes) / PAGE)
#define	NSAMPLES	64		/* of pages */

/* Memory of the dump code that nothing maps, except a superpage. */
static uint64_t unmapped, unmapped_end;

uint64_t
random_memory(void)
{
	uint64_t pa;

	do
		pa = mem_pa((int)rnd_below((uint64_t)mem_count()));
	while (pa >= unmapped && pa < unmapped_end);
	return (pa);
}

uint64_t
random_hole(void)
{
	uint64_t pa;

	do {
		switch (rnd_below(4)) {
		case 0:
			pa = mem_edge(random_memory());
			break;
		case 1:
			pa = rnd_below((uint64_t)1 << 28);
			break;
		case 2:
			pa = rnd_below((uint64_t)1 << MEMBITS);
			break;
		default:
			pa = rnd();
			break;
		}
		pa &= FRAMEMASK;
	} while (mem_frame(pa) != -1);
	return (pa);
}

uint64_t
take_frame(struct layout *l, int low)
{
	int i, tries;

	for (tries = 0; tries < 100000; tries++) {
		i = (int)rnd_below((uint64_t)mem_count());
		if (l->used[i] || (low && mem_pa(i) >> 32 != 0))
			continue;
		l->used[i] = 1;
		return (mem_pa(i));
	}
	fprintf(stderr, "no memory left, seed %llu\n",
	    (unsigned long long)l->seed);
	exit(2);
}

uint64_t
data_frame(const struct layout *l)
{
	uint64_t pa;

	do
		pa = random_memory();
	while (l->used[mem_frame(pa)]);
	return (pa);
}

/*
 * Contents of pages: some that compress well, some that do not, and noise.  The
 * same for all layouts.
 */
static uint64_t sample[2][NSAMPLES][PAGE / sizeof(uint64_t)];

static void
make_samples(void)
{
	uint64_t mask, *p;
	unsigned density, k;

	rnd_seed(0);
	rnd_fill(sample, sizeof(sample));
	for (k = 0; k < NSAMPLES; k++) {
		mask = rnd() & rnd();
		density = (unsigned)rnd_below(257);
		for (p = sample[0][k]; p < sample[0][k + 1]; p++)
			*p = *p >> 56 < density ? *p & mask : mask;
	}
}

/*
 * Fill a page with a sample and a word of its own: no two pages are the same.
 */
static void
fill_frame(uint64_t pa, int noise)
{
	uint64_t own;

	mem_write(pa, sample[noise][rnd_below(NSAMPLES)], PAGE);
	own = rnd();
	mem_write(pa + rnd_below(PAGE / sizeof(own)) * sizeof(own), &own,
	    sizeof(own));
}

void
start_over(uint64_t seed)
{

	if (sample[0][0][0] == 0)
		make_samples();
	rnd_seed(seed);
	mem_reset();
	unmapped = unmapped_end = 0;
}

/*
 * Make ranges of memory, of a few pages each; one has room for the bitmaps, and
 * one begins with the memory of a superpage.
 */
void
make_memory(struct layout *l, const struct kind *kind)
{
	uint64_t start, end, room, top;
	unsigned bitmap_range, bits, i, n, super_range;
	int f, high;

	n = 1 + (unsigned)rnd_below(kind->ranges - (kind->last != 0 ||
	    kind->huge));
	high = chance(kind->high + kind->last);
	bits = high || kind->huge ? MEMBITS : 29;
	room = high ? ((uint64_t)1 << MEMBITS) / n : 300 * PAGE;
	bitmap_range = (unsigned)rnd_below(n);
	super_range = chance(kind->super) ? (unsigned)rnd_below(n) : n;
	end = 0;
	for (i = 0; i < n; i++) {
		start = end + rnd_below(PAGES(high && i > 0 ?
		    room - 4 * PIECESIZE : 300 * PAGE)) * PAGE;
		if (chance(10))
			start = end;		/* adjacent to the other */
		end = start + (1 + rnd_below(24)) * PAGE;
		if (i == 0)
			end += (40 + (uint64_t)kind->big) * PAGE;
		if (i == bitmap_range)
			end += 2 * ((uint64_t)1 << bits) / PAGE / 8 +
			    kern_arena_size();
		if (i == super_range) {
			start = (start + PIECESIZE - 1) & -PIECESIZE;
			end = start + PIECESIZE + rnd_below(10) * PAGE;
			if (i == bitmap_range)
				end += 2 * ((uint64_t)1 << bits) / PAGE / 8 +
				    kern_arena_size();
		}
		mem_add(start, end);
		l->vars.avail[2 * i] = start;
		l->vars.avail[2 * i + 1] = end;
	}

	if (chance(kind->last)) {
		end = ((uint64_t)1 << MEMBITS) - PAGE;
		l->vars.avail[2 * n] = end - (1 + rnd_below(20)) * PAGE;
		l->vars.avail[2 * n + 1] = end;
		mem_add(l->vars.avail[2 * n], end);
	}

	if (kind->huge) {
		l->vars.avail[2 * n] = end;
		end += HUGE;
		l->vars.avail[2 * n + 1] = end;
		mem_huge(end - HUGE, end);
	}

	/* Below the end of that range, but not always adjacent. */
	top = (end / PAGE + 7) / 8;
	top = (top + PGMASK) & ~PGMASK;
	l->bitmaps_end = l->vars.avail[2 * bitmap_range + 1];
	start = l->vars.avail[2 * bitmap_range];
	top = 2 * top + kern_arena_size();
	if (l->bitmaps_end - start > top + 40 * PAGE)
		l->bitmaps_end -= rnd_below(8) * PAGE;
	l->bitmaps = l->bitmaps_end - top;
	unmapped = unmapped_end = l->bitmaps_end;
	if (chance(60))
		unmapped -= kern_arena_size();
	for (start = l->bitmaps; start < l->bitmaps_end; start += PAGE)
		l->used[mem_frame(start)] = 1;
	for (f = 0; f < mem_count(); f++)
		if (!(mem_pa(f) >= l->bitmaps && mem_pa(f) < l->bitmaps_end))
			fill_frame(mem_pa(f), chance(kind->noise));
}
