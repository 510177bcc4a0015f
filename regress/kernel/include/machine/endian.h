/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header.
 */

#ifndef _MACHINE_ENDIAN_H_
#define	_MACHINE_ENDIAN_H_

#define	LITTLE_ENDIAN	1234
#define	BIG_ENDIAN	4321
#define	BYTE_ORDER	LITTLE_ENDIAN

#define	__bswap32(x)	__builtin_bswap32(x)
#define	__bswap64(x)	__builtin_bswap64(x)

#endif /* !_MACHINE_ENDIAN_H_ */
