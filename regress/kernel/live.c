/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * /dev/minidump, which kern_minidumpdev.c makes, and its readers.  There is
 * enough of a device file system here to look it up and to open it.
 *
 * "regress.live=read" lets the first CPU read it before it dumps: the first
 * third forwards, the last backwards, and what is between at random, in pieces
 * that are no pages.  What was read goes to the disk, before the dump device,
 * and the manifest says where.  Then one file stays open, so that its memory is
 * there when the machine is dumped.  "regress.live=no" opens none.  CPUs that
 * smp.c gives the work to open, read and close one after another, while it is
 * dumped, too.
 *
 * What may not be ends the guest: to hold a lock, or to be pinned, when memory
 * of a user is copied to; to map more for one page than it takes; and answers
 * that are wrong.
 */

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
#include <sys/pcpu.h>
#include <sys/proc.h>
#include <sys/uio.h>

#include <machine/cpu.h>

#include "kern.h"

#define	MAXDEVS		8
#define	MAXLOCKS	4
#define	MAXOPEN		4		/* what the driver allows */
#define	MAXMAPS		16		/* for a page of the message buffer */
#define	LIVE_DISK	(1024 * 1024)	/* where on the disk; no dump is there */
#define	PIECE		65536
#define	ODD		20011		/* bytes of a read */

static struct cdev	devs[MAXDEVS];
static u_int		ndevs;
static struct mtx	*locks[MAXLOCKS];
static u_int		nlocks;
static char		buffer[PIECE] __aligned(PAGE_SIZE);
static char		page[PAGE_SIZE];
static int		page_used;
static volatile u_int	opens;		/* by live_forever() */
dev_clone_fn		*dev_clone_handler;

