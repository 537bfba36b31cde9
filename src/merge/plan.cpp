#include "merge/plan.hpp"

namespace datasurface::merge {

Plan plan_whole_snapshot(const shape::Shape &shape, int batch, const Staged &staged)
{
    return {shape, Mode::whole_snapshot, shape.duplicate_keys, batch, staged};
}

} // namespace datasurface::merge
