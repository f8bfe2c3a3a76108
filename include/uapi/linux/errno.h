/* SPDX-License-Identifier: MIT */
/* Error numbers as Linux has them on x86-64. 41 and 58 are not in use. */
#ifndef UAPI_LINUX_ERRNO_H
#define UAPI_LINUX_ERRNO_H

#define EPERM		1	/* operation not permitted */
#define ENOENT		2	/* no such file, name or entry */
#define ESRCH		3	/* no such process */
#define EINTR		4	/* interrupted system call */
#define EIO		5	/* input/output error */
#define ENXIO		6	/* no such device or address */
#define E2BIG		7	/* argument list too long */
#define ENOEXEC		8	/* not an executable */
#define EBADF		9	/* bad file descriptor */
#define ECHILD		10	/* no child processes */
#define EAGAIN		11	/* try again: would block */
#define ENOMEM		12	/* out of memory */
#define EACCES		13	/* permission denied */
#define EFAULT		14	/* bad address */
#define ENOTBLK		15	/* block device required */
#define EBUSY		16	/* device or resource busy */
#define EEXIST		17	/* exists already */
#define EXDEV		18	/* link across devices */
#define ENODEV		19	/* no such device */
#define ENOTDIR		20	/* not a directory */
#define EISDIR		21	/* is a directory */
#define EINVAL		22	/* invalid argument */
#define ENFILE		23	/* file table overflow */
#define EMFILE		24	/* too many open files */
#define ENOTTY		25	/* no such ioctl for this file */
#define ETXTBSY		26	/* text file busy */
#define EFBIG		27	/* file too large */
#define ENOSPC		28	/* no space left */
#define ESPIPE		29	/* cannot seek */
#define EROFS		30	/* read-only file system */
#define EMLINK		31	/* too many links */
#define EPIPE		32	/* nobody reads any more */
#define EDOM		33	/* outside the domain of the function */
#define ERANGE		34	/* result not representable */
#define EDEADLK		35	/* would deadlock */
#define ENAMETOOLONG	36	/* name too long */
#define ENOLCK		37	/* no locks available */
#define ENOSYS		38	/* no such system call */
#define ENOTEMPTY	39	/* directory not empty */
#define ELOOP		40	/* too many levels of links */
#define ENOMSG		42	/* no message of that type */
#define EIDRM		43	/* identifier removed */
#define ECHRNG		44	/* channel number out of range */
#define EL2NSYNC	45	/* level 2 not synchronised */
#define EL3HLT		46	/* level 3 halted */
#define EL3RST		47	/* level 3 reset */
#define ELNRNG		48	/* link number out of range */
#define EUNATCH		49	/* protocol driver not attached */
#define ENOCSI		50	/* no CSI structure */
#define EL2HLT		51	/* level 2 halted */
#define EBADE		52	/* invalid exchange */
#define EBADR		53	/* invalid request descriptor */
#define EXFULL		54	/* exchange full */
#define ENOANO		55	/* no anode */
#define EBADRQC		56	/* invalid request code */
#define EBADSLT		57	/* invalid slot */
#define EBFONT		59	/* bad font file */
#define ENOSTR		60	/* not a stream */
#define ENODATA		61	/* no data */
#define ETIME		62	/* timer expired */
#define ENOSR		63	/* out of streams resources */
#define ENONET		64	/* not on the network */
#define ENOPKG		65	/* package not installed */
#define EREMOTE		66	/* object is remote */
#define ENOLINK		67	/* link has been severed */
#define EADV		68	/* advertise error */
#define ESRMNT		69	/* srmount error */
#define ECOMM		70	/* communication error on send */
#define EPROTO		71	/* protocol error */
#define EMULTIHOP	72	/* multihop attempted */
#define EDOTDOT		73	/* RFS specific */
#define EBADMSG		74	/* not a data message */
#define EOVERFLOW	75	/* value too large for its type */
#define ENOTUNIQ	76	/* name not unique on the network */
#define EBADFD		77	/* descriptor in a bad state */
#define EREMCHG		78	/* remote address changed */
#define ELIBACC		79	/* cannot access a shared library */
#define ELIBBAD		80	/* corrupted shared library */
#define ELIBSCN		81	/* .lib section corrupted */
#define ELIBMAX		82	/* too many shared libraries */
#define ELIBEXEC	83	/* cannot execute a shared library */
#define EILSEQ		84	/* illegal byte sequence */
#define ERESTART	85	/* restart the system call */
#define ESTRPIPE	86	/* streams pipe error */
#define EUSERS		87	/* too many users */
#define ENOTSOCK	88	/* not a socket */
#define EDESTADDRREQ	89	/* destination address required */
#define EMSGSIZE	90	/* message too long */
#define EPROTOTYPE	91	/* wrong protocol for this type of socket */
#define ENOPROTOOPT	92	/* no such protocol option */
#define EPROTONOSUPPORT	93	/* protocol not supported */
#define ESOCKTNOSUPPORT	94	/* socket type not supported */
#define EOPNOTSUPP	95	/* operation not supported on this socket */
#define EPFNOSUPPORT	96	/* protocol family not supported */
#define EAFNOSUPPORT	97	/* address family not supported */
#define EADDRINUSE	98	/* address in use */
#define EADDRNOTAVAIL	99	/* address not ours */
#define ENETDOWN	100	/* network is down */
#define ENETUNREACH	101	/* network unreachable */
#define ENETRESET	102	/* connection dropped by the network */
#define ECONNABORTED	103	/* connection aborted on this side */
#define ECONNRESET	104	/* connection reset by the peer */
#define ENOBUFS		105	/* no buffer space */
#define EISCONN		106	/* connected already */
#define ENOTCONN	107	/* not connected */
#define ESHUTDOWN	108	/* cannot send after shutdown */
#define ETOOMANYREFS	109	/* too many references */
#define ETIMEDOUT	110	/* timed out */
#define ECONNREFUSED	111	/* connection refused */
#define EHOSTDOWN	112	/* host is down */
#define EHOSTUNREACH	113	/* no route to host */
#define EALREADY	114	/* operation already in progress */
#define EINPROGRESS	115	/* operation now in progress */
#define ESTALE		116	/* stale file handle */
#define EUCLEAN		117	/* structure needs cleaning */
#define ENOTNAM		118	/* not a named type file */
#define ENAVAIL		119	/* no semaphores available */
#define EISNAM		120	/* is a named type file */
#define EREMOTEIO	121	/* remote I/O error */
#define EDQUOT		122	/* quota exceeded */
#define ENOMEDIUM	123	/* no medium */
#define EMEDIUMTYPE	124	/* wrong medium */
#define ECANCELED	125	/* operation cancelled */
#define ENOKEY		126	/* key not available */
#define EKEYEXPIRED	127	/* key expired */
#define EKEYREVOKED	128	/* key revoked */
#define EKEYREJECTED	129	/* key rejected */
#define EOWNERDEAD	130	/* owner died */
#define ENOTRECOVERABLE	131	/* state not recoverable */
#define ERFKILL		132	/* blocked by a radio kill switch */
#define EHWPOISON	133	/* page has a hardware error */

#define EWOULDBLOCK	EAGAIN
#define EDEADLOCK	EDEADLK

#endif
