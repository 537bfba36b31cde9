#include "change/publishing.hpp"

#include "shape/names.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::change {

std::string first_batch_sql(const Publishing &publishing)
{
    std::string const column = sqltext::identifier(shape::batch_in);
    if (publishing.from == 0)
        return column;
    return "greatest(" + column + ", " + std::to_string(publishing.from) + ") AS " + column;
}

} // namespace datasurface::change
