/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * reader name npages run step plain compressed rounds: measure libkvm with the
 * two dumps that "mkcore npages run step plain compressed" made, and what one
 * would do without it.  Prints lines "name.WHAT.HOW VALUE", one for each round:
 *
 *	open		ns to open: by kvm (plain), kvmgz (compressed), hash
 *	read		ns to read 8 bytes: by these; by pread, one pread(2) of
 *			the 8 bytes; by inflate, one pread(2) of the right
 *			member and decompressing it
 *	memory		bytes allocated: by these, after the reads
 *	bitmap, phys	bytes of the bitmap, and of the machine's memory
 *
 * Every reader's data is checked.  All of it is in the page cache: a first
 * round is not printed.
 */

#include <sys/types.h>
#include <sys/endian.h>

#include <err.h>
#include <fcntl.h>
#include <kvm.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "core.h"

/* Random reads per round; in a compressed dump, each needs a member. */
#define	NREADS		50000
#define	NREADSGZ	2000

static const char *name, *plain, *compressed;
static uint64_t npages, run, step;
static uint64_t pages[NREADS];		/* pages to read: numbers in the file */
static int quiet;			/* the first round */

static void
tell(const char *what, const char *how, double value)
{

	if (!quiet)
		printf("%s.%s.%s %.1f\n", name, what, how, value);
}

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (ts.tv_sec * 1e9 + ts.tv_nsec);
}

/* Return the bytes allocated by malloc(). */
static double
allocated(void)
{
	struct mallinfo2 mi;

	mi = mallinfo2();
	return ((double)mi.uordblks + mi.hblkhd);
}

/* Return which word of the page read i takes. */
static u_int
read_word(u_int i)
{

	return (bench_mix(i) % PGWORDS);
}

static uint64_t
read_va(u_int i)
{

	return (CORE_DMAPBASE + core_frame(pages[i] - core_first(npages),
	    run) * PGSIZE + read_word(i) * sizeof(uint64_t));
}

static uint64_t
read_ofs(u_int i)
{

	return (pages[i] * PGSIZE + read_word(i) * sizeof(uint64_t));
}

/* Return the expected sum of reads 0 to n - 1. */
static uint64_t
expected(u_int n)
{
	uint64_t sum;
	u_int i;

	for (sum = i = 0; i < n; i++)
		sum += bench_word(pages[i] % CORE_CYCLE, read_word(i));
	return (sum);
}

static int
open_file(const char *file)
{
	int fd;

	fd = open(file, O_RDONLY);
	if (fd == -1)
		err(1, "%s", file);
	return (fd);
}

/*
 * Print the time a reader took for n reads, which began at "begin"; "sum" is
 * their sum.
 */
static void
told_reads(const char *how, double begin, u_int n, uint64_t sum)
{

	tell("read", how, (now() - begin) / n);
	if (sum != expected(n))
		errx(1, "%s: %s has read something wrong", name, how);
}

static void
measure_kvm(const char *how, const char *file, u_int n)
{
	char errbuf[2048];		/* _POSIX2_LINE_MAX */
	uint64_t sum, *va, word;
	double before, begin;
	kvm_t *kd;
	u_int i;

	va = malloc(n * sizeof(*va));
	if (va == NULL)
		err(1, "memory");
	for (i = 0; i < n; i++)
		va[i] = read_va(i);

	before = allocated();
	begin = now();
	kd = kvm_openfiles(NULL, file, NULL, O_RDONLY, errbuf);
	tell("open", how, now() - begin);
	if (kd == NULL)
		errx(1, "%s", errbuf);
	begin = now();
	for (sum = i = 0; i < n; i++) {
		if (kvm_read(kd, va[i], &word, sizeof(word)) != sizeof(word))
			errx(1, "%s", kvm_geterr(kd));
		sum += le64toh(word);
	}
	told_reads(how, begin, n, sum);
	tell("memory", how, allocated() - before);
	kvm_close(kd);
	free(va);
}

