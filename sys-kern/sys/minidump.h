/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Minidumps: the on-disk format, and what the rest of the kernel calls.
 *
 * The kernel writes this format and libkvm reads it; both include this file,
 * and kern/minidump_<machine>.h for what differs between machines.  No other
 * file states a fact of the format.  The first half therefore has no kernel
 * types and compiles on any host.  Later versions, of other kernels, are only
 * read: they are described in libkvm's kvm_minidump_impl.h.
 *
 * A vmcore is five sections, one after the other, each a whole number of
 * pages (only the header's own fields give exact byte sizes):
 *
 *	header		one page: struct minidumphdr, the rest zero
 *	message buffer	msgbufsize bytes: the raw, circular buffer
 *	bitmap		bitmapsize bytes: bit N is set if physical page N is
 *			in the dump (byte N / 8, bit N % 8)
 *	page tables	ptesize bytes: final-level page table entries for
 *			kernel address space from kernbase on, superpages
 *			expanded, zeros where there is no table
 *	pages		every page whose bit is set, in rising order
 *
 * All integers are little-endian.  Page table entries are the machine's.  One
 * may map a frame that is not memory: such a frame is not in the bitmap.
 */

#ifndef _SYS_MINIDUMP_H_
#define	_SYS_MINIDUMP_H_

#define	MINIDUMP_PAGE_SIZE	4096
#define	MINIDUMP_VERSION	1	/* what the kernel writes */

/*
 * The header.  The machine-dependent fields follow these, and end before
 * MINIDUMP_LEFTOUT_OFFSET.
 */
struct minidumphdr {
	char		magic[24];		/* "minidump FreeBSD/amd64" */
	uint32_t	version;
	uint32_t	msgbufsize;		/* bytes, as are the next two */
	uint32_t	bitmapsize;
	uint32_t	ptesize;
};

/*
 * Pages that were left out because the device was too small for them all.  In
 * the header page, at this offset, where readers that do not know of it find
 * what they ignore: a table, of which "count" rows are used.  "start" and
 * "end" (exclusive) are kernel virtual addresses, or physical ones if
 * "physical" is 1.  A page in one of the ranges, whose bit is not set, was in
 * use and was left out; "pages" says how many were.
 */
#define	MINIDUMP_LEFTOUT_OFFSET	256
#define	MINIDUMP_LEFTOUT_MAGIC	"left out"
#define	MINIDUMP_LEFTOUT_MAX	16

struct minidump_leftout {
	char		magic[8];		/* not terminated */
	uint32_t	count;
	uint32_t	spare;
	struct {
		char		name[32];	/* "buffer cache" */
		uint64_t	start;
		uint64_t	end;
		uint32_t	physical;
		uint32_t	pages;
	} row[MINIDUMP_LEFTOUT_MAX];
};

/*
 * Bytes of the dump that are not in the file, because the disk it was on could
 * not read them when it was saved; zeros stand in their place.  In the header
 * page as well, and written by who saved it, never by the kernel: a table of
 * ranges, "start" and "end" (exclusive) being bytes from the start of the dump,
 * in rising order.  The header page itself is never in one.
 */
#define	MINIDUMP_NOTREAD_OFFSET	2048
#define	MINIDUMP_NOTREAD_MAGIC	"not read"
#define	MINIDUMP_NOTREAD_MAX	64

struct minidump_notread {
	char		magic[8];		/* not terminated */
	uint32_t	count;
	uint32_t	spare;
	struct {
		uint64_t	start;
		uint64_t	end;
	} row[MINIDUMP_NOTREAD_MAX];
};

/*
 * A dump of a kernel that ran on while it was read from /dev/minidump.  In the
 * header page as well.  Which pages it has was decided at "opened"; what they
 * hold, page tables too, was read later, each at another time.  No thread has
 * crashed.
 */
#define	MINIDUMP_LIVE_OFFSET	3584
#define	MINIDUMP_LIVE_MAGIC	"was live"

struct minidump_live {
	char		magic[8];		/* not terminated */
	uint64_t	opened;			/* seconds since 1970 */
};

/*
 * A compressed minidump is the file above, cut into pieces of
 * MINIDUMP_GZ_PLAIN bytes (the last one is shorter), each of which is a gzip
 * member (RFC 1952) of its own, one behind the other: gunzip makes the plain
 * file of it.  Each member tells its own size, as in the BGZF format, so that
 * any page is found and decompressed alone.  Bytes of a member, integers
 * little-endian:
 *
 *	0	1f 8b 08 04	gzip, deflate, extra field
 *	4	u32		number of the member, from 0 on; gzip's time,
 *				which nothing uses
 *	8	00 ff		no flags, unknown system
 *	10	u16		length of the extra field: 6, but see below
 *	12	42 43 02 00	subfield BC, 2 bytes:
 *	16	u16		size of the whole member, less 1
 *	18	...		the deflated bytes
 *	end - 8	u32		crc32 of the plain bytes
 *	end - 4	u32		number of plain bytes
 *
 * The first of each MINIDUMP_GZ_GROUP members has the sizes of the others, so
 * that a reader need not read all headers to find a member.  They are a second
 * subfield, which follows BC:
 *
 *	18	4d 49		MI
 *	20	u16		its length: 4, and 2 for each of these members
 *	22	u32		crc32 of the rest of it
 *	26	u16, ...	the size of each, less 1
 *
 * The length of a dump on a device is a multiple of 512.  The first member is
 * padded for that, by a last subfield: 4d 50 ("MP"), u16 n, n bytes of zero.
 * Both make the extra field longer.
 *
 * Readers also accept older files, in which all numbers are 0 and there is no
 * MI.
 */
#define	MINIDUMP_GZ_START						\
	"\037\213\010\004\0\0\0\0\0\377\006\0BC\002\0"	/* up to 16 */
#define	MINIDUMP_GZ_STARTLEN	16
#define	MINIDUMP_GZ_NUMBER	4
#define	MINIDUMP_GZ_PLAIN	61440
#define	MINIDUMP_GZ_GROUP	256	/* members */
#define	MINIDUMP_GZ_HEADER	18
#define	MINIDUMP_GZ_TRAILER	8
#define	MINIDUMP_GZ_MAX		65536	/* bytes of a member */

/*
 * On the dump device nothing before this many bytes from the start of the
 * medium is ever written: disk labels and boot blocks live there.  The dump
 * lies at the end of the medium:
 *	struct kerneldumpheader, vmcore, the same struct kerneldumpheader
 */
#define	MINIDUMP_METADATA	65536

#ifdef _KERNEL

/* MINIDUMP_MACHDEP is defined if this machine has minidumps. */
#include <machine/md_var.h>

struct dumperinfo;

extern int	do_minidump;	/* debug.minidump: 0 full dumps, else mini */

/* debug.minidump_compress: 0 never, 1 always, else if it does not fit plain. */
extern int	minidump_compress;

/* Write a minidump; called by dumpsys().  Tells the outcome on the console. */
void		minidumpsys(struct dumperinfo *di);

/*
 * Machine-independent code calls the rest on every architecture; where there
 * are no minidumps they are nothing.
 */
#ifdef MINIDUMP_MACHDEP

/*
 * Called by doadump() before any kind of dump: can no dump be written to this
 * device?  Then the console is told why.
 */
int		dump_refused(const struct dumperinfo *di);

/*
 * Early in vm_page_startup(): takes the memory for the two page bitmaps from
 * below "end", a physical address in phys_avail, and returns the new end.
 * "vaddr" is handed to pmap_map().
 */
vm_paddr_t	minidump_startup(vm_offset_t *vaddr, vm_paddr_t end);

/*
 * Put the page of memory at physical address "pa" into every future dump, or
 * take it out again.  Needed only for pages that the kernel reaches by the
 * direct map alone; what is mapped in kernel address space is found at the
 * time of the dump.  Any CPU, any time, any pa: an address that is not
 * dumpable memory is ignored, as is every call before minidump_startup().
 */
void		dump_add_page(vm_paddr_t pa);
void		dump_drop_page(vm_paddr_t pa);

/* dump_add_page() for every page of [start, end), physical addresses. */
void		dump_add_range(vm_paddr_t start, vm_paddr_t end);

#else
#define	dump_refused(di)		0
#define	minidump_startup(vaddr, end)	(end)
#define	dump_add_page(pa)		do { } while (0)
#define	dump_drop_page(pa)		do { } while (0)
#define	dump_add_range(start, end)	do { } while (0)
#endif

/*
 * The other CPUs during a dump of any kind (kern_dumpcpus.c).
 */
#if defined(SMP) && defined(MINIDUMP_MACHDEP)

/* First in panic(): wait until "owner", CPU or NOCPU, is this CPU. */
void		dump_panic_enter(volatile u_int *owner);

/*
 * For boot(): the CPU that it goes to.  Who panics stays where it is, as CPU 0
 * may never let another thread run.
 */
#define	SHUTDOWN_CPU()	(panicstr != NULL ? PCPU_GET(cpuid) : 0)

/* Around a dump: let the others have nothing to do, and then again. */
void		dump_rest_cpus(void);
void		dump_resume_cpus(void);

/* For choosethread(): is there only the idle thread for this CPU? */
extern volatile u_int	dump_cpu;
#define	DUMP_CPU_RESTS()						\
	(smp_active == 0 && PCPU_GET(cpuid) != dump_cpu)

#else
#define	dump_panic_enter(owner)		do { } while (0)
#define	SHUTDOWN_CPU()			0
#define	dump_rest_cpus()		do { } while (0)
#define	dump_resume_cpus()		do { } while (0)
#endif

#endif /* _KERNEL */
#endif /* !_SYS_MINIDUMP_H_ */
