// SPDX-License-Identifier: MIT
/*
 * The kernel command line: words apart by blanks, "quoted values" as one word.
 *
 * Each word goes to the __setup() entry that its prefix names. Words that begin
 * with "sysctl." wait until the stack is up (apply_boot_sysctls()). A word that
 * nobody takes gives one warning: a mistyped option must not pass in silence.
 *
 * Linux: init/main.c, kernel/params.c, fs/proc/proc_sysctl.c (do_sysctl_args)
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/sysctl.h>

#define COMMAND_LINE_SIZE	2048
#define BOOT_SYSCTLS_MAX	64

/* An entry that takes nothing: the table exists in every body. */
static const struct setup_entry __setup_anchor
	__used __aligned(8) __section("setup_params") = { NULL, NULL };
DECLARE_TABLE(const struct setup_entry, setup_params);

/* The words that entries and sysctls go on pointing into. */
static char command_line[COMMAND_LINE_SIZE];

static char *boot_sysctl[BOOT_SYSCTLS_MAX];	/* "net.ipv4.tcp_sack=0" */
static unsigned int boot_sysctls;

/* Cuts the next word off *@line, quotes removed; NULL at the end. */
static char *next_word(char **line)
{
	char *src = skip_spaces(*line), *word = src, *dst = src;
	bool quoted = false;

	if (!*src)
		return NULL;
	for (; *src; src++) {
		if (*src == '"')
			quoted = !quoted;
		else if (!quoted && (*src == ' ' || *src == '\t' || *src == '\n' ||
				     *src == '\r'))
			break;
		else
			*dst++ = *src;
	}
	*line = *src ? src + 1 : src;
	*dst = '\0';
	return word;
}

/* A prefix that ends in "=" wants a value; others are whole words. */
static char *match_prefix(char *word, const char *prefix)
{
	size_t len = strlen(prefix);

	if (strncmp(word, prefix, len))
		return NULL;
	if (prefix[len - 1] != '=' && word[len])
		return NULL;
	return word + len;
}

static bool take_setup(char *word)
{
	const struct setup_entry *entry;
	char *value;

	for (entry = TABLE_BEGIN(setup_params); entry < TABLE_END(setup_params);
	     entry++) {
		if (!entry->prefix)
			continue;
		value = match_prefix(word, entry->prefix);
		if (!value)
			continue;
		/* What is malformed was logged by its owner. */
		entry->fn(value);
		return true;
	}
	return false;
}

static bool take_sysctl(char *word)
{
	char *setting = word + sizeof("sysctl.") - 1;

	if (strncmp(word, "sysctl.", sizeof("sysctl.") - 1))
		return false;
	if (!strchr(setting, '='))
		pr_warn("%s: a sysctl without a value, ignored\n", word);
	else if (boot_sysctls == BOOT_SYSCTLS_MAX)
		pr_warn("%s: more than %d sysctls, ignored\n", word,
			BOOT_SYSCTLS_MAX);
	else
		boot_sysctl[boot_sysctls++] = setting;
	return true;
}

/**
 * parse_command_line - hand out the words of the kernel command line
 * @cmdline: the line; not changed, not kept
 *
 * Context: boot, once; printk() works, memory need not.
 */
void __init parse_command_line(char *cmdline)
{
	char *line = command_line, *word;

	if (strscpy(command_line, cmdline, sizeof(command_line)) < 0)
		pr_warn("command line cut to %d characters\n",
			COMMAND_LINE_SIZE - 1);
	boot_sysctls = 0;
	while ((word = next_word(&line)))
		if (*word && !take_setup(word) && !take_sysctl(word))
			pr_warn("unknown command line option \"%s\", ignored\n", word);
}

/**
 * apply_boot_sysctls - write the sysctls of the command line
 * @net: the namespace, which is up
 *
 * One warning for each that is refused.
 *
 * Context: process.
 */
void __init apply_boot_sysctls(struct net *net)
{
	unsigned int i;

	for (i = 0; i < boot_sysctls; i++) {
		char *value = strchr(boot_sysctl[i], '=');
		int err;

		*value = '\0';
		err = sysctl_write(net, boot_sysctl[i], value + 1);
		if (err == -ENOENT)
			pr_warn("sysctl.%s: no such sysctl\n", boot_sysctl[i]);
		else if (err)
			pr_warn("sysctl.%s: bad value \"%s\" (error %d)\n",
				boot_sysctl[i], value + 1, err);
	}
	boot_sysctls = 0;
}

/* Linked in front of all other late calls: ip_auto_config() sends by then. */
static int __init boot_sysctls_init(void)
{
	if (current->net)
		apply_boot_sysctls(current->net);
	return 0;
}
late_initcall(boot_sysctls_init);
