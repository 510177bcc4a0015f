/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: page sizes.  One page directory entry maps
 * 1 << PDRSHIFT bytes; there are NPGPTD pages of page directory.
 */

#ifndef _MACHINE_PARAM_H_
#define	_MACHINE_PARAM_H_

#define	MACHINE		"i386"
#define	MACHINE_ARCH	MACHINE

#define	PAGE_SHIFT	12
#define	PAGE_SIZE	(1 << PAGE_SHIFT)
#define	PAGE_MASK	(PAGE_SIZE - 1)

#ifdef PAE
#define	PDRSHIFT	21
#define	NPGPTD		4
#else
#define	PDRSHIFT	22
#define	NPGPTD		1
#endif
#define	PDRMASK		(NBPDR - 1)
#define	NBPDR		(1 << PDRSHIFT)

#define	NPTEPG		(PAGE_SIZE / sizeof(pt_entry_t))
#define	NPDEPG		(PAGE_SIZE / sizeof(pd_entry_t))
#define	NBPTD		(NPGPTD << PAGE_SHIFT)
#define	NPDEPTD		(NBPTD / sizeof(pd_entry_t))

#define	trunc_page(x)	((x) & ~PAGE_MASK)
#define	round_page(x)	(((x) + PAGE_MASK) & ~PAGE_MASK)
#define	ptoa(x)		((x) << PAGE_SHIFT)
#define	atop(x)		((x) >> PAGE_SHIFT)

#endif /* !_MACHINE_PARAM_H_ */
