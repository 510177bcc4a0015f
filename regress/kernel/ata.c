/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The dump device: an ATA disk with 48-bit addresses.  As in 6.x, its channel
 * has a queue, and one request runs until an interrupt thread finds that it has
 * ended; smp.c assigns these threads to CPUs.  For dumps, ata-dump.c bypasses
 * them.  Data is written by the bus master, or by the CPU, in pieces, with
 * "regress.pio=1".
 *
 * It panics in the write with the number "regress.panic", and faults once in
 * that with the number "regress.fault".  "regress.flight" is the number of
 * reads in the queue when the machine panics, the first of which is in flight;
 * with "regress.stuck=1" that one never ends.  With "regress.blocksize" the
 * disk has blocks of that size, and its dumper rounds as dadump() does.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/kdb.h>
#include <sys/kernel.h>
#include <sys/lock.h>
#include <sys/mutex.h>

#include <dev/ata/ata-all.h>
#include <dev/ata/ata-dump.h>

#include <ata_if.h>

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
#define	ATA_CONTROL	0x3f6		/* written */
#define	ATA_ALTSTAT	0x3f6		/* read */
#define	CONTROL_NIEN	0x02		/* no interrupts */
#define	DRIVE_LBA	0x40

#define	S_ERROR		0x01
#define	S_DRQ		0x08
#define	S_DWF		0x20
#define	S_BUSY		0x80

#define	CMD_IDENTIFY	0xec
#define	CMD_SET_MULTI	0xc6
#define	CMD_READ48	0x24
#define	CMD_WRITE_DMA48	0x35
#define	CMD_WRITE_MULTI48	0x39
#define	CMD_FLUSH48	0xea

#define	MULTI		16		/* sectors per data request */
#define	MAXPOLLS	10000000
#define	NOWHERE		((volatile int *)PAGE_SIZE)	/* not mapped */
#define	NREADS		64

struct ata_stats ata_stats;
static int unit;
static off_t capacity;			/* bytes */
static int panic_at, fault_at, nflight, stuck, blocksize, pio;
TUNABLE_INT("regress.panic", &panic_at);
TUNABLE_INT("regress.fault", &fault_at);
TUNABLE_INT("regress.flight", &nflight);
TUNABLE_INT("regress.stuck", &stuck);
TUNABLE_INT("regress.blocksize", &blocksize);
TUNABLE_INT("regress.pio", &pio);

struct device {
	device_t	parent;
	void		*softc;
};
static struct ata_channel channel;
static struct ata_device disk;
static struct device channel_dev = { NULL, &channel };
static struct device disk_dev = { &channel_dev, &disk };
static struct ata_request reads[NREADS], flush_request;
static char read_buffer[DEV_BSIZE];
devclass_t ata_devclass;

/* Wait for the end of a command, or for the bits "want" of the status. */
static int
poll_status(u_int want)
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
	error = poll_status(0);
	if (error != 0 && error != EIO)	/* EIO: of the previous command */
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

/* 6.x's interface of devices and drivers. */

device_t
device_get_parent(device_t dev)
{

	return (dev->parent);
}

void *
device_get_softc(device_t dev)
{

	return (dev->softc);
}

int
devclass_get_maxunit(devclass_t class __unused)
{

	return (0);
}

void *
devclass_get_softc(devclass_t class __unused, int i __unused)
{

	return (NULL);
}

int
device_printf(device_t dev, const char *fmt, ...)
{
	va_list ap;

	printf("%s: ", dev == &disk_dev ? "ad1" : "ata0");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	return (0);
}

int
ATA_LOCKING(device_t dev __unused, int mode __unused)
{

	return (channel.unit);
}

void
ata_timeout(struct ata_request *request __unused)
{
}

/* Panic or fault, if this is the write for it. */
static void
go_wrong(u_int number)
{

	if (number != (u_int)panic_at && number != (u_int)fault_at)
		return;
	if (!kdb_active)
		mprintf("var broken_write %x\n", number);
	if (number == (u_int)panic_at)
		panic("write %u of the dump", number);
	fault_at = 0;
	*NOWHERE = 0;
}

