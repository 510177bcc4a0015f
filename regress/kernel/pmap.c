/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Kernel address space, through the recursive map of the page tables.  Every
 * mapping that lasts is told to the manifest when it is made.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/msgbuf.h>
#include <sys/mutex.h>
#include <sys/pcpu.h>
#include <sys/proc.h>

#include <vm/vm.h>
#include <vm/pmap.h>
#include <machine/vmparam.h>

#include "kern.h"
#include "pmap_md.h"

vm_offset_t		kernel_vm_end;
vm_offset_t		virtual_avail;
static vm_offset_t	crashdumpmap;
u_int			pmap_temporary_calls __section(".bss.mutable");
u_int			pmap_temporary_giant __section(".bss.mutable");
#ifdef __i386__
static vm_offset_t	window;
#endif

void
pmap_kenter(vm_offset_t va, vm_paddr_t pa)
{

	pte_store(vtopte(va), (pt_entry_t)pa | PG_KRW | PG_G);
}

void
pmap_kremove(vm_offset_t va)
{

	pte_store(vtopte(va), 0);
	invlpg(va);
}

/* The physical address of "va", which is mapped. */
vm_paddr_t
pmap_kextract(vm_offset_t va)
{
	pd_entry_t pde;

	pde = pte_load(vtopde(va));
	if ((pde & PG_PS) != 0)
		return ((pde & PG_FRAME & ~(vm_paddr_t)PDRMASK) |
		    (va & PDRMASK));
	return ((pte_load(vtopte(va)) & PG_FRAME) | (va & PAGE_MASK));
}

void *
pmap_kenter_temporary(vm_paddr_t pa, int i)
{
	struct thread *td;
	vm_offset_t va;

	td = curthread;
	td->td_maps++;
	pmap_temporary_calls++;
	/* A dump has a CPU to itself. */
	if (!dumping && td->td_pinned == 0)
		panic("pmap_kenter_temporary: not pinned");
	if (giant_held)
		pmap_temporary_giant++;
	va = crashdumpmap + i * PAGE_SIZE;
	pmap_kenter(va, pa);
	invlpg(va);
	return ((void *)crashdumpmap);
}

/*
 * Lay out the addresses that the kernel keeps for itself behind its image,
 * and leave "virtual_avail" behind them.
 */
void
pmap_sysmaps(void)
{
	vm_offset_t va;

	/*
	 * The message buffer has another page table than crashdumpmap: what a
	 * slot of that shows last need not be in a dump for another reason.
	 */
	va = roundup2(virtual_avail, NBPDR) + NBPDR -
	    (1 + MAXDUMPPGS) * PAGE_SIZE;
	mprintf("window %jx %x\n", (uintmax_t)va, 1 + MAXDUMPPGS);
#ifdef __i386__
	window = va;
#endif
	va += PAGE_SIZE;
	crashdumpmap = va;
	va += MAXDUMPPGS * PAGE_SIZE;
	msgbufp = (struct msgbuf *)va;
	va += MSGBUF_SIZE;
	virtual_avail = va;
}

/* A frame, for the kernel to look at until it looks at the next one. */
void *
pmap_window(vm_paddr_t pa)
{

#ifdef __amd64__
	return ((void *)PHYS_TO_DMAP(pa));
#else
	pmap_kenter(window, pa);
	invlpg(window);
	return ((void *)window);
#endif
}

/* Let the window show what every dump has: a page that it shows is mapped. */
void
pmap_window_done(void)
{

	(void)pmap_window(avail_end);
}

/* The table of "va" changes. */
void
pmap_content_of(vm_offset_t va)
{
	vm_paddr_t pa;

	pa = pte_load(vtopde(va)) & PG_FRAME;
	vm_content(pa, pa + PAGE_SIZE, C_DIRTY);
}

/* And so does that of the window and of crashdumpmap, with them. */
void
pmap_content(void)
{

	pmap_content_of(crashdumpmap);
}

/*
 * Map "n" pages from "pa" on at "va", where there is a page table.
 * Without PG_V nothing is mapped, but the entries are there.
 */
void
pmap_enter(vm_offset_t va, vm_paddr_t pa, u_int n, pt_entry_t bits)
{
	u_int i;

	mprintf("map %jx %jx %x %jx\n", (uintmax_t)va, (uintmax_t)pa, n,
	    (uintmax_t)bits);
	for (i = 0; i < n; i++) {
		pte_store(vtopte(va), (pt_entry_t)pa | bits);
		invlpg(va);
		va += PAGE_SIZE;
		pa += PAGE_SIZE;
	}
}

/* Map a superpage.  The table that stood there stays allocated. */
void
pmap_enter_super(vm_offset_t va, vm_paddr_t pa, pt_entry_t bits)
{

	mprintf("super %jx %jx %x\n", (uintmax_t)va, (uintmax_t)pa,
	    (u_int)NPTEPG);
	pte_store(vtopde(va), (pt_entry_t)pa | bits | PG_PS);
	load_cr3(pmap_root());
}

/* Put anything into the directory, which the manifest is not told. */
void
pmap_set_pde(vm_offset_t va, pd_entry_t pde)
{

	pte_store(vtopde(va), pde);
	load_cr3(pmap_root());
}

/* Leave a piece of address space without a page table. */
void
pmap_remove_table(vm_offset_t va)
{

	pmap_set_pde(va, 0);
}

vm_offset_t
pmap_map(vm_offset_t *virt __unused, vm_paddr_t start,
    vm_paddr_t end_pa __unused, int prot __unused)
{
#ifdef __amd64__

	return (PHYS_TO_DMAP(start));
#else
	vm_offset_t va;

	va = *virt;
	pmap_enter(va, start, atop(end_pa - start), PG_KRW | PG_G);
	*virt = va + (end_pa - start);
	return (va);
#endif
}

/* A frame of zeros for a page table. */
static vm_paddr_t
table_frame(void)
{
	vm_paddr_t pa;

	pa = vm_frames(1, 1, 0);
	bzero(pmap_window(pa), PAGE_SIZE);
	mprintf("table %jx 1\n", (uintmax_t)pa);
	return (pa);
}

/*
 * See to it that there are page tables up to "addr", and move kernel_vm_end,
 * which may come to lie in the last page of address space.
 */
void
pmap_growkernel(vm_offset_t addr)
{
	pd_entry_t *pde;

	if (kernel_vm_end == 0)
		kernel_vm_end = KERNBASE;
	do {
		if (pmap_need_dir(kernel_vm_end))
			pmap_set_dir(kernel_vm_end, table_frame() | PG_KRW);
		pde = vtopde(kernel_vm_end);
		if (pte_load(pde) == 0) {
			if (kernel_vm_end >= addr)
				return;
			pte_store(pde, table_frame() | PG_KRW);
		}
		if (VM_MAX_KERNEL_ADDRESS - kernel_vm_end < NBPDR) {
			kernel_vm_end = VM_MAX_KERNEL_ADDRESS;
			return;
		}
		kernel_vm_end += NBPDR;
	} while (kernel_vm_end != VM_MAX_KERNEL_ADDRESS);
}
