/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: declares modules, which this kernel ignores.
 */

#ifndef _SYS_MODULE_H_
#define	_SYS_MODULE_H_

typedef struct module *module_t;
typedef struct {
	const char	*name;
	int		(*evhand)(module_t, int, void *);
	void		*priv;
} moduledata_t;

#define	MOD_LOAD	0
#define	MOD_UNLOAD	1

#define	DECLARE_MODULE(name, data, sub, order)				\
	extern moduledata_t *const module_##name;			\
	moduledata_t *const module_##name = &data
#define	MODULE_VERSION(module, version)	struct __hack

#endif /* !_SYS_MODULE_H_ */
