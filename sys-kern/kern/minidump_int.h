/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What the machine-independent files of the minidump code share among
 * themselves.  Nothing else includes this file.
 */

#ifndef _KERN_MINIDUMP_INT_H_
#define	_KERN_MINIDUMP_INT_H_

struct dumperinfo;

/*
 * ---- Sets of pages (kern_dumpset.c)
 *
 * A set of pages of physical memory, and what is needed to make it.  Page
 * numbers are physical addresses divided by PAGE_SIZE.  Bit N % 32 of word
 * N / 32 stands for page N; on a little-endian machine that is the bitmap of
 * the dump.
 */
struct minidump_set {
	u_int		*bits;
	u_int		nwords;
	u_int		slots;		/* the first of its MINIDUMP_NUSES */
	int		closed;		/* nothing is added any more */
	u_int		skipped;	/* tables that were not followed */
	uint64_t	npages;		/* in the set */
};

/*
 * Whose the slots of crashdumpmap are, the first of each: a dump's, those of
 * the sizes that sysctl(8) asks for (kern_minidumpctl.c), and those of an open
 * and of a read of /dev/minidump (kern_minidumpdev.c).  All can be in use at
 * once.
 */
#define	MINIDUMP_SLOTS_DUMP	0
#define	MINIDUMP_SLOTS_TRIAL	(1 * MINIDUMP_NUSES)
#define	MINIDUMP_SLOTS_OPEN	(2 * MINIDUMP_NUSES)
#define	MINIDUMP_SLOTS_READ	(3 * MINIDUMP_NUSES)
#define	MINIDUMP_SLOTS		(4 * MINIDUMP_NUSES)

/* Bytes that the bits of a set take: whole pages, in memory and in the dump. */
vm_size_t minidump_set_size(void);

/*
 * Begin a set from what dump_add_page() has put into the live one.  The caller
 * has set "bits", which is minidump_set_size() bytes, and "slots".
 */
void	minidump_set_init(struct minidump_set *set);

/*
 * What a window slot shows is mapped into kernel address space, and so would be
 * in a dump: let the set's slots show a page that any dump has.
 */
void	minidump_park(const struct minidump_set *set);

/* Take the pages of [start, end), physical addresses, out of it, any time. */
void	minidump_set_drop(struct minidump_set *set, vm_paddr_t start,
	    vm_paddr_t end);

/*
 * Add no more, and count.  The compressor's memory is not in any set: all that
 * it ever holds is the dump again, as bytes that cannot be compressed.
 */
void	minidump_set_close(struct minidump_set *set);

/*
 * The first page of the set that is not below "*page", or the last one that is
 * not above it: returns 1 and its number in "*page", or 0 if there is none.
 */
int	minidump_set_next(const struct minidump_set *set, uint64_t *page);
int	minidump_set_prev(const struct minidump_set *set, uint64_t *page);

/* Reserved at boot: the bits for the dump's set, and memory for kern_dumpgz. */
extern u_int *minidump_frozen_bits;
extern void *minidump_gz_arena;
#define	MINIDUMP_GZ_ARENA	(172 * 1024)

/*
 * ---- What may be left out (kern_dumpkinds.c)
 *
 * Ranges of addresses, learnt at boot, whose pages are left out when a device
 * is too small, the least useful first.  The name is for people.
 */
struct minidump_kind {
	const char	*name;
	int		physical;	/* else kernel virtual addresses */
	uint64_t	start;
	uint64_t	end;		/* exclusive; 0: no such range */
};
extern struct minidump_kind minidump_kind[];
extern const u_int minidump_nkinds;

/*
 * ---- The contents of a dump (kern_dumppages.c)
 *
 * What is given by the caller is above the line; the rest is what
 * minidump_freeze() decided.
 */
#define	MINIDUMP_NSECTIONS	5

