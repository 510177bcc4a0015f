/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The interfaces between the reader's own files.  These are layers, lowest
 * first; a file calls only those listed before it, and regress/library checks
 * this.
 *
 *	kvm_minidump_file.c	bytes of the file; warnings
 *	kvm_minidump_gzheader.c	the header of a member
 *	kvm_minidump_gzindex.c	where the members of a compressed dump are
 *	kvm_minidump_gz.c	their contents
 *	kvm_minidump_bytes.c	bytes of the dump
 *	kvm_minidump_missing.c	what was left out, or not read
 *	kvm_minidump_ranges.c	which page each bit of the bitmap stands for
 *	kvm_minidump_bitmap.c	which pages the dump has
 *	kvm_minidump_pages.c	where they are
 *	kvm_minidump_tables.c	page tables
 *	kvm_minidump_amd64.c	machine-dependent: paging, header fields: amd64,
 *	kvm_minidump_i386.c	and i386
 *	kvm_minidump_header.c	the header
 *	kvm_minidump.c		opening a dump, and the calls from libkvm
 *
 * Functions that return an int return 0, or -1 with the error message set,
 * unless noted.
 */

#ifndef _KVM_MINIDUMP_IMPL_H_
#define	_KVM_MINIDUMP_IMPL_H_

/*
 * kd->vmst while a dump is open.  "md" is filled in during opening, and all
 * files read it; each other member is private to one file.
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

/* How all minidumps begin, and all gzip files. */
#define	MINIDUMP_ANYMAGIC	"minidump "
#define	MINIDUMP_GZMAGIC	"\037\213"
#define	MINIDUMP_MAGIC_MAX	16

/* Find the size of the file. */
int	_kvm_minidump_filesize(kvm_t *kd, uint64_t *size);

/* Return whether the file begins with these bytes. */
int	_kvm_minidump_begins(kvm_t *kd, const char *magic);

/*
 * Read up to len bytes of the file itself, which may be compressed.  Returns
 * the number of bytes read, which is less than len only at the end; -1 with the
 * error message set on failure.
 */
ssize_t	_kvm_minidump_rawpread(kvm_t *kd, void *buf, size_t len, uint64_t ofs);

/*
 * Add a warning about a dump that can be opened nevertheless.  struct opendump
 * keeps the first few.
 */
void	_kvm_minidump_warn(kvm_t *kd, const char *fmt, ...)
	    __attribute__((__format__(__printf__, 2, 3)));

/*
 * Members of a compressed dump.
 */

/* Offsets in a header: the length of the extra field, and the field. */
#define	MINIDUMP_GZ_XLEN	10
#define	MINIDUMP_GZ_XFIELD	12

/*
 * Return the offset of the first byte that is wrong in a member's header; -1 if
 * there is none.
 */
int	_kvm_minidump_gz_wrongbyte(const u_char *p, size_t n);

/*
 * Parse the subfields that follow BC in a whole header.  "*sizes" becomes those
 * of the "*nsizes" members that follow this one, or NULL.  Returns -1, without
 * a message, if the subfields are damaged.
 */
int	_kvm_minidump_gz_extra(const u_char *p, u_int length,
	    const u_char **sizes, u_int *nsizes);

/* An index of the members of a file.  The caller sets "filesize". */
struct minidump_gzindex {
	uint64_t	filesize;
	uint64_t	nmembers;
	uint64_t	sure;		/* members whose offsets are certain */
	int		numbered;	/* headers have the member's number */
	struct minidump_gzgroup *groups;
	size_t		maxgroups;	/* allocated */
	u_char		buf[MINIDUMP_GZ_MAX];	/* one member of the file */
};
int	_kvm_minidump_gzindex_make(kvm_t *kd, struct minidump_gzindex *idx);
void	_kvm_minidump_gzindex_free(struct minidump_gzindex *idx);

/*
 * Return the size of the member at p that precedes another one and is empty or
 * not member n; 0 if there is none.
 */
u_int	_kvm_minidump_gzindex_skip(const struct minidump_gzindex *idx,
	    const u_char *p, u_int size, uint64_t n);

/* Return the offset of member n in the file, and its size; 0: it is missing. */
uint64_t _kvm_minidump_gzindex_where(const struct minidump_gzindex *idx,
	    uint64_t n, u_int *size);

/*
 * Open the compressed dump kd->pmfd of "filesize" bytes.  Returns NULL with the
 * error message set if it is not one.  A truncated or damaged file can be
 * opened if its first member is intact.
 */
struct minidump_gz *_kvm_minidump_gz_open(kvm_t *kd, uint64_t filesize);
void	_kvm_minidump_gz_close(struct minidump_gz *gz);

