// What an error says of a name that is no stream.
#pragma once

#include <string>

namespace datasurface::batch {

// Throws SF010 or SF011.
[[noreturn]] void refuse_unknown_stream(const std::string &name);

} // namespace datasurface::batch
