/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What the parts of the minidump reader know of each other.
 *
 *	kvm_minidump.c		opens the dump, and has what libkvm calls
 *	kvm_minidump_ranges.c	which page each bit of the bitmap stands for
 *	kvm_minidump_bitmap.c	which pages the dump has
 *	kvm_minidump_missing.c	what was left out, or not read
 *	kvm_minidump_tables.c	the page tables
 *	kvm_minidump_<arch>.c	a table of operations each
 *	kvm_minidump_gz.c	below them all, where the dump is compressed
 *
 * libkvm's other files call only the functions that kvm_private.h declares, and
 * the host library and vmcore(8) those below as well, up to struct vmstate.
 *
 * Work is bounded by the size S of the dump, decompressed, whatever the dump
 * says of itself:
 *
 *	opening		reads the bitmap, the tables of the header page, and of
 *			a compressed dump each member's header and the last
 *			member, once each
 *	a read		takes up to four entries of page tables, counts bits of
 *			512 bytes of the bitmap, and reads one page
 *	a walk		of all that is mapped looks at no more entries, and tells
 *			of no more runs, than there could be entries in S bytes:
 *			so the output of any command is less than 16 S
 *	memory		for the bitmap and the page tables that were read, less
 *			than 2 S, and 1 MB
 *
 * and a little that does not depend on the dump.  regress/reader/run counts, in
 * run_work().
 *
 * Functions that return an int return 0, or -1 with the error message set,
 * unless they say otherwise.
 */

#ifndef _KVM_MINIDUMP_H_
#define	_KVM_MINIDUMP_H_

#include <sys/minidump.h>

#define	PGSIZE		MINIDUMP_PAGE_SIZE
#define	TRUNC_PAGE(x)	((x) & ~(uint64_t)(PGSIZE - 1))
#define	ROUND_PAGE(x)	TRUNC_PAGE((x) + PGSIZE - 1)

/*
 * What <sys/minidump.h> tells is version 1 of the format.  Later versions, of
 * other kernels than this project's, have the same magics, and the same
 * sections but for these:
 *
 *	dump_avail	behind the message buffer; of amd64 from version 3 on,
 *			of i386 from version 2 on: dumpavailsize bytes, which
 *			are pairs of 64-bit physical addresses, the start and
 *			the end (exclusive) of a range of memory; an end of 0
 *			is behind the last.  Bit N of the bitmap stands for the
 *			Nth page of these ranges, laid end to end
 *	page tables	of amd64 from version 2 on: page directory entries for
 *			kernel address space from kernbase on.  The page tables
 *			are among the pages that are dumped
 *
 * dumpavailsize has 32 bits, and is behind the header of version 1.
 */
#define	MINIDUMP_AVAILSIZE	4	/* bytes of dumpavailsize */
#define	MINIDUMP_AVAILPAIR	16

/* A page directory entry is as a page table entry, but may map a superpage. */
#define	MINIDUMP_PDE_PS		0x080

/* Bytes that the headers of all members of a compressed dump begin with. */
#define	MINIDUMP_GZ_START	16

/* How many warnings about one dump are kept, and how long they are. */
#define	MINIDUMP_NWARNINGS	4
#define	MINIDUMP_WARNINGLEN	256

/*
 * Where in the dump a section is, and how much of it counts: bytes.  These
 * offsets, and all others here, are those of the plain dump, whether the file
 * is compressed or not.
 */
struct minidump_section {
	uint64_t	ofs;
	uint64_t	size;		/* not rounded up to a page */
};

/* Pages that the kernel left out: a row of struct minidump_leftout. */
struct minidump_left {
	char		name[32];	/* printable, terminated */
	uint64_t	start;
	uint64_t	end;		/* exclusive */
	int		physical;	/* these are pa, not va */
	uint32_t	pages;
};

/* A range of physical addresses, whole pages. */
struct minidump_range {
	uint64_t	start;
	uint64_t	end;		/* exclusive */
	uint64_t	first;		/* pages in the ranges before it */
};

/* Bytes of the dump that could not be read when it was saved. */
struct minidump_lost {
	uint64_t	start;
	uint64_t	end;		/* exclusive */
};

