/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What the reader's own files know of each other, and no other file does.  They
 * are layers, here from the lowest on, and a file calls only those that are
 * before it; regress/library holds that.
 *
 *	kvm_minidump_file.c	bytes of the file; warnings
 *	kvm_minidump_gzindex.c	where the members of a compressed dump are
 *	kvm_minidump_gz.c	what is in them
 *	kvm_minidump_bytes.c	bytes of the dump
 *	kvm_minidump_missing.c	what was left out, or not read
 *	kvm_minidump_ranges.c	which page each bit of the bitmap stands for
 *	kvm_minidump_bitmap.c	which pages the dump has
 *	kvm_minidump_pages.c	where they are
 *	kvm_minidump_tables.c	page tables
 *	kvm_minidump_amd64.c	an architecture's fields of the header ...
 *	kvm_minidump_i386.c	... and of the other
 *	kvm_minidump_header.c	the header
 *	kvm_minidump.c		opening, and what libkvm calls
 *
 * Functions that return an int return 0, or -1 with the error message set,
 * unless they say otherwise.
 */

#ifndef _KVM_MINIDUMP_IMPL_H_
#define	_KVM_MINIDUMP_IMPL_H_

/*
 * What kd->vmst is while a dump is open.  All of them read "md", which is filled
 * as it is opened; each of the others is its own file's.
 */
struct vmstate {
	struct opendump	md;
	struct minidump_gz *gz;		/* NULL: the file is the dump */
	struct minidump_bitmap *bitmap;	/* NULL: a full dump */
	struct minidump_tables *tables;
};

/*
 * The file.
 */

/* The magic of any architecture begins with this, and any gzip file. */
#define	MINIDUMP_ANYMAGIC	"minidump "
#define	MINIDUMP_GZMAGIC	"\037\213"
#define	MINIDUMP_MAGIC_MAX	16

/* How many bytes it has. */
int	_kvm_minidump_filesize(kvm_t *kd, uint64_t *size);

/* Whether the file begins with these bytes. */
int	_kvm_minidump_begins(kvm_t *kd, const char *magic);

/*
 * Read up to len bytes of the file, which may be compressed.  Returns how many
 * there were, fewer than len only at the end; -1 with the error message set
 * after an error.
 */
ssize_t	_kvm_minidump_rawpread(kvm_t *kd, void *buf, size_t len, uint64_t ofs);

/*
 * What the user should know of a dump that is opened all the same: printed, and
 * kept in struct opendump, which has room for the first few.
 */
void	_kvm_minidump_warn(kvm_t *kd, const char *fmt, ...)
	    __attribute__((__format__(__printf__, 2, 3)));

/*
 * Members of a compressed dump.
 */

/* Where in a header the length of the extra field is, and the field. */
#define	MINIDUMP_GZ_XLEN	10
#define	MINIDUMP_GZ_XFIELD	12
/* How long its two subfields are, but for what pads. */
#define	MINIDUMP_GZ_XLENBC	6
#define	MINIDUMP_GZ_XLENMP	4

/*
 * Which byte of a header is not as in every other; -1 if there is none.  The
 * first member, "first", may have padding.
 */
int	_kvm_minidump_gz_wrongbyte(const u_char *p, size_t n, int first);

/*
 * How many bytes the empty member has that is before another in these bytes; 0
 * if there is none.
 */
u_int	_kvm_minidump_gz_isempty(const u_char *p, u_int n);

/*
 * The members of a file of "filesize" bytes, which is set before it is made.
 */
struct minidump_gzindex {
	uint64_t	filesize;
	uint64_t	nmembers;
	uint64_t	sure;		/* as many are where they seem to be */
	struct minidump_gzgroup *groups;
	size_t		maxgroups;	/* as many are allocated */
	u_char		buf[MINIDUMP_GZ_MAX];	/* one member of the file */
};
int	_kvm_minidump_gzindex_make(kvm_t *kd, struct minidump_gzindex *idx);
void	_kvm_minidump_gzindex_free(struct minidump_gzindex *idx);

/* Where member n is in the file, and its size. */
uint64_t _kvm_minidump_gzindex_where(const struct minidump_gzindex *idx,
	    uint64_t n, u_int *size);

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

/*
 * What is missing.
 */

/* Read the tables of what was left out and of what was not read, if any. */
int	_kvm_minidump_loadmissing(kvm_t *kd);

/* How many pages that the file has are not wholly read. */
uint64_t _kvm_minidump_countlost(const struct opendump *md);

/*
 * Ranges of memory.
 */

/* Read dump_avail, if the dump has one, and check the bitmap's size by it. */
int	_kvm_minidump_loadavail(kvm_t *kd);

/* How many pages the ranges have. */
uint64_t _kvm_minidump_rangepages(const struct opendump *md);

/* The first range that ends after pa; NULL if there is none. */
const struct minidump_range *_kvm_minidump_findrange(const struct opendump *md,
	    uint64_t pa);

/*
 * Which bit of the bitmap is that of the page at physical address pa; -1 if
 * there is none.  The reverse is for a bit that has a page.
 */
int64_t	_kvm_minidump_patobit(const struct opendump *md, uint64_t pa);
uint64_t _kvm_minidump_bittopa(const struct opendump *md, uint64_t bit);

/*
 * The bitmap.
 */

/*
 * Count the bits, and find the first and the last page.  After an error, too,
 * kd->vmst->bitmap is to be closed; it may be NULL.
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
 * Find the first bit that is set of those from "*bit" to "end", how many are
 * set before it, and how many from it on: "*n" is 0 if there is none.
 */
int	_kvm_minidump_nextbits(kvm_t *kd, uint64_t *bit, uint64_t end,
	    uint64_t *before, uint64_t *n);

/*
 * Page tables.
 */

/*
 * What is kept of them: nothing is read yet.  NULL with the error message set
 * if there is no memory.
 */
struct minidump_tables *_kvm_minidump_tables_open(kvm_t *kd);
void	_kvm_minidump_tables_close(struct minidump_tables *tables);

/*
 * The header.
 *
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

/* For each version, from 1 on; the last one has no magic. */
extern const struct minidump_ops _kvm_minidump_amd64[];
extern const struct minidump_ops _kvm_minidump_i386[];

/* Read the header, and say where the sections are. */
int	_kvm_minidump_loadheader(kvm_t *kd, minidump_other_t *other);

#endif /* !_KVM_MINIDUMP_IMPL_H_ */
