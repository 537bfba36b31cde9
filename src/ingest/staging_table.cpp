#include "ingest/staging_table.hpp"

namespace datasurface::ingest {

StagingTable staging_table(const shape::Shape &shape)
{
    return {title(shape), shape.names.staging, shape.owner, shape.staging_logged};
}

} // namespace datasurface::ingest
