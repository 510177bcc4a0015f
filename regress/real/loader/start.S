/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Where QEMU, as a multiboot loader, enters ours (loader.c), and the two ways
 * out of it into a kernel: enter32() and enter64(), which never return.
 */

#define	MB_MAGIC	0x1badb002
#define	MB_FLAGS	0x00000003	/* modules on pages, memory map */
#define	CODE		8		/* selectors in gdt */
#define	DATA		16
#define	CODE64		24
#define	CR4_BITS	0x00000030	/* PSE, PAE */
#define	CR0_PG		0x80000000
#define	MSR_EFER	0xc0000080
#define	EFER_LME	0x00000100

	.text
	.balign	4
	.long	MB_MAGIC, MB_FLAGS, -(MB_MAGIC + MB_FLAGS)

	.globl	start
start:
	cli
	cld
	lgdt	gdt_desc
	ljmp	$CODE, $1f
1:	movl	$DATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%eax, %ss
	movl	$stack_end, %esp
	pushl	%ebx			/* multiboot's struct */
	pushl	%eax			/* it does not return */
	jmp	loader

/* void enter32(uint32_t entry, uint32_t howto, struct bootinfo *bi) */
	.globl	enter32
enter32:
	movl	4(%esp), %eax
	movl	8(%esp), %ecx
	movl	12(%esp), %edx
	pushl	%edx
	pushl	$0			/* distinguishes older loaders */
	pushl	$0
	pushl	$0
	pushl	$0			/* bootdev: it is in the environment */
	pushl	%ecx
	call	*%eax
	/* It returns if it cannot use bootinfo. */
	jmp	returned

/*
 * void enter64(uint64_t entry, uint32_t modulep, uint32_t kernend,
 *     uint32_t pml4)
 */
	.globl	enter64
enter64:
	movl	4(%esp), %esi
	movl	8(%esp), %edi
	movl	12(%esp), %ebx
	movl	16(%esp), %ebp
	movl	20(%esp), %eax
	movl	%eax, %cr3
	movl	%cr4, %eax
	orl	$CR4_BITS, %eax
	movl	%eax, %cr4
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME, %eax
	wrmsr
	movl	%cr0, %eax
	orl	$CR0_PG, %eax
	movl	%eax, %cr0
	pushl	%ebp			/* 8(%rsp) */
	pushl	%ebx			/* 4(%rsp) */
	pushl	$0			/* no way back */
	ljmp	$CODE64, $1f
	.code64
1:	shlq	$32, %rdi
	movl	%esi, %eax
	orq	%rdi, %rax
	jmp	*%rax

	.data
	.balign	8
gdt:	.quad	0
	.quad	0x00cf9b000000ffff	/* CODE */
	.quad	0x00cf93000000ffff	/* DATA */
	.quad	0x00af9b000000ffff	/* CODE64 */
gdt_desc:
	.word	. - gdt - 1
	.long	gdt

	.bss
	.balign	16
	.space	16384
stack_end:

	.section .note.GNU-stack, "", @progbits
