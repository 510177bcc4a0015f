/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: the registers that switch.S saves.
 */

#ifndef _MACHINE_PCB_H_
#define	_MACHINE_PCB_H_

struct pcb {
	u_long		pcb_rip;
	u_long		pcb_rsp;
	u_long		pcb_rbp;
	u_long		pcb_rbx;
	u_long		pcb_r12;
	u_long		pcb_r13;
	u_long		pcb_r14;
	u_long		pcb_r15;
};

#endif /* !_MACHINE_PCB_H_ */
