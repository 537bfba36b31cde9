// The views of a sink. A view belongs to the owner of the store whose rows it shows, so that a consumer needs no privilege on the
// tables. It is replaced where PostgreSQL can replace it, so grants on it and views of others on it stay.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "change/actual.hpp"
#include "change/publishing.hpp"
#include "change/readers.hpp"
#include "change/step.hpp"
#include "change/tables.hpp"
#include "shape/names.hpp"

namespace datasurface::change {

struct ViewColumn {
    std::string name;
    std::string column; // of the tables, which it shows
    int id = 0;         // of that column; 0: unknown, its name is compared then

    bool shows_same(const ViewColumn &other) const
    {
        return id != 0 && other.id != 0 ? id == other.id : column == other.column;
    }
};

struct WantedView {
    shape::RelationKind kind = shape::RelationKind::view;
    sqltext::Qualified name;
    sqltext::Qualified merge;
    sqltext::Qualified history; // of a view of all versions
    std::vector<ViewColumn> columns;
    std::string where; // a condition in SQL; empty: all rows
    std::string comment;
    std::string owner;
    int dataset = 0;
    Publishing publishing = {};
    std::vector<Reader> readers = {};
};

// What a view has beside its query. It gets this again when it is dropped and created again.
struct ViewExtra {
    enum class Kind {
        revoke, // what default privileges grant
        grant,
        comment,
        default_value,
        statement // anything else, whole
    };

    Kind kind = Kind::statement;
    std::string text;        // privileges, comment or expression
    std::string column = {}; // empty: of the view
    std::string role = {};   // of grant and revoke, quoted; with the grant option
};

struct ActualView {
    Object object;
    std::vector<ViewColumn> columns = {};
    std::string where = {};             // as PostgreSQL prints it
    bool shows_wanted_rows = true;      // its condition is the wanted one
    std::set<std::string> readers = {}; // that have SELECT from its owner
    std::set<std::string> granted = {}; // of these, those to which reconcile granted it, by our records
    // read only when it may have to be dropped
    std::vector<std::string> dependents = {}; // objects of others
    std::vector<std::string> code = {};       // of others, such as rules and triggers
    std::vector<ViewExtra> extras = {};
};

// While changes of the views of a sink are planned.
struct Views : Planned {
    bool asks_for_dependents = false; // for code and extras too
};

std::string definition(const WantedView &view);

// ALTER VIEW of an existing view, which readers wait for.
Step alter_view(const sqltext::Qualified &view, const std::string &change);

// Creates or replaces it, as wanted.
Step make_view(Action action, const WantedView &view);
Step comment_on_view(const WantedView &view);

// Creates a view again that has been dropped: with what the one before had beside its query. before: its columns.
void make_again(Views &views, const WantedView &wanted, const ActualView &before);

} // namespace datasurface::change
