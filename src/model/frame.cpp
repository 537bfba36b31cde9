#include "model/frame.hpp"

namespace datasurface::model {

std::optional<std::size_t> find_member(const Shape &shape, std::string_view name)
{
    for (std::size_t i = 0; i < shape.members.size(); ++i)
        if (shape.members[i].name == name)
            return i;
    return std::nullopt;
}

} // namespace datasurface::model
