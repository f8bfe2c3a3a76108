# SPDX-License-Identifier: MIT
"""The launcher behind ./sojourn: dependencies, build, QEMU, networking."""
