/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The module that linker.c loads: a thread of it waits in one of its functions.
 */

typedef void	wait_t(void);

void		module_main(wait_t *wait);

int		module_number = 0x600d;
char		module_text[] = "read me in the module";
static int	module_calls[3];

static int __attribute__((__noinline__))
module_wait(wait_t *wait, const int *calls)
{

	(*wait)();
	return (*calls);
}

void
module_main(wait_t *wait)
{

	module_calls[1] = module_number;
	module_calls[2] = module_wait(wait, &module_calls[1]);
}
