/* SPDX-License-Identifier: MIT */
/*
 * Counters under the names of /proc/net/snmp and /proc/net/netstat (RFC 4293,
 * 4022, 4113, and Linux's extensions). Each list gives the enum, the name
 * table (net/ipv4/proc.c) and so the text; order within a list is Linux's.
 */
#ifndef NET_SNMP_H
#define NET_SNMP_H

#include <linux/types.h>

#define IPSTATS_MIBS(X)							\
	X(INPKTS, "InReceives") X(INHDRERRORS, "InHdrErrors")		\
	X(INADDRERRORS, "InAddrErrors") X(OUTFORWDATAGRAMS, "ForwDatagrams") \
	X(INUNKNOWNPROTOS, "InUnknownProtos") X(INDISCARDS, "InDiscards") \
	X(INDELIVERS, "InDelivers") X(OUTREQUESTS, "OutRequests")	\
	X(OUTDISCARDS, "OutDiscards") X(OUTNOROUTES, "OutNoRoutes")	\
	X(REASMTIMEOUT, "ReasmTimeout") X(REASMREQDS, "ReasmReqds")	\
	X(REASMOKS, "ReasmOKs") X(REASMFAILS, "ReasmFails")		\
	X(FRAGOKS, "FragOKs") X(FRAGFAILS, "FragFails")			\
	X(FRAGCREATES, "FragCreates") X(OUTPKTS, "OutTransmits")
/* /proc/net/netstat, IpExt */
#define IPEXT_MIBS(X)							\
	X(INNOROUTES, "InNoRoutes") X(INTRUNCATEDPKTS, "InTruncatedPkts") \
	X(INMCASTPKTS, "InMcastPkts") X(OUTMCASTPKTS, "OutMcastPkts")	\
	X(INBCASTPKTS, "InBcastPkts") X(OUTBCASTPKTS, "OutBcastPkts")	\
	X(INOCTETS, "InOctets") X(OUTOCTETS, "OutOctets")		\
	X(INMCASTOCTETS, "InMcastOctets") X(OUTMCASTOCTETS, "OutMcastOctets") \
	X(INBCASTOCTETS, "InBcastOctets") X(OUTBCASTOCTETS, "OutBcastOctets") \
	X(CSUMERRORS, "InCsumErrors") X(NOECTPKTS, "InNoECTPkts")	\
	X(ECT1PKTS, "InECT1Pkts") X(ECT0PKTS, "InECT0Pkts")		\
	X(CEPKTS, "InCEPkts")

#define ICMP_MIBS(X)							\
	X(INMSGS, "InMsgs") X(INERRORS, "InErrors") X(CSUMERRORS, "InCsumErrors") \
	X(INDESTUNREACHS, "InDestUnreachs") X(INTIMEEXCDS, "InTimeExcds") \
	X(INPARMPROBS, "InParmProbs") X(INSRCQUENCHS, "InSrcQuenchs")	\
	X(INREDIRECTS, "InRedirects") X(INECHOS, "InEchos")		\
	X(INECHOREPS, "InEchoReps") X(INTIMESTAMPS, "InTimestamps")	\
	X(INTIMESTAMPREPS, "InTimestampReps")				\
	X(INADDRMASKS, "InAddrMasks") X(INADDRMASKREPS, "InAddrMaskReps") \
	X(OUTMSGS, "OutMsgs") X(OUTERRORS, "OutErrors")			\
	X(RATELIMITGLOBAL, "OutRateLimitGlobal") X(RATELIMITHOST, "OutRateLimitHost") \
	X(OUTDESTUNREACHS, "OutDestUnreachs") X(OUTTIMEEXCDS, "OutTimeExcds") \
	X(OUTPARMPROBS, "OutParmProbs") X(OUTSRCQUENCHS, "OutSrcQuenchs") \
	X(OUTREDIRECTS, "OutRedirects") X(OUTECHOS, "OutEchos")		\
	X(OUTECHOREPS, "OutEchoReps") X(OUTTIMESTAMPS, "OutTimestamps")	\
	X(OUTTIMESTAMPREPS, "OutTimestampReps")				\
	X(OUTADDRMASKS, "OutAddrMasks") X(OUTADDRMASKREPS, "OutAddrMaskReps")

