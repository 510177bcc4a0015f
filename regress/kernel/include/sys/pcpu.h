/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: what each CPU has of its own.  Which of them it is,
 * a CPU knows by its local APIC.
 */

#ifndef _SYS_PCPU_H_
#define	_SYS_PCPU_H_

#include <sys/types.h>

#include <machine/frame.h>

#define	MAXCPU		16

struct thread;

struct pcpu {
	struct thread	*pc_curthread;
	struct thread	*pc_idlethread;
	u_int		pc_cpuid;
	u_int		pc_cpumask;
#ifndef __amd64__
	struct i386tss	pc_common_tss;
#endif
};

struct pcpu	*pcpu_find(u_int cpuid);
struct pcpu	*pcpu_self(void);

#define	PCPU_GET(member)	(pcpu_self()->pc_ ## member)
#define	curthread		PCPU_GET(curthread)

#endif /* !_SYS_PCPU_H_ */
