// SPDX-License-Identifier: MIT
/* The PCI bus over fake functions: scan, bridges, BARs, capabilities, MSI-X. */
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/io.h>

#include "../../host/fake_bus.h"
#include "../test.h"

#define TEST_VENDOR 0x1234

static struct fake_pci_dev fakes[6];

static struct fake_pci_dev *function(unsigned int i, unsigned int bus, unsigned int devfn)
{
	struct fake_pci_dev *f = &fakes[i];

	fake_pci_init(f, 0, TEST_VENDOR, (u16)(0x100 + i), 0xff0000);
	f->bus = bus;
	f->devfn = devfn;
	return f;
}

static struct fake_pci_dev *bridge(unsigned int i, unsigned int bus, unsigned int devfn,
				   u8 secondary)
{
	struct fake_pci_dev *f = function(i, bus, devfn);

	fake_pci_put8(f, PCI_HEADER_TYPE, PCI_HEADER_TYPE_BRIDGE);
	fake_pci_put8(f, PCI_SECONDARY_BUS, secondary);
	return f;
}

static void unplug(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		fake_bus_remove_pci(&fakes[i]);
	fake_bus_check_clean();
}

static unsigned int known(void)
{
	struct pci_dev *dev = NULL;
	unsigned int n = 0;

	while ((dev = pci_get_device(TEST_VENDOR, PCI_ANY_ID, dev)))
		n++;
	return n;
}

TEST(pci_finds_functions_behind_bridges)
{
	fake_bus_add_pci(bridge(0, 0, PCI_DEVFN(5, 0), 2));
	fake_bus_add_pci(function(1, 2, PCI_DEVFN(0, 0)));
	fake_bus_add_pci(bridge(2, 2, PCI_DEVFN(31, 0), 3));
	fake_bus_add_pci(function(3, 3, PCI_DEVFN(31, 0)));
	fake_bus_add_pci(function(4, 4, PCI_DEVFN(0, 0)));	/* behind nobody */
	pci_rescan();
	EXPECT_EQ(known(), 4U);
	/* Once more finds nothing new. */
	pci_rescan();
	EXPECT_EQ(known(), 4U);
	unplug(5);
}

TEST(pci_is_not_led_in_circles_by_bridges)
{
	fake_bus_add_pci(bridge(0, 0, PCI_DEVFN(1, 0), 1));
	fake_bus_add_pci(bridge(1, 1, PCI_DEVFN(0, 0), 1));
	fake_bus_add_pci(bridge(2, 1, PCI_DEVFN(1, 0), 0));
	fake_bus_add_pci(bridge(3, 0, PCI_DEVFN(2, 0), 1));
	fake_bus_add_pci(bridge(4, 0, PCI_DEVFN(3, 0), 255));
	pci_rescan();
	EXPECT_EQ(known(), 5U);
	unplug(5);
}

TEST(pci_asks_for_further_functions_only_where_there_are_some)
{
	struct fake_pci_dev *f = function(0, 0, PCI_DEVFN(1, 0));

	fake_pci_put8(f, PCI_HEADER_TYPE, PCI_HEADER_TYPE_MFD);
	fake_bus_add_pci(f);
	fake_bus_add_pci(function(1, 0, PCI_DEVFN(1, 7)));
	fake_bus_add_pci(function(2, 0, PCI_DEVFN(2, 0)));
	fake_bus_add_pci(function(3, 0, PCI_DEVFN(2, 1)));	/* an echo */
	pci_rescan();
	EXPECT_EQ(known(), 3U);
	EXPECT_TRUE(!fake_pci_found(&fakes[3]));
	EXPECT_STREQ(fake_pci_found(&fakes[1])->name, "0000:00:01.7");
	unplug(4);
}

