/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Physical memory: what the machine has (getmemsize()), what the kernel takes
 * of it at boot (vm_page_startup()), and what each page holds.
 *
 * phys_avail and dump_avail come out as in 6.x: the latter has page 0, the
 * kernel and the message buffer too, which is cut from the end of the last
 * range of the former.
 *
 * The contents of every page are kept in vm_page_array and told to the manifest
 * when all is set up.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kernel.h>
#include <sys/minidump.h>
#include <sys/msgbuf.h>

#include <vm/vm.h>
#include <vm/pmap.h>
#include <vm/vm_extern.h>
#include <vm/vm_kern.h>
#include <vm/vm_page.h>
#include <machine/md_var.h>
#include <machine/vmparam.h>
#include <kern/minidump_md.h>

#include "formula.h"
#include "kern.h"

#define	KERNEL_START	0x100000	/* below: base memory and devices */
#define	MAXSEGS		8
#define	POOLSIZE	(1024 * 1024)	/* what kmem_alloc() has */

/* What a multiboot loader leaves; all addresses are physical. */
struct multiboot_info {
	uint32_t	flags;
	uint32_t	mem_lower;
	uint32_t	mem_upper;
	uint32_t	boot_device;
	uint32_t	cmdline;
	uint32_t	mods[2];
	uint32_t	syms[4];
	uint32_t	mmap_length;	/* bytes */
	uint32_t	mmap_addr;
};

struct multiboot_mmap {
	uint32_t	size;		/* of the rest */
	uint64_t	base;
	uint64_t	length;
	uint32_t	type;		/* 1: memory */
} __packed;

long		Maxmem;
vm_paddr_t	avail_end;
vm_paddr_t	phys_avail[2 * MAXSEGS + 2], dump_avail[2 * MAXSEGS + 2];

int		vm_page_array_size;
vm_page_t	vm_page_array;

/* Boot maps all of low memory, multiboot's tables too, at KERNBASE. */
#define	LOW(pa)		((void *)(uintptr_t)(KERNBASE + (pa)))

/* Put [start, end_pa) behind what "avail" holds. */
static void
avail_add(vm_paddr_t *avail, vm_paddr_t start, vm_paddr_t end_pa)
{
	u_int i;

	if (start >= end_pa)
		return;
	for (i = 0; avail[i + 1] != 0; i += 2)
		continue;
	if (i >= 2 * MAXSEGS)
		panic("more than %d ranges of memory", MAXSEGS);
	avail[i] = start;
	avail[i + 1] = end_pa;
}

/*
 * Base memory, which every dump has, holds what the BIOS left there, and the
 * time of day is in it: two machines would not have the same dump.  Called when
 * what a multiboot loader left there is of no more use.
 */
static void
clear_base(vm_paddr_t start, vm_paddr_t end_pa)
{

	bzero(LOW(start), end_pa - start);
	for (; start < end_pa; start += PAGE_SIZE)
		*(uint64_t *)LOW(start) = formula(start);
}

/*
 * Find memory and build phys_avail and dump_avail; make the kernel's page
 * tables on the way, as they too come from memory that is then not available.
 */
void
getmemsize(uint32_t mbi)
{
	struct { vm_paddr_t start, end; } seg[MAXSEGS];
	const struct multiboot_info *info;
	const struct multiboot_mmap *map;
	vm_paddr_t first, limit;
	uint64_t stop;
	uint32_t at;
	u_int i, nseg;

	info = LOW(mbi);
	env_init(LOW(info->cmdline));
	nseg = 0;
	for (at = 0; at < info->mmap_length; at += map->size + 4) {
		map = LOW(info->mmap_addr + at);
		stop = map->base + map->length;
		if (sizeof(vm_paddr_t) == 4 && stop > 0x100000000ULL)
			stop = 0x100000000ULL - PAGE_SIZE;
		if (map->type != 1 || map->base >= stop || nseg == MAXSEGS)
			continue;
		seg[nseg].start = round_page((vm_paddr_t)map->base);
		seg[nseg++].end = trunc_page((vm_paddr_t)stop);
	}
	limit = env_bytes("hw.physmem", seg[nseg - 1].end);
	Maxmem = atop(limit);

	for (i = 0; i < nseg; i++)
		if (seg[i].end <= KERNEL_START)
			clear_base(seg[i].start, seg[i].end);
	first = round_page((uintptr_t)end - KERNBASE);
	pmap_bootstrap(&first);

	for (i = 0; i < nseg; i++) {
		seg[i].end = MIN(seg[i].end, limit);
		avail_add(dump_avail, seg[i].start, seg[i].end);
		if (seg[i].start == 0)
			seg[i].start = PAGE_SIZE;
		if (seg[i].start < KERNEL_START) {
			avail_add(phys_avail, seg[i].start, seg[i].end);
			continue;
		}
		avail_add(phys_avail, MAX(seg[i].start, first), seg[i].end);
	}

	/* The last range must hold the message buffer and a page more. */
	for (i = 0; phys_avail[i + 3] != 0; i += 2)
		continue;
	while (phys_avail[i + 1] - phys_avail[i] <= MSGBUF_SIZE + PAGE_SIZE) {
		phys_avail[i] = phys_avail[i + 1] = 0;
		i -= 2;
	}
	phys_avail[i + 1] -= MSGBUF_SIZE;
	avail_end = phys_avail[i + 1];
	Maxmem = atop(avail_end + MSGBUF_SIZE);

	pmap_enter(trunc_page((vm_offset_t)msgbufp), avail_end,
	    atop(MSGBUF_SIZE), PG_KRW);
	msgbufinit(msgbufp, MSGBUF_SIZE);
	for (i = 0; dump_avail[i + 1] != 0; i += 2)
		mprintf("avail %jx %jx\n", (uintmax_t)dump_avail[i],
		    (uintmax_t)dump_avail[i + 1]);
}