/*
 * A reader that enters every page of the dump into a hash table when it opens
 * it: one node per page, and as many buckets as pages.
 */
struct node {
	struct node	*next;
	uint64_t	frame;
	uint64_t	ofs;
};

struct hashed {
	int		fd;
	struct node	**bucket;
	uint64_t	nbuckets;	/* a power of 2 */
};

static struct node **
bucket_of(const struct hashed *h, uint64_t frame)
{

	return (&h->bucket[bench_mix(frame) & (h->nbuckets - 1)]);
}

static void
hashed_open(struct hashed *h)
{
	struct minidumphdr hdr;
	struct node **bucket, *node;
	uint64_t byte, len, ofs;
	u_char *bitmap;
	u_int bit;

	h->fd = open_file(plain);
	if (pread(h->fd, &hdr, sizeof(hdr), 0) != sizeof(hdr))
		err(1, "%s", plain);
	len = le32dec(&hdr.bitmapsize);
	bitmap = malloc(len);
	for (h->nbuckets = 1; h->nbuckets < npages; h->nbuckets *= 2)
		continue;
	h->bucket = calloc(h->nbuckets, sizeof(*h->bucket));
	if (bitmap == NULL || h->bucket == NULL)
		err(1, "memory");
	ofs = PGSIZE + le32dec(&hdr.msgbufsize);
	if (pread(h->fd, bitmap, len, ofs) != (ssize_t)len)
		err(1, "%s", plain);
	ofs = core_first(npages) * PGSIZE;
	for (byte = 0; byte < len; byte++) {
		if (bitmap[byte] == 0)
			continue;
		for (bit = 0; bit < 8; bit++) {
			if ((bitmap[byte] & 1 << bit) == 0)
				continue;
			node = malloc(sizeof(*node));
			if (node == NULL)
				err(1, "memory");
			node->frame = byte * 8 + bit;
			node->ofs = ofs;
			ofs += PGSIZE;
			bucket = bucket_of(h, node->frame);
			node->next = *bucket;
			*bucket = node;
		}
	}
	free(bitmap);
}

static uint64_t
hashed_read(const struct hashed *h, uint64_t va)
{
	struct node *node;
	uint64_t pa, word;

	pa = va - CORE_DMAPBASE;
	node = *bucket_of(h, pa / PGSIZE);
	while (node != NULL && node->frame != pa / PGSIZE)
		node = node->next;
	if (node == NULL || pread(h->fd, &word, sizeof(word),
	    node->ofs + pa % PGSIZE) != sizeof(word))
		errx(1, "%s: not read by hash", plain);
	return (le64toh(word));
}

static void
hashed_close(struct hashed *h)
{
	struct node *next, *node;
	uint64_t i;

	for (i = 0; i < h->nbuckets; i++)
		for (node = h->bucket[i]; node != NULL; node = next) {
			next = node->next;
			free(node);
		}
	free(h->bucket);
	close(h->fd);
}

static void
measure_hash(void)
{
	struct hashed h;
	uint64_t sum, *va;
	double before, begin;
	u_int i;

	va = malloc(NREADS * sizeof(*va));
	if (va == NULL)
		err(1, "memory");
	for (i = 0; i < NREADS; i++)
		va[i] = read_va(i);

	before = allocated();
	begin = now();
	hashed_open(&h);
	tell("open", "hash", now() - begin);
	begin = now();
	for (sum = i = 0; i < NREADS; i++)
		sum += hashed_read(&h, va[i]);
	told_reads("hash", begin, NREADS, sum);
	tell("memory", "hash", allocated() - before);
	hashed_close(&h);
	free(va);
}

