# In: -L, where there are minidumps, and what save_live() needs of this file.
/^#[ 	]*include[ 	]*<unistd\.h>/a

#include "save_live.h"
.
/^static[ 	][ 	]*int[ 	][ 	]*nfound[ 	]*,/i
#ifdef SAVE_LIVE
static int live;					/* -L */
#endif
.
/savecore \[-fkvz\]/i
#ifdef SAVE_LIVE
	    "       savecore -L [-vz] [directory]\n"
#endif
.
/getopt[ 	]*(.*"C/s/"C/"LC/
/case[ 	]*'C'[ 	]*:/i
#ifdef SAVE_LIVE
		case 'L':
			live = 1;
			break;
#endif
.
/^main(/;/if[ 	]*([ 	]*argc[ 	]*==[ 	]*0[ 	]*)/i
#ifdef SAVE_LIVE
	if (live) {
		struct live_save ls;

		if (checkfor || clear || force || keep || argc > 0)
			usage();
		ls.dir = savedir;
		ls.bounds = getbounds();
		ls.compress = compress;
		ls.verbose = verbose;
		ls.good = STATUS_GOOD;
		ls.check_space = check_space;
		ls.writebounds = writebounds;
		ls.printheader = printheader;
		ls.zopen = zopen;
		return (save_live(&ls));
	}
#endif
.
