# SPDX-License-Identifier: MIT
# Which objects make which body, in link order (initcalls of one level run in
# this order).

# The portable half: image, hosted library, hosted tests.
PORTABLE :=

PORTABLE += kernel/init.o kernel/irq.o kernel/softirq.o kernel/timer.o kernel/sched.o \
	kernel/switch.o kernel/wait.o kernel/spinlock.o kernel/rcu.o kernel/slab.o \
	kernel/printk.o kernel/panic.o kernel/params.o kernel/random.o kernel/sysctl.o \
	kernel/trace.o kernel/uaccess.o

# Files, poll and system calls.
PORTABLE += kernel/file.o kernel/splice.o kernel/memfd.o kernel/read_write.o kernel/poll.o kernel/eventpoll.o \
	kernel/syscall.o kernel/sys.o kernel/proc.o kernel/proc_views.o

# Device memory: what drivers stand on.
PORTABLE += kernel/dma.o

PORTABLE += kernel/lib/vsprintf.o kernel/lib/kstrtox.o kernel/lib/rbtree.o \
	kernel/lib/siphash.o kernel/lib/checksum.o kernel/lib/iov_iter.o \
	kernel/lib/hexdump.o kernel/lib/list_sort.o kernel/lib/refcount.o \
	kernel/lib/string_helpers.o kernel/lib/win_minmax.o

# Namespaces first: everything that registers with them comes after.
PORTABLE += net/core/net_namespace.o net/core/drop_reason.o net/core/skbuff.o \
	net/core/skb_page.o net/core/skb_zerocopy.o net/core/skb_queue.o net/core/skb_data.o net/core/skb_geometry.o \
	net/core/skb_checksum.o net/core/skb_user.o net/core/dst.o net/netfilter/core.o \
	net/core/dev.o net/core/dev_mgmt.o net/core/dev_addr_lists.o net/core/link_watch.o \
	net/core/napi.o net/core/busy_poll.o net/core/idle_poll.o net/core/gro.o net/core/gso.o net/core/skb_segment.o net/core/neighbour.o \
	net/core/neigh_nud.o net/core/neigh_sysctl.o \
	net/core/xmit_more.o \
	net/sched/sch_generic.o net/sched/sch_fifo_fast.o net/sched/sch_api.o \
	net/ethernet/eth.o drivers/net/loopback.o

# Sockets, whatever the family. sock.o: the first subsystem of a namespace.
PORTABLE += net/core/sock.o net/core/sock_mem.o net/core/sock_dst.o \
	net/core/sock_sockopt.o net/core/stream.o net/core/datagram.o net/core/scm.o \
	net/core/net-procfs.o net/socket.o net/socket_calls.o

# The family AF_INET, and views of its sockets.
PORTABLE += net/ipv4/af_inet.o net/ipv4/inet_route.o net/ipv4/devinet_ioctl.o \
	net/ipv4/inet_diag.o net/ipv4/inet_account.o

# TCP, a connection's life: opening, the socket calls, closing.
PORTABLE += net/ipv4/tcp.o net/ipv4/tcp_close.o net/ipv4/tcp_poll.o net/ipv4/tcp_sockopt.o \
	net/ipv4/tcp_ipv4.o net/ipv4/tcp_ipv4_open.o net/ipv4/tcp_ipv4_reply.o \
	net/ipv4/tcp_ipv4_err.o net/ipv4/tcp_minisocks.o net/ipv4/tcp_request.o \
	net/ipv4/syncookies.o net/ipv4/tcp_metrics.o net/ipv4/sysctl_tcp.o

