/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The machine that is simulated.  What machines differ in is in md.h, which
 * each has in a folder of its own:
 *
 *	MACHINE, ARCHVERSION	in the kernel dump header
 *	HDR_FIELDS	rows of the header's own fields: offset, bytes, value
 *	KERNBASE, MAXPIECES	kernel address space: its start, and how much
 *	MEMBITS		memory is below 1 << MEMBITS
 *	FRAMEBITS	physical addresses that an entry can have
 *	DIRS		levels of directories, one at each but the last: there
 *			are NPD, whose entries are those of pieces
 *	DIR_INDEX	which entry, at a level, leads to piece n
 *	ROOT_ENTRY, ROOT	the entry that the kernel's pointer to the first
 *			directory is like; a pointer that an entry is like
 *	KEEPS_TABLES	directories and tables are in the dump
 *	ESIZE		bytes of an entry
 *	PG_V, PG_PS	it is valid; of a directory: it is a superpage
 *	ENTRY, FRAME	the bits for a frame, by pa; the pa
 *	FLAGS		bits that the dump code does not use
 *	SMALL		bits of the entries that stand for a superpage
 *
 * Each has kern_set_root() (kern.h) in root.c.  The third machine has a machine
 * part of the dump code as well, and headers, instead of those of sys-MACHINE
 * and regress/kernel.
 */

#ifndef _MACHINE_H_
#define	_MACHINE_H_

#include <stdint.h>

#include "md.h"

#define	PAGE		4096
#define	PGMASK		((uint64_t)PAGE - 1)
#define	NENTRY		(PAGE / ESIZE)
#define	FRAMEMASK	(((uint64_t)1 << FRAMEBITS) - PAGE)

/* A piece is the address space that one table maps. */
#define	PIECESIZE	((uint64_t)NENTRY * PAGE)
#define	VM_MAX		(KERNBASE + MAXPIECES * PIECESIZE - PAGE)

#endif /* !_MACHINE_H_ */
