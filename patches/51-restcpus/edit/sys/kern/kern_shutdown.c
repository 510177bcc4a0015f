# Around dumpsys() in doadump(), for any kind of dump: the others rest.  In boot():
# who panics stays on its CPU.  First in panic(): wait for a CPU that panics too.
/^#[ 	]*include[ 	]*<sys\/mount\.h>/i
#include <sys/minidump.h>
.
/^doadump(/;/dumping[ 	]*++/i
	dump_rest_cpus();
.
/^doadump(/;/dumpsys[ 	]*(/a
	dump_resume_cpus();
.
/sched_bind[ 	]*(/c
	sched_bind(curthread, SHUTDOWN_CPU());
.
/KASSERT[ 	]*([ 	]*PCPU_GET(cpuid)[ 	]*==[ 	]*0/c
	KASSERT(PCPU_GET(cpuid) == SHUTDOWN_CPU(),
	    ("boot: shutting down on CPU %u", PCPU_GET(cpuid)));
.
/^panic(/;/if[ 	]*([ 	]*panic_cpu[ 	]*!=/i
	dump_panic_enter(&panic_cpu);
.
