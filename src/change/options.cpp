#include "change/options.hpp"

#include "change/create_table.hpp"
#include "change/staging.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;

// options: name=value, separated by commas. Whole options are compared, so fillfactor=10 is not found in fillfactor=100.
bool has_option(const ActualRelation &relation, const std::string &option)
{
    return ("," + relation.options + ",").find("," + option + ",") != std::string::npos;
}

void set(Tables &tables, const Object &table, const std::string &options)
{
    Step step = alter_table(table.name, "SET (" + options + ")");
    step.lock = Lock::share_update_exclusive;
    tables.take(std::move(step));
}

// Pushed rows must survive a crash; pulled rows need not. Rows that a pull has left behind must not be counted as pushed ones.
void set_logged(Tables &tables, Object &staging)
{
    if (staging.there.logged == tables.wanted.staging_logged)
        return;
    std::vector<Step> change;
    if (tables.wanted.staging_logged && !staging.there.emptied && is_staged_anew(tables, staging))
        change.push_back(empty_staging(staging));
    change.push_back(alter_table(staging.name, tables.wanted.staging_logged ? "SET LOGGED" : "SET UNLOGGED"));
    tables.take(std::move(change));
    staging.there.logged = tables.wanted.staging_logged;
}

} // namespace

void change_options(Tables &tables, RelationKind kind)
{
    Object &table = *tables.now.find(kind);
    if (table.there.kind != 'r')
        return; // other kinds of table have none
    if (kind == RelationKind::merge && !has_option(table.there, fillfactor_option(tables.wanted)))
        set(tables, table, fillfactor_option(tables.wanted));
    if (kind != RelationKind::staging)
        return;
    if (std::vector<std::string> const missing = missing_staging_options(table.there.options); !missing.empty())
        set(tables, table, sqltext::join(missing, ", "));
    set_logged(tables, table);
}

} // namespace datasurface::change
