// How code without PostgreSQL handles a query cancel: it calls a given function now and then. That function may throw.
#pragma once

namespace datasurface {

using CheckInterrupts = void (*)();

inline void never_interrupted() {}

} // namespace datasurface
