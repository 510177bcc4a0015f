/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: the values are FreeBSD's.
 */

#ifndef _SYS_ERRNO_H_
#define	_SYS_ERRNO_H_

#define	EPERM		1
#define	EIO		5
#define	ENXIO		6
#define	ENOMEM		12
#define	EACCES		13
#define	EFAULT		14
#define	EBUSY		16
#define	ENODEV		19
#define	EINVAL		22
#define	ENOTTY		25
#define	EFBIG		27
#define	ENOSPC		28
#define	ETIMEDOUT	60
#define	ECANCELED	85

#endif /* !_SYS_ERRNO_H_ */
