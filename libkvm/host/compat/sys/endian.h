/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The part of FreeBSD's <sys/endian.h> that is used here, for hosts without
 * one.  Only such hosts have this directory in their include path.
 */

#ifndef _SYS_ENDIAN_H_
#define	_SYS_ENDIAN_H_

#include <stdint.h>

static inline uint32_t
be32dec(const void *buf)
{
	const uint8_t *b = buf;

	return ((uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	    (uint32_t)b[2] << 8 | b[3]);
}

static inline uint64_t
be64dec(const void *buf)
{
	const uint8_t *b = buf;

	return ((uint64_t)be32dec(b) << 32 | be32dec(b + 4));
}

static inline void
be32enc(void *buf, uint32_t v)
{
	uint8_t *b = buf;

	b[0] = v >> 24;
	b[1] = v >> 16;
	b[2] = v >> 8;
	b[3] = v;
}

static inline uint16_t
le16dec(const void *buf)
{
	const uint8_t *b = buf;

	return (b[0] | b[1] << 8);
}

static inline uint32_t
le32dec(const void *buf)
{
	const uint8_t *b = buf;

	return (le16dec(b) | (uint32_t)le16dec(b + 2) << 16);
}

static inline uint64_t
le64dec(const void *buf)
{
	const uint8_t *b = buf;

	return (le32dec(b) | (uint64_t)le32dec(b + 4) << 32);
}

static inline void
le32enc(void *buf, uint32_t v)
{
	uint8_t *b = buf;

	b[0] = v;
	b[1] = v >> 8;
	b[2] = v >> 16;
	b[3] = v >> 24;
}

static inline void
le64enc(void *buf, uint64_t v)
{

	le32enc(buf, v);
	le32enc((uint8_t *)buf + 4, v >> 32);
}

#endif /* !_SYS_ENDIAN_H_ */
