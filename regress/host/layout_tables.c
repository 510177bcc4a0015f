/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The page tables of a random layout, as they are made, and the changes that
 * other CPUs make to them.
 */

#include <string.h>

#include "layout_int.h"

static uint64_t
random_flags(void)
{

	return (rnd() & rnd() & FLAGS);
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

void
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

uint64_t
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
