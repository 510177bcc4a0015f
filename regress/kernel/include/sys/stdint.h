/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header.
 */

#ifndef _SYS_STDINT_H_
#define	_SYS_STDINT_H_

#include <sys/types.h>

#define	UINT32_MAX	0xffffffffU

#endif /* !_SYS_STDINT_H_ */
