/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The boundary between the machine-independent minidump code and the part
 * that each architecture supplies.  Read this to port a third architecture.
 *
 * How a dump is made.  The machine-independent part (kern_dumppages.c) owns a
 * set of pages, a bitmap over physical memory.  When a dump begins, the set is
 * frozen: the live bitmap is copied to a second one, and every page that is
 * mapped into kernel address space is added to the copy.  From then on the
 * size and the shape of the dump are fixed; a CPU that has not come to rest
 * (kern_dumpcpus.c) can change what pages hold, but not which are written.
 *
 * What the machine part tells it.  Kernel address space, from KERNBASE to
 * kernel_vm_end, is cut into pieces of NPTEPG pages, as much as one page of
 * final-level page table entries (pt_entry_t) describes.  Asked for a piece,
 * the machine part reads its own directories and answers what is there: a
 * page table, a superpage that covers the whole piece, or nothing.  It is
 * asked more than once for each piece: to find the pages, and again when the
 * tables are written.  The answers may differ, as other CPUs run on.
 *
 * The machine-independent part makes a page of final-level entries of each
 * answer, and decides by that page alone: what is in the page is what is
 * written.  An entry's valid bit and frame are where minidump.h says; an
 * architecture that has them elsewhere adds its own masks there.
 *
 * The rules.  This code runs after the crash:
 * - It allocates nothing, takes no lock, does not sleep, does not recurse.
 * - It trusts no table.  An entry is read once, whole, with pte_load(), and
 *   all decisions are made on that one reading.  A table is followed only if
 *   minidump_dumpable() says that its frame is memory, and then only through
 *   minidump_map(), never through a mapping that the broken tables make.
 * - It calls nothing of the kernel but what the series lists, with the reason
 *   of each, in sys-kern/calls: the dumper of the device, and little more.
 *   What the headers of 6.x have inline (pte_load, atomic_set_int) is free.
 */

#ifndef _KERN_MINIDUMP_MD_H_
#define	_KERN_MINIDUMP_MD_H_

struct minidumphdr;
struct minidump_set;

/*
 * Supplied by the machine part.
 */

/* For struct kerneldumpheader: KERNELDUMP_<machine>_VERSION. */
extern const uint32_t cpu_minidump_archversion;

/*
 * What maps piece n of kernel address space, which begins at virtual address
 * KERNBASE + n * NPTEPG * PAGE_SIZE.  "*pap" is the physical address of the
 * page table, or of the first page of the superpage; it may be anything, the
 * caller checks.
 *
 * A directory on the way that is not memory is not followed: that is
 * MINIDUMP_NONE, and minidump_skip(set).  Pages that hold page tables, and
 * that a debugger reaches by the direct map alone, go to minidump_keep(set).
 */
enum minidump_piece {
	MINIDUMP_NONE,
	MINIDUMP_TABLE,
	MINIDUMP_SUPERPAGE
};
enum minidump_piece cpu_minidump_piece(u_int n, vm_paddr_t *pap,
    struct minidump_set *set);

/*
 * Fill in what is this layout's own: magic and md.  All other fields belong
 * to the caller.
 */
void	cpu_minidump_header(struct minidumphdr *hdr);

/*
 * Supplied to the machine part.
 */

/*
 * Where "field" is in "type", in bytes, for readers of dumps: they find it by
 * "name".  kern_dumpoffsets.c tells more.
 */
#define	MINIDUMP_OFFSET(name, type, field)				\
	extern const int name;						\
	const int name = offsetof(type, field)

/* Is the frame at physical address "pa" memory, according to dump_avail? */
int	minidump_dumpable(vm_paddr_t pa);

/*
 * Where the page of memory at physical address "pa", which has passed
 * minidump_dumpable(), can be read until the next call for the same use.  Pages
 * that are in use at the same time have different uses.
 *
 * It is mapped in a slot of crashdumpmap that is the set's own.  That takes the
 * recursive mapping and one page table to be whole; the direct map of amd64 has
 * many, any of which the crash may have broken.  (Of these the dump code needs
 * what maps its bitmaps and the compressor's memory.)
 */
enum minidump_use {
	MINIDUMP_PAGE,			/* a page that is copied */
	MINIDUMP_PT,			/* a page table */
	MINIDUMP_DIR,			/* for the machine part */
	MINIDUMP_NUSES
};
void	*minidump_map(const struct minidump_set *set, vm_paddr_t pa,
    enum minidump_use use);

/*
 * Put a page into the set; count a table that was not followed.  They do
 * nothing once the set is closed, which is when only the answer is wanted.
 * minidump_keep() ignores what is not dumpable.
 */
void	minidump_keep(struct minidump_set *set, vm_paddr_t pa);
void	minidump_skip(struct minidump_set *set);

#endif /* !_KERN_MINIDUMP_MD_H_ */
