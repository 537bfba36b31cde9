#include "reconcile/plan_history.hpp"

#include "reconcile/plan_key.hpp"

namespace datasurface::reconcile {

namespace {

using shape::RelationKind;
using shape::Shape;
using sqltext::identifier;
using sqltext::literal;
using sqltext::Qualified;

void plan_index(std::vector<Step> &steps, const Actual &actual, const Qualified &name, const std::string &definition)
{
    if (find(actual, name) != nullptr) {
        require_ours(actual, name, RelationKind::index);
        return;
    }
    steps.push_back({name.sql(), Action::create, "CREATE INDEX " + identifier(name.name) + " ON " + definition,
                     RelationKind::index, name});
}

// PostgreSQL inlines the function into the calling query, so conditions reach the tables. The function uses no object of the
// extension. It is bound to its tables when it is created, so the caller's search_path does not matter.
std::string as_of_sql(const Shape &shape)
{
    std::vector<std::string> columns = {identifier(shape::batch_in), identifier(shape::batch_out)};
    for (const std::string &name : shape.column_names())
        columns.push_back(identifier(name));
    std::string const select = "SELECT " + sqltext::join(columns, ", ") + " FROM ";
    std::string const born = " WHERE " + identifier(shape::batch_in) + " <= $1";
    return "CREATE OR REPLACE FUNCTION " + shape.names.as_of.sql() + "(batch integer) RETURNS SETOF " +
           shape.names.merge.sql() + " LANGUAGE sql STABLE PARALLEL SAFE BEGIN ATOMIC " + select +
           shape.names.merge.sql() + born + " UNION ALL " + select + shape.names.history.sql() + born + " AND " +
           identifier(shape::batch_out) + " >= $1; END";
}

} // namespace

void plan_history_indexes(std::vector<Step> &steps, const Shape &shape, const Actual &actual)
{
    std::string const history = shape.names.history.sql();
    plan_index(steps, actual, shape.names.history_out_index,
               history + " USING brin (" + identifier(shape::batch_out) + ")");
    const Qualified &key = shape.names.history_key_index;
    if (shape.history_key_index)
        plan_index(steps, actual, key, history + " (" + key_sql(shape) + ", " + identifier(shape::batch_out) + ")");
    else if (find(actual, key) != nullptr && actual.is_ours(RelationKind::index, key.name))
        steps.push_back({key.sql(), Action::drop, "DROP INDEX " + key.sql(), RelationKind::index, key, true});
}

void plan_as_of(std::vector<Step> &steps, const Shape &shape, const Actual &actual)
{
    const Qualified &name = shape.names.as_of;
    std::string const wanted = as_of_sql(shape);
    bool const exists = actual.functions.count(name.name) > 0;
    if (exists) {
        require_ours(actual, name, RelationKind::as_of);
        const Made &made = actual.ours.at({RelationKind::as_of, name.name});
        require_as_made(made, name.sql() + "(integer)");
        if (made.definition == wanted)
            return;
    }
    steps.push_back(
        {name.sql() + "(integer)", exists ? Action::replace : Action::create, wanted, RelationKind::as_of, name});
    if (!exists)
        steps.push_back(
            {name.sql() + "(integer)", Action::comment,
             "COMMENT ON FUNCTION " + name.sql() + "(integer) IS " +
                 literal("rows of dataset \"" + shape.dataset + "\" as they were when that batch was committed"),
             std::nullopt, name});
}

} // namespace datasurface::reconcile
