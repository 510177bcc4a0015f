/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Random layouts (see layout.h).  The same kind and seed give the same layout.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"

#define	PAGES(bytes)	((bytes) / PAGE)
#define	NSAMPLES	64		/* of pages */
#define	NITEMS(a)	(sizeof(a) / sizeof((a)[0]))

static uint64_t
random_flags(void)
{

	return (rnd() & rnd() & FLAGS);
}

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

/* Take a frame for one purpose only; below 4 GiB if i386 could not reach it. */
static uint64_t
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

/* Take a frame of data, which may have other users, too. */
static uint64_t
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

/*
 * Make ranges of memory, of a few pages each; one has room for the bitmaps, and
 * one begins with the memory of a superpage.
 */
static void
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

/* Make an invalid entry, in one of three ways. */
static uint64_t
no_entry(void)
{

	switch (rnd_below(5)) {
	case 0:
		return (rnd() & ~PG_V);
	case 1:
		return (ENTRY(random_memory()) | random_flags());
	default:
		return (0);
	}
}

static uint64_t
random_entry(void)
{

	switch (rnd_below(6)) {
	case 0:
	case 1:
		return (no_entry());
	case 2:
		return (ENTRY(random_hole()) | random_flags() | PG_V);
	default:
		return (ENTRY(random_memory()) | random_flags() | PG_V |
		    (rnd() & PG_PS));		/* there it is no PS */
	}
}

static uint64_t
make_table(struct layout *l)
{
	uint64_t dice, table;
	unsigned density, i;

	table = take_frame(l, 0);
	density = (unsigned)rnd_below(chance(10) ? 257 : 10);
	for (dice = 0, i = 0; i < NENTRY; i++, dice >>= 8) {
		if (i % 8 == 0)
			dice = rnd();
		mem_set_entry(table, i, (dice & 0xff) < density ?
		    random_entry() : 0);
	}
	return (table);
}

uint64_t
layout_pde(const struct layout *l, unsigned n)
{

	return (l->pd[NPD == 1 ? 0 : n / NENTRY] +
	    DIR_INDEX(DIRS - 1, n) * ESIZE);
}

static void
set_pde(const struct layout *l, unsigned n, uint64_t entry)
{
	uint64_t pa;

	pa = layout_pde(l, n);
	mem_set_entry(pa & ~PGMASK, (unsigned)(pa & PGMASK) / ESIZE, entry);
}

/* Make a superpage: in memory or not, and with any low bits. */
static uint64_t
random_super(struct piece *p)
{

	p->is = PIECE_SUPER;
	p->pa = chance(75) ? random_memory() : random_hole();
	p->pa &= -PIECESIZE;
	return (ENTRY(p->pa | (rnd() & (PIECESIZE - PAGE))) | random_flags() |
	    PG_PS | PG_V);
}

/* Make a table whose frame is not a table. */
static uint64_t
random_damage(const struct layout *l, struct piece *p)
{

	p->is = PIECE_TABLE;
	switch (rnd_below(3)) {
	case 0:
		p->pa = random_hole();
		break;
	case 1:
		p->pa = l->pd[0];		/* a directory, even its own */
		if (l->ndirs > 0)
			p->pa = l->dir[rnd_below(l->ndirs)];
		break;
	default:
		p->pa = data_frame(l);
		break;
	}
	return (ENTRY(p->pa) | random_flags() | PG_V);
}

static void
lose_pieces(struct layout *l, unsigned from, unsigned to, enum piece_is is)
{

	for (; from < to; from++)
		l->piece[from].is = is;
}

/*
 * Find the directories, down to those with the pieces' entries.  Pieces that
 * cannot be reached are marked as such.
 */
#if DIRS > 1
static void
note_dir(struct layout *l, uint64_t pa)
{

	l->dir[l->ndirs++] = pa;
}

