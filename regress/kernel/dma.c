/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The bus master of QEMU's ATA controller (a PIIX3).  It writes to the disk in
 * one piece, without the CPU, for which each port access is emulated slowly.
 * Used by ata.c only.
 */

#include <sys/param.h>
#include <sys/systm.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include "kern.h"

/* The controller's PCI address, and its registers there. */
#define	PCI_ADDRESS	0xcf8
#define	PCI_DATA	0xcfc
#define	PIIX3		0x80000900	/* device 1, function 1 */
#define	PIIX3_ID	0x70108086
#define	PCI_COMMAND	0x04
#define	PCI_BUSMASTER	0x05		/* enables it, and its ports */
#define	PCI_BASE	0x20

/* Ports of the primary channel, from there on. */
#define	BM_COMMAND	0
#define	BM_START	0x01
#define	BM_STATUS	2
#define	BM_ACTIVE	0x01
#define	BM_ERROR	0x02
#define	BM_INTERRUPT	0x04
#define	BM_TABLE	4

#define	MAXPIECES	(MAXPHYS / PAGE_SIZE + 1)
#define	LAST_PIECE	0x80000000

static u_int		bm_port;	/* 0: there is none */

/* Pieces of memory.  None may cross 64 KiB, nor may the table. */
static struct {
	uint32_t	pa;
	uint32_t	length;
} table[MAXPIECES] __aligned(PAGE_SIZE) __section(".bss.mutable");

static uint32_t
pci_read(u_int reg)
{

	outl(PCI_ADDRESS, PIIX3 | reg);
	return (inl(PCI_DATA));
}

/* Find the bus master.  Returns 0 if there is none. */
int
dma_init(void)
{

	if (pci_read(0) != PIIX3_ID)
		return (0);
	bm_port = pci_read(PCI_BASE) & ~3;
	outl(PCI_ADDRESS, PIIX3 | PCI_COMMAND);
	outl(PCI_DATA, PCI_BUSMASTER);
	return (bm_port != 0);
}

/*
 * Set up the next command to write from "data".  Returns 0 if that reaches
 * beyond 4 GiB: then the CPU has to do it.
 */
int
dma_load(const void *data, size_t length)
{
	vm_offset_t va;
	vm_paddr_t pa;
	size_t n;
	u_int i;

	va = (vm_offset_t)data;
	for (i = 0; length > 0; i++, va += n, length -= n) {
		n = MIN(length, PAGE_SIZE - (va & PAGE_MASK));
		pa = pmap_kextract(va);
		if (i == MAXPIECES || pa != (uint32_t)pa)
			return (0);
		table[i].pa = pa;
		table[i].length = length == n ? n | LAST_PIECE : n;
	}
	outl(bm_port + BM_TABLE, pmap_kextract((vm_offset_t)table));
	outb(bm_port + BM_STATUS, BM_ERROR | BM_INTERRUPT);
	return (1);
}

/* Called when the disk has the command. */
void
dma_start(void)
{

	outb(bm_port + BM_COMMAND, BM_START);
}

int
dma_busy(void)
{

	return ((inb(bm_port + BM_STATUS) & BM_ACTIVE) != 0);
}

/* End the transfer.  Returns 0 if it failed. */
int
dma_stop(void)
{

	outb(bm_port + BM_COMMAND, 0);
	return ((inb(bm_port + BM_STATUS) & BM_ERROR) == 0);
}
