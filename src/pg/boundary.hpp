// The door from C++ out to PostgreSQL, for the rooms pg, guard, heap, native and remote only.
//
// Two regimes. C++ throws and owns things by RAII; PostgreSQL raises by longjmp over frames that hold plain data only.
// call() keeps them apart: its lambda is PostgreSQL's regime, the code around it is C++'s. call() has the sigsetjmp in its own frame.
// After a jump it throws an empty token, which unwinds the C++ frames above. The error itself stays on elog's stack, so SQLSTATE,
// DETAIL and HINT do not change.
//
// Rules for a lambda given to call(): capture by reference; no object with a destructor inside; a few lines; guard a batch
// of rows, never a row. Never call it in a destructor or in a noexcept function.
#pragma once

#include <type_traits>

#include "pg/encoding_raising.hpp"

extern "C" {
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"
}

namespace datasurface::pg {

// An ERROR is waiting on elog's stack. This is no std::exception, because only the doors and a few files of this room may catch it.
struct Pending final {};

// Restores PostgreSQL's exception stack and context stack on return, on a throw, and after a jump.
struct JumpScope {
    JumpScope() = default;
    JumpScope(const JumpScope &) = delete;
    JumpScope &operator=(const JumpScope &) = delete;
    ~JumpScope()
    {
        PG_exception_stack = jump;
        error_context_stack = callbacks;
    }

    sigjmp_buf *jump = PG_exception_stack;
    ErrorContextCallback *callbacks = error_context_stack;
};

template <class Body>
auto call(Body body) -> std::invoke_result_t<Body &>
{
    using Result = std::invoke_result_t<Body &>;
    static_assert(std::is_trivially_destructible_v<Body>, "capture by reference");
    static_assert(std::is_void_v<Result> || std::is_trivially_destructible_v<Result>, "return plain data");
    MemoryContext const context = CurrentMemoryContext;
    {
        JumpScope scope;
        sigjmp_buf here;
        if (sigsetjmp(here, 0) == 0) {
            PG_exception_stack = &here;
            return body();
        }
    }
    MemoryContextSwitchTo(context);
    throw Pending{};
}

} // namespace datasurface::pg