#define TCP_MIBS(X)							\
	X(RTOALGORITHM, "RtoAlgorithm") X(RTOMIN, "RtoMin")		\
	X(RTOMAX, "RtoMax") X(MAXCONN, "MaxConn")			\
	X(ACTIVEOPENS, "ActiveOpens") X(PASSIVEOPENS, "PassiveOpens")	\
	X(ATTEMPTFAILS, "AttemptFails") X(ESTABRESETS, "EstabResets")	\
	X(CURRESTAB, "CurrEstab") X(INSEGS, "InSegs") X(OUTSEGS, "OutSegs") \
	X(RETRANSSEGS, "RetransSegs") X(INERRS, "InErrs")		\
	X(OUTRSTS, "OutRsts") X(CSUMERRORS, "InCsumErrors")

#define UDP_MIBS(X)							\
	X(INDATAGRAMS, "InDatagrams") X(NOPORTS, "NoPorts")		\
	X(INERRORS, "InErrors") X(OUTDATAGRAMS, "OutDatagrams")		\
	X(RCVBUFERRORS, "RcvbufErrors") X(SNDBUFERRORS, "SndbufErrors")	\
	X(CSUMERRORS, "InCsumErrors") X(IGNOREDMULTI, "IgnoredMulti")	\
	X(MEMERRORS, "MemErrors")

