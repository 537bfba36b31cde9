// Recognises texts in which a placeholder is left: a scheduler, a shell or a program has put no value there. As a run id such a text
// is the same every day, so the run of the next day would be the one that is done.
#pragma once

#include <string_view>

namespace datasurface::batch {

enum class Placeholder {
    none,
    shell,      // $NAME, ${NAME}, $(date), `date`, %NAME%
    unrendered, // {{ run_id }}, {name}, %(name)s, %s, :name, <name>
    no_value,   // None, null, undefined, nan
};

// In a text that people do not write, such as a run id.
Placeholder find_placeholder(std::string_view text);

// In a text that people write, such as a reason: the whole text was left by a template or a shell. A sentence may quote a
// placeholder, and a person may mean "none".
bool is_unrendered(std::string_view text);

} // namespace datasurface::batch
