/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header.
 */

#ifndef _SYS_FCNTL_H_
#define	_SYS_FCNTL_H_

#define	FREAD	0x0001
#define	FWRITE	0x0002

#endif /* !_SYS_FCNTL_H_ */
