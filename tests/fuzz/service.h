/* SPDX-License-Identifier: MIT */
/* The HTTP server as a thread of the present host. */
#ifndef TESTS_FUZZ_SERVICE_H
#define TESTS_FUZZ_SERVICE_H

void service_begin(void);
/* Connections are given up, the thread ends. */
void service_end(void);

#endif
