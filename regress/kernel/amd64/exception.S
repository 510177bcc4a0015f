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
#define	T_DOUBLEFLT	23
#define	USER_CS		0x33
#define	USER_DS		0x3b
#define	USER_RIP	0x00400123
#define	USER_RSP	0x7fffffffe9a0
/* Words of the frame between the registers and what the CPU pushes. */
#define	NBEHIND		4

	.text
	.macro	registers
	.irp	r, r15, r14, r13, r12, r11, r10, rbp, rbx, rax, r9, r8, rcx, \
	    rdx, rsi, rdi
	pushq	%\r
	.endr
	.endm

	.globl	Xpage
Xpage:
	pushq	$0
	subq	$8, %rsp
	pushq	$T_PAGEFLT
alltraps:
	registers
	movq	%cr2, %rax
	movq	%rax, 16 * 8(%rsp)
calltrap:
	call	fault_trap
	hlt

	.globl	Xatpic_intr5
Xatpic_intr5:
	.rept	NBEHIND
	pushq	$0
	.endr
	registers
	call	fault_intr
	hlt

/* It has a stack of its own, and saves no register. */
	.globl	Xdblfault
Xdblfault:
	subq	$18 * 8, %rsp
	movq	$T_DOUBLEFLT, 15 * 8(%rsp)
	call	dblfault_handler
	hlt

/* void fault_user(void): as if a program had made a system call. */
	.globl	fault_user
fault_user:
	andq	$~15, %rsp
	pushq	$USER_DS
	movabsq	$USER_RSP, %rax
	pushq	%rax
	pushq	$0x202
	pushq	$USER_CS
	pushq	$USER_RIP
Xfast_syscall:
	.rept	NBEHIND
	pushq	$0
	.endr
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
	pushq	%rbx
	pushq	%r12
	testq	%rdi, %rdi
	jnz	1f
	popq	%r12
	popq	%rbx
	ret
1:	xorl	%ebx, %ebx
	int	$INTR_VECTOR
	popq	%r12
	popq	%rbx
	ret

	.section .note.GNU-stack, "", @progbits
