/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * For init.c: where the kernel enters it, and
 *
 *	long sys(enum call number, ...);
 *
 * a system call of FreeBSD with up to six arguments, which returns the result,
 * or the negative errno.
 */

	.text
	.globl	start, sys

#ifdef __x86_64__
start:
	andq	$-16, %rsp
	call	init

sys:
	movq	%rdi, %rax
	movq	%rsi, %rdi
	movq	%rdx, %rsi
	movq	%rcx, %rdx
	movq	%r8, %r10
	movq	%r9, %r8
	movq	8(%rsp), %r9
	syscall
	jnc	1f
	negq	%rax
1:	ret
#else
start:
	andl	$-16, %esp
	call	init

/* The kernel skips a word, here the number, to find the arguments. */
sys:
	movl	4(%esp), %eax
	leal	4(%esp), %esp
	int	$0x80
	leal	-4(%esp), %esp
	jnc	1f
	negl	%eax
1:	ret
#endif

	.section .note.GNU-stack, "", @progbits
