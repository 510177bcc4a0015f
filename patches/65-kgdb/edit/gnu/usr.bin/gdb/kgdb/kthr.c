# In kgdb_thr_init(): a bound for its loops, and an end to each where a structure
# cannot be read.
/^kgdb_thr_init(/-i
/*
 * Read a structure.  It is missing in a dump that was cut or left pages out.
 */
static int
read_struct(uintptr_t addr, void *buf, size_t len)
{

	if (kvm_read(kvm, addr, buf, len) == (ssize_t)len)
		return (1);
	warnx("no structure at 0x%jx: %s", (uintmax_t)addr, kvm_geterr(kvm));
	return (0);
}

.
/^kgdb_thr_init(/;/uintptr_t[ 	].*paddr[ 	]*;/a
	u_int nprocs;
.
/^kgdb_thr_init(/;/kvm_read[ 	]*([ 	]*kvm,.*&[ 	]*paddr/i
	paddr = 0;
.
/kvm_read[ 	]*([ 	]*kvm,.*&[ 	]*paddr/s/kvm_read[ 	]*([ 	]*kvm,[ 	]*/(void)read_struct(/
/^kgdb_thr_init(/;/while[ 	]*([ 	]*paddr/i
	nprocs = 0;
.
/^kgdb_thr_init(/;/kvm_read[ 	]*([ 	]*kvm,[ 	]*paddr,[ 	]*&p,/;/warnx/c
		/* Damaged lists may be circular; no kernel has so many. */
		if (nprocs++ > 100000 || !read_struct(paddr, &p, sizeof(p)))
			break;
.
/^kgdb_thr_init(/;/kvm_read[ 	]*([ 	]*kvm,[ 	]*addr,[ 	]*&td,/;/warnx/c
			if (kgdb_thr_lookup_taddr(addr) != NULL ||
			    !read_struct(addr, &td, sizeof(td)))
				break;
.
