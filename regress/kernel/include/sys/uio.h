/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: one read, into one piece of memory.
 */

#ifndef _SYS_UIO_H_
#define	_SYS_UIO_H_

#include <sys/types.h>

struct uio {
	char	*uio_base;
	off_t	uio_offset;
	int	uio_resid;
};

int	uiomove(void *from, int len, struct uio *uio);

#endif /* !_SYS_UIO_H_ */
