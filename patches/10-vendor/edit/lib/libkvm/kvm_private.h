# Out: the declarations of the vendor's reader, with their #if.
/_kvm_minidump_freevtop/;?^#[ 	]*if?;/^#[ 	]*endif/d
