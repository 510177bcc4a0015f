/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What the files of the simulated machine share (see sim.h).
 */

#ifndef _SIM_INT_H_
#define	_SIM_INT_H_

#include "sim.h"

#define	STRIDE		(2 * PAGE)	/* from a frame to the next */
#define	SCRAMBLE	0x5aa5c33c0ff09669ULL

#if ESIZE == 4
typedef uint32_t entry_t;
#else
typedef uint64_t entry_t;
#endif

/* Copy memory that the sanitizer hides from the dump code. */
void	raw_copy(void *to, const void *from, size_t len);

/* Where the frame at "pa" is kept, or NULL. */
unsigned char *frame_mem(uint64_t pa);

/* Is this where frames are kept that only a slot makes visible? */
int	is_frame_mem(const unsigned char *p);

/* Whether pa is one of mem_huge()'s. */
int	is_huge(uint64_t pa);

/* Let other CPUs run for a while, at a call of the dumper or a poll. */
void	run_others(int polls);

/* Nothing is mapped any more. */
void	unmap_slots(void);

#endif /* !_SIM_INT_H_ */
