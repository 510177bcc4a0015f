/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The boundary between the two halves of the host tests, in plain C types: the
 * one that is compiled with the kernel's headers (the dump code and kern.c),
 * and the one that is compiled with the host's (the simulated machine, the
 * model and the tests).
 */

#ifndef _KERN_H_
#define	_KERN_H_

typedef unsigned long long kern_addr;	/* physical, or virtual */

#define	KERN_RANGES	32
#define	KERN_KINDS	16	/* MINIDUMP_LEFTOUT_MAX */

/*
 * What the tests set: the variables of the kernel that the dump code reads.
 */
struct kern_vars {
	kern_addr	avail[2 * KERN_RANGES + 2];	/* dump_avail */
	kern_addr	root;		/* the first directory */
	kern_addr	vm_end;		/* kernel_vm_end */
	kern_addr	msgbuf;		/* msgbufp */
	long		now;		/* time_second */
	char		hostname[256];
	char		version[256];
	char		panic[256];	/* "" for none */
	struct kern_kind {
		char		name[48];
		int		physical;
		kern_addr	start;
		kern_addr	end;
	}		kind[KERN_KINDS];	/* minidump_kind */
};
void	kern_set(const struct kern_vars *vars);

/* Of kern_set(), the part that depends on the machine (root.c). */
void	kern_set_root(kern_addr root);

/* The calls of minidump.h. */
kern_addr kern_startup(kern_addr end);
void	kern_add_page(kern_addr pa);
void	kern_add_range(kern_addr start, kern_addr end);
void	kern_drop_page(kern_addr pa);
void	kern_dump(long long mediaoffset, long long mediasize,
	    unsigned blocksize);

void	kern_progress(kern_addr part, kern_addr whole);

/*
 * Let writes go through ata-dump.c and a channel that behaves like that.
 * ATA_NONE, the default: there is no channel.
 */
enum kern_ata {
	ATA_NONE,
	ATA_WORKS,
	ATA_FLIGHT,			/* a request is in flight, and ends, */
	ATA_STUCK,			/* or never does */
	ATA_LOCKED,			/* by a CPU that is stopped */
	ATA_MIRROR,			/* two channels by turns, both locked */
	ATA_TAKEN,			/* another CPU sees the end first */
	ATA_SERIAL,			/* another channel has the controller, */
	ATA_QUEUED,			/* and a CPU that is stopped the queue */
	ATA_SILENT,			/* no request ever ends */
	ATA_SHORT			/* they end, but nothing was done */
};
#define	KERN_ATA_LIMIT	30000000	/* microseconds for a write */
void	kern_ata(enum kern_ata how);
int	kern_ata_dumper(const void *virtual, long long offset,
	    __SIZE_TYPE__ length);

/* minidump_compress: 0 never, 1 always, 2 if it does not fit plain. */
void	kern_set_compress(int mode);

/*
 * Bytes that a device must have for a dump of now: what the sysctls
 * debug.minidump_size and debug.minidump_gzsize do, in memory of its own.
 */
kern_addr kern_size(int gz);

/* The same for a compressed dump, estimated from at most "most" members. */
kern_addr kern_estimate(unsigned most);

/*
 * The sizes of the members, first to last, of a compressed dump without the
 * first "nleft" kinds, "left" pages of each.  Returns how many they are.
 */
#define	KERN_MEMBERS	1024
unsigned kern_members(unsigned nleft, const unsigned *left,
	    unsigned size[KERN_MEMBERS]);

/* Is this the bitmap that a dump is made from?  The other is the live one. */
int	kern_is_frozen_bitmap(const void *p);

/* Bytes behind the bitmaps that are the compressor's. */
unsigned kern_arena_size(void);

/*
 * What the machine supplies.
 */

/* Where the frame at "pa" is, by window slot "slot". */
void	*sim_window(kern_addr pa, unsigned slot);

/* Map contiguous memory for good. */
void	*sim_boot_map(kern_addr start, kern_addr end);

/* What pte_load() reads; only this gives the entry (see sim.h). */
kern_addr sim_entry(const volatile void *p);

int	sim_dumper(const void *buf, long long offset, __SIZE_TYPE__ len);
int	sim_getc(void);
void	sim_vprintf(const char *fmt, __builtin_va_list ap);
void	sim_copy(const void *from, void *to, __SIZE_TYPE__ len);
void	sim_zero(void *to, __SIZE_TYPE__ len);
__SIZE_TYPE__ sim_strlcpy(char *dst, const char *src,
	    __SIZE_TYPE__ size);

#endif /* !_KERN_H_ */
