/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * /dev/minidump: a minidump of the running kernel, for root to read.
 *
 * Opening it freezes a set of pages, as the beginning of a dump does.  From
 * then on the length of the file is fixed, and which page of memory each of its
 * pages is; the contents are read from memory when the file is read.  Nothing
 * that belongs to an open file changes before its close, so any number of
 * threads can read it at once, in any order.
 *
 * It has slots of crashdumpmap and memory of its own, so that a dump that
 * another CPU begins meanwhile is as it would be without.  Two locks are taken,
 * and neither is held when user memory is copied to:
 *
 *	live_opening	while a set is frozen: an open waits for another one
 *	live_lock	while one page is read, which is at most a few page
 *			tables and a copy, and no longer: reads wait for it, and
 *			nothing else does
 *
 * All else is as for a dump: no table is trusted, and nothing is read but by a
 * slot, so that what is unmapped or freed meanwhile cannot make it fault.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/disk.h>
#include <sys/errno.h>
#include <sys/eventhandler.h>
#include <sys/fcntl.h>
#include <sys/kernel.h>
#include <sys/lock.h>
#include <sys/malloc.h>
#include <sys/minidump.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/sched.h>
#include <sys/sx.h>
#include <sys/time.h>
#include <sys/uio.h>

#include <vm/vm.h>
#include <vm/pmap.h>
#include <vm/vm_extern.h>
#include <vm/vm_kern.h>

#include <kern/minidump_md.h>
#include <kern/minidump_int.h>

/* It may be open so many times, each of which costs a bitmap of all memory. */
#define	NLIVES		4

/*
 * To find a page by its number there is a count for each CHUNK of memory: of
 * the pages of the set that come before it.
 */
#define	CHUNK		2048		/* pages: 64 words of the bitmap */

CTASSERT(MINIDUMP_LIVE_OFFSET >= MINIDUMP_NOTREAD_OFFSET +
    sizeof(struct minidump_notread));
CTASSERT(MINIDUMP_LIVE_OFFSET + sizeof(struct minidump_live) <= PAGE_SIZE);

/* An open file.  Behind it come the bits of its set, and then "before". */
struct live {
	struct minidump	md;
	u_int		*before;	/* for each chunk */
	u_int		nchunks;
	vm_size_t	size;		/* bytes of all of this */
	time_t		opened;
	u_int		refs;		/* the file, and each read of it */
};

/* What a page is made in: for the one open, and for the one read. */
struct bench {
	pt_entry_t	table[NPTEPG] __aligned(PAGE_SIZE);
	char		scratch[PAGE_SIZE];
};
static struct bench	live_open_bench, live_read_bench;

static struct sx	live_opening;
SX_SYSINIT(live_opening, &live_opening, "minidump open");
/* Over live_read_bench, si_drv1, refs and live_next. */
static struct mtx	live_lock;
MTX_SYSINIT(live_lock, &live_lock, "minidump page", MTX_DEF);

static d_open_t		live_open;
static d_close_t	live_close;
static d_read_t		live_read;
static d_ioctl_t	live_ioctl;

/* As each unit is open once at most, each close is the last one. */
static struct cdevsw live_cdevsw = {
	.d_version =	D_VERSION,
	.d_flags =	D_MEM | D_TRACKCLOSE,
	.d_open =	live_open,
	.d_close =	live_close,
	.d_read =	live_read,
	.d_ioctl =	live_ioctl,
	.d_name =	"minidump"
};
static struct cdev	*live_unit[NLIVES];	/* si_drv1: NULL, or open */
static u_int		live_next;	/* the one that was given out last */

static void
use_bench(struct minidump *md, u_int slots, struct bench *bench)
{

	md->set.slots = slots;
	md->table = bench->table;
	md->scratch = bench->scratch;
}

static void
make_index(struct live *live)
{
	uint64_t page;
	u_int chunk, n;

	chunk = n = 0;
	for (page = 0; minidump_set_next(&live->md.set, &page); page++, n++)
		for (; chunk <= page / CHUNK; chunk++)
			live->before[chunk] = n;
	for (; chunk < live->nchunks; chunk++)
		live->before[chunk] = n;
}