/* The hardware: the channel's functions in 6.x. */

static int
chan_status(device_t dev __unused)
{

	if (stuck && channel.running == &reads[0])
		return (0);
	if (channel.running != NULL &&
	    (channel.running->flags & ATA_R_DMA) && dma_busy())
		return (0);
	return ((inb(ATA_ALTSTAT) & S_BUSY) == 0);
}

/*
 * Transfer the next data of a request.  Returns 0 if the disk does not take it.
 */
static int
chan_data(struct ata_request *request)
{
	uint32_t *data;
	u_int i;

	if (poll_status(S_DRQ) != 0) {
		request->status = inb(ATA_STATUS) | S_ERROR;
		return (0);
	}
	data = (uint32_t *)(request->data + request->donecount);
	for (i = 0; i < request->transfersize / 4; i++)
		if (request->flags & ATA_R_WRITE)
			outl(ATA_DATA, data[i]);
		else
			data[i] = inl(ATA_DATA);
	return (1);
}

static int
chan_begin(struct ata_request *request)
{
	u_int command;

	if ((request->flags & ATA_R_DMA) &&
	    !dma_load(request->data, request->bytecount))
		request->flags &= ~ATA_R_DMA;
	command = request->flags & ATA_R_DMA ? CMD_WRITE_DMA48 :
	    request->flags & ATA_R_WRITE ? CMD_WRITE_MULTI48 :
	    request->flags & ATA_R_READ ? CMD_READ48 : CMD_FLUSH48;
	if (request->flags & ATA_R_WRITE)
		go_wrong(ata_stats.writes + 1);
	if (stuck && request == &reads[0])
		return (ATA_OP_CONTINUES);	/* it is lost */
	request->result = ata_command(command, request->u.ata.lba,
	    request->u.ata.count);
	if (request->result != 0)
		return (ATA_OP_FINISHED);
	if (request->flags & ATA_R_WRITE) {
		ata_stats.writes++;
		ata_stats.bytes += request->bytecount;
		if (request->flags & ATA_R_DMA)
			dma_start();
		else if (!chan_data(request))
			return (ATA_OP_FINISHED);
	}
	return (ATA_OP_CONTINUES);
}

static int
chan_end(struct ata_request *request)
{

	request->status = inb(ATA_STATUS);
	if (request->flags & ATA_R_DMA) {
		if (dma_stop() && (request->status & (S_ERROR | S_DWF)) == 0)
			request->donecount = request->bytecount;
		return (ATA_OP_FINISHED);
	}
	if (request->status & (S_ERROR | S_DWF))
		return (ATA_OP_FINISHED);
	if (request->bytecount == 0)
		return (ATA_OP_FINISHED);
	if ((request->flags & ATA_R_READ) && !chan_data(request))
		return (ATA_OP_FINISHED);
	request->donecount += request->transfersize;
	if (request->donecount == request->bytecount)
		return (ATA_OP_FINISHED);
	request->transfersize = min(request->transfersize,
	    request->bytecount - request->donecount);
	if ((request->flags & ATA_R_WRITE) && !chan_data(request))
		return (ATA_OP_FINISHED);
	return (ATA_OP_CONTINUES);
}

/*
 * The queue.
 */

static void
start(void)
{
	struct ata_request *request;

	while (channel.state == ATA_IDLE && channel.queue != NULL) {
		request = channel.queue;
		channel.queue = request->next;
		channel.running = request;
		channel.state = ATA_ACTIVE;
		if (chan_begin(request) == ATA_OP_CONTINUES)
			return;
		channel.running = NULL;
		channel.state = ATA_IDLE;
		request->callback = NULL;
	}
}

static void
queue_request(struct ata_request *request)
{
	struct ata_request **rp;

	request->result = request->status = request->error = 0;
	callout_init_mtx(&request->callout, &channel.state_mtx, 0);
	if (ata_dump_takes(request))
		return;
	mtx_lock(&channel.state_mtx);
	for (rp = &channel.queue; *rp != NULL; rp = &(*rp)->next)
		continue;
	request->next = NULL;
	*rp = request;
	start();
	mtx_unlock(&channel.state_mtx);
}

