/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The kernel environment: NAME=VALUE words of the boot command line stand for
 * what loader(8) sets.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kernel.h>
#include <sys/sysctl.h>

#include "kern.h"

/* Made by the linker; see TUNABLE_INT and SYSCTL_PROC. */
extern struct tunable_int	*__start_tunable_set[], *__stop_tunable_set[];
extern struct sysctl_oid	*__start_sysctl_set[], *__stop_sysctl_set[];

static char	environment[1024];	/* words, each ended by a NUL */
static size_t	environment_len;

char *
getenv(const char *name)
{
	char *p;
	size_t len;

	len = strlen(name);
	for (p = environment; p < environment + environment_len;
	    p += strlen(p) + 1)
		if (strncmp(p, name, len) == 0 && p[len] == '=')
			return (p + len + 1);
	return (NULL);
}

int
getenv_quad(const char *name, quad_t *data)
{
	const char *p;
	quad_t n;

	p = getenv(name);
	if (p == NULL || *p < '0' || *p > '9')
		return (0);
	for (n = 0; *p >= '0' && *p <= '9'; p++)
		n = 10 * n + *p - '0';
	if (*p == 'K' || *p == 'M' || *p == 'G')
		n <<= *p == 'K' ? 10 : *p == 'M' ? 20 : 30;
	*data = n;
	return (1);
}

int
getenv_int(const char *name, int *data)
{
	quad_t n;

	if (!getenv_quad(name, &n))
		return (0);
	*data = n;
	return (1);
}

/* A number of bytes, of memory or of a disk, from the environment. */
off_t
env_bytes(const char *name, off_t dflt)
{
	quad_t n;

	return (getenv_quad(name, &n) ? n : dflt);
}

/*
 * Keep the words of the command line, and set the tunables from them.
 */
void
env_init(const char *cmdline)
{
	struct tunable_int **tpp;
	size_t i;

	strlcpy(environment, cmdline, sizeof(environment));
	environment_len = strlen(environment);
	for (i = 0; i < environment_len; i++)
		if (environment[i] == ' ')
			environment[i] = '\0';

	for (tpp = __start_tunable_set; tpp < __stop_tunable_set; tpp++)
		getenv_int((*tpp)->path, (*tpp)->var);
}

int
sysctl_handle_int(SYSCTL_HANDLER_ARGS)
{

	return (SYSCTL_OUT(req, arg1, sizeof(int)));
}

static int
sysctl_take(struct sysctl_req *req, const void *p, size_t len)
{

	if (len > req->oldlen)
		return (ENOMEM);
	bcopy(p, req->oldptr, len);
	return (0);
}

static u_long
sysctl_read(struct sysctl_oid *oidp)
{
	struct sysctl_req req;
	u_long value;

	value = 0;
	req.oldfunc = sysctl_take;
	req.oldptr = &value;
	req.oldlen = sizeof(value);
	if ((*oidp->oid_handler)(oidp, oidp->oid_arg1, oidp->oid_arg2,
	    &req) != 0)
		panic("sysctl %s", oidp->oid_name);
	return (value);
}

/* The value of a variable, by its name without the parent's. */
u_long
sysctl_value(const char *name)
{
	struct sysctl_oid **oidpp;

	for (oidpp = __start_sysctl_set; oidpp < __stop_sysctl_set; oidpp++)
		if (strcmp((*oidpp)->oid_name, name) == 0)
			return (sysctl_read(*oidpp));
	panic("no sysctl %s", name);
}

/* Tell the manifest what sysctl(8) would show. */
void
sysctl_manifest(void)
{
	struct sysctl_oid **oidpp;

	for (oidpp = __start_sysctl_set; oidpp < __stop_sysctl_set; oidpp++)
		mprintf("sysctl %s.%s %lx\n", (*oidpp)->parent + 1,
		    (*oidpp)->oid_name, sysctl_read(*oidpp));
}
