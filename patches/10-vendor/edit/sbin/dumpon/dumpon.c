/int[ 	][ 	]*minidump[ 	]*;/d
/len[ 	]*=[ 	]*sizeof[ 	(]*minidump/;/return/d
