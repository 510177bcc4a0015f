/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Minidumps: the reader.  What all layouts and versions have in common is here;
 * the table "formats" has what differs.  kvm_<arch>.c of libkvm calls the
 * functions that kvm_private.h declares, once it has seen that the dump is a
 * minidump.
 *
 * Nothing in the file is trusted: every size is checked before anything is
 * allocated or read by it, and memory is bounded by the size of the dump.
 * Those pieces of the bitmap and pages of the page tables that were used are
 * kept in memory.  The file may be cut short, even while it is open: what is
 * not there gives an error when it is asked for.
 *
 * This compiles as part of 6.x's libkvm and on any other host, whatever its
 * byte order and word size.
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/minidump.h>

#include <errno.h>
#include <kvm.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kvm_private.h"
#include "kvm_minidump.h"

#define	PGSIZE	MINIDUMP_PAGE_SIZE
#define	TRUNC_PAGE(x)	((x) & ~(uint64_t)(PGSIZE - 1))
#define	ROUND_PAGE(x)	TRUNC_PAGE((x) + PGSIZE - 1)

/* The magic of any architecture begins with this, and any gzip file. */
#define	ANYMAGIC	"minidump "
#define	GZIPMAGIC	"\037\213"

/*
 * Pages are found by counting the bits that are set before theirs.  When a dump
 * is opened, this is counted for each piece of the bitmap; the bytes of a piece
 * are kept from when the first of its pages is asked for, with counts for every
 * COUNTBYTES of them.  What is left to count is less than that, so that the
 * time is constant.  Beside the bytes this takes less than 1/100 of the bitmap.
 *
 * A count in a piece is less than the piece's bits, and so fits into 16 bits.
 */
#define	PIECEBYTES	8192
#define	COUNTBYTES	512
#define	NCOUNTS		(PIECEBYTES / COUNTBYTES)

struct piece_bits {
	uint16_t	counts[NCOUNTS];
	u_char		bytes[PIECEBYTES];
};

struct piece {
	uint64_t	before;		/* bits that are set before it */
	struct piece_bits *bits;	/* NULL: not kept */
};

/*
 * Pages of page tables that are among the dumped pages are kept, too: one of
 * those whose page number has the same remainder.
 */
#define	NTABLES		16

struct table {
	uint64_t	pa;
	u_int		len;		/* bytes that the file has; 0: none */
	u_char		bytes[PGSIZE];
};

struct vmstate {
	struct minidump	md;
	uint64_t	bitmaplen;	/* bytes that the file has of it */
	struct piece	*pieces;	/* of the bitmap */
	uint64_t	nptpages;	/* of the page tables, in the file */
	u_char		**ptpages;	/* NULL: not read */
	struct table	*tables[NTABLES];
	struct minidump_gz *gz;		/* NULL: the file is the dump */
};

static const struct minidump_ops *const formats[] = {
	_kvm_minidump_amd64,
	_kvm_minidump_i386,
};
#define	NFORMATS	(sizeof(formats) / sizeof(formats[0]))

const struct minidump *
_kvm_minidump(kvm_t *kd)
{

	return (kd->minidump ? &kd->vmst->md : NULL);
}

int
_kvm_minidump_truncated(const struct minidump *md)
{

	return (md->size < md->pages.ofs + md->pages.size);
}

int
_kvm_minidump_isfull(const struct minidump *md)
{

	return (md->ops->magic == NULL);
}

void
_kvm_minidump_warn(kvm_t *kd, const char *fmt, ...)
{
	struct minidump *md;
	char text[MINIDUMP_WARNINGLEN];
	va_list ap;

	md = &kd->vmst->md;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	_kvm_err(kd, kd->program, "%s", text);
	if (md->nwarnings < MINIDUMP_NWARNINGS)
		memcpy(md->warning[md->nwarnings++], text, sizeof(text));
}

ssize_t
_kvm_minidump_rawpread(kvm_t *kd, void *buf, size_t len, uint64_t ofs)
{
	uint64_t end;
	size_t done;
	ssize_t n;

	/* What has been added to the file since is no part of the dump. */
	end = kd->vmst->md.filesize;
	if (ofs > end)
		ofs = end;
	if (len > end - ofs)
		len = end - ofs;
	for (done = 0; done < len; done += n) {
		n = pread(kd->pmfd, (char *)buf + done, len - done,
		    (off_t)(ofs + done));
		if (n == -1 && errno == EINTR)
			n = 0;
		else if (n == -1) {
			_kvm_syserr(kd, kd->program, "reading at byte %ju",
			    (uintmax_t)(ofs + done));
			return (-1);
		} else if (n == 0)
			break;
	}
	return (done);
}

/* The first of what was lost of these bytes of the dump; NULL: nothing. */
static const struct minidump_lost *
find_lost(const struct minidump *md, uint64_t ofs, uint64_t len)
{
	const struct minidump_lost *lost;

	for (lost = md->lost; lost < md->lost + md->nlost; lost++)
		if (ofs < lost->end && lost->start < ofs + len)
			return (lost);
	return (NULL);
}

ssize_t
_kvm_minidump_pread(kvm_t *kd, void *buf, size_t len, uint64_t ofs)
{
	const struct minidump_lost *lost;

	lost = find_lost(&kd->vmst->md, ofs, len);
	if (lost != NULL) {
		_kvm_err(kd, kd->program, "bytes %ju to %ju of the dump: not "
		    "read from the disk when it was saved",
		    (uintmax_t)lost->start, (uintmax_t)lost->end - 1);
		return (-1);
	}
	if (kd->vmst->gz != NULL)
		return (_kvm_minidump_gz_pread(kd, kd->vmst->gz, buf, len,
		    ofs));
	return (_kvm_minidump_rawpread(kd, buf, len, ofs));
}

ssize_t
_kvm_minidump_read(kvm_t *kd, off_t ofs, void *buf, size_t len)
{
	ssize_t n;

	n = _kvm_minidump_pread(kd, buf, len, ofs);
	if (n != 0)
		return (n);
	/* It was there when the dump was opened. */
	_kvm_err(kd, kd->program, "reading at byte %ju: the file has become "
	    "shorter", (uintmax_t)ofs);
	return (-1);
}

int
_kvm_minidump_addrange(kvm_t *kd, struct minidump *md, uint64_t start,
    uint64_t end)
{
	struct minidump_range *r;
	uint64_t first;

	/* A power of 2 is full. */
	if ((md->nranges & (md->nranges - 1)) == 0) {
		r = realloc(md->ranges, (size_t)(md->nranges == 0 ? 1 :
		    md->nranges * 2) * sizeof(*r));
		if (r == NULL) {
			_kvm_syserr(kd, kd->program, "%u ranges of memory",
			    md->nranges + 1);
			return (-1);
		}
		md->ranges = r;
	}
	r = &md->ranges[md->nranges];
	first = md->nranges == 0 ? 0 : r[-1].first +
	    (r[-1].end - r[-1].start) / PGSIZE;
	r->start = start;
	r->end = end;
	r->first = first;
	md->nranges++;
	return (0);
}

