/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: the console while the kernel is dying.
 */

#ifndef _SYS_CONS_H_
#define	_SYS_CONS_H_

int	cncheckc(void);		/* a character, or -1 */
void	cnputc(int c);

#endif /* !_SYS_CONS_H_ */
