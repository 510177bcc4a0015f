/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Where the second CPU starts, in real mode.  churn.c copies this to the page
 * whose address is then in %cs.  It goes on to ap_entry (locore.S) in 32-bit
 * protected mode, without paging.
 */

	.text
	.code16
	.globl	ap_start, ap_end
ap_start:
	cli
	movw	%cs, %ax
	movw	%ax, %ds
	lgdtl	ap_gdt_desc - ap_start
	movl	%cr0, %eax
	orl	$1, %eax
	movl	%eax, %cr0
	movw	$16, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	ljmpl	$8, $(ap_entry - LINKBASE)

	.balign	8
ap_gdt:	.quad	0
	.quad	0x00cf9b000000ffff	/* 8: code */
	.quad	0x00cf93000000ffff	/* 16: data */
ap_gdt_desc:
	.word	. - ap_gdt - 1
	.long	0x8000 + ap_gdt - ap_start
ap_end:

	.section .note.GNU-stack, "", @progbits
