/* SPDX-License-Identifier: MIT */
/* Shared by the e1000's tests. */
#ifndef TESTS_UNIT_DRIVERS_TEST_E1000_H
#define TESTS_UNIT_DRIVERS_TEST_E1000_H

#include "../../host/fake_e1000.h"
#include "nic.h"

void e1000_test_begin(struct fake_e1000 *f, struct nic *nic);
void e1000e_test_begin(struct fake_e1000 *f, struct nic *nic, bool msix);
void e1000_test_end(struct fake_e1000 *f, struct nic *nic);
bool e1000_test_rx(struct fake_e1000 *f, u32 seq, unsigned int len);

#endif
