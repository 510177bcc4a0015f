# In: that the machine has minidumps.  sys/minidump.h, which machine-independent
# code includes, asks.
/^#define[ 	][ 	]*_MACHINE_MD_VAR_H_/a

#define	MINIDUMP_MACHDEP		/* minidumps: see sys/minidump.h */
.
