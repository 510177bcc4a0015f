/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A kernel with threads, for dumps that mkdump makes, linked to be at
 * kernbase + 0x100000.  It describes them as FreeBSD's later kernels do: with
 * ONCPU 1 as those up to 10, whose td_oncpu is a byte, and with 4 as the
 * ones after them.  regress/gdb/run uses this, and lists what must be found.
 */

/* What the second process points back to, and what the third leads to. */
#ifndef PREV
#define	PREV		proc1
#endif
#ifndef NEXT
#define	NEXT		0
#endif

#ifdef __x86_64__
#define	PTR		.quad
#define	PTRSIZE		8
#define	TD_LASTCPU	256
/* Registers, from the lowest of struct pcb on: where the pointers are. */
#define	PCB(bp, sp, ip)	.quad 0, 0, 0, 0, bp, sp, 0, ip
#else
#define	PTR		.long
#define	PTRSIZE		4
#define	TD_LASTCPU	0x9c
#define	PCB(bp, sp, ip)	.long 0, 0, bp, sp, 0, ip
#endif
#if ONCPU == 1
#define	NOCPU		0xff
#define	CPU(last, n)	.byte last, n
#define	TD_ONCPU	(TD_LASTCPU + 1)
#else
#define	NOCPU		0xffffffff
#define	CPU(last, n)	.long last, n
#define	TD_ONCPU	(TD_LASTCPU + 4)
#endif

/* struct proc: p_list, p_threads, p_pid, p_comm. */
#define	P_THREADS	(2 * PTRSIZE)
#define	P_PID		(4 * PTRSIZE)
#define	P_COMM		(5 * PTRSIZE)
#define	PROC(name, next, prev, first, pid, comm)			\
name:									\
	PTR	next, prev, first, 0;					\
	.long	pid;							\
	.org	name + P_COMM;						\
	.asciz	comm;							\
	.org	name + 128

/* struct thread: td_plist, td_pcb, td_tid, td_name, the CPUs. */
#define	TD_PCB		(2 * PTRSIZE)
#define	TD_TID		(3 * PTRSIZE)
#define	TD_NAME		64
#define	THREAD(td, next, prev, pcb, tid, name, cpu)			\
td:									\
	PTR	next, prev, pcb;					\
	.long	tid;							\
	.org	td + TD_NAME;						\
	.asciz	name;							\
	.org	td + TD_LASTCPU;					\
	CPU(0, cpu);							\
	.org	td + 512

#define	INT(name, value)						\
	.globl	name;							\
	.type	name, @object;						\
name:	.long	value;							\
	.size	name, 4

	.text				/* debuggers look for functions here */
	.globl	version
	.type	version, @object
version:
	.asciz	"FreeBSD 10.4-TEST #0"
	.size	version, . - version
	.balign	8

INT(proc_off_p_list, 0)
INT(proc_off_p_threads, P_THREADS)
INT(proc_off_p_pid, P_PID)
INT(proc_off_p_comm, P_COMM)
INT(thread_off_td_plist, 0)
INT(thread_off_td_pcb, TD_PCB)
INT(thread_off_td_tid, TD_TID)
INT(thread_off_td_name, TD_NAME)
INT(thread_off_td_oncpu, TD_ONCPU)
INT(pcb_size, 256)
INT(dumptid, 100001)

	.balign	8
	.globl	allproc
allproc:
	PTR	proc1
PROC(proc1, proc2, allproc, td1, 1, "init")
PROC(proc2, proc3, PREV, td2, 2, "busy")
PROC(proc3, NEXT, proc2, td4, 3, "sleeper")
THREAD(td1, 0, proc1 + P_THREADS, pcb_stale, 100001, "init", 0)
THREAD(td2, td3, proc2 + P_THREADS, pcb_stale, 100002, "first", 1)
THREAD(td3, 0, td2, pcb_asleep, 100003, "second", 2)
THREAD(td4, 0, proc3 + P_THREADS, pcb_asleep, 100004, "", NOCPU)

	.balign	8
	.globl	dumppcb
dumppcb:
	PCB(0, stack, crashed_here)
pcb_stale:
	PCB(0, stack, stale)
pcb_asleep:
	PCB(0, stack, slept_here)

	/* CPU 1 was stopped, and CPU 2 was not. */
	.balign	8
	.globl	stoppcbs
stoppcbs:
	.org	stoppcbs + 256
	PCB(0, stack, stopped_here)
	.org	stoppcbs + 3 * 256

stack:
	PTR	0, 0, 0, 0

	.globl	crashed_here, stale, slept_here, stopped_here
crashed_here:
	.file	1 "threads.S"
	.loc	1 1
	.rept	PTRSIZE
	nop
	.endr
crashed_end:
stale:
	PTR	0
slept_here:
	PTR	0
stopped_here:
	PTR	0

/*
 * Debug information, by hand: crashed_here() has an argument that is where no
 * memory is, as clang's DWARF 2 says of some that are constant.
 */
	.section .debug_abbrev, "", @progbits
abbrev:
	.uleb128 1, 0x11; .byte 1		/* unit: lines, low_pc, high_pc */
	.uleb128 0x10, 6, 0x11, 1, 0x12, 1, 0, 0
	.uleb128 2, 0x2e; .byte 1		/* function: name, the same */
	.uleb128 3, 8, 0x11, 1, 0x12, 1, 0, 0
	.uleb128 3, 0x05; .byte 0		/* argument: name, type, place */
	.uleb128 3, 8, 0x49, 0x13, 2, 0x0a, 0, 0
	.uleb128 4, 0x24; .byte 0		/* type: name, kind, size */
	.uleb128 3, 8, 0x3e, 0x0b, 0x0b, 0x0b, 0, 0
	.uleb128 0

	.section .debug_line, "", @progbits
lines:

	.section .debug_info, "", @progbits
info:
	.long	info_end - info - 4
	.value	2
	.long	abbrev
	.byte	PTRSIZE
	.uleb128 1
	.long	lines
	PTR	crashed_here, crashed_end
	.uleb128 2
	.asciz	"crashed_here"
	PTR	crashed_here, crashed_end
	.uleb128 3
	.asciz	"lost"
	.long	type - info
	.byte	2, 0x11, 0x10			/* at DW_OP_consts 16 */
	.byte	0
type:
	.uleb128 4
	.asciz	"int"
	.byte	5, 4
	.byte	0
info_end:
