/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * ELF: fields of structures that have other sizes and places in files of 64
 * bits than in those of 32; little-endian, as both architectures are, unless it
 * is said.  The library and vmcore(8) read all of ELF by this, out of files and
 * of memory.
 */

#ifndef _ELFFIELD_H_
#define	_ELFFIELD_H_

#include <sys/types.h>
#include <sys/endian.h>

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a structure, as Ehdr, if "is64" or if not. */
#define	ELF_SIZE(is64, type)						\
	((is64) ? sizeof(Elf64_##type) : sizeof(Elf32_##type))

/* Where a field is in it, and its size. */
#define	ELF_OFS(is64, type, field)					\
	((is64) ? offsetof(Elf64_##type, field) :			\
	    offsetof(Elf32_##type, field))
#define	ELF_LEN(is64, type, field)					\
	((is64) ? sizeof(((Elf64_##type *)0)->field) :			\
	    sizeof(((Elf32_##type *)0)->field))

/* A field of the one whose bytes are at "p". */
#define	ELF_FIELD(is64, p, type, field)					\
	elf_number((p) + ELF_OFS(is64, type, field),			\
	    ELF_LEN(is64, type, field))

/* The same of a file of any machine, which is big-endian if "msb". */
#define	ELF_ANYFIELD(is64, msb, p, type, field)				\
	elf_anynumber((p) + ELF_OFS(is64, type, field),			\
	    ELF_LEN(is64, type, field), msb)

static inline uint64_t
elf_number(const u_char *p, size_t size)
{

	switch (size) {
	case 1:
		return (*p);
	case 2:
		return (le16dec(p));
	case 4:
		return (le32dec(p));
	default:
		return (le64dec(p));
	}
}

static inline uint64_t
elf_anynumber(const u_char *p, size_t size, int msb)
{
	uint64_t v;
	size_t i;

	for (v = i = 0; i < size; i++)
		v = v << 8 | p[msb ? i : size - 1 - i];
	return (v);
}

#endif /* !_ELFFIELD_H_ */
