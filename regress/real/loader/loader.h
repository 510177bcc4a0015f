/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Shared by the parts of the loader: the kernel, once it is in its place
 * (kernel.c), the metadata that describes everything to it, and the functions
 * that both need (lib.c).
 */

#ifndef _LOADER_H_
#define	_LOADER_H_

#include <stdint.h>

#define	PAGE_ROUND(x)	(((x) + 4095) & ~4095U)
#define	SMAPSIZE	20		/* base, length, type */
#define	KERNELNAME	"/boot/kernel/kernel"

/* Records of metadata: sys/linker.h and machine/metadata.h of FreeBSD. */
#define	MODINFO_END		0x0000
#define	MODINFO_NAME		0x0001
#define	MODINFO_TYPE		0x0002
#define	MODINFO_ADDR		0x0003
#define	MODINFO_SIZE		0x0004
#define	MODINFO_METADATA	0x8000
#define	MODINFOMD_ELFHDR	0x0002
#define	MODINFOMD_SSYM		0x0003
#define	MODINFOMD_ESYM		0x0004
#define	MODINFOMD_DYNAMIC	0x0005
#define	MODINFOMD_ENVP		0x0006
#define	MODINFOMD_HOWTO		0x0007
#define	MODINFOMD_KERNEND	0x0008
#define	MODINFOMD_SMAP		0x1001

/* All addresses are physical, but "entry" and "dynamic". */
struct kernel {
	const uint8_t	*file;		/* as loaded */
	uint32_t	filesize;
	uint32_t	ehdrsize;
	uint32_t	word;		/* 4 or 8 */
	uint64_t	entry;		/* 32-bit: physical, too */
	uint64_t	dynamic;	/* 0 if there is none */
	uint32_t	start;
	uint32_t	end;
	uint32_t	ssym;		/* both 0 if there are none */
	uint32_t	esym;
};

struct metadata {
	uint32_t	start;
	uint32_t	at;		/* where the next record goes */
	uint32_t	word;		/* that records are aligned to */
};

void	 load_kernel(struct kernel *, const uint8_t *, uint32_t);

void	 metadata_begin(struct metadata *, uint32_t, uint32_t);
void	 metadata_bytes(struct metadata *, const void *, uint32_t);
void	 metadata_end(struct metadata *);
void	 metadata_string(struct metadata *, uint32_t, const char *);
void	 metadata_word(struct metadata *, uint32_t, uint32_t);

void	*memcpy(void *, const void *, unsigned int);
void	*memset(void *, int, unsigned int);
int	 starts(const char *, const char *);
uint32_t number(const char *);
void	 check_room(uint32_t, uint32_t, const char *);
void	 die(const char *, uint32_t) __attribute__((__noreturn__));

#endif /* !_LOADER_H_ */
