/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What a debugger lists besides processes, in structures that have the names of
 * 6.x and what is needed of its fields: locks and who waits for them, malloc
 * types, zones, file systems.  Nothing here is used by anyone else.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/lock.h>
#include <sys/mutex.h>
#include <sys/pcpu.h>
#include <sys/proc.h>

#include "kern.h"

#define	CONTESTED	2		/* a flag in mtx_lock */

struct turnstile {
	struct lock_object	*ts_lockobj;
	struct thread		*ts_owner;
};

static struct lock_class sleep_mutex = { "sleep mutex" };
struct mtx		Giant = { MTX_UNOWNED, { &sleep_mutex, "Giant" } };
static struct mtx	first = { MTX_UNOWNED, { &sleep_mutex, "first" } };
static struct mtx	second = { MTX_UNOWNED, { &sleep_mutex, "second" } };

/* Each lock, and the number of the thread that has it. */
static struct {
	struct mtx		*lock;
	int			owner;
	struct turnstile	turnstile;
} locks[] = {
	{ &Giant,	BOOT_TID,	{ NULL, NULL } },
	{ &first,	100012,		{ NULL, NULL } },
	{ &second,	100013,		{ NULL, NULL } }
};
#define	NLOCKS		(sizeof(locks) / sizeof(locks[0]))

struct malloc_type_stats {
	uint64_t	mts_memalloced, mts_memfreed;
	uint64_t	mts_numallocs, mts_numfrees;
};

struct malloc_type_internal {
	struct malloc_type_stats mti_stats[MAXCPU];
};

struct malloc_type {
	struct malloc_type	*ks_next;
	const char		*ks_shortdesc;
	void			*ks_handle;
};

static struct malloc_type_internal small_stats = {
	{ { 3000, 1000, 30, 10 } }
};
static struct malloc_type_internal large_stats = {
	{ { 70000, 0, 7, 0 }, { 10000, 5000, 2, 1 } }
};
static struct malloc_type large_type = { NULL, "large", &large_stats };
static struct malloc_type small_type = { &large_type, "small\033[7m",
    &small_stats };
struct malloc_type	*kmemstatistics = &small_type;
int			mp_maxid = 1;

struct uma_cache {
	uint64_t	uc_allocs, uc_frees;
};

struct uma_zone {
	const char	*uz_name;
	struct {
		struct uma_zone	*le_next;
	} uz_link;
	uint64_t	uz_allocs, uz_frees, uz_fails;
	struct uma_cache uz_cpu[1];
	struct uma_cache others[1];	/* where there are more */
};

struct uma_keg {
	struct {
		struct uma_keg	*le_next;
	} uk_link;
	struct {
		struct uma_zone	*lh_first;
	} uk_zones;
	uint32_t	uk_pages, uk_size, uk_maxpages;
	uint16_t	uk_ppera, uk_ipers;
};

static struct uma_zone	mbuf_zone = {
	"mbuf", { NULL }, 20, 5, 3, { { 7, 2 } }, { { 4, 0 } }
};
static struct uma_zone	proc_zone = {
	"PROC", { NULL }, 6, 1, 0, { { 0, 0 } }, { { 0, 0 } }
};
static struct uma_keg	proc_keg = {
	{ NULL }, { &proc_zone }, 12, 600, 0, 2, 13
};
static struct uma_keg	mbuf_keg = {
	{ &proc_keg }, { &mbuf_zone }, 2, 256, 8, 1, 16
};
struct {
	struct uma_keg	*lh_first;
} uma_kegs = { &mbuf_keg };

struct statfs {
	char	f_fstypename[16];
	char	f_mntfromname[88];
	char	f_mntonname[88];
};

struct mount {
	struct {
		struct mount	*tqe_next;
	} mnt_list;
	struct statfs	mnt_stat;
};

/* Its list is a circle. */
static struct mount	root_mount = {
	{ &root_mount }, { "ufs", "/dev/ad0s1a", "/" }
};
struct {
	struct mount	*tqh_first;
} mountlist = { &root_mount };

/* Who waits for which lock, by the names that procs() has given. */
void
lists(void)
{
	struct proc *p;
	struct thread *td;
	u_int i;

	for (i = 0; i < NLOCKS; i++)
		locks[i].turnstile.ts_lockobj = &locks[i].lock->mtx_object;
	for (p = allproc.lh_first; p != NULL; p = p->p_list.le_next)
		for (td = p->p_threads.tqh_first; td != NULL;
		    td = td->td_plist.tqe_next)
			for (i = 0; i < NLOCKS; i++) {
				if (td->td_tid == locks[i].owner) {
					locks[i].turnstile.ts_owner = td;
					locks[i].lock->mtx_lock =
					    (uintptr_t)td | CONTESTED;
				}
				if (td->td_inhibitors == TDI_LOCK &&
				    strcmp(td->td_lockname, locks[i].lock->
				    mtx_object.lo_name) == 0)
					td->td_blocked = &locks[i].turnstile;
			}
}