# TCP, a segment's way: in, acknowledgement, out, timers.
PORTABLE += net/ipv4/tcp_input.o net/ipv4/tcp_input_open.o net/ipv4/tcp_data.o \
	net/ipv4/tcp_rcvbuf.o net/ipv4/tcp_prune.o net/ipv4/tcp_ack.o net/ipv4/tcp_sack.o \
	net/ipv4/tcp_sacktag.o net/ipv4/tcp_sackshift.o \
	net/ipv4/tcp_fastretrans.o net/ipv4/tcp_recovery.o net/ipv4/tcp_rate.o \
	net/ipv4/tcp_cong.o net/ipv4/tcp_cubic.o net/ipv4/tcp_hystart.o net/ipv4/tcp_bbr.o net/ipv4/tcp_bbr_bw.o \
	net/ipv4/tcp_options.o net/ipv4/tcp_output.o net/ipv4/tcp_tso.o net/ipv4/tcp_cwnd.o \
	net/ipv4/tcp_output_ctl.o \
	net/ipv4/tcp_retransmit.o net/ipv4/tcp_window.o net/ipv4/tcp_mtu.o net/ipv4/tcp_timer.o \
	net/ipv4/tcp_ack_snd.o net/ipv4/tcp_backlog.o net/ipv4/tcp_fastopen.o \
	net/ipv4/tcp_fastopen_client.o net/ipv4/tcp_info.o

# TCP, connections: tables, half-open and TIME_WAIT ones, the socket calls.
PORTABLE += net/core/request_sock.o net/ipv4/inet_hashtables.o net/ipv4/inet_bind_hash.o \
	net/ipv4/inet_timewait_sock.o net/ipv4/inet_connection_sock.o \
	net/ipv4/inet_csk_bind.o net/ipv4/inet_csk_request.o

# IPv4: where things are, in, out, what is above it. af_inet.o calls ip_init().
PORTABLE += net/ipv4/devinet.o net/ipv4/fib_trie.o net/ipv4/fib_semantics.o \
	net/ipv4/fib_frontend.o net/ipv4/route.o net/ipv4/route_input.o \
	net/ipv4/route_output.o net/ipv4/route_pmtu.o net/ipv4/inetpeer.o net/ipv4/arp.o \
	net/ipv4/arp_table.o net/ipv4/protocol.o net/ipv4/ip_input.o net/ipv4/ip_options.o \
	net/ipv4/ip_fragment.o net/ipv4/ip_output.o net/ipv4/ip_append.o \
	net/ipv4/ip_sockglue.o net/ipv4/ip_cmsg.o net/ipv4/icmp.o net/ipv4/icmp_input.o \
	net/ipv4/datagram.o net/ipv4/udp.o net/ipv4/udp_output.o net/ipv4/udp_input.o \
	net/ipv4/ping.o net/ipv4/proc.o net/ipv4/sysctl_net_ipv4.o net/ipv4/ip_offload.o net/ipv4/tcp_offload.o \
	net/ipv4/udp_offload.o net/ipv4/ip_init.o

# Buses before the drivers on them: initcalls of a level run in link order.
PORTABLE += drivers/pci/pci.o drivers/pci/probe.o drivers/pci/pci-driver.o drivers/pci/msi.o
PORTABLE += drivers/virtio/virtio.o drivers/virtio/virtio_ring.o \
	drivers/virtio/virtio_ring_split.o drivers/virtio/virtio_ring_packed.o \
	drivers/virtio/virtio_pci_common.o drivers/virtio/virtio_pci_modern.o \
	drivers/virtio/virtio_mmio.o
PORTABLE += drivers/net/e1000/e1000_hw.o drivers/net/e1000/e1000_rx.o \
	drivers/net/e1000/e1000_tx.o drivers/net/e1000/e1000_offload.o \
	drivers/net/e1000/e1000_irq.o drivers/net/e1000/e1000_itr.o drivers/net/e1000/e1000_ethtool.o \
	drivers/net/e1000/e1000_main.o \
	drivers/net/virtio_net_ctrl.o drivers/net/virtio_net_buf.o drivers/net/virtio_net_rx.o \
	drivers/net/virtio_net_tx.o drivers/net/virtio_net.o