/* Called by an interrupt thread. */
void
ata_intr(void)
{
	struct ata_request *request;

	mtx_lock(&channel.state_mtx);
	request = channel.running;
	if (request != NULL && chan_status(&channel_dev) &&
	    chan_end(request) == ATA_OP_FINISHED) {
		channel.running = NULL;
		channel.state = ATA_IDLE;
		request->callback = NULL;
		start();
	}
	mtx_unlock(&channel.state_mtx);
}

static void
ignore(struct ata_request *request __unused)
{
}

/* Read a sector and discard it.  A request with a callback is still running. */
static void
read_sector(struct ata_request *request, uint64_t lba)
{

	if (request->callback != NULL)
		return;
	bzero(request, sizeof(*request));
	request->dev = &disk_dev;
	request->parent = &channel_dev;
	request->callback = ignore;
	request->flags = ATA_R_READ;
	request->data = read_buffer;
	request->bytecount = request->transfersize = DEV_BSIZE;
	request->u.ata.lba = lba;
	request->u.ata.count = 1;
	queue_request(request);
}

void
ata_read_something(void)
{
	static u_int n;

	n++;
	read_sector(&reads[n % NREADS], n % 1000);
}

/* Called when the machine is about to panic. */
void
ata_crash(void)
{
	int i;

	for (i = 0; i < nflight; i++)
		read_sector(&reads[i], i);
}

/*
 * The dumpers.
 */

static int
ata_dumper(void *priv __unused, void *virtual, vm_offset_t physical __unused,
    off_t offset, size_t length)
{

	if (virtual == NULL && length == 0) {
		ata_stats.flushes++;
		bzero(&flush_request, sizeof(flush_request));
		flush_request.dev = &disk_dev;
		flush_request.parent = &channel_dev;
		flush_request.callback = ignore;
		flush_request.flags = ATA_R_CONTROL;
		queue_request(&flush_request);
		return (flush_request.result);
	}
	if (offset < 0 || offset % DEV_BSIZE != 0 ||
	    length % DEV_BSIZE != 0 || length == 0 || length > MAXPHYS ||
	    offset > capacity || (off_t)length > capacity - offset)
		return (EINVAL);
	churn_wait();
	return (ata_dump(&disk_dev, virtual, offset, length));
}

/* A command for 0 blocks means 256, with the bytes that follow the data. */
static int
da_dumper(void *priv, void *virtual, vm_offset_t physical, off_t offset,
    size_t length)
{
	size_t done;
	int error;

	if (length == 0)
		return (ata_dumper(priv, virtual, physical, offset, length));
	offset -= offset % blocksize;
	length -= length % blocksize;
	if (length == 0)
		length = 256 * blocksize;
	error = 0;
	for (done = 0; done < length && error == 0; done += DFLTPHYS)
		error = ata_dumper(priv, virtual, physical, offset + done,
		    MIN(length - done, DFLTPHYS));
	return (error);
}

/* Find disk "u" of the primary channel and describe all of it in "di". */
int
ata_attach(int u, struct dumperinfo *di)
{
	uint16_t id[256];
	u_int i;
	int error;

	channel.dev = &channel_dev;
	channel.hw.status = chan_status;
	channel.hw.begin_transaction = chan_begin;
	channel.hw.end_transaction = chan_end;
	mtx_init(&channel.queue_mtx);
	mtx_init(&channel.state_mtx);
	disk.max_iosize = MULTI * DEV_BSIZE;
	if (!pio && dma_init())
		disk.mode = ATA_DMA;
	unit = u;
	outb(ATA_CONTROL, CONTROL_NIEN);
	error = ata_command(CMD_IDENTIFY, 0, 0);
	if (error == 0)
		error = poll_status(S_DRQ);
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
		error = poll_status(0);
	if (error != 0)
		return (error);
	di->dumper = blocksize == 0 ? ata_dumper : da_dumper;
	di->priv = NULL;
	di->blocksize = blocksize == 0 ? DEV_BSIZE : blocksize;
	di->mediaoffset = 0;
	di->mediasize = capacity;
	return (0);
}
