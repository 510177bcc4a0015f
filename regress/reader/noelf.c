/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * kvm_elf.c's place in a library without symbols: for tests on hosts, or of
 * word sizes, that have no libelf.
 */

#include <sys/types.h>

#include <kvm.h>
#include <limits.h>
#include <stddef.h>

#include "kvm_private.h"

int
_kvm_elf_open(kvm_t *kd, const char *arch)
{

	_kvm_err(kd, kd->program, "%s kernel: no libelf", arch);
	return (-1);
}

void
_kvm_elf_close(kvm_t *kd)
{

	kd->kernel = NULL;
}

int
_kvm_elf_symbol(kvm_t *kd, const char *name, kvaddr_t *va, uint64_t *size,
    unsigned char *type)
{

	(void)kd;
	(void)name;
	*va = *size = *type = 0;
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
