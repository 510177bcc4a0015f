/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Shared by the files that read a kernel's own structures:
 *
 *	kernel.c	symbols, numbers and strings
 *	offsets.c	structure offsets, which the kernel exports
 *	list.c		its lists
 *	registers.c	struct pcb
 *	threads.c	processes and threads
 *	loaded.c	loaded modules
 *
 * Each calls only those before it.
 */

#ifndef _KERNEL_INT_H_
#define	_KERNEL_INT_H_

#include "dynsym.h"
#include "kernel.h"

/* A larger structure is not believed. */
#define	OFFSET_MAX	65536

/*
 * Where struct pcb has registers, as the kernel says; for kernels that do not,
 * as in 6.x, in 7.x, and from 9 on.
 */
struct pcb_layout {
	int	amd64;
	u_int	ofs[NREGS];
};
#define	NONE	OFFSET_MAX

struct kernel {
	kvm_t		*kd;
	const char	*file;
	int		hasfile;
	u_int		ptrsize;
	uint64_t	maxlist;	/* elements */
	int		amd64;
	struct dynsym	*dynsym;	/* NULL: not looked for, or none */
	int		looked;
	int		askedpcb;	/* exportspcb is valid */
	int		exportspcb;	/* "exported" is valid */
	struct pcb_layout exported;
};

/* The kernel's own symbols in the dump; NULL if there are none. */
struct dynsym *kernel_dynsym(struct kernel *k);

/*
 * Read a number of "size" bytes, or a pointer.  kvm_geterr() has the reason for
 * a failure.
 */
int	read_number(struct kernel *k, kvaddr_t va, u_int size,
	    uint64_t *value);
int	read_pointer(struct kernel *k, kvaddr_t va, kvaddr_t *value);

/* Read a string, and replace unprintable characters with question marks. */
void	read_string(struct kernel *k, kvaddr_t va, char *buf, size_t size);

/*
 * Return the value of a symbol that is an int.  Returns -1 if there is no such
 * symbol, or, with a message, if it cannot be a size or an offset.
 */
int	read_constant(struct kernel *k, const char *name, uint64_t *value);

/* A number that the kernel exports, by name. */
struct constant {
	const char	*name;
	uint64_t	*value;
};

/*
 * Read all of a table that ends with NULL.  Returns the first that is missing.
 */
const char *read_constants(struct kernel *k, const struct constant *c);

/* One of the kernel's lists, and the reader's position in it. */
struct list {
	const char	*what;
	uint64_t	ofs;		/* of the two pointers */
	kvaddr_t	from;		/* where the pointer to "va" is */
	kvaddr_t	va;		/* the element */
	kvaddr_t	mark;		/* one before it, or 0 */
	u_int		n;
	int		changed;	/* in a live dump: warned of */
};

/* Begin; the pointer to the first element is at "head". */
void	list_init(struct list *l, const char *what, kvaddr_t head,
	    uint64_t ofs);

/*
 * Go to the next element.  Returns 1, 0 at the end, or -1 after printing the
 * reason.
 */
int	list_next(struct kernel *k, struct list *l);

#endif /* !_KERNEL_INT_H_ */