# The machine half: the image only.
MACHINE := boot/header.o boot/head_64.o boot/boot_info.o boot/multiboot2.o boot/pvh.o \
	kernel/main.o \
	kernel/mm/memblock.o kernel/mm/page_alloc.o kernel/mm/slab.o kernel/mm/meminfo.o \
	kernel/x86/entry.o kernel/x86/idt.o kernel/x86/irq.o kernel/x86/traps.o \
	kernel/x86/symbols.o kernel/x86/paging.o kernel/x86/serial.o kernel/x86/console.o \
	kernel/x86/acpi.o kernel/x86/apic.o kernel/x86/ioapic.o kernel/x86/tsc.o \
	kernel/x86/copy.o \
	kernel/x86/power.o kernel/x86/platform.o kernel/x86/io.o kernel/x86/msi.o \
	kernel/x86/pci_config.o \
	kernel/x86/string.o
# The address from the command line: the hosted library is told its own.
MACHINE += net/ipv4/ipconfig.o

# Programs: the image only (and hosted tests that run them).
APPS := apps/lib/lib.o apps/lib/server.o apps/echo.o apps/discard.o apps/chargen.o \
	apps/http.o apps/readline.o apps/shell.o apps/start.o

# The hosted library's own: the seam over libc, and hosted_api.h.
HOSTED := tests/host/platform.o tests/host/no_devices.o tests/host/hosted_dev.o \
	tests/host/hosted_api.o

# The hosted tests: the seam, simulated links, fake devices, the tests.
HOSTTEST := tests/host/platform.o tests/host/invariants.o tests/unit/runner.o
HOSTTEST += tests/host/fake_bus.o tests/host/fake_e1000.o tests/host/fake_e1000_tx.o tests/host/fake_virtio.o tests/host/fake_virtio_ring.o \
	tests/host/fake_virtio_regs.o

HOSTTEST += tests/unit/kernel/test_timer.o tests/unit/kernel/test_softirq.o \
	tests/unit/kernel/test_sched.o tests/unit/kernel/test_wait.o \
	tests/unit/kernel/test_spinlock.o tests/unit/kernel/test_rcu.o \
	tests/unit/kernel/test_irq.o tests/unit/kernel/test_slab.o \
	tests/unit/kernel/test_printk.o tests/unit/kernel/test_params.o \
	tests/unit/kernel/test_random.o tests/unit/kernel/test_chacha.o tests/unit/kernel/test_sysctl.o \
	tests/unit/kernel/test_trace.o tests/unit/kernel/test_string.o \
	tests/unit/kernel/test_string_metal.o \
	tests/unit/kernel/test_vsprintf.o tests/unit/kernel/test_kstrtox.o \
	tests/unit/kernel/test_rbtree.o tests/unit/kernel/test_list.o \
	tests/unit/kernel/test_siphash.o tests/unit/kernel/test_checksum.o \
	tests/unit/kernel/test_iov_iter.o

HOSTTEST += tests/unit/kernel/test_dma.o

HOSTTEST += tests/host/simlink.o tests/unit/host/test_simlink.o \
	tests/unit/kernel/fake_file.o tests/unit/kernel/test_file.o \
	tests/unit/kernel/test_poll.o tests/unit/kernel/test_eventpoll.o \
	tests/unit/net/sockhost.o tests/unit/net/test_socket.o tests/unit/net/test_sendfile.o tests/unit/net/test_sockopt.o \
	tests/unit/net/test_stream.o

# The services, run as threads of a host. Without start.o: there is no console.
HOSTTEST += apps/lib/lib.o apps/lib/server.o apps/echo.o apps/discard.o apps/chargen.o \
	apps/http.o tests/unit/apps/test_apps.o

HOSTTEST += tests/unit/drivers/nic.o tests/unit/drivers/test_e1000.o \
	tests/unit/drivers/test_e1000_hostile.o tests/unit/drivers/test_e1000_tso.o \
	tests/unit/drivers/test_e1000_rx.o tests/unit/drivers/test_e1000e.o tests/unit/drivers/test_virtio_net.o \
	tests/unit/drivers/test_virtio_hostile.o tests/unit/drivers/test_pci.o \
	tests/unit/drivers/test_virtio_mmio.o tests/unit/drivers/test_virtio_gso.o \
	tests/unit/drivers/test_virtio_buf.o tests/unit/drivers/test_virtio_tx.o \
	tests/unit/drivers/test_virtio_ctrl.o

