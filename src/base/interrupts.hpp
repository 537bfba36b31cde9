// How code that knows nothing of PostgreSQL lets a cancel through: it calls now and then what it was given, which may throw.
#pragma once

namespace datasurface {

using CheckInterrupts = void (*)();

inline void never_interrupted() {}

} // namespace datasurface
