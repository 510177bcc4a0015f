/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * check CASE KERNEL DIR LOW BEGIN END BACK: checks the dump of a real kernel.
 * Compares the dump, DIR/core, with DIR/begin and DIR/end, which are the
 * machine's memory when the dump began and ended, and prints a line for each
 * promise.  The first LOW bytes of memory are below the hole that ends at 4 GB.
 * BEGIN and END are "CR3,CR4,EFER" at those times; KERNEL is the kernel, with
 * symbols.  A few of the kernel's variables may have changed and changed back
 * in between, and a few words in each of BACK other pages.
 *
 * The machine's mappings are found by walking its page tables from CR3
 * (walk.c), without any data from the kernel's dump code.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../disk.h"
#include "../../promise.h"
#include "check.h"

#define	CR4_PAE		0x020
#define	EFER_LMA	0x400
#define	NAVAIL		64		/* entries of dump_avail, at most */
#define	METADATA	65536		/* start of the disk: never written, */
#define	PATTERN		0xa5		/* and filled with this */
#define	HEADER		512		/* before and after the dump */
#define	DUMPLENGTH	40		/* offset in it; 8 bytes, big-endian */
#define	BACK_BYTES	64		/* may change back in a page */
#define	MAXVARIABLES	8		/* pages with variables that may */
#define	ARENA		(172 * 1024)	/* bytes at minidump_gz_arena; */
#define	ARENA_ZLIB	(400 * 1024)	/* in kernels that used zlib */

static struct machine machine;
static struct frame *frames;
static uint64_t nframes;
static uint64_t nvariables, nelsewhere, maxelsewhere;

/* Return the frame at "pa"; NULL if it is not memory. */
static struct frame *
frame_at(uint64_t pa)
{

	if (pa / PAGESIZE >= nframes || !frames[pa / PAGESIZE].avail)
		return (NULL);
	return (&frames[pa / PAGESIZE]);
}

static void
registers(struct memory *mem, const char *text)
{
	char *p;
	uint64_t cr4, efer;

	mem->cr3 = strtoull(text, &p, 0);
	cr4 = *p == ',' ? strtoull(p + 1, &p, 0) : 0;
	efer = *p == ',' ? strtoull(p + 1, &p, 0) : 0;
	machine.paging = (efer & EFER_LMA) != 0 ? PAGING_LONG :
	    (cr4 & CR4_PAE) != 0 ? PAGING_PAE : PAGING_32;
}

/* Read dump_avail: pairs of physical addresses. */
static void
find_memory(void)
{
	uint64_t pair[2], pa;
	struct object avail;
	size_t size;
	int i;

	nframes = machine.end.size / PAGESIZE;
	if (machine.end.size > machine.end.low)
		nframes += (HOLE_END - machine.end.low) / PAGESIZE;
	frames = calloc(nframes, sizeof(*frames));
	if (frames == NULL)
		die("no memory");
	size = machine.paging == PAGING_32 ? 4 : 8;
	if (!symbol("dump_avail", &avail))
		die("the kernel has no dump_avail");
	for (i = 0; i < NAVAIL; i += 2) {
		memset(pair, 0, sizeof(pair));
		if (!walk_read(&machine, &machine.end, avail.va + i * size,
		    &pair[0], size) || !walk_read(&machine, &machine.end,
		    avail.va + (i + 1) * size, &pair[1], size))
			die("dump_avail is not mapped");
		if (pair[1] == 0)
			break;
		for (pa = pair[0]; pa < pair[1]; pa += PAGESIZE)
			if (memory_page(&machine.end, pa) != NULL)
				frames[pa / PAGESIZE].avail = 1;
			else
				die("dump_avail has %#jx, where no memory is",
				    (uintmax_t)pa);
	}
}

/* Note a mapping: "once" the first time, then "mapped" as well. */
static void
note_begin(void *arg, uint64_t va, uint64_t pa, uint64_t len)
{
	struct frame *f;

	(void)arg;
	for (; len > 0; pa += PAGESIZE, va += PAGESIZE, len -= PAGESIZE)
		if ((f = frame_at(pa)) != NULL) {
			f->once = 1;
			f->va = va;
		}
}

static void
note_end(void *arg, uint64_t va, uint64_t pa, uint64_t len)
{
	struct frame *f;

	(void)arg;
	for (; len > 0; pa += PAGESIZE, va += PAGESIZE, len -= PAGESIZE)
		if ((f = frame_at(pa)) != NULL) {
			f->mapped = f->once;
			f->once = 1;
			f->va = va;
		}
}

static void
note_table(void *arg, uint64_t pa)
{
	struct frame *f;

	(void)arg;
	f = frame_at(pa);
	if (f != NULL)
		f->table = 1;
}