HOSTTEST += tests/unit/net/core/test_xmit_more.o tests/unit/net/fake_netdev.o tests/unit/net/core/test_skbuff.o \
	tests/unit/net/core/test_skb_data.o tests/unit/net/core/test_dev.o \
	tests/unit/net/core/test_napi.o tests/unit/net/core/tcp_frame.o \
	tests/unit/net/core/test_gso.o tests/unit/net/core/test_busy_poll.o tests/unit/net/core/test_idle_poll.o tests/unit/net/core/test_gro.o tests/unit/net/core/test_neighbour.o \
	tests/unit/net/core/test_net_namespace.o tests/unit/net/sched/test_sch_generic.o \
	tests/unit/net/ethernet/test_eth.o tests/unit/net/netfilter/test_netfilter.o

HOSTTEST += net/ipv4/ipconfig.o tests/unit/net/ipv4/wire.o tests/unit/net/ipv4/test_fib.o \
	tests/unit/net/ipv4/test_route.o tests/unit/net/ipv4/test_ip_input.o \
	tests/unit/net/ipv4/test_arp.o tests/unit/net/ipv4/test_icmp.o \
	tests/unit/net/ipv4/test_udp.o tests/unit/net/ipv4/test_udp_gso.o \
	tests/unit/net/ipv4/test_udp_zerocopy.o tests/unit/net/ipv4/test_ipconfig.o \
	tests/unit/net/ipv4/test_proc.o

# TCP held to its RFCs, segment by segment; two hosts on a bad link.
HOSTTEST += tests/host/hosted_dev.o tests/host/segtest.o tests/host/segtext.o \
	tests/behaviour/acceptability_ends_exactly_at_the_window.o \
	tests/behaviour/acks_are_delayed_but_not_for_long.o \
	tests/behaviour/blind_resets_and_syns_are_challenged.o \
	tests/behaviour/close_with_linger_or_unread_data_resets.o \
	tests/behaviour/closed_window_is_probed_until_it_opens.o \
	tests/behaviour/connect_errors_are_linux_s.o \
	tests/behaviour/connections_close_in_every_order.o \
	tests/behaviour/crossing_syns_open_one_connection.o \
	tests/behaviour/duplicates_are_reported_by_dsack.o \
	tests/behaviour/full_accept_queue_drops_and_recovers.o \
	tests/behaviour/half_open_connections_outlive_their_listener.o \
	tests/behaviour/hostile_options_do_no_harm.o \
	tests/behaviour/icmp_errors_are_hard_or_soft.o \
	tests/behaviour/initial_numbers_and_ports_cannot_be_guessed.o \
	tests/behaviour/keepalives_find_dead_peers.o \
	tests/behaviour/little_waits_in_the_host_itself.o \
	tests/behaviour/listen_takes_a_syn_and_nothing_else.o \
	tests/behaviour/losses_after_a_timeout_are_the_same_loss.o \
	tests/behaviour/old_timestamps_are_rejected.o \
	tests/behaviour/options_are_used_only_when_both_offer_them.o \
	tests/behaviour/orphans_in_fin_wait_2_do_not_stay_for_ever.o \
	tests/behaviour/out_of_order_data_is_kept_and_sacked.o \
	tests/behaviour/reads_and_writes_are_those_of_a_byte_stream.o \
	tests/behaviour/retransmission_timeout_doubles_and_samples_obey_karn.o \
	tests/behaviour/rst_to_closed_port_has_the_right_numbers.o \
	tests/behaviour/segments_of_other_connections_change_nothing.o \
	tests/behaviour/segments_to_or_from_a_broadcast_address_get_no_answer.o \
	tests/behaviour/floods_leave_connections_alive.o \
	tests/behaviour/sequence_numbers_wrap_in_a_transfer.o \
	tests/behaviour/small_segments_wait_for_acks.o \
	tests/behaviour/syn_received_checks_what_completes_it.o \
	tests/behaviour/syn_sent_trusts_only_an_ack_of_its_syn.o \
	tests/behaviour/three_duplicate_acks_bring_a_fast_retransmit.o \
	tests/behaviour/time_wait_guards_against_old_segments.o \
	tests/behaviour/unanswered_syns_are_repeated_with_backoff.o \
	tests/behaviour/urgent_data_has_one_mark.o \
	tests/behaviour/user_timeout_ends_a_silent_connection.o \
	tests/behaviour/window_opens_in_steps_and_never_shrinks.o \
	tests/behaviour/segments_wait_for_a_busy_socket.o \
	tests/behaviour/memory_written_by_reference_is_told_of.o \
	tests/unit/net/ipv4/test_tcp_numbers.o tests/unit/net/ipv4/test_tcp_cong.o \
	tests/unit/net/ipv4/test_tcp_cubic.o tests/unit/net/ipv4/test_tcp_bbr.o \
	tests/unit/net/ipv4/test_tcp_pacing.o tests/unit/net/ipv4/test_inet_csk_bind.o \
	tests/unit/net/ipv4/test_inet_hashtables.o tests/unit/net/ipv4/test_tcp_sockopt.o \
	tests/behaviour/cookies_open_connections_that_were_not_kept.o \
	tests/behaviour/deferred_accept_waits_for_data.o \
	tests/sim/sim.o tests/sim/stall.o tests/sim/watch.o tests/sim/table.o tests/sim/golden.o \
	tests/sim/goodput.o tests/sim/many.o tests/sim/path.o tests/sim/matrix.o \
	tests/sim/short_flows.o tests/sim/detector.o tests/sim/targets.o tests/sim/drops.o \
	tests/sim/duplex.o