/* Make an entry for directory "pa", which may be damaged.  Returns its kind. */
static enum piece_is
dir_entry(uint64_t dir, unsigned i, uint64_t pa, int damage)
{
	static const enum piece_is is[] = { PIECE_NONE, PIECE_LOST,
	    PIECE_LOST };
	unsigned how;
	uint64_t entry;

	entry = ENTRY(pa) | random_flags() | PG_V;
	how = (unsigned)rnd_below(3);
	if (damage)
		switch (how) {
		case 0:
			entry = no_entry();
			break;
		case 1:
			entry |= PG_PS;
			break;
		default:
			entry = ENTRY(random_hole()) | random_flags() | PG_V;
			break;
		}
	mem_set_entry(dir, i, entry);
	return (damage ? is[how] : PIECE_TABLE);
}

static void
make_dirs(struct layout *l, const struct kind *kind)
{
	uint64_t upper[DIRS - 1];
	enum piece_is is;
	unsigned damage, from, i, to;

	for (i = 0; i < DIRS - 1; i++)
		upper[i] = take_frame(l, 0);
	for (i = 0; i < NPD; i++)
		l->pd[i] = take_frame(l, 0);
	l->vars.root = upper[0];
	/* The pointer to the first, or the entry for one of the others. */
	damage = chance(kind->damage / 2) ? 1 +
	    (unsigned)rnd_below(DIRS - 1 + NPD) : 0;
	if (damage == 1) {
		l->vars.root = random_hole();
		lose_pieces(l, 0, l->npieces, PIECE_LOST);
		l->reached = 0;
		return;
	}
	if (l->npieces == 0)
		return;
	note_dir(l, upper[0]);
	for (i = 1; i < DIRS - 1; i++) {
		is = dir_entry(upper[i - 1], DIR_INDEX(i - 1, 0), upper[i],
		    damage == i + 1);
		if (is != PIECE_TABLE) {
			lose_pieces(l, 0, l->npieces, is);
			l->reached = 0;
			return;
		}
		note_dir(l, upper[i]);
	}
	for (i = 0; i < NPD && i * NENTRY < l->npieces; i++) {
		from = i * NENTRY;
		to = l->npieces < from + NENTRY ? l->npieces : from + NENTRY;
		is = dir_entry(upper[DIRS - 2], DIR_INDEX(DIRS - 2, from),
		    l->pd[i], damage == DIRS + i);
		if (is == PIECE_TABLE)
			note_dir(l, l->pd[i]);
		else
			lose_pieces(l, from, to, is);
	}
}

/* Can the entry of piece n be reached? */
static int
is_reached(const struct layout *l, unsigned n)
{

	return (l->reached && (mem_entry(l->dir[DIRS - 2],
	    DIR_INDEX(DIRS - 2, n)) & (PG_V | PG_PS)) == PG_V);
}
#else
/* One directory, below 4 GiB, in a page that is not the first with PAE. */
static void
make_dirs(struct layout *l, const struct kind *kind)
{

	do
		l->pd[0] = take_frame(l, 1);
	while ((int64_t)l->pd[0] < DIR_PAGE * PAGE);
	l->vars.root = l->pd[0] - DIR_PAGE * PAGE;
	if (!chance(kind->damage / 2))
		return;
	do
		l->vars.root = random_hole() & 0xffffffff;
	while (mem_frame(l->vars.root) != -1 ||
	    mem_frame(l->vars.root + 3 * PAGE) != -1);
	lose_pieces(l, 0, l->npieces, PIECE_LOST);
	l->reached = 0;
}

static int
is_reached(const struct layout *l, unsigned n)
{

	(void)n;
	return (l->reached);
}
#endif

