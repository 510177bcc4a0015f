/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Implements model.h.  Everything is done the slow way, so that it is easily
 * seen to be correct.
 */

#include <string.h>
#include <zlib.h>

#include "model.h"

#define	PAGE		4096
#define	MEMBER		61440
#define	KDH		512
#define	TABLE		2048		/* the table of lost ranges */

struct sections {
	int		amd64;
	unsigned int	entsize;
	uint64_t	kernbase;
	uint64_t	dmapbase;
	uint64_t	dmapend;
	uint64_t	bitmapsize;
	uint64_t	ptesize;
	uint64_t	bitmap;		/* bytes from the start of the dump */
	uint64_t	ptes;
	uint64_t	pages;
	uint64_t	end;		/* of what can be placed */
};

static uint64_t
le(const uint8_t *p, int size)
{
	uint64_t v;

	for (v = 0; size > 0; size--)
		v = v << 8 | p[size - 1];
	return (v);
}

static void
put_le32(uint8_t *p, uint32_t v)
{
	int i;

	for (i = 0; i < 4; i++)
		p[i] = v >> i * 8;
}

static int
bits(unsigned int n)
{
	int sum;

	for (sum = 0; n != 0; n >>= 1)
		sum += n & 1;
	return (sum);
}

static uint64_t
pages(uint64_t n)
{

	return ((n + PAGE - 1) / PAGE * PAGE);
}

/* Return the first byte of [ofs, end) that was lost, or end if none was. */
static uint64_t
notread(const uint8_t *dump, size_t size, uint64_t ofs, uint64_t end)
{
	uint64_t first, last, n;

	if (size < PAGE || memcmp(dump + TABLE, "not read", 8) != 0)
		return (end);
	for (n = 0; n < le(dump + TABLE + 8, 4); n++) {
		first = le(dump + TABLE + 16 + n * 16, 8);
		last = le(dump + TABLE + 24 + n * 16, 8);
		if (first < end && last > ofs)
			return (first > ofs ? first : ofs);
	}
	return (end);
}

int
model_notread(const uint8_t *dump, size_t size, uint64_t ofs)
{

	return (notread(dump, size, ofs, ofs + 1) == ofs);
}

static void
find_sections(const uint8_t *dump, size_t size, struct sections *s)
{

	s->amd64 = dump[17] == 'a';
	s->bitmapsize = le(dump + 32, 4);
	s->ptesize = le(dump + 36, 4);
	s->bitmap = PAGE + pages(le(dump + 28, 4));
	s->ptes = s->bitmap + pages(s->bitmapsize);
	s->pages = s->ptes + s->ptesize;
	s->entsize = 8;
	s->dmapbase = s->dmapend = 0;
	if (s->amd64) {
		s->kernbase = le(dump + 40, 8);
		s->dmapbase = le(dump + 48, 8);
		s->dmapend = le(dump + 56, 8);
	} else {
		s->kernbase = le(dump + 40, 4);
		if (le(dump + 44, 4) == 0)
			s->entsize = 4;
	}
	/* Without some bits, no page behind them can be found. */
	s->end = notread(dump, size, s->bitmap, s->ptes);
	if (s->end == s->ptes || s->end > size)
		s->end = size;
}

static int
present(const uint8_t *dump, const struct sections *s, size_t size,
    uint64_t ofs)
{

	return (ofs < s->end && !model_notread(dump, size, ofs));
}

int
model_byte(const uint8_t *dump, size_t size, uint64_t va)
{
	struct sections s;
	uint64_t bit, i, n, ofs, pa, pte;

	find_sections(dump, size, &s);
	if (s.amd64 && va >= s.dmapbase && va < s.dmapend)
		pa = va - s.dmapbase;
	else {
		n = (va - s.kernbase) / PAGE;
		if (va < s.kernbase || n >= s.ptesize / s.entsize)
			return (-1);
		ofs = s.ptes + n * s.entsize;
		for (i = 0; i < s.entsize; i++)
			if (!present(dump, &s, size, ofs + i))
				return (-1);
		pte = le(dump + ofs, s.entsize);
		if ((pte & 1) == 0)
			return (-1);
		pa = (pte & 0xffffffffff000) | (va % PAGE);
	}
	bit = pa / PAGE;
	if (bit / 8 >= s.bitmapsize || s.bitmap + bit / 8 >= s.end ||
	    (dump[s.bitmap + bit / 8] >> bit % 8 & 1) == 0)
		return (-1);
	for (i = n = 0; i < bit / 8; i++)
		n += bits(dump[s.bitmap + i]);
	n += bits(dump[s.bitmap + i] & ((1 << bit % 8) - 1));
	ofs = s.pages + n * PAGE + pa % PAGE;
	return (present(dump, &s, size, ofs) ? dump[ofs] : -1);
}

