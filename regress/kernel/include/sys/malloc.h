/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: a page at a time; see live.c.
 */

#ifndef _SYS_MALLOC_H_
#define	_SYS_MALLOC_H_

#include <sys/types.h>

/* malloc() is zlib's. */
#define	malloc(size, type, flags)	malloc_page(size)
#define	free(p, type)			free_page(p)
void	*malloc_page(size_t size);
void	free_page(void *p);

#endif /* !_SYS_MALLOC_H_ */
