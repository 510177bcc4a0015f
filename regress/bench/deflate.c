/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * deflate members|stream|libdeflate dump: compress a plain dump, as the kernel
 * does, in one piece as gzip -1 would, or in the kernel's pieces by libdeflate's
 * level 1, and print how many bytes were read and made.  To be run by callgrind,
 * which counts the instructions of functions.  Exits with 3 if there is no
 * libdeflate.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <dlfcn.h>
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* Added to the window size, this makes zlib write gzip headers and trailers. */
#define	GZIP_WBITS	(MAX_WBITS + 16)
#define	PIECE		61440

uint64_t	bench_members(const void *dump, size_t len);
uint64_t	bench_stream(void *dump, size_t len);
uint64_t	bench_libdeflate(const void *dump, size_t len);

uint64_t
bench_stream(void *dump, size_t len)
{
	u_char buf[65536];
	z_stream z;
	uint64_t sum;
	int error;

	memset(&z, 0, sizeof(z));
	if (deflateInit2(&z, 1, Z_DEFLATED, GZIP_WBITS, 8,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		return (0);
	z.next_in = dump;
	z.avail_in = len;
	sum = 0;
	do {
		z.next_out = buf;
		z.avail_out = sizeof(buf);
		error = deflate(&z, Z_FINISH);
		sum += sizeof(buf) - z.avail_out;
	} while (error == Z_OK);
	deflateEnd(&z);
	return (error == Z_STREAM_END ? sum : 0);
}

/* Nothing but its library need be there. */
uint64_t
bench_libdeflate(const void *dump, size_t len)
{
	static u_char buf[65536];
	void *(*alloc)(int);
	size_t (*compress)(void *, const void *, size_t, void *, size_t);
	void *c, *lib;
	uint64_t sum;
	size_t n, size;

	lib = dlopen("libdeflate.so.0", RTLD_NOW);
	if (lib == NULL)
		exit(3);
	*(void **)&alloc = dlsym(lib, "libdeflate_alloc_compressor");
	*(void **)&compress = dlsym(lib, "libdeflate_gzip_compress");
	c = alloc != NULL && compress != NULL ? (*alloc)(1) : NULL;
	if (c == NULL)
		return (0);
	for (sum = 0; len > 0; len -= n, dump = (const u_char *)dump + n) {
		n = len < PIECE ? len : PIECE;
		size = (*compress)(c, dump, n, buf, sizeof(buf));
		if (size == 0)
			return (0);
		sum += size;
	}
	return (sum);
}

int
main(int argc, char **argv)
{
	struct stat sb;
	uint64_t size;
	void *dump;
	int fd;

	if (argc != 3)
		errx(2, "usage: deflate members|stream|libdeflate dump");
	fd = open(argv[2], O_RDONLY);
	if (fd == -1 || fstat(fd, &sb) == -1)
		err(1, "%s", argv[2]);
	dump = malloc(sb.st_size);
	if (dump == NULL || read(fd, dump, sb.st_size) != sb.st_size)
		err(1, "%s", argv[2]);
	if (strcmp(argv[1], "members") == 0)
		size = bench_members(dump, sb.st_size);
	else if (strcmp(argv[1], "libdeflate") == 0)
		size = bench_libdeflate(dump, sb.st_size);
	else
		size = bench_stream(dump, sb.st_size);
	if (size == 0)
		errx(1, "%s: not compressed", argv[2]);
	printf("%ju %ju\n", (uintmax_t)sb.st_size, (uintmax_t)size);
	return (0);
}