# Rule by rule (docs/rfc.md).
HOSTTEST += tests/behaviour/segment_model.o tests/behaviour/segment_grid.o \
	tests/behaviour/every_segment_in_every_state.o \
	tests/behaviour/every_segment_where_more_has_happened.o \
	tests/behaviour/settings_of_sockets_hold_for_segments.o \
	tests/behaviour/settings_of_receiving_and_opening_have_their_effects.o \
	tests/behaviour/settings_of_sending_have_their_effects.o \
	tests/behaviour/memory_and_orphans_are_bounded.o \
	tests/behaviour/small_segments_are_copied_together_before_any_is_dropped.o \
	tests/behaviour/needless_retransmissions_are_undone.o \
	tests/behaviour/window_shrinks_ack_by_ack_in_recovery.o \
	tests/behaviour/reordering_is_told_from_loss_by_time.o \
	tests/behaviour/congestion_marks_are_echoed_until_they_are_answered.o

# Settings, options, and openings that carry data.
HOSTTEST += tests/behaviour/path_mtu_is_found_without_icmp.o \
	tests/behaviour/data_goes_with_the_syn.o tests/behaviour/syn_with_a_cookie_brings_data.o \
	tests/behaviour/sacks_are_held_back_after_the_third.o \
	tests/behaviour/sacked_segments_are_joined.o \
	tests/unit/net/ipv4/test_sysctl_tcp.o

# docs/map.md, held true.
HOSTTEST += tests/unit/test_map.o

# What packets and system calls walk through every time: built for speed. All
# else of the image is built for size.
HOT := kernel/irq.o kernel/softirq.o kernel/timer.o kernel/sched.o kernel/switch.o \
	kernel/wait.o kernel/spinlock.o kernel/rcu.o kernel/slab.o kernel/dma.o \
	kernel/file.o kernel/read_write.o kernel/poll.o kernel/eventpoll.o kernel/syscall.o \
	kernel/lib/iov_iter.o kernel/lib/checksum.o kernel/lib/rbtree.o kernel/x86/string.o \
	kernel/mm/page_alloc.o kernel/mm/slab.o kernel/x86/irq.o kernel/x86/apic.o \
	kernel/x86/tsc.o kernel/x86/platform.o
