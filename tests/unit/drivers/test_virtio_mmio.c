// SPDX-License-Identifier: MIT
/* What the command line says about virtio-mmio devices. */
#include <linux/init.h>
#include <linux/virtio.h>

#include "../../host/fake_bus.h"
#include "../test.h"

static u32 magic, version, id;
static unsigned int looks;

static u64 answer(void *opaque, u64 off, unsigned int size)
{
	looks++;
	switch (off) {
	case 0: return magic;
	case 4: return version;
	case 8: return id;
	default: return 0;
	}
}

static void ignore(void *opaque, u64 off, unsigned int size, u64 value)
{
}

static struct fake_region place = {
	.base = 0xd0000000, .size = 4096, .read = answer, .write = ignore,
};

/* Whether a device is looked for at the place after this command line. */
static bool looked(const char *words)
{
	char line[128];
	bool found;

	strscpy(line, words, sizeof(line));
	fake_bus_add_region(&place);
	looks = 0;
	parse_command_line(line);
	virtio_mmio_rescan();
	found = looks;
	virtio_mmio_remove_all();
	fake_bus_remove_region(&place);
	return found;
}

TEST(virtio_mmio_understands_the_spelling_of_linux)
{
	magic = 0x74726976;
	version = 2;
	id = 0;				/* an empty place */
	EXPECT_TRUE(looked("virtio_mmio.device=512@0xd0000000:12"));
	EXPECT_TRUE(looked("virtio_mmio.device=0x200@0xd0000000:5"));
	EXPECT_TRUE(looked("virtio_mmio.device=4K@0xd0000000:5"));
	EXPECT_TRUE(looked("virtio_mmio.device=1k@0xd0000000:5:7"));
	EXPECT_TRUE(looked("virtio_mmio.device=512@3489660928:12"));
}

TEST(virtio_mmio_refuses_other_spellings)
{
	EXPECT_FALSE(looked("virtio_mmio.device="));
	EXPECT_FALSE(looked("virtio_mmio.device=512"));
	EXPECT_FALSE(looked("virtio_mmio.device=512@0xd0000000"));
	EXPECT_FALSE(looked("virtio_mmio.device=512@0xd0000000:"));
	EXPECT_FALSE(looked("virtio_mmio.device=512@0xd0000000:x"));
	EXPECT_FALSE(looked("virtio_mmio.device=@0xd0000000:5"));
	EXPECT_FALSE(looked("virtio_mmio.device=16@0xd0000000:5"));
	EXPECT_FALSE(looked("virtio_mmio.device=512@:5"));
	EXPECT_FALSE(looked("virtio_mmio.device=512@0xffffffffffffff00:5"));
	EXPECT_FALSE(looked("virtio_mmio.device=99999999999G@0xd0000000:5"));
}

TEST(virtio_mmio_leaves_alone_what_is_no_modern_virtio_device)
{
	magic = 0x12345678;
	EXPECT_TRUE(looked("virtio_mmio.device=512@0xd0000000:12"));
	magic = 0x74726976;
	id = 1;
	version = 1;			/* legacy */
	EXPECT_TRUE(looked("virtio_mmio.device=512@0xd0000000:12"));
	version = 3;
	EXPECT_TRUE(looked("virtio_mmio.device=512@0xd0000000:12"));
	/* And what is not there at all. */
	EXPECT_FALSE(looked("virtio_mmio.device=512@0xdeadbeef000:12"));
}
