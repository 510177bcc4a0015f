# First in doadump(), before any state is saved or changed: can this device be used?
/^doadump(/;/savectx[ 	]*(/i
	if (dump_refused(&dumper))
		return;
.
