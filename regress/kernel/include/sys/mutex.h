/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: locks, whose owners are threads.  Giant is a
 * flag: only the thread that boots asks for it.
 */

#ifndef _SYS_MUTEX_H_
#define	_SYS_MUTEX_H_

#include <sys/types.h>
#include <sys/kernel.h>

#define	MTX_UNOWNED	4

struct lock_class {
	const char	*lc_name;
};

struct lock_object {
	struct lock_class	*lo_class;
	const char		*lo_name;
};

struct mtx {
	volatile uintptr_t	mtx_lock;	/* MTX_UNOWNED or a thread */
	struct lock_object	mtx_object;	/* for debuggers */
};

extern struct mtx	sched_lock;

void	mtx_init(struct mtx *m);
int	mtx_trylock(struct mtx *m);
void	mtx_lock(struct mtx *m);
void	mtx_unlock(struct mtx *m);
int	mtx_owned(struct mtx *m);

/*
 * Of those that are made at boot it is known who holds one: see mtx_sysinit()
 * and uiomove().
 */
#define	MTX_DEF		0
#define	MTX_SYSINIT(name, m, desc, opts)				\
	SYSINIT(name ## _mtx, SI_SUB_LOCK, SI_ORDER_MIDDLE, mtx_sysinit, m)
void	mtx_sysinit(void *m);

extern int	giant_held;

/* As there, they open and close a block. */
#define	DROP_GIANT()							\
do {									\
	int _giantcnt = giant_held;					\
	giant_held = 0
#define	PICKUP_GIANT()							\
	giant_held = _giantcnt;						\
} while (0)

#endif /* !_SYS_MUTEX_H_ */
