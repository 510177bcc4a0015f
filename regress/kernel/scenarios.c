/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What the stand-in kernel does with its memory before it panics.  A scenario
 * is a function and a row of the table at the end.  It takes frames with
 * vm_frames(), fills them with vm_fill(), takes addresses with kva_take() and
 * maps them with pmap_enter() or pmap_enter_super(), which record this in the
 * manifest.  "regress.skip=NAME,NAME" skips some; "regress.chunks" is the
 * number of pages that fill_pages() makes, in units of CHUNK.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kernel.h>
#include <sys/minidump.h>

#include <vm/vm.h>
#include <vm/pmap.h>
#include <vm/vm_kern.h>
#include <vm/vm_map.h>
#include <machine/vmparam.h>

#include "kern.h"

#define	CHUNK		16		/* pages in a row */
#define	NCHUNKS		192		/* at most: 12 MiB in all */
#define	NALIAS		32
#define	NKEEP		64		/* chunks */
#define	SUBMAP_MAX	256		/* pages */

#define	VGA		0xb8000
#define	LOCAL_APIC	0xfee00000
#define	FRAMEBUFFER	0xf0000000
#define	FAR_DEVICE	0xf00000000ULL	/* above all memory, below 64 GiB */

/* Tests read these by their symbols. */
int	regress_number = 0x5eed0620;
int	regress_zero;
char	regress_text[] = "read me by my symbol";

static vm_paddr_t	chunk[NCHUNKS];
static int		nchunks = NCHUNKS;

vm_map_t	buffer_map, exec_map, pipe_map;
static struct {
	vm_map_t	*mapp;
	u_int		npages;
	struct vm_map	map;
} submap[] = {		/* in the order in which they are left out */
	{ &buffer_map,	SUBMAP_MAX, { 0, 0 } },
	{ &pipe_map,	96,	{ 0, 0 } },
	{ &exec_map,	64,	{ 0, 0 } },
};
#define	NSUBMAPS	(sizeof(submap) / sizeof(submap[0]))

/* Take "size" bytes of kernel address space, followed by an unmapped page. */
vm_offset_t
kva_take(vm_size_t size, vm_size_t align)
{
	vm_offset_t va;

	va = roundup2(virtual_avail, align);
	virtual_avail = va + size + PAGE_SIZE;
	if (virtual_avail > kernel_vm_end)
		pmap_growkernel(virtual_avail);
	return (va);
}

static vm_paddr_t
memory_end(void)
{
	u_int i;

	for (i = 0; dump_avail[i + 3] != 0; i += 2)
		continue;
	return (dump_avail[i + 1]);
}

/*
 * Return the address "part" parts of "whole" into range "r" of phys_avail,
 * which has at least 4 MiB.  Ranges are numbered modulo the number of such
 * ranges.
 */
static vm_paddr_t
spread(u_int r, u_int part, u_int whole)
{
	vm_paddr_t size;
	u_int i;

	for (;;)
		for (i = 0; phys_avail[i + 1] != 0; i += 2) {
			size = phys_avail[i + 1] - phys_avail[i];
			if (size >= 4 * 1024 * 1024 && r-- == 0)
				return (phys_avail[i] + ptoa((vm_paddr_t)part *
				    (atop(size) / whole)));
		}
}

/* Small pages from all over memory, with holes in address space between. */
static void
fill_pages(void)
{
	u_int i;

	TUNABLE_INT_FETCH("regress.chunks", &nchunks);
	for (i = 0; i < (u_int)nchunks; i++) {
		chunk[i] = vm_frames(CHUNK, 1, spread(i, i, nchunks + 64));
		vm_fill(chunk[i], CHUNK, i % 3 == 0 ? C_FILL : C_TEXT);
		pmap_enter(kva_take(CHUNK * PAGE_SIZE, PAGE_SIZE), chunk[i],
		    CHUNK, PG_KRW | (i % 2 ? PG_G : 0) | (i % 3 ? PG_U : 0));
	}
}

/* The first and the last page of each range of dump_avail. */
static void
fill_edges(void)
{
	u_int i;

	for (i = 0; dump_avail[i + 1] != 0; i += 2) {
		pmap_enter(kva_take(PAGE_SIZE, PAGE_SIZE), dump_avail[i], 1,
		    PG_KRW);
		pmap_enter(kva_take(PAGE_SIZE, PAGE_SIZE),
		    dump_avail[i + 1] - PAGE_SIZE, 1, PG_KRW);
	}
	/* The manifest does not describe free frames: fill them. */
	for (i = 0; dump_avail[i + 1] != 0; i += 2) {
		if (vm_content_of(dump_avail[i]) == C_FREE)
			vm_fill(dump_avail[i], 1, C_FILL);
		if (vm_content_of(dump_avail[i + 1] - PAGE_SIZE) == C_FREE)
			vm_fill(dump_avail[i + 1] - PAGE_SIZE, 1, C_FILL);
	}
}