TEST(pci_sizes_bars_and_leaves_them_where_they_were)
{
	struct fake_pci_dev *f = function(0, 0, PCI_DEVFN(3, 0));
	const struct resource *res;

	fake_pci_set_bar(f, 0, 0xe0000000, 0x20000);
	/* 64 bits wide, above 4 GiB, prefetchable. */
	fake_pci_put32(f, PCI_BASE_ADDRESS_0 + 8, 0x0000000c);
	fake_pci_put32(f, PCI_BASE_ADDRESS_0 + 12, 0x00000008);
	f->writable[(PCI_BASE_ADDRESS_0 + 8) / 4] = 0xffff0000;
	f->writable[(PCI_BASE_ADDRESS_0 + 12) / 4] = ~0U;
	/* Ports; and a memory BAR that nobody gave an address. */
	fake_pci_put32(f, PCI_BASE_ADDRESS_0 + 16, 0xc001);
	f->writable[(PCI_BASE_ADDRESS_0 + 16) / 4] = 0xffc0;
	f->writable[(PCI_BASE_ADDRESS_0 + 20) / 4] = 0xfffff000;
	fake_pci_put16(f, PCI_COMMAND, PCI_COMMAND_MEMORY);
	fake_bus_add_pci(f);
	pci_rescan();
	res = fake_pci_found(f)->resource;
	EXPECT_EQ(res[0].start, 0xe0000000UL);
	EXPECT_EQ(resource_size(&res[0]), 0x20000UL);
	EXPECT_EQ(res[0].flags, (unsigned long)IORESOURCE_MEM);
	EXPECT_EQ(res[1].flags, 0UL);
	EXPECT_EQ(res[2].start, 0x800000000UL);
	EXPECT_EQ(resource_size(&res[2]), 0x10000UL);
	EXPECT_TRUE(res[2].flags & IORESOURCE_MEM_64);
	EXPECT_EQ(res[3].flags, 0UL);
	EXPECT_EQ(res[4].flags, (unsigned long)IORESOURCE_IO);
	EXPECT_EQ(resource_size(&res[4]), 0x40UL);
	EXPECT_TRUE(res[5].flags & IORESOURCE_UNSET);
	EXPECT_EQ(fake_pci_get32(f, PCI_BASE_ADDRESS_0), 0xe0000000U);
	EXPECT_EQ(fake_pci_get32(f, PCI_BASE_ADDRESS_0 + 12), 8U);
	EXPECT_EQ(fake_pci_get16(f, PCI_COMMAND), PCI_COMMAND_MEMORY);
	EXPECT_EQ(pci_enable_device(fake_pci_found(f)), -ENXIO);
	unplug(1);
}

TEST(pci_maps_only_what_lies_inside_a_bar)
{
	struct fake_pci_dev *f = function(0, 0, PCI_DEVFN(3, 0));
	struct pci_dev *dev;
	void __iomem *p;

	fake_pci_set_bar(f, 2, 0xe0000000, 0x1000);
	fake_bus_add_pci(f);
	pci_rescan();
	dev = fake_pci_found(f);
	EXPECT_TRUE(!pci_iomap_range(dev, 2, 0x1000, 1));
	EXPECT_TRUE(!pci_iomap_range(dev, 2, 0xff0, 0x11));
	EXPECT_TRUE(!pci_iomap_range(dev, 2, 0, 0x1001));
	EXPECT_TRUE(!pci_iomap_range(dev, 2, 8, ~0ULL));
	EXPECT_TRUE(!pci_iomap_range(dev, 3, 0, 0));
	EXPECT_TRUE(!pci_iomap_range(dev, 6, 0, 0));
	p = pci_iomap_range(dev, 2, 0xff0, 0x10);
	EXPECT_EQ((u64)(uintptr_t)p, 0xe0000ff0UL);
	pci_iounmap(dev, p);
	pci_iounmap(dev, pci_iomap(dev, 2, 0));
	unplug(1);
}

TEST(pci_walks_capabilities_and_comes_back_from_a_loop)
{
	struct fake_pci_dev *f = function(0, 0, PCI_DEVFN(3, 0));
	struct pci_dev *dev;
	u8 first, second, third;

	first = fake_pci_add_cap(f, PCI_CAP_ID_VNDR, 16);
	second = fake_pci_add_cap(f, PCI_CAP_ID_PM, 8);
	third = fake_pci_add_cap(f, PCI_CAP_ID_VNDR, 16);
	fake_bus_add_pci(f);
	pci_rescan();
	dev = fake_pci_found(f);
	EXPECT_EQ(pci_find_capability(dev, PCI_CAP_ID_VNDR), first);
	EXPECT_EQ(pci_find_next_capability(dev, first, PCI_CAP_ID_VNDR), third);
	EXPECT_EQ(pci_find_next_capability(dev, third, PCI_CAP_ID_VNDR), 0);
	EXPECT_EQ(pci_find_capability(dev, PCI_CAP_ID_PM), second);
	EXPECT_EQ(pci_find_capability(dev, PCI_CAP_ID_MSIX), 0);
	fake_pci_put8(f, third + 1, first);
	EXPECT_EQ(pci_find_capability(dev, PCI_CAP_ID_MSIX), 0);
	fake_pci_put8(f, third + 1, 0x10);		/* inside the header */
	EXPECT_EQ(pci_find_capability(dev, PCI_CAP_ID_MSIX), 0);
	fake_pci_put16(f, PCI_STATUS, 0);		/* no list */
	EXPECT_EQ(pci_find_capability(dev, PCI_CAP_ID_VNDR), 0);
	unplug(1);
}

