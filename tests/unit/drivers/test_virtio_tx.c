// SPDX-License-Identifier: MIT
/*
 * What sending costs the virtio-net driver in interrupts, and that nothing is left
 * lying where there are none.
 */
#include "../../../drivers/net/virtnet.h"
#include "test_virtio_net.h"

static struct fake_virtio fake;
static struct nic nic;

static void begin(u64 without)
{
	fake_virtio_init(&fake, false);
	fake.offered &= ~without;
	virtio_test_begin(&fake, &nic);
	virtio_test_settle();
}

static unsigned int held(void)
{
	return nic.dev->netdev_ops->ndo_held(nic.dev);
}

TEST(virtio_net_sends_a_few_packets_without_an_interrupt)
{
	for (unsigned int no_event = 0; no_event < 2; no_event++) {
		u64 irqs, polls;

		begin(no_event ? 1ULL << 29 : 0);
		irqs = fake.pci.irqs_raised;
		nic_send(&nic, 5, 100);
		host_run();
		/* The next one finds those before it done. */
		EXPECT_EQ(held(), 1U);
		EXPECT_EQ(nic.wire_count, 5UL);
		virtio_test_settle();
		EXPECT_EQ(held(), 0U);
		EXPECT_EQ(nic.dev->stats.tx_packets, 5UL);
		EXPECT_EQ(fake.pci.irqs_raised, irqs);
		/* And then nothing happens any more. */
		polls = ((struct virtnet_info *)netdev_priv(nic.dev))->polls;
		host_sleep(10 * NSEC_PER_SEC);
		EXPECT_EQ(((struct virtnet_info *)netdev_priv(nic.dev))->polls, polls);
		EXPECT_EQ(fake.pci.irqs_raised, irqs);
		virtio_test_end(&fake, &nic);
	}
}

TEST(virtio_net_finds_packets_sent_when_the_answer_comes)
{
	u64 irqs;

	begin(0);
	nic_send(&nic, 3, 100);
	irqs = fake.pci.irqs_raised;
	EXPECT_TRUE(virtio_test_rx(&fake, 0, 100));
	host_run();
	EXPECT_EQ(held(), 0U);
	EXPECT_EQ(fake.pci.irqs_raised, irqs + 1);
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_has_a_slow_device_interrupt)
{
	u64 irqs;

	begin(0);
	fake.stop_tx = true;
	nic_send(&nic, 3, 100);
	host_sleep(20 * NSEC_PER_MSEC);
	EXPECT_EQ(held(), 3U);
	irqs = fake.pci.irqs_raised;
	fake_virtio_run(&fake);
	host_run();
	EXPECT_EQ(held(), 0U);
	EXPECT_GT(fake.pci.irqs_raised, irqs);
	fake.stop_tx = false;
	virtio_test_end(&fake, &nic);
}

/* Whoever waits for room in a send buffer is not to wait for a timer. */
TEST(virtio_net_interrupts_when_much_is_under_way)
{
	static const struct {
		unsigned int packets, len;
		bool irq;
	} bursts[] = { { 10, 1514, false }, { 12, 1514, true }, { 64, 60, false },
		       { 65, 60, true } };

	for (unsigned int i = 0; i < ARRAY_SIZE(bursts); i++) {
		u64 irqs;

		begin(0);
		fake.stop_tx = true;
		nic_send(&nic, bursts[i].packets, bursts[i].len);
		irqs = fake.pci.irqs_raised;
		fake_virtio_run(&fake);
		host_run();
		EXPECT_EQ(fake.pci.irqs_raised > irqs, bursts[i].irq);
		EXPECT_EQ(held() < bursts[i].packets, bursts[i].irq);
		fake.stop_tx = false;
		virtio_test_settle();
		EXPECT_EQ(held(), 0U);
		virtio_test_end(&fake, &nic);
	}
}

TEST(virtio_net_goes_down_while_its_timer_waits)
{
	begin(0);
	fake.stop_tx = true;
	nic_send(&nic, 3, 100);
	dev_close(nic.dev);
	host_sleep(10 * NSEC_PER_MSEC);
	fake.stop_tx = false;
	nic.wire_seq = nic.tx_seq;
	EXPECT_EQ(dev_open(nic.dev), 0);
	nic_send(&nic, 1, 100);
	virtio_test_settle();
	EXPECT_EQ(nic.wire_count, 1UL);
	EXPECT_EQ(held(), 0U);
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_shows_doorbells_and_interrupts_of_each_packet)
{
	char text[4096];

	begin(0);
	for (unsigned int i = 0; i < 100; i++) {
		EXPECT_TRUE(virtio_test_rx(&fake, i, 100));
		host_run();
	}
	nic.dev->netdev_ops->ndo_dump(nic.dev, text, sizeof(text));
	EXPECT_TRUE(strstr(text, "packets 100, each: doorbells 0.0") != NULL);
	EXPECT_TRUE(strstr(text, "interrupts 1.00\n") != NULL);
	virtio_test_end(&fake, &nic);
}
