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
 * Write to the disk "dev": for its dumper.  0 only if the disk has taken all
 * of it.
 */
int	ata_dump(device_t dev, void *data, off_t offset, size_t length);

/*
 * For ata_queue_request(): does the dump code take the request?  Then it has
 * been carried out, or has failed, and its initiator was told.
 */
int	ata_dump_takes(struct ata_request *request);

#endif /* !_DEV_ATA_ATA_DUMP_H_ */
