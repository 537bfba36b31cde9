// What the program takes from operator new, and a way to make it fail.
#pragma once

#include <cstddef>

namespace datasurface::allocation {

void fail_at(long n); // the n-th from now on throws std::bad_alloc, and so does each that follows; 0: none
bool has_failed();    // since fail_at()

std::size_t live(); // bytes
std::size_t peak(); // the most that was live since forget_peak()
void forget_peak();

} // namespace datasurface::allocation
