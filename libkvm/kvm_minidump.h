/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The interface of the minidump reader for the rest of the library.  FreeBSD's
 * libkvm calls only the functions that kvm_private.h declares; the host library
 * also uses this header.  kvm_minidump_impl.h is for the reader's own files.
 *
 * Work is bounded by the size S of the decompressed dump, whatever it contains:
 *
 *	open		reads the bitmap and the tables in the header page, and
 *			in a compressed dump each member's header and the last
 *			member, once each
 *	read		reads at most four page table entries and one page, and
 *			counts bits in 512 bytes of the bitmap
 *	walk		visits no more entries, and reports no more runs, than
 *			there could be entries in S bytes, so the output of any
 *			command is less than 16 S
 *	memory		holds the bitmap and the page tables read so far: less
 *			than 2 S, plus 1 MB
 *
 * plus a small constant.  run_work() in regress/reader/run checks this.
 *
 * Functions that return an int return 0, or -1 with the error message set,
 * unless noted.
 */

#ifndef _KVM_MINIDUMP_H_
#define	_KVM_MINIDUMP_H_

#include <sys/minidump.h>

#define	PGSIZE		MINIDUMP_PAGE_SIZE
#define	TRUNC_PAGE(x)	((x) & ~(uint64_t)(PGSIZE - 1))
#define	ROUND_PAGE(x)	TRUNC_PAGE((x) + PGSIZE - 1)

/* The number of warnings that are kept for a dump, and their size. */
#define	MINIDUMP_NWARNINGS	4
#define	MINIDUMP_WARNINGLEN	256

/*
 * The location of a section, in bytes.  All offsets are relative to the
 * decompressed dump.
 */
struct minidump_section {
	uint64_t	ofs;
	uint64_t	size;		/* not rounded up to a page */
};

/* Pages that the kernel left out: an entry of struct minidump_leftout. */
struct minidump_left {
	char		name[32];	/* printable, terminated */
	uint64_t	start;
	uint64_t	end;		/* exclusive */
	int		physical;	/* the addresses are pa, not va */
	uint32_t	pages;
};

/* A range of physical addresses, whole pages. */
struct minidump_range {
	uint64_t	start;
	uint64_t	end;		/* exclusive */
	uint64_t	first;		/* number of pages in earlier ranges */
};

/* Bytes of the dump that could not be read when it was saved. */
struct minidump_lost {
	uint64_t	start;
	uint64_t	end;		/* exclusive */
};

/*
 * An open dump.  Its fields have been checked: no section extends past the end
 * of the file unless the dump is truncated (see _kvm_minidump_truncated()).
 *
 * The host library also opens full dumps.  These have all pages of their
 * ranges, and no other sections.
 */
struct opendump {
	const char	*arch;		/* MACHINE_ARCH */
	u_int		version;	/* of a minidump */
	int		isfull;		/* a full dump */
	uint64_t	filesize;	/* bytes in the file */
	uint64_t	size;		/* bytes of the dump in the file */
	uint64_t	nmembers;	/* of a compressed dump, else 0 */
	u_int		hdrsize;	/* bytes of header fields */
	uint64_t	kernbase;	/* va of the first page table entry */
	uint64_t	kernlast;	/* highest va; 0: no page tables */
	uint64_t	dmapbase;	/* direct map, amd64: va */
	uint64_t	dmapend;	/* exclusive */
	uint64_t	physend;	/* end of possible memory: pa */
	u_int		paemode;	/* i386 */
	u_int		ptrsize;	/* size of a kernel pointer */
	const struct minidump_paging *paging;
	u_int		top;		/* level of the entries in ptes; 0 in */
					/* a full dump, which has none: then */
	uint64_t	root;		/* pa of the top-level table */
	uint64_t	lowest;		/* and the lowest va that it maps */
	const char	*why;		/* why root is unknown, or NULL */
	int		hasavail;	/* the dump has dump_avail */
	u_int		nranges;
	struct minidump_range *ranges;	/* ascending; none: all of memory */
	struct minidump_section msgbuf;
	struct minidump_section avail;
	struct minidump_section bitmap;
	struct minidump_section ptes;
	struct minidump_section pages;
	uint64_t	npages;		/* bits that are set */
	uint64_t	nmissing;	/* of these, not fully in the file */
	uint64_t	placed;		/* bytes that are accounted for */
	uint64_t	firstpage;	/* lowest dumped page: pa */
	uint64_t	lastpage;	/* highest dumped page: pa */
	u_int		leftsize;	/* bytes in the table; 0: none */
	u_int		nleft;
	struct minidump_left left[MINIDUMP_LEFTOUT_MAX];
	u_int		lostsize;	/* bytes in the table; 0: none */
	u_int		nlost;
	struct minidump_lost lost[MINIDUMP_NOTREAD_MAX];
	u_int		livesize;	/* bytes in the record; 0: none */
	uint64_t	opened;		/* seconds since 1970 */
	u_int		nwarnings;
	char		warning[MINIDUMP_NWARNINGS][MINIDUMP_WARNINGLEN];
};

/*
 * A run of pages of kernel address space that one page table entry describes.
 * If they are mapped, it is to contiguous memory, of which "pa" is the first
 * byte.
 */
struct minidump_run {
	uint64_t	len;		/* bytes; 0: the tables end here */
	int		mapped;
	int		writable;
	int		executable;
	uint64_t	pa;
};

/*
 * A paging mode.  Level 1 is the level whose entries map pages; "valid" and
 * what follows it are the bits of an entry.
 */