/*
 * Superpages: a low one, a high one, and the one in which memory ends.
 */
static void
fill_super(void)
{
	vm_paddr_t pa;
	u_int i;

	for (i = 0; i < 2; i++) {
		pa = vm_frames(NPTEPG, NPTEPG, spread(i, 1, 4));
		vm_fill(pa, NPTEPG, i == 0 ? C_FILL : C_TEXT);
		pmap_enter_super(kva_take(NBPDR, NBPDR), pa, PG_KRW | PG_G);
	}
	pa = (memory_end() - 1) & ~(vm_paddr_t)PDRMASK;
	pmap_enter_super(kva_take(NBPDR, NBPDR), pa, PG_KRW);
	for (i = 0; i < NPTEPG; i++, pa += PAGE_SIZE)
		if (vm_content_of(pa) == C_FREE)
			vm_fill(pa, 1, C_TEXT);
}

/* The same frames at several addresses, and one at many in a row. */
static void
fill_alias(void)
{
	vm_offset_t va;
	u_int i;

	for (i = 0; i < NALIAS; i++)
		pmap_enter(kva_take(PAGE_SIZE, PAGE_SIZE),
		    chunk[nchunks - 1 - i % nchunks] + ptoa(i % CHUNK), 1,
		    PG_KRW);
	va = kva_take(NALIAS * PAGE_SIZE, PAGE_SIZE);
	for (i = 0; i < NALIAS; i++)
		pmap_enter(va + ptoa(i), chunk[0], 1, PG_KRO);
}

/*
 * Pieces of address space with an empty table and with none, and entries that
 * would map something if they were valid.
 */
static void
fill_holes(void)
{
	vm_paddr_t pa;

	pa = vm_frames(CHUNK, 1, 0);
	vm_fill(pa, CHUNK, C_TEXT);
	pmap_enter(kva_take(CHUNK * PAGE_SIZE, PAGE_SIZE), pa, CHUNK,
	    PG_KRW & ~PG_V);
	kva_take(NBPDR, NBPDR);
	pmap_remove_table(kva_take(NBPDR, NBPDR));
}

/* Frames that are not memory. */
static void
fill_devices(void)
{
	vm_offset_t va;

	va = kva_take(16 * PAGE_SIZE, PAGE_SIZE);
	pmap_enter(va, VGA, 8, PG_KRW | PG_N);
	pmap_enter(va + 10 * PAGE_SIZE, LOCAL_APIC, 1, PG_KRW | PG_N);
	if (sizeof(vm_paddr_t) == 8)
		pmap_enter(va + 12 * PAGE_SIZE, (vm_paddr_t)FAR_DEVICE, 4,
		    PG_KRW | PG_N);
#ifdef __amd64__
	pmap_enter(va + 11 * PAGE_SIZE, chunk[1], 1, PG_KRW | PG_NX);
#endif
	pmap_enter_super(kva_take(NBPDR, NBPDR), FRAMEBUFFER, PG_KRW | PG_N);
}

/*
 * Address space beyond what exists at boot: "regress.grow" pieces, or as many
 * as there are.  Pages at the start and at the very end.
 */
static void
fill_grown(void)
{
	vm_offset_t va;
	vm_paddr_t pa;
	int pieces;

	pieces = 3;
	TUNABLE_INT_FETCH("regress.grow", &pieces);
	va = kernel_vm_end;
	if ((VM_MAX_KERNEL_ADDRESS - va) >> PDRSHIFT < (u_int)pieces)
		pmap_growkernel(VM_MAX_KERNEL_ADDRESS);
	else
		pmap_growkernel(va + ((vm_offset_t)pieces << PDRSHIFT));
	pa = vm_frames(CHUNK, 1, spread(1, 1, 3));
	vm_fill(pa, CHUNK, C_TEXT);
	pmap_enter(va, pa, CHUNK / 2, PG_KRW);
	pmap_enter(kernel_vm_end - CHUNK / 2 * PAGE_SIZE, pa, CHUNK / 2,
	    PG_KRW);
}

