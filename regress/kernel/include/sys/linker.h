/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: files that the kernel's linker has loaded, with
 * the fields that are exported to debuggers.
 */

#ifndef _SYS_LINKER_H_
#define	_SYS_LINKER_H_

#include <sys/types.h>

typedef struct linker_file *linker_file_t;

struct linker_file {
	int		refs;
	size_t		size;
	caddr_t		address;
	char		*filename;
	struct {
		linker_file_t	tqe_next;
		linker_file_t	*tqe_prev;
	} link;
};

extern linker_file_t	linker_kernel_file;

#endif /* !_SYS_LINKER_H_ */
