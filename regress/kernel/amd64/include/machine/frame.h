/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What a trap, an interrupt and a system call leave on the stack, with the
 * names that debuggers look for.
 */

#ifndef _MACHINE_FRAME_H_
#define	_MACHINE_FRAME_H_

struct trapframe {
	long	tf_rdi, tf_rsi, tf_rdx, tf_rcx, tf_r8, tf_r9, tf_rax;
	long	tf_rbx, tf_rbp, tf_r10, tf_r11, tf_r12, tf_r13, tf_r14, tf_r15;
	long	tf_trapno;
	long	tf_addr;
	long	tf_flags;
	long	tf_err;			/* from here on pushed by the CPU */
	long	tf_rip;
	long	tf_cs;
	long	tf_rflags;
	long	tf_rsp;
	long	tf_ss;
};

#endif /* !_MACHINE_FRAME_H_ */
