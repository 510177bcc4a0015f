/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Open a dump as kvm_openfiles() and kvm_open() of 6.x do, through
 * kvm_<arch>.c, and show what a program's user sees.  Called by
 * regress/reader/run.  usage: openfiles FILE [PROGRAM]
 */

#include <sys/types.h>

#include <fcntl.h>
#include <kvm.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kvm_private.h"

int
main(int argc, char *argv[])
{
	static kvm_t kd;

	kd.program = argc > 2 ? argv[2] : NULL;
	kd.nlfd = -1;
	kd.pmfd = open(argv[1], O_RDONLY);
	if (kd.pmfd == -1 || !_kvm_minidump_probe(&kd))
		return (2);
	if (_kvm_minidump_initvtop(&kd) == -1) {
		printf("%s\n", kd.errbuf);
		return (1);
	}
	_kvm_minidump_freevtop(&kd);
	printf("opened\n");
	return (0);
}
