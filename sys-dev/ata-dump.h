/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * ATA requests while a crash dump is written (ata-dump.c).
 */

#ifndef _DEV_ATA_ATA_DUMP_H_
#define	_DEV_ATA_ATA_DUMP_H_

/*
 * Write to the disk "dev" for its dumper.  Returns 0 only if the disk has
 * accepted all of it.
 */
int	ata_dump(device_t dev, void *data, off_t offset, size_t length);

/*
 * For ata_queue_request(): return whether the dump code takes the request.  If
 * so, it has been carried out or has failed, and its initiator was notified.
 */
int	ata_dump_takes(struct ata_request *request);

#endif /* !_DEV_ATA_ATA_DUMP_H_ */