/* How many pages the ranges have. */
static uint64_t
range_pages(const struct minidump *md)
{
	const struct minidump_range *r;

	if (md->nranges == 0)
		return (0);
	r = &md->ranges[md->nranges - 1];
	return (r->first + (r->end - r->start) / PGSIZE);
}

/* The first range that ends after pa; NULL if there is none. */
static const struct minidump_range *
find_range(const struct minidump *md, uint64_t pa)
{
	u_int high, low, n;

	for (low = 0, high = md->nranges; low < high; ) {
		n = low + (high - low) / 2;
		if (md->ranges[n].end > pa)
			high = n;
		else
			low = n + 1;
	}
	return (low < md->nranges ? &md->ranges[low] : NULL);
}

/*
 * Which bit of the bitmap is that of the page at physical address pa; -1 if
 * there is none.  Where dump_avail is cut off, so is the bitmap: any bit will
 * do.
 */
static int64_t
pa_to_bit(const struct minidump *md, uint64_t pa)
{
	const struct minidump_range *r;

	if (md->nranges == 0)
		return (md->avail.size != 0 ? 0 : pa / PGSIZE);
	r = find_range(md, pa);
	if (r == NULL || pa < r->start)
		return (-1);
	return (r->first + (pa - r->start) / PGSIZE);
}

/* The reverse, for a bit that has a page. */
static uint64_t
bit_to_pa(const struct minidump *md, uint64_t bit)
{
	const struct minidump_range *r;

	if (md->nranges == 0)
		return (bit * PGSIZE);
	for (r = md->ranges + md->nranges - 1; r->first > bit; r--)
		continue;
	return (r->start + (bit - r->first) * PGSIZE);
}

/* How many bits of each byte of a word are set. */
static uint64_t
byte_counts(uint64_t w)
{

	w -= (w >> 1) & 0x5555555555555555ULL;
	w = (w & 0x3333333333333333ULL) + ((w >> 2) & 0x3333333333333333ULL);
	return ((w + (w >> 4)) & 0x0f0f0f0f0f0f0f0fULL);
}

/* The sum of such counts, each of which may itself be a sum of up to 31. */
static u_int
add_counts(uint64_t counts)
{

	counts = (counts & 0x00ff00ff00ff00ffULL) +
	    ((counts >> 8) & 0x00ff00ff00ff00ffULL);
	return ((counts * 0x0001000100010001ULL) >> 48);
}

/* How many bits are set in the n bytes at p. */
static u_int
popcount(const u_char *p, size_t n)
{
	uint64_t counts, w;
	u_int i, sum;

	for (sum = 0; n >= 16 * sizeof(w); n -= 16 * sizeof(w)) {
		/* As often as a compiler can know, for it to make vectors. */
		for (counts = i = 0; i < 16; i++, p += sizeof(w)) {
			memcpy(&w, p, sizeof(w));
			counts += byte_counts(w);
		}
		sum += add_counts(counts);
	}
	for (counts = 0; n >= sizeof(w); p += sizeof(w), n -= sizeof(w)) {
		memcpy(&w, p, sizeof(w));
		counts += byte_counts(w);
	}
	for (w = 0; n > 0; n--)
		w = w << 8 | *p++;
	return (sum + add_counts(counts + byte_counts(w)));
}

/*
 * Read piece n of the bitmap, as much as the file has of it.  Returns how many
 * bytes that is; 0 with the error message set if they cannot be read.
 */
static size_t
read_piece(kvm_t *kd, uint64_t n, u_char *buf)
{
	const struct vmstate *vm;
	uint64_t ofs;
	size_t len;
	ssize_t got;

	vm = kd->vmst;
	ofs = n * PIECEBYTES;
	len = vm->bitmaplen - ofs < PIECEBYTES ? vm->bitmaplen - ofs :
	    PIECEBYTES;
	got = _kvm_minidump_pread(kd, buf, len, vm->md.bitmap.ofs + ofs);
	if (got == (ssize_t)len)
		return (len);
	if (got != -1)
		_kvm_err(kd, kd->program, "reading at byte %ju of the bitmap: "
		    "the file has become shorter", (uintmax_t)(ofs + got));
	return (0);
}

/*
 * Get piece n of the bitmap, which stays in memory; NULL with the error message
 * set if that cannot be.
 */
static const struct piece_bits *
get_piece(kvm_t *kd, uint64_t n)
{
	struct piece_bits *bits;
	size_t len;
	u_int i, sum;

	if (kd->vmst->pieces[n].bits != NULL)
		return (kd->vmst->pieces[n].bits);
	bits = _kvm_malloc(kd, sizeof(*bits));
	if (bits == NULL)
		return (NULL);
	len = read_piece(kd, n, bits->bytes);
	if (len == 0) {
		free(bits);
		return (NULL);
	}
	for (i = sum = 0; i < NCOUNTS; i++) {
		bits->counts[i] = sum;
		sum += popcount(bits->bytes + i * COUNTBYTES, COUNTBYTES);
	}
	kd->vmst->pieces[n].bits = bits;
	return (bits);
}

/*
 * Find a bit of the bitmap, which the file has.  Returns 1 if it is set, and
 * how many are before it in "*before"; 0 if it is not; -1 with the error
 * message set if that cannot be told.  A full dump has all its pages.
 */
static int
find_bit(kvm_t *kd, uint64_t bit, uint64_t *before)
{
	const struct piece_bits *bits;
	uint64_t n;
	u_int at, start;
	u_char rest;

	*before = bit;
	if (_kvm_minidump_isfull(&kd->vmst->md))
		return (1);
	n = bit / 8 / PIECEBYTES;
	bits = get_piece(kd, n);
	if (bits == NULL)
		return (-1);
	at = bit / 8 % PIECEBYTES;
	if ((bits->bytes[at] & (1 << bit % 8)) == 0)
		return (0);
	start = at - at % COUNTBYTES;
	rest = bits->bytes[at] & ((1 << bit % 8) - 1);
	*before = kd->vmst->pieces[n].before +
	    bits->counts[at / COUNTBYTES] +
	    popcount(bits->bytes + start, at - start) + popcount(&rest, 1);
	return (1);
}

/* Whether no bit of piece n of the bitmap is set. */
static int
is_empty(const struct vmstate *vm, uint64_t n)
{

	return (vm->pieces[n].before == ((n + 1) * PIECEBYTES < vm->bitmaplen ?
	    vm->pieces[n + 1].before : vm->md.npages));
}

/*
 * Find the first bit, of those from "*bit" to "end" (exclusive), that is set,
 * or that is not; "*bit" is "end" if there is none.
 */
