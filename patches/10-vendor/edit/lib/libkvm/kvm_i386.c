# Out: the probe for the vendor's format, and the calls of its reader.
/minidump must be/d
/int[ 	][ 	]*minidump[ 	]*;/d
/char[ 	][ 	]*minihdr/d
/_kvm_minidump_freevtop/;-,.d
/pread[ 	]*(.*minihdr/;/_kvm_minidump_initvtop/d
/_kvm_minidump_kvatop/;-,.d
