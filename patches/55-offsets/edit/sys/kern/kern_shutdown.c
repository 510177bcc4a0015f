# Both are no longer static, so that a stripped kernel has their symbols.
/^static[ 	][ 	]*struct[ 	][ 	]*pcb[ 	][ 	]*dumppcb[ 	]*;/c
struct pcb dumppcb;			/* Registers; not static, */
.
/^static[ 	][ 	]*lwpid_t[ 	][ 	]*dumptid[ 	]*;/c
lwpid_t dumptid;			/* Thread ID; for debuggers. */
.