uint64_t _kvm_minidump_gz_nmembers(const struct minidump_gz *gz);

/*
 * Return the decompressed size of all members.  gz_fit() adjusts it once the
 * size of the dump is known: it is larger if the rest of the dump may be in a
 * damaged member, or smaller if other members cannot be trusted.
 */
uint64_t _kvm_minidump_gz_size(const struct minidump_gz *gz);
uint64_t _kvm_minidump_gz_fit(kvm_t *kd, const struct minidump_gz *gz,
	    uint64_t size);

/* See _kvm_minidump_pread().  Reading a damaged member fails. */
ssize_t	_kvm_minidump_gz_pread(kvm_t *kd, struct minidump_gz *gz, void *buf,
	    size_t len, uint64_t ofs);

/*
 * What is missing.
 */

/* Read the tables of pages left out and of bytes not read, if any. */
int	_kvm_minidump_loadmissing(kvm_t *kd);

/* Return the number of pages in the file with bytes that were not read. */
uint64_t _kvm_minidump_countlost(const struct opendump *md);

/*
 * Ranges of memory.
 */

/* Read dump_avail, if there is one, and check the bitmap's size against it. */
int	_kvm_minidump_loadavail(kvm_t *kd);

/* Return the number of pages in all ranges. */
uint64_t _kvm_minidump_rangepages(const struct opendump *md);

/* Return the first range that ends after pa; NULL if there is none. */
const struct minidump_range *_kvm_minidump_findrange(const struct opendump *md,
	    uint64_t pa);

/*
 * Return the number of the bit for the page at physical address pa; -1 if there
 * is none.  bittopa() is the reverse, for a bit that has a page.
 */
int64_t	_kvm_minidump_patobit(const struct opendump *md, uint64_t pa);
uint64_t _kvm_minidump_bittopa(const struct opendump *md, uint64_t bit);

/*
 * The bitmap.
 */

/*
 * Count the bits, and find the first and the last page.  kd->vmst->bitmap,
 * which may be NULL, must be closed even after a failure.
 */
int	_kvm_minidump_bitmap_open(kvm_t *kd);
void	_kvm_minidump_bitmap_close(struct minidump_bitmap *bitmap);

/*
 * Look for the page at physical address pa.  Returns 1 if it is in the dump,
 * with the number of pages before it in "*before"; 0 if it is not; -1 with the
 * error message set on failure; MINIDUMP_BITCUT, without a message, if its bit
 * is beyond the end of the file.
 */
#define	MINIDUMP_BITCUT	2
int	_kvm_minidump_findbit(kvm_t *kd, uint64_t pa, uint64_t *before);

/*
 * Find the first set bit from "*bit" to "end" (exclusive), the number of set
 * bits before it, and in "*n" the number of consecutive set bits from it on; 0
 * if there is none.
 */
int	_kvm_minidump_nextbits(kvm_t *kd, uint64_t *bit, uint64_t end,
	    uint64_t *before, uint64_t *n);

/*
 * Page tables.
 */

/*
 * Allocate an empty cache of page tables.  Returns NULL with the error message
 * set if there is no memory.
 */
struct minidump_tables *_kvm_minidump_tables_open(kvm_t *kd);
void	_kvm_minidump_tables_close(struct minidump_tables *tables);

/*
 * The header.
 *
 * <sys/minidump.h> and <kern/minidump_ARCH.h> describe version 1 of the format.
 * Later versions, which other kernels than this project's write, have the same
 * magics and sections, except:
 *
 *	dump_avail	follows the message buffer, on amd64 from version 3 on
 *			and on i386 from version 2 on: dumpavailsize bytes, in
 *			pairs of 64-bit physical addresses, the start and end
 *			(exclusive) of a range of memory.  An end of 0 ends the
 *			list.  Bit N of the bitmap stands for the Nth page of
 *			these ranges, laid end to end
 *	page tables	on amd64 from version 2 on: page directory entries for
 *			kernel address space from kernbase on.  The page tables
 *			are among the dumped pages
 *
 * dumpavailsize is a 32-bit field that follows the version 1 header.
 */
#define	MINIDUMP_AVAILSIZE	4	/* size of dumpavailsize */
#define	MINIDUMP_HDRMIN		64	/* a file with fewer bytes is no dump */
#define	MINIDUMP_AVAILPAIR	16

/* One for each version, from 1 on; the last has no magic. */
extern const struct minidump_ops _kvm_minidump_amd64[];
extern const struct minidump_ops _kvm_minidump_i386[];

/* Read the header, and set the locations of the sections. */
int	_kvm_minidump_loadheader(kvm_t *kd, minidump_other_t *other);

#endif /* !_KVM_MINIDUMP_IMPL_H_ */