/* Pages of each of the dump's bitmaps. */
static u_int
bitmap_pages(void)
{

	return (howmany((u_int)vm_page_array_size, PAGE_SIZE * NBBY));
}

/*
 * Take memory for the dump's bitmaps and for vm_page_array from the end of
 * the biggest range.  Returns the end of what is mapped behind "vaddr".
 */
vm_offset_t
vm_page_startup(vm_offset_t vaddr)
{
	vm_paddr_t bits, end_pa, pa, start;
	u_int biggest, i;

	biggest = 0;
	for (i = 0; phys_avail[i + 1] != 0; i += 2)
		if (phys_avail[i + 1] - phys_avail[i] >
		    phys_avail[biggest + 1] - phys_avail[biggest])
			biggest = i;
	for (i = 0; dump_avail[i + 1] != 0; i += 2)
		vm_page_array_size = atop(dump_avail[i + 1]);

	end_pa = phys_avail[biggest + 1];
	bits = minidump_startup(&vaddr, end_pa);
	start = bits -
	    round_page((vm_paddr_t)vm_page_array_size * sizeof(*vm_page_array));
	vm_page_array = (vm_page_t)(uintptr_t)pmap_map(&vaddr, start, bits,
	    VM_PROT_READ | VM_PROT_WRITE);
	phys_avail[biggest + 1] = start;
	dump_add_range(start, end_pa);
	mprintf("keep %jx %x\n", (uintmax_t)start, (u_int)atop(end_pa - start));
	mprintf("range 3 %jx %jx\n", (uintmax_t)start, (uintmax_t)bits);

	bzero(vm_page_array, bits - start);
	for (i = 0; i < (u_int)vm_page_array_size; i++)
		vm_page_array[i].number = i;
	for (i = 0; dump_avail[i + 1] != 0; i += 2)
		vm_content(dump_avail[i], dump_avail[i + 1], C_SUM);
	for (i = 0; phys_avail[i + 1] != 0; i += 2)
		for (pa = phys_avail[i]; pa < phys_avail[i + 1];
		    pa += PAGE_SIZE)
			if (pa >= boot_end)
				vm_page_array[atop(pa)].content = C_FREE;
	vm_content((uintptr_t)mutable_start - KERNBASE,
	    (uintptr_t)mutable_end - KERNBASE, C_DIRTY);
	/* Two bitmaps, and what the compressor works in. */
	vm_content(bits, bits + ptoa((vm_paddr_t)2 * bitmap_pages()), C_BITS);
	vm_content(bits + ptoa((vm_paddr_t)2 * bitmap_pages()), end_pa,
	    C_WORK);
	vm_content(avail_end, avail_end + MSGBUF_SIZE, C_LOG);
	pmap_content();
	return (vaddr);
}

/* Note what the pages in [start, end_pa) hold, if they are memory. */
void
vm_content(vm_paddr_t start, vm_paddr_t end_pa, enum content content)
{

	for (; start < end_pa; start += PAGE_SIZE)
		if (minidump_dumpable(start))
			vm_page_array[atop(start)].content = content;
}

enum content
vm_content_of(vm_paddr_t pa)
{

	return (atop(pa) < (vm_paddr_t)vm_page_array_size ?
	    vm_page_array[atop(pa)].content : C_NONE);
}

/*
 * Take the first "n" free frames in a row from "low" on, or else from 0 on;
 * the first one at a multiple of "align" pages.
 */
vm_paddr_t
vm_frames(u_int n, u_int align, vm_paddr_t low)
{
	vm_paddr_t pa, step, top;
	u_int i;

	step = ptoa((vm_paddr_t)align);
	top = ptoa((vm_paddr_t)vm_page_array_size);
	for (pa = roundup2(low, step); pa < top; pa += step) {
		for (i = 0; i < n; i++)
			if (vm_content_of(pa + ptoa((vm_paddr_t)i)) != C_FREE)
				break;
		if (i == n) {
			vm_content(pa, pa + ptoa((vm_paddr_t)n), C_SUM);
			return (pa);
		}
	}
	if (low == 0)
		panic("no %u free frames in a row", n);
	return (vm_frames(n, align, 0));
}

