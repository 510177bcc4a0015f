/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Private names for the inflate of zlib that is compiled into FreeBSD's libkvm
 * for compressed minidumps.  lib/libkvm/Makefile includes this before each
 * source file there.  Otherwise, in a program that is linked with libkvm and
 * has a zlib of its own, the two would call each other's functions.  On other
 * hosts the library uses the installed libz.
 *
 * These are all names that adler32.c, crc32.c, inffast.c, inflate.c, inftrees.c
 * and zutil.c define, up to zlib 1.2.13; 6.x has 1.2.3 or older.
 */

#ifndef _KVM_MINIDUMP_ZLIB_H_
#define	_KVM_MINIDUMP_ZLIB_H_

#define	adler32			_kvm_z_adler32
#define	adler32_combine		_kvm_z_adler32_combine
#define	adler32_combine64	_kvm_z_adler32_combine64
#define	adler32_z		_kvm_z_adler32_z
#define	crc32			_kvm_z_crc32
#define	crc32_combine		_kvm_z_crc32_combine
#define	crc32_combine64		_kvm_z_crc32_combine64
#define	crc32_combine_gen	_kvm_z_crc32_combine_gen
#define	crc32_combine_gen64	_kvm_z_crc32_combine_gen64
#define	crc32_combine_op	_kvm_z_crc32_combine_op
#define	crc32_z			_kvm_z_crc32_z
#define	get_crc_table		_kvm_z_get_crc_table
#define	inflate			_kvm_z_inflate
#define	inflateCodesUsed	_kvm_z_inflateCodesUsed
#define	inflateCopy		_kvm_z_inflateCopy
#define	inflateEnd		_kvm_z_inflateEnd
#define	inflateGetDictionary	_kvm_z_inflateGetDictionary
#define	inflateGetHeader	_kvm_z_inflateGetHeader
#define	inflateInit2_		_kvm_z_inflateInit2_
#define	inflateInit_		_kvm_z_inflateInit_
#define	inflateMark		_kvm_z_inflateMark
#define	inflatePrime		_kvm_z_inflatePrime
#define	inflateReset		_kvm_z_inflateReset
#define	inflateReset2		_kvm_z_inflateReset2
#define	inflateResetKeep	_kvm_z_inflateResetKeep
#define	inflateSetDictionary	_kvm_z_inflateSetDictionary
#define	inflateSync		_kvm_z_inflateSync
#define	inflateSyncPoint	_kvm_z_inflateSyncPoint
#define	inflateUndermine	_kvm_z_inflateUndermine
#define	inflateValidate		_kvm_z_inflateValidate
#define	inflate_copyright	_kvm_z_inflate_copyright
#define	inflate_fast		_kvm_z_inflate_fast
#define	inflate_table		_kvm_z_inflate_table
#define	zError			_kvm_z_zError
#define	z_errmsg		_kvm_z_z_errmsg
#define	zcalloc			_kvm_z_zcalloc
#define	zcfree			_kvm_z_zcfree
#define	zlibCompileFlags	_kvm_z_zlibCompileFlags
#define	zlibVersion		_kvm_z_zlibVersion

#endif /* !_KVM_MINIDUMP_ZLIB_H_ */
