/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What a trap, an interrupt and a system call leave on the stack, with the
 * names that debuggers look for; and the task state segment.
 */

#ifndef _MACHINE_FRAME_H_
#define	_MACHINE_FRAME_H_

struct trapframe {
	int	tf_fs, tf_es, tf_ds;
	int	tf_edi, tf_esi, tf_ebp, tf_isp, tf_ebx, tf_edx, tf_ecx, tf_eax;
	int	tf_trapno;
	int	tf_err;			/* from here on pushed by the CPU, */
	int	tf_eip;
	int	tf_cs;
	int	tf_eflags;
	int	tf_esp;			/* and these only from another ring */
	int	tf_ss;
};

struct i386tss {
	int	tss_link;
	int	tss_esp0, tss_ss0, tss_stacks[4];
	int	tss_cr3;
	int	tss_eip;
	int	tss_eflags;
	int	tss_eax, tss_ecx, tss_edx, tss_ebx;
	int	tss_esp, tss_ebp, tss_esi, tss_edi;
	int	tss_es, tss_cs, tss_ss, tss_ds, tss_fs, tss_gs;
	int	tss_ldt;
	int	tss_ioopt;
};

#endif /* !_MACHINE_FRAME_H_ */