/*
 * Have page i of the dump looked for from no more than a chunk away.  "md" is
 * the reader's own copy.
 */
static void
approach(const struct live *live, struct minidump *md, uint64_t i)
{
	uint64_t n;
	u_int high, low, mid;

	if (i < md->first[MINIDUMP_NSECTIONS - 1])
		return;
	n = i - md->first[MINIDUMP_NSECTIONS - 1];
	if (n < md->cursorindex || n - md->cursorindex > CHUNK) {
		low = 0;
		high = live->nchunks;
		while (high - low > 1) {
			mid = low + (high - low) / 2;
			if (live->before[mid] <= n)
				low = mid;
			else
				high = mid;
		}
		md->cursor = (uint64_t)low * CHUNK;
		(void)minidump_set_next(&md->set, &md->cursor);
		md->cursorindex = live->before[low];
	}
	minidump_seek(md, i);
}

/*
 * Freeze a set, without the memory that is taken for it.  A slot is mapped for
 * the CPU that asked for it, so this stays on one.
 */
static int
make_live(struct live **livep)
{
	struct minidump *md;
	struct live *live;
	vm_size_t bits, done, size;

	bits = minidump_set_size();
	size = round_page(sizeof(*live) + bits +
	    bits * NBBY / CHUNK * sizeof(live->before[0]));
	live = (struct live *)kmem_alloc(kernel_map, size);
	if (live == NULL)
		return (ENOMEM);
	md = &live->md;
	md->set.bits = (u_int *)(live + 1);
	live->before = md->set.bits + bits / sizeof(md->set.bits[0]);
	live->nchunks = bits * NBBY / CHUNK;
	live->size = size;
	live->opened = time_second;
	live->refs = 1;

	use_bench(md, MINIDUMP_SLOTS_OPEN, &live_open_bench);
	sched_pin();
	minidump_freeze(md, 0);
	for (done = 0; done < size; done += PAGE_SIZE)
		minidump_forget(md, vtophys((vm_offset_t)live + done));
	minidump_park(&md->set);
	sched_unpin();
	use_bench(md, MINIDUMP_SLOTS_READ, &live_read_bench);
	make_index(live);
	*livep = live;
	return (0);
}

/* The struct of an open unit, which then stays until release(). */
static struct live *
hold(struct cdev *dev)
{
	struct live *live;

	mtx_lock(&live_lock);
	live = dev->si_drv1;
	if (live != NULL)
		live->refs++;
	mtx_unlock(&live_lock);
	return (live);
}

static void
release(struct live *live)
{
	u_int refs;

	mtx_lock(&live_lock);
	refs = --live->refs;
	mtx_unlock(&live_lock);
	if (refs == 0)
		kmem_free(kernel_map, (vm_offset_t)live, live->size);
}

/*
 * Reading is allowed at any securelevel, as it is of /dev/kmem; there is no
 * writing.
 */
static int
live_open(struct cdev *dev, int oflags, int devtype __unused,
    struct thread *td)
{
	struct live *live;
	int error;

	error = suser(td);
	if (error != 0)
		return (error);
	if ((oflags & FWRITE) != 0)
		return (EACCES);
	if (minidump_frozen_bits == NULL)
		return (ENXIO);
	sx_xlock(&live_opening);
	error = EBUSY;
	if (dev->si_drv1 == NULL)
		error = make_live(&live);
	if (error == 0) {
		mtx_lock(&live_lock);
		dev->si_drv1 = live;
		mtx_unlock(&live_lock);
	}
	sx_xunlock(&live_opening);
	return (error);
}

/* It may be revoked while it is read. */
static int
live_close(struct cdev *dev, int fflag __unused, int devtype __unused,
    struct thread *td __unused)
{
	struct live *live;

