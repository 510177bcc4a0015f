/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The dump device: an ATA disk, polled, in programmed I/O, addressed by 48
 * bits.  Works with interrupts off and the rest of the kernel dead, as the
 * dumper of the 6.x ATA driver does.  It panics in the write with the number
 * "regress.panic", and faults in that of "regress.fault".
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/kernel.h>

#include "kern.h"

/* Registers of the primary channel. */
#define	ATA_DATA	0x1f0
#define	ATA_COUNT	0x1f2
#define	ATA_LBA_LOW	0x1f3
#define	ATA_LBA_MID	0x1f4
#define	ATA_LBA_HIGH	0x1f5
#define	ATA_DRIVE	0x1f6
#define	ATA_COMMAND	0x1f7		/* written */
#define	ATA_STATUS	0x1f7		/* read */
#define	ATA_CONTROL	0x3f6
#define	CONTROL_NIEN	0x02		/* no interrupts */
#define	DRIVE_LBA	0x40

#define	S_ERROR		0x01
#define	S_DRQ		0x08
#define	S_DWF		0x20
#define	S_BUSY		0x80

#define	CMD_IDENTIFY	0xec
#define	CMD_SET_MULTI	0xc6
#define	CMD_WRITE_MULTI48	0x39
#define	CMD_FLUSH48	0xea

#define	MULTI		16		/* sectors a data request */
#define	MAXPOLLS	100000000
#define	NOWHERE		((volatile int *)PAGE_SIZE)	/* not mapped */

struct ata_stats ata_stats;
static int unit;
static off_t capacity;			/* bytes */
static int panic_at, fault_at;
TUNABLE_INT("regress.panic", &panic_at);
TUNABLE_INT("regress.fault", &fault_at);

/* Wait for the end of a command, or for the bits "want" of the status. */
static int
ata_wait(u_int want)
{
	u_int i, status;

	for (i = 0; i < MAXPOLLS; i++) {
		status = inb(ATA_STATUS);
		if (status & S_BUSY)
			continue;
		if (status & (S_ERROR | S_DWF))
			return (EIO);
		if ((status & want) == want)
			return (0);
	}
	return (ETIMEDOUT);
}

static int
ata_command(u_int command, uint64_t lba, u_int count)
{
	int error;

	outb(ATA_DRIVE, DRIVE_LBA | unit << 4);
	error = ata_wait(0);
	if (error != 0 && error != EIO)	/* EIO: of the command before */
		return (error);
	outb(ATA_COUNT, count >> 8);
	outb(ATA_LBA_LOW, lba >> 24);
	outb(ATA_LBA_MID, lba >> 32);
	outb(ATA_LBA_HIGH, lba >> 40);
	outb(ATA_COUNT, count);
	outb(ATA_LBA_LOW, lba);
	outb(ATA_LBA_MID, lba >> 8);
	outb(ATA_LBA_HIGH, lba >> 16);
	outb(ATA_COMMAND, command);
	return (0);
}

static int
ata_write(const uint32_t *data, uint64_t lba, u_int count)
{
	u_int i, n;
	int error;

	error = ata_command(CMD_WRITE_MULTI48, lba, count);
	ata_stats.writes++;
	for (; error == 0 && count > 0; count -= n) {
		n = min(count, MULTI);
		error = ata_wait(S_DRQ);
		for (i = 0; error == 0 && i < n * DEV_BSIZE / 4; i++)
			outl(ATA_DATA, *data++);
	}
	return (error != 0 ? error : ata_wait(0));
}

/* Panic or fault, if this is the write to do it in. */
static void
go_wrong(u_int number)
{

	if (number != (u_int)panic_at && number != (u_int)fault_at)
		return;
	mprintf("var broken_write %x\n", number);
	if (number == (u_int)panic_at)
		panic("write %u of the dump", number);
	*NOWHERE = 0;
}

static int
ata_dump(void *priv __unused, void *virtual, vm_offset_t physical __unused,
    off_t offset, size_t length)
{
	int error;

	if (virtual == NULL && length == 0) {
		ata_stats.flushes++;
		error = ata_command(CMD_FLUSH48, 0, 0);
		return (error != 0 ? error : ata_wait(0));
	}
	if (offset < 0 || offset % DEV_BSIZE != 0 ||
	    length % DEV_BSIZE != 0 || length == 0 || length > MAXPHYS ||
	    offset > capacity || (off_t)length > capacity - offset)
		return (EINVAL);
	churn_wait();
	go_wrong(ata_stats.writes + 1);
	ata_stats.bytes += length;
	return (ata_write(virtual, offset / DEV_BSIZE, length / DEV_BSIZE));
}

/* Find disk "u" of the primary channel and describe all of it in "di". */
int
ata_attach(int u, struct dumperinfo *di)
{
	uint16_t id[256];
	u_int i;
	int error;

	unit = u;
	outb(ATA_CONTROL, CONTROL_NIEN);
	error = ata_command(CMD_IDENTIFY, 0, 0);
	if (error == 0)
		error = ata_wait(S_DRQ);
	if (error != 0)
		return (error);
	for (i = 0; i < 256; i++)
		id[i] = inw(ATA_DATA);
	if ((id[83] & 1 << 10) == 0)
		return (ENODEV);		/* no 48-bit addresses */
	capacity = ((off_t)id[102] << 32 | (off_t)id[101] << 16 | id[100]) *
	    DEV_BSIZE;
	error = ata_command(CMD_SET_MULTI, 0, MULTI);
	if (error == 0)
		error = ata_wait(0);
	if (error != 0)
		return (error);
	di->dumper = ata_dump;
	di->priv = NULL;
	di->blocksize = DEV_BSIZE;
	di->mediaoffset = 0;
	di->mediasize = capacity;
	return (0);
}
