# In kvm_read(), before it seeks: a page of a compressed dump has no offset.
/^kvm_read(/;/lseek[ 	]*([ 	]*kd->pmfd/-i
			/* What is in a compressed dump has no offset in it. */
			if (kd->minidump) {
				cc = _kvm_minidump_read(kd, pa, cp, cc);
				if (cc <= 0)
					break;
				cp += cc;
				kva += cc;
				len -= cc;
				continue;
			}
.