/* Make kernel address space, with something in up to kind->pieces pieces. */
static void
make_pieces(struct layout *l, const struct kind *kind)
{
	static const uint64_t ends[] = { 0, KERNBASE - 1, KERNBASE / 2,
	    VM_MAX, VM_MAX + 1, VM_MAX + PAGE - 1 };
	struct piece *p, *q;
	uint64_t entry;
	unsigned filled, i, n;

	filled = (unsigned)rnd_below(kind->pieces + 1);
	if (chance(kind->bad_end)) {
		l->npieces = MAXPIECES;
		l->vars.vm_end = ends[rnd_below(NITEMS(ends))];
	} else {
		l->npieces = filled;
		l->vars.vm_end = KERNBASE + filled * PIECESIZE;
		if (filled > 0)
			l->vars.vm_end -= rnd_below(PIECESIZE);
	}
	l->reached = 1;
	make_dirs(l, kind);
	/* Entries after the end lead somewhere, but must not be followed. */
	for (n = 0; n < MAXPIECES; n++)
		set_pde(l, n, n < l->npieces ? no_entry() :
		    ENTRY(random_memory()) | random_flags() | PG_V |
		    (rnd() & PG_PS));
	for (i = 0; i < filled; i++) {
		n = i;
		if (l->npieces == MAXPIECES)
			n = (unsigned)rnd_below(MAXPIECES);
		p = &l->piece[n];
		if (p->is != PIECE_NONE || p->own)
			continue;
		if (chance(kind->damage))
			entry = random_damage(l, p);
		else if (chance(10 + kind->super))
			entry = random_super(p);
		else if (chance(10))
			continue;
		else {
			p->is = PIECE_TABLE;
			q = &l->piece[rnd_below(n + 1)];
			if (chance(kind->alias) && q->own) {
				q->own = 0;
				p->pa = q->pa;
			} else {
				p->pa = make_table(l);
				p->own = 1;
			}
			entry = ENTRY(p->pa) | random_flags() | PG_V;
		}
		set_pde(l, n, entry);
		if (!is_reached(l, n))
			memset(p, 0, sizeof(*p));
	}
}

/* Map a page of memory at "va", if only its entry is missing. */
static uint64_t
map_va(const struct layout *l, uint64_t va)
{
	const struct piece *p;
	uint64_t n, pa;

	n = (va - KERNBASE) / PIECESIZE;
	if (va < KERNBASE || n >= l->npieces)
		return (0);
	p = &l->piece[n];
	if (p->is != PIECE_TABLE || !p->own)
		return (0);
	pa = data_frame(l);
	mem_set_entry(p->pa, (unsigned)(va % PIECESIZE / PAGE),
	    ENTRY(pa) | random_flags() | PG_V);
	return (pa);
}

/* Make the message buffer's text, and its head somewhere else. */
static void
make_msgbuf(struct layout *l, const struct kind *kind)
{
	const uint64_t end = KERNBASE + l->npieces * PIECESIZE;
	const uint64_t bad[] = { 0, 0x1000, KERNBASE - 1, KERNBASE - PAGE, end,
	    end - 20, end + PIECESIZE, VM_MAX, (uintptr_t)-8,
	    (uintptr_t)-MSGBUF_SIZE };
	unsigned char head[MSGBUF_SIZE];
	uint64_t off, pa, text, va;
	uint32_t magic, size;
	uintptr_t ptr;
	unsigned i, trouble;

	switch (rnd_below(6)) {
	case 0:
		size = (uint32_t)rnd_below(300);
		break;
	case 1:
		size = (uint32_t)rnd_below(5) * PAGE;
		break;
	case 2:
		size = 65536 - MSGBUF_SIZE;
		break;
	default:
		size = (uint32_t)rnd_below(30000);
		break;
	}
	text = KERNBASE + rnd_below(end - KERNBASE);
	if (chance(10))
		text = end - rnd_below(size);
	if (chance(50))
		text &= ~PGMASK;
	va = (text + size + 7) & ~(uint64_t)7;
	if (chance(30))
		va = KERNBASE + rnd_below(end - KERNBASE);
	trouble = chance(kind->bad_msgbuf) ? 1 + (unsigned)rnd_below(5) : 0;
	magic = MSGBUF_MAGIC;
	if (trouble == 1)
		va = bad[rnd_below(NITEMS(bad))];
	else if (trouble == 2)
		text = bad[rnd_below(NITEMS(bad))];
	else if (trouble == 3)
		magic ^= 1U << rnd_below(32);
	else if (trouble == 4)
		size = MSGBUF_MAX + 1 + (uint32_t)rnd_below(chance(50) ? 9 :
		    0x80000000);
	l->vars.msgbuf = (uintptr_t)va;

	for (off = 0; off < size && trouble != 4; off += PAGE)
		if (chance(trouble == 5 ? 70 : 95))
			(void)map_va(l, text + off);
	ptr = (uintptr_t)text;
	memcpy(head, &ptr, sizeof(ptr));
	memcpy(head + sizeof(ptr), &magic, sizeof(magic));
	memcpy(head + sizeof(ptr) + 4, &size, sizeof(size));
	memset(head + sizeof(ptr) + 8, 0x77, 16);
	for (i = 0, pa = 0; i < sizeof(head); i++) {
		if (i == 0 || ((va + i) & PGMASK) == 0) {
			pa = map_va(l, va + i);
			if (pa == 0)
				break;
			l->used[mem_frame(pa)] = 1;
		}
		mem_write(pa + ((va + i) & PGMASK), &head[i], 1);
	}
}

