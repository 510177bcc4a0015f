/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Damaged page tables (see damage.h).  The page table walk here is independent
 * of the dump code's, written from what the processor does.
 */

#include <stdio.h>
#include <string.h>

#include "damage.h"

static struct {
	uint64_t	pa;		/* of the word; 0: the top level */
	uint64_t	old;
} damage[MAXDAMAGES];
static unsigned ndamages;

/*
 * Get the addresses of the entries that lead to that of piece n.  Returns their
 * number.
 */
static unsigned
way(const struct layout *l, unsigned n, uint64_t pa[DIRS])
{
	unsigned level;

	for (level = 0; level + 1 < DIRS; level++)
		pa[level] = l->dir[level] + DIR_INDEX(level, n) * ESIZE;
	return (DIRS - 1);
}

static void
walk_dir(struct layout *l, uint64_t pa)
{
	unsigned i;

	for (i = 0; i < l->ndirs; i++)
		if (l->dir[i] == pa)
			return;
	l->dir[l->ndirs++] = pa;
}

/* Find the entry of piece n.  Returns 0 if it is lost. */
static int
walk_pde(struct layout *l, unsigned n, uint64_t *entry)
{
	uint64_t pa;
	unsigned level;

	*entry = ROOT_ENTRY(l->vars.root);
	for (level = 0; level < DIRS; level++) {
		if ((*entry & PG_V) == 0) {
			*entry = 0;
			return (1);
		}
		pa = FRAME(*entry);
		if ((*entry & PG_PS) != 0 || mem_frame(pa) == -1)
			return (0);
		walk_dir(l, pa);
		*entry = mem_entry(pa, DIR_INDEX(level, n));
	}
	return (1);
}

void
damage_walk(struct layout *l)
{
	struct piece *p;
	uint64_t entry;
	unsigned n;

	l->ndirs = 0;
	for (n = 0; n < l->npieces; n++) {
		p = &l->piece[n];
		memset(p, 0, sizeof(*p));
		if (!walk_pde(l, n, &entry)) {
			p->is = PIECE_LOST;
			continue;
		}
		if ((entry & PG_V) == 0)
			continue;
		p->is = (entry & PG_PS) != 0 ? PIECE_SUPER : PIECE_TABLE;
		p->pa = FRAME(entry);
		if (p->is == PIECE_SUPER)
			p->pa &= -PIECESIZE;
	}
}

static int
moves(uint64_t pa)
{

	return (pa >= boot.start && pa < boot.end);
}

int
damage_moves(const struct layout *l)
{
	unsigned n;

	for (n = 0; n < l->ndirs; n++)
		if (moves(l->dir[n]))
			return (1);
	for (n = 0; n < l->npieces; n++)
		if (l->piece[n].is == PIECE_TABLE && moves(l->piece[n].pa))
			return (1);
	return (moves(l->vars.root) || moves(l->vars.root + 3 * PAGE));
}

int
damage_hit(uint64_t pa)
{
	unsigned i;

	for (i = 0; i < ndamages; i++)
		if (damage[i].pa == pa)
			return (1);
	return (0);
}

/* Choose a page of a directory or table that has entries in use. */
static uint64_t
some_table(const struct layout *l)
{
	const struct piece *p;

	if (l->npieces > 0 && chance(70)) {
		p = &l->piece[rnd_below(l->npieces)];
		if (p->is == PIECE_TABLE && mem_frame(p->pa) != -1)
			return (p->pa);
	}
	if (l->ndirs > 0)
		return (l->dir[rnd_below(l->ndirs)]);
	return (l->pd[0]);
}

/* Choose the new value of the word at "pa". */
static uint64_t
overwritten(const struct layout *l, uint64_t pa, uint64_t old)
{
	uint64_t e;
	unsigned n;

	switch (rnd_below(9)) {
	case 0:				/* bits */
		for (n = 1 + (unsigned)rnd_below(4); n > 0; n--)
			old ^= (uint64_t)1 << rnd_below(8 * ESIZE);
		return (old);
	case 1:				/* anything */
		return (rnd());
	case 2:				/* beyond memory */
		e = mem_pa(mem_count() - 1) + (1 + rnd_below(1000)) * PAGE;
		return (ENTRY(e & FRAMEMASK) | PG_V);
	case 3:				/* a hole, perhaps of a device */
		return (ENTRY(random_hole()) | (rnd() & FLAGS) | PG_V);
	case 4:				/* itself */
		return (ENTRY(pa & ~PGMASK) | PG_V);
	case 5:				/* another table */
		return (ENTRY(some_table(l)) | PG_V);
	case 6:				/* a superpage where none can be */
		return (old | PG_PS | PG_V);
	case 7:
		return (ENTRY(rnd() & FRAMEMASK) | PG_PS | PG_V);
	default:			/* a page of data */
		return (ENTRY(random_memory()) | PG_V);
	}
}

static void
damage_one(struct layout *l)
{
	const unsigned what = (unsigned)rnd_below(100);
	uint64_t pa, words[DIRS];
	unsigned i;

	if (what < 3) {
		damage[ndamages].pa = 0;
		damage[ndamages++].old = l->vars.root;
		l->vars.root = (uintptr_t)ROOT(overwritten(l,
		    l->vars.root & ~PGMASK, l->vars.root));
		return;
	}
	i = 0;
	if (l->npieces > 0)
		i = (unsigned)rnd_below(l->npieces);
	if (what < 12 && DIRS > 1 && l->ndirs + 1 >= DIRS)
		pa = words[rnd_below(way(l, i, words))];
	else if (what < 50)
		pa = layout_pde(l, i);
	else
		pa = some_table(l) + rnd_below(NENTRY) * ESIZE;
	damage[ndamages].pa = pa;
	damage[ndamages++].old = mem_entry(pa & ~PGMASK,
	    (unsigned)(pa & PGMASK) / ESIZE);
	mem_set_entry(pa & ~PGMASK, (unsigned)(pa & PGMASK) / ESIZE,
	    overwritten(l, pa, damage[ndamages - 1].old));
}

