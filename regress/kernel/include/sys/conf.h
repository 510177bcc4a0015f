/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: dump devices, and the character devices of
 * live.c.
 */

#ifndef _SYS_CONF_H_
#define	_SYS_CONF_H_

#include <sys/types.h>

/*
 * Writes "length" bytes at "offset" bytes into the medium, or flushes it if
 * "virtual" is NULL and "length" is 0.  Returns 0 or an errno.
 */
typedef int dumper_t(void *priv, void *virtual, vm_offset_t physical,
    off_t offset, size_t length);

struct dumperinfo {
	dumper_t	*dumper;
	void		*priv;		/* handed to the dumper */
	u_int		blocksize;	/* bytes, as are the next two */
	off_t		mediaoffset;	/* of the dump partition */
	off_t		mediasize;
};

extern int	dumping;

int	set_dumper(struct dumperinfo *di);
void	dumpsys(struct dumperinfo *di);

struct cdev {
	void		*si_drv1;
	struct cdevsw	*si_devsw;
	char		si_name[16];
};

struct thread;
struct ucred;
struct uio;
typedef int d_open_t(struct cdev *dev, int oflags, int devtype,
    struct thread *td);
typedef int d_close_t(struct cdev *dev, int fflag, int devtype,
    struct thread *td);
typedef int d_read_t(struct cdev *dev, struct uio *uio, int ioflag);
typedef int d_ioctl_t(struct cdev *dev, u_long cmd, caddr_t data, int fflag,
    struct thread *td);

#define	D_VERSION	0x17032005
#define	D_MEM		0x0008
#define	D_TRACKCLOSE	0x00080000

struct cdevsw {
	const char	*d_name;
	u_int		d_flags;
	int		d_version;
	d_open_t	*d_open;
	d_close_t	*d_close;
	d_read_t	*d_read;
	d_ioctl_t	*d_ioctl;
};

#define	UID_ROOT	0
#define	GID_WHEEL	0

typedef void dev_clone_fn(void *arg, struct ucred *cred, char *name,
    int namelen, struct cdev **result);

struct cdev *make_dev(struct cdevsw *devsw, int minor, int uid, int gid,
    int perms, const char *fmt, ...) __printflike(6, 7);
void	dev_ref(struct cdev *dev);

#endif /* !_SYS_CONF_H_ */