static int
scan_bits(kvm_t *kd, uint64_t *bit, uint64_t end, int set)
{
	const struct piece_bits *bits;
	uint64_t n;
	u_char byte;

	if (_kvm_minidump_isfull(&kd->vmst->md)) {
		*bit = set ? *bit : end;
		return (0);
	}
	while (*bit < end) {
		n = *bit / 8 / PIECEBYTES;
		if (set && is_empty(kd->vmst, n)) {
			*bit = (n + 1) * PIECEBYTES * 8;
			continue;
		}
		bits = get_piece(kd, n);
		if (bits == NULL)
			return (-1);
		do {
			byte = bits->bytes[*bit / 8 % PIECEBYTES];
			if (!set)
				byte = ~byte;
			if ((byte & (1 << *bit % 8)) != 0)
				return (0);
			*bit += byte == 0 ? 8 - *bit % 8 : 1;
		} while (*bit < end && *bit % (PIECEBYTES * 8) != 0);
	}
	*bit = end;
	return (0);
}

/*
 * Count the bits of the bitmap, as far as the file has it: "*first" and "*last"
 * are the pieces that have the first and the last one.
 *
 * Of a plain dump nothing is kept, as most programs need little of it.  Of a
 * compressed one all is: to decompress it takes longer than to use it.
 */
static int
count_bits(kvm_t *kd, uint64_t *first, uint64_t *last)
{
	const struct piece_bits *bits;
	struct vmstate *vm;
	uint64_t n;
	size_t len;
	u_int sum;
	u_char buf[PIECEBYTES];

	vm = kd->vmst;
	for (n = 0; n * PIECEBYTES < vm->bitmaplen; n++) {
		vm->pieces[n].before = vm->md.npages;
		if (vm->gz != NULL) {
			bits = get_piece(kd, n);
			if (bits == NULL)
				return (-1);
			sum = bits->counts[NCOUNTS - 1] + popcount(bits->bytes +
			    PIECEBYTES - COUNTBYTES, COUNTBYTES);
		} else {
			len = read_piece(kd, n, buf);
			if (len == 0)
				return (-1);
			sum = popcount(buf, len);
		}
		if (sum == 0)
			continue;
		if (vm->md.npages == 0)
			*first = n;
		*last = n;
		vm->md.npages += sum;
	}
	return (0);
}

/* Count the bitmap's bits, and find the first and the last page. */
static int
load_bitmap(kvm_t *kd)
{
	const struct piece_bits *bits;
	struct minidump *md;
	struct vmstate *vm;
	uint64_t first, last, len;
	u_int bit;

	vm = kd->vmst;
	md = &vm->md;
	len = md->bitmap.size;
	if (md->size <= md->bitmap.ofs)
		return (0);
	if (len > md->size - md->bitmap.ofs)
		len = md->size - md->bitmap.ofs;
	vm->bitmaplen = len;
	/* bitmapsize is 32 bits, so this is no more than 8 MB. */
	vm->pieces = _kvm_malloc(kd, (len + PIECEBYTES - 1) / PIECEBYTES *
	    sizeof(vm->pieces[0]));
	if (vm->pieces == NULL || count_bits(kd, &first, &last) == -1)
		return (-1);
	if (md->npages == 0)
		return (0);
	bits = get_piece(kd, first);
	if (bits == NULL)
		return (-1);
	for (bit = 0; (bits->bytes[bit / 8] & (1 << bit % 8)) == 0; bit++)
		continue;
	md->firstpage = bit_to_pa(md, first * PIECEBYTES * 8 + bit);
	bits = get_piece(kd, last);
	if (bits == NULL)
		return (-1);
	for (bit = PIECEBYTES * 8 - 1;
	    (bits->bytes[bit / 8] & (1 << bit % 8)) == 0; bit--)
		continue;
	last = last * PIECEBYTES * 8 + bit;
	if (md->nranges != 0 && last >= range_pages(md)) {
		_kvm_err(kd, kd->program, "bitmap: bit %ju is set, but the "
		    "ranges of dump_avail have %ju pages", (uintmax_t)last,
		    (uintmax_t)range_pages(md));
		return (-1);
	}
	md->lastpage = bit_to_pa(md, last);
	return (0);
}

/* What a file that is no minidump is, by its first bytes; NULL if unknown. */
static const char *
other_format(const struct minidumphdr *hdr, size_t n)
{
	static const struct {
		const char	*magic;
		const char	*what;
	} others[] = {
		{ "\177ELF",		"ELF file" },
		{ GZIPMAGIC,		"gzip file" },
		{ "\050\265\057\375",	"zstd file" },
		{ "FreeBSD Kernel Dump", "kernel dump header" },
	};
	const u_char *p;
	u_int i;

	p = (const u_char *)hdr;
	/* The type of an ELF file is two bytes in the file's own order. */
	if (n > 17 && memcmp(p, others[0].magic, 4) == 0 &&
	    p[16] + p[17] == 4)
		return ("ELF full dump");
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (n >= strlen(others[i].magic) &&
		    memcmp(p, others[i].magic, strlen(others[i].magic)) == 0)
			return (others[i].what);
	return (NULL);
}

static void
too_short(kvm_t *kd, size_t n)
{

	_kvm_err(kd, kd->program, "the file's %ju bytes are too few for the "
	    "header of a minidump", (uintmax_t)n);
}

/*
 * Find the operations for a dump by the n bytes of its header; NULL with the
 * error message set if there are none.
 */
static const struct minidump_ops *
find_format(kvm_t *kd, const struct minidumphdr *hdr, size_t n)
{
	char magic[sizeof(hdr->magic) + 1];
	const struct minidump_ops *ops;
	const char *arch, *other;
	uint32_t version;
	u_int i;

	other = other_format(hdr, n);
	if (other != NULL) {
		_kvm_err(kd, kd->program, "%s: not a minidump", other);
		return (NULL);
	}
	if (n < sizeof(*hdr)) {
		too_short(kd, n);
		return (NULL);
	}
	version = le32dec(&hdr->version);
	arch = NULL;
	for (i = 0; i < NFORMATS; i++) {
		ops = formats[i];
		if (strncmp(hdr->magic, ops->magic, sizeof(hdr->magic)) != 0)
			continue;
		arch = ops->arch;
		while (ops->magic != NULL && ops->version != version)
			ops++;
		if (ops->magic == NULL)
			continue;
		if (ops->availofs == 0 || n >= ops->availofs +
		    MINIDUMP_AVAILSIZE)
			return (ops);
		too_short(kd, n);
		return (NULL);
	}
	if (arch != NULL) {
		_kvm_err(kd, kd->program, "version %u: no version of %s "
		    "minidumps that this can read", version, arch);
		return (NULL);
	}
	for (i = 0; i < sizeof(hdr->magic) && hdr->magic[i] != '\0'; i++)
		magic[i] = hdr->magic[i] >= ' ' && hdr->magic[i] <= '~' ?
		    hdr->magic[i] : '?';
	magic[i] = '\0';
	_kvm_err(kd, kd->program, "magic \"%s\": not a minidump%s", magic,
	    strncmp(magic, ANYMAGIC, strlen(ANYMAGIC)) == 0 ?
	    " that this can read" : "");
	return (NULL);
}

