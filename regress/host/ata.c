/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * An ATA channel between the dump code and the simulated device: what
 * ata-dump.c makes of one that does not do what it is told.  Time passes in
 * DELAY() alone.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/kdb.h>

#include <dev/ata/ata-all.h>
#include <dev/ata/ata-dump.h>

#include <ata_if.h>

#define	WHILE		50000		/* microseconds that a request takes */
#define	MAXSECTORS	126		/* of a command */

int dumping, kdb_active;
devclass_t ata_devclass;

struct device {
	device_t	parent;
	void		*softc;
};

static int	chan_status(device_t dev);
static int	chan_begin(struct ata_request *request);
static int	chan_end(struct ata_request *request);
static int	chan_reset(device_t dev);

static struct ata_channel channel, other;
static struct ata_device disk, other_disk;
static struct device channel_dev = { NULL, &channel };
static struct device other_dev = { NULL, &other };
static struct device disk_dev = { &channel_dev, &disk };
static struct device other_disk_dev = { &other_dev, &other_disk };
static struct ata_dma dma;
static struct ata_request in_flight;

static enum kern_ata mode;
static uint64_t now, done_at;		/* microseconds */
static u_int writes;
static int owner;			/* the channel that is served, or -1 */

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

	return (3);
}

void *
devclass_get_softc(devclass_t class __unused, int unit)
{

	return (unit == 0 ? &channel : unit == 2 ? &other : NULL);
}

int
device_printf(device_t dev __unused, const char *fmt __unused, ...)
{

	return (0);
}

/* To unlock is to start the channel that waits, and to wait for its lock. */
int
ATA_LOCKING(device_t dev, int what)
{
	struct ata_channel *ch;

	ch = dev->softc;
	if (what == ATA_LF_LOCK && owner == -1)
		owner = ch->unit;
	if (what == ATA_LF_UNLOCK && owner == ch->unit) {
		if (channel.queue_mtx.mtx_lock != MTX_UNOWNED)
			now += 2 * KERN_ATA_LIMIT;
		owner = -1;
	}
	return (owner);
}

void
ata_timeout(struct ata_request *request __unused)
{
}

int
mtx_trylock(struct mtx *m)
{

	if (mode == ATA_LOCKED || m->mtx_lock != MTX_UNOWNED)
		return (0);
	m->mtx_lock = MTX_UNOWNED + 1;
	return (1);
}

void
mtx_unlock(struct mtx *m)
{

	m->mtx_lock = MTX_UNOWNED;
}

int
mtx_owned(struct mtx *m __unused)
{

	return (0);
}

void
DELAY(int usec)
{

	now += usec;
	/* Another CPU's interrupt thread. */
	if (mode == ATA_TAKEN && now >= done_at && channel.running != NULL &&
	    chan_end(channel.running) == ATA_OP_FINISHED)
		channel.running = NULL;
}

/* Nothing comes twice: who saw the end first has told the disk so. */
static int
chan_status(device_t dev)
{
	struct ata_channel *ch;

	ch = dev->softc;
	if (ch->running == NULL || mode == ATA_SILENT ||
	    (mode == ATA_STUCK && channel.running == &in_flight))
		return (0);
	return (now >= done_at);
}

static int
chan_begin(struct ata_request *request)
{

	if (dma.flags & ATA_DMA_LOADED) {
		request->result = EIO;
		return (ATA_OP_FINISHED);
	}
	dma.flags |= ATA_DMA_LOADED;
	done_at = now + WHILE;
	return (ATA_OP_CONTINUES);
}

static int
chan_end(struct ata_request *request)
{
	int error;

	dma.flags &= ~ATA_DMA_LOADED;
	if (request == &in_flight)
		return (ATA_OP_FINISHED);
	if (request->u.ata.count > MAXSECTORS ||
	    request->u.ata.count * DEV_BSIZE != request->bytecount) {
		request->status = ATA_S_ERROR;
		return (ATA_OP_FINISHED);
	}
	if (mode == ATA_SHORT)
		return (ATA_OP_FINISHED);
	error = sim_dumper(request->data, request->u.ata.lba * DEV_BSIZE,
	    request->bytecount);
	if (error != 0)
		request->status = ATA_S_ERROR;
	else
		request->donecount = request->bytecount;
	return (ATA_OP_FINISHED);
}

static int
chan_reset(device_t dev __unused)
{

	dma.flags &= ~ATA_DMA_LOADED;
	return (0);
}

void
kern_ata(enum kern_ata how)
{

	mode = how;
	bzero(&channel, sizeof(channel));
	channel.dev = &channel_dev;
	channel.hw.status = chan_status;
	channel.hw.begin_transaction = chan_begin;
	channel.hw.end_transaction = chan_end;
	channel.dma = &dma;
	channel.queue_mtx.mtx_lock = channel.state_mtx.mtx_lock = MTX_UNOWNED;
	other.dev = &other_dev;
	other.unit = 1;
	other.hw = channel.hw;
	other.dma = &dma;
	other.state_mtx.mtx_lock = MTX_UNOWNED;
	if (mode == ATA_MIRROR)
		channel.state_mtx.mtx_lock = other.state_mtx.mtx_lock =
		    MTX_UNOWNED + 1;
	dma.max_iosize = MAXSECTORS * DEV_BSIZE;
	dma.unload = chan_reset;
	dma.flags = 0;
	disk.mode = ATA_DMA;
	disk.max_iosize = 16 * DEV_BSIZE;
	other_disk = disk;
	dumping = 1;
	now = done_at = 0;
	writes = 0;
	owner = -1;
	bzero(&in_flight, sizeof(in_flight));
	in_flight.dev = &disk_dev;
	if (mode == ATA_SERIAL || mode == ATA_QUEUED) {
		owner = other.unit;
		other.running = &in_flight;
		other.state = ATA_ACTIVE;
		dma.flags = ATA_DMA_LOADED;
		done_at = WHILE;
	}
	if (mode == ATA_QUEUED)
		channel.queue_mtx.mtx_lock = MTX_UNOWNED + 1;
	if (mode == ATA_FLIGHT || mode == ATA_STUCK) {
		channel.running = &in_flight;
		channel.state = ATA_ACTIVE;
		dma.flags = ATA_DMA_LOADED;
		done_at = WHILE;
	}
}

int
kern_ata_dumper(const void *virtual, long long offset, size_t length)
{
	uint64_t begun, limit;
	device_t to;
	int error;

	if (mode == ATA_NONE || length == 0)
		return (sim_dumper(virtual, offset, length));
	to = &disk_dev;
	limit = KERN_ATA_LIMIT;
	/* A lock that was waited for in vain is not waited for again. */
	if (mode == ATA_MIRROR) {
		if (writes % 2 == 1)
			to = &other_disk_dev;
		if (writes++ >= 2)
			limit = 4 * WHILE;
		owner = -1;
	}
	begun = now;
	error = ata_dump(to, __DECONST(void *, virtual), offset, length);
	if (now - begun > limit)
		return (EFAULT);	/* no dumper may wait so long */
	return (error);
}
