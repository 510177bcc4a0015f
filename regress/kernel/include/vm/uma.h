/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header, which others there need.
 */

#ifndef _VM_UMA_H_
#define	_VM_UMA_H_
#endif /* !_VM_UMA_H_ */