/* The least work to read a page whose place is known. */
static void
measure_pread(void)
{
	uint64_t *ofs, sum, word;
	double begin;
	u_int i;
	int fd;

	ofs = malloc(NREADS * sizeof(*ofs));
	if (ofs == NULL)
		err(1, "memory");
	for (i = 0; i < NREADS; i++)
		ofs[i] = read_ofs(i);
	fd = open_file(plain);
	begin = now();
	for (sum = i = 0; i < NREADS; i++) {
		if (pread(fd, &word, sizeof(word), ofs[i]) != sizeof(word))
			err(1, "%s", plain);
		sum += le64toh(word);
	}
	told_reads("pread", begin, NREADS, sum);
	close(fd);
	free(ofs);
}

/* Find the members of the compressed dump, and the end of the last. */
static uint64_t *
find_members(int fd)
{
	u_char hdr[MINIDUMP_GZ_HEADER];
	uint64_t n, nmembers, *ofs;

	nmembers = (core_first(npages) + npages + CORE_PIECEPAGES - 1) /
	    CORE_PIECEPAGES;
	ofs = malloc((nmembers + 1) * sizeof(*ofs));
	if (ofs == NULL)
		err(1, "memory");
	ofs[0] = 0;
	for (n = 0; n < nmembers; n++) {
		if (pread(fd, hdr, sizeof(hdr), ofs[n]) != sizeof(hdr))
			err(1, "%s", compressed);
		ofs[n + 1] = ofs[n] + le16dec(hdr + 16) + 1;
	}
	return (ofs);
}

/* The least work to read a page of a compressed dump. */
static void
measure_inflate(void)
{
	u_char *data, in[MINIDUMP_GZ_MAX], out[MINIDUMP_GZ_PLAIN];
	uint64_t *member, n, ofs, sum;
	double begin;
	z_stream z;
	size_t size;
	u_int i;
	int fd;

	fd = open_file(compressed);
	member = find_members(fd);
	memset(&z, 0, sizeof(z));
	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		errx(1, "inflateInit2");
	begin = now();
	for (sum = i = 0; i < NREADSGZ; i++) {
		ofs = read_ofs(i);
		n = ofs / MINIDUMP_GZ_PLAIN;
		size = member[n + 1] - member[n];
		if (pread(fd, in, size, member[n]) != (ssize_t)size)
			err(1, "%s", compressed);
		data = in + 12 + le16dec(in + 10);
		z.next_in = data;
		z.avail_in = in + size - data;
		z.next_out = out;
		z.avail_out = sizeof(out);
		inflateReset(&z);
		if (inflate(&z, Z_FINISH) != Z_STREAM_END)
			errx(1, "%s: inflate", compressed);
		sum += le64dec(out + ofs % MINIDUMP_GZ_PLAIN);
	}
	told_reads("inflate", begin, NREADSGZ, sum);
	inflateEnd(&z);
	close(fd);
	free(member);
}

int
main(int argc, char **argv)
{
	uint64_t first, n;
	u_int i;
	int round, rounds;

	if (argc != 8)
		errx(2, "usage: reader name npages run step plain compressed "
		    "rounds");
	name = argv[1];
	npages = strtoull(argv[2], NULL, 10);
	run = strtoull(argv[3], NULL, 10);
	step = strtoull(argv[4], NULL, 10);
	plain = argv[5];
	compressed = argv[6];
	rounds = atoi(argv[7]);

	/* The pages that mkcore wrote. */
	first = (core_first(npages) + step - 1) / step;
	n = (core_first(npages) + npages - 1) / step - first + 1;
	for (i = 0; i < NREADS; i++)
		pages[i] = (first + bench_mix(i + 1000000) % n) * step;

	tell("bitmap", "all", core_bitmapsize(npages));
	tell("phys", "all", (double)npages * CORE_SPREAD * PGSIZE);
	for (round = 0; round <= rounds; round++) {
		quiet = round == 0;
		measure_kvm("kvm", plain, NREADS);
		measure_hash();
		measure_pread();
		measure_kvm("kvmgz", compressed, NREADSGZ);
		measure_inflate();
	}
	return (0);
}
