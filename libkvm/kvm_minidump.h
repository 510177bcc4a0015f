/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The minidump reader, for the files of the library that it is in: FreeBSD's
 * libkvm calls what kvm_private.h declares, and the host library what is here
 * as well.  kvm_minidump_impl.h is for the reader's own files.
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

/* A page directory entry is as a page table entry, but may map a superpage. */
#define	MINIDUMP_PDE_PS		0x080

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
struct opendump {
	const char	*arch;		/* MACHINE_ARCH */
	u_int		version;	/* of a minidump */
	int		isfull;		/* a full dump */
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
	int		hasavail;	/* there is dump_avail */
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
	u_int		livesize;	/* bytes of the record, 0: none; */
	uint64_t	opened;		/* seconds since 1970 */
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
			    struct opendump *md);
};

/*
 * initvtop() for more formats: "other" looks at the first n bytes of the dump,
 * and returns NULL if they are of none that it knows.
 */
typedef const struct minidump_ops *minidump_other_t(const u_char *buf,
	    size_t n);
int	_kvm_minidump_init(kvm_t *kd, minidump_other_t *other);

/* The dump that is open; NULL if kd has none. */
const struct opendump *_kvm_minidump(kvm_t *kd);

/* Whether the file ends before the dump does. */
int	_kvm_minidump_truncated(const struct opendump *md);

/*
 * Read up to len bytes at byte ofs of the dump.  Returns how many there were,
 * fewer than len only at the end; -1 with the error message set after an error,
 * and if any of them could not be read when the dump was saved.
 */
ssize_t	_kvm_minidump_pread(kvm_t *kd, void *buf, size_t len, uint64_t ofs);

/*
 * Find in the dump the byte that kernel virtual address va stands for.
 * Returns how many bytes can be read from *ofs on, up to the end of the page;
 * 0 with the error message set if there are none.
 */
int	_kvm_minidump_vatop64(kvm_t *kd, uint64_t va, off_t *ofs);

/* The same for physical address pa; va is what an error message names. */
int	_kvm_minidump_patoofs(kvm_t *kd, uint64_t va, uint64_t pa, off_t *ofs);

/*
 * The same, whether the bytes were read when the dump was saved or not: "what"
 * is what va needs that page for.
 */
int	_kvm_minidump_locate(kvm_t *kd, const char *what, uint64_t va,
	    uint64_t pa, off_t *ofs);

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
const struct minidump_left *_kvm_minidump_findleft(const struct opendump *md,
	    uint64_t va, uint64_t pa, uint64_t *len);

/* The first of what was lost of these bytes of the dump; NULL: nothing. */
const struct minidump_lost *_kvm_minidump_findlost(const struct opendump *md,
	    uint64_t ofs, uint64_t len);

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
int	_kvm_minidump_piece(kvm_t *kd, const struct opendump *md, uint64_t va,
	    struct minidump_piece *piece);

/*
 * How many steps a walk of all that is mapped may take, each an entry or a run
 * of pages: as many as the dump has room for entries, and a few.  Those of a
 * kernel are each in one place; with a table that is in many, a small file
 * would make no end of work.
 */
uint64_t _kvm_minidump_walkmax(const struct opendump *md);

/*
 * Read the entry at physical address pa, whose size is that of the dump's; va
 * is what an error message names, and "*n" becomes how many entries cannot be
 * read for the same reason, if it is not all of them up to the end of the table.
 */
int	_kvm_minidump_entry(kvm_t *kd, const struct opendump *md, uint64_t va,
	    uint64_t pa, uint64_t *entry, uint64_t *n);

/*
 * How many bytes the member of a compressed dump has whose first n bytes these
 * are; 0 if they are none of one.  The first member of a file, "first", has more
 * forms.
 */
u_int	_kvm_minidump_gz_header(const u_char *p, size_t n, int first);

/*
 * Make the next range of md; those before it are lower.  Returns -1 if there
 * is no memory.
 */
int	_kvm_minidump_addrange(kvm_t *kd, struct opendump *md, uint64_t start,
	    uint64_t end);

#endif /* !_KVM_MINIDUMP_H_ */
