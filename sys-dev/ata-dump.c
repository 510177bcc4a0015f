/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * ATA requests while a crash dump is written.
 *
 * A dump cannot use a channel's queue.  A queued request is started when the
 * request in flight completes, which an interrupt thread has to notice; but no
 * CPU runs interrupt threads any more, so the dump's writes would stay in the
 * queue forever.  So requests of the dump go to the hardware at once and are
 * polled until they complete; the queue is not touched.
 *
 * A request that was in flight when the machine crashed is polled first, and
 * abandoned after a while; its initiator is not notified.  If the debugger
 * began the dump, it may continue the machine: then the channel is left as if
 * the request had timed out, and the driver repeats it.
 *
 * Called by ata-disk.c and ata-queue.c while "dumping" is set.  Nothing here
 * allocates, sleeps, or waits without a limit.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/ata.h>
#include <sys/bus.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/kdb.h>
#include <sys/kernel.h>
#include <sys/lock.h>
#include <sys/mutex.h>
#include <sys/sema.h>
#include <sys/taskqueue.h>

#include <vm/uma.h>

#include <machine/bus.h>

#include <sys/rman.h>

#include <dev/ata/ata-all.h>
#include <dev/ata/ata-dump.h>

#include <ata_if.h>

/* Later than 6.0, whose dumper bypasses the queue itself. */
#ifdef ATA_R_DANGER1

#define	POLL_STEP	10		/* microseconds between polls */
#define	LOCK_POLLS	10000000	/* a few seconds */
#define	LOCK_BURST	100
#define	NSTUCK		16		/* locks: two for each channel */
#define	POLLS		1000000		/* at least ten seconds */

#define	MAXWRITE	(64 * 1024)

static struct ata_request ata_dump_request;

/* The callback, in case another CPU calls ata_completed(). */
static void
ignore(struct ata_request *request __unused)
{
}

/*
 * Lock out other threads, such as interrupt threads by a channel's state_mtx,
 * if that is possible.  The owner of the lock may be on a stopped CPU, or be
 * this thread; then others are locked out, too.  Returns whether the lock was
 * taken.
 */
static int
take_lock(struct mtx *lock)
{
	static struct mtx *stuck[NSTUCK];	/* waited for in vain */
	static u_int nstuck;
	u_int i, polls;

	if (mtx_owned(lock))
		return (0);
	polls = LOCK_POLLS;
	for (i = 0; i < nstuck; i++)
		if (stuck[i] == lock)
			polls = 1;
	for (i = 0; i < polls; i++) {
		if (mtx_trylock(lock))
			return (1);
		/* Mostly without a delay: it may be free only for moments. */
		if (i % LOCK_BURST == 0)
			DELAY(POLL_STEP);
	}
	if (polls > 1 && nstuck < NSTUCK)
		stuck[nstuck++] = lock;
	return (0);
}

/* Wait until the request in flight completes.  Returns 0 on timeout. */
static int
finish(struct ata_channel *ch, struct ata_request *request)
{
	u_int i;

	for (i = 0; i < POLLS; i++) {
		if (ch->running != request)
			return (1);	/* another CPU has completed it */
		if ((ch->hw.status == NULL || ch->hw.status(ch->dev)) &&
		    ch->hw.end_transaction(request) == ATA_OP_FINISHED)
			return (1);
		DELAY(POLL_STEP);
	}
	device_printf(request->dev, "no answer to command 0x%02x\n",
	    request->u.ata.command);
	callout_stop(&request->callout);
	if (ch->dma != NULL) {
		if (ch->dma->stop != NULL)
			ch->dma->stop(request->dev);
		if (ch->dma->flags & ATA_DMA_LOADED)
			ch->dma->unload(ch->dev);
	}
	return (0);
}

/* Finish a request left in flight by the crash, or by a fault in a dump. */
static void
settle(struct ata_channel *ch)
{
	struct ata_request *request;

	request = ch->running;
	if (request == NULL || (request->flags & ATA_R_TIMEOUT))
		return;
	finish(ch, request);
	if (ch->running != request)
		return;
	if (panicstr != NULL || request == &ata_dump_request) {
		ch->running = NULL;
		ch->state = ATA_IDLE;
	} else {
		request->flags |= ATA_R_TIMEOUT;
		callout_reset(&request->callout, hz, (timeout_t *)ata_timeout,
		    request);
	}
}

/*
 * Return whether the driver can take this lock without waiting.  The other CPUs
 * are at rest.  If this thread owns it, it can take it again, unless the kernel
 * has INVARIANTS, which would panic as the lock is not recursive.
 */
static int
is_free(struct mtx *lock)
{

	if (mtx_owned(lock)) {
#ifdef INVARIANTS
		return (0);
#else
		return (1);
#endif
	}
	if (!take_lock(lock))
		return (0);
	mtx_unlock(lock);
	return (1);
}

