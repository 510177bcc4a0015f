/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: devices.
 */

#ifndef _SYS_BUS_H_
#define	_SYS_BUS_H_

#include <sys/types.h>

struct device;
typedef struct device	*device_t;
struct devclass;
typedef struct devclass	*devclass_t;

device_t device_get_parent(device_t dev);
void	*device_get_softc(device_t dev);
int	device_printf(device_t dev, const char *fmt, ...)
	    __printflike(2, 3);
int	devclass_get_maxunit(devclass_t class);
void	*devclass_get_softc(devclass_t class, int unit);

#endif /* !_SYS_BUS_H_ */
