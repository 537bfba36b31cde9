#include "pg/scratch.hpp"

#include "pg/boundary.hpp"

extern "C" {
#include "utils/memutils.h"
}

namespace datasurface::pg {

void *enter_scratch_memory()
{
    return call([] {
        MemoryContext const outer = CurrentMemoryContext;
        MemoryContextSwitchTo(AllocSetContextCreate(outer, "datasurface scratch", ALLOCSET_DEFAULT_SIZES));
        return static_cast<void *>(outer);
    });
}

void leave_scratch_memory(void *outer)
{
    call([&] {
        MemoryContext const scratch = CurrentMemoryContext;
        MemoryContextSwitchTo(static_cast<MemoryContext>(outer));
        MemoryContextDelete(scratch);
    });
}

} // namespace datasurface::pg
