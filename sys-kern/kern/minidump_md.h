/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The boundary between the machine-independent minidump code and the part that
 * each architecture supplies.  Read this to port a third architecture.
 *
 * How a dump is made.  The machine-independent part (kern_dumppages.c) owns a
 * set of pages, a bitmap over physical memory.  When a dump begins, the set is
 * frozen: the live bitmap is copied to a second one, and every page that is
 * mapped into kernel address space is added to the copy.  From then on the size
 * and the layout of the dump are fixed; a CPU that does not rest
 * (kern_dumpcpus.c) can change the contents of pages, but not which pages are
 * written.
 *
 * What the machine part does.  Kernel address space, from KERNBASE to
 * kernel_vm_end, is divided into pieces of NPTEPG pages, as much as one page of
 * final-level page table entries (pt_entry_t) maps.  Asked for a piece, the
 * machine part reads its own directories and returns what maps it: a page
 * table, a superpage that covers the whole piece, or nothing.  It is asked more
 * than once for each piece: to find the pages, and again when the tables are
 * written.  The answers may differ, as other CPUs may still run.
 *
 * The machine-independent part turns each answer into a page of final-level
 * entries, and uses only that page: the entries that it has are the entries
 * that are written.  What an entry means, it asks the machine part.
 *
 * What a port is.  Two files of the machine, and no change to any other of the
 * dump code; the project's regress/host/third is one, for a machine that does
 * not exist, of 138 lines:
 *	minidump_machdep.c	what is declared below
 *	kern/minidump_MACHINE.h	what of the format is the machine's, for libkvm
 *				as well: the magic, the header's fields, the
 *				bits of an entry
 * It relies on these, of 6.x's own headers:
 *	<machine/md_var.h>	MINIDUMP_MACHDEP, which is added there: without
 *				it machine-independent code calls nothing
 *	<machine/param.h>	MACHINE_ARCH; PAGE_SIZE, which is 4096; NPTEPG
 *	<machine/pmap.h>	pt_entry_t, pte_load(), dump_avail[]
 *	<machine/vmparam.h>	KERNBASE, VM_MAX_KERNEL_ADDRESS
 * and on integers being little-endian, as they are in a dump.
 *
 * The window.  All memory is read through slots, pages of kernel address space
 * (crashdumpmap), by pmap_kenter_temporary(pa, slot), which 6.x has for dumps:
 * - There are MAXDUMPPGS slots, contiguous, reserved at boot, as is the page
 *   table that maps them.  minidump_int.h says how many are used, and for what.
 * - To map one, it writes one entry of that table and drops what this CPU has
 *   cached of it.  It allocates nothing, takes no lock and cannot fail; nothing
 *   else that the crash may have broken is needed.
 * - It returns where slot 0 is, whichever slot it has mapped.
 * - Only the CPU that has mapped a slot may use it.
 *
 * The rules.  This code runs after the crash:
 * - It allocates nothing, takes no lock, does not sleep, does not recurse.
 * - It trusts no table.  An entry is read once, whole, with pte_load(), and all
 *   decisions use that one value.  A table is followed only if
 *   minidump_dumpable() says that its frame is memory, and then only through
 *   minidump_map(), never through a mapping that the broken tables make.
 * - It calls no kernel function but those that sys-kern/calls lists, and for a
 *   machine part the list next to it, with the reason for each: the device's
 *   dumper, and little more.  Inline functions of 6.x's headers (pte_load,
 *   atomic_set_int) may be used.
 */

#ifndef _KERN_MINIDUMP_MD_H_
#define	_KERN_MINIDUMP_MD_H_

struct minidump_set;

/*
 * Supplied by the machine part.
 */

/* For struct kerneldumpheader: KERNELDUMP_<machine>_VERSION. */
extern const uint32_t cpu_minidump_archversion;

/*
 * Return what maps piece n of kernel address space, which begins at va
 * KERNBASE + n * NPTEPG * PAGE_SIZE.  "*pap" is the physical address of the
 * page table, or of the first page of the superpage; the caller checks it.
 *
 * A directory on the way whose frame is not memory is not followed: return
 * MINIDUMP_NONE, and call minidump_skip(set).  Pages that hold page tables and
 * that a debugger can reach only through the direct map are added with
 * minidump_keep(set).
 */
enum minidump_piece {
	MINIDUMP_NONE,
	MINIDUMP_TABLE,
	MINIDUMP_SUPERPAGE
};
enum minidump_piece cpu_minidump_piece(u_int n, vm_paddr_t *pap,
    struct minidump_set *set);

/*
 * Does a final-level entry map a page?  "*pap" is then its physical address,
 * which the caller checks, and else anything.
 */
int	cpu_minidump_entry(pt_entry_t pte, vm_paddr_t *pap);

/* The entry that stands for the page at pa, which a superpage maps. */
pt_entry_t cpu_minidump_small(vm_paddr_t pa);

/*
 * Fill in, in the header page, the magic and the fields of this machine, which
 * are behind struct minidumphdr.
 */
void	cpu_minidump_header(void *page);

/*
 * Supplied to the machine part.
 */

/*
 * Export the offset of "field" in "type", in bytes, as the variable "name", for
 * readers of dumps.  See kern_dumpoffsets.c.
 */
#define	MINIDUMP_OFFSET(name, type, field)				\
	extern const int name;						\
	const int name = offsetof(type, field)

/* Return whether the frame at pa is memory, according to dump_avail. */
int	minidump_dumpable(vm_paddr_t pa);

/*
 * Map the page of memory at pa, which has passed minidump_dumpable().  The
 * address is valid until the next call for the same use.  Pages in use at the
 * same time need different uses.
 *
 * The page is mapped in a slot of crashdumpmap that belongs to the set.  That
 * needs only the recursive mapping and one page table to be intact; amd64's
 * direct map has many, and the crash may have broken any of them.  (The dump
 * code needs only those that map its bitmaps and the compressor's memory.)
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
 * Add a page to the set; count a table that was not followed.  Both do nothing
 * once the set is closed, when only the answer is needed.  minidump_keep()
 * ignores a page that is not dumpable.
 */
void	minidump_keep(struct minidump_set *set, vm_paddr_t pa);
void	minidump_skip(struct minidump_set *set);

#endif /* !_KERN_MINIDUMP_MD_H_ */
