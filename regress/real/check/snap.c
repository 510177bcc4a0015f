/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * snap MEMORY FILE: copy the memory of a stopped machine, which is a file.
 * Zero pages, which are the most, become holes.
 */

#include <sys/mman.h>
#include <sys/stat.h>

#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define	PAGESIZE	4096

int
main(int argc, char **argv)
{
	static const uint8_t zero[PAGESIZE];
	const uint8_t *from;
	struct stat st;
	off_t ofs;
	int in, out;

	if (argc != 3)
		errx(2, "usage: snap MEMORY FILE");
	in = open(argv[1], O_RDONLY);
	if (in == -1 || fstat(in, &st) == -1)
		err(1, "%s", argv[1]);
	from = mmap(NULL, st.st_size, PROT_READ, MAP_SHARED, in, 0);
	if (from == MAP_FAILED)
		err(1, "%s", argv[1]);
	out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (out == -1 || ftruncate(out, st.st_size) == -1)
		err(1, "%s", argv[2]);
	for (ofs = 0; ofs < st.st_size; ofs += PAGESIZE)
		if (memcmp(from + ofs, zero, PAGESIZE) != 0 &&
		    pwrite(out, from + ofs, PAGESIZE, ofs) != PAGESIZE)
			err(1, "%s", argv[2]);
	return (0);
}