void
damage_some(struct layout *l, unsigned n)
{

	for (ndamages = 0; n > 0; n--)
		damage_one(l);
	kern_set(&l->vars);
	damage_walk(l);
}

void
damage_undo(struct layout *l)
{
	uint64_t pa;

	while (ndamages > 0) {
		pa = damage[--ndamages].pa;
		if (pa == 0)
			l->vars.root = damage[ndamages].old;
		else
			mem_set_entry(pa & ~PGMASK, (unsigned)(pa & PGMASK) /
			    ESIZE, damage[ndamages].old);
	}
	kern_set(&l->vars);
}

static uint64_t
get(const unsigned char *p, unsigned bytes)
{
	uint64_t value;

	for (value = 0; bytes > 0;)
		value = value << 8 | p[--bytes];
	return (value);
}

/*
 * Return whether the bit for this page is set in the bitmap of so many bytes.
 */
static int
has_bit(const unsigned char *bitmap, uint64_t size, uint64_t pa)
{
	uint64_t page;

	page = pa / PAGE;
	return (page / 8 < size && (bitmap[page / 8] >> page % 8 & 1) != 0);
}

/* Return whether the page at "dump" equals memory, except for touched words. */
static int
same_page(const unsigned char *page, uint64_t pa, int (*touched)(uint64_t))
{
	unsigned char mem[PAGE];
	unsigned i;

	mem_read(pa, mem, PAGE);
	if (memcmp(page, mem, PAGE) == 0)
		return (1);
	for (i = 0; i < PAGE; i += ESIZE)
		if (memcmp(page + i, mem + i, ESIZE) != 0 &&
		    !(*touched)(pa + i))
			return (0);
	return (1);
}

static int
way_touched(const struct layout *l, unsigned n, int (*touched)(uint64_t))
{
	uint64_t words[DIRS];
	unsigned i;

	if ((*touched)(0) || (*touched)(layout_pde(l, n)))
		return (1);
	for (i = way(l, n, words); i > 0; i--)
		if ((*touched)(words[i - 1]))
			return (1);
	return (0);
}

/* Check table n of the dump, and the pages that it maps. */
static const char *
check_table(const struct layout *l, unsigned n, int (*touched)(uint64_t),
    const unsigned char *table, const unsigned char *bitmap, uint64_t size)
{
	const struct piece *p;
	uint64_t entry, is, pa;
	unsigned i;

	p = &l->piece[n];
	if (way_touched(l, n, touched))
		return (NULL);
	for (i = 0; i < NENTRY; i++) {
		if (p->is == PIECE_TABLE && (*touched)(p->pa + i * ESIZE))
			continue;
		is = get(table + i * ESIZE, ESIZE);
		entry = 0;
		if (p->is == PIECE_TABLE)
			entry = mem_entry(p->pa, i);
		else if (p->is == PIECE_SUPER)
			entry = ENTRY(p->pa + (uint64_t)i * PAGE) | SMALL;
		if (is != entry)
			return ("an untouched entry");
		pa = FRAME(entry);
		if ((is & entry & PG_V) != 0 && mem_frame(pa) != -1 &&
		    !mem_arena(pa) && !has_bit(bitmap, size, pa))
			return ("a page that an untouched table maps");
	}
	return (NULL);
}

const char *
damage_check(const struct layout *l, int (*touched)(uint64_t),
    const unsigned char *dump, uint64_t length)
{
	const unsigned char *bitmap, *page, *tables;
	const char *error;
	uint64_t at, msgbuf, pa, ptes, size;
	unsigned n;
	int f, has;

	if (length < PAGE || memcmp(dump, "minidump FreeBSD/" MACHINE,
	    sizeof("minidump FreeBSD/" MACHINE)) != 0 || get(dump + 24, 4) != 1)
		return ("header");
	msgbuf = get(dump + 28, 4);
	size = get(dump + 32, 4);
	ptes = get(dump + 36, 4);
	at = PAGE + ((msgbuf + PGMASK) & ~PGMASK);
	bitmap = dump + at;
	tables = bitmap + size;
	at += size + ptes;
	if (msgbuf > MSGBUF_MAX || size != boot.bitmap ||
	    ptes != (uint64_t)l->npieces * PAGE || at > length)
		return ("sizes in the header");
	page = dump + at;
	for (pa = 0; pa < size * 8 * PAGE; pa += PAGE) {
		if (pa % (8 * PAGE) == 0 && bitmap[pa / PAGE / 8] == 0) {
			pa += 7 * PAGE;
			continue;
		}
		if (!has_bit(bitmap, size, pa))
			continue;
		if (mem_frame(pa) == -1)
			return ("a page that is no memory");
		if (length - at < PAGE)
			return ("fewer pages than bits");
		if (!moves(pa) && !same_page(page, pa, touched))
			return ("contents of a page");
		at += PAGE;
		page += PAGE;
	}
	if (at != length)
		return ("more pages than bits");
	for (f = 0; f < mem_count(); f++) {
		has = has_bit(bitmap, size, mem_pa(f));
		if (l->added[f] && !has && !mem_arena(mem_pa(f)))
			return ("a page that was added");
		if (has && mem_arena(mem_pa(f)))
			return ("the compressor's memory");
	}
	for (n = 0; n < l->npieces; n++, tables += PAGE) {
		error = check_table(l, n, touched, tables, bitmap, size);
		if (error != NULL)
			return (error);
	}
	return (NULL);
}
