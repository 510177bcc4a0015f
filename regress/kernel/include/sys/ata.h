/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header, which others there need.
 */

#ifndef _SYS_ATA_H_
#define	_SYS_ATA_H_
#endif /* !_SYS_ATA_H_ */
