// What an error says of a store that is not in the model. It is the same from each function.
#pragma once

#include <string>

namespace datasurface::catalog {

struct UnknownStore {
    std::string detail;
    std::string hint;
};

// list: how to list the names that would do.
UnknownStore unknown_store(const std::string &name, const std::string &list);

} // namespace datasurface::catalog
