#include "ingest/remote_snapshot.hpp"

#include "ingest/columns.hpp"

namespace datasurface::ingest {

namespace {

// A type that is not built in has another OID there, or is none here: its values come as text, and are not compared.
std::vector<Wanted> wanted_of(const shape::Shape &shape, const std::vector<remote::Given> &given)
{
    std::vector<Wanted> wanted;
    for (const shape::Column &column : shape.columns) {
        wanted.push_back({column.name, column.type.name});
        for (const remote::Given &one : given)
            if (one.name == column.name && one.type_name.empty())
                wanted.back().type.clear();
    }
    return wanted;
}

} // namespace

void RemoteSnapshot::require_columns(const shape::Shape &shape, const std::string &select)
{
    std::vector<remote::Given> given = snapshot_.columns_of(select, title(shape));
    std::vector<pg::QueryColumn> columns;
    for (const remote::Given &one : given)
        columns.push_back({one.name, one.type_name, one.type.oid});
    refuse_misfits(shape, fit_columns(wanted_of(shape, given), columns));
    given_[shape.dataset] = std::move(given);
}

std::unique_ptr<remote::Copy> RemoteSnapshot::open(const shape::Shape &shape, const std::string &select)
{
    return std::make_unique<remote::Copy>(snapshot_.connection(), shape, select, given_.at(shape.dataset));
}

} // namespace datasurface::ingest
