# Out: the sysctl, and the call in dumpsys().
/^int[ 	][ 	]*do_minidump/d
/^TUNABLE_INT.*minidump/d
/^SYSCTL_INT.*minidump/;/;$/d
/if[ 	]*([ 	]*do_minidump/;/^	}/d