uint64_t
model_addr(const uint8_t *dump, size_t size, unsigned int n)
{
	struct sections s;
	uint64_t bit;

	find_sections(dump, size, &s);
	if (n % 4 == 0)
		return (s.kernbase + n / 4 * PAGE + n * 113 % PAGE);
	if (n % 4 == 1)
		return (s.kernbase + s.ptesize / s.entsize * PAGE -
		    n / 4 * 40961);
	if (n % 4 == 2)
		return (s.dmapend - n / 4 * 8191 - 1);
	/* Find a page with a bit, or the next one. */
	for (bit = 0; bit / 8 < s.bitmapsize && s.bitmap + bit / 8 < size;
	    bit += 8)
		if (dump[s.bitmap + bit / 8] != 0) {
			if (n < 8)
				break;
			n -= 8;
		}
	while (n-- > 0 && bit / 8 < s.bitmapsize && s.bitmap + bit / 8 <
	    size && (dump[s.bitmap + bit / 8] >> bit % 8 & 1) == 0)
		bit++;
	return (s.dmapbase + bit * PAGE + bit * 113 % PAGE);
}

/*
 * Inflate one member.  Returns its size in the file, 0 if it is not a member,
 * and its decompressed size; "whole" checks its end as well, and its number if
 * that is not -1.
 */
static size_t
inflate_member(const uint8_t *p, size_t size, uint8_t *plain, size_t max,
    size_t *len, int whole, int64_t number)
{
	z_stream z;
	size_t hdr, n;
	int error;

	if (size < 26 || p[0] != 0x1f || p[1] != 0x8b)
		return (0);
	hdr = 12 + le(p + 10, 2);
	if (hdr > size)
		return (0);
	memset(&z, 0, sizeof(z));
	z.next_in = (uint8_t *)(uintptr_t)p + hdr;
	z.avail_in = size - hdr;
	z.next_out = plain;
	z.avail_out = max;
	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		return (0);
	error = inflate(&z, Z_FINISH);
	*len = z.total_out;
	n = hdr + z.total_in + 8;
	inflateEnd(&z);
	if (error != Z_STREAM_END || n > size)
		return (0);
	/* What follows in the header has forms of its own, ignored here. */
	if (whole && (memcmp(p, "\037\213\010\004", 4) != 0 ||
	    memcmp(p + 8, "\0\377", 2) != 0 ||
	    memcmp(p + 12, "BC\002\0", 4) != 0 || le(p + 16, 2) + 1 != n ||
	    (int64_t)le(p + 4, 4) != number))
		return (0);
	if (whole && (le(p + n - 8, 4) != crc32(0, plain, *len) ||
	    le(p + n - 4, 4) != *len))
		return (0);
	return (n);
}

size_t
model_gunzip(const uint8_t *file, size_t size, uint8_t *plain, size_t max,
    int *whole)
{
	size_t done, len, n;
	int64_t number;
	int step;

	*whole = 0;
	number = 0;
	/* Members are numbered if the first tells the sizes of others. */
	step = size > 20 && memcmp(file + 18, "MI", 2) == 0;
	for (done = 0; size > 0; done += len, file += n, size -= n) {
		n = inflate_member(file, size, plain + done, max - done, &len,
		    1, number);
		number += step;
		if (n == 0)
			break;
		/*
		 * Only the last may be shorter: what follows cannot be found.
		 */
		if (len != MEMBER) {
			*whole = n == size;
			return (done + len);
		}
	}
	*whole = size == 0;
	return (done);
}

size_t
model_gzmax(const uint8_t *file, size_t size)
{
	size_t i, n;

	for (i = n = 0; i + 3 < size; i++)
		n += memcmp(file + i, "\037\213\010\004", 4) == 0;
	/* A damaged header turns one member into two at most. */
	return ((n + 2) * MEMBER * 2);
}

void
model_sealgzip(uint8_t *file, size_t size)
{
	static uint8_t plain[MEMBER + 1];
	size_t len, n;

	for (; size > 0; file += n, size -= n) {
		n = inflate_member(file, size, plain, sizeof(plain), &len, 0,
		    0);
		if (n == 0)
			return;
		file[16] = (n - 1) & 0xff;
		file[17] = (n - 1) >> 8;
		put_le32(file + n - 8, crc32(0, plain, len));
		put_le32(file + n - 4, len);
	}
}

static uint64_t
be(const uint8_t *p, int size)
{
	uint64_t v;

	for (v = 0; size > 0; size--)
		v = v << 8 | *p++;
	return (v);
}

static int
has_magic(const uint8_t *hdr)
{

	return (memcmp(hdr, "FreeBSD Kernel Dump", 20) == 0 ||
	    memcmp(hdr, "Cleared Kernel Dump", 20) == 0);
}