/* /proc/net/netstat, TcpExt */
#define LINUX_MIBS(X)							\
	X(SYNCOOKIESSENT, "SyncookiesSent") X(SYNCOOKIESRECV, "SyncookiesRecv") \
	X(SYNCOOKIESFAILED, "SyncookiesFailed")				\
	X(EMBRYONICRSTS, "EmbryonicRsts") X(PRUNECALLED, "PruneCalled")	\
	X(RCVPRUNED, "RcvPruned") X(OFOPRUNED, "OfoPruned")		\
	X(OUTOFWINDOWICMPS, "OutOfWindowIcmps")				\
	X(LOCKDROPPEDICMPS, "LockDroppedIcmps") X(ARPFILTER, "ArpFilter") \
	X(TIMEWAITED, "TW") X(TIMEWAITRECYCLED, "TWRecycled")		\
	X(TIMEWAITKILLED, "TWKilled") X(PAWSACTIVEREJECTED, "PAWSActive") \
	X(PAWSESTABREJECTED, "PAWSEstab") X(BEYOND_WINDOW, "BeyondWindow") \
	X(TSECRREJECTED, "TSEcrRejected") X(PAWS_OLD_ACK, "PAWSOldAck")	\
	X(PAWS_TW_REJECTED, "PAWSTimewait") X(DELAYEDACKS, "DelayedACKs") \
	X(DELAYEDACKLOCKED, "DelayedACKLocked") X(DELAYEDACKLOST, "DelayedACKLost") \
	X(LISTENOVERFLOWS, "ListenOverflows") X(LISTENDROPS, "ListenDrops") \
	X(TCPHPHITS, "TCPHPHits") X(TCPPUREACKS, "TCPPureAcks")		\
	X(TCPHPACKS, "TCPHPAcks") X(TCPRENORECOVERY, "TCPRenoRecovery")	\
	X(TCPSACKRECOVERY, "TCPSackRecovery") X(TCPSACKRENEGING, "TCPSACKReneging") \
	X(TCPSACKREORDER, "TCPSACKReorder") X(TCPRENOREORDER, "TCPRenoReorder") \
	X(TCPTSREORDER, "TCPTSReorder") X(TCPFULLUNDO, "TCPFullUndo")	\
	X(TCPPARTIALUNDO, "TCPPartialUndo") X(TCPDSACKUNDO, "TCPDSACKUndo") \
	X(TCPLOSSUNDO, "TCPLossUndo") X(TCPLOSTRETRANSMIT, "TCPLostRetransmit") \
	X(TCPRENOFAILURES, "TCPRenoFailures") X(TCPSACKFAILURES, "TCPSackFailures") \
	X(TCPLOSSFAILURES, "TCPLossFailures") X(TCPFASTRETRANS, "TCPFastRetrans") \
	X(TCPSLOWSTARTRETRANS, "TCPSlowStartRetrans") X(TCPTIMEOUTS, "TCPTimeouts") \
	X(TCPLOSSPROBES, "TCPLossProbes") X(TCPLOSSPROBERECOVERY, "TCPLossProbeRecovery") \
	X(TCPRENORECOVERYFAIL, "TCPRenoRecoveryFail")			\
	X(TCPSACKRECOVERYFAIL, "TCPSackRecoveryFail")			\
	X(TCPRCVCOLLAPSED, "TCPRcvCollapsed") X(TCPBACKLOGCOALESCE, "TCPBacklogCoalesce") \
	X(TCPDSACKOLDSENT, "TCPDSACKOldSent") X(TCPDSACKOFOSENT, "TCPDSACKOfoSent") \
	X(TCPDSACKRECV, "TCPDSACKRecv") X(TCPDSACKOFORECV, "TCPDSACKOfoRecv") \
	X(TCPABORTONDATA, "TCPAbortOnData") X(TCPABORTONCLOSE, "TCPAbortOnClose") \
	X(TCPABORTONMEMORY, "TCPAbortOnMemory") X(TCPABORTONTIMEOUT, "TCPAbortOnTimeout") \
	X(TCPABORTONLINGER, "TCPAbortOnLinger") X(TCPABORTFAILED, "TCPAbortFailed") \
	X(TCPMEMORYPRESSURES, "TCPMemoryPressures")			\
	X(TCPMEMORYPRESSURESCHRONO, "TCPMemoryPressuresChrono")		\
	X(TCPSACKDISCARD, "TCPSACKDiscard") X(TCPDSACKIGNOREDOLD, "TCPDSACKIgnoredOld") \
	X(TCPDSACKIGNOREDNOUNDO, "TCPDSACKIgnoredNoUndo")		\
	X(TCPSPURIOUSRTOS, "TCPSpuriousRTOs") X(TCPMD5NOTFOUND, "TCPMD5NotFound") \
	X(TCPMD5UNEXPECTED, "TCPMD5Unexpected") X(TCPMD5FAILURE, "TCPMD5Failure") \
	X(TCPSACKSHIFTED, "TCPSackShifted") X(TCPSACKMERGED, "TCPSackMerged") \
	X(TCPSACKSHIFTFALLBACK, "TCPSackShiftFallback")			\
	X(TCPBACKLOGDROP, "TCPBacklogDrop") X(PFMEMALLOCDROP, "PFMemallocDrop") \
	X(TCPMINTTLDROP, "TCPMinTTLDrop") X(TCPDEFERACCEPTDROP, "TCPDeferAcceptDrop") \
	X(IPRPFILTER, "IPReversePathFilter") X(TCPTIMEWAITOVERFLOW, "TCPTimeWaitOverflow") \
	X(TCPREQQFULLDOCOOKIES, "TCPReqQFullDoCookies")			\
	X(TCPREQQFULLDROP, "TCPReqQFullDrop") X(TCPRETRANSFAIL, "TCPRetransFail") \
	X(TCPRCVCOALESCE, "TCPRcvCoalesce") X(TCPOFOQUEUE, "TCPOFOQueue") \
	X(TCPOFODROP, "TCPOFODrop") X(TCPOFOMERGE, "TCPOFOMerge")	\
	X(TCPCHALLENGEACK, "TCPChallengeACK") X(TCPSYNCHALLENGE, "TCPSYNChallenge") \
	X(TCPFASTOPENACTIVE, "TCPFastOpenActive") X(TCPFASTOPENACTIVEFAIL, "TCPFastOpenActiveFail") \
	X(TCPFASTOPENPASSIVE, "TCPFastOpenPassive") X(TCPFASTOPENPASSIVEFAIL, "TCPFastOpenPassiveFail") \
	X(TCPFASTOPENLISTENOVERFLOW, "TCPFastOpenListenOverflow")	\
	X(TCPFASTOPENCOOKIEREQD, "TCPFastOpenCookieReqd")		\
	X(TCPFASTOPENBLACKHOLE, "TCPFastOpenBlackhole")			\
	X(TCPSPURIOUS_RTX_HOSTQUEUES, "TCPSpuriousRtxHostQueues")	\
	X(BUSYPOLLRXPACKETS, "BusyPollRxPackets") X(TCPAUTOCORKING, "TCPAutoCorking") \
	X(TCPFROMZEROWINDOWADV, "TCPFromZeroWindowAdv")			\
	X(TCPTOZEROWINDOWADV, "TCPToZeroWindowAdv")			\
	X(TCPWANTZEROWINDOWADV, "TCPWantZeroWindowAdv")			\
	X(TCPSYNRETRANS, "TCPSynRetrans") X(TCPORIGDATASENT, "TCPOrigDataSent") \
	X(TCPHYSTARTTRAINDETECT, "TCPHystartTrainDetect")		\
	X(TCPHYSTARTTRAINCWND, "TCPHystartTrainCwnd")			\
	X(TCPHYSTARTDELAYDETECT, "TCPHystartDelayDetect")		\
	X(TCPHYSTARTDELAYCWND, "TCPHystartDelayCwnd")			\
	X(TCPACKSKIPPEDSYNRECV, "TCPACKSkippedSynRecv")			\
	X(TCPACKSKIPPEDPAWS, "TCPACKSkippedPAWS") X(TCPACKSKIPPEDSEQ, "TCPACKSkippedSeq") \
	X(TCPACKSKIPPEDFINWAIT2, "TCPACKSkippedFinWait2")		\
	X(TCPACKSKIPPEDTIMEWAIT, "TCPACKSkippedTimeWait")		\
	X(TCPACKSKIPPEDCHALLENGE, "TCPACKSkippedChallenge")		\
	X(TCPWINPROBE, "TCPWinProbe") X(TCPKEEPALIVE, "TCPKeepAlive")	\
	X(TCPMTUPFAIL, "TCPMTUPFail") X(TCPMTUPSUCCESS, "TCPMTUPSuccess") \
	X(TCPDELIVERED, "TCPDelivered") X(TCPDELIVEREDCE, "TCPDeliveredCE") \
	X(TCPACKCOMPRESSED, "TCPAckCompressed") X(TCPZEROWINDOWDROP, "TCPZeroWindowDrop") \
	X(TCPRCVQDROP, "TCPRcvQDrop") X(TCPWQUEUETOOBIG, "TCPWqueueTooBig") \
	X(TCPFASTOPENPASSIVEALTKEY, "TCPFastOpenPassiveAltKey")		\
	X(TCPTIMEOUTREHASH, "TcpTimeoutRehash") X(TCPDUPLICATEDATAREHASH, "TcpDuplicateDataRehash") \
	X(TCPDSACKRECVSEGS, "TCPDSACKRecvSegs") X(TCPDSACKIGNOREDDUBIOUS, "TCPDSACKIgnoredDubious") \
	X(TCPMIGRATEREQSUCCESS, "TCPMigrateReqSuccess")			\
	X(TCPMIGRATEREQFAILURE, "TCPMigrateReqFailure") X(TCPPLBREHASH, "TCPPLBRehash") \
	X(TCPAOREQUIRED, "TCPAORequired") X(TCPAOBAD, "TCPAOBad")	\
	X(TCPAOKEYNOTFOUND, "TCPAOKeyNotFound") X(TCPAOGOOD, "TCPAOGood") \
	X(TCPAODROPPEDICMPS, "TCPAODroppedIcmps")

