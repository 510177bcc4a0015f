/_kvm_minidump_freevtop/;?^#[ 	]*if?;/^#[ 	]*endif/d
