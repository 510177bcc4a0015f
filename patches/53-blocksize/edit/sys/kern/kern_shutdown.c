/^doadump(/;/savectx[ 	]*(/i
	if (dump_refused(&dumper))
		return;
.
