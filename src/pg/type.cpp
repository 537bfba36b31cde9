#include "pg/type.hpp"

#include "base/sqlstate.hpp"
#include "pg/boundary.hpp"
#include "pg/savepoint.hpp"
#include "pg/type_raising.hpp"

namespace datasurface::pg {

TypeLookup find_type(const std::string &name)
{
    TypeLookup lookup;
    RawType raw{};
    // what is no type raises, hence the savepoint
    std::optional<Error> const failure = savepoint([&] { raw = call([&] { return look_up_type(to_server(name)); }); });
    if (failure) {
        lookup.exists =
            failure->sqlstate != sqlstate::undefined_object && failure->sqlstate != sqlstate::undefined_schema;
        lookup.problem = failure->message;
        return lookup;
    }
    if (raw.problem != nullptr) {
        lookup.problem = raw.problem;
        return lookup;
    }
    lookup.type = shape::Type{raw.name, std::nullopt, raw.rewrites_table};
    lookup.hashes.assign(raw.hashes, raw.hashes + raw.hash_count);
    lookup.depends_on_tables = raw.depends_on_tables;
    if (raw.operator_name != nullptr)
        lookup.type->equality =
            shape::Equality{raw.operator_schema, raw.operator_name, raw.operand == nullptr ? "" : raw.operand};
    return lookup;
}

std::optional<Error> problem_of_value(const std::string &type, const std::string &text)
{
    return rolled_back([&] { call([&] { read_value(to_server(type), to_server(text)); }); },
                       OnError::return_busy_locks_and_refusals);
}

const TypeLookup &TypeCache::find(const std::string &name)
{
    auto const found = known_.find(name);
    if (found != known_.end())
        return found->second;
    return known_.emplace(name, find_type(name)).first->second;
}

} // namespace datasurface::pg