static void __dead2 __printflike(1, 2)
wrong(const char *fmt, ...)
{
	va_list ap;

	printf("live: ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	kern_exit(EXIT_SETUP);
}

/*
 * For the driver.
 */

struct cdev *
make_dev(struct cdevsw *devsw, int minor __unused, int uid __unused,
    int gid __unused, int perms, const char *fmt, ...)
{
	struct cdev *dev;
	va_list ap;

	if (ndevs == MAXDEVS || perms != 0400)
		wrong("make_dev");
	dev = &devs[ndevs++];
	dev->si_devsw = devsw;
	va_start(ap, fmt);
	vsnprintf(dev->si_name, sizeof(dev->si_name), fmt, ap);
	va_end(ap);
	return (dev);
}

void
dev_ref(struct cdev *dev __unused)
{
}

void
mtx_sysinit(void *m)
{

	if (nlocks == MAXLOCKS)
		wrong("mtx_sysinit");
	locks[nlocks++] = m;
	mtx_init(m);
}

void *
malloc_page(size_t size)
{

	if (size != sizeof(page) || page_used)
		wrong("malloc: %zu bytes", size);
	page_used = 1;
	return (page);
}

void
free_page(void *p)
{

	if (p != page || !page_used)
		wrong("free");
	page_used = 0;
}

int
uiomove(void *from, int len, struct uio *uio)
{
	u_int i;

	for (i = 0; i < nlocks; i++)
		if (mtx_owned(locks[i]))
			wrong("uiomove: with a lock held");
	if (curthread->td_pinned != 0)
		wrong("uiomove: pinned");
	if (curthread->td_maps > MAXMAPS)
		wrong("uiomove: %u pages mapped for one", curthread->td_maps);
	curthread->td_maps = 0;
	bcopy(from, uio->uio_base, len);
	uio->uio_base += len;
	uio->uio_offset += len;
	uio->uio_resid -= len;
	return (0);
}

/*
 * For who reads it.
 */

static int
dev_open(const char *name, int flags, struct thread *td, struct cdev **devp)
{
	char copy[16];
	u_int i;

	*devp = NULL;
	strlcpy(copy, name, sizeof(copy));
	for (i = 0; i < ndevs; i++)
		if (strcmp(devs[i].si_name, name) == 0)
			*devp = &devs[i];
	if (*devp == NULL)
		(*dev_clone_handler)(NULL, NULL, copy, strlen(copy), devp);
	if (*devp == NULL)
		wrong("%s: no such device", name);
	return ((*(*devp)->si_devsw->d_open)(*devp, flags, 0, td));
}

static void
dev_close(struct cdev *dev)
{

	if ((dev->si_devsw->d_flags & D_TRACKCLOSE) == 0 ||
	    (*dev->si_devsw->d_close)(dev, FREAD, 0, &root) != 0)
		wrong("close");
}

/* Returns how many bytes there were, or the negative errno. */
static int
dev_read(struct cdev *dev, char *buf, int len, off_t offset)
{
	struct uio uio;
	int error;

	uio.uio_base = buf;
	uio.uio_offset = offset;
	uio.uio_resid = len;
	curthread->td_maps = 0;
	error = (*dev->si_devsw->d_read)(dev, &uio, 0);
	return (error != 0 ? -error : len - uio.uio_resid);
}

static off_t
dev_size(struct cdev *dev)
{
	off_t size;

	if ((*dev->si_devsw->d_ioctl)(dev, DIOCGMEDIASIZE, (caddr_t)&size,
	    FREAD, &root) != 0)
		wrong("DIOCGMEDIASIZE");
	return (size);
}

static struct cdev *
open_live(void)
{
	struct cdev *dev;
	int error;

	error = dev_open("minidump", FREAD, &root, &dev);
	if (error != 0)
		wrong("open: error %d", error);
	return (dev);
}

static void
expect(const char *what, int is, int want)
{

	if (is != want)
		wrong("%s: %d, not %d", what, is, want);
}

/* Who may open it, how often, and what it says to nonsense. */
static void
check_interface(void)
{
	struct cdev *dev[MAXOPEN], *other;
	vm_paddr_t pa;
	off_t size;
	u_int i, used;
	u_long n;

	used = kmem_used(&pa);
	expect("user", dev_open("minidump", FREAD, &user, &other), EPERM);
	expect("write", dev_open("minidump", FREAD | FWRITE, &root, &other),
	    EACCES);
	for (i = 0; i < MAXOPEN; i++)
		dev[i] = open_live();
	expect("one more", dev_open("minidump", FREAD, &root, &other), EBUSY);
	expect("again", dev_open("minidump1", FREAD, &root, &other), EBUSY);
	size = dev_size(dev[0]);
	expect("negative offset", dev_read(dev[0], buffer, 1, -1), -EINVAL);
	expect("at the end", dev_read(dev[0], buffer, PIECE, size), 0);
	expect("far", dev_read(dev[0], buffer, PIECE, (off_t)1 << 60), 0);
	expect("before the end", dev_read(dev[0], buffer, PIECE, size - 3), 3);
	expect("ioctl", (*dev[0]->si_devsw->d_ioctl)(dev[0], 1, (caddr_t)&n,
	    FREAD, &root), ENOTTY);
	for (i = 0; i < MAXOPEN; i++)
		dev_close(dev[i]);
	expect("closed", dev_read(dev[0], buffer, 1, 0), -ENXIO);
	expect("memory kept", kmem_used(&pa), used);
}

/*
 * Piece n of the file, in reads of ODD bytes, from the last to the first if
 * "back".
 */
static void
read_piece(struct cdev *dev, u_int n, off_t size, int back)
{
	off_t base;
	int at, i, len, stop, nreads;

	base = (off_t)n * PIECE;
	stop = size - base < PIECE ? size - base : PIECE;
	bzero(buffer + stop, PIECE - stop);
	nreads = howmany(stop, ODD);
	for (i = 0; i < nreads; i++) {
		at = (back ? nreads - 1 - i : i) * ODD;
		len = stop - at < ODD ? stop - at : ODD;
		expect("read", dev_read(dev, buffer + at, len, base + at),
		    len);
	}
}

/* The ith of the pieces to be read. */
static u_int
order(u_int i, u_int npieces)
{
	u_int third;

	third = npieces / 3;
	if (i < third)
		return (i);
	if (i < 2 * third)
		return (npieces - 1 - (i - third));
	/* 7919 is a prime, and more than there are pieces. */
	npieces -= 2 * third;
	return (third + (i * 7919 + 1) % npieces);
}

/* All of it, onto the disk. */
static void
read_all(struct dumperinfo *di)
{
	struct cdev *dev;
	vm_paddr_t pa;
	off_t size;
	u_int i, n, npieces;

	dev = open_live();
	size = dev_size(dev);
	i = kmem_used(&pa);
	mprintf("own %jx %x\n", (uintmax_t)pa, i);
	npieces = howmany((u_int)size, PIECE);
	for (i = 0; i < npieces; i++) {
		n = order(i, npieces);
		read_piece(dev, n, size, i >= npieces / 3);
		if ((*di->dumper)(di->priv, buffer, 0, LIVE_DISK +
		    (off_t)n * PIECE, PIECE) != 0)
			wrong("the disk does not take it");
	}
	mprintf("live %jx %jx %jx\n", (uintmax_t)LIVE_DISK, (uintmax_t)size,
	    (uintmax_t)time_second);
	dev_close(dev);
}

void
live_read_all(struct dumperinfo *di)
{
	const char *how;

	how = getenv("regress.live");
	if (how == NULL)
		return;
	if (strcmp(how, "no") == 0) {
		/* Others are at it. */
		while (opens < 3)
			cpu_spinwait();
		return;
	}
	check_interface();
	read_all(di);
	(void)open_live();
}

/* For smp.c. */
void
live_forever(void)
{
	static char piece[ODD];
	struct cdev *dev;
	u_int at, i, size;

	at = 0;
	for (;;) {
		dev = open_live();
		opens++;
		size = dev_size(dev);
		for (i = 0; i < 10; i++) {
			at = (at * 1664525 + 1013904223) % size;
			if (dev_read(dev, piece, sizeof(piece), at) <= 0)
				wrong("read at %u", at);
		}
		dev_close(dev);
	}
}