static void
note_dumper(void *arg, const struct object *object)
{
	struct frame *f;
	uint64_t va;

	(void)arg;
	for (va = object->va & ~PAGEMASK; va < object->va + object->size;
	    va += PAGESIZE)
		if ((f = frame_at(walk_lookup(&machine, &machine.end, va))) !=
		    NULL)
			f->dumper = 1;
}

static void
note_left(void *arg, uint64_t va, uint64_t pa, uint64_t len)
{
	struct frame *f;

	(void)arg;
	(void)va;
	for (; len > 0; pa += PAGESIZE, len -= PAGESIZE)
		if ((f = frame_at(pa)) != NULL)
			f->left = 1;
}

/* Note the pages that may be absent: left out, or used by the compressor. */
static void
note_all_left(const struct dump *d)
{
	struct object object;
	struct range r;
	uint64_t arena, size;
	int n, physical;

	for (n = 0; dump_left(d, n, &physical, &r); n++)
		if (physical)
			note_left(NULL, 0, r.start, r.end - r.start);
		else if (r.start != r.end)
			walk(&machine, &machine.end, r.start, r.end, note_left,
			    NULL, NULL);
	if (!symbol("minidump_gz_arena", &object))
		return;
	arena = symbol_value(&machine, "minidump_gz_arena", machine.word);
	size = symbol("minidump_deflate", &object) ? ARENA : ARENA_ZLIB;
	walk(&machine, &machine.end, arena, arena + size, note_left, NULL,
	    NULL);
}

static void
note_mapped(void)
{

	walk(&machine, &machine.begin, machine.kernbase, machine.kernend,
	    note_begin, note_table, NULL);
	walk(&machine, &machine.end, machine.kernbase, machine.kernend,
	    note_end, note_table, NULL);
	if (machine.dmapbase != 0)
		walk(&machine, &machine.end, machine.dmapbase,
		    machine.dmapend, NULL, note_table, NULL);
	symbols_of_dumper(note_dumper, NULL);
}

/*
 * If the vm_page array is in the direct map, note it and the other memory that
 * the kernel allocated at boot, up to the end of that range of memory.
 */
static void
note_boot(void)
{
	struct frame *f;
	uint64_t pa;

	pa = symbol_value(&machine, "vm_page_array", machine.word);
	if (pa < machine.dmapbase || pa >= machine.dmapend)
		return;
	for (pa -= machine.dmapbase; (f = frame_at(pa)) != NULL; pa += PAGESIZE)
		f->boot = 1;
}

/* Note the pages that a dumped page points to, in the direct map. */
static void
note_pointed(void)
{
	const uint8_t *page;
	struct frame *f;
	uint64_t i, word;
	int j;

	for (i = 0; i < nframes; i++) {
		page = memory_page(&machine.end, i * PAGESIZE);
		if (frames[i].ofs == NOWHERE || page == NULL)
			continue;
		for (j = 0; j < PAGESIZE; j += 8) {
			memcpy(&word, page + j, sizeof(word));
			if (word >= machine.dmapbase &&
			    word < machine.dmapend &&
			    (f = frame_at(word - machine.dmapbase)) != NULL)
				f->pointed = 1;
		}
	}
}

/* Check that all pages mapped at both times are in the dump. */
static void
check_mapped(void)
{
	uint64_t i, mapped, moved;

	promise("all memory that the kernel maps is in it");
	mapped = moved = 0;
	for (i = 0; i < nframes; i++) {
		if (frames[i].mapped && !frames[i].left) {
			mapped++;
			if (frames[i].ofs == NOWHERE)
				fail("not the page at %#jx",
				    (uintmax_t)i * PAGESIZE);
		} else if (frames[i].once && !frames[i].left)
			moved++;
	}
	kept(": %ju pages, and %ju that were not always mapped",
	    (uintmax_t)mapped, (uintmax_t)moved);
}

/* Check that there is a reason for all other pages in the dump. */
static void
check_unmapped(void)
{
	uint64_t i, tables, boot, pointed;

	promise("what else is in it, is for a reason");
	tables = boot = pointed = 0;
	for (i = 0; i < nframes; i++) {
		if (frames[i].ofs == NOWHERE || frames[i].once)
			continue;
		if (frames[i].table)
			tables++;
		else if (frames[i].boot)
			boot++;
		else if (frames[i].pointed)
			pointed++;
		else
			fail("nothing maps or points to the page at %#jx",
			    (uintmax_t)i * PAGESIZE);
	}
	kept(": %ju page tables, %ju taken at boot, %ju that are pointed to",
	    (uintmax_t)tables, (uintmax_t)boot, (uintmax_t)pointed);
}

/*
 * Page i differs from memory at both times.  Returns 1 and prints where if that
 * is acceptable: it differs only in a few words, in a kernel variable or in one
 * of the "maxelsewhere" pages.
 */
