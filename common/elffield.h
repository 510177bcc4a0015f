/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Fields of ELF structures, whose sizes and offsets differ between 32-bit and
 * 64-bit files.  Numbers are little-endian, as on both architectures, unless
 * noted.  The library and vmcore(8) read all ELF through this, from files and
 * from memory.
 */

#ifndef _ELFFIELD_H_
#define	_ELFFIELD_H_

#include <sys/types.h>
#include <sys/endian.h>

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

/* The size of a structure, such as Ehdr, by "is64". */
#define	ELF_SIZE(is64, type)						\
	((is64) ? sizeof(Elf64_##type) : sizeof(Elf32_##type))

/* The offset of a field in it, and the field's size. */
#define	ELF_OFS(is64, type, field)					\
	((is64) ? offsetof(Elf64_##type, field) :			\
	    offsetof(Elf32_##type, field))
#define	ELF_LEN(is64, type, field)					\
	((is64) ? sizeof(((Elf64_##type *)0)->field) :			\
	    sizeof(((Elf32_##type *)0)->field))

/* A field of the structure at "p". */
#define	ELF_FIELD(is64, p, type, field)					\
	elf_number((p) + ELF_OFS(is64, type, field),			\
	    ELF_LEN(is64, type, field))

/* The same for a file of any machine; it is big-endian if "msb". */
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
