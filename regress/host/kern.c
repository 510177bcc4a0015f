/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The kernel around the dump code: its variables and functions, and the way
 * from the tests to its calls.  Nothing is decided here.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/cons.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/minidump.h>
#include <sys/msgbuf.h>
#include <sys/time.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <kern/minidump_md.h>
#include <kern/minidump_int.h>

vm_paddr_t dump_avail[2 * KERN_RANGES + 2];
vm_offset_t kernel_vm_end;
struct msgbuf *msgbufp;
time_t time_second;
char hostname[MAXHOSTNAMELEN];
char version[256];
const char *panicstr;

int minidump_compress;
struct minidump_kind minidump_kind[KERN_KINDS];
const u_int minidump_nkinds = KERN_KINDS;
CTASSERT(KERN_KINDS == MINIDUMP_LEFTOUT_MAX);

/* Of the calls of minidump_gz() that are not a dump. */
static struct {
	u_int		n;
	u_int		size[KERN_MEMBERS];	/* last to first */
	uint64_t	bytes;
} counted;

void
kern_set(const struct kern_vars *vars)
{
	static char panicbuf[sizeof(vars->panic)];
	static char names[KERN_KINDS][sizeof(vars->kind[0].name)];
	u_int i;

	for (i = 0; i < sizeof(dump_avail) / sizeof(dump_avail[0]); i++)
		dump_avail[i] = vars->avail[i];
	kern_set_root(vars->root);
	kernel_vm_end = vars->vm_end;
	msgbufp = (struct msgbuf *)(uintptr_t)vars->msgbuf;
	time_second = vars->now;
	strlcpy(hostname, vars->hostname, sizeof(hostname));
	strlcpy(version, vars->version, sizeof(version));
	strlcpy(panicbuf, vars->panic, sizeof(panicbuf));
	panicstr = panicbuf[0] != '\0' ? panicbuf : NULL;
	for (i = 0; i < KERN_KINDS; i++) {
		strlcpy(names[i], vars->kind[i].name, sizeof(names[i]));
		minidump_kind[i].name = names[i];
		minidump_kind[i].physical = vars->kind[i].physical;
		minidump_kind[i].start = vars->kind[i].start;
		minidump_kind[i].end = vars->kind[i].end;
	}
}

void
kern_set_compress(int mode)
{

	minidump_compress = mode;
}

unsigned
kern_arena_size(void)
{

	return (MINIDUMP_GZ_ARENA);
}

kern_addr
kern_startup(kern_addr end)
{
	vm_offset_t va;

	va = KERNBASE;
	return (minidump_startup(&va, end));
}

void
kern_add_page(kern_addr pa)
{

	dump_add_page(pa);
}

void
kern_add_range(kern_addr start, kern_addr end)
{

	dump_add_range(start, end);
}

void
kern_drop_page(kern_addr pa)
{

	dump_drop_page(pa);
}

static int
dumper(void *priv, void *virtual, vm_offset_t physical __unused,
    off_t offset, size_t length)
{

	/* A dumper that was given another device's data is a bug as well. */
	if (priv != &dump_avail)
		return (EFAULT);
	return (kern_ata_dumper(virtual, offset, length));
}

void
kern_dump(long long mediaoffset, long long mediasize, unsigned blocksize)
{
	struct dumperinfo di;

	di.dumper = dumper;
	di.priv = &dump_avail;
	di.blocksize = blocksize;
	di.mediaoffset = mediaoffset;
	di.mediasize = mediasize;
	/* As doadump() and dumpsys() do. */
	if (!dump_refused(&di))
		minidumpsys(&di);
}

void
kern_progress(kern_addr part, kern_addr whole)
{

	minidump_out_progress(part, whole);
}

static int
count(struct minidump *md __unused, uint64_t i __unused,
    const void *buf __unused, size_t len)
{

	if (counted.n == KERN_MEMBERS)
		return (EFBIG);
	counted.size[counted.n++] = len;
	counted.bytes += len;
	return (0);
}

/* A dump that goes nowhere, in tables and slots of its own. */
static int
trial(struct minidump *md, u_int *bits, void *arena, unsigned nleft)
{
	static pt_entry_t table[NPTEPG] __aligned(PAGE_SIZE);
	static char scratch[PAGE_SIZE] __aligned(PAGE_SIZE);

	md->set.bits = bits;
	md->set.slots = MINIDUMP_NUSES;
	md->table = table;
	md->scratch = scratch;
	bzero(&counted, sizeof(counted));
	minidump_freeze(md, nleft);
	counted.bytes = arena == NULL ? md->npages * PAGE_SIZE : 0;
	return (arena == NULL ? 0 : minidump_gz(md, arena, count));
}

/* What the trials of the live system have. */
static u_int bits[1024 * 1024 / sizeof(u_int)];
static u_int arena[MINIDUMP_GZ_ARENA / sizeof(u_int)] __aligned(PAGE_SIZE);

kern_addr
kern_estimate(unsigned most)
{
	static struct minidump md;

	bzero(&md, sizeof(md));
	if (minidump_set_size() > sizeof(bits) ||
	    trial(&md, bits, NULL, 0) != 0)
		return (0);
	return (minidump_out_needed(minidump_gz_estimate(&md, arena, most)));
}

kern_addr
kern_size(int gz)
{
	static struct minidump md;

	bzero(&md, sizeof(md));
	if (minidump_set_size() > sizeof(bits) ||
	    trial(&md, bits, gz ? arena : NULL, 0) != 0)
		return (0);
	return (minidump_out_needed(counted.bytes));
}

/* In the dump's own bitmap and arena, as these may be in the dump. */
unsigned
kern_members(unsigned nleft, const unsigned *left,
    unsigned size[KERN_MEMBERS])
{
	static struct minidump md;
	u_int i;

	bzero(&md, sizeof(md));
	for (i = 0; i < nleft; i++)
		md.pagesleft[i] = left[i];
	if (trial(&md, minidump_frozen_bits, minidump_gz_arena, nleft) != 0)
		return (0);
	for (i = 0; i < counted.n; i++)
		size[i] = counted.size[counted.n - 1 - i];
	return (counted.n);
}

int
kern_is_frozen_bitmap(const void *p)
{

	return (p == minidump_frozen_bits);
}

vm_offset_t
pmap_map(vm_offset_t *virt, vm_paddr_t start, vm_paddr_t end,
    int prot __unused)
{

	*virt += end - start;
	return ((vm_offset_t)(uintptr_t)sim_boot_map(start, end));
}

/* The window is contiguous: what is returned is where slot 0 is. */
void *
pmap_kenter_temporary(vm_paddr_t pa, int i)
{
	uintptr_t va;

	va = (uintptr_t)sim_window(pa, i);
	return ((void *)(va - (uintptr_t)i * PAGE_SIZE));
}

int
fls(int mask)
{

	return (mask == 0 ? 0 : 32 - __builtin_clz(mask));
}

int
cncheckc(void)
{

	return (sim_getc());
}

int
printf(const char *fmt, ...)
{
	__builtin_va_list ap;

	__builtin_va_start(ap, fmt);
	sim_vprintf(fmt, ap);
	__builtin_va_end(ap);
	return (0);
}
