/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A kernel with nothing but data, for the dump that standard.dump describes.
 * Its data section is linked to be at kernbase + 0x100000.
 */

	.data
	.globl	version
#if !defined(TAIL) && !defined(BSS)
	.type	version, @object
version:
	.asciz	VERSION
	.size	version, . - version
#endif

	.org	0x400
#ifdef __x86_64__
	.globl	msgbufp
msgbufp:
	.quad	0
	.org	0x408
#else
	.org	0x408
	.globl	msgbufp
msgbufp:
	.long	0
#endif
	.size	msgbufp, . - msgbufp

	/*
	 * Symbols by which a full dump's page tables are found: see mkdump.c.
	 */
	.globl	kernbase
#ifdef __x86_64__
	.set	kernbase, 0xffffffff80000000
#else
	.set	kernbase, 0xc0000000
#endif
#ifndef TAIL
	.org	0x500
#ifdef __x86_64__
	.globl	KPML4phys
KPML4phys:
#endif
#ifdef PAE
	.globl	IdlePDPT
IdlePDPT:
#endif
	.quad	0
	.globl	IdlePTD
IdlePTD:
	.quad	0
#endif

	/* The last bytes of a page and the first of the next. */
	.org	0xffc
	.globl	across
across:
	.org	0x1000
	.globl	counter
	.type	counter, @object
counter:
	.quad	1
	.size	counter, 8

	/* An object that would be larger than any dump. */
#ifdef HUGE
	.globl	huge
	.set	huge, counter
	.size	huge, 0x7fffffffffffffff
#endif

	/* A local symbol without a size. */
	.org	0x1ff8
plain:
	.quad	2

	/* An unmapped page behind the last mapped one. */
	.org	0x3fff0
	.globl	lastbytes
	.size	lastbytes, 32
lastbytes:
	.quad	3
	.quad	4
	.globl	unmapped
unmapped:
	.long	0

	/* A version at the end of the data, and one without data, in .bss. */
#ifdef TAIL
version:
	.ascii	VERSION
	.section .after, "", @progbits
	.ascii	" and what is no part of it"
#endif
#ifdef BSS
	.bss
	.skip	8
version:
	.skip	16
	.section .after, "", @progbits
	.ascii	" and what is no part of it"
#endif
