/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: several CPUs.
 */

#ifndef _SYS_SMP_H_
#define	_SYS_SMP_H_

#include <sys/types.h>

extern int		smp_active;
extern volatile int	smp_started;
extern u_int		all_cpus;
extern volatile u_int	stopped_cpus;

#endif /* !_SYS_SMP_H_ */
