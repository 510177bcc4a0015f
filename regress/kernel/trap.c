/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Faults: say where, and end the guest; while a dump is made, by a panic.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/kdb.h>

#include "kern.h"

#define	NTRAPS		32
#define	NVECTORS	(INTR_VECTOR + 1)
#define	HAS_CODE	0x00027d00	/* vectors that push an error code */
#define	GATE		0x8e00		/* present, interrupts off */
#define	TASK_GATE	0x8500

struct gate {
	uint16_t	offset0;
	uint16_t	selector;
	uint16_t	type;
	uint16_t	offset16;
#ifdef __amd64__
	uint32_t	offset32;
	uint32_t	reserved;
#endif
};

static struct gate	idt[NVECTORS];
static struct {
	uint16_t	limit;
	void		*base;
} __packed idt_desc = { sizeof(idt) - 1, idt };

extern const char	trap_entries[];		/* 8 bytes each */
#ifdef __amd64__
extern const char	ap_stack_end[];
extern uint64_t		gdt_tss[2];
static struct {
	uint32_t	reserved0[9];
	uint64_t	ist1;
	uint32_t	reserved1[15];
} __packed tss;
#endif

void	trap(u_int vector, u_long *stack) __dead2;

void
trap(u_int vector, u_long *stack)
{
	u_long cr2;

	if (HAS_CODE >> vector & 1)
		stack++;
	__asm __volatile("mov %%cr2,%0" : "=r" (cr2));
	printf("\ntrap %u at %#lx, cr2 %#lx\n", vector, stack[0], cr2);
	trapped = 1;
	if (kdb_active)
		debugger();
	if (dumping)
		panic("trap %u", vector);
	kern_exit(EXIT_TRAP);
}

/*
 * The handler of a vector: on the stack that is in use, or, if "stack" is 1 and
 * there can be such a thing, on one of its own.
 */
void
trap_set(u_int vector, const void *entry, u_int stack)
{
	uintptr_t offset;

	offset = (uintptr_t)entry;
	idt[vector].offset0 = offset;
	idt[vector].offset16 = offset >> 16;
	idt[vector].type = GATE;
#ifdef __amd64__
	idt[vector].offset32 = offset >> 32;
	idt[vector].type |= stack;
#else
	(void)stack;
#endif
	idt[vector].selector = 8;
}

#ifndef __amd64__
/* The task that handles a vector. */
void
trap_task(u_int vector, u_int selector)
{

	idt[vector].selector = selector;
	idt[vector].type = TASK_GATE;
}
#endif

/* Have this CPU use them. */
void
trap_load(void)
{

	__asm __volatile("lidt %0" : : "m" (idt_desc));
}

#ifdef __amd64__
/* The task state segment is only there for the stack numbered 1. */
static void
tss_init(void)
{
	uintptr_t base;

	base = (uintptr_t)&tss;
	tss.ist1 = (uintptr_t)ap_stack_end;
	gdt_tss[0] = (sizeof(tss) - 1) | (base & 0xffffff) << 16 |
	    0x89UL << 40 | (base >> 24 & 0xff) << 56;
	gdt_tss[1] = base >> 32;
	__asm __volatile("ltr %w0" : : "r" (24));
}
#endif

void
trap_init(void)
{
	u_int i;

	for (i = 0; i < NTRAPS; i++)
		trap_set(i, trap_entries + 8 * i, 0);
	trap_load();
#ifdef __amd64__
	tss_init();
#endif
}
