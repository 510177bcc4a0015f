/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: page sizes.  One entry maps 1 << PAGE_SHIFT
 * bytes in a page table, 1 << PDRSHIFT in a page directory, 1 << PDPSHIFT in a
 * page directory pointer table and 1 << PML4SHIFT in the top level.
 */

#ifndef _MACHINE_PARAM_H_
#define	_MACHINE_PARAM_H_

#define	MACHINE		"amd64"
#define	MACHINE_ARCH	MACHINE

#define	PAGE_SHIFT	12
#define	PAGE_SIZE	(1 << PAGE_SHIFT)
#define	PAGE_MASK	(PAGE_SIZE - 1)

#define	NPTEPGSHIFT	9
#define	NPDEPGSHIFT	9
#define	NPDPEPGSHIFT	9
#define	NPML4EPGSHIFT	9
#define	NPTEPG		(1 << NPTEPGSHIFT)
#define	NPDEPG		(1 << NPDEPGSHIFT)
#define	NPDPEPG		(1 << NPDPEPGSHIFT)
#define	NPML4EPG	(1 << NPML4EPGSHIFT)

#define	PDRSHIFT	(PAGE_SHIFT + NPTEPGSHIFT)
#define	PDPSHIFT	(PDRSHIFT + NPDEPGSHIFT)
#define	PML4SHIFT	(PDPSHIFT + NPDPEPGSHIFT)
#define	NBPDR		(1 << PDRSHIFT)
#define	PDRMASK		(NBPDR - 1)
#define	NBPDP		(1 << PDPSHIFT)
#define	NBPML4		(1UL << PML4SHIFT)

#define	trunc_page(x)	((u_long)(x) & ~PAGE_MASK)
#define	round_page(x)	(((u_long)(x) + PAGE_MASK) & ~PAGE_MASK)
#define	ptoa(x)		((u_long)(x) << PAGE_SHIFT)
#define	atop(x)		((u_long)(x) >> PAGE_SHIFT)

#endif /* !_MACHINE_PARAM_H_ */
