/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: the distribution's zlib has the same interface,
 * and its library is linked into the kernels here.  Z_SOLO: without what needs
 * a C library.
 */

#ifndef _NET_ZLIB_H_
#define	_NET_ZLIB_H_

#include <sys/types.h>

#define	Z_SOLO
#include <zlib.h>

#endif /* !_NET_ZLIB_H_ */
