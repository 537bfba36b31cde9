// Memory of PostgreSQL for a piece of work, where a call has very many of them: what is left over in it is freed when the piece ends.
#pragma once

namespace datasurface::pg {

// Returns the context that was current.
void *enter_scratch_memory();
void leave_scratch_memory(void *outer);

// body must not commit. When it throws, the memory is freed with the caller's.
template <class Body>
void with_scratch_memory(Body &&body)
{
    void *const outer = enter_scratch_memory();
    body();
    leave_scratch_memory(outer);
}

} // namespace datasurface::pg
