#include "merge/plan.hpp"

namespace datasurface::merge {

Plan plan_merge(Mode mode, const shape::Shape &shape, int batch, const Staged &staged)
{
    return {shape, mode, shape.duplicate_keys, batch, staged};
}

} // namespace datasurface::merge
