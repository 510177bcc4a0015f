/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The dump, read by the library: its pages, and their mappings.
 */

#include <errno.h>
#include <fcntl.h>
#include <kvm.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../disk.h"
#include "../../promise.h"
#include "check.h"

/* The first page of a dump that has left something out: see minidump.h. */
#define	LEFTOUT		256
#define	LEFTOUT_COUNT	(LEFTOUT + 8)
#define	LEFTOUT_ROWS	(LEFTOUT + 16)
#define	LEFTOUT_ROW	56
#define	LEFTOUT_START	32
#define	LEFTOUT_END	40
#define	LEFTOUT_PHYSICAL 48

struct dump {
	kvm_t		*kd;
	struct disk	file;
	int		full;
};

/* The argument of a walk through the dump. */
struct pages {
	struct frame	*frame;
	uint64_t	nframes;
};

struct mapping {
	const struct machine *m;
	uint64_t	pages;
	uint64_t	moved;
	const struct dump *d;
	const struct frame *frame;
	uint64_t	nframes;
};

struct dump *
dump_open(const char *kernel, const char *dir)
{
	char errbuf[_POSIX2_LINE_MAX], file[PATH_MAX];
	struct dump *d;

	d = calloc(1, sizeof(*d));
	if (d == NULL)
		die("no memory");
	snprintf(file, sizeof(file), "%s/core", dir);
	disk_open(&d->file, file);
	d->full = d->file.size < PAGESIZE ||
	    memcmp(d->file.map, "minidump FreeBSD/", 17) != 0;
	d->kd = kvm_openfiles(kernel, file, NULL, O_RDONLY, errbuf);
	if (d->kd == NULL)
		die("%s: %s", file, errbuf);
	return (d);
}

int
dump_is_full(const struct dump *d)
{

	return (d->full);
}

uint64_t
dump_length(const struct dump *d)
{

	return (d->file.size);
}

const uint8_t *
dump_page(const struct dump *d, uint64_t ofs)
{

	return (d->file.map + ofs);
}

/* All pages are reported once with a virtual address of 0. */
static int
take_pages(struct kvm_page *kp, void *arg)
{
	struct pages *p;
	uint64_t ofs, pfn;

	p = arg;
	if (kp->kp_kmap_vaddr != 0)
		return (1);
	for (ofs = 0; ofs < kp->kp_len; ofs += PAGESIZE) {
		pfn = (kp->kp_paddr + ofs) / PAGESIZE;
		if (pfn >= p->nframes)
			fail("a page at %#jx, where no memory is",
			    (uintmax_t)pfn * PAGESIZE);
		else if (p->frame[pfn].ofs != NOWHERE)
			fail("the page at %#jx is there twice",
			    (uintmax_t)pfn * PAGESIZE);
		else
			p->frame[pfn].ofs = kp->kp_offset + ofs;
	}
	return (1);
}

/* Set "ofs" of each page of memory that the dump has. */
void
dump_pages(struct dump *d, struct frame *frame, uint64_t nframes)
{
	struct pages p;
	uint64_t i;

	for (i = 0; i < nframes; i++)
		frame[i].ofs = NOWHERE;
	p.frame = frame;
	p.nframes = nframes;
	if (kvm_walk_pages(d->kd, take_pages, &p) == -1)
		fail("%s", kvm_geterr(d->kd));
}

/*
 * Check that a run is mapped as it was in the machine, if that has not changed.
 */
static int
compare_mapping(struct kvm_page *kp, void *arg)
{
	struct mapping *p;
	uint64_t begin, end, ofs, va;

	p = arg;
	if (kp->kp_kmap_vaddr == 0)
		return (0);
	for (ofs = 0; ofs < kp->kp_len; ofs += PAGESIZE) {
		va = kp->kp_kmap_vaddr + ofs;
		begin = walk_lookup(p->m, &p->m->begin, va);
		end = walk_lookup(p->m, &p->m->end, va);
		p->pages++;
		if (begin != end)
			p->moved++;
		else if (begin != kp->kp_paddr + ofs)
			fail("%#jx is at %#jx, not %#jx", (uintmax_t)va,
			    (uintmax_t)begin, (uintmax_t)(kp->kp_paddr + ofs));
	}
	return (1);
}

/*
 * Check what the machine mapped, if that has not changed and the dump has the
 * page.
 */
static void
find_mapping(void *arg, uint64_t va, uint64_t pa, uint64_t len)
{
	struct mapping *p;
	char c;

	p = arg;
	for (; len > 0; va += PAGESIZE, pa += PAGESIZE, len -= PAGESIZE) {
		if (pa / PAGESIZE >= p->nframes ||
		    p->frame[pa / PAGESIZE].ofs == NOWHERE ||
		    walk_lookup(p->m, &p->m->end, va) != pa)
			continue;
		p->pages++;
		if (kvm_read(p->d->kd, va, &c, 1) != 1)
			fail("not %#jx: %s", (uintmax_t)va,
			    kvm_geterr(p->d->kd));
	}
}

void
dump_check_mapping(struct dump *d, const struct machine *m,
    const struct frame *frame, uint64_t nframes)
{
	struct mapping p;

	promise("what it says to be mapped is mapped so");
	memset(&p, 0, sizeof(p));
	p.m = m;
	if (kvm_walk_pages(d->kd, compare_mapping, &p) == -1)
		fail("%s", kvm_geterr(d->kd));
	if (p.pages == 0)
		fail("nothing is");
	kept(": %ju pages, of which %ju changed", (uintmax_t)p.pages,
	    (uintmax_t)p.moved);

	promise("its tables have all that was mapped");
	p.d = d;
	p.frame = frame;
	p.nframes = nframes;
	p.pages = 0;
	walk(m, &m->begin, m->kernbase, m->kernend, find_mapping, NULL, &p);
	if (p.pages == 0)
		fail("nothing was");
	kept(": %ju pages", (uintmax_t)p.pages);
}

/* Return the nth kind of pages that was left out; 0 if there is none. */
int
dump_left(const struct dump *d, int n, int *physical, struct range *r)
{
	const uint8_t *row;
	uint32_t word;

	if (d->full || memcmp(d->file.map + LEFTOUT, "left out", 8) != 0)
		return (0);
	memcpy(&word, d->file.map + LEFTOUT_COUNT, sizeof(word));
	if ((uint32_t)n >= word || n >= 16)
		return (0);
	row = d->file.map + LEFTOUT_ROWS + n * LEFTOUT_ROW;
	memcpy(&r->start, row + LEFTOUT_START, sizeof(r->start));
	memcpy(&r->end, row + LEFTOUT_END, sizeof(r->end));
	memcpy(&word, row + LEFTOUT_PHYSICAL, sizeof(word));
	*physical = word == 1;
	return (1);
}