static void
random_string(char *buf, size_t size)
{
	size_t i, n;

	n = rnd_below(chance(50) ? 40 : size);
	for (i = 0; i < n; i++)
		buf[i] = (char)('!' + rnd_below(90));
	buf[n] = '\0';
}

/* Choose an address for dump_add_page(), and its kind. */
static uint64_t
random_address(void)
{
	uint64_t pa;

	pa = chance(75) ? random_memory() : random_hole();
	return (pa + (chance(20) ? rnd_below(PAGE) : 0));
}

static void
note_range(struct layout *l, uint64_t start, uint64_t end, int added)
{
	uint64_t pa;

	for (pa = start; pa < end; pa += PAGE)
		if (mem_frame(pa) != -1)
			l->added[mem_frame(pa)] = (unsigned char)added;
}

void
layout_touch(struct layout *l, unsigned calls)
{
	uint64_t end, pa;

	for (; calls > 0; calls--) {
		pa = random_address();
		switch (rnd_below(5)) {
		case 0:
		case 1:
			kern_drop_page(pa);
			note_range(l, pa, pa + 1, 0);
			break;
		case 2:
			pa &= ~PGMASK;
			end = pa + rnd_below(5) * PAGE;
			if (end > FRAMEMASK)
				break;
			kern_add_range(pa, end);
			note_range(l, pa, end, 1);
			break;
		default:
			kern_add_page(pa);
			note_range(l, pa, pa + 1, 1);
			break;
		}
	}
}

/* Return the next mapped address from "va" on, if it is in the same piece. */
static uint64_t
mapped_edge(const struct layout *l, uint64_t va)
{
	const struct piece *p;
	uint64_t i, n;

	n = (va - KERNBASE) / PIECESIZE;
	if (n >= l->npieces)
		return (va);
	p = &l->piece[n];
	if (p->is != PIECE_TABLE || mem_frame(p->pa) == -1)
		return (va);
	for (i = va % PIECESIZE / PAGE; i < NENTRY; i++)
		if ((mem_entry(p->pa, (unsigned)i) & PG_V) != 0)
			return (KERNBASE + n * PIECESIZE + i * PAGE);
	return (va);
}

/*
 * Make ranges that may be left out: some that exist and some that do not,
 * overlapping, and with pages that are mapped elsewhere, too.
 */
static void
make_kinds(struct layout *l)
{
	struct kern_kind *k;
	uint64_t from, len;
	unsigned i, percent;

	percent = chance(10) ? 100 : 30;
	for (i = 0; i < KERN_KINDS; i++) {
		k = &l->vars.kind[i];
		random_string(k->name, sizeof(k->name));
		if (!chance(percent))
			continue;		/* there is no such range */
		if (chance(30)) {
			k->physical = 1;
			k->start = chance(80) ? random_memory() : random_hole();
			k->end = k->start + rnd_below(30) * PAGE;
			continue;
		}
		len = (l->npieces + 1) * PIECESIZE;
		if (len > VM_MAX - KERNBASE)
			len = VM_MAX - KERNBASE;
		from = rnd_below(len / PAGE) * PAGE;
		len = chance(10) ? VM_MAX - KERNBASE : rnd_below(3 * len /
		    PAGE) * PAGE / (chance(50) ? 1 : 64) & ~PGMASK;
		if (len > VM_MAX - KERNBASE - from)
			len = VM_MAX - KERNBASE - from;
		k->start = mapped_edge(l, KERNBASE + from);
		k->end = mapped_edge(l, KERNBASE + from + len);
	}
}

/*
 * The crash wrote the same into both bitmaps, so it does not matter which is
 * which.
 */
