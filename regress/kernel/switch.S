/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The switch from one thread to another, with struct pcb of <machine/pcb.h>:
 *
 *	void savectx(struct pcb *pcb)		save the caller's registers
 *	void cpu_switch(struct pcb *from, struct pcb *to)
 *						the same, and go on with "to"
 *	fork_trampoline				where a new thread begins: its
 *						pcb has a function in rbx, and
 *						its argument in r12 or esi
 *
 * As in 6.x, the stack pointer that is saved points to the return address.
 * And the ELF headers that a kernel's text begins with, from which a reader of
 * its memory finds the symbols.
 */

	.text
	.globl	savectx, cpu_switch
#ifdef __amd64__
	.type	savectx, @function
savectx:
	movq	(%rsp), %rax
	movq	%rax, 0(%rdi)
	movq	%rsp, 8(%rdi)
	movq	%rbp, 16(%rdi)
	movq	%rbx, 24(%rdi)
	movq	%r12, 32(%rdi)
	movq	%r13, 40(%rdi)
	movq	%r14, 48(%rdi)
	movq	%r15, 56(%rdi)
	ret
	.size	savectx, . - savectx

	.type	cpu_switch, @function
cpu_switch:
	call	savectx
	addq	$8, 8(%rdi)
	movq	(%rsp), %rax
	movq	%rax, 0(%rdi)
	movq	8(%rsi), %rsp
	movq	16(%rsi), %rbp
	movq	24(%rsi), %rbx
	movq	32(%rsi), %r12
	movq	40(%rsi), %r13
	movq	48(%rsi), %r14
	movq	56(%rsi), %r15
	movq	0(%rsi), %rax
	movq	%rax, (%rsp)
	ret
	.size	cpu_switch, . - cpu_switch

	.globl	fork_trampoline
	.type	fork_trampoline, @function
fork_trampoline:
	movq	%r12, %rdi
	call	*%rbx
	hlt
	.size	fork_trampoline, . - fork_trampoline
#else
	.type	savectx, @function
savectx:
	movl	4(%esp), %ecx
	movl	(%esp), %eax
	movl	%eax, 24(%ecx)
	movl	%ebx, 20(%ecx)
	movl	%esp, 16(%ecx)
	movl	%ebp, 12(%ecx)
	movl	%esi, 8(%ecx)
	movl	%edi, 4(%ecx)
	movl	%cr3, %eax
	movl	%eax, (%ecx)
	ret
	.size	savectx, . - savectx

	.type	cpu_switch, @function
cpu_switch:
	movl	4(%esp), %ecx
	movl	(%esp), %eax
	movl	%eax, 24(%ecx)
	movl	%ebx, 20(%ecx)
	movl	%esp, 16(%ecx)
	movl	%ebp, 12(%ecx)
	movl	%esi, 8(%ecx)
	movl	%edi, 4(%ecx)
	movl	8(%esp), %edx
	movl	16(%edx), %esp
	movl	20(%edx), %ebx
	movl	12(%edx), %ebp
	movl	8(%edx), %esi
	movl	4(%edx), %edi
	movl	24(%edx), %eax
	movl	%eax, (%esp)
	ret
	.size	cpu_switch, . - cpu_switch

	.globl	fork_trampoline
	.type	fork_trampoline, @function
fork_trampoline:
	pushl	%esi
	call	*%ebx
	hlt
	.size	fork_trampoline, . - fork_trampoline
#endif

/*
 * Elf64_Ehdr or Elf32_Ehdr, and two program headers of what is in memory: the
 * text, and the dynamic section.  kernel.ld puts this first.
 */
	.section .elfheader, "a", @progbits
#ifdef __amd64__
	.ascii	"\177ELF\2\1\1\11"		/* FreeBSD */
	.balign	16
	.short	2, 62			/* ET_EXEC, EM_X86_64 */
	.long	1
	.quad	0, 64, 0
	.long	0
	.short	64, 56, 2, 0, 0, 0
	.long	1, 5			/* PT_LOAD, readable, executable */
	.quad	0, text_start, text_start
	.quad	text_size, text_size, 4096
	.long	2, 6			/* PT_DYNAMIC */
	.quad	0, _DYNAMIC, _DYNAMIC, 0, 0, 8
#else
	.ascii	"\177ELF\1\1\1\11"		/* FreeBSD */
	.balign	16
	.short	2, 3			/* ET_EXEC, EM_386 */
	.long	1, 0, 52, 0, 0
	.short	52, 32, 2, 0, 0, 0
	.long	1, 0, text_start, text_start
	.long	text_size, text_size
	.long	5, 4096
	.long	2, 0, _DYNAMIC, _DYNAMIC, 0, 0, 6, 4
#endif

/* The module that linker.c loads. */
	.section .rodata
	.globl	module_file, module_file_end
	.balign	16
module_file:
	.incbin	MODULE
module_file_end:

	.section .note.GNU-stack, "", @progbits
