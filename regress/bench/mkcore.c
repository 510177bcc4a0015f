/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * mkcore npages run step plain [compressed]: make a dump of core.h, in which
 * "run" pages are side by side, and the same compressed.
 *
 * The plain one has only pages whose number in the file is a multiple of
 * "step"; the others are holes, and must not be read.  With 1 it is complete.
 */

#include <sys/types.h>

#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "core.h"

struct member {
	size_t		size;
	u_char		bytes[MINIDUMP_GZ_MAX];
};

static struct member pool[CORE_PIECES];
static u_char *head;			/* the file up to the dumped pages */
static uint64_t run;
static uint64_t first, total;		/* dumped pages in it: [first, total) */

/* Store a little-endian number. */
static void
put(void *at, uint64_t v, int size)
{
	u_char *p;

	for (p = at; size > 0; size--, v >>= 8)
		*p++ = v & 0xff;
}

/* Make everything before the pages. */
static void
make_head(uint64_t npages)
{
	struct minidumphdr_amd64 *hdr;
	uint64_t frame, i;
	u_char *bitmap;

	head = calloc(first, PGSIZE);
	if (head == NULL)
		err(1, "memory");
	hdr = (struct minidumphdr_amd64 *)head;
	strcpy(hdr->hdr.magic, MINIDUMP_AMD64_MAGIC);
	put(&hdr->hdr.version, MINIDUMP_VERSION, 4);
	put(&hdr->hdr.msgbufsize, CORE_MSGBUFSIZE, 4);
	put(&hdr->hdr.bitmapsize, core_bitmapsize(npages), 4);
	put(&hdr->hdr.ptesize, CORE_PTESIZE, 4);
	put(&hdr->kernbase, CORE_KERNBASE, 8);
	put(&hdr->dmapbase, CORE_DMAPBASE, 8);
	put(&hdr->dmapend, CORE_DMAPEND, 8);
	bitmap = head + PGSIZE + CORE_MSGBUFSIZE;
	for (i = 0; i < npages; i++) {
		frame = core_frame(i, run);
		bitmap[frame / 8] |= 1 << frame % 8;
	}
	/* One entry: a dump that maps nothing is invalid. */
	put(head + first * PGSIZE - CORE_PTESIZE,
	    core_frame(0, run) * PGSIZE | MINIDUMP_AMD64_V, 8);
}

/* Make page n of the file. */
static void
make_page(u_char *page, uint64_t n)
{
	u_int i;

	if (n < first) {
		memcpy(page, head + n * PGSIZE, PGSIZE);
		return;
	}
	for (i = 0; i < PGWORDS; i++)
		put(page + i * 8, bench_word(n % CORE_CYCLE, i), 8);
}

/* Make the member that has pages [from, to) of the file. */
static void
make_member(struct member *m, uint64_t from, uint64_t to)
{
	static const u_char start[] = {
		0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 'B', 'C', 2, 0
	};
	u_char plain[MINIDUMP_GZ_PLAIN];
	uint64_t n;
	z_stream z;

	for (n = from; n < to; n++)
		make_page(plain + (n - from) * PGSIZE, n);
	memset(&z, 0, sizeof(z));
	z.next_in = plain;
	z.avail_in = (to - from) * PGSIZE;
	z.next_out = m->bytes + MINIDUMP_GZ_HEADER;
	z.avail_out = sizeof(m->bytes) - MINIDUMP_GZ_HEADER -
	    MINIDUMP_GZ_TRAILER;
	if (deflateInit2(&z, 1, Z_DEFLATED, -MAX_WBITS, 8,
	    Z_DEFAULT_STRATEGY) != Z_OK || deflate(&z, Z_FINISH) !=
	    Z_STREAM_END)
		errx(1, "deflate");
	deflateEnd(&z);
	m->size = sizeof(m->bytes) - z.avail_out;
	memcpy(m->bytes, start, sizeof(start));
	put(m->bytes + sizeof(start), m->size - 1, 2);
	put(m->bytes + m->size - 8, crc32(0, plain, (to - from) * PGSIZE), 4);
	put(m->bytes + m->size - 4, (to - from) * PGSIZE, 4);
}

