/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: what the dump code uses of ATA channels, and
 * fields of this kernel's own driver.
 */

#ifndef _DEV_ATA_ATA_ALL_H_
#define	_DEV_ATA_ATA_ALL_H_

#include <sys/bus.h>
#include <sys/mutex.h>
#include <sys/systm.h>

#define	ATA_WRITE	0x30
#define	ATA_WRITE_MUL	0xc5
#define	ATA_WRITE_DMA	0xca

#define	ATA_S_ERROR	0x01
#define	ATA_S_DWF	0x20

/* Modes of a device. */
#define	ATA_DMA		0x10

/* Results of a request. */
#define	ATA_OP_CONTINUES	0
#define	ATA_OP_FINISHED		1

struct ata_composite {
	uint32_t	rd_done;
	uint32_t	wr_done;
};

struct ata_request {
	device_t	dev;
	device_t	parent;
	union {
		struct {
			uint8_t		command;
			uint16_t	count;
			uint64_t	lba;
		} ata;
	} u;
	uint32_t	bytecount;
	uint32_t	transfersize;
	uint32_t	donecount;
	caddr_t		data;
	int		flags;
#define	ATA_R_CONTROL	0x00000001
#define	ATA_R_READ	0x00000002
#define	ATA_R_WRITE	0x00000004
#define	ATA_R_DMA	0x00000010
#define	ATA_R_TIMEOUT	0x00000040
#define	ATA_R_DANGER1	0x20000000
	uint8_t		status;
	uint8_t		error;
	int		result;
	int		timeout;
	int		this;
	void		(*callback)(struct ata_request *request);
	struct callout	callout;
	struct ata_composite *composite;
	struct ata_request *next;	/* in the queue */
};

struct ata_device {
	int		mode;
	uint32_t	max_iosize;
};

struct ata_dma {
	uint32_t	max_iosize;
	int		flags;
#define	ATA_DMA_LOADED	0x02
	int		(*unload)(device_t channel);
	int		(*stop)(device_t dev);
};

struct ata_lowlevel {
	int		(*status)(device_t channel);
	int		(*begin_transaction)(struct ata_request *request);
	int		(*end_transaction)(struct ata_request *request);
};

struct ata_channel {
	device_t	dev;
	int		unit;
	struct ata_lowlevel hw;
	struct ata_dma	*dma;
	struct mtx	queue_mtx;
	struct mtx	state_mtx;
	int		state;
#define	ATA_IDLE	0x0000
#define	ATA_ACTIVE	0x0001
	struct ata_request *queue;
	struct ata_request *running;
};

extern devclass_t	ata_devclass;

void	ata_timeout(struct ata_request *request);

#endif /* !_DEV_ATA_ATA_ALL_H_ */