/* Take the header apart, and check each field but that of dump_avail. */
static int
check_header(kvm_t *kd, const struct minidumphdr *hdr)
{
	struct minidump *md;
	uint64_t limit;

	md = &kd->vmst->md;
	md->msgbuf.size = le32dec(&hdr->msgbufsize);
	md->bitmap.size = le32dec(&hdr->bitmapsize);
	md->ptes.size = le32dec(&hdr->ptesize);
	if ((*md->ops->header)(kd, hdr, md) == -1)
		return (-1);

	/* What one page of entries maps is aligned to its size. */
	limit = (uint64_t)PGSIZE / md->entsize * md->span;
	if (md->kernbase % limit != 0) {
		_kvm_err(kd, kd->program,
		    "kernbase 0x%jx: not a multiple of 0x%jx",
		    (uintmax_t)md->kernbase, (uintmax_t)limit);
		return (-1);
	}
	limit = md->kernlast - md->kernbase;
	if (md->msgbuf.size > limit) {
		_kvm_err(kd, kd->program, "msgbufsize %ju: more than kernel "
		    "address space from 0x%jx on", (uintmax_t)md->msgbuf.size,
		    (uintmax_t)md->kernbase);
		return (-1);
	}
	if (md->ptes.size == 0 || md->ptes.size % PGSIZE != 0) {
		_kvm_err(kd, kd->program,
		    "ptesize %ju: not a whole number of pages",
		    (uintmax_t)md->ptes.size);
		return (-1);
	}
	if (md->ptes.size / md->entsize - 1 > limit / md->span) {
		_kvm_err(kd, kd->program, "ptesize %ju: more than kernel "
		    "address space from 0x%jx on", (uintmax_t)md->ptes.size,
		    (uintmax_t)md->kernbase);
		return (-1);
	}
	if (md->bitmap.size == 0 || md->bitmap.size % md->ptrsize != 0) {
		_kvm_err(kd, kd->program,
		    "bitmapsize %ju: not a whole number of %u-byte words",
		    (uintmax_t)md->bitmap.size, md->ptrsize);
		return (-1);
	}
	/* It may have been rounded up to a page. */
	limit = TRUNC_PAGE(md->bitmap.size - 1) * 8 * PGSIZE;
	if (limit != 0 && limit >= md->physend) {
		_kvm_err(kd, kd->program, "bitmapsize %ju: more memory than "
		    "there can be below 0x%jx", (uintmax_t)md->bitmap.size,
		    (uintmax_t)md->physend);
		return (-1);
	}
	return (0);
}

/* Read the header, and say where the sections are. */
static int
load_header(kvm_t *kd, minidump_other_t *other)
{
	struct minidumphdr hdr;
	struct minidump *md;
	u_char buf[sizeof(hdr) + MINIDUMP_AVAILSIZE];
	ssize_t n;

	md = &kd->vmst->md;
	memset(buf, 0, sizeof(buf));
	n = _kvm_minidump_pread(kd, buf, sizeof(buf), 0);
	if (n == -1)
		return (-1);
	memcpy(&hdr, buf, sizeof(hdr));
	if (other != NULL)
		md->ops = (*other)(buf, n);
	if (md->ops != NULL)
		return ((*md->ops->header)(kd, &hdr, md));
	md->ops = find_format(kd, &hdr, n);
	if (md->ops == NULL || check_header(kd, &hdr) == -1)
		return (-1);
	if (md->ops->availofs != 0) {
		md->hdrsize = md->ops->availofs + MINIDUMP_AVAILSIZE;
		md->avail.size = le32dec(buf + md->ops->availofs);
	}
	md->msgbuf.ofs = PGSIZE;
	md->avail.ofs = md->msgbuf.ofs + ROUND_PAGE(md->msgbuf.size);
	md->bitmap.ofs = md->avail.ofs + ROUND_PAGE(md->avail.size);
	md->ptes.ofs = md->bitmap.ofs + ROUND_PAGE(md->bitmap.size);
	md->pages.ofs = md->ptes.ofs + md->ptes.size;
	return (0);
}

/*
 * Check number n of dump_avail, and the next one, which is the end of the range
 * that it begins; "last" is the end of the range before.
 */
static int
check_range(kvm_t *kd, u_int n, uint64_t start, uint64_t end, uint64_t last)
{
	const struct minidump *md;

	md = &kd->vmst->md;
	if (start % PGSIZE != 0 || end % PGSIZE != 0) {
		_kvm_err(kd, kd->program, "dump_avail[%u] 0x%jx: not a "
		    "multiple of the page size", start % PGSIZE != 0 ? n :
		    n + 1, (uintmax_t)(start % PGSIZE != 0 ? start : end));
		return (-1);
	}
	if (start < last || end <= start) {
		_kvm_err(kd, kd->program, "dump_avail[%u] 0x%jx: not above "
		    "0x%jx, where the %s", start < last ? n : n + 1,
		    (uintmax_t)(start < last ? start : end),
		    (uintmax_t)(start < last ? last : start), start < last ?
		    "range before it ends" : "range begins");
		return (-1);
	}
	if (end > md->physend) {
		_kvm_err(kd, kd->program, "dump_avail[%u] 0x%jx: more memory "
		    "than there can be below 0x%jx", n + 1, (uintmax_t)end,
		    (uintmax_t)md->physend);
		return (-1);
	}
	return (0);
}

/* Read dump_avail, which ends in this section. */
static int
load_ranges(kvm_t *kd)
{
	struct minidump *md;
	u_char buf[MINIDUMP_AVAILPAIR];
	uint64_t end, last, ofs, start;
	ssize_t n;
	u_int i;

	md = &kd->vmst->md;
	last = 0;
	for (i = 0, ofs = 0; ofs < md->avail.size; i += 2, ofs += sizeof(buf)) {
		if (md->avail.ofs + ofs + sizeof(buf) > md->size) {
			/* It is cut, which check_filesize() will tell. */
			md->nranges = 0;
			return (0);
		}
		n = _kvm_minidump_pread(kd, buf, sizeof(buf), md->avail.ofs +
		    ofs);
		if (n == -1)
			return (-1);
		if (n != (ssize_t)sizeof(buf)) {
			_kvm_err(kd, kd->program, "dump_avail: the file has "
			    "become shorter");
			return (-1);
		}
		start = le64dec(buf);
		end = le64dec(buf + sizeof(start));
		if (end == 0)
			break;
		if (check_range(kd, i, start, end, last) == -1 ||
		    _kvm_minidump_addrange(kd, md, start, end) == -1)
			return (-1);
		last = end;
	}
	if (ofs >= md->avail.size) {
		_kvm_err(kd, kd->program, "dumpavailsize %ju: dump_avail has "
		    "no end in it", (uintmax_t)md->avail.size);
		return (-1);
	}
	return (0);
}

