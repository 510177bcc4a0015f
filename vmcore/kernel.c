/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The kernel of a dump: its symbols and its memory.  dynsym.c finds the symbols
 * without the kernel's file.
 */

#include <sys/types.h>
#include <sys/endian.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel_int.h"
#include "vmcore.h"

struct kernel *
kernel_open(kvm_t *kd, const char *file, int hasfile)
{
	const struct kvm_dumpinfo *ki;
	struct kernel *k;

	k = calloc(1, sizeof(*k));
	if (k == NULL) {
		xwarn("%s", file);
		return (NULL);
	}
	ki = kvm_dumpinfo(kd);
	k->kd = kd;
	k->file = file;
	k->hasfile = hasfile;
	k->ptrsize = ki->ki_ptrsize;
	/* Each element has two pointers. */
	k->maxlist = ki->ki_size / (2 * ki->ki_ptrsize);
	k->amd64 = strcmp(ki->ki_arch, "amd64") == 0;
	return (k);
}

void
kernel_close(struct kernel *k)
{

	dynsym_close(k->dynsym);
	free(k);
}

struct dynsym *
kernel_dynsym(struct kernel *k)
{

	if (!k->looked)
		k->dynsym = dynsym_open(k->kd);
	k->looked = 1;
	return (k->dynsym);
}

int
kernel_symbol(struct kernel *k, const char *name, kvaddr_t *va)
{
	uint64_t size;

	if (k->hasfile)
		return (kvm_symbol(k->kd, name, va, &size));
	if (kernel_dynsym(k) == NULL)
		return (-1);
	return (dynsym_symbol(k->dynsym, name, va));
}

int
kernel_isbranded(struct kernel *k)
{
	const struct dynsym *d;

	d = kernel_dynsym(k);
	return (d != NULL && dynsym_isbranded(d));
}

int
read_number(struct kernel *k, kvaddr_t va, u_int size, uint64_t *value)
{
	u_char buf[8];

	memset(buf, 0, sizeof(buf));
	if (kvm_read2(k->kd, va, buf, size) != (ssize_t)size)
		return (-1);
	*value = le64dec(buf);
	return (0);
}

int
read_pointer(struct kernel *k, kvaddr_t va, kvaddr_t *value)
{

	return (read_number(k, va, k->ptrsize, value));
}

void
read_string(struct kernel *k, kvaddr_t va, char *buf, size_t size)
{
	ssize_t i, n;

	n = kvm_read2(k->kd, va, buf, size - 1);
	for (i = 0; i < n && buf[i] != '\0'; i++)
		if (buf[i] < ' ' || buf[i] > '~')
			buf[i] = '?';
	buf[i] = '\0';
}

int
kernel_islive(const struct kernel *k)
{

	return (kvm_dumpinfo(k->kd)->ki_liverecord.ks_size != 0);
}
