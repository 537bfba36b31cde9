#include "change/view.hpp"

#include <algorithm>
#include <iterator>

#include "shape/condition.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;

std::string shown(const ViewColumn &column)
{
    std::string const of_table = identifier(column.column);
    return column.name == column.column ? of_table : of_table + " AS " + identifier(column.name);
}

// A view that shows nothing has a limit, and no other condition than it will have: so what its condition calls is looked at before rows
// are shown, and a condition of the model cannot be mistaken for ours.
std::string select_sql(const WantedView &view, const sqltext::Qualified &table)
{
    std::vector<std::string> columns;
    if (view.kind == RelationKind::full_view)
        columns = {first_batch_sql(view.publishing), identifier(shape::batch_out)};
    for (const ViewColumn &column : view.columns)
        columns.push_back(shown(column));
    return "SELECT " + sqltext::join(columns, ", ") + " FROM " + table.sql() +
           (view.where.empty() ? "" : " WHERE " + shape::condition_sql(view.where)) +
           (view.publishing.shows_nothing ? " LIMIT 0" : "");
}

// The limit would be one of the whole UNION else.
std::string part_sql(const WantedView &view, const sqltext::Qualified &table)
{
    std::string const select = select_sql(view, table);
    return view.publishing.shows_nothing ? "(" + select + ")" : select;
}

std::string extra_sql(const ViewExtra &extra, const std::string &view, const std::string &column)
{
    switch (extra.kind) {
    case ViewExtra::Kind::revoke:
        return "REVOKE ALL ON " + view + " FROM " + extra.role;
    case ViewExtra::Kind::grant:
        return "GRANT " + extra.text + (column.empty() ? "" : " (" + identifier(column) + ")") + " ON " + view +
               " TO " + extra.role;
    case ViewExtra::Kind::comment:
        return "COMMENT ON COLUMN " + view + "." + identifier(column) + " IS " + sqltext::literal(extra.text);
    case ViewExtra::Kind::default_value:
        return "ALTER VIEW " + view + " ALTER COLUMN " + identifier(column) + " SET DEFAULT " + extra.text;
    case ViewExtra::Kind::statement:
        break;
    }
    return extra.text;
}

Action action_of(ViewExtra::Kind kind)
{
    switch (kind) {
    case ViewExtra::Kind::revoke:
        return Action::revoke;
    case ViewExtra::Kind::grant:
        return Action::grant;
    case ViewExtra::Kind::comment:
        return Action::comment;
    case ViewExtra::Kind::default_value:
    case ViewExtra::Kind::statement:
        break;
    }
    return Action::alter;
}

const ViewColumn *named(const std::vector<ViewColumn> &columns, const std::string &name)
{
    auto const found =
        std::find_if(columns.begin(), columns.end(), [&](const ViewColumn &column) { return column.name == name; });
    return found == columns.end() ? nullptr : &*found;
}

// The name of the same column in the new view; empty when that does not show it.
std::string name_in(const WantedView &wanted, const ViewColumn &before)
{
    for (const ViewColumn &column : wanted.columns)
        if (column.shows_same(before))
            return column.name;
    return {};
}

// The role, if reconcile has granted this; empty else.
std::string reader_of(const ViewExtra &extra, const std::set<std::string> &granted)
{
    if (extra.kind == ViewExtra::Kind::grant && extra.text == "SELECT" && extra.column.empty())
        for (const std::string &role : granted)
            if (role_sql(role) == extra.role)
                return role;
    return {};
}

bool is_system_column(const std::string &name)
{
    return name == shape::batch_in || name == shape::batch_out;
}

} // namespace

std::string definition(const WantedView &view)
{
    std::string const text =
        "CREATE OR REPLACE VIEW " + view.name.sql() + (view.where.empty() ? "" : " WITH (security_barrier)") + " AS ";
    if (view.kind == RelationKind::full_view)
        return text + part_sql(view, view.merge) + " UNION ALL " + part_sql(view, view.history);
    return text + select_sql(view, view.merge);
}

Step alter_view(const sqltext::Qualified &view, const std::string &change)
{
    return alter_relation("VIEW", view, change);
}

Step make_view(Action action, const WantedView &view)
{
    Step step{view.name.sql(), action, definition(view), view.kind, view.name};
    step.with_condition = !view.where.empty();
    if (action == Action::replace)
        step.lock = Lock::access_exclusive;
    return step;
}

Step comment_on_view(const WantedView &view)
{
    Step step{view.name.sql(), Action::comment,
              "COMMENT ON VIEW " + view.name.sql() + " IS " + sqltext::literal(view.comment), std::nullopt, view.name};
    step.lock = Lock::share_update_exclusive;
    return step;
}

void make_again(Views &views, const WantedView &wanted, const ActualView &before)
{
    views.take(make_view(Action::create, wanted));
    views.take(comment_on_view(wanted));
    for (const ViewExtra &extra : before.extras) {
        std::string column = extra.column;
        if (const ViewColumn *const of_view = named(before.columns, column))
            column = name_in(wanted, *of_view);
        else if (!is_system_column(column))
            column.clear();
        if (column.empty() && !extra.column.empty())
            continue;
        Step step;
        step.object = wanted.name.sql();
        step.action = action_of(extra.kind);
        step.statement = extra_sql(extra, wanted.name.sql(), column);
        step.name = wanted.name;
        step.reader = reader_of(extra, before.granted);
        views.take(std::move(step));
    }
}

} // namespace datasurface::change
