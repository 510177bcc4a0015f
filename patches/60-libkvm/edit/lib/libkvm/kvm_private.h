# In struct __kvm: whose vmst it is.  At the end: what the three files call.
/struct[ 	][ 	]*vmstate[ 	]*\*[ 	]*vmst[ 	]*;/a
	int	minidump;	/* vmst belongs to kvm_minidump.c */
.
$a

/* Core files that are minidumps: for kvm_amd64.c, kvm_i386.c and kvm.c. */
#if !defined(__i386__) && !defined(__amd64__)
/* None is one: kvm.c, which asks, has nothing to call. */
#define	_kvm_minidump_read(kd, ofs, buf, len)	((ssize_t)-1)
#else
int	 _kvm_minidump_probe(kvm_t *kd);
void	 _kvm_minidump_freevtop(kvm_t *kd);
int	 _kvm_minidump_initvtop(kvm_t *kd);
int	 _kvm_minidump_kvatop(kvm_t *kd, u_long va, off_t *pa);
ssize_t	 _kvm_minidump_read(kvm_t *kd, off_t ofs, void *buf, size_t len);
#endif
.
