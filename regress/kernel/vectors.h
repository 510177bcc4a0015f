/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Vectors of interrupts, behind those of exceptions; for C and assembly.
 */

#define	TIMER_VECTOR	32
#define	INTR_VECTOR	33