static int
changed_back(uint64_t i, const uint8_t *was, const uint8_t *there)
{
	const char *name;
	uint64_t start, va;
	int first, j, n;

	first = n = 0;
	for (j = PAGESIZE - 1; j >= 0; j--)
		if (was[j] != there[j]) {
			first = j;
			n++;
		}
	va = frames[i].va + first;
	name = symbol_at(va, &start);
	if (n <= BACK_BYTES && (name != NULL ? ++nvariables <= MAXVARIABLES :
	    ++nelsewhere <= maxelsewhere)) {
		if (name != NULL)
			printf("# %s: %d bytes changed back: %s+%ju\n",
			    promise_case, n, name, (uintmax_t)(va - start));
		else
			printf("# %s: %d bytes changed back: at %#jx\n",
			    promise_case, n, (uintmax_t)va);
		return (1);
	}
	fail("%d bytes from %#jx (%#jx) on are wrong", n,
	    (uintmax_t)i * PAGESIZE + first, (uintmax_t)va);
	return (0);
}

static void
check_pages(const struct dump *d)
{
	const uint8_t *begin, *end, *there;
	uint64_t i, same, changed, nback, own;

	promise("every page that did not change is right");
	same = changed = nback = own = 0;
	for (i = 0; i < nframes; i++) {
		if (frames[i].ofs == NOWHERE)
			continue;
		begin = memory_page(&machine.begin, i * PAGESIZE);
		end = memory_page(&machine.end, i * PAGESIZE);
		there = dump_page(d, frames[i].ofs);
		if (frames[i].dumper)
			own++;
		else if (memcmp(begin, end, PAGESIZE) != 0)
			changed++;
		else if (memcmp(begin, there, PAGESIZE) != 0)
			nback += changed_back(i, begin, there);
		else
			same++;
	}
	if (same < changed)
		fail("more changed than did not");
	kept(": %ju; %ju changed, %ju changed back, %ju have the dump code's "
	    "own", (uintmax_t)same, (uintmax_t)changed, (uintmax_t)nback,
	    (uintmax_t)own);
}

/* Check the rest of the disk, which was zero except for its beginning. */
static void
check_device(void)
{
	struct disk disk;
	uint64_t length;
	int i;

	promise("the rest of the disk is untouched");
	disk_open(&disk, "disk");
	if (disk.size < METADATA + 2 * HEADER)
		die("a disk of %ju bytes", (uintmax_t)disk.size);
	for (length = 0, i = 0; i < 8; i++)
		length = length << 8 | disk.map[disk.size - HEADER +
		    DUMPLENGTH + i];
	if (length > disk.size - METADATA - 2 * HEADER)
		fail("a dump of %ju bytes", (uintmax_t)length);
	else {
		disk_untouched(&disk, 0, METADATA, PATTERN);
		disk_untouched(&disk, METADATA, disk.size - length -
		    2 * HEADER, 0);
	}
	kept(": %ju bytes", (uintmax_t)(disk.size - length - 2 * HEADER));
}

static void
check_full(void)
{
	uint64_t i, n;

	promise("all of memory is in it");
	for (i = n = 0; i < nframes; i++) {
		if (frames[i].avail && frames[i].ofs == NOWHERE)
			fail("not the page at %#jx", (uintmax_t)i * PAGESIZE);
		n += frames[i].avail;
	}
	kept(": %ju pages", (uintmax_t)n);
}

int
main(int argc, char **argv)
{
	struct object object;
	struct dump *d;
	uint64_t low;

	if (argc != 8) {
		fprintf(stderr, "usage: check CASE KERNEL DIR LOW BEGIN END BACK\n");
		return (2);
	}
	promise_case = argv[1];
	symbols_open(argv[2], &machine);
	d = dump_open(argv[2], argv[3]);
	if (chdir(argv[3]) == -1)
		die("%s: %s", argv[3], strerror(errno));
	low = strtoull(argv[4], NULL, 0);
	memory_open(&machine.begin, "begin", low);
	memory_open(&machine.end, "end", low);
	registers(&machine.begin, argv[5]);
	registers(&machine.end, argv[6]);
	maxelsewhere = strtoull(argv[7], NULL, 0);
	if (!symbol("kernbase", &object))
		die("the kernel has no kernbase");
	machine.kernbase = object.va;
	if (symbol("dmapbase", &object))
		machine.dmapbase = object.va;
	if (symbol("dmapend", &object))
		machine.dmapend = object.va;
	machine.kernend = symbol_value(&machine, "kernel_vm_end",
	    machine.word);
	find_memory();

	check_device();
	promise("its pages are pages of memory");
	dump_pages(d, frames, nframes);
	kept("%s", "");
	note_mapped();
	note_all_left(d);
	check_pages(d);
	if (dump_is_full(d))
		check_full();
	else {
		dump_check_mapping(d, &machine, frames, nframes);
		check_mapped();
		if (machine.dmapbase != 0) {
			note_boot();
			note_pointed();
		}
		check_unmapped();
	}
	return (promise_status());
}
