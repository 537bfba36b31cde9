// Recognises run ids that are no ids: what a scheduler, a shell or a program leaves behind when nobody put a value there. They
// are the same text every day, so the run of the next day would be the one that is done.
#pragma once

#include <string_view>

namespace datasurface::batch {

enum class RunIdFault {
    none,
    shell,      // $NAME, ${NAME}, $(date), `date`, %NAME%
    unrendered, // {{ run_id }}, {name}, %(name)s, %s, :name, <name>
    no_value,   // None, null, undefined, nan
};

RunIdFault fault_of_run_id(std::string_view run_id);

} // namespace datasurface::batch
