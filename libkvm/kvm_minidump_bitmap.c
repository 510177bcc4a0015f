/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The bitmap: which pages the dump has, and how many precede each.
 *
 * kvm_minidump.c opens it, and kvm_minidump_pages.c asks here where a page is.
 * kvm_minidump_ranges.c knows which page each bit stands for.
 */

#include <sys/types.h>

#include <kvm.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kvm_private.h"
#include "kvm_minidump.h"
#include "kvm_minidump_impl.h"

/*
 * A page is found by counting the bits that are set before its own.  When a
 * dump is opened, the bits of each chunk of the bitmap are counted.  The bytes
 * of a chunk are read when one of its pages is first needed and then kept, with
 * a count for every COUNTBYTES of them.  So a search counts less than
 * COUNTBYTES, and takes constant time.  Apart from the bytes, this uses less
 * than 1/100 of the bitmap's size.
 *
 * A count within a chunk is less than the chunk's bits, and fits into 16 bits.
 */
#define	CHUNKBYTES	8192
#define	COUNTBYTES	512
#define	NCOUNTS		(CHUNKBYTES / COUNTBYTES)

struct chunk_bits {
	uint16_t	counts[NCOUNTS];
	u_char		bytes[CHUNKBYTES];
};

struct chunk {
	uint64_t	before;		/* bits that are set before it */
	struct chunk_bits *bits;	/* NULL: not kept */
};

struct minidump_bitmap {
	uint64_t	len;		/* bytes of it in the file */
	struct chunk	*chunks;
};

/* Count the bits that are set in each byte of a word. */
static uint64_t
byte_counts(uint64_t w)
{

	w -= (w >> 1) & 0x5555555555555555ULL;
	w = (w & 0x3333333333333333ULL) + ((w >> 2) & 0x3333333333333333ULL);
	return ((w + (w >> 4)) & 0x0f0f0f0f0f0f0f0fULL);
}

/* Add such counts, each of which may itself be a sum of up to 31. */
static u_int
add_counts(uint64_t counts)
{

	counts = (counts & 0x00ff00ff00ff00ffULL) +
	    ((counts >> 8) & 0x00ff00ff00ff00ffULL);
	return ((counts * 0x0001000100010001ULL) >> 48);
}