/* Find out what the bits of the bitmap stand for. */
static int
load_avail(kvm_t *kd)
{
	struct minidump *md;
	uint64_t npages;

	md = &kd->vmst->md;
	if (md->ops->availofs == 0)
		return (0);
	if (md->avail.size == 0 || md->avail.size % MINIDUMP_AVAILPAIR != 0) {
		_kvm_err(kd, kd->program, "dumpavailsize %ju: not a whole "
		    "number of pairs", (uintmax_t)md->avail.size);
		return (-1);
	}
	if (load_ranges(kd) == -1)
		return (-1);
	npages = range_pages(md);
	if (md->size < md->bitmap.ofs)
		return (0);
	if (npages == 0) {
		_kvm_err(kd, kd->program, "dump_avail[1] 0x0: no memory");
		return (-1);
	}
	if (md->bitmap.size * 8 < npages ||
	    TRUNC_PAGE(md->bitmap.size - 1) * 8 >= npages) {
		_kvm_err(kd, kd->program, "bitmapsize %ju: too %s for the %ju "
		    "pages of dump_avail", (uintmax_t)md->bitmap.size,
		    md->bitmap.size * 8 < npages ? "small" : "large",
		    (uintmax_t)npages);
		return (-1);
	}
	return (0);
}

/*
 * Whether a row of the table of what was left out can be true.  What is wrong
 * with it is for the user to know, and the row is ignored.
 */
static int
check_left(kvm_t *kd, u_int n, const struct minidump_left *left,
    uint32_t physical)
{
	size_t i;

	for (i = 0; i < sizeof(left->name) - 1 && left->name[i] >= ' ' &&
	    left->name[i] <= '~'; i++)
		continue;
	if (i == 0 || left->name[i] != '\0') {
		_kvm_minidump_warn(kd, "left out row %u: name: byte %u is "
		    "0x%02x: ignored", n, (u_int)i, (u_char)left->name[i]);
		return (0);
	}
	if (left->start > left->end) {
		_kvm_minidump_warn(kd, "left out row %u, %s: start 0x%jx: "
		    "above end 0x%jx: ignored", n, left->name,
		    (uintmax_t)left->start, (uintmax_t)left->end);
		return (0);
	}
	if (physical > 1) {
		_kvm_minidump_warn(kd, "left out row %u, %s: physical %u: "
		    "neither 0 nor 1: ignored", n, left->name, physical);
		return (0);
	}
	return (1);
}

/* Read the table of what was left out, if there is one. */
static int
load_left(kvm_t *kd)
{
	struct minidump_leftout table;
	struct minidump_left *left;
	struct minidump *md;
	uint32_t count, n, physical;
	ssize_t len;

	md = &kd->vmst->md;
	len = _kvm_minidump_pread(kd, &table, sizeof(table),
	    MINIDUMP_LEFTOUT_OFFSET);
	if (len == -1)
		return (-1);
	if (len != (ssize_t)sizeof(table) || memcmp(table.magic,
	    MINIDUMP_LEFTOUT_MAGIC, sizeof(table.magic)) != 0)
		return (0);
	count = le32dec(&table.count);
	if (count > MINIDUMP_LEFTOUT_MAX) {
		_kvm_minidump_warn(kd, "left out count %u: more than %u: "
		    "ignored", count, MINIDUMP_LEFTOUT_MAX);
		md->leftsize = sizeof(table);
		return (0);
	}
	md->leftsize = offsetof(struct minidump_leftout, row) +
	    count * sizeof(table.row[0]);
	for (n = 0; n < count; n++) {
		left = &md->left[md->nleft];
		memcpy(left->name, table.row[n].name, sizeof(left->name));
		left->start = le64dec(&table.row[n].start);
		left->end = le64dec(&table.row[n].end);
		left->pages = le32dec(&table.row[n].pages);
		physical = le32dec(&table.row[n].physical);
		left->physical = physical;
		if (check_left(kd, n, left, physical))
			md->nleft++;
	}
	return (0);
}

const struct minidump_left *
_kvm_minidump_findleft(const struct minidump *md, uint64_t va, uint64_t pa)
{
	const struct minidump_left *left;
	uint64_t addr;

	for (left = md->left; left < md->left + md->nleft; left++) {
		addr = left->physical ? pa : va;
		if (addr >= left->start && addr < left->end)
			return (left);
	}
	return (NULL);
}

/* What the header says of the sizes of the sections, for a message. */
static void
sizes(const struct minidump *md, char *text, size_t len)
{

	if (_kvm_minidump_isfull(md))
		snprintf(text, len, "the program headers' %u segments",
		    md->nranges);
	else if (md->ops->availofs != 0)
		snprintf(text, len, "msgbufsize %ju, dumpavailsize %ju, "
		    "bitmapsize %ju, ptesize %ju", (uintmax_t)md->msgbuf.size,
		    (uintmax_t)md->avail.size, (uintmax_t)md->bitmap.size,
		    (uintmax_t)md->ptes.size);
	else
		snprintf(text, len, "msgbufsize %ju, bitmapsize %ju, ptesize "
		    "%ju", (uintmax_t)md->msgbuf.size,
		    (uintmax_t)md->bitmap.size, (uintmax_t)md->ptes.size);
}

/*
 * Read the table of what could not be read when the dump was saved, if there is
 * one.  If it is damaged, the zeros that it should have told of are taken for
 * what the kernel had there: so the dump is refused.
 */
static int
load_lost(kvm_t *kd)
{
	struct minidump_notread table;
	struct minidump *md;
	uint64_t end, last, start, sum;
	uint32_t count, n;
	ssize_t len;

	md = &kd->vmst->md;
	len = _kvm_minidump_pread(kd, &table, sizeof(table),
	    MINIDUMP_NOTREAD_OFFSET);
	if (len == -1)
		return (-1);
	if (len != (ssize_t)sizeof(table) || memcmp(table.magic,
	    MINIDUMP_NOTREAD_MAGIC, sizeof(table.magic)) != 0)
		return (0);
	count = le32dec(&table.count);
	if (count == 0 || count > MINIDUMP_NOTREAD_MAX) {
		_kvm_err(kd, kd->program, "not read count %u: not 1 to %u",
		    count, MINIDUMP_NOTREAD_MAX);
		return (-1);
	}
	last = PGSIZE;
	for (n = 0, sum = 0; n < count; n++, last = end) {
		start = le64dec(&table.row[n].start);
		end = le64dec(&table.row[n].end);
		if (start < last || start >= end) {
			_kvm_err(kd, kd->program, "not read row %u: start %ju, "
			    "end %ju: empty, or begins before byte %ju", n,
			    (uintmax_t)start, (uintmax_t)end, (uintmax_t)last);
			return (-1);
		}
		md->lost[n].start = start;
		md->lost[n].end = end;
		sum += end - start;
		/* Without a bit, no page that comes after it has a place. */
		if (start < md->ptes.ofs && end > md->avail.ofs &&
		    md->placed == UINT64_MAX)
			md->placed = start;
	}
	md->nlost = count;
	md->lostsize = offsetof(struct minidump_notread, row) +
	    count * sizeof(table.row[0]);
	if (md->size > md->placed)
		md->size = md->placed;
	_kvm_minidump_warn(kd, "partial: %ju bytes of it, the first at byte "
	    "%ju, were not read from the disk when it was saved",
	    (uintmax_t)sum, (uintmax_t)md->lost[0].start);
	return (0);
}

