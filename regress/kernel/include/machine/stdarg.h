/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header.
 */

#ifndef _MACHINE_STDARG_H_
#define	_MACHINE_STDARG_H_

typedef __builtin_va_list	va_list;

#define	va_start(ap, last)	__builtin_va_start(ap, last)
#define	va_arg(ap, type)	__builtin_va_arg(ap, type)
#define	va_end(ap)		__builtin_va_end(ap)

#endif /* !_MACHINE_STDARG_H_ */
