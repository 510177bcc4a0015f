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

#include "kern.h"

#define	NTRAPS		32
#define	HAS_CODE	0x00027d00	/* vectors that push an error code */
#define	GATE		0x8e00		/* present, interrupts off */

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

static struct gate	idt[NTRAPS];
static struct {
	uint16_t	limit;
	void		*base;
} __packed idt_desc = { sizeof(idt) - 1, idt };

extern const char	trap_entries[];		/* 8 bytes each */

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
	if (dumping)
		panic("trap %u", vector);
	kern_exit(EXIT_TRAP);
}

void
trap_init(void)
{
	uintptr_t entry;
	u_int i;

	for (i = 0; i < NTRAPS; i++) {
		entry = (uintptr_t)trap_entries + 8 * i;
		idt[i].offset0 = entry;
		idt[i].offset16 = entry >> 16;
#ifdef __amd64__
		idt[i].offset32 = entry >> 32;
#endif
		idt[i].selector = 8;
		idt[i].type = GATE;
	}
	__asm __volatile("lidt %0" : : "m" (idt_desc));
}