/* How many pages that the file has are not wholly read. */
static uint64_t
count_lost(const struct minidump *md)
{
	const struct minidump_lost *lost;
	uint64_t end, n, next, start;

	n = 0;
	next = md->pages.ofs;
	for (lost = md->lost; lost < md->lost + md->nlost; lost++) {
		start = TRUNC_PAGE(lost->start);
		if (start < next)
			start = next;
		end = TRUNC_PAGE(md->size);
		if (lost->end < end)
			end = ROUND_PAGE(lost->end);
		if (start >= end)
			continue;
		n += (end - start) / PGSIZE;
		next = end;
	}
	return (n);
}

/*
 * Compare what the dump says it has with what the file has.  What is missing
 * is for the user to know, and no error; the file having more means that a
 * size or the bitmap is not what was written, and every page misplaced.
 */
static int
check_filesize(kvm_t *kd)
{
	struct minidump *md;
	const char *where;
	char text[128];
	uint64_t end;

	md = &kd->vmst->md;
	md->pages.size = md->npages * PGSIZE;
	end = md->pages.ofs + md->pages.size;
	if (kd->vmst->gz != NULL)
		md->size = _kvm_minidump_gz_fit(kd, kd->vmst->gz, end);
	if (md->size > md->placed)
		md->size = md->placed;
	if (md->size > end) {
		sizes(md, text, sizeof(text));
		_kvm_err(kd, kd->program, "the file has %ju bytes, which is "
		    "%ju more than %s and %s%ju pages need: one of these is "
		    "wrong", (uintmax_t)md->size, (uintmax_t)(md->size - end),
		    text, _kvm_minidump_isfull(md) ? "their " :
		    "the bitmap's ", (uintmax_t)md->npages);
		return (-1);
	}
	md->nmissing = count_lost(md);
	if (!_kvm_minidump_truncated(md))
		return (0);
	if (md->size >= md->pages.ofs) {
		md->nmissing += md->npages -
		    (md->size - md->pages.ofs) / PGSIZE;
		_kvm_minidump_warn(kd, "truncated: the file has %ju of %ju "
		    "bytes, %ju of %ju pages are missing",
		    (uintmax_t)md->size, (uintmax_t)end,
		    (uintmax_t)md->nmissing, (uintmax_t)md->npages);
		return (0);
	}
	md->nmissing = md->npages;
	where = "page tables";
	if (_kvm_minidump_isfull(md))
		where = "header";
	else if (md->size < md->avail.ofs)
		where = "message buffer";
	else if (md->size < md->bitmap.ofs)
		where = "dump_avail";
	else if (md->size < md->ptes.ofs)
		where = "bitmap";
	sizes(md, text, sizeof(text));
	_kvm_minidump_warn(kd, "truncated: %s %ju bytes end before the %s "
	    "does, all pages are missing (%s)", md->size == md->placed ?
	    "its first" : "the file's", (uintmax_t)md->size, where, text);
	return (0);
}

/* Whether the file begins with these bytes. */
static int
begins_with(kvm_t *kd, const char *magic, size_t len)
{
	char buf[sizeof(ANYMAGIC)];

	return (pread(kd->pmfd, buf, len, 0) == (ssize_t)len &&
	    memcmp(buf, magic, len) == 0);
}

/*
 * Whether kd->pmfd is for this reader, which is any minidump, of whatever
 * architecture and version, and any gzip file, to say what is wrong with it:
 * for kvm_<arch>.c, which reads the other formats.
 */
int
_kvm_minidump_probe(kvm_t *kd)
{

	return (begins_with(kd, ANYMAGIC, sizeof(ANYMAGIC) - 1) ||
	    begins_with(kd, GZIPMAGIC, sizeof(GZIPMAGIC) - 1));
}

/* Find out how many bytes there are. */
static int
load_size(kvm_t *kd)
{
	struct minidump *md;
	struct vmstate *vm;
	off_t end;

	vm = kd->vmst;
	md = &vm->md;
	end = lseek(kd->pmfd, 0, SEEK_END);
	if (end == -1) {
		_kvm_syserr(kd, kd->program, "size of the file");
		return (-1);
	}
	md->filesize = md->size = end;
	md->placed = UINT64_MAX;
	if (!begins_with(kd, GZIPMAGIC, sizeof(GZIPMAGIC) - 1))
		return (0);
	vm->gz = _kvm_minidump_gz_open(kd, md->filesize);
	if (vm->gz == NULL)
		return (-1);
	md->nmembers = _kvm_minidump_gz_nmembers(vm->gz);
	md->size = _kvm_minidump_gz_size(vm->gz);
	return (0);
}

/* What of the sections is needed at once; a full dump has none. */
static int
load_sections(kvm_t *kd)
{

	if (_kvm_minidump_isfull(&kd->vmst->md))
		return (0);
	return (load_left(kd) == -1 || load_lost(kd) == -1 ||
	    load_avail(kd) == -1 || load_bitmap(kd) == -1 ? -1 : 0);
}

int
_kvm_minidump_init(kvm_t *kd, minidump_other_t *other)
{

	kd->vmst = _kvm_malloc(kd, sizeof(*kd->vmst));
	if (kd->vmst == NULL)
		return (-1);
	kd->minidump = 1;
	if (load_size(kd) == -1 || load_header(kd, other) == -1 ||
	    load_sections(kd) == -1 || check_filesize(kd) == -1) {
		_kvm_minidump_freevtop(kd);
		return (-1);
	}
	return (0);
}

/*
 * Open the minidump kd->pmfd.  A dump that is cut short is opened as well; the
 * error message then says what is missing.  Returns -1 if it is none, or if
 * a field of its header cannot be true.
 */
int
_kvm_minidump_initvtop(kvm_t *kd)
{

	return (_kvm_minidump_init(kd, NULL));
}

/* Free all that initvtop allocated.  kd->pmfd may be closed already. */
void
_kvm_minidump_freevtop(kvm_t *kd)
{
	struct vmstate *vm;
	uint64_t n;

	vm = kd->vmst;
	if (vm->ptpages != NULL)
		for (n = 0; n < vm->nptpages; n++)
			free(vm->ptpages[n]);
	free(vm->ptpages);
	for (n = 0; n < NTABLES; n++)
		free(vm->tables[n]);
	free(vm->md.ranges);
	_kvm_minidump_gz_close(vm->gz);
	if (vm->pieces != NULL)
		for (n = 0; n * PIECEBYTES < vm->bitmaplen; n++)
			free(vm->pieces[n].bits);
	free(vm->pieces);
	free(vm);
	kd->vmst = NULL;
	kd->minidump = 0;
}

/*
 * _kvm_minidump_patoofs(): "what" is what va needs that page for.
 */
