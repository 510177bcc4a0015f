# In place of the static definition: one that fits the extern declaration.
/^static[ 	][ 	]*const[ 	][ 	]*char[ 	]*\*[ 	]*z_errmsg.*=/c
const char *z_errmsg[10] = {
.
