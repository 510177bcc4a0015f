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
#include <sys/errno.h>
#include <sys/mutex.h>
#include <sys/proc.h>
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

/* Who may ask sysctls, and what they hold meanwhile. */
struct thread		root, user;
int			giant_held;

int
suser(struct thread *td)
{

	return (td == &root ? 0 : EPERM);
}

int
sysctl_handle_int(SYSCTL_HANDLER_ARGS)
{

	return (SYSCTL_OUT(req, arg1, sizeof(int)));
}

static int
sysctl_take(struct sysctl_req *req, const void *p, size_t len)
{

	if (req->oldptr == NULL)
		return (0);
	if (len > req->oldlen)
		return (ENOMEM);
	bcopy(p, req->oldptr, len);
	return (0);
}

/*
 * As __sysctl() of 6.x, which holds Giant: fill in "*value", unless that is
 * NULL, in the name of "td".
 */
static int
sysctl_ask(struct sysctl_oid *oidp, struct thread *td, u_long *value)
{
	struct sysctl_req req;
	int error;

	req.td = td;
	req.oldfunc = sysctl_take;
	req.oldptr = value;
	req.oldlen = sizeof(*value);
	giant_held = 1;
	error = (*oidp->oid_handler)(oidp, oidp->oid_arg1, oidp->oid_arg2,
	    &req);
	if (!giant_held)
		panic("sysctl %s: Giant is lost", oidp->oid_name);
	giant_held = 0;
	return (error);
}

static u_long
sysctl_read(struct sysctl_oid *oidp)
{
	u_long value;

	value = 0;
	if (sysctl_ask(oidp, &root, &value) != 0)
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

/*
 * Tell the manifest what sysctl(8) would show, and what asking costs.  Work is
 * what pmap_kenter_temporary() is called for.
 */
void
sysctl_manifest(void)
{
	struct sysctl_oid *oidp, **oidpp;
	u_long value;
	u_int idle;
	int error;

	for (oidpp = __start_sysctl_set; oidpp < __stop_sysctl_set; oidpp++) {
		oidp = *oidpp;
		pmap_temporary_calls = pmap_temporary_giant = 0;
		(void)sysctl_ask(oidp, &root, NULL);
		idle = pmap_temporary_calls;
		error = sysctl_ask(oidp, &user, &value);
		if (error != 0)
			idle += pmap_temporary_calls;
		mprintf("sysctl %s.%s %lx\n", oidp->parent + 1,
		    oidp->oid_name, sysctl_read(oidp));
		mprintf("asked %s.%s %x %x %x %x\n", oidp->parent + 1,
		    oidp->oid_name, (oidp->oid_kind & CTLFLAG_SKIP) == 0,
		    error, idle, pmap_temporary_giant);
	}
}