/*
 * An open dump.  All of it is checked: no section reaches beyond the end of
 * the file unless the dump is cut short (see _kvm_minidump_truncated()).
 *
 * A full dump, which the host library opens as well, has pages and no other
 * sections: all pages of its ranges.
 */
struct minidump {
	const struct minidump_ops *ops;
	uint64_t	filesize;	/* bytes of the file */
	uint64_t	size;		/* bytes that it has of the dump */
	uint64_t	nmembers;	/* of a compressed dump, else 0 */
	u_int		hdrsize;	/* bytes that have a meaning */
	uint64_t	kernbase;	/* va of the first page table entry */
	uint64_t	kernlast;	/* last va of all; 0: no page tables */
	uint64_t	dmapbase;	/* direct map, amd64: va */
	uint64_t	dmapend;	/* exclusive */
	uint64_t	physend;	/* no memory lies here or above: pa */
	u_int		paemode;	/* i386 */
	u_int		ptrsize;	/* bytes in a pointer of the kernel */
	const struct minidump_paging *paging;
	u_int		top;		/* level of the entries that are ptes; */
					/* 0: there are none, as of a full */
	uint64_t	root;		/* dump: pa of the table for all va, */
	uint64_t	lowest;		/* and the first of these */
	const char	*why;		/* root is not known; NULL: no kernel */
	u_int		nranges;
	struct minidump_range *ranges;	/* rising; none: all of memory */
	struct minidump_section msgbuf;
	struct minidump_section avail;
	struct minidump_section bitmap;
	struct minidump_section ptes;
	struct minidump_section pages;
	uint64_t	npages;		/* bits that are set */
	uint64_t	nmissing;	/* of these, not wholly in the file */
	uint64_t	placed;		/* bytes whose meaning is known */
	uint64_t	firstpage;	/* lowest page whose bit is set ... */
	uint64_t	lastpage;	/* ... and highest: pa */
	u_int		leftsize;	/* bytes of the table, 0: none */
	u_int		nleft;
	struct minidump_left left[MINIDUMP_LEFTOUT_MAX];
	u_int		lostsize;	/* bytes of the table, 0: none */
	u_int		nlost;
	struct minidump_lost lost[MINIDUMP_NOTREAD_MAX];
	u_int		nwarnings;	/* what a user should know */
	char		warning[MINIDUMP_NWARNINGS][MINIDUMP_WARNINGLEN];
};

/*
 * What the page tables say of "len" bytes of kernel address space, whole
 * pages.  "pte" has MINIDUMP_PTE_V if they are mapped, one behind the other,
 * and then the frame of the first, MINIDUMP_PTE_RW and MINIDUMP_PTE_NX.
 */
struct minidump_piece {
	uint64_t	len;		/* 0: the tables end here */
	uint64_t	pte;
};

/*
 * A way of paging, whose levels count from 1, that of the entries for pages.
 */
struct minidump_paging {
	u_int		entsize;	/* bytes in an entry */
	u_int		nlevels;
	u_int		nlarge;		/* at so many a page can be mapped */
	u_int		bits[4];	/* of va, that each level is an index by */
};
enum { PAGING_AMD64, PAGING_I386, PAGING_PAE };
extern const struct minidump_paging _kvm_minidump_paging[];

/* What an entry of this level maps: bytes. */
uint64_t _kvm_minidump_span(const struct minidump_paging *p, u_int level);

/*
 * One format of one architecture.  header() takes the fields that belong to
 * the architecture from the header into "md", and checks them; of a full dump
 * that is all that there is.
 */
struct minidump_ops {
	const char	*magic;		/* NULL: a full dump */
	const char	*arch;		/* MACHINE_ARCH */
	uint32_t	version;
	u_int		availofs;	/* of dumpavailsize; 0: not there */
	u_int		top;		/* level of the page table entries */
	int		(*header)(kvm_t *kd, const struct minidumphdr *hdr,
			    struct minidump *md);
};

/* For each version, from 1 on; the last one has no magic. */
extern const struct minidump_ops _kvm_minidump_amd64[];
extern const struct minidump_ops _kvm_minidump_i386[];

/*
 * initvtop() for more formats: "other" looks at the first n bytes of the dump,
 * and returns NULL if they are of none that it knows.
 */
typedef const struct minidump_ops *minidump_other_t(const u_char *buf,
	    size_t n);
