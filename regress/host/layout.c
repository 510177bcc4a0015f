/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A random layout (see layout.h): the rest of a kernel.  The same kind and
 * seed give the same layout.
 */

#include <string.h>

#include "layout_int.h"

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

	start_over(seed);
	sim_error[0] = '\0';
	memset(l, 0, sizeof(*l));
	l->seed = seed;
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
