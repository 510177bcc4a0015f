/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: one kind of lock is as good as another.
 */

#ifndef _SYS_SX_H_
#define	_SYS_SX_H_

#include <sys/mutex.h>

struct sx {
	struct mtx	sx_mtx;
};

#define	SX_SYSINIT(name, sx, desc)	MTX_SYSINIT(name, &(sx)->sx_mtx, desc, 0)
#define	sx_xlock(sx)			mtx_lock(&(sx)->sx_mtx)
#define	sx_xunlock(sx)			mtx_unlock(&(sx)->sx_mtx)

#endif /* !_SYS_SX_H_ */