int	_kvm_minidump_init(kvm_t *kd, minidump_other_t *other);

/* The dump that is open; NULL if kd has none. */
const struct minidump *_kvm_minidump(kvm_t *kd);

/* Whether the file ends before the dump does. */
int	_kvm_minidump_truncated(const struct minidump *md);

/* Whether it is a full dump. */
int	_kvm_minidump_isfull(const struct minidump *md);

/*
 * Read up to len bytes at byte ofs of the dump.  Returns how many there were,
 * fewer than len only at the end; -1 with the error message set after an error,
 * and if any of them could not be read when the dump was saved.
 */
ssize_t	_kvm_minidump_pread(kvm_t *kd, void *buf, size_t len, uint64_t ofs);

/* The same for the file, which may be compressed. */
ssize_t	_kvm_minidump_rawpread(kvm_t *kd, void *buf, size_t len, uint64_t ofs);

/*
 * What the user should know of a dump that is opened all the same: printed, and
 * kept in struct minidump, which has room for the first few.
 */
void	_kvm_minidump_warn(kvm_t *kd, const char *fmt, ...)
	    __attribute__((__format__(__printf__, 2, 3)));

/*
 * Find in the dump the byte that kernel virtual address va stands for.
 * Returns how many bytes can be read from *ofs on, up to the end of the page;
 * 0 with the error message set if there are none.
 */
int	_kvm_minidump_vatop64(kvm_t *kd, uint64_t va, off_t *ofs);

/* The same for physical address pa; va is what an error message names. */
int	_kvm_minidump_patoofs(kvm_t *kd, uint64_t va, uint64_t pa, off_t *ofs);

/*
 * Whether the dump has page pa, even if the file is cut off from it; "*len" is
 * for how many bytes of pages that is so, up to "end".
 */
int	_kvm_minidump_isdumped(kvm_t *kd, uint64_t pa, uint64_t end,
	    uint64_t *len);

/*
 * What was left out that had this page; NULL if that is not known.  "*len"
 * becomes for how many bytes that is so, if it was more.
 */
const struct minidump_left *_kvm_minidump_findleft(const struct minidump *md,
	    uint64_t va, uint64_t pa, uint64_t *len);

/* Find the physical address that kernel virtual address va stands for. */
int	_kvm_minidump_vatopa(kvm_t *kd, uint64_t va, uint64_t *pap);

/*
 * Find the first page that the file has of physical addresses *pa to end,
 * exclusive, and how many bytes of pages that are adjacent, in memory and in
 * the dump, begin there.  "*len" is their number, and then "*pa" is their
 * address and "*ofs" their place in the dump; 0 if there are none.
 */
int	_kvm_minidump_nextpages(kvm_t *kd, uint64_t *pa, uint64_t end,
	    uint64_t *ofs, uint64_t *len);

/*
 * Find out what is mapped from page va on; after an error "len" says how much
 * cannot be known for the same reason.
 */
int	_kvm_minidump_piece(kvm_t *kd, const struct minidump *md, uint64_t va,
	    struct minidump_piece *piece);

/*
 * How many steps a walk of all that is mapped may take, each an entry or a run
 * of pages: as many as the dump has room for entries, and a few.  Those of a
 * kernel are each in one place; with a table that is in many, a small file
 * would make no end of work.
 */
uint64_t _kvm_minidump_walkmax(const struct minidump *md);

/*
 * Read the entry at physical address pa, whose size is that of the dump's; va
 * is what an error message names, and "*n" becomes how many entries cannot be
 * read for the same reason, if it is not all of them up to the end of the table.
 */
int	_kvm_minidump_entry(kvm_t *kd, const struct minidump *md, uint64_t va,
	    uint64_t pa, uint64_t *entry, uint64_t *n);

/*
 * Make the next range of md; those before it are lower.  Returns -1 if there
 * is no memory.
 */
int	_kvm_minidump_addrange(kvm_t *kd, struct minidump *md, uint64_t start,
	    uint64_t end);

/*
 * Compressed dumps.  header() checks the first n bytes of a member, which for
 * the first one of a file, "first", has more forms: it returns how many bytes
 * the member has, 0 if these are not the bytes of a member.  gz_start[] is what
 * a header without padding begins with.
 */