struct minidump_paging {
	u_int		entsize;	/* bytes in an entry */
	u_int		nlevels;
	u_int		nlarge;		/* levels with superpages, and 1 */
	u_int		bits[4];	/* bits of va that index each level */
	uint64_t	valid;
	uint64_t	large;		/* above level 1: maps a superpage */
	uint64_t	writable;
	uint64_t	noexec;		/* not executable */
	uint64_t	frame;		/* pa, in its place */
};
/* The architectures' own. */
extern const struct minidump_paging _kvm_minidump_paging_amd64;
extern const struct minidump_paging _kvm_minidump_paging_i386;
extern const struct minidump_paging _kvm_minidump_paging_pae;

/* Return the number of bytes that an entry of this level maps. */
uint64_t _kvm_minidump_span(const struct minidump_paging *p, u_int level);

/*
 * A format: one version for one architecture.  header() checks the
 * machine-dependent fields of the header, which begins at "page", and stores
 * them in "md"; for a full dump, it parses the whole header.
 */
struct minidump_ops {
	const char	*magic;		/* NULL: a full dump */
	const char	*arch;		/* MACHINE_ARCH */
	uint32_t	version;
	u_int		hdrsize;	/* bytes of the header of version 1 */
	u_int		availofs;	/* of dumpavailsize; 0: none */
	u_int		top;		/* level of the page table entries */
	int		(*header)(kvm_t *kd, const void *page,
			    struct opendump *md);
};

/*
 * Like initvtop(), but with additional formats: "other" examines the first n
 * bytes of the dump, and returns NULL if it does not know their format.
 */
typedef const struct minidump_ops *minidump_other_t(const u_char *buf,
	    size_t n);
int	_kvm_minidump_init(kvm_t *kd, minidump_other_t *other);

/* Return the open dump; NULL if kd has none. */
const struct opendump *_kvm_minidump(kvm_t *kd);

/* Return whether the file ends before the dump does. */
int	_kvm_minidump_truncated(const struct opendump *md);

/*
 * Read up to len bytes at byte ofs of the dump.  Returns the number of bytes
 * read, which is less than len only at the end.  Returns -1 with the error
 * message set on failure, which includes bytes that could not be read when the
 * dump was saved.
 */
ssize_t	_kvm_minidump_pread(kvm_t *kd, void *buf, size_t len, uint64_t ofs);

/*
 * Translate kernel virtual address va to an offset in the dump.  Returns the
 * number of bytes that can be read from *ofs on, up to the end of the page; 0
 * with the error message set if there are none.
 */
int	_kvm_minidump_vatop64(kvm_t *kd, uint64_t va, off_t *ofs);

/* The same for physical address pa; va is only for the error message. */
int	_kvm_minidump_patoofs(kvm_t *kd, uint64_t va, uint64_t pa, off_t *ofs);

/*
 * The same, but succeed even if the bytes could not be read when the dump was
 * saved.  "what" says what the page is used for, for the error message.
 */
int	_kvm_minidump_locate(kvm_t *kd, const char *what, uint64_t va,
	    uint64_t pa, off_t *ofs);

/*
 * Return whether page pa was dumped, even if the file was truncated before it.
 * "*len" is the number of bytes, up to "end", for which the answer is the same.
 */
int	_kvm_minidump_isdumped(kvm_t *kd, uint64_t pa, uint64_t end,
	    uint64_t *len);

/*
 * Find the table entry that says that this page was left out; NULL if there is
 * none.  "*len" is reduced to the number of bytes for which the answer is the
 * same.
 */
const struct minidump_left *_kvm_minidump_findleft(const struct opendump *md,
	    uint64_t va, uint64_t pa, uint64_t *len);

/* Find the first lost range among these bytes; NULL if none is lost. */
const struct minidump_lost *_kvm_minidump_findlost(const struct opendump *md,
	    uint64_t ofs, uint64_t len);

/* Translate kernel virtual address va to a physical address. */
int	_kvm_minidump_vatopa(kvm_t *kd, uint64_t va, uint64_t *pap);

/*
 * Find the first run of pages, contiguous in memory and in the dump, that the
 * file has between physical addresses *pa and end (exclusive).  Sets "*pa",
 * "*ofs" and "*len" to its address, offset and length in bytes; "*len" is 0 if
 * there is none.
 */
int	_kvm_minidump_nextpages(kvm_t *kd, uint64_t *pa, uint64_t end,
	    uint64_t *ofs, uint64_t *len);

/*
 * Look up the run of pages at va in the page tables.  On failure, "len" is the
 * number of bytes for which the lookup fails for the same reason.
 */
int	_kvm_minidump_findrun(kvm_t *kd, const struct opendump *md, uint64_t va,
	    struct minidump_run *run);

/*
 * Return the maximum number of steps, each an entry or a run of pages, that a
 * walk of all mappings may take: slightly more than the number of entries that
 * fit into the dump.  A kernel uses each page table once; in a damaged dump, a
 * table that is used many times could make the walk endless.
 */
uint64_t _kvm_minidump_walkmax(const struct opendump *md);

/*
 * Read the page table entry at physical address pa; va is only for the error
 * message.  On failure, "*n" is the number of entries that cannot be read for
 * the same reason; it is unchanged if these are all up to the end of the table.
 */
int	_kvm_minidump_entry(kvm_t *kd, const struct opendump *md, uint64_t va,
	    uint64_t pa, uint64_t *entry, uint64_t *n);

/*
 * Return the size of a member of a compressed dump, whose first n bytes are at
 * p; 0 if they are not a member's.  The first member of a file ("first") may
 * have other forms as well.
 */
u_int	_kvm_minidump_gz_header(const u_char *p, size_t n);

/*
 * Append a range to md; ranges are added in ascending order.  Returns -1 if
 * there is no memory.
 */
int	_kvm_minidump_addrange(kvm_t *kd, struct opendump *md, uint64_t start,
	    uint64_t end);

#endif /* !_KVM_MINIDUMP_H_ */
