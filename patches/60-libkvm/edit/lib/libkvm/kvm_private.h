/struct vmstate \*vmst;/a
	int	minidump;	/* vmst belongs to kvm_minidump.c */
.
$a

/* For kvm_amd64.c and kvm_i386.c: core files that are minidumps. */
int	 _kvm_minidump_probe(kvm_t *kd);
void	 _kvm_minidump_freevtop(kvm_t *kd);
int	 _kvm_minidump_initvtop(kvm_t *kd);
int	 _kvm_minidump_kvatop(kvm_t *kd, u_long va, off_t *pa);
ssize_t	 _kvm_minidump_read(kvm_t *kd, off_t ofs, void *buf, size_t len);
.