static int
find_page(kvm_t *kd, const char *what, uint64_t va, uint64_t pa, off_t *ofs)
{
	const struct minidump_left *left;
	const struct minidump_lost *lost;
	const struct minidump *md;
	uint64_t before, end;
	int64_t bit;
	u_int len;
	int isset;

	md = &kd->vmst->md;
	bit = pa_to_bit(md, pa);
	len = PGSIZE - pa % PGSIZE;
	isset = 0;
	if (bit >= 0 && !_kvm_minidump_isfull(md) &&
	    (uint64_t)bit / 8 >= kd->vmst->bitmaplen) {
		if ((uint64_t)bit / 8 < md->bitmap.size) {
			_kvm_err(kd, NULL, "address 0x%jx: %s 0x%jx: its bit "
			    "is beyond the end of the file", (uintmax_t)va,
			    what, (uintmax_t)TRUNC_PAGE(pa));
			return (0);
		}
	} else if (bit >= 0)
		isset = find_bit(kd, bit, &before);
	if (isset == -1)
		return (0);
	if (!isset) {
		left = _kvm_minidump_findleft(md, va, pa);
		if (left != NULL)
			_kvm_err(kd, NULL, "address 0x%jx: left out of this "
			    "dump: %s", (uintmax_t)va, left->name);
		else
			_kvm_err(kd, NULL, "address 0x%jx: %s 0x%jx: not in "
			    "the dump", (uintmax_t)va, what,
			    (uintmax_t)TRUNC_PAGE(pa));
		return (0);
	}
	*ofs = md->pages.ofs + before * PGSIZE + pa % PGSIZE;
	end = md->size;
	if ((uint64_t)*ofs >= end) {
		_kvm_err(kd, NULL, "address 0x%jx: %s 0x%jx: beyond the end "
		    "of the truncated file", (uintmax_t)va, what,
		    (uintmax_t)TRUNC_PAGE(pa));
		return (0);
	}
	if (len > end - *ofs)
		len = end - *ofs;
	lost = find_lost(md, *ofs, len);
	if (lost != NULL && lost->start <= (uint64_t)*ofs) {
		_kvm_err(kd, NULL, "address 0x%jx: %s 0x%jx: not read from "
		    "the disk when the dump was saved", (uintmax_t)va, what,
		    (uintmax_t)TRUNC_PAGE(pa));
		return (0);
	}
	if (lost != NULL)
		len = lost->start - *ofs;
	return (len);
}

/*
 * Get page n of the page tables, as much as the file has of it; it stays in
 * memory.  NULL with the error message set if that cannot be.
 */
static const u_char *
ptpage(kvm_t *kd, uint64_t n)
{
	const struct minidump *md;
	struct vmstate *vm;
	uint64_t len, ofs;
	ssize_t got;
	u_char *p;

	vm = kd->vmst;
	md = &vm->md;
	if (vm->ptpages == NULL) {
		len = md->size - md->ptes.ofs;
		if (len > md->ptes.size)
			len = md->ptes.size;
		vm->nptpages = (len + PGSIZE - 1) / PGSIZE;
		vm->ptpages = _kvm_malloc(kd, vm->nptpages *
		    sizeof(vm->ptpages[0]));
		if (vm->ptpages == NULL)
			return (NULL);
	}
	if (vm->ptpages[n] != NULL)
		return (vm->ptpages[n]);
	ofs = md->ptes.ofs + n * PGSIZE;
	len = md->size - ofs < PGSIZE ? md->size - ofs : PGSIZE;
	p = _kvm_malloc(kd, PGSIZE);
	if (p == NULL)
		return (NULL);
	got = _kvm_minidump_pread(kd, p, len, ofs);
	if (got == (ssize_t)len) {
		vm->ptpages[n] = p;
		return (p);
	}
	free(p);
	if (got != -1)
		_kvm_err(kd, NULL, "address 0x%jx: its page table entry is "
		    "beyond the end of the file, which has become shorter",
		    (uintmax_t)(md->kernbase + n * (PGSIZE / md->entsize) *
		    PGSIZE));
	return (NULL);
}

/* An entry as it is in the dump. */
static uint64_t
decode(const struct minidump *md, const u_char *p)
{

	return (md->entsize == 8 ? le64dec(p) : le32dec(p));
}

/*
 * Read the entry of the page tables section that is for va, which is not below
 * kernbase.  Returns 1; 0 if there is none; -1 with the error message set if it
 * cannot be read: "*len" is then how much from va on has none for that reason.
 */
static int
section_entry(kvm_t *kd, const struct minidump *md, uint64_t va,
    uint64_t *entry, uint64_t *len)
{
	const u_char *p;
	uint64_t n, ofs, page;

	n = (va - md->kernbase) / md->span;
	if (va < md->kernbase || n >= md->ptes.size / md->entsize)
		return (0);
	ofs = n * md->entsize;
	/* All entries of a page fail alike, or of one that is cut. */
	page = (uint64_t)PGSIZE / md->entsize * md->span;
	*len = page - (va - md->kernbase) % page;
	if (md->ptes.ofs + ofs + md->entsize > md->size) {
		_kvm_err(kd, NULL, "address 0x%jx: its page table entry is "
		    "beyond the end of the file", (uintmax_t)va);
		return (-1);
	}
	p = ptpage(kd, ofs / PGSIZE);
	if (p == NULL)
		return (-1);
	*entry = decode(md, p + ofs % PGSIZE);
	return (1);
}

/* What an entry that maps a page, or a superpage, tells of va. */
static void
make_piece(uint64_t va, uint64_t entry, uint64_t span,
    struct minidump_piece *piece)
{
	uint64_t frame;

	frame = entry & MINIDUMP_PTE_FRAME & ~(span - 1);
	piece->len = span - va % span;
	piece->pte = frame + TRUNC_PAGE(va % span);
	piece->pte |= entry & (MINIDUMP_PTE_V | MINIDUMP_PTE_RW |
	    MINIDUMP_PTE_NX);
}

int
_kvm_minidump_ptes(kvm_t *kd, const struct minidump *md, uint64_t va,
    struct minidump_piece *piece)
{
	uint64_t pte;
	int found;

	piece->len = piece->pte = 0;
	found = section_entry(kd, md, va, &pte, &piece->len);
	if (found == 1)
		make_piece(va, pte, PGSIZE, piece);
	return (found == -1 ? -1 : 0);
}

int
_kvm_minidump_pdes(kvm_t *kd, const struct minidump *md, uint64_t va,
    struct minidump_piece *piece)
{
	uint64_t pde;
	int found;

	piece->len = piece->pte = 0;
	found = section_entry(kd, md, va, &pde, &piece->len);
	if (found == 1)
		return (_kvm_minidump_pde(kd, md, va, pde, piece));
	return (found);
}

int
_kvm_minidump_pde(kvm_t *kd, const struct minidump *md, uint64_t va,
    uint64_t pde, struct minidump_piece *piece)
{
	uint64_t pte, span;

	span = (uint64_t)PGSIZE / md->entsize * PGSIZE;
	if ((pde & MINIDUMP_PTE_V) == 0 || (pde & MINIDUMP_PDE_PS) != 0) {
		make_piece(va, pde, span, piece);
		return (0);
	}
	piece->len = span - va % span;
	if (_kvm_minidump_entry(kd, md, va, (pde & MINIDUMP_PTE_FRAME) +
	    va % span / PGSIZE * md->entsize, &pte) == -1)
		return (-1);
	make_piece(va, pte, PGSIZE, piece);
	return (0);
}

