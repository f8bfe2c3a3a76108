/* SPDX-License-Identifier: MIT */
/*
 * Each kind of segment, with each kind of sequence and acknowledgement number, at a
 * connection in a state: a host beside the model, case by case.
 */
#ifndef TESTS_SEGMENT_GRID_H
#define TESTS_SEGMENT_GRID_H

#include "segment_model.h"

unsigned int segment_grid_run(enum model_state state, unsigned int more);

#endif