extern const u_char _kvm_minidump_gz_start[MINIDUMP_GZ_START];
u_int	_kvm_minidump_gz_header(const u_char *p, size_t n, int first);

/*
 * What kd->vmst is while a dump is open.  This, and what follows, is for the
 * files of the reader alone; but for "md" each of the parts is its own file's.
 */
struct vmstate {
	struct minidump	md;
	struct minidump_bitmap *bitmap;	/* NULL: a full dump */
	struct minidump_tables *tables;
	struct minidump_gz *gz;		/* NULL: the file is the dump */
};

/*
 * _kvm_minidump_patoofs(), whether the bytes were read when the dump was saved
 * or not: "what" is what va needs that page for.
 */
int	_kvm_minidump_locate(kvm_t *kd, const char *what, uint64_t va,
	    uint64_t pa, off_t *ofs);

/* Read dump_avail, if the dump has one, and check the bitmap's size by it. */
int	_kvm_minidump_loadavail(kvm_t *kd);

/* How many pages the ranges have. */
uint64_t _kvm_minidump_rangepages(const struct minidump *md);

/* The first range that ends after pa; NULL if there is none. */
const struct minidump_range *_kvm_minidump_findrange(const struct minidump *md,
	    uint64_t pa);

/*
 * Which bit of the bitmap is that of the page at physical address pa; -1 if
 * there is none.  The reverse is for a bit that has a page.
 */
int64_t	_kvm_minidump_patobit(const struct minidump *md, uint64_t pa);
uint64_t _kvm_minidump_bittopa(const struct minidump *md, uint64_t bit);

/*
 * Count the bitmap's bits, and find the first and the last page.  After an
 * error, too, kd->vmst->bitmap is to be closed; it may be NULL.
 */
int	_kvm_minidump_bitmap_open(kvm_t *kd);
void	_kvm_minidump_bitmap_close(struct minidump_bitmap *bitmap);

/*
 * Whether the dump has the page at physical address pa.  Returns 1 if so, and
 * how many pages are before it in "*before"; 0 if not; -1 with the error
 * message set if that cannot be told; MINIDUMP_BITCUT, without a message, if
 * its bit is beyond the end of the file.
 */
#define	MINIDUMP_BITCUT	2
int	_kvm_minidump_findbit(kvm_t *kd, uint64_t pa, uint64_t *before);

/*
 * What is kept of the page tables: nothing is read yet.  NULL with the error
 * message set if there is no memory.
 */
struct minidump_tables *_kvm_minidump_tables_open(kvm_t *kd);
void	_kvm_minidump_tables_close(struct minidump_tables *tables);

/* Read the tables of what was left out and of what was not read, if any. */
int	_kvm_minidump_loadmissing(kvm_t *kd);

/* The first of what was lost of these bytes of the dump; NULL: nothing. */
const struct minidump_lost *_kvm_minidump_findlost(const struct minidump *md,
	    uint64_t ofs, uint64_t len);

/* How many pages that the file has are not wholly read. */
uint64_t _kvm_minidump_countlost(const struct minidump *md);

/*
 * Open the compressed dump kd->pmfd of "filesize" bytes; NULL with the error
 * message set if it is none.  A file that is cut short or damaged is opened as
 * long as its first member is whole.
 */
struct minidump_gz *_kvm_minidump_gz_open(kvm_t *kd, uint64_t filesize);
void	_kvm_minidump_gz_close(struct minidump_gz *gz);

uint64_t _kvm_minidump_gz_nmembers(const struct minidump_gz *gz);

/*
 * How many bytes the members have, as far as they tell.  fit() returns the same
 * once it is known how many the dump has: more, if those may be in a damaged
 * member, or less, if others are not to be trusted.
 */
uint64_t _kvm_minidump_gz_size(const struct minidump_gz *gz);
uint64_t _kvm_minidump_gz_fit(kvm_t *kd, const struct minidump_gz *gz,
	    uint64_t size);

/* _kvm_minidump_pread(): a member that is damaged is an error. */
ssize_t	_kvm_minidump_gz_pread(kvm_t *kd, struct minidump_gz *gz, void *buf,
	    size_t len, uint64_t ofs);

#endif /* !_KVM_MINIDUMP_H_ */
