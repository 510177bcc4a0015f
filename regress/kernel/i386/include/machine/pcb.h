/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: the registers that switch.S saves, as 6.x does.
 */

#ifndef _MACHINE_PCB_H_
#define	_MACHINE_PCB_H_

struct pcb {
	int		pcb_cr3;
	int		pcb_edi;
	int		pcb_esi;
	int		pcb_ebp;
	int		pcb_esp;
	int		pcb_ebx;
	int		pcb_eip;
};

#endif /* !_MACHINE_PCB_H_ */
