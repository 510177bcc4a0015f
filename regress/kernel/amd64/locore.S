/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * From the multiboot loader's 32-bit protected mode into the kernel: temporary
 * page tables that show the first GiB at 0 and at KERNBASE, long mode, then
 * kmain().  Low addresses are needed only until paging is on.
 */

#define	PHYS(sym)	((sym) - LINKBASE)

#define	MB_MAGIC	0x1badb002
#define	MB_FLAGS	0x00000003	/* modules on pages, memory map */
#define	CR4_BITS	0x000000b0	/* PSE, PAE, PGE */
#define	CR0_BITS	0x80010000	/* PG, WP */
#define	MSR_EFER	0xc0000080
#define	EFER_BITS	0x00000900	/* LME, NXE */
#define	TABLE		0x00000063	/* V, RW, A, M */
#define	SUPERPAGE	0x000000e3	/* and PS */

	.text
	.code32
	.balign	4
	.long	MB_MAGIC, MB_FLAGS, -(MB_MAGIC + MB_FLAGS)

	.globl	btext
btext:
	cld
	movl	$SUPERPAGE, %eax
	movl	$PHYS(boot_dir), %edi
	movl	$512, %ecx
1:	movl	%eax, (%edi)
	addl	$(1 << 21), %eax
	addl	$8, %edi
	loop	1b
	movl	$PHYS(boot_dir) + TABLE, %eax
	movl	%eax, PHYS(boot_pdp)
	movl	%eax, PHYS(boot_pdp) + 8 * 510
	movl	$PHYS(boot_pdp) + TABLE, %eax
	movl	%eax, PHYS(boot_pml4)
	movl	%eax, PHYS(boot_pml4) + 8 * 511

	xorl	%ebp, %ebp		/* the first CPU */
2:	movl	$CR4_BITS, %eax
	movl	%eax, %cr4
	movl	$PHYS(boot_pml4), %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_BITS, %eax
	wrmsr
	movl	%cr0, %eax
	orl	$CR0_BITS, %eax
	movl	%eax, %cr0
	lgdt	PHYS(gdt_desc_low)
	ljmp	$8, $PHYS(1f)

	.code64
1:	movabsq	$1f, %rax
	jmp	*%rax
1:	lgdt	gdt_desc
	movl	$16, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	testl	%ebp, %ebp
	jnz	1f
	movq	$stack_end, %rsp
	movl	%ebx, %edi		/* multiboot's struct */
	call	kmain
1:	movq	ap_stack, %rsp
	call	ap_main

	.code32
	.globl	ap_entry
ap_entry:
	movl	$1, %ebp		/* the second */
	jmp	2b
	.code64

/*
 * One entry for each exception, 8 bytes apart.  trap() gets its number and
 * what the CPU has pushed.
 */
	.balign	8
	.globl	trap_entries
trap_entries:
	.rept	32
	call	1f
	.balign	8
	.endr
1:	popq	%rdi
	subq	$trap_entries, %rdi
	shrl	$3, %edi
	movq	%rsp, %rsi
	andq	$-16, %rsp
	call	trap

/* The timer.  It has a stack of its own. */
	.globl	clock_entry
clock_entry:
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	cld
	call	clock_intr
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rdi
	popq	%rsi
	popq	%rdx
	popq	%rcx
	popq	%rax
	iretq

	.data
	.balign	8
	.globl	ap_stack
ap_stack:				/* for the CPU that starts next */
	.quad	0
gdt:	.quad	0
	.quad	0x00af9b000000ffff	/* 8: code */
	.quad	0x00cf93000000ffff	/* 16: data */
	.globl	gdt_tss
gdt_tss:
	.quad	0, 0			/* 24: trap.c */
gdt_desc:
	.word	. - gdt - 1
	.quad	gdt
gdt_desc_low:
	.word	. - gdt - 1
	.long	PHYS(gdt)

	.section .bss.mutable, "aw", @nobits
	.balign	4096
boot_pml4:
	.space	4096
boot_pdp:
	.space	4096
boot_dir:
	.space	4096
	.space	16384
stack_end:
	.space	8192
ap_stack_end:				/* that of the timer */
	.globl	ap_stack_end

	.section .note.GNU-stack, "", @progbits