/* Count the bits that are set in the n bytes at p. */
static u_int
popcount(const u_char *p, size_t n)
{
	uint64_t counts, w;
	u_int i, sum;

	for (sum = 0; n >= 16 * sizeof(w); n -= 16 * sizeof(w)) {
		/*
		 * A constant number of rounds lets the compiler vectorize this.
		 */
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
 * Read chunk n of the bitmap, as much as the file has of it.  Returns the
 * number of bytes, or 0 with the error message set if they cannot be read.
 */
static size_t
read_chunk(kvm_t *kd, uint64_t n, u_char *buf)
{
	const struct vmstate *vm;
	uint64_t ofs;
	size_t len;
	ssize_t got;

	vm = kd->vmst;
	ofs = n * CHUNKBYTES;
	len = vm->bitmap->len - ofs < CHUNKBYTES ? vm->bitmap->len - ofs :
	    CHUNKBYTES;
	got = _kvm_minidump_pread(kd, buf, len, vm->md.bitmap.ofs + ofs);
	if (got == (ssize_t)len)
		return (len);
	if (got != -1)
		_kvm_err(kd, kd->program, "reading at byte %ju of the bitmap: "
		    "the file has become shorter", (uintmax_t)(ofs + got));
	return (0);
}

/*
 * Get chunk n of the bitmap, which stays in memory.  Returns NULL with the
 * error message set on failure.
 */
static const struct chunk_bits *
get_chunk(kvm_t *kd, uint64_t n)
{
	struct chunk_bits *bits;
	struct chunk *chunk;
	size_t len;
	u_int i, sum;

	chunk = &kd->vmst->bitmap->chunks[n];
	if (chunk->bits != NULL)
		return (chunk->bits);
	bits = _kvm_malloc(kd, sizeof(*bits));
	if (bits == NULL)
		return (NULL);
	len = read_chunk(kd, n, bits->bytes);
	if (len == 0) {
		free(bits);
		return (NULL);
	}
	for (i = sum = 0; i < NCOUNTS; i++) {
		bits->counts[i] = sum;
		sum += popcount(bits->bytes + i * COUNTBYTES, COUNTBYTES);
	}
	chunk->bits = bits;
	return (bits);
}

/* The number of bits of the bitmap in the file; unlimited for a full dump. */
static uint64_t
count_known(const struct vmstate *vm)
{

	return (vm->md.isfull ? UINT64_MAX :
	    vm->bitmap->len * 8);
}

/*
 * Find a bit of the bitmap, which the file has.  Returns 1 if it is set, and in
 * "*before" the number of set bits before it; 0 if it is not set; -1 with the
 * error message set if it cannot be read.  A full dump has all its pages.
 */
static int
find_bit(kvm_t *kd, uint64_t bit, uint64_t *before)
{
	const struct chunk_bits *bits;
	uint64_t n;
	u_int at, start;
	u_char rest;

	*before = bit;
	if (kd->vmst->md.isfull)
		return (1);
	n = bit / 8 / CHUNKBYTES;
	bits = get_chunk(kd, n);
	if (bits == NULL)
		return (-1);
	at = bit / 8 % CHUNKBYTES;
	if ((bits->bytes[at] & (1 << bit % 8)) == 0)
		return (0);
	start = at - at % COUNTBYTES;
	rest = bits->bytes[at] & ((1 << bit % 8) - 1);
	*before = kd->vmst->bitmap->chunks[n].before +
	    bits->counts[at / COUNTBYTES] +
	    popcount(bits->bytes + start, at - start) + popcount(&rest, 1);
	return (1);
}

/* Return whether no bit of chunk n of the bitmap is set. */
static int
is_empty(const struct vmstate *vm, uint64_t n)
{
	const struct chunk *chunk;

	chunk = &vm->bitmap->chunks[n];
	return (chunk->before == ((n + 1) * CHUNKBYTES < vm->bitmap->len ?
	    chunk[1].before : vm->md.npages));
}

/*
 * Find the first bit from "*bit" to "end" (exclusive) that is set, or, if "set"
 * is 0, that is clear.  "*bit" is "end" if there is none.
 */
static int
scan_bits(kvm_t *kd, uint64_t *bit, uint64_t end, int set)
{
	const struct chunk_bits *bits;
	uint64_t n;
	u_char byte;

	if (kd->vmst->md.isfull) {
		*bit = set ? *bit : end;
		return (0);
	}
	while (*bit < end) {
		n = *bit / 8 / CHUNKBYTES;
		if (set && is_empty(kd->vmst, n)) {
			*bit = (n + 1) * CHUNKBYTES * 8;
			continue;
		}
		bits = get_chunk(kd, n);
		if (bits == NULL)
			return (-1);
		do {
			byte = bits->bytes[*bit / 8 % CHUNKBYTES];
			if (!set)
				byte = ~byte;
			if ((byte & (1 << *bit % 8)) != 0)
				return (0);
			*bit += byte == 0 ? 8 - *bit % 8 : 1;
		} while (*bit < end && *bit % (CHUNKBYTES * 8) != 0);
	}
	*bit = end;
	return (0);
}

/*
 * Count the bits of the bitmap, as far as the file has it.  "*first" and
 * "*last" are the chunks that have the first and the last set bit.
 *
 * Chunks of a plain dump are not kept, as most programs need few of them.
 * Those of a compressed one are: it takes longer to decompress a chunk than to
 * use it.
 */
static int
count_bits(kvm_t *kd, uint64_t *first, uint64_t *last)
{
	const struct chunk_bits *bits;
	struct vmstate *vm;
	uint64_t n;
	size_t len;
	u_int sum;
	u_char buf[CHUNKBYTES];

	vm = kd->vmst;
	for (n = 0; n * CHUNKBYTES < vm->bitmap->len; n++) {
		vm->bitmap->chunks[n].before = vm->md.npages;
		if (vm->gz != NULL) {
			bits = get_chunk(kd, n);
			if (bits == NULL)
				return (-1);
			sum = bits->counts[NCOUNTS - 1] + popcount(bits->bytes +
			    CHUNKBYTES - COUNTBYTES, COUNTBYTES);
		} else {
			len = read_chunk(kd, n, buf);
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

int
_kvm_minidump_bitmap_open(kvm_t *kd)
{
	const struct chunk_bits *bits;
	struct minidump_bitmap *bitmap;
	struct opendump *md;
	uint64_t first, last, len, npages;
	u_int bit;

	md = &kd->vmst->md;
	bitmap = kd->vmst->bitmap = _kvm_malloc(kd, sizeof(*bitmap));
	if (bitmap == NULL)
		return (-1);
	len = md->bitmap.size;
	if (md->size <= md->bitmap.ofs)
		return (0);
	if (len > md->size - md->bitmap.ofs)
		len = md->size - md->bitmap.ofs;
	bitmap->len = len;
	/* bitmapsize has 32 bits, so this is at most 8 MB. */
	bitmap->chunks = _kvm_malloc(kd, (len + CHUNKBYTES - 1) / CHUNKBYTES *
	    sizeof(bitmap->chunks[0]));
	if (bitmap->chunks == NULL || count_bits(kd, &first, &last) == -1)
		return (-1);
	if (md->npages == 0)
		return (0);
	bits = get_chunk(kd, first);
	if (bits == NULL)
		return (-1);
	for (bit = 0; (bits->bytes[bit / 8] & (1 << bit % 8)) == 0; bit++)
		continue;
	md->firstpage = _kvm_minidump_bittopa(md, first * CHUNKBYTES * 8 +
	    bit);
	bits = get_chunk(kd, last);
	if (bits == NULL)
		return (-1);
	for (bit = CHUNKBYTES * 8 - 1;
	    (bits->bytes[bit / 8] & (1 << bit % 8)) == 0; bit--)
		continue;
	last = last * CHUNKBYTES * 8 + bit;
	npages = _kvm_minidump_rangepages(md);
	if (md->nranges != 0 && last >= npages) {
		_kvm_err(kd, kd->program, "bitmap: bit %ju is set, but the "
		    "ranges of dump_avail have %ju pages", (uintmax_t)last,
		    (uintmax_t)npages);
		return (-1);
	}
	md->lastpage = _kvm_minidump_bittopa(md, last);
	return (0);
}

void
_kvm_minidump_bitmap_close(struct minidump_bitmap *bitmap)
{
	uint64_t n;

	if (bitmap == NULL)
		return;
	if (bitmap->chunks != NULL)
		for (n = 0; n * CHUNKBYTES < bitmap->len; n++)
			free(bitmap->chunks[n].bits);
	free(bitmap->chunks);
	free(bitmap);
}

int
_kvm_minidump_findbit(kvm_t *kd, uint64_t pa, uint64_t *before)
{
	const struct opendump *md;
	int64_t bit;

	md = &kd->vmst->md;
	bit = _kvm_minidump_patobit(md, pa);
	if (bit < 0)
		return (0);
	if ((uint64_t)bit < count_known(kd->vmst))
		return (find_bit(kd, bit, before));
	return ((uint64_t)bit / 8 < md->bitmap.size ? MINIDUMP_BITCUT : 0);
}

int
_kvm_minidump_nextbits(kvm_t *kd, uint64_t *bit, uint64_t end,
    uint64_t *before, uint64_t *n)
{
	uint64_t next;

	*n = 0;
	if (end > count_known(kd->vmst))
		end = count_known(kd->vmst);
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
