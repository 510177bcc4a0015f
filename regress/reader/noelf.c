/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * kvm_elf.c's place in a library for hosts, or of word sizes, that have no
 * libelf: for tests.  A kernel is a text file, as nm(1) prints it.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <kvm.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kvm_private.h"

struct kernel {
	FILE	*fp;
} thekernel;

int
_kvm_elf_open(kvm_t *kd, const char *arch)
{

	thekernel.fp = fdopen(dup(kd->nlfd), "r");
	if (thekernel.fp == NULL) {
		_kvm_err(kd, kd->program, "%s kernel: fdopen", arch);
		return (-1);
	}
	kd->kernel = &thekernel;
	return (0);
}

void
_kvm_elf_close(kvm_t *kd)
{

	if (kd->kernel != NULL)
		fclose(kd->kernel->fp);
	kd->kernel = NULL;
}

int
_kvm_elf_symbol(kvm_t *kd, const char *name, kvaddr_t *va, uint64_t *size,
    unsigned char *type)
{
	char is[64];

	rewind(kd->kernel->fp);
	*size = 0;
	*type = 1;
	while (fscanf(kd->kernel->fp, "%" SCNx64 " %*c %63s", va, is) == 2)
		if (strcmp(is, name) == 0)
			return (0);
	return (-1);
}

size_t
_kvm_elf_read(kvm_t *kd, kvaddr_t va, void *buf, size_t len)
{

	(void)kd;
	(void)va;
	(void)buf;
	(void)len;
	return (0);
}

int
_kvm_elf_segment(kvm_t *kd, unsigned int n, kvaddr_t *va, uint64_t *size)
{

	(void)kd;
	(void)n;
	*va = *size = 0;
	return (-1);
}