/*
 * Some controllers serve one channel at a time.  Then keep the controller's
 * lock, because unlocking it starts the queues of other channels.  If another
 * channel has it, unlocking it calls ata_start() for this channel, which takes
 * the queue's lock but finds nothing to start: see carry_out().
 */
static int
lock_channel(struct ata_channel *ch)
{
	struct ata_channel *other;
	int i, locked;

	if (ATA_LOCKING(ch->dev, ATA_LF_LOCK) == ch->unit)
		return (1);
	if (!is_free(&ch->queue_mtx))
		return (0);
	for (i = 0; i < devclass_get_maxunit(ata_devclass); i++) {
		other = devclass_get_softc(ata_devclass, i);
		if (other == NULL || other == ch ||
		    device_get_parent(other->dev) != device_get_parent(ch->dev))
			continue;
		locked = take_lock(&other->state_mtx);
		settle(other);
		if (locked)
			mtx_unlock(&other->state_mtx);
		ATA_LOCKING(other->dev, ATA_LF_UNLOCK);
	}
	return (ATA_LOCKING(ch->dev, ATA_LF_LOCK) == ch->unit);
}

/* Execute a request whose callout is initialized.  Sets its result. */
static void
carry_out(struct ata_request *request)
{
	struct ata_channel *ch;
	struct ata_request *running;
	int finished, locked, state;

	ch = device_get_softc(device_get_parent(request->dev));
	locked = take_lock(&ch->state_mtx);
	settle(ch);
	running = ch->running;
	state = ch->state;
	/* In this state ata_start() does not touch the queue. */
	ch->state = ATA_ACTIVE;
	if (locked)
		mtx_unlock(&ch->state_mtx);
	if (!lock_channel(ch)) {
		ch->state = state;
		request->result = EBUSY;
		return;
	}

	locked = take_lock(&ch->state_mtx);
	ch->running = request;
	finished = ch->hw.begin_transaction(request) == ATA_OP_FINISHED ||
	    finish(ch, request);
	/* After a panic, the driver never runs again. */
	if (panicstr == NULL) {
		ch->running = running;
		ch->state = state;
	} else
		ch->running = NULL;
	if (locked)
		mtx_unlock(&ch->state_mtx);

	if (request->result != 0)
		return;
	if (!finished)
		request->result = ETIMEDOUT;
	else if ((request->status & (ATA_S_ERROR | ATA_S_DWF)) ||
	    request->donecount != request->bytecount) {
		device_printf(request->dev, "command 0x%02x failed: status "
		    "0x%02x, error 0x%02x, %u of %u bytes\n",
		    request->u.ata.command, request->status, request->error,
		    request->donecount, request->bytecount);
		request->result = EIO;
	}
}

int
ata_dump(device_t dev, void *data, off_t offset, size_t length)
{
	struct ata_channel *ch;
	struct ata_device *atadev;
	struct ata_request *request;
	size_t most, n;

	ch = device_get_softc(device_get_parent(dev));
	atadev = device_get_softc(dev);
	request = &ata_dump_request;
	most = MAXWRITE;
	if (ch->dma != NULL && ch->dma->max_iosize > 0 &&
	    ch->dma->max_iosize < most)
		most = ch->dma->max_iosize;
	if (ch->running == request)	/* it will be reused */
		settle(ch);
	for (; length > 0; length -= n, offset += n) {
		n = length < most ? length : most;
		bzero(request, sizeof(*request));
		request->dev = dev;
		request->parent = device_get_parent(dev);
		request->callback = ignore;
		request->timeout = 3600;	/* this file waits */
		request->flags = ATA_R_WRITE;
		request->data = data;
		request->bytecount = n;
		request->transfersize = min(n, atadev->max_iosize);
		request->u.ata.lba = offset / DEV_BSIZE;
		request->u.ata.count = n / DEV_BSIZE;
		if (atadev->mode >= ATA_DMA) {
			request->flags |= ATA_R_DMA;
			request->u.ata.command = ATA_WRITE_DMA;
		} else
			request->u.ata.command = request->transfersize >
			    DEV_BSIZE ? ATA_WRITE_MUL : ATA_WRITE;
		callout_init_mtx(&request->callout, &ch->state_mtx,
		    CALLOUT_RETURNUNLOCKED);
		carry_out(request);
		if (request->result != 0)
			return (request->result);
		data = (char *)data + n;
	}
	return (0);
}

int
ata_dump_takes(struct ata_request *request)
{
	struct ata_composite *composite;

	/* "dumping" stays set, but the debugger may continue the machine. */
	if (!dumping || (panicstr == NULL && !kdb_active))
		return (0);
	carry_out(request);
	composite = request->composite;
	if (composite != NULL && (request->flags & ATA_R_READ))
		composite->rd_done |= 1 << request->this;
	if (composite != NULL && (request->flags & ATA_R_WRITE))
		composite->wr_done |= 1 << request->this;
	if (request->callback != NULL)
		(*request->callback)(request);
	return (1);
}

#endif /* ATA_R_DANGER1 */