static void
write_at(int fd, const char *file, const void *buf, size_t len, uint64_t ofs)
{

	if (pwrite(fd, buf, len, ofs) != (ssize_t)len)
		err(1, "%s", file);
}

static int
create(const char *file)
{
	int fd;

	fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd == -1)
		err(1, "%s", file);
	return (fd);
}

static void
write_plain(const char *file, uint64_t step)
{
	u_char page[PGSIZE];
	uint64_t n;
	int fd;

	fd = create(file);
	write_at(fd, file, head, first * PGSIZE, 0);
	for (n = (first + step - 1) / step * step; n < total; n += step) {
		make_page(page, n);
		write_at(fd, file, page, sizeof(page), n * PGSIZE);
	}
	if (ftruncate(fd, total * PGSIZE) == -1 || close(fd) == -1)
		err(1, "%s", file);
}

/* The member whose first page is n. */
static struct member *
get_member(uint64_t n)
{
	static struct member own;
	struct member *m;
	uint64_t to;

	to = n + CORE_PIECEPAGES;
	m = &pool[n / CORE_PIECEPAGES % CORE_PIECES];
	if (n < first || to > total) {
		if (to > total)
			to = total;
		m = &own;
		m->size = 0;
	}
	if (m->size == 0)
		make_member(m, n, to);
	put(m->bytes + MINIDUMP_GZ_NUMBER, n / CORE_PIECEPAGES, 4);
	return (m);
}

/*
 * Write a group of members, the first of which is at byte ofs.  Its header,
 * with the sizes of the others, comes last.  Returns where the group ends.
 */
static uint64_t
write_group(int fd, const char *file, uint64_t n, uint64_t ofs)
{
	u_char hdr[MINIDUMP_GZ_HEADER + 8 + 2 * MINIDUMP_GZ_GROUP], *p;
	struct member *m;
	uint64_t at, end;
	size_t extra;

	end = n + MINIDUMP_GZ_GROUP * CORE_PIECEPAGES;
	if (end > total)
		end = total;
	extra = 8 + 2 * ((end - 1 - n) / CORE_PIECEPAGES);
	m = get_member(n);
	memcpy(hdr, m->bytes, MINIDUMP_GZ_HEADER);
	put(hdr + 10, 6 + extra, 2);
	put(hdr + 16, m->size + extra - 1, 2);
	at = ofs + MINIDUMP_GZ_HEADER + extra;
	write_at(fd, file, m->bytes + MINIDUMP_GZ_HEADER, m->size -
	    MINIDUMP_GZ_HEADER, at);
	at += m->size - MINIDUMP_GZ_HEADER;
	p = hdr + MINIDUMP_GZ_HEADER;
	memcpy(p, "MI", 2);
	put(p + 2, extra - 4, 2);
	for (p += 8; (n += CORE_PIECEPAGES) < end; p += 2) {
		m = get_member(n);
		put(p, m->size - 1, 2);
		write_at(fd, file, m->bytes, m->size, at);
		at += m->size;
	}
	p = hdr + MINIDUMP_GZ_HEADER;
	put(p + 4, crc32(0, p + 8, extra - 8), 4);
	write_at(fd, file, hdr, MINIDUMP_GZ_HEADER + extra, ofs);
	return (at);
}

static void
write_compressed(const char *file)
{
	uint64_t n, ofs;
	int fd;

	fd = create(file);
	ofs = 0;
	for (n = 0; n < total; n += MINIDUMP_GZ_GROUP * CORE_PIECEPAGES)
		ofs = write_group(fd, file, n, ofs);
	if (close(fd) == -1)
		err(1, "%s", file);
}

int
main(int argc, char **argv)
{
	uint64_t npages, step;

	if (argc < 5 || argc > 6)
		errx(2, "usage: mkcore npages run step plain [compressed]");
	npages = strtoull(argv[1], NULL, 10);
	run = strtoull(argv[2], NULL, 10);
	step = strtoull(argv[3], NULL, 10);
	if (npages == 0 || run == 0 || step == 0 || npages % run != 0)
		errx(2, "npages, run and step are at least 1, and npages is a "
		    "multiple of run");
	first = core_first(npages);
	total = first + npages;
	make_head(npages);
	write_plain(argv[4], step);
	if (argc == 6)
		write_compressed(argv[5]);
	return (0);
}