HOT += net/core/skbuff.o net/core/skb_page.o net/core/skb_zerocopy.o net/core/skb_queue.o net/core/skb_data.o \
	net/core/skb_checksum.o net/core/skb_user.o net/core/dst.o net/core/dev.o \
	net/core/napi.o net/core/busy_poll.o net/core/idle_poll.o net/core/gro.o net/core/gso.o net/core/skb_segment.o net/core/sock.o net/core/sock_mem.o \
	net/core/stream.o net/core/datagram.o net/core/request_sock.o net/netfilter/core.o \
	net/core/xmit_more.o net/sched/sch_generic.o net/sched/sch_fifo_fast.o \
	net/ethernet/eth.o net/socket.o \
	net/socket_calls.o
HOT += net/ipv4/af_inet.o net/ipv4/ip_offload.o net/ipv4/tcp_offload.o net/ipv4/ip_input.o net/ipv4/ip_output.o net/ipv4/ip_append.o \
	net/ipv4/route_input.o net/ipv4/udp_input.o net/ipv4/udp_output.o \
	net/ipv4/inet_hashtables.o net/ipv4/inet_connection_sock.o net/ipv4/tcp.o \
	net/ipv4/tcp_ipv4.o net/ipv4/tcp_poll.o net/ipv4/tcp_input.o net/ipv4/tcp_data.o \
	net/ipv4/tcp_rcvbuf.o net/ipv4/tcp_ack.o net/ipv4/tcp_rate.o net/ipv4/tcp_options.o \
	net/ipv4/tcp_output.o net/ipv4/tcp_tso.o net/ipv4/tcp_cwnd.o net/ipv4/tcp_window.o \
	net/ipv4/tcp_minisocks.o \
	net/ipv4/tcp_request.o net/ipv4/tcp_ack_snd.o
HOT += drivers/virtio/virtio_ring.o drivers/virtio/virtio_ring_split.o \
	drivers/virtio/virtio_ring_packed.o drivers/net/virtio_net_rx.o drivers/net/virtio_net_buf.o \
	drivers/net/virtio_net_tx.o drivers/net/virtio_net.o \
	drivers/net/e1000/e1000_rx.o drivers/net/e1000/e1000_tx.o \
	drivers/net/e1000/e1000_offload.o apps/lib/server.o apps/echo.o

# Instructions counted: the image's objects, the fakes as they are, a body and a
# peer without a C library (tests/callgrind).
COUNTED := kernel/x86/string.o kernel/mm/page_alloc.o kernel/mm/slab.o apps/lib/lib.o \
	apps/lib/server.o apps/echo.o apps/discard.o apps/chargen.o
COUNTING := tests/callgrind/body.o tests/callgrind/count.o tests/callgrind/peer.o \
	tests/callgrind/cost.o tests/callgrind/programs.o tests/host/fake_bus.o \
	tests/host/fake_virtio.o tests/host/fake_virtio_ring.o tests/host/fake_virtio_regs.o

# Fuzzing: the hosted body with the peer of tests/fuzz in place of tests; each
# target adds tests/fuzz/fuzz_<target>.o.
FUZZ_TARGETS := frame segment options icmp arp session pair udp params nic
FUZZ := tests/host/platform.o tests/host/hosted_dev.o tests/host/invariants.o \
	tests/host/simlink.o tests/host/fake_bus.o tests/host/fake_e1000.o \
	tests/host/fake_e1000_tx.o \
	tests/host/fake_virtio.o tests/host/fake_virtio_ring.o tests/host/fake_virtio_regs.o tests/unit/drivers/nic.o \
	tests/unit/net/sockhost.o net/ipv4/ipconfig.o apps/lib/lib.o apps/lib/server.o \
	apps/http.o tests/fuzz/fuzz.o tests/fuzz/peer.o tests/fuzz/peer_state.o \
	tests/fuzz/calls.o tests/fuzz/service.o tests/fuzz/card.o tests/fuzz/lent.o \
	tests/fuzz/datagrams.o
