#include "change/actual.hpp"

namespace datasurface::change {

const Object *Actual::find(shape::RelationKind kind) const
{
    auto const found = ours.find(kind);
    return found == ours.end() || !found->second.exists ? nullptr : &found->second;
}

Object *Actual::find(shape::RelationKind kind)
{
    return const_cast<Object *>(static_cast<const Actual *>(this)->find(kind));
}

ActualRelation *Actual::table(shape::RelationKind kind)
{
    Object *const object = find(kind);
    return object == nullptr ? nullptr : &object->there;
}

} // namespace datasurface::change
