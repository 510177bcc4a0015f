# Out: the check that a device holds all of memory unless it is to be a minidump.
/int[ 	][ 	]*minidump[ 	]*;/d
/len[ 	]*=[ 	]*sizeof[ 	(]*minidump/;/return/d
