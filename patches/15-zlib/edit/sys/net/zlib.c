/^static[ 	][ 	]*const[ 	][ 	]*char[ 	]*\*[ 	]*z_errmsg.*=/c
const char *z_errmsg[10] = {
.
