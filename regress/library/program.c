/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * program kernel dump: a program that uses only installed files.  It prints a
 * kernel variable, the number of bytes that are mapped and in the dump, and the
 * number of bytes in the dump.
 */

#include <fcntl.h>
#include <inttypes.h>
#include <kvm.h>
#include <stdio.h>

struct sums {
	uint64_t	mapped;
	uint64_t	dumped;
};

static int
add(struct kvm_page *page, void *arg)
{
	struct sums *sums = arg;

	if (page->kp_kmap_vaddr == 0)
		sums->dumped += page->kp_len;
	else if (page->kp_offset != -1)
		sums->mapped += page->kp_len;
	return (1);
}

int
main(int argc, char **argv)
{
	struct sums sums = { 0, 0 };
	uint64_t counter, size;
	kvaddr_t va;
	kvm_t *kd;

	if (argc != 3)
		return (2);
	kd = kvm_open(argv[1], argv[2], NULL, O_RDONLY, argv[0]);
	if (kd == NULL || kvm_symbol(kd, "counter", &va, &size) == -1 ||
	    kvm_read2(kd, va, &counter, sizeof(counter)) == -1)
		return (1);
	printf("counter 0x%" PRIx64 "\n", counter);
	if (kvm_walk_pages(kd, add, &sums) != 1)
		return (1);
	printf("mapped %" PRIu64 "\ndumped %" PRIu64 "\n", sums.mapped,
	    sums.dumped);
	kvm_close(kd);
	return (0);
}