	mtx_lock(&live_lock);
	live = dev->si_drv1;
	dev->si_drv1 = NULL;
	mtx_unlock(&live_lock);
	if (live != NULL)
		release(live);
	return (0);
}

/* Page i, which approach() has been told of, as it is now. */
static void
copy_page(const struct live *live, struct minidump *md, uint64_t i, char *page)
{
	struct minidump_live *record;

	mtx_lock(&live_lock);
	sched_pin();
	bcopy(minidump_page(md, i), page, PAGE_SIZE);
	sched_unpin();
	mtx_unlock(&live_lock);
	if (i != 0)
		return;
	record = (struct minidump_live *)(void *)(page + MINIDUMP_LIVE_OFFSET);
	bcopy(MINIDUMP_LIVE_MAGIC, record->magic, sizeof(record->magic));
	record->opened = live->opened;
}

/* What was read is not to be in the next dump because a slot shows it. */
static void
park(const struct minidump *md)
{

	mtx_lock(&live_lock);
	sched_pin();
	minidump_park(&md->set);
	sched_unpin();
	mtx_unlock(&live_lock);
}

static int
live_read(struct cdev *dev, struct uio *uio, int ioflag __unused)
{
	struct minidump md;
	struct live *live;
	uint64_t i;
	char *page;
	int error, len, skip;

	if (uio->uio_offset < 0)
		return (EINVAL);
	live = hold(dev);
	if (live == NULL)
		return (ENXIO);
	md = live->md;
	page = malloc(PAGE_SIZE, M_TEMP, M_WAITOK);
	error = 0;
	while (error == 0 && uio->uio_resid > 0) {
		i = (uint64_t)uio->uio_offset >> PAGE_SHIFT;
		if (i >= md.npages)
			break;
		skip = uio->uio_offset & PAGE_MASK;
		len = PAGE_SIZE - skip;
		if (len > uio->uio_resid)
			len = uio->uio_resid;
		approach(live, &md, i);
		copy_page(live, &md, i, page);
		error = uiomove(page + skip, len, uio);
	}
	park(&md);
	free(page, M_TEMP);
	release(live);
	return (error);
}

/* How long the file is; lseek(2) does not know the end of a device. */
static int
live_ioctl(struct cdev *dev, u_long cmd, caddr_t data, int fflag __unused,
    struct thread *td __unused)
{
	struct live *live;
	int error;

	live = hold(dev);
	if (live == NULL)
		return (ENXIO);
	error = 0;
	switch (cmd) {
	case DIOCGMEDIASIZE:
		*(off_t *)(void *)data = live->md.npages << PAGE_SHIFT;
		break;
	case DIOCGSECTORSIZE:
		*(u_int *)(void *)data = DEV_BSIZE;
		break;
	default:
		error = ENOTTY;
		break;
	}
	release(live);
	return (error);
}

/*
 * Who looks up /dev/minidump gets a unit that is not open, or, if all are, one
 * whose open fails.  Another one each time: who has looked it up opens it soon,
 * or never.
 */
static void
live_clone(void *arg __unused, struct ucred *cred __unused, char *name,
    int namelen __unused, struct cdev **dev)
{
	u_int n;

	if (*dev != NULL || strcmp(name, "minidump") != 0)
		return;
	mtx_lock(&live_lock);
	for (n = 0; n < NLIVES; n++) {
		live_next = (live_next + 1) % NLIVES;
		if (live_unit[live_next]->si_drv1 == NULL)
			break;
	}
	*dev = live_unit[live_next];
	mtx_unlock(&live_lock);
	dev_ref(*dev);
}

static void
live_init(void *arg __unused)
{
	u_int n;

	for (n = 0; n < NLIVES; n++)
		live_unit[n] = make_dev(&live_cdevsw, n, UID_ROOT, GID_WHEEL,
		    0400, "minidump%u", n);
	EVENTHANDLER_REGISTER(dev_clone, live_clone, NULL, 1000);
}
SYSINIT(minidumpdev, SI_SUB_DRIVERS, SI_ORDER_ANY, live_init, NULL)