/* Pages that only dump_add_page() has added, and some that were dropped. */
static void
fill_kept(void)
{
	vm_paddr_t pa;
	u_int i, j;

	for (i = 0; i < NKEEP; i++) {
		pa = vm_frames(CHUNK, 1, spread(i, i, NKEEP));
		vm_fill(pa, CHUNK, C_TEXT);
		for (j = 0; j < CHUNK; j++)
			dump_add_page(pa + ptoa(j));
		if (i % 3 == 0) {
			for (j = 0; j < CHUNK; j++)
				dump_drop_page(pa + ptoa(j));
			continue;
		}
		/* Only the last call counts; each chunk has a hole. */
		dump_add_page(pa);
		dump_drop_page(pa + ptoa(5));
		mprintf("keep %jx 5\n", (uintmax_t)pa);
		mprintf("keep %jx %x\n", (uintmax_t)(pa + ptoa(6)), CHUNK - 6);
	}

	/* Neither has an effect: the pages are mapped, or not memory. */
	dump_drop_page(chunk[2]);
	dump_add_page(VGA);
	dump_add_page(LOCAL_APIC);
	dump_add_page(memory_end());
	dump_add_page((vm_paddr_t)-PAGE_SIZE);
	dump_drop_page((vm_paddr_t)-PAGE_SIZE);
}

/*
 * The submaps whose pages may be left out of a dump.  Each has a hole in its
 * middle; the first two of the frames for it are mapped right before and right
 * behind the submap.  Pages that are also mapped elsewhere, or were given to
 * dump_add_page(), are kept.
 */
static void
fill_maps(void)
{
	vm_offset_t va;
	vm_paddr_t pa[SUBMAP_MAX], shared;
	u_int half, i, j, n;

	shared = chunk[3];
	for (i = 0; i < NSUBMAPS; i++) {
		n = submap[i].npages;
		half = n / 2;
		va = kva_take(ptoa(n + 2), PAGE_SIZE) + PAGE_SIZE;
		for (j = 0; j < n; j++) {
			pa[j] = vm_frames(1, 1, spread(i, j, n + 64));
			vm_fill(pa[j], 1, j < half ? C_FILL : C_TEXT);
			if (j < half || j >= half + CHUNK)
				pmap_enter(va + ptoa(j), pa[j], 1, PG_KRW);
		}
		pmap_enter(va - PAGE_SIZE, pa[half], 1, PG_KRW);
		pmap_enter(va + ptoa(n), pa[half + 1], 1, PG_KRW);

		/* One page is in this submap and in the previous one. */
		pmap_enter(va + ptoa(half), shared, 1, PG_KRW);
		shared = pa[1];
		pmap_enter(kva_take(PAGE_SIZE, PAGE_SIZE), pa[2], 1, PG_KRW);
		dump_add_page(pa[3]);
		mprintf("keep %jx 1\n", (uintmax_t)pa[3]);

		submap[i].map.min_offset = va;
		submap[i].map.max_offset = va + ptoa(n);
		*submap[i].mapp = &submap[i].map;
		mprintf("range %x %jx %jx\n", i, (uintmax_t)va,
		    (uintmax_t)va + ptoa(n));
	}
}

/* More lines than fit into the message buffer. */
static void
fill_log(void)
{
	int i, lines;

	lines = 1800;
	TUNABLE_INT_FETCH("regress.lines", &lines);
	for (i = 0; i < lines; i++)
		printf("line %d of the kernel's message buffer\n", i);
}

static const struct {
	const char	*name;
	void		(*fill)(void);
} scenario[] = {
	{ "pages",	fill_pages },
	{ "super",	fill_super },
	{ "alias",	fill_alias },
	{ "holes",	fill_holes },
	{ "devices",	fill_devices },
	{ "kept",	fill_kept },
	{ "edges",	fill_edges },
	{ "maps",	fill_maps },
	{ "log",	fill_log },
	{ "procs",	procs },
	{ "grown",	fill_grown },
};

/* Return whether "name" is in this list of names, separated by commas. */
static int
listed(const char *list, const char *name)
{
	size_t len;

	len = strlen(name);
	while (strncmp(list, name, len) != 0 ||
	    (list[len] != ',' && list[len] != '\0')) {
		while (*list != ',')
			if (*list++ == '\0')
				return (0);
		list++;
	}
	return (1);
}

void
scenarios(void)
{
	const char *skip;
	u_int i;

	skip = getenv("regress.skip");
	for (i = 0; i < sizeof(scenario) / sizeof(scenario[0]); i++)
		if (skip == NULL || !listed(skip, scenario[i].name))
			(*scenario[i].fill)();
	mprintf("var regress_number %x\n", regress_number);
	mprintf("var regress_zero %x\n", regress_zero);
	mprintf("string regress_text %s\n", regress_text);
}

/* Before the bitmaps exist, pages are neither added nor dropped. */
void
scenarios_early(void)
{

	dump_add_page(phys_avail[0]);
	dump_drop_page(phys_avail[0]);
}