static void
scribble(struct layout *l)
{
	size_t half, i;
	uint64_t page;
	int f;

	half = boot.bitmap;
	for (i = 0; i < half; i++)
		boot.mem[i] = boot.mem[half + i] =
		    (unsigned char)(rnd() & rnd());
	for (f = 0; f < mem_count(); f++) {
		page = mem_pa(f) / PAGE;
		l->added[f] = boot.mem[page / 8] >> page % 8 & 1;
	}
}

void
layout_make(struct layout *l, const struct kind *kind, uint64_t seed)
{
	uint64_t start;

	if (sample[0][0][0] == 0)
		make_samples();
	rnd_seed(seed);
	sim_error[0] = '\0';
	memset(l, 0, sizeof(*l));
	l->seed = seed;
	mem_reset();
	unmapped = unmapped_end = 0;
	make_memory(l, kind);
	make_pieces(l, kind);
	make_msgbuf(l, kind);
	make_kinds(l);
	l->vars.now = (long)rnd_below(0x7fffffff);
	random_string(l->vars.hostname, sizeof(l->vars.hostname));
	random_string(l->vars.version, sizeof(l->vars.version));
	if (chance(80))
		random_string(l->vars.panic, sizeof(l->vars.panic));
	kern_set(&l->vars);
	start = kern_startup(l->bitmaps_end);
	if (start != l->bitmaps || boot.mem == NULL)
		sim_fail("bitmaps taken at 0x%llx, not 0x%llx",
		    (unsigned long long)start,
		    (unsigned long long)l->bitmaps);
	if (kind->big != 0) {
		start = l->vars.avail[0];
		kern_add_range(start, start + (uint64_t)kind->big * PAGE);
		note_range(l, start, start + (uint64_t)kind->big * PAGE, 1);
	}
	layout_touch(l, (unsigned)rnd_below(60));
	if (boot.mem != NULL && chance(kind->scribble)) {
		scribble(l);
		layout_touch(l, (unsigned)rnd_below(10));
	}
}

static void
add_change(struct layout *l, uint64_t pa, uint64_t new)
{
	struct change *c;
	unsigned i;

	if (l->nchanges == MAXCHANGES)
		return;
	for (i = 0; i < l->nchanges; i++)
		if (l->change[i].pa == pa)
			return;
	c = &l->change[l->nchanges++];
	c->pa = pa;
	c->old = c->new = 0;
	mem_read(pa, &c->old, ESIZE);
	/* Entries are stored scrambled. */
	c->new = c->old ^ mem_entry(pa & ~PGMASK,
	    (unsigned)(pa & PGMASK) / ESIZE) ^ new;
#if ESIZE == 4
	c->new &= 0xffffffff;
#endif
}

/* Choose what overwrites the entry of a piece. */
static uint64_t
random_piece(struct layout *l, struct piece *p)
{

	p->own = 0;
	switch (rnd_below(4)) {
	case 0:
		p->is = PIECE_NONE;
		return (no_entry());
	case 1:
		return (random_super(p));
	case 2:
		p->is = PIECE_TABLE;
		p->pa = random_hole();
		break;
	default:
		p->is = PIECE_TABLE;
		p->pa = make_table(l);
		break;
	}
	return (ENTRY(p->pa) | random_flags() | PG_V);
}

void
layout_changes(struct layout *l, int contents)
{
	struct piece *p;
	unsigned i, k, n;
	uint64_t pa;

	memcpy(l->after, l->piece, sizeof(l->after));
	l->lose_root = contents && chance(15);
	for (n = 0; n < l->npieces; n++) {
		p = &l->after[n];
		if (l->lose_root) {
			p->is = PIECE_LOST;
			continue;
		}
		if (!p->own)
			continue;
		if (chance(30))
			add_change(l, layout_pde(l, n), random_piece(l, p));
		else if (chance(70))
			for (k = 1 + (unsigned)rnd_below(20); k > 0; k--) {
				i = (unsigned)rnd_below(NENTRY);
				add_change(l, p->pa + i * ESIZE,
				    random_entry());
			}
	}
	if (contents)
		for (k = (unsigned)rnd_below(200); k > 0; k--) {
			pa = data_frame(l);
			i = (unsigned)rnd_below(NENTRY);
			add_change(l, pa + i * ESIZE, rnd());
		}
}
