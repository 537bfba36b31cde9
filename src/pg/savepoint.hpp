// The one place where an error becomes data: a subtransaction that is rolled back when its body fails.
#pragma once

#include <functional>
#include <optional>

#include "base/error.hpp"

namespace datasurface::pg {

// The message domain of errors that are about the call itself, and so are raised and never recorded.
inline constexpr char refusal_domain[] = "datasurface refusal";

// Runs body in a subtransaction. Returns nothing when it succeeded; its error when it failed and was rolled back.
// Never swallowed: cancel and shutdown, want of memory or disk, and conflicts that a retry mends; a busy lock neither, nor a
// refusal, which says that the call itself must not be made. Unless the caller has other work that goes on
// without it: then these are returned also, and a deadlock, which is over when body's locks are given back.
enum class Also { nothing, busy_locks_and_refusals, want_of_resources };
std::optional<Error> savepoint(const std::function<void()> &body, Also returned = Also::nothing);

// The same, but what body did is rolled back in any case, and its locks are given back.
std::optional<Error> rolled_back(const std::function<void()> &body, Also returned = Also::nothing);

} // namespace datasurface::pg