/* Return the bytes between the headers, if these take "block" bytes. */
static uint64_t
extent(const uint8_t *hdr, size_t block)
{
	uint64_t len;

	len = 0;
	if (be(hdr + 32, 4) == 3)
		len = be(hdr + 48, 8);
	else if (be(hdr + 32, 4) >= 4)
		len = be(hdr + 496, 8);
	if (len == 0)
		len = be(hdr + 40, 8);
	return (len + (block - len % block) % block);
}

static uint64_t
keysize(const uint8_t *hdr)
{

	switch (be(hdr + 32, 4)) {
	case 0:
	case 1:
		return (0);
	case 3:
		return (be(hdr + 64, 4));
	default:
		return (be(hdr + 56, 4));
	}
}

static void
seal(uint8_t *hdr)
{
	int i;

	memset(hdr + KDH - 4, 0, 4);
	for (i = 0; i < KDH - 4; i++)
		hdr[KDH - 4 + i % 4] ^= hdr[i];
}

void
model_sealdisk(uint8_t *disk, size_t size)
{
	uint8_t *last;
	uint64_t len;
	size_t at, block;

	last = NULL;
	for (at = 0; at + KDH <= size; at += KDH)
		if (memcmp(disk + at, "FreeBSD Kernel Dump", 20) == 0) {
			last = disk + at;
			seal(last);
		}
	for (block = KDH; last != NULL && block <= PAGE; block *= 2) {
		len = extent(last, block);
		if (len <= size && len + block <= (size_t)(last - disk) &&
		    (block == KDH || has_magic(last - len - block)))
			memcpy(last - len - block, last, KDH);
	}
}

/* Return whether the xor of its words is 0. */
static int
is_sealed(const uint8_t *hdr)
{
	uint8_t copy[KDH];

	memcpy(copy, hdr, KDH);
	seal(copy);
	return (memcmp(copy, hdr, KDH) == 0);
}

/* Restore a header to what it was before it was cleared, in one of two ways. */
static void
restore(uint8_t *hdr)
{
	int sealed;

	if (hdr[0] != 'C')
		return;
	sealed = is_sealed(hdr);
	memcpy(hdr, "FreeBSD", 7);
	if (sealed)
		seal(hdr);
}

/* Return whether the headers agree, and their parity is correct. */
static int
agree(const uint8_t *first, const uint8_t *last)
{
	uint8_t a[KDH], b[KDH];

	memcpy(a, first, KDH);
	memcpy(b, last, KDH);
	restore(a);
	restore(b);
	return (memcmp(a, b, KDH) == 0 && is_sealed(b));
}

int
model_dump(const uint8_t *disk, size_t size, size_t at, unsigned int n,
    int force, struct model_dump *dump)
{
	const uint8_t *hdr;
	uint64_t len;
	size_t block;

	if (n >= 8 || (n >= 4 && !force))
		return (0);
	block = KDH << n % 4;
	hdr = disk + at;
	if (at + KDH > size || !has_magic(hdr))
		return (0);
	len = extent(hdr, block);
	dump->len = be(hdr + 40, 8);
	dump->compression = 0;
	if (be(hdr + 32, 4) == 3)
		dump->compression = hdr[72];
	else if (be(hdr + 32, 4) >= 4)
		dump->compression = hdr[495];
	if (len > size || be(hdr + 40, 8) > len || dump->len == 0 ||
	    keysize(hdr) != 0)
		return (-1);
	if (n >= 4) {
		if (len > at)
			return (-1);
		dump->ofs = at - len;
		return (1);
	}
	dump->ofs = at + block;
	if (force)
		return (dump->ofs + dump->len <= size ? 1 : -1);
	if (dump->ofs + len + KDH > size ||
	    !agree(hdr, disk + dump->ofs + len))
		return (-1);
	return (1);
}

int
model_inflates(const uint8_t *file, size_t size, const uint8_t *plain,
    size_t len)
{
	static uint8_t buf[PAGE];
	z_stream z;
	size_t n;
	int error, same;

	memset(&z, 0, sizeof(z));
	z.next_in = (uint8_t *)(uintptr_t)file;
	z.avail_in = size;
	if (inflateInit2(&z, MAX_WBITS + 16) != Z_OK)
		return (0);
	same = 1;
	do {
		z.next_out = buf;
		z.avail_out = sizeof(buf);
		error = inflate(&z, Z_NO_FLUSH);
		n = sizeof(buf) - z.avail_out;
		same = same && n <= len && memcmp(plain, buf, n) == 0;
		plain += same ? n : 0;
		len -= same ? n : 0;
	} while (same && error == Z_OK);
	inflateEnd(&z);
	return (same && error == Z_STREAM_END && len == 0);
}