static unsigned int served[2];

static irqreturn_t count_irq(int irq, void *data)
{
	(*(unsigned int *)data)++;
	return IRQ_HANDLED;
}

static u64 no_read(void *opaque, u64 off, unsigned int size)
{
	return 0;
}

static void no_write(void *opaque, u64 off, unsigned int size, u64 value)
{
}

TEST(pci_messages_arrive_and_the_pin_is_off_meanwhile)
{
	struct fake_pci_dev *f = function(0, 0, PCI_DEVFN(3, 0));
	struct pci_dev *dev;

	served[0] = served[1] = 0;
	fake_pci_set_bar(f, 1, 0xe0000000, 0x1000);
	f->bar[1].read = no_read;
	f->bar[1].write = no_write;
	fake_pci_add_msix(f, 4, 1, 0x800);
	f->intx_irq = 5;
	fake_bus_add_pci(f);
	pci_rescan();
	dev = fake_pci_found(f);
	EXPECT_EQ(pci_enable_device(dev), 0);
	EXPECT_EQ(pci_alloc_irq_vectors(dev, 5, 8, PCI_IRQ_MSIX), -ENOSPC);
	EXPECT_EQ(pci_alloc_irq_vectors(dev, 2, 2, PCI_IRQ_MSIX), 2);
	EXPECT_EQ(pci_irq_vector(dev, 2), -EINVAL);
	EXPECT_TRUE(fake_pci_get16(f, PCI_COMMAND) & PCI_COMMAND_INTX_DISABLE);
	for (unsigned int i = 0; i < 2; i++)
		EXPECT_EQ(request_irq((unsigned int)pci_irq_vector(dev, i), count_irq, 0,
				      "test", &served[i]), 0);
	fake_msix_send(f, 0);
	fake_msix_send(f, 1);
	fake_msix_send(f, 1);
	EXPECT_EQ(served[0], 1U);
	EXPECT_EQ(served[1], 2U);
	fake_msix_send(f, 3);				/* masked: waits */
	EXPECT_TRUE(f->msix[3].pending);
	for (unsigned int i = 0; i < 2; i++)
		free_irq((unsigned int)pci_irq_vector(dev, i), &served[i]);
	pci_free_irq_vectors(dev);
	/* Without MSI-X: the pin. */
	EXPECT_EQ(pci_alloc_irq_vectors(dev, 1, 2, PCI_IRQ_INTX), 1);
	EXPECT_EQ(pci_irq_vector(dev, 0), 5);
	EXPECT_FALSE(fake_pci_get16(f, PCI_COMMAND) & PCI_COMMAND_INTX_DISABLE);
	pci_free_irq_vectors(dev);
	pci_disable_device(dev);
	unplug(1);
}

TEST(pci_refuses_a_message_table_outside_of_its_bar)
{
	struct fake_pci_dev *f = function(0, 0, PCI_DEVFN(3, 0));
	struct pci_dev *dev;

	fake_pci_set_bar(f, 1, 0xe0000000, 0x1000);
	fake_pci_add_msix(f, 4, 1, 0xfd0);
	fake_bus_add_pci(f);
	pci_rescan();
	dev = fake_pci_found(f);
	EXPECT_EQ(pci_enable_device(dev), 0);
	EXPECT_EQ(pci_alloc_irq_vectors(dev, 1, 1, PCI_IRQ_MSIX), -EIO);
	EXPECT_EQ(pci_alloc_irq_vectors(dev, 1, 1, PCI_IRQ_MSIX | PCI_IRQ_INTX), -ENOENT);
	pci_disable_device(dev);
	unplug(1);
}
