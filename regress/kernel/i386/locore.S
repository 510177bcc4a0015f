/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * From the multiboot loader's protected mode into the kernel: temporary page
 * tables that show the first GiB at 0 and at KERNBASE, then kmain().  Low
 * addresses are needed only until paging is on.
 */

#define	PHYS(sym)	((sym) - LINKBASE)

#define	MB_MAGIC	0x1badb002
#define	MB_FLAGS	0x00000003	/* modules on pages, memory map */
#ifdef PAE
#define	CR4_BITS	0x000000b0	/* PSE, PAE, PGE */
#define	ROOT		boot_pdpt
#else
#define	CR4_BITS	0x00000090	/* PSE, PGE */
#define	ROOT		boot_dir
#endif
#define	CR0_BITS	0x80010000	/* PG, WP */
#define	SUPERPAGE	0x000000e3	/* V, RW, A, M, PS */

	.text
	.balign	4
	.long	MB_MAGIC, MB_FLAGS, -(MB_MAGIC + MB_FLAGS)

	.globl	btext
btext:
	cld
	movl	$SUPERPAGE, %eax
	movl	$PHYS(boot_dir), %edi
#ifdef PAE
	movl	$512, %ecx
1:	movl	%eax, (%edi)
	addl	$(1 << 21), %eax
	addl	$8, %edi
	loop	1b
	movl	$PHYS(boot_dir) + 1, %eax
	movl	%eax, PHYS(boot_pdpt)
	movl	%eax, PHYS(boot_pdpt) + 8 * (LINKBASE >> 30)
#else
	movl	$256, %ecx
1:	movl	%eax, (%edi)
	movl	%eax, 4 * (LINKBASE >> 22)(%edi)
	addl	$(1 << 22), %eax
	addl	$4, %edi
	loop	1b
#endif
	xorl	%ebp, %ebp		/* the first CPU */
2:	movl	$CR4_BITS, %eax
	movl	%eax, %cr4
	movl	$PHYS(ROOT), %eax
	movl	%eax, %cr3
	movl	%cr0, %eax
	orl	$CR0_BITS, %eax
	movl	%eax, %cr0

	lgdt	gdt_desc
	ljmp	$8, $1f
1:	movl	$16, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	testl	%ebp, %ebp
	jnz	1f
	movl	$stack_end, %esp
	pushl	%ebx			/* multiboot's struct */
	call	kmain
1:	movl	ap_stack, %esp
	call	ap_main

	.globl	ap_entry
ap_entry:
	movl	$1, %ebp		/* the second */
	jmp	2b

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
1:	popl	%eax
	subl	$trap_entries, %eax
	shrl	$3, %eax
	movl	%esp, %edx
	pushl	%edx
	pushl	%eax
	call	trap

/* The timer. */
	.globl	clock_entry
clock_entry:
	pushal
	cld
	call	clock_intr
	popal
	iret

	.data
	.balign	8
	.globl	ap_stack
ap_stack:				/* for the CPU that starts next */
	.long	0
gdt:	.quad	0
	.quad	0x00cf9b000000ffff	/* 8: code */
	.quad	0x00cf93000000ffff	/* 16: data */
gdt_desc:
	.word	. - gdt - 1
	.long	gdt

	.section .bss.mutable, "aw", @nobits
	.balign	4096
boot_dir:
	.space	4096
#ifdef PAE
boot_pdpt:
	.space	32
#endif
	.balign	16
	.space	16384
stack_end:

	.section .note.GNU-stack, "", @progbits
