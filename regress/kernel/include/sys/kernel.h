/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: the host's name, the loader's tunables, and what
 * is called at boot.  Every TUNABLE_INT is an entry of the linker set
 * "tunable_set"; the kernel here sets them all from its command line before
 * anything else runs.  Every SYSINIT is an entry of "sysinit_set".
 */

#ifndef _SYS_KERNEL_H_
#define	_SYS_KERNEL_H_

#include <sys/param.h>
#include <sys/linker_set.h>
#include <sys/time.h>

extern char	hostname[MAXHOSTNAMELEN];

struct tunable_int {
	const char	*path;
	int		*var;
};

#define	TUNABLE_INT(path, var)						\
	static struct tunable_int __CONCAT(tunable_int_, __LINE__) = {	\
		path, var						\
	};								\
	DATA_SET(tunable_set, __CONCAT(tunable_int_, __LINE__))
#define	TUNABLE_INT_FETCH(path, var)	getenv_int(path, var)

/* Of the many stages of boot, those that are used; they are one here. */
#define	SI_SUB_LOCK	0x1b00000
#define	SI_SUB_DRIVERS	0x3100000
#define	SI_ORDER_MIDDLE	0x1000000
#define	SI_ORDER_ANY	0xfffffff

struct sysinit {
	u_int		subsystem;	/* SI_SUB_* */
	u_int		order;		/* SI_ORDER_* */
	void		(*func)(void *arg);
	void		*arg;
};

#define	SYSINIT(name, subsystem, order, func, arg)			\
	static struct sysinit __CONCAT(sysinit_, name) = {		\
		subsystem, order, func, arg				\
	};								\
	DATA_SET(sysinit_set, __CONCAT(sysinit_, name));

#endif /* !_SYS_KERNEL_H_ */
