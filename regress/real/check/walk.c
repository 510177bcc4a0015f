/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The page tables of a machine's memory, from CR3 down.
 */

#include <string.h>

#include "check.h"

#define	PG_V		0x001
#define	PG_PS		0x080
#define	FRAME32		0xfffff000ULL
#define	FRAME64		0x000ffffffffff000ULL

/* The bytes that an entry of a level maps, and the number of entries. */
struct level {
	int		shift;
	int		bits;
	int		super;		/* may map a superpage */
};

static const struct level levels[][5] = {
	[PAGING_32] = { { 22, 10, 1 }, { 12, 10, 0 }, { 0, 0, 0 } },
	[PAGING_PAE] = { { 30, 2, 0 }, { 21, 9, 1 }, { 12, 9, 0 },
	    { 0, 0, 0 } },
	[PAGING_LONG] = { { 39, 9, 0 }, { 30, 9, 1 }, { 21, 9, 1 },
	    { 12, 9, 0 }, { 0, 0, 0 } },
};

/* The state of a walk; either function may be NULL. */
struct state {
	const struct machine *m;
	const struct memory *mem;
	walk_page_t	*page;
	walk_table_t	*table;
	void		*arg;
};

/* 48-bit addresses are sign-extended. */
static uint64_t
canonical(const struct machine *m, uint64_t va)
{

	if (m->paging != PAGING_LONG)
		return (va & 0xffffffffULL);
	va &= (1ULL << 48) - 1;
	return ((va >> 47) != 0 ? va | 0xffffULL << 48 : va);
}

/*
 * Walk the mappings of the table at "pa", whose addresses begin at "base", in
 * [start, last].
 */
static void
walk_table(const struct state *s, const struct level *l, uint64_t pa,
    uint64_t base, uint64_t start, uint64_t last)
{
	uint64_t entry, frame, va, span;
	int i, size;

	if (s->table != NULL)
		s->table(s->arg, pa);
	size = s->m->paging == PAGING_32 ? 4 : 8;
	span = 1ULL << l->shift;
	for (i = 0; i < 1 << l->bits; i++) {
		va = canonical(s->m, base + i * span);
		if (va > last || va + (span - 1) < start)
			continue;
		entry = 0;
		if (!memory_read(s->mem, pa + i * size, &entry, size) ||
		    (entry & PG_V) == 0)
			continue;
		frame = entry & (size == 4 ? FRAME32 : FRAME64);
		if (l->shift != 12 && !(l->super && (entry & PG_PS) != 0)) {
			walk_table(s, l + 1, frame, va, start, last);
			continue;
		}
		frame &= ~(span - 1);
		if (s->page != NULL)
			s->page(s->arg, va, frame, span);
	}
}

/* Walk everything mapped in [start, end); end 0 is the end of address space. */
void
walk(const struct machine *m, const struct memory *mem, uint64_t start,
    uint64_t end, walk_page_t *page, walk_table_t *table, void *arg)
{
	struct state s;
	uint64_t root;

	memset(&s, 0, sizeof(s));
	s.m = m;
	s.mem = mem;
	s.page = page;
	s.table = table;
	s.arg = arg;
	root = m->paging == PAGING_PAE ? mem->cr3 & ~0x1fULL :
	    mem->cr3 & ~PAGEMASK;
	walk_table(&s, levels[m->paging], root, 0, start, end - 1);
}

struct lookup {
	uint64_t	va;
	uint64_t	pa;
};

static void
found(void *arg, uint64_t va, uint64_t pa, uint64_t len)
{
	struct lookup *l;

	(void)len;
	l = arg;
	l->pa = pa + (l->va - va);
}

/* Translate a virtual address; NOWHERE if it is not mapped. */
uint64_t
walk_lookup(const struct machine *m, const struct memory *mem, uint64_t va)
{
	struct lookup l;

	l.va = va;
	l.pa = NOWHERE;
	walk(m, mem, va, va + 1, found, NULL, &l);
	return (l.pa);
}

int
walk_read(const struct machine *m, const struct memory *mem, uint64_t va,
    void *to, size_t len)
{
	uint64_t pa;
	size_t part;
	char *p;

	for (p = to; len > 0; p += part, va += part, len -= part) {
		part = PAGESIZE - (va & PAGEMASK);
		if (part > len)
			part = len;
		pa = walk_lookup(m, mem, va);
		if (pa == NOWHERE || !memory_read(mem, pa, p, part))
			return (0);
	}
	return (1);
}
