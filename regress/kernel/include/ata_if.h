/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the header that 6.x generates from ata_if.m.
 */

#ifndef _ATA_IF_H_
#define	_ATA_IF_H_

#include <sys/bus.h>

#define	ATA_LF_LOCK	0x0001
#define	ATA_LF_UNLOCK	0x0002

int	ATA_LOCKING(device_t channel, int mode);

#endif /* !_ATA_IF_H_ */
