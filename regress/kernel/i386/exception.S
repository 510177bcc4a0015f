/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The entry points of fault.c, by the names that 6.x has for them: what they
 * leave on the stack is a struct trapframe, which C gets by value.  There is no
 * unwind information for them, as there is none in 6.x.
 */

#include "vectors.h"

#define	T_PAGEFLT	12
#define	T_SYSCALL	0
#define	IRQ		5
#define	USER_CS		0x33
#define	USER_DS		0x3b
#define	USER_EIP	0x08048123
#define	USER_ESP	0xbfbfe9a0

	.text
	.macro	registers
	pusha
	.irp	segment, ds, es, fs
	pushl	%\segment
	.endr
	.endm

	.globl	Xpage
Xpage:
	pushl	$T_PAGEFLT
alltraps:
	registers
calltrap:
	call	fault_trap
	hlt

	.globl	Xatpic_intr5
Xatpic_intr5:
	.rept	2
	pushl	$0
	.endr
	registers
	pushl	$IRQ
	call	fault_intr
	addl	$4, %esp
	hlt

/* void fault_user(void): as if a program had made a system call. */
	.globl	fault_user
fault_user:
	pushl	$USER_DS
	pushl	$USER_ESP
	pushl	$0x202
	pushl	$USER_CS
	pushl	$USER_EIP
Xint0x80_syscall:
	pushl	$2
	pushl	$T_SYSCALL
	registers
	call	fault_syscall
	hlt

/*
 * int fault_copy(void *p): there is an interrupt when it has pushed two
 * registers, one way; and the other way has popped them.
 */
	.globl	fault_copy
	.type	fault_copy, @function
fault_copy:
	pushl	%esi
	pushl	%edi
	movl	12(%esp), %esi
	testl	%esi, %esi
	jnz	1f
	popl	%edi
	popl	%esi
	ret
1:	xorl	%edi, %edi
	int	$INTR_VECTOR
	popl	%edi
	popl	%esi
	ret

	.section .note.GNU-stack, "", @progbits
