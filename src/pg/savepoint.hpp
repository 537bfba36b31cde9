// The one place where an error becomes data: a subtransaction that is rolled back when its body fails.
#pragma once

#include <functional>
#include <optional>

#include "base/error.hpp"

namespace datasurface::pg {

// The message domain of refusals. They are raised, and not recorded with the batch.
inline constexpr char refusal_domain[] = "datasurface refusal";

// Which errors are raised on instead of returned. An error is passing when a later call may succeed without any change, or when
// the call itself must not go on:
//   class 57, cancel and shutdown; class 53, no memory, disk or connections left; class 58, errors of the operating system;
//   40001, a serialization failure; 40P01, a deadlock; 55P03, a busy lock;
//   refusals, which say that this call must not be made; 55006 that we throw, about what the caller's transaction has open.
enum class OnError {
    raise_passing_errors,
    // For a caller with other work that goes on without body: returns 40P01, 55P03, refusals and our 55006. A deadlock is over when
    // the rollback has released body's locks.
    return_busy_locks_and_refusals,
    // For a caller that can do without what body asks for: returns classes 53 and 58.
    return_resource_errors
};

// Runs body in a subtransaction. When body succeeds, returns nothing. When it fails, rolls it back and returns its error, or
// raises it on.
std::optional<Error> savepoint(const std::function<void()> &body, OnError on_error = OnError::raise_passing_errors);

// The same, but what body did is always rolled back, and its locks are released.
std::optional<Error> rolled_back(const std::function<void()> &body, OnError on_error = OnError::raise_passing_errors);

// Runs body in a subtransaction, and keeps what it did if it returns true; returns what it returned. An error is passed on.
bool keep_if(const std::function<bool()> &body);

} // namespace datasurface::pg
