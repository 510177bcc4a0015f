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
#include <sys/kernel.h>
#include <sys/minidump.h>
#include <sys/msgbuf.h>
#include <sys/time.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <sys/minidump_md.h>
#include <sys/minidump_int.h>

vm_paddr_t dump_avail[2 * KERN_RANGES + 2];
#ifdef __amd64__
uint64_t KPML4phys;
#else
pd_entry_t *IdlePTD;
#endif
vm_offset_t kernel_vm_end;
struct msgbuf *msgbufp;
time_t time_second;
char hostname[MAXHOSTNAMELEN];
char version[256];
const char *panicstr;

void
kern_set(const struct kern_vars *vars)
{
	static char panicbuf[sizeof(vars->panic)];
	u_int i;

	for (i = 0; i < sizeof(dump_avail) / sizeof(dump_avail[0]); i++)
		dump_avail[i] = vars->avail[i];
#ifdef __amd64__
	KPML4phys = vars->root;
#else
	IdlePTD = (pd_entry_t *)(uintptr_t)vars->root;
#endif
	kernel_vm_end = vars->vm_end;
	msgbufp = (struct msgbuf *)(uintptr_t)vars->msgbuf;
	time_second = vars->now;
	strlcpy(hostname, vars->hostname, sizeof(hostname));
	strlcpy(version, vars->version, sizeof(version));
	strlcpy(panicbuf, vars->panic, sizeof(panicbuf));
	panicstr = panicbuf[0] != '\0' ? panicbuf : NULL;
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
	return (sim_dumper(virtual, offset, length));
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
	minidumpsys(&di);
}

kern_addr
kern_size(unsigned msgbufsize)
{
	static u_int bits[1024 * 1024 / sizeof(u_int)];
	static pt_entry_t table[NPTEPG] __aligned(PAGE_SIZE);
	struct minidump_set set;

	if (minidump_set_size() > sizeof(bits))
		return (0);
	minidump_set_init(&set, bits, table, MINIDUMP_NUSES);
	minidump_collect(&set);
	return (dumpout_needed(minidump_length(&set, msgbufsize)));
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

#ifndef __amd64__
/* The window is contiguous: what is returned is where slot 0 is. */
void *
pmap_kenter_temporary(vm_paddr_t pa, int i)
{
	uintptr_t va;

	va = (uintptr_t)sim_window(pa, i);
	return ((void *)(va - (uintptr_t)i * PAGE_SIZE));
}
#endif

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