struct minidump {
	struct minidump_set set;	/* bits and slots */
	pt_entry_t	*table;		/* a page: the entries made last */
	char		*scratch;	/* a page that is put together */
	u_int		pagesleft[MINIDUMP_LEFTOUT_MAX];  /* of each kind */
	/* ---- */
	u_int		nleft;		/* kinds that are left out */
	u_int		npieces;	/* of kernel address space */
	struct minidumphdr hdr;		/* without the machine's fields */
	vm_offset_t	msgbuf;		/* va of its text */
	uint64_t	first[MINIDUMP_NSECTIONS]; /* page of each section */
	uint64_t	npages;		/* of the whole */
	uint64_t	cursor;		/* the last section: page number, */
	uint64_t	cursorindex;	/* and place in the section */
};

/* Decide what is in the dump, leaving out the first "nleft" kinds. */
void	minidump_freeze(struct minidump *md, u_int nleft);

/* Take a page, which is at physical address "pa", out again. */
void	minidump_forget(struct minidump *md, vm_paddr_t pa);

/*
 * Page i of the dump, 0 <= i < md->npages, which can be read until the next
 * call; and the name of the section it is in.
 */
const void *minidump_page(struct minidump *md, uint64_t i);
const char *minidump_section(const struct minidump *md, uint64_t i);

/*
 * Look for page i, from where the last one was: then minidump_page() has
 * nothing to look for.
 */
void	minidump_seek(struct minidump *md, uint64_t i);

/*
 * ---- The dump device (kern_dumpout.c)
 *
 * The end of the dump device, in large writes.  There is one, as there is one
 * dump at a time.  All that return an int return 0, the dumper's errno or one
 * of those below; after an error only minidump_out_open() may be called.
 *
 * A dump whose length is known is written forwards, by minidump_out_append().
 * If it is not known, it can be written from the last byte to the first, by
 * minidump_out_prepend(), as it is the end of the dump that has its place at
 * the end of the device.  Lengths are bytes; that of the whole must be a
 * multiple of DEV_BSIZE.
 */
/* No dumper returns these, nor are they among the kernel's negative errnos. */
#define	MINIDUMP_OUT_FULL	(-1000)		/* the device is too small */
#define	MINIDUMP_OUT_ABORTED	(-1001)		/* by the operator */
#define	MINIDUMP_OUT_REPLACED (-1002)	/* by another dump */

/* How long a dump can be, and how large a device has to be for one. */
uint64_t minidump_out_room(const struct dumperinfo *di);
uint64_t minidump_out_needed(uint64_t length);

/*
 * A dump begins, or has ended: whatever an earlier one still does, because a
 * debugger has let it go on, it cannot write any more.  Returns the ticket for
 * the dump that begins.
 */
u_int	minidump_out_claim(void);

/* Make an older dump invalid.  minidump_out_open() does that, too. */
int	minidump_out_void(struct dumperinfo *di, u_int ticket);

/* "length" is 0 if it is not known. */
int	minidump_out_open(struct dumperinfo *di, u_int ticket, uint64_t length);
int	minidump_out_append(const void *buf, size_t len);
int	minidump_out_prepend(const void *buf, size_t len);

/*
 * Instead of minidump_out_open(): let minidump_out_prepend() do as ever, but
 * write nothing.  How long the dump is by now.
 */
void	minidump_out_count(struct dumperinfo *di, u_int ticket);
uint64_t minidump_out_length(void);

/* Tell the console how far it is: part of whole. */
void	minidump_out_progress(uint64_t part, uint64_t whole);

/* Make the dump valid: only if this returns 0, it is. */
int	minidump_out_close(void);

/*
 * ---- Compression (kern_dumpgz.c)
 *
 * Hand the dump, compressed, to "put", from its last byte to its first: "len"
 * bytes, which stand for the pages from i on.  "arena" is MINIDUMP_GZ_ARENA
 * bytes.  Returns 0 or what "put" returned.
 */
typedef int minidump_put_t(struct minidump *md, uint64_t i, const void *buf,
	    size_t len);
int	minidump_gz(struct minidump *md, void *arena, minidump_put_t *put);

/*
 * How many bytes that would be, about, from no more than "most" of its members
 * (1 to 256), which are spread evenly over the dump; if it has no more, to two
 * blocks of DEV_BSIZE.  For the live system.
 */
uint64_t minidump_gz_estimate(struct minidump *md, void *arena, u_int most);

#endif /* !_KERN_MINIDUMP_INT_H_ */