/*
 * Get the page table at physical address pa, as much as the file has of it,
 * which stays in memory until it has to make room for another; NULL with the
 * error message set if there is none of it.
 */
static const struct table *
get_table(kvm_t *kd, uint64_t va, uint64_t pa)
{
	struct table **tp;
	off_t ofs;
	int len;

	tp = &kd->vmst->tables[pa / PGSIZE % NTABLES];
	if (*tp == NULL)
		*tp = _kvm_malloc(kd, sizeof(**tp));
	if (*tp == NULL)
		return (NULL);
	if ((*tp)->len != 0 && (*tp)->pa == pa)
		return (*tp);
	(*tp)->len = 0;
	len = find_page(kd, "page table", va, pa, &ofs);
	if (len == 0)
		return (NULL);
	len = _kvm_minidump_read(kd, ofs, (*tp)->bytes, len);
	if (len == -1)
		return (NULL);
	(*tp)->pa = pa;
	(*tp)->len = len;
	return (*tp);
}

int
_kvm_minidump_entry(kvm_t *kd, const struct minidump *md, uint64_t va,
    uint64_t pa, uint64_t *entry)
{
	const struct table *table;

	table = get_table(kd, va, TRUNC_PAGE(pa));
	if (table == NULL)
		return (-1);
	if (pa % PGSIZE + md->entsize > table->len) {
		_kvm_err(kd, NULL, "address 0x%jx: its page table entry is "
		    "beyond the end of the file", (uintmax_t)va);
		return (-1);
	}
	*entry = decode(md, table->bytes + pa % PGSIZE);
	return (0);
}

int
_kvm_minidump_vatopa(kvm_t *kd, uint64_t va, uint64_t *pap)
{
	const struct minidump *md;
	struct minidump_piece piece;

	md = &kd->vmst->md;
	if (va >= md->dmapbase && va < md->dmapend) {
		*pap = va - md->dmapbase;
		return (0);
	}
	if ((*md->ops->piece)(kd, md, TRUNC_PAGE(va), &piece) == -1)
		return (-1);
	if (piece.len == 0) {
		_kvm_err(kd, NULL, "address 0x%jx: outside the dumped address "
		    "space", (uintmax_t)va);
		return (-1);
	}
	if ((piece.pte & MINIDUMP_PTE_V) == 0) {
		_kvm_err(kd, NULL, "address 0x%jx: not mapped", (uintmax_t)va);
		return (-1);
	}
	*pap = (piece.pte & MINIDUMP_PTE_FRAME) + va % PGSIZE;
	return (0);
}

/*
 * nextpages() for the pages that are adjacent bits, from "*bit" to "end":
 * "*before" is how many are set before the first one.
 */
static int
next_bits(kvm_t *kd, uint64_t *bit, uint64_t end, uint64_t *before,
    uint64_t *n)
{
	uint64_t next;

	*n = 0;
	if (end > kd->vmst->bitmaplen * 8 &&
	    !_kvm_minidump_isfull(&kd->vmst->md))
		end = kd->vmst->bitmaplen * 8;
	if (scan_bits(kd, bit, end, 1) == -1)
		return (-1);
	if (*bit >= end)
		return (0);
	if (find_bit(kd, *bit, before) == -1)
		return (-1);
	next = *bit;
	if (scan_bits(kd, &next, end, 0) == -1)
		return (-1);
	*n = next - *bit;
	return (0);
}

/* nextpages(), whether the file has them or not. */
static int
next_dumped(kvm_t *kd, uint64_t *pa, uint64_t end, uint64_t *ofs,
    uint64_t *len)
{
	const struct minidump *md;
	const struct minidump_range *r;
	struct minidump_range all;
	uint64_t before, bit, last, n;

	md = &kd->vmst->md;
	all.start = all.first = 0;
	all.end = UINT64_MAX;
	*len = 0;
	for (r = md->nranges != 0 ? find_range(md, *pa) : &all; r != NULL &&
	    r->start < end; r = r->end < end ? find_range(md, r->end) : NULL) {
		bit = r->first;
		if (*pa > r->start)
			bit += (*pa - r->start) / PGSIZE;
		last = r->first + ((r->end < end ? r->end : end) - r->start) /
		    PGSIZE;
		if (next_bits(kd, &bit, last, &before, &n) == -1)
			return (-1);
		if (n == 0)
			continue;
		*pa = r->start + (bit - r->first) * PGSIZE;
		*ofs = md->pages.ofs + before * PGSIZE;
		*len = n * PGSIZE;
		break;
	}
	return (0);
}

int
_kvm_minidump_nextpages(kvm_t *kd, uint64_t *pa, uint64_t end, uint64_t *ofs,
    uint64_t *len)
{
	const struct minidump *md;
	const struct minidump_lost *lost;
	uint64_t have, skip;

	md = &kd->vmst->md;
	for (;;) {
		if (next_dumped(kd, pa, end, ofs, len) == -1)
			return (-1);
		/* The page that a file is cut in is not there. */
		have = *len != 0 && md->size > *ofs ?
		    TRUNC_PAGE(md->size - *ofs) : 0;
		if (*len > have)
			*len = have;
		lost = *len != 0 ? find_lost(md, *ofs, *len) : NULL;
		if (lost == NULL)
			return (0);
		if (lost->start >= *ofs + PGSIZE) {
			*len = TRUNC_PAGE(lost->start - *ofs);
			return (0);
		}
		skip = ROUND_PAGE(lost->end - *ofs);
		*pa += skip < *len ? skip : *len;
	}
}

int
_kvm_minidump_isdumped(kvm_t *kd, uint64_t pa)
{
	uint64_t before;
	int64_t bit;

	bit = pa_to_bit(&kd->vmst->md, pa);
	return (bit >= 0 && ((uint64_t)bit / 8 < kd->vmst->bitmaplen ||
	    _kvm_minidump_isfull(&kd->vmst->md)) &&
	    find_bit(kd, bit, &before) == 1);
}

int
_kvm_minidump_patoofs(kvm_t *kd, uint64_t va, uint64_t pa, off_t *ofs)
{

	return (find_page(kd, "page", va, pa, ofs));
}

int
_kvm_minidump_vatop64(kvm_t *kd, uint64_t va, off_t *ofs)
{
	uint64_t pa;

	if (_kvm_minidump_vatopa(kd, va, &pa) == -1)
		return (0);
	return (_kvm_minidump_patoofs(kd, va, pa, ofs));
}

/* vatop64() as libkvm declares it, for kernels with the host's word size. */
int
_kvm_minidump_kvatop(kvm_t *kd, u_long va, off_t *pa)
{

	return (_kvm_minidump_vatop64(kd, va, pa));
}
