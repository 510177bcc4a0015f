# In each of the three calls of a machine, before its own work: a minidump?
/^_kvm_freevtop(/;/if[ 	]*([ 	]*vm->mmapbase/i
	if (kd->minidump) {
		_kvm_minidump_freevtop(kd);
		return;
	}
.
/^_kvm_initvtop(/;/kd->vmst[ 	]*=[ 	]*(/i
	if (_kvm_minidump_probe(kd))
		return (_kvm_minidump_initvtop(kd));	/* sets kd->minidump */

.
/^_kvm_kvatop(/;/if[ 	]*([ 	]*ISALIVE/i
	if (kd->minidump)
		return (_kvm_minidump_kvatop(kd, va, pa));	/* no vmst */
.
