/* w32keywords.h: the Microsoft compiler's words, mapped to this one's or to nothing. Internal to
 * these headers; every one of them includes it, directly or not. */
#ifndef W32_KEYWORDS_H
#define W32_KEYWORDS_H

/* Calling conventions: one for all here. */
#define WINAPI
#define WINAPIV
#define APIENTRY
#define CALLBACK
#define PASCAL
#define NTAPI
#define APIPRIVATE
#define STDMETHODCALLTYPE
#define __cdecl
#define _cdecl
#define __stdcall
#define _stdcall
#define __fastcall
#define _fastcall
#define __thiscall
#define __vectorcall
#define __clrcall
#define far
#define near
#define FAR
#define NEAR

#define CONST const
#define VOID void
#define IN
#define OUT
#define OPTIONAL
#define __unaligned
#define UNALIGNED
#define __ptr32
#define __ptr64
#define __w64
#define RESTRICTED_POINTER

#define __int8 char
#define __int16 short
#define __int32 int
#define __int64 long long
#define _int64 long long

#define __forceinline __inline__ __attribute__((always_inline))
#define _inline __inline__
#define FORCEINLINE static __forceinline
#define CFORCEINLINE FORCEINLINE
#define DECLSPEC_NORETURN __attribute__((noreturn))
#define DECLSPEC_ALIGN(n) __attribute__((aligned(n)))
#define DECLSPEC_CACHEALIGN DECLSPEC_ALIGN(64)
#define DECLSPEC_IMPORT

/* __declspec(word): each word is looked up on its own. */
#ifdef __declspec
#undef __declspec
#endif
#define __declspec(word) w32_declspec_##word
#define _declspec(word) w32_declspec_##word
#define w32_declspec_dllexport __attribute__((visibility("default")))
#define w32_declspec_dllimport
#ifdef __cplusplus
#define w32_declspec_thread thread_local
#else
#define w32_declspec_thread _Thread_local
#endif
#define w32_declspec_noreturn __attribute__((noreturn))
#define w32_declspec_noinline __attribute__((noinline))
#define w32_declspec_nothrow __attribute__((nothrow))
#define w32_declspec_restrict __attribute__((malloc))
#define w32_declspec_noalias
#define w32_declspec_novtable
#define w32_declspec_safebuffers
#define w32_declspec_selectany __attribute__((weak))
#define w32_declspec_naked __attribute__((naked))
#define w32_declspec_align(n) __attribute__((aligned(n)))
#define w32_declspec_allocate(s) __attribute__((section(s)))
#define w32_declspec_code_seg(s) __attribute__((section(s)))
#define w32_declspec_deprecated __attribute__((deprecated))
#define w32_declspec_uuid(s)
#define w32_declspec_property(...)

/* Source annotations say nothing to this compiler. */
#define _In_
#define _In_opt_
#define _In_z_
#define _In_opt_z_
#define _In_reads_(n)
#define _In_reads_opt_(n)
#define _In_reads_bytes_(n)
#define _In_reads_bytes_opt_(n)
#define _Inout_
#define _Inout_opt_
#define _Inout_updates_(n)
#define _Inout_updates_bytes_(n)
#define _Out_
#define _Out_opt_
#define _Out_writes_(n)
#define _Out_writes_opt_(n)
#define _Out_writes_z_(n)
#define _Out_writes_bytes_(n)
#define _Out_writes_bytes_opt_(n)
#define _Outptr_
#define _Outptr_opt_
#define _Ret_maybenull_
#define _Ret_notnull_
#define _Reserved_
#define _Must_inspect_result_
#define _Check_return_
#define _Success_(e)
#define _Printf_format_string_
#define _Acquires_lock_(l)
#define _Releases_lock_(l)
#define _Use_decl_annotations_
#ifndef __in_opt /* __in and __out themselves are names in the C++ library */
#define __in_opt
#define __out_opt
#define __inout_opt
#endif

#define UNREFERENCED_PARAMETER(p) ((void)(p))
#define DBG_UNREFERENCED_PARAMETER(p) ((void)(p))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(v) ((void)(v))

/* Functions of the library. */
#define WINBASEAPI __attribute__((visibility("default")))
#define WINUSERAPI WINBASEAPI
#define WINADVAPI WINBASEAPI
#define NTSYSAPI WINBASEAPI
#ifdef __cplusplus
#define W32_BEGIN extern "C" {
#define W32_END }
#define EXTERN_C extern "C"
#else
#define W32_BEGIN
#define W32_END
#define EXTERN_C extern
#endif

/* Structure members without a name. */
#define DUMMYUNIONNAME
#define DUMMYSTRUCTNAME
#define W32_ANONYMOUS __extension__

#endif
