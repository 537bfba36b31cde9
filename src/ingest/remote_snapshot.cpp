#include "ingest/remote_snapshot.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "heap/doors.hpp"
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

void RemoteSnapshot::require_columns(const shape::Shape &shape, const std::string &select, const ExactTable *exact)
{
    if (exact != nullptr) {
        std::vector<std::string> names;
        for (const remote::Given &one : snapshot_.columns_of(exact->select, title(shape)))
            names.push_back(one.name);
        refuse_surplus(shape, *exact, names);
    }
    std::vector<remote::Given> given = snapshot_.columns_of(select, title(shape));
    std::vector<pg::QueryColumn> columns;
    for (const remote::Given &one : given)
        columns.push_back({one.name, one.type_name, one.type.oid});
    refuse_misfits(shape, fit_columns(wanted_of(shape, given), columns));
    described_[shape.dataset] = {title(shape), select, std::move(given)};
}

unsigned int RemoteSnapshot::type_of(const shape::Shape &shape, const std::string &, const std::string &column)
{
    for (const remote::Given &given : described_.at(shape.dataset).columns)
        if (given.name == column)
            return given.type.oid;
    return 0;
}

std::vector<std::string> RemoteSnapshot::row_of(const shape::Shape &shape, const std::string &query,
                                                const pg::Snapshot &)
{
    return snapshot_.row_of(query, title(shape));
}

std::vector<std::string> RemoteSnapshot::ask_catalogs(const shape::Shape &shape, const std::string &query)
{
    return snapshot_.row_of(query, title(shape));
}

std::vector<std::string> RemoteSnapshot::try_row_of(const shape::Shape &shape, const std::string &query)
{
    std::vector<std::string> row;
    snapshot_.attempt([&] { row = snapshot_.row_of(query, title(shape)); });
    return row;
}

void RemoteSnapshot::settle()
{
    constexpr int most_snapshots = 5;
    for (int i = 1; !snapshot_.sees_tables(); ++i) {
        if (i == most_snapshots)
            throw Error(sqlstate::lock_not_available, "tables of the source are emptied or rewritten again and again",
                        "Each of " + std::to_string(most_snapshots) + " snapshots has met one that was.",
                        "Call again; nothing was changed.");
        snapshot_.begin_anew();
        for (auto &[name, query] : described_)
            query.columns = snapshot_.columns_of(query.select, query.title);
    }
}

void RemoteSnapshot::test(const shape::Shape &shape, const Pull &pull)
{
    std::string const select = pull.selected(plain_select(shape, pull.select));
    snapshot_.attempt([&] {
        require_columns(shape, select, pull.exact.get());
        snapshot_.explain(select, title(shape));
    });
}

std::unique_ptr<heap::Arriving> RemoteSnapshot::open(const shape::Shape &shape, const std::string &select,
                                                     const pg::Snapshot &)
{
    snapshot_.pin_settings();
    return std::make_unique<remote::Copy>(snapshot_.connection(), shape, select, described_.at(shape.dataset).columns);
}

merge::Staged RemoteSnapshot::fill_as_owner(const shape::Shape &shape, const std::string &select,
                                            const pg::Snapshot &snapshot, Receipt &receipt)
{
    std::unique_ptr<heap::Arriving> const rows = open(shape, select, snapshot);
    Reported reported(*rows, receipt);
    std::optional<merge::Staged> const staged = heap::fill(shape, reported);
    if (!staged)
        throw Error(
            sqlstate::feature_not_supported, "rows of a source cannot be staged for " + title(shape),
            "The staging table has something that needs an INSERT, such as a trigger, a rule, another identity column or a "
            "volatile check.",
            "Drop it, or pull from a foreign table.");
    rows->close();
    return *staged;
}

} // namespace datasurface::ingest
