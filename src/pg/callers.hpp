// Every SQL function of ours that works in the extension owner's name begins and ends a call. callers_raising.hpp says who is behind it.
#pragma once

#include <string>

namespace datasurface::pg {

// Every call begins and ends with these. A trigger of a batch that calls us begins a call within the call. A rollback of the
// transaction, or of the savepoint in which a call began, ends it too.
void begin_call();
void end_call();

// The role that made the innermost call.
std::string calling_role();

} // namespace datasurface::pg