/*
 * Fill frames: with C_FILL, or with C_TEXT, which is the same if
 * "regress.text=0".
 */
void
vm_fill(vm_paddr_t pa, u_int n, enum content content)
{
	uint64_t *word;
	u_int i;
	int text;

	text = 1;
	TUNABLE_INT_FETCH("regress.text", &text);
	if (!text)
		content = C_FILL;
	for (; n > 0; n--, pa += PAGE_SIZE) {
		word = pmap_window(pa);
		for (i = 0; i < PAGE_SIZE / sizeof(*word); i++)
			word[i] = content == C_TEXT ?
			    formula_text(pa + i * sizeof(*word)) :
			    formula(pa + i * sizeof(*word));
		vm_content(pa, pa + PAGE_SIZE, content);
	}
}

/*
 * An allocator for a CPU at a time, from one piece of address space.  The
 * manifest is told nothing: when it is complete, nothing is allocated, unless
 * /dev/minidump is to be opened then, for which there are frames that may be in
 * a dump or not.
 */
vm_map_t		kernel_map;
static vm_offset_t	pool;
static vm_paddr_t	pool_frames;
static u_char		pool_used[POOLSIZE / PAGE_SIZE] __section(".bss.mutable");

void
kmem_init(void)
{
	u_int i;

	pool = kva_take(POOLSIZE, PAGE_SIZE);
	if (getenv("regress.live") == NULL)
		return;
	pool_frames = vm_frames(atop(POOLSIZE), 1, 0);
	vm_content(pool_frames, pool_frames + POOLSIZE, C_DIRTY);
	mprintf("loose %jx %x\n", (uintmax_t)pool_frames,
	    (u_int)atop(POOLSIZE));
	mprintf("window %jx %x\n", (uintmax_t)pool,
	    (u_int)atop(POOLSIZE));
	for (i = 0; i < POOLSIZE; i += PAGE_SIZE)
		pmap_content_of(pool + i);
}

/* How many of its pages are taken, and the first of all frames for them. */
u_int
kmem_used(vm_paddr_t *pap)
{
	u_int i, n;

	for (i = n = 0; i < atop(POOLSIZE); i++)
		n += pool_used[i];
	*pap = pool_frames;
	return (n);
}

vm_offset_t
kmem_alloc(vm_map_t map __unused, vm_size_t size)
{
	vm_offset_t va;
	u_int first, i, n;

	n = atop(round_page(size));
	for (first = i = 0; i < atop(POOLSIZE) && i < first + n; i++)
		if (pool_used[i])
			first = i + 1;
	if (i < first + n)
		panic("kmem_alloc: %zu bytes", (size_t)size);
	va = pool + ptoa(first);
	for (i = first; i < first + n; i++) {
		pool_used[i] = 1;
		pmap_kenter(pool + ptoa(i), pool_frames != 0 ?
		    pool_frames + ptoa(i) : vm_frames(1, 1, 0));
	}
	bzero((void *)va, ptoa(n));
	return (va);
}

void
kmem_free(vm_map_t map __unused, vm_offset_t addr, vm_size_t size)
{
	vm_paddr_t pa;
	vm_offset_t va;

	for (va = addr; va < addr + round_page(size); va += PAGE_SIZE) {
		if (va - pool >= POOLSIZE || !pool_used[atop(va - pool)])
			panic("kmem_free: %zu bytes", (size_t)size);
		pool_used[atop(va - pool)] = 0;
		pa = pmap_kextract(va);
		if (pool_frames == 0)
			vm_content(pa, pa + PAGE_SIZE, C_FREE);
		pmap_kremove(va);
	}
}

/*
 * Tell the manifest about the contents.  From here on nothing changes that is
 * C_FILL, C_TEXT or C_SUM.
 */
void
manifest_end(void)
{
	static const char *keyword[] = {
		[C_FILL] = "fill", [C_TEXT] = "text", [C_LOG] = "log",
		[C_DIRTY] = "dirty", [C_WORK] = "work"
	};
	vm_paddr_t pa, start, top;
	enum content content;
	u_int bits;

	bits = 0;
	top = ptoa((vm_paddr_t)vm_page_array_size);
	for (pa = 0; pa < top; ) {
		content = vm_content_of(pa);
		if (content == C_SUM || content == C_BITS) {
			mprintf("%s %jx %jx", content == C_SUM ? "sum" : "bits",
			    (uintmax_t)pa,
			    (uintmax_t)page_sum(pmap_window(pa)));
			if (content == C_BITS)
				mprintf(" %x", bits++ % bitmap_pages());
			mprintf("\n");
			pa += PAGE_SIZE;
			continue;
		}
		for (start = pa; pa < top &&
		    vm_content_of(pa) == content; pa += PAGE_SIZE)
			continue;
		if (content != C_NONE && content != C_FREE)
			mprintf("%s %jx %x\n", keyword[content],
			    (uintmax_t)start, (u_int)atop(pa - start));
	}
	pmap_window_done();
}
