/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What the machine-independent files of the minidump code share among
 * themselves.  Nothing else includes this file.
 */

#ifndef _SYS_MINIDUMP_INT_H_
#define	_SYS_MINIDUMP_INT_H_

struct dumperinfo;

/*
 * A set of pages of physical memory (kern_dumpset.c), and what is needed to
 * make it.  Page numbers are physical addresses divided by PAGE_SIZE.  Bit
 * N % 32 of word N / 32 stands for page N; on a little-endian machine that is
 * the bitmap of the dump.
 */
struct minidump_set {
	u_int		*bits;
	u_int		nwords;
	pt_entry_t	*table;		/* room for one page of entries */
	u_int		slots;		/* the first of its MINIDUMP_NUSES */
	int		closed;		/* nothing is added any more */
	u_int		skipped;	/* tables that were not followed */
	u_int		npieces;	/* of kernel address space */
	uint64_t	npages;		/* in the set */
};

/* Bytes that the bits of a set take: whole pages, in memory and in the dump. */
vm_size_t minidump_set_size(void);

/*
 * Begin a set from what dump_add_page() has put into the live one.  "bits" is
 * minidump_set_size() bytes, "table" a page; "slots" is for cpu_minidump_map().
 */
void	minidump_set_init(struct minidump_set *set, u_int *bits,
	    pt_entry_t *table, u_int slots);

/*
 * Add the pages that are mapped into kernel address space now, and close the
 * set (kern_minidump.c).
 */
void	minidump_collect(struct minidump_set *set);

/* Bytes of a dump of this set, with a message buffer of this size. */
uint64_t minidump_length(const struct minidump_set *set, u_int msgbufsize);

/* The set of the dump: reserved at boot.  NULL before that. */
extern u_int *minidump_frozen_bits;

/*
 * The first page of the set that is not below "*page": returns 1 and its
 * number in "*page", or 0 if there is none.
 */
int	minidump_set_next(const struct minidump_set *set, uint64_t *page);

/*
 * A stage of output: bytes go in by write, in order, and come out at the next
 * stage.  Returns 0 or an errno; after an error the stage is not used again.
 * A stage that changes the bytes (and their number) on their way to the device
 * has a struct that begins with this one and holds the stage behind it.
 */
struct dumpstage {
	int	(*write)(struct dumpstage *stage, const void *buf, size_t len);
};

/*
 * The last stage (kern_dumpout.c): the end of the dump device, in large
 * writes.  There is one, as there is one dump at a time.
 *
 * dumpout_open() prepares for a dump of "length" bytes, a multiple of the page
 * size, and writes what comes before it.  Returns NULL and an errno, or
 * DUMPOUT_FULL if the device is too small; then nothing has been written.
 * dumpout_close() makes the dump valid: only if it returns 0, it is.
 * dumpout_needed() is how large a device must be for it, in bytes.
 */
#define	DUMPOUT_FULL	(-1)

struct dumpstage *dumpout_open(struct dumperinfo *di, uint64_t length,
    int *errorp);
int	dumpout_close(void);
uint64_t dumpout_needed(uint64_t length);

#endif /* !_SYS_MINIDUMP_INT_H_ */