#define X(name, text) IPSTATS_MIB_##name,
enum { IPSTATS_MIBS(X) IPSTATS_MIB_SNMP_MAX };
#undef X
#define X(name, text) IPSTATS_MIB_##name,
enum { __IPEXT_START = IPSTATS_MIB_SNMP_MAX - 1, IPEXT_MIBS(X) IPSTATS_MIB_MAX };
#undef X
#define X(name, text) ICMP_MIB_##name,
enum { ICMP_MIBS(X) ICMP_MIB_MAX };
#undef X
#define X(name, text) TCP_MIB_##name,
enum { TCP_MIBS(X) TCP_MIB_MAX };
#undef X
#define X(name, text) UDP_MIB_##name,
enum { UDP_MIBS(X) UDP_MIB_MAX };
#undef X
#define X(name, text) LINUX_MIB_##name,
enum { LINUX_MIBS(X) LINUX_MIB_MAX };
#undef X

struct netns_mib {
	u64 ip[IPSTATS_MIB_MAX];
	u64 icmp[ICMP_MIB_MAX];
	u64 icmp_in_type[256];
	u64 icmp_out_type[256];
	u64 tcp[TCP_MIB_MAX];
	u64 udp[UDP_MIB_MAX];
	u64 net[LINUX_MIB_MAX];
};

#define IP_INC_STATS(n, f)	((n)->mib.ip[f]++)
#define IP_ADD_STATS(n, f, v)	((n)->mib.ip[f] += (v))
#define __IP_INC_STATS		IP_INC_STATS
#define IP_UPD_PO_STATS(n, pkts, octets, len) do {			\
	(n)->mib.ip[pkts]++; (n)->mib.ip[octets] += (len); } while (0)
#define ICMP_INC_STATS(n, f)	((n)->mib.icmp[f]++)
#define TCP_INC_STATS(n, f)	((n)->mib.tcp[f]++)
#define TCP_DEC_STATS(n, f)	((n)->mib.tcp[f]--)
#define TCP_ADD_STATS(n, f, v)	((n)->mib.tcp[f] += (v))
#define UDP_INC_STATS(n, f)	((n)->mib.udp[f]++)
#define UDP_ADD_STATS(n, f, v)	((n)->mib.udp[f] += (v))
#define NET_INC_STATS(n, f)	((n)->mib.net[f]++)
#define NET_ADD_STATS(n, f, v)	((n)->mib.net[f] += (v))

#endif
