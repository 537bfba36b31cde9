#include "change/view_gone.hpp"

#include "change/refuse.hpp"

namespace datasurface::change {

Step drop_step(Views &views, const ActualView &view, shape::RelationKind kind, const std::string &reason, Role role)
{
    const Object &object = view.object;
    Step step{object.name.sql(), Action::drop, object.exists ? "DROP VIEW " + object.name.sql() : "", kind,
              object.name};
    step.role = role;
    if (!object.exists)
        return step;
    require_as_made(object, object.name.sql());
    views.asks_for_dependents = true;
    step.lock = Lock::access_exclusive;
    step.cost = Class::lossy;
    step.reason = reason;
    if (!view.dependents.empty()) {
        step.cost = Class::refused;
        step.reason = "other objects depend on it; drop them first";
        step.dependents = view.dependents;
    }
    return step;
}

bool drop_view(Views &views, const ActualView &view, shape::RelationKind kind, const std::string &reason)
{
    return views.take(drop_step(views, view, kind, reason));
}

} // namespace datasurface::change
