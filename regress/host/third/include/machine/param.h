/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The third machine's page sizes.
 */

#ifndef _MACHINE_PARAM_H_
#define	_MACHINE_PARAM_H_

#define	MACHINE		"third"
#define	MACHINE_ARCH	MACHINE

#define	PAGE_SHIFT	12
#define	PAGE_SIZE	(1 << PAGE_SHIFT)
#define	PAGE_MASK	(PAGE_SIZE - 1)
#define	NPTEPG		512

#define	trunc_page(x)	((u_long)(x) & ~PAGE_MASK)
#define	round_page(x)	(((u_long)(x) + PAGE_MASK) & ~PAGE_MASK)
#define	atop(x)		((u_long)(x) >> PAGE_SHIFT)

#endif /* !_MACHINE_PARAM_H_ */
